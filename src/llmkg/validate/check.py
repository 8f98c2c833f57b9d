"""Check a pack from its files: what stands in them, what they say together, what follows from it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from llmkg.pack import Pack
from llmkg.reason import no_collecting
from llmkg.terms import PREFIXES
from llmkg.validate.checks import Checks, read_checks, run_checks
from llmkg.validate.consistency import check_consistency
from llmkg.validate.data import Data
from llmkg.validate.files import check_format, check_names, read_file
from llmkg.validate.finding import Finding
from llmkg.validate.places import Places, TextFile
from llmkg.validate.retired import check_retired
from llmkg.validate.shapegraph import Shapes
from llmkg.validate.shapes import check_shapes
from llmkg.validate.vocabulary import check_terms

__all__ = ["Progress", "Report", "check_pack"]

Progress = Callable[[str, int, int], Any]  # what is being done, how much of it is done, of how much


@dataclass(frozen=True)
class Report:
    """The findings, sorted by place, and how much was looked at.

    ``complete`` is false when a file could not be read: what the files say together was then not checked.
    """

    findings: tuple[Finding, ...]
    files: int
    triples: int
    prefixes: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True


def _silent(_what: str, _done: int, _of: int) -> None:
    pass


def check_pack(pack: Pack, extra: Sequence[str] = (), engine: str = "llmkg", progress: Progress = _silent) -> Report:
    """Return what is wrong with ``pack``, with ``extra`` files read as further data.

    Raises InputError when the shapes are not well-formed SHACL, or a query cannot be read, or a rule run.
    """
    with no_collecting():
        return _checked(pack, extra, engine, progress)


def _checked(pack: Pack, extra: Sequence[str], engine: str, progress: Progress) -> Report:
    reader = _Reader(pack, progress)
    shape_files = reader.read(pack.shapes)
    files = reader.read(extra) + reader.read(pack.data) + reader.read(pack.ontology)
    found = reader.found
    prefixes: dict[str, str] = dict(PREFIXES)
    for file in reversed(files):  # the ontology has the first word
        for name, iri in file.document.prefixes.items():
            prefixes.setdefault(name, iri)
    triples = sum(len(file.document.triples) for file in files)
    complete = not found
    everything = [*files, *shape_files]
    names = [*check_names(everything, prefixes)]
    for done, file in enumerate(everything):
        progress("format", done, len(everything))
        found += check_format(file)
    checks = read_checks(pack)
    graph = []
    if complete:
        queries = {pack.name(path): path for path in (*pack.queries, *checks.files)}
        graph = _check_graph(files, shape_files, checks, queries, prefixes, engine, progress)
    progress("", 0, 0)
    placed = Places(everything).put([*found, *names, *graph])
    return Report(tuple(sorted(set(placed))), len(everything), triples, prefixes, complete)


def _check_graph(  # noqa: PLR0913, PLR0917  (what is checked, against what, how)
    files: Sequence[TextFile],
    shape_files: Sequence[TextFile],
    checks: Checks,
    queries: Mapping[str, str],
    prefixes: dict[str, str],
    engine: str,
    progress: Progress,
) -> list[Finding]:
    data = Data(triple for file in reversed(files) for triple in file.document.triples)
    shapes = Shapes(triple for file in shape_files for triple in file.document.triples)
    progress("terms", 0, 1)
    found = check_terms(data, prefixes, shapes.triples)
    found += check_retired(data, shapes.triples, queries, prefixes)
    found += check_shapes(data, shapes, prefixes, engine, lambda done, of: progress("shapes", done, of))
    found += run_checks(data, checks, prefixes, lambda done, of: progress("rules", done, of))
    progress("consistency", 0, 1)
    return found + check_consistency(data, prefixes)


class _Reader:
    """Reads files, and keeps what is said of those that cannot be read."""

    def __init__(self, pack: Pack, progress: Progress) -> None:
        self._pack = pack
        self._progress = progress
        self.found: list[Finding] = []

    def read(self, paths: Iterable[str]) -> list[TextFile]:
        """Return the files that can be read."""
        files = []
        listed = list(paths)
        for done, path in enumerate(listed):
            name = os.path.relpath(path, self._pack.root).replace(os.sep, "/")
            self._progress("reading", done, len(listed))
            file = read_file(path, name, self._pack)
            if isinstance(file, Finding):
                self.found.append(file)
            else:
                files.append(file)
        return files
