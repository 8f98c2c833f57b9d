"""Compare two graphs, or two packs: what has changed, what follows from it, and how much it weighs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from llmkg.difference import update
from llmkg.difference.changes import ThingDiff, changed_things
from llmkg.difference.compare import TripleDiff, compare
from llmkg.difference.consequences import (
    Answers,
    Inferences,
    compare_answers,
    compare_inferences,
    touched_things,
)
from llmkg.difference.naming import Naming
from llmkg.difference.queries import QueryDiff, changed_queries
from llmkg.difference.renames import find_renames, renamed
from llmkg.difference.sides import Given, Side, opened, without_headers
from llmkg.difference.verdict import Verdict, judge
from llmkg.errors import EngineError
from llmkg.pack import Pack
from llmkg.queryfile import read_query
from llmkg.savedquery import SavedQuery
from llmkg.terms import RDFS

__all__ = ["Difference", "diff"]

_ABOVE = tuple(str(term).encode() for term in (RDFS.subClassOf, RDFS.subPropertyOf))
_SUB = b"rdf-schema#sub"  # in both


@dataclass(frozen=True)
class Difference:
    """How two graphs differ; false when they do not.

    ``triples`` and ``shapes`` tell which triples only one of them has, as they stand; in all else
    renamed things have their new names. ``renames`` has the new IRI for each old one. ``things`` are
    those that have changed, ``queries`` the saved queries, or None when one side has no queries.
    ``inferences`` and ``answers`` are None where they were not asked for or do not apply; ``notes``
    say why. ``naming`` knows what things are called.
    """

    old: str
    new: str
    triples: TripleDiff
    shapes: TripleDiff
    renames: Mapping[str, str]
    things: tuple[ThingDiff, ...]
    queries: tuple[QueryDiff, ...] | None
    inferences: Inferences | None
    answers: Answers | None
    verdict: Verdict
    notes: tuple[str, ...] = ()
    naming: Naming = field(repr=False, default_factory=lambda: Naming([], [], {}))

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.triples or self.shapes or self.queries)

    def update(self) -> Iterator[str]:
        """Yield the operations of the SPARQL UPDATE that turns the old graph into the new one, in their order."""
        for operation in update.operations(self.triples):
            yield operation.decode()

    def update_parts(self) -> Iterator[bytes]:
        """Yield the SPARQL UPDATE as one text, in parts."""
        return update.update_parts(self.triples, f"llmkg diff: from {self.old} to {self.new}.")

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON values, as docs/diff.md has them."""
        from llmkg.difference.report import report_json  # noqa: PLC0415  (it lays out what is made here)

        return report_json(self)

    def to_text(self, lang: str = "en", width: int = 80, *, whole: bool = False) -> str:
        """Return it in words, in lines of at most ``width`` columns; long lists are cut unless the ``whole`` is wanted."""
        from llmkg.difference.report import report_text  # noqa: PLC0415

        return report_text(self, lang, width, whole=whole)

    def to_markdown(self, lang: str = "en", *, whole: bool = False) -> str:
        """Return it as Markdown, for a changelog or a review."""
        from llmkg.difference.report import report_markdown  # noqa: PLC0415

        return report_markdown(self, lang, whole=whole)


def diff(
    old: Given, new: Given, *, root: str | None = None, consequences: bool = True, cache: str | None = None
) -> Difference:
    """Return how ``new`` differs from ``old``.

    Each may be a ``KnowledgeGraph``, an RDF file, the folder of a pack or of a release, a folder of
    RDF files, or a git revision of the pack at ``root`` (of the one that ships with llmkg when that
    is None), with ``:PATH`` after it for a part of it. ``consequences`` are what follows and what
    saved queries answer. ``cache`` is the folder for snapshots of packs, None to work in memory.
    Raises UsageError for an unknown file or revision, InputError for what cannot be read.

    >>> import llmkg
    >>> bool(llmkg.diff(kg, kg, consequences=False))
    False
    """
    with ExitStack() as stack:
        sides = [stack.enter_context(opened(given, root, cache)) for given in (old, new)]
        return _Comparison(sides[0], sides[1]).difference(consequences=consequences)


