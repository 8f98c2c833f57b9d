"""``llmkg stats``: count what the graph holds."""

from __future__ import annotations

import argparse

from llmkg.commands.arguments import add_format, add_language, open_graph
from llmkg.commands.printing import print_json, print_result, print_table, print_text

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_format(parser, "table", "json")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    kg = open_graph(options)
    statistics = kg.statistics()
    coverage = kg.query("coverage", lang=options.lang) if "coverage" in kg.queries else None
    if options.format == "json":
        counts: dict[str, object] = {
            "files": statistics.files,
            "asserted": statistics.asserted,
            "inferred": statistics.inferred,
            "classes": {kg.short(cls): count for cls, count in statistics.classes.items()},
        }
        if coverage is not None:
            counts["coverage"] = coverage.to_dicts()
        return print_json(options, counts)
    rows = [
        ("files", str(statistics.files)),
        ("asserted triples", str(statistics.asserted)),
        ("inferred triples", str(statistics.inferred)),
    ]
    rows += [
        (f"{kg.label(cls, options.lang)} ({kg.short(cls)})", str(count)) for cls, count in statistics.classes.items()
    ]
    print_table(options, ("what", "count"), rows)
    if coverage is not None:
        print_text(options, "\n")
        print_result(options, kg, coverage)
    return 0
