"""Judge a difference as a version number would: major, minor or patch, and for which reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from llmkg.difference.changes import Change, ThingDiff
from llmkg.difference.queries import QueryDiff
from llmkg.terms import CLAIM, DCTERMS, OWL, RDF, RDFS, SKOS

__all__ = ["LEVELS", "RULES", "Reason", "Verdict", "judge"]

LEVELS = ("major", "minor", "patch", "none")
# Each rule with its level and what it finds; docs/diff.md has the same table with the reasons.
RULES: Mapping[str, tuple[str, str, str]] = {
    "term-removed": ("major", "term removed", "术语被删除"),
    "term-renamed": ("major", "term renamed", "术语更名"),
    "kind-changed": ("major", "no longer of its kind", "类别改变"),
    "domain-narrowed": ("major", "domain or range narrowed", "定义域或值域收窄"),
    "demand-added": ("major", "more demanded than before", "新增约束"),
    "axiom-removed": ("major", "axiom removed", "公理被删除"),
    "contradiction-added": ("major", "new contradiction", "新的矛盾"),
    "query-removed": ("major", "saved query removed", "查询被删除"),
    "parameter-removed": ("major", "parameter removed", "参数被删除"),
    "parameter-required": ("major", "parameter now required", "参数变为必填"),
    "parameter-narrowed": ("major", "parameter takes less", "参数取值收窄"),
    "column-removed": ("major", "column removed", "列被删除"),
    "column-type": ("major", "column of another type", "列的类型改变"),
    "term-added": ("minor", "term added", "新增术语"),
    "term-deprecated": ("minor", "term deprecated or retired", "术语弃用"),
    "claim-removed": ("minor", "claim removed", "论断被删除"),
    "claim-renamed": ("minor", "claim renamed", "论断更名"),
    "kind-added": ("minor", "of one more kind", "新增类别"),
    "domain-widened": ("minor", "domain or range widened", "定义域或值域放宽"),
    "demand-removed": ("minor", "less demanded than before", "约束减少"),
    "axiom-added": ("minor", "axiom added", "新增公理"),
    "fact-added": ("minor", "fact added", "新增事实"),
    "fact-removed": ("minor", "fact removed", "事实被删除"),
    "shape-changed": ("minor", "shape changed", "形状改变"),
    "query-added": ("minor", "saved query added", "新增查询"),
    "query-entailment": ("minor", "query asks another part of the graph", "查询的推理设置改变"),
    "query-answers": ("minor", "query with a new text answers otherwise", "查询改写后答案改变"),
    "parameter-added": ("minor", "optional parameter added", "新增可选参数"),
    "parameter-widened": ("minor", "parameter takes more", "参数取值放宽"),
    "parameter-default": ("minor", "default of a parameter changed", "参数默认值改变"),
    "column-added": ("minor", "column added", "新增列"),
    "column-order": ("minor", "columns in another order", "列的顺序改变"),
    "value-changed": ("patch", "value corrected", "值被更正"),
    "wording": ("patch", "label, definition or note", "标签、定义或注释"),
    "header": ("patch", "ontology header", "本体文件头"),
    "query-text": ("patch", "text of a query", "查询文本"),
    "query-wording": ("patch", "what a query says of itself", "查询说明"),
}

_LABELS = (RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, DCTERMS.title, DCTERMS.description)
_NOTES = (
    *(SKOS[name].value for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "note", "scopeNote")),
    *(SKOS[name].value for name in ("example", "editorialNote", "historyNote", "changeNote")),
)
_WORDING = frozenset([*(term.value for term in _LABELS), *_NOTES])
_DEMANDING_TYPES = frozenset(
    OWL[f"{name}Property"].value for name in ("Functional", "InverseFunctional", "Asymmetric", "Irreflexive")
)
_YIELDING_TYPES = frozenset(OWL[f"{name}Property"].value for name in ("Symmetric", "Transitive", "Reflexive"))
_DEMANDING = frozenset(
    OWL[name].value
    for name in ("disjointWith", "propertyDisjointWith", "disjointUnionOf", "differentFrom", "hasKey", "complementOf")
)
# Words of an anonymous axiom that forbid something.
_FORBIDDING = (
    "AllDisjointClasses",
    "AllDisjointProperties",
    "AllDifferent",
    "NegativePropertyAssertion",
    "maxCardinality",
    "maxQualifiedCardinality",
    "complementOf",
)
_AXIOMS = (str(OWL), str(RDFS))


class Reason(NamedTuple):
    """One rule of ``RULES`` and what it was found for: IRIs, or names of queries, sorted."""

    level: str
    rule: str
    about: tuple[str, ...]


class Verdict(NamedTuple):
    """``major``, ``minor``, ``patch`` or ``none``, and all reasons, the weightiest first."""

    level: str
    reasons: tuple[Reason, ...]


def judge(
    things: Iterable[ThingDiff],
    queries: Iterable[QueryDiff],
    above: Mapping[str, frozenset[str]],
    *,
    answering_otherwise: Iterable[str] = (),
    contradictions: Iterable[str] = (),
) -> Verdict:
    """Return the verdict; ``above`` has for each class those that it is below in the new graph.

    ``answering_otherwise`` are queries whose answers have changed, ``contradictions`` those that are new.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for thing in things:
        for rule in _rules(thing, above):
            found[rule].add(thing.iri)
    other_answers = set(answering_otherwise)
    for query in queries:
        for change in query.changes:
            found[change.rule].add(f"{query.name} {change.name}".strip())
        if query.name in other_answers and any(change.rule == "query-text" for change in query.changes):
            found["query-answers"].add(query.name)
    found["contradiction-added"].update(contradictions)
    reasons = tuple(Reason(RULES[rule][0], rule, tuple(sorted(found[rule]))) for rule in RULES if found.get(rule))
    return Verdict(min((r.level for r in reasons), key=LEVELS.index, default="none"), reasons)


