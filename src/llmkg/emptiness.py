"""Say why an answer has no rows: what takes the last ones away, and what would give some.

Everything is tried on the graph itself: without a value or with another one, with a broader thing, with
what is inferred, without one condition. It ends after a set time, whatever is left to try.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode

from llmkg.errors import LlmkgError, Phrase, shown, told
from llmkg.graph import LANGUAGES, KnowledgeGraph
from llmkg.querytree import Condition, conditions, without
from llmkg.savedquery import Bound, Parameter, SavedQuery
from llmkg.scan import tokens
from llmkg.snapshot import ASSERTED
from llmkg.terms import OWL, RDF, RDFS

__all__ = ["explain_emptiness"]

_LINES = 6
_OTHERS = 20  # values of a parameter that are tried; of one with more, none is better than another


def explain_emptiness(  # noqa: PLR0913  (what was asked)
    kg: KnowledgeGraph,
    text: str,
    *,
    query: SavedQuery | None = None,
    bound: Bound | None = None,
    asserted: bool = False,
    lang: str = "en",
    seconds: float = 1.0,
) -> list[str]:
    """Return up to six lines in ``lang`` on why ``text``, which gave no rows, gives none.

    Give ``query`` and ``bound`` for a saved one. It takes ``seconds`` at most.
    """
    search = _Search(kg, text, query, dict(bound or {}), asserted=asserted, lang=lang)
    # The engine cannot be stopped; a thread can be left behind.
    worker = threading.Thread(target=search.run, daemon=True)
    worker.start()
    worker.join(seconds)
    lines = list(search.found)
    if worker.is_alive():
        stopped = Phrase("stopped after {seconds} seconds: there may be more to say.", seconds=f"{seconds:g}")
        lines = [*lines[: _LINES - 1], stopped]
    nothing = Phrase("the graph holds nothing that fits, and no single condition is to blame.")
    return [told(line, lang) for line in lines[:_LINES] or [nothing]]


class _Search:
    def __init__(  # noqa: PLR0913  (what was asked)
        self,
        kg: KnowledgeGraph,
        text: str,
        query: SavedQuery | None,
        bound: dict[str, NamedNode | Literal | tuple[NamedNode | Literal, ...]],
        *,
        asserted: bool,
        lang: str,
    ) -> None:
        self._kg = kg
        self._text = text
        self._query = query
        self._bound = bound
        self._asserted = asserted or (query is not None and query.entailment == "asserted")
        self._lang = lang
        self.found: list[Phrase] = []

    def run(self) -> None:
        for look in (self._unknown_terms, self._inference, self._values, self._broader, self._conditions):
            for line in look():
                if line not in self.found:
                    self.found.append(line)
                if len(self.found) >= _LINES:
                    return

    # -- what is tried --------------------------------------------------------------------------

    def _unknown_terms(self) -> Iterator[Phrase]:
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
                near = self._kg.lexicon.near(term)
                yield Phrase("{term} is not in the graph.{near}", term=self._kg.short(term), near=near)
        for condition in self._parts:
            yield from self._languages(condition)

    def _languages(self, condition: Condition) -> Iterator[Phrase]:
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
                    yield Phrase(
                        "{text} stands in the graph with a language: write {text}@{lang}.", text=found[1], lang=lang
                    )

    def _inference(self) -> Iterator[Phrase]:
        if self._asserted and (count := self._count(self._text, asserted=False)):
            if self._query is None or self._query.entailment != "asserted":
                yield Phrase("with what is inferred (leave out --asserted): {rows}", rows=_rows(count))
            else:
                yield Phrase("with what is inferred: {rows}", rows=_rows(count))

    def _values(self) -> Iterator[Phrase]:
        """Yield what leaving out a parameter, or giving it another value, would give."""
        if self._query is None:
            return
        for parameter in self._query.parameters:
            if parameter.name not in self._bound:
                continue
            value = self._bound[parameter.name]
            rest = {name: other for name, other in self._bound.items() if name != parameter.name}
            if not isinstance(value, tuple):
                yield from self._other_values(self._query, parameter, value)
            if count := self._count(self._query.bind(rest)):
                if parameter.required:
                    yield Phrase("with any other {name}: {rows}", name=parameter.name, rows=_rows(count))
                else:
                    given = f"{parameter.name}={self._told(value)}"
                    yield Phrase("without {value}: {rows}", value=given, rows=_rows(count))
        if self._bound.get("lang") not in (None, Literal("en")):
            count = self._count(self._query.bind({**self._bound, "lang": Literal("en")}))
            if count:
                yield Phrase("with {value}: {rows}", value="--lang en", rows=_rows(count))

    def _other_values(self, query: SavedQuery, parameter: Parameter, value: NamedNode | Literal) -> Iterator[Phrase]:
        """Yield which of a few values of a parameter would give rows."""
        others = self._kg.binder.allowed(query, parameter)
        for other in others if others is not None and len(others) <= _OTHERS else ():
            if other != value and (count := self._count(query.bind({**self._bound, parameter.name: other}))):
                given = f"{parameter.name}={self._told(other)}"
                yield Phrase("with {value}: {rows}", value=given, rows=_rows(count))

    def _broader(self) -> Iterator[Phrase]:
        """Yield what a broader thing would give, by the transitive properties of the ontology."""
        if self._query is not None:
            for name, value in self._bound.items():
                if isinstance(value, NamedNode):
                    for broader in self._above(value):
                        if count := self._count(self._query.bind({**self._bound, name: broader})):
                            given = f"{name}={self._kg.short(broader)}"
                            yield Phrase("with the broader {value}: {rows}", value=given, rows=_rows(count))
            return
        for token in tokens(self._text):
            term = self._term(token.text) if token.kind in ("iri", "name") else None
            if term is None or self._before(token.start) in ("PREFIX", "BASE", "FROM", "NAMED", "^^"):
                continue
            for broader in self._above(term):
                end = token.start + len(token.text)
                if count := self._count(f"{self._text[: token.start]}{broader}{self._text[end:]}"):
                    wide, narrow = self._kg.short(broader), self._kg.short(term)
                    text = "with {wide} in place of {narrow}: {rows}"
                    yield Phrase(text, wide=wide, narrow=narrow, rows=_rows(count))

    def _conditions(self) -> Iterator[Phrase]:
        """Yield the conditions without which there are rows; else the first that leaves none."""
        if self._query is not None and any(" row" in line for line in self.found):
            return  # whoever asks a saved query chose its values, not its conditions
        if len(self._parts) < 2:  # noqa: PLR2004  (without any condition there is one row, of nothing)
            return
        single = False
        for condition in self._parts:
            if count := self._count(without(self._text, condition)):
                single = True
                yield Phrase("without {value}: {rows}", value=self._shown(condition), rows=_rows(count))
        if single:
            return
        text = self._text
        for condition in reversed(self._parts[1:]):
            text = without(text, condition)
            if count := self._count(text):
                text = "{rows} up to {condition}, which leaves none"
                yield Phrase(text, rows=_rows(count), condition=self._shown(condition))
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
        return shown(", ".join(self._kg.label(term, self._lang) for term in terms))

    def _shown(self, condition: Condition) -> Phrase:
        line = self._text.count("\n", 0, condition.start) + 1
        text = re.sub(r"<[^<>\s]*>", lambda m: self._kg.short(NamedNode(m[0][1:-1])), condition.text(self._text))
        what = shown(text.removesuffix(".").strip())
        if "\n" not in self._text.strip():
            return Phrase("'{text}'", text=what)
        return Phrase("'{text}' in line {line}", text=what, line=line)


def _rows(count: int) -> Phrase:
    return Phrase("1 row") if count == 1 else Phrase("{count} rows", count=count)
