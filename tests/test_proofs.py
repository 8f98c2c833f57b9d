"""Proofs, replayed by a checker that knows the rules of the specification and nothing of the reasoner.

``SPECIFICATION`` and ``OVER_LISTS`` are written from OWL 2 Profiles, section 4.3, tables 4 to 9, and
share no code with the rules that proofs are found by. A step counts when its premises and its
conclusion are an instance of the rule that it names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from llmkg import KnowledgeGraph
from llmkg.reason import Closure, infer
from llmkg.reason.prove import FactsAboutLiterals, Proof, Prover, SearchEndedError
from llmkg.terms import OWL, RDF, RDFS, XSD

HEAD = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
Fact = tuple  # three terms; in a pattern a variable is a str and the number one is an int


def node(name: str) -> NamedNode:
    return NamedNode(f"http://example.org/{name}")


def facts_of(triples: Iterable[Triple]) -> list[Fact]:
    return [(t.subject, t.predicate, t.object) for t in triples]


def read(text: str) -> list[Fact]:
    return list(dict.fromkeys(facts_of(quad.triple for quad in parse(HEAD + text, RdfFormat.TURTLE))))


def fact(text: str) -> Fact:
    (only,) = read(f"{text} .")
    return only


# -- the rules of the specification -------------------------------------------------------------

# Premises -> conclusions, of which a step has one. A 1 stands for a literal of that value.
SPECIFICATION = """
eq-sym      ?x owl:sameAs ?y -> ?y owl:sameAs ?x
eq-trans    ?x owl:sameAs ?y . ?y owl:sameAs ?z -> ?x owl:sameAs ?z
eq-rep-s    ?s owl:sameAs ?s2 . ?s ?p ?o -> ?s2 ?p ?o
eq-rep-p    ?p owl:sameAs ?p2 . ?s ?p ?o -> ?s ?p2 ?o
eq-rep-o    ?o owl:sameAs ?o2 . ?s ?p ?o -> ?s ?p ?o2
prp-dom     ?p rdfs:domain ?c . ?x ?p ?y -> ?x rdf:type ?c
prp-rng     ?p rdfs:range ?c . ?x ?p ?y -> ?y rdf:type ?c
prp-fp      ?p rdf:type owl:FunctionalProperty . ?x ?p ?y1 . ?x ?p ?y2 -> ?y1 owl:sameAs ?y2
prp-ifp     ?p rdf:type owl:InverseFunctionalProperty . ?x1 ?p ?y . ?x2 ?p ?y -> ?x1 owl:sameAs ?x2
prp-symp    ?p rdf:type owl:SymmetricProperty . ?x ?p ?y -> ?y ?p ?x
prp-trp     ?p rdf:type owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z -> ?x ?p ?z
prp-spo1    ?p1 rdfs:subPropertyOf ?p2 . ?x ?p1 ?y -> ?x ?p2 ?y
prp-eqp1    ?p1 owl:equivalentProperty ?p2 . ?x ?p1 ?y -> ?x ?p2 ?y
prp-eqp2    ?p1 owl:equivalentProperty ?p2 . ?x ?p2 ?y -> ?x ?p1 ?y
prp-inv1    ?p1 owl:inverseOf ?p2 . ?x ?p1 ?y -> ?y ?p2 ?x
prp-inv2    ?p1 owl:inverseOf ?p2 . ?x ?p2 ?y -> ?y ?p1 ?x
cls-svf1    ?x owl:someValuesFrom ?y . ?x owl:onProperty ?p . ?u ?p ?v . ?v rdf:type ?y -> ?u rdf:type ?x
cls-svf2    ?x owl:someValuesFrom owl:Thing . ?x owl:onProperty ?p . ?u ?p ?v -> ?u rdf:type ?x
cls-avf     ?x owl:allValuesFrom ?y . ?x owl:onProperty ?p . ?u rdf:type ?x . ?u ?p ?v -> ?v rdf:type ?y
cls-hv1     ?x owl:hasValue ?y . ?x owl:onProperty ?p . ?u rdf:type ?x -> ?u ?p ?y
cls-hv2     ?x owl:hasValue ?y . ?x owl:onProperty ?p . ?u ?p ?y -> ?u rdf:type ?x
cls-maxc2   ?x owl:maxCardinality 1 . ?x owl:onProperty ?p . ?u rdf:type ?x . ?u ?p ?y1 . ?u ?p ?y2 -> ?y1 owl:sameAs ?y2
cls-maxqc3  ?x owl:maxQualifiedCardinality 1 . ?x owl:onProperty ?p . ?x owl:onClass ?c . ?u rdf:type ?x . ?u ?p ?y1 . ?y1 rdf:type ?c . ?u ?p ?y2 . ?y2 rdf:type ?c -> ?y1 owl:sameAs ?y2
cls-maxqc4  ?x owl:maxQualifiedCardinality 1 . ?x owl:onProperty ?p . ?x owl:onClass owl:Thing . ?u rdf:type ?x . ?u ?p ?y1 . ?u ?p ?y2 -> ?y1 owl:sameAs ?y2
cax-sco     ?c1 rdfs:subClassOf ?c2 . ?x rdf:type ?c1 -> ?x rdf:type ?c2
cax-eqc1    ?c1 owl:equivalentClass ?c2 . ?x rdf:type ?c1 -> ?x rdf:type ?c2
cax-eqc2    ?c1 owl:equivalentClass ?c2 . ?x rdf:type ?c2 -> ?x rdf:type ?c1
scm-sco     ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c3 -> ?c1 rdfs:subClassOf ?c3
scm-eqc1    ?c1 owl:equivalentClass ?c2 -> ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1
scm-eqc2    ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1 -> ?c1 owl:equivalentClass ?c2
scm-spo     ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p3 -> ?p1 rdfs:subPropertyOf ?p3
scm-eqp1    ?p1 owl:equivalentProperty ?p2 -> ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1
scm-eqp2    ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1 -> ?p1 owl:equivalentProperty ?p2
scm-dom1    ?p rdfs:domain ?c1 . ?c1 rdfs:subClassOf ?c2 -> ?p rdfs:domain ?c2
scm-dom2    ?p2 rdfs:domain ?c . ?p1 rdfs:subPropertyOf ?p2 -> ?p1 rdfs:domain ?c
scm-rng1    ?p rdfs:range ?c1 . ?c1 rdfs:subClassOf ?c2 -> ?p rdfs:range ?c2
scm-rng2    ?p2 rdfs:range ?c . ?p1 rdfs:subPropertyOf ?p2 -> ?p1 rdfs:range ?c
scm-hv      ?c1 owl:hasValue ?i . ?c1 owl:onProperty ?p1 . ?c2 owl:hasValue ?i . ?c2 owl:onProperty ?p2 . ?p1 rdfs:subPropertyOf ?p2 -> ?c1 rdfs:subClassOf ?c2
scm-svf1    ?c1 owl:someValuesFrom ?y1 . ?c1 owl:onProperty ?p . ?c2 owl:someValuesFrom ?y2 . ?c2 owl:onProperty ?p . ?y1 rdfs:subClassOf ?y2 -> ?c1 rdfs:subClassOf ?c2
scm-svf2    ?c1 owl:someValuesFrom ?y . ?c1 owl:onProperty ?p1 . ?c2 owl:someValuesFrom ?y . ?c2 owl:onProperty ?p2 . ?p1 rdfs:subPropertyOf ?p2 -> ?c1 rdfs:subClassOf ?c2
scm-avf1    ?c1 owl:allValuesFrom ?y1 . ?c1 owl:onProperty ?p . ?c2 owl:allValuesFrom ?y2 . ?c2 owl:onProperty ?p . ?y1 rdfs:subClassOf ?y2 -> ?c1 rdfs:subClassOf ?c2
scm-avf2    ?c1 owl:allValuesFrom ?y . ?c1 owl:onProperty ?p1 . ?c2 owl:allValuesFrom ?y . ?c2 owl:onProperty ?p2 . ?p1 rdfs:subPropertyOf ?p2 -> ?c2 rdfs:subClassOf ?c1
"""


class Form(NamedTuple):
    """The premises of a rule and the conclusions that they give, with variables."""

    premises: list[Fact]
    conclusions: list[Fact]


def _slot(text: str) -> object:
    if text.startswith("?"):
        return text
    return 1 if text == "1" else fact(f":s :p {text}")[2]


def _patterns(text: str) -> list[Fact]:
    return [tuple(map(_slot, pattern.split())) for pattern in text.split(" . ")]


FORMS = {
    name: Form(*map(_patterns, text.split(" -> ")))
    for name, text in (line.split(maxsplit=1) for line in SPECIFICATION.strip().splitlines())
}

# Rules over the members ``es`` of the list that ``c`` has by a predicate: what stands beside that axiom.
OVER_LISTS = {
    "prp-spo2": (
        OWL.propertyChainAxiom,
        lambda c, es: [
            Form([(f"?u{n}", e, f"?u{n + 1}") for n, e in enumerate(es)], [("?u0", c, f"?u{len(es)}")]),
        ],
    ),
    "prp-key": (
        OWL.hasKey,
        lambda c, es: [
            Form(
                [
                    *(("?x", RDF.type, c), ("?y", RDF.type, c)),
                    *((x, e, f"?z{n}") for n, e in enumerate(es) for x in ("?x", "?y")),
                ],
                [("?x", OWL.sameAs, "?y")],
            )
        ],
    ),
    "cls-int1": (OWL.intersectionOf, lambda c, es: [Form([("?y", RDF.type, e) for e in es], [("?y", RDF.type, c)])]),
    "cls-int2": (OWL.intersectionOf, lambda c, es: [Form([("?y", RDF.type, c)], [("?y", RDF.type, e) for e in es])]),
    "cls-uni": (OWL.unionOf, lambda c, es: [Form([("?y", RDF.type, e)], [("?y", RDF.type, c)]) for e in es]),
    "cls-oo": (OWL.oneOf, lambda c, es: [Form([], [(e, RDF.type, c) for e in es])]),
    "scm-int": (OWL.intersectionOf, lambda c, es: [Form([], [(c, RDFS.subClassOf, e) for e in es])]),
    "scm-uni": (OWL.unionOf, lambda c, es: [Form([], [(e, RDFS.subClassOf, c) for e in es])]),
}


def over_list(rule: str, axiom: Fact, cells: dict) -> list[Form]:
    """Write a rule out for the list of ``axiom``: none when a cell has not one first and one rest."""
    members, head = [], axiom[2]
    while head != RDF.nil:
        first, rest = cells[head, RDF.first], cells[head, RDF.rest]
        if len(first) != 1 or len(rest) != 1 or len(members) > len(cells):
            return []
        members.append(first[0])
        head = rest[0]
    forms = OVER_LISTS[rule][1](axiom[0], members) if members else []
    return [Form([axiom, *form.premises], form.conclusions) for form in forms]


def cells_of(facts: Iterable[Fact]) -> dict:
    cells = defaultdict(list)
    for s, p, o in facts:
        if p in (RDF.first, RDF.rest):
            cells[s, p].append(o)
    return cells


def unify(pattern: Fact, found: Fact, binding: dict) -> dict | None:
    binding = dict(binding)
    for slot, term in zip(pattern, found, strict=True):
        if isinstance(slot, str):
            if binding.setdefault(slot, term) != term:
                return None
        elif slot == 1:
            if not (isinstance(term, Literal) and term.value == "1"):
                return None
        elif slot != term:
            return None
    return binding


def fits(form: Form, conclusion: Fact, premises: tuple[Fact, ...]) -> bool:
    """Tell whether the premises, in any order, are those of the form, each once."""

    def rest_fits(patterns: list[Fact], left: tuple[Fact, ...], binding: dict) -> bool:
        if not patterns:
            return True
        for n, premise in enumerate(left):
            extended = unify(patterns[0], premise, binding)
            if extended is not None and rest_fits(patterns[1:], left[:n] + left[n + 1 :], extended):
                return True
        return False

    starts = [unify(pattern, conclusion, {}) for pattern in form.conclusions]
    return len(form.premises) == len(premises) and any(
        rest_fits(form.premises, premises, start) for start in starts if start is not None
    )


# -- the checker ----------------------------------------------------------------------------------


class RefusedError(Exception):
    """What is called a proof is none."""


class Checker:
    """Replays proofs from ``asserted``, and counts the steps by rule and the leaves that no file states."""

    def __init__(self, asserted: Iterable[Fact]) -> None:
        self.asserted = set(asserted)
        self.cells = cells_of(self.asserted)
        self.steps: Counter[str] = Counter()
        self.trivial: Counter[Fact] = Counter()

    def check(self, proof: Proof | None, conclusion: Fact) -> None:
        """Raise RefusedError unless ``proof`` proves ``conclusion``."""
        if proof is None:
            raise RefusedError(f"there is no proof of {conclusion}")
        if proof.fact != conclusion:
            raise RefusedError(f"another triple is proved: {proof.fact}")
        above: dict[Fact, None] = {}  # from the conclusion to where we are
        waiting = [(0, proof)]
        while waiting:
            depth, part = waiting.pop()
            while len(above) > depth:
                above.popitem()
            if part.fact in above:
                raise RefusedError(f"it proves itself: {part.fact}")
            above[part.fact] = None
            self._replay(part)
            waiting += [(depth + 1, premise) for premise in part.premises]

    def _replay(self, proof: Proof) -> None:
        if proof.rule is None:
            self._accept_leaf(proof)
            return
        premises = tuple(premise.fact for premise in proof.premises)
        if not self.is_instance(proof.rule.name, proof.fact, premises):
            raise RefusedError(f"no instance of {proof.rule.name}: {premises} give {proof.fact}")
        self.steps[proof.rule.name] += 1

    def _accept_leaf(self, leaf: Proof) -> None:
        if leaf.premises:
            raise RefusedError(f"premises without a rule: {leaf.fact}")
        if leaf.fact not in self.asserted:
            if not holds_always(*leaf.fact):
                raise RefusedError(f"not asserted: {leaf.fact}")
            self.trivial[leaf.fact] += 1

    def is_instance(self, rule: str, conclusion: Fact, premises: tuple[Fact, ...]) -> bool:
        """Tell whether the premises give the conclusion by the rule that the specification calls ``rule``."""
        if rule in FORMS:
            return fits(FORMS[rule], conclusion, premises)
        if rule not in OVER_LISTS:
            raise RefusedError(f"no rule has the name {rule}")
        axioms = [premise for premise in premises if premise[1] == OVER_LISTS[rule][0]]
        forms = [form for axiom in axioms for form in over_list(rule, axiom, self.cells)]
        return any(fits(form, conclusion, premises) for form in forms)


NUMBERS = (XSD.integer, XSD.decimal, XSD.nonNegativeInteger)
REFLEXIVE = (OWL.sameAs, RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty)


def holds_always(subject: object, predicate: object, obj: object) -> bool:
    """Tell whether a fact needs no premise: eq-ref, scm-cls, scm-op, scm-dp, cls-thing, cls-nothing1, dt-type1, -2, dt-eq.

    What is used as a class or a property counts as declared to be one.
    """
    if isinstance(subject, Literal):
        value = Decimal(subject.value) if subject.datatype in NUMBERS else None
        if predicate == OWL.sameAs and isinstance(obj, Literal):
            return subject == obj or (value is not None and obj.datatype in NUMBERS and value == Decimal(obj.value))
        whole = value is not None and value == int(value)
        fitting = {RDFS.Literal: True, subject.datatype: True, XSD.integer: whole, XSD.decimal: value is not None}
        return predicate == RDF.type and fitting.get(obj, obj == XSD.nonNegativeInteger and whole and value >= 0)
    if predicate == RDFS.subClassOf and (obj == OWL.Thing or subject == OWL.Nothing):
        return True
    if predicate == RDF.type and obj == OWL.Class:
        return subject in (OWL.Thing, OWL.Nothing)
    if predicate == RDF.type and obj == RDFS.Datatype:
        return subject in NUMBERS
    return (predicate == RDF.type and obj == OWL.Thing) or (predicate in REFLEXIVE and subject == obj)


# -- graphs in memory -----------------------------------------------------------------------------


class Memory:
    """The facts of a closed graph in a dictionary, by each combination of known terms."""

    def __init__(self, asserted: Iterable[Fact], inferred: Iterable[Fact]) -> None:
        self._asserted = dict.fromkeys(asserted)
        self.inferred = [f for f in dict.fromkeys(inferred) if f not in self._asserted]
        self._found: dict[Fact, list[Fact]] = defaultdict(list)
        for found in (*self._asserted, *self.inferred):
            s, p, o = found
            for key in ((None, None, None), (s, None, None), (None, p, None), (None, None, o)):
                self._found[key].append(found)
            for key in ((s, p, None), (s, None, o), (None, p, o), found):
                self._found[key].append(found)

    def match(self, s: object, p: object, o: object) -> Iterable[Fact]:
        return self._found.get((s, p, o), ())

    def stated(self, s: object, p: object, o: object) -> Iterable[Fact]:
        return [found for found in self.match(s, p, o) if found in self._asserted]

    def asserted(self, found: Fact) -> bool:
        return found in self._asserted


def close(asserted: list[Fact]) -> Memory:
    return Memory(asserted, facts_of(infer(Triple(*spo) for spo in asserted)))


def prover_of(text: str) -> Prover:
    return Prover(close(read(text)))


def proved(text: str, wanted: str) -> Proof:
    """Return the proof of a triple over a small graph, once the checker has accepted it."""
    asserted, conclusion = read(text), fact(wanted)
    proof = Prover(close(asserted)).prove(conclusion)
    Checker(asserted).check(proof, conclusion)
    assert proof is not None
    return proof


def rules_in(proof: Proof) -> Iterator[str]:
    if proof.rule is not None:
        yield proof.rule.name
    for premise in proof.premises:
        yield from rules_in(premise)


def leaves(proof: Proof) -> Iterator[Fact]:
    if proof.rule is None:
        yield proof.fact
    for premise in proof.premises:
        yield from leaves(premise)


# -- the shipped graph ----------------------------------------------------------------------------

ON_THE_PACK = {
    *("cax-sco", "prp-inv2", "prp-rng", "prp-spo1", "prp-spo2", "prp-symp", "prp-trp"),
    *("scm-dom1", "scm-rng1", "scm-sco"),
}


def test_every_inferred_triple_of_the_shipped_graph_is_proved(kg: KnowledgeGraph) -> None:
    asserted, inferred = facts_of(kg.triples("asserted")), facts_of(kg.triples("inferred"))
    prover, checker = Prover(Memory(asserted, inferred)), Checker(asserted)
    for triple in inferred:
        checker.check(prover.prove(triple), triple)
    assert len(inferred) > 10_000
    assert set(checker.steps) >= ON_THE_PACK, checker.steps
    assert checker.steps.total() >= len(inferred)
    assert not checker.trivial


def test_proofs_over_the_store_are_accepted_too(kg: KnowledgeGraph) -> None:
    checker = Checker(facts_of(kg.triples("asserted")))
    for triple in sorted(facts_of(kg.triples("inferred")), key=str)[::200]:
        checker.check(kg.prover.prove(triple), triple)
        for proof in kg.prover.proofs(triple, 3):
            checker.check(proof, triple)


# -- the checker can refuse -----------------------------------------------------------------------

COUSINS = ":near a owl:SymmetricProperty, owl:TransitiveProperty . :a :near :b . :b :near :c . :d :near :e ."


def replaced(proof: Proof, number: int, premise: Proof) -> Proof:
    return proof._replace(premises=(*proof.premises[:number], premise, *proof.premises[number + 1 :]))


def asserted_leaf(text: str) -> Proof:
    return Proof(fact(text))


def refuse(proof: Proof | None, conclusion: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        Checker(read(COUSINS)).check(proof, fact(conclusion))


def test_the_proofs_that_are_spoiled_here_are_right_before() -> None:
    assert [*rules_in(proved(COUSINS, ":a :near :c"))] == ["prp-trp"]
    assert [*rules_in(proved(COUSINS, ":b :near :a"))] == ["prp-symp"]


def test_a_wrong_rule_name_is_refused() -> None:
    proof = proved(COUSINS, ":a :near :c")
    assert proof.rule is not None
    for name in ("prp-symp", "prp-inv1", "prp-spo1", "eq-rep-o", "prp-spo2", "cax-sco"):
        spoiled = proof._replace(rule=proof.rule._replace(name=name))
        refuse(spoiled, ":a :near :c", f"no instance of {name}")
    refuse(proof._replace(rule=proof.rule._replace(name="prp-xyz")), ":a :near :c", "no rule has the name prp-xyz")


def test_an_exchanged_premise_is_refused() -> None:
    proof = proved(COUSINS, ":a :near :c")
    for number in range(3):
        refuse(replaced(proof, number, asserted_leaf(":d :near :e")), ":a :near :c", "no instance of prp-trp")
    first, second, third = proof.premises
    for premises in ((first, second), (first, second, second), (first, second, third, third), ()):
        refuse(proof._replace(premises=premises), ":a :near :c", "no instance of prp-trp")


def test_a_reversed_conclusion_is_refused() -> None:
    proof = proved(COUSINS, ":a :near :c")
    refuse(proof._replace(fact=fact(":c :near :a")), ":c :near :a", "no instance of prp-trp")


def test_the_order_of_premises_makes_no_difference() -> None:
    proof = proved(COUSINS, ":a :near :c")
    Checker(read(COUSINS)).check(proof._replace(premises=proof.premises[::-1]), fact(":a :near :c"))


def test_a_proof_of_another_triple_is_refused() -> None:
    refuse(proved(COUSINS, ":a :near :c"), ":c :near :a", "another triple is proved")
    refuse(None, ":c :near :a", "there is no proof")


def test_a_cycle_is_refused() -> None:
    there, back = proved(COUSINS, ":b :near :a"), asserted_leaf(":a :near :b")
    assert there.premises[1] == back
    again = there._replace(fact=back.fact, premises=(there.premises[0], there))
    refuse(replaced(there, 1, again), ":b :near :a", "it proves itself")


def test_a_leaf_that_is_not_asserted_is_refused() -> None:
    refuse(Proof(fact(":a :near :c")), ":a :near :c", "not asserted")
    proof = proved(COUSINS, ":b :near :a")
    lie = proof._replace(fact=fact(":e :near :c"), premises=(proof.premises[0], asserted_leaf(":c :near :e")))
    refuse(lie, ":e :near :c", "not asserted")
    refuse(Proof(fact(":a :near :c"), premises=(asserted_leaf(":a :near :b"),)), ":a :near :c", "without a rule")


def test_a_list_is_read_in_full_and_in_order() -> None:
    text = ":r owl:propertyChainAxiom (:p :q) . :C owl:intersectionOf (:A :B) . :x a :A ; :p :y . :y :q :z ."
    checker = Checker(read(text + ":z :p :w ."))
    chain = next(f for f in checker.asserted if f[1] == OWL.propertyChainAxiom)
    parts = next(f for f in checker.asserted if f[1] == OWL.intersectionOf)
    p, q, a, b = fact(":x :p :y"), fact(":y :q :z"), fact(":x a :A"), fact(":x a :B")
    assert checker.is_instance("prp-spo2", fact(":x :r :z"), (chain, p, q))
    assert not checker.is_instance("prp-spo2", fact(":y :r :w"), (chain, q, fact(":z :p :w")))
    assert not checker.is_instance("prp-spo2", fact(":x :r :y"), (chain, p))
    assert not checker.is_instance("prp-spo2", fact(":x :r :z"), (p, q))
    assert checker.is_instance("cls-int1", fact(":x a :C"), (parts, a, b))
    assert not checker.is_instance("cls-int1", fact(":x a :C"), (parts, a))
    assert not checker.is_instance("cls-int2", fact(":x a :A"), (parts, b))


# -- every rule -----------------------------------------------------------------------------------


def frozen(slot: object) -> object:
    """Put a term in the place of a variable."""
    if slot == 1:
        return Literal("1", datatype=XSD.nonNegativeInteger)
    return node(slot[1:]) if isinstance(slot, str) else slot


def example(rule: str) -> tuple[list[Fact], list[Fact], list[Fact]]:
    """Return the premises of an instance of a rule, the triples of its list, and the conclusions."""
    cells: list[Fact] = []
    form = FORMS.get(rule)
    if form is None:
        first, second = BlankNode("first"), BlankNode("second")
        cells = [(first, RDF.first, node("e1")), (first, RDF.rest, second)]
        cells += [(second, RDF.first, node("e2")), (second, RDF.rest, RDF.nil)]
        form = over_list(rule, (node("c"), OVER_LISTS[rule][0], first), cells_of(cells))[0]
    premises, conclusions = ([tuple(map(frozen, atom)) for atom in atoms] for atoms in form)
    return premises, cells, conclusions


@pytest.mark.parametrize("rule", [*FORMS, *OVER_LISTS])
def test_each_rule_is_found(rule: str) -> None:
    premises, cells, conclusions = example(rule)
    memory, checker = close(premises + cells), Checker(premises + cells)
    prover = Prover(memory)
    for conclusion in conclusions:
        proofs = [prover.prove(conclusion), *prover.proofs(conclusion, 9)]
        for proof in proofs:
            checker.check(proof, conclusion)
        assert proofs[0].height == proofs[0].size == 1
        assert rule in {proof.rule.name for proof in proofs if proof.size == 1}


@pytest.mark.parametrize("rule", [*FORMS, *OVER_LISTS])
def test_each_rule_needs_all_its_premises(rule: str) -> None:
    premises, cells, conclusions = example(rule)
    checker = Checker(premises + cells)
    for conclusion in conclusions:
        s, p, o = conclusion
        assert checker.is_instance(rule, conclusion, tuple(premises))
        for number in range(len(premises)):
            assert not checker.is_instance(rule, conclusion, tuple(premises[:number] + premises[number + 1 :]))
        for other in ((node("new"), p, o), (s, node("new"), o), (s, p, node("new"))):
            assert not checker.is_instance(rule, other, tuple(premises))


# -- the prover on small graphs -------------------------------------------------------------------


def test_an_asserted_triple_is_its_own_proof() -> None:
    prover = prover_of(COUSINS)
    assert prover.prove(fact(":a :near :b")) == Proof(fact(":a :near :b"))
    assert prover.proofs(fact(":a :near :b"), 5) == [Proof(fact(":a :near :b"))]


def test_what_does_not_follow_has_no_proof() -> None:
    prover = prover_of(COUSINS)
    assert prover.prove(fact(":a :near :d")) is None
    assert prover.proofs(fact(":a :near :d"), 5) == []


def test_triples_that_only_give_each_other_are_not_proved() -> None:
    premises = read(":near a owl:SymmetricProperty . :p owl:equivalentProperty :q .")
    groundless = read(":a :near :b . :b :near :a . :x :p :y ; :q :y .")
    prover = Prover(Memory(premises, groundless))
    for triple in groundless:
        assert prover.holds(triple)
        assert prover.prove(triple) is None
        assert prover.proofs(triple, 3) == []


WAYS = """
:p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :d . :d :p :e .
:q rdfs:subPropertyOf :p . :s rdfs:subPropertyOf :q . :a :s :e .
"""


def test_the_shortest_proof_comes_first() -> None:
    proof = proved(WAYS, ":a :p :e")
    assert (proof.height, proof.size) == (2, 2)
    assert fact(":a :s :e") in leaves(proof)
    direct = proved(WAYS + ":t rdfs:subPropertyOf :p . :a :t :e .", ":a :p :e")
    assert [*leaves(direct)] == [fact(":t rdfs:subPropertyOf :p"), fact(":a :t :e")]


def test_fewer_levels_go_before_fewer_steps() -> None:
    # Along the chain of sub-properties: three levels, three steps; along the values: two levels.
    values = ":p a owl:TransitiveProperty . :x :p :y1 . :y1 :p :y2 . :y2 :p :y3 . :y3 :p :z ."
    below = ":q1 rdfs:subPropertyOf :p . :q2 rdfs:subPropertyOf :q1 . :q3 rdfs:subPropertyOf :q2 . :x :q3 :z ."
    flat = proved(values + below, ":x :p :z")
    assert (flat.height, flat.size) == (2, 3)


def test_several_proofs_differ_and_are_in_order() -> None:
    asserted, conclusion = read(WAYS), fact(":a :p :e")
    prover, checker = Prover(close(asserted)), Checker(asserted)
    found = prover.proofs(conclusion, 9)
    sizes = [(proof.height, proof.size) for proof in found]
    # By the sub-properties, joined first or not; by four steps, in pairs or one after the other.
    assert sizes == [(2, 2)] * 2 + [(2, 3)] + [(3, 3)] * 4
    assert len(found) == len(set(map(str, found)))
    for proof in found:
        checker.check(proof, conclusion)
    assert prover.proofs(conclusion, 2) == found[:2]
    assert prover.proofs(conclusion, 1) == found[:1]


def test_a_transitive_cycle() -> None:
    asserted = read(":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :d . :d :p :a .")
    memory, checker = close(asserted), Checker(asserted)
    prover = Prover(memory)
    assert len(memory.inferred) == 4 * 4 - 4
    for triple in memory.inferred:
        proof = prover.prove(triple)
        checker.check(proof, triple)
        steps = (ord(triple[2].value[-1]) - ord(triple[0].value[-1])) % 4 or 4
        assert proof.size == steps - 1
        for other in prover.proofs(triple, 3):
            checker.check(other, triple)


def test_what_is_the_same_shares_everything() -> None:
    text = ":p a owl:FunctionalProperty . :x :p :a, :b . :b owl:sameAs :c . :c :q :v . :w :q :a ."
    assert [*rules_in(proved(text, ":a owl:sameAs :b"))] == ["prp-fp"]
    assert sorted(rules_in(proved(text, ":a owl:sameAs :c"))) == ["eq-trans", "prp-fp"]
    assert sorted(rules_in(proved(text, ":b :q :v"))) == ["eq-rep-s", "eq-sym"]
    assert [*rules_in(proved(text, ":w :q :b"))] == ["eq-rep-o", "prp-fp"]
    asserted = read(text)
    memory, checker = close(asserted), Checker(asserted)
    prover = Prover(memory)
    for triple in memory.inferred:
        checker.check(prover.prove(triple), triple)


def test_through_a_key_a_restriction_and_an_intersection() -> None:
    text = """
    :Person owl:hasKey (:name :born) . :a a :Person ; :name "A" ; :born 1 . :b a :Person ; :name "A" ; :born 1 .
    :Parent owl:onProperty :child ; owl:someValuesFrom :Person . :b :child :c . :c a :Person .
    :Mother owl:intersectionOf (:Woman :Parent) . :a a :Woman .
    """
    proof = proved(text, ":b a :Mother")
    assert Counter(rules_in(proof)) == {"cls-int1": 1, "cls-svf1": 1, "eq-rep-s": 1, "prp-key": 1}
    assert (proof.height, proof.size) == (3, 4)
    assert Counter(rules_in(proved(text, ":a a :Mother")))["prp-key"] == 1


def test_a_literal_is_in_the_datatypes_of_its_value() -> None:
    text = ":X owl:onProperty :p ; owl:someValuesFrom xsd:nonNegativeInteger . :u :p 5 ."
    assert (Literal("5", datatype=XSD.integer), RDF.type, XSD.nonNegativeInteger) in leaves(proved(text, ":u a :X"))
    text = ':X owl:onProperty :p ; owl:hasValue "1.0"^^xsd:decimal . :u :p 1 .'
    one, other = Literal("1", datatype=XSD.integer), Literal("1.0", datatype=XSD.decimal)
    assert (one, OWL.sameAs, other) in leaves(proved(text, ":u a :X"))


THROUGH_LITERALS = {
    "an inverse of an inverse": (':p owl:inverseOf :q . :q owl:inverseOf :r . :x :p "v" .', ':x :r "v"'),
    "a range and a restriction": (
        ':p rdfs:range :Text . :X owl:onProperty :p ; owl:someValuesFrom :Text . :x :p "v" .',
        ":x a :X",
    ),
    "a chain": (":r owl:propertyChainAxiom (:p :q) . :p owl:inverseOf :q . :x :p 1 . :y :p 1 .", ":x :r :y"),
}


@pytest.mark.parametrize("case", THROUGH_LITERALS)
def test_what_only_follows_through_a_literal_as_subject(case: str) -> None:
    # RDF cannot state the step between, such as "v" :q :x, so no closed graph holds it.
    text, wanted = THROUGH_LITERALS[case]
    asserted, conclusion = read(text), fact(wanted)
    memory = close(asserted)
    assert conclusion in memory.inferred
    assert Prover(memory).prove(conclusion) is None
    closure = Closure(Triple(*spo) for spo in asserted)
    closure.run()
    proof = Prover(FactsAboutLiterals(memory, closure.about_literals())).prove(conclusion)
    Checker(asserted).check(proof, conclusion)
    assert any(isinstance(part.fact[0], Literal) for _, part in proof.walk())


def test_a_list_of_things_that_are_the_same() -> None:
    text = ":C owl:oneOf (:a) . :a owl:sameAs :b ."
    assert [*rules_in(proved(text, ":a a :C"))] == ["cls-oo"]
    assert [*rules_in(proved(text, ":b a :C"))] == ["eq-rep-s", "cls-oo"]
    text = ":r owl:propertyChainAxiom (:p :q) . :p owl:sameAs :p2 . :x :p2 :y . :y :q :z ."
    assert sorted(rules_in(proved(text, ":x :r :z"))) == ["eq-rep-p", "eq-sym", "prp-spo2"]


def test_below_the_top() -> None:
    text = ":A a owl:Class . owl:Thing rdfs:subClassOf :C . :x a :A . :p rdfs:domain :A ."
    assert [*rules_in(proved(text, ":x a :C"))] == ["cax-sco"]
    assert [*rules_in(proved(text, ":A rdfs:subClassOf :C"))] == ["scm-sco"]
    assert "scm-dom1" in rules_in(proved(text, ":p rdfs:domain :C"))


def test_what_is_the_same_as_a_term_of_owl() -> None:
    assert [*rules_in(proved(":A owl:sameAs owl:Thing .", ":A a owl:Class"))] == ["eq-rep-s", "eq-sym"]
    assert [*rules_in(proved("xsd:integer owl:sameAs :A .", ":A a rdfs:Datatype"))] == ["eq-rep-s"]


def test_that_a_thing_is_itself_is_a_link_of_a_chain() -> None:
    proof = proved(":q owl:propertyChainAxiom (owl:sameAs :p) . :b :p :c .", ":b :q :c")
    assert fact(":b owl:sameAs :b") in leaves(proof)
    assert (proof.height, proof.size) == (1, 1)


ASKED_BEFORE = ":q owl:equivalentProperty :r . :r rdfs:domain :C . :c :q :a ."


def test_what_was_asked_before_makes_no_difference() -> None:
    conclusion = fact(":c a :C")
    prover = prover_of(ASKED_BEFORE)
    fresh = prover.prove(conclusion)
    prover = prover_of(ASKED_BEFORE)
    assert prover.prove(fact(":q rdfs:domain :C")) is not None
    asked = prover.prove(conclusion)
    assert (asked.height, asked.size) == (fresh.height, fresh.size) == (2, 2)


def test_a_shorter_proof_that_is_seen_on_the_same_level() -> None:
    text = ":p a owl:SymmetricProperty ; owl:equivalentProperty :r . :r rdfs:subPropertyOf :q . :c :r :b ."
    proof = proved(text, ":b :q :c")
    assert (proof.height, proof.size) == (3, 5)


# -- long proofs ------------------------------------------------------------------------------------


def row(predicate: str, length: int, *, back: bool = False) -> str:
    """Write a row of links :n0 predicate :n1, :n1 predicate :n2 and so on, or each the other way round."""
    pairs = ((n + back, n + 1 - back) for n in range(length))
    return " ".join(f":n{a} {predicate} :n{b} ." for a, b in pairs)


FAR = 70  # links: more than are tried in all ways, and a power of two lies just below
TRANSITIVE = ":p a owl:TransitiveProperty . "
TURNED = f"{TRANSITIVE} :p owl:inverseOf :q . "
LONG = {
    "transitive": (TRANSITIVE + row(":p", FAR), f":n0 :p :n{FAR}", 7, FAR - 1),
    "and read the other way": (TURNED + row(":p", FAR), f":n{FAR} :q :n0", 8, FAR),
    "stated the other way": (TURNED + row(":q", FAR, back=True), f":n0 :p :n{FAR}", 8, 2 * FAR - 1),
    "of a sub-property": (
        TRANSITIVE + ":q rdfs:subPropertyOf :p ." + row(":q", FAR),
        f":n0 :p :n{FAR}",
        8,
        2 * FAR - 1,
    ),
    "of a sub-property stated the other way": (
        TURNED + ":r rdfs:subPropertyOf :q ." + row(":r", FAR, back=True),
        f":n0 :p :n{FAR}",
        9,
        3 * FAR - 1,
    ),
    "symmetric too": (TRANSITIVE + ":p a owl:SymmetricProperty ." + row(":p", FAR), f":n{FAR} :p :n0", 8, FAR),
    "a chain of itself": (":p owl:propertyChainAxiom (:p :p) ." + row(":p", FAR), f":n0 :p :n{FAR}", 7, FAR - 1),
    "the same": (row("owl:sameAs", FAR) + ":n0 :q :v .", f":n{FAR} :q :v", 8, FAR),
    "classes": (row("rdfs:subClassOf", FAR), f":n0 rdfs:subClassOf :n{FAR}", 7, FAR - 1),
    "a class far up": (row("rdfs:subClassOf", FAR) + ":x a :n0 .", f":x a :n{FAR}", 8, FAR),
    "a property far up": (row("rdfs:subPropertyOf", FAR) + ":x :n0 :y .", f":x :n{FAR} :y", 8, FAR),
    "a domain far up": (
        row("rdfs:subClassOf", FAR) + ":x :f :y . :f rdfs:domain :n0 .",
        f":x a :n{FAR}",
        8,
        FAR + 1,
    ),
    "equivalent classes": (row("owl:equivalentClass", FAR), f":n0 owl:equivalentClass :n{FAR}", 9, 4 * FAR - 1),
    "a chain that goes on by one": (
        ":p owl:propertyChainAxiom (:p :q) . :x :p :n0 ." + row(":q", 600),
        ":x :p :n600",
        600,
        600,
    ),
    "a restriction on itself": (
        ":X owl:onProperty :q ; owl:someValuesFrom :X . :n400 a :X ." + row(":q", 400),
        ":n0 a :X",
        400,
        400,
    ),
}


@pytest.mark.parametrize("case", LONG)
def test_a_long_proof(case: str) -> None:
    text, wanted, height, size = LONG[case]
    proof = proved(text, wanted)
    assert (proof.height, proof.size) == (height, size)


def test_a_short_cut_is_taken() -> None:
    text = TRANSITIVE + row(":p", FAR) + f":n2 :p :n{FAR - 2} ."
    assert proved(text, f":n0 :p :n{FAR}").size == 4
    inverse = f":p owl:inverseOf :q . :n{FAR - 2} :q :n2 ."
    proof = proved(TRANSITIVE + row(":p", FAR) + inverse, f":n0 :p :n{FAR}")
    assert (proof.height, proof.size) == (3, 5)


class Ladder:
    """The closed graph of so many classes, each stated to be below the next, without writing it out."""

    def __init__(self, length: int) -> None:
        self.nodes = [node(f"C{n}") for n in range(length + 1)]
        self.place = {term: n for n, term in enumerate(self.nodes)}

    def match(self, s: object, p: object, o: object) -> Iterator[Fact]:
        return self._between(s, p, o, len(self.nodes))

    def stated(self, s: object, p: object, o: object) -> Iterator[Fact]:
        return self._between(s, p, o, 1)

    def asserted(self, found: Fact) -> bool:
        return any(True for _ in self.stated(*found))

    def _between(self, s: object, p: object, o: object, farthest: int) -> Iterator[Fact]:
        if p not in (None, RDFS.subClassOf) or (s or o) not in self.place or (o or s) not in self.place:
            return
        high = self.place[o] if o else self.place[s] + farthest
        low = self.place[s] if s else self.place[o] - farthest
        if s and o:
            yield from [(s, RDFS.subClassOf, o)] if low < high <= low + farthest else []
        elif s:
            yield from ((s, RDFS.subClassOf, upper) for upper in self.nodes[low + 1 : high + 1])
        else:
            yield from ((lower, RDFS.subClassOf, o) for lower in self.nodes[max(low, 0) : high])


def test_a_proof_through_a_hierarchy_5000_deep() -> None:
    ladder = Ladder(5000)
    wanted = (ladder.nodes[0], RDFS.subClassOf, ladder.nodes[-1])
    proof = Prover(ladder).prove(wanted)
    Checker((a, RDFS.subClassOf, b) for a, b in pairwise(ladder.nodes)).check(proof, wanted)
    assert (proof.height, proof.size) == (13, 4999)


def test_a_search_that_takes_too_long_ends_with_a_word() -> None:
    asserted = read(":p owl:propertyChainAxiom (:p :q) . :x :p :n0 ." + row(":q", 50))
    prover = Prover(close(asserted), effort=100)
    with pytest.raises(SearchEndedError, match=r"among 100 rule instances\. Ask for a triple nearer"):
        prover.prove(fact(":x :p :n50"))
    assert prover.prove(fact(":x :p :n3")).size == 3


# -- what is missing --------------------------------------------------------------------------------


def missing(text: str, wanted: str) -> list[tuple[str, tuple[Fact, ...]]]:
    return [(miss.rule.name, miss.missing) for miss in prover_of(text).near_misses(fact(wanted), 20)]


def test_the_missing_premise_is_named() -> None:
    text = ":C owl:intersectionOf (:A :B) . :x a :A ."
    (first, *_) = prover_of(text).near_misses(fact(":x a :C"))
    assert first.rule.name == "cls-int1"
    assert first.missing == (fact(":x a :B"),)
    assert fact(":x a :A") in first.present
    text = ":p a owl:TransitiveProperty . :x :p :y ."
    assert missing(text, ":x :p :z")[0] == ("prp-trp", (fact(":y :p :z"),))
    text = ":grandparent owl:propertyChainAxiom (:parent :parent) . :x :parent :y ."
    assert missing(text, ":x :grandparent :z")[0] == ("prp-spo2", (fact(":y :parent :z"),))


def test_any_value_of_a_variable_would_do() -> None:
    text = ":X owl:onProperty :p ; owl:someValuesFrom owl:Thing . :x :q :y ."
    (name, (atom,)) = missing(text, ":x a :X")[0]
    assert name == "cls-svf2"
    assert (atom[0], atom[1]) == (node("x"), node("p"))
    assert isinstance(atom[2], str)


def test_the_nearest_comes_first() -> None:
    text = ":C owl:intersectionOf (:A :B) . :D rdfs:subClassOf :C . :E owl:intersectionOf (:A :B :F) . :x a :A ."
    found = missing(text, ":x a :C")
    kinds = [(any(is_axiom(atom) for atom in atoms), len(atoms)) for _, atoms in found]
    assert kinds == sorted(kinds)
    assert dict(found[:2]) == {"cls-int1": (fact(":x a :B"),), "cax-sco": (fact(":x a :D"),)}
    two = missing(text, ":x a :E")
    assert two[0] == ("cls-int1", (fact(":x a :B"), fact(":x a :F")))
    assert prover_of(text).near_misses(fact(":x a :C"), 1)[0].rule.name == found[0][0]


def is_axiom(atom: Fact) -> bool:
    return any(str(slot.value).startswith((str(OWL), str(RDFS))) for slot in atom[1:] if isinstance(slot, NamedNode))


def test_what_files_state_goes_before_what_is_only_inferred() -> None:
    text = """
    :grandparent owl:propertyChainAxiom (:parent :parent) ; owl:inverseOf :grandchild .
    :x :parent :y . :y :parent :w .
    """
    found = missing(text, ":x :grandparent :z")
    stated, inferred = ("prp-spo2", (fact(":y :parent :z"),)), ("prp-inv2", (fact(":z :grandchild :x"),))
    assert found.index(stated) < found.index(inferred)
    # Once a file states who is a grandchild, that is no worse than the other.
    found = missing(text + ":k :grandchild :l .", ":x :grandparent :z")
    assert {stated, inferred} == set(found[:2])


def test_no_rule_is_shown_more_than_twice() -> None:
    text = ":p a owl:TransitiveProperty . :x :p :a, :b, :c, :d ."
    counts = Counter(name for name, _ in missing(text, ":x :p :z"))
    assert counts["prp-trp"] == 2
    assert len(prover_of(text).near_misses(fact(":x :p :z"), 3)) == 3


def test_at_most_two_is_no_near_miss_of_at_most_one() -> None:
    text = ":C owl:maxCardinality %d ; owl:onProperty :p . :x :p :y, :z ."
    assert ("cls-maxc2", (fact(":x a :C"),)) in missing(text % 1, ":y owl:sameAs :z")
    assert ("cls-maxc2", (fact(":x a :C"),)) not in missing(text % 2, ":y owl:sameAs :z")


def test_a_literal_is_never_missing_as_a_subject() -> None:
    assert not [
        atom for _, atoms in missing(':x :p "v" .', ":x :p :y") for atom in atoms if isinstance(atom[0], Literal)
    ]


# -- random graphs ----------------------------------------------------------------------------------

WORDS = {"THING": ["a", "b", "c"], "PROPERTY": ["p", "q", "r"], "CLASS": ["A", "B", "C", "D"]}
AXIOMS = """
:CLASS rdfs:subClassOf :CLASS
:CLASS owl:equivalentClass :CLASS
:PROPERTY rdfs:subPropertyOf :PROPERTY
:PROPERTY owl:equivalentProperty :PROPERTY
:PROPERTY rdfs:domain :CLASS
:PROPERTY rdfs:range :CLASS
:PROPERTY owl:inverseOf :PROPERTY
:PROPERTY a owl:TransitiveProperty
:PROPERTY a owl:SymmetricProperty
:PROPERTY a owl:FunctionalProperty
:PROPERTY a owl:InverseFunctionalProperty
:PROPERTY owl:propertyChainAxiom ( :PROPERTY :PROPERTY )
:PROPERTY owl:propertyChainAxiom ( :PROPERTY :PROPERTY :PROPERTY )
:CLASS owl:intersectionOf ( :CLASS :CLASS )
:CLASS owl:unionOf ( :CLASS :CLASS )
:CLASS owl:oneOf ( :THING :THING )
:CLASS owl:hasKey ( :PROPERTY )
:CLASS owl:hasKey ( :PROPERTY :value )
:CLASS owl:onProperty :PROPERTY ; owl:someValuesFrom :CLASS
:CLASS owl:onProperty :PROPERTY ; owl:someValuesFrom owl:Thing
:CLASS owl:onProperty :PROPERTY ; owl:allValuesFrom :CLASS
:CLASS owl:onProperty :PROPERTY ; owl:hasValue :THING
:CLASS owl:onProperty :PROPERTY ; owl:maxCardinality 1
:CLASS owl:onProperty :PROPERTY ; owl:maxQualifiedCardinality 1 ; owl:onClass :CLASS
:E owl:onProperty :value ; owl:someValuesFrom xsd:nonNegativeInteger ; rdfs:subClassOf :CLASS
:F owl:onProperty :value ; owl:hasValue 2.0 ; owl:equivalentClass :CLASS
:value rdfs:subPropertyOf :note
:CLASS owl:sameAs :CLASS
:PROPERTY owl:sameAs :PROPERTY
:CLASS a owl:Class
:PROPERTY a owl:ObjectProperty
owl:Thing rdfs:subClassOf :CLASS
owl:Thing owl:sameAs :CLASS
"""
# A literal is the value here of a property without inverse that no other restriction is on: nothing
# takes a literal as a subject on the way, which would leave its conclusions without a proof.
FACTS = """
:THING :PROPERTY :THING
:THING :PROPERTY :THING
:THING :PROPERTY :THING
:THING a :CLASS
:THING a :CLASS
:THING owl:sameAs :THING
:THING :value 2
:THING :value -1.5
"""


@st.composite
def statements(draw: st.DrawFn, templates: str, most: int) -> str:
    drawn = draw(st.lists(st.sampled_from(templates.strip().splitlines()), min_size=min(most, 3), max_size=most))
    words = (
        f":{draw(st.sampled_from(WORDS[word[1:]]))}" if word[1:] in WORDS else word
        for template in drawn
        for word in [*template.split(), "."]
    )
    return " ".join(words)


graphs = st.tuples(statements(AXIOMS, 6), statements(FACTS, 9)).map(" ".join)
many = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])


def levels(asserted: list[Fact]) -> dict[Fact, int]:
    """Return how many levels each triple takes that follows, by trying every rule on all there is."""
    cells, known = cells_of(asserted), dict.fromkeys(asserted, 0)
    for level in range(1, 10):
        memory = Memory(known, ())
        forms = [*FORMS.values()]
        for rule, (predicate, _) in OVER_LISTS.items():
            forms += [form for axiom in memory.match(None, predicate, None) for form in over_list(rule, axiom, cells)]
        new = {conclusion for form in forms for conclusion in conclusions(form, memory)} - known.keys()
        if not new:
            break
        known.update(dict.fromkeys(new, level))
    return known


def conclusions(form: Form, memory: Memory) -> Iterator[Fact]:
    def bindings(patterns: list[Fact], binding: dict) -> Iterator[dict]:
        if not patterns:
            yield binding
            return
        known = (binding.get(slot) if isinstance(slot, str) else None if slot == 1 else slot for slot in patterns[0])
        for found in memory.match(*known):
            extended = unify(patterns[0], found, binding)
            if extended is not None:
                yield from bindings(patterns[1:], extended)

    for binding in bindings(form.premises, {}):
        for pattern in form.conclusions:
            yield tuple(binding[slot] if isinstance(slot, str) else slot for slot in pattern)


@many
@given(graphs)
def test_everything_inferred_has_a_proof(text: str) -> None:
    asserted = read(text)
    memory, checker = close(asserted), Checker(asserted)
    prover = Prover(memory)
    for triple in memory.inferred:
        checker.check(prover.prove(triple), triple)


def says_nothing(subject: object, predicate: object, obj: object) -> bool:
    """Tell whether the closure leaves a fact out as trivial."""
    return holds_always(subject, predicate, obj) or (predicate in (RDFS.domain, RDFS.range) and obj == OWL.Thing)


@many
@given(graphs)
def test_all_that_the_rules_give_is_inferred_and_no_proof_takes_fewer_levels(text: str) -> None:
    asserted = read(text)
    memory, least = close(asserted), levels(asserted)
    assert not [t for t in least if not (memory.match(*t) or isinstance(t[0], Literal) or says_nothing(*t))]
    prover = Prover(memory)
    for triple in memory.inferred:
        proof = prover.prove(triple)
        if proof is not None and triple in least:
            assert proof.height <= least[triple], triple


@many
@given(graphs)
def test_several_proofs_are_all_right(text: str) -> None:
    asserted = read(text)
    memory, checker = close(asserted), Checker(asserted)
    prover = Prover(memory)
    for triple in memory.inferred[:5]:
        found = prover.proofs(triple, 4)
        for proof in found:
            checker.check(proof, triple)
        sizes = [(proof.height, proof.size) for proof in found]
        assert sizes == sorted(sizes)
        assert len(found) == len(set(map(str, found)))


@many
@given(graphs, statements(FACTS, 1))
def test_adding_what_is_missing_gives_the_triple(text: str, wanted: str) -> None:
    (triple,) = read(wanted)
    asserted = read(text)
    prover = Prover(close(asserted))
    assume(not prover.holds(triple))
    for miss in prover.near_misses(triple):
        assert all(prover.holds(premise) for premise in miss.present)
        assert triple not in miss.missing
        added = [tuple(map(any_value, atom)) for atom in miss.missing]
        assert triple in close([*asserted, *added]).inferred, miss


def any_value(slot: object) -> object:
    """Put a new term in the place of a variable, and one in that of a bound."""
    return frozen(1 if slot == "?one" else slot)
