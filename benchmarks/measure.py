"""Run contenders in turn, several times each, and keep how long each run took.

Taking turns, and not one contender after the other, lets whatever else the machine does fall on
all of them alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import geometric_mean, median
from time import perf_counter
from typing import Generic, TypeVar

__all__ = ["Outcome", "Series", "StoppedError", "alternate"]

T = TypeVar("T")


class StoppedError(Exception):
    """A contender that could not finish; the message says why."""


@dataclass
class Outcome(Generic[T]):
    """What came of one contender: the seconds and the result of each run, or why there are none."""

    seconds: list[float] = field(default_factory=list)
    results: list[T] = field(default_factory=list)
    reason: str = ""


@dataclass(frozen=True)
class Series:
    """Several measurements of one thing; ``memory`` is the largest resident set in bytes, where it was taken."""

    best: float
    median: float
    runs: int
    memory: int | None = None

    @classmethod
    def of(cls, values: Iterable[float], memory: Iterable[int] = ()) -> Series | None:
        """Return the series of ``values``, None when there are none."""
        values = list(values)
        return cls(min(values), median(values), len(values), max(memory, default=None)) if values else None

    @classmethod
    def mean(cls, several: Iterable[Series]) -> Series | None:
        """Return the geometric mean of some series."""
        several = list(several)
        if not several:
            return None
        best, middle = (geometric_mean(values) for values in zip(*((s.best, s.median) for s in several), strict=True))
        return cls(best, middle, min(s.runs for s in several))


def alternate(
    contenders: Mapping[str, Callable[[], T]], rounds: int, budget: float, *, at_least: int = 1
) -> dict[str, Outcome[T]]:
    """Run each contender once per round, up to ``rounds`` rounds.

    Who has used up ``budget`` seconds after ``at_least`` runs sits out the rest; who stops, too.
    """
    outcomes: dict[str, Outcome[T]] = {name: Outcome() for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            outcome = outcomes[name]
            if outcome.reason or (len(outcome.seconds) >= at_least and sum(outcome.seconds) > budget):
                continue
            start = perf_counter()
            try:
                result = run()
            except StoppedError as error:
                outcome.reason = str(error)
                continue
            outcome.seconds.append(perf_counter() - start)
            outcome.results.append(result)
    return outcomes
