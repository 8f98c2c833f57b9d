"""What the graph says of the publications of a plan, as triples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.curate.known import PROPERTIES
from llmkg.curate.plan import Entry
from llmkg.curate.provenance import Import
from llmkg.curate.record import FIELDS
from llmkg.terms import CLAIM, RDF, XSD

__all__ = ["new_facts", "value_literal"]


_TYPE, _PAPER, _IMPORTED_IN = RDF.type, CLAIM.Paper, CLAIM.importedIn
_INTEGER, _ANY_URI = XSD.integer, XSD.anyURI


def new_facts(entry: Entry, imports: Mapping[str, Import]) -> Iterator[Triple]:
    """Yield what comes to the graph with ``entry``: of a new publication all, of a known one what it gains."""
    paper = NamedNode(entry.iri)
    if entry.known is None:
        yield Triple(paper, _TYPE, _PAPER)
        for name in FIELDS:
            if value := getattr(entry.record, name):
                yield Triple(paper, PROPERTIES[name], value_literal(name, value, entry.record.lang))
    for gain in entry.gains:
        if entry.known is not None or (gain.field == "title" and gain.lang != entry.record.lang):
            yield Triple(paper, PROPERTIES[gain.field], value_literal(gain.field, gain.value, gain.lang))
    for term in sorted({imports[file].term.value for file in entry.sources}):
        yield Triple(paper, _IMPORTED_IN, NamedNode(term))


def value_literal(field: str, value: object, lang: str) -> Literal:
    """Return the value of a field as the graph writes it.

    >>> str(value_literal("authors", ("Ada Author", "Ben Writer"), ""))
    '"Ada Author; Ben Writer"'
    """
    if field == "title":
        return Literal(str(value), language=lang)
    if field == "authors":
        assert isinstance(value, tuple)
        return Literal("; ".join(value))
    if field == "year":
        return Literal(str(value), datatype=_INTEGER)
    if field == "url":
        return Literal(str(value), datatype=_ANY_URI)
    return Literal(value=True) if field == "more_authors" else Literal(str(value))
