"""``llmkg rename``: give a term another name in all files of a pack, and keep the old one as retired."""

from __future__ import annotations

import argparse
import sys

from llmkg.commands.arguments import open_graph
from llmkg.commands.printing import counted, print_text
from llmkg.errors import UsageError, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from llmkg.graph import KnowledgeGraph

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("old", metavar="OLD", help="a thing, a class or a property: a CURIE, an IRI or a label")
    parser.add_argument("new", metavar="NEW", help="its new name: a CURIE or an IRI that is not taken")
    parser.add_argument("--check", action="store_true", help="write nothing; tell which files would change")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code; the update for the data of others goes to standard output."""
    from llmkg.pack import check_own  # noqa: PLC0415  (the parser needs none of these)
    from llmkg.rename import migration, renamed_files  # noqa: PLC0415

    kg = open_graph(options)
    old, new = _terms(kg, options.old, options.new)
    files = renamed_files(kg.pack, kg.prefixes, old, new)
    if not options.check:
        check_own(kg.pack.root)
        kg.pack.replace((name, text.encode()) for name, text in files.items())
    for name in files:
        print(f"{'would change' if options.check else 'changed'}: {name}", file=sys.stderr)
    done = "would be" if options.check else "is now"
    said = f"{kg.short(old)} {done} {kg.short(new)} in {counted(len(files), 'file')}, and stays as a retired name."
    print(f"llmkg: {said} Run 'llmkg validate', and look for the old name outside of the pack.", file=sys.stderr)
    return print_text(options, migration(old, new))


def _terms(kg: KnowledgeGraph, old: str, new: str) -> tuple[NamedNode, NamedNode]:
    """Return the two terms; raises UsageError when the first is retired or the second taken or no name."""
    from llmkg.lexicon import is_retired  # noqa: PLC0415

    written = kg.lexicon.written(old)
    if written is not None and is_retired(kg.lexicon.store, written):
        raise UsageError(f"{shown(old)} is retired already. Rename what replaced it.")
    term, name = kg.lexicon.resolve(old), kg.lexicon.written(new)
    if name is None:
        raise UsageError(f"'{shown(new)}' is neither a CURIE with a prefix of the pack nor an IRI. Write PREFIX:NAME.")
    if kg.lexicon.is_known(name):
        hint = "Choose another: no name is used again." if term != name else "Give it another name."
        raise UsageError(f"{kg.short(name)} is taken. {hint}")
    return term, name
