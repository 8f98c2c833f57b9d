"""``llmkg release``: write the whole release set into a new folder."""

from __future__ import annotations

import argparse
import sys

from llmkg.commands.arguments import open_graph
from llmkg.errors import UsageError

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("directory", metavar="DIR", help="a folder that does not exist yet, or is empty")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from pathlib import Path  # noqa: PLC0415  (a cold query needs none of these)

    from llmkg.release import release  # noqa: PLC0415

    if options.output is not None:
        raise UsageError("release writes many files and takes no -o. Name the folder: llmkg release DIR.")
    header = release(open_graph(options), Path(options.directory))
    print(f"llmkg: {header.name} {header.version} of {header.date} is in {options.directory}.", file=sys.stderr)
    return 0
