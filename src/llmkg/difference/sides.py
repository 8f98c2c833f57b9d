"""What OLD and NEW may be: a file, a pack, a release, a folder of files, a git revision, an open graph."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

from pyoxigraph import NamedNode

from llmkg.difference.revision import revision_folder
from llmkg.errors import InputError, UsageError, shown
from llmkg.graph import KnowledgeGraph
from llmkg.load import Document, read_document
from llmkg.pack import Pack
from llmkg.statements import lines_of
from llmkg.terms import OWL, PREFIXES, RDF

__all__ = ["Given", "Side", "opened", "without_headers"]

Given: TypeAlias = str | os.PathLike[str] | KnowledgeGraph
_READ = frozenset([".ttl", ".nt", ".nq", ".trig", ".rdf", ".owl", ".xml", ".jsonld"])
_BASE = "file:///"  # what relative IRIs are resolved against, so that the place of a file makes no difference
_TYPE = str(RDF.type).encode()
_HEADER = b" %s %s" % (_TYPE, str(OWL.Ontology).encode())
_DECLARATION = b" %s %s" % (_TYPE, str(OWL.AnnotationProperty).encode())


class Side(NamedTuple):
    """One of the two: its triples as lines, the shapes apart, and the graph to be asked where it is a pack.

    ``released`` tells that its ontology headers are those of a release and not of the files.
    """

    name: str
    lines: frozenset[bytes]
    shapes: frozenset[bytes]
    prefixes: dict[str, str]
    graph: KnowledgeGraph | None = None
    released: bool = False


@contextmanager
def opened(given: Given, root: str | None = None, cache: str | None = None) -> Iterator[Side]:
    """Give the side that ``given`` names, for as long as it is needed.

    A text that names no file is a git revision of the pack at ``root``, or ``REVISION:PATH`` for a
    part of it; ``cache`` is the folder for snapshots of packs that are in files. Raises UsageError
    for what is neither, InputError for what cannot be read.
    """
    if isinstance(given, KnowledgeGraph):
        yield _pack_side(given.pack.root, given.pack, given)
        return
    name = os.fspath(given)
    if not name:
        raise UsageError("the name of what is to be compared is empty. Give a file, a folder or a git revision.")
    path = Path(name)
    if not isinstance(given, str) or _exists(path):
        yield _read(path, name, cache)
        return
    place = Pack.open(root).root
    revision, colon, inside = name.partition(":")
    with revision_folder(revision, place) as folder:
        part = folder / inside
        if not part.resolve().is_relative_to(folder.resolve()) or (colon and not part.exists()):
            raise UsageError(
                f"{shown(name)}: that revision has no such file in its pack. Give a path as the pack has it."
            )
        yield _read(part, name, None)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _read(path: Path, name: str, cache: str | None) -> Side:
    if not path.is_dir():
        document = read_document(path, name, base=f"{_BASE}graph")
        return _side(name, [document], [])
    if all((path / part).is_dir() for part in ("ontology", "data", "queries")):
        pack = Pack.open(path)
        return _pack_side(name, pack, KnowledgeGraph(pack, cache, _in_silence))
    manifest = _manifest(path)
    if manifest is not None:
        pack = _release(path, manifest)
        return _pack_side(name, pack, KnowledgeGraph(pack, cache, _in_silence))._replace(released=True)
    files = sorted(p for p in path.rglob("*") if p.suffix in _READ and p.is_file() and p.name != "catalog-v001.xml")
    if not files:
        raise InputError(f"{name}: holds no RDF file. Give a pack, a release, or a folder with .ttl files.")
    return _side(name, [_document(file, file.relative_to(path).as_posix()) for file in files], [])


def _in_silence(_old: NamedNode, _new: NamedNode | None) -> None:
    """Say nothing of a retired term that an example of a query names: the difference tells of it."""


def _pack_side(name: str, pack: Pack, graph: KnowledgeGraph) -> Side:
    def read(paths: Iterable[str]) -> list[Document]:
        return [_document(Path(path), pack.name(path)) for path in paths]

    return _side(name, read([*pack.ontology, *pack.data]), read(pack.shapes))._replace(graph=graph)


def _document(path: Path, name: str) -> Document:
    return read_document(path, name, base=_BASE + quote(name))


def _side(name: str, documents: list[Document], shapes: list[Document]) -> Side:
    prefixes = dict(PREFIXES)
    for document in (*documents, *shapes):
        for prefix, iri in document.prefixes.items():
            prefixes.setdefault(prefix, iri)
    return Side(name, _lines(documents), _lines(shapes), prefixes)


def _lines(documents: Iterable[Document]) -> frozenset[bytes]:
    return frozenset(line for document in documents for line in lines_of(document.triples))


def _manifest(path: Path) -> dict[str, object] | None:
    """Return the manifest of a release that ``llmkg release`` has written, or None."""
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    is_release = isinstance(manifest, dict) and {"name", "parts", "files"} <= manifest.keys()
    return manifest if is_release else None


def _release(path: Path, manifest: dict[str, object]) -> Pack:
    """Return a release as a pack: what it asserts, its shapes, its queries."""

    def sorted_files(folder: str, ending: str, *, deep: bool) -> tuple[str, ...]:
        found = (path / folder).rglob(f"*{ending}") if deep else (path / folder).glob(f"*{ending}")
        return tuple(sorted(map(str, found)))

    ontology, data = (path / f"{manifest['name']}-{part}.ttl" for part in ("ontology", "data"))
    for file in (ontology, data):
        if not file.is_file():
            raise InputError(
                f"{path}: the file {file.name} of the release is missing. Fetch or build the release again."
            )
    return Pack(
        root=str(path),
        ontology=(str(ontology),),
        shapes=sorted_files("shapes", ".ttl", deep=True),
        data=(str(data),),
        queries=sorted_files("queries", ".rq", deep=False),
    )


def without_headers(lines: Iterable[bytes]) -> frozenset[bytes]:
    """Return ``lines`` without what ontologies say of themselves, and the properties declared for that alone."""
    found = frozenset(lines)
    headers = {line[: -len(_HEADER)] for line in found if line.endswith(_HEADER)}
    said = {line for line in found if line.partition(b" ")[0] in headers}
    rest = found - said
    only_there = {line.split(b" ", 2)[1] for line in said} - {line.split(b" ", 2)[1] for line in rest}
    facts: dict[bytes, list[bytes]] = {predicate: [] for predicate in only_there}
    for line in rest:
        subject = line.partition(b" ")[0]
        if subject in facts:
            facts[subject].append(line)
    return rest - {
        line
        for predicate, (line, *others) in ((p, own) for p, own in facts.items() if own)
        if not others and line == predicate + _DECLARATION
    }
