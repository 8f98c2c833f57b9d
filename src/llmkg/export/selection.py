"""What to export: a part of the graph, or what is around one thing, still apart by named graph.

What files say is read from the files, as they say it, and what follows is put as they put it: a
store keeps the value of a number and not its digits, and no language tag with capitals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from llmkg.export.written import as_files_write
from llmkg.load import Document, read_document, read_pack
from llmkg.outline import is_blank
from llmkg.pack import Pack
from llmkg.statements import lines_of
from llmkg.tags import with_written_tags, written_tags
from llmkg.terms import OWL, PREFIXES, RDF, RDFS

__all__ = ["Selection", "around", "mentioned", "select"]

_TYPE, _LABEL = str(RDF.type).encode(), str(RDFS.label).encode()
_MODEL = tuple(f"<{namespace}".encode() for namespace in (RDF, RDFS, OWL))


class Selection(NamedTuple):
    """Lines to export by the IRI of their graph, with what is needed to write them well.

    ``inferred`` are those of the lines that no file says, ``model`` the lines of the ontology and
    ``shapes`` those of the shapes.
    """

    graphs: dict[str, list[bytes]]
    inferred: list[bytes]
    model: list[bytes]
    shapes: list[bytes]
    prefixes: dict[str, str]

    @property
    def lines(self) -> list[bytes]:
        """All lines, those of several graphs more than once."""
        return [line for lines in self.graphs.values() for line in lines]


def select(pack: Pack, part: str, inferred: Callable[[], Iterable[Triple]], inferred_graph: str) -> Selection:
    """Return a part of the graph of ``pack``; ``inferred`` gives the triples that follow from it."""
    dataset = read_pack(pack)
    files = {"ontology": dataset.ontology, "data": dataset.data}
    model = [line for document in dataset.ontology for line in _lines(pack, document)]
    graphs: dict[str, list[bytes]] = {}
    for kind, documents in files.items():
        if part in ("all", "asserted", kind):
            for document in documents:
                graphs.setdefault(document.graph.value, []).extend(_lines(pack, document))
    follows: list[bytes] = []
    if part in ("all", "inferred"):
        asserted = (line for document in dataset.documents for line in _lines(pack, document))
        follows = as_files_write(lines_of(inferred()), asserted)
        graphs[inferred_graph] = follows
    shapes = [line for path in pack.shapes for line in lines_of(read_document(Path(path), pack.name(path)).triples)]
    return Selection(graphs, follows, model, shapes, {**PREFIXES, **dataset.prefixes})


def around(selection: Selection, term: bytes, depth: int) -> Selection:
    """Return what is at most ``depth`` links from ``term``: facts, links to it, names of what they mention.

    With a depth of 0 these are the facts of the thing itself.
    """
    lines = selection.lines
    by_subject: dict[bytes, list[bytes]] = defaultdict(list)
    by_object: dict[bytes, list[bytes]] = defaultdict(list)
    for line in lines:
        subject, _, rest = line.partition(b" ")
        by_subject[subject].append(line)
        if not line.endswith(b'"'):
            by_object[rest.split(b" ", 1)[1]].append(line)
    wanted: set[bytes] = set(by_subject[term])
    seen, edge = {term}, {term}
    for _ in range(depth):
        for node in edge:
            wanted.update(by_subject[node])
            wanted.update(line for line in by_object[node] if node.startswith(b"<"))
        edge = {n for line in wanted for n in _linked(line)} - seen
        seen |= edge
    mentioned = {n for line in wanted for n in _linked(line)} if depth else set()
    for node in mentioned:
        wanted.update(line for line in by_subject[node] if line.split(b" ", 2)[1] in (_TYPE, _LABEL))
    _with_blank_nodes(wanted, by_subject)
    graphs = {name: [line for line in found if line in wanted] for name, found in selection.graphs.items()}
    return selection._replace(graphs={name: found for name, found in graphs.items() if found})


def mentioned(selection: Selection) -> set[NamedNode]:
    """Return the things that the lines of a selection are about or lead to."""
    terms = {term for line in selection.lines for term in line.split(b" ", 2)[::2]}
    return {NamedNode(term[1:-1].decode()) for term in terms if term.startswith(b"<") and not term.startswith(b"<<")}


def _linked(line: bytes) -> Iterator[bytes]:
    """Yield the things that a line links; types and axioms lead to the model, not to things."""
    subject, predicate, obj = line.split(b" ", 2)
    if not predicate.startswith(_MODEL):
        yield from (term for term in (subject, obj) if term.startswith(b"<"))


def _with_blank_nodes(wanted: set[bytes], by_subject: Mapping[bytes, list[bytes]]) -> None:
    todo = list(wanted)
    while todo:
        obj = todo.pop().split(b" ", 2)[2]
        if is_blank(obj):
            new = [line for line in by_subject[obj] if line not in wanted]
            wanted.update(new)
            todo += new


def _lines(pack: Pack, document: Document) -> Iterable[bytes]:
    return with_written_tags(lines_of(document.triples), written_tags(Path(pack.path(document.name)).read_bytes()))
