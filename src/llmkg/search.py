"""Find things by their names: which fit the words, how they fit, best first.

A name that is the words comes first, then one that begins with them, one that has them as words,
one that has them anywhere. Only where none does are names of a like spelling given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from llmkg.lexicon import fold
from llmkg.names import FORMER, Names
from llmkg.terms import CLAIM

__all__ = ["LONGEST", "Hit", "search"]

LONGEST = 200  # characters of the words searched for; what follows is not looked at
_SCORES = {"exact": 1.0, "prefix": 0.9, "word": 0.8, "substring": 0.6, "spelling": 0.5}
_CLOSE = 70  # of 100: how alike a name and the words must be to count as misspelled
_PART = 85  # of 100: the same for the words and a part of a longer name
_SHORTEST = 5  # letters; a shorter word is like a part of too many names
# The label of a claim repeats the names of what it is about: claims are found only when asked for.
_CLAIM = CLAIM.Claim.value
_SECTION = CLAIM.Section.value


class Hit(NamedTuple):
    """One thing found: the term, the name that fits with its language, how it fits, and a score up to 1.

    ``how`` is ``exact``, ``prefix``, ``word``, ``substring`` or ``spelling``; ``former`` when the name is
    that of a retired term that the thing replaced.
    """

    term: NamedNode
    name: str
    score: float
    language: str = ""
    how: str = "exact"
    former: bool = False


def search(names: Names, words: str, limit: int, classes: Iterable[str] = ()) -> list[Hit]:
    """Return up to ``limit`` things whose names fit ``words``.

    With ``classes`` (IRIs) only their individuals; without, anything but claims, sections after the rest.
    """
    wanted = fold(words[:LONGEST])
    if not wanted:
        return []
    kinds = frozenset(classes)

    def is_wanted(number: int) -> bool:
        own = names.classes(names.things[number])
        return bool(own & kinds) if kinds else _CLAIM not in own

    fits = [fit for fit in _plain(names.folded, wanted) if is_wanted(fit[0])]
    fits = fits or [fit for fit in _misspelled(names.folded, wanted) if is_wanted(fit[0])]
    best: dict[int, tuple[tuple[float, ...], int, str]] = {}
    for number, how, score in fits:
        thing = names.things[number]
        key = (-score, _SECTION in names.classes(thing), names.rank(number), len(names.folded[number]))
        if thing not in best or key < best[thing][0]:
            best[thing] = (key, number, how)
    ordered = sorted(best.items(), key=lambda item: (item[1][0], names.terms[item[0]]))[:limit]
    return [_hit(names, number, how, -key[0]) for _, (key, number, how) in ordered]


def _hit(names: Names, number: int, how: str, score: float) -> Hit:
    name = names.name(number)
    term = NamedNode(names.terms[name.thing])
    return Hit(term, name.text, round(score, 3), name.language, how, name.rank == FORMER)


def _plain(folded: Sequence[str], wanted: str) -> list[tuple[int, str, float]]:
    """Return the names that hold the words, with how they do."""
    parts = wanted.split()
    has_word = re.compile(rf"(?<!\w){re.escape(parts[0])}" if parts[0].isascii() else re.escape(parts[0])).search
    found = []
    for number, name in enumerate(folded):
        how = _fit(name, wanted, parts, has_word)
        if how:
            found.append((number, how, _SCORES[how]))
    return found


def _fit(name: str, wanted: str, parts: Sequence[str], begins: Callable[[str], object]) -> str:
    if wanted in name:
        if name == wanted:
            return "exact"
        if name.startswith(wanted):
            return "prefix"
        return "word" if begins(name) else "substring"
    if len(parts) > 1 and all(part in name for part in parts):
        return "word" if set(parts) <= set(name.split()) else "substring"
    return ""


def _misspelled(folded: Sequence[str], wanted: str) -> list[tuple[int, str, float]]:
    """Return the names that are spelled like the words, or have a part that is."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  (only when a name was missed)

    def like(scorer: Callable[..., float], least: int) -> Iterator[tuple[int, float]]:
        for _, score, number in process.extract(wanted, folded, scorer=scorer, score_cutoff=least, limit=None):
            yield number, score

    found = dict(like(fuzz.ratio, _CLOSE))
    for number, score in like(fuzz.token_sort_ratio, _CLOSE):
        found[number] = max(score, found.get(number, 0))
    if len(wanted) >= _SHORTEST:
        for number, score in like(fuzz.partial_ratio, _PART):
            if len(folded[number]) > len(wanted):
                found[number] = max(score - 10, found.get(number, 0))
    return [(number, "spelling", _SCORES["spelling"] * score / 100) for number, score in found.items()]
