"""The triples that hold in every graph with the same terms, which a closure leaves out by default.

eq-ref, prp-ap, cls-thing, cls-nothing1, dt-type1, scm-cls, scm-op and scm-dp of OWL 2 Profiles,
section 4.3, as far as they are legal RDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Triple

from llmkg.reason.datatypes import DATATYPES
from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["BUILT_IN", "trivial"]

_ANNOTATIONS = (
    RDFS.label,
    RDFS.comment,
    RDFS.seeAlso,
    RDFS.isDefinedBy,
    *(OWL[n] for n in ["deprecated", "versionInfo", "priorVersion", "backwardCompatibleWith", "incompatibleWith"]),
)

# What the terms of OWL itself are: cls-thing, cls-nothing1, prp-ap, dt-type1.
BUILT_IN: dict[NamedNode, NamedNode] = {
    OWL.Thing: OWL.Class,
    OWL.Nothing: OWL.Class,
    **dict.fromkeys(_ANNOTATIONS, OWL.AnnotationProperty),
    **dict.fromkeys(sorted(DATATYPES, key=lambda d: d.value), RDFS.Datatype),
}


def trivial(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield what is trivially true of the terms of ``triples``, a closed graph, each once.

    Everything typed with a declared class is a Thing, as its class is below Thing.
    """
    seen: set[Triple] = set()
    for triple in _all(list(triples)):
        if triple not in seen:
            seen.add(triple)
            yield triple


def _all(triples: list[Triple]) -> Iterator[Triple]:
    for term, kind in BUILT_IN.items():
        yield Triple(term, RDF.type, kind)
    kinds: dict[NamedNode | BlankNode, set[Term]] = {}
    for triple in triples:
        for term in triple:
            if isinstance(term, NamedNode | BlankNode):
                yield Triple(term, OWL.sameAs, term)
        if triple.predicate == RDF.type and isinstance(triple.subject, NamedNode | BlankNode):
            kinds.setdefault(triple.subject, set()).add(triple.object)
    declared = {s for s, found in kinds.items() if OWL.Class in found}
    for subject, found in kinds.items():
        yield from _of_one(subject, found, declared)


def _of_one(subject: NamedNode | BlankNode, kinds: set[Term], declared: set[NamedNode | BlankNode]) -> Iterator[Triple]:
    """Yield what is true of a class, a property or an instance of a declared class."""
    if subject in declared:
        yield Triple(subject, RDFS.subClassOf, subject)
        yield Triple(subject, OWL.equivalentClass, subject)
        yield Triple(subject, RDFS.subClassOf, OWL.Thing)
        yield Triple(OWL.Nothing, RDFS.subClassOf, subject)
    if kinds & {OWL.ObjectProperty, OWL.DatatypeProperty}:
        yield Triple(subject, RDFS.subPropertyOf, subject)
        yield Triple(subject, OWL.equivalentProperty, subject)
    if kinds & declared:
        yield Triple(subject, RDF.type, OWL.Thing)
