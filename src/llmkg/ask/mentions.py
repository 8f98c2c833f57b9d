"""Find in a question what a parameter can take: things by their names, numbers, quoted text."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from llmkg.ask.ideas import found_in
from llmkg.ask.lines import Lines
from llmkg.ask.words import Unit, is_chinese, is_word, key, singular, stems, units
from llmkg.lexicon import fold
from llmkg.names import ALTERNATIVE, LABEL, Names

__all__ = ["SURE", "Mention", "Mentions", "Value", "shape_of"]

_STRENGTH = {LABEL: 1.0, ALTERNATIVE: 0.98}
_IDENTIFIER = 0.95
SURE = 0.8  # a name that is no word for an idea is surer than that
_IDEA = 0.6  # times that where the name is a word for an idea as well
_MOST_UNITS = 14
_ENOUGH = 0.6  # of the weight of a name's words must be there
_LOOSE = 2  # other words that may stand between those of a name
_CORRECTED = 4  # letters; a shorter word is not corrected
_LONG = 8  # letters; in a word of that length any letter may be wrong
_LONGER = 10  # letters; in a word of that length two letters may be wrong
_MIDDLE = 7  # letters; in a word of that length, too, when its beginning is right
_BEGINNING = 4  # letters
# Patterns are compiled when they are first looked for: most questions need none of them.
# Forms of a verb whose noun names things: hallucinates, quantized, pruned.
_VERBS = "(ates?|ated|ating|izes?|ized|izing|ises?|ised|ising|es|ed|e|s)$"
_NOUNS = ("ation", "ization", "isation", "ing")
_MISWRITTEN = 75  # of 100: how alike a Chinese name and a part of the question must be
_NEARLY = 5  # characters of a Chinese name that may lack its first or last
_PARTLY = 0.85
_MOST = 8
_NUMBER = r"(?<![a-z\d.])(\d+(?:\.\d+)?)( ?(?:万亿|千亿|百亿|亿|trillion|bn|tb|gb|b|m|k))?(?![a-z\d]|\.\d)"
_SUFFIXES = {"bn": "billion", "b": "billion", "tb": "terabytes", "m": "million", "k": "thousand"}
# Other units, in the billions and terabytes of the parameters.
_UNITS = {"万亿": (1000, "billion"), "千亿": (100, "billion"), "百亿": (10, "billion"), "亿": (0.1, "billion")} | {
    "trillion": (1000, "billion"),
    "gb": (0.001, "terabytes"),
}
# "More than one" and 哪一个 ask for no number.
# A number of billions that is written without digits, and what it counts: 千亿, 两千亿.
_WRITTEN = r"(?<!\d)([一两二三四五六七八九]?)(万亿|千亿|百亿)"
_NUMERALS = {
    **{
        word: str(n)
        for n, word in enumerate(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 2)
    },
    **{char: str(n) for n, char in enumerate("二三四五六七八九十", 2)},
    "两": "2",
}
_COUNTED = "个种篇处家项类条"  # what follows a Chinese numeral that counts something
# What identifies a publication: a DOI, a number of arXiv.
_IDENTIFIED = r"(?<![a-z\d.])(10\.\d{4,9}/[^\s?\u3000-\uffef]+|\d{4}\.\d{4,5})(?![\d.]*\d)"
_QUOTED = r"[\"“「『]([^\"”」』]{1,200})[\"”」』]"
_QUOTES = '"“「『'


def shape_of(text: str) -> str:
    """Return what a text looks like that identifies a publication: ``doi`` or ``arxiv``; empty for any other.

    >>> shape_of("10.1145/103162.103163"), shape_of("2005.11401"), shape_of("few-shot learners")
    ('doi', 'arxiv', '')
    """
    if re.fullmatch(_IDENTIFIED, text) is None:
        return ""
    return "doi" if "/" in text else "arxiv"


class Value(NamedTuple):
    """What a mention may stand for: a name by its number, or a literal; and how surely."""

    strength: float
    name: int = -1
    literal: str = ""


class Mention(NamedTuple):
    """Units ``start`` to ``end`` of a question and what they may stand for, the surest first.

    ``kind`` is ``thing``, ``number`` or ``text``; ``rest`` are words that stay when it is taken out.
    """

    start: int
    end: int
    kind: str
    values: tuple[Value, ...]
    rest: tuple[str, ...] = ()

    @property
    def strength(self) -> float:
        """How sure the surest value is."""
        return self.values[0].strength

    def overlaps(self, other: Mention) -> bool:
        """Return whether both have a unit in common."""
        return self.start < other.end and other.start < self.end


class Mentions:
    """Finds the mentions in questions about one graph."""

    def __init__(self, index: Mapping[str, Any], names: Names) -> None:
        """Take what ``index_json`` gave, and the names it was made from."""
        self._names = names
        self._numbers = Lines(index["keys"])
        self._parts = Lines(index["parts"])
        self._ideas: Mapping[str, str] = index["ideas"]
        self._words: Sequence[str] = index["words"].split("\n")
        self._said: Sequence[str] = index["said"].split("\n")

    def corrected(self, question: Sequence[Unit]) -> list[str]:
        """Return the words of a question with the misspelled ones replaced by the nearest that is known."""
        return [self._corrected(unit.text) for unit in question]

    def find(self, text: str, question: Sequence[Unit], words: Sequence[str], asked: str) -> list[Mention]:
        """Return the mentions in a question, the surest first.

        The question is given folded, as units, as corrected words, and as it was asked.
        """
        whole = list(self._whole(words))
        found = [*whole, *self._in_part(words, whole)]
        if is_chinese(text):
            found += self._nearly(words, whole)
            if not found:
                found = list(self._miswritten(words))
        numbers = (n for n in self._numbers_in(text, question) if not any(_within(n, m) for m in whole))
        found += [*numbers, *_quoted(text, question, asked)]
        return sorted(found, key=lambda m: (-m.strength * (1 + m.end - m.start), m.start))[:_MOST]

    def _corrected(self, word: str) -> str:
        if len(word) < _CORRECTED or not word.isalpha() or not word.isascii() or singular(word) in self._known:
            return word
        if (ending := re.search(_VERBS, word)) is not None:
            nouns = (word[: ending.start()] + noun for noun in _NOUNS)
            noun = next((noun for noun in nouns if noun in self._known), None)
            if noun is not None:
                return noun
        from rapidfuzz import process  # noqa: PLC0415  (only for a word that is not known)
        from rapidfuzz.distance import OSA, Indel  # noqa: PLC0415

        if len(word) >= _LONG:
            wrong = 2 if len(word) >= _LONGER else 1
            near = process.extractOne(word, self._words, scorer=OSA.distance, score_cutoff=wrong)
            return word if near is None else near[0]
        # A short word with another letter, or one more, is as likely to be another word, unless a letter is doubled.
        known = self._words if len(word) > _CORRECTED else self._said
        like = process.extract(word, known, scorer=OSA.distance, score_cutoff=1)
        if len(word) == _CORRECTED:
            like = [found for found in like if (found[0][0], found[0][-1]) == (word[0], word[-1])]
        slips = (
            other
            for other, _, _ in like
            if len(other) > len(word) or sorted(other) == sorted(word) or _undoubled(other) == _undoubled(word)
        )
        slip = next(slips, word)
        if slip == word and len(word) >= _MIDDLE:
            said = (other for other, _, _ in like if other[0] == word[0] and other in self._said)
            slip = next(said, word)
        if slip != word or len(word) < _MIDDLE:
            return slip
        like = process.extract(word, self._said, scorer=OSA.distance, score_cutoff=2)
        alike = [other for other, _, _ in like if other[:_BEGINNING] == word[:_BEGINNING]]
        return max(alike, key=lambda other: Indel.normalized_similarity(other, word), default=word)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(map(singular, self._words))

    def _whole(self, words: Sequence[str]) -> Iterator[Mention]:
        """Yield the names that stand in the question as they are, or the same without spaces and plurals."""
        keys = [key([word]) for word in words]
        for start in range(len(keys)):
            whole = ""
            for end in range(start, min(start + _MOST_UNITS, len(keys))):
                whole += keys[end]
                if keys[start] and keys[end] and whole in self._numbers:
                    # A word for an idea, such as "technique", need not be meant as the thing of that name.
                    sure = _IDEA if whole in self._ideas else 1.0
                    values = [
                        Value(sure * _STRENGTH.get(self._names.rank(n), _IDENTIFIER), n)
                        for n in map(int, self._numbers[whole])
                    ]
                    surest = sorted(values, key=lambda value: -value.strength)
                    yield Mention(start, end + 1, "thing", tuple(surest))

    def _in_part(self, words: Sequence[str], whole: Sequence[Mention]) -> Iterator[Mention]:
        """Yield the names most of whose words stand close together, in any order."""
        ideas = found_in(stems(words), self._ideas)
        at: dict[int, dict[str, int]] = defaultdict(dict)
        for place, word in enumerate(words):
            stem = key([word])
            for number in map(int, self._parts[stem]):
                at[number][stem] = place
        for number, places in at.items():
            if len(places) < 2:  # noqa: PLR2004
                continue
            start, end = min(places.values()), max(places.values()) + 1
            if end - start > len(places) + _LOOSE or any(m.start <= start and end <= m.end for m in whole):
                continue
            name = {key([unit.text]) for unit in units(self._names.folded[number])}
            if any(word not in places for word in name if not word.isalpha()):
                continue  # a number in a name tells it from its neighbours
            rarest = max(sorted(name), key=self._weight)
            if rarest not in places or all(word in self._ideas for word in places):
                continue  # what is there stands for many things
            share = sum(map(self._weight, places)) / sum(map(self._weight, name))
            if share >= _ENOUGH:
                # "Speed up inference" has the name "inference speed" in it, and still says "speed up".
                said = [range(*idea[:2]) for idea in ideas if idea[0] < end and start < idea[1]]
                kept = [place for idea in said if not set(idea) <= set(places.values()) for place in idea]
                rest = tuple(words[place] for place in kept)
                yield Mention(
                    start, max([end, *(place + 1 for place in kept)]), "thing", (Value(0.9 * share, number),), rest
                )

    def _weight(self, word: str) -> float:
        return 1 / math.log(2 + len(self._parts[word]))

    def _nearly(self, words: Sequence[str], whole: Sequence[Mention]) -> Iterator[Mention]:
        """Yield the Chinese names of five and more characters that stand there without their first or last."""
        text = "".join(word if len(word) == 1 else "\n" for word in words)
        for name in self._numbers:
            if len(name) < _NEARLY or not (name[1:] in text or name[:-1] in text) or name in text:
                continue
            part = name[:-1] if name[:-1] in text else name[1:]
            start = text.index(part)
            end = start + len(part)
            if is_chinese(part) and not any(m.start <= start and end <= m.end for m in whole):
                yield Mention(start, end, "thing", tuple(Value(_PARTLY, int(n)) for n in self._numbers[name]))

    def _miswritten(self, words: Sequence[str]) -> Iterator[Mention]:
        """Yield the Chinese names of four and more characters that differ from the question in one."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415  (only where no name was found)
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        text = "".join(word if len(word) == 1 else "\n" for word in words)
        names = [name for name in self._numbers if len(name) > 3 and is_chinese(name)]  # noqa: PLR2004
        for name, score, _ in process.extract(text, names, scorer=fuzz.partial_ratio, score_cutoff=_MISWRITTEN):
            place = fuzz.partial_ratio_alignment(name, text)
            if place is not None and OSA.distance(name, text[place.dest_start : place.dest_end]) == 1:
                values = tuple(Value(0.9 * score / 100, int(number)) for number in self._numbers[name])
                yield Mention(place.dest_start, place.dest_end, "thing", values)

    def _numbers_in(self, text: str, question: Sequence[Unit]) -> Iterator[Mention]:
        for match in re.finditer(_NUMBER, text) if _has_digit(text) else ():
            start, end = _span(question, *match.span())
            literal, unit = match[1], (match[2] or "").strip()
            rest = (_SUFFIXES[unit],) if unit in _SUFFIXES else ()
            if unit in _UNITS:
                times, name = _UNITS[unit]
                literal, rest = f"{float(literal) * times:g}", (name,)
            yield Mention(start, end, "number", (Value(0.9, literal=literal),), rest)
        for match in re.finditer(_WRITTEN, text) if "亿" in text else ():
            start, end = _span(question, *match.span())
            times, name = _UNITS[match[2]]
            literal = str(times * int(_NUMERALS.get(match[1], "1")))
            yield Mention(start, end, "number", (Value(0.9, literal=literal),), (name,))
        for place, unit in enumerate(question):
            after = question[place + 1].text if place + 1 < len(question) else ""
            if unit.text in _NUMERALS and (is_word(unit.text) or after in _COUNTED):
                yield Mention(place, place + 1, "number", (Value(0.8, literal=_NUMERALS[unit.text]),))


