"""Triples as the bytes of N-Triples lines: the form in which large graphs are sorted and written.

Oxigraph writes a line faster than Python can look at a term, and a line without its final dot
splits at its first two spaces into subject, predicate and object. Blank nodes get labels here that
depend on the graph alone, never on the labels of the input.
Source: RDF 1.1 N-Triples, https://www.w3.org/TR/n-triples/.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import chain, compress, count
from operator import ne
from typing import TypeAlias

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse, serialize

__all__ = ["CANONICAL", "Row", "apart", "lines_of", "named_rows", "once", "rows_of", "sorted_lines", "unescaped"]

# Subject, predicate, object and graph as N-Triples writes them; the graph is empty for a triple.
Row: TypeAlias = tuple[bytes, bytes, bytes, bytes]
CANONICAL = b"_:c14n"  # how the labels of RDFC-1.0 begin
_END = b" .\n"
_UNDERSCORE, _BRACKET = b"_>"
_ENDS = b'">'  # of all terms but blank nodes and literals with a language
_LABEL = re.compile(rb"_:[^\s<>\"]+")
_ESCAPE = re.compile(rb"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = {b"t": b"\t", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"f": b"\f"}


def lines_of(triples: Iterable[Triple] | Iterable[Quad]) -> list[bytes]:
    """Return one line per triple or quad, without the final dot, in the order of the input."""
    data = serialize(triples, format=RdfFormat.N_QUADS)
    assert data is not None  # only None when an output was given
    lines = data.split(_END)
    lines.pop()
    return lines


def sorted_lines(lines: Iterable[bytes]) -> list[bytes]:
    """Return ``lines`` of triples sorted, each once, with blank nodes named by the graph."""
    found, blank = apart(lines)
    if blank:
        found += [b" ".join(row[:3]) for row in named_rows(rows_of(blank), every=True)]
    found.sort()
    return once(found)


def once(lines: list[bytes]) -> list[bytes]:
    """Return sorted ``lines``, each once."""
    return list(compress(lines, chain((True,), map(ne, lines[1:], lines))))


def apart(lines: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Return the lines without blank nodes, and those of which the subject or the object may be, or hold, one."""
    found = list(lines)
    # Almost every line is told by its ends alone: an IRI in front, an IRI or a literal without a tag behind.
    blank = [
        line
        for line in found
        if line[0] == _UNDERSCORE
        or (line[-1] not in _ENDS and line[line.rindex(b" ") + 1] == _UNDERSCORE)
        or line[-2] == _BRACKET == line[-1]  # a triple term
    ]
    if blank:
        odd = set(blank)
        found = [line for line in found if line not in odd]
    return found, blank


def rows_of(lines: Iterable[bytes], graph: bytes = b"") -> Iterator[Row]:
    """Yield the parts of ``lines`` of triples, each with ``graph``."""
    for line in lines:
        subject, predicate, obj = line.split(b" ", 2)
        yield subject, predicate, obj, graph


def unescaped(text: bytes) -> bytes:
    r"""Return what N-Triples ``text`` stands for, as UTF-8.

    >>> unescaped(b"a\\tb")
    b'a\tb'
    """
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[bytes]) -> bytes:
    code = match[1] or match[2]
    return chr(int(code, 16)).encode() if code else _SHORT.get(match[3], match[3])


# -- blank nodes ------------------------------------------------------------------------------


def named_rows(rows: Iterable[Row], *, every: bool) -> list[Row]:
    """Return ``rows``, each once, with labels for blank nodes that follow from the graph alone.

    A blank node that is used at most once, and below which all are, is told by its content: no
    algorithm for graphs is needed, and a list of thousands is no harder than a list of two. With
    ``every`` it is named after its place (the node that has it and the predicate), so that a change
    elsewhere leaves its name alone; else it gets any name, for a writer that nests it. The others,
    shared or on a cycle, get the labels of RDF Dataset Canonicalization (RDFC-1.0).
    """
    nodes = _BlankNodes(list(dict.fromkeys(rows)))
    return nodes.named(every=every)


