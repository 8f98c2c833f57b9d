"""Arguments that several commands share, and the graph they name."""

from __future__ import annotations

import argparse
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from llmkg.graph import KnowledgeGraph

__all__ = ["add_format", "add_language", "count", "open_graph"]


def count(text: str) -> int:
    """Read a whole number above zero, for ``add_argument(type=count)``."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above zero")
    return int(text)


def add_format(parser: argparse.ArgumentParser, *formats: str) -> None:
    """Declare ``--format``, of which the first of ``formats`` is the default."""
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"default: {formats[0]}")


def add_language(parser: argparse.ArgumentParser) -> None:
    """Declare ``--lang``."""
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of labels; default: en")


def open_graph(options: argparse.Namespace) -> KnowledgeGraph:
    """Return the graph that ``--graph``, ``--cache`` and ``--no-cache`` name; it tells of retired terms in one line each."""
    from llmkg.graph import KnowledgeGraph  # noqa: PLC0415  (the parser needs no engine)

    told: set[object] = set()

    def tell(old: NamedNode, new: NamedNode | None) -> None:
        from llmkg.retirement import retired_notice  # noqa: PLC0415  (only where a retired term is named)

        if (old, new) not in told:
            told.add((old, new))
            notice = retired_notice(kg.lexicon, kg.prefixes, old, new, getattr(options, "lang", None) or "en")
            print(f"llmkg: {notice}", file=sys.stderr)

    cache = False if options.no_cache else options.cache if options.cache is not None else True
    kg = KnowledgeGraph.open(options.graph, cache=cache, on_retired=tell)
    return kg
