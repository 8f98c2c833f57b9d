"""Text out of the LaTeX of a BibTeX file: accents, dashes, braces; what it cannot read it refuses."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

__all__ = ["check_length", "plain", "verbatim"]

_MARKS = re.compile(r"[\\{}$~%`'-]|\?`|!`")
_MOST = 200_000  # characters of one value: a thousand authors
_DEPTH = 50  # braces in braces; three are usual, and the decoder recurses
_BRACES = re.compile(r"(?<!\\)[{}]")


def plain(value: str) -> str:
    r"""Return what LaTeX would print for ``value``; raises ValueError when it is too deep.

    >>> plain(r"B{\"o}hm's {GPT}--4")
    "Böhm's GPT–4"
    """
    if not _MARKS.search(value):
        return value
    depth = 0
    for mark in _BRACES.findall(value):
        depth += 1 if mark == "{" else -1
        if depth > _DEPTH:
            raise ValueError(f"braces more than {_DEPTH} deep. Take some out")
    value = re.sub(r"(?<!\\)%", r"\\%", value)  # a percent sign is meant, not a comment
    text: str = _decoder().latex_to_text(value)
    return text


def check_length(length: int) -> None:
    """Raise ValueError for a value that is too long."""
    if length > _MOST:
        raise ValueError(f"a value of {length:,} characters; {_MOST:,} at most. Shorten it")


def verbatim(value: str) -> str:
    r"""Return a value that LaTeX packages read as it is, such as an address, without escapes.

    >>> verbatim(r"https://example.org/a\_b")
    'https://example.org/a_b'
    """
    return re.sub(r"\\([_%#&~{}$])", r"\1", re.sub(r"(?<!\\)[{}]", "", value)).strip()


@cache
def _decoder() -> LatexNodes2Text:
    from pylatexenc.latex2text import (  # noqa: PLC0415  (comes with bibtexparser, slow to import)
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it says much of a macro without its argument
    macros = get_default_latex_context_db()  # where the circumflex is the accent and not the character
    macros.add_context_category("own", macros=[MacroTextSpec("textasciicircum", "^")], prepend=True)
    return LatexNodes2Text(macros, math_mode="text", strict_latex_spaces=True)
