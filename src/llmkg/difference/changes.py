"""What has changed, thing by thing: two graphs as lines and their difference in, changes by property out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from llmkg.difference.compare import Cluster, TripleDiff
from llmkg.terms import OWL, RDF
from llmkg.turtle import TermTexts, facts_on_lines

__all__ = ["Change", "ThingDiff", "changed_things"]

_TYPE = str(RDF.type).encode()
_INDIVIDUAL = OWL.NamedIndividual.value


class Change(NamedTuple):
    """What one property of a thing has no longer, and what it has now: terms as in N-Triples, sorted.

    A blank node stands with all that is said of it, as in Turtle and on one line.
    """

    predicate: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


class ThingDiff(NamedTuple):
    """How a thing has changed; ``status`` is ``added``, ``removed``, ``changed``, ``renamed`` or ``retired``.

    ``was`` is the old IRI of a renamed thing, which may have changed besides, and empty for others.
    ``kinds`` are the IRIs of its classes as stated, ``part`` is ``graph`` or ``shapes``. What is said
    of nothing with a name stands in one with an empty ``iri`` and an empty ``predicate``.
    """

    iri: str
    status: str
    was: str
    kinds: tuple[str, ...]
    part: str
    changes: tuple[Change, ...]

    def change(self, predicate: str) -> Change:
        """Return what has changed in one property; nothing may have."""
        return next((change for change in self.changes if change.predicate == predicate), Change(predicate, (), ()))


def changed_things(
    diff: TripleDiff,
    old: Iterable[bytes],
    new: Iterable[bytes],
    names: Mapping[bytes, bytes],
    texts: TermTexts,
) -> list[ThingDiff]:
    """Return the changed things, sorted by IRI.

    ``diff`` is that of ``new`` and ``old``, in which things have their new names by ``names``. A thing
    whose old name is still there, to say that it is replaced, is ``retired`` by that name.
    """
    facts: dict[bytes, dict[bytes, tuple[list[bytes], list[bytes]]]] = defaultdict(
        lambda: defaultdict(lambda: ([], []))
    )
    for side, (lines, clusters) in enumerate(
        ((diff.removed, diff.removed_clusters), (diff.added, diff.added_clusters))
    ):
        for line in lines:
            subject, predicate, obj = line.split(b" ", 2)
            facts[subject][predicate][side].append(obj)
        for subject, predicate, text in _of_clusters(clusters, texts):
            facts[subject][predicate][side].append(text)
    was = {new_name: old_name for old_name, new_name in names.items()}
    things = facts.keys() | was.keys()
    there = _types(old, things), _types(new, things)
    found = []
    for thing in sorted(things):
        before, after = there[0].get(thing), there[1].get(thing)
        kinds = sorted({_iri(cls) for cls in after or before or ()})
        found.append(
            ThingDiff(
                iri=_iri(thing),
                status=_status(thing, before, after, names, was),
                was=_iri(was[thing]) if thing in was else "",
                kinds=tuple(kind for kind in kinds if kind != _INDIVIDUAL),
                part="graph",
                changes=tuple(
                    Change(_iri(predicate), _decoded(removed), _decoded(added))
                    for predicate, (removed, added) in sorted(facts[thing].items())
                ),
            )
        )
    return found


def _status(
    thing: bytes,
    before: list[bytes] | None,
    after: list[bytes] | None,
    names: Mapping[bytes, bytes],
    was: Mapping[bytes, bytes],
) -> str:
    if not thing:
        return "changed"
    if thing in was:
        return "renamed"
    if thing in names:
        return "retired"
    return "added" if before is None else "removed" if after is None else "changed"


def _of_clusters(clusters: Iterable[Cluster], texts: TermTexts) -> Iterable[tuple[bytes, bytes, bytes]]:
    for cluster in clusters:
        yield from facts_on_lines(cluster.lines, texts)


def _types(lines: Iterable[bytes], things: set[bytes] | frozenset[bytes]) -> dict[bytes, list[bytes]]:
    """Return the stated classes of those of ``things`` of which ``lines`` say anything."""
    found: dict[bytes, list[bytes]] = {}
    for line in lines:
        subject = line[: line.index(b" ")]
        if subject in things:
            types = found.setdefault(subject, [])
            _, predicate, obj = line.split(b" ", 2)
            if predicate == _TYPE and obj.startswith(b"<"):
                types.append(obj)
    return found


def _iri(term: bytes) -> str:
    return term[1:-1].decode() if term.startswith(b"<") else term.decode()


def _decoded(terms: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(sorted(term.decode() for term in terms))
