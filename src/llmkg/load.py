"""Read RDF files into triples: one ``Document`` per file, syntax errors with line and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from llmkg.errors import InputError, unreadable
from llmkg.limits import check_limits
from llmkg.pack import Pack
from llmkg.terms import OWL, RDF

__all__ = [
    "WITH_LINES",
    "Dataset",
    "Document",
    "parse_text",
    "read_content",
    "read_document",
    "read_pack",
    "read_positions",
]

WITH_LINES = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS, RdfFormat.TRIG)


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
        ontology=tuple(read_document(Path(path), pack.name(path)) for path in pack.ontology),
        data=tuple(read_document(Path(path), pack.name(path)) for path in pack.data),
    )


def read_document(path: Path, name: str | None = None, base: str | None = None) -> Document:
    """Read one RDF file; its format follows from the extension.

    Relative IRIs are resolved against ``base``, or against the place of the file.
    Raises InputError with ``name:line:column`` when the file cannot be read or parsed.
    """
    name = name or str(path)
    rdf_format = RdfFormat.from_extension(path.suffix.lstrip("."))
    if rdf_format is None:
        raise InputError(f"{name}: unknown extension. Use .ttl, .nt, .nq, .trig, .rdf or .jsonld.")
    try:
        content = read_content(path)
    except OSError as error:
        raise unreadable(name, error) from error
    triples, prefixes = parse_text(content, rdf_format, name, base=base or path.resolve().as_uri())
    return Document(name, _graph_name(name, triples), triples, prefixes)


def parse_text(
    content: str | bytes, rdf_format: RdfFormat, name: str, base: str | None = None
) -> tuple[tuple[Triple, ...], dict[str, str]]:
    """Return the triples and prefixes of ``content``; ``name`` is for messages.

    Blank nodes are named after the file and their order in it: two files never share one, and the
    same file gives the same names on every run.
    """
    prefixes: dict[str, str] = {}
    triples = tuple(_triples(content, rdf_format, name, base, prefixes))
    return triples, prefixes


def read_positions(path: Path, name: str) -> dict[Triple, int]:
    """Return the line on which each triple of a file ends, where its format has lines.

    The parser is fed line by line: a triple that comes out after line n has its object on line n.
    RDF/XML and JSON-LD give no lines and an empty table.
    """
    rdf_format = RdfFormat.from_extension(path.suffix.lstrip("."))
    if rdf_format not in WITH_LINES:
        return {}
    source = _Lines(read_content(path))
    positions: dict[Triple, int] = {}
    for triple in _triples(source, rdf_format, name, path.resolve().as_uri(), {}):
        positions.setdefault(triple, source.line)
    return positions


def read_content(path: Path) -> bytes:
    """Return what a file holds, without a byte order mark, which says nothing in UTF-8."""
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf")


class _Lines:
    """A file that a parser can read one line at a time only."""

    def __init__(self, content: bytes) -> None:
        self._lines = content.splitlines(keepends=True)
        self.line = 0

    def read(self, _size: int = -1) -> bytes:
        """Return the next line, or nothing at the end."""
        if self.line == len(self._lines):
            return b""
        self.line += 1
        return self._lines[self.line - 1]


def _triples(
    source: str | bytes | _Lines, rdf_format: RdfFormat, name: str, base: str | None, prefixes: dict[str, str]
) -> Iterator[Triple]:
    """Yield the triples of ``source`` and fill ``prefixes``; see ``parse_text``."""
    labels: dict[BlankNode, BlankNode] = {}
    own = f"f{crc32(name.encode()):08x}b"

    def renamed(term: BlankNode) -> BlankNode:
        return labels.setdefault(term, BlankNode(f"{own}{len(labels)}"))

    if isinstance(source, str | bytes):
        check_limits(source.encode() if isinstance(source, str) else source, rdf_format, name)
    try:
        parser = pyoxigraph.parse(source, rdf_format, base_iri=base)  # type: ignore[arg-type]
        for quad in parser:
            triple = quad.triple
            subject, predicate, obj = triple
            if isinstance(subject, BlankNode) or isinstance(obj, BlankNode):
                subject = renamed(subject) if isinstance(subject, BlankNode) else subject
                obj = renamed(obj) if isinstance(obj, BlankNode) else obj
                triple = Triple(subject, predicate, obj)
            yield triple
        prefixes.update(parser.prefixes)
    except SyntaxError as error:
        place = f"{name}:{error.lineno}:{error.offset}" if error.lineno else name
        raise InputError(f"{place}: {_reason(error)}. Mend the file and run the command again.") from error
    except ValueError as error:
        raise InputError(f"{name}: {error}. Mend the file and run the command again.") from error


def _reason(error: SyntaxError) -> str:
    """Return the parser's message without the place, which is given in front of it."""
    text = str(error.msg)
    if "LoadDocumentCallback" in text:
        return "its @context is elsewhere, and nothing is read from the network. Put the context into the file"
    if text.startswith("Parser error ") and ": " in text:
        text = text.split(": ", 1)[1]
    return " ".join(text.split()).rstrip(".")


def _graph_name(name: str, triples: Iterable[Triple]) -> NamedNode:
    """Return the ontology IRI that the file declares, or a name made from the file's."""
    headers = {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology}
    named = [node for node in headers if isinstance(node, NamedNode)]
    return named[0] if len(named) == 1 else NamedNode("urn:llmkg:file:" + name.replace(" ", "%20"))
