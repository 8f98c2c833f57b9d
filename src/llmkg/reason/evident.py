"""What holds in every graph, for those few axioms from which something follows by it.

A closure does not keep that a thing is the same as itself, a declared class below itself and below
Thing (eq-ref, scm-cls, scm-op, scm-dp, cls-thing, cls-nothing1, prp-ap, dt-type1 of OWL 2 Profiles,
section 4.3): every graph has these. But an axiom may speak of ``owl:sameAs`` or
``rdfs:subClassOf`` as it does of any property, and what is below itself is also below all that it
is the same as. For these cases the facts are told here, and are then facts like others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from llmkg.reason.axioms import Axioms
from llmkg.reason.relation import Pair
from llmkg.terms import OWL, RDFS, Term

if TYPE_CHECKING:
    from llmkg.reason.closure import Closure

__all__ = ["declared", "evident_facts", "spoken_of"]


def spoken_of(axioms: Axioms) -> set[int]:
    """Return the properties from whose facts something may follow by an axiom about the property."""
    found = {code for edge in (*axioms.subproperty, *axioms.equal_properties) for code in edge}
    found |= {code for edge in axioms.disjoint_properties for code in edge}
    found |= {*axioms.domain, *axioms.range, *axioms.inverse, *axioms.asymmetric, *axioms.irreflexive}
    found |= axioms.functional | axioms.inverse_functional
    found |= {prop for chain, _ in axioms.chains for prop in chain}
    found |= {prop for _, props in (*axioms.keys, *axioms.disjoint_property_sets) for prop in props}
    return found | {r.prop for r in axioms.restrictions} | {prop for _, _, prop, _ in axioms.negative}


def evident_facts(
    closure: Closure, axioms: Axioms, hierarchies: Mapping[NamedNode, Mapping[int, set[int]]]
) -> Iterator[tuple[int, list[Pair]]]:
    """Yield, by predicate, the facts from which more may follow.

    ``hierarchies`` has what is above each class and each property, by the predicate of the
    hierarchy. It costs nothing where nothing is merged and no axiom speaks of these predicates.
    """
    spoken, merged = spoken_of(axioms), closure.merged()
    if closure.same in spoken or closure.same in merged:
        yield closure.same, [(code, code) for code in dict.fromkeys(map(closure.find, closure.mentioned()))]
    if closure.datatypes:
        yield closure.type, list(_datatypes_of_merged(closure))
    for below, equal, kinds in _HIERARCHIES:
        codes = closure.code(below), closure.code(equal)
        asked = [code in spoken or code in merged for code in codes]
        if not merged and not any(asked):
            continue
        themselves = declared(closure, *kinds)
        themselves |= {code for code, above in hierarchies[below].items() if code in above}
        for code, wanted in zip(codes, asked, strict=True):
            yield code, [(each, each) for each in sorted(themselves if wanted else themselves & merged.keys())]
        if below == RDFS.subClassOf:
            yield codes[0], list(_between_top_and_bottom(closure, everywhere=asked[0]))


_HIERARCHIES = (
    (RDFS.subClassOf, OWL.equivalentClass, (OWL.Class,)),
    (RDFS.subPropertyOf, OWL.equivalentProperty, (OWL.ObjectProperty, OWL.DatatypeProperty)),
)


def declared(closure: Closure, *kinds: Term) -> set[int]:
    """Return the instances of ``kinds``."""
    wanted = set(map(closure.code, kinds))
    return {subject for subject, cls in closure.facts(closure.type) if cls in wanted}


def _datatypes_of_merged(closure: Closure) -> Iterator[Pair]:
    """Yield what literals are, for those that something else is the same as (dt-type2)."""
    for keep, group in closure.merged().items():
        literals = closure.literals.intersection(group)
        if literals and len(literals) < len(group):
            for literal in literals:
                yield from ((keep, code) for code in closure.datatypes if closure.in_datatype(literal, code))


def _between_top_and_bottom(closure: Closure, *, everywhere: bool) -> Iterator[Pair]:
    """Yield that the declared classes are below Thing and above Nothing, where that tells of other classes."""
    merged = closure.merged()
    ends = [everywhere or end in merged for end in (closure.thing, closure.nothing)]
    if any(ends):
        for cls in sorted(declared(closure, OWL.Class)):
            yield from [(cls, closure.thing)] if ends[0] else []
            yield from [(closure.nothing, cls)] if ends[1] else []
