"""What a release says of itself: name, version and date, from the header of the pack's root ontology.

Here and nowhere else the version and the date of a release are made. The version is the
``owl:versionInfo`` of the root. The date is that of SOURCE_DATE_EPOCH, else ``dcterms:modified`` of
the root: never today's, so that two builds give the same bytes.
Source: https://reproducible-builds.org/specs/source-date-epoch/.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.errors import InputError, UsageError
from llmkg.load import Document
from llmkg.terms import DCTERMS, OWL, RDF, RDFS, XSD, Term

__all__ = ["Header", "read_header"]

_HOME = NamedNode("http://www.w3.org/ns/dcat#landingPage")
# What differs from part to part, or is said anew.
_OWN = {
    OWL.imports.value,
    OWL.versionIRI.value,
    RDFS.label.value,
    *(DCTERMS[name].value for name in ("title", "description", "issued")),
}


class Header(NamedTuple):
    """The root ontology: its IRI, the version and the day of the release, what its header says."""

    iri: str
    version: str
    date: str
    facts: tuple[tuple[NamedNode, Term], ...]

    @property
    def name(self) -> str:
        """The word that the names of files begin with: the end of the IRI."""
        return self.iri.rstrip("/#").rsplit("/", 1)[-1]

    @property
    def home(self) -> str:
        """Where the releases are served, empty when the header does not say."""
        return next(iter(self.values(_HOME)), "")

    def texts(self, *predicates: NamedNode) -> dict[str, str]:
        """Return the first text for each language that the header gives with one of ``predicates``."""
        found: dict[str, str] = {}
        for predicate in predicates:
            for known, value in self.facts:
                if known == predicate and isinstance(value, Literal):
                    found.setdefault(value.language or "", value.value)
        return found

    def values(self, predicate: NamedNode) -> list[str]:
        """Return the values, IRIs or texts, that the header gives for ``predicate``."""
        return sorted(str(value.value) for known, value in self.facts if known == predicate)  # type: ignore[union-attr]

    def triples(self, iri: str, notes: dict[str, str], imports: Sequence[str]) -> list[Triple]:
        """Return the header of one part of the release: its IRI, its descriptions by language, its imports."""
        subject = NamedNode(iri)
        said: list[tuple[NamedNode, Term]] = [fact for fact in self.facts if fact[0].value not in _OWN]
        said += [(DCTERMS.description, Literal(text, language=lang)) for lang, text in notes.items()]
        for lang, title in self.texts(DCTERMS.title, RDFS.label).items():
            text = title if iri == self.iri else f"{title} ({iri.rsplit('/', 1)[-1]})"
            literal = Literal(text, language=lang) if lang else Literal(text)
            said += [(DCTERMS.title, literal), (RDFS.label, literal)]
        said += [
            (DCTERMS.issued, Literal(f"{self.date}T00:00:00Z", datatype=XSD.dateTime)),
            (OWL.versionIRI, NamedNode(f"{iri}/{self.version}")),
            *((OWL.imports, NamedNode(name)) for name in imports),
        ]
        return [Triple(subject, predicate, value) for predicate, value in said]


def read_header(ontology: Sequence[Document]) -> Header:
    """Return the header of the root among the ontology files: the one that no other imports.

    Raises InputError when there is no root, more than one, or no version or date in it.
    """
    headers = {
        t.subject: d for d in ontology for t in d.triples if t.predicate == RDF.type and t.object == OWL.Ontology
    }
    imported = {t.object for d in ontology for t in d.triples if t.predicate == OWL.imports}
    roots = [subject for subject in headers if subject not in imported]
    if len(roots) != 1 or not isinstance(roots[0], NamedNode):
        names = ", ".join(sorted(headers[root].name for root in roots)) or "none"
        raise InputError(
            f"ontology: a release needs one file that imports the others, and {names} might be it. "
            "Give one file an owl:Ontology header with owl:imports of the rest."
        )
    root, document = roots[0], headers[roots[0]]
    facts = tuple((t.predicate, t.object) for t in document.triples if t.subject == root)
    header = Header(root.value, "", "", facts)
    version = next(iter(header.values(OWL.versionInfo)), "")
    if not version:
        raise InputError(f'{document.name}: the header has no version. Add, for example, owl:versionInfo "0.1.0".')
    return header._replace(version=version, date=_date(header, document.name))


def _date(header: Header, name: str) -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None:
        try:
            return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
        except (ValueError, OverflowError, OSError) as error:
            raise UsageError(
                f"SOURCE_DATE_EPOCH={epoch}: not a time. Give the seconds since 1970, or leave it unset."
            ) from error
    day = next(iter(header.values(DCTERMS.modified)), "")[:10]
    try:
        return datetime.fromisoformat(day).date().isoformat()
    except ValueError as error:
        raise InputError(
            f'{name}: the header has no date. Add, for example, dcterms:modified "2026-11-23T00:00:00Z"^^xsd:dateTime, '
            "or set SOURCE_DATE_EPOCH."
        ) from error
