"""``llmkg search``: find things by their names."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from llmkg.commands.arguments import add_format, add_language, count, open_graph
from llmkg.commands.printing import kinds, print_json, print_table, tell
from llmkg.errors import Phrase, shown

if TYPE_CHECKING:
    from llmkg.graph import KnowledgeGraph
    from llmkg.search import Hit

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("words", metavar="WORDS", nargs="+", help="names or parts of names, in any language")
    parser.add_argument("--kind", metavar="CLASS", help="only things of this class: its label, a CURIE or an IRI")
    parser.add_argument("--limit", type=count, default=20, metavar="N", help="at most N things; default: 20")
    add_format(parser, "table", "json")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    kg = open_graph(options)
    words = " ".join(" ".join(options.words).split())
    hits = kg.find(words, options.limit, kind=options.kind)
    if options.format == "json":
        print_json(options, [_told(kg, hit, options.lang) for hit in hits])
        return 0 if hits else 1
    if not hits:
        text = "nothing of kind {kind} is called '{words}'. Try fewer or other words."
        if not options.kind:
            text = "nothing is called '{words}'. Try fewer or other words."
        tell(Phrase(text, kind=options.kind, words=shown(words)), options.lang)
        return 1
    rows = [
        (kg.short(hit.term), kg.label(hit.term, options.lang), ", ".join(kinds(kg, hit.term, options.lang)), hit.name)
        for hit in hits
    ]
    if hits[0].how == "spelling":
        tell(Phrase("no name has these words; these are spelled like them."), options.lang)
    for hit in hits:
        if hit.former:
            retired = Phrase("'{name}' is a retired name of {term}.", name=hit.name, term=kg.short(hit.term))
            tell(retired, options.lang)
    return print_table(options, tuple(map(Phrase, ("term", "label", "kind", "matched"))), rows)


def _told(kg: KnowledgeGraph, hit: Hit, lang: str) -> dict[str, object]:
    return {
        "term": hit.term.value,
        "curie": kg.short(hit.term),
        "label": kg.label(hit.term, lang),
        "kinds": kinds(kg, hit.term, lang),
        "matched": hit.name,
        "language": hit.language or None,
        "how": hit.how,
        "score": hit.score,
        "former": hit.former,
    }
