"""``llmkg stats``: count what the graph holds."""

from __future__ import annotations

import argparse

from llmkg.commands.arguments import add_format, add_language, open_graph
from llmkg.commands.printing import print_json, print_table, print_text
from llmkg.errors import Phrase, told
from llmkg.savedquery import in_language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from llmkg.graph import KnowledgeGraph

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
    totals = (
        (Phrase("files"), statistics.files),
        (Phrase("asserted triples"), statistics.asserted),
        (Phrase("inferred triples"), statistics.inferred),
    )
    rows = [(told(what, options.lang), str(count)) for what, count in totals]
    rows += [(_class_name(kg, cls, options.lang), str(count)) for cls, count in statistics.classes.items()]
    print_table(options, (Phrase("what"), Phrase("count")), rows)
    if coverage is not None:
        print_text(options, "\n")
        columns = kg.queries["coverage"].columns
        header = [in_language(column.title, options.lang) or column.name for column in columns]
        print_table(options, header, [["" if term is None else kg.short(term) for term in row] for row in coverage])
    return 0


def _class_name(kg: KnowledgeGraph, cls: NamedNode, lang: str) -> str:
    """Return the label of a class with its CURIE; a class that has none by its CURIE alone."""
    label, curie = kg.lexicon.label(cls, lang), kg.short(cls)
    return f"{label} ({curie})" if label and label != curie else curie
