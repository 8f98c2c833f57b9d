"""``llmkg export``: write the graph in another format."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from llmkg.commands.arguments import open_graph
from llmkg.commands.printing import unwritable
from llmkg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from llmkg.export import Selection
    from llmkg.graph import KnowledgeGraph
    from llmkg.progress import Progress

__all__ = ["add_arguments", "run"]

_FORMATS = ("turtle", "nt", "nq", "trig", "rdfxml", "jsonld", "graphml", "csv", "bibtex", "csl")
_ENDINGS = {".ttl": "turtle", ".nt": "nt", ".nq": "nq", ".trig": "trig", ".rdf": "rdfxml", ".owl": "rdfxml"}
_ENDINGS |= {
    ".jsonld": "jsonld",
    ".json": "jsonld",
    ".graphml": "graphml",
    ".zip": "csv",
    ".csv": "csv",
    ".bib": "bibtex",
}
_PARTS = ("all", "asserted", "inferred", "ontology", "data")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--format", choices=_FORMATS, help="default: by the end of the file's name, or turtle")
    parser.add_argument("--part", choices=_PARTS, default="all", help="default: all")
    parser.add_argument("--thing", metavar="TERM", help="only what is around this thing")
    parser.add_argument("--depth", metavar="N", type=_depth, help="at most N links away from it; default: 1")
    parser.add_argument("--frame", metavar="KIND", help="JSON-LD of the things of one class, links with their names")
    parser.add_argument("--kind", metavar="KIND", help="csv: only the table of this class")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from pathlib import Path  # noqa: PLC0415  (a cold query needs none of these)

    from llmkg.export import export_tables  # noqa: PLC0415
    from llmkg.files import write_folder, write_parts  # noqa: PLC0415
    from llmkg.progress import Progress  # noqa: PLC0415

    _check(options)
    kg = open_graph(options)
    progress = Progress(f"llmkg: writing {options.format}")
    try:
        if options.format == "csv" and options.kind is None and not options.output.lower().endswith(".zip"):
            write_folder(Path(options.output), export_tables(_selection(options, kg), progress), ".csv")
            return 0
        parts = _parts(options, kg, progress)
        if options.output is None:
            _print(parts)
        else:
            write_parts(Path(options.output), parts)
    finally:
        progress.clear()
    return 0


def _parts(options: argparse.Namespace, kg: KnowledgeGraph, progress: Progress) -> Iterable[bytes]:
    """Return the parts of the one file that is asked for."""
    from llmkg.bibliography import BIBLIOGRAPHIES, bibliography_parts  # noqa: PLC0415  (a cold query needs none of these)
    from llmkg.export import export_parts, export_table, framed, nested  # noqa: PLC0415
    from llmkg.terms import OWL  # noqa: PLC0415

    if options.format in BIBLIOGRAPHIES:
        works = kg.works(options.part, thing=options.thing, depth=_depth_of(options))
        if not works:
            print("llmkg: no publication is in this part of the graph.", file=sys.stderr)
        return bibliography_parts(kg.engine.store, works, options.format)
    selection = _selection(options, kg)
    if options.frame is not None:
        return framed(selection, kg.lexicon.resolve(options.frame, [OWL.Class]).value, progress)
    if options.kind is not None:
        return export_table(selection, kg.lexicon.resolve(options.kind, [OWL.Class]).value, progress)
    if options.thing is not None and options.format == "jsonld":
        return nested(selection, kg.lexicon.resolve(options.thing).value, _depth_of(options))
    return export_parts(selection, options.format, progress)


def _selection(options: argparse.Namespace, kg: KnowledgeGraph) -> Selection:
    return kg.selection(options.part, thing=options.thing, depth=_depth_of(options))


def _depth_of(options: argparse.Namespace) -> int:
    return 1 if options.depth is None else int(options.depth)


def _check(options: argparse.Namespace) -> None:
    if options.format is None:
        ending = "." + (options.output or "").lower().rpartition(".")[2]
        by_name = "csv" if options.kind is not None else _ENDINGS.get(ending, "turtle")
        options.format = "jsonld" if options.frame is not None else by_name
    if options.depth is not None and options.thing is None:
        raise UsageError("--depth goes with --thing. Add --thing TERM.")
    if options.frame is not None and options.format != "jsonld":
        raise UsageError(f"--frame goes with JSON-LD, not {options.format}. Use --format jsonld.")
    if options.frame is not None and options.thing is not None:
        raise UsageError("--frame and --thing are two ways to choose. Give one of them.")
    if options.kind is not None and options.format != "csv":
        raise UsageError(f"--kind goes with csv, not {options.format}. Use --format csv.")
    if options.format == "csv" and options.kind is None and (options.output or ".csv").lower().endswith(".csv"):
        raise UsageError("csv is several tables. Add -o DIR for a folder of them, -o FILE.zip, or --kind KIND for one.")


def _print(parts: Iterable[bytes]) -> None:
    """Write to standard output when all is known to be well: an error leaves nothing half-written."""
    text = b"".join(parts).decode()
    try:
        sys.stdout.write(text)
    except OSError as error:
        raise unwritable(error) from error


def _depth(text: str) -> int:
    if not (text.isdecimal() and text.isascii()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)
