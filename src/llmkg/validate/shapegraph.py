"""The shapes of a pack as one graph: their properties, paths, targets and texts.

Source: SHACL, sections 2 (shapes) and 2.3.1 (property paths), https://www.w3.org/TR/shacl/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path as FilePath
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.errors import InputError
from llmkg.load import read_document
from llmkg.terms import RDF, SH, Term
from llmkg.turtle import term_text

__all__ = ["Path", "Result", "Shapes", "path_text", "read_shapes", "steps", "unusable"]

Path: TypeAlias = NamedNode | tuple[str, tuple["Path", ...]]

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_REPEATED = ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?"))


class Result(NamedTuple):
    """One validation result (SHACL, section 3.6.2).

    ``component`` is the constraint parameter, such as ``minCount``; ``path`` is set only where it is
    not that of the shape; ``constraint`` is the node of a SPARQL constraint.
    """

    focus: Term
    path: NamedNode | None
    component: str
    value: Term | None
    shape: Term
    constraint: Term | None = None


class Shapes:
    """All shapes of some files, which may refer to each other."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Take the triples of the shapes graph."""
        self.triples = tuple(triples)
        self._facts: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in self.triples:
            self._facts[triple.subject][triple.predicate].append(triple.object)

    def facts(self, node: Term) -> Mapping[NamedNode, list[Term]]:
        """Return what is said of ``node``: the values by predicate."""
        return self._facts.get(node, {})

    def objects(self, node: Term, predicate: NamedNode) -> list[Term]:
        """Return the values of ``predicate`` at ``node``."""
        return self.facts(node).get(predicate, [])

    def value(self, node: Term, predicate: NamedNode) -> Term | None:
        """Return a value of ``predicate`` at ``node``, or None."""
        return next(iter(self.objects(node, predicate)), None)

    def members(self, head: Term) -> list[Term]:
        """Return the members of an RDF list; raises ValueError when it is none."""
        found: list[Term] = []
        seen = set()
        while head != RDF.nil:
            first, rest = self.objects(head, RDF.first), self.objects(head, RDF.rest)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                raise ValueError(f"{head} is no well-formed list")
            seen.add(head)
            found += first
            head = rest[0]
        return found

    @cached_property
    def roots(self) -> tuple[Term, ...]:
        """The shapes that have a target of their own or may have one, in the order of the files."""
        implicit = [s for s, facts in self._facts.items() if self._is_shape(s) and len(facts[RDF.type]) > 1]
        stated = [triple.subject for triple in self.triples if triple.predicate in _TARGETS]
        return tuple(dict.fromkeys([*stated, *implicit]))

    @cached_property
    def classes(self) -> frozenset[Term]:
        """The classes that anything in the shapes graph is of."""
        return frozenset(t.object for t in self.triples if t.predicate == RDF.type)

    def _is_shape(self, node: Term) -> bool:
        types = self._facts[node].get(RDF.type, ())
        return SH.NodeShape in types or SH.PropertyShape in types

    def path(self, shape: Term) -> Path | None:
        """Return the path of a property shape, None for a node shape; raises ValueError when it is broken."""
        node = self.value(shape, SH.path)
        return None if node is None else self._path(node)

    def _path(self, node: Term) -> Path:
        if isinstance(node, NamedNode):
            return node
        facts = self.facts(node)
        if inverse := facts.get(SH.inversePath):
            return ("^", (self._path(inverse[0]),))
        if alternatives := facts.get(SH.alternativePath):
            return ("|", tuple(map(self._path, self.members(alternatives[0]))))
        for predicate, sign in _REPEATED:
            if inner := facts.get(predicate):
                return (sign, (self._path(inner[0]),))
        if RDF.first in facts:
            return ("/", tuple(map(self._path, self.members(node))))
        raise ValueError(f"{node} is no property path")

    def messages(self, *nodes: Term | None) -> dict[str, str]:
        """Return the messages of the first of ``nodes`` that has some, by language."""
        for node in nodes:
            texts = [] if node is None else self.objects(node, SH.message)
            if texts:
                return {t.language or "": t.value for t in texts if isinstance(t, Literal)}
        return {}

    def severity(self, shape: Term) -> str:
        """Return the severity of what ``shape`` finds: error, warning or info."""
        return {SH.Warning: "warning", SH.Info: "info"}.get(self.value(shape, SH.severity), "error")  # type: ignore[arg-type]


def read_shapes(paths: Iterable[FilePath]) -> Shapes:
    """Return the shapes of some SHACL files; raises InputError with the place of a syntax error."""
    return Shapes(triple for path in paths for triple in read_document(path).triples)


def path_text(path: Path | None, prefixes: Mapping[str, str]) -> str:
    """Return a property path as SPARQL writes it; empty for none."""
    if path is None:
        return ""
    if isinstance(path, NamedNode):
        return term_text(path, prefixes)
    sign, parts = path
    texts = [path_text(part, prefixes) for part in parts]
    wrapped = [
        f"({t})" if not isinstance(p, NamedNode) and p[0] in "|/" else t for t, p in zip(texts, parts, strict=True)
    ]
    if sign == "^":
        return f"^{wrapped[0]}"
    return sign.join(texts if sign == "|" else wrapped) if sign in "|/" else f"{wrapped[0]}{sign}"


def steps(path: Path | None) -> Iterator[tuple[NamedNode, bool]]:
    """Yield the predicates that a path may begin with; True for one that is followed backwards."""
    if isinstance(path, NamedNode):
        yield path, False
    elif path is not None:
        sign, parts = path
        for part in parts if sign == "|" else parts[:1]:
            for predicate, backwards in steps(part):
                yield predicate, backwards != (sign == "^")


def unusable(error: Exception) -> InputError:
    """Return the error for shapes that are not well-formed."""
    return InputError(f"the shapes cannot be used: {' '.join(str(error).split())}")
