"""What asking needs to know of a pack, as JSON values: made once, kept beside the snapshot.

The phrasings of all queries with the features they have, and the keys by which the things that a
parameter can take are found in a question.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from llmkg.ask.ideas import common, found_in, ideas, without_fillers
from llmkg.ask.lines import to_lines
from llmkg.ask.mentions import shape_of
from llmkg.ask.words import ASKING, MARK, features, gist, is_word, key, plain, stems, telling, units
from llmkg.lexicon import fold
from llmkg.names import IDENTIFIER, Names
from llmkg.savedquery import Parameter, SavedQuery
from llmkg.terms import CLAIM, OWL

__all__ = ["SCHEMA", "SLOT", "Phrasing", "Slot", "ideas_in", "index_json", "text_features"]

SLOT = re.compile(r"\{(\w+)\}")
_MOST_UNITS = 14  # of a name that is looked for as a whole
_PART_UNITS = range(2, 6)  # words of a name that may be given in part or in another order
_LEAST_KEY = 2  # characters of a name that is looked for
# Records of who says what are not what a question is about.
_RECORDS = frozenset([CLAIM.Claim.value, CLAIM.Section.value])
SCHEMA = frozenset(
    term.value for term in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.Ontology)
)


class Slot(NamedTuple):
    """A parameter as asking sees it: what it takes, and the words that stand for a value in a question.

    Things are of one of ``classes`` and, where it is not empty, ``among`` those IRIs; ``words`` has the
    texts, as singular units, of a yes or of each value that is listed in the header. ``kind`` says that
    the parameter is optional and takes terms of the schema, ``shape`` what a text looks like that it takes.
    """

    name: str
    type: str
    classes: frozenset[str]
    among: frozenset[str]
    default: str | None
    words: Mapping[str, Sequence[Sequence[str]]]
    kind: bool = False
    shape: str = ""

    @classmethod
    def of(cls, entry: Sequence[Any]) -> Slot:
        """Return the slot that JSON has kept."""
        name, value, classes, among, default, words, kind, shape = entry
        return cls(name, value, frozenset(classes), frozenset(among), default, words, kind, shape)


class Phrasing(NamedTuple):
    """One way of asking a query: its slots in order, the text, its units with ``MARK`` for each slot."""

    query: str
    slots: Sequence[str]
    text: str
    words: str


def index_json(
    queries: Iterable[SavedQuery],
    names: Names,
    takes: Callable[[SavedQuery, Parameter], tuple[Iterable[str], Iterable[str]]],
    synonyms: Iterable[Sequence[str]] = (),
) -> dict[str, Any]:
    """Return the index as JSON values.

    ``takes`` gives for a parameter the IRIs of its classes and, where only some things will do, theirs;
    ``synonyms`` are lists of words that mean the same.
    """
    queries = list(queries)
    slots = {query.name: [_slot(p, *takes(query, p)) for p in query.parameters] for query in queries}
    synonyms = list(synonyms)
    known = ideas(synonyms)
    phrasings = list(_phrasings(queries))
    keys: dict[str, list[int]] = defaultdict(list)
    parts: dict[str, list[int]] = defaultdict(list)
    words = {word for phrasing in phrasings for word in phrasing.words.split() if is_word(word)}
    groups = (*common(), *synonyms)
    words |= {unit.text for group in groups for text in group for unit in units(fold(text)) if is_word(unit.text)}
    said = "\n".join(sorted(words))
    of_schema = any(SCHEMA & slot.classes for entries in slots.values() for slot in entries)
    columns = names.only(list(_askable(names, of_schema=of_schema)))
    names = Names(columns)
    for number in range(len(names)):
        name = [unit.text for unit in units(names.folded[number])]
        if len(name) <= _MOST_UNITS and len(whole := key(name)) >= _LEAST_KEY:
            keys[whole].append(number)
        if names.rank(number) != IDENTIFIER and all(map(is_word, name)):
            if len(name) < _PART_UNITS.stop:
                words.update(name)
            if len(name) in _PART_UNITS:
                for word in {key([word]) for word in name}:
                    parts[word].append(number)
    weights, postings = _postings(phrasings, known)
    forms = {form: number for number, form in enumerate(dict.fromkeys((p.query, p.slots) for p in phrasings))}
    taken = Counter(cls for entries in slots.values() for slot in entries for cls in slot.classes)

    def asked_for(number: int) -> int:
        """Return what sorts first, of several things of one name, that of a kind which more parameters take."""
        return -max((taken[cls] for cls in names.classes(names.things[number])), default=0)

    by_key = {name: sorted(numbers, key=asked_for) for name, numbers in keys.items()}
    return {
        # As texts, of which only what a question needs is taken apart: see ``lines``.
        "phrasings": "\n".join("\t".join([p.text, *_comparable(p.words, known)]) for p in phrasings),
        "forms": [[query, slots] for query, slots in forms],
        "form": [forms[phrasing.query, phrasing.slots] for phrasing in phrasings],
        "slots": {
            query: [
                [s.name, s.type, sorted(s.classes), sorted(s.among), s.default, s.words, s.kind, s.shape]
                for s in entries
            ]
            for query, entries in slots.items()
        },
        "ideas": known,
        "sizes": " ".join(map(str, _sizes(weights, postings, len(phrasings)))),
        "features": to_lines({f: [round(weights[f], 3), *numbers] for f, numbers in postings.items()}),
        "profiles": _profiles(phrasings, known),
        "centres": _centres(phrasings, weights, postings),
        "names": {**columns, "texts": "", "language": []},  # a name is found, never shown
        "keys": to_lines(by_key),
        "parts": to_lines(parts),
        "said": said,
        "words": "\n".join(sorted(words)),
    }


def text_features(words: Sequence[str], known: Mapping[str, str]) -> dict[str, float]:
    """Return the features of a text given by its units; ``known`` are the ideas."""
    singular = without_fillers(stems(words), known)
    return features(singular, found_in(singular, known))


def _comparable(words: str, known: Mapping[str, str]) -> tuple[str, str]:
    singular = without_fillers(stems(words.split()), known)
    return telling(singular), gist(singular, found_in(singular, known))


def ideas_in(words: Sequence[str], known: Mapping[str, str]) -> set[str]:
    """Return the ideas of a text given by its units, besides that it asks."""
    return {idea for _, _, idea in found_in(without_fillers(stems(words), known), known)} - {ASKING}


def _phrasings(queries: Iterable[SavedQuery]) -> Iterator[Phrasing]:
    for query in queries:
        known = {parameter.name for parameter in query.parameters}
        needed = {parameter.name for parameter in query.parameters if parameter.required}
        for texts in query.question.values():
            for text in texts:
                slots = tuple(SLOT.findall(text))
                if set(slots) <= known and needed <= set(slots):
                    words = " ".join(unit.text for unit in units(plain(SLOT.sub(f" {MARK} ", text))))
                    yield Phrasing(query.name, slots, " ".join(text.split()), words)


def _slot(parameter: Parameter, classes: Iterable[str], among: Iterable[str]) -> Slot:
    words: dict[str, list[list[str]]] = {}
    if parameter.type == "boolean":
        words["true"] = [_stems(text) for text in {parameter.name, *parameter.title.values()}]
    elif parameter.type != "iri":
        words = {value: [_stems(value)] for value in parameter.enum}
    taken = frozenset(classes)
    kind = not parameter.required and bool(taken & SCHEMA)
    shape = shape_of(parameter.example or "") if parameter.type == "string" else ""
    return Slot(parameter.name, parameter.type, taken, frozenset(among), parameter.default, words, kind, shape)


def _stems(text: str) -> list[str]:
    return stems([unit.text for unit in units(fold(text))])


def _askable(names: Names, *, of_schema: bool) -> Iterator[int]:
    """Yield the names of what may be asked about; terms of the schema only when a parameter takes them."""
    excluded = _RECORDS if of_schema else _RECORDS | SCHEMA
    for number in range(len(names)):
        if not names.classes(names.things[number]) & excluded:
            yield number


def _postings(phrasings: list[Phrasing], known: Mapping[str, str]) -> tuple[dict[str, float], dict[str, list[int]]]:
    """Return the weight of every feature (how few queries have it counts too), and the phrasings that have it."""
    having: dict[str, list[int]] = defaultdict(list)
    own: dict[str, float] = {}
    for number, phrasing in enumerate(phrasings):
        for feature, weight in text_features(phrasing.words.split(), known).items():
            having[feature].append(number)
            own[feature] = weight
    count = len({phrasing.query for phrasing in phrasings})
    weights = {}
    for feature, numbers in having.items():
        queries = len({phrasings[number].query for number in numbers})
        weights[feature] = own[feature] * math.log((count + 1) / (queries + 0.5))
    return weights, dict(having)


def _sizes(weights: Mapping[str, float], postings: Mapping[str, list[int]], count: int) -> list[float]:
    """Return the length of the vector of each phrasing."""
    squares = [0.0] * count
    for feature, numbers in postings.items():
        for number in numbers:
            squares[number] += weights[feature] ** 2
    return [round(math.sqrt(square), 3) or 1.0 for square in squares]


def _centres(
    phrasings: Sequence[Phrasing], weights: Mapping[str, float], postings: Mapping[str, list[int]]
) -> dict[str, tuple[int, int, float]]:
    """Return for each query its first phrasing, how many it has, and the length of the mean of their vectors."""
    counts: dict[str, int] = defaultdict(int)
    first: dict[str, int] = {}
    for number, phrasing in enumerate(phrasings):
        counts[phrasing.query] += 1
        first.setdefault(phrasing.query, number)
    sums: dict[str, dict[str, float]] = {query: defaultdict(float) for query in counts}
    for feature, numbers in postings.items():
        for number in numbers:
            query = phrasings[number].query
            sums[query][feature] += weights[feature] / counts[query]
    return {
        query: (first[query], counts[query], round(math.sqrt(sum(weight**2 for weight in total.values())), 3) or 1.0)
        for query, total in sums.items()
    }


def _profiles(phrasings: Sequence[Phrasing], known: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Return for each query in which part of its phrasings each idea is."""
    counts: dict[str, int] = defaultdict(int)
    profiles: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for phrasing in phrasings:
        counts[phrasing.query] += 1
        for idea in ideas_in(phrasing.words.split(), known):
            profiles[phrasing.query][idea] += 1
    return {query: {idea: round(n / counts[query], 3) for idea, n in profiles[query].items()} for query in counts}
