"""Alignments: declared, explained, exported as SSSOM, and removable without harm."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from llmkg import KnowledgeGraph
from llmkg.load import read_document
from llmkg.terms import CLAIM, OWL, RDF, RDFS, SKOS

ROOT = Path(__file__).resolve().parent.parent
OURS = "https://w3id.org/llmkg"
RELATIONS = (RDFS.subClassOf, SKOS.closeMatch, SKOS.relatedMatch)
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)


@pytest.fixture(scope="module")
def alignments() -> list[Triple]:
    return [t for t in read_document(ROOT / "ontology" / "alignments.ttl").triples if t.predicate in RELATIONS]


def test_the_mapping_file_is_what_the_ontology_says() -> None:
    command = [sys.executable, "mappings/sssom.py", "--check"]
    ran = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_every_external_term_is_declared_with_its_kind(alignments: list[Triple]) -> None:
    document = read_document(ROOT / "ontology" / "alignments.ttl")
    declared = {t.subject for t in document.triples if t.predicate == RDF.type and t.object in KINDS}
    external = {t.object for t in alignments if not t.object.value.startswith((str(RDF), str(SKOS)))}
    assert len(external) > 40
    assert external <= declared
    assert {t.subject.value.split("#")[0] for t in alignments} == {f"{OURS}/ontology"}


def test_the_classes_people_rely_on_are_aligned_or_said_to_have_no_counterpart(alignments: list[Triple]) -> None:
    aligned = {t.subject for t in alignments}
    text = (ROOT / "docs" / "alignments.md").read_text(encoding="utf-8")
    relied_on = (
        "Application Challenge Mitigation Constraint System Model Dataset Paper Organization Source Section Claim"
    )
    without = {name for name in [*relied_on.split(), "Obstacle"] if CLAIM[name] not in aligned}
    assert without == {"Constraint", "Obstacle"}
    assert all(f"`{name}`" in text for name in without)


def is_ours(triple: Triple) -> bool:
    """Tell whether a triple says something about our terms and things by our own terms."""
    parts = (triple.subject, triple.object)
    if any(isinstance(part, NamedNode) and not part.value.startswith((OURS, str(OWL))) for part in parts):
        return False
    return triple.predicate not in (SKOS.closeMatch, SKOS.relatedMatch)


def test_without_the_alignments_the_rest_stays_as_it_is(kg: KnowledgeGraph, tmp_path: Path) -> None:
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "ontology" / "alignments.ttl").unlink()
    root = tmp_path / "ontology" / "llmkg.ttl"
    text = root.read_text(encoding="utf-8")
    line = "    owl:imports <https://w3id.org/llmkg/alignments> ;\n"
    assert line in text
    root.write_text(text.replace(line, ""), encoding="utf-8")
    bare = KnowledgeGraph.open(tmp_path, cache=False)
    header = f"<{OURS}/alignments>"
    kept = {t for t in kg.triples() if is_ours(t) and header not in (str(t.subject), str(t.object))}
    assert len(kept) > 30_000
    assert {t for t in bare.triples() if is_ours(t)} == kept
    gone = set(kg.triples()) - set(bare.triples())
    assert not [t for t in gone if isinstance(t.object, Literal) and header != str(t.subject)]


def test_without_the_alignments_a_query_has_the_same_rows(kg: KnowledgeGraph) -> None:
    """No saved query asks for a term of another vocabulary but those for labels and notes."""
    text = "".join(query.text for query in kg.queries.values())
    prefixes = set(re.findall(r"PREFIX (\w+): <([^>]+)>", text))
    known = (OURS, str(RDF), str(RDFS), str(SKOS), str(OWL), "http://www.w3.org/2001/XMLSchema#")
    assert {iri for _, iri in prefixes if not iri.startswith(known)} == set()
