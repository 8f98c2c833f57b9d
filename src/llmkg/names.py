"""All names of a graph in columns: what searching and asking look through.

``collect`` reads them from a store once; they are kept beside the snapshot as a few long texts,
which JSON reads at the speed of copying. The names of a retired term are those of what replaced it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from llmkg.lexicon import fold, is_retired, successors
from llmkg.terms import RDF, RDFS, SKOS, curie, local_name

__all__ = ["ALTERNATIVE", "FORMER", "IDENTIFIER", "LABEL", "Name", "Names", "collect"]

# What a name is to its thing, best first: the label, an alternative label, the CURIE or the end of the
# IRI; or any of these of a retired term in whose place the thing is.
LABEL, ALTERNATIVE, IDENTIFIER, FORMER = range(4)


class Name(NamedTuple):
    """One name: the thing (its place in ``Names.terms``), the name as written, its language, what it is to the thing."""

    thing: int
    text: str
    language: str
    rank: int


class Names:
    """The named things of a graph, their classes and every name; ``folded`` has the names in the order of ``name``."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        """Take what ``collect`` gave."""
        self._columns = columns
        self.terms: Sequence[str] = _lines(columns["terms"])
        self.folded: Sequence[str] = _lines(columns["folded"])
        self.things: Sequence[int] = columns["things"]

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self.folded)

    def name(self, number: int) -> Name:
        """Return the name at ``number``."""
        columns = self._columns
        language = columns["languages"][columns["language"][number]]
        return Name(self.things[number], self._texts[number], language, columns["rank"][number])

    def classes(self, thing: int) -> frozenset[str]:
        """Return the IRIs of the classes of a thing, inferred ones included."""
        kind: int = self._columns["kind"][thing]
        return self._classes[kind]

    def rank(self, number: int) -> int:
        """Return what the name at ``number`` is to its thing."""
        rank: int = self._columns["rank"][number]
        return rank

    def only(self, numbers: Sequence[int]) -> dict[str, Any]:
        """Return the columns with the names at ``numbers`` alone."""
        old = self._columns
        things = sorted({self.things[number] for number in numbers})
        places = {thing: place for place, thing in enumerate(things)}
        return {
            "terms": "\n".join(self.terms[thing] for thing in things),
            "kinds": old["kinds"],
            "kind": [old["kind"][thing] for thing in things],
            "things": [places[self.things[number]] for number in numbers],
            "texts": "\n".join(self._texts[number] for number in numbers),
            "folded": "\n".join(self.folded[number] for number in numbers),
            "languages": old["languages"],
            "language": [old["language"][number] for number in numbers],
            "rank": [old["rank"][number] for number in numbers],
        }

    @cached_property
    def _texts(self) -> Sequence[str]:
        return _lines(self._columns["texts"])

    @cached_property
    def _classes(self) -> Sequence[frozenset[str]]:
        return [frozenset(_lines(kind)) for kind in self._columns["kinds"]]


def collect(store: Store, prefixes: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns of ``Names`` as JSON values: the labels of the closure in ``store``, and identifiers."""
    named: dict[str, list[tuple[str, str, int]]] = {}
    for rank, predicate in ((LABEL, RDFS.label), (ALTERNATIVE, SKOS.altLabel)):
        for term, label in _labels(store, predicate):
            named.setdefault(term, []).append((" ".join(label.value.split()), label.language or "", rank))
    _hand_on(store, named, prefixes)
    terms = sorted(named)
    classes = [_classes_of(store, term) for term in terms]
    kinds = sorted(set(classes))
    places = {kind: place for place, kind in enumerate(kinds)}
    rows = [
        (thing, *name) for thing, term in enumerate(terms) for name in _distinct(term, sorted(named[term]), prefixes)
    ]
    languages = sorted({language for _, _, language, _ in rows})
    return {
        "terms": "\n".join(terms),
        "kinds": kinds,
        "kind": [places[kind] for kind in classes],
        "things": [row[0] for row in rows],
        "texts": "\n".join(row[1] for row in rows),
        "folded": "\n".join(fold(row[1]) for row in rows),
        "languages": languages,
        "language": [languages.index(row[2]) for row in rows],
        "rank": [row[3] for row in rows],
    }


def _hand_on(store: Store, named: dict[str, list[tuple[str, str, int]]], prefixes: Mapping[str, str]) -> None:
    """Give the names of retired terms to what replaced them; those without a replacement keep theirs."""
    for term in [term for term in named if is_retired(store, NamedNode(term))]:
        if new := successors(store, NamedNode(term)):
            texts = [(text, language) for text, language, _ in named.pop(term)]
            texts += [(local_name(term), ""), (curie(term, prefixes) or term, "")]
            for successor in new:
                former = [(text, language, FORMER) for text, language in texts]
                named.setdefault(successor.value, []).extend(former)


def _distinct(
    term: str, names: Sequence[tuple[str, str, int]], prefixes: Mapping[str, str]
) -> Iterator[tuple[str, str, int]]:
    """Yield each name once, the best first, then the identifiers that say something new."""
    seen: set[str] = set()
    identifiers = [(local_name(term), "", IDENTIFIER), (curie(term, prefixes) or term, "", IDENTIFIER)]
    for text, language, rank in sorted((*names, *identifiers), key=lambda name: name[2]):
        if text and (folded := fold(text)) not in seen:
            seen.add(folded)
            yield text, language, rank


def _labels(store: Store, predicate: NamedNode) -> Iterator[tuple[str, Literal]]:
    for quad in store.quads_for_pattern(None, predicate, None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            yield quad.subject.value, quad.object


def _classes_of(store: Store, term: str) -> str:
    quads = store.quads_for_pattern(NamedNode(term), RDF.type, None, DefaultGraph())
    return "\n".join(sorted(quad.object.value for quad in quads if isinstance(quad.object, NamedNode)))


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []
