"""Read RDF files into triples: one ``Document`` per file, syntax errors with line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from llmkg.errors import InputError
from llmkg.pack import Pack
from llmkg.terms import OWL, RDF

__all__ = ["Document", "Dataset", "parse_text", "read_document", "read_pack"]


@dataclass(frozen=True)
class Document:
    """One file: its name for messages, the IRI of its graph, its triples and prefixes."""

    name: str
    graph: NamedNode
    triples: tuple[Triple, ...]
    prefixes: dict[str, str]


@dataclass(frozen=True)
class Dataset:
    """What the files of a pack say, still apart by file."""

    ontology: tuple[Document, ...]
    data: tuple[Document, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every document, ontology first."""
        return self.ontology + self.data

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the files declare; where two differ, the first file wins."""
        table: dict[str, str] = {}
        for document in self.documents:
            for name, iri in document.prefixes.items():
                table.setdefault(name, iri)
        return table

    def triples(self) -> Iterable[Triple]:
        """Yield the asserted triples of every file."""
        for document in self.documents:
            yield from document.triples


def read_pack(pack: Pack) -> Dataset:
    """Read the ontology and the data of ``pack``; its shapes are not part of the graph."""
    return Dataset(
        ontology=tuple(read_document(path, pack.name(path)) for path in pack.ontology),
        data=tuple(read_document(path, pack.name(path)) for path in pack.data),
    )


def read_document(path: Path, name: str | None = None) -> Document:
    """Read one RDF file; its format follows from the extension.

    Raises InputError with ``name:line:column`` when the file cannot be read or parsed.
    """
    name = name or str(path)
    rdf_format = RdfFormat.from_extension(path.suffix.lstrip("."))
    if rdf_format is None:
        raise InputError(f"{name}: unknown extension. Use .ttl, .nt, .nq, .trig, .rdf or .jsonld.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror}).") from error
    triples, prefixes = parse_text(content, rdf_format, name, base=path.resolve().as_uri())
    return Document(name, _graph_name(name, triples), triples, prefixes)


def parse_text(
    content: str | bytes, rdf_format: RdfFormat, name: str, base: str | None = None
) -> tuple[tuple[Triple, ...], dict[str, str]]:
    """Return the triples and prefixes of ``content``; ``name`` is for messages.

    Blank nodes are renamed, so that two files never share one by accident.
    """
    try:
        parser = pyoxigraph.parse(content, rdf_format, base_iri=base, rename_blank_nodes=True)
        triples = tuple(quad.triple for quad in parser)
    except SyntaxError as error:
        place = f"{name}:{error.lineno}:{error.offset}" if error.lineno else name
        raise InputError(f"{place}: {_reason(error)}. Mend the file and run the command again.") from error
    except ValueError as error:
        raise InputError(f"{name}: {error}. Mend the file and run the command again.") from error
    return triples, dict(parser.prefixes)


def _reason(error: SyntaxError) -> str:
    """Return the parser's message without the place, which is given in front of it."""
    text = str(error.msg)
    if text.startswith("Parser error ") and ": " in text:
        text = text.split(": ", 1)[1]
    return " ".join(text.split()).rstrip(".")


def _graph_name(name: str, triples: Iterable[Triple]) -> NamedNode:
    """Return the ontology IRI that the file declares, or a name made from the file's."""
    headers = {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology}
    named = [node for node in headers if isinstance(node, NamedNode)]
    return named[0] if len(named) == 1 else NamedNode("urn:llmkg:file:" + name.replace(" ", "%20"))
