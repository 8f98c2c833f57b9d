"""How the saved queries of a pack have changed: two sets of them in, what users must know out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from llmkg.savedquery import Column, Parameter, SavedQuery

__all__ = ["QueryChange", "QueryDiff", "changed_queries"]


class QueryChange(NamedTuple):
    """One change of a query: ``rule`` is one of ``verdict.RULES``, ``name`` the parameter or column, or empty."""

    rule: str
    name: str = ""
    old: str = ""
    new: str = ""


class QueryDiff(NamedTuple):
    """How a saved query has changed; ``status`` is ``added``, ``removed`` or ``changed``."""

    name: str
    status: str
    changes: tuple[QueryChange, ...]


def changed_queries(old: Mapping[str, SavedQuery], new: Mapping[str, SavedQuery]) -> list[QueryDiff]:
    """Return the queries that have changed, sorted by name."""
    found = []
    for name in sorted({*old, *new}):
        if name not in old:
            found.append(QueryDiff(name, "added", (QueryChange("query-added"),)))
        elif name not in new:
            found.append(QueryDiff(name, "removed", (QueryChange("query-removed"),)))
        elif changes := tuple(_changes(old[name], new[name])):
            found.append(QueryDiff(name, "changed", changes))
    return found


def _changes(old: SavedQuery, new: SavedQuery) -> Iterator[QueryChange]:
    yield from _parameters({p.name: p for p in old.parameters}, {p.name: p for p in new.parameters})
    yield from _columns({c.name: c for c in old.columns}, {c.name: c for c in new.columns})
    if old.entailment != new.entailment:
        yield QueryChange("query-entailment", "", old.entailment, new.entailment)
    if _body(old.text) != _body(new.text):
        yield QueryChange("query-text")
    texts = ("title", "question", "description", "tags")
    if any(getattr(old, text) != getattr(new, text) for text in texts) or _told(old) != _told(new):
        yield QueryChange("query-wording")


def _parameters(old: Mapping[str, Parameter], new: Mapping[str, Parameter]) -> Iterator[QueryChange]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield QueryChange("parameter-removed", name)
        elif name not in old:
            yield QueryChange("parameter-required" if new[name].required else "parameter-added", name)
        else:
            yield from _parameter(old[name], new[name])


def _parameter(old: Parameter, new: Parameter) -> Iterator[QueryChange]:
    if new.required and not old.required:
        yield QueryChange("parameter-required", new.name)
    elif old.required and not new.required:
        yield QueryChange("parameter-widened", new.name, "required", "optional")
    if old.type != new.type:
        yield QueryChange("parameter-narrowed", new.name, old.type, new.type)
    if old.list != new.list:
        rule = "parameter-narrowed" if old.list else "parameter-widened"
        yield QueryChange(rule, new.name, *(("list", "one") if old.list else ("one", "list")))
    for before, after in ((old.classes, new.classes), (old.enum, new.enum), (_one(old.enum_of), _one(new.enum_of))):
        if set(before) != set(after):
            # No values listed means that any will do.
            wider = not after or (before and set(before) < set(after))
            rule = "parameter-widened" if wider else "parameter-narrowed"
            yield QueryChange(rule, new.name, ", ".join(before) or "any", ", ".join(after) or "any")
    if old.default != new.default:
        yield QueryChange("parameter-default", new.name, old.default or "none", new.default or "none")


def _columns(old: Mapping[str, Column], new: Mapping[str, Column]) -> Iterator[QueryChange]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield QueryChange("column-removed", name)
        elif name not in old:
            yield QueryChange("column-added", name)
        elif old[name].type != new[name].type:
            yield QueryChange("column-type", name, old[name].type, new[name].type)
    if list(old) != list(new) and set(old) == set(new):
        yield QueryChange("column-order", "", ", ".join(old), ", ".join(new))


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value is not None else ()


def _body(text: str) -> list[str]:
    """Return the SPARQL text without its header and without regard to white space at the ends of lines."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#+")]


def _told(query: SavedQuery) -> list[object]:
    """Return what a query says of its parameters and columns in words."""
    return [
        *((p.name, p.title, p.description, p.example) for p in query.parameters),
        *(sorted((c.name, sorted(c.title.items()), sorted(c.description.items())) for c in query.columns)),
    ]
