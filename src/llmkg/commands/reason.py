"""``llmkg reason``: the OWL 2 RL closure of any RDF files."""

from __future__ import annotations

import argparse
import sys

from llmkg.commands.arguments import add_format, count
from llmkg.commands.printing import print_text

__all__ = ["add_arguments", "run"]

_LIMIT = 25_000_000  # as ``llmkg.reason.LIMIT``, which is not imported to print help


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="RDF files in any format")
    parser.add_argument("--reasoner", choices=("llmkg", "owlrl"), default="llmkg", help="default: llmkg")
    parser.add_argument("--trivial", action="store_true", help="add what holds in every graph with these terms")
    limit = f"infer at most N triples; default: {_LIMIT}"
    parser.add_argument("--limit", metavar="N", type=count, default=_LIMIT, help=limit)
    add_format(parser, "nt", "turtle")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from pathlib import Path  # noqa: PLC0415

    from llmkg.inference import Inference  # noqa: PLC0415

    inference = Inference.of(map(Path, options.files), limit=options.limit, engine=options.reasoner)
    for note in inference.notes:
        print(f"llmkg: note: {note}", file=sys.stderr)
    print_text(options, inference.serialize(options.format, trivial=options.trivial))
    for line in inference.contradictions():
        print(line, file=sys.stderr)
    return 1 if inference.contradictory else 0
