"""``llmkg import``: show what files of publications would add to the graph, and with ``--write`` add it."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from llmkg.commands.arguments import add_format
from llmkg.commands.printing import counted, print_json, print_text

if TYPE_CHECKING:
    from llmkg.curate.plan import Plan

__all__ = ["add_arguments", "run"]

_FORMATS = ("bibtex", "csl", "openalex")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("source", metavar="FORMAT", choices=_FORMATS, help=f"one of {', '.join(_FORMATS)}")
    parser.add_argument("files", metavar="FILE", nargs="+", help="a file to import")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code: 1 when an entry was broken or in conflict."""
    from llmkg.curate.formats import reader  # noqa: PLC0415  (--help needs none of these)
    from llmkg.curate.holdings import read_holdings  # noqa: PLC0415
    from llmkg.curate.inputfile import InputFile  # noqa: PLC0415
    from llmkg.curate.outcome import place_all  # noqa: PLC0415
    from llmkg.curate.places import Lines  # noqa: PLC0415
    from llmkg.curate.plan import make_plan  # noqa: PLC0415
    from llmkg.curate.report import plan_json, plan_text  # noqa: PLC0415
    from llmkg.pack import Pack  # noqa: PLC0415

    read = reader(options.source)
    holdings = read_holdings(Pack.open(options.graph))
    items = (item for name in options.files for item in read(InputFile(name)))
    plan = make_plan(holdings.known, items)
    place_all(plan, holdings)
    lines = Lines(holdings.pack)
    if options.format == "json":
        print_json(options, plan_json(plan, holdings.prefixes, lines))
    else:
        print_text(options, "".join(plan_text(plan, holdings.prefixes, lines)))
    print(f"llmkg: {_summary(plan)}", file=sys.stderr)
    return 0 if plan.is_clean else 1


def _summary(plan: Plan) -> str:
    counts = f"{len(plan.added)} added, {len(plan.merged)} merged, {len(plan.unchanged)} unchanged"
    return f"{counts}, {counted(len(plan.conflicts), 'conflict')}, {len(plan.broken)} broken."
