"""The exports are read by foreign parsers: as many triples as there are, and nothing to remark."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import networkx as nx
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


IGRAPH = """
import json, sys
import igraph
graph = igraph.Graph.Read_GraphML(sys.argv[1])
names = graph.vs["id"]
edges = [[names[e.source], names[e.target], e["property"], str(e["inferred"]).lower()] for e in graph.es]
print(json.dumps({"nodes": {v["id"]: [v["label"], v["kind"]] for v in graph.vs}, "edges": edges}))
"""


def test_readers_of_graphml_find_the_same_labels_kinds_and_links(foreign, kg, tmp_path: Path) -> None:
    path = tmp_path / "law.graphml"
    path.write_bytes(b"".join(export_parts(kg.selection("all", thing="Law", depth=1), "graphml")))
    graph = nx.read_graphml(path)
    nodes = {node: [data["label"], data.get("kind", "")] for node, data in graph.nodes(data=True)}
    edges = sorted([s, t, d["property"], str(d["inferred"]).lower()] for s, t, d in graph.edges(data=True))
    assert nodes["application:law"] == ["Law", "application"]
    assert len(edges) > 50
    assert {"true", "false"} == {edge[3] for edge in edges}
    said = json.loads(foreign.node("graphml.mjs", path))
    said["igraph"] = json.loads(
        foreign.run(sys.executable, "-c", IGRAPH, path, env={"PYTHONPATH": str(foreign.place / "python")})
    )
    assert set(said) == {"cytoscape", "graphology", "igraph"}
    for tool, found in said.items():
        assert found["nodes"] == nodes, tool
        assert sorted(found["edges"]) == edges, tool
