"""The axioms of an ontology, read out of coded facts into the tables that the closure runs on.

In go the relations of the schema vocabulary, out comes one ``Axioms``; what an ontology does not
use leaves its table empty and costs nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pyoxigraph import Literal

from llmkg.reason.datatypes import value_of
from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["SCHEMA_CLASSES", "SCHEMA_PREDICATES", "Axioms", "Pairs", "Restriction"]

Pairs = Mapping[int, Iterable[int]]

# A fact with one of these as its predicate, or as the class it types, may state an axiom.
SCHEMA_PREDICATES: frozenset[Term] = frozenset(
    [RDF.first, RDF.rest, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range]
    + [
        OWL[name]
        for name in [
            "allValuesFrom",
            "assertionProperty",
            "complementOf",
            "differentFrom",
            "disjointWith",
            "distinctMembers",
            "equivalentClass",
            "equivalentProperty",
            "hasKey",
            "hasValue",
            "intersectionOf",
            "inverseOf",
            "maxCardinality",
            "maxQualifiedCardinality",
            "members",
            "onClass",
            "onProperty",
            "oneOf",
            "propertyChainAxiom",
            "propertyDisjointWith",
            "sameAs",
            "someValuesFrom",
            "sourceIndividual",
            "targetIndividual",
            "targetValue",
            "unionOf",
        ]
    ]
)
SCHEMA_CLASSES: frozenset[Term] = frozenset(
    [RDFS.Class, RDFS.Datatype]
    + [
        OWL[name]
        for name in [
            "AllDifferent",
            "AllDisjointClasses",
            "AllDisjointProperties",
            "AsymmetricProperty",
            "Class",
            "DatatypeProperty",
            "FunctionalProperty",
            "InverseFunctionalProperty",
            "IrreflexiveProperty",
            "ObjectProperty",
            "SymmetricProperty",
            "TransitiveProperty",
        ]
    ]
)


@dataclass(frozen=True)
class Restriction:
    """One class description with a property and a filler; which rules it takes part in is its ``kind``."""

    node: int
    kind: str
    prop: int
    filler: int


@dataclass
class Axioms:
    """What the schema facts state, by kind of axiom; classes and properties are codes."""

    subclass: list[tuple[int, int]] = field(default_factory=list)
    equal_classes: list[tuple[int, int]] = field(default_factory=list)  # in both directions
    subproperty: list[tuple[int, int]] = field(default_factory=list)
    equal_properties: list[tuple[int, int]] = field(default_factory=list)  # in both directions
    domain: dict[int, list[int]] = field(default_factory=dict)
    range: dict[int, list[int]] = field(default_factory=dict)
    inverse: dict[int, list[int]] = field(default_factory=dict)
    functional: set[int] = field(default_factory=set)
    inverse_functional: set[int] = field(default_factory=set)
    transitive: set[int] = field(default_factory=set)
    symmetric: set[int] = field(default_factory=set)
    asymmetric: set[int] = field(default_factory=set)
    irreflexive: set[int] = field(default_factory=set)
    chains: list[tuple[tuple[int, ...], int]] = field(default_factory=list)
    keys: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    restrictions: list[Restriction] = field(default_factory=list)
    intersections: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    unions: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    enumerations: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    complements: list[tuple[int, int]] = field(default_factory=list)
    disjoint_classes: list[tuple[int, int]] = field(default_factory=list)
    disjoint_sets: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    disjoint_properties: list[tuple[int, int]] = field(default_factory=list)
    disjoint_property_sets: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    different: list[tuple[int, int]] = field(default_factory=list)
    different_sets: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    negative: list[tuple[int, int, int, int]] = field(default_factory=list)  # node, source, property, target

    @classmethod
    def read(cls, reader: SchemaReader) -> Axioms:
        """Read every axiom that ``reader`` can see."""
        axioms = cls()
        axioms.subclass = list(reader.pairs(RDFS.subClassOf))
        axioms.equal_classes = reader.both(OWL.equivalentClass)
        axioms.subproperty = list(reader.pairs(RDFS.subPropertyOf))
        axioms.equal_properties = reader.both(OWL.equivalentProperty)
        axioms.domain = _grouped(reader.pairs(RDFS.domain))
        axioms.range = _grouped(reader.pairs(RDFS.range))
        axioms.inverse = _grouped(reader.both(OWL.inverseOf))
        axioms.functional = reader.instances(OWL.FunctionalProperty)
        axioms.inverse_functional = reader.instances(OWL.InverseFunctionalProperty)
        axioms.transitive = reader.instances(OWL.TransitiveProperty)
        axioms.symmetric = reader.instances(OWL.SymmetricProperty)
        axioms.asymmetric = reader.instances(OWL.AsymmetricProperty)
        axioms.irreflexive = reader.instances(OWL.IrreflexiveProperty)
        axioms.chains = [(chain, prop) for prop, chain in reader.lists(OWL.propertyChainAxiom)]
        axioms.keys = list(reader.lists(OWL.hasKey))
        axioms.intersections = list(reader.lists(OWL.intersectionOf))
        axioms.unions = list(reader.lists(OWL.unionOf))
        axioms.enumerations = list(reader.lists(OWL.oneOf))
        axioms.complements = list(reader.pairs(OWL.complementOf))
        axioms.disjoint_classes = list(reader.pairs(OWL.disjointWith))
        axioms.disjoint_properties = list(reader.pairs(OWL.propertyDisjointWith))
        axioms.different = list(reader.pairs(OWL.differentFrom))
        axioms.disjoint_sets = reader.typed_lists(OWL.AllDisjointClasses, OWL.members)
        axioms.disjoint_property_sets = reader.typed_lists(OWL.AllDisjointProperties, OWL.members)
        axioms.different_sets = [
            *reader.typed_lists(OWL.AllDifferent, OWL.members),
            *reader.typed_lists(OWL.AllDifferent, OWL.distinctMembers),
        ]
        axioms.restrictions = list(_restrictions(reader))
        axioms.negative = list(_negative(reader))
        return axioms


class SchemaReader:
    """A view on coded relations by term; the closure gives it its own."""

    def __init__(
        self, code: Callable[[Term], int], relations: Mapping[int, Pairs], terms: Callable[[int], Iterable[Term]]
    ) -> None:
        self._code = code
        self._relations = relations
        self._terms = terms
        self._types: dict[int, set[int]] | None = None

    def terms(self, code: int) -> Iterable[Term]:
        """Return the terms behind ``code``, which are the same."""
        return self._terms(code)

    def pairs(self, predicate: Term) -> Iterator[tuple[int, int]]:
        """Yield subject and object of every fact with ``predicate``."""
        for subject, objects in self._table(predicate).items():
            for obj in objects:
                yield subject, obj

    def both(self, predicate: Term) -> list[tuple[int, int]]:
        """Return the pairs of a symmetric predicate in both directions."""
        found = list(self.pairs(predicate))
        return found + [(b, a) for a, b in found]

    def values(self, subject: int, predicate: Term) -> Iterable[int]:
        """Return the objects of ``subject`` and ``predicate``."""
        return self._table(predicate).get(subject, ())

    def instances(self, cls: Term) -> set[int]:
        """Return what is a ``cls``, one of ``SCHEMA_CLASSES``."""
        if self._types is None:
            wanted = set(map(self._code, SCHEMA_CLASSES))
            self._types = defaultdict(set)
            for subject, classes in self._table(RDF.type).items():
                for found in wanted.intersection(classes):
                    self._types[found].add(subject)
        return self._types.get(self._code(cls), set())

    def lists(self, predicate: Term) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield subject and list members; a list that is broken, branches or goes in a circle states nothing."""
        for subject, head in self.pairs(predicate):
            members = self._members(head)
            if members is not None:
                yield subject, members

    def typed_lists(self, cls: Term, predicate: Term) -> list[tuple[int, tuple[int, ...]]]:
        """Return the lists of the instances of ``cls``."""
        typed = self.instances(cls)
        return [(subject, members) for subject, members in self.lists(predicate) if subject in typed]

    def _members(self, node: int) -> tuple[int, ...] | None:
        members: list[int] = []
        nil, seen = self._code(RDF.nil), set()
        while node != nil:
            first, rest = list(self.values(node, RDF.first)), list(self.values(node, RDF.rest))
            if node in seen or len(first) != 1 or len(rest) != 1:
                return None
            seen.add(node)
            members.append(first[0])
            node = rest[0]
        return tuple(members)

    def _table(self, predicate: Term) -> Pairs:
        return self._relations.get(self._code(predicate), {})


