"""``llmkg sparql``: run any SPARQL 1.1 query."""

from __future__ import annotations

import argparse
import sys

from llmkg.commands.arguments import open_graph
from llmkg.commands.printing import print_bytes, print_result, print_text
from llmkg.errors import UsageError, unreadable

__all__ = ["add_arguments", "run"]

_RESULTS = ("table", "json", "csv", "tsv", "xml")
_TRIPLES = ("turtle", "nt")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("text", metavar="TEXT", nargs="?", help="the query; - reads standard input")
    parser.add_argument("--file", help="read the query from a file")
    parser.add_argument("--asserted", action="store_true", help="ask only what the files say")
    parser.add_argument("--format", choices=(*_RESULTS, *_TRIPLES), help="default: table for rows, turtle for triples")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    text = _query_text(options)
    kg = open_graph(options)
    if options.format in ("json", "csv", "tsv", "xml"):
        return print_bytes(options, kg.engine.serialize(text, options.format, asserted=options.asserted))
    result = kg.sparql(text, asserted=options.asserted)
    if result.triples is not None:
        from llmkg.export import export_text  # noqa: PLC0415

        if options.format == "table":
            raise UsageError("a CONSTRUCT or DESCRIBE query gives triples, not a table. Use --format turtle or nt.")
        return print_text(options, export_text(result.triples, options.format or "turtle", kg.prefixes))
    if options.format in _TRIPLES:
        raise UsageError(f"a SELECT or ASK query gives no triples. Use one of {', '.join(_RESULTS)}.")
    if result.boolean is not None:
        return print_text(options, "yes\n" if result.boolean else "no\n")
    options.lang = "en"
    print_result(options, kg, result)
    return 0


def _query_text(options: argparse.Namespace) -> str:
    if (options.text is None) == (options.file is None):
        raise UsageError("give the query either as text or with --file.")
    if options.file is not None:
        try:
            with open(options.file, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(options.file, error) from error
    text = sys.stdin.read() if options.text == "-" else str(options.text)
    if not text.isascii() and text != text.encode(errors="replace").decode():
        raise UsageError("the query is not UTF-8. Save or send it as UTF-8.")
    return text
