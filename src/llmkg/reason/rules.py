"""The rules of OWL 2 RL as they stand in the specification, for proofs.

Each rule has its name, its premises, its conclusion and a sentence that says in plain words why
the conclusion holds. The closure does not run on this table: it is what its results are explained
by, and what tells the rules that could have given a triple that does not follow.

Source: OWL 2 Profiles, section 4.3, tables 4 to 9. Rules over lists are written out for each list
that a graph holds by ``list_rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from llmkg.terms import OWL, PREFIXES, RDF, Namespace, Term

__all__ = ["RULES", "Atom", "Fact", "Rule", "Slot", "list_rules"]

Fact = tuple[Term, Term, Term]
Slot = Term | str  # a term, or a variable such as "?x"
Atom = tuple[Slot, Slot, Slot]
Match = Callable[[Term | None, Term | None, Term | None], Iterable[Fact]]


class Rule(NamedTuple):
    """``body`` implies ``head``; ``sentence`` has the variables in braces."""

    name: str
    body: tuple[Atom, ...]
    head: Atom
    sentence: str


def _slot(text: str) -> Slot:
    if text.startswith("?"):
        return text
    if text == "a":
        return RDF.type
    prefix, _, name = text.partition(":")
    return Namespace(PREFIXES[prefix])[name]


def _atom(text: str) -> Atom:
    subject, predicate, obj = text.split()
    return _slot(subject), _slot(predicate), _slot(obj)


def _rule(name: str, text: str, sentence: str) -> Rule:
    body, head = text.split(" => ")
    return Rule(name, tuple(_atom(atom) for atom in body.split(", ")), _atom(head), sentence)


# The premises stand in the order in which they are best looked up, schema first.
RULES: tuple[Rule, ...] = (
    _rule("eq-sym", "?y owl:sameAs ?x => ?x owl:sameAs ?y", "Being the same holds both ways."),
    _rule("eq-trans", "?x owl:sameAs ?y, ?y owl:sameAs ?z => ?x owl:sameAs ?z", "Both are the same as {y}."),
    _rule("eq-rep-s", "?t owl:sameAs ?s, ?t ?p ?o => ?s ?p ?o", "{s} is the same as {t}."),
    _rule("eq-rep-p", "?q owl:sameAs ?p, ?s ?q ?o => ?s ?p ?o", "The property “{p}” is the same as “{q}”."),
    _rule("eq-rep-o", "?s ?p ?t, ?t owl:sameAs ?o => ?s ?p ?o", "{o} is the same as {t}."),
    _rule("prp-dom", "?p rdfs:domain ?c, ?x ?p ?y => ?x a ?c", "What has “{p}” is of kind {c}."),
    _rule("prp-rng", "?p rdfs:range ?c, ?x ?p ?y => ?y a ?c", "What something has as “{p}” is of kind {c}."),
    _rule(
        "prp-fp",
        "?p a owl:FunctionalProperty, ?x ?p ?y, ?x ?p ?z => ?y owl:sameAs ?z",
        "A thing has at most one value of “{p}”.",
    ),
    _rule(
        "prp-ifp",
        "?p a owl:InverseFunctionalProperty, ?x ?p ?v, ?y ?p ?v => ?x owl:sameAs ?y",
        "At most one thing has a given value of “{p}”.",
    ),
    _rule("prp-symp", "?p a owl:SymmetricProperty, ?y ?p ?x => ?x ?p ?y", "“{p}” holds both ways."),
    _rule(
        "prp-trp",
        "?p a owl:TransitiveProperty, ?x ?p ?y, ?y ?p ?z => ?x ?p ?z",
        "“{p}” is transitive, and {y} lies between the two.",
    ),
    _rule("prp-spo1", "?q rdfs:subPropertyOf ?p, ?x ?q ?y => ?x ?p ?y", "Where “{q}” holds, “{p}” holds."),
    _rule("prp-eqp1", "?q owl:equivalentProperty ?p, ?x ?q ?y => ?x ?p ?y", "“{q}” and “{p}” mean the same."),
    _rule("prp-eqp2", "?p owl:equivalentProperty ?q, ?x ?q ?y => ?x ?p ?y", "“{p}” and “{q}” mean the same."),
    _rule("prp-inv1", "?q owl:inverseOf ?p, ?y ?q ?x => ?x ?p ?y", "“{p}” is “{q}” read the other way."),
    _rule("prp-inv2", "?p owl:inverseOf ?q, ?y ?q ?x => ?x ?p ?y", "“{p}” is “{q}” read the other way."),
    _rule(
        "cls-svf1",
        "?c owl:someValuesFrom ?f, ?c owl:onProperty ?p, ?x ?p ?y, ?y a ?f => ?x a ?c",
        "{c} is whatever “{p}” some {f}.",
    ),
    _rule(
        "cls-svf2",
        "?c owl:someValuesFrom owl:Thing, ?c owl:onProperty ?p, ?x ?p ?y => ?x a ?c",
        "{c} is whatever “{p}” anything.",
    ),
    _rule(
        "cls-avf",
        "?c owl:allValuesFrom ?f, ?c owl:onProperty ?p, ?x ?p ?y, ?x a ?c => ?y a ?f",
        "Whatever is a {c} “{p}” only {f}.",
    ),
    _rule(
        "cls-hv1",
        "?c owl:onProperty ?p, ?c owl:hasValue ?v, ?x a ?c => ?x ?p ?v",
        "Whatever is a {c} “{p}” {v}.",
    ),
    _rule(
        "cls-hv2",
        "?c owl:hasValue ?v, ?c owl:onProperty ?p, ?x ?p ?v => ?x a ?c",
        "{c} is whatever “{p}” {v}.",
    ),
    _rule(
        "cls-maxc2",
        "?c owl:maxCardinality ?one, ?c owl:onProperty ?p, ?x a ?c, ?x ?p ?y, ?x ?p ?z => ?y owl:sameAs ?z",
        "A {c} has at most one value of “{p}”.",
    ),
    _rule(
        "cls-maxqc3",
        "?c owl:maxQualifiedCardinality ?one, ?c owl:onProperty ?p, ?c owl:onClass ?f, ?x a ?c, ?x ?p ?y, ?y a ?f, "
        "?x ?p ?z, ?z a ?f => ?y owl:sameAs ?z",
        "A {c} “{p}” at most one {f}.",
    ),
    _rule(
        "cls-maxqc4",
        "?c owl:maxQualifiedCardinality ?one, ?c owl:onProperty ?p, ?c owl:onClass owl:Thing, ?x a ?c, ?x ?p ?y, "
        "?x ?p ?z => ?y owl:sameAs ?z",
        "A {c} has at most one value of “{p}”.",
    ),
    _rule("cax-sco", "?d rdfs:subClassOf ?c, ?x a ?d => ?x a ?c", "{d} is a kind of {c}."),
    _rule("cax-eqc1", "?d owl:equivalentClass ?c, ?x a ?d => ?x a ?c", "{d} and {c} mean the same."),
    _rule("cax-eqc2", "?c owl:equivalentClass ?d, ?x a ?d => ?x a ?c", "{c} and {d} mean the same."),
    _rule(
        "scm-sco",
        "?x rdfs:subClassOf ?y, ?y rdfs:subClassOf ?z => ?x rdfs:subClassOf ?z",
        "{x} is a kind of {y}, and {y} is a kind of {z}.",
    ),
    _rule("scm-eqc1", "?x owl:equivalentClass ?y => ?x rdfs:subClassOf ?y", "{x} and {y} mean the same."),
    _rule("scm-eqc1", "?y owl:equivalentClass ?x => ?x rdfs:subClassOf ?y", "{x} and {y} mean the same."),
    _rule(
        "scm-eqc2",
        "?x rdfs:subClassOf ?y, ?y rdfs:subClassOf ?x => ?x owl:equivalentClass ?y",
        "{x} is a kind of {y}, and the other way round.",
    ),
    _rule(
        "scm-spo",
        "?x rdfs:subPropertyOf ?y, ?y rdfs:subPropertyOf ?z => ?x rdfs:subPropertyOf ?z",
        "Whatever “{x}” holds of, “{y}” holds of, and then “{z}”.",
    ),
    _rule("scm-eqp1", "?x owl:equivalentProperty ?y => ?x rdfs:subPropertyOf ?y", "{x} and {y} mean the same."),
    _rule("scm-eqp1", "?y owl:equivalentProperty ?x => ?x rdfs:subPropertyOf ?y", "{x} and {y} mean the same."),
    _rule(
        "scm-eqp2",
        "?x rdfs:subPropertyOf ?y, ?y rdfs:subPropertyOf ?x => ?x owl:equivalentProperty ?y",
        "Whatever “{x}” holds of, “{y}” holds of, and the other way round.",
    ),
    _rule("scm-dom1", "?p rdfs:domain ?d, ?d rdfs:subClassOf ?c => ?p rdfs:domain ?c", "{d} is a kind of {c}."),
    _rule(
        "scm-dom2",
        "?p rdfs:subPropertyOf ?q, ?q rdfs:domain ?c => ?p rdfs:domain ?c",
        "Where “{p}” holds, “{q}” holds.",
    ),
    _rule("scm-rng1", "?p rdfs:range ?d, ?d rdfs:subClassOf ?c => ?p rdfs:range ?c", "{d} is a kind of {c}."),
    _rule(
        "scm-rng2", "?p rdfs:subPropertyOf ?q, ?q rdfs:range ?c => ?p rdfs:range ?c", "Where “{p}” holds, “{q}” holds."
    ),
    _rule(
        "scm-hv",
        "?c owl:hasValue ?v, ?c owl:onProperty ?p, ?d owl:hasValue ?v, ?d owl:onProperty ?q, ?p rdfs:subPropertyOf ?q "
        "=> ?c rdfs:subClassOf ?d",
        "Whatever “{p}” {v} also “{q}” {v}.",
    ),
    _rule(
        "scm-svf1",
        "?c owl:someValuesFrom ?f, ?c owl:onProperty ?p, ?d owl:onProperty ?p, ?d owl:someValuesFrom ?g, "
        "?f rdfs:subClassOf ?g => ?c rdfs:subClassOf ?d",
        "Whatever “{p}” some {f} also “{p}” some {g}.",
    ),
    _rule(
        "scm-svf2",
        "?c owl:someValuesFrom ?f, ?c owl:onProperty ?p, ?d owl:someValuesFrom ?f, ?d owl:onProperty ?q, "
        "?p rdfs:subPropertyOf ?q => ?c rdfs:subClassOf ?d",
        "Whatever “{p}” some {f} also “{q}” some {f}.",
    ),
    _rule(
        "scm-avf1",
        "?c owl:allValuesFrom ?f, ?c owl:onProperty ?p, ?d owl:onProperty ?p, ?d owl:allValuesFrom ?g, "
        "?f rdfs:subClassOf ?g => ?c rdfs:subClassOf ?d",
        "Whatever “{p}” only {f} “{p}” only {g}.",
    ),
    _rule(
        "scm-avf2",
        "?d owl:allValuesFrom ?f, ?d owl:onProperty ?q, ?c owl:allValuesFrom ?f, ?c owl:onProperty ?p, "
        "?q rdfs:subPropertyOf ?p => ?c rdfs:subClassOf ?d",
        "Whatever “{p}” only {f} “{q}” only {f}.",
    ),
)


def list_rules(match: Match, asserted: Callable[[Fact], bool]) -> Iterator[Rule]:
    """Yield the rules for each axiom over a list that ``match`` finds, with the list written out.

    Where members have been found to be the same as others, the list is the one that is asserted.
    """
    axioms: tuple[tuple[Term, Callable[[Term, Atom, tuple[Term, ...]], Iterator[Rule]]], ...] = (
        (OWL.propertyChainAxiom, _chain),
        (OWL.hasKey, _key),
        (OWL.intersectionOf, _intersection),
        (OWL.unionOf, _union),
        (OWL.oneOf, _enumeration),
    )
    for predicate, rules in axioms:
        for subject, _, head in match(None, predicate, None):
            members = _members(match, asserted, head)
            if members:
                yield from rules(subject, (subject, predicate, head), members)


def _members(match: Match, asserted: Callable[[Fact], bool], node: Term) -> tuple[Term, ...] | None:
    members, seen = [], set()
    while node != RDF.nil:
        first, rest = (_one(list(match(node, part, None)), asserted) for part in (RDF.first, RDF.rest))
        if node in seen or first is None or rest is None:
            return None
        seen.add(node)
        members.append(first)
        node = rest
    return tuple(members)


def _one(facts: list[Fact], asserted: Callable[[Fact], bool]) -> Term | None:
    """Return the object of the one fact among ``facts``, or of the one that is asserted."""
    if len(facts) > 1:
        facts = [fact for fact in facts if asserted(fact)]
    return facts[0][2] if len(facts) == 1 else None


def _chain(prop: Term, axiom: Atom, chain: tuple[Term, ...]) -> Iterator[Rule]:
    links = tuple((f"?u{n}", link, f"?u{n + 1}") for n, link in enumerate(chain))
    yield Rule("prp-spo2", (axiom, *links), ("?u0", prop, f"?u{len(chain)}"), "{chain}: this chain makes “{implied}”.")


def _key(cls: Term, axiom: Atom, props: tuple[Term, ...]) -> Iterator[Rule]:
    values = tuple(atom for n, p in enumerate(props) for atom in (("?x", p, f"?v{n}"), ("?y", p, f"?v{n}")))
    body = (axiom, ("?x", RDF.type, cls), ("?y", RDF.type, cls), *values)
    yield Rule("prp-key", body, ("?x", OWL.sameAs, "?y"), "They share the values that tell one {cls} from another.")


def _intersection(cls: Term, axiom: Atom, parts: tuple[Term, ...]) -> Iterator[Rule]:
    typed = tuple(("?x", RDF.type, part) for part in parts)
    yield Rule("cls-int1", (axiom, *typed), ("?x", RDF.type, cls), "It is all that a {cls} is.")
    for part in parts:
        body = (axiom, ("?x", RDF.type, cls))
        yield Rule("cls-int2", body, ("?x", RDF.type, part), "A {cls} is that among other things.")
        yield Rule("scm-int", (axiom,), (cls, _SUB, part), "A {cls} is that among other things.")


def _union(cls: Term, axiom: Atom, parts: tuple[Term, ...]) -> Iterator[Rule]:
    for part in parts:
        yield Rule("cls-uni", (axiom, ("?x", RDF.type, part)), ("?x", RDF.type, cls), "That is one way to be a {cls}.")
        yield Rule("scm-uni", (axiom,), (part, _SUB, cls), "That is one way to be a {cls}.")


def _enumeration(cls: Term, axiom: Atom, things: tuple[Term, ...]) -> Iterator[Rule]:
    for thing in things:
        yield Rule("cls-oo", (axiom,), (thing, RDF.type, cls), "It is one of those that {cls} lists.")


_SUB = Namespace(PREFIXES["rdfs"]).subClassOf
