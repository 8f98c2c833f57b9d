"""Run SHACL shapes over a graph with pyshacl and return findings.

Source: SHACL, section 3.6 (validation report), https://www.w3.org/TR/shacl/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery

from llmkg.errors import InputError
from llmkg.load import read_document
from llmkg.terms import curie

__all__ = ["Finding", "check_shapes", "read_shapes"]


@dataclass(frozen=True, order=True)
class Finding:
    """One violation: the focus node, the path, the constraint component and what to do.

    ``focus``, ``path`` and ``value`` are CURIEs where a prefix fits; ``messages`` maps a
    language to the text.
    """

    focus: str
    path: str
    component: str
    value: str
    severity: str
    messages: tuple[tuple[str, str], ...]

    def message(self, lang: str) -> str:
        """Return the message in ``lang``, else in English, else any."""
        texts = dict(self.messages)
        return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")


def read_shapes(paths: Iterable[Path]) -> rdflib.Graph:
    """Return the shapes of some SHACL files; raises InputError with the place of a syntax error."""
    shapes = rdflib.Graph()
    for path in paths:
        read_document(path)  # a syntax error is reported with its place
        shapes.parse(path)
    return shapes


def check_shapes(graph: rdflib.Graph, shapes: rdflib.Graph, prefixes: Mapping[str, str]) -> list[Finding]:
    """Return what ``shapes`` find in ``graph``, sorted; empty when it conforms.

    Raises InputError when the shapes are not well-formed.
    """
    data = _Data()
    data += graph
    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", allow_warnings=False)
    except pyshacl.errors.ReportableRuntimeError as error:
        raise InputError(f"the shapes cannot be used: {' '.join(str(error).split())}") from error
    if not isinstance(report, rdflib.Graph):
        raise InputError("the shapes could not be run: pyshacl returned no report")
    results = report.subjects(RDF.type, SH.ValidationResult)
    return sorted(_finding(report, result, shapes, prefixes) for result in results)


class _Data(rdflib.Graph):
    """A graph that parses a SPARQL text once: pyshacl asks the same one of every focus node."""

    def query(self, query_object: Any, *args: Any, **options: Any) -> rdflib.query.Result:  # noqa: ANN401  (as rdflib)
        """Run a query as rdflib does; its text is parsed when it is new."""
        text = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(text, *args, **options)


@lru_cache
def _prepared(text: str) -> rdflib.plugins.sparql.sparql.Query:
    return prepareQuery(text)


def _finding(
    report: rdflib.Graph, result: rdflib.term.Node, shapes: rdflib.Graph, prefixes: Mapping[str, str]
) -> Finding:
    def text(predicate: rdflib.URIRef) -> str:
        node = report.value(result, predicate)
        if node is None:
            return ""
        return (curie(str(node), prefixes) or str(node)) if isinstance(node, rdflib.URIRef) else str(node)

    # pyshacl drops the language of the message of a SPARQL constraint, so the shape is asked.
    shape = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
    texts = list(shapes.objects(shape, SH.message)) or list(report.objects(result, SH.resultMessage))
    messages = (m for m in texts if isinstance(m, rdflib.Literal))
    return Finding(
        focus=text(SH.focusNode),
        path=_path_text(report, report.value(result, SH.resultPath), prefixes),
        component=text(SH.sourceConstraintComponent).rsplit(":", 1)[-1].rsplit("#", 1)[-1],
        value=text(SH.value),
        severity=text(SH.resultSeverity).rsplit(":", 1)[-1].rsplit("#", 1)[-1],
        messages=tuple(sorted((m.language or "", str(m)) for m in messages)),
    )


def _path_text(report: rdflib.Graph, path: rdflib.term.Node | None, prefixes: Mapping[str, str]) -> str:
    """Return a SHACL property path as SPARQL writes it (SHACL, section 2.3.1)."""
    if path is None:
        return ""
    if isinstance(path, rdflib.URIRef):
        return curie(str(path), prefixes) or str(path)

    def parts(head: rdflib.term.Node) -> list[str]:
        return [_path_text(report, part, prefixes) for part in Collection(report, head)]

    if (inverse := report.value(path, SH.inversePath)) is not None:
        return f"^{_path_text(report, inverse, prefixes)}"
    if (alternatives := report.value(path, SH.alternativePath)) is not None:
        return "|".join(parts(alternatives))
    for predicate, sign in ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?")):
        if (inner := report.value(path, predicate)) is not None:
            return f"{_path_text(report, inner, prefixes)}{sign}"
    return "/".join(parts(path))
