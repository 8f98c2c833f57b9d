"""What the README shows is what happens."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from llmkg.cli import main
from llmkg.commands import COMMANDS, command_module

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEST_COMMAND = 'pip install -e ".[test]" && pytest'


def test_the_transcript_of_the_main_question_is_real(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    main(["query", "challenges-addressed", "mitigation=retrieval augmentation", "--no-cache", "--graph", str(ROOT)])
    assert f"```\n{capsys.readouterr().out}```" in README


def test_the_two_commands_are_there_and_ci_runs_the_second() -> None:
    assert 'pip install . && llmkg query challenges-addressed mitigation="retrieval augmentation"' in README
    assert TEST_COMMAND in README
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith(TEST_COMMAND)


def test_every_command_is_in_the_readme_and_has_its_code() -> None:
    shown = set(re.findall(r"^\| `llmkg ([a-z]+)", README, re.MULTILINE))
    assert shown == set(COMMANDS)
    assert all(callable(command_module(name).run) for name in COMMANDS)


def test_every_link_leads_to_a_file() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))}
    links = [(path, link) for path, text in texts.items() for link in re.findall(r"\]\(([^)#:]+)[)#]", text)]
    assert len(links) > 8
    assert [link for path, link in links if not (path.parent / link).exists()] == []
