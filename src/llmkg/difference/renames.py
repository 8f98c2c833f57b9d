"""Recognize what has a new IRI and is still the same: two graphs as lines in, old IRIs with the new ones out.

Three things tell a renaming, in this order: ``dcterms:isReplacedBy`` from a name that was in use to
one that was not; claims that say the same of the same by the same source; and facts, by this measure:

    A fact (a property and a value) weighs 1/n, where n is the number of things that have it in the
    graph where more have it. The likeness of an old and a new thing is the weight of the facts that
    both have, twice, over the weight of those of the one and of those of the other. It has to be one
    half or more, and higher than that of either with any other.

So a label or a definition that stayed weighs much, a year or a class little. A renaming changes the
facts of what points there; the measure is taken again until nothing more is found. It is the same
whichever graph is the old one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import fsum

from llmkg.terms import CLAIM, DCTERMS

__all__ = ["find_renames", "renamed"]

_LIKE = 0.5  # likeness from which two things are one
_ROUNDS = 10  # how often the measure is taken again: a chain of things that name each other is short
_COMMON = 20  # things with a fact from which on it suggests nobody
_REPLACED = str(DCTERMS.isReplacedBy).encode()
_OBJECT = (str(CLAIM.claimObject).encode(), str(CLAIM.claimValue).encode())
_SAYS = tuple(str(term).encode() for term in (CLAIM.claimSource, CLAIM.claimSubject, CLAIM.claimProperty))

_Fact = tuple[bytes, bytes]
_Facts = dict[bytes, set[_Fact]]


def find_renames(old: Iterable[bytes], new: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the old IRIs, as N-Triples writes them, with the new ones."""
    before, after = list(old), list(new)
    old_subjects, new_subjects = _subjects(before), _subjects(after)
    names = _replacements(before, after, old_subjects, new_subjects)
    gone = old_subjects - new_subjects - names.keys()
    come = new_subjects - old_subjects - set(names.values())
    if not gone or not come:
        return names
    old_facts, new_facts = _facts(before, gone), _facts(after, come)
    for _ in range(_ROUNDS):
        found = _round(old_facts, new_facts, names, before, after)
        if not found:
            break
        names |= found
        for facts, done in ((old_facts, found), (new_facts, set(found.values()))):
            for thing in done:
                facts.pop(thing, None)
    return names


def renamed(lines: Iterable[bytes], names: Mapping[bytes, bytes]) -> frozenset[bytes]:
    """Return ``lines`` with the new names."""
    if not names:
        return frozenset(lines)
    return frozenset(
        b" ".join(_mapped(term, names) for term in line.split(b" ", 2)) if b"<" in line else line for line in lines
    )


def _mapped(term: bytes, names: Mapping[bytes, bytes]) -> bytes:
    if term.startswith(b"<<"):
        return b" ".join(names.get(part, part) for part in term.split(b" "))
    return names.get(term, term)


def _subjects(lines: Iterable[bytes]) -> set[bytes]:
    return {subject for subject in {line.partition(b" ")[0] for line in lines} if subject.startswith(b"<")}


def _replacements(
    before: Iterable[bytes], after: Iterable[bytes], old: set[bytes], new: set[bytes]
) -> dict[bytes, bytes]:
    """Return the names of things that one graph says are replaced, by a thing that the other has not."""
    said_before, said_after = ({line for line in lines if _REPLACED in line} for lines in (before, after))
    found: dict[bytes, set[bytes]] = defaultdict(set)
    for name, _, other in _parts(said_after - said_before):
        if name in old and other in new and other not in old:
            found[name].add(other)
    for other, _, name in _parts(said_before - said_after):
        if name in old and other in new and name not in new:
            found[name].add(other)
    return _one_to_one((name, other) for name, others in found.items() for other in others)


