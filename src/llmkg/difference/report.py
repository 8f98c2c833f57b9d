"""Lay a difference out: as text for a terminal, as Markdown, as JSON."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from llmkg.difference.queries import QueryChange, QueryDiff
from llmkg.difference.verdict import RULES, Reason
from llmkg.difference.words import STATUS, change_lines, cut, heading, kind_title
from llmkg.markup import escaped
from llmkg.render import printable, wrap
from llmkg.terms import CLAIM, OWL, RDFS

if TYPE_CHECKING:
    from llmkg.difference.consequences import AnswerDiff
    from llmkg.difference.difference import Difference

__all__ = ["report_json", "report_markdown", "report_text"]

_THINGS, _LINES, _FACTS, _ROWS, _ABOUT = 40, 12, 4, 3, 6  # shown: of a kind, a thing, a property, an answer, a reason
_IRI = re.compile(r"<([^<>\s]*)>")
_WORDS = {
    "en": {
        "title": "{0} → {1}",
        "equal": "Nothing differs.",
        "verdict": "Verdict: {0}",
        "triples": "{0} triples removed, {1} added",
        "queries": "saved queries",
        "inferred": "inferred facts: {0} gained, {1} lost",
        "counts": "{0}: {1} gained, {2} lost",
        "contradictions": "contradictions: {0} new, {1} gone",
        "answers": "saved queries that answer otherwise: {0} of {1} questions asked",
        "left out": "{0} more questions were not asked.",
        "more": "and {0} more",
        "notes": "notes",
        "note headers": "One side is a release: what ontologies say of themselves is left out.",
        "note queries": "Not both sides are packs: saved queries, their answers and shapes are left out.",
        "note inferences": "What follows was not computed: {0}",
        "major": "major",
        "minor": "minor",
        "patch": "patch",
        "none": "none",
    },
    "zh": {
        "title": "{0} → {1}",
        "equal": "没有差异。",
        "verdict": "结论：{0}",
        "triples": "删除 {0} 条三元组，新增 {1} 条",
        "queries": "保存的查询",
        "inferred": "推断的事实：新增 {0}，失去 {1}",
        "counts": "{0}：新增 {1}，失去 {2}",
        "contradictions": "矛盾：新增 {0}，消除 {1}",
        "answers": "答案改变的查询：共问 {1} 次，{0} 次不同",
        "left out": "另有 {0} 次未问。",
        "more": "另有 {0} 项",
        "notes": "说明",
        "note headers": "其中一方是发布版：略去本体文件头。",
        "note queries": "并非双方都是知识包：略去查询、其答案与形状。",
        "note inferences": "未计算推断：{0}",
        "major": "主版本（major）",
        "minor": "次版本（minor）",
        "patch": "修订（patch）",
        "none": "无（none）",
    },
}


class _Item(NamedTuple):
    mark: str
    word: str
    head: str
    lines: list[str]


class _Section(NamedTuple):
    title: str
    items: list[_Item]


def report_text(difference: Difference, lang: str, width: int, *, whole: bool) -> str:
    """Return sections with an item for each thing: ``+`` added, ``-`` removed, ``~`` changed, ``>`` renamed, ``!`` retired."""
    words = _WORDS[lang]
    lines = wrap(words["title"].format(difference.old, difference.new), width)
    if not difference:
        return "\n".join([*lines, words["equal"]]) + "\n"
    for section in _sections(difference, lang, whole=whole):
        lines += ["", *wrap(printable(section.title), width)]
        for item in section.items:
            lines += _hanging(f"  {item.mark} " if item.mark else "  ", item.head, width)
            for line in item.lines:
                lines += _hanging("      ", line, width)
    return "\n".join(lines) + "\n"


def report_markdown(difference: Difference, lang: str, *, whole: bool) -> str:
    """Return headings with a list under each; the verdict comes first."""
    words = _WORDS[lang]
    lines = [f"## {escaped(words['title'].format(difference.old, difference.new))}"]
    if not difference:
        return "\n".join([*lines, "", words["equal"]]) + "\n"
    *others, verdict = _sections(difference, lang, whole=whole)
    for section in (verdict, *others):
        lines += ["", f"### {escaped(section.title)}", ""]
        for item in section.items:
            word = f"**{item.word}** " if item.word else ""
            lines.append(f"- {word}{escaped(item.head)}")
            lines += [f"  - {escaped(line)}" for line in item.lines]
    return "\n".join(lines) + "\n"


def report_json(difference: Difference) -> dict[str, Any]:
    """Return the difference as JSON values; docs/diff.md says what they are."""
    inferences, answers = difference.inferences, difference.answers
    return {
        "old": difference.old,
        "new": difference.new,
        "equal": not difference,
        "verdict": difference.verdict.level,
        "reasons": [reason._asdict() for reason in difference.verdict.reasons],
        "triples": {"removed": difference.triples.removed_count, "added": difference.triples.added_count},
        "renames": dict(difference.renames),
        "things": [
            {
                **thing._asdict(),
                "labels": {lang: difference.naming.label(thing.iri, lang) or None for lang in _WORDS},
                "changes": [change._asdict() for change in thing.changes],
            }
            for thing in difference.things
        ],
        "queries": None
        if difference.queries is None
        else [
            {**query._asdict(), "changes": [change._asdict() for change in query.changes]}
            for query in difference.queries
        ],
        "inferences": None
        if inferences is None
        else {
            "gained": [line.decode() for line in inferences.gained],
            "lost": [line.decode() for line in inferences.lost],
            "contradictions_gained": list(inferences.contradictions_gained),
            "contradictions_lost": list(inferences.contradictions_lost),
        },
        "answers": None
        if answers is None
        else {
            "asked": answers.asked,
            "left_out": answers.left_out,
            "changed": [{**answer._asdict(), "values": dict(answer.values)} for answer in answers.changed],
        },
        "notes": list(difference.notes),
    }


def _sections(difference: Difference, lang: str, *, whole: bool) -> Iterator[_Section]:
    """Yield what there is to tell, the verdict last."""
    words = _WORDS[lang]
    yield from _of_things(difference, lang, whole=whole)
    if difference.queries:
        items = [_of_query(query, lang) for query in difference.queries]
        yield _Section(f"{words['queries']} ({len(items)})", items)
    yield from _of_inferences(difference, lang, whole=whole)
    yield from _of_answers(difference, lang, whole=whole)
    if difference.notes:
        yield _Section(words["notes"], [_Item("", "", _note(note, lang), []) for note in difference.notes])
    reasons = [
        _Item("", words[reason.level], _of_reason(difference, reason, lang), [])
        for reason in difference.verdict.reasons
    ]
    counts = words["triples"].format(difference.triples.removed_count, difference.triples.added_count)
    title = words["verdict"].format(words[difference.verdict.level])
    yield _Section(
        title,
        [_Item("", "", counts, []), *(item._replace(head=f"{item.word}: {item.head}", word="") for item in reasons)],
    )


def _of_things(difference: Difference, lang: str, *, whole: bool) -> Iterator[_Section]:
    groups: dict[tuple[int, str], list[_Item]] = defaultdict(list)
    for thing in difference.things:
        title = kind_title(thing, difference.naming, lang)
        mark, *called = STATUS[thing.status]
        lines = _shown(
            [printable(line) for line in change_lines(thing, difference.naming, lang)], _LINES, lang, whole=whole
        )
        item = _Item(mark, called[lang == "zh"], printable(heading(thing, difference.naming, lang)), lines)
        groups[_rank(thing.kinds, thing.part, thing.iri), title].append(item)
    for (_, title), items in sorted(groups.items(), key=lambda group: group[0]):
        yield _Section(f"{title} ({len(items)})", _few(items, lang, whole=whole))


def _rank(kinds: Sequence[str], part: str, iri: str) -> int:
    """Return where things of a kind stand: the schema, other things, claims, shapes, headers, axioms without a name."""
    if not iri:
        return 5
    if part == "shapes":
        return 3
    if OWL.Ontology.value in kinds:
        return 4
    if CLAIM.Claim.value in kinds:
        return 2
    return 0 if any(kind.startswith((str(OWL), str(RDFS))) for kind in kinds) else 1


def _of_query(query: QueryDiff, lang: str) -> _Item:
    mark, *called = STATUS[query.status]
    lines = [] if query.status != "changed" else [_query_line(change, lang) for change in query.changes]
    if len(lines) == 1:
        return _Item(mark, called[lang == "zh"], f"{query.name}: {lines[0]}", [])
    return _Item(mark, called[lang == "zh"], query.name, lines)


def _query_line(change: QueryChange, lang: str) -> str:
    text = RULES[change.rule][1 + (lang == "zh")]
    name = f": {change.name}" if change.name else ""
    return f"{text}{name}" + (f": {cut(change.old)} → {cut(change.new)}" if change.old or change.new else "")


def _of_inferences(difference: Difference, lang: str, *, whole: bool) -> Iterator[_Section]:
    inferences, words = difference.inferences, _WORDS[lang]
    if inferences is None:
        return
    marked = [("+", line) for line in inferences.gained] + [("-", line) for line in inferences.lost]
    by_property: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for mark, line in marked:
        subject, predicate, obj = line.decode().split(" ", 2)
        name = difference.naming.property(predicate[1:-1], lang)
        told = f"{difference.naming.term(subject, lang)} {name} {cut(difference.naming.term(obj, lang))}"
        by_property[name].append((mark, printable(told)))
    items = []
    for name, facts in sorted(by_property.items()):
        counts = Counter(mark for mark, _ in facts)
        lines = _shown([f"{mark} {text}" for mark, text in facts], _FACTS, lang, whole=whole)
        items.append(_Item("", "", words["counts"].format(name, counts["+"], counts["-"]), lines))
    if items:
        yield _Section(words["inferred"].format(len(inferences.gained), len(inferences.lost)), items)
    gained, lost = inferences.contradictions_gained, inferences.contradictions_lost
    if gained or lost:
        clashes = [_Item("+", "+", _short(difference, text), []) for text in gained]
        clashes += [_Item("-", "-", _short(difference, text), []) for text in lost]
        yield _Section(words["contradictions"].format(len(gained), len(lost)), _few(clashes, lang, whole=whole))


def _of_answers(difference: Difference, lang: str, *, whole: bool) -> Iterator[_Section]:
    answers, words = difference.answers, _WORDS[lang]
    if answers is None or not answers.changed:
        return
    items = [_of_answer(difference, answer, lang, whole=whole) for answer in answers.changed]
    items = _few(items, lang, whole=whole)
    if answers.left_out:
        items.append(_Item("", "", words["left out"].format(answers.left_out), []))
    yield _Section(words["answers"].format(len(answers.changed), answers.asked), items)


def _of_answer(difference: Difference, answer: AnswerDiff, lang: str, *, whole: bool) -> _Item:
    values = " ".join(f"{name}={difference.naming.short(value)}" for name, value in answer.values)
    lines: list[str] = []
    for mark, rows in (("+", answer.gained), ("-", answer.lost)):
        told = [" | ".join(cut(difference.naming.term(cell, lang), 40) if cell else "" for cell in row) for row in rows]
        lines += _shown([f"{mark} {printable(text)}".rstrip(" |") for text in told], _ROWS, lang, whole=whole)
    return _Item("", "", printable(f"{answer.query} {values}".strip()), lines)


def _of_reason(difference: Difference, reason: Reason, lang: str) -> str:
    text = RULES[reason.rule][1 + (lang == "zh")]
    about = [cut(_about(difference, name), 60) for name in reason.about[:_ABOUT] if name]
    more = len(reason.about) - _ABOUT
    listed = ", ".join([*about, *([_WORDS[lang]["more"].format(more)] if more > 0 else [])])
    return f"{text} ({len(reason.about)})" + (f": {listed}" if listed else "")


def _about(difference: Difference, name: str) -> str:
    return _short(difference, name) if "<" in name else difference.naming.short(name)


def _short(difference: Difference, text: str) -> str:
    return printable(_IRI.sub(lambda match: difference.naming.short(match[1]), text))


def _note(note: str, lang: str) -> str:
    name, _, detail = note.partition(": ")
    return _WORDS[lang][f"note {name}"].format(detail)


def _few(items: list[_Item], lang: str, *, whole: bool) -> list[_Item]:
    more = len(items) - _THINGS
    return items if whole or more <= 0 else [*items[:_THINGS], _Item("", "", _WORDS[lang]["more"].format(more), [])]


def _shown(lines: list[str], most: int, lang: str, *, whole: bool) -> list[str]:
    more = len(lines) - most
    return lines if whole or more <= 0 else [*lines[:most], _WORDS[lang]["more"].format(more)]


def _hanging(start: str, text: str, width: int) -> Iterable[str]:
    first, *rest = wrap(text, max(20, width - len(start) - 2))
    return [start + first, *(" " * (len(start) + 2) + line for line in rest)]
