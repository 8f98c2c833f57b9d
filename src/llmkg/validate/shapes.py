"""Run SHACL shapes over a graph with pyshacl and return findings.

Source: SHACL, section 3.6 (validation report), https://www.w3.org/TR/shacl/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

from llmkg.errors import InputError
from llmkg.load import read_document
from llmkg.terms import curie

__all__ = ["Finding", "check_shapes"]


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


def check_shapes(graph: rdflib.Graph, shapes: Iterable[Path], prefixes: Mapping[str, str]) -> list[Finding]:
    """Return what the SHACL files ``shapes`` find in ``graph``, sorted; empty when it conforms."""
    shape_graph = rdflib.Graph()
    for path in shapes:
        read_document(path)  # a syntax error is reported with its place
        shape_graph.parse(path)
    try:
        _, report, _ = pyshacl.validate(graph, shacl_graph=shape_graph, inference="none", allow_warnings=False)
    except (pyshacl.errors.ShapeLoadError, pyshacl.errors.ConstraintLoadError) as error:
        raise InputError(f"the shapes cannot be used: {' '.join(str(error).split())}") from error
    if not isinstance(report, rdflib.Graph):
        raise InputError("the shapes could not be run: pyshacl returned no report")
    return sorted(_finding(report, result, prefixes) for result in report.subjects(RDF.type, SH.ValidationResult))


def _finding(report: rdflib.Graph, result: rdflib.term.Node, prefixes: Mapping[str, str]) -> Finding:
    def text(predicate: rdflib.URIRef) -> str:
        node = report.value(result, predicate)
        if node is None:
            return ""
        return (curie(str(node), prefixes) or str(node)) if isinstance(node, rdflib.URIRef) else str(node)

    messages = (m for m in report.objects(result, SH.resultMessage) if isinstance(m, rdflib.Literal))
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
