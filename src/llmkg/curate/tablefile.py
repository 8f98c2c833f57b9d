"""Read a CSV file as rows, each with its line; a row that is none is told, and the others go on.

A file has a header and is as RFC 4180 has it: UTF-8, commas, quotes around what holds a comma, a quote or a line
end. Blank rows and rows that begin with ``#`` are passed over. Whatever is in a cell is text and never run.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple

from llmkg.curate.inputfile import InputFile
from llmkg.curate.record import Broken, Place
from llmkg.errors import InputError, shown

__all__ = ["MOST_CELL", "Row", "Table", "read_table"]

MOST_CELL = csv.field_size_limit()  # characters: 131,072, which the longest definitions are far below
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class Row(NamedTuple):
    """One row: where it begins, and its cells by the name of the column."""

    place: Place
    cells: dict[str, str]


class Table(NamedTuple):
    """The names of the columns of a file, where they stand, and what its rows are, to be read once."""

    place: Place
    columns: tuple[str, ...]
    rows: Iterator[Row | Broken]


def read_table(file: InputFile) -> Table:
    """Return a file as a table; raises InputError when it has no header or cannot be read."""
    reader = csv.reader((line + "\n" for _, line in file.lines()), strict=True)
    place = Place(file.name, 1)
    try:
        header = next(_filled(reader), None)
    except csv.Error as error:
        raise InputError(f"{place}: the header cannot be read ({error}). Write the names of the columns.") from error
    if header is None:
        raise InputError(f"{place}: is empty. Begin with the names of the columns; --template KIND prints them.")
    columns = tuple(name.strip() for name in header)
    other = next((name for sign, name in _OTHER_SEPARATORS.items() if len(columns) == 1 and sign in columns[0]), None)
    if other:
        raise InputError(f"{place}: the columns are separated by {other}. Save the file as CSV with commas.")
    for name in columns:
        if columns.count(name) > 1:
            what = f"the column '{shown(name)}' is there twice" if name else "two columns have no name"
            raise InputError(f"{place}: {what}. Take one out.")
    return Table(place, columns, _rows(file.name, columns, reader))


def _rows(name: str, columns: tuple[str, ...], reader: Iterator[list[str]]) -> Iterator[Row | Broken]:
    while True:
        place = Place(name, reader.line_num + 1)  # type: ignore[attr-defined]  # of the row to come
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            why = str(error)
            if "expected after" in why:
                yield Broken(place, "a quote in a cell in quotes stands alone. Double it, or take it out.")
                continue
            what = "a quote is never closed"
            if "limit" in why:
                what = f"a cell has more than {MOST_CELL:,} characters, or a quote is never closed"
            yield Broken(place, f"{what}. Mend it; nothing after this line was read.")
            return
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
            continue
        if len(cells) != len(columns):
            yield Broken(place, f"has {len(cells)} cells, and the header {len(columns)}. Put quotes around commas.")
        else:
            yield Row(place, dict(zip(columns, cells, strict=True)))


def _filled(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    return (cells for cells in reader if any(cell.strip() for cell in cells))
