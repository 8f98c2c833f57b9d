"""``llmkg show``: everything about one thing."""

from __future__ import annotations

import argparse

from llmkg.commands.arguments import add_format, add_language, open_graph
from llmkg.commands.printing import print_json, print_text, terminal_width

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("term", metavar="TERM", help="a CURIE, an IRI or a label")
    add_format(parser, "text", "json")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from llmkg.describe import description_json, description_text  # noqa: PLC0415

    kg = open_graph(options)
    description = kg.describe(options.term)
    if options.format == "json":
        return print_json(options, description_json(kg, description, options.lang))
    return print_text(options, description_text(kg, description, options.lang, terminal_width(options) or 100))
