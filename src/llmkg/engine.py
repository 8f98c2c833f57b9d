"""The seam to a SPARQL engine: query text in, one ``Result`` out. Embedded: Oxigraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pyoxigraph import (
    BlankNode,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
)

from llmkg.errors import EngineError, Phrase, UsageError
from llmkg.result import Result

__all__ = ["RESULT_FORMATS", "EmbeddedEngine", "Engine", "Result"]

# The signs of which a query needs very many to be too much for the engine: how many may go unlooked at.
_SIGNS = "{([.;+-*/|&!^=<>"
_FEW = 600
# XML 1.0, production 2: control characters, and the two last code points of the first plane.
_NOT_IN_XML = (*(b"%c" % n for n in range(32) if n not in (9, 10, 13)), b"\xef\xbf\xbe", b"\xef\xbf\xbf")
RESULT_FORMATS = ("json", "csv", "tsv", "xml")
_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "xml": QueryResultsFormat.XML,
}


class Engine:
    """What runs SPARQL 1.1 queries over the closure of a graph or over its asserted part."""

    def query(self, text: str, *, asserted: bool = False, allow_service: bool = False) -> Result:
        """Run ``text`` and return its result."""
        raise NotImplementedError

    def serialize(self, text: str, result_format: str, *, asserted: bool = False, allow_service: bool = False) -> bytes:
        """Run a SELECT or ASK query and return its result in a W3C results format."""
        raise NotImplementedError


class EmbeddedEngine(Engine):
    """Oxigraph in this process, over a store laid out by ``llmkg.snapshot``.

    The default graph of a query holds the closure, or the asserted triples alone, each once. Each
    file and the inferred triples are named graphs besides; the other graphs of the store are not
    seen.
    """

    def __init__(
        self, store: Store, graphs: Sequence[NamedNode], asserted: NamedNode, prefixes: Mapping[str, str]
    ) -> None:
        self.store = store
        self._graphs: list[NamedNode | BlankNode] = list(graphs)
        self._asserted = asserted
        self._prefixes = dict(prefixes)

    def query(self, text: str, *, asserted: bool = False, allow_service: bool = False) -> Result:
        """Run ``text``; raises QueryError on bad syntax, EngineError when the engine fails.

        A query that calls another endpoint (SERVICE) is a QueryError too, unless ``allow_service``.
        """
        answer = self._run(text, asserted=asserted, allow_service=allow_service)
        try:
            if isinstance(answer, QueryBoolean):
                return Result(boolean=bool(answer))
            if isinstance(answer, QueryTriples):
                return Result(triples=tuple(answer))
            names = tuple(variable.value for variable in answer.variables)
            return Result(names, tuple(map(tuple, answer)))
        except (OSError, ValueError, RuntimeError) as error:
            raise EngineError(f"the query failed while running: {error}. Simplify it and try again.") from error

    def serialize(self, text: str, result_format: str, *, asserted: bool = False, allow_service: bool = False) -> bytes:
        """Run ``text`` and return SPARQL 1.1 results as JSON, CSV, TSV or XML.

        Raises UsageError for a query of another kind, or a value that the format has no way to write.
        """
        answer = self._run(text, asserted=asserted, allow_service=allow_service)
        if isinstance(answer, QueryTriples):
            text = "a CONSTRUCT or DESCRIBE query gives triples, not {format}. Use --format {use}."
            raise UsageError(Phrase(text, format=result_format, use="turtle or nt"))
        if isinstance(answer, QueryBoolean) and result_format in ("csv", "tsv"):
            text = "an ASK query has no {format} form. Use --format json or xml."
            raise UsageError(Phrase(text, format=result_format))
        data = answer.serialize(format=_FORMATS[result_format])
        assert data is not None  # only None when an output was given
        return _readable_xml(data) if result_format == "xml" else data

    def _run(self, text: str, *, asserted: bool, allow_service: bool) -> QuerySolutions | QueryBoolean | QueryTriples:
        names_graphs = _looked_at(text, allow_service)
        default_graph = self._asserted if asserted else None
        # To hand over all graphs or prefixes takes longer than many a query: only GRAPH looks at the ones, and
        # most queries declare the others.
        named_graphs = self._graphs if names_graphs else None
        try:
            try:
                return self.store.query(text, default_graph=default_graph, named_graphs=named_graphs)
            except SyntaxError:
                return self.store.query(
                    text, prefixes=self._prefixes, default_graph=default_graph, named_graphs=named_graphs
                )
        except SyntaxError as error:
            from llmkg.syntax import syntax_error  # noqa: PLC0415  (only for a mistake)

            raise syntax_error(text, str(error), self._prefixes) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise EngineError(f"the query cannot be run: {error}. Simplify it and try again.") from error


def _readable_xml(data: bytes) -> bytes:
    """Return XML with what readers would lose, or could not read at all, dealt with.

    A carriage return is read as a newline unless it is a reference (XML 1.0, 2.11), which the engine
    does not write. What is no character of XML has no form (XML 1.0, 2.2): UsageError.
    """
    if any(character in data for character in _NOT_IN_XML):
        raise UsageError(Phrase("the answer holds a character that XML cannot. Use --format json."))
    return data.replace(b"\r", b"&#xD;")


@lru_cache(maxsize=512)
def _looked_at(text: str, allow_service: bool) -> bool:  # noqa: FBT001  (part of what is kept)
    """Refuse a query that is too much or calls another endpoint; tell whether it may name graphs."""
    if len(text) > _FEW and sum(map(text.count, _SIGNS)) > _FEW:
        from llmkg.syntax import check_size  # noqa: PLC0415  (few queries are)

        check_size(text)
    lower = text.lower()
    if not allow_service and ("service" in lower or "\\u" in lower):
        from llmkg.syntax import calls_a_service, service_error  # noqa: PLC0415  (few queries get here)

        if (start := calls_a_service(text)) is not None:
            raise service_error(text, start)
    return "graph" in lower
