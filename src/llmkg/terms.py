"""Namespaces and the prefix table: IRIs are written here once and nowhere else in the code.

Standard vocabularies and the claim vocabulary only; the prefixes of a pack's own content are
read from the pack's files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

__all__ = [
    "CLAIM",
    "DCTERMS",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SH",
    "SKOS",
    "XSD",
    "Namespace",
    "Term",
    "curie",
    "local_name",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple


class Namespace:
    """An IRI prefix; attribute or item access gives the term in it: ``RDFS.label``."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __str__(self) -> str:
        """Return the namespace IRI."""
        return self.iri

    def __getitem__(self, name: str) -> NamedNode:
        """Return the term called ``name``."""
        return NamedNode(self.iri + name)

    def __getattr__(self, name: str) -> NamedNode:
        """Return the term called ``name``."""
        if name.startswith("__"):  # copy and pickle probe for these
            raise AttributeError(name)
        return NamedNode(self.iri + name)


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SH = Namespace("http://www.w3.org/ns/shacl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
SCHEMA = Namespace("https://schema.org/")
# The claim vocabulary (ontology/claims.ttl): the only vocabulary of ours that the code knows.
CLAIM = Namespace("https://w3id.org/llmkg/ontology#")

PREFIXES: Mapping[str, str] = {
    "dcterms": str(DCTERMS),
    "llmkg": str(CLAIM),
    "owl": str(OWL),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "sh": str(SH),
    "skos": str(SKOS),
    "xsd": str(XSD),
}

# A local name that Turtle and SPARQL both read without escapes (a part of PN_LOCAL).
_LOCAL = re.compile(r"(?:[^\W]|[:-])(?:(?:\w|[.:-])*(?:\w|[:-]))?", re.UNICODE)


def curie(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """Return ``iri`` as a CURIE with the longest prefix that fits, or None.

    >>> curie("http://www.w3.org/2000/01/rdf-schema#label", PREFIXES)
    'rdfs:label'
    """
    best = None
    for prefix, namespace in prefixes.items():
        if not iri.startswith(namespace) or not _is_local(iri[len(namespace) :]):
            continue
        if best is None or (-len(namespace), prefix) < (-len(prefixes[best]), best):
            best = prefix
    return None if best is None else f"{best}:{iri[len(prefixes[best]) :]}"


def local_name(iri: str) -> str:
    """Return what follows the last ``#`` or ``/``.

    >>> local_name("https://w3id.org/llmkg/ontology#stated")
    'stated'
    """
    return re.split(r"[#/]", iri)[-1]


def _is_local(text: str) -> bool:
    # ASCII only: engines disagree on which other letters a local name may hold.
    return not text or (text.isascii() and text[0] not in "-:" and bool(_LOCAL.fullmatch(text)))
