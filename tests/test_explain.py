"""Explanations of proofs that are too deep for a tree, and of those that need what RDF cannot state."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from llmkg import KnowledgeGraph
from llmkg.cli import main
from llmkg.explain import explanation_json, explanation_text, explanation_turtle

LINKS = 300
HEAD = "@prefix : <https://example.org/zoo#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"


@pytest.fixture
def deep(pack: Path) -> Path:
    """Return a pack in which a chain goes on one link at a time, so that each link is a level of a proof."""
    rows = "".join(f":n{n} :then :n{n + 1} .\n" for n in range(LINKS))
    axioms = ":far a owl:ObjectProperty ; owl:propertyChainAxiom ( :far :then ) .\n:then a owl:ObjectProperty .\n:x :far :n0 .\n"
    (pack / "data" / "rows.ttl").write_text(HEAD + axioms + rows, encoding="utf-8")
    return pack


def test_a_deep_proof_is_told_in_numbered_steps(deep: Path) -> None:
    kg = KnowledgeGraph.open(deep, cache=False)
    text = explanation_text(kg, kg.why(":x", ":far", f":n{LINKS}"), "en", 80)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    steps = [line for line in lines if line.lstrip()[0].isdigit()]
    assert len(steps) == 2 * LINKS + 2  # each link, each conclusion, the axiom and where the chain begins
    assert steps[-1].split() == [f"{len(steps)}.", ":x", ":far", f":n{LINKS}"]
    assert lines[-2].strip().startswith(f"by prp-spo2 from 1, {len(steps) - 2}, {len(steps) - 1}: ")
    assert f"data/rows.ttl:{4 + LINKS}" in text


def test_a_deep_proof_is_no_json(deep: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["why", ":x", ":far", f":n{LINKS}", "--graph", str(deep), "--no-cache"]
    assert main([*arguments, "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "llmkg: the proof has 300 levels, more than JSON can nest. Use --format text or turtle.\n"


def test_a_deep_proof_is_turtle(deep: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["why", ":x", ":far", f":n{LINKS}", "--graph", str(deep), "--no-cache"]
    assert main([*arguments, "--format", "turtle"]) == 0
    triples = [quad.triple for quad in parse(capsys.readouterr().out, RdfFormat.TURTLE)]
    generated = [t for t in triples if t.predicate.value.endswith("wasGeneratedBy")]
    assert len(generated) == LINKS


def test_a_step_that_rdf_cannot_state_is_marked(pack: Path) -> None:
    axioms = ":p owl:inverseOf :q . :q owl:inverseOf :r . :r a owl:ObjectProperty .\n:x :p 'v' .\n"
    (pack / "data" / "literals.ttl").write_text(HEAD + axioms, encoding="utf-8")
    kg = KnowledgeGraph.open(pack, cache=False)
    explanation = kg.why(":x", ":r", "'v'")
    assert explanation.status == "inferred"
    text = explanation_text(kg, explanation, "en", 80)
    assert '└─ "v" :q :x (about a literal: RDF cannot state this)\n' in text
    assert "data/literals.ttl:3" in text
    (tree,) = explanation_json(kg, explanation, "en")["proofs"]  # type: ignore[misc]
    assert "generalized" not in tree
    assert '"v"' in explanation_turtle(kg, explanation)
    assert [premise.get("generalized") for premise in tree["premises"]] == [None, True]