def _parts(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    for line in lines:
        subject, predicate, obj = line.split(b" ", 2)
        if predicate == _REPLACED and subject.startswith(b"<") and obj.startswith(b"<"):
            yield subject, predicate, obj


def _one_to_one(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return those of ``pairs`` whose sides are in no other pair."""
    listed = set(pairs)
    left: dict[bytes, int] = defaultdict(int)
    right: dict[bytes, int] = defaultdict(int)
    for one, other in listed:
        left[one] += 1
        right[other] += 1
    return {one: other for one, other in sorted(listed) if left[one] == 1 == right[other]}


def _facts(lines: Iterable[bytes], things: set[bytes]) -> _Facts:
    """Return what is stated of ``things`` without blank nodes."""
    found: _Facts = defaultdict(set)
    for line in lines:
        subject, predicate, obj = line.split(b" ", 2)
        if subject in things and not obj.startswith((b"_:", b"<<")):
            found[subject].add((predicate, obj))
    return found


def _round(
    old: _Facts, new: _Facts, names: Mapping[bytes, bytes], before: list[bytes], after: list[bytes]
) -> dict[bytes, bytes]:
    """Return the renamings that are seen once those in ``names`` are known."""
    told = {thing: {(names.get(p, p), names.get(o, o)) for p, o in facts} for thing, facts in old.items()}
    claims = _one_to_one(_same_claims(told, new))
    if claims:
        return claims
    having = _having(told), _having(new)
    everything = having[0].keys() | having[1].keys()
    often = _counts(everything, before, names), _counts(everything, after, {})
    weight = {fact: 1 / max(often[0][fact], often[1][fact], 1) for fact in everything}
    pairs = {
        pair
        for fact in having[0].keys() & having[1].keys()
        if max(len(having[0][fact]), len(having[1][fact])) <= _COMMON
        for pair in product(having[0][fact], having[1][fact])
    }

    def weigh(facts: Iterable[_Fact]) -> float:
        return fsum(weight[fact] for fact in facts)

    scores = {
        (left, right): 2 * weigh(told[left] & new[right]) / (weigh(told[left]) + weigh(new[right]))
        for left, right in pairs
    }
    return _best(scores)


def _same_claims(old: _Facts, new: _Facts) -> Iterator[tuple[bytes, bytes]]:
    """Yield the claims that say the same."""
    said: dict[frozenset[_Fact], list[bytes]] = defaultdict(list)
    for thing, facts in old.items():
        if key := _said(facts):
            said[key].append(thing)
    for thing, facts in new.items():
        for other in said.get(_said(facts), ()):
            yield other, thing


def _said(facts: set[_Fact]) -> frozenset[_Fact]:
    """Return who says what of what, or nothing for a thing that is no claim."""
    has = {predicate for predicate, _ in facts}
    if not has.issuperset(_SAYS) or has.isdisjoint(_OBJECT):
        return frozenset()
    return frozenset(fact for fact in facts if fact[0] in _SAYS or fact[0] in _OBJECT)


def _having(facts: _Facts) -> dict[_Fact, list[bytes]]:
    found: dict[_Fact, list[bytes]] = defaultdict(list)
    for thing, told in facts.items():
        for fact in told:
            found[fact].append(thing)
    return found


def _counts(wanted: Iterable[_Fact], lines: Iterable[bytes], names: Mapping[bytes, bytes]) -> dict[_Fact, int]:
    """Return how many things of the whole graph have each fact."""
    found: dict[_Fact, int] = dict.fromkeys(wanted, 0)
    for line in lines:
        _, predicate, obj = line.split(b" ", 2)
        fact = (names.get(predicate, predicate), names.get(obj, obj))
        if fact in found:
            found[fact] += 1
    return found


def _best(scores: Mapping[tuple[bytes, bytes], float]) -> dict[bytes, bytes]:
    """Return the pairs that are alike enough and more alike than any other pair of either side."""
    best: dict[tuple[int, bytes], list[float]] = defaultdict(list)
    for (left, right), score in scores.items():
        best[0, left].append(score)
        best[1, right].append(score)
    found = {}
    for (left, right), score in sorted(scores.items()):
        others = [other for key in ((0, left), (1, right)) for other in best[key] if other >= score]
        if score >= _LIKE and len(others) == 2:  # noqa: PLR2004  (itself, on each side)
            found[left] = right
    return found
