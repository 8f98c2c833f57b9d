"""A graph laid out to be written: subjects in order, what is nested in them, lists as lists.

In go lines of ``llmkg.statements``, out come a subject at a time with its facts in the order of
the sorted form: ``a``, labels and definitions first, then by IRI; IRIs before literals before blank
nodes. Every format that nests blank nodes is written from this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from llmkg.statements import CANONICAL, apart, named_rows, rows_of, unescaped
from llmkg.terms import OWL, RDF, RDFS, SH, SKOS

__all__ = ["Facts", "Outline", "Watch", "grouped", "is_blank", "literal_parts", "object_order"]

# The facts of one subject: for each predicate what it is sorted by, itself, its objects.
Facts: TypeAlias = list[tuple[bytes, bytes, list[bytes]]]
# What sees the lines go by as they are written, to tell a user how far it is.
Watch: TypeAlias = Callable[[list[bytes]], Iterable[bytes]]
_QUOTE, _BRACKET = b'"<'
_DEPTH = 40  # blank nodes nested deeper than this are written at top level: readers recurse, and so do we
_TYPE, _FIRST, _REST, _NIL = (str(term).encode() for term in (RDF.type, RDF.first, RDF.rest, RDF.nil))
_HEADER = b" %s %s" % (_TYPE, str(OWL.Ontology).encode())
_LAST = _HEADER[-2]  # looked at first: to compare the whole end of every line takes longer than to sort them
_LEADING = [RDF.type, SH.path, RDFS.label, SKOS.altLabel, SKOS.definition]


class _Order(dict[bytes, bytes]):
    """What a predicate is sorted by: its rank, then its IRI."""

    def __missing__(self, predicate: bytes) -> bytes:
        self[predicate] = b"9" + predicate[1:-1]
        return self[predicate]


def is_blank(term: bytes) -> bool:
    """Tell whether ``term`` is a blank node."""
    return term.startswith(b"_:")


def literal_parts(literal: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the escaped value of a literal, its language tag and its datatype with brackets.

    >>> literal_parts(b'"a"@en')
    (b'a', b'en', b'')
    """
    head, _, tail = literal.rpartition(b'"')
    return head[1:], tail[1:] if tail.startswith(b"@") else b"", tail[2:] if tail.startswith(b"^") else b""


def object_order(term: bytes) -> tuple[int, bytes, bytes]:
    """Return what an object is sorted by: IRIs, then literals by language and value, then blank nodes."""
    if term[0] != _QUOTE:
        return (0, term, b"") if term[0] == _BRACKET else (2, b"", b"")
    head, _, tail = term.rpartition(b'"')
    value = unescaped(head) if b"\\" in head else head
    return 1, tail if tail[:1] == b"@" else b"", value