class _BlankNodes:
    """The blank nodes of some rows: which are trees, what they hold, what they are called."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows
        self._facts: dict[bytes, list[Row]] = defaultdict(list)
        self._uses: dict[bytes, int] = defaultdict(int)
        self._parent: dict[bytes, bytes] = {}
        for row in rows:
            if row[0].startswith(b"_:"):
                self._facts[row[0]].append(row)
            if row[2].startswith(b"_:"):
                self._uses[row[2]] += 1
                self._parent[row[2]] = row[0]
            elif row[2].startswith(b"<<"):
                for node in _LABEL.findall(row[2]):  # inside a triple term: never nested
                    self._uses[node] += 2
        self._digest: dict[bytes, bytes] = {}
        self._find_trees()

    def named(self, *, every: bool) -> list[Row]:
        """Return the rows with new labels."""
        rows = self._with_hard_ones_named()
        return self._with_trees_named(rows) if every else rows

    def _find_trees(self) -> None:
        """Take a digest of each node below which all nodes are used once, from the leaves up."""
        nodes = dict.fromkeys([*self._facts, *self._uses])
        waiting = {node: sum(row[2].startswith((b"_:", b"<<")) for row in self._facts[node]) for node in nodes}
        ready = [node for node, missing in waiting.items() if not missing]
        while ready:
            node = ready.pop()
            if self._uses[node] > 1:
                continue
            facts = sorted(b" ".join((p, self._digest.get(o, o), g)) for _, p, o, g in self._facts[node])
            self._digest[node] = b"_:" + blake2b(b"\n".join(facts), digest_size=16).hexdigest().encode()
            parent = self._parent.get(node)
            if parent in waiting:
                waiting[parent] -= 1
                if not waiting[parent]:
                    ready.append(parent)

    def _with_hard_ones_named(self) -> list[Row]:
        """Return the rows, the nodes that are no trees with canonical labels, the others with any.

        Trees that hang below stand in the canonicalised graph as IRIs made from their digests.
        """
        own = {node: b"_:t%d" % number for number, node in enumerate(self._digest)}
        hard: list[Row] = []
        rest: list[Row] = []
        for row in self._rows:
            is_hard = any(part.startswith((b"_:", b"<<")) and part not in own for part in (row[0], row[2]))
            (hard if is_hard else rest).append(row)
        named = [(own.get(s, s), p, own.get(o, o), g) for s, p, o, g in rest]
        if not hard:
            return named
        stand_ins: dict[bytes, list[bytes]] = defaultdict(list)
        alike: dict[tuple[bytes, ...], Iterator[int]] = defaultdict(count)
        lines = []
        for s, p, o, g in hard:
            if o in own:
                digest = self._digest[o]
                number = next(alike[s, p, digest, g])
                iri = b"<urn:llmkg:tree:%s:%d>" % (digest[2:], number)
                stand_ins[iri].append(own[o])
                o = iri  # noqa: PLW2901
            lines.append(b" ".join(filter(None, (s, p, o, g))))
        for s, p, o, g in _canonical(lines):
            named.append((s, p, stand_ins[o].pop() if o in stand_ins else o, g))
        return named

    def _with_trees_named(self, rows: list[Row]) -> list[Row]:
        """Return rows whose trees are named after their place, from the top down."""
        digests = {b"_:t%d" % number: digest for number, digest in enumerate(self._digest.values())}
        below: dict[bytes, list[Row]] = defaultdict(list)
        used = set()
        for row in rows:
            if row[2] in digests:
                below[row[0]].append(row)
                used.add(row[2])
        names: dict[bytes, bytes] = {}
        alike: dict[bytes, Iterator[int]] = defaultdict(count)
        for node, digest in digests.items():
            if node not in used:
                names[node] = _place(digest, b"", next(alike[digest]))
        todo = [node for node in below if node not in digests or node in names]
        while todo:
            node = todo.pop()
            places: dict[tuple[bytes, bytes], Iterator[int]] = defaultdict(count)
            for s, p, o, g in sorted(below[node], key=lambda row: (row[1], row[3], digests[row[2]])):
                names[o] = _place(names.get(s, s), p + g, next(places[p, g]))
                if o in below:
                    todo.append(o)
        return [(names.get(s, s), p, names.get(o, o), g) for s, p, o, g in rows]


def _place(parent: bytes, predicate: bytes, number: int) -> bytes:
    key = b" ".join((parent, predicate, b"%d" % number))
    return b"_:b" + blake2b(key, digest_size=10).hexdigest().encode()


def _canonical(lines: Iterable[bytes]) -> Iterator[Row]:
    """Yield the parts of N-Quads ``lines`` after RDFC-1.0."""
    dataset = Dataset(parse(_END.join([*lines, b""]), RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    quads = list(dataset)
    for line, quad in zip(lines_of(quad.triple for quad in quads), quads, strict=True):
        subject, predicate, obj = line.split(b" ", 2)
        graph = b"" if str(quad.graph_name) == "DEFAULT" else str(quad.graph_name).encode()
        yield subject, predicate, obj, graph
