"""The claims that stand behind the rows of an answer, numbered, and the publications in it.

A claim stands behind a row when its subject and its object, or its value, both occur in the row or
among the parameters. Where an inferred link joins two things of a row that neither its claims nor an asserted
link join, the claims of the asserted links that the shortest proof rests on stand behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad

from llmkg.answers import SourcedClaim
from llmkg.claims import claim_at
from llmkg.publications import Publication, is_publication, publication, short_names
from llmkg.render import Cell, Note
from llmkg.snapshot import ASSERTED, INFERRED
from llmkg.terms import CLAIM, Term

if TYPE_CHECKING:
    from llmkg.graph import KnowledgeGraph
    from llmkg.reason.rules import Fact

__all__ = [
    "Reference",
    "References",
    "names_in",
    "publications_in",
    "reference_json",
    "reference_note",
    "references",
    "work_cell",
    "work_json",
    "works_in",
]

Row = Sequence[Term | None]


class Reference(NamedTuple):
    """One claim behind an answer, with the publications that its source names for it."""

    claim: SourcedClaim
    publications: tuple[Publication, ...]


class References(NamedTuple):
    """The references of an answer in the order of its rows, and for each row their numbers, from 1."""

    entries: tuple[Reference, ...]
    rows: tuple[tuple[int, ...], ...]


def references(kg: KnowledgeGraph, rows: Iterable[Row], parameters: Iterable[Term] = ()) -> References:
    """Return the claims behind ``rows``, which answer a question about ``parameters``."""
    search = _Search(kg)
    given = frozenset(parameters)
    numbers: dict[NamedNode, int] = {}
    marks = []
    for row in rows:
        found = search.behind(given.union(term for term in row if term is not None))
        marks.append(tuple(sorted({numbers.setdefault(claim, len(numbers) + 1) for claim in found})))
    return References(tuple(search.reference(claim) for claim in numbers), tuple(marks))


def works_in(kg: KnowledgeGraph, rows: Iterable[Row], found: References) -> list[Publication]:
    """Return the publications that stand in ``rows``, and those that the claims in ``found`` are taken from."""
    store = kg.engine.store
    terms = {term for row in rows for term in row} | {entry.claim.source for entry in found.entries}
    works = [publication(store, t) for t in terms if isinstance(t, NamedNode) and is_publication(store, t)]
    return sorted(works, key=lambda work: work.term.value)


def names_in(kg: KnowledgeGraph, rows: Iterable[Row], found: References, lang: str) -> dict[Term, str]:
    """Return how the publications are named that stand in ``rows`` and that the claims in ``found`` are taken from."""
    sources = (entry.claim.source for entry in found.entries)
    return short_names(kg.engine.store, [*(term for row in rows for term in row), *sources], lang)


def publications_in(kg: KnowledgeGraph, rows: Iterable[Row], parameters: Iterable[Term] = ()) -> list[Publication]:
    """Return the publications in ``rows`` and behind them: those that claims name, and their sources."""
    rows = list(rows)
    found = references(kg, rows, parameters)
    named = {p.term: p for entry in found.entries for p in entry.publications}
    named |= {work.term: work for work in works_in(kg, rows, found)}
    return sorted(named.values(), key=lambda work: work.term.value)


class _Search:
    """Finds claims; what it has seen of one row it knows in the next."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._kg = kg
        self._store = kg.engine.store
        self._stated = cache(self._read_stated)
        self._under = cache(self._read_under)

    def behind(self, terms: frozenset[Term]) -> list[NamedNode]:
        """Return the claims behind a row with these terms."""
        things = sorted((t for t in terms if isinstance(t, NamedNode)), key=lambda t: t.value)
        found: list[NamedNode] = []
        joined = {thing: {thing} for thing in things}
        for subject in things:
            for claim, values in self._stated(subject):
                if not terms.isdisjoint(values):
                    found.append(claim)
                    for value in values:
                        if isinstance(value, NamedNode) and value in joined:
                            _join(joined, subject, value)
        for one, other in combinations(things, 2):
            if other not in joined[one] and (under := self._under(one, other)):
                found.extend(under)
        return list(dict.fromkeys(found))

    def reference(self, node: NamedNode) -> Reference:
        """Return the claim and its publications."""
        claim = claim_at(self._store, node)
        papers = (publication(self._store, paper) for paper in claim.papers if isinstance(paper, NamedNode))
        return Reference(claim, tuple(papers))

    def _read_stated(self, subject: NamedNode) -> list[tuple[NamedNode, list[Term]]]:
        """Return the claims about ``subject``, each with what it states."""
        found = []
        for claim in self._subjects(CLAIM.claimSubject, subject):
            values = [
                quad.object
                for predicate in (CLAIM.claimObject, CLAIM.claimValue)
                for quad in self._store.quads_for_pattern(claim, predicate, None, DefaultGraph())
            ]
            found.append((claim, values))
        return found

    def _subjects(self, predicate: NamedNode, value: Term) -> list[NamedNode]:
        quads = self._store.quads_for_pattern(None, predicate, value, DefaultGraph())
        return sorted((q.subject for q in quads if isinstance(q.subject, NamedNode)), key=lambda t: t.value)

    def _read_under(self, one: NamedNode, other: NamedNode) -> list[NamedNode]:
        """Return the claims under the first inferred link between two things that rests on any."""
        if any(self._between(one, other, ASSERTED)):
            return []
        for fact in sorted(self._between(one, other, INFERRED), key=str):
            proof = self._kg.prover.prove(fact)
            claims = [claim for leaf in dict.fromkeys(proof.leaves()) for claim in self._stating(leaf)] if proof else []
            if claims:
                return claims
        return []

    def _stating(self, fact: Fact) -> list[NamedNode]:
        """Return the claims that state ``fact`` or doubt it."""
        subject, predicate, value = fact
        stated = self._stated(subject) if isinstance(subject, NamedNode) else []
        return [
            claim
            for claim, values in stated
            if value in values and Quad(claim, CLAIM.claimProperty, predicate, DefaultGraph()) in self._store
        ]

    def _between(self, one: NamedNode, other: NamedNode, graph: NamedNode) -> Iterator[Fact]:
        for subject, value in ((one, other), (other, one)):
            for quad in self._store.quads_for_pattern(subject, None, value, graph):
                yield subject, quad.predicate, value


