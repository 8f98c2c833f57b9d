"""Find the term that a person means: a CURIE, an IRI or a label in any language.

Built from the labels and classes of a closed graph. Labels are compared folded: case, width,
hyphens and spaces make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from llmkg.errors import UsageError
from llmkg.terms import RDF, RDFS, SKOS, Term, curie, local_name

__all__ = ["Hit", "Lexicon", "fold"]

# How a name was found, best first: the label, an alternative label, the end of the IRI.
_LABEL, _ALTERNATIVE, _SLUG = range(3)


@dataclass(frozen=True)
class Hit:
    """One thing found by a search: the term, the name that matched, and how well (1 is best)."""

    term: NamedNode
    name: str
    score: float


def fold(text: str) -> str:
    """Return the form in which names are compared.

    >>> fold("Retrieval-Augmentation")
    'retrieval augmentation'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\s_\-\u2010-\u2015]+", " ", folded).split())


class Lexicon:
    """The names and classes of every thing in a store."""

    def __init__(self, store: Store, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._store = store
        self._names: dict[str, dict[NamedNode, int]] = defaultdict(dict)
        self._spelled: dict[str, str] = {}
        for rank, predicate in ((_LABEL, RDFS.label), (_ALTERNATIVE, SKOS.altLabel)):
            for quad in store.quads_for_pattern(None, predicate, None):
                if isinstance(quad.subject, NamedNode):
                    self._name(quad.object.value, quad.subject, rank)
        for term in {q.subject for q in store.quads_for_pattern(None, RDFS.label, None)}:
            if isinstance(term, NamedNode):
                self._name(local_name(term.value), term, _SLUG)

    def classes(self, term: Term) -> set[NamedNode]:
        """Return the classes of ``term``, inferred ones included."""
        if not isinstance(term, NamedNode | BlankNode):
            return set()
        found = (quad.object for quad in self._store.quads_for_pattern(term, RDF.type, None))
        return {cls for cls in found if isinstance(cls, NamedNode)}

    def label(self, term: Term, language: str) -> str | None:
        """Return the label of ``term`` in ``language``, else in English, else any, else None."""
        if not isinstance(term, NamedNode | BlankNode):
            return None
        labels: dict[str, str] = {}
        for quad in self._store.quads_for_pattern(term, RDFS.label, None):
            if isinstance(quad.object, Literal):
                labels.setdefault(quad.object.language or "", quad.object.value)
        for choice in (language, "en", "", *sorted(labels)):
            if choice in labels:
                return labels[choice]
        return None

    def resolve(self, text: str, classes: Sequence[NamedNode] = ()) -> NamedNode:
        """Return the one term that ``text`` names, of one of ``classes`` when any are given.

        Raises UsageError: for an unknown name with the nearest ones, for a name that several
        things share with each of them.
        """
        text = text.strip()
        term = self._written(text)
        if term is not None:
            return self._checked(term, text, classes)
        found = {t: rank for t, rank in self._names.get(fold(text), {}).items() if self._is(t, classes)}
        best = sorted((t for t in found if found[t] == min(found.values())), key=lambda t: t.value)
        if len(best) == 1:
            return best[0]
        if best:
            listed = ", ".join(f"{self._short(t)} ({self._kind(t)})" for t in best)
            raise UsageError(f"'{text}' names several things: {listed}. Give one of these.")
        raise UsageError(self._unknown(text, classes))

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        """Return the things whose names match ``words``, best first.

        A whole name beats a name that begins with the words, that beats a name that holds them
        all; the nearest spellings come in when nothing matches.
        """
        wanted = fold(words)
        parts = wanted.split()
        best: dict[NamedNode, Hit] = {}
        for name, terms in self._names.items():
            score = _score(name, wanted, parts)
            if score:
                for term, rank in terms.items():
                    self._keep(best, Hit(term, self._spelled[name], score - rank / 100))
        if not best:
            for name in _nearest(wanted, self._names):
                for term, rank in self._names[name].items():
                    self._keep(best, Hit(term, self._spelled[name], 0.3 - rank / 100))
        return sorted(best.values(), key=lambda hit: (-hit.score, len(hit.name), hit.term.value))[:limit]

    def _name(self, text: str, term: NamedNode, rank: int) -> None:
        folded = fold(text)
        self._spelled.setdefault(folded, text)
        self._names[folded][term] = min(rank, self._names[folded].get(term, rank))

    @staticmethod
    def _keep(best: dict[NamedNode, Hit], hit: Hit) -> None:
        if hit.term not in best or best[hit.term].score < hit.score:
            best[hit.term] = hit

    def _written(self, text: str) -> NamedNode | None:
        """Return the term when ``text`` is written as an IRI or a CURIE, else None."""
        if text.startswith("<") and text.endswith(">"):
            text = text[1:-1]
        if "://" in text or text.startswith("urn:"):
            try:
                return NamedNode(text)
            except ValueError as error:
                raise UsageError(f"'{text}' is not a valid IRI. Give a CURIE, an IRI or a label.") from error
        prefix, colon, local = text.partition(":")
        if colon and prefix in self._prefixes and " " not in local:
            return NamedNode(self._prefixes[prefix] + local)
        return None

    def _checked(self, term: NamedNode, text: str, classes: Sequence[NamedNode]) -> NamedNode:
        if next(self._store.quads_for_pattern(term, None, None), None) is None:
            raise UsageError(self._unknown(text, classes))
        if not self._is(term, classes):
            wanted = self._titles(classes)
            raise UsageError(f"{text}: this is of kind {self._kind(term)}, not {wanted}. Give the name of a {wanted}.")
        return term

    def _unknown(self, text: str, classes: Sequence[NamedNode]) -> str:
        what = self._titles(classes)
        names = {name for name, terms in self._names.items() if any(self._is(t, classes) for t in terms)}
        local = fold(text.partition(":")[2] or text) if ":" in text else fold(text)
        near = _nearest(local, names)
        terms = [t for name in near for t in self._names[name] if self._is(t, classes)]
        listed = list(dict.fromkeys(f"{self.label(t, 'en')} ({self._short(t)})" for t in terms))[:3]
        hint = f" Did you mean {' or '.join(listed)}?" if listed else " Try 'llmkg search' with other words."
        return f"'{text}': no {what} of that name.{hint}"

    def _is(self, term: NamedNode, classes: Sequence[NamedNode]) -> bool:
        return not classes or any(Quad(term, RDF.type, cls) in self._store for cls in classes)

    def _titles(self, classes: Sequence[NamedNode]) -> str:
        return " or ".join(map(self._title, classes)) or "thing"

    def _kind(self, term: NamedNode) -> str:
        return " and ".join(sorted(self._title(cls) for cls in self.classes(term))) or "thing"

    def _title(self, cls: NamedNode) -> str:
        return self.label(cls, "en") or local_name(cls.value)

    def _short(self, term: NamedNode) -> str:
        return curie(term.value, self._prefixes) or term.value


def _score(name: str, wanted: str, parts: list[str]) -> float:
    if name == wanted:
        return 1.0
    if name.startswith(wanted):
        return 0.8
    if wanted in name:
        return 0.6
    return 0.5 if parts and all(part in name for part in parts) else 0.0


def _nearest(word: str, names: Iterable[str]) -> list[str]:
    import difflib  # noqa: PLC0415  (only when a name was missed)

    return difflib.get_close_matches(word, sorted(names), n=5, cutoff=0.6)
