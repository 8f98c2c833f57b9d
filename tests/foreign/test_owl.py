"""What Protégé sees: the OWL API opens every file from a checkout offline and loses nothing; HermiT agrees with us."""

from __future__ import annotations

from collections import Counter
from difflib import ndiff
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from llmkg import KnowledgeGraph
from llmkg.fmt import format_text
from llmkg.load import read_document
from llmkg.terms import OWL, RDF, RDFS

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    str(path.relative_to(ROOT))
    for path in sorted([*(ROOT / "ontology").glob("*.ttl"), *(ROOT / "data").rglob("*.ttl")])
]
# What must never be said of a file, by its key in java/Owl.java.
FAULTS = [
    "missing import",
    "unparsed triple",
    "guessed",
    "undeclared",
    "link as annotation",
    "bad literal",
    "datatype",
    "violation DL",
    "violation RL",
]
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
CHARACTERISTICS = {
    OWL.TransitiveProperty: "TransitiveObjectProperty",
    OWL.SymmetricProperty: "SymmetricObjectProperty",
    OWL.AllDisjointClasses: "DisjointClasses",
}
AXIOMS = {
    RDFS.subClassOf: "SubClassOf",
    RDFS.subPropertyOf: "SubObjectPropertyOf",
    OWL.inverseOf: "InverseObjectProperties",
    OWL.propertyChainAxiom: "SubPropertyChainOf",
    RDFS.label: "AnnotationAssertion",
    RDFS.isDefinedBy: "AnnotationAssertion",
}
# Facts about named individuals that one of the two has and the other has not, with the reason.
ONLY_HERMIT: dict[Triple, str] = {}
ONLY_OURS: dict[Triple, str] = {}


@pytest.fixture(scope="module")
def said(foreign) -> dict[str, dict[str, list[str]]]:
    """Return what the OWL API says of every file, each opened alone."""
    return foreign.owl("check", *FILES)


@pytest.fixture(scope="module")
def closures() -> dict[str, frozenset[Triple]]:
    """Return the triples of every file and of what it imports, found by the names that the files declare."""
    documents = [read_document(ROOT / name, name) for name in FILES]
    by_name = {document.graph.value: document for document in documents}

    def closure(name: str, seen: set[str]) -> set[str]:
        if name not in seen:
            seen.add(name)
            for triple in by_name[name].triples:
                if triple.predicate == OWL.imports:
                    closure(triple.object.value, seen)
        return seen

    return {
        document.name: frozenset(
            triple for name in closure(document.graph.value, set()) for triple in by_name[name].triples
        )
        for document in documents
    }


def axioms(triples: frozenset[Triple]) -> Counter[str]:
    """Count the axioms that the triples make, by the OWL API's names; a triple with no place is a KeyError."""
    kinds = {t.subject: t.object for t in triples if t.predicate == RDF.type and t.object in KINDS}
    headers = {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology}
    sides = {OWL.ObjectProperty: "Object", OWL.DatatypeProperty: "Data", OWL.AnnotationProperty: "Annotation"}
    counts: Counter[str] = Counter()
    for subject, predicate, obj in triples:
        if subject in headers:
            continue
        if predicate == RDF.type:
            counts[CHARACTERISTICS.get(obj) or ("Declaration" if obj in KINDS else "ClassAssertion")] += 1
        elif isinstance(subject, BlankNode):
            assert predicate in (RDF.first, RDF.rest, OWL.members)
        elif predicate in (RDFS.domain, RDFS.range):
            counts[f"{sides[kinds[subject]]}Property{'Domain' if predicate == RDFS.domain else 'Range'}"] += 1
        elif predicate in AXIOMS:
            counts[AXIOMS[predicate]] += 1
        else:
            side = sides[kinds[predicate]]
            counts["AnnotationAssertion" if side == "Annotation" else f"{side}PropertyAssertion"] += 1
    return counts


def test_every_file_is_judged(said) -> None:
    assert len(FILES) >= 42
    assert set(said) == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_file_opens_alone_and_offline_without_a_fault(said, name: str) -> None:
    assert {key: said[name][key] for key in FAULTS if said[name][key]} == {}
    assert set(said[name]["headers"]) == {"PARSED_ONE_HEADER"}
    assert said[name]["profile DL"] == said[name]["profile RL"] == ["true"]
    assert "https://w3id.org/llmkg/shapes" not in said[name]["ontology"]


@pytest.mark.parametrize("name", FILES)
def test_no_axiom_is_lost(said, closures, name: str) -> None:
    counts = {key.removeprefix("axioms "): int(n[0]) for key, n in said[name].items() if key.startswith("axioms ")}
    assert counts == axioms(closures[name])


