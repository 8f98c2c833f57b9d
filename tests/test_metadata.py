"""What the ontology files say of themselves (the FOOPS! checks that need no network), and that no term is idle.

Source of the checks: FOOPS!, https://w3id.org/foops/, the property groups of OM1 to OM5, VER1, FIND1, VOC3 and VOC4.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from pyoxigraph import NamedNode

from llmkg import KnowledgeGraph, __version__
from llmkg.load import Document, read_document, read_pack
from llmkg.pack import Pack
from llmkg.release.header import read_header
from llmkg.release.parts import make_parts
from llmkg.scan import tokens
from llmkg.terms import CLAIM, DCTERMS, OWL, RDF, RDFS, SKOS

ROOT = Path(__file__).resolve().parent.parent
FILES = [*sorted((ROOT / "ontology").glob("*.ttl")), ROOT / "data" / "graph.ttl"]
VANN, BIBO = "http://purl.org/vocab/vann/", "http://purl.org/ontology/bibo/"
FOOPS = {
    "OM1": [DCTERMS.title, DCTERMS.description, DCTERMS.license, OWL.versionIRI, DCTERMS.creator],
    "OM1 namespace": [NamedNode(VANN + "preferredNamespaceUri")],
    "OM2": [OWL.versionInfo, DCTERMS.created, DCTERMS.bibliographicCitation],
    "OM2 prefix, FIND1": [NamedNode(VANN + "preferredNamespacePrefix")],
    "OM3": [DCTERMS.publisher, DCTERMS.source, DCTERMS.modified, NamedNode(BIBO + "status")],
}
TERM_KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}


def header(document: Document) -> dict[NamedNode, list[str]]:
    said: dict[NamedNode, list[str]] = {}
    for triple in document.triples:
        if triple.subject == document.graph:
            said.setdefault(triple.predicate, []).append(triple.object.value)
    return said


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_header_has_what_foops_looks_for(path: Path) -> None:
    document = read_document(path)
    said = header(document)
    missing = {check: [p.value for p in wanted if p not in said] for check, wanted in FOOPS.items()}
    assert {check: found for check, found in missing.items() if found} == {}
    assert said[OWL.versionIRI] == [f"{document.graph.value}/{__version__}"]  # VER1: not the IRI itself
    assert re.match(r"https://w3id\.org/", document.graph.value)  # PURL1
    assert said[DCTERMS.license] == ["https://creativecommons.org/licenses/by/4.0/"]  # OM4


def test_the_released_ontology_says_when_it_was_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    """OM3 and OM5 want the date of issue, which a file in the making does not have."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    dataset = read_pack(Pack.open(ROOT))
    root = read_header(dataset.ontology)
    ontology = make_parts(root, dataset, ())[0]
    said = {t.predicate: t.object.value for t in ontology.triples if t.subject.value == ontology.iri}
    assert said[DCTERMS.issued] == f"{root.date}T00:00:00Z"
    assert {p for wanted in FOOPS.values() for p in wanted} <= set(said)


def test_the_version_is_the_same_everywhere() -> None:
    documents = read_pack(Pack.open(ROOT)).documents
    versions = Counter(v for document in documents for v in header(document).get(OWL.versionInfo, ["none"]))
    assert versions == {__version__: len(documents)}
    citations = {c for document in documents for c in header(document).get(DCTERMS.bibliographicCitation, [])}
    assert len(citations) == 1
    assert citations.pop().endswith(f"Version {__version__}.")
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"] == __version__


def ours() -> dict[str, NamedNode]:
    """Return the classes and properties of our own by the end of their IRI, with their kind."""
    found = {}
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        for triple in read_document(path).triples:
            if triple.predicate == RDF.type and triple.object in TERM_KINDS:
                name = triple.subject.value.removeprefix(str(CLAIM))
                found |= {name: triple.object} if name != triple.subject.value else {}
    return found


def names_in(text: str) -> set[str]:
    """Return the names with our prefix in SPARQL text, strings and comments aside."""
    return {token.text.removeprefix("llmkg:") for token in tokens(text) if token.text.startswith("llmkg:")}


def test_every_term_is_used_by_a_query_a_shape_or_a_question() -> None:
    """A term that nothing asks for, checks or answers with is one that nobody needs; this prints them."""
    used = set()
    for path in (ROOT / "queries").rglob("*.rq"):
        used |= names_in(path.read_text(encoding="utf-8"))
    for path in (ROOT / "ontology" / "shapes").glob("*.ttl"):
        for triple in read_document(path).triples:
            text = triple.object.value if triple.predicate.value.endswith("#select") else str(triple.object)
            used |= names_in(text) | {text.removeprefix(f"<{CLAIM}").removesuffix(">")}
    for path in (ROOT / "tests" / "competency").glob("*.yaml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            used |= names_in(entry.get("sparql", ""))
    terms = set(ours())
    assert len(terms) > 110
    assert sorted(terms - used) == []


def test_every_term_has_a_label_and_a_definition(kg: KnowledgeGraph) -> None:
    """VOC3 and VOC4; in both languages, see tests/test_pack.py."""
    said = {(t.subject.value, t.predicate) for t in kg.triples("ontology") if isinstance(t.subject, NamedNode)}
    names = [f"{CLAIM}{name}" for name in ours()]
    assert [name for name in names if (name, RDFS.label) not in said or (name, SKOS.definition) not in said] == []


def test_miro_answers_every_item_and_its_figures_are_true() -> None:
    text = (ROOT / "docs" / "miro.md").read_text(encoding="utf-8")
    items = re.findall(r"^\| ([A-G]\.\d+) ", text, re.MULTILINE)
    counts = {"A": 6, "B": 3, "C": 3, "D": 3, "E": 11, "F": 3, "G": 5}
    assert items == [f"{letter}.{number}" for letter, count in counts.items() for number in range(1, count + 1)]
    kinds = Counter(ours().values())
    figures = re.search(r"(\d+) classes, (\d+) object properties, (\d+) data properties", text)
    assert figures is not None
    assert [int(figure) for figure in figures.groups()] == [
        kinds[kind] for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    ]
