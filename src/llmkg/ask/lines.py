"""A table as one long text, which JSON reads at the speed of copying: only what is looked up is taken apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Lines", "to_lines"]


def to_lines(table: Mapping[str, Iterable[object]]) -> str:
    r"""Return a table as sorted lines: the key, a tabulator, the values with spaces between them.

    >>> to_lines({"b": [3], "a": [1, 2]})
    'a\t1 2\nb\t3'
    """
    return "\n".join(sorted(f"{key}\t{' '.join(map(str, values))}" for key, values in table.items()))


class Lines:
    r"""What ``to_lines`` gave, to be looked up by key.

    >>> table = Lines("a\t1 2\nb\t3")
    >>> table["a"], "c" in table, list(table)
    (['1', '2'], False, ['a', 'b'])
    """

    def __init__(self, text: str) -> None:
        """Take the text."""
        self._lines = text.split("\n") if text else []
        self._found: dict[str, list[str]] = {}

    def __contains__(self, key: str) -> bool:
        """Return whether there is a line of that key."""
        return bool(self[key])

    def __getitem__(self, key: str) -> list[str]:
        """Return the values of a key; none when it is not there."""
        if key not in self._found:
            begin = f"{key}\t"
            place = bisect_left(self._lines, begin)
            line = self._lines[place] if place < len(self._lines) else ""
            self._found[key] = line[len(begin) :].split(" ") if line.startswith(begin) else []
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys."""
        return (line.partition("\t")[0] for line in self._lines)
