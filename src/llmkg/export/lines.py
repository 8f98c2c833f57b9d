"""Write N-Triples, N-Quads and TriG, sorted; blank nodes have labels that follow from the graph.

Source: RDF 1.1 N-Triples, N-Quads and TriG, https://www.w3.org/TR/trig/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from llmkg.outline import Outline, Watch, is_blank
from llmkg.statements import Row, has_blank_node, named_rows, rows_of, sorted_lines
from llmkg.turtle import TermTexts, block_texts, prefix_lines

__all__ = ["nquads_parts", "ntriples_parts", "trig_parts"]

_CHUNK = 10_000  # lines


def ntriples_parts(lines: Iterable[bytes], watch: Watch = list) -> Iterator[bytes]:
    """Yield N-Triples in parts of some thousand lines."""
    return _joined(sorted_lines(lines), watch)


def nquads_parts(graphs: Mapping[str, list[bytes]], watch: Watch = list) -> Iterator[bytes]:
    """Yield N-Quads from the lines of named graphs."""
    named = _with_shared_names(graphs)
    quads = (line + b" " + graph for graph, lines in named.items() for line in lines)
    return _joined([line for line, _ in groupby(sorted(quads))], watch)


def trig_parts(graphs: Mapping[str, list[bytes]], prefixes: Mapping[str, str], watch: Watch = list) -> Iterator[bytes]:
    """Yield TriG in parts: a block for each named graph, in which all is as in the sorted Turtle."""
    names = TermTexts(prefixes)
    named = _with_shared_names(graphs)
    uses: dict[bytes, int] = defaultdict(int)
    places: dict[bytes, set[bytes]] = defaultdict(set)
    for graph, lines in named.items():
        for row in rows_of(line for line in lines if b"_:" in line and has_blank_node(line)):
            for term in filter(is_blank, (row[0], row[2])):
                places[term].add(graph)
            uses[row[2]] += is_blank(row[2])
    # A blank node can be nested when one graph has it and uses it once; the label of another stands for an IRI.
    shared = {n for n in places if n.startswith(b"_:c") or len(places[n]) > 1 or uses[n] > 1}
    stand_ins = {node: b"<%s>" % node for node in shared}
    names.update({iri: node for node, iri in stand_ins.items()})
    texts = []
    for graph, lines in sorted(named.items()):
        rows = _replaced(lines, stand_ins) if stand_ins else lines
        body = b"\n".join(block_texts(Outline(rows, watch, graph), names, b"    "))
        texts.append(b"%s {\n%s}\n" % (names[graph], body))
    head = prefix_lines(names)
    yield head
    for number, text in enumerate(texts):
        yield b"\n" + text if head or number else text


def _joined(lines: list[bytes], watch: Watch) -> Iterator[bytes]:
    part: list[bytes] = []
    for line in watch(lines):
        part.append(line)
        if len(part) == _CHUNK:
            yield b" .\n".join([*part, b""])
            part = []
    if part:
        yield b" .\n".join([*part, b""])


def _replaced(lines: Iterable[bytes], stand_ins: Mapping[bytes, bytes]) -> Iterator[bytes]:
    for line in lines:
        if b"_:" in line and has_blank_node(line):
            s, p, o = line.split(b" ", 2)
            yield b" ".join((stand_ins.get(s, s), p, stand_ins.get(o, o)))
        else:
            yield line


def _with_shared_names(graphs: Mapping[str, list[bytes]]) -> dict[bytes, list[bytes]]:
    """Return the lines by graph, blank nodes named over all graphs together."""
    found: dict[bytes, list[bytes]] = {}
    blank: list[Row] = []
    for name, lines in graphs.items():
        graph = b"<%s>" % name.encode()
        found[graph] = [line for line in lines if b"_:" not in line or not has_blank_node(line)]
        blank += rows_of((line for line in lines if b"_:" in line and has_blank_node(line)), graph)
    for s, p, o, graph in named_rows(blank, every=True) if blank else ():
        found[graph].append(b" ".join((s, p, o)))
    return found
