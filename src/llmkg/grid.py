"""Lay out an answer for people: terms become cells with labels or CURIEs, links and languages."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from llmkg.render import Cell, Grid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from llmkg.engine import Result
    from llmkg.graph import KnowledgeGraph
    from llmkg.terms import Term

__all__ = ["cell_of", "grid_of"]


def grid_of(
    kg: KnowledgeGraph, result: Result, lang: str, *, labels: bool, columns: Mapping[str, str] | None = None
) -> Grid:
    """Return the rows of ``result`` as cells: with ``labels`` things have names, else they are CURIEs.

    ``columns`` has what a column is called, where that is not the name of its variable. A column is left out when it only repeats in words the things of another column, which with
    ``labels`` are in words already.
    """
    cells: dict[Term | None, Cell] = {None: Cell("")}
    for row in result:
        for term in row:
            if term is not None and term not in cells:
                cells[term] = cell_of(kg, term, lang, labels=labels)
    kept = list(range(len(result.variables)))
    if labels and result.rows:
        named = [n for n in kept if any(isinstance(row[n], NamedNode) for row in result)]
        repeated = {n for n in kept if n not in named and any(_repeats(result, cells, n, other) for other in named)}
        kept = [n for n in kept if n not in repeated]
    return Grid(
        tuple((columns or {}).get(name) or name for name in (result.variables[n] for n in kept)),
        tuple(tuple(cells[row[n]] for n in kept) for row in result),
    )


def cell_of(kg: KnowledgeGraph, term: Term, lang: str, *, labels: bool) -> Cell:
    """Return one term as a cell: a thing by its label or its CURIE, a literal by its text."""
    if isinstance(term, Literal):
        return Cell(term.value, lang=term.language or "")
    if not isinstance(term, NamedNode):
        return Cell(str(term))
    link = term.value if term.value.startswith(("https://", "http://")) else ""
    if labels:
        from llmkg.publications import author_year  # noqa: PLC0415  (not for CURIEs)

        if name := author_year(kg.engine.store, term, lang):
            return Cell(name, link)
        if label := kg.lexicon.label_literal(term, lang):
            return Cell(label.value, link, label.language or "")
    return Cell(kg.short(term), link)


def _repeats(result: Result, cells: Mapping[Term | None, Cell], column: int, named: int) -> bool:
    """Tell whether ``column`` only has, where it has anything, the words that ``named`` shows."""
    texts = [(row[column], row[named]) for row in result if row[column] is not None]
    return bool(texts) and all(isinstance(text, Literal) and cells[text] == cells[thing] for text, thing in texts)
