"""A plan as text for a person and as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llmkg.curate.known import PROPERTIES
from llmkg.curate.places import Lines
from llmkg.curate.plan import Conflict, Entry, Plan
from llmkg.errors import shown
from llmkg.terms import curie
from llmkg.turtle import TermTexts

__all__ = ["plan_json", "plan_text"]


def plan_text(plan: Plan, prefixes: Mapping[str, str], lines: Lines) -> Iterator[str]:
    """Yield a line for each thing that would change, is in conflict or is broken, in that order."""
    names = TermTexts(prefixes)
    for entry in plan.added:
        yield f"added: {_places(entry)}: {_short(entry, names)} {entry.record.title} (to {entry.file})\n"
    for entry in plan.merged:
        for gain in entry.gains:
            said = f"{_property(gain.field, prefixes)} {_value(gain.value)}"
            yield f"merged: {gain.place}: {_short(entry, names)} gains {said}\n"
    for conflict in plan.conflicts:
        yield f"conflict: {_conflict_text(conflict, prefixes, names, lines)}\n"
    for broken in plan.broken:
        yield f"broken: {broken}\n"


def _conflict_text(conflict: Conflict, prefixes: Mapping[str, str], names: TermTexts, lines: Lines) -> str:
    name = _short(conflict.entry, names)
    if conflict.field == "identity":
        other = conflict.refused
        assert isinstance(other, Entry)
        return (
            f"{conflict.place}: its identifiers are those of {name} and of {_short(other, names)}. "
            "Mend the identifiers, or make the two one."
        )
    kept = conflict.kept_place or lines.place(conflict.entry, conflict.field)
    return (
        f"{conflict.place}: {name} has {_property(conflict.field, prefixes)} {_value(conflict.kept)} ({kept}), "
        f"the file says {_value(conflict.refused)}. The first stays; change it there if the file is right."
    )


def plan_json(plan: Plan, prefixes: Mapping[str, str], lines: Lines) -> dict[str, Any]:
    """Return the plan in the form that docs/importing.md describes."""
    return {
        "added": [
            {
                "paper": entry.iri,
                "file": entry.file,
                "places": [str(place) for place in entry.places],
                "values": {
                    _property(name, prefixes): _plain(getattr(entry.record, name))
                    for name in PROPERTIES
                    if getattr(entry.record, name)
                },
            }
            for entry in plan.added
        ],
        "merged": [
            {
                "paper": entry.iri,
                "file": entry.file,
                "gains": [
                    {"property": _property(g.field, prefixes), "value": _plain(g.value), "place": str(g.place)}
                    for g in entry.gains
                ],
            }
            for entry in plan.merged
        ],
        "unchanged": [
            {"paper": entry.iri, "places": [str(place) for place in entry.places]} for entry in plan.unchanged
        ],
        "conflicts": [_conflict_json(conflict, prefixes, lines) for conflict in plan.conflicts],
        "broken": [{"file": b.place.file, "line": b.place.line, "problem": b.problem} for b in plan.broken],
    }


def _conflict_json(conflict: Conflict, prefixes: Mapping[str, str], lines: Lines) -> dict[str, Any]:
    found: dict[str, Any] = {"paper": conflict.entry.iri, "place": str(conflict.place)}
    if isinstance(conflict.refused, Entry):
        return found | {"property": None, "other": conflict.refused.iri}
    kept = conflict.kept_place or lines.place(conflict.entry, conflict.field)
    return found | {
        "property": _property(conflict.field, prefixes),
        "kept": _plain(conflict.kept),
        "kept_place": str(kept),
        "refused": _plain(conflict.refused),
    }


def _short(entry: Entry, names: TermTexts) -> str:
    return names[f"<{entry.iri}>".encode()].decode()


def _places(entry: Entry) -> str:
    return ", ".join(map(str, entry.places))


def _property(name: str, prefixes: Mapping[str, str]) -> str:
    return curie(PROPERTIES[name].value, prefixes) or PROPERTIES[name].value


def _plain(value: object) -> object:
    return "; ".join(value) if isinstance(value, tuple) else value


def _value(value: object) -> str:
    plain = _plain(value)
    return f'"{shown(plain)}"' if isinstance(plain, str) else str(plain).lower()
