"""Say on standard error what is being measured, and about how long the rest will take."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from time import monotonic

__all__ = ["Progress"]


class Progress:
    """Steps with the seconds that each is expected to take; corrected by what the finished ones took."""

    def __init__(self, expected: Mapping[str, float]) -> None:
        self._left = dict(expected)
        self._begun = monotonic()
        self._done = 0.0
        self._current = ""

    def start(self, step: str) -> None:
        """Begin ``step``; the one before is finished."""
        self._done += self._left.pop(self._current, 0.0)
        self._current = step
        elapsed = monotonic() - self._begun
        pace = elapsed / self._done if self._done else 1.0
        left = pace * sum(self._left.values())
        print(f"[{_clock(elapsed)}] {step}; about {_clock(left)} left", file=sys.stderr, flush=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
