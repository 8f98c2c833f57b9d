"""Shells complete commands, options, queries, parameters and values; whatever is wrong, nothing is said."""

from __future__ import annotations

import os
import re
import select
import shutil
import string
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llmkg import KnowledgeGraph, cli
from llmkg.commands import COMMANDS
from llmkg.commands.complete import _TERMS, _split, candidates, for_bash
from llmkg.commands.completion import _SCRIPTS
from llmkg.commands.nameable import Nameable
from llmkg.snapshot import kept_snapshot

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache with the snapshot of the shipped graph."""
    folder = tmp_path_factory.mktemp("cache")
    assert KnowledgeGraph.open(ROOT, cache=folder).queries
    return folder


@pytest.fixture(scope="module")
def ask(cache: Path) -> Callable[..., list[str]]:
    where = ["--graph", str(ROOT), "--cache", str(cache)]

    def ask(command: str, *words: str) -> list[str]:
        return [value for value, _ in candidates([command, *where, *words], cli._command_parser)]

    return ask


def first(words: list[str]) -> list[str]:
    return [value for value, _ in candidates(words, cli._command_parser)]


def test_commands_options_and_choices() -> None:
    assert first(["quer"]) == ["queries", "query"]
    assert {"--help", "--version", "export", "completion"} <= set(first([""]))
    assert first(["export", "--par"]) == ["--part"]
    assert first(["export", "--part", "as"]) == ["asserted"]
    assert first(["export", "--part=as"]) == ["--part=asserted"]
    assert {"turtle", "jsonld", "nt"} <= set(first(["export", "--format", ""]))
    assert first(["completion", ""]) == ["bash", "zsh", "fish"]
    assert first(["query", "x", "--lang", ""]) == ["en", "zh"]
    assert first(["export", "-o", ""]) == first(["fmt", "da"]) == first(["nonsense", ""]) == []


def test_queries_parameters_and_values(ask: Callable[..., list[str]]) -> None:
    assert "challenges-addressed" in ask("query", "chall")
    assert ask("query", "challenges-addressed", "") == ["mitigation="]
    assert ask("query", "challenges-addressed", "mitigation=lora", "") == []
    assert ask("query", "challenges-addressed", "mitigation=retrieval-au") == ["mitigation=retrieval-augmentation"]
    assert ask("query", "challenges-addressed", "mitigation=mitigation:lor") == ["mitigation=mitigation:lora"]
    assert "mitigation=检索增强" in ask("query", "challenges-addressed", "mitigation=检索")
    assert "mitigation=Retrieval augmentation" in ask("query", "challenges-addressed", "mitigation=retrieval AUG")
    assert ask("query", "datasets", "public=") == ["public=false", "public=true"]
    assert "adaptation=fine-tuned" in ask("query", "systems-in", "--asserted", "application=law", "adaptation=")
    assert ask("query", "nonsense", "") == ask("query", "datasets", "nonsense=") == []
    assert ask("queries", "--tag", "pap") == ["papers"]


def test_terms_are_offered_where_a_term_is_taken(ask: Callable[..., list[str]]) -> None:
    assert {"mitigation:", "challenge:", "llmkg:"} <= set(ask("show", ""))
    assert all(word.endswith(":") for word in ask("show", ""))
    assert ask("show", "mit")[0] == "mitigation:"
    assert ask("show", "mitigation:lor") == ["mitigation:lora"]
    assert {"hallucinations", "hallucination-and-bias"} <= set(ask("show", "hall"))
    assert not any(" " in word for word in ask("show", "hall"))
    assert "检索增强" in ask("show", "检索增")
    assert "Retrieval augmentation" in ask("show", "retrieval AUG")
    assert ask("show", "--all", "--lang=zh", "mitigation:lor") == ["mitigation:lora"]
    assert ask("show", "lora", "") == []
    assert ask("why", "mitigation:lor") == ["mitigation:lora"]
    assert ask("why", "LoRA", "addr") == ["addressedBy", "addresses"]
    assert ask("why", "LoRA", "")[0] == "a"
    assert "hallucinations" in ask("why", "LoRA", "addresses", "hall")
    assert ask("export", "--thing", "mitigation:lor") == ["mitigation:lora"]
    assert ask("export", "--thing=mitigation:lor") == ["--thing=mitigation:lora"]
    assert ask("export", "--frame", "Mit") == ["Mitigation"]  # a property is called like the kind
    assert ask("search", "--kind", "llmkg:Mit") == ["llmkg:Mitigation", "llmkg:MitigationKind"]
    assert ask("show", "claim:") == ask("show", "no such name") == []


def test_every_argument_that_takes_a_term_is_completed() -> None:
    taking = {
        (command, action.dest)
        for command in COMMANDS
        for action in cli._command_parser(command)._actions
        if re.search(r"\b(CURIE|thing|class)\b", action.help or "") and action.metavar not in ("PARAM=VALUE", "NEW")
    }
    assert taking == set(_TERMS)


@pytest.mark.parametrize("kind", ["thing", "property", "class"])
def test_every_short_name_offered_is_that_of_the_term(kg: KnowledgeGraph, cache: Path, kind: str) -> None:
    snapshot = kept_snapshot(kg.pack, str(cache))
    assert snapshot is not None
    nameable = Nameable(snapshot, kind, "en")
    resolve = kg.lexicon.resolve_property if kind == "property" else kg.lexicon.resolve
    offered = [pair for letter in string.ascii_letters + string.digits for pair in nameable.beginning(letter)]
    ends = [(word, label) for word, label in offered if label and ":" not in word and ":" not in label]
    assert len(ends) > {"thing": 1000, "property": 30, "class": 15}[kind]
    assert [word for word, label in ends if (kg.lexicon.label(resolve(word), "en") or "") != label] == []


def test_every_value_offered_for_a_slug_is_taken(kg: KnowledgeGraph, ask: Callable[..., list[str]]) -> None:
    query = kg.saved_query("challenges-addressed")
    offered = ask("query", "challenges-addressed", "mitigation=")
    assert len(offered) > 100
    for pair in offered:
        assert kg.bind(query, {"mitigation": pair.partition("=")[2]})


def test_a_list_is_completed_value_by_value(pack: Path, tmp_path: Path) -> None:
    query = pack / "queries" / "food.rq"
    text = query.read_text(encoding="utf-8").replace("#+   required: true", "#+   list: true")
    query.write_text(text.replace("$animal :eats ?food .", "?a :eats ?food FILTER(?a IN ($animal))"), encoding="utf-8")
    assert KnowledgeGraph.open(pack, cache=tmp_path / "c").queries
    words = ["query", "--graph", str(pack), "--cache", str(tmp_path / "c"), "food", "animal=felix,jerry-"]
    assert first(words) == ["animal=felix,jerry-the-second"]


def test_no_snapshot_is_built_and_names_come_from_the_files(pack: Path, tmp_path: Path) -> None:
    where = ["--graph", str(pack), "--cache", str(tmp_path / "none")]
    assert first(["query", *where, "f"]) == ["food"]
    assert first(["query", *where, "food", ""]) == ["animal="]
    assert first(["query", *where, "food", "animal=fel"]) == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["words", "query", "--graph", "/nowhere", ""],
        ["bash", "llmkg query --graph /nowhere "],
        ["bash"],
        [],
        ["bash", "llmkg query 'x"],
        ["words", "query", "\udcff"],
    ],
)
def test_it_never_says_what_is_wrong(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "llmkg", "complete", *arguments]
    ran = subprocess.run(command, capture_output=True, check=False)
    assert ran.stderr == b""
    assert b"Traceback" not in ran.stdout


@pytest.mark.parametrize(
    ("line", "words", "last", "quote"),
    [
        ("llmkg query ", ["llmkg", "query", ""], "", ""),
        ("llmkg a=b\\ c", ["llmkg", "a=b c"], "a=b\\ c", ""),
        ("llmkg a='b c", ["llmkg", "a=b c"], "a='b c", "'"),
        ('llmkg a="b \\" c" d', ["llmkg", 'a=b " c', "d"], "d", ""),
        ("llmkg ''", ["llmkg", ""], "''", ""),
    ],
)
def test_a_line_is_read_as_a_shell_reads_it(line: str, words: list[str], last: str, quote: str) -> None:
    found, begin, open_quote = _split(line)
    assert (found, line[begin:], open_quote) == (words, last, quote)


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("llmkg q m=Ret", "Retrieval\\ \\(RAG\\)"),
        ('llmkg q m="Ret', "Retrieval (RAG)"),
        ("llmkg q 'm=Ret", "m=Retrieval (RAG)"),
        ("llmkg q ", "m=Retrieval\\ \\(RAG\\)"),
    ],
)
def test_bash_gets_what_it_replaces_quoted_as_it_stands(line: str, reply: str) -> None:
    assert list(for_bash(line, lambda _: iter([("m=Retrieval (RAG)", "")]))) == [reply]


# -- real shells ----------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, cache: Path) -> dict[str, str]:
    """Return an environment whose ``llmkg`` is this one, with the shipped graph in the cache."""
    path = tmp_path / "bin"
    path.mkdir()
    (path / "llmkg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m llmkg "$@"\n', encoding="utf-8")
    (path / "llmkg").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
    return {
        **kept,
        "PATH": f"{path}:{os.environ['PATH']}",
        "LLMKG_CACHE": str(cache),
        "HOME": str(tmp_path),
        "TERM": "dumb",
        "LANG": "C.UTF-8",
    }


def typed(command: list[str], home: dict[str, str], setup: str, line: str, result: str) -> str:
    """Type ``line`` and a tabulator into an interactive shell; return what stands there when ``result`` does, or later."""
    import pty  # noqa: PLC0415  (not on Windows)

    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(home["HOME"])
        os.execvpe(command[0], command, home)

    def read(until: str) -> str:
        seen, end = "", time.monotonic() + 20
        while until not in seen and time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                seen += os.read(terminal, 65536).decode(errors="replace")
                seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x07|\x1b[=>]", "", seen)
        return seen

    try:
        os.write(terminal, f"{setup}; PS1=; echo re''ady\n".encode())
        read("\nready")
        os.write(terminal, f"{line}\t".encode())
        return read(result)
    finally:
        os.close(terminal)
        os.kill(pid, 9)
        os.waitpid(pid, 0)


TYPED = [
    ("llmkg query challenges-addressed mitigation=retrieval-aug", "mitigation=retrieval-augmentation"),
    ("llmkg query sub-chal", "llmkg query sub-challenges"),
    ("llmkg show mitigation:lor", "llmkg show mitigation:lora"),
    ("llmkg query challenges-addressed mit", "mitigation="),
]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("line", "result"), [*TYPED, ("llmkg query challenges-addressed mitigation=Byte-level\\ in", "Byte-level\\ inputs")]
)
def test_bash_completes(home: dict[str, str], line: str, result: str) -> None:
    setup = 'eval "$(llmkg completion bash)"'
    assert result in typed(["bash", "--norc", "--noprofile", "-i"], home, setup, line, result)


@pytest.mark.shells
@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed: apt-get install zsh")
@pytest.mark.parametrize(("line", "result"), TYPED[:3])
def test_zsh_completes(home: dict[str, str], line: str, result: str) -> None:
    setup = 'autoload -U compinit; compinit -u -D; eval "$(llmkg completion zsh)"'
    assert result in typed(["zsh", "-f", "-i"], home, setup, line, result)


@pytest.mark.shells
@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed: apt-get install fish")
@pytest.mark.parametrize(
    ("line", "result"), [*TYPED, ("llmkg query challenges-addressed mitigation=检索增", "mitigation=检索增强")]
)
def test_fish_completes(home: dict[str, str], line: str, result: str) -> None:
    script = f"llmkg completion fish | source; complete -C {line!r}"
    ran = subprocess.run(["fish", "-N", "-c", script], env=home, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert any(found.startswith(result.rpartition(" ")[2]) for found in ran.stdout.splitlines())


def test_every_script_is_of_a_shell_that_is_tested() -> None:
    assert set(_SCRIPTS) == {"bash", "zsh", "fish"}
