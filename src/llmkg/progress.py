"""A progress bar, or a line, on standard error for those who watch a terminal and wait."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

__all__ = ["Progress", "waiting"]

_PATIENCE = 1.0  # seconds before there is a bar
_STEP = 2_000  # items between two looks at the clock
_PAUSE = 0.1  # seconds between two pictures
_WIDTH = 30


class Progress:
    """Called with a list, it yields the items and shows how far it is; elsewhere than on a terminal, nothing."""

    def __init__(self, what: str, stream: TextIO | None = None) -> None:
        """Say ``what`` is being done, on ``stream``, or on standard error."""
        self._what = what
        self._stream = stream or sys.stderr
        self._next = monotonic() + _PATIENCE
        self._shown = False

    def __call__(self, items: list[bytes]) -> Iterable[bytes]:
        """Return the items, to be iterated over once."""
        return self._watched(items) if self._stream.isatty() else items

    def _watched(self, items: list[bytes]) -> Iterator[bytes]:
        for start in range(0, len(items), _STEP):
            if monotonic() > self._next:
                self._show(start / len(items))
                self._next = monotonic() + _PAUSE
            yield from items[start : start + _STEP]

    def _show(self, share: float) -> None:
        done = round(share * _WIDTH)
        self._stream.write(f"\r{self._what} [{'#' * done}{'.' * (_WIDTH - done)}] {share:4.0%}")
        self._stream.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the bar away."""
        if self._shown:
            self._stream.write("\r\033[K")
            self._stream.flush()


@contextmanager
def waiting(what: str, stream: TextIO | None = None) -> Iterator[None]:
    """Show ``what`` is being done until it is; elsewhere than on a terminal, nothing."""
    stream = stream or sys.stderr
    shown = stream is not None and stream.isatty()
    if shown:
        stream.write(f"{what} ...")
        stream.flush()
    try:
        yield
    finally:
        if shown:
            stream.write("\r\033[K")
            stream.flush()
