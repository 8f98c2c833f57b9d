"""Lay out rows of text as a table that fits the width it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

__all__ = ["table", "width_of", "wrap"]

_GAP = "  "
_NARROWEST = 6
_WIDE = r"\u2e80-\u9fff\uff00-\uffef"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> str:
    """Return a table of ``rows`` under ``header``; cells wrap to keep within ``width`` columns.

    With ``width`` None every row stays on one line. Wide characters count as two columns.
    """
    if not rows:
        return "(no rows)\n"
    columns = list(zip(header, *rows, strict=True))
    natural = [max(map(width_of, column)) for column in columns]
    if width is not None:
        whole = [max(_longest_piece(cell) for cell in column) for column in columns]
        natural = _fit(natural, whole, width - len(_GAP) * (len(header) - 1))
    lines = [*_lines(header, natural), _GAP.join("-" * size for size in natural).rstrip()]
    for row in rows:
        lines.extend(_lines(row, natural))
    return "\n".join(lines) + "\n"


def width_of(text: str) -> int:
    """Return how many terminal columns ``text`` takes."""
    if text.isascii():
        return len(text)
    import unicodedata  # noqa: PLC0415  (not part of the interpreter, and many tables are all ASCII)

    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def wrap(text: str, width: int) -> list[str]:
    """Break ``text`` into lines of at most ``width`` columns, between words where it can be."""
    return [text] if width_of(text) <= width else _filled(_words(text), width)


# Where a line may end. To compile these takes longer than many a query, and a table that fits needs none.
@cache
def _breaks(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _words(text: str) -> list[str]:
    """Return the pieces of a text, which end after a space and between wide characters."""
    return _breaks(rf"\s+|[{_WIDE}]|[^\s{_WIDE}]+").findall(text)


def _pieces(cell: str) -> list[str]:
    """Return the pieces of a cell, which end where words do, and after -, : and /."""
    return _breaks(rf"\s+|[{_WIDE}]|[^\s{_WIDE}:/-]*[:/-]+|[^\s{_WIDE}:/-]+").findall(cell)


def _filled(pieces: Iterable[str], width: int) -> list[str]:
    """Fill lines with ``pieces``; one that is wider than a line is cut."""
    lines, line, size = [], "", 0
    for piece in pieces:
        for part in _cut(piece, width):
            step = width_of(part)
            if size + step > width and line.strip():
                lines.append(line.rstrip())
                line, size = "", 0
            if line or not part.isspace():
                line, size = line + part, size + step
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _cut(piece: str, width: int) -> list[str]:
    if width_of(piece) <= width:
        return [piece]
    parts, part = [], ""
    for char in piece:
        if width_of(part + char) > width and part:
            parts.append(part)
            part = ""
        part += char
    return [*parts, part]


def _longest_piece(cell: str) -> int:
    return max(map(width_of, _pieces(cell)), default=0)


def _fit(natural: Sequence[int], whole: Sequence[int], room: int) -> list[int]:
    """Take columns off the widest first until all fit into ``room``; words are cut only as a last resort."""
    widths = list(natural)
    for least in (whole, [_NARROWEST] * len(widths)):
        while sum(widths) > room:
            spare = [(size, n) for n, size in enumerate(widths) if size > least[n]]
            if not spare:
                break
            widths[max(spare, key=lambda item: (item[0], -item[1]))[1]] -= 1
    return widths


def _lines(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    wrapped = [
        [cell] if width_of(cell) <= size and "\n" not in cell else _filled(_pieces(cell), size)
        for cell, size in zip(cells, widths, strict=True)
    ]
    height = max(map(len, wrapped))
    lines = []
    for number in range(height):
        parts = [part[number] if number < len(part) else "" for part in wrapped]
        padded = [text + " " * (size - width_of(text)) for text, size in zip(parts, widths, strict=True)]
        lines.append(_GAP.join(padded).rstrip())
    return lines
