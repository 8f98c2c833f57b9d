"""The formats of a release: one graph as Turtle, RDF/XML, JSON-LD and N-Triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import RdfFormat, Triple, serialize

from llmkg.export import export_text
from llmkg.graph import KnowledgeGraph
from llmkg.turtle import canonical

__all__ = ["Writer", "turtle"]

_FORMATS = {".ttl": "turtle", ".jsonld": "jsonld", ".nt": "nt"}


class Writer:
    """Writes graphs of one pack: with its prefixes and its context."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        """Take the graph whose prefixes and context are used."""
        self._prefixes = kg.prefixes

    def all_formats(self, triples: Iterable[Triple]) -> Iterator[tuple[str, str | bytes]]:
        """Yield the ending of a file name and the text for each format."""
        listed = tuple(triples)
        ordered = sorted(canonical(listed), key=str)
        yield ".owl", serialize(ordered, format=RdfFormat.RDF_XML, prefixes=dict(self._prefixes)) or b""
        for ending, name in _FORMATS.items():
            yield ending, export_text(listed, name, self._prefixes)

    def context_files(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of the JSON-LD context and of each frame."""
        yield from ()


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return triples as Turtle."""
    return export_text(triples, "turtle", prefixes)
