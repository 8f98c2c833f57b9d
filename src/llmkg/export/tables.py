"""Write CSV tables: one per kind of thing, one row per thing, and ``edges.csv`` with every link.

Columns are ``id`` (a CURIE), ``iri``, ``kinds``, then one per property, for texts one per language;
``cells.py`` tells how values stand in a cell. Source: RFC 4180.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import defaultdict

from llmkg.cells import cell, guarded
from llmkg.export.context import Context
from llmkg.export.things import Thing, Things, text_of
from llmkg.outline import literal_parts
from llmkg.terms import RDF

__all__ = ["EDGES", "OWN_COLUMNS", "table", "tables", "zipped"]

EDGES = "edges.csv"
OWN_COLUMNS = ("id", "iri", "kinds")  # what a row begins with, before the properties
_TYPE = str(RDF.type).encode()
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can tell: the same bytes on every run


def tables(things: Things, context: Context) -> dict[str, bytes]:
    """Return the content of each table by its file name, sorted."""
    by_kind: dict[str, list[Thing]] = defaultdict(list)
    names: dict[str, bytes] = {}
    edges = [["subject", "property", "object", "subject_label", "property_label", "object_label", "inferred"]]
    for thing in things.all:
        for kind in thing.kinds or (b"",):
            by_kind[_file_name(things, kind, names)].append(thing)
        edges += _edges(things, thing)
    found = {name: _csv(_rows(things, members, context)) for name, members in by_kind.items()}
    found[EDGES] = _csv(edges)
    return dict(sorted(found.items()))


def table(things: Things, context: Context, cls: bytes) -> bytes:
    """Return the content of the table of one class."""
    return _csv(_rows(things, things.of_kind(cls), context))


def zipped(files: dict[str, bytes]) -> bytes:
    """Return the files as one zip archive, the same bytes on every run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _file_name(things: Things, kind: bytes, names: dict[str, bytes]) -> str:
    """Return the file for a class: the end of its IRI, with its prefix where two would share one."""
    word = things.short(kind) if kind else "other"
    for stem in (word, things.name(kind) if kind else "other-things", things.iri(kind) if kind else "others"):
        name = re.sub(r"[^\w-]+", "-", stem).strip("-") + ".csv"
        if name.lower() != EDGES and names.setdefault(name.lower(), kind) == kind:
            return name
    raise AssertionError("an IRI is not unique")


def _rows(things: Things, members: list[Thing], context: Context) -> list[list[str]]:
    cells: list[dict[str, list[str]]] = []
    columns: dict[str, None] = {}
    for thing in members:
        row: dict[str, list[str]] = defaultdict(list)
        for order, predicate, objects in thing.facts:
            if predicate == _TYPE:
                continue
            key = context.properties[predicate].key if predicate in context.properties else things.name(predicate)
            for obj in objects:
                if obj.startswith(b'"'):
                    language = literal_parts(obj)[1].decode()
                    column, value = f"{key}_{language}" if language else key, text_of(obj)
                else:
                    column, value = key, things.name(obj)
                row[column].append(value)
                columns.setdefault(f"{order.decode()} {column}")
        cells.append(row)
    ordered = [column.split(" ", 1)[1] for column in sorted(columns)]
    rows = [[*OWN_COLUMNS, *map(guarded, ordered)]]
    for thing, row in zip(members, cells, strict=True):
        classes = [things.short(cls) for cls in thing.classes]
        values = ([things.name(thing.term)], [things.iri(thing.term)], classes, *(row.get(c, []) for c in ordered))
        rows.append([cell(found) for found in values])
    return rows


def _edges(things: Things, thing: Thing) -> list[list[str]]:
    rows = []
    for _, predicate, objects in thing.facts:
        if predicate == _TYPE:
            continue
        for obj in objects:
            if not obj.startswith(b'"'):
                fact = (thing.term, predicate, obj)
                inferred = "true" if b" ".join(fact) in things.inferred else "false"
                cells = (*map(things.name, fact), *map(things.label, fact), inferred)
                rows.append([guarded(text) for text in cells])
    return rows


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
