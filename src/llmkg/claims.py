"""The claims of a graph: what a source says, where in it and on what basis.

Each function takes the store of a snapshot, whose default graph is the closure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from llmkg.answers import SourcedClaim
from llmkg.terms import CLAIM, SKOS, Term

if TYPE_CHECKING:
    from llmkg.reason.rules import Fact

__all__ = ["claim_at", "claims_about", "claims_between", "claims_for"]


def claims_about(store: Store, term: Term) -> tuple[SourcedClaim, ...]:
    """Return the claims that have ``term`` as subject or object."""
    found = {
        quad.subject
        for predicate in (CLAIM.claimSubject, CLAIM.claimObject)
        for quad in store.quads_for_pattern(None, predicate, term, DefaultGraph())
    }
    claims = [claim_at(store, node) for node in found if isinstance(node, NamedNode)]
    return tuple(sorted(claims, key=lambda claim: claim.claim.value))


def claims_between(store: Store, terms: Iterable[Term]) -> tuple[SourcedClaim, ...]:
    """Return the claims whose subject and object are both among ``terms``."""
    wanted = set(terms)
    found = {c.claim.value: c for term in wanted for c in claims_about(store, term)}
    both = (c for c in found.values() if c.subject in wanted and any(v in wanted for v in c.value))
    return tuple(sorted(both, key=lambda claim: claim.claim.value))


def claims_for(store: Store, fact: Fact) -> tuple[SourcedClaim, ...]:
    """Return the claims that state ``fact`` or doubt it."""
    subject, predicate, obj = fact
    claims = claims_about(store, subject)
    return tuple(c for c in claims if c.subject == subject and c.property == predicate and obj in c.value)


def claim_at(store: Store, node: NamedNode) -> SourcedClaim:
    """Return the claim that ``node`` names."""
    facts: dict[str, list[Term]] = {}
    for quad in store.quads_for_pattern(node, None, None, DefaultGraph()):
        facts.setdefault(quad.predicate.value, []).append(quad.object)

    def all_of(*predicates: NamedNode) -> tuple[Term, ...]:
        return tuple(sorted((t for p in predicates for t in facts.get(p.value, [])), key=str))

    def one_of(predicate: NamedNode) -> Term | None:
        return next(iter(all_of(predicate)), None)

    return SourcedClaim(
        claim=node,
        subject=one_of(CLAIM.claimSubject) or node,
        property=one_of(CLAIM.claimProperty) or node,
        value=all_of(CLAIM.claimObject, CLAIM.claimValue),
        source=one_of(CLAIM.claimSource),
        sections=all_of(CLAIM.claimSection),
        basis=one_of(CLAIM.claimBasis),
        stance=one_of(CLAIM.claimStance),
        papers=all_of(CLAIM.supportedBy),
        notes=tuple(t for t in all_of(SKOS.note) if isinstance(t, Literal)),
    )
