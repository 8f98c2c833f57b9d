"""What stands in one cell of a CSV table: several values as one text, and back; no cell is a formula.

Values are separated by `` | ``. A bar in a value gets a backslash in front, and a backslash that stands before a
bar is doubled. A cell that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets
themselves mark text. Blanks around a value do not count, and an empty value is none.
Source: https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["cell", "cell_values", "guarded", "unguarded"]

_BETWEEN = " | "
_SEPARATOR = re.compile(r"\s\|\s")
_BAR = re.compile(r"(\\*)\|")
_ESCAPED_BAR = re.compile(r"(\\+)\|")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # spreadsheets take wide forms too
_GUARDED = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")


def cell(values: Iterable[str]) -> str:
    r"""Return the cell that holds ``values``.

    >>> cell(["=1", "a|b"])
    "'=1 | a\\|b"
    """
    return guarded(_BETWEEN.join(_BAR.sub(r"\1\1\\|", value) if "|" in value else value for value in values))


def cell_values(text: str) -> list[str]:
    r"""Return the values of a cell; for what ``cell`` gives this is its inverse.

    A bar without blanks on both sides is part of a value.

    >>> cell_values("'=1 | a\\|b")
    ['=1', 'a|b']
    """
    values = (value.strip() for value in _SEPARATOR.split(unguarded(text)))
    return [_ESCAPED_BAR.sub(_unescaped, value) for value in values if value]


def guarded(text: str) -> str:
    """Return a cell so that no spreadsheet runs it; numbers stay numbers."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return a cell without the apostrophe that ``guarded`` puts in front of it."""
    return text[1:] if _GUARDED.match(text) else text


def _unescaped(found: re.Match[str]) -> str:
    return found[1][: len(found[1]) // 2] + "|"
