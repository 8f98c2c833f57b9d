"""The closure: each rule fires where it must and not where it must not; owlrl agrees."""

from __future__ import annotations

import owlrl
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from llmkg.reason import infer
from llmkg.terms import OWL, RDF, RDFS

HEAD = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def read(text: str) -> set[Triple]:
    return {quad.triple for quad in parse(HEAD + text, RdfFormat.TURTLE)}


# rule of OWL 2 Profiles 4.3, premises, what follows (nothing else does)
RULES = [
    ("cax-sco", ":A rdfs:subClassOf :B . :x a :A .", ":x a :B ."),
    ("cax-eqc", ":A owl:equivalentClass :B . :x a :B .", ":x a :A . :B rdfs:subClassOf :A . :A rdfs:subClassOf :B ."),
    ("scm-sco", ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", ":A rdfs:subClassOf :C ."),
    ("scm-spo", ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .", ":p rdfs:subPropertyOf :r ."),
    ("prp-spo1", ":p rdfs:subPropertyOf :q . :x :p :y .", ":x :q :y ."),
    ("prp-spo1 on a literal", ':p rdfs:subPropertyOf :q . :x :p "v" .', ':x :q "v" .'),
    ("prp-eqp", ":p owl:equivalentProperty :q . :x :q :y .", ":x :p :y . :p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p ."),
    ("prp-inv1", ":p owl:inverseOf :q . :x :p :y .", ":y :q :x ."),
    ("prp-inv2", ":p owl:inverseOf :q . :x :q :y .", ":y :p :x ."),
    ("prp-symp", ":p a owl:SymmetricProperty . :x :p :y .", ":y :p :x ."),
    ("prp-trp", ":p a owl:TransitiveProperty . :x :p :y . :y :p :z . :z :p :w .", ":x :p :z . :y :p :w . :x :p :w ."),
    ("prp-dom", ":p rdfs:domain :A . :x :p :y .", ":x a :A ."),
    ("prp-rng", ":p rdfs:range :A . :x :p :y .", ":y a :A ."),
    ("prp-spo2 of two", ":r owl:propertyChainAxiom (:p :q) . :x :p :y . :y :q :z .", ":x :r :z ."),
    ("prp-spo2 of three", ":r owl:propertyChainAxiom (:p :q :p) . :x :p :y . :y :q :z . :z :p :w .", ":x :r :w ."),
    ("prp-spo2 on itself", ":p owl:propertyChainAxiom (:p :q) . :x :p :y . :y :q :z . :z :q :w .", ":x :p :z . :x :p :w ."),
]
SILENT = [
    ("a literal is no subject: range", ':p rdfs:range :A . :x :p "v" .'),
    ("a literal is no subject: inverse", ':p owl:inverseOf :q . :x :p "v" .'),
    ("a literal is no subject: symmetric", ':p a owl:SymmetricProperty . :x :p "v" .'),
    ("a chain that breaks", ":r owl:propertyChainAxiom (:p :q) . :x :p :y . :w :q :z ."),
    ("a chain whose list is broken", ":r owl:propertyChainAxiom _:b . _:b <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> :p . :x :p :y ."),
    ("another property", ":p a owl:TransitiveProperty . :x :q :y . :y :q :z ."),
    ("the wrong direction", ":A rdfs:subClassOf :B . :x a :B ."),
]


@pytest.mark.parametrize(("premises", "conclusions"), [case[1:] for case in RULES], ids=[case[0] for case in RULES])
def test_rule_gives_exactly_its_conclusions(premises: str, conclusions: str) -> None:
    assert set(infer(read(premises))) == read(conclusions)


@pytest.mark.parametrize("premises", [case[1] for case in SILENT], ids=[case[0] for case in SILENT])
def test_rule_stays_silent(premises: str) -> None:
    assert infer(read(premises)) == []


def test_all_cases_ran() -> None:
    assert (len(RULES), len(SILENT)) == (16, 7)


def test_a_cycle_of_classes_ends() -> None:
    found = infer(read(":A rdfs:subClassOf :B . :B rdfs:subClassOf :A . :x a :A ."))
    assert Triple(NamedNode("http://example.org/x"), RDF.type, NamedNode("http://example.org/B")) in found


def test_closing_the_closure_adds_nothing(kg) -> None:
    assert infer(kg.triples("all")) == []


def test_nothing_inferred_is_asserted(kg) -> None:
    assert not set(kg.triples("inferred")) & set(kg.triples("asserted"))
    assert len(kg.triples("inferred")) == len(set(kg.triples("inferred"))) > 10_000


names = st.sampled_from([NamedNode(f"http://example.org/{name}") for name in "abcd"])
properties = st.sampled_from([NamedNode(f"http://example.org/{name}") for name in ("p", "q", "r")])
classes = st.sampled_from([NamedNode(f"http://example.org/{name}") for name in ("A", "B", "C")])
# A property with literal values of its own: owlrl passes literals through inverses as subjects,
# which is not legal RDF.
LITERAL = NamedNode("http://example.org/value")
axioms = st.one_of(
    st.builds(Triple, st.just(LITERAL), st.just(RDFS.subPropertyOf), st.just(NamedNode("http://example.org/note"))),
    st.builds(Triple, st.just(LITERAL), st.just(RDFS.domain), classes),
    st.builds(Triple, classes, st.just(RDFS.subClassOf), classes),
    st.builds(Triple, properties, st.just(RDFS.subPropertyOf), properties),
    st.builds(Triple, properties, st.just(RDFS.domain), classes),
    st.builds(Triple, properties, st.just(RDFS.range), classes),
    st.builds(Triple, properties, st.just(OWL.inverseOf), properties),
    st.builds(Triple, properties, st.just(RDF.type), st.sampled_from([OWL.TransitiveProperty, OWL.SymmetricProperty])),
)
facts = st.one_of(
    st.builds(Triple, names, properties, names),
    st.builds(Triple, names, st.just(LITERAL), st.just(Literal("v"))),
    st.builds(Triple, names, st.just(RDF.type), classes),
)


def individuals_only(triples: set[Triple]) -> set[Triple]:
    """Keep what is said of individuals in the example namespace: owlrl adds schema noise of its own."""
    subjects = {f"http://example.org/{name}" for name in "abcd"}
    return {
        t
        for t in triples
        if getattr(t.subject, "value", "") in subjects
        and (t.predicate.value.startswith("http://example.org/") or getattr(t.object, "value", "").startswith("http://example.org/"))
        and t.predicate not in (OWL.sameAs,)
    }


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(axioms, max_size=5), st.lists(facts, max_size=6))
def test_owlrl_infers_the_same_of_individuals(schema: list[Triple], data: list[Triple]) -> None:
    asserted = {*schema, *data}
    graph = rdflib.Graph().parse(data="".join(f"{t} .\n" for t in asserted), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    legal = "".join(f"{s.n3()} {p.n3()} {o.n3()} .\n" for s, p, o in graph if not isinstance(s, rdflib.Literal))
    oracle = {quad.triple for quad in parse(legal, RdfFormat.N_TRIPLES)}
    assert individuals_only({*asserted, *infer(asserted)}) == individuals_only(oracle)
