"""Write ``catalog-v001.xml``: where the ontologies that a file imports lie, so that Protégé opens it offline.

Protégé looks only into the catalog of the folder of the file that is opened; a catalog therefore
lists the files of its folder and everything that they import, step by step.
Source: OASIS XML Catalogs 1.1, section 6.5.4 (``uri``), with addresses relative to the catalog.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from llmkg.errors import unreadable
from llmkg.load import Document, read_pack
from llmkg.pack import Pack
from llmkg.terms import OWL, RDF

__all__ = ["NAME", "catalog_text", "changed_catalogs"]

NAME = "catalog-v001.xml"


def changed_catalogs(pack: Pack, documents: Iterable[Document] | None = None) -> dict[Path, str]:
    """Return what each catalog of ``pack`` should hold and does not.

    ``documents`` are its files as they are to be, of which the headers are enough; without them, as
    they are. A folder whose ontologies import nothing needs none and gets none. Raises InputError when
    a file cannot be read.
    """
    changed = {}
    for path, text in _catalogs(pack, read_pack(pack).documents if documents is None else documents).items():
        try:
            before = path.read_text(encoding="utf-8") if path.exists() else None
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(path, error) from error
        if before != text:
            changed[path] = text
    return changed


def _catalogs(pack: Pack, files: Iterable[Document]) -> dict[Path, str]:
    documents = {d.graph.value: d for d in files if _is_ontology(d)}
    imports = {iri: _imports(document) for iri, document in documents.items()}
    folders: dict[str, set[str]] = defaultdict(set)
    for iri, document in documents.items():
        folders[os.path.dirname(document.name)] |= _closure(iri, imports)
    catalogs = {}
    for folder, iris in folders.items():
        path = Path(pack.path(folder)) / NAME
        if path.exists() or any(imports[iri] for iri in iris):
            places = {iri: os.path.relpath(documents[iri].name, folder).replace(os.sep, "/") for iri in iris}
            catalogs[path] = catalog_text(places)
    return catalogs


def catalog_text(places: Mapping[str, str]) -> str:
    """Return the catalog that leads each ontology IRI to its file, given relative to the catalog."""
    entries = sorted(places.items(), key=lambda item: (item[1], item[0]))
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
            '<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">',
            *(f"    <uri name={quoteattr(iri)} uri={quoteattr(place)}/>" for iri, place in entries),
            "</catalog>\n",
        ]
    )


def _is_ontology(document: Document) -> bool:
    return any(t.predicate == RDF.type and t.object == OWL.Ontology for t in document.triples)


def _imports(document: Document) -> set[str]:
    return {str(t.object.value) for t in document.triples if t.predicate == OWL.imports}  # type: ignore[union-attr]


def _closure(iri: str, imports: Mapping[str, Iterable[str]]) -> set[str]:
    """Return ``iri`` and all that it imports among the files of the pack."""
    found: set[str] = set()
    waiting = [iri]
    while waiting:
        here = waiting.pop()
        if here in imports and here not in found:
            found.add(here)
            waiting += imports[here]
    return found
