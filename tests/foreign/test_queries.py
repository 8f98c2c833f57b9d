"""Every saved query has the same answer in Jena as in Oxigraph; rdflib gives it too, see tests/test_graph.py."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmkg.terms import XSD

# XSD lexical forms differ from engine to engine ("825.0", "825"); their values must not.
NUMBERS = {XSD[name].value for name in ("integer", "decimal", "double", "float")}


def example(kg, name: str) -> str:
    """Return the text of a saved query with an example for every parameter that has no default."""
    query = kg.saved_query(name)
    values = {p.name: p.example for p in query.parameters if p.required and p.example is not None}
    return kg.bound_text(query, values)


def answer(text: str) -> list[tuple[Any, ...]] | bool:
    """Return the rows of a result in SPARQL 1.1 JSON, in their order, numbers by value."""
    result = json.loads(text)
    if "boolean" in result:
        return result["boolean"]
    return [tuple(map(cell, map(row.get, result["head"]["vars"]))) for row in result["results"]["bindings"]]


def cell(term: dict[str, str] | None) -> tuple[Any, ...] | None:
    if term is None:
        return None
    datatype = term.get("datatype", XSD.string.value)
    if datatype in NUMBERS:
        return "number", Decimal(term["value"])
    return term["type"], term["value"], term.get("xml:lang", "").lower(), datatype


@pytest.fixture(scope="module")
def by_jena(foreign, kg, tmp_path_factory) -> dict[str, Any]:
    """Return Jena's answer to every saved query."""
    folder: Path = tmp_path_factory.mktemp("queries")
    (folder / "graph.nt").write_text(kg.export("nt"), encoding="utf-8")
    for name in kg.queries:
        (folder / f"{name}.rq").write_text(example(kg, name), encoding="utf-8")
    foreign.jena("query", folder / "graph.nt", folder)
    return {path.stem: answer(path.read_text(encoding="utf-8")) for path in folder.glob("*.srj")}


def test_jena_answers_every_query_as_we_do(kg, by_jena) -> None:
    assert len(by_jena) == len(kg.queries) >= 17
    ours = {
        name: answer(kg.engine.serialize(example(kg, name), "json", asserted=q.entailment == "asserted").decode())
        for name, q in kg.queries.items()
    }
    assert all(ours.values())
    different = {name for name in ours if ours[name] != by_jena[name]}
    assert different == set()
