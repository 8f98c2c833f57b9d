"""Describe a release to catalogs: DCAT for what can be fetched, VoID for what is in it, counted.

Sources: Data Catalog Vocabulary (DCAT) 3, https://www.w3.org/TR/vocab-dcat-3/; Describing Linked
Datasets with the VoID Vocabulary, https://www.w3.org/TR/void/; SPDX for checksums.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from llmkg.release.header import Header
from llmkg.release.parts import Part
from llmkg.terms import DCTERMS, OWL, RDF, RDFS, XSD, Namespace, Term

__all__ = ["MEDIA_TYPES", "PREFIXES", "File", "description_triples"]

_DCAT = Namespace("http://www.w3.org/ns/dcat#")
_SPDX = Namespace("http://spdx.org/rdf/terms#")
_VOID = Namespace("http://rdfs.org/ns/void#")
_FORMATS = Namespace("http://www.w3.org/ns/formats/")
_IANA = "https://www.iana.org/assignments/media-types/"
PREFIXES = {"dcat": str(_DCAT), "spdx": str(_SPDX), "void": str(_VOID), "formats": str(_FORMATS)}
MEDIA_TYPES = {
    ".ttl": "text/turtle",
    ".owl": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
    ".rq": "application/sparql-query",
    ".html": "text/html",
    ".json": "application/json",
    ".tsv": "text/tab-separated-values",
    ".xml": "application/xml",
}
_FEATURES = ("Turtle", "RDF_XML", "JSON-LD", "N-Triples")  # https://www.w3.org/ns/formats/


class File(NamedTuple):
    """One file of the release: its name in it, its size in bytes, its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


def description_triples(header: Header, parts: Sequence[Part], files: Mapping[str, Sequence[File]]) -> list[Triple]:
    """Return the description of the release; ``files`` gives the files of each part by its name."""
    base = f"{header.iri}/void#"
    dataset = NamedNode(f"{base}dataset")
    blank = (BlankNode(f"n{number}") for number in range(10**9))
    full = next(part for part in parts if part.name == "full")
    triples = [Triple(dataset, predicate, value) for predicate, value in _about(header)]
    for predicate, value in _counts(full.triples):
        triples.append(Triple(dataset, predicate, value))
    triples += _partitions(dataset, full.triples, blank)
    for part in parts:
        subset = NamedNode(base + part.name)
        notes = [t.object for t in part.triples if t.subject.value == part.iri and t.predicate == DCTERMS.description]  # type: ignore[union-attr]
        triples += [
            Triple(dataset, _VOID.subset, subset),
            Triple(subset, RDF.type, _VOID.Dataset),
            Triple(subset, RDF.type, _DCAT.Dataset),
            Triple(subset, DCTERMS.title, Literal(part.name, language="en")),
            *(Triple(subset, DCTERMS.description, note) for note in notes),
            Triple(subset, DCTERMS.license, _license(header)),
            Triple(subset, _VOID.triples, _number(len(part.triples))),
        ]
        for file in files[part.name]:
            triples += _distribution(header, subset, file, base, next(blank))
    return triples


def _about(header: Header) -> Iterator[tuple[NamedNode, Term]]:
    copied = {DCTERMS[n] for n in ("title", "description", "license", "creator", "created", "modified", "source")}
    yield RDF.type, _DCAT.Dataset
    yield RDF.type, _VOID.Dataset
    yield from ((predicate, value) for predicate, value in header.facts if predicate in copied)
    yield DCTERMS.issued, Literal(f"{header.date}T00:00:00Z", datatype=XSD.dateTime)
    yield DCTERMS.identifier, Literal(f"{header.iri}/{header.version}", datatype=XSD.anyURI)
    yield _DCAT.version, Literal(header.version)
    yield DCTERMS.conformsTo, NamedNode(header.iri)
    yield _VOID.uriSpace, Literal(f"{header.iri}/")
    yield from ((_VOID.feature, _FORMATS[name]) for name in _FEATURES)


def _license(header: Header) -> Term:
    return next((v for p, v in header.facts if p == DCTERMS.license), Literal("not stated", language="en"))


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=XSD.integer)


def _counts(triples: Sequence[Triple]) -> Iterator[tuple[NamedNode, Term]]:
    types = [t for t in triples if t.predicate == RDF.type]
    yield _VOID.triples, _number(len(triples))
    yield _VOID.entities, _number(len({t.subject for t in types if isinstance(t.subject, NamedNode)}))
    yield _VOID.classes, _number(len({t.object for t in types}))
    yield _VOID.properties, _number(len({t.predicate for t in triples}))
    yield _VOID.distinctSubjects, _number(len({t.subject for t in triples}))
    yield _VOID.distinctObjects, _number(len({t.object for t in triples}))
    vocabularies = {str(n) for n in (DCTERMS, OWL, RDFS) if any(t.predicate.value.startswith(str(n)) for t in triples)}
    yield from ((_VOID.vocabulary, NamedNode(iri)) for iri in sorted(vocabularies))


def _partitions(dataset: NamedNode, triples: Sequence[Triple], blank: Iterator[BlankNode]) -> list[Triple]:
    """Count the individuals of each class, and the triples of each property: in all, and by class of subject."""
    classes: dict[Term, list[NamedNode]] = defaultdict(list)
    for triple in triples:
        if triple.predicate == RDF.type and isinstance(triple.object, NamedNode):
            classes[triple.subject].append(triple.object)
    entities = Counter(cls for types in classes.values() for cls in types)
    pairs = Counter((cls, t.predicate) for t in triples for cls in classes.get(t.subject, ()))
    found = _property_partitions(dataset, Counter(t.predicate for t in triples), blank)
    by_class: dict[NamedNode, dict[NamedNode, int]] = defaultdict(dict)
    for (cls, predicate), count in pairs.items():
        by_class[cls][predicate] = count
    for cls in sorted(entities, key=str):
        node = next(blank)
        found += [
            Triple(dataset, _VOID.classPartition, node),
            Triple(node, _VOID["class"], cls),
            Triple(node, _VOID.entities, _number(entities[cls])),
            *_property_partitions(node, by_class[cls], blank),
        ]
    return found


def _property_partitions(
    subject: NamedNode | BlankNode, counts: Mapping[NamedNode, int], blank: Iterator[BlankNode]
) -> list[Triple]:
    found = []
    for predicate in sorted(counts, key=str):
        node = next(blank)
        found += [
            Triple(subject, _VOID.propertyPartition, node),
            Triple(node, _VOID.property, predicate),
            Triple(node, _VOID.triples, _number(counts[predicate])),
        ]
    return found


def _distribution(header: Header, subset: NamedNode, file: File, base: str, checksum: BlankNode) -> list[Triple]:
    node = NamedNode(base + file.name)
    place = NamedNode(f"{header.iri}/{header.version}/{file.name}")
    media = NamedNode(_IANA + MEDIA_TYPES[file.name[file.name.rindex(".") :]])
    return [
        Triple(subset, _DCAT.distribution, node),
        Triple(subset, _VOID.dataDump, place),
        Triple(node, RDF.type, _DCAT.Distribution),
        Triple(node, DCTERMS.license, _license(header)),
        Triple(node, _DCAT.downloadURL, place),
        Triple(node, _DCAT.mediaType, media),
        Triple(node, _DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger)),
        Triple(node, _SPDX.checksum, checksum),
        Triple(checksum, RDF.type, _SPDX.Checksum),
        Triple(checksum, _SPDX.algorithm, _SPDX.checksumAlgorithm_sha256),
        Triple(checksum, _SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)),
    ]
