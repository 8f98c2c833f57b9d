"""Build the release set in a new folder, whole or not at all, the same bytes on every run."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Triple

from llmkg import __version__
from llmkg.catalog import NAME, catalog_text
from llmkg.errors import InputError, UsageError
from llmkg.graph import KnowledgeGraph
from llmkg.load import read_pack
from llmkg.release import description, formats, pages, redirects
from llmkg.release.executables import query_triples
from llmkg.release.header import Header, read_header
from llmkg.release.parts import Part, make_parts
from llmkg.terms import PREFIXES, SCHEMA

__all__ = ["release"]

_CITATION = "CITATION.cff"


def release(kg: KnowledgeGraph, directory: Path) -> Header:
    """Write the release set of ``kg`` into ``directory``, which must not exist or be empty; return its header.

    Raises UsageError when the folder holds something, InputError when it cannot be written or the
    pack says too little of itself.
    """
    try:
        if directory.exists() and not directory.is_dir():
            raise UsageError(f"{directory}: is a file. Name a new folder for the release.")
        if directory.exists() and any(directory.iterdir()):
            raise UsageError(f"{directory}: is there and not empty. Name a new folder for the release.")
        directory.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=directory.parent, prefix=f".{directory.name}."))
    except OSError as error:
        raise _unwritable(directory, error) from error
    try:
        header = _Release(kg, work).build()
        os.chmod(work, 0o755)  # mkdtemp makes it private  # noqa: S103
        if directory.exists():
            directory.rmdir()
        os.replace(work, directory)
    except OSError as error:
        raise _unwritable(directory, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return header


def _unwritable(directory: Path, error: OSError) -> InputError:
    return InputError(f"{directory}: cannot be written ({error.strerror}). Name another folder for the release.")


class _Release:
    """One release in the making: what has been written to ``work`` so far."""

    def __init__(self, kg: KnowledgeGraph, work: Path) -> None:
        self._kg = kg
        self._work = work
        self._files: dict[str, description.File] = {}
        self._dataset = read_pack(kg.pack)
        self._header = read_header(self._dataset.ontology)
        self._writer = formats.Writer(kg)
        self._inferred = self._writer.inferred()

    def build(self) -> Header:
        """Write everything; the files that list others come last."""
        parts = make_parts(self._header, self._dataset, self._inferred)
        files = {part.name: self._graph(f"{self._header.name}-{part.name}", part.triples) for part in parts}
        self._catalog(parts)
        self._vocabulary()
        self._queries()
        self._things()
        self._redirects()
        self._legal()
        prefixes = {**self._kg.prefixes, **description.PREFIXES}
        self._triples("void.ttl", description.description_triples(self._header, parts, files), prefixes)
        self._manifest(parts, files)
        sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(self._files.values()))
        self._write("SHA256SUMS", sums)
        return self._header

    def _write(self, name: str, content: str | bytes) -> description.File:
        data = content.encode() if isinstance(content, str) else content
        path = self._work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self._files[name] = description.File(name, len(data), hashlib.sha256(data).hexdigest())
        return self._files[name]

    def _graph(self, stem: str, triples: Iterable[Triple]) -> list[description.File]:
        """Write one graph in every format."""
        return [self._write(stem + ending, data) for ending, data in self._writer.all_formats(triples)]

    def _triples(self, name: str, triples: Iterable[Triple], prefixes: dict[str, str]) -> None:
        self._write(name, formats.turtle(triples, {**PREFIXES, **prefixes}))

    def _catalog(self, parts: Iterable[Part]) -> None:
        places = {
            iri: f"{self._header.name}-{p.name}.ttl"
            for p in parts
            for iri in (p.iri, f"{p.iri}/{self._header.version}")
        }
        self._write(NAME, catalog_text(places))

    def _vocabulary(self) -> None:
        """Write the modules of the ontology, the context, the frames, the shapes and the mappings."""
        for document in self._dataset.ontology:
            if document.graph.value != self._header.iri:
                self._graph(f"modules/{Path(document.name).stem}", document.triples)
        for name, text in self._writer.context_files():
            self._write(name, text)
        for path in sorted(Path(self._kg.pack.root, "mappings").glob("*.tsv")):
            self._write(f"mappings/{path.name}", path.read_bytes())
        shapes = Path(self._kg.pack.root, "ontology", "shapes")
        for path in map(Path, self._kg.pack.shapes):
            self._write(f"shapes/{path.relative_to(shapes).as_posix()}", path.read_bytes())

    def _queries(self) -> None:
        """Write the saved queries as they are, and as RDF."""
        folder = Path(self._kg.pack.root, "queries")
        for path in sorted(folder.rglob("*.rq")):
            self._write(f"queries/{path.relative_to(folder).as_posix()}", path.read_bytes())
        triples = query_triples(self._kg, f"{self._header.iri}/query/")
        self._triples("queries.ttl", triples, {**self._kg.prefixes, "schema": str(SCHEMA)})

    def _things(self) -> None:
        """Write what there is about the things of each kind: in every format, and as a page."""
        headers = {document.graph for document in self._dataset.documents}
        told = [t for t in (*self._dataset.triples(), *self._inferred) if t.subject not in headers]
        kinds = pages.group_by_kind(told, self._kg.prefixes, self._header.iri)
        for kind, triples in kinds.items():
            self._graph(f"things/{kind}", triples)
        writer = pages.Pages(self._kg, self._header, kinds, set(self._dataset.triples()))
        for name, text in writer.kind_pages():
            self._write(name, text)
        for name, text in writer.index_pages([name for name in self._files if not name.endswith(".html")]):
            self._write(name, text)

    def _redirects(self) -> None:
        """Write the redirects of the identifiers, where the pack says to what address they lead."""
        if self._header.home:
            text = redirects.filled(Path(self._kg.pack.root), self._header.home)
            if text is not None:
                self._write(redirects.NAME, text)

    def _legal(self) -> None:
        """Write the citation, with the version and the date of this release, and the licenses."""
        root = Path(self._kg.pack.root)
        if (root / _CITATION).is_file():
            text = (root / _CITATION).read_text(encoding="utf-8")
            text = re.sub(r"^(version|date-released):.*\n", "", text, flags=re.MULTILINE)
            self._write(_CITATION, f"{text.rstrip()}\n{self._edition()}")
        else:
            self._write(_CITATION, self._citation())
        for name, path in (("LICENSE", root / "LICENSE"), ("LICENSE-data", root / "data" / "LICENSE")):
            if path.is_file():
                self._write(name, path.read_bytes())

    def _edition(self) -> str:
        return f"version: {json.dumps(self._header.version)}\ndate-released: {self._header.date}\n"

    def _citation(self) -> str:
        """Return a citation made from the header; JSON strings are YAML strings."""
        titles = self._header.texts(*(p for p, _ in self._header.facts if p.value.endswith(("/title", "#label"))))
        creators = [v for p, v in self._header.facts if p.value.endswith("/creator")]
        names = [str(v.value) for v in creators] or ["unknown"]  # type: ignore[union-attr]
        lines = [
            "cff-version: 1.2.0",
            "message: If you use this data set, please cite it as below.",
            "type: dataset",
            f"title: {json.dumps(titles.get('en') or next(iter(titles.values()), self._header.name), ensure_ascii=False)}",
            "authors:",
            *(f"  - name: {json.dumps(name, ensure_ascii=False)}" for name in names),
            f"url: {json.dumps(self._header.iri)}",
        ]
        return "\n".join(lines) + "\n" + self._edition()

    def _manifest(self, parts: Iterable[Part], files: dict[str, list[description.File]]) -> None:
        """Write what the release holds, for programs."""
        part_of = {file.name: name for name, listed in files.items() for file in listed}
        entries = [
            {
                "name": file.name,
                **({"part": part_of[file.name]} if file.name in part_of else {}),
                **({"mediaType": media} if (media := description.MEDIA_TYPES.get(Path(file.name).suffix)) else {}),
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in sorted(self._files.values())
        ]
        manifest = {
            "name": self._header.name,
            "iri": self._header.iri,
            "version": self._header.version,
            "date": self._header.date,
            "generator": f"llmkg {__version__}",
            "parts": {part.name: {"iri": part.iri, "triples": len(part.triples)} for part in parts},
            "files": entries,
        }
        self._write("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
