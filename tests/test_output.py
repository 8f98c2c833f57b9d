"""What the commands print, in every format, on a terminal and on a pipe."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from llmkg.cli import main
from llmkg.commands import queries
from llmkg.commands.printing import counted

# -- what the system refuses, and grammar ---------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(13, "Permission denied", "/var/zoo"), "/var/zoo: the system refuses (Permission denied)."),
        (OSError(24, "Too many open files"), "the system refuses (Too many open files)."),
        (OSError("odd"), "the system refuses (odd)."),
    ],
    ids=["a file", "no file", "no number"],
)
def test_an_error_of_the_system_is_not_blamed_on_standard_output(
    error: OSError, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(queries, "run", fail)
    assert main(["queries"]) == 3
    assert capsys.readouterr() == ("", f"llmkg: {told} Mend that or choose another place.\n")


def test_a_name_of_the_wrong_kind_is_told_in_grammar(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "food", "animal=:eats", "--graph", str(pack), "--no-cache"]) == 2
    assert "not animal. Give the name of an animal.\n" in capsys.readouterr().err


def test_one_thing_is_counted_as_one() -> None:
    assert [counted(n, "finding") for n in (0, 1, 2)] == ["0 findings", "1 finding", "2 findings"]
