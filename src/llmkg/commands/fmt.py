"""``llmkg fmt``: put Turtle files into the sorted form, and keep the catalogs of a pack up to date."""

from __future__ import annotations

import argparse
import sys

from llmkg.commands.printing import counted
from llmkg.errors import UsageError

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("files", metavar="FILE", nargs="*", default=[], help="default: every Turtle file of the pack")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not in the form")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from pathlib import Path  # noqa: PLC0415  (a cold query needs none of these)

    from llmkg.catalog import changed_catalogs  # noqa: PLC0415
    from llmkg.files import write_whole  # noqa: PLC0415
    from llmkg.fmt import format_files  # noqa: PLC0415
    from llmkg.pack import Pack  # noqa: PLC0415

    if options.output is not None:
        raise UsageError(
            "fmt writes each file in its place and takes no -o. Copy the file first, then format the copy."
        )
    pack = None if options.files else Pack.open(options.graph)
    paths = list(map(Path, options.files if pack is None else (*pack.ontology, *pack.shapes, *pack.data)))
    changed = [item for item in format_files(paths) if item.changed]
    for item in changed:
        if not options.check:
            write_whole(item.path, item.after)
        print(f"{'not in the sorted form' if options.check else 'formatted'}: {item.path}", file=sys.stderr)
    catalogs = {} if pack is None else changed_catalogs(pack)
    for path, text in catalogs.items():
        if not options.check:
            write_whole(path, text)
        print(f"{'not up to date' if options.check else 'brought up to date'}: {path}", file=sys.stderr)
    print(
        f"llmkg: {counted(len(paths), 'file')}, {len(changed)} {'to format' if options.check else 'formatted'}.",
        file=sys.stderr,
    )
    return 1 if (changed or catalogs) and options.check else 0
