"""How ``query`` and ``sparql`` print an answer: in which format, with which names, with which sources."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from llmkg.commands.arguments import add_language
from llmkg.commands.printing import print_bytes, print_json, print_text, tell, terminal_style, terminal_width
from llmkg.errors import Phrase, UsageError, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from llmkg.graph import KnowledgeGraph
    from llmkg.render import Grid
    from llmkg.result import Result
    from llmkg.terms import Term

__all__ = [
    "RESULTS",
    "SERIALIZED",
    "add_result_arguments",
    "format_of",
    "print_answer",
    "print_serialized",
    "reasons_for_emptiness",
    "tell_emptiness",
]

SERIALIZED = ("json", "csv", "tsv", "xml")
RESULTS = ("table", *SERIALIZED, "markdown", "html", "bibtex")
_SUFFIXES = {
    "bib": "bibtex",
    "csv": "csv",
    "htm": "html",
    "html": "html",
    "json": "json",
    "jsonld": "jsonld",
    "md": "markdown",
    "nt": "nt",
    "owl": "rdfxml",
    "rdf": "rdfxml",
    "srj": "json",
    "srx": "xml",
    "tsv": "tsv",
    "ttl": "turtle",
    "xml": "xml",
}


def add_result_arguments(parser: argparse.ArgumentParser, *more: str) -> None:
    """Declare ``--format``, with ``more`` formats, and what goes with it."""
    formats = (*RESULTS, *more)
    parser.add_argument(
        "--format",
        choices=formats,
        metavar="FORMAT",
        help=f"{', '.join(formats)}; default: by the name of -o, or table",
    )
    parser.add_argument("--sources", action="store_true", help="add the claims behind each row, with places and papers")
    parser.add_argument(
        "--reasons", action="store_true", help="with json: add why an answer has no rows, if it has none"
    )
    names = parser.add_mutually_exclusive_group()
    names.add_argument(
        "--labels", action="store_const", dest="names", const="labels", help="show things by their names"
    )
    names.add_argument("--iris", action="store_const", dest="names", const="iris", help="show things as CURIEs")
    add_language(parser)


def format_of(options: argparse.Namespace, formats: Sequence[str], default: str) -> str:
    """Return the format to write: ``--format``, else what the suffix of ``-o`` says, else ``default``.

    Raises UsageError when the suffix is that of a format that does not fit the answer.
    """
    chosen: str | None = options.format
    if chosen is None and options.output is not None:
        suffix = os.path.splitext(options.output)[1].removeprefix(".").lower()
        chosen = _SUFFIXES.get(suffix, default)
        if chosen not in (*formats, default):
            text = "{file}: this answer has no form as {format}. Use --format with one of {names}."
            raise UsageError(Phrase(text, file=options.output, format=chosen, names=", ".join(formats)))
    return chosen or default


def print_serialized(  # noqa: PLR0913, PLR0917  (what an answer consists of)
    options: argparse.Namespace,
    kg: KnowledgeGraph,
    data: bytes,
    result_format: str,
    parameters: Iterable[Term] = (),
    more: Mapping[str, object] | None = None,
    *,
    reasons: Callable[[], list[str]],
) -> int:
    """Print what the engine has serialized in a W3C format.

    With ``--sources``, with ``--reasons`` where it has no rows, or when there is ``more`` to tell, it is JSON
    with one more member. ``reasons`` finds why it has none.
    """
    if result_format != "json" and (options.sources or options.reasons):
        text = "{option} does not go with {format}, which has no place for them. Use json or table."
        raise UsageError(Phrase(text, option="--sources" if options.sources else "--reasons", format=result_format))
    if result_format != "json" or not (options.sources or options.reasons or more):
        return print_bytes(options, data)
    import json  # noqa: PLC0415

    answer, told = json.loads(data), dict(more or {})
    if options.sources:
        told |= _sources_json(options, kg, data, parameters)
    if (options.reasons or more) and answer.get("results") == {"bindings": []}:
        told["empty"] = reasons()
    return print_json(options, {**answer, "llmkg": told}) if told else print_bytes(options, data)


def _sources_json(
    options: argparse.Namespace, kg: KnowledgeGraph, data: bytes, parameters: Iterable[Term]
) -> dict[str, object]:
    from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results  # noqa: PLC0415

    from llmkg.references import reference_json, references, work_json, works_in  # noqa: PLC0415

    solutions = parse_query_results(data, format=QueryResultsFormat.JSON)
    if not isinstance(solutions, QuerySolutions):
        raise UsageError(_no_rows("--sources"))
    rows = [tuple(row) for row in solutions]
    found = references(kg, rows, parameters)
    return {
        "sources": [reference_json(kg, entry, options.lang) for entry in found.entries],
        "rows": found.rows,
        "works": [work_json(work) for work in works_in(kg, rows, found)],
    }


def print_answer(  # noqa: PLR0913  (what an answer consists of)
    options: argparse.Namespace,
    kg: KnowledgeGraph,
    result: Result,
    result_format: str,
    *,
    caption: str,
    labels: bool,
    columns: Mapping[str, str] | None = None,
    parameters: Iterable[Term] = (),
) -> int:
    """Print a result for people, or its publications as BibTeX.

    ``labels`` says whether things are shown by their names where neither ``--labels`` nor
    ``--iris`` does, and columns then by what ``columns`` calls them; ``parameters`` are the things
    that the question was about.
    """
    if result.boolean is not None:
        return _print_boolean(options, result_format, caption, value=result.boolean)
    if result_format == "bibtex":
        return _print_bibtex(options, kg, result, parameters)
    from llmkg.grid import grid_of  # noqa: PLC0415

    shown = labels if options.names is None else options.names == "labels"
    header = columns if shown else None
    if not options.sources:
        grid = grid_of(kg, result, options.lang, labels=shown, columns=header)
        return print_text(options, _laid_out(options, grid, result_format, caption))
    from llmkg.references import names_in, reference_note, references, work_cell, works_in  # noqa: PLC0415

    found = references(kg, result.rows, parameters)
    names = names_in(kg, result.rows, found, options.lang)
    grid = grid_of(kg, result, options.lang, labels=shown, columns=header, names=names)
    grid.marks = found.rows
    grid.notes = tuple(reference_note(kg, entry, names, options.lang) for entry in found.entries)
    grid.works = tuple(work_cell(kg, work, names, options.lang) for work in works_in(kg, result.rows, found))
    return print_text(options, _laid_out(options, grid, result_format, caption))


def _laid_out(options: argparse.Namespace, grid: Grid, result_format: str, caption: str) -> str:
    from llmkg.render import Titles, grid_text  # noqa: PLC0415

    claims = Phrase("Sources" if grid.notes else "Sources: no claim of the graph stands behind these rows.")
    names = (Phrase("sources"), claims, Phrase("Works"), Phrase("(no rows)"))
    titles = Titles(*(told(name, options.lang) for name in names))
    if result_format == "table":
        return grid_text(grid, titles, terminal_width(options), terminal_style(options))
    from llmkg.markup import html_page, markdown  # noqa: PLC0415

    return markdown(grid, titles) if result_format == "markdown" else html_page(grid, caption, titles, options.lang)


def _print_boolean(options: argparse.Namespace, result_format: str, caption: str, *, value: bool) -> int:
    if options.sources or result_format == "bibtex":
        what = "--sources" if options.sources else "bibtex"
        raise UsageError(_no_rows(what))
    answer = told(Phrase("yes" if value else "no"), options.lang)
    if result_format != "html":
        return print_text(options, answer + "\n")
    from llmkg.markup import html_answer  # noqa: PLC0415

    return print_text(options, html_answer(answer, caption, options.lang))


def _no_rows(what: str) -> Phrase:
    return Phrase("{what} goes with rows, and a truth value has none. Ask a SELECT query.", what=what)


def _print_bibtex(options: argparse.Namespace, kg: KnowledgeGraph, result: Result, parameters: Iterable[Term]) -> int:
    from llmkg.bibtex import bibtex  # noqa: PLC0415
    from llmkg.references import publications_in  # noqa: PLC0415

    found = publications_in(kg, result.rows, parameters)
    if not found:
        tell(Phrase("no publication is in this answer or behind it."), options.lang)
    return print_text(options, bibtex(found))


def reasons_for_emptiness(options: argparse.Namespace, kg: KnowledgeGraph, text: str, **asked: Any) -> list[str]:  # noqa: ANN401
    """Return why an answer has no rows; ``asked`` goes to ``explain_emptiness``."""
    from llmkg.emptiness import explain_emptiness  # noqa: PLC0415  (only for an empty answer)

    return explain_emptiness(kg, text, asserted=options.asserted, lang=options.lang, **asked)


def tell_emptiness(options: argparse.Namespace, reasons: list[str]) -> None:
    """Say on standard error why an answer has no rows."""
    tell(Phrase("no rows."), options.lang, *(f"  {line}" for line in reasons))
