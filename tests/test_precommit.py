"""The hooks of .pre-commit-hooks.yaml, run by pre-commit itself in the repository of a pack."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = """\
repos:
  - repo: {root}
    rev: {revision}
    hooks:
      - id: llmkg-fmt
      - id: llmkg-validate
"""

pytestmark = [
    pytest.mark.slow,  # pre-commit installs llmkg into an environment of its own
    pytest.mark.skipif(
        shutil.which("pre-commit") is None or not (ROOT / ".git").exists(), reason="needs pre-commit and a checkout"
    ),
]


class Ran(NamedTuple):
    code: int
    out: str


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def commit(home: Path, tmp_path: Path) -> Callable[[dict[str, tuple[str, str]]], Ran]:
    """Return what edits files of a pack in a repository and commits them."""
    pack = tmp_path / "pack"
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, pack / part)
    author = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
    committer = {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
    # Inside of a hook of ours git has said which repository it means.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own |= {**author, **committer, "PRE_COMMIT_HOME": str(home), "LLMKG_CACHE": str(tmp_path / "cache")}

    def run(*command: str) -> Ran:
        ran = subprocess.run(
            command, cwd=pack, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return Ran(ran.returncode, ran.stdout)

    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    (pack / ".pre-commit-config.yaml").write_text(CONFIGURATION.format(root=ROOT, revision=revision), encoding="utf-8")
    for command in (["git", "init", "-q"], ["git", "add", "-A"], ["git", "commit", "-qm", "Begin"]):
        assert run(*command).code == 0
    assert run("pre-commit", "install").code == 0

    def edited(edits: dict[str, tuple[str, str]]) -> Ran:
        for name, (old, new) in edits.items():
            text = (pack / name).read_text(encoding="utf-8")
            assert old in text
            (pack / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        run("git", "add", "-A")
        return run("git", "commit", "-qm", "Change")

    return edited


def test_a_good_commit_passes(commit) -> None:
    ran = commit({"data/mitigations.ttl": ('"Houlsby adapters"@en', '"Houlsby adapter"@en')})
    assert ran.code == 0, ran.out


def test_an_unsorted_file_is_sorted_and_stops_the_commit_until_it_is_added(commit) -> None:
    ran = commit({"data/mitigations.ttl": ('"Houlsby adapters"@en', '"the adapters of Houlsby"@en')})
    assert ran.code == 1
    assert "files were modified by this hook" in ran.out
    assert "formatted: data/mitigations.ttl" in ran.out
    again = commit({})
    assert again.code == 0, again.out


@pytest.mark.parametrize(
    ("name", "edit", "told"),
    [
        (
            "data/mitigations.ttl",
            ('rdfs:label "LoRA"@en', 'rdfs:label "LoRA "@en'),
            'error: "LoRA "@en has white space',
        ),
        ("queries/checks/cycle.rq", ("SELECT", "SELEKT"), "llmkg: ./queries/checks/cycle.rq: is not a SPARQL query"),
    ],
)
def test_a_mistake_stops_the_commit_and_is_told(commit, name: str, edit: tuple[str, str], told: str) -> None:
    ran = commit({name: edit})
    assert ran.code == 1
    assert told.replace("./", "") in ran.out.replace("./", "")
