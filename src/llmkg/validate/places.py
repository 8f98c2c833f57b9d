"""Give findings their places: the file, line and column of the fact they point at, or of their subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from pyoxigraph import Triple

from llmkg.load import Document
from llmkg.source import Source, Spot
from llmkg.terms import RDF, Term
from llmkg.validate.finding import Finding

__all__ = ["Places", "TextFile"]


class TextFile:
    """One file with what it says; its text is looked through when a place in it is asked for."""

    def __init__(self, document: Document, text: str, base: str) -> None:
        """Take a document and the text it was read from."""
        self.document = document
        self.name = document.name
        self.text = text
        self._base = base

    @cached_property
    def source(self) -> Source:
        """The places of what the text says; of none when it is not Turtle."""
        return Source(self.text if self.name.endswith((".ttl", ".nt")) else "", self._base)

    @cached_property
    def facts(self) -> frozenset[Triple]:
        """The triples of the file."""
        return frozenset(self.document.triples)

    @cached_property
    def subjects(self) -> frozenset[Term]:
        """What the file says something about."""
        return frozenset(triple.subject for triple in self.document.triples)

    @cached_property
    def defined(self) -> frozenset[Term]:
        """What the file gives a type."""
        return frozenset(triple.subject for triple in self.document.triples if triple.predicate == RDF.type)


class Places:
    """The files of a graph, asked where something stands; of several the first, in the order given."""

    def __init__(self, files: Sequence[TextFile]) -> None:
        """Take the files, those that matter most first."""
        self._files = files

    def put(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings with their places; one that has a file keeps its place."""
        return [found if found.file else self._placed(found) for found in findings]

    def _placed(self, found: Finding) -> Finding:
        places = (self._place(fact, found.part) for fact in found.facts)
        if first := next(filter(None, places), None):
            file, spot = first
            related: tuple[str, ...] = ()
            if found.rule.startswith("consistency/"):
                related = tuple(f"{at.name}:{line}:{column}" for at, (line, column) in filter(None, places))
            return replace(found, file=file.name, line=spot.line, column=spot.column, related=related)
        homes = [file for file in self._files if found.subject in file.subjects]
        # The block of a thing is where its type is stated; others only add to it.
        homes.sort(key=lambda file: found.subject not in file.defined)
        if not homes:
            return found
        spot = self._block(homes[0], found.subject)
        return replace(found, file=homes[0].name, line=spot.line, column=spot.column)

    def _place(self, fact: Triple, part: str) -> tuple[TextFile, Spot] | None:
        for file in self._files:
            if fact in file.facts:
                # A fact that is written without a name is told by what it is about.
                return file, file.source.fact(fact, part) or self._block(file, fact.subject)
        return None

    def _block(self, file: TextFile, subject: Term | None) -> Spot:
        spot = None if subject is None else file.source.block(subject)
        return spot or Spot(0, 0)
