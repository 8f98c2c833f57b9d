"""What the axioms imply about each other: the closed hierarchies (OWL 2 Profiles, table 9).

Linear in the size of the answer; a hierarchy whose closure would not fit is refused before it is
built, as its size can be told from below by the longest path up from each node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

__all__ = ["TooLargeError", "closed"]


class TooLargeError(Exception):
    """A closure that would hold more than the allowed number of triples: ``least`` of them."""

    def __init__(self, least: int) -> None:
        super().__init__(least)
        self.least = least


def closed(edges: Iterable[tuple[int, int]], limit: int) -> dict[int, set[int]]:
    """Return all that is reached from each node over ``edges``; a node on a cycle, be it of one edge, reaches itself.

    Raises TooLargeError when there are more than ``limit`` pairs.
    """
    step: dict[int, set[int]] = defaultdict(set)
    for lower, upper in edges:
        step[lower].add(upper)
    components, order = _components(step)
    members: dict[int, list[int]] = defaultdict(list)
    for node, component in components.items():
        members[component].append(node)
    _check_size(step, components, order, members, limit)
    above: dict[int, set[int]] = {}
    total = 0
    for component in order:  # upper components come first
        nodes = members[component]
        reached = set(nodes) if len(nodes) > 1 or nodes[0] in step.get(nodes[0], ()) else set()
        for node in nodes:
            for upper in step.get(node, ()):
                if components[upper] != component:
                    reached.add(upper)
                    reached |= above[components[upper]]
        above[component] = reached
        total += len(reached) * len(nodes)
        if total > limit:
            raise TooLargeError(total)
    return {node: above[component] for node, component in components.items() if above[component]}


def _check_size(
    step: Mapping[int, set[int]],
    components: Mapping[int, int],
    order: Iterable[int],
    members: Mapping[int, list[int]],
    limit: int,
) -> None:
    height: dict[int, int] = {}
    least = 0
    for component in order:
        nodes = members[component]
        uppers = {components[upper] for node in nodes for upper in step.get(node, ())} - {component}
        height[component] = max((height[upper] + len(members[upper]) for upper in uppers), default=0)
        least += len(nodes) * height[component]
    if least > limit:
        raise TooLargeError(least)


def _components(step: Mapping[int, set[int]]) -> tuple[dict[int, int], list[int]]:  # noqa: C901  (one algorithm)
    """Return the strongly connected component of each node, and the components, upper ones first.

    Tarjan's algorithm without recursion, as hierarchies may be deeper than the Python stack.
    """
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    component: dict[int, int] = {}
    order: list[int] = []
    path: list[int] = []
    for root in list(step):
        if root in number:
            continue
        work = [(root, iter(step.get(root, ())))]
        number[root] = low[root] = len(number)
        path.append(root)
        while work:
            node, uppers = work[-1]
            for upper in uppers:
                if upper not in number:
                    number[upper] = low[upper] = len(number)
                    path.append(upper)
                    work.append((upper, iter(step.get(upper, ()))))
                    break
                if upper not in component:
                    low[node] = min(low[node], number[upper])
            else:
                work.pop()
                if work:
                    below = work[-1][0]
                    low[below] = min(low[below], low[node])
                if low[node] == number[node]:
                    while True:
                        member = path.pop()
                        component[member] = node
                        if member == node:
                            break
                    order.append(node)
    return component, order
