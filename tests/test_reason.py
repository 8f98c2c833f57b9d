"""The closure as a whole: owlrl agrees, order makes no difference, bad input ends well."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from llmkg.errors import EngineError
from llmkg.reason import Closure, find_unsatisfiable, infer
from llmkg.reason.oracle import infer_with_owlrl
from llmkg.terms import OWL, RDF, RDFS, XSD

EX = "http://example.org/"
HEAD = f"@prefix : <{EX}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . "


def node(name: str) -> NamedNode:
    return NamedNode(EX + name)


def read(text: str) -> set[Triple]:
    return {quad.triple for quad in parse(HEAD + text, RdfFormat.TURTLE)}


# -- owlrl as the oracle ----------------------------------------------------------------------

individuals = st.sampled_from([node(name) for name in "abcd"])
properties = st.sampled_from([node(name) for name in "pqr"])
classes = st.sampled_from([node(name) for name in "ABCDE"])
described = st.sampled_from([node(name) for name in "DE"])
# A property whose values are literals; owlrl turns literals into subjects, which is cleaned away,
# but what it then infers from them through inverses differs, so it takes no part in those.
VALUE = node("value")
kinds = st.sampled_from(
    [OWL[f"{kind}Property"] for kind in ("Transitive", "Symmetric", "Functional", "InverseFunctional")]
)


def triples_of(*parts: st.SearchStrategy) -> st.SearchStrategy[list[Triple]]:
    return st.tuples(*parts).map(lambda spo: [Triple(*spo)])


@st.composite
def listed(
    draw: st.DrawFn, subject: st.SearchStrategy, predicate: NamedNode, members: st.SearchStrategy
) -> list[Triple]:
    parts = draw(st.lists(members, min_size=2, max_size=3))
    cells = [BlankNode() for _ in parts]
    triples = [Triple(draw(subject), predicate, cells[0])]
    for number, (cell, part) in enumerate(zip(cells, parts, strict=True)):
        rest = cells[number + 1] if number + 1 < len(cells) else RDF.nil
        triples += [Triple(cell, RDF.first, part), Triple(cell, RDF.rest, rest)]
    return triples


@st.composite
def restriction(draw: st.DrawFn) -> list[Triple]:
    cls = draw(described)
    kind = draw(st.sampled_from(["someValuesFrom", "allValuesFrom", "hasValue", "maxCardinality"]))
    filler = {"hasValue": individuals, "maxCardinality": st.just(Literal("1", datatype=XSD.nonNegativeInteger))}
    return [
        Triple(cls, RDF.type, OWL.Restriction),
        Triple(cls, OWL.onProperty, draw(properties)),
        Triple(cls, OWL[kind], draw(filler.get(kind, classes))),
    ]


axioms = st.one_of(
    triples_of(st.just(VALUE), st.just(RDFS.subPropertyOf), st.just(node("note"))),
    triples_of(st.just(VALUE), st.just(RDFS.domain), classes),
    triples_of(classes, st.just(RDFS.subClassOf), classes),
    triples_of(classes, st.just(OWL.equivalentClass), classes),
    triples_of(properties, st.just(RDFS.subPropertyOf), properties),
    triples_of(properties, st.just(OWL.equivalentProperty), properties),
    triples_of(properties, st.just(RDFS.domain), classes),
    triples_of(properties, st.just(RDFS.range), classes),
    triples_of(properties, st.just(OWL.inverseOf), properties),
    triples_of(properties, st.just(RDF.type), kinds),
    triples_of(classes, st.just(RDF.type), st.just(OWL.Class)),
    listed(properties, OWL.propertyChainAxiom, properties),
    listed(described, OWL.intersectionOf, classes),
    listed(described, OWL.unionOf, classes),
    listed(described, OWL.oneOf, individuals),
    listed(classes, OWL.hasKey, properties),
    restriction(),
)
facts = st.one_of(
    triples_of(individuals, properties, individuals),
    triples_of(individuals, st.just(VALUE), st.just(Literal("v"))),
    triples_of(individuals, st.just(RDF.type), classes),
    triples_of(individuals, st.just(OWL.sameAs), individuals),
)
graphs = st.tuples(st.lists(axioms, max_size=5), st.lists(facts, max_size=7)).map(
    lambda parts: [triple for group in (*parts[0], *parts[1]) for triple in group]
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(graphs)
def test_owlrl_infers_the_same(graph: list[Triple]) -> None:
    theirs, _ = infer_with_owlrl(graph)
    assert sorted(map(str, infer(graph))) == sorted(map(str, theirs))
