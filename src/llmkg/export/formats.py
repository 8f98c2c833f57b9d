"""The formats: each takes a selection and yields bytes, the same for every order of the input."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from pyoxigraph import Triple

from llmkg.errors import UsageError, did_you_mean
from llmkg.export.context import Context, make_context
from llmkg.export.frames import frame_text, framed_parts, nested_parts
from llmkg.export.graphml import graphml_parts
from llmkg.export.jsonld import jsonld_parts
from llmkg.export.lines import nquads_parts, ntriples_parts, trig_parts
from llmkg.export.rdfxml import rdfxml_parts
from llmkg.export.selection import Selection
from llmkg.export.tables import table, tables, zipped
from llmkg.export.things import Things
from llmkg.outline import Outline, Watch
from llmkg.statements import lines_of
from llmkg.terms import PREFIXES
from llmkg.turtle import turtle_parts

__all__ = [
    "FORMATS",
    "context_of",
    "export_parts",
    "export_table",
    "export_tables",
    "export_text",
    "frame_of",
    "framed",
    "frames_of",
    "nested",
]


def context_of(selection: Selection) -> Context:
    """Return the JSON-LD context of the pack that a selection was made from."""
    return make_context(selection.model, selection.shapes, selection.prefixes)


def frame_of(selection: Selection, cls: str) -> str:
    """Return the JSON-LD frame for the class with the IRI ``cls``, its context in it."""
    return frame_text(selection.lines, f"<{cls}>".encode(), context_of(selection))


def frames_of(selection: Selection) -> dict[str, str]:
    """Return a frame for each kind of thing, by a name such as ``mitigation-kind``."""
    things, context, lines = Things(selection), context_of(selection), selection.lines
    found = {kind for thing in things.all for kind in thing.kinds}
    named = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", things.short(kind)).lower(): kind for kind in sorted(found)}
    return {name: frame_text(lines, kind, context) for name, kind in sorted(named.items())}


def export_parts(selection: Selection, export_format: str, watch: Watch = list) -> Iterator[bytes]:
    """Return the parts of the file for a selection in one of ``FORMATS``.

    Raises UsageError for an unknown format, InputError for what the format cannot express.
    """
    return _known(export_format)(selection, watch)


def framed(selection: Selection, cls: str, watch: Watch = list) -> Iterator[bytes]:
    """Return the things of a class as JSON-LD, with the names of what they link to."""
    return framed_parts(selection.lines, f"<{cls}>".encode(), context_of(selection), watch)


def nested(selection: Selection, thing: str, depth: int) -> Iterator[bytes]:
    """Return what is around a thing as JSON-LD that is nested from it."""
    return nested_parts(selection.lines, f"<{thing}>".encode(), depth, context_of(selection))


def export_tables(selection: Selection, watch: Watch = list) -> dict[str, bytes]:
    """Return the CSV tables for a selection by file name."""
    return tables(Things(selection, watch), context_of(selection))


def export_table(selection: Selection, cls: str, watch: Watch = list) -> Iterator[bytes]:
    """Yield the CSV table of the things of one class."""
    yield table(Things(selection, watch), context_of(selection), f"<{cls}>".encode())


def export_text(triples: Iterable[Triple], export_format: str, prefixes: Mapping[str, str]) -> str:
    """Return ``triples``, of which no more is known, in a format that is text."""
    lines = lines_of(triples)
    selection = Selection({"urn:llmkg:triples": lines}, [], lines, [], {**PREFIXES, **prefixes})
    return b"".join(export_parts(selection, export_format)).decode()


def _known(export_format: str) -> Callable[[Selection, Watch], Iterator[bytes]]:
    if export_format not in FORMATS:
        near = did_you_mean(export_format, FORMATS) or f" Use {', '.join(FORMATS)}."
        raise UsageError(f"no export format '{export_format}'.{near}")
    return FORMATS[export_format]


FORMATS: Mapping[str, Callable[[Selection, Watch], Iterator[bytes]]] = {
    "turtle": lambda s, watch: turtle_parts(s.lines, s.prefixes, watch),
    "nt": lambda s, watch: ntriples_parts(s.lines, watch),
    "nq": lambda s, watch: nquads_parts(s.graphs, watch),
    "trig": lambda s, watch: trig_parts(s.graphs, s.prefixes, watch),
    "rdfxml": lambda s, watch: rdfxml_parts(s.lines, s.prefixes, watch),
    "jsonld": lambda s, watch: jsonld_parts(Outline(s.lines, watch), context_of(s)),
    "graphml": lambda s, watch: graphml_parts(Things(s, watch)),
    "csv": lambda s, watch: iter([zipped(export_tables(s, watch))]),
}