def _restrictions(reader: SchemaReader) -> Iterator[Restriction]:
    for node, prop in reader.pairs(OWL.onProperty):
        for kind, predicate in (("some", OWL.someValuesFrom), ("all", OWL.allValuesFrom), ("has", OWL.hasValue)):
            for filler in reader.values(node, predicate):
                yield Restriction(node, kind, prop, filler)
        for bound in reader.values(node, OWL.maxCardinality):
            if (number := _small(reader.terms(bound))) is not None:
                yield Restriction(node, f"max{number}", prop, -1)
        for bound in reader.values(node, OWL.maxQualifiedCardinality):
            if (number := _small(reader.terms(bound))) is not None:
                for filler in reader.values(node, OWL.onClass):
                    yield Restriction(node, f"max{number}of", prop, filler)


def _small(terms: Iterable[Term]) -> int | None:
    """Return 0 or 1 when a literal among ``terms`` is one of these numbers: the only bounds that RL has rules for."""
    # By its value: a bound may have been merged with a literal that writes the number otherwise.
    values = {value_of(term) for term in terms if isinstance(term, Literal)}
    return next((number for number in (0, 1) if ("decimal", Decimal(number)) in values), None)


def _negative(reader: SchemaReader) -> Iterator[tuple[int, int, int, int]]:
    for node, source in reader.pairs(OWL.sourceIndividual):
        for prop in reader.values(node, OWL.assertionProperty):
            for predicate in (OWL.targetIndividual, OWL.targetValue):
                for target in reader.values(node, predicate):
                    yield node, source, prop, target


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    table: dict[int, list[int]] = defaultdict(list)
    for key, value in pairs:
        table[key].append(value)
    return dict(table)
