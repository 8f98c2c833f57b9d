"""What of an ontology lies outside OWL 2 RL and was not used.

Source: OWL 2 Profiles, section 4.2, https://www.w3.org/TR/owl2-profiles/#OWL_2_RL.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, Triple

from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["outside_rl"]

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
