"""Write N-Triples, N-Quads and TriG, sorted; blank nodes have labels that follow from the graph.

Source: RDF 1.1 N-Triples, N-Quads and TriG, https://www.w3.org/TR/trig/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from llmkg.outline import Outline, Watch, is_blank
from llmkg.statements import Row, apart, named_rows, once, rows_of, sorted_lines
from llmkg.turtle import TermTexts, block_texts, prefix_lines

__all__ = ["nquads_parts", "ntriples_parts", "trig_parts"]

_CHUNK = 10_000  # lines


def ntriples_parts(lines: Iterable[bytes], watch: Watch = list) -> Iterator[bytes]:
    """Yield N-Triples in parts of some thousand lines."""
    return _joined(sorted_lines(lines), watch)


def nquads_parts(graphs: Mapping[str, list[bytes]], watch: Watch = list) -> Iterator[bytes]:
    """Yield N-Quads from the lines of named graphs."""
    named, blank = _with_shared_names(graphs)
    quads = [line + b" " + graph for graph, lines in named.items() for line in lines]
    quads += map(b" ".join, blank)
    quads.sort()
    return _joined(once(quads), watch)


def trig_parts(graphs: Mapping[str, list[bytes]], prefixes: Mapping[str, str], watch: Watch = list) -> Iterator[bytes]:
    """Yield TriG in parts: a block for each named graph, in which all is as in the sorted Turtle."""
    names = TermTexts(prefixes)
    named, blank = _with_shared_names(graphs)
    stand_ins = {node: b"<%s>" % node for node in _shared(blank)}
    names.update({iri: node for node, iri in stand_ins.items()})
    for s, p, o, graph in blank:
        named[graph].append(b" ".join((stand_ins.get(s, s), p, stand_ins.get(o, o))))
    texts = []
    for graph, lines in sorted(named.items()):
        body = b"\n".join(block_texts(Outline(lines, watch, graph), names, b"    "))
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


def _with_shared_names(graphs: Mapping[str, list[bytes]]) -> tuple[dict[bytes, list[bytes]], list[Row]]:
    """Return the lines by graph, without those that have blank nodes, and these, named over all graphs together."""
    found: dict[bytes, list[bytes]] = {}
    blank: list[Row] = []
    for name, lines in graphs.items():
        graph = b"<%s>" % name.encode()
        found[graph], odd = apart(lines)
        blank += rows_of(odd, graph)
    return found, named_rows(blank, every=True) if blank else []


def _shared(rows: Iterable[Row]) -> set[bytes]:
    """Return the blank nodes that cannot be nested: several graphs have them, or one uses them more than once."""
    uses: dict[bytes, int] = defaultdict(int)
    places: dict[bytes, set[bytes]] = defaultdict(set)
    for s, _, o, graph in rows:
        for term in filter(is_blank, (s, o)):
            places[term].add(graph)
        uses[o] += is_blank(o)
    return {n for n in places if n.startswith(b"_:c") or len(places[n]) > 1 or uses[n] > 1}
