"""Two graphs as N-Triples lines in, what only one of them has out.

Facts without blank nodes are compared as they are. Blank nodes that hang together are a *cluster*,
with all facts in which they stand; clusters are equal when they are the same but for the labels.
So the difference is empty exactly when the graphs are isomorphic (RDF 1.1 Concepts, section 3.6).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from llmkg.statements import apart, sorted_lines

__all__ = ["Cluster", "TripleDiff", "blank_labels", "compare"]

_LABEL = re.compile(rb"_:[^\s<>\"]+")


class Cluster(NamedTuple):
    """Blank nodes that hang together: every line in which they stand, their labels made from these alone.

    ``kept`` is how many clusters like this both graphs have besides.
    """

    lines: tuple[bytes, ...]
    kept: int = 0


class TripleDiff(NamedTuple):
    """What only the old and what only the new graph has, sorted: plain lines, and clusters of blank nodes."""

    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]
    removed_clusters: tuple[Cluster, ...]
    added_clusters: tuple[Cluster, ...]

    def __bool__(self) -> bool:
        """Tell whether the graphs differ."""
        return any(self)

    @property
    def removed_count(self) -> int:
        """The number of triples that only the old graph has."""
        return len(self.removed) + sum(len(cluster.lines) for cluster in self.removed_clusters)

    @property
    def added_count(self) -> int:
        """The number of triples that only the new graph has."""
        return len(self.added) + sum(len(cluster.lines) for cluster in self.added_clusters)


def compare(old: Iterable[bytes], new: Iterable[bytes]) -> TripleDiff:
    """Return the difference of two graphs, whatever the order of their lines and the labels of their blank nodes."""
    old_plain, old_blank = _apart(old)
    new_plain, new_blank = _apart(new)
    removed, added = _clusters(old_blank, new_blank)
    return TripleDiff(
        tuple(sorted(old_plain - new_plain)),
        tuple(sorted(new_plain - old_plain)),
        removed,
        added,
    )


def blank_labels(line: bytes) -> list[bytes]:
    """Return the labels of the blank nodes of ``line``, those inside a triple term too."""
    subject, _, obj = line.split(b" ", 2)
    found = [term for term in (subject, obj) if term.startswith(b"_:")]
    return found + (_LABEL.findall(obj) if obj.startswith(b"<<") else [])


def _apart(lines: Iterable[bytes]) -> tuple[set[bytes], set[bytes]]:
    """Return the lines without blank nodes, and those with some."""
    plain, perhaps = apart(lines)
    blank = {line for line in perhaps if blank_labels(line)}
    return {*plain, *(line for line in perhaps if line not in blank)}, blank


def _clusters(old: set[bytes], new: set[bytes]) -> tuple[tuple[Cluster, ...], tuple[Cluster, ...]]:
    """Return the clusters that only one side has.

    Named over the whole graph, most nodes have the same label on both sides; only where a line
    differs is each cluster named for itself and looked for on the other side.
    """
    if not old and not new:
        return (), ()
    old, new = set(sorted_lines(old)), set(sorted_lines(new))
    if old == new:
        return (), ()
    removed: Counter[tuple[bytes, ...]] = Counter()
    added: Counter[tuple[bytes, ...]] = Counter()
    same: list[list[bytes]] = []
    for lines in _hanging_together(old | new):
        before, after = [x for x in lines if x in old], [x for x in lines if x in new]
        if before == after:
            same.append(lines)
        else:
            removed.update(tuple(sorted_lines(part)) for part in _hanging_together(before))
            added.update(tuple(sorted_lines(part)) for part in _hanging_together(after))
    both = removed & added
    removed, added = removed - both, added - both
    kept = both + _known(same, removed | added)
    return _listed(removed, kept), _listed(added, kept)


def _listed(found: Counter[tuple[bytes, ...]], kept: Counter[tuple[bytes, ...]]) -> tuple[Cluster, ...]:
    return tuple(Cluster(lines, kept[lines]) for lines in sorted(found.elements()))


def _known(clusters: Iterable[list[bytes]], wanted: Iterable[tuple[bytes, ...]]) -> Counter[tuple[bytes, ...]]:
    """Count those of ``clusters`` that are like one of ``wanted``; only those that look like it are named for it."""
    looks = {_look(lines) for lines in wanted}
    found = Counter(tuple(sorted_lines(lines)) for lines in clusters if looks and _look(lines) in looks)
    return Counter({lines: number for lines, number in found.items() if lines in set(wanted)})


def _look(lines: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return what clusters that are alike have in common without regard to the links between their nodes."""
    return tuple(sorted(_LABEL.sub(b"_:", line) for line in lines))


def _hanging_together(lines: Iterable[bytes]) -> list[list[bytes]]:
    """Return ``lines`` with blank nodes in groups, sorted, that share no blank node."""
    leader: dict[bytes, bytes] = {}

    def find(label: bytes) -> bytes:
        while (above := leader.setdefault(label, label)) != label:
            leader[label] = leader[above]
            label = above
        return label

    ordered = sorted(lines)
    first = []
    for line in ordered:
        labels = blank_labels(line)
        first.append(labels[0])
        for other in labels[1:]:
            leader[find(other)] = find(labels[0])
    groups: dict[bytes, list[bytes]] = defaultdict(list)
    for line, label in zip(ordered, first, strict=True):
        groups[find(label)].append(line)
    return list(groups.values())
