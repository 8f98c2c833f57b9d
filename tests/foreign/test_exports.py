"""The exports are read by foreign parsers: as many triples as there are, and nothing to remark."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmkg.export import export_parts

ENDINGS = {"turtle": "ttl", "nt": "nt", "nq": "nq", "trig": "trig", "rdfxml": "rdf", "jsonld": "jsonld"}
RAPTOR = {"turtle": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig", "rdfxml": "rdfxml"}


@pytest.fixture(scope="module")
def files(kg, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the asserted graph in each format."""
    place, chosen = tmp_path_factory.mktemp("exports"), kg.selection("asserted")
    found = {name: place / f"graph.{ending}" for name, ending in ENDINGS.items()}
    for name, path in found.items():
        path.write_bytes(b"".join(export_parts(chosen, name)))
    return found


@pytest.mark.parametrize("name", RAPTOR)
def test_raptor_reads_every_triple(foreign, kg, files: dict[str, Path], name: str) -> None:
    text = foreign.debian("rapper", "-q", "-i", RAPTOR[name], "-o", "ntriples", files[name])
    assert len(set(text.splitlines())) == len(kg.triples("asserted"))


def test_jena_reads_every_triple_and_has_nothing_to_remark(foreign, kg, files: dict[str, Path]) -> None:
    read = [files[name] for name in ("turtle", "nt", "rdfxml", "jsonld")]
    said = foreign.jena("read", *read)
    assert [s["warning"] + s["error"] for s in said.values()] == [[]] * 4
    assert {int(s["triples"][0]) for s in said.values()} == {len(kg.triples("asserted"))}
