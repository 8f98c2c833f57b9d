"""Jena gives the rows in ``tests/golden``, in their order, as Oxigraph and rdflib do."""

from __future__ import annotations

import importlib.util
import json
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from llmkg.terms import XSD

PART = {"inferred": "all", "asserted": "asserted"}
# XSD lexical forms differ from engine to engine ("825.0", "825"); their values must not.
NUMBERS = {XSD[name].value for name in ("integer", "decimal", "double", "float")}


@pytest.fixture(scope="module")
def golden() -> ModuleType:
    """Return the module with the cases of the saved queries."""
    place = Path(__file__).resolve().parent.parent / "test_golden.py"
    spec = importlib.util.spec_from_file_location("golden_cases", place)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(text: str) -> list[tuple[Any, ...]]:
    """Return the rows of a result in SPARQL 1.1 JSON, in their order, numbers by value."""
    result = json.loads(text)
    return [tuple(map(cell, map(row.get, result["head"]["vars"]))) for row in result["results"]["bindings"]]


def cell(term: dict[str, str] | None) -> tuple[Any, ...] | None:
    if term is None:
        return None
    datatype = term.get("datatype", XSD.string.value)
    if datatype in NUMBERS:
        return "number", Decimal(term["value"])
    return term["type"], term["value"], term.get("xml:lang", "").lower(), datatype


def test_jena_answers_every_case_as_we_do(foreign, kg, golden: ModuleType, tmp_path: Path) -> None:
    ours = {}
    for entailment, part in PART.items():
        folder = tmp_path / entailment
        folder.mkdir()
        (folder / "graph.nt").write_text(kg.export("nt", part=part), encoding="utf-8")
        for case in golden.CASES:
            query = kg.saved_query(case.query)
            if query.entailment == entailment:
                values, lang = golden.parts(case)
                text = kg.bound_text(query, values, lang)
                ours[str(case)] = answer(kg.engine.serialize(text, "json", asserted=entailment == "asserted").decode())
                (folder / f"{case}.rq").write_text(text, encoding="utf-8")
        foreign.jena("query", folder / "graph.nt", folder)
    theirs = {path.stem: answer(path.read_text(encoding="utf-8")) for path in tmp_path.glob("*/*.srj")}
    assert len(theirs) == len(ours) == len(golden.CASES) >= 170
    assert {name for name in ours if ours[name] != theirs[name]} == set()
