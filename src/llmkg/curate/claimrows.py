"""What follows for a claim from what its row says: its name, its labels, the link that it stands for.

``said`` has the values of the row by property.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from llmkg.curate.naming import slug
from llmkg.errors import UsageError
from llmkg.graph import KnowledgeGraph
from llmkg.publications import author_year
from llmkg.terms import CLAIM, RDFS, Term, local_name

__all__ = ["ClaimRows", "work_name"]

_ENDS = (CLAIM.claimSubject, CLAIM.claimProperty, CLAIM.claimSource)
_VALUES = (CLAIM.claimObject, CLAIM.claimValue)
_COLONS = {"zh": "：", "ja": "："}
Said: TypeAlias = Mapping[NamedNode, Sequence[Term]]
Names: TypeAlias = Mapping[NamedNode, Sequence[Literal]]  # labels, then alternative ones, of things


class ClaimRows:
    """The claims of some tables; ``new`` has the labels of the things that the tables bring."""

    def __init__(
        self, kg: KnowledgeGraph, languages: Sequence[str], new: Mapping[NamedNode, Sequence[Literal]]
    ) -> None:
        self._kg = kg
        self._store = kg.engine.store
        self._languages = languages
        self._new = new

    def known(self, said: Said) -> NamedNode | None:
        """Return the claim of the graph that says the same of the same thing, by the same source."""
        self._value(said)  # without a value it may be any
        wanted = [(p, v) for p in (*_ENDS, *_VALUES) for v in said.get(p, ())]
        for quad in self._store.quads_for_pattern(
            None, CLAIM.claimSubject, _first(said, CLAIM.claimSubject), DefaultGraph()
        ):
            claim = quad.subject
            if isinstance(claim, NamedNode) and all(
                Quad(claim, p, v, DefaultGraph()) in self._store for p, v in wanted
            ):
                return claim
        return None

    def name(self, said: Said) -> str:
        """Return ``<source>--<subject>--<property>--<object>``; raises UsageError when one of them is missing."""
        subject, prop, source = (_first(said, end) for end in _ENDS)
        return "--".join(map(_end, (source, subject, prop, self._value(said))))

    def labels(self, said: Said) -> list[Literal]:
        """Return a label in each language that the row gives none in: source, subject, property and object in words."""
        given = {text.language for text in said.get(RDFS.label, ()) if isinstance(text, Literal)}
        subject, prop, source = (_first(said, end) for end in _ENDS)
        found = []
        for lang in self._languages:
            if lang not in given:
                words = " ".join(self._named(term, lang) for term in (subject, prop, self._value(said, lang)))
                work = work_name(self._kg, self._new, source, lang)
                found.append(Literal(f"{work}{_COLONS.get(lang, ': ')}{words}", language=lang))
        return found

    def links(self, said: Said) -> list[Triple]:
        """Return the facts that must be stated beside the claim: none for one that doubts or that is not followed."""
        refused = any(getattr(value, "value", "") in {"false", "0"} for value in said.get(CLAIM.isPreferred, ()))
        if refused or CLAIM.supports not in said.get(CLAIM.claimStance, ()):
            return []
        subject, prop = (_first(said, end) for end in _ENDS[:2])
        assert isinstance(subject, NamedNode)
        assert isinstance(prop, NamedNode)
        return [Triple(subject, prop, value) for end in _VALUES for value in said.get(end, ())]

    def _value(self, said: Said, lang: str = "en") -> Term:
        """Return what is claimed: a thing, or of several translations the one in ``lang``."""
        values = [value for end in _VALUES for value in said.get(end, ())]
        if not values:
            raise UsageError("claims nothing. Fill in claimObject, or claimValue for a text or a number.")
        return min(values, key=lambda value: (getattr(value, "language", None) not in {None, lang}, str(value)))

    def _named(self, term: Term, lang: str) -> str:
        return _name(self._kg, self._new, term, lang)


def work_name(kg: KnowledgeGraph, new: Names, work: Term, lang: str) -> str:
    """Return how a text names a work: by authors and year where it is called so, else by its label."""
    own = new.get(work, ()) if isinstance(work, NamedNode) else ()
    short = [text.value for text in own if text.language == lang and re.search("[0-9]{4}$", text.value)]
    return next(iter(short), "") or author_year(kg.engine.store, work, lang) or _name(kg, new, work, lang)


def _name(kg: KnowledgeGraph, new: Names, term: Term, lang: str) -> str:
    own = new.get(term, ()) if isinstance(term, NamedNode) else ()
    best = min(own, key=lambda text: (text.language != lang, text.language != "en"), default=None)
    return best.value if best is not None else kg.label(term, lang)


def _first(said: Said, predicate: NamedNode) -> Term:
    if not said.get(predicate):
        raise UsageError(f"{local_name(predicate.value)}: is empty. A claim needs it.")
    return said[predicate][0]


def _end(term: Term) -> str:
    """Return the end of the IRI of a thing, or the words of a value."""
    return local_name(term.value) if isinstance(term, NamedNode) else slug(getattr(term, "value", "")) or "value"
