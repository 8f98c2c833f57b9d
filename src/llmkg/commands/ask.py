"""``llmkg ask``: answer a question with the saved query that fits it."""

from __future__ import annotations

import argparse
import sys

from llmkg.commands.arguments import open_graph
from llmkg.commands.printing import print_json, tell
from llmkg.commands.query import print_query
from llmkg.commands.results import RESULTS, add_result_arguments, format_of
from llmkg.errors import Phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from llmkg.ask import Reading, Understanding
    from llmkg.graph import KnowledgeGraph

__all__ = ["add_arguments", "run"]

_OTHERS = 3
_LIKELY = 0.1  # the score from which another reading is worth a line
_WITH_SOURCES = ("table", "json", "markdown", "html")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("question", metavar="QUESTION", nargs="+", help="a question in English or Chinese")
    parser.add_argument("--asserted", action="store_true", help="ask only what the files say")
    add_result_arguments(parser)
    parser.add_argument("--no-sources", dest="sources", action="store_false", help="leave the sources out")
    parser.set_defaults(sources=True, lang=None)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code: 1 when no saved query fits."""
    kg = open_graph(options)
    understood = kg.understand(" ".join(options.question), lang=options.lang)
    options.lang = understood.language
    result_format = format_of(options, RESULTS, "table")
    options.sources = options.sources and result_format in _WITH_SOURCES
    reading = understood.reading
    if reading is None:
        return _decline(options, kg, understood, result_format)
    likely = [other for other in understood.others if other.score >= _LIKELY][:_OTHERS]
    query = kg.saved_query(reading.query)
    understood_as = Phrase("understood: {question}", question=_words(kg, reading, options.lang))
    tell(understood_as, options.lang, f"  llmkg query {_call(kg, reading)}")
    bound = kg.bind(query, reading.values, options.lang)
    code = print_query(options, kg, query, bound, _told(kg, reading, likely) if result_format == "json" else None)
    sys.stdout.flush()
    for other in likely:
        question = Phrase("or was it: {question}?", question=_words(kg, other, options.lang))
        tell(question, options.lang, f"  llmkg query {_call(kg, other)}")
    return code


def _decline(options: argparse.Namespace, kg: KnowledgeGraph, understood: Understanding, result_format: str) -> int:
    nearest = understood.others[:_OTHERS]
    if result_format == "json":
        empty: dict[str, object] = {"head": {"vars": []}, "results": {"bindings": []}}
        print_json(options, {**empty, "llmkg": _told(kg, None, nearest)})
    text = "no saved query fits this question. The nearest that can be asked:"
    if not nearest:
        text = "no saved query fits this question. 'llmkg queries' lists what can be asked."
    listed = [f"  {_words(kg, reading, options.lang)}\n    llmkg query {_call(kg, reading)}" for reading in nearest]
    tell(Phrase(text), options.lang, *listed)
    return 1


def _told(
    kg: KnowledgeGraph, reading: Reading | None, others: list[Reading] | tuple[Reading, ...]
) -> dict[str, object]:
    """Return what JSON says of the understanding."""

    def one(found: Reading) -> dict[str, object]:
        return {"query": found.query, "parameters": _values(kg, found), "score": found.score}

    own = one(reading) if reading else {"query": None, "parameters": {}, "score": 0}
    return {**own, "other readings": [one(other) for other in others]}


def _values(kg: KnowledgeGraph, reading: Reading) -> dict[str, str]:
    """Return the values as a person writes them: things as CURIEs."""
    query = kg.saved_query(reading.query)
    return {
        name: kg.short(kg.lexicon.resolve(value)) if query.parameter(name).type == "iri" else value
        for name, value in reading.values.items()
    }


def _words(kg: KnowledgeGraph, reading: Reading, lang: str) -> str:
    """Return the question that the reading answers, with the names of what it is about."""
    query = kg.saved_query(reading.query)
    text = reading.phrasing
    for name, value in reading.values.items():
        shown = kg.label(kg.lexicon.resolve(value), lang) if query.parameter(name).type == "iri" else value
        text = text.replace(f"{{{name}}}", shown)
    return text


def _call(kg: KnowledgeGraph, reading: Reading) -> str:
    """Return the query and its values as they are typed after ``llmkg query``."""
    from shlex import quote  # noqa: PLC0415

    return " ".join([reading.query, *(f"{name}={quote(value)}" for name, value in _values(kg, reading).items())])
