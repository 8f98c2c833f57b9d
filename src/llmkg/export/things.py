"""The things of a graph for formats that are tables or drawings: names, kinds, links, values.

Terms of the model itself (classes, properties, ontologies, axioms) are left out, unless the graph
has nothing else.
"""

from __future__ import annotations

from typing import NamedTuple

from llmkg.export.selection import Selection
from llmkg.outline import Facts, Watch, grouped, is_blank, literal_parts
from llmkg.statements import sorted_lines, unescaped
from llmkg.terms import OWL, RDF, RDFS, local_name
from llmkg.turtle import TermTexts

__all__ = ["Thing", "Things", "text_of"]

_TYPE, _LABEL, _SUBCLASS = (str(term).encode() for term in (RDF.type, RDFS.label, RDFS.subClassOf))
_MODEL = tuple(f"<{namespace}".encode() for namespace in (OWL, RDFS, RDF))
_INDIVIDUAL = {str(term).encode() for term in (OWL.NamedIndividual, OWL.Thing)}


class Thing(NamedTuple):
    """One thing: its term, its classes as stated, of these the broadest (its kinds), and its facts."""

    term: bytes
    classes: tuple[bytes, ...]
    kinds: tuple[bytes, ...]
    facts: Facts


def text_of(literal: bytes) -> str:
    """Return the characters of a literal."""
    return unescaped(literal_parts(literal)[0]).decode()


class Things:
    """The things of a graph, sorted, and what terms are called."""

    def __init__(self, selection: Selection, watch: Watch = list) -> None:
        """Take the graph, and of it what is inferred: a thing is of the kinds that files give it, where they do."""
        prefixes, model = selection.prefixes, selection.model
        self._names = TermTexts(prefixes)
        self._labels: dict[bytes, dict[str, str]] = {}
        self._broader: dict[bytes, set[bytes]] = {}
        self.inferred = set(selection.inferred)
        subjects = []
        for subject, facts in grouped(sorted(model)):
            self._note(subject, facts)
        for subject, facts in grouped(watch(sorted_lines(selection.lines))):
            self._note(subject, facts)
            subjects.append((subject, facts))
        things = [
            Thing(s, classes, self._broadest(classes), f) for s, f in subjects for classes in [self._classes(s, f)]
        ]
        self.all = [thing for thing in things if not _is_model(thing)] or things

    def name(self, term: bytes) -> str:
        """Return the CURIE of a term, or its IRI, or its blank node label."""
        text = self._names[term].decode()
        return text[1:-1] if text.startswith("<") else text

    def iri(self, term: bytes) -> str:
        """Return the IRI of a term, or its blank node label."""
        return term.decode() if is_blank(term) else term[1:-1].decode()

    def label(self, term: bytes, language: str = "en") -> str:
        """Return the label in ``language``, or else in none, or an empty string."""
        found = self._labels.get(term, {})
        return found.get(language, found.get("", ""))

    @property
    def languages(self) -> list[str]:
        """The languages that labels are in."""
        return sorted({language for found in self._labels.values() for language in found if language})

    def of_kind(self, cls: bytes) -> list[Thing]:
        """Return the things of a class, those of a narrower one too."""
        return [thing for thing in self.all if any(cls in {own, *self._above(own)} for own in thing.classes)]

    def short(self, term: bytes) -> str:
        """Return the end of the IRI of a term."""
        return local_name(self.iri(term)) or self.name(term)

    def _note(self, subject: bytes, facts: Facts) -> None:
        for _, predicate, objects in facts:
            if predicate == _LABEL:
                names = self._labels.setdefault(subject, {})
                for literal in objects:
                    if literal.startswith(b'"'):
                        names.setdefault(literal_parts(literal)[1].decode(), text_of(literal))
            elif predicate == _SUBCLASS:
                self._broader.setdefault(subject, set()).update(objects)

    def _classes(self, subject: bytes, facts: Facts) -> tuple[bytes, ...]:
        types = {o for _, p, objects in facts if p == _TYPE for o in objects if o.startswith(b"<")}
        types = {t for t in types if b" ".join((subject, _TYPE, t)) not in self.inferred} or types
        return tuple(sorted((types - _INDIVIDUAL) or types))

    def _broadest(self, classes: tuple[bytes, ...]) -> tuple[bytes, ...]:
        return tuple(cls for cls in classes if self._above(cls).isdisjoint(classes))

    def _above(self, cls: bytes) -> set[bytes]:
        found: set[bytes] = set()
        todo = [cls]
        while todo:
            for broader in self._broader.get(todo.pop(), ()):
                if broader not in found and broader != cls:
                    found.add(broader)
                    todo.append(broader)
        return found


def _is_model(thing: Thing) -> bool:
    kinds = [kind for kind in thing.kinds if kind not in _INDIVIDUAL]
    return (not kinds and is_blank(thing.term)) or (bool(kinds) and all(kind.startswith(_MODEL) for kind in kinds))
