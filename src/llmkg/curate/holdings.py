"""What a pack holds that an import must know: its publications, its names, its headers, where new things go.

All files are read once, one after the other; of a file only its header and its publications are kept.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from llmkg.curate.known import Known, known_in
from llmkg.errors import unreadable
from llmkg.load import Document, read_document
from llmkg.pack import Pack
from llmkg.terms import OWL, PREFIXES, RDF, local_name

__all__ = ["Holdings", "imported", "read_holdings", "stamp"]


@dataclass
class Holdings:
    """``headers`` are the files without all but what they say of themselves, by name; ``names`` every subject."""

    pack: Pack
    known: list[Known] = field(default_factory=list)
    headers: dict[str, Document] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    stamps: dict[str, tuple[int, int]] = field(default_factory=dict)  # of each file as it was read
    prefixes: dict[str, str] = field(default_factory=dict)
    root: str = ""  # the IRI of the ontology that data files import
    whole: str = ""  # the data file that imports the others, empty when there is none
    _kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    def namespace(self, cls: NamedNode) -> str:
        """Return the namespace in which new things of a class are named.

        It is that of most things of the class; where there are none, that of the prefix that is called
        like the class; else made from the IRI of the ontology, as ``https://w3id.org/llmkg/paper/``.
        """
        counted = [(number, namespace) for (name, namespace), number in self._kinds.items() if name == cls.value]
        if counted:
            return max(counted)[1]
        kind = self.prefix(cls)
        return self.prefixes.get(kind) or f"{self.root.rstrip('/#')}/{kind}/"

    def prefix(self, cls: NamedNode) -> str:
        """Return the prefix of things of a class: its name in lower case."""
        return local_name(cls.value).lower()

    def take(self, document: Document, *, is_data: bool) -> None:
        """Keep what is needed of one file."""
        header = {t.subject for t in document.triples if t.predicate == RDF.type and t.object == OWL.Ontology}
        kept = tuple(t for t in document.triples if t.subject in header)
        self.headers[document.name] = Document(document.name, document.graph, kept, document.prefixes)
        for prefix, iri in document.prefixes.items():
            self.prefixes.setdefault(prefix, iri)
        self.names.update(t.subject.value for t in document.triples if isinstance(t.subject, NamedNode))
        if is_data:
            self.known += known_in(document)
            self._kinds.update(
                (t.object.value, t.subject.value[: -len(local_name(t.subject.value))])
                for t in document.triples
                if t.predicate == RDF.type and isinstance(t.object, NamedNode) and isinstance(t.subject, NamedNode)
            )


def read_holdings(pack: Pack) -> Holdings:
    """Return what ``pack`` holds; raises InputError when a file cannot be read."""
    found = Holdings(pack, prefixes=dict(PREFIXES))
    for paths, is_data in ((pack.ontology, False), (pack.data, True)):
        for path in paths:
            found.stamps[pack.name(path)] = stamp(path)
            found.take(read_document(Path(path), pack.name(path)), is_data=is_data)
    names = {document.graph.value: name for name, document in found.headers.items() if document.triples}
    data = {iri: name for iri, name in names.items() if name.startswith("data/")}
    imports = {iri: imported(found.headers[name]) for iri, name in names.items()}
    tops = [
        iri
        for iri in names
        if iri not in data and not any(iri in imports[other] for other in names if other not in data)
    ]
    found.root = min(tops, key=lambda iri: (-sum(iri in imports[one] for one in data), iri), default="")
    wholes = [(len(imports[iri] & data.keys()), name) for iri, name in data.items()]
    most, name = max(wholes, default=(0, ""))
    found.whole = name if most else ""
    return found


def stamp(path: str) -> tuple[int, int]:
    """Return what tells that a file has changed: the time of its last change, and its size."""
    try:
        state = os.stat(path)
    except OSError as error:
        raise unreadable(path, error) from error
    return state.st_mtime_ns, state.st_size


def imported(document: Document) -> set[str]:
    """Return the IRIs of the ontologies that a file imports."""
    return set(_values(document.triples, OWL.imports))


def _values(triples: Iterable[Triple], predicate: NamedNode) -> Iterable[str]:
    return (t.object.value for t in triples if t.predicate == predicate and isinstance(t.object, NamedNode))
