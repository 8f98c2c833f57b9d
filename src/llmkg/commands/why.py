"""``llmkg why``: prove a triple, or say why it does not follow."""

from __future__ import annotations

import argparse

from llmkg.commands.arguments import add_format, add_language, count, open_graph
from llmkg.commands.printing import print_json, print_text, terminal_width

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    for name in ("subject", "predicate", "object"):
        parser.add_argument(name, metavar=name.upper(), help="a CURIE, an IRI or a label")
    parser.add_argument("--all", metavar="N", type=count, default=1, help="give up to N proofs; default: 1")
    add_format(parser, "text", "json", "turtle")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from llmkg.explain import explanation_json, explanation_text, explanation_turtle  # noqa: PLC0415

    kg = open_graph(options)
    explanation = kg.why(options.subject, options.predicate, options.object, limit=options.all)
    if options.format == "json":
        print_json(options, explanation_json(kg, explanation, options.lang))
    elif options.format == "turtle":
        print_text(options, explanation_turtle(kg, explanation))
    else:
        print_text(options, explanation_text(kg, explanation, options.lang, terminal_width(options) or 100))
    return 1 if explanation.status == "not entailed" else 0
