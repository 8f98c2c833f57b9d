"""Prove a triple of a closed graph from asserted triples, or say what it would have taken.

Proofs are found backwards, from the conclusion, by looking up the premises of each rule in the
closed graph: nothing has to be kept while the closure runs. A proof is well-founded: no triple is
used to prove itself. Shortest means fewest levels, then fewest steps; where a rule has very many
instances for one triple, shortest among those that ``instances`` takes. Nothing here recurs on the
Python stack, as proofs may be deeper.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any, NamedTuple

from llmkg.errors import EngineError
from llmkg.reason.facts import Facts, FactsAboutLiterals, StoreFacts
from llmkg.reason.instances import Instances, Path, Step
from llmkg.reason.missing import NearMiss, near_misses
from llmkg.reason.rules import Fact, Rule
from llmkg.terms import Term

__all__ = ["Facts", "FactsAboutLiterals", "NearMiss", "Proof", "Prover", "SearchEndedError", "StoreFacts"]

_SPARE = 3  # proofs of a premise kept beyond those asked for, as some will turn out circular
_EFFORT = 300_000  # rule instances and levels of triples that are looked at for one proof: some ten seconds
_FLAT = 32  # levels that are tried one by one; above, a quarter more at a time


class SearchEndedError(EngineError):
    """A proof was not found within the bound of the search."""


class Proof(NamedTuple):
    """A fact, the rule that gives it and the proofs of the premises; an asserted fact has no rule."""

    fact: Fact
    rule: Rule | None = None
    binding: Mapping[str, Term] | None = None
    premises: tuple[Proof, ...] = ()

    def walk(self) -> Iterator[tuple[int, Proof]]:
        """Yield this proof and all below it, each with its depth, premises after their conclusion."""
        stack = [(0, self)]
        while stack:
            depth, proof = stack.pop()
            yield depth, proof
            stack += [(depth + 1, premise) for premise in reversed(proof.premises)]

    def leaves(self) -> Iterator[Fact]:
        """Yield the facts that the proof rests on."""
        return (part.fact for _, part in self.walk() if part.rule is None)

    @property
    def size(self) -> int:
        """The number of rule applications."""
        return sum(proof.rule is not None for _, proof in self.walk())

    @property
    def height(self) -> int:
        """The number of rule applications on the longest way down."""
        return max(depth + (proof.rule is not None) for depth, proof in self.walk())


class Prover:
    """Proofs over one closed graph."""

    def __init__(self, facts: Facts, effort: int = _EFFORT) -> None:
        """Take a closed graph, and how many rule instances to look at for one proof."""
        self._instances = Instances(facts)
        self._sizes: dict[tuple[Fact, int], int | None] = {}
        self._effort = self._left = effort

    def holds(self, fact: Fact) -> bool:
        """Tell whether the fact is in the closed graph or holds in every graph."""
        return self._instances.holds(fact)

    def prove(self, fact: Fact) -> Proof | None:
        """Return a shortest proof, or None when there is none.

        Raises SearchEndedError when the search is given up.
        """
        self._left = self._effort
        height = self._least_height(fact)
        if height is None:
            return None
        proof: Proof = _run(self._building(fact, height))
        return proof if _is_well_founded(proof) else None

    def proofs(self, fact: Fact, limit: int) -> list[Proof]:
        """Return up to ``limit`` different proofs, the shortest first; raises as ``prove`` does."""
        first = self.prove(fact)
        if first is None or first.rule is None or limit == 1:
            return [] if first is None else [first]
        known: dict[tuple[Fact, int], list[Proof]] = {}
        try:
            found: list[Proof] = _run(self._several(fact, limit, first.height + 2, known))
        except SearchEndedError:
            return [first]
        return found[:limit] or [first]

    def near_misses(self, fact: Fact, limit: int = 5) -> list[NearMiss]:
        """Return the rules that could have given ``fact``, the one with the fewest missing premises first."""
        return near_misses(self._instances, fact, limit)

    # -- searching ----------------------------------------------------------------------------

    def _least_height(self, goal: Fact) -> int | None:
        """Return the fewest levels that a proof of ``goal`` takes, or None when there is no proof.

        More levels are tried until the goal is reached, or until no further fact is met and none of
        those that were met has been proved by that level.
        """
        met, frontier, still_open, last = {goal}, [goal], -1, -1
        for height in _heights():
            if self._size(goal, height) is not None:
                return self._least_between(goal, last + 1, height)
            for _ in range(height - last):
                frontier = self._premises(frontier, met)
            if not frontier:
                open_facts = [fact for fact in met if self._size(fact, height) is None]
                if len(open_facts) == still_open and not any(self._is_crossed(fact, height) for fact in open_facts):
                    return None
                still_open = len(open_facts)
            last = height
        return None

    def _is_crossed(self, fact: Fact, height: int) -> bool:
        """Tell whether all links of a path to ``fact`` are proved, so that more levels will prove it."""
        paths = (step for step in self._steps(fact) if isinstance(step, Path))
        return any(all(self._size(premise, height) is not None for premise in path.premises) for path in paths)

    def _least_between(self, goal: Fact, low: int, high: int) -> int:
        """Return the least height in which ``goal`` is proved; it is in ``high``."""
        while low < high:
            middle = (low + high) // 2
            if self._size(goal, middle) is None:
                low = middle + 1
            else:
                high = middle
        return high

    def _premises(self, frontier: list[Fact], met: set[Fact]) -> list[Fact]:
        """Return the premises of ``frontier`` that have not been ``met``, and note that they are."""
        found: dict[Fact, None] = {}
        for fact in frontier:
            if not self._instances.is_leaf(fact):
                for step in self._steps(fact):
                    found.update(dict.fromkeys(p for p in step.premises if p not in met))
        met.update(found)
        return list(found)

    def _steps(self, fact: Fact) -> list[Step | Path]:
        steps = self._instances.steps(fact)
        self._spend(len(steps))
        return steps

    def _spend(self, effort: int) -> None:
        self._left -= 1 + effort
        if self._left < 0:
            raise SearchEndedError(
                f"no proof was found among {self._effort:,} rule instances. Ask for a triple nearer to what files state."
            )

    def _size(self, fact: Fact, height: int) -> int | None:
        """Return the fewest rule applications in a proof of at most ``height`` levels, or None when there is none."""
        size: int | None = (
            self._sizes[fact, height] if (fact, height) in self._sizes else _run(self._sizing(fact, height))
        )
        return size

    def _sizing(self, fact: Fact, height: int) -> Generator[Any, Any, int | None]:
        """Work out ``_size``; what is yielded is run, and its result comes back."""
        key = (fact, height)
        if key not in self._sizes:
            best: int | None = None
            if self._instances.is_leaf(fact):
                best = 0
            elif height:
                for step in self._steps(fact):
                    measure = self._sized_path if isinstance(step, Path) else self._sized_step
                    size = yield measure(step, height)  # type: ignore[arg-type]
                    if size is not None and (best is None or size < best):
                        best = size
            self._sizes[key] = best
        return self._sizes[key]

    def _sized_step(self, step: Step, height: int) -> Generator[Any, Any, int | None]:
        total = 1
        for premise in step.premises:
            key = (premise, height - 1)
            size = self._sizes[key] if key in self._sizes else (yield self._sizing(*key))
            if size is None:
                return None
            total += size
        return total

    def _sized_path(self, path: Path, height: int) -> Generator[Any, Any, int | None]:
        parts: list[tuple[int, int]] | None = yield self._measured(path, height)
        if parts is None:
            return None
        heights, sizes = ([part[n] for part in parts] for n in (0, 1))
        axioms = len(path.axioms)
        if _packed(heights[axioms:], max(heights[:axioms], default=0))[-1] > 1 << height:
            return None
        return sum(sizes[axioms:]) + (len(path.links) - 1) * (1 + sum(sizes[:axioms]))

    def _measured(self, path: Path, height: int) -> Generator[Any, Any, list[tuple[int, int]] | None]:
        """Return the least height below ``height`` of each premise, with the size at that height."""
        found = []
        for premise in path.premises:
            for level in range(height):
                size = yield self._sizing(premise, level)
                if size is not None:
                    found.append((level, size))
                    break
            else:
                return None
        return found

    def _building(self, fact: Fact, height: int) -> Generator[Any, Any, Proof]:
        """Build a proof of the fewest rule applications in ``height`` levels: there is one."""
        size = yield self._sizing(fact, height)
        if not size:
            return Proof(fact)
        for step in self._instances.steps(fact):
            if isinstance(step, Path):
                if (yield self._sized_path(step, height)) == size:
                    parts = yield self._measured(step, height)
                    proofs = []
                    for premise, (level, _) in zip(step.premises, parts, strict=True):
                        proofs.append((yield self._building(premise, level)))
                    return _joined(step, tuple(proofs))
            elif (yield self._sized_step(step, height)) == size:
                proofs = []
                for premise in step.premises:
                    proofs.append((yield self._building(premise, height - 1)))
                return Proof(fact, step.rule, step.binding, tuple(proofs))
        raise AssertionError("a size without a step of that size")

    def _several(
        self, fact: Fact, limit: int, levels: int, known: dict[tuple[Fact, int], list[Proof]]
    ) -> Generator[Any, Any, list[Proof]]:
        """Return some proofs of at most ``levels`` levels, the best first."""
        if self._instances.is_leaf(fact):
            return [Proof(fact)]
        if levels == 0:
            return []
        if (fact, levels) not in known:
            found: list[Proof] = []
            for step in self._steps(fact):
                parts = []
                for premise in step.premises:
                    parts.append((yield self._several(premise, limit, levels - 1, known)))
                    if not parts[-1]:
                        break
                for proofs in islice(product(*parts), limit * limit) if all(parts) else ():
                    proof = _joined(step, proofs) if isinstance(step, Path) else Proof(fact, *step[:2], proofs)
                    if proof.height <= levels and _is_well_founded(proof):
                        found.append(proof)
                self._spend(len(parts))
            unique = {_key(proof): proof for proof in found}
            order = sorted(unique, key=lambda key: (unique[key].height, unique[key].size, key))
            known[fact, levels] = [unique[key] for key in order[: limit + _SPARE]]
        return known[fact, levels]


def _run(task: Generator[Any, Any, Any]) -> Any:  # noqa: ANN401  (what the task returns)
    """Run a task that yields other tasks and gets their results: recursion without the Python stack."""
    stack, result = [task], None
    while stack:
        try:
            stack.append(stack[-1].send(result))
        except StopIteration as done:
            stack.pop()
            result = done.value
        else:
            result = None
    return result


def _heights() -> Iterator[int]:
    """Yield the levels to try: one by one, then in growing strides."""
    yield from range(_FLAT)
    height = _FLAT
    while True:
        yield height
        height += height // 4


def _packed(heights: Iterable[int], least: int) -> list[int]:
    """Return where each link begins and the last ends, when links are packed below a proof in their order.

    A proof of n levels has room for 2 to the n links; one that takes m levels itself has its place
    at a multiple of 2 to the m. ``least`` is what the other premises take.
    """
    places, end = [], 0
    for height in heights:
        room = 1 << max(height, least)
        start = -(-end // room) * room
        places.append(start)
        end = start + room
    return [*places, end]


def _joined(path: Path, proofs: tuple[Proof, ...]) -> Proof:
    """Return the proof that joins the links of ``path`` by twos, in as few levels as their order allows."""
    axioms, links = proofs[: len(path.axioms)], proofs[len(path.axioms) :]
    least = max((proof.height for proof in axioms), default=0)
    heights = [max(proof.height, least) for proof in links]
    blocks = list(zip(_packed(heights, least), heights, links, strict=False))
    level = 0
    while len(blocks) > 1:
        merged: list[tuple[int, int, Proof]] = []
        for start, height, proof in blocks:
            before = merged[-1] if merged else None
            if before and max(height, before[1]) <= level and before[0] >> (level + 1) == start >> (level + 1):
                merged[-1] = (before[0], level + 1, _one_join(path, axioms, before[2], proof))
            else:
                merged.append((start, height, proof))
        blocks, level = merged, level + 1
    return blocks[0][2]


def _one_join(path: Path, axioms: tuple[Proof, ...], left: Proof, right: Proof) -> Proof:
    start, end = path.rule.head[0], path.rule.head[2]
    first = next(atom for atom in path.rule.body if atom[0] == start and atom[1] == path.rule.head[1])
    names = (start, first[2], end)
    terms = (left.fact[0], left.fact[2], right.fact[2])
    binding = {**path.binding, **{n: t for n, t in zip(names, terms, strict=True) if isinstance(n, str)}}
    return Proof((terms[0], left.fact[1], terms[2]), path.rule, binding, (*axioms, left, right))


def _is_well_founded(proof: Proof) -> bool:
    """Tell whether no fact is used to prove itself."""
    above: list[Fact] = []
    held: set[Fact] = set()
    for depth, part in proof.walk():
        while len(above) > depth:
            held.discard(above.pop())
        if part.fact in held:
            return False
        above.append(part.fact)
        held.add(part.fact)
    return True


def _key(proof: Proof) -> str:
    """Return a text that two proofs share only when they are the same."""
    return "\n".join(
        f"{depth} {part.rule.name if part.rule else 'asserted'} {' '.join(map(str, part.fact))}"
        for depth, part in proof.walk()
    )
