"""Lay out rows of text as a table, or as records where a table would not be readable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

TYPE_CHECKING = False  # a cold query imports no typing
if TYPE_CHECKING:
    from typing import Self

__all__ = ["PLAIN", "Cell", "Grid", "Note", "Style", "Titles", "grid_text", "printable", "table", "width_of", "wrap"]

_GAP = "  "
_SAMPLE = 20  # rows that are looked at to find good widths
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_WIDE = r"\u2e80-\u9fff\uff00-\uffef"
_CLOSING = r"、。〉》」』】〕！），．：；？｝”’,.;:!?)\]}"  # does not begin a line
_OPENING = r"〈《「『【〔（｛“‘(\[{"  # does not end one


class Cell(str):
    """The text of a cell, with what it links to and what language it is in, where there is such."""

    __slots__ = ("lang", "link")
    link: str
    lang: str

    def __new__(cls, text: str, link: str = "", lang: str = "") -> Self:
        """Return ``text`` as a cell."""
        cell = super().__new__(cls, text)
        cell.link = link
        cell.lang = lang
        return cell


class Note:
    """A numbered note under a table: what it says, and the lines below that."""

    __slots__ = ("items", "text")

    def __init__(self, text: Cell, items: tuple[Cell, ...] = ()) -> None:
        self.text = text
        self.items = items


class Grid:
    """What is laid out: the names of the columns and the rows.

    With notes, ``marks`` has for each row the numbers of its notes, from 1; without, it is None.
    ``works`` are lines under the notes that have no number.
    """

    __slots__ = ("header", "marks", "notes", "rows", "works")

    def __init__(
        self,
        header: tuple[str, ...],
        rows: tuple[tuple[Cell, ...], ...],
        marks: tuple[tuple[int, ...], ...] | None = None,
        notes: tuple[Note, ...] = (),
        works: tuple[Cell, ...] = (),
    ) -> None:
        self.header = header
        self.rows = rows
        self.marks = marks
        self.notes = notes
        self.works = works


class Style:
    """What a terminal shows besides characters: bold and dim, and links (OSC 8)."""

    __slots__ = ("colour", "links")

    def __init__(self, *, colour: bool = False, links: bool = False) -> None:
        self.colour = colour
        self.links = links


PLAIN = Style()


class Titles:
    """What stands above the parts of an answer with notes, in one language."""

    __slots__ = ("column", "empty", "notes", "works")

    def __init__(self, column: str, notes: str, works: str, empty: str = "(no rows)") -> None:
        """Take the names of the column with the numbers, of the notes and of the works; what stands for no rows."""
        self.empty = empty
        self.column = column
        self.notes = notes
        self.works = works


def grid_text(grid: Grid, titles: Titles, width: int | None, style: Style = PLAIN) -> str:
    """Return a table of ``grid``, and under it the notes that its rows refer to by number, and the works."""
    if grid.marks is None:
        return table(grid.header, grid.rows, width, style, titles.empty)
    marked = [(*row, " ".join(f"[{n}]" for n in marks)) for row, marks in zip(grid.rows, grid.marks, strict=True)]
    lines = [_heading(titles.notes, style)]
    for number, note in enumerate(grid.notes, 1):
        head = f"[{number}] "
        for cell in (note.text, *note.items):
            lines += _hanging(cell, head, " " * len(head), width, style)
            head = " " * len(head)
    if grid.works:
        lines.append(_heading(titles.works, style))
    for work in grid.works:
        lines += _hanging(work, "", "    ", width, style)
    return table((*grid.header, titles.column), marked, width, style, titles.empty) + "".join(lines)


def _heading(title: str, style: Style) -> str:
    return f"\n{_shown(title, '', style, bold=style.colour)}\n"


def _hanging(cell: Cell, head: str, indent: str, width: int | None, style: Style) -> list[str]:
    """Return the lines of ``cell``: ``head`` before the first, ``indent`` before the others."""
    text = printable(cell)
    parts = [text] if width is None else wrap(text, max(20, width - len(indent)))
    return [f"{indent if number else head}{_shown(part, cell, style)}\n" for number, part in enumerate(parts)]


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int | None,
    style: Style = PLAIN,
    empty: str = "(no rows)",
) -> str:
    """Return a table of ``rows`` under ``header`` that keeps within ``width`` columns.

    Cells wrap between words; where that takes more lines than to write each row as a record of
    ``name  value``, or a column has no room for its words, records are written instead. Columns
    of numbers are set to the right. With ``width`` None every row stays on one line, everything
    to the left. Wide characters count as two columns. ``empty`` stands for no rows.
    """
    if not rows:
        return f"{empty}\n"
    rows = [[printable(cell) for cell in row] for row in rows]
    columns = list(zip(header, *rows, strict=True))
    widths = [max(map(width_of, column)) for column in columns]
    numbers = [False] * len(header)
    if width is not None:
        fitted = _fit(columns, widths, width)
        if fitted is None:
            return _records(header, rows, width, style)
        widths = fitted
        numbers = [_is_numeric(column[1:]) for column in columns]
    dim, reset = (_DIM, _RESET) if style.colour else ("", "")
    lines = _lines([printable(name) for name in header], widths, numbers, style, bold=style.colour)
    lines.append(f"{dim}{_GAP.join('-' * size for size in widths).rstrip()}{reset}")
    for row in rows:
        lines.extend(_lines(row, widths, numbers, style))
    return "\n".join(lines) + "\n"


def width_of(text: str) -> int:
    """Return how many terminal columns ``text`` takes."""
    if text.isascii():
        return len(text)
    import unicodedata  # noqa: PLC0415  (not part of the interpreter, and many tables are all ASCII)

    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def printable(text: str) -> str:
    r"""Return ``text`` on one line and without characters that would steer a terminal.

    >>> printable("two\nlines, \x1b[31mred")
    'two lines, �[31mred'
    """
    if text.isprintable():
        return text
    # Zero-width joiners are part of the spelling in some scripts; other controls are part of none.
    plain = "".join(c if c.isprintable() or c in "\u200c\u200d" else "\ufffd" for c in " ".join(text.split()))
    return Cell(plain, text.link, text.lang) if isinstance(text, Cell) else plain


def wrap(text: str, width: int) -> list[str]:
    """Break ``text`` into lines of at most ``width`` columns, between words where it can be."""
    return [text] if width_of(text) <= width else _filled(_words(text), width)


# Where a line may end. To compile these takes longer than many a query, and a table that fits needs none.
@cache
def _breaks(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _words(text: str) -> list[str]:
    """Return the pieces of a text, which end after a space and between wide characters."""
    word = rf"(?:(?![{_OPENING}]+[{_WIDE}])[^\s{_WIDE}])+"
    return _breaks(rf"\s+|[{_OPENING}]*[{_WIDE}][{_CLOSING}]*|{word}[{_CLOSING}]*").findall(text)


def _filled(pieces: Iterable[str], width: int) -> list[str]:
    """Fill lines with ``pieces``; one that is wider than a line is cut, after -, : or / where it can be."""
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


def _cut(word: str, width: int) -> list[str]:
    if width_of(word) <= width:
        return [word]
    parts: list[str] = []
    for piece in _breaks("[^:/-]*[:/-]+|[^:/-]+").findall(word):
        part = ""
        for char in piece:
            if part and width_of(part + char) > width:
                parts.append(part)
                part = ""
            part += char
        parts.append(part)
    return parts


# -- the widths of columns -------------------------------------------------------------------------


def _fit(columns: Sequence[Sequence[str]], natural: Sequence[int], width: int) -> list[int] | None:
    """Return a width for each column with which a line keeps within ``width``, or None for records.

    What costs the fewest lines goes first. A column keeps room for its longest word,
    or for a third of the line where a word is longer than that.
    """
    widths = list(natural)
    over = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    if over <= 0:
        return widths
    least = [
        size if size <= 1 else min(width // 3, max(width_of(word) for cell in column for word in _words(cell) or [""]))
        for size, column in zip(widths, columns, strict=True)
    ]
    sample = [tuple(map(width_of, row)) for row in list(zip(*columns, strict=True))[1 : _SAMPLE + 1]]
    while over > 0:
        spare = [n for n, size in enumerate(widths) if size > least[n]]
        if not spare:
            return None
        step = max(1, over // 8)
        narrower = {n: [*widths[:n], max(least[n], widths[n] - step), *widths[n + 1 :]] for n in spare}
        taken = min(spare, key=lambda n: (_height(sample, narrower[n]), -widths[n]))
        over -= widths[taken] - narrower[taken][taken]
        widths = narrower[taken]
    names = max(width_of(column[0]) for column in columns)
    records = sum(1 + sum(_rows(size, width - names - len(_GAP)) for size in row if size) for row in sample)
    return widths if _height(sample, widths) < records else None


def _height(sample: Iterable[Sequence[int]], widths: Sequence[int]) -> int:
    """Return how many lines rows with cells of these widths take."""
    return sum(max(map(_rows, row, widths)) for row in sample)


def _rows(size: int, width: int) -> int:
    return max(1, -(-size // max(1, width)))


def _is_numeric(column: Sequence[str]) -> bool:
    """Tell whether every cell is a number or empty; a year is a number too, and lines up anyway."""
    filled = [cell for cell in column if cell]
    return bool(filled) and all(cell.lstrip("+-").replace(".", "", 1).isdecimal() for cell in filled)


# -- lines -----------------------------------------------------------------------------------------


def _lines(
    cells: Sequence[str], widths: Sequence[int], numbers: Sequence[bool], style: Style, *, bold: bool = False
) -> list[str]:
    wrapped = [[cell] if width_of(cell) <= size else wrap(cell, size) for cell, size in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(map(len, wrapped))):
        line, pending = "", ""
        for cell, parts, size, right in zip(cells, wrapped, widths, numbers, strict=True):
            text = parts[number] if number < len(parts) else ""
            space = " " * (size - width_of(text))
            if text:
                line += pending + (space if right else "") + _shown(text, cell, style, bold=bold)
                pending = ("" if right else space) + _GAP
            else:
                pending += space + _GAP
        lines.append(line)
    return lines


def _shown(text: str, cell: str, style: Style, *, bold: bool = False) -> str:
    """Return a part of a cell with the marks that the terminal understands."""
    if bold:
        text = f"{_BOLD}{text}{_RESET}"
    link = cell.link if style.links and isinstance(cell, Cell) else ""
    return f"\x1b]8;;{link}\x1b\\{text}\x1b]8;;\x1b\\" if link else text


def _records(header: Sequence[str], rows: Sequence[Sequence[str]], width: int, style: Style) -> str:
    """Return each row as lines of ``name  value``, empty values left out, a blank line between rows."""
    names = max(map(width_of, header))
    room = max(1, width - names - len(_GAP))
    blocks = []
    for row in rows:
        lines = []
        for name, cell in zip(header, row, strict=True):
            if cell:
                head = _shown(name, "", style, bold=style.colour) + " " * (names - width_of(name)) + _GAP
                for part in wrap(cell, room):
                    lines.append(head + _shown(part, cell, style))
                    head = " " * (names + len(_GAP))
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)
