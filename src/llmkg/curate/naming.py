"""Names for new publications: ``<first author>-<year>-<first telling word of the title>``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from llmkg.curate.record import Record

__all__ = ["free_name", "slug", "slug_of"]

_MOST = 40  # characters of each part
# Words that tell nothing of what a paper is about.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
        a an and are as at be been between by can could do does for from has have how if in into is it its may of on
        one or our over so some than that the their there these they this through to toward towards two under up us
        using via was what where whether which whose why with without you your
        """,
    )
)
_ROMANIZED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_ROMAN = str.maketrans({**_ROMANIZED, "’": "", "'": ""})


def slug_of(record: Record) -> str:
    """Return the readable name of a publication, from what is known of it.

    >>> from llmkg.curate.record import Place
    >>> slug_of(Record(Place("f", 1), "Self-RAG: Learning to Retrieve", authors=("Akari Asai",), year=2023))
    'asai-2023-self'
    """
    author = slug(_surname(record.authors[0])) if record.authors else ""
    year = "undated" if record.year is None else str(record.year)
    words = slug(record.title, longest=10**6).split("-")
    telling = next((word for word in words if word and word not in _EMPTY), next(filter(None, words), "untitled"))
    return f"{author or 'anon'}-{year}-{telling[:_MOST]}"


def free_name(wanted: str, taken: Container[str]) -> str:
    """Return ``wanted``, or with the first of ``-b``, ``-c`` ... ``-z``, ``-27`` ... that is not taken.

    >>> free_name("li-2023-data", {"li-2023-data", "li-2023-data-b"})
    'li-2023-data-c'
    """
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{chr(96 + number) if number <= 26 else number}"  # noqa: PLR2004  (letters)
    return name


def slug(text: str, longest: int = _MOST) -> str:
    """Return the ASCII letters and digits of ``text`` in lower case, with hyphens between words.

    >>> slug("Böhm’s GPT–4")
    'bohms-gpt-4'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.lower().translate(_ROMAN))
        text = "".join(c for c in text if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))
    return "-".join(words)[:longest].strip("-")


def _surname(author: str) -> str:
    """Return the last word of a name, without what stands in brackets behind it."""
    return (author.partition("[")[0].split() or author.split())[-1]
