"""``llmkg queries``: the saved queries with their questions."""

from __future__ import annotations

import argparse

from llmkg.commands.arguments import add_format, add_language, open_graph
from llmkg.commands.printing import print_json, print_table
from llmkg.errors import UsageError, did_you_mean

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
        near = did_you_mean(options.tag or "", tags) or (
            f" Use one of {', '.join(tags)}." if tags else " No query here has a tag."
        )
        raise UsageError(f"no saved query has the tag '{options.tag}'.{near}")
    if options.format == "json":
        listed = [
            {
                "name": q.name,
                "title": q.title,
                "question": {lang: list(texts) for lang, texts in q.question.items()},
                "description": q.description,
                "tags": list(q.tags),
                "parameters": [
                    {
                        "name": p.name,
                        "type": p.type,
                        "class": list(p.classes),
                        "required": p.required,
                        "example": p.example,
                    }
                    for p in q.parameters
                ],
                "columns": [{"name": c.name, "type": c.type, "description": c.description} for c in q.columns],
            }
            for q in queries
        ]
        return print_json(options, listed)
    rows = []
    for query in queries:
        takes = " ".join(p.name if p.required else f"[{p.name}]" for p in query.parameters)
        rows.append((query.name, query.question.get(options.lang, (query.title,))[0], takes))
    return print_table(options, ("query", "question", "parameters"), rows)
