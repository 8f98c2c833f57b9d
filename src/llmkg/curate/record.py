"""A publication as a file gives it, and an entry that cannot be taken; each knows its file and line.

This is what every reader yields. A reader is a module of ``llmkg.curate`` with one function,
``read(file: InputFile) -> Iterator[Record | Broken]``, which goes on after a broken entry, and is
named in ``llmkg.curate.formats``. Values come out of ``llmkg.curate.fields``, so that two readers
spell one thing alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from llmkg.curate.inputfile import InputFile

__all__ = ["FIELDS", "Broken", "Place", "Reader", "Record"]

# What may be known of a publication and is compared with the graph, in the order of a plan.
FIELDS = ("title", "authors", "more_authors", "year", "venue", "arxiv", "doi", "url")


class Place(NamedTuple):
    """A line of a file, which messages name; the line counts from 1, 0 is unknown."""

    file: str
    line: int

    def __str__(self) -> str:
        """Return ``file:line``."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Record(NamedTuple):
    """One publication; what the file does not say is empty or None.

    ``title`` and the other texts are on one line; ``lang`` is the language tag of the title;
    ``authors`` are as printed (``Akari Asai``), ``more_authors`` tells that the file leaves some
    out; ``arxiv`` is without version, ``doi`` begins with ``10.``.
    """

    place: Place
    title: str
    lang: str = "en"
    authors: tuple[str, ...] = ()
    more_authors: bool = False
    year: int | None = None
    venue: str = ""
    arxiv: str = ""
    doi: str = ""
    url: str = ""


class Broken(NamedTuple):
    """An entry that cannot be taken: where it begins, what is wrong and, in the same line, what to do."""

    place: Place
    problem: str

    def __str__(self) -> str:
        """Return the line that is printed."""
        return f"{self.place}: {self.problem}"


Reader: TypeAlias = Callable[[InputFile], Iterator[Record | Broken]]
