"""How alike two sequences are: what rapidfuzz calls ``ratio``, without the 20 ms that importing it takes.

A question is compared with some dozens of short texts; rapidfuzz is imported where thousands are searched.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

__all__ = ["ratio"]


def ratio(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Return twice the length of the longest common subsequence, as a part of both lengths together, 0 to 1.

    A row of the table of lengths is the bits of one number (Hyyr\u00f6 2004).

    >>> ratio("hallucination", "hallucinate"), ratio("", "")
    (0.8333333333333334, 1.0)
    """
    if not one or not other:
        return 1.0 if len(one) == len(other) else 0.0
    places: dict[Hashable, int] = {}
    for place, item in enumerate(one):
        places[item] = places.get(item, 0) | 1 << place
    every = (1 << len(one)) - 1
    row = every
    for item in other:
        matched = row & places.get(item, 0)
        row = ((row + matched) | (row - matched)) & every
    common = len(one) - row.bit_count()
    return 2 * common / (len(one) + len(other))
