"""Run shapes with pyshacl on an rdflib graph: the reference, and the engine for what ours leaves out.

Source: SHACL, section 3.6 (validation report), https://www.w3.org/TR/shacl/.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

import pyshacl
import rdflib
from pyoxigraph import NamedNode
from rdflib.namespace import SH
from rdflib.plugins.sparql import prepareQuery

from llmkg.errors import EngineError, InputError
from llmkg.interchange import quiet, rdflib_graph, to_term
from llmkg.terms import SH as OURS
from llmkg.terms import Term, local_name
from llmkg.validate.data import Data
from llmkg.validate.shapegraph import Result, Shapes, unusable

__all__ = ["run"]

_TARGETS = {OURS.targetClass, OURS.targetNode, OURS.targetSubjectsOf, OURS.targetObjectsOf}


def run(data: Data, shapes: Shapes, roots: Collection[Term]) -> Iterator[Result]:
    """Yield what those of ``shapes`` find that have their targets from ``roots``.

    Raises InputError when the shapes are not well-formed.
    """
    graph = _Graph()
    with quiet():
        graph += data.rdflib
    kept = (t for t in shapes.triples if t.subject in roots or t.predicate not in _TARGETS)
    try:
        with quiet():
            _, report, _ = pyshacl.validate(graph, shacl_graph=rdflib_graph(kept, {}), inference="none")
    except (pyshacl.errors.ReportableRuntimeError, pyshacl.errors.ValidationFailure) as error:
        raise unusable(error) from error
    except (TypeError, NotImplementedError) as error:
        raise EngineError(f"pyshacl fails on these shapes: {' '.join(str(error).split())}.") from error
    if not isinstance(report, rdflib.Graph):
        raise InputError("the shapes could not be run: pyshacl returned no report.")
    for result in report.objects(None, SH.result):  # not those that only explain another (sh:detail)
        yield _result(report, result)


class _Graph(rdflib.Graph):
    """A graph that parses a SPARQL text once: pyshacl asks the same one of every focus node."""

    def query(self, query_object: Any, *args: Any, **options: Any) -> rdflib.query.Result:  # noqa: ANN401  (as rdflib)
        """Run a query as rdflib does; its text is parsed when it is new."""
        text = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(text, *args, **options)


@lru_cache
def _prepared(text: str) -> rdflib.plugins.sparql.sparql.Query:
    return prepareQuery(text)


def _result(report: rdflib.Graph, node: rdflib.term.Node) -> Result:
    def term(predicate: rdflib.URIRef) -> Term | None:
        found = report.value(node, predicate)
        return None if found is None else to_term(found)

    name = local_name(getattr(term(SH.sourceConstraintComponent), "value", "")).removesuffix("ConstraintComponent")
    shape, focus, path = term(SH.sourceShape), term(SH.focusNode), term(SH.resultPath)
    assert shape is not None
    assert focus is not None
    return Result(
        focus=focus,
        path=path if isinstance(path, NamedNode) else None,
        component="sparql" if name == "SPARQL" else name[:1].lower() + name[1:],
        value=term(SH.value),
        shape=shape,
        constraint=term(SH.sourceConstraint),
    )
