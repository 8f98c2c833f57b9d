"""What an import of tables would do, fact by fact: things that are added or changed, facts in conflict, broken rows.

Nothing is overwritten: where the graph, or an earlier row, says something else of what has one value, both are
told and the first stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from llmkg.curate.record import Broken, Place
from llmkg.curate.tablemodel import TableModel
from llmkg.snapshot import ASSERTED
from llmkg.terms import RDF, Term

__all__ = ["Change", "FactConflict", "RowFacts", "TablePlan", "plan_facts"]


class RowFacts(NamedTuple):
    """What one row says: the thing it is about, whether it is new, its facts, and the links that a claim stands for."""

    place: Place
    subject: NamedNode
    is_new: bool
    facts: tuple[Triple, ...]
    links: tuple[Triple, ...] = ()


class FactConflict(NamedTuple):
    """A fact that is not taken, as there is another value, from the graph or, with a place, from an earlier row."""

    refused: Triple
    place: Place
    kept: Term
    kept_place: Place | None


@dataclass
class Change:
    """One thing and the facts that come to it, each with the row that says it; ``file`` is where they go."""

    subject: NamedNode
    is_new: bool
    gains: dict[Triple, Place] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    file: str = ""


@dataclass
class TablePlan:
    """The outcome; each list in the order of the rows."""

    added: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Change] = field(default_factory=list)
    conflicts: list[FactConflict] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing was broken or in conflict."""
        return not self.broken and not self.conflicts

    @property
    def changes(self) -> list[Change]:
        """What comes to the graph."""
        return [*self.added, *self.changed]


def plan_facts(rows: Iterable[RowFacts], store: Store, model: TableModel) -> TablePlan:
    """Return what the facts of ``rows`` would change in the graph in ``store``.

    A fact that follows from the graph is known and not stated again, but for the link of a claim and the class
    of a new thing.
    """
    plan = TablePlan()
    rows = list(rows)
    new = {row.subject for row in rows if row.is_new}
    things: dict[NamedNode, Change] = {}
    for row in rows:
        own = things.setdefault(row.subject, Change(row.subject, row.subject in new))
        own.places.append(row.place)
        for fact in (*row.facts, *row.links):
            assert isinstance(fact.subject, NamedNode)
            change = things.setdefault(fact.subject, Change(fact.subject, fact.subject in new))
            stated = fact in row.links or (change.is_new and fact.predicate == RDF.type)
            graph = ASSERTED if stated else DefaultGraph()
            if fact in change.gains or Quad(fact.subject, fact.predicate, fact.object, graph) in store:
                continue
            kept = next(_others(fact, row.place, change, store, model), None)
            if kept is None:
                change.gains[fact] = row.place
            else:
                plan.conflicts.append(FactConflict(fact, row.place, *kept))
    for change in things.values():
        if change.is_new:
            plan.added.append(change)
        elif change.gains:
            plan.changed.append(change)
        elif change.places:
            plan.unchanged.append(change)
    return plan


def _others(
    fact: Triple, place: Place, change: Change, store: Store, model: TableModel
) -> Iterator[tuple[Term, Place | None]]:
    """Yield the values that ``fact`` cannot stand beside: those of the graph, then those of other rows."""
    predicate, language = fact.predicate, _language(fact.object)
    alone = model.is_single(predicate)
    if not alone and not (language and model.is_single_by_language(predicate)):
        return
    for quad in store.quads_for_pattern(fact.subject, predicate, None, DefaultGraph()):
        if alone or _language(quad.object) == language:
            yield quad.object, None
    for gained, where in change.gains.items():
        if gained.predicate == predicate and where != place and (alone or _language(gained.object) == language):
            yield gained.object, where


def _language(term: Term) -> str:
    return (term.language or "") if isinstance(term, Literal) else ""
