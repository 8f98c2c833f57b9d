"""Read a question as one of the saved queries with its values, with a score, or as none."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, permutations
from typing import Any, NamedTuple

from llmkg.ask.ideas import found_in, without_fillers
from llmkg.ask.index import SCHEMA, Slot
from llmkg.ask.likeness import ratio
from llmkg.ask.lines import Lines
from llmkg.ask.mentions import SURE, Mention, Mentions, shape_of
from llmkg.ask.words import ASKING, MARK, features, gist, is_chinese, is_silent, is_word, plain, stems, telling, units
from llmkg.errors import UsageError
from llmkg.lexicon import fold
from llmkg.names import Names
from llmkg.result import Result

__all__ = ["LONGEST", "THRESHOLD", "Reader", "Reading", "Understanding"]

LONGEST = 500  # characters of a question
# The score is near the chance that a reading is right. The weights were found by a logistic regression on
# the questions of tests/ask/development.yaml and then moved, a little at a time, to what answers most of
# them at the same number of wrong ones, the index lacking a third of its phrasings. What counts: the
# nearest phrasing (cosine of the features, likeness of the letters), the whole of the query, ideas
# that it never has, ideas that it always has and the question has not, how sure the mentions are,
# whether a thing is asked about.
_COSINE, _CENTRE, _LETTERS, _GIST, _SORTED = 4.1, 1.8, 2.0, 1.1, 3.1
_FOREIGN, _MISSING = -0.4, -0.7
_SURETY, _ABOUT, _BASE = 0.6, 0.35, -6.2
# What neither a phrasing nor a name nor an idea has, is another question; less surely so in Chinese, where
# words are not told apart and what is said around a question has no end of forms.
_NEW, _EACH_NEW, _STRANGE, _MOST_NEW = -1.75, -1.75, -2.8, 4
_NEW_CHINESE = 1.2
_OPEN = -0.8  # a query that takes anything is meant less often than one that takes the kind of thing that is named
THRESHOLD = 0.5  # the score from which a reading is taken for what was meant
_TAKEN = 3  # mentions at most that are taken for values
_TRIED = 7  # mentions that are tried as values
_COMPARED = 12  # phrasings that are compared in full
_CORE = 0.7  # of the phrasings of a query have an idea that it always has
_NOT = frozenset(["not", "no", "non", "without", "isn", "aren", "不", "未", "没", "非", "无"])
_CLAUSE = 6  # characters of a Chinese clause that may be a question
# Where the question begins in a long text: after at least three words.
_ASKED = r"^\W*(?:\S+\s+){3,}?(which|what|how|where|who|why|are there|is there)\b"
_BEFORE = 2  # words before which a "not" counts


class Reading(NamedTuple):
    """One way to understand a question: the query, its values as IRIs or literals, how well it fits (up to 1).

    ``phrasing`` is the question of the query that is nearest, with ``{name}`` where a value stands.
    """

    query: str
    values: Mapping[str, str]
    score: float
    phrasing: str


class Understanding(NamedTuple):
    """What a question was understood as.

    ``reading`` is None when none is good enough; ``others`` are the next best, the best first.
    """

    question: str
    language: str
    reading: Reading | None
    others: tuple[Reading, ...]


class Answer(NamedTuple):
    """What a question was understood as, and the rows; ``result`` is None where nothing fits."""

    understanding: Understanding
    result: Result | None


class _Text(NamedTuple):
    """A question with its mentions taken out, ready to be compared.

    ``near`` is the product of its vector, of length ``size``, with that of each phrasing that has a
    feature of it; ``new`` counts the words that nothing has, ``strange``
    is their part of all that tell something.
    """

    telling: str
    gist: str
    size: float
    near: Mapping[int, float]
    new: int
    strange: float
    ideas: frozenset[str]


class _Compared(NamedTuple):
    """A phrasing: its text, the units of it that tell something, its gist."""

    text: str
    telling: str
    gist: str


class Reader:
    """Reads questions about one graph."""

    def __init__(self, index: Mapping[str, Any]) -> None:
        """Take what ``index_json`` gave."""
        self._names = Names(index["names"])
        self._mentions = Mentions(index, self._names)
        self._phrasings: Sequence[str] = index["phrasings"].split("\n")
        self._forms: Sequence[tuple[str, Sequence[str]]] = index["forms"]
        self._form: Sequence[int] = index["form"]
        self._sizes: Sequence[str] = index["sizes"].split(" ")
        self._features = Lines(index["features"])
        self._slots = {
            query: {slot.name: slot for slot in (Slot.of(entry) for entry in entries)}
            for query, entries in index["slots"].items()
        }
        self._index = index
        self._postings: dict[str, tuple[float, Sequence[int]]] = {}
        self._compared: dict[int, _Compared] = {}

    def understand(self, question: str, language: str | None = None) -> Understanding:
        """Return what ``question`` means; ``language`` is that of the question unless it is given.

        Raises UsageError for a question that is empty or too long.
        """
        if len(question) > LONGEST:
            length = f"{len(question):,} characters"
            raise UsageError(f"the question has {length}. Ask one thing at a time, in {LONGEST} characters at most.")
        asked = " ".join(question.encode(errors="replace").decode().replace(MARK, " ").split())
        if not units(fold(asked)):
            raise UsageError("the question has no words. Ask one in English or Chinese.")
        spoken = language or ("zh" if is_chinese(asked) else "en")
        readings = self.readings(asked)
        for part in _parts(asked):
            if not readings or readings[0].score < THRESHOLD:
                inner = self.readings(part)
                readings = inner if inner and inner[0].score >= THRESHOLD else readings
        if readings and readings[0].score >= THRESHOLD:
            return Understanding(asked, spoken, readings[0], tuple(readings[1:]))
        return Understanding(asked, spoken, None, tuple(readings))

    def readings(self, asked: str) -> list[Reading]:
        """Return the readings of a question, the best first, each query with the same values once."""
        text = plain(asked)
        question = units(text)
        words = self._mentions.corrected(question)
        mentions = self._mentions.find(text, question, words, asked)
        mentions.sort(key=self._is_of_schema)  # tried last: class names are words of many questions
        best: dict[tuple[str, tuple[tuple[str, str], ...]], Reading] = {}
        for taken in _choices(mentions):
            for reading in self._fitting(words, taken, mentions):
                same = (reading.query, tuple(sorted(reading.values.items())))
                if same not in best or best[same].score < reading.score:
                    best[same] = reading
        return sorted(best.values(), key=lambda r: (-r.score, r.query, sorted(r.values.items())))

    def _fitting(
        self, words: Sequence[str], taken: Sequence[Mention], mentions: Sequence[Mention]
    ) -> Iterator[Reading]:
        """Yield the readings in which the mentions ``taken`` are the values of the slots of a phrasing."""
        text = self._text(_masked(words, taken))
        for number, values in self._nearest(text, taken):
            query = self._forms[self._form[number]][0]
            more, used = self._optional(query, values, words, taken, mentions)
            rest = [m for m in used if m not in taken]
            whole = self._text(_masked(words, taken, rest)) if rest else text
            yield self._reading(number, whole, values | more, used)

    def _reading(self, number: int, text: _Text, values: Mapping[str, str], used: Sequence[Mention]) -> Reading:
        query = self._forms[self._form[number]][0]
        slots = self._slots[query]
        total = (
            _BASE
            + self._likeness(number, text)
            + _SURETY * min((mention.strength for mention in used), default=1.0)
            + _ABOUT * any(mention.kind == "thing" for mention in used)
            + (_NEW + _NEW_CHINESE * is_chinese(text.telling)) * bool(text.new)
            + _EACH_NEW * min(text.new, _MOST_NEW)
            + _STRANGE * text.strange
            + _OPEN * any(not slots[name].classes and slots[name].type == "iri" for name in values)
        )
        return Reading(query, values, round(1 / (1 + math.exp(-total)), 3), self._phrasing(number).text)

    def _is_of_schema(self, mention: Mention) -> bool:
        """Return whether a mention can only be a class or a property."""
        numbers = [value.name for value in mention.values if value.name >= 0]
        return bool(numbers) and all(self._names.classes(self._names.things[n]) & SCHEMA for n in numbers)

    # -- comparing texts ----------------------------------------------------------------------

    def _text(self, words: Sequence[str]) -> _Text:
        singular = without_fillers(stems(words), self._index["ideas"])
        ideas = found_in(singular, self._index["ideas"])
        near: dict[int, float] = defaultdict(float)
        square = 0.0
        for feature in features(singular, ideas):
            if feature in self._features:
                own, numbers = self._posting(feature)
                square += own
                for number in numbers:
                    near[number] += own
        new = _news(singular, ideas, self._features)
        said = len(gist(singular, ideas).split())
        told = frozenset(idea for _, _, idea in ideas) - {ASKING}
        return _Text(
            telling(singular),
            gist(singular, ideas),
            math.sqrt(square) or 1.0,
            near,
            new,
            min(new / (said or 1), 1.0),
            told,
        )

    def _posting(self, feature: str) -> tuple[float, Sequence[int]]:
        """Return the square of the weight of a feature and the phrasings that have it, taken apart once."""
        if feature not in self._postings:
            weight, *numbers = self._features[feature]
            self._postings[feature] = float(weight) ** 2, [int(number) for number in numbers]
        return self._postings[feature]

    def _phrasing(self, number: int) -> _Compared:
        """Return what a phrasing is compared by, taken apart once."""
        if number not in self._compared:
            self._compared[number] = _Compared(*self._phrasings[number].split("\t"))
        return self._compared[number]

    def _nearest(self, text: _Text, taken: Sequence[Mention]) -> list[tuple[int, dict[str, str]]]:
        """Return the phrasings that are nearest to ``text``, with the values that ``taken`` give their slots."""
        values = {
            form: self._assigned(query, slots, taken)
            for form, (query, slots) in enumerate(self._forms)
            if len(slots) == len(taken)
        }
        fit = [number for number in text.near if values.get(self._form[number]) is not None]
        fit.sort(key=lambda number: (-text.near[number] / float(self._sizes[number]), number))
        return [(number, given) for number in fit[:_COMPARED] if (given := values[self._form[number]]) is not None]

    def _likeness(self, number: int, text: _Text) -> float:
        """Return how much a phrasing, and its query as a whole, being near to a text adds to a score."""
        query, phrasing = self._forms[self._form[number]][0], self._phrasing(number)
        cosine = text.near.get(number, 0.0) / text.size / float(self._sizes[number])
        first, count, size = self._index["centres"][query]
        whole = sum(text.near.get(other, 0.0) for other in range(first, first + count))
        central = whole / count / size / text.size
        letters = ratio(text.telling, phrasing.telling)
        letters += ratio(" ".join(sorted(text.telling.split())), " ".join(sorted(phrasing.telling.split())))
        ours, theirs = text.gist.split(), phrasing.gist.split()
        same = _GIST * ratio(ours, theirs) + _SORTED * ratio(sorted(ours), sorted(theirs)) if ours else 0.0
        profile: Mapping[str, float] = self._index["profiles"].get(query, {})
        core = [idea for idea, share in profile.items() if share >= _CORE]
        foreign = sum(idea not in profile for idea in text.ideas) / (len(text.ideas) or 1)
        missing = sum(idea not in text.ideas for idea in core) / (len(core) or 1)
        near: float = _COSINE * cosine + _CENTRE * central + _LETTERS * letters / 2 + same
        return near + _FOREIGN * foreign + _MISSING * missing

    # -- giving values ------------------------------------------------------------------------

    def _assigned(self, query: str, names: Sequence[str], taken: Sequence[Mention]) -> dict[str, str] | None:
        """Return a value for each slot, in the order of the question where that can be, or None."""
        slots = [self._slots[query][name] for name in names]
        for order in permutations(taken):
            values = [self._value(slot, mention) for slot, mention in zip(slots, order, strict=True)]
            given = [value for value in values if value is not None]
            if len(given) == len(values) and len(set(given)) == len(given):
                return dict(zip(names, given, strict=True))
        return None

    def _value(self, slot: Slot, mention: Mention) -> str | None:
        """Return what ``mention`` stands for as a value of ``slot``, or None."""
        if slot.type == "iri":
            for value in mention.values if mention.kind == "thing" else ():
                thing = self._names.things[value.name]
                term = self._names.terms[thing]
                classes = self._names.classes(thing)
                fits = classes & slot.classes if slot.classes else not classes & SCHEMA
                if slot.kind and value.strength < SURE:
                    continue  # "which challenges are there" does not ask for challenges that are challenges
                if fits and (not slot.among or term in slot.among):
                    return term
            return None
        literal = mention.values[0].literal
        if slot.type == "integer":
            return literal if mention.kind == "number" and literal.isdecimal() else None
        if slot.type == "decimal":
            return literal if mention.kind == "number" else None
        taken = slot.type == "string" and not slot.among and mention.kind == "text"
        return literal if taken and shape_of(literal) == slot.shape else None

    def _optional(
        self,
        query: str,
        values: Mapping[str, str],
        words: Sequence[str],
        taken: Sequence[Mention],
        mentions: Sequence[Mention],
    ) -> tuple[dict[str, str], list[Mention]]:
        """Return values for parameters that the phrasing has no slot for, and all mentions that are used then."""
        more: dict[str, str] = {}
        used = list(taken)
        # A word for an idea, such as "technique", need not be meant as the thing of that name.
        known = found_in(stems(words), self._index["ideas"])
        said = {(start, end) for start, end, _ in known}
        for slot in self._slots[query].values():
            if slot.name in values:
                continue
            if slot.words:
                value = _said(slot, stems(words), known)
                if value is not None and value != slot.default:
                    more[slot.name] = value
                continue
            if slot.type == "iri" and not slot.classes | slot.among:
                continue  # it takes anything, so that nothing in the question speaks for it
            for mention in mentions:
                value = self._value(slot, mention)
                if value is None or (mention.start, mention.end) in said:
                    continue
                if value not in values.values() and not any(mention.overlaps(m) for m in used):
                    more[slot.name] = value
                    used.append(mention)
                    break
        return more, used


def _parts(asked: str) -> list[str]:
    """Return what may be the question in a long text: from its first question word on, its last clause but for that.

    >>> _parts("I am new to all this. Could anybody tell me how biases are measured?")
    ['how biases are measured?']
    """
    if is_chinese(asked):
        clauses = [clause for clause in re.split("[，。,!！；;]", asked) if len(clause) >= _CLAUSE]
        return clauses[::-1] if len(clauses) > 1 else []
    found = re.search(_ASKED, asked, re.IGNORECASE)
    return [asked[found.start(1) :]] if found else []


def _choices(mentions: Sequence[Mention]) -> Iterator[tuple[Mention, ...]]:
    """Yield the ways to take up to three mentions that do not overlap as values, in the order of the question."""
    for count in range(_TAKEN + 1):
        for chosen in combinations(mentions[:_TRIED], count):
            if not any(a.overlaps(b) for a, b in combinations(chosen, 2)):
                yield tuple(sorted(chosen))


def _masked(words: Sequence[str], taken: Iterable[Mention], removed: Sequence[Mention] = ()) -> list[str]:
    """Return the words with ``MARK`` in the place of each mention that is taken, without those removed."""
    masked = list(words)
    for mention in sorted([*taken, *removed], reverse=True):
        masked[mention.start : mention.end] = [] if mention in removed else [MARK, *mention.rest]
    return masked


def _said(slot: Slot, question: Sequence[str], ideas: Iterable[tuple[int, int, str]]) -> str | None:
    """Return the value of a parameter whose words stand in the question; a "not" before a yes makes it a no.

    The idea of the name of the parameter is as good as its words.
    """
    if slot.type == "boolean":
        for start, _, idea in ideas:
            if idea == slot.name:
                return "false" if _NOT & set(question[max(0, start - _BEFORE) : start]) else "true"
    for value, texts in slot.words.items():
        for text in texts:
            for start in range(len(question) - len(text) + 1):
                if tuple(question[start : start + len(text)]) == tuple(text):
                    before = question[max(0, start - _BEFORE) : start]
                    return "false" if slot.type == "boolean" and _NOT & set(before) else value
    return None


def _news(question: Sequence[str], ideas: Iterable[tuple[int, int, str]], known: Lines) -> int:
    """Return how many words of a question say something that no phrasing has.

    A Chinese character counts when no phrasing has it beside a neighbour, a run of such once.
    """
    said = {place for start, end, idea in ideas if f"={idea}" in known for place in range(start, end)}
    strange = [idea for _, _, idea in ideas if f"={idea}" not in known and idea != ASKING]
    left = [place for place, stem in enumerate(question) if place not in said and stem != MARK and not is_silent(stem)]
    words = [place for place in left if is_word(question[place]) and question[place] not in known]
    pairs = [f"{first} {second}" in known for first, second in pairwise(question)]
    characters = [
        place for place in left if not is_word(question[place]) and not any(pairs[max(0, place - 1) : place + 1])
    ]
    runs = [place for place in characters if place - 1 not in characters]
    return len(words) + len(runs) + len(strange)
