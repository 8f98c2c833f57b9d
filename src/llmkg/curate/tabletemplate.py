"""A table to fill in for a class: the columns, what each means, and a thing of the graph as an example."""

from __future__ import annotations

import csv
import io

from pyoxigraph import Literal, NamedNode

from llmkg.cells import cell, guarded
from llmkg.curate.tablemodel import Column, TableModel
from llmkg.graph import KnowledgeGraph
from llmkg.snapshot import ASSERTED
from llmkg.terms import RDF, local_name

__all__ = ["template"]

_ID = "# This row is not read. The CURIE or IRI of the thing; leave it empty to have one made."
_KINDS = "The classes of the thing."


def template(kg: KnowledgeGraph, model: TableModel, cls: NamedNode) -> str:
    """Return the table of a class as CSV: a header, a row of remarks, and an example where the graph has one.

    The example is a thing that has most links, then most of the other columns; imported as it is it changes nothing.
    """
    columns = model.template_columns(cls)
    rows = [
        ["id", "kinds", *(column.name for column in columns)],
        [_ID, _KINDS, *(guarded(_remark(model, column)) for column in columns)],
    ]
    things = [q.subject for q in kg.engine.store.quads_for_pattern(None, RDF.type, cls, ASSERTED)]
    examples = [_example(kg, thing, columns) for thing in things if isinstance(thing, NamedNode)]
    links = [place for place, column in enumerate(columns, 2) if column.is_link]
    rows += sorted(examples, key=lambda row: (-sum(bool(row[n]) for n in links), -sum(map(bool, row)), row))[:1]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _remark(model: TableModel, column: Column) -> str:
    told = [model.definition(column.named)]
    told += [f"In the language '{column.language}'."] if column.language else []
    told += ["Several with ' | ' between."] if not (column.language or model.is_single(column.predicate)) else []
    return " ".join(filter(None, told))


def _example(kg: KnowledgeGraph, thing: NamedNode, columns: list[Column]) -> list[str]:
    store = kg.engine.store
    classes = [q.object for q in store.quads_for_pattern(thing, RDF.type, None, ASSERTED)]
    row = [kg.short(thing), cell(sorted(local_name(cls.value) for cls in classes if isinstance(cls, NamedNode)))]
    for column in columns:
        quads = store.quads_for_pattern(
            None if column.backwards else thing, column.predicate, thing if column.backwards else None, ASSERTED
        )
        ends = (quad.subject if column.backwards else quad.object for quad in quads)
        row.append(cell(sorted(kg.short(term) for term in ends if _fits(term, column))))
    return row


def _fits(term: object, column: Column) -> bool:
    return (
        isinstance(term, NamedNode)
        if column.is_link
        else isinstance(term, Literal) and (term.language or "") == column.language
    )
