"""What a proof stands on: a closed graph with the asserted facts told apart, and what holds in every graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, product
from typing import Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from llmkg.reason.datatypes import DATATYPES, contains, value_of
from llmkg.reason.rules import Fact
from llmkg.reason.trivial import BUILT_IN
from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["REFLEXIVE", "Facts", "FactsAboutLiterals", "StoreFacts", "holds_always"]

_SAME, _TYPE, _SUB, _THING, _NOTHING = OWL.sameAs, RDF.type, RDFS.subClassOf, OWL.Thing, OWL.Nothing
REFLEXIVE = frozenset([_SAME, _SUB, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty])


class Facts(Protocol):
    """A closed graph, with the asserted triples told apart."""

    def match(self, s: Term | None, p: Term | None, o: Term | None) -> Iterable[Fact]:
        """Return the facts that fit; None fits everything."""

    def stated(self, s: Term | None, p: Term | None, o: Term | None) -> Iterable[Fact]:
        """Return the facts that fit and that a file states."""

    def asserted(self, fact: Fact) -> bool:
        """Tell whether a file states the fact."""


class StoreFacts:
    """The facts of an Oxigraph store: the closure in its default graph, what is asserted in another."""

    def __init__(self, store: Store, asserted: NamedNode) -> None:
        self._store = store
        self._asserted = asserted

    def match(self, s: Term | None, p: Term | None, o: Term | None) -> Iterator[Fact]:
        """Yield the facts of the closure that fit."""
        return self._found(s, p, o, _CLOSURE)

    def stated(self, s: Term | None, p: Term | None, o: Term | None) -> Iterator[Fact]:
        """Yield the facts that fit and that a file states."""
        return self._found(s, p, o, self._asserted)

    def asserted(self, fact: Fact) -> bool:
        """Tell whether a file states the fact."""
        subject, predicate, obj = fact
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
            return False
        return Quad(subject, predicate, obj, self._asserted) in self._store

    def _found(self, s: Term | None, p: Term | None, o: Term | None, graph: NamedNode | DefaultGraph) -> Iterator[Fact]:
        if isinstance(s, Literal) or not isinstance(p, NamedNode | None):
            return
        if s is not None and p is not None and o is not None:
            # To look a fact up takes the same time everywhere; a pattern in memory goes through all of one of its terms.
            if Quad(s, p, o, graph) in self._store:
                yield s, p, o
            return
        for quad in self._store.quads_for_pattern(s, p, o, graph):
            yield quad.subject, quad.predicate, quad.object


_CLOSURE = DefaultGraph()


class FactsAboutLiterals:
    """The facts of a closed graph, and with them those that have a literal as their subject.

    RDF cannot state these, so no store holds them; what follows may follow through them alone.
    """

    def __init__(self, facts: Facts, about_literals: Iterable[Fact]) -> None:
        """Take a closed graph and what ``Closure.about_literals`` yields."""
        self._facts = facts
        self._found: dict[tuple[Term | None, Term | None, Term | None], list[Fact]] = defaultdict(list)
        for fact in about_literals:
            subject, predicate, obj = ((term, None) for term in fact)
            for key in product(subject, predicate, obj):
                self._found[key].append(fact)

    def match(self, s: Term | None, p: Term | None, o: Term | None) -> Iterator[Fact]:
        """Yield the facts that fit."""
        return chain(self._facts.match(s, p, o), self._found.get((s, p, o), ()))

    def stated(self, s: Term | None, p: Term | None, o: Term | None) -> Iterable[Fact]:
        """Return the facts that fit and that a file states: none of those about literals."""
        return self._facts.stated(s, p, o)

    def asserted(self, fact: Fact) -> bool:
        """Tell whether a file states the fact."""
        return self._facts.asserted(fact)


def holds_always(fact: Fact) -> bool:
    """Tell whether the fact holds in every graph with its terms (the trivial rules and dt-type2, dt-eq)."""
    subject, predicate, obj = fact
    if isinstance(subject, Literal):
        if predicate == _SAME:
            return isinstance(obj, Literal) and (value := value_of(subject)) is not None and value == value_of(obj)
        if predicate != _TYPE or obj not in DATATYPES:
            return False
        value = value_of(subject)
        return value is not None and contains(obj, value)  # type: ignore[arg-type]
    if subject == obj and predicate in REFLEXIVE:
        return True
    if predicate == _SUB:
        return obj == _THING or subject == _NOTHING
    return predicate == _TYPE and (obj == _THING or BUILT_IN.get(subject) == obj)  # type: ignore[arg-type]
