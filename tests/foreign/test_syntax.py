"""Every Turtle file says the same to six parsers, and none has anything to remark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    str(path.relative_to(ROOT))
    for path in sorted([*(ROOT / "ontology").rglob("*.ttl"), *(ROOT / "data").rglob("*.ttl")])
]


def by_jena(foreign) -> dict[str, int]:
    said = foreign.jena("read", *FILES)
    assert {file: s for file, s in said.items() if s["warning"] or s["error"]} == {}
    return {file: int(s["triples"][0]) for file, s in said.items()}


def by_n3js(foreign) -> dict[str, int]:
    lines = foreign.node("triples.mjs", *FILES).splitlines()
    return {file: int(count) for file, _, count in (line.split("\t") for line in lines)}


def by_raptor(foreign) -> dict[str, int]:
    texts = {file: foreign.debian("rapper", "-q", "-i", "turtle", "-o", "ntriples", file) for file in FILES}
    return {file: len(set(text.splitlines())) for file, text in texts.items()}


def by_serd(foreign) -> dict[str, int]:
    texts = {file: foreign.debian("serdi", "-i", "turtle", "-o", "ntriples", file) for file in FILES}
    return {file: len(set(text.splitlines())) for file, text in texts.items()}


def by_rdflib(foreign) -> dict[str, int]:  # noqa: ARG001
    return {file: len(rdflib.Graph().parse(ROOT / file)) for file in FILES}


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    """Return the number of triples of each file by Oxigraph, which llmkg itself reads with."""
    return {file: len({q.triple for q in parse(path=str(ROOT / file), format=RdfFormat.TURTLE)}) for file in FILES}


@pytest.mark.parametrize("reader", [by_jena, by_n3js, by_raptor, by_rdflib, by_serd])
def test_a_parser_finds_the_same_triples(foreign, counts, reader: Callable[..., dict[str, int]]) -> None:
    assert len(counts) >= 48
    assert reader(foreign) == counts