class Outline:
    """The triples of one graph, each once.

    Blank nodes that are used twice or lie on a cycle have the labels of RDFC-1.0; those that are
    used once are nested where they are used.
    """

    def __init__(self, lines: Iterable[bytes], watch: Watch = list, graph: bytes = b"") -> None:
        """Take N-Triples lines in any order; those of several graphs name their blank nodes apart."""
        self._lines, blank = apart(lines)
        self._lines.sort()
        self._watch = watch
        self._graph = graph
        self._nested: dict[bytes, Facts] = {}
        self._lists: dict[bytes, bool] = {}
        self.inline: set[bytes] = set()
        self.unused: set[bytes] = set()
        if blank and not self._lay_out(blank, every=False):
            self._lay_out(blank, every=True)

    def subjects(self) -> Iterator[tuple[bytes, Facts]]:
        """Yield each subject that is not nested with its facts: ontology headers, IRIs, blank nodes."""
        headers = {line[: -len(_HEADER)] for line in self._lines if line[-2] == _LAST and line.endswith(_HEADER)}
        if headers:
            first = [line for line in self._lines if line.partition(b" ")[0] in headers]
            yield from grouped(first)
        for subject, facts in grouped(self._watch(self._lines)):
            if subject not in headers:
                yield subject, facts
        for subject in sorted(self._nested.keys() - self.inline):
            yield subject, self._nested[subject]

    def facts(self, node: bytes) -> Facts:
        """Return the facts of a blank node."""
        return self._nested.get(node, [])

    def members(self, node: bytes) -> list[bytes] | None:
        """Return the members when the nested ``node`` begins a well-formed list, else None."""
        if not self._is_list(node):
            return None
        found = []
        while node != _NIL:
            (_, _, first), (_, _, rest) = self._nested[node]
            found.append(first[0])
            node = rest[0]
        return found

    def _is_list(self, node: bytes) -> bool:
        """Tell whether ``node`` begins a list with nothing odd about any cell; see RDF Schema, section 5.2."""
        cells = []
        while node not in self._lists and node != _NIL:
            cells.append(node)
            facts = self._nested.get(node, [])
            is_cell = node in self.inline and [p for _, p, _ in facts] == [_FIRST, _REST]
            if not is_cell or any(len(objects) > 1 for _, _, objects in facts):
                self._lists[node] = False
                break
            node = facts[1][2][0]
        verdict = self._lists.get(node, node == _NIL)
        self._lists.update(dict.fromkeys(cells, verdict))
        return verdict

    def _lay_out(self, blank: Iterable[bytes], *, every: bool) -> bool:
        """Sort out the lines with blank nodes; False when one lies too deep and needs a name of its own."""
        rows = named_rows(rows_of(blank, self._graph), every=every)
        self._nested = dict(grouped(sorted(b" ".join(row[:3]) for row in rows if is_blank(row[0]))))
        named = [b" ".join(row[:3]) for row in rows if not is_blank(row[0])]
        uses: dict[bytes, int] = defaultdict(int)
        for row in rows:
            if is_blank(row[2]):
                uses[row[2]] += 1
        self.unused = {node for node in self._nested if node not in uses}
        self.inline = {node for node, number in uses.items() if number == 1}
        self._lists = {}
        roots = {row[2] for row in rows if not is_blank(row[0]) and row[2] in self.inline}
        reached, deep = self._reach([*roots, *(node for node in self._nested if node not in self.inline)])
        # What no root reaches lies on cycles, whose nodes keep their canonical labels, or hangs below these.
        cyclic = {node for node in self.inline - reached if node.startswith(CANONICAL)}
        self.inline -= cyclic
        below, deeper = self._reach(cyclic)
        if (deep or deeper) and not every:
            return False
        self.inline = (reached | below) - deep - deeper
        self._lists = {}
        self._lines = sorted([*self._lines, *named])
        return True

    def _reach(self, roots: Iterable[bytes]) -> tuple[set[bytes], set[bytes]]:
        """Return which of ``inline`` are nested in what a root holds, and which of these lie too deep."""
        reached, deep = set(roots) & self.inline, set()
        stack = [(node, 1) for node in roots]
        while stack:
            node, depth = stack.pop()
            if depth > _DEPTH:
                deep.add(node)
                depth = 1
            members = self.members(node)
            below = [o for _, _, objects in self.facts(node) for o in objects] if members is None else members
            while members is not None and node != _NIL:  # the cells themselves are not nested in each other
                reached.add(node)
                node = self._nested[node][1][2][0]
            for term in below:
                if term in self.inline and term not in reached:
                    reached.add(term)
                    stack.append((term, depth + 1))
        return reached, deep


def grouped(lines: Iterable[bytes]) -> Iterator[tuple[bytes, Facts]]:
    """Yield each subject of sorted ``lines`` with its facts in order."""
    order = _Order({str(predicate).encode(): b"%d" % rank for rank, predicate in enumerate(_LEADING)})
    subject = predicate = b""
    facts: Facts = []
    objects: list[bytes] = []
    for line in lines:
        s, p, o = line.split(b" ", 2)
        if s != subject:
            if facts:
                yield subject, _in_order(facts)
            subject, facts = s, []
        elif p == predicate:
            if o != objects[-1]:
                objects.append(o)
            continue
        predicate, objects = p, [o]
        facts.append((order[p], p, objects))
    if facts:
        yield subject, _in_order(facts)


def _in_order(facts: Facts) -> Facts:
    for _, _, objects in facts:
        # A quote sorts before the bracket of an IRI: where the first is an IRI, all is in order.
        if len(objects) > 1 and objects[0][0] == _QUOTE:
            objects.sort(key=object_order)
    facts.sort()
    return facts