def _undoubled(word: str) -> str:
    """Return a word with each doubled letter once."""
    return re.sub(r"(.)\1", r"\1", word)


def _within(mention: Mention, other: Mention) -> bool:
    """Return whether ``mention`` is a part of ``other``, which is longer: the 4 of GPT-4."""
    return other.start <= mention.start and mention.end <= other.end and other.end - other.start > 1


def _quoted(text: str, question: Sequence[Unit], asked: str) -> Iterator[Mention]:
    quotes = any(quote in asked for quote in _QUOTES)
    written = {fold(match[1]).strip(): match[1].strip() for match in re.finditer(_QUOTED, asked)} if quotes else {}
    quoted = re.finditer(_QUOTED, text) if quotes else ()
    identified = re.finditer(_IDENTIFIED, text) if _has_digit(text) else ()
    for match in chain(quoted, identified):
        start, end = _span(question, *match.span(1))
        if start < end:
            yield Mention(start, end, "text", (Value(0.9, literal=written.get(match[1].strip(), match[1].strip())),))


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _span(question: Sequence[Unit], start: int, end: int) -> tuple[int, int]:
    """Return the units that the characters ``start`` to ``end`` of the text belong to."""
    inside = [place for place, unit in enumerate(question) if unit.start < end and start < unit.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
