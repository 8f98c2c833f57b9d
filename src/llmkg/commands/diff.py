"""``llmkg diff``: what has changed between two graphs, files, releases or revisions, and what follows from it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from llmkg.commands.arguments import add_format, add_language
from llmkg.commands.printing import print_json, print_text, terminal_width, write_out

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    named = "a file, a pack, a release, a folder of files, or a git revision of the pack (REV or REV:PATH)"
    parser.add_argument("old", metavar="OLD", help=named)
    parser.add_argument("new", metavar="NEW", nargs="?", help="the same; default: the pack as it is now")
    add_format(parser, "text", "markdown", "json", "sparql")
    add_language(parser)
    parser.add_argument("--no-consequences", action="store_true", help="leave out what follows and what queries answer")
    parser.add_argument("--all", action="store_true", help="show all of what is otherwise cut")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code: 1 when there is a difference."""
    from llmkg.difference import diff  # noqa: PLC0415  (--help needs none of these)
    from llmkg.pack import Pack  # noqa: PLC0415
    from llmkg.snapshot import default_cache  # noqa: PLC0415

    new = options.new if options.new is not None else Pack.open(options.graph).root
    cache = None if options.no_cache else options.cache or default_cache()
    consequences = not options.no_consequences and options.format != "sparql"
    difference = diff(options.old, new, root=options.graph, consequences=consequences, cache=cache)
    if options.format == "json":
        print_json(options, difference.to_json())
    elif options.format == "sparql":
        _print_parts(options, difference.update_parts())
    elif options.format == "markdown":
        print_text(options, difference.to_markdown(options.lang, whole=options.all))
    else:
        print_text(options, difference.to_text(options.lang, terminal_width(options) or 80, whole=options.all))
    return 1 if difference else 0


def _print_parts(options: argparse.Namespace, parts: Iterable[bytes]) -> None:
    """Write the parts as they come: the update of a large difference is never whole in memory."""
    from pathlib import Path  # noqa: PLC0415

    from llmkg.files import write_parts  # noqa: PLC0415

    if options.output is not None:
        write_parts(Path(options.output), parts)
        return
    for part in parts:
        write_out(part)
