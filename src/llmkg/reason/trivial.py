"""The triples that hold in every graph with the same terms, which a closure leaves out by default.

eq-ref, prp-ap, cls-thing, cls-nothing1, dt-type1, scm-cls, scm-op and scm-dp of OWL 2 Profiles,
section 4.3, as far as they are legal RDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.reason.datatypes import DATATYPES
from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["trivial"]

_ANNOTATIONS = (
    RDFS.label,
    RDFS.comment,
    RDFS.seeAlso,
    RDFS.isDefinedBy,
    *(OWL[n] for n in "deprecated versionInfo priorVersion backwardCompatibleWith incompatibleWith".split()),
)


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
    for cls in (OWL.Thing, OWL.Nothing):
        yield Triple(cls, RDF.type, OWL.Class)
    for prop in _ANNOTATIONS:
        yield Triple(prop, RDF.type, OWL.AnnotationProperty)
    for datatype in sorted(DATATYPES, key=lambda d: d.value):
        yield Triple(datatype, RDF.type, RDFS.Datatype)
    for triple in triples:
        for term in triple:
            if not isinstance(term, Literal | Triple):
                yield Triple(term, OWL.sameAs, term)
    kinds: dict[Term, set[Term]] = {}
    for triple in triples:
        if triple.predicate == RDF.type:
            kinds.setdefault(triple.subject, set()).add(triple.object)
    declared = {s for s, found in kinds.items() if OWL.Class in found}
    for subject, found in kinds.items():
        assert not isinstance(subject, Literal | Triple)
        if subject in declared:
            yield Triple(subject, RDFS.subClassOf, subject)
            yield Triple(subject, OWL.equivalentClass, subject)
            yield Triple(subject, RDFS.subClassOf, OWL.Thing)
            yield Triple(OWL.Nothing, RDFS.subClassOf, subject)
        if found & {OWL.ObjectProperty, OWL.DatatypeProperty}:
            yield Triple(subject, RDFS.subPropertyOf, subject)
            yield Triple(subject, OWL.equivalentProperty, subject)
        if any(cls in declared and isinstance(cls, NamedNode) for cls in found):
            yield Triple(subject, RDF.type, OWL.Thing)
