"""The formats of a release: one graph as Turtle, RDF/XML, JSON-LD and N-Triples; context and frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import RdfFormat, Triple, parse

from llmkg.export import context_of, export_parts, export_text, frames_of
from llmkg.export.written import capital_tags, with_literals
from llmkg.graph import KnowledgeGraph
from llmkg.statements import lines_of

__all__ = ["Writer", "turtle"]

_FORMATS = {".owl": "rdfxml", ".ttl": "turtle", ".jsonld": "jsonld", ".nt": "nt"}


class Writer:
    """Writes graphs of one pack: with its prefixes and its context."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        """Take the graph whose prefixes and context are used."""
        whole = kg.selection("all")
        asserted = {name: lines for name, lines in whole.graphs.items() if lines is not whole.inferred}
        self._follows = whole.inferred
        self._selection = whole._replace(graphs=asserted, inferred=[])
        self._tags = capital_tags(self._selection.lines)

    def inferred(self) -> list[Triple]:
        """Return what follows, with literals as the files write them."""
        data = b"".join(line + b" .\n" for line in self._follows)
        return [quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)]

    def all_formats(self, triples: Iterable[Triple]) -> Iterator[tuple[str, bytes]]:
        """Yield the ending of a file name and the text for each format."""
        lines = with_literals(lines_of(triples), self._tags)
        chosen = self._selection._replace(graphs={"urn:llmkg:part": lines})
        for ending, name in _FORMATS.items():
            yield ending, b"".join(export_parts(chosen, name))

    def context_files(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of the JSON-LD context and of each frame."""
        yield "context.jsonld", context_of(self._selection).text()
        for name, text in frames_of(self._selection).items():
            yield f"frames/{name}.jsonld", text


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return triples as Turtle."""
    return export_text(triples, "turtle", prefixes)
