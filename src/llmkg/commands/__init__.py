"""The commands: one module each, which declares its arguments and runs.

A module has ``add_arguments(parser)`` and ``run(options)``, which calls the library, prints what it
gives and returns the exit code. Only the module of the command at hand is imported.
"""

from __future__ import annotations

import argparse
import importlib
from types import ModuleType

__all__ = ["COMMANDS", "command_module", "execute"]

_MODULES = {"import": "importing"}  # a module cannot be called like a keyword

COMMANDS = {
    "ask": "answer a question in English or Chinese with the saved query that fits it",
    "queries": "list the saved queries with their questions",
    "query": "run a saved query",
    "sparql": "run any SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE",
    "search": "find things by their names",
    "show": "show everything about one thing",
    "why": "prove a triple down to file, line and source, or say why it does not follow",
    "stats": "count what the graph holds",
    "validate": "check files, shapes and consistency: file, line and remedy",
    "diff": "tell what changed between two graphs, files or revisions, and what follows",
    "reason": "print what follows from RDF files under OWL 2 RL",
    "rename": "give a term another name in all files, and keep the old one as retired",
    "fmt": "put Turtle files into the sorted form, and write catalogs anew",
    "import": "add publications from files of BibTeX, CSL-JSON or OpenAlex",
    "export": "write the graph in another format",
    "release": "write the release set: every part and format, with checksums",
    "completion": "print a script that lets a shell complete commands, queries and values",
}


def command_module(name: str) -> ModuleType:
    """Return the module of the command called ``name``."""
    return importlib.import_module(f"llmkg.commands.{_MODULES.get(name, name)}")


def execute(options: argparse.Namespace) -> int:
    """Run one command and return its exit code."""
    code: int = command_module(options.command).run(options)
    written: str | None = getattr(options, "written", None)
    if written is not None:
        from pathlib import Path  # noqa: PLC0415

        from llmkg.files import write_whole  # noqa: PLC0415

        write_whole(Path(options.output), written)
    return code
