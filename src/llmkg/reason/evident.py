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
from llmkg.reason.trivial import BUILT_IN
from llmkg.terms import OWL, RDFS, Term

if TYPE_CHECKING:
    from llmkg.reason.closure import Closure

__all__ = ["evident_facts", "spoken_of"]


def spoken_of(axioms: Axioms) -> set[int]:
    """Return the properties from whose facts something may follow by an axiom about the property."""
    found = {code for edge in (*axioms.subproperty, *axioms.equal_properties) for code in edge}
    found |= {code for edge in axioms.disjoint_properties for code in edge}
    found |= {*axioms.domain, *axioms.range, *axioms.inverse, *axioms.asymmetric, *axioms.irreflexive}
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
    if merged:
        yield closure.type, list(_kinds_of_merged(closure))
    for below, equal, kinds in _HIERARCHIES:
        codes = closure.code(below), closure.code(equal)
        asked = [code in spoken or code in merged for code in codes]
        declared = _declared(closure, kinds) if any(asked) else set()
        themselves = {code for code in merged if _is_below_itself(closure, code, codes, kinds, hierarchies[below])}
        for code, wanted in zip(codes, asked, strict=True):
            yield code, [(code, code) for code in sorted(declared | themselves if wanted else themselves)]
        if below == RDFS.subClassOf:
            yield codes[0], list(_between_top_and_bottom(closure, declared if asked[0] else None))


_HIERARCHIES = (
    (RDFS.subClassOf, OWL.equivalentClass, (OWL.Class,)),
    (RDFS.subPropertyOf, OWL.equivalentProperty, (OWL.ObjectProperty, OWL.DatatypeProperty)),
)


def _declared(closure: Closure, kinds: tuple[Term, ...]) -> set[int]:
    wanted = {closure.find(closure.code(kind)) for kind in kinds}
    return {subject for subject, cls in closure.facts(closure.type) if cls in wanted}


def _is_below_itself(
    closure: Closure, code: int, hierarchy: tuple[int, int], kinds: tuple[Term, ...], above: Mapping[int, set[int]]
) -> bool:
    """Tell whether ``code`` is below or equal to itself: as declared, in a circle, or because a file says so."""
    types = closure.relation(closure.type).forward.get(code, ())
    if code in above.get(code, ()) or any(closure.find(closure.code(kind)) in types for kind in kinds):
        return True
    return any(code in closure.relations[p].forward.get(code, ()) for p in hierarchy if p in closure.relations)


def _kinds_of_merged(closure: Closure) -> Iterator[Pair]:
    """Yield what the terms of OWL itself are, for those that are the same as others."""
    for keep, group in closure.merged().items():
        for member in group:
            term = closure.terms[member]
            if isinstance(term, NamedNode) and term in BUILT_IN:
                yield keep, closure.code(BUILT_IN[term])


def _between_top_and_bottom(closure: Closure, declared: set[int] | None) -> Iterator[Pair]:
    """Yield that the declared classes are below Thing and above Nothing, where that tells of other classes."""
    merged = closure.merged()
    ends = [declared is not None or end in merged for end in (closure.thing, closure.nothing)]
    if any(ends):
        for cls in sorted(declared if declared is not None else _declared(closure, (OWL.Class,))):
            yield from [(cls, closure.thing)] if ends[0] else []
            yield from [(closure.nothing, cls)] if ends[1] else []
