"""``llmkg search``: find things by their names."""

from __future__ import annotations

import argparse
import sys

from llmkg.commands.arguments import add_format, add_language, count, open_graph
from llmkg.commands.printing import kinds, print_json, print_table

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("words", metavar="WORDS", nargs="+", help="names or parts of names, in any language")
    parser.add_argument("--limit", type=count, default=20, metavar="N", help="at most N things; default: 20")
    add_format(parser, "table", "json")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    kg = open_graph(options)
    words = " ".join(" ".join(options.words).split())
    hits = kg.find(words, options.limit)
    if options.format == "json":
        found = [
            {
                "term": hit.term.value,
                "label": kg.label(hit.term, options.lang),
                "matched": hit.name,
                "kinds": kinds(kg, hit.term, options.lang),
            }
            for hit in hits
        ]
        print_json(options, found)
        return 0 if hits else 1
    if not hits:
        print(f"llmkg: nothing is called '{words}'. Try fewer or other words.", file=sys.stderr)
        return 1
    rows = [
        (kg.short(hit.term), kg.label(hit.term, options.lang), ", ".join(kinds(kg, hit.term, options.lang)), hit.name)
        for hit in hits
    ]
    return print_table(options, ("term", "label", "kind", "matched"), rows)
