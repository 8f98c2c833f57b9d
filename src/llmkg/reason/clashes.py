"""Find contradictions in a closed graph: the rules of OWL 2 RL that conclude ``false``.

In goes a closure that has run, out come the rule instances found, each with its premises; and the
classes that can have no instance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from pyoxigraph import Literal, Triple

from llmkg.reason.datatypes import is_trivially_typed
from llmkg.reason.relation import Pair
from llmkg.terms import OWL, RDFS, Term

if TYPE_CHECKING:
    from llmkg.reason.closure import Closure

__all__ = ["Clash", "find_clashes", "find_unsatisfiable"]

Fact = tuple[int, int, int]
Disjointness = tuple[str, list[Pair], Callable[[int, int], Fact]]


@dataclass(frozen=True)
class Clash:
    """One instance of a rule that concludes ``false``: the rule's name and its premises.

    A premise with a literal as its subject is no legal triple and is given in ``about`` in words.
    """

    rule: str
    premises: tuple[Triple, ...]
    about: str = ""


def find_clashes(closure: Closure) -> list[Clash]:
    """Return every clash in the order of its text; empty means consistent as far as RL can tell."""
    search = _Search(closure)
    found = {clash for part in search.parts() for clash in part}
    return sorted(found, key=lambda c: (c.rule, list(map(str, c.premises)), c.about))


def find_unsatisfiable(closure: Closure) -> list[Clash]:
    """Return, for each class that can have no instance, the subclass axioms that say so.

    Nothing but the closed hierarchy is looked at: a class below Nothing, below two disjoint
    classes, below one that is disjoint with itself, or below a class and its complement.
    """
    assert closure.compiler is not None
    search = _Search(closure)
    found: set[Clash] = set()
    rules = search.disjointness()
    involved = {side for _, pairs, _ in rules for pair in pairs for side in pair}
    hierarchy = closure.compiler.above
    for cls in {*hierarchy, *involved} - {closure.nothing}:
        above = hierarchy.get(cls, set())
        everything = involved.intersection((cls, *above))
        if closure.nothing in above:
            found.add(search.clash("unsatisfiable class", (cls, search.sub, closure.nothing)))
        for rule, pairs, axiom in rules if everything else ():
            for a, b in pairs:
                if a in everything and b in everything:
                    sides = [(cls, search.sub, side) for side in dict.fromkeys((a, b)) if side != cls]
                    found.add(search.clash("unsatisfiable class", *sides, axiom(a, b), about=rule))
    return sorted(found, key=lambda c: list(map(str, c.premises)))


class _Search:
    """The checks over one closure; each part yields clashes of one or two rules."""

    def __init__(self, closure: Closure) -> None:
        self.closure = closure
        self.axioms = closure.axioms
        self.types = closure.relation(closure.type).forward
        self.sub = closure.code(RDFS.subClassOf)

    def parts(self) -> Iterator[Iterable[Clash]]:
        """Yield the parts of the search."""
        yield self._different()
        yield self._different_values()
        yield self._ill_typed()
        yield self._outside_range()
        yield self._outside_restriction()
        yield self._reflexive()
        yield self._disjoint_properties()
        yield self._negative()
        yield self._nothing()
        yield self._disjoint_classes()
        yield self._too_many()

    def clash(self, rule: str, *facts: Fact, about: str = "") -> Clash:
        """Return a clash whose premises are ``facts``."""
        terms, literals = self.closure.terms, self.closure.literals
        legal = [f for f in facts if f[0] not in literals]
        words = [" ".join(str(terms[code]) for code in f) for f in facts if f[0] in literals]
        triples = tuple(Triple(*(terms[code] for code in f)) for f in legal)  # type: ignore[arg-type]
        return Clash(rule, triples, "; ".join(filter(None, [about, *words])))

    def _facts(self, prop: int) -> Iterable[Pair]:
        return self.closure.facts(self.closure.find(prop))

    def _named(self, term: Term) -> int:
        return self.closure.code(term)

    def _different(self) -> Iterator[Clash]:
        """eq-diff1, eq-diff2, eq-diff3."""
        find, same = self.closure.find, self.closure.same
        for a, b in self.axioms.different:
            if find(a) == find(b):
                yield self.clash("eq-diff1", (a, same, b), (a, self._named(OWL.differentFrom), b))
        for node, members in self.axioms.different_sets:
            for rule, predicate in (("eq-diff2", OWL.members), ("eq-diff3", OWL.distinctMembers)):
                if predicate in self._predicates_of(node):
                    for a, b in combinations(members, 2):
                        if find(a) == find(b):
                            axiom = self._axiom(node, OWL.AllDifferent)
                            yield self.clash(rule, axiom, (a, same, b))

    def _different_values(self) -> Iterator[Clash]:
        """dt-diff, for literals of two values that were merged."""
        same = self.closure.same
        for group in self.closure.merged().values():
            literals = [m for m in group if m in self.closure.literals]
            for a, b in combinations(literals, 2):
                if self.closure.value(a) != self.closure.value(b):
                    others = [m for m in group if m not in self.closure.literals][:1]
                    facts = [(other, same, value) for other in others for value in (a, b)]
                    text = f"{self.closure.terms[a]} and {self.closure.terms[b]} would be the same value"
                    yield self.clash("dt-diff", *facts, about=text)

    def _predicates_of(self, node: int) -> set[Term]:
        found: set[Term] = set()
        for predicate in (OWL.members, OWL.distinctMembers):
            if node in dict(self._facts(self._named(predicate))):
                found.add(predicate)
        return found

    def _axiom(self, node: int, cls: Term) -> Fact:
        return node, self.closure.type, self._named(cls)

    def _ill_typed(self) -> Iterator[Clash]:
        """dt-not-type, for a literal whose text is not in the lexical space of its own datatype."""
        bad = set()
        for code in self.closure.literals:
            literal = self.closure.terms[code]
            assert isinstance(literal, Literal)
            if not is_trivially_typed(literal) and self.closure.value(code) is None:
                bad.add(code)
        if bad:
            for predicate in self.closure.predicates():
                for s, o in self.closure.facts(predicate):
                    if o in bad:
                        yield self.clash(
                            "dt-not-type", (s, predicate, o), about=f"{self.closure.terms[o]} is ill-typed"
                        )

    def _outside_range(self) -> Iterator[Clash]:
        """dt-not-type, for a literal that a range puts into a datatype it is not in."""
        literals, datatypes = self.closure.literals, self.closure.datatypes
        for prop, classes in self.axioms.range.items():
            for datatype in datatypes.keys() & set(classes):
                for s, o in self._facts(prop):
                    if o in literals and not self._in(o, datatype):
                        axiom = (prop, self._named(RDFS.range), datatype)
                        yield self.clash("dt-not-type", axiom, (s, prop, o))

    def _outside_restriction(self) -> Iterator[Clash]:
        """dt-not-type, for a literal that a restriction or a class description puts into a datatype."""
        literals, datatypes = self.closure.literals, self.closure.datatypes
        for r in self.axioms.restrictions:
            if r.kind == "all" and r.filler in datatypes:
                for s, o in self._facts(r.prop):
                    if o in literals and r.node in self.types.get(s, ()) and not self._in(o, r.filler):
                        typed, filler = (
                            (s, self.closure.type, r.node),
                            (r.node, self._named(OWL.allValuesFrom), r.filler),
                        )
                        yield self.clash("dt-not-type", filler, typed, (s, r.prop, o))
        for code, classes in self.types.items():
            if code in literals:
                for datatype in datatypes.keys() & classes:
                    if not self._in(code, datatype):
                        yield self.clash("dt-not-type", (code, self.closure.type, datatype))

    def _in(self, literal: int, datatype: int) -> bool:
        return self.closure.in_datatype(literal, datatype)

    def _reflexive(self) -> Iterator[Clash]:
        """prp-irp, prp-asyp."""
        for prop in self.axioms.irreflexive:
            for s, o in self._facts(prop):
                if s == o:
                    yield self.clash("prp-irp", self._axiom(prop, OWL.IrreflexiveProperty), (s, prop, o))
        for prop in self.axioms.asymmetric:
            facts = set(self._facts(prop))
            for s, o in facts:
                if s <= o and (o, s) in facts:
                    yield self.clash("prp-asyp", self._axiom(prop, OWL.AsymmetricProperty), (s, prop, o), (o, prop, s))

    def _disjoint_properties(self) -> Iterator[Clash]:
        """prp-pdw, prp-adp."""
        disjoint = self._named(OWL.propertyDisjointWith)
        for a, b in self.axioms.disjoint_properties:
            yield from self._shared("prp-pdw", a, b, (a, disjoint, b))
        for node, props in self.axioms.disjoint_property_sets:
            for a, b in combinations(props, 2):
                yield from self._shared("prp-adp", a, b, self._axiom(node, OWL.AllDisjointProperties))

    def _shared(self, rule: str, a: int, b: int, axiom: Fact) -> Iterator[Clash]:
        for s, o in set(self._facts(a)) & set(self._facts(b)):
            yield self.clash(rule, axiom, (s, a, o), (s, b, o))

    def _negative(self) -> Iterator[Clash]:
        """prp-npa1, prp-npa2."""
        find = self.closure.find
        for node, source, prop, target in self.axioms.negative:
            if (find(source), find(target)) in set(self._facts(prop)):
                value = target in self.closure.literals
                predicates = (
                    OWL.sourceIndividual,
                    OWL.assertionProperty,
                    OWL.targetValue if value else OWL.targetIndividual,
                )
                parts = zip(predicates, (source, prop, target), strict=True)
                axioms = [(node, self._named(predicate), code) for predicate, code in parts]
                yield self.clash("prp-npa2" if value else "prp-npa1", *axioms, (source, prop, target))

    def _nothing(self) -> Iterator[Clash]:
        """cls-nothing2."""
        for s, classes in self.types.items():
            if self.closure.nothing in classes:
                yield self.clash("cls-nothing2", (s, self.closure.type, self.closure.nothing))

    def disjointness(self) -> list[Disjointness]:
        """Return per rule the pairs of disjoint classes and a function from a pair to the axiom behind it."""
        with_, complement = self._named(OWL.disjointWith), self._named(OWL.complementOf)
        table: list[Disjointness] = [
            ("cax-dw", self.axioms.disjoint_classes, lambda a, b: (a, with_, b)),
            ("cls-com", self.axioms.complements, lambda a, b: (a, complement, b)),
        ]
        for node, classes in self.axioms.disjoint_sets:
            axiom = self._axiom(node, OWL.AllDisjointClasses)
            table.append(("cax-adc", list(combinations(classes, 2)), partial(_always, axiom)))
        return table

    def _disjoint_classes(self) -> Iterator[Clash]:
        """cax-dw, cax-adc, cls-com."""
        type_ = self.closure.type
        rules = [(rule, {*pairs}, axiom) for rule, pairs, axiom in self.disjointness()]
        involved = {cls for _, pairs, _ in rules for pair in pairs for cls in pair}
        if not involved:
            return
        for s, classes in self.types.items():
            mine = involved.intersection(classes)
            if len(mine) < 2 and not any((c, c) in pairs for c in mine for _, pairs, _ in rules):  # noqa: PLR2004
                continue
            for rule, pairs, axiom in rules:
                for a, b in pairs:
                    if a in mine and b in mine:
                        yield self.clash(rule, axiom(a, b), (s, type_, a), (s, type_, b))

    def _too_many(self) -> Iterator[Clash]:
        """cls-maxc1, cls-maxqc1, cls-maxqc2."""
        closure, type_, on = self.closure, self.closure.type, self._named(OWL.onProperty)
        for r in self.axioms.restrictions:
            if r.kind not in ("max0", "max0of"):
                continue
            for s, o in self._facts(r.prop):
                if r.node not in self.types.get(s, ()):
                    continue
                facts = [(r.node, on, r.prop), (s, type_, r.node), (s, r.prop, o)]
                if r.kind == "max0":
                    yield self.clash("cls-maxc1", *facts)
                elif r.filler == closure.thing:
                    yield self.clash("cls-maxqc2", *facts)
                elif closure.is_a(o, r.filler):
                    yield self.clash("cls-maxqc1", *facts, (o, type_, r.filler))


def _always(axiom: Fact, _first: int, _second: int) -> Fact:
    return axiom
