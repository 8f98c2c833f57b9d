"""The six graphs of a release, each with a header of its own: what is asserted, what follows, what is joined."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from llmkg.load import Dataset, Document
from llmkg.release.header import Header
from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["Part", "make_parts"]

# By this name a pack keeps its links to the terms of other vocabularies apart, to be left out at will.
_ALIGNMENTS = "ontology/alignments.ttl"
_NOTES = {
    "ontology": {
        "en": "The ontology in one file: every module, nothing imported.",
        "zh": "单一文件的本体：包含全部模块，无导入。",
    },
    "data": {
        "en": "The individuals as the files state them; imports the ontology.",
        "zh": "文件所陈述的个体；导入本体。",
    },
    "base": {
        "en": "The ontology and the data as the files state them, without links to the terms of other vocabularies.",
        "zh": "文件所陈述的本体与数据，不含与其他词汇表术语的对应。",
    },
    "merged": {
        "en": "The ontology and the data as the files state them, in one file that imports nothing.",
        "zh": "文件所陈述的本体与数据，合为一个文件，无导入。",
    },
    "inferred": {
        "en": "What follows from the ontology and the data by the rules of OWL 2 RL, and nothing else; imports what it follows from.",
        "zh": "按 OWL 2 RL 规则由本体与数据推出的内容，不含其他；导入其前提。",
    },
    "full": {
        "en": "The ontology and the data with everything that follows from them by the rules of OWL 2 RL.",
        "zh": "本体与数据，以及按 OWL 2 RL 规则由其推出的全部内容。",
    },
}


class Part(NamedTuple):
    """One graph of the release: its word, its ontology IRI, its triples with the header."""

    name: str
    iri: str
    triples: tuple[Triple, ...]


def make_parts(header: Header, dataset: Dataset, inferred: Iterable[Triple]) -> list[Part]:
    """Return the six parts in the order of ``_NOTES``."""
    headers = {t.subject for t in dataset.triples() if t.predicate == RDF.type and t.object == OWL.Ontology}

    def content(documents: Iterable[Document]) -> dict[Triple, None]:
        return {t: None for document in documents for t in document.triples if t.subject not in headers}

    model, data = content(dataset.ontology), content(dataset.data)
    own = content(d for d in dataset.ontology if d.name != _ALIGNMENTS)
    derived = {t: None for t in inferred if t.subject not in headers}
    iris = {name: header.iri if name == "ontology" else f"{header.iri}/{name}" for name in _NOTES}
    graphs = {
        "ontology": (model, ()),
        "data": (data, [iris["ontology"]]),
        "base": (own | data, ()),
        "merged": (model | data, ()),
        "inferred": (derived, [iris["merged"]]),
        "full": (model | data | derived, ()),
    }
    parts = []
    for name, (triples, imports) in graphs.items():
        said = header.triples(iris[name], _NOTES[name], imports)
        declared = () if imports else _declarations(said, model)
        parts.append(Part(name, iris[name], (*dict.fromkeys((*said, *declared, *triples)),)))
    return parts


def _declarations(header: Iterable[Triple], model: Iterable[Triple]) -> list[Triple]:
    """Declare the properties of the header that the ontology has not declared: OWL 2 DL asks for each."""
    built_in = str(OWL), str(RDF), str(RDFS)
    declared: set[Term] = {t.subject for t in model if t.predicate == RDF.type}
    used: set[NamedNode] = {t.predicate for t in header if not t.predicate.value.startswith(built_in)}
    return [Triple(p, RDF.type, OWL.AnnotationProperty) for p in sorted(used - declared, key=str)]