def _join(joined: dict[NamedNode, set[NamedNode]], one: NamedNode, other: NamedNode) -> None:
    together = joined[one] | joined[other]
    for thing in together:
        joined[thing] = together


# -- as text and as JSON ---------------------------------------------------------------------------


def reference_note(kg: KnowledgeGraph, reference: Reference, names: Mapping[Term, str], lang: str) -> Note:
    """Return a reference as a note: what is claimed, where and on what basis, and the publications.

    ``names`` has how its source is named.
    """
    claim, label = reference.claim, kg.label
    named = "" if claim.source is None else names.get(claim.source) or label(claim.source, lang)
    stated = " ".join([label(claim.subject, lang), label(claim.property, lang), _value(kg, claim, lang)])
    where = "; ".join(label(section, lang) for section in claim.sections)
    manner = [claim.basis, claim.stance if _doubts(claim) else None]
    told = ", ".join(label(term, lang) for term in manner if term is not None)
    items = [Cell(" ".join(filter(None, [where, f"({told})" if told else ""])))]
    doubts = [note for note in claim.notes if _doubts(claim) and note.language in (None, lang)]
    items += [Cell(note.value, lang=note.language or "") for note in doubts]
    items += [Cell(p.cited(lang), p.address) for p in reference.publications]
    return Note(Cell(f"{named}: {stated}" if named else stated), tuple(filter(None, items)))


def work_cell(kg: KnowledgeGraph, work: Publication, names: Mapping[Term, str], lang: str) -> Cell:
    """Return a publication as a line: how a text names it, then what one needs to find it."""
    named = names.get(work.term) or kg.label(work.term, lang)
    return Cell(f"{named}: {work.cited(lang)}", work.address)


def work_json(work: Publication) -> dict[str, object]:
    """Return a publication as JSON values; what is not known is null."""
    return {
        "iri": work.term.value,
        "title": work.title,
        "authors": list(work.authors),
        "more_authors": work.more_authors,
        "year": work.year,
        "arxiv": work.arxiv or None,
        "doi": work.doi or None,
        "url": work.url or None,
    }


def reference_json(kg: KnowledgeGraph, reference: Reference, lang: str) -> dict[str, object]:
    """Return a reference as JSON values: IRIs, and labels in ``lang``."""

    def thing(term: Term | None) -> dict[str, str] | None:
        return None if term is None else {"iri": getattr(term, "value", str(term)), "label": kg.label(term, lang)}

    claim = reference.claim
    return {
        "claim": claim.claim.value,
        "subject": thing(claim.subject),
        "property": thing(claim.property),
        "value": [getattr(term, "value", str(term)) for term in claim.value],
        "source": thing(claim.source),
        "sections": [thing(section) for section in claim.sections],
        "basis": thing(claim.basis),
        "stance": thing(claim.stance),
        "notes": [note.value for note in claim.notes if note.language in (None, lang)],
        "papers": [work_json(work) for work in reference.publications],
    }


def _doubts(claim: SourcedClaim) -> bool:
    return claim.stance == CLAIM.doubts


def _value(kg: KnowledgeGraph, claim: SourcedClaim, lang: str) -> str:
    """Return what a claim states: a thing by its label, of several translations the one in ``lang``."""
    best = sorted(claim.value, key=lambda term: (getattr(term, "language", None) not in (None, lang), str(term)))
    return kg.label(best[0], lang) if best else ""
