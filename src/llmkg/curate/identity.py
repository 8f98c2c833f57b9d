"""When two records are of one publication, and when two values of a field say the same.

By DOI, then by arXiv id, then by title and year; an arXiv id counts as the DOI that arXiv gives it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from llmkg.curate.fields import arxiv_in
from llmkg.curate.record import Record

__all__ = ["agrees", "folded_title", "identifiers", "may_be_one", "surnames"]

_NOT_WORD = re.compile(r"[\W_]+")
_ARXIV_DOI = "10.48550/arxiv."


def identifiers(record: Record) -> tuple[str, ...]:
    """Return what identifies a record for certain: its DOI, and its arXiv id as a DOI, in lower case."""
    found = []
    if record.doi:
        arxiv = arxiv_in(record.doi)  # an old one has its version in it
        found.append(_ARXIV_DOI + arxiv.lower() if arxiv else record.doi.lower())
    if record.arxiv:
        found.append(_ARXIV_DOI + record.arxiv.lower())
    return tuple(dict.fromkeys(found))


def folded_title(title: str) -> str:
    """Return the letters and digits of a title, in one case.

    >>> folded_title("Self-RAG: Learning") == folded_title("self rag — learning")
    True
    """
    if title.isascii():
        return _NOT_WORD.sub("", title.lower())
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", title).casefold())


def surnames(authors: Iterable[str]) -> list[str]:
    """Return the last names of ``authors`` in one case and without accents."""
    names = []
    for author in authors:
        words = author.partition("[")[0].split() or author.split()
        last = words[-1] if words else ""
        if not last.isascii():
            last = "".join(c for c in unicodedata.normalize("NFKD", last) if not unicodedata.combining(c))
        names.append(_NOT_WORD.sub("", last.casefold()))
    return names


def may_be_one(a: Record, b: Record) -> bool:
    """Tell whether two records of one title may be of one publication: year and authors do not speak against it."""
    if a.year is not None and b.year is not None and a.year != b.year:
        return False
    ours, theirs = set(surnames(a.authors)), set(surnames(b.authors))
    if a.year is None or b.year is None:
        return bool(ours & theirs) or (not ours and not theirs)
    return not ours or not theirs or bool(ours & theirs)


def agrees(field: str, ours: object, theirs: object, a: Record, b: Record) -> bool:
    """Tell whether two values of ``field`` say the same, though they may be spelled otherwise."""
    if ours == theirs:
        return True
    if field == "title":
        return folded_title(str(ours)) == folded_title(str(theirs))
    if field == "authors":
        return _same_authors(a, b)
    if field == "venue":
        return _same_venue(str(ours), str(theirs))
    if field in ("doi", "url"):
        return _bare(str(ours)) == _bare(str(theirs))
    return field == "more_authors"


def _same_authors(a: Record, b: Record) -> bool:
    """Tell whether two lists name the same people, of which either may leave out the rest."""
    ours, theirs = surnames(a.authors), surnames(b.authors)
    if len(ours) != len(theirs):
        shorter, longer, cut = (ours, theirs, a) if len(ours) < len(theirs) else (theirs, ours, b)
        return cut.more_authors and longer[: len(shorter)] == shorter
    return ours == theirs


def _same_venue(ours: str, theirs: str) -> bool:
    """Tell whether one venue is the beginning of the other, or both are arXiv."""
    if arxiv_in(ours) and arxiv_in(theirs):
        return True
    first, second = folded_title(ours), folded_title(theirs)
    return first in second or second in first


def _bare(address: str) -> str:
    return re.sub(r"^https?://(www\.)?|/$", "", address.lower())
