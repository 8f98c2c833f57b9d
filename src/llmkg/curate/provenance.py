"""Who imported which file when, as things of the graph: one ``llmkg:Import`` for each file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.curate.fields import one_line
from llmkg.curate.naming import free_name, slug
from llmkg.terms import CLAIM, RDF, RDFS, XSD

__all__ = ["FILE", "TITLES", "Import", "import_triples", "name_imports"]

FILE = "data/imports.ttl"
TITLES = {"en": "Imports", "zh": "导入"}


@dataclass(frozen=True, slots=True)
class Import:
    """One act of importing: its IRI, the name of the file without folder, when, by whom."""

    term: NamedNode
    file: str
    time: datetime
    agent: str


def name_imports(
    files: Iterable[str], time: datetime, agent: str, namespace: str, taken: set[str]
) -> dict[str, Import]:
    """Return an import for each of ``files``, by its path as given; ``taken`` are IRIs, to which theirs are added."""
    found: dict[str, Import] = {}
    for path in dict.fromkeys(files):
        name = one_line(PurePath(path).name) or "file"
        wanted = f"{time.date().isoformat()}-{slug(name.partition('.')[0]) or 'file'}"
        names = {iri.removeprefix(namespace) for iri in taken if iri.startswith(namespace)}
        term = NamedNode(namespace + free_name(wanted, names))
        taken.add(term.value)
        found[path] = Import(term, name, time, agent)
    return found


def import_triples(one: Import) -> Iterator[Triple]:
    """Yield what the graph says of an import."""
    moment = one.time.strftime("%Y-%m-%dT%H:%M:%SZ")
    day = one.term.value.rpartition("/")[2][: len("2026-11-30")]
    again = one.term.value.rpartition("-")[2]
    number = f" ({again})" if len(again) == 1 or again.isdecimal() else ""
    yield Triple(one.term, RDF.type, CLAIM.Import)
    yield Triple(one.term, RDFS.label, Literal(f"Import of {one.file} on {day}{number}", language="en"))
    yield Triple(one.term, RDFS.label, Literal(f"{day} 导入 {one.file}{number}", language="zh"))
    yield Triple(one.term, CLAIM.importAgent, Literal(one.agent))
    yield Triple(one.term, CLAIM.importDate, Literal(moment, datatype=XSD.dateTime))
    yield Triple(one.term, CLAIM.importedFile, Literal(one.file))
