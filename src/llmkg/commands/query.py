"""``llmkg query``: run one saved query."""

from __future__ import annotations

import argparse

from llmkg.commands.arguments import open_graph
from llmkg.commands.printing import terminal_width
from llmkg.commands.results import (
    RESULTS,
    SERIALIZED,
    add_result_arguments,
    format_of,
    print_answer,
    print_serialized,
    reasons_for_emptiness,
    tell_emptiness,
)
from llmkg.errors import Phrase, UsageError, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from llmkg.graph import KnowledgeGraph
    from llmkg.savedquery import Bound, SavedQuery

__all__ = ["add_arguments", "print_query", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("name", metavar="NAME", help="the name of a saved query")
    parser.add_argument(
        "values", metavar="PARAM=VALUE", nargs="*", default=[], help="a CURIE, an IRI, a label or a plain value"
    )
    parser.add_argument("--asserted", action="store_true", help="ask only what the files say")
    add_result_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    kg = open_graph(options)
    query = kg.saved_query(options.name)
    values: dict[str, list[str]] = {}
    for pair in options.values:
        name, equals, value = pair.partition("=")
        if not equals:
            example = next((f"{p.name}='{shown(pair)}'" for p in query.parameters), None)
            none = Phrase(" This query takes no parameter.")
            hint = Phrase(" Write {example}.", example=example) if example else none
            raise UsageError(Phrase("'{text}' is not PARAM=VALUE.{hint}", text=shown(pair), hint=hint))
        if name in values and not query.parameter(name).list:
            raise UsageError(Phrase("the parameter {name} is given twice. Give it once.", name=shown(name)))
        values.setdefault(name, []).append(value)
    return print_query(options, kg, query, kg.bind(query, values, options.lang))


def print_query(
    options: argparse.Namespace,
    kg: KnowledgeGraph,
    query: SavedQuery,
    bound: Bound,
    more: Mapping[str, object] | None = None,
) -> int:
    """Run a saved query and print its answer as the options say; ``more`` is what JSON tells besides."""
    given = [value for name, value in bound.items() if name != "lang"]
    things = [term for value in given for term in (value if isinstance(value, tuple) else (value,))]
    result_format = format_of(options, RESULTS, "table")

    def reasons() -> list[str]:
        return reasons_for_emptiness(options, kg, query.bind(bound), query=query, bound=bound)

    if result_format in SERIALIZED:
        data = kg.serialize(query, bound, result_format, asserted=options.asserted)
        return print_serialized(options, kg, data, result_format, things, more, reasons=reasons)
    from llmkg.savedquery import in_language  # noqa: PLC0415  (the parser needs no engine)

    result = kg.run(query, bound, asserted=options.asserted)
    code = print_answer(
        options,
        kg,
        result,
        result_format,
        caption=_asked(kg, query, bound, options.lang),
        columns={column.name: in_language(column.title, options.lang) for column in query.columns},
        labels=terminal_width(options) is not None or result_format != "table",
        parameters=things,
    )
    if result.variables and not result.rows:
        tell_emptiness(options, reasons())
    return code


def _asked(kg: KnowledgeGraph, query: SavedQuery, bound: Bound, lang: str) -> str:
    """Return the question with what was given for its parameters, in ``lang`` where it is asked in that."""
    question = query.questions(lang)[0]
    for name, value in bound.items():
        terms = value if isinstance(value, tuple) else (value,)
        question = question.replace(f"{{{name}}}", ", ".join(kg.label(term, lang) for term in terms))
    return question[:1].upper() + question[1:]
