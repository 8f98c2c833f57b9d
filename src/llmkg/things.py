"""Everything a graph says about one thing: what it says, what is said of it, the claims, how it is used."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from llmkg.answers import Description, Link, SourcedClaim, Usage
from llmkg.lexicon import Lexicon
from llmkg.snapshot import ASSERTED
from llmkg.terms import CLAIM, OWL, RDF, RDFS, SKOS

__all__ = ["describe"]

_CLASSES = frozenset([OWL.Class, RDFS.Class])
_PROPERTIES = frozenset([OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property])
_CLAIM_PARTS = frozenset([CLAIM.claimSubject, CLAIM.claimObject, CLAIM.claimProperty])


def describe(store: Store, lexicon: Lexicon, term: NamedNode, claims: tuple[SourcedClaim, ...]) -> Description:
    """Return everything about ``term``, of which there are ``claims``, over the store of a snapshot."""
    quads = store.quads_for_pattern
    outgoing = [Link(q.predicate, q.object, _says(store, q)) for q in quads(term, None, None, DefaultGraph())]
    classes = lexicon.classes(term)
    incoming = [
        Link(q.predicate, q.subject, _says(store, q))
        for q in quads(None, None, term, DefaultGraph())
        if q.predicate not in _CLAIM_PARTS and not _is_told_by_inverse(store, q.predicate)
    ]
    return Description(
        term=term,
        classes=tuple(sorted(classes, key=lambda cls: cls.value)),
        outgoing=_sorted(outgoing),
        incoming=_sorted(incoming),
        claims=claims,
        usage=_usage(store, term, classes),
    )


def _usage(store: Store, term: NamedNode, classes: set[NamedNode]) -> Usage | None:
    """Return how many triples a property makes, or how many instances a class has; None for other things."""
    if classes & _PROPERTIES:
        found = list(store.quads_for_pattern(None, term, None, DefaultGraph()))
    elif classes & _CLASSES:
        found = list(store.quads_for_pattern(None, RDF.type, term, DefaultGraph()))
    else:
        return None
    asserted = sum(_says(store, quad) for quad in found)
    return Usage("triples" if classes & _PROPERTIES else "instances", asserted, len(found) - asserted)


def _says(store: Store, quad: Quad) -> bool:
    return Quad(quad.subject, quad.predicate, quad.object, ASSERTED) in store


def _is_told_by_inverse(store: Store, predicate: NamedNode) -> bool:
    """Return whether the closure says the same the other way round, so that the thing is its subject too."""
    return (
        next(store.quads_for_pattern(predicate, OWL.inverseOf, None, DefaultGraph()), None) is not None
        or next(store.quads_for_pattern(None, OWL.inverseOf, predicate, DefaultGraph()), None) is not None
        or Quad(predicate, RDF.type, OWL.SymmetricProperty, DefaultGraph()) in store
    )


def _sorted(links: Iterable[Link]) -> tuple[Link, ...]:
    first = {RDF.type.value: 0, RDFS.label.value: 1, SKOS.altLabel.value: 2, SKOS.definition.value: 3}

    def key(link: Link) -> tuple[int, str, str]:
        text = link.term.value if isinstance(link.term, Literal) else str(link.term)
        return first.get(link.predicate.value, 9), link.predicate.value, text

    return tuple(sorted(links, key=key))
