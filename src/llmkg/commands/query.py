"""``llmkg query``: run one saved query."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from llmkg.commands.arguments import add_format, add_language, open_graph
from llmkg.commands.printing import print_bytes, print_result, print_text, terminal_width
from llmkg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from llmkg.graph import KnowledgeGraph

__all__ = ["add_arguments", "run"]

_RESULTS = ("table", "json", "csv", "tsv", "xml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("name", metavar="NAME", help="the name of a saved query")
    parser.add_argument(
        "values", metavar="PARAM=VALUE", nargs="*", default=[], help="a CURIE, an IRI, a label or a plain value"
    )
    parser.add_argument("--asserted", action="store_true", help="ask only what the files say")
    parser.add_argument("--sources", action="store_true", help="add the claims behind the rows, with places and papers")
    add_format(parser, *_RESULTS)
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    kg = open_graph(options)
    query = kg.saved_query(options.name)
    values: dict[str, list[str]] = {}
    for pair in options.values:
        name, equals, value = pair.partition("=")
        if not equals:
            example = next((f"{p.name}='{pair}'" for p in query.parameters), None)
            hint = f" Write {example}." if example else " This query takes no parameter."
            raise UsageError(f"'{pair}' is not PARAM=VALUE.{hint}")
        if name in values and not query.parameter(name).list:
            raise UsageError(f"the parameter {name} is given twice. Give it once.")
        values.setdefault(name, []).append(value)
    bound = kg.bind(query, values, options.lang)
    if options.format != "table":
        if options.sources:
            raise UsageError("--sources goes with the table only. 'llmkg query claims-about' gives claims as rows.")
        return print_bytes(options, kg.serialize(query, bound, options.format, asserted=options.asserted))
    result = kg.run(query, bound, asserted=options.asserted)
    print_result(options, kg, result)
    if options.sources:
        named = [term for row in result for term in row if term is not None]
        given = [term for value in bound.values() for term in (value if isinstance(value, tuple) else (value,))]
        _print_sources(options, kg, [*given, *named])
    return 0


def _print_sources(options: argparse.Namespace, kg: KnowledgeGraph, terms: Sequence[object]) -> None:
    from llmkg.render import wrap  # noqa: PLC0415

    width = terminal_width(options) or 10_000
    claims = kg.claims_between(terms)  # type: ignore[arg-type]
    lines = ["", "Sources" if claims else "Sources: no claim of the graph stands behind these rows."]
    for claim in claims:
        places = ", ".join(kg.label(section, options.lang) for section in claim.sections)
        basis = kg.label(claim.basis, options.lang) if claim.basis else ""
        first, *more = wrap(f"{kg.label(claim.claim, options.lang)}: {places} ({basis})", width - 2)
        lines += [f"- {first}", *(f"  {line}" for line in more)]
        for paper in claim.papers:
            lines += [f"    {line}" for line in wrap(f"{kg.label(paper, options.lang)} [{kg.short(paper)}]", width - 4)]
    print_text(options, "\n".join(lines) + "\n")
