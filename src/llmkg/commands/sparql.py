"""``llmkg sparql``: run any SPARQL 1.1 query."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from llmkg.commands.arguments import open_graph
from llmkg.commands.printing import print_text, tell
from llmkg.commands.results import (
    RESULTS,
    SERIALIZED,
    add_result_arguments,
    format_of,
    print_answer,
    print_serialized,
    reasons_for_emptiness,
    tell_emptiness,
)
from llmkg.errors import Phrase, QueryError, UsageError, listed, told, unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Triple

    from llmkg.graph import KnowledgeGraph

__all__ = ["add_arguments", "run"]

_TRIPLES = ("turtle", "nt", "jsonld", "rdfxml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("text", metavar="TEXT", nargs="?", help="the query; - reads standard input")
    parser.add_argument("--file", help="read the query from a file")
    parser.add_argument("--asserted", action="store_true", help="ask only what the files say")
    parser.add_argument("--allow-service", action="store_true", help="let SERVICE send parts of the query elsewhere")
    add_result_arguments(parser, *_TRIPLES)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    text = _query_text(options)
    kg = open_graph(options)
    try:
        code = _answer(options, kg, text)
    except QueryError as error:
        if options.file is None:
            raise
        raise _in_file(options.file, error) from error
    from llmkg.retirement import retired_in  # noqa: PLC0415  (the parser needs no engine)

    for line in retired_in(kg.lexicon, kg.prefixes, text, options.lang):
        tell(line)
    return code


def _in_file(file: str, error: QueryError) -> QueryError:
    """Return the error with the file in the place of ``query``."""
    blamed = QueryError(Phrase("{text}", text=lambda lang: f"{file}:{told(error, lang).removeprefix('query:')}"))
    blamed.excerpt = error.excerpt
    return blamed


def _answer(options: argparse.Namespace, kg: KnowledgeGraph, text: str) -> int:
    result_format = format_of(options, (*RESULTS, *_TRIPLES), default="")

    def reasons() -> list[str]:
        return reasons_for_emptiness(options, kg, text)

    how = {"asserted": options.asserted, "allow_service": options.allow_service}
    if result_format in SERIALIZED:
        data = kg.engine.serialize(text, result_format, **how)
        named = _named_in(kg, text) if options.sources else ()
        return print_serialized(options, kg, data, result_format, named, reasons=reasons)
    result = kg.sparql(text, **how)
    if result.triples is not None:
        return _print_triples(options, kg, result.triples, result_format or "turtle")
    if result_format in _TRIPLES:
        text = "a SELECT or ASK query gives no triples. Use one of {names}."
        raise UsageError(Phrase(text, names=", ".join(RESULTS)))
    code = print_answer(
        options,
        kg,
        result,
        result_format or "table",
        caption="SPARQL",
        labels=False,
        parameters=_named_in(kg, text) if options.sources or result_format == "bibtex" else (),
    )
    if result.variables and not result.rows:
        tell_emptiness(options, reasons())
    return code


def _print_triples(
    options: argparse.Namespace, kg: KnowledgeGraph, triples: Iterable[Triple], result_format: str
) -> int:
    from llmkg.export import export_text  # noqa: PLC0415

    if options.sources:
        text = "a CONSTRUCT or DESCRIBE query gives triples, and --sources goes with rows. Ask a SELECT query."
        raise UsageError(Phrase(text))
    if result_format not in _TRIPLES:
        text = "a CONSTRUCT or DESCRIBE query gives triples, not {format}. Use --format {use}."
        raise UsageError(Phrase(text, format=result_format, use=listed(_TRIPLES)))
    return print_text(options, export_text(triples, result_format, kg.prefixes))


def _named_in(kg: KnowledgeGraph, text: str) -> list[NamedNode]:
    """Return the things that a query names: they stand in no row, but its rows are about them."""
    from llmkg.scan import tokens  # noqa: PLC0415

    found = (kg.lexicon.written(token.text) for token in tokens(text) if token.kind in ("iri", "name"))
    return [term for term in found if term is not None]


def _query_text(options: argparse.Namespace) -> str:
    if (options.text is None) == (options.file is None):
        raise UsageError(Phrase("give the query either as text or with --file."))
    if options.file is not None:
        try:
            with open(options.file, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(options.file, error) from error
    text = sys.stdin.read() if options.text == "-" else str(options.text)
    if not text.isascii() and text != text.encode(errors="replace").decode():
        raise UsageError(Phrase("the query is not UTF-8. Save or send it as UTF-8."))
    return text
