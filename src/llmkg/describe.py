"""Lay out the description of one thing as text or as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from llmkg.render import wrap
from llmkg.terms import RDF, RDFS, SKOS

if TYPE_CHECKING:
    from llmkg.answers import Description, Link, SourcedClaim
    from llmkg.graph import KnowledgeGraph

__all__ = ["description_json", "description_text"]

_HEAD = frozenset([RDF.type, RDFS.label, SKOS.altLabel, SKOS.definition])
_SHOWN = 12  # values per property before the rest is only counted


def description_text(kg: KnowledgeGraph, description: Description, lang: str, width: int) -> str:
    """Return the description for a terminal of ``width`` columns; inferred facts carry a ``*``."""
    term = description.term
    kinds = ", ".join(kg.label(cls, lang) for cls in description.classes)
    lines = [f"{kg.label(term, lang)}  ({kg.short(term)})", f"  {kinds}"]
    for predicate in (RDFS.label, SKOS.altLabel):
        names = [f.term.value for f in description.outgoing if f.predicate == predicate and isinstance(f.term, Literal)]
        names = [name for name in names if name != kg.label(term, lang)]
        if names:
            lines += _indented("; ".join(names), 2, width)
    for fact in description.outgoing:
        if fact.predicate == SKOS.definition and isinstance(fact.term, Literal) and fact.term.language == lang:
            lines += ["", *_indented(fact.term.value, 2, width)]
    outgoing = [fact for fact in description.outgoing if fact.predicate not in _HEAD and _in_language(fact, lang)]
    lines += _facts(kg, "Facts", outgoing, lang, width, "")
    lines += _facts(kg, "Named by", description.incoming, lang, width, "is object of ")
    if description.claims:
        lines += ["", f"Claims ({len(description.claims)})"]
        for claim in description.claims[:_SHOWN]:
            lines += _indented(_claim_line(kg, claim, lang), 2, width)
        if len(description.claims) > _SHOWN:
            lines += [f"  and {len(description.claims) - _SHOWN} more: llmkg query claims-about thing={kg.short(term)}"]
    if any(not fact.asserted for fact in (*outgoing, *description.incoming)):
        lines += ["", "* inferred"]
    return "\n".join(lines) + "\n"


def description_json(kg: KnowledgeGraph, description: Description, lang: str) -> dict[str, object]:
    """Return the description as JSON values: IRIs, and labels in ``lang``."""

    def facts(items: Iterable[Link]) -> list[dict[str, object]]:
        return [
            {
                "property": fact.predicate.value,
                "value": getattr(fact.term, "value", str(fact.term)),
                "label": None if isinstance(fact.term, Literal) else kg.label(fact.term, lang),
                "language": fact.term.language if isinstance(fact.term, Literal) else None,
                "asserted": fact.asserted,
            }
            for fact in items
        ]

    return {
        "term": description.term.value,
        "label": kg.label(description.term, lang),
        "classes": [cls.value for cls in description.classes],
        "outgoing": facts(description.outgoing),
        "incoming": facts(description.incoming),
        "claims": [
            {
                "claim": claim.claim.value,
                "subject": getattr(claim.subject, "value", None),
                "property": getattr(claim.property, "value", None),
                "value": [getattr(term, "value", str(term)) for term in claim.value],
                "source": getattr(claim.source, "value", None),
                "sections": [getattr(section, "value", None) for section in claim.sections],
                "basis": getattr(claim.basis, "value", None),
                "stance": getattr(claim.stance, "value", None),
                "papers": [getattr(paper, "value", None) for paper in claim.papers],
                "notes": {note.language or "": note.value for note in claim.notes},
            }
            for claim in description.claims
        ],
    }


def _facts(kg: KnowledgeGraph, title: str, facts: Iterable[Link], lang: str, width: int, verb: str) -> list[str]:  # noqa: PLR0913, PLR0917  (private, called twice)
    lines: list[str] = []
    for predicate, group in groupby(facts, key=lambda fact: fact.predicate):
        items = list(group)
        lines.append(f"  {verb}{kg.label(predicate, lang)}")
        for fact in items[:_SHOWN]:
            mark = "" if fact.asserted else " *"
            text = (
                kg.short(fact.term)
                if isinstance(fact.term, Literal)
                else f"{kg.label(fact.term, lang)} ({kg.short(fact.term)})"
            )
            lines += _indented(text + mark, 4, width)
        if len(items) > _SHOWN:
            lines.append(f"    and {len(items) - _SHOWN} more")
    return ["", title, *lines] if lines else []


def _claim_line(kg: KnowledgeGraph, claim: SourcedClaim, lang: str) -> str:
    places = ", ".join(kg.label(section, lang) for section in claim.sections)
    basis = kg.label(claim.basis, lang) if claim.basis else ""
    return f"{kg.label(claim.claim, lang)}: {places} ({basis})"


def _in_language(fact: Link, lang: str) -> bool:
    return not isinstance(fact.term, Literal) or fact.term.language in (None, lang)


def _indented(text: str, indent: int, width: int) -> list[str]:
    return [" " * indent + line for line in wrap(text, max(20, width - indent))]
