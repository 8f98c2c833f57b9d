"""Lay out everything about one thing as a card: text for a terminal, Markdown, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from llmkg.publications import Publication, is_publication, publication
from llmkg.render import PLAIN, Style, printable, wrap
from llmkg.terms import OWL, RDF, RDFS, SKOS, Term

if TYPE_CHECKING:
    from llmkg.answers import Description, Link, SourcedClaim
    from llmkg.graph import KnowledgeGraph

__all__ = ["description_json", "description_markdown", "description_text"]

_HEAD = frozenset([RDF.type, RDFS.label, SKOS.altLabel, SKOS.definition])
_SHOWN = 12  # values per group before the rest is only counted
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
# What the links of a schema are called: from the thing, to it.
_CALLED = {
    (RDFS.subClassOf, True): ("superclasses", "父类"),
    (RDFS.subClassOf, False): ("subclasses", "子类"),
    (RDFS.subPropertyOf, True): ("superproperties", "父属性"),
    (RDFS.subPropertyOf, False): ("subproperties", "子属性"),
    (RDFS.domain, True): ("domain", "定义域"),
    (RDFS.domain, False): ("domain of", "是其定义域"),
    (RDFS.range, True): ("range", "值域"),
    (RDFS.range, False): ("range of", "是其值域"),
    (OWL.inverseOf, True): ("inverse", "逆属性"),
    (OWL.inverseOf, False): ("inverse of", "是其逆属性"),
    (RDF.type, False): ("instances", "实例"),
}
_WORDS = {
    "en": ("and {} more", "Claims", "inferred", "names", "{} asserted, {} inferred", "instances", "triples"),
    "zh": ("另有 {} 项", "论断", "推断所得", "名称", "断言 {}，推断 {}", "实例", "三元组"),
}


class _Item(NamedTuple):
    text: str
    asserted: bool = True


class _Group(NamedTuple):
    title: str
    items: list[_Item]


def description_text(  # noqa: PLR0913  (how it is laid out)
    kg: KnowledgeGraph,
    description: Description,
    lang: str,
    width: int,
    *,
    style: Style = PLAIN,
    whole: bool = False,
) -> str:
    """Return the card for a terminal of ``width`` columns; what is inferred carries a ``*``.

    Groups of more than twelve are cut, unless the ``whole`` is wanted.
    """
    words = _WORDS[lang]
    title, curie = kg.label(description.term, lang), kg.short(description.term)
    lines = [f"{_in(style, _BOLD, printable(title))}  {_in(style, _DIM, f'({curie})')}"]
    lines += _indented(", ".join(_kinds(kg, description, lang)), 2, width)
    lines += [line for names in _names(description, title) for line in _indented(names, 2, width)]
    if definition := _definition(description, lang):
        lines += ["", *_indented(definition, 2, width)]
    if usage := _used(description, lang):
        lines += ["", *_indented(usage, 2, width)]
    for group in _groups(kg, description, lang):
        count = f" ({len(group.items)})" if len(group.items) > 1 else ""
        lines += ["", f"  {_in(style, _BOLD, printable(group.title))}{count}"]
        shown = group.items if whole else group.items[:_SHOWN]
        for item in shown:
            lines += _indented(printable(item.text) + ("" if item.asserted else " *"), 4, width)
        if len(group.items) > len(shown):
            lines.append(f"    {words[0].format(len(group.items) - len(shown))}")
    if description.claims:
        lines += ["", f"{_in(style, _BOLD, words[1])} ({len(description.claims)})"]
        claims = description.claims if whole else description.claims[:_SHOWN]
        for claim in claims:
            head, *details = _claim_lines(kg, claim, lang)
            lines += _indented(printable(head), 2, width)
            lines += [line for detail in details for line in _indented(printable(detail), 6, width)]
        if len(description.claims) > len(claims):
            rest = words[0].format(len(description.claims) - len(claims))
            lines.append(f"  {rest}: llmkg query claims-about thing={curie}")
    if any(not link.asserted for link in (*_told(description, lang), *description.incoming)):
        lines += ["", f"* {words[2]}"]
    return "\n".join(lines) + "\n"


def description_markdown(kg: KnowledgeGraph, description: Description, lang: str, *, whole: bool = False) -> str:
    """Return the card as Markdown: a heading, the definition, a list per group, the claims."""
    from llmkg.markup import escaped  # noqa: PLC0415

    words = _WORDS[lang]
    title = kg.label(description.term, lang)
    lines = [
        f"# {escaped(title)}",
        "",
        f"`{kg.short(description.term)}`, {escaped(', '.join(_kinds(kg, description, lang)))}",
    ]
    lines += [text for names in _names(description, title) for text in ("", escaped(names))]
    lines += [
        text
        for said in (_definition(description, lang), _used(description, lang))
        if said
        for text in ("", escaped(said))
    ]
    groups = list(_groups(kg, description, lang))
    if description.claims:
        told = [_Item("; ".join(_claim_lines(kg, claim, lang))) for claim in description.claims]
        groups.append(_Group(words[1], told))
    for group in groups:
        shown = group.items if whole else group.items[:_SHOWN]
        lines += ["", f"## {escaped(group.title)} ({len(group.items)})", ""]
        lines += [f"- {escaped(item.text)}{'' if item.asserted else f' *({words[2]})*'}" for item in shown]
        if len(group.items) > len(shown):
            lines.append(f"- {words[0].format(len(group.items) - len(shown))}")
    return "\n".join(lines) + "\n"


def description_json(kg: KnowledgeGraph, description: Description, lang: str) -> dict[str, object]:
    """Return the description as JSON values: IRIs, and labels in ``lang``."""

    def facts(items: Iterable[Link]) -> list[dict[str, object]]:
        return [
            {
                "property": fact.predicate.value,
                "property_label": kg.label(fact.predicate, lang),
                "value": getattr(fact.term, "value", str(fact.term)),
                "label": None if isinstance(fact.term, Literal) else kg.label(fact.term, lang),
                "language": fact.term.language if isinstance(fact.term, Literal) else None,
                "asserted": fact.asserted,
            }
            for fact in items
        ]

    store = kg.engine.store
    linked = dict.fromkeys(link.term for link in (*description.outgoing, *description.incoming))
    works = [term for term in linked if isinstance(term, NamedNode) and is_publication(store, term)]
    return {
        "term": description.term.value,
        "curie": kg.short(description.term),
        "label": kg.label(description.term, lang),
        "definition": _definition(description, lang) or None,
        "classes": [cls.value for cls in description.classes],
        "usage": description.usage._asdict() if description.usage else None,
        "outgoing": facts(description.outgoing),
        "incoming": facts(description.incoming),
        "papers": [_work(publication(store, term)) for term in works],
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


def _work(work: Publication) -> dict[str, object]:
    return {
        "iri": work.term.value,
        "title": work.title,
        "year": work.year,
        "arxiv": work.arxiv or None,
        "doi": work.doi or None,
    }


def _kinds(kg: KnowledgeGraph, description: Description, lang: str) -> list[str]:
    """Return the labels of the most specific classes."""
    classes = kg.lexicon.narrowest(set(description.classes))
    own = [cls for cls in classes if cls != OWL.NamedIndividual]
    return sorted(kg.label(cls, lang) for cls in own or classes)


def _names(description: Description, title: str) -> Iterator[str]:
    """Yield the other labels, then the alternative labels, each on a line."""
    for predicate in (RDFS.label, SKOS.altLabel):
        texts = [f.term.value for f in description.outgoing if f.predicate == predicate and isinstance(f.term, Literal)]
        if others := [printable(text) for text in texts if text != title]:
            yield "; ".join(dict.fromkeys(others))


def _definition(description: Description, lang: str) -> str:
    """Return the definition in ``lang``, else in any language."""
    found = [f.term for f in description.outgoing if f.predicate == SKOS.definition and isinstance(f.term, Literal)]
    found.sort(key=lambda literal: (literal.language != lang, literal.language != "en"))
    return printable(found[0].value) if found else ""


def _used(description: Description, lang: str) -> str:
    """Return how often a class or a property is used."""
    usage = description.usage
    if usage is None:
        return ""
    words = _WORDS[lang]
    noun = words[5] if usage.what == "instances" else words[6]
    return f"{usage.asserted + usage.inferred} {noun}: {words[4].format(usage.asserted, usage.inferred)}"


def _told(description: Description, lang: str) -> list[Link]:
    """Return the links from the thing that the head of a card does not tell."""
    return [
        link
        for link in description.outgoing
        if link.predicate not in _HEAD
        and link.term != description.term
        and not isinstance(link.term, BlankNode)  # a part of an axiom, which has no name
        and (not isinstance(link.term, Literal) or link.term.language in (None, lang))
    ]


def _groups(kg: KnowledgeGraph, description: Description, lang: str) -> Iterator[_Group]:
    """Yield the links from the thing and to it, by property."""
    incoming = [
        link for link in description.incoming if isinstance(link.term, NamedNode) and link.term != description.term
    ]
    for links, outgoing in ((_told(description, lang), True), (incoming, False)):
        for predicate, group in groupby(links, key=lambda link: link.predicate):
            called = _CALLED.get((predicate, outgoing))
            name = called[lang == "zh"] if called else kg.label(predicate, lang)
            title = name if called or outgoing else f"\u2190 {name}"
            yield _Group(title, [_Item(_value(kg, link.term, lang), link.asserted) for link in group])


def _value(kg: KnowledgeGraph, term: Term, lang: str) -> str:
    """Return what a link leads to: a publication as one cites it, a thing by its name and CURIE."""
    if not isinstance(term, NamedNode):
        return kg.short(term)
    if is_publication(kg.engine.store, term):
        return f"{publication(kg.engine.store, term).cited(lang)} ({kg.short(term)})"
    label, curie = kg.label(term, lang), kg.short(term)
    return label if label == curie else f"{label} ({curie})"


def _claim_lines(kg: KnowledgeGraph, claim: SourcedClaim, lang: str) -> list[str]:
    """Return what is claimed, where and on what basis, then the publications that the source names for it."""
    places = ", ".join(kg.label(section, lang) for section in claim.sections)
    basis = kg.label(claim.basis, lang) if claim.basis else ""
    store = kg.engine.store
    works = [paper for paper in claim.papers if isinstance(paper, NamedNode)]
    head = f"{kg.label(claim.claim, lang)}: {places} ({basis})"
    return [head, *(publication(store, paper).cited(lang) for paper in works)]


def _in(style: Style, code: str, text: str) -> str:
    return f"{code}{text}{_RESET}" if style.colour else text


def _indented(text: str, indent: int, width: int) -> list[str]:
    return [" " * indent + line for line in wrap(text, max(20, width - indent))]