class _Comparison:
    """Two open sides."""

    def __init__(self, old: Side, new: Side) -> None:
        self._old, self._new = old, new
        self._notes: list[str] = []
        if old.released != new.released:
            self._notes.append("headers")
            self._old_lines, self._new_lines = without_headers(old.lines), without_headers(new.lines)
        else:
            self._old_lines, self._new_lines = old.lines, new.lines
        self._triples = compare(self._old_lines, self._new_lines)
        # Shapes are part of a pack; against anything else they would all seem to have come or gone.
        shaped = old.graph is not None and new.graph is not None
        self._shapes = compare(old.shapes, new.shapes) if shaped else compare((), ())

    def difference(self, *, consequences: bool) -> Difference:
        """Return the difference."""
        naming = Naming(
            chain(self._old_lines, self._old.shapes),
            chain(self._new_lines, self._new.shapes),
            {**self._old.prefixes, **self._new.prefixes},
        )
        things = [*self._things(naming), *self._changed_shapes(naming)]
        queries = self._queries()
        inferences = self._inferences() if consequences and self._triples else None
        answers = self._answers(inferences, queries) if consequences else None
        verdict = judge(
            things,
            queries or (),
            self._above(),
            answering_otherwise=[answer.query for answer in answers.changed] if answers else (),
            contradictions=inferences.contradictions_gained if inferences else (),
        )
        return Difference(
            old=self._old.name,
            new=self._new.name,
            triples=self._triples,
            shapes=self._shapes,
            renames=self._renames,
            things=tuple(things),
            queries=None if queries is None else tuple(queries),
            inferences=inferences,
            answers=answers,
            verdict=verdict,
            notes=tuple(self._notes),
            naming=naming,
        )

    @cached_property
    def _names(self) -> dict[bytes, bytes]:
        return find_renames(self._old_lines, self._new_lines) if self._triples else {}

    @property
    def _renames(self) -> dict[str, str]:
        return {old[1:-1].decode(): new[1:-1].decode() for old, new in self._names.items()}

    @cached_property
    def _old_renamed(self) -> frozenset[bytes]:
        return renamed(self._old_lines, self._names)

    @cached_property
    def _told(self) -> TripleDiff:
        """The difference once things have their new names."""
        return compare(self._old_renamed, self._new_lines) if self._names else self._triples

    def _things(self, naming: Naming) -> list[ThingDiff]:
        return changed_things(self._told, self._old_renamed, self._new_lines, self._names, naming.texts)

    def _changed_shapes(self, naming: Naming) -> list[ThingDiff]:
        old = renamed(self._old.shapes, self._names)
        told = compare(old, self._new.shapes) if self._names and self._shapes else self._shapes
        found = changed_things(told, old, self._new.shapes, {}, naming.texts)
        return [thing._replace(part="shapes") for thing in found]

    def _queries(self) -> list[QueryDiff] | None:
        if self._old.graph is None or self._new.graph is None:
            self._notes.append("queries")
            return None
        return changed_queries(_read_queries(self._old.graph.pack), _read_queries(self._new.graph.pack))

    def _inferences(self) -> Inferences | None:
        try:
            return compare_inferences(self._old_renamed, self._new_lines)
        except EngineError as error:
            self._notes.append(f"inferences: {error}")
            return None

    def _answers(self, inferences: Inferences | None, queries: list[QueryDiff] | None) -> Answers | None:
        if self._old.graph is None or self._new.graph is None or not (self._triples or queries):
            return None
        told = self._told
        lines = [*told.removed, *told.added]
        for clusters in (told.removed_clusters, told.added_clusters):
            lines += (line for cluster in clusters for line in cluster.lines)
        if inferences is not None:
            lines += [*inferences.gained, *inferences.lost]
        touched = touched_things(lines) + Counter(self._renames.values())
        return compare_answers(self._old.graph, self._new.graph, self._renames, touched)

    def _above(self) -> dict[str, frozenset[str]]:
        """Return for each class or property those above it in the new graph, itself included."""
        wider: dict[str, set[str]] = defaultdict(set)
        for line in self._new_lines:
            if _SUB in line:
                subject, predicate, obj = line.split(b" ", 2)
                if predicate in _ABOVE and obj.startswith(b"<"):
                    wider[subject[1:-1].decode()].add(obj[1:-1].decode())
        return {name: frozenset(_reached(name, wider)) for name in wider}


def _reached(start: str, links: Mapping[str, Iterable[str]]) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        new = set(links.get(todo.pop(), ())) - found
        found |= new
        todo += new
    return found


def _read_queries(pack: Pack) -> dict[str, SavedQuery]:
    """Return the queries of a pack by name: to have them from its graph would mean to close it."""
    queries = (read_query(Path(path), pack.name(path)) for path in pack.queries)
    return {query.name: query for query in queries}
