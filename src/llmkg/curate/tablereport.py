"""A plan for tables as text for a person and as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.curate.record import Place
from llmkg.curate.tableplan import Change, FactConflict, TablePlan
from llmkg.errors import shown
from llmkg.graph import KnowledgeGraph
from llmkg.terms import RDFS, Term
from llmkg.turtle import term_text

__all__ = ["tables_json", "tables_text"]

_LONGEST = 80  # characters of a value that a line shows


def tables_text(plan: TablePlan, kg: KnowledgeGraph, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each thing that would be added, fact that a thing gains, conflict and broken row."""
    for change in plan.added:
        places = ", ".join(map(str, change.places))
        yield f"added: {places}: {term_text(change.subject, prefixes)}{_label(change)} (to {change.file})\n"
    for change in plan.changed:
        for fact, place in change.gains.items():
            said = f"{term_text(fact.predicate, prefixes)} {_short(fact.object, prefixes)}"
            yield f"changed: {place}: {term_text(change.subject, prefixes)} gains {said} (in {change.file})\n"
    for conflict in plan.conflicts:
        fact = conflict.refused
        kept = f"{_short(conflict.kept, prefixes)} ({_kept_place(conflict, kg)})"
        yield (
            f"conflict: {conflict.place}: {term_text(fact.subject, prefixes)} has {term_text(fact.predicate, prefixes)} "
            f"{kept}, the row says {_short(fact.object, prefixes)}. The first stays; change it there if the row is right.\n"
        )
    for broken in plan.broken:
        yield f"broken: {broken}\n"


def tables_json(plan: TablePlan, kg: KnowledgeGraph, prefixes: Mapping[str, str]) -> dict[str, Any]:
    """Return the plan in the form that docs/importing.md describes."""
    return {
        "added": [_change_json(change, prefixes) for change in plan.added],
        "changed": [_change_json(change, prefixes) for change in plan.changed],
        "unchanged": [
            {"thing": change.subject.value, "places": list(map(str, change.places))} for change in plan.unchanged
        ],
        "conflicts": [
            {
                **_fact_json(conflict.refused, conflict.place, prefixes),
                "thing": getattr(conflict.refused.subject, "value", ""),
                "kept": term_text(conflict.kept, prefixes),
                "kept_place": _kept_place(conflict, kg),
            }
            for conflict in plan.conflicts
        ],
        "broken": [{"file": b.place.file, "line": b.place.line, "problem": b.problem} for b in plan.broken],
    }


def _change_json(change: Change, prefixes: Mapping[str, str]) -> dict[str, Any]:
    facts = [_fact_json(fact, place, prefixes) for fact, place in change.gains.items()]
    return {"thing": change.subject.value, "file": change.file, "facts": facts}


def _fact_json(fact: Triple, place: Place, prefixes: Mapping[str, str]) -> dict[str, str]:
    return {
        "property": term_text(fact.predicate, prefixes),
        "value": term_text(fact.object, prefixes),
        "place": str(place),
    }


def _kept_place(conflict: FactConflict, kg: KnowledgeGraph) -> str:
    """Return where the value that stays is stated: a row, or a line of the pack."""
    if conflict.kept_place is not None:
        return str(conflict.kept_place)
    fact = conflict.refused
    assert isinstance(fact.subject, NamedNode)
    stated = kg.places((fact.subject, fact.predicate, conflict.kept))
    return ", ".join(f"{place.file}:{place.line}" for place in stated) or "inferred"


def _label(change: Change) -> str:
    labels = [t.object for t in change.gains if t.predicate == RDFS.label and isinstance(t.object, Literal)]
    best = min(labels, key=lambda label: (label.language != "en", label.value), default=None)
    return "" if best is None else f' "{shown(best.value)}"'


def _short(term: Term, prefixes: Mapping[str, str]) -> str:
    text = term_text(term, prefixes)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
