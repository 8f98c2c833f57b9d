"""``llmkg queries``: the saved queries with their questions."""

from __future__ import annotations

import argparse

from llmkg.commands.arguments import add_format, add_language, open_graph
from llmkg.commands.printing import print_json, print_table
from llmkg.errors import Phrase, UsageError, did_you_mean, shown
from llmkg.savedquery import SavedQuery, in_language

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--tag", help="only those with this tag")
    add_format(parser, "table", "json")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    queries = [q for q in open_graph(options).queries.values() if options.tag is None or options.tag in q.tags]
    if not queries:
        tags = sorted({tag for q in open_graph(options).queries.values() for tag in q.tags})
        use = Phrase(" Use one of {names}.", names=", ".join(tags)) if tags else Phrase(" No query here has a tag.")
        near = did_you_mean(options.tag or "", tags) or use
        raise UsageError(Phrase("no saved query has the tag '{tag}'.{near}", tag=shown(options.tag or ""), near=near))
    if options.format == "json":
        listed = [_told(query, options.lang) for query in queries]
        return print_json(options, listed)
    rows = []
    for query in queries:
        takes = " ".join(p.name if p.required else f"[{p.name}]" for p in query.parameters)
        rows.append((query.name, query.questions(options.lang)[0], takes))
    return print_table(options, tuple(map(Phrase, ("query", "question", "parameters"))), rows)


def _told(query: SavedQuery, lang: str) -> dict[str, object]:
    """Return all that the header says as JSON values, its texts in ``lang``; the questions in every language."""
    return {
        "name": query.name,
        "title": in_language(query.title, lang),
        "question": {language: list(texts) for language, texts in query.question.items()},
        "description": in_language(query.description, lang),
        "tags": list(query.tags),
        "parameters": [
            {
                "name": p.name,
                "title": in_language(p.title, lang),
                "description": in_language(p.description, lang),
                "type": p.type,
                "class": list(p.classes),
                "required": p.required,
                "list": p.list,
                "default": p.default,
                "enum": list(p.enum),
                "enum_of": p.enum_of,
                "example": p.example,
            }
            for p in query.parameters
        ],
        "columns": [
            {
                "name": c.name,
                "title": in_language(c.title, lang),
                "description": in_language(c.description, lang),
                "type": c.type,
            }
            for c in query.columns
        ],
    }
