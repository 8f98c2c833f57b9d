"""Hold Turtle files to the sorted form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat

from llmkg.errors import InputError, unreadable
from llmkg.load import parse_text
from llmkg.scan import tokens
from llmkg.terms import PREFIXES
from llmkg.turtle import serialize

__all__ = ["Formatted", "format_files", "format_text"]


@dataclass(frozen=True)
class Formatted:
    """One file, what it holds now and what it would hold in the sorted form."""

    path: Path
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Tell whether the file is not in the sorted form."""
        return self.before != self.after


def format_files(paths: Iterable[Path]) -> list[Formatted]:
    """Return the sorted form of each file; nothing is written.

    Raises InputError for a file that cannot be parsed or has a comment, which the sorted form
    has no place for.
    """
    formatted = []
    for path in paths:
        if path.suffix != ".ttl":
            raise InputError(f"{path}: not a Turtle file by its name. Give files that end in .ttl.")
        try:
            content = path.read_bytes()
            before = content.decode()
        except OSError as error:
            raise unreadable(path, error) from error
        except UnicodeDecodeError as error:
            parse_text(content, RdfFormat.TURTLE, str(path))  # tells the line and the column
            raise unreadable(path, error) from error
        formatted.append(Formatted(path, before, format_text(before, str(path))))
    return formatted


def format_text(text: str, name: str) -> str:
    """Return Turtle ``text`` in the sorted form, with the prefixes that it declares."""
    text = text.removeprefix("\ufeff")  # a byte order mark says nothing in UTF-8
    triples, prefixes = parse_text(text, RdfFormat.TURTLE, name)
    for token in tokens(text):
        if token.kind == "comment":
            line = text.count("\n", 0, token.start) + 1
            raise InputError(f"{name}:{line}: a comment would be lost. Make it a skos:editorialNote, or take it out.")
    return serialize(triples, {**PREFIXES, **prefixes})
