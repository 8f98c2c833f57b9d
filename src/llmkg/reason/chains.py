"""The actions of property chains (prp-spo2) and of transitive properties (prp-trp), which are chains of themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from llmkg.reason.relation import Index, Pair

if TYPE_CHECKING:
    from llmkg.reason.closure import Closure

__all__ = ["linked", "walked_on"]

Action = Callable[[list[Pair]], None]


def walked_on(closure: Closure, prop: int) -> Action:
    """Extend facts of a transitive property by one link each time.

    A link is a fact that did not come about in this way. So each fact is found once for every
    link that it can end with, not once for every fact between its ends.
    """
    relation = closure.relation(prop)
    backward = relation.index_backward()
    links: dict[int, list[int]] = defaultdict(list)
    walked: set[Pair] = set()  # found here and still to be taken
    find, members, merged = closure.find, closure.members, closure.merged()

    def ends_of(code: int) -> Iterable[int]:
        if not merged:
            return links.get(code, ())
        return {find(end) for member in members(code) for end in links.get(member, ())}

    def act(batch: list[Pair]) -> None:
        found: list[Pair] = []
        for pair in batch:
            subject, obj = pair
            found += [(subject, end) for end in ends_of(obj)]
            if pair not in walked:
                links[subject].append(obj)
                found += [(start, obj) for start in backward.get(subject, ())]
        walked.difference_update(batch)
        walked.update(relation.extend(found))

    return act


def linked(closure: Closure, chain: tuple[int, ...], position: int, implied: int) -> Action:
    """Join a new fact, one link of the chain, with the facts for the links before and after it."""
    relation = closure.relation
    target = relation(implied)
    before = [relation(p).index_backward() for p in reversed(chain[:position])]
    after = [relation(p).forward for p in chain[position + 1 :]]

    def act(batch: list[Pair]) -> None:
        found: list[Pair] = []
        for subject, obj in batch:
            ends = _walk(obj, after)
            if ends:
                found += [(start, end) for start in _walk(subject, before) for end in ends]
        target.extend(found)

    return act


def _walk(node: int, tables: list[Index]) -> Iterable[int]:
    """Return what is reached from ``node`` along ``tables``, one step in each."""
    reached: Iterable[int] = (node,)
    for number, table in enumerate(tables):
        reached = table.get(node, ()) if number == 0 else {end for middle in reached for end in table.get(middle, ())}
    return reached
