"""New contents for the files of a pack: facts added and taken out, new files with header, imports and catalogs.

``Changes`` collects; ``write`` puts all files in place at once (``llmkg.journal``). It knows nothing of
publications: any importer can use it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.catalog import changed_catalogs
from llmkg.curate.holdings import Holdings, stamp
from llmkg.errors import InputError, unreadable
from llmkg.fmt import sorted_text, statements_in
from llmkg.load import Document, read_content
from llmkg.statements import lines_of
from llmkg.terms import DCTERMS, OWL, RDF, RDFS, XSD

__all__ = ["Changes"]

_AT_ONCE = 20_000  # triples that are turned into lines together
_TAKEN_OVER = (DCTERMS.creator, DCTERMS.license, OWL.versionInfo)  # by a new file from the file that imports it


class Changes:
    """What is to be different in the files of one pack; files are told by their names, as ``data/papers/2023.ttl``."""

    def __init__(self, holdings: Holdings) -> None:
        """Take what the pack holds as it was read."""
        self._holdings = holdings
        self._added: dict[str, list[Iterable[Triple]]] = defaultdict(list)
        self._removed: dict[str, set[bytes]] = defaultdict(set)
        self._headers: dict[str, Document] = {}

    def add(self, name: str, triples: Iterable[Triple]) -> None:
        """Have ``triples`` in a file; they are read when it is written."""
        self._added[name].append(triples)

    def remove(self, name: str, triples: Iterable[Triple]) -> None:
        """Have ``triples``, which have no blank nodes, no longer in a file."""
        self._removed[name].update(lines_of(triples))

    def start(self, name: str, titles: Mapping[str, str]) -> None:
        """Have the data file ``name``, with a header if it is not there yet; ``titles`` are by language."""
        if name in self._holdings.headers or name in self._headers:
            return
        root, whole = self._holdings.root, self._holdings.headers.get(self._holdings.whole)
        iri = NamedNode(f"{root.rstrip('/#')}/{name.removesuffix('.ttl')}")
        pack = root.rstrip("/#").rpartition("/")[2]
        header = [Triple(iri, RDF.type, OWL.Ontology), Triple(iri, OWL.imports, NamedNode(root))]
        for lang, title in titles.items():
            text = f"{pack} 数据：{title}" if lang == "zh" else f"{pack} data: {title}"
            header += [Triple(iri, p, Literal(text, language=lang)) for p in (RDFS.label, DCTERMS.title)]
        if whole is not None:
            header += [Triple(iri, t.predicate, t.object) for t in whole.triples if t.predicate in _TAKEN_OVER]
            self._added[whole.name].append([Triple(whole.graph, OWL.imports, iri)])
        self._headers[name] = Document(name, iri, tuple(header), {})
        self._added[name].append(header)

    def bring_up_to_date(self, day: str) -> None:
        """Have ``dcterms:modified`` of the whole graph no earlier than ``day``, as ``2026-11-30``."""
        whole = self._holdings.headers.get(self._holdings.whole)
        for triple in whole.triples if whole is not None else ():
            if (
                triple.predicate == DCTERMS.modified
                and isinstance(triple.object, Literal)
                and triple.object.value < day
            ):
                self.remove(self._holdings.whole, [triple])
                later = Literal(f"{day}T00:00:00Z", datatype=XSD.dateTime)
                self.add(self._holdings.whole, [Triple(triple.subject, triple.predicate, later)])

    @property
    def files(self) -> list[str]:
        """The files that differ, but for catalogs."""
        return sorted({*self._added, *self._removed})

    def write(self) -> list[str]:
        """Put all files in place, or none; return their names.

        Raises InputError when one cannot be read or written, has a comment, or has changed since the
        pack was read.
        """
        return self._holdings.pack.replace(self.contents())

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Yield each file that differs with what it is to hold, catalogs last."""
        for name in self.files:
            yield name, self._content(name)
        headers = {**self._holdings.headers, **self._headers}
        if self._headers and (whole := headers.get(self._holdings.whole)) is not None:
            imports = [Triple(whole.graph, OWL.imports, header.graph) for header in self._headers.values()]
            headers[whole.name] = Document(whole.name, whole.graph, (*whole.triples, *imports), {})
        if self._headers:
            for path, text in changed_catalogs(self._holdings.pack, headers.values()).items():
                yield self._holdings.pack.name(str(path)), text.encode()

    def _content(self, name: str) -> bytes:
        path = self._holdings.pack.path(name)
        try:
            text = read_content(Path(path)).decode() if name in self._holdings.headers else ""
            if name in self._holdings.headers and self._holdings.stamps[name] != stamp(path):
                raise InputError(f"{name}: has changed while the import was at work. Run it again.")
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(name, error) from error
        if name not in self._holdings.headers and os.path.lexists(path):
            raise InputError(f"{name}: came while the import was at work. Run it again.")
        lines, prefixes = statements_in(text, name)
        removed = self._removed[name]
        if removed:
            lines = [line for line in lines if line not in removed]
        for triples in self._added[name]:
            lines += _lines(triples)
        return sorted_text(lines, {**self._holdings.prefixes, **prefixes}).encode()


def _lines(triples: Iterable[Triple]) -> Iterator[bytes]:
    """Yield the lines of ``triples``, of which only some are in memory at a time."""
    some: list[Triple] = []
    for triple in triples:
        some.append(triple)
        if len(some) == _AT_ONCE:
            yield from lines_of(some)
            some.clear()
    yield from lines_of(some)
