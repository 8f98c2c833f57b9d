"""Say why an answer has no rows: what takes the last ones away, and what would give some.

Everything is tried on the graph itself: without a value or with another one, with a broader thing, with
what is inferred, without one condition. It ends after a set time, whatever is left to try.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode

from llmkg.errors import LlmkgError, shown
from llmkg.graph import LANGUAGES, KnowledgeGraph
from llmkg.querytree import Condition, conditions, without
from llmkg.savedquery import Bound, SavedQuery
from llmkg.scan import tokens
from llmkg.snapshot import ASSERTED
from llmkg.terms import OWL, RDF, RDFS

__all__ = ["explain_emptiness"]

_LINES = 6
_OTHERS = 20  # values of a parameter that are tried; of one with more, none is better than another
_STOPPED = "stopped after {seconds:g} seconds: there may be more to say."


def explain_emptiness(  # noqa: PLR0913  (what was asked)
    kg: KnowledgeGraph,
    text: str,
    *,
    query: SavedQuery | None = None,
    bound: Bound | None = None,
    asserted: bool = False,
    seconds: float = 1.0,
) -> list[str]:
    """Return up to six lines on why ``text``, which gave no rows, gives none.

    Give ``query`` and ``bound`` for a saved one. It takes ``seconds`` at most.
    """
    search = _Search(kg, text, query, dict(bound or {}), asserted=asserted)
    # The engine cannot be stopped; a thread can be left behind.
    worker = threading.Thread(target=search.run, daemon=True)
    worker.start()
    worker.join(seconds)
    lines = list(search.found)
    if worker.is_alive():
        return [*lines[: _LINES - 1], _STOPPED.format(seconds=seconds)]
    return lines[:_LINES] or ["the graph holds nothing that fits, and no single condition is to blame."]


class _Search:
    def __init__(
        self,
        kg: KnowledgeGraph,
        text: str,
        query: SavedQuery | None,
        bound: dict[str, NamedNode | Literal | tuple[NamedNode | Literal, ...]],
        *,
        asserted: bool,
    ) -> None:
        self._kg = kg
        self._text = text
        self._query = query
        self._bound = bound
        self._asserted = asserted or (query is not None and query.entailment == "asserted")
        self._begun = time.monotonic()
        self.found: list[str] = []

    def run(self) -> None:
        for look in (self._unknown_terms, self._inference, self._values, self._broader, self._conditions):
            for line in look():
                if line not in self.found:
                    self.found.append(line)
                if len(self.found) >= _LINES:
                    return

    # -- what is tried --------------------------------------------------------------------------

    def _unknown_terms(self) -> Iterator[str]:
        """Yield the terms that the graph does not know, with near names."""
        store = self._kg.engine.store
        for token in tokens(self._text):
            if token.kind not in ("iri", "name") or (term := self._term(token.text)) is None:
                continue
            if self._before(token.start) in ("PREFIX", "BASE", "FROM", "NAMED", "^^"):
                continue
            used = (
                store.quads_for_pattern(term, None, None, None),
                store.quads_for_pattern(None, term, None, None),
                store.quads_for_pattern(None, None, term, None),
            )
            if not any(next(quads, None) for quads in used):
                yield f"{self._kg.short(term)} is not in the graph.{self._kg.lexicon.near(term)}"
        for condition in self._parts:
            yield from self._languages(condition)

    def _languages(self, condition: Condition) -> Iterator[str]:
        """Yield the languages in which a text without one stands in the graph."""
        if condition.kind != "triple":
            return
        found = re.search(r"""("[^"\\\n]*"|'[^'\\\n]*')(?!\s*(@|\^\^))""", condition.text(self._text))
        if found is None:
            return
        value = found[1][1:-1]
        store = self._kg.engine.store
        if next(store.quads_for_pattern(None, None, Literal(value), DefaultGraph()), None) is None:
            for lang in LANGUAGES:
                if next(store.quads_for_pattern(None, None, Literal(value, language=lang), DefaultGraph()), None):
                    yield f"{found[1]} stands in the graph with a language: write {found[1]}@{lang}."

    def _inference(self) -> Iterator[str]:
        if self._asserted and (count := self._count(self._text, asserted=False)):
            how = " (leave out --asserted)" if self._query is None or self._query.entailment != "asserted" else ""
            yield f"with what is inferred{how}: {_rows(count)}"

    def _values(self) -> Iterator[str]:
        """Yield what leaving out a parameter, or giving it another value, would give."""
        if self._query is None:
            return
        for parameter in self._query.parameters:
            if parameter.name not in self._bound:
                continue
            value = self._bound[parameter.name]
            rest = {name: other for name, other in self._bound.items() if name != parameter.name}
            others = () if isinstance(value, tuple) else self._kg.binder.allowed(self._query, parameter)
            if others is not None and len(others) <= _OTHERS:
                for other in others:
                    if other != value and (count := self._count(self._query.bind({**rest, parameter.name: other}))):
                        yield f"with {parameter.name}={self._kg.label(other)}: {_rows(count)}"
            if count := self._count(self._query.bind(rest)):
                whole = "with any other" if parameter.required else "without"
                name = parameter.name if parameter.required else f"{parameter.name}={self._told(value)}"
                yield f"{whole} {name}: {_rows(count)}"
        if self._bound.get("lang") not in (None, Literal("en")):
            count = self._count(self._query.bind({**self._bound, "lang": Literal("en")}))
            if count:
                yield f"with --lang en: {_rows(count)}"

    def _broader(self) -> Iterator[str]:
        """Yield what a broader thing would give, by the transitive properties of the ontology."""
        if self._query is not None:
            for name, value in self._bound.items():
                if isinstance(value, NamedNode):
                    for broader in self._above(value):
                        if count := self._count(self._query.bind({**self._bound, name: broader})):
                            yield f"with the broader {name}={self._kg.short(broader)}: {_rows(count)}"
            return
        for token in tokens(self._text):
            term = self._term(token.text) if token.kind in ("iri", "name") else None
            if term is None or self._before(token.start) in ("PREFIX", "BASE", "FROM", "NAMED", "^^"):
                continue
            for broader in self._above(term):
                end = token.start + len(token.text)
                if count := self._count(f"{self._text[: token.start]}{broader}{self._text[end:]}"):
                    yield f"with {self._kg.short(broader)} in place of {self._kg.short(term)}: {_rows(count)}"

    def _conditions(self) -> Iterator[str]:
        """Yield the conditions without which there are rows; else the first that leaves none."""
        if self._query is not None and any(" row" in line for line in self.found):
            return  # whoever asks a saved query chose its values, not its conditions
        if len(self._parts) < 2:  # noqa: PLR2004  (without any condition there is one row, of nothing)
            return
        single = False
        for condition in self._parts:
            if count := self._count(without(self._text, condition)):
                single = True
                yield f"without {self._shown(condition)}: {_rows(count)}"
        if single:
            return
        text = self._text
        for condition in reversed(self._parts[1:]):
            text = without(text, condition)
            if count := self._count(text):
                yield f"{_rows(count)} up to {self._shown(condition)}, which leaves none"
                return

    # -- helpers --------------------------------------------------------------------------------

    @property
    def _parts(self) -> list[Condition]:
        return conditions(self._text)

    def _count(self, text: str, *, asserted: bool | None = None) -> int:
        """Return how many rows ``text`` gives that say something; what cannot be asked gives none."""
        try:
            answer = self._kg.engine.query(text, asserted=self._asserted if asserted is None else asserted)
            return sum(1 for row in answer if any(term is not None for term in row))
        except (LlmkgError, ValueError):
            return 0

    def _above(self, term: NamedNode) -> list[NamedNode]:
        """Return what is above ``term`` along transitive properties and subclasses, the nearest first."""
        store = self._kg.engine.store
        declared = store.quads_for_pattern(None, RDF.type, OWL.TransitiveProperty, DefaultGraph())
        upwards = [RDFS.subClassOf, *(quad.subject for quad in declared if isinstance(quad.subject, NamedNode))]
        # Files state one direction, that to the broader thing; its inverse is only inferred.
        stated = [p for p in upwards if next(store.quads_for_pattern(None, p, None, ASSERTED), None) is not None]

        def above(thing: NamedNode) -> set[NamedNode]:
            quads = (quad for prop in stated for quad in store.quads_for_pattern(thing, prop, None, DefaultGraph()))
            return {quad.object for quad in quads if isinstance(quad.object, NamedNode)} - {thing}

        return sorted(above(term), key=lambda thing: (-len(above(thing)), thing.value))[:_OTHERS]

    def _term(self, text: str) -> NamedNode | None:
        try:
            return self._kg.lexicon.written(text)
        except LlmkgError:
            return None

    def _before(self, start: int) -> str:
        """Return the word before a place, or the sign of a datatype."""
        words = self._text[:start].split()
        if self._text[:start].endswith("^^"):
            return "^^"
        last = words[-1].upper() if words else ""
        before = words[-2].upper() if len(words) > 1 else ""
        return "PREFIX" if before == "PREFIX" or last == "PREFIX" else last

    def _told(self, value: NamedNode | Literal | tuple[NamedNode | Literal, ...]) -> str:
        terms = value if isinstance(value, tuple) else (value,)
        return shown(", ".join(self._kg.label(term) for term in terms))

    def _shown(self, condition: Condition) -> str:
        line = self._text.count("\n", 0, condition.start) + 1
        text = re.sub(r"<[^<>\s]*>", lambda m: self._kg.short(NamedNode(m[0][1:-1])), condition.text(self._text))
        what = shown(text.removesuffix(".").strip())
        return f"'{what}'" if "\n" not in self._text.strip() else f"'{what}' in line {line}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
