"""A query on which the engine breaks off ends in one line, not in the middle of nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from llmkg.errors import EngineError
from llmkg.guard import guarded

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot split a process")


def test_an_exit_code_comes_back_and_so_does_what_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        os.write(2, b"a note\n")
        return 3

    assert guarded(work) == 3
    assert capsys.readouterr().err == "a note\n"


def test_an_engine_that_aborts_is_one_error(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        os.write(2, b"thread panicked\n")
        os.abort()

    with pytest.raises(EngineError, match=r"broke off .*signal 6.* sort by STR"):
        guarded(work)
    assert capsys.readouterr().err == ""


def test_nothing_goes_on_in_the_child_after_an_exception() -> None:
    def work() -> int:
        raise ValueError("odd")

    assert guarded(work) == 4


def test_values_of_all_types_in_one_order() -> None:
    # Oxigraph 0.5.13 panics here; whatever an engine makes of it, a person reads at most one line.
    query = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
    command = [sys.executable, "-c", "from llmkg.cli import run; run()", "sparql", query, "--graph", str(ROOT)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, len(ran.stderr.splitlines())) in {(0, 0), (4, 1)}
