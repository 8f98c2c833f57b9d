"""Write the publications of a graph as one file: BibTeX or CSL-JSON, in parts, sorted by key.

Which publications these are is decided by what is said of them; what is written is what the whole
graph knows of each.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TypeAlias

from pyoxigraph import DefaultGraph, NamedNode, Store

from llmkg.bibtex import entry, entry_keys
from llmkg.csl import csl_item, csl_text
from llmkg.publications import publication, publications

__all__ = ["BIBLIOGRAPHIES", "Work", "bibliography_parts", "works"]

BIBLIOGRAPHIES = ("bibtex", "csl")
Work: TypeAlias = tuple[str, NamedNode]  # a publication by its key


def works(
    store: Store, graphs: Iterable[NamedNode | DefaultGraph], among: Container[NamedNode] | None = None
) -> list[Work]:
    """Return the publications of ``graphs``, of these only those in ``among`` if given, by their keys, sorted.

    A publication has the same key whatever others are chosen with it.
    """
    everywhere = entry_keys(publications(store, [DefaultGraph()]))
    wanted = publications(store, graphs)
    return sorted((key, t) for key, t in everywhere.items() if t in wanted and (among is None or t in among))


def bibliography_parts(store: Store, chosen: Sequence[Work], export_format: str) -> Iterator[bytes]:
    """Yield the file in one of ``BIBLIOGRAPHIES``, an entry at a time."""
    known = ((key, publication(store, term)) for key, term in chosen)
    if export_format == "bibtex":
        between, end = "\n", ""
        texts = (entry(key, one) for key, one in known)
    else:
        between, end = ",\n", "\n]\n" if chosen else "[]\n"
        texts = (csl_text(csl_item(key, one)) for key, one in known)
        if chosen:
            yield b"[\n"
    for number, text in enumerate(texts):
        yield f"{between if number else ''}{text}".encode()
    yield end.encode()
