"""What a graph knows of a publication: what one needs to cite it.

Each function takes the store of a snapshot, whose default graph is the closure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store

from llmkg.terms import CLAIM, DCTERMS, RDFS, SKOS, Term, local_name

__all__ = ["Publication", "author_year", "is_publication", "publication", "publications", "short_names", "surname"]

# Where a pack may keep each thing, the claim vocabulary first.
_TITLE = (DCTERMS.title, RDFS.label)
_YEAR = (CLAIM.year, DCTERMS.issued, DCTERMS.date)
_IDENTIFYING = (CLAIM.authorList, CLAIM.arxivId, CLAIM.doi, CLAIM.venue, CLAIM.citationKey)
_OTHERS = {"en": (" et al.", "and"), "zh": (" 等", "与")}
_SHOWN = 3  # authors before the others are only said to exist


class Publication:
    """One publication; what is not known is empty or None."""

    __slots__ = ("arxiv", "authors", "doi", "more_authors", "term", "title", "url", "venue", "year")

    def __init__(  # noqa: PLR0913  (one for each thing that may be known)
        self,
        term: NamedNode,
        *,
        title: str = "",
        authors: tuple[str, ...] = (),
        more_authors: bool = False,
        year: int | None = None,
        venue: str = "",
        arxiv: str = "",
        doi: str = "",
        url: str = "",
    ) -> None:
        self.term = term
        self.title = title
        self.authors = authors
        self.more_authors = more_authors
        self.year = year
        self.venue = venue
        self.arxiv = arxiv
        self.doi = doi
        self.url = url

    @property
    def slug(self) -> str:
        """The end of its IRI."""
        return local_name(self.term.value)

    @property
    def address(self) -> str:
        """Where it can be read: by its DOI, on arXiv, or at its URL; empty when none is known."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else self.url

    def cited(self, lang: str = "en") -> str:
        """Return authors, year, title and identifiers on one line."""
        others = _OTHERS.get(lang, _OTHERS["en"])[0]
        authors = ", ".join(self.authors[:_SHOWN])
        if authors and (self.more_authors or len(self.authors) > _SHOWN):
            authors += others
        found = " ".join(filter(None, [authors, f"({self.year})" if self.year else ""]))
        names = [f"arXiv:{self.arxiv}" if self.arxiv else "", f"doi:{self.doi}" if self.doi else ""]
        identified = ", ".join(filter(None, names)) or self.url
        return ". ".join(filter(None, [found, self.title or self.slug, identified]))


def is_publication(store: Store, term: Term) -> bool:
    """Tell whether something is said of ``term`` that is said of publications only."""
    return isinstance(term, NamedNode) and any(_values(store, term, (name,)) for name in _IDENTIFYING)


def publications(store: Store, graphs: Iterable[NamedNode | DefaultGraph]) -> set[NamedNode]:
    """Return the publications of which ``graphs`` say something that is said of publications only."""
    return {
        quad.subject
        for graph in graphs
        for predicate in _IDENTIFYING
        for quad in store.quads_for_pattern(None, predicate, None, graph)
        if isinstance(quad.subject, NamedNode)
    }


def publication(store: Store, term: NamedNode) -> Publication:
    """Return what the graph knows of the publication ``term``."""
    creators = _values(store, term, (CLAIM.authorList,))
    authors = re.split(r"\s*;\s*", creators[0]) if creators else _values(store, term, (DCTERMS.creator,))
    years = re.match(r"-?[0-9]+", next(iter(_values(store, term, _YEAR)), ""))
    return Publication(
        term=term,
        title=_first(store, term, _TITLE),
        authors=tuple(filter(None, authors)),
        more_authors=_first(store, term, (CLAIM.hasMoreAuthors,)) in ("true", "1"),
        year=int(years[0]) if years else None,
        venue=_first(store, term, (CLAIM.venue,)),
        arxiv=_first(store, term, (CLAIM.arxivId,)),
        doi=_first(store, term, (CLAIM.doi,)),
        url=_first(store, term, (CLAIM.url,)),
    )


