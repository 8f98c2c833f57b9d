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
    """One act of importing: its IRI, the name of the file without folder, when, by whom.

    ``again`` tells it from others of the same file on the same day: ``b``, ``c`` ... for the second, the third.
    """

    term: NamedNode
    file: str
    time: datetime
    agent: str
    again: str = ""


def name_imports(
    files: Iterable[str], time: datetime, agent: str, namespace: str, taken: set[str]
) -> dict[str, Import]:
    """Return an import for each of ``files``, by its path as given; ``taken`` are IRIs, to which theirs are added."""
    found: dict[str, Import] = {}
    for path in dict.fromkeys(files):
        name = one_line(PurePath(path).name) or "file"
        wanted = f"{time.date().isoformat()}-{slug(name.partition('.')[0]) or 'file'}"
        names = {iri.removeprefix(namespace) for iri in taken if iri.startswith(namespace)}
        own = free_name(wanted, names)
        taken.add(namespace + own)
        term = NamedNode(namespace + own)
        found[path] = Import(term, name, time, one_line(agent) or "unknown", own[len(wanted) + 1 :])
    return found


def import_triples(one: Import) -> Iterator[Triple]:
    """Yield what the graph says of an import."""
    moment = one.time.strftime("%Y-%m-%dT%H:%M:%SZ")
    day = one.time.date().isoformat()
    number = f" ({one.again})" if one.again else ""
    yield Triple(one.term, RDF.type, CLAIM.Import)
    yield Triple(one.term, RDFS.label, Literal(f"Import of {one.file} on {day}{number}", language="en"))
    yield Triple(one.term, RDFS.label, Literal(f"{day} 导入 {one.file}{number}", language="zh"))
    yield Triple(one.term, CLAIM.importAgent, Literal(one.agent))
    yield Triple(one.term, CLAIM.importDate, Literal(moment, datatype=XSD.dateTime))
    yield Triple(one.term, CLAIM.importedFile, Literal(one.file))
