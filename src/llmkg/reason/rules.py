"""Compile the axioms of an ontology into rules for the closure.

In go triples, out come tables keyed by the predicate (or class) that a fact must
have to fire a rule; what an ontology does not use costs nothing. Compiled are the rules prp-spo1,
prp-spo2, prp-eqp, prp-inv, prp-symp, prp-trp, prp-dom, prp-rng, cax-sco, cax-eqc, scm-sco and
scm-spo of OWL 2 Profiles, section 4.3 (https://www.w3.org/TR/owl2-profiles/).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["Rules", "compile_rules"]


@dataclass(frozen=True)
class Rules:
    """What a fact ``s p o`` leads to.

    ``supers[p]``: properties q with ``s q o``; ``inverses[p]``: q with ``o q s``;
    ``domains[p]``, ``ranges[p]``: classes of s and of o; ``classes[c]``: classes of what is a c;
    ``chains[p]``: (the chain, the position of p in it, the property it implies).
    """

    supers: Mapping[Term, frozenset[Term]]
    inverses: Mapping[Term, frozenset[Term]]
    domains: Mapping[Term, frozenset[Term]]
    ranges: Mapping[Term, frozenset[Term]]
    classes: Mapping[Term, frozenset[Term]]
    chains: Mapping[Term, tuple[tuple[tuple[Term, ...], int, Term], ...]]


def compile_rules(triples: Iterable[Triple]) -> Rules:
    """Return the rules that the axioms among ``triples`` state."""
    axioms = _Axioms(triples)
    chains: dict[Term, list[tuple[tuple[Term, ...], int, Term]]] = defaultdict(list)
    for chain, implied in axioms.chains():
        for position, part in enumerate(chain):
            chains[part].append((chain, position, implied))
    return Rules(
        supers=_closed(axioms.pairs(RDFS.subPropertyOf), axioms.pairs(OWL.equivalentProperty)),
        inverses=axioms.inverses(),
        domains=_grouped(axioms.pairs(RDFS.domain)),
        ranges=_grouped(axioms.pairs(RDFS.range)),
        classes=_closed(axioms.pairs(RDFS.subClassOf), axioms.pairs(OWL.equivalentClass)),
        chains={part: tuple(uses) for part, uses in chains.items()},
    )


class _Axioms:
    """The schema triples of a graph, by predicate."""

    _SCHEMA = frozenset(
        [
            RDFS.subPropertyOf,
            RDFS.subClassOf,
            RDFS.domain,
            RDFS.range,
            OWL.equivalentProperty,
            OWL.equivalentClass,
            OWL.inverseOf,
            OWL.propertyChainAxiom,
            RDF.first,
            RDF.rest,
        ]
    )
    _KINDS = frozenset([OWL.TransitiveProperty, OWL.SymmetricProperty])

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._pairs: dict[NamedNode, list[tuple[Term, Term]]] = defaultdict(list)
        self._kinds: dict[Term, list[Term]] = defaultdict(list)
        for triple in triples:
            if triple.predicate in self._SCHEMA:
                self._pairs[triple.predicate].append((triple.subject, triple.object))
            elif triple.predicate == RDF.type and triple.object in self._KINDS:
                self._kinds[triple.object].append(triple.subject)

    def pairs(self, predicate: NamedNode) -> list[tuple[Term, Term]]:
        return self._pairs[predicate]

    def inverses(self) -> dict[Term, frozenset[Term]]:
        pairs = self.pairs(OWL.inverseOf)
        symmetric = [(p, p) for p in self._kinds[OWL.SymmetricProperty]]
        return _grouped([*pairs, *((b, a) for a, b in pairs), *symmetric])

    def chains(self) -> list[tuple[tuple[Term, ...], Term]]:
        """Return (chain, implied property); a transitive property is the chain ``p p``."""
        first, rest = dict(self.pairs(RDF.first)), dict(self.pairs(RDF.rest))
        found = [((p, p), p) for p in self._kinds[OWL.TransitiveProperty]]
        for implied, node in self.pairs(OWL.propertyChainAxiom):
            chain: list[Term] = []
            seen: set[Term] = set()
            while node in first and node in rest and node not in seen:
                seen.add(node)
                chain.append(first[node])
                node = rest[node]
            if chain and node == RDF.nil:  # a broken list states no axiom
                found.append((tuple(chain), implied))
        return found


def _grouped(pairs: Iterable[tuple[Term, Term]]) -> dict[Term, frozenset[Term]]:
    table: dict[Term, set[Term]] = defaultdict(set)
    for key, value in pairs:
        table[key].add(value)
    return {key: frozenset(values) for key, values in table.items()}


def _closed(
    pairs: Iterable[tuple[Term, Term]], equal: Iterable[tuple[Term, Term]]
) -> dict[Term, frozenset[Term]]:
    """Return all that is reached from each term, itself left out."""
    both = [*pairs, *equal, *((b, a) for a, b in equal)]
    step = _grouped(both)
    table = {}
    for start in step:
        reached: set[Term] = set()
        stack = [start]
        while stack:
            for term in step.get(stack.pop(), ()):
                if term not in reached:
                    reached.add(term)
                    stack.append(term)
        table[start] = frozenset(reached - {start})
    return table
