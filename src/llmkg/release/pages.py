"""Pages that a browser opens from disk: one for the ontology, one for each kind of thing; no script, nothing fetched.

A kind is a namespace: what begins with the same IRI up to the last ``/`` or ``#`` stands on one page,
each thing under its own anchor, so that a link to a thing is a page and a fragment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.graph import LANGUAGES, KnowledgeGraph
from llmkg.release.header import Header
from llmkg.terms import RDFS, SKOS, Term

__all__ = ["Pages", "group_by_kind", "index_page"]

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
section { border-top: 1px solid #ccc; padding: .5rem 0; } section:target { background: #fffbe6; }
h2 { margin: .5rem 0 0; } .iri { color: #666; margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: .1rem 1rem .1rem 0; }
th { font-weight: 500; white-space: nowrap; } .follows { font-style: italic; }
"""
_SHOWN_ABOVE = {RDFS.label, SKOS.definition}


def group_by_kind(triples: Iterable[Triple], prefixes: Mapping[str, str], root: str) -> dict[str, list[Triple]]:
    """Return the triples about the things of the pack by their kind: the prefix whose namespace is theirs.

    Only namespaces that begin with the IRI of the pack, ``root``, are its own.
    """
    kinds = {iri: name for name, iri in sorted(prefixes.items(), reverse=True) if name and iri.startswith(root)}
    found: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            name = kinds.get(_namespace(triple.subject.value))
            if name is not None:
                found[name].append(triple)
    return dict(sorted(found.items()))


class Pages:
    """Writes the pages of the kinds, each term linked to its own anchor."""

    def __init__(self, kg: KnowledgeGraph, kinds: Mapping[str, Sequence[Triple]], asserted: set[Triple]) -> None:
        """Take the triples by kind; what is not ``asserted`` is shown as what follows."""
        self._kg = kg
        self._kinds = kinds
        self._asserted = asserted
        self._homes = {t.subject: kind for kind, triples in kinds.items() for t in triples}
        self._links: dict[Term, str] = {}

    def page(self, kind: str) -> str:
        """Return the page of one kind."""
        facts: dict[str, list[Triple]] = defaultdict(list)
        for triple in self._kinds[kind]:
            facts[triple.subject.value].append(triple)  # type: ignore[union-attr]
        sections = [self._section(NamedNode(iri), facts[iri]) for iri in sorted(facts)]
        return _page(kind, [f"<h1>{escape(kind)}</h1>", f"<p>{len(sections)}</p>", *sections])

    def _section(self, thing: NamedNode, facts: Sequence[Triple]) -> str:
        slug = thing.value[len(_namespace(thing.value)) :]
        labels = " · ".join(dict.fromkeys(self._kg.label(thing, lang) for lang in LANGUAGES))
        lines = [f'<section id="{escape(slug)}"><h2>{escape(labels)}</h2>', f'<p class="iri">{escape(thing.value)}</p>']
        definitions = [t.object for t in facts if t.predicate == SKOS.definition and isinstance(t.object, Literal)]
        lines += [f"<p{_lang(text.language)}>{escape(text.value)}</p>" for text in sorted(definitions, key=str)]
        rows = []
        for triple in sorted(facts, key=lambda t: (t.predicate.value, str(t.object))):
            if triple.predicate in _SHOWN_ABOVE or not isinstance(triple.object, NamedNode | Literal):
                continue
            style = "" if triple in self._asserted else ' class="follows"'
            rows.append(f"<tr{style}><th>{self._cell(triple.predicate)}</th><td>{self._cell(triple.object)}</td></tr>")
        return "\n".join([*lines, f"<table>{''.join(rows)}</table></section>"])

    def _cell(self, term: Term) -> str:
        if isinstance(term, Literal):
            return f"<span{_lang(term.language)}>{escape(term.value)}</span>"
        if term not in self._links:
            text, home = escape(self._kg.label(term)), self._homes.get(term)
            if home is not None and isinstance(term, NamedNode):
                slug = quote(term.value[len(_namespace(term.value)) :])
                text = f'<a href="{escape(f"{home}.html#{slug}")}">{text}</a>'
            self._links[term] = text
        return self._links[term]


def index_page(header: Header, kinds: Mapping[str, str], files: Iterable[str]) -> str:
    """Return the first page: what this is, its kinds with their addresses, its files."""
    titles = header.texts(*(p for p, _ in header.facts if p.value.endswith(("/title", "#label"))))
    notes = header.texts(*(p for p, _ in header.facts if p.value.endswith("/description")))
    body = [f"<h1{_lang(lang)}>{escape(text)}</h1>" for lang, text in titles.items()]
    body += [f"<p{_lang(lang)}>{escape(text)}</p>" for lang, text in notes.items()]
    body += [f"<p>{escape(header.version)}, {escape(header.date)}</p>"]
    listed = [("kinds", kinds), ("files", {name: quote(name) for name in files})]
    for word, links in listed:
        items = "".join(f'<li><a href="{escape(href)}">{escape(name)}</a></li>' for name, href in links.items())
        body.append(f"<h2>{word}</h2><ul>{items}</ul>")
    return _page(next(iter(titles.values()), header.name), body)


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _lang(language: str | None) -> str:
    return f' lang="{escape(language)}"' if language else ""


def _page(title: str, body: Sequence[str]) -> str:
    head = f'<meta charset="utf-8">\n<title>{escape(title)}</title>\n<style>\n{_STYLE}</style>'
    return "\n".join(
        ["<!DOCTYPE html>", '<html lang="en">', f"<head>\n{head}\n</head>", "<body>", *body, "</body>", "</html>\n"]
    )
