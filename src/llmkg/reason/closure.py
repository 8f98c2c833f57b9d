"""Run compiled rules to the fixed point: asserted triples in, inferred triples out.

Semi-naive: every fact, asserted or inferred, is taken from the agenda once and joined with all
facts already indexed, so no join is repeated. Legal RDF only: no literal becomes a subject.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, Triple

from llmkg.reason.rules import Rules, compile_rules
from llmkg.terms import RDF, RDFS, Term

__all__ = ["infer"]


def infer(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples that follow from ``triples`` and are not among them.

    As a set the result does not depend on the order of the input; sort before writing.
    """
    asserted = set(triples)
    closure = _Closure(compile_rules(asserted))
    for triple in asserted:
        closure.assert_fact(triple)
    return closure.run()


class _Closure:
    """The facts found so far, indexed both ways per predicate, and those still to be joined.

    Terms are coded as integers, which hash and compare many times faster than terms.
    """

    def __init__(self, rules: Rules) -> None:
        self._codes: dict[Term, int] = {}
        self._terms: list[Term] = []
        self._literals: set[int] = set()
        self._type = self._code(RDF.type)
        self._supers = self._coded(rules.supers)
        self._inverses = self._coded(rules.inverses)
        self._domains = self._coded(rules.domains)
        self._ranges = self._coded(rules.ranges)
        self._classes = self._coded(rules.classes)
        self._chains = {
            self._code(part): [([self._code(p) for p in chain], i, self._code(q)) for chain, i, q in uses]
            for part, uses in rules.chains.items()
        }
        self._objects: dict[int, dict[int, set[int]]] = defaultdict(dict)
        self._subjects: dict[int, dict[int, set[int]]] = defaultdict(dict)
        self._agenda: list[tuple[int, int, int]] = []

    def assert_fact(self, triple: Triple) -> None:
        """Take in one asserted triple."""
        self._add(self._code(triple.subject), self._code(triple.predicate), self._code(triple.object))

    def run(self) -> list[Triple]:
        """Reach the fixed point and return what was added to the asserted facts."""
        asserted = set(self._agenda)
        self._add_hierarchies()
        while self._agenda:
            subject, predicate, obj = self._agenda.pop()
            if predicate == self._type:
                for wider in self._classes.get(obj, ()):
                    self._add(subject, predicate, wider)
            self._apply(subject, predicate, obj)
        return [
            Triple(self._terms[s], self._terms[p], self._terms[o])  # type: ignore[arg-type]
            for p, by_subject in self._objects.items()
            for s, objects in by_subject.items()
            for o in objects
            if (s, p, o) not in asserted
        ]

    def _code(self, term: Term) -> int:
        code = self._codes.get(term)
        if code is None:
            code = self._codes[term] = len(self._terms)
            self._terms.append(term)
            if isinstance(term, Literal):
                self._literals.add(code)
        return code

    def _coded(self, table: Mapping[Term, frozenset[Term]]) -> dict[int, list[int]]:
        return {self._code(key): sorted(map(self._code, values)) for key, values in table.items()}

    def _add(self, subject: int, predicate: int, obj: int) -> None:
        objects = self._objects[predicate].setdefault(subject, set())
        if obj not in objects:
            objects.add(obj)
            self._subjects[predicate].setdefault(obj, set()).add(subject)
            self._agenda.append((subject, predicate, obj))

    def _add_hierarchies(self) -> None:
        """Add the closed hierarchies themselves (scm-sco, scm-spo)."""
        for table, name in ((self._classes, RDFS.subClassOf), (self._supers, RDFS.subPropertyOf)):
            for term, wider in table.items():
                for other in wider:
                    self._add(term, self._code(name), other)

    def _apply(self, subject: int, predicate: int, obj: int) -> None:
        for wider in self._supers.get(predicate, ()):
            self._add(subject, wider, obj)
        for cls in self._domains.get(predicate, ()):
            self._add(subject, self._type, cls)
        if obj in self._literals:
            return
        for cls in self._ranges.get(predicate, ()):
            self._add(obj, self._type, cls)
        for inverse in self._inverses.get(predicate, ()):
            self._add(obj, inverse, subject)
        for chain, position, implied in self._chains.get(predicate, ()):
            starts = _walk([subject], reversed(chain[:position]), self._subjects)
            ends = _walk([obj], chain[position + 1 :], self._objects)
            for start in starts:
                for end in ends:
                    self._add(start, implied, end)


def _walk(nodes: Iterable[int], chain: Iterable[int], index: Mapping[int, Mapping[int, set[int]]]) -> set[int]:
    """Return what is reached from ``nodes`` along ``chain`` in one direction of the index."""
    reached = set(nodes)
    for predicate in chain:
        table = index.get(predicate, {})
        reached = {end for node in reached for end in table.get(node, ())}
    return reached
