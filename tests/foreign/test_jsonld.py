"""Our JSON-LD says the same to jsonld.js, PyLD, Jena, rdflib and Oxigraph, and fetches nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import RdfFormat

from llmkg.export import export_parts, frame_of, framed, nested

KINDS = ("Mitigation", "Application", "Paper")
TERM = "https://w3id.org/llmkg/ontology#"
RAG = "https://w3id.org/llmkg/mitigation/retrieval-augmentation"


@pytest.fixture(scope="module")
def files(kg, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write what is compared: N-Triples, and the same as JSON-LD, flat and nested; framed things."""
    place = tmp_path_factory.mktemp("jsonld")
    whole, around = kg.selection("asserted"), kg.selection("asserted", thing=RAG, depth=2)
    parts = {
        "whole.nt": export_parts(whole, "nt"),
        "whole.jsonld": export_parts(whole, "jsonld"),
        "around.nt": export_parts(around, "nt"),
        "around.jsonld": nested(around, RAG, 2),
        **{f"{kind}.jsonld": framed(whole, TERM + kind) for kind in KINDS},
    }
    for name, content in parts.items():
        (place / name).write_bytes(b"".join(content))
    for kind in KINDS:
        (place / f"{kind}.frame").write_text(frame_of(whole, TERM + kind), encoding="utf-8")
    return {path.name: path for path in place.iterdir()}


def no_loader(url: str, _options: object) -> None:
    raise AssertionError(f"would fetch {url}")


def by_jsonld_js(path: Path, foreign) -> Path:  # noqa: ARG001  (reads JSON-LD itself)
    return path


def by_jena(path: Path, foreign) -> Path:
    foreign.jena("convert", "NTRIPLES", path, path.with_suffix(".jena.nt"))
    return path.with_suffix(".jena.nt")


def by_pyld(path: Path, foreign) -> Path:  # noqa: ARG001
    options = {"format": "application/n-quads", "documentLoader": no_loader}
    out = path.with_suffix(".pyld.nt")
    out.write_text(jsonld.to_rdf(json.loads(path.read_text(encoding="utf-8")), options), encoding="utf-8")
    return out


def by_oxigraph(path: Path, foreign) -> Path:  # noqa: ARG001
    out = path.with_suffix(".oxigraph.nt")
    quads = pyoxigraph.parse(path=str(path), format=RdfFormat.JSON_LD)
    pyoxigraph.serialize(quads, output=str(out), format=RdfFormat.N_QUADS)
    return out


def by_rdflib(path: Path, foreign) -> Path:  # noqa: ARG001
    out = path.with_suffix(".rdflib.nt")
    graph = rdflib.Graph().parse(path, format="json-ld")
    out.write_text(graph.serialize(format="nt", encoding="utf-8").decode(), encoding="utf-8")
    return out


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib's own parser of JSON-LD
@pytest.mark.parametrize("name", ["whole", "around"])
def test_five_processors_read_the_same_graph(
    foreign, files: dict[str, Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # rdflib would write Z as +00:00
    source = files[f"{name}.jsonld"]
    readers = (by_jsonld_js, by_jena, by_pyld, by_oxigraph, by_rdflib)
    read = [reader(source, foreign) for reader in readers]
    lines = foreign.node("canonical.mjs", files[f"{name}.nt"], *read).splitlines()
    hashes = [line.split("\t")[2] for line in lines]
    assert len(hashes) == 6
    assert len(set(hashes)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_framing_our_export_gives_our_framed_export(foreign, files: dict[str, Path], kind: str) -> None:
    theirs = foreign.node("canonical.mjs", "--frame", files[f"{kind}.frame"], files["whole.jsonld"]).split("\t")[2]
    ours = foreign.node("canonical.mjs", files[f"{kind}.jsonld"]).split("\t")[2]
    assert ours == theirs


def test_a_remote_context_is_refused_by_the_judge(foreign, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonld"
    bad.write_text('{"@context": "https://example.org/context.jsonld", "name": "x"}', encoding="utf-8")
    with pytest.raises(AssertionError, match=r"would fetch|loading remote context"):
        foreign.node("canonical.mjs", bad)