def _rules(thing: ThingDiff, above: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield the rules that a changed thing falls under."""
    is_claim = CLAIM.Claim.value in thing.kinds
    if thing.part == "shapes":
        only_wording = thing.status == "changed" and all(map(_is_wording, thing.changes))
        yield "wording" if only_wording else "shape-changed"
        return
    if OWL.Ontology.value in thing.kinds:
        yield "header"
        return
    if not thing.kinds and thing.iri and thing.status in ("added", "removed"):
        yield f"fact-{thing.status}"  # of a thing of others
        return
    if thing.status == "retired":
        yield "term-deprecated"
        return
    if thing.status in ("added", "removed"):
        yield "claim-removed" if is_claim and thing.status == "removed" else f"term-{thing.status}"
        return
    if thing.status == "renamed":
        yield "claim-renamed" if is_claim else "term-renamed"
    for change in thing.changes:
        yield from _of_change(change, above)


def _of_change(change: Change, above: Mapping[str, frozenset[str]]) -> Iterator[str]:
    predicate = change.predicate
    if predicate == RDF.type.value:
        yield from _of_types(change, above)
    elif predicate == OWL.deprecated.value:
        yield "term-deprecated"
    elif _is_wording(change):
        yield "wording"
    elif predicate in (RDFS.domain.value, RDFS.range.value):
        yield "domain-widened" if _is_wider(change, above) else "domain-narrowed"
    elif not predicate or predicate.startswith(_AXIOMS):
        yield from _of_axioms(change)
    elif len(change.removed) == len(change.added) and all(t[0] == '"' for t in (*change.removed, *change.added)):
        yield "value-changed"
    else:
        yield from (["fact-removed"] if change.removed else [])
        yield from (["fact-added"] if change.added else [])


def _is_wording(change: Change) -> bool:
    return change.predicate in _WORDING or all(map(_language, (*change.removed, *change.added)))


def _of_axioms(change: Change) -> Iterator[str]:
    for terms, verb in ((change.removed, "removed"), (change.added, "added")):
        for term in terms:
            forbids = term.startswith("[") and any(word in term for word in _FORBIDDING)
            yield f"{'demand' if forbids or change.predicate in _DEMANDING else 'axiom'}-{verb}"


def _of_types(change: Change, above: Mapping[str, frozenset[str]]) -> Iterator[str]:
    removed, added = set(map(_iri, change.removed)), set(map(_iri, change.added))
    for lost in removed:
        if lost in _DEMANDING_TYPES:
            yield "demand-removed"
        elif lost in _YIELDING_TYPES:
            yield "axiom-removed"
        elif not any(lost in above.get(cls, ()) for cls in added):
            yield "kind-changed"
    for gained in added:
        if gained in _DEMANDING_TYPES:
            yield "demand-added"
        else:
            yield "axiom-added" if gained in _YIELDING_TYPES else "kind-added"


def _is_wider(change: Change, above: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether whatever fitted the old domains or ranges fits the new ones, as far as stated classes tell."""
    removed = set(map(_iri, change.removed))
    return all(any(_iri(term) in above.get(cls, ()) for cls in removed) for term in change.added)


def _language(term: str) -> bool:
    return term.startswith('"') and term[term.rfind('"') + 1 :].startswith("@")


def _iri(term: str) -> str:
    return term[1:-1] if term.startswith("<") else term