def author_year(store: Store, term: Term, lang: str = "en") -> str:
    """Return how a text would name the publication ``term``, or an empty string.

    ``Kaddour et al. 2023``: another name of it that ends in its year, else made from its authors;
    without the year where that is not known, empty where its authors are not.
    """
    listed = _values(store, term, (CLAIM.authorList,)) if isinstance(term, NamedNode) else []
    names = [surname(name) for name in listed[0].split(";") if name.strip()] if listed else []
    if not isinstance(term, NamedNode) or not names:
        return ""
    year = "".join(f" {text}" for text in _values(store, term, (CLAIM.year,))[:1])
    given = [quad.object for quad in store.quads_for_pattern(term, SKOS.altLabel, None, DefaultGraph())]
    fitting = [name for name in given if year and isinstance(name, Literal) and name.value.endswith(year)]
    if fitting:
        return min(fitting, key=lambda name: (name.language != lang, name.value)).value
    others, both = _OTHERS.get(lang, _OTHERS["en"])
    if len(names) == 2 and not _values(store, term, (CLAIM.hasMoreAuthors,)):  # noqa: PLR2004  (a pair)
        return f"{names[0]} {both} {names[1]}{year}"
    return f"{names[0]}{others if len(names) > 1 else ''}{year}"


def short_names(store: Store, terms: Iterable[Term | None], lang: str = "en") -> dict[Term, str]:
    """Return how a text would name the publications among ``terms``, those alike told apart by a letter.

    ``Mitchell et al. 2022a`` and ``2022b``: in the order of a bibliography, by all authors, then by title,
    in which the author-year styles of BibTeX give the letters too.
    """
    alike: dict[str, list[Term]] = {}
    for term in set(terms):
        if term is not None and (name := author_year(store, term, lang)):
            alike.setdefault(name, []).append(term)
    names: dict[Term, str] = {}
    for name, works in alike.items():
        works.sort(key=lambda term: _in_bibliography(store, term))
        names |= {term: name + (_letters(place) if len(works) > 1 else "") for place, term in enumerate(works)}
    return names


def _in_bibliography(store: Store, term: Term) -> tuple[list[tuple[str, str]], str, str]:
    """Return what a bibliography sorts works of one year by; case and a leading article do not count."""
    assert isinstance(term, NamedNode)  # it has a name of authors and year
    work = publication(store, term)
    authors = [(surname(author).casefold(), author.casefold()) for author in work.authors]
    return authors, re.sub(r"^(a|an|the) ", "", work.title.casefold()), term.value


def _letters(place: int) -> str:
    """Return a, b, ... z, aa, ab, ... for 0, 1, ..."""
    before = _letters(place // 26 - 1) if place > 25 else ""  # noqa: PLR2004  (letters of the alphabet)
    return before + chr(ord("a") + place % 26)


def surname(name: str) -> str:
    """Return the last name in ``name``: ``De Laroussilhe`` of ``Q. De Laroussilhe``."""
    words = name.partition("[")[0].split() or name.split()
    after_initials = [word for word in words if not word.endswith(".")]
    if len(after_initials) < len(words):
        return " ".join(after_initials) or name.strip()
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[start:])


def _first(store: Store, term: NamedNode, predicates: Sequence[NamedNode]) -> str:
    return next(iter(_values(store, term, predicates)), "")


def _values(store: Store, term: NamedNode, predicates: Sequence[NamedNode]) -> list[str]:
    """Return the values of the first of ``predicates`` that has any, in English before other languages."""
    for predicate in predicates:
        objects = [quad.object for quad in store.quads_for_pattern(term, predicate, None, DefaultGraph())]
        if objects:
            objects.sort(key=lambda o: ((getattr(o, "language", "") or "en") != "en", str(o)))
            return [_text(store, obj) for obj in objects]
    return []


def _text(store: Store, term: Term) -> str:
    if isinstance(term, NamedNode | BlankNode):
        labels = _values(store, term, (RDFS.label,)) if isinstance(term, NamedNode) else []
        return labels[0] if labels else str(term)
    return getattr(term, "value", str(term))
