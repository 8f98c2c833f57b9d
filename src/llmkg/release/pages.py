"""Pages that a browser opens from disk, in each language of the pack; no script, nothing fetched.

One page is for the whole release, one for the ontology, one for each kind of thing. A kind is a
namespace: what begins with the same IRI up to the last ``/`` or ``#`` stands on one page, each thing
under its own anchor, so that a link to a thing is a page and a fragment.
Source: WCAG 2.2, https://www.w3.org/TR/WCAG22/.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.graph import LANGUAGES, KnowledgeGraph
from llmkg.release.header import Header
from llmkg.terms import RDF, RDFS, SKOS, Term, local_name

__all__ = ["Pages", "group_by_kind"]

# The colors of links, marks and the page are the browser's own, which fit each other in the light and in the dark.
_STYLE = """\
:root { color-scheme: light dark; color: CanvasText; background: Canvas; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { line-height: 1.2; } h2 { font-size: 1.25rem; line-height: 1.3; margin: 0; }
h1 span, h2 span { font-weight: normal; }
nav, footer { display: flex; flex-wrap: wrap; gap: 0 1.5rem; justify-content: space-between; }
section { border-top: 1px solid; padding: 1rem 0 .5rem .75rem; border-left: .25rem solid transparent; }
section:target { border-left-color: LinkText; }
.iri { margin: 0; font-size: .875rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: 0 1rem; }
dt { grid-column: 1; } dd { grid-column: 2; margin: 0; }
ul { columns: 18rem; padding-left: 1.25rem; }
.follows::before { content: "\\21D2\\A0"; }
@media (max-width: 40rem) { dl { display: block; } dt { margin-top: .5rem; } dd { margin-left: 1rem; } }
"""
_WORDS = {
    "en": {
        "language": "English",
        "kinds": "Kinds of things",
        "files": "Files",
        "count": "{number} in version {version} of {date}.",
        "follows": "What follows from the ontology, and stands in no file, has the sign ⇒.",
    },
    "zh": {
        "language": "中文",
        "kinds": "各类事物",
        "files": "文件",
        "count": "共 {number} 项；版本 {version}，{date}。",
        "follows": "由本体推出而未写入文件的内容，前有 ⇒ 标记。",
    },
}
# What the properties of the standard vocabularies that every pack uses are called.
_STANDARD = {
    RDF.type: {"en": "is a", "zh": "属于"},
    RDFS.subClassOf: {"en": "is a kind of", "zh": "上位类"},
    RDFS.subPropertyOf: {"en": "is a case of", "zh": "上位属性"},
    RDFS.domain: {"en": "is said of", "zh": "用于"},
    RDFS.range: {"en": "leads to", "zh": "指向"},
    RDFS.isDefinedBy: {"en": "is defined in", "zh": "定义于"},
    SKOS.altLabel: {"en": "is also called", "zh": "又称"},
    SKOS.scopeNote: {"en": "note", "zh": "说明"},
    SKOS.example: {"en": "example", "zh": "例"},
}
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


class _Page(NamedTuple):
    """Where a page is: its folder from the first page's, its name without ending, its language."""

    folder: str
    stem: str
    lang: str

    @property
    def name(self) -> str:
        """The name of the file; the page of the first language has the plain name."""
        return f"{self.stem}.html" if self.lang == LANGUAGES[0] else f"{self.stem}.{self.lang}.html"


class Pages:
    """Writes the pages of one release, each term linked to its own anchor."""

    def __init__(
        self, kg: KnowledgeGraph, header: Header, kinds: Mapping[str, Sequence[Triple]], asserted: set[Triple]
    ) -> None:
        """Take the triples by kind; what is not ``asserted`` is shown as what follows."""
        self._kg = kg
        self._header = header
        self._kinds = kinds
        self._asserted = asserted
        self._homes = {t.subject: kind for kind, triples in kinds.items() for t in triples}
        self._titles = header.texts(*(p for p, _ in header.facts if p.value.endswith(("/title", "#label"))))
        self._links: dict[tuple[Term, str], str] = {}
        self.languages = [lang for lang in LANGUAGES if lang == LANGUAGES[0] or lang in self._titles]

    def kind_pages(self) -> Iterable[tuple[str, str]]:
        """Yield the name and the text of each page of a kind."""
        for kind, triples in self._kinds.items():
            facts: dict[str, list[Triple]] = defaultdict(list)
            for triple in triples:
                facts[triple.subject.value].append(triple)  # type: ignore[union-attr]
            for lang in self.languages:
                page = _Page("things/", kind, lang)
                words = _WORDS[lang]
                count = words["count"].format(number=len(facts), version=self._header.version, date=self._header.date)
                body = [
                    f"<h1>{escape(self._kind_label(kind, lang))}</h1>",
                    f"<p>{escape(count)}<br>{words['follows']}</p>",
                ]
                body += (self._section(NamedNode(iri), facts[iri], lang) for iri in sorted(facts))
                yield page.folder + page.name, self._whole(page, self._kind_label(kind, lang), body)

    def index_pages(self, files: Iterable[str]) -> Iterable[tuple[str, str]]:
        """Yield the name and the text of the first page in each language: what this is, its kinds, its files."""
        notes = self._header.texts(*(p for p, _ in self._header.facts if p.value.endswith("/description")))
        folders = {
            folder: list(names) for folder, names in groupby(sorted(files, key=_place), key=lambda n: _place(n)[0])
        }
        for lang in self.languages:
            page = _Page("", "index", lang)
            title = self._titles.get(lang) or next(iter(self._titles.values()), self._header.name)
            body = [f"<h1>{escape(title)}</h1>"]
            body += [f"<p{_lang(tag)}>{escape(text)}</p>" for tag, text in notes.items() if tag in (lang, "")]
            body.append(f"<p>{escape(self._header.version)}, {escape(self._header.date)}</p>")
            kinds = {f"things/{_Page('', kind, lang).name}": self._kind_label(kind, lang) for kind in self._kinds}
            body.append(f"<h2>{_WORDS[lang]['kinds']}</h2>{_list(kinds)}<h2>{_WORDS[lang]['files']}</h2>")
            for folder, names in folders.items():
                body.append(f"<h3>{escape(folder)}/</h3>" if folder else "")
                body.append(_list({name: PurePosixPath(name).name for name in names}))
            yield page.name, self._whole(page, title, body)

    def _kind_label(self, kind: str, lang: str) -> str:
        """Return what the things of a kind are called: by a class that files give all of them, else by the kind."""
        types = Counter(t.object for t in self._kinds[kind] if t.predicate == RDF.type and t in self._asserted)
        number = len({t.subject for t in self._kinds[kind]})
        shared = [c for c, count in types.items() if count == number and isinstance(c, NamedNode)]
        named = [c for c in shared if local_name(c.value).lower() == kind.lower()] or sorted(shared, key=str)
        return self._kg.label(named[0], lang) if named else kind

    def _section(self, thing: NamedNode, facts: Sequence[Triple], lang: str) -> str:
        slug = thing.value[len(_namespace(thing.value)) :]
        lines = [f'<section id="{escape(slug)}"><h2>{self._heading(thing, lang)}</h2>']
        lines.append(f'<p class="iri">{escape(thing.value)}</p>')
        texts = [t.object for t in facts if t.predicate == SKOS.definition and isinstance(t.object, Literal)]
        texts.sort(key=lambda text: (text.language != lang, str(text)))
        lines += (f"<p{_lang(text.language, lang)}>{escape(text.value)}</p>" for text in texts)
        shown = [t for t in facts if t.predicate not in _SHOWN_ABOVE and isinstance(t.object, NamedNode | Literal)]
        shown.sort(key=lambda t: (t.predicate.value, t not in self._asserted, str(t.object)))
        rows = []
        for predicate, group in groupby(shown, key=lambda t: t.predicate):
            rows.append(f"<dt>{self._cell(predicate, lang)}</dt>")
            for triple in group:
                style = "" if triple in self._asserted else ' class="follows"'
                rows.append(f"<dd{style}>{self._cell(triple.object, lang)}</dd>")
        return "\n".join([*lines, f"<dl>{''.join(rows)}</dl></section>" if rows else "</section>"])

    def _heading(self, thing: NamedNode, lang: str) -> str:
        """Return the label in the language of the page, then those in the others."""
        labels = {self._kg.label(thing, lang): lang}
        for other in self.languages:
            labels.setdefault(self._kg.label(thing, other), other)
        first, *others = [escape(label) for label in labels]
        tags = list(labels.values())[1:]
        return " ".join(
            [first, *(f'<span lang="{tag}">{label}</span>' for label, tag in zip(others, tags, strict=True))]
        )

    def _cell(self, term: Term, lang: str) -> str:
        if isinstance(term, Literal):
            return f"<span{_lang(term.language, lang)}>{escape(term.value)}</span>"
        if (term, lang) not in self._links:
            standard = _STANDARD.get(term) if isinstance(term, NamedNode) else None
            text, home = escape(standard[lang] if standard else self._kg.label(term, lang)), self._homes.get(term)
            if home is not None and isinstance(term, NamedNode):
                href = f"{quote(_Page('', home, lang).name)}#{quote(term.value[len(_namespace(term.value)) :])}"
                text = f'<a href="{escape(href)}">{text}</a>'
            self._links[term, lang] = text
        return self._links[term, lang]

    def _whole(self, page: _Page, title: str, body: Iterable[str]) -> str:
        """Return the whole page: what it is called, the way to the first page and to the other languages."""
        up = "../" * page.folder.count("/")
        home = f"{self._header.name} {self._header.version}"
        links = []
        if page.stem != "index":
            first = _Page("", "index", page.lang).name
            links.append(f'<a href="{up}{first}">{escape(home)}</a>')
        for lang in self.languages:
            if lang != page.lang:
                href = escape(quote(page._replace(lang=lang).name))
                links.append(f'<a href="{href}" lang="{lang}" hreflang="{lang}">{_WORDS[lang]["language"]}</a>')
        full = title if page.stem == "index" else f"{title} · {home}"
        head = (
            '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(full)}</title>\n<style>\n{_STYLE}</style>"
        )
        top = ["<header>", f"<nav>{' '.join(links)}</nav>", "</header>"] if links else []
        parts = ["<!DOCTYPE html>", f'<html lang="{page.lang}">', f"<head>\n{head}\n</head>", "<body>", *top]
        return "\n".join([*parts, "<main>", *filter(None, body), "</main>", "</body>", "</html>\n"])


def _list(links: Mapping[str, str]) -> str:
    items = (f'<li><a href="{escape(quote(href))}">{escape(text)}</a></li>' for href, text in links.items())
    return f"<ul>{''.join(items)}</ul>"


def _place(name: str) -> tuple[str, str]:
    """Return what a file is listed by: its folder, then its name."""
    folder = PurePosixPath(name).parent.as_posix()
    return ("" if folder == "." else folder), name


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _lang(language: str | None, around: str = "") -> str:
    """Return the attribute for a text in ``language`` within one in ``around``."""
    return f' lang="{escape(language)}"' if language and language != around else ""
