"""The rooms of the code: imports run from the later step to the earlier, never back or sideways."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import llmkg

SOURCE = Path(llmkg.__file__).parent
# Each module or package with its level; see docs/architecture.md.
LEVELS = {
    "chinese": -1,  # words only
    "errors": 0,
    "terms": 0,
    "journal": 0,
    "statements": 0,
    "progress": 0,
    "scan": 0,
    "render": 0,
    "cells": 1,
    "files": 1,
    "guard": 1,
    "interchange": 1,
    "lexicon": 1,
    "limits": 1,
    "markup": 1,
    "pack": 1,
    "source": 1,
    "savedquery": 1,
    "publications": 1,
    "tags": 1,
    "venue": 1,
    "outline": 1,
    "bibtex": 2,
    "turtle": 2,
    "querytree": 1,
    "syntax": 1,
    "result": 2,
    "parameters": 2,
    "queryfile": 2,
    "load": 2,
    "names": 2,
    "ask": 3,
    "csl": 3,
    "engine": 3,
    "catalog": 3,
    "positions": 3,
    "reason": 3,
    "export": 3,
    "fmt": 3,
    "search": 3,
    "answers": 4,
    "bibliography": 4,
    "inference": 4,
    "snapshot": 4,
    "validate": 5,
    "claims": 5,
    "contents": 5,
    "grid": 5,
    "retirement": 3,
    "things": 5,
    "graph": 6,
    "curate": 7,
    "describe": 7,
    "difference": 7,
    "explain": 7,
    "emptiness": 7,
    "references": 7,
    "release": 7,
    "rename": 4,
    "commands": 8,
    "cli": 9,
    "__main__": 10,
}


def rooms() -> dict[Path, str]:
    """Return every module with the room it is in."""
    found = {path: path.relative_to(SOURCE) for path in sorted(SOURCE.rglob("*.py"))}
    return {
        path: local.parts[0].removesuffix(".py")
        for path, local in found.items()
        if local.name != "__init__.py" or len(local.parts) > 1
    }


def imported(path: Path) -> set[str]:
    """Return the rooms that a module imports from, at its top or inside a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "llmkg":
            parts = node.module.split(".")
            names |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.name.split(".")[1] for a in node.names if a.name.startswith("llmkg.")}
    return names - {"__version__"}


def test_every_module_has_a_level() -> None:
    assert set(rooms().values()) == set(LEVELS)


@pytest.mark.parametrize("path", rooms(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_one_way(path: Path) -> None:
    room = rooms()[path]
    wrong = {name for name in imported(path) - {room} if LEVELS[name] >= LEVELS[room]}
    assert wrong == set()


def test_no_module_outgrows_a_sitting() -> None:
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in rooms()}
    assert {name: count for name, count in lines.items() if count > 450} == {}


def test_the_code_knows_no_content() -> None:
    words = ("retrieval", "kaddour", "hallucination", "mitigation:", "challenge:")
    said = {
        (path.name, word)
        for path in rooms()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value
        for word in words
        if word in node.value
    }
    assert said == set()