def test_the_whole_graph_has_what_we_count(said, kg) -> None:
    kinds = Counter(t.object for t in kg.triples("asserted") if t.predicate == RDF.type and t.object in KINDS)
    whole = said["data/graph.ttl"]
    assert whole["classes"] == [str(kinds[OWL.Class])]
    assert whole["object properties"] == [str(kinds[OWL.ObjectProperty])]
    assert whole["data properties"] == [str(kinds[OWL.DatatypeProperty])]
    assert int(whole["individuals"][0]) > 2800


def test_only_properties_that_claims_are_about_have_two_roles(said, kg) -> None:
    claimed = {row[0].value for row in kg.sparql("SELECT DISTINCT ?p WHERE { ?claim llmkg:claimProperty ?p }")}
    punned = dict(line.split(" ", 1) for line in said["data/graph.ttl"]["punned"])
    assert set(punned) == claimed
    assert set(punned.values()) <= {"NamedIndividual ObjectProperty", "DataProperty NamedIndividual"}


def individual_facts(kg: KnowledgeGraph) -> set[Triple]:
    """Return the types by named classes and the links by object properties in the closure."""
    triples = kg.triples("all")
    declared = {kind: {t.subject for t in triples if t.predicate == RDF.type and t.object == kind} for kind in KINDS}
    return {
        t
        for t in triples
        if t.predicate in declared[OWL.ObjectProperty] or (t.predicate == RDF.type and t.object in declared[OWL.Class])
    }


def test_hermit_finds_no_fault_and_infers_what_we_infer(foreign, kg, tmp_path: Path) -> None:
    """Both ways: each fact about named individuals that one has the other has too."""
    said = foreign.owl("reason", tmp_path / "inferred.nt", "data/graph.ttl")["data/graph.ttl"]
    assert said["consistent"] == ["true"]
    assert said["unsatisfiable"] == []
    theirs = {quad.triple for quad in parse(path=tmp_path / "inferred.nt", format=RdfFormat.N_TRIPLES)}
    ours = individual_facts(kg)
    assert len(ours - set(kg.triples("asserted"))) > 11_000
    assert theirs - ours == set(ONLY_HERMIT)
    assert ours - theirs == set(ONLY_OURS)


@pytest.mark.parametrize("name", ["ontology/core.ttl", "ontology/vocabulary.ttl", "data/mitigations.ttl"])
def test_after_an_edit_in_protege_fmt_leaves_the_edit_alone(foreign, tmp_path: Path, name: str) -> None:
    new = [f"https://w3id.org/llmkg/{end}" for end in ("mitigation/adapters", "ontology#addresses", "challenge/biases")]
    foreign.owl("edit", name, *new, tmp_path / "as-turtle.ttl", tmp_path / "as-rdfxml.ttl")
    before = (ROOT / name).read_text(encoding="utf-8").splitlines()
    for saved in ("as-turtle.ttl", "as-rdfxml.ttl"):
        text = (tmp_path / saved).read_text(encoding="utf-8")
        assert "Generated by the OWL API" in text
        changed = [line for line in ndiff(before, format_text(text, saved).splitlines()) if line[0] in "+-"]
        assert not [line for line in changed if line[0] == "-"]
        assert "+     llmkg:addresses " in "\n".join(changed)
        # One line for a thing of the file; for another a block of its own.
        assert len(changed) == (1 if name == "data/mitigations.ttl" else 5)


def test_a_contradiction_is_seen(foreign, tmp_path: Path) -> None:
    """The judge judges: a thing of two disjoint classes, a link that is no link, an import that is not there."""
    bad = tmp_path / "bad.ttl"
    bad.write_text(
        """\
@prefix : <https://example.org/zoo#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<https://example.org/zoo> a owl:Ontology ; owl:imports <https://example.org/nowhere> .
:Cat a owl:Class ; owl:disjointWith :Dog .
:Dog a owl:Class .
:felix a :Cat, :Dog ; :eats :jerry .
:jerry a :Dog .
""",
        encoding="utf-8",
    )
    said = foreign.owl("check", bad)[str(bad)]
    assert said["missing import"] == ["https://example.org/nowhere"]
    assert said["undeclared"] == ["AnnotationProperty https://example.org/zoo#eats"]
    assert said["link as annotation"] == ["https://example.org/zoo#eats"]
    assert foreign.owl("reason", tmp_path / "out.nt", bad)[str(bad)]["consistent"] == ["false"]
