"""Say in words what has changed of a thing, in English or Chinese: a line for each change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from llmkg.difference.changes import Change, ThingDiff
from llmkg.difference.naming import Naming
from llmkg.outline import literal_parts
from llmkg.render import width_of
from llmkg.terms import CLAIM, DCTERMS, OWL, RDF, SH

__all__ = ["STATUS", "change_lines", "cut", "heading", "kind_title"]

STATUS = {
    "added": ("+", "added", "新增"),
    "removed": ("-", "removed", "删除"),
    "changed": ("~", "changed", "更改"),
    "renamed": (">", "renamed", "更名"),
    "retired": ("!", "retired", "弃用"),
}
_WORDS = {
    "en": {
        "new": "new {0}{1}: {2}",
        "gone": "{0}{1} gone: {2}",
        "edited": "{0}{1}: {2} → {3}",
        "is": "is now of kind {0}",
        "is not": "is no longer of kind {0}",
        "rests": "now rests on {0} ({1})",
        "rests instead": "now rests on {0}, no longer on {1} ({2})",
        "no longer rests": "no longer rests on {0} ({1})",
        "deprecated": "is now deprecated",
        "undeprecated": "is no longer deprecated",
        "replaced": "is replaced by {0}",
        "was": "was {0}",
        "facts": "{0} facts",
        "fact": "1 fact",
        "axiom": "new axiom: {0}",
        "no axiom": "axiom gone: {0}",
        "separator": ", ",
        "other": "other",
        "unnamed": "axioms without a name",
    },
    "zh": {
        "new": "新增{0}{1}：{2}",
        "gone": "删除{0}{1}：{2}",
        "edited": "{0}{1}：{2} → {3}",
        "is": "类别新增 {0}",
        "is not": "类别不再包括 {0}",
        "rests": "现依据 {0}（{1}）",
        "rests instead": "现依据 {0}，不再依据 {1}（{2}）",
        "no longer rests": "不再依据 {0}（{1}）",
        "deprecated": "已弃用",
        "undeprecated": "不再弃用",
        "replaced": "由 {0} 取代",
        "was": "原为 {0}",
        "facts": "{0} 条事实",
        "fact": "1 条事实",
        "axiom": "新增公理：{0}",
        "no axiom": "删除公理：{0}",
        "separator": "、",
        "other": "其他",
        "unnamed": "无名公理",
    },
}
# What terms of the schema are: the first that fits.
_KINDS = {
    OWL.Ontology.value: ("ontology header", "本体文件头"),
    OWL.ObjectProperty.value: ("object property", "对象属性"),
    OWL.DatatypeProperty.value: ("data property", "数据属性"),
    OWL.AnnotationProperty.value: ("annotation property", "注释属性"),
    OWL.Class.value: ("class", "类"),
    SH.NodeShape.value: ("shape", "形状"),
    SH.PropertyShape.value: ("shape", "形状"),
}
# What a claim rests on.
_GROUNDS = frozenset(
    term.value for term in (CLAIM.claimSource, CLAIM.claimSection, CLAIM.claimBasis, CLAIM.supportedBy, CLAIM.locator)
)
_LONGEST = 90  # columns of a text that is shown
_AROUND = 16  # characters shown before and after what has changed in a text


def kind_title(thing: ThingDiff, naming: Naming, lang: str) -> str:
    """Return what things of this kind are called."""
    if not thing.iri:
        return _WORDS[lang]["unnamed"]
    for kind, called in _KINDS.items():
        if kind in thing.kinds:
            return called[lang == "zh"]
    names = [naming.label(kind, lang) or naming.short(kind) for kind in thing.kinds]
    return _WORDS[lang]["separator"].join(sorted(names)) or _WORDS[lang]["other"]


def heading(thing: ThingDiff, naming: Naming, lang: str) -> str:
    """Return what a changed thing is called."""
    return naming.thing(thing.iri, lang) if thing.iri else _WORDS[lang]["unnamed"]


def change_lines(thing: ThingDiff, naming: Naming, lang: str) -> list[str]:
    """Return a line for each change; of what is new or gone, how much there is of it."""
    words = _WORDS[lang]
    if thing.status in ("added", "removed"):
        number = sum(len(change.removed) + len(change.added) for change in thing.changes)
        return [words["fact"] if number == 1 else words["facts"].format(number)]
    lines = [words["was"].format(naming.short(thing.was))] if thing.was else []
    for change in thing.changes:
        lines += _lines(thing, change, naming, lang)
    return lines


def cut(text: str, width: int = _LONGEST) -> str:
    """Return ``text`` with at most ``width`` columns."""
    if width_of(text) <= width:
        return text
    kept, size = "", 0
    for char in text:
        size += width_of(char)
        if size > width - 2:
            break
        kept += char
    return f"{kept.rstrip()} …"


def _lines(thing: ThingDiff, change: Change, naming: Naming, lang: str) -> Iterator[str]:
    words = _WORDS[lang]

    def listed(terms: Iterable[str]) -> str:
        return words["separator"].join(cut(naming.term(term, lang)) for term in terms)

    predicate = change.predicate
    if not predicate:
        yield from (words["no axiom"].format(cut(text)) for text in change.removed)
        yield from (words["axiom"].format(cut(text)) for text in change.added)
    elif predicate == RDF.type.value:
        yield from ([words["is not"].format(listed(change.removed))] if change.removed else [])
        yield from ([words["is"].format(listed(change.added))] if change.added else [])
    elif predicate == OWL.deprecated.value:
        yield words["deprecated" if any('"true"' in term or '"1"' in term for term in change.added) else "undeprecated"]
    elif predicate == DCTERMS.isReplacedBy.value and change.added:
        yield words["replaced"].format(listed(change.added))
    elif predicate in _GROUNDS and CLAIM.Claim.value in thing.kinds:
        name = naming.property(predicate, lang)
        if not change.added:
            yield words["no longer rests"].format(listed(change.removed), name)
        elif change.removed:
            yield words["rests instead"].format(listed(change.added), listed(change.removed), name)
        else:
            yield words["rests"].format(listed(change.added), name)
    else:
        yield from _by_language(change, naming, lang)


def _by_language(change: Change, naming: Naming, lang: str) -> Iterator[str]:
    """Yield lines for the values in each language apart, and for links and other values together."""
    words, name = _WORDS[lang], naming.property(change.predicate, lang)
    values: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, terms in enumerate((change.removed, change.added)):
        for term in terms:
            values[_language(term)][side].append(term)
    for tag, (removed, added) in sorted(values.items()):
        told = "" if not tag else f" ({tag})" if lang == "en" else f"（{tag}）"
        if len(removed) == len(added) == 1:
            before, after = _excerpts(naming.term(removed[0], lang), naming.term(added[0], lang))
            yield words["edited"].format(name, told, before, after)
            continue
        yield from (words["gone"].format(name, told, cut(naming.term(term, lang))) for term in removed)
        yield from (words["new"].format(name, told, cut(naming.term(term, lang))) for term in added)


def _language(term: str) -> str:
    return literal_parts(term.encode())[1].decode() if term.startswith('"') else ""


def _excerpts(old: str, new: str) -> tuple[str, str]:
    """Return both texts, of long ones what differs with a little before and after."""
    if max(width_of(old), width_of(new)) <= _LONGEST:
        return old, new
    short = min(len(old), len(new))
    start = next((place for place in range(short) if old[place] != new[place]), short)
    end = next((place for place in range(short - start) if old[-1 - place] != new[-1 - place]), short - start)

    def excerpt(text: str) -> str:
        first, last = _word_start(text, start - _AROUND), _word_end(text, len(text) - end + _AROUND)
        return f"{'… ' if first else ''}{cut(text[first:last].strip())}{' …' if last < len(text) else ''}"

    return excerpt(old), excerpt(new)


def _word_start(text: str, place: int) -> int:
    """Return where the word at ``place`` begins, where it is near: Chinese has no spaces."""
    place = max(0, place)
    space = text.rfind(" ", max(0, place - _AROUND), place)
    return space + 1 if space >= 0 else place if place > _AROUND else 0


def _word_end(text: str, place: int) -> int:
    space = text.find(" ", place, place + _AROUND)
    return space if space >= 0 else place if place + _AROUND < len(text) else len(text)
