"""What the files of a pack say of publications: a record for each, with the file it stands in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from llmkg.curate.record import Place, Record
from llmkg.load import Document
from llmkg.terms import CLAIM, DCTERMS, RDF, RDFS, Term

__all__ = ["PROPERTIES", "Known", "known_in"]

# The property that carries each field of a record.
PROPERTIES: dict[str, NamedNode] = {
    "title": RDFS.label,
    "authors": CLAIM.authorList,
    "more_authors": CLAIM.hasMoreAuthors,
    "year": CLAIM.year,
    "venue": CLAIM.venue,
    "arxiv": CLAIM.arxivId,
    "doi": CLAIM.doi,
    "url": CLAIM.url,
}


_CITED = (CLAIM.Paper, CLAIM.Source)  # a source may be no paper, and is cited all the same


class Known(NamedTuple):
    """A publication of the graph; ``record.place`` has its file, and ``values`` all that a field is given.

    ``titles`` are those in full, where its label is a short name.
    """

    term: NamedNode
    record: Record
    values: dict[str, list[Literal]]
    titles: tuple[Literal, ...] = ()


def known_in(document: Document) -> Iterator[Known]:
    """Yield the publications that a file says something of: those it types, and no others."""
    papers = {t.subject for t in document.triples if t.predicate == RDF.type and t.object in _CITED}
    if not papers:
        return
    fields = {predicate: name for name, predicate in PROPERTIES.items()}
    facts: dict[Term, dict[str, list[Literal]]] = defaultdict(lambda: defaultdict(list))
    titles: dict[Term, list[Literal]] = defaultdict(list)
    for subject, predicate, obj in document.triples:
        if predicate in fields and subject in papers and isinstance(obj, Literal):
            facts[subject][fields[predicate]].append(obj)
        elif predicate == DCTERMS.title and isinstance(obj, Literal):
            titles[subject].append(obj)
    for paper in sorted(papers, key=str):
        if isinstance(paper, NamedNode):
            yield Known(paper, _record(document.name, facts[paper]), dict(facts[paper]), tuple(titles[paper]))


def _record(name: str, values: dict[str, list[Literal]]) -> Record:
    def text(field: str) -> str:
        return values[field][0].value if values.get(field) else ""

    titles = sorted(values.get("title", ()), key=lambda title: (title.language != "en", title.value))
    year = text("year")
    return Record(
        place=Place(name, 0),
        title=titles[0].value if titles else "",
        lang=(titles[0].language or "") if titles else "",
        authors=tuple(filter(None, (part.strip() for part in text("authors").split(";")))),
        more_authors=text("more_authors") in ("true", "1"),
        year=int(year) if year.isdecimal() else None,
        venue=text("venue"),
        arxiv=text("arxiv"),
        doi=text("doi"),
        url=text("url"),
    )
