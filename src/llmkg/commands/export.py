"""``llmkg export``: write the graph in another format."""

from __future__ import annotations

import argparse

from llmkg.commands.arguments import add_format, open_graph
from llmkg.commands.printing import print_text

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parts = ("all", "asserted", "inferred", "ontology", "data")
    parser.add_argument("--part", choices=parts, default="all", help="default: all")
    add_format(parser, "turtle", "nt", "jsonld")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    return print_text(options, open_graph(options).export(options.format, options.part))
