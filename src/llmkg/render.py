"""Lay out rows of text as a table that fits the width it is given."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

__all__ = ["table", "width_of", "wrap"]

_GAP = "  "
_NARROWEST = 6


def table(header: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> str:
    """Return a table of ``rows`` under ``header``; cells wrap to keep within ``width`` columns.

    With ``width`` None every row stays on one line. Wide characters count as two columns.
    """
    if not rows:
        return "(no rows)\n"
    natural = [max(map(width_of, column)) for column in zip(header, *rows, strict=True)]
    widths = natural if width is None else _fit(natural, width - len(_GAP) * (len(header) - 1))
    lines = [*_lines(header, widths), _GAP.join("-" * size for size in widths).rstrip()]
    for row in rows:
        lines.extend(_lines(row, widths))
    return "\n".join(lines) + "\n"


def width_of(text: str) -> int:
    """Return how many terminal columns ``text`` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def wrap(text: str, width: int) -> list[str]:
    """Break ``text`` into lines of at most ``width`` columns, at spaces where there are any."""
    if width_of(text) <= width:
        return [text]
    if text.isascii():
        return textwrap.wrap(text, width, break_on_hyphens=True) or [""]
    lines, line, size = [], "", 0
    for char in text:
        step = width_of(char)
        if size + step > width:
            head, space, tail = line.rpartition(" ")
            if space and char.isascii() and char != " " and head:
                lines.append(head)
                line, size = tail, width_of(tail)
            else:
                lines.append(line.rstrip())
                line, size = "", 0
        if line or char != " ":
            line, size = line + char, size + step
    return [*lines, line] if line else lines


def _fit(natural: Sequence[int], room: int) -> list[int]:
    """Take columns off the widest first until all fit into ``room``."""
    widths = list(natural)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _lines(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    wrapped = [wrap(cell, size) for cell, size in zip(cells, widths, strict=True)]
    height = max(map(len, wrapped))
    lines = []
    for number in range(height):
        parts = [part[number] if number < len(part) else "" for part in wrapped]
        padded = [text + " " * (size - width_of(text)) for text, size in zip(parts, widths, strict=True)]
        lines.append(_GAP.join(padded).rstrip())
    return lines
