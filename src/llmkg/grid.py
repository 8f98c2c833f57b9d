"""Lay out an answer for people: terms become cells with labels or CURIEs, links and languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from llmkg.errors import Phrase, told
from llmkg.render import Cell, Grid
from llmkg.savedquery import in_language
from llmkg.terms import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from llmkg.lexicon import Lexicon
    from llmkg.result import Result
    from llmkg.savedquery import Column
    from llmkg.terms import Term

    class Named(Protocol):
        """A graph whose things have names: a ``KnowledgeGraph``."""

        @property
        def lexicon(self) -> Lexicon:
            """The names of its things."""

        def short(self, term: Term) -> str:
            """Return a term as a CURIE or text."""


__all__ = ["NamedLayout", "cell_of", "grid_of"]

_TRUTH = {"true": Phrase("true"), "false": Phrase("false")}


class NamedLayout:
    """Lays out the rows of a result for a notebook, with the names of things in one language."""

    def __init__(self, kg: Named, lang: str, columns: Sequence[Column] = ()) -> None:
        """Take the graph, the language, and the columns of the saved query that was asked."""
        self._kg = kg
        self._lang = lang
        self._columns = columns

    def grid(self, result: Result) -> Grid:
        """Return the rows as cells."""
        columns = {column.name: in_language(column.title, self._lang) for column in self._columns}
        return grid_of(self._kg, result, self._lang, labels=True, columns=columns)

    def cell(self, term: Term) -> Cell:
        """Return one term as a cell."""
        return cell_of(self._kg, term, self._lang, labels=True)


def grid_of(  # noqa: PLR0913  (how an answer is laid out)
    kg: Named,
    result: Result,
    lang: str,
    *,
    labels: bool,
    columns: Mapping[str, str] | None = None,
    names: Mapping[Term, str] | None = None,
) -> Grid:
    """Return the rows of ``result`` as cells: with ``labels`` things have names, else they are CURIEs.

    ``columns`` has what a column is called, where that is not the name of its variable, and ``names`` how
    the publications of the answer are named (``publications.short_names``; found here when not given). A
    column is left out when it only repeats in words the things of another, which have names already.
    """
    cells: dict[Term | None, Cell] = {None: Cell("")}
    if labels and names is None:
        from llmkg.publications import short_names  # noqa: PLC0415  (not for CURIEs)

        names = short_names(kg.lexicon.store, (term for row in result for term in row), lang)
    for row in result:
        for term in row:
            if term is not None and term not in cells:
                cells[term] = cell_of(kg, term, lang, labels=labels, names=names)
    kept = list(range(len(result.variables)))
    if labels and result.rows:
        named = [n for n in kept if any(isinstance(row[n], NamedNode) for row in result)]
        repeated = {n for n in kept if n not in named and any(_repeats(result, cells, n, other) for other in named)}
        kept = [n for n in kept if n not in repeated]
    return Grid(
        tuple((columns or {}).get(name) or name for name in (result.variables[n] for n in kept)),
        tuple(tuple(cells[row[n]] for n in kept) for row in result),
    )


def cell_of(kg: Named, term: Term, lang: str, *, labels: bool, names: Mapping[Term, str] | None = None) -> Cell:
    """Return one term as a cell: a thing by its name in ``names``, its label or its CURIE, a literal by its text."""
    if isinstance(term, Literal):
        if labels and term.datatype == XSD.boolean and term.value in _TRUTH:
            return Cell(told(_TRUTH[term.value], lang))
        return Cell(term.value, lang=term.language or "")
    if not isinstance(term, NamedNode):
        return Cell(str(term))
    link = term.value if term.value.startswith(("https://", "http://")) else ""
    if labels:
        if names is None:
            from llmkg.publications import short_names  # noqa: PLC0415  (not for CURIEs)

            names = short_names(kg.lexicon.store, [term], lang)
        if term in names:
            return Cell(names[term], link)
        if label := kg.lexicon.label_literal(term, lang):
            return Cell(label.value, link, label.language or "")
    return Cell(kg.short(term), link)


def _repeats(result: Result, cells: Mapping[Term | None, Cell], column: int, named: int) -> bool:
    """Tell whether ``column`` only has, where it has anything, the words that ``named`` shows."""
    texts = [(row[column], row[named]) for row in result if row[column] is not None]
    return bool(texts) and all(isinstance(text, Literal) and cells[text] == cells[thing] for text, thing in texts)
