"""The seam to a SPARQL engine: query text in, one ``Result`` out. Embedded: Oxigraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from llmkg.errors import EngineError, UsageError
from llmkg.terms import Term

__all__ = ["RESULT_FORMATS", "EmbeddedEngine", "Engine", "Result"]

RESULT_FORMATS = ("json", "csv", "tsv", "xml")
_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "xml": QueryResultsFormat.XML,
}


@dataclass(frozen=True)
class Result:
    """The answer to a query: rows (SELECT), a truth value (ASK) or triples (CONSTRUCT, DESCRIBE).

    Each row has one term per variable, None where the variable is unbound.
    """

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    boolean: bool | None = None
    triples: tuple[Triple, ...] | None = None

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        """Yield the rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return the rows as dictionaries of Python values; unbound variables are left out."""
        return [
            {name: _python(term) for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]


class Engine(Protocol):
    """What runs SPARQL 1.1 queries over the closure of a graph or over its asserted part."""

    def query(self, text: str, *, asserted: bool = False) -> Result:
        """Run ``text`` and return its result."""

    def serialize(self, text: str, result_format: str, *, asserted: bool = False) -> bytes:
        """Run a SELECT or ASK query and return its result in a W3C results format."""


class EmbeddedEngine:
    """Oxigraph in this process.

    The default graph holds what is asked by default, without duplicates: the closure, or, in a
    store of its own that is made when first asked for, the asserted triples alone. Each file and
    the inferred triples are named graphs besides.
    """

    INFERRED = NamedNode("urn:llmkg:inferred")

    def __init__(
        self, graphs: Mapping[NamedNode, Iterable[Triple]], inferred: Iterable[Triple], prefixes: Mapping[str, str]
    ) -> None:
        self._graphs = {name: tuple(triples) for name, triples in graphs.items()}
        self._inferred = tuple(inferred)
        self._prefixes = dict(prefixes)
        self._stores: dict[bool, Store] = {}

    def store(self, *, asserted: bool = False) -> Store:
        """Return the Oxigraph store behind the queries; treat it as read-only."""
        if asserted not in self._stores:
            graphs = dict(self._graphs)
            if not asserted:
                graphs[self.INFERRED] = self._inferred
            store = Store()
            store.bulk_extend(Quad(*t, g) for name, ts in graphs.items() for t in ts for g in (name, DefaultGraph()))
            self._stores[asserted] = store
        return self._stores[asserted]

    def query(self, text: str, *, asserted: bool = False) -> Result:
        """Run ``text``; raises UsageError on bad syntax, EngineError when the engine fails."""
        answer = self._run(text, asserted=asserted)
        try:
            if isinstance(answer, QueryBoolean):
                return Result(boolean=bool(answer))
            if isinstance(answer, QueryTriples):
                return Result(triples=tuple(answer))
            names = tuple(variable.value for variable in answer.variables)
            return Result(names, tuple(tuple(row[name] for name in names) for row in answer))
        except (OSError, ValueError) as error:
            raise EngineError(f"the query failed while running: {error}. Simplify it and try again.") from error

    def serialize(self, text: str, result_format: str, *, asserted: bool = False) -> bytes:
        """Run ``text`` and return SPARQL 1.1 results as JSON, CSV, TSV or XML."""
        answer = self._run(text, asserted=asserted)
        if isinstance(answer, QueryTriples):
            raise UsageError(f"a CONSTRUCT or DESCRIBE query gives triples, not {result_format}. Use --format turtle or nt.")
        if isinstance(answer, QueryBoolean) and result_format in ("csv", "tsv"):
            raise UsageError(f"an ASK query has no {result_format} form. Use --format json or xml.")
        data = answer.serialize(format=_FORMATS[result_format])
        assert data is not None  # only None when an output was given
        return data

    def _run(self, text: str, *, asserted: bool) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self.store(asserted=asserted).query(text, prefixes=self._prefixes)
        except SyntaxError as error:
            raise UsageError(f"query:{_place(str(error))}") from error
        except (OSError, ValueError) as error:
            raise EngineError(f"the query cannot be run: {error}. Simplify it and try again.") from error


def _place(message: str) -> str:
    """Turn ``error at 1:18: expected ...`` into ``1:18: expected ...``, of bounded length."""
    text = " ".join(message.removeprefix("error at ").split())
    text = re.sub(r", (?=[^,]*\Z)", " or ", text) if len(text) < 200 else text[:200] + " ..."
    return f"{text}. Mend the query and run it again."


def _python(term: Term) -> object:
    datatype = getattr(getattr(term, "datatype", None), "value", "").rsplit("#", 1)[-1]
    value: str = getattr(term, "value", str(term))
    match datatype:
        case "integer" | "long" | "int":
            return int(value)
        case "boolean":
            return value == "true"
        case "decimal" | "double" | "float":
            return float(value)
        case _:
            return value
