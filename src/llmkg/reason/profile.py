"""What of an ontology lies outside OWL 2 RL, or is a broken list, and was not used.

Source: OWL 2 Profiles, section 4.2, https://www.w3.org/TR/owl2-profiles/#OWL_2_RL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, Triple

from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["broken_lists", "outside_rl"]

# Constructs that no rule of the profile reads.
_UNREAD: dict[Term, str] = {
    OWL[name]: f"owl:{name} is outside OWL 2 RL"
    for name in [
        "cardinality",
        "datatypeComplementOf",
        "disjointUnionOf",
        "hasSelf",
        "minCardinality",
        "minQualifiedCardinality",
        "onDataRange",
        "onDatatype",
        "qualifiedCardinality",
        "withRestrictions",
    ]
}
_UNREAD_KINDS: dict[Term, str] = {OWL.ReflexiveProperty: "owl:ReflexiveProperty is outside OWL 2 RL"}
_LISTED = frozenset(
    OWL[name]
    for name in [
        "distinctMembers",
        "hasKey",
        "intersectionOf",
        "members",
        "oneOf",
        "propertyChainAxiom",
        "unionOf",
    ]
)
_BOUNDS = (OWL.maxCardinality, OWL.maxQualifiedCardinality)
# Class descriptions that RL reads below a class axiom only: above one they promise something that
# no rule can make.
_ONLY_BELOW: dict[Term, str] = {
    OWL.someValuesFrom: "an existential",
    OWL.unionOf: "a union",
    OWL.oneOf: "an enumeration",
}


def outside_rl(triples: Iterable[Triple]) -> list[tuple[Triple, str]]:
    """Return the triples that state something outside the profile, each with what was ignored."""
    found: list[tuple[Triple, str]] = []
    described: dict[Term, Term] = {}
    above: list[Triple] = []
    for triple in triples:
        predicate, obj = triple.predicate, triple.object
        if predicate in _UNREAD:
            found.append((triple, f"{_UNREAD[predicate]} and was ignored"))
        elif predicate == RDF.type and obj in _UNREAD_KINDS:
            found.append((triple, f"{_UNREAD_KINDS[obj]} and was ignored"))
        elif predicate in _BOUNDS and isinstance(obj, Literal) and obj.value not in ("0", "1"):
            found.append((triple, f"a bound of {obj.value} is outside OWL 2 RL, which knows 0 and 1; it was ignored"))
        elif predicate in _ONLY_BELOW:
            described[triple.subject] = predicate
        elif predicate in (RDFS.subClassOf, OWL.equivalentClass):
            above.append(triple)
    for triple in above:
        kind = described.get(triple.object)
        if kind is not None:
            what = _ONLY_BELOW[kind]
            found.append((triple, f"{what} on the right is outside OWL 2 RL; only its other direction was used"))
    return found


def broken_lists(triples: Iterable[Triple]) -> list[tuple[Triple, str]]:
    """Return the triples that state an axiom by a list which cannot be read, each with what was ignored."""
    axioms: list[Triple] = []
    cells: dict[tuple[Term, Term], list[Term]] = defaultdict(list)
    for triple in triples:
        if triple.predicate in (RDF.first, RDF.rest):
            cells[triple.subject, triple.predicate].append(triple.object)
        elif triple.predicate in _LISTED:
            axioms.append(triple)
    text = "its list is broken and was ignored: each cell needs one rdf:first and one rdf:rest, the last rdf:nil"
    return [(triple, text) for triple in axioms if not _ends(triple.object, cells)]


def _ends(cell: Term, cells: Mapping[tuple[Term, Term], list[Term]]) -> bool:
    """Tell whether the list that begins with ``cell`` comes to its end, in one way and not in a circle."""
    seen: set[Term] = set()
    while cell != RDF.nil:
        firsts, rests = cells.get((cell, RDF.first), []), cells.get((cell, RDF.rest), [])
        if cell in seen or len(firsts) != 1 or len(rests) != 1:
            return False
        seen.add(cell)
        cell = rests[0]
    return True
