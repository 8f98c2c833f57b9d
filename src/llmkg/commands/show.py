"""``llmkg show``: everything about one thing."""

from __future__ import annotations

import argparse

from llmkg.commands.arguments import add_format, add_language, open_graph
from llmkg.commands.printing import print_json, print_text, terminal_style, terminal_width

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("term", metavar="TERM", help="a thing, a class or a property: a CURIE, an IRI or a label")
    parser.add_argument("--all", action="store_true", help="show all of a long group, not the first twelve")
    add_format(parser, "text", "json", "markdown")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from llmkg.describe import description_json, description_markdown, description_text  # noqa: PLC0415

    kg = open_graph(options)
    found = kg.describe(options.term)
    if options.format == "json":
        return print_json(options, description_json(kg, found, options.lang))
    if options.format == "markdown":
        return print_text(options, description_markdown(kg, found, options.lang, whole=options.all))
    width, style = terminal_width(options) or 100, terminal_style(options)
    return print_text(options, description_text(kg, found, options.lang, width, style=style, whole=options.all))
