"""What a ``KnowledgeGraph`` answers with, besides rows: descriptions, claims, counts, explanations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from llmkg.terms import Term

if TYPE_CHECKING:
    from llmkg.reason.prove import NearMiss, Proof
    from llmkg.reason.rules import Fact

__all__ = ["Description", "Explanation", "Link", "Place", "SourcedClaim", "Statistics", "Usage"]


class Link(NamedTuple):
    """One triple about a thing, and whether a file asserts it."""

    predicate: NamedNode
    term: Term
    asserted: bool


class SourcedClaim(NamedTuple):
    """One claim, with the terms that say where it comes from."""

    claim: NamedNode
    subject: Term
    property: Term
    value: tuple[Term, ...]
    source: Term | None
    sections: tuple[Term, ...]
    basis: Term | None
    stance: Term | None
    papers: tuple[Term, ...]
    notes: tuple[Literal, ...]


class Usage(NamedTuple):
    """How often a class has instances, or a property makes triples (``what``): asserted and inferred."""

    what: str
    asserted: int
    inferred: int


class Description(NamedTuple):
    """Everything about one thing: what it says, what is said of it, and the claims; how a term of the schema is used.

    What is said of it by a property that has an inverse is told by the inverse, among what it says.
    """

    term: NamedNode
    classes: tuple[NamedNode, ...]
    outgoing: tuple[Link, ...]
    incoming: tuple[Link, ...]
    claims: tuple[SourcedClaim, ...]
    usage: Usage | None = None


class Statistics(NamedTuple):
    """Counts of a graph: files, triples and individuals per class."""

    files: int
    asserted: int
    inferred: int
    classes: Mapping[NamedNode, int]


class Place(NamedTuple):
    """A line of a file; the line is 0 where the format has none."""

    file: str
    line: int

    def __str__(self) -> str:
        """Return ``file:line``."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Explanation(NamedTuple):
    """Why a triple holds, or why it does not.

    ``status`` is ``asserted``, ``inferred`` or ``not entailed``. ``proofs`` has the shortest first;
    ``places`` and ``claims`` tell of each asserted triple in them where it stands and who says so.
    """

    fact: Fact
    status: str
    proofs: tuple[Proof, ...]
    near_misses: tuple[NearMiss, ...]
    places: Mapping[Fact, tuple[Place, ...]]
    claims: Mapping[Fact, tuple[SourcedClaim, ...]]
