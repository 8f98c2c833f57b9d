"""Every rule of OWL 2 RL (OWL 2 Profiles, section 4.3): where it fires, where it must not."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, RdfFormat, Triple, parse

from llmkg.reason import Closure, find_clashes, trivial
from llmkg.terms import OWL

HEAD = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def read(text: str) -> set[Triple]:
    return {quad.triple for quad in parse(HEAD + text, RdfFormat.TURTLE)}


def close(text: str) -> Closure:
    closure = Closure(read(text))
    closure.run()
    return closure


# Tables 4 to 9, rule by rule: the rules that infer triples. Each has a graph, exactly what follows
# from it (trivial triples left out), and a graph like it from which nothing follows.
SOME = ":X owl:onProperty :p ; owl:someValuesFrom :Y . "
ALL = ":X owl:onProperty :p ; owl:allValuesFrom :Y . "
HAS = ":X owl:onProperty :p ; owl:hasValue :v . "
MOST = ":X owl:onProperty :p ; owl:maxCardinality 1 . "
MOST_OF = ":X owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass :Y . "
MOST_THING = ":X owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass owl:Thing . "
OWN = ("owl:sameAs", "rdf:type", "rdfs:domain")
INFERS = {
    "eq-sym": (":a owl:sameAs :b .", ":b owl:sameAs :a .", ":a owl:differentFrom :b ."),
    "eq-trans": (
        ":a owl:sameAs :b . :b owl:sameAs :c .",
        ":a owl:sameAs :c . :b owl:sameAs :a . :c owl:sameAs :a, :b .",
        ":a rdfs:seeAlso :b . :b rdfs:seeAlso :c .",
    ),
    "eq-rep-s": (":a owl:sameAs :b . :a :p :x .", ":b owl:sameAs :a . :b :p :x .", ":a :p :x ."),
    "eq-rep-p": (":p owl:sameAs :q . :a :p :x .", ":q owl:sameAs :p . :a :q :x .", ":a :p :x . :q a :Relation ."),
    "eq-rep-o": (":a owl:sameAs :b . :x :p :a .", ":b owl:sameAs :a . :x :p :b .", ":x :p :a ."),
    "prp-dom": (":p rdfs:domain :A . :x :p 1 .", ":x a :A .", ":p rdfs:domain :A . :x :q 1 ."),
    "prp-rng": (":p rdfs:range :A . :x :p :y .", ":y a :A .", ':p rdfs:range :A . :x :p "v" .'),
    "prp-fp": (
        ":p a owl:FunctionalProperty . :x :p :a, :b .",
        ":a owl:sameAs :b . :b owl:sameAs :a .",
        ":p a owl:FunctionalProperty . :x :p :a . :y :p :b .",
    ),
    "prp-ifp": (
        ":p a owl:InverseFunctionalProperty . :x :p :a . :y :p :a .",
        ":x owl:sameAs :y . :y owl:sameAs :x .",
        ":p a owl:InverseFunctionalProperty . :x :p :a . :y :p :b .",
    ),
    "prp-symp": (":p a owl:SymmetricProperty . :x :p :y .", ":y :p :x .", ':p a owl:SymmetricProperty . :x :p "v" .'),
    "prp-trp": (
        ":p a owl:TransitiveProperty . :x :p :y . :y :p :z . :z :p :w .",
        ":x :p :z, :w . :y :p :w .",
        ":p a owl:TransitiveProperty . :x :p :y . :z :p :w .",
    ),
    "prp-spo1": (':p rdfs:subPropertyOf :q . :x :p "v" .', ':x :q "v" .', ":p rdfs:subPropertyOf :q . :x :q :y ."),
    "prp-spo2": (
        ":r owl:propertyChainAxiom (:p :q :p) . :x :p :y . :y :q :z . :z :p :w .",
        ":x :r :w .",
        ":r owl:propertyChainAxiom (:p :q) . :x :p :y . :w :q :z .",
    ),
    "prp-eqp1": (
        ":p owl:equivalentProperty :q . :x :p :y .",
        ":x :q :y . :p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p ; owl:equivalentProperty :p .",
        ":p owl:differentFrom :q . :x :p :y .",
    ),
    "prp-eqp2": (
        ":p owl:equivalentProperty :q . :x :q :y .",
        ":x :p :y . :p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p ; owl:equivalentProperty :p .",
        ":p owl:differentFrom :q . :x :q :y .",
    ),
    "prp-inv1": (":p owl:inverseOf :q . :x :p :y .", ":y :q :x .", ":p owl:inverseOf :q . :x :r :y ."),
    "prp-inv2": (":p owl:inverseOf :q . :x :q :y .", ":y :p :x .", ':p owl:inverseOf :q . :x :q "v" .'),
    "prp-key": (
        ":C owl:hasKey (:p :q) . :x a :C ; :p 1 ; :q 2 . :y a :C ; :p 1 ; :q 2 .",
        ":x owl:sameAs :y . :y owl:sameAs :x .",
        ":C owl:hasKey (:p :q) . :x a :C ; :p 1 ; :q 2 . :y a :C ; :p 1 ; :q 3 . :z :p 1 ; :q 2 .",
    ),
    "cls-int1": (
        ":C owl:intersectionOf (:A :B) . :x a :A, :B .",
        ":x a :C . :C rdfs:subClassOf :A, :B .",
        None,
    ),
    "cls-int2": (
        ":C owl:intersectionOf (:A :B) . :x a :C .",
        ":x a :A, :B . :C rdfs:subClassOf :A, :B .",
        None,
    ),
    "cls-uni": (
        ":C owl:unionOf (:A :B) . :x a :B .",
        ":x a :C . :A rdfs:subClassOf :C . :B rdfs:subClassOf :C .",
        None,
    ),
    "cls-svf1": (SOME + ":u :p :v . :v a :Y .", ":u a :X .", SOME + ":u :p :v . :u a :Y ."),
    "cls-svf2": (
        ":X owl:onProperty :p ; owl:someValuesFrom owl:Thing . :u :p 1 .",
        ":u a :X .",
        ":X owl:onProperty :p ; owl:someValuesFrom owl:Thing . :u :q 1 .",
    ),
    "cls-avf": (ALL + ":u a :X ; :p :v .", ":v a :Y .", ALL + ":u :p :v ."),
    "cls-hv1": (HAS + ":u a :X .", ":u :p :v .", HAS + ":u a :Y ."),
    "cls-hv2": (HAS + ":u :p :v .", ":u a :X .", HAS + ":u :p :w ."),
    "cls-maxc2": (
        MOST + ":u a :X ; :p :a, :b .",
        ":a owl:sameAs :b . :b owl:sameAs :a .",
        MOST + ":u :p :a, :b .",
    ),
    "cls-maxqc3": (
        MOST_OF + ":u a :X ; :p :a, :b . :a a :Y . :b a :Y .",
        ":a owl:sameAs :b . :b owl:sameAs :a .",
        MOST_OF + ":u a :X ; :p :a, :b . :a a :Y .",
    ),
    "cls-maxqc4": (
        MOST_THING + ":u a :X ; :p :a, :b .",
        ":a owl:sameAs :b . :b owl:sameAs :a .",
        MOST_THING + ":u :p :a, :b .",
    ),
    "cls-oo": (":C owl:oneOf (:a :b) .", ":a a :C . :b a :C .", ":C owl:oneOf () ."),
    "cax-sco": (":A rdfs:subClassOf :B . :x a :A .", ":x a :B .", ":A rdfs:subClassOf :B . :x a :B ."),
    "cax-eqc1": (
        ":A owl:equivalentClass :B . :x a :A .",
        ":x a :B . :A rdfs:subClassOf :B . :B rdfs:subClassOf :A ; owl:equivalentClass :A .",
        ":A owl:complementOf :B . :x a :A .",
    ),
    "cax-eqc2": (
        ":A owl:equivalentClass :B . :x a :B .",
        ":x a :A . :A rdfs:subClassOf :B . :B rdfs:subClassOf :A ; owl:equivalentClass :A .",
        ":A owl:complementOf :B . :x a :B .",
    ),
    "dt-eq": (
        ':x :p "1"^^xsd:integer . :y :p "1.0"^^xsd:decimal .',
        ':x :p "1.0"^^xsd:decimal . :y :p "1"^^xsd:integer .',
        ':x :p "1"^^xsd:integer . :y :p "1"^^xsd:double . :z :p "1" .',
    ),
    "dt-type2": (
        ":X owl:onProperty :p ; owl:someValuesFrom xsd:nonNegativeInteger . :u :p 5 .",
        ":u a :X .",
        ":X owl:onProperty :p ; owl:someValuesFrom xsd:nonNegativeInteger . :u :p -5, 1.5, true .",
    ),
    "scm-sco": (
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .",
        ":A rdfs:subClassOf :C .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-eqc1": (
        ":A owl:equivalentClass :B .",
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :A ; owl:equivalentClass :A .",
        ":A owl:disjointWith :B .",
    ),
    "scm-eqc2": (
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .",
        ":A owl:equivalentClass :B . :B owl:equivalentClass :A .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-spo": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .",
        ":p rdfs:subPropertyOf :r .",
        ":p rdfs:subPropertyOf :q .",
    ),
    "scm-eqp1": (
        ":p owl:equivalentProperty :q .",
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p ; owl:equivalentProperty :p .",
        ":p owl:propertyDisjointWith :q .",
    ),
    "scm-eqp2": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
        ":p owl:equivalentProperty :q . :q owl:equivalentProperty :p .",
        ":p rdfs:subPropertyOf :q .",
    ),
    "scm-dom1": (
        ":p rdfs:domain :A . :A rdfs:subClassOf :B .",
        ":p rdfs:domain :B .",
        ":p rdfs:domain :B . :A rdfs:subClassOf :B .",
    ),
    "scm-dom2": (
        ":q rdfs:domain :A . :p rdfs:subPropertyOf :q .",
        ":p rdfs:domain :A .",
        ":p rdfs:domain :A . :p rdfs:subPropertyOf :q .",
    ),
    "scm-rng1": (
        ":p rdfs:range :A . :A rdfs:subClassOf :B .",
        ":p rdfs:range :B .",
        ":p rdfs:range :B . :A rdfs:subClassOf :B .",
    ),
    "scm-rng2": (
        ":q rdfs:range :A . :p rdfs:subPropertyOf :q .",
        ":p rdfs:range :A .",
        ":p rdfs:range :A . :p rdfs:subPropertyOf :q .",
    ),
    "scm-hv": (
        HAS + ":Z owl:onProperty :q ; owl:hasValue :v . :p rdfs:subPropertyOf :q .",
        ":X rdfs:subClassOf :Z .",
        HAS + ":Z owl:onProperty :q ; owl:hasValue :w . :p rdfs:subPropertyOf :q .",
    ),
    "scm-svf1": (
        SOME + ":Z owl:onProperty :p ; owl:someValuesFrom :W . :Y rdfs:subClassOf :W .",
        ":X rdfs:subClassOf :Z .",
        SOME + ":Z owl:onProperty :q ; owl:someValuesFrom :W . :Y rdfs:subClassOf :W .",
    ),
    "scm-svf2": (
        SOME + ":Z owl:onProperty :q ; owl:someValuesFrom :Y . :p rdfs:subPropertyOf :q .",
        ":X rdfs:subClassOf :Z .",
        SOME + ":Z owl:onProperty :q ; owl:someValuesFrom :Y . :p rdfs:subPropertyOf :r .",
    ),
    "scm-avf1": (
        ALL + ":Z owl:onProperty :p ; owl:allValuesFrom :W . :Y rdfs:subClassOf :W .",
        ":X rdfs:subClassOf :Z .",
        ALL + ":Z owl:onProperty :q ; owl:allValuesFrom :W . :Y rdfs:subClassOf :W .",
    ),
    "scm-avf2": (
        ALL + ":Z owl:onProperty :q ; owl:allValuesFrom :Y . :p rdfs:subPropertyOf :q .",
        ":Z rdfs:subClassOf :X .",
        ALL + ":Z owl:onProperty :q ; owl:allValuesFrom :Y . :p rdfs:subPropertyOf :r .",
    ),
    "scm-int": (":C owl:intersectionOf (:A :B) .", ":C rdfs:subClassOf :A, :B .", ":C owl:oneOf () ."),
    "scm-uni": (":C owl:unionOf (:A :B) .", ":A rdfs:subClassOf :C . :B rdfs:subClassOf :C .", ":C owl:oneOf () ."),
}
# What follows from these graphs holds of the class descriptions alone, not of :x.
PARTLY = {
    "cls-int1": (":C owl:intersectionOf (:A :B) . :x a :A .", ":C rdfs:subClassOf :A, :B ."),
    "cls-int2": (":C owl:intersectionOf (:A :B) . :x a :D .", ":C rdfs:subClassOf :A, :B ."),
    "cls-uni": (":C owl:unionOf (:A :B) . :x a :D .", ":A rdfs:subClassOf :C . :B rdfs:subClassOf :C ."),
}
# The rules that conclude ``false``: a graph with a clash of that rule alone, and one without any.
NEGATIVE = "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; "
CLASHES = {
    "eq-diff1": (":a owl:sameAs :b ; owl:differentFrom :b .", ":a owl:sameAs :b . :a owl:differentFrom :c ."),
    "eq-diff2": (
        "[] a owl:AllDifferent ; owl:members (:c :a :b) . :a owl:sameAs :b .",
        "[] a owl:AllDifferent ; owl:members (:c :a) . :a owl:sameAs :b .",
    ),
    "eq-diff3": (
        "[] a owl:AllDifferent ; owl:distinctMembers (:a :b) . :a owl:sameAs :b .",
        "[] a owl:AllDifferent ; owl:distinctMembers (:a :c) . :a owl:sameAs :b .",
    ),
    "prp-irp": (":p a owl:IrreflexiveProperty . :x :p :x .", ":p a owl:IrreflexiveProperty . :x :p :y ."),
    "prp-asyp": (":p a owl:AsymmetricProperty . :x :p :y . :y :p :x .", ":p a owl:AsymmetricProperty . :x :p :y ."),
    "prp-pdw": (
        ":p owl:propertyDisjointWith :q . :x :p 1 ; :q 1 .",
        ":p owl:propertyDisjointWith :q . :x :p 1 ; :q 2 .",
    ),
    "prp-adp": (
        "[] a owl:AllDisjointProperties ; owl:members (:p :q) . :x :p :y ; :q :y .",
        "[] a owl:AllDisjointProperties ; owl:members (:p :q) . :x :p :y ; :q :z .",
    ),
    "prp-npa1": (NEGATIVE + "owl:targetIndividual :y . :x :p :y .", NEGATIVE + "owl:targetIndividual :y . :x :p :z ."),
    "prp-npa2": (NEGATIVE + "owl:targetValue 1 . :x :p 1 .", NEGATIVE + "owl:targetValue 1 . :x :p 2 ."),
    "cls-nothing2": (":x a owl:Nothing .", ":x a owl:Thing ."),
    "cls-com": (":A owl:complementOf :B . :x a :A, :B .", ":A owl:complementOf :B . :x a :A . :y a :B ."),
    "cls-maxc1": (
        ":X owl:onProperty :p ; owl:maxCardinality 0 . :u a :X ; :p 1 .",
        ":X owl:onProperty :p ; owl:maxCardinality 0 . :u a :X . :v :p 1 .",
    ),
    "cls-maxqc1": (
        ":X owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onClass :Y . :u a :X ; :p :v . :v a :Y .",
        ":X owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onClass :Y . :u a :X ; :p :v .",
    ),
    "cls-maxqc2": (
        ":X owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onClass owl:Thing . :u a :X ; :p :v .",
        ":X owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onClass owl:Thing . :u a :X .",
    ),
    "cax-dw": (":A owl:disjointWith :B . :x a :A, :B .", ":A owl:disjointWith :B . :x a :A . :y a :B ."),
    "cax-adc": (
        "[] a owl:AllDisjointClasses ; owl:members (:C :A :B) . :x a :A, :B .",
        "[] a owl:AllDisjointClasses ; owl:members (:C :A :B) . :x a :A . :y a :B .",
    ),
    "dt-diff": (
        ':p a owl:FunctionalProperty . :x :p "a", "b" .',
        ':p a owl:FunctionalProperty . :x :p 1, "1.0"^^xsd:decimal .',
    ),
    "dt-not-type": (":p rdfs:range xsd:integer . :x :p 1.5 .", ":p rdfs:range xsd:decimal . :x :p 15 ."),
}
# The rules whose conclusions hold in every graph: given only when asked for.
TRIVIAL = {
    "eq-ref": (":x :p :y .", ":x owl:sameAs :x . :p owl:sameAs :p . :y owl:sameAs :y ."),
    "prp-ap": (":x :p :y .", "rdfs:label a owl:AnnotationProperty ."),
    "cls-thing": (":x :p :y .", "owl:Thing a owl:Class ."),
    "cls-nothing1": (":x :p :y .", "owl:Nothing a owl:Class ."),
    "dt-type1": (":x :p :y .", "xsd:integer a rdfs:Datatype ."),
    "scm-cls": (
        ":A a owl:Class .",
        ":A rdfs:subClassOf :A, owl:Thing ; owl:equivalentClass :A . owl:Nothing rdfs:subClassOf :A .",
    ),
    "scm-op": (":p a owl:ObjectProperty .", ":p rdfs:subPropertyOf :p ; owl:equivalentProperty :p ."),
    "scm-dp": (":p a owl:DatatypeProperty .", ":p rdfs:subPropertyOf :p ; owl:equivalentProperty :p ."),
}


def test_every_rule_of_the_specification_is_here() -> None:
    rules = [*INFERS, *CLASHES, *TRIVIAL]
    assert len(rules) == len(set(rules)) == 9 + 20 + 19 + 5 + 5 + 20  # tables 4 to 9


@pytest.mark.parametrize("rule", INFERS)
def test_rule_infers_exactly_its_conclusions(rule: str) -> None:
    graph, conclusions, _ = INFERS[rule]
    closure = close(graph)
    assert set(closure.inferred()) == read(conclusions)
    assert find_clashes(closure) == []


@pytest.mark.parametrize("rule", INFERS)
def test_rule_stays_silent(rule: str) -> None:
    graph = INFERS[rule][2]
    graph, conclusions = PARTLY[rule] if graph is None else (graph, "")
    assert set(close(graph).inferred()) == read(conclusions)


@pytest.mark.parametrize("rule", CLASHES)
def test_rule_finds_the_clash(rule: str) -> None:
    (clash,) = find_clashes(close(CLASHES[rule][0]))
    assert clash.rule == rule
    assert clash.premises or clash.about


@pytest.mark.parametrize("rule", CLASHES)
def test_rule_finds_no_clash(rule: str) -> None:
    assert find_clashes(close(CLASHES[rule][1])) == []


@pytest.mark.parametrize("rule", TRIVIAL)
def test_rule_is_left_out_unless_asked_for(rule: str) -> None:
    graph, conclusions = TRIVIAL[rule]
    assert list(close(graph).inferred()) == []
    assert read(conclusions) <= set(trivial(read(graph)))


# Beyond single rules: what rules do together.
TOGETHER = {
    "types reach through a restriction and a hierarchy": (
        SOME + ":Y2 rdfs:subClassOf :Y . :X rdfs:subClassOf :Z . :u :p :v . :v a :Y2 .",
        ":v a :Y . :u a :X, :Z .",
    ),
    "Thing as the lower class": (
        "owl:Thing rdfs:subClassOf :C . :A a owl:Class . :x a :A .",
        ":x a :C . :A rdfs:subClassOf :C .",
    ),
    "an axiom that is inferred": (
        ":K owl:onProperty rdf:type ; owl:hasValue owl:TransitiveProperty . :p a :K . :x :p :y . :y :p :z .",
        ":p a owl:TransitiveProperty . :x :p :z .",
    ),
    "a sub-property of rdfs:subClassOf": (
        ":below rdfs:subPropertyOf rdfs:subClassOf . :A :below :B . :x a :A .",
        ":A rdfs:subClassOf :B . :x a :B .",
    ),
    "merged properties share their axioms": (
        ":p owl:sameAs :q . :p a owl:SymmetricProperty . :x :q :y .",
        ":q owl:sameAs :p ; a owl:SymmetricProperty . :x :p :y . :y :p :x ; :q :x .",
    ),
    "merged classes share their instances": (
        ":A owl:sameAs :B . :A rdfs:subClassOf :C . :x a :B .",
        ":B owl:sameAs :A ; rdfs:subClassOf :C . :x a :A, :C .",
    ),
    "merging goes on": (
        ":p a owl:FunctionalProperty . :x :p :a, :b . :a :p :c . :b :p :d .",
        ":a owl:sameAs :b ; :p :d . :b owl:sameAs :a ; :p :c . :c owl:sameAs :d . :d owl:sameAs :c .",
    ),
    "a literal as subject on the way": (
        ':p owl:inverseOf :q . :q owl:inverseOf :r . :x :p "v" .',
        ':x :r "v" .',
    ),
    "a key over merged values": (
        ":C owl:hasKey (:p) . :x a :C ; :p :a . :y a :C ; :p :b . :a owl:sameAs :b .",
        ":x owl:sameAs :y ; :p :b . :y owl:sameAs :x ; :p :a . :b owl:sameAs :a .",
    ),
    "a bound that is written otherwise": (
        ":A owl:onProperty :p ; owl:maxCardinality 1 . :x a :A ; :p :a, :b . :p :note 1.0 .",
        ":a owl:sameAs :b . :b owl:sameAs :a . :A owl:maxCardinality 1.0 . :p :note 1 .",
    ),
    "two restrictions on an undeclared property are not compared with themselves": (
        ":A owl:onProperty :p ; owl:hasValue :b . :B owl:onProperty :p ; owl:hasValue :b .",
        "",
    ),
    "two restrictions on a declared property are": (
        ":p a owl:ObjectProperty . :A owl:onProperty :p ; owl:hasValue :b . :B owl:onProperty :p ; owl:hasValue :b .",
        ":A rdfs:subClassOf :B ; owl:equivalentClass :B . :B rdfs:subClassOf :A ; owl:equivalentClass :A .",
    ),
    "a super-property of owl:sameAs": (
        ":f a owl:FunctionalProperty . owl:sameAs rdfs:subPropertyOf :p . :p rdfs:domain :C . :x :f :a, :b .",
        """:a owl:sameAs :b ; :p :a, :b . :b owl:sameAs :a ; :p :a, :b . :x :p :x . :p :p :p . :f :p :f . :C :p :C .
        :a a :C . :b a :C . :x a :C . :p a :C . :f a :C . :C a :C . owl:sameAs rdfs:domain :C .
        """
        + "".join(f"{term} :p {term} ; a :C . " for term in (*OWN, "rdfs:subPropertyOf", "owl:FunctionalProperty")),
    ),
    "an inverse of owl:sameAs": (
        ":p owl:inverseOf owl:sameAs . :a owl:sameAs :b .",
        (
            ":a :p :a, :b . :b :p :a, :b ; owl:sameAs :a . :p :p :p . "
            "owl:sameAs :p owl:sameAs . owl:inverseOf :p owl:inverseOf ."
        ),
    ),
    "a property that is owl:sameAs itself": (
        ":p owl:sameAs owl:sameAs . :a :p :b .",
        """:p :p :p, owl:sameAs . owl:sameAs :p :p, owl:sameAs ; owl:sameAs :p .
        :a owl:sameAs :b ; :p :a . :b owl:sameAs :a ; :p :a, :b .""",
    ),
    "a chain through owl:sameAs": (
        ":p owl:propertyChainAxiom (:q owl:sameAs :q) . :f a owl:FunctionalProperty . :x :f :a, :b . :y :q :a . :b :q :z .",
        ":a owl:sameAs :b ; :q :z . :b owl:sameAs :a . :y :q :b ; :p :z .",
    ),
    "some of what a thing is": (":X owl:onProperty owl:sameAs ; owl:someValuesFrom :Y . :a a :Y .", ":a a :X ."),
    "a super-property of rdfs:subClassOf": (
        "rdfs:subClassOf rdfs:subPropertyOf :below . :A a owl:Class .",
        ":A :below :A, owl:Thing . owl:Thing :below owl:Thing . owl:Nothing :below :A, owl:Nothing, owl:Thing .",
    ),
    "declared classes that are the same are equivalent": (
        ":A a owl:Class ; owl:sameAs :B .",
        """:A rdfs:subClassOf :B ; owl:equivalentClass :B .
        :B a owl:Class ; owl:sameAs :A ; rdfs:subClassOf :A ; owl:equivalentClass :A .""",
    ),
    "classes that are the same, in a circle": (
        ":A rdfs:subClassOf :C . :C rdfs:subClassOf :A . :A owl:sameAs :B .",
        """:A owl:equivalentClass :B, :C ; rdfs:subClassOf :B . :B owl:equivalentClass :A, :C ; rdfs:subClassOf :A, :C .
        :C owl:equivalentClass :A, :B ; rdfs:subClassOf :B . :B owl:sameAs :A .""",
    ),
    "classes that are the same, of which one is found to be below itself": (
        SOME + ":X owl:someValuesFrom :Z ; owl:sameAs :W . :Y rdfs:subClassOf :Z .",
        """:X rdfs:subClassOf :W ; owl:equivalentClass :W . :W rdfs:subClassOf :X ; owl:equivalentClass :X .
        :W owl:sameAs :X ; owl:onProperty :p ; owl:someValuesFrom :Y, :Z .""",
    ),
    "classes that are the same but not declared": (":A owl:sameAs :B .", ":B owl:sameAs :A ."),
    "declared properties that are the same are equivalent": (
        ":p a owl:DatatypeProperty ; owl:sameAs :q .",
        """:p rdfs:subPropertyOf :q ; owl:equivalentProperty :q .
        :q a owl:DatatypeProperty ; owl:sameAs :p ; rdfs:subPropertyOf :p ; owl:equivalentProperty :p .""",
    ),
    "a class that is the same as Thing": (
        ":A owl:sameAs owl:Thing . :C a owl:Class . :x a :C .",
        """owl:Thing owl:sameAs :A ; rdfs:subClassOf :A ; owl:equivalentClass :A . :x a :A .
        :A a owl:Class ; owl:equivalentClass owl:Thing . :C rdfs:subClassOf :A .""",
    ),
    "what is below itself is equivalent to itself": (
        ":D rdfs:subClassOf :D . owl:equivalentClass rdfs:domain :D .",
        ":D a :D . owl:Thing a :D . owl:Nothing a :D .",
    ),
    "a restriction that is another thing": (
        ":A owl:sameAs :B ; owl:onProperty :p ; owl:someValuesFrom owl:Thing .",
        """:A rdfs:subClassOf :B ; owl:equivalentClass :B .
        :B owl:sameAs :A ; rdfs:subClassOf :A ; owl:equivalentClass :A ; owl:onProperty :p ; owl:someValuesFrom owl:Thing .""",
    ),
    "Nothing is below Thing": (
        ":p rdfs:range owl:Nothing . owl:Thing rdfs:subClassOf :B .",
        ":p rdfs:range :B .",
    ),
    "Nothing is below each declared class": (":B a owl:Class . :c a owl:Nothing .", ":c a :B ."),
    "Nothing is a class": (
        ":B owl:onProperty :q ; owl:hasValue owl:Nothing . rdf:type owl:propertyChainAxiom (:q rdf:type) . :b a :B .",
        ":b :q owl:Nothing ; a owl:Class .",
    ),
    "two domains that are the same": (
        ":v rdfs:domain :A, :B . :A owl:sameAs :B . :a :v 1 .",
        ":B owl:sameAs :A . :a a :A, :B .",
    ),
    "a thing that is the same as a number": (
        ":p a owl:FunctionalProperty . :y :p :x, 5 . :q rdfs:range xsd:integer .",
        ":x owl:sameAs 5 ; a xsd:integer .",
    ),
    "a bound that is the same as two things": (
        """:one owl:sameAs :uno . :f a owl:FunctionalProperty . :z :f :one, 1 . :X owl:onProperty :p ; owl:maxCardinality 1 .
        :k :f :s, :t . :s rdfs:subPropertyOf :p . :x a :X ; :p :v ; :t :u .""",
        """:one owl:sameAs 1 . :uno owl:sameAs :one, 1 . :z :f :uno . :X owl:maxCardinality :one, :uno .
        :s owl:sameAs :t . :t owl:sameAs :s ; rdfs:subPropertyOf :p . :x :s :u, :v ; :t :v ; :p :u .
        :u owl:sameAs :v . :v owl:sameAs :u .""",
    ),
    "a property that means the same as rdfs:domain": (
        ":p owl:equivalentProperty rdfs:domain ; rdfs:range owl:Class . :b :p :a .",
        """:b rdfs:domain :a ; :p owl:Thing . :a a owl:Class . :p rdfs:subPropertyOf rdfs:domain .
        rdfs:domain rdfs:subPropertyOf :p ; owl:equivalentProperty :p ; rdfs:range owl:Class .""",
    ),
    "two words of OWL that are the same": (
        """owl:SymmetricProperty owl:sameAs owl:TransitiveProperty . :p a owl:SymmetricProperty, owl:TransitiveProperty .
        :f a owl:FunctionalProperty . :z :f :s, :t . :s rdfs:subPropertyOf :p . :a :p :b . :b :t :c .""",
        """owl:TransitiveProperty owl:sameAs owl:SymmetricProperty . :s owl:sameAs :t . :t owl:sameAs :s .
        :t rdfs:subPropertyOf :p . :b :s :c . :a :p :a, :c . :b :p :a, :b, :c . :c :p :a, :b, :c .""",
    ),
    "two hierarchies that are the same": (
        "rdfs:subPropertyOf owl:sameAs rdfs:subClassOf . :A rdfs:subPropertyOf :B . :x a :A .",
        """rdfs:subClassOf owl:sameAs rdfs:subPropertyOf . :A rdfs:subClassOf :B . :x a :B .
        owl:Nothing rdfs:subPropertyOf owl:Thing .""",
    ),
    "properties that have the same equivalent one": (
        ":r owl:equivalentProperty :s . owl:equivalentProperty a owl:InverseFunctionalProperty .",
        ":r rdfs:subPropertyOf :s ; owl:sameAs :s . :s rdfs:subPropertyOf :r ; owl:equivalentProperty :r ; owl:sameAs :r .",
    ),
    "the classes of literals, read the other way": (
        ":p owl:inverseOf rdf:type ; rdfs:range :A . :q rdfs:range xsd:integer . :x :q 1 .",
        """xsd:integer :p 1 ; a :A . :A :p 1, xsd:integer, owl:Thing, owl:Nothing . rdfs:Datatype :p xsd:integer .
        owl:Class :p owl:Thing, owl:Nothing . owl:Thing a :A . owl:Nothing a :A .""",
    ),
    "a chain of one": (":r owl:propertyChainAxiom (:p) . :x :p 1 .", ":x :r 1 ."),
    "a chain through itself": (
        ":p owl:propertyChainAxiom (:p :q) . :x :p :y . :y :q :z . :z :q :w .",
        ":x :p :z, :w .",
    ),
    "an empty intersection says nothing": (":C owl:intersectionOf () . :x a :A .", ""),
    "a branching list states nothing": (
        ":C owl:intersectionOf _:l . _:l rdf:first :A ; rdf:rest rdf:nil, _:m . _:m rdf:first :B ; rdf:rest rdf:nil . :x a :C .",
        "",
    ),
    "a circular list states nothing": (":C owl:unionOf _:l . _:l rdf:first :A ; rdf:rest _:l . :x a :A .", ""),
    "a list without an end states nothing": (":r owl:propertyChainAxiom _:l . _:l rdf:first :p . :x :p :y .", ""),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_rules_together(case: str) -> None:
    graph, conclusions = TOGETHER[case]
    assert sorted(map(str, close(graph).inferred())) == sorted(map(str, read(conclusions)))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("owl:sameAs owl:propertyDisjointWith :p . :f a owl:FunctionalProperty . :x :f :a, :b . :a :p :b .", "prp-pdw"),
        ("owl:sameAs a owl:IrreflexiveProperty .", "prp-irp"),
        ("[] owl:sourceIndividual :a ; owl:assertionProperty owl:sameAs ; owl:targetIndividual :a .", "prp-npa1"),
    ],
)
def test_an_axiom_about_sameness_can_be_contradicted(text: str, rule: str) -> None:
    assert {clash.rule for clash in find_clashes(close(text))} == {rule}


def test_closing_the_closure_adds_nothing() -> None:
    graphs = [*(case[0] for case in INFERS.values()), *(case[0] for case in TOGETHER.values())]
    for graph in graphs:
        triples = read(graph)
        first = Closure(triples)
        first.run()
        again = Closure([*triples, *first.inferred()])
        again.run()
        assert list(again.inferred()) == [], graph


def test_a_literal_never_becomes_a_subject() -> None:
    found = close(':p owl:inverseOf :q ; rdfs:range :A . :x :p "v" .').inferred(trivial=True)
    assert not [t for t in found if isinstance(t.subject, Literal)]


def test_a_thing_is_below_the_top_only_when_asked_for() -> None:
    graph = read(":A a owl:Class . :x a :A .")
    assert OWL.Thing in {t.object for t in trivial(graph) if t.subject.value.endswith("/x")}
