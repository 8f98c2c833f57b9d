"""The closed graph on disk: right whatever happens to the cache, and cheap to open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Store

from llmkg import InputError, KnowledgeGraph, snapshot
from llmkg.pack import Pack
from llmkg.snapshot import default_cache


def food(pack: Path, cache: Path | bool) -> list[str]:  # noqa: FBT001  (as the library takes it)
    """Return what Felix eats, asked of a newly opened graph."""
    rows = KnowledgeGraph.open(pack, cache=cache).query("food", animal="Felix").to_dicts()
    return [str(row["food"]).rsplit("#", 1)[-1] for row in rows]


def stores(cache: Path) -> list[Path]:
    """Return the stores that a cache holds, finished or not."""
    return sorted(path for path in cache.glob("*/*") if path.is_dir())


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_the_second_time_nothing_is_built(pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert food(pack, cache) == ["jerry"]
    monkeypatch.setattr("llmkg.load.read_pack", lambda _: pytest.fail("the files were read again"))
    assert food(pack, cache) == ["jerry"]
    assert len(stores(cache)) == 1


def test_a_changed_file_is_seen(pack: Path, cache: Path) -> None:
    food(pack, cache)
    data = pack / "data" / "animals.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace(":eats :jerry ;", ":eats :tom ;"), encoding="utf-8")
    assert food(pack, cache) == ["tom"]


def test_a_new_file_and_a_removed_one_are_seen(pack: Path, cache: Path) -> None:
    food(pack, cache)
    more = pack / "data" / "more.ttl"
    more.write_text("@prefix : <https://example.org/zoo#> . :felix :eats :fish .", encoding="utf-8")
    assert food(pack, cache) == ["fish", "jerry"]
    more.unlink()
    assert food(pack, cache) == ["jerry"]


def test_a_changed_query_is_seen(pack: Path, cache: Path) -> None:
    food(pack, cache)
    query = pack / "queries" / "food.rq"
    text = query.read_text(encoding="utf-8")
    query.write_text(
        text.replace("$animal :eats ?food", "?food :eats ?prey . FILTER(?food = $animal)"), encoding="utf-8"
    )
    assert food(pack, cache) == ["felix"]


def test_a_touched_file_with_the_same_content_needs_no_new_store(
    pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    food(pack, cache)
    os.utime(pack / "data" / "animals.ttl", ns=(1, 1))
    monkeypatch.setattr("llmkg.load.read_pack", lambda _: pytest.fail("the files were read again"))
    assert food(pack, cache) == ["jerry"]
    monkeypatch.setattr("llmkg.snapshot._key", lambda _: pytest.fail("the files were hashed again"))
    assert food(pack, cache) == ["jerry"]


def test_two_packs_do_not_share_a_snapshot(pack: Path, cache: Path) -> None:
    other = pack.with_name("other")
    shutil.copytree(pack, other)
    data = other / "data" / "animals.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace(":eats :jerry ;", ":eats :tom ;"), encoding="utf-8")
    assert food(pack, cache) == ["jerry"]
    assert food(other, cache) == ["tom"]
    assert food(pack, cache) == ["jerry"]


def test_old_stores_are_removed(pack: Path, cache: Path) -> None:
    data = pack / "data" / "animals.ttl"
    text = data.read_text(encoding="utf-8")
    for name in ("a", "b", "c", "d"):
        data.write_text(text.replace(":eats :jerry ;", f":eats :{name} ;"), encoding="utf-8")
        assert food(pack, cache) == [name]
    assert len(stores(cache)) == 2


def test_the_names_are_kept_beside_the_store_and_made_anew_with_it(
    pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> list[str]:
        return [hit.name for hit in KnowledgeGraph.open(pack, cache=cache).find("felix")]

    assert found() == ["Felix"]
    (kept,) = cache.glob("*/*.names.json")
    with monkeypatch.context() as patch:
        patch.setattr("llmkg.names.collect", lambda *_: pytest.fail("the names were collected again"))
        assert found() == ["Felix"]
    for damage in ("", "{", "[]", "{}", "null"):
        kept.write_text(damage, encoding="utf-8")
        assert found() == ["Felix"]
    data = pack / "data" / "animals.ttl"
    for name in ("Felix the Cat", "Felix the Great", "Felix the Last"):
        data.write_text(data.read_text(encoding="utf-8") + f'\n:felix rdfs:label "{name}"@en .', encoding="utf-8")
        assert found() == ["Felix"]
    assert len(list(cache.glob("*/*.names.json"))) == 2  # one per store
    assert not kept.exists()


def test_names_that_cannot_be_kept_are_made_each_time(pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    food(pack, cache)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("llmkg.files.replace_file", full)
    assert KnowledgeGraph.open(pack, cache=cache).find("jerry")
    assert list(cache.glob("*/*.names.json")) == []


def test_without_a_cache_nothing_is_written(pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMKG_CACHE", str(cache))
    assert food(pack, False) == ["jerry"]  # noqa: FBT003  (as a user writes it)
    assert not cache.exists()


def test_the_cache_folder_follows_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LLMKG_CACHE", raising=False)
    monkeypatch.setenv("HOME", "/home/felix")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert default_cache() == "/home/felix/.cache/llmkg"
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/felix")
    assert default_cache() == "/var/felix/llmkg"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert default_cache() == "/home/felix/Library/Caches/llmkg"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/AppData")
    assert default_cache() == "/AppData/llmkg"


# -- what may go wrong ------------------------------------------------------------------------


def test_a_broken_file_is_named_and_no_store_is_left(pack: Path, cache: Path) -> None:
    (pack / "data" / "animals.ttl").write_text("@prefix : <http://e/> .\n:a :b .\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"data/animals\.ttl:2:"):
        food(pack, cache)
    assert stores(cache) == []


def test_the_manifest_is_damaged(pack: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    food(pack, cache)
    (manifest,) = cache.glob("*/current.json")
    for damage in ("", "{", "[]", '{"stats": []}', "\x00\x01"):
        manifest.write_text(damage, encoding="utf-8")
        assert food(pack, cache) == ["jerry"]
        message = capsys.readouterr().err
        assert message.count("\n") == 1
        assert "damaged; building it anew" in message
    assert food(pack, cache) == ["jerry"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("pattern", ["*.sst", "CURRENT", "MANIFEST-*", "*"])
@pytest.mark.parametrize("how", ["removed", "emptied", "overwritten"])
def test_the_store_is_damaged(
    pack: Path, cache: Path, pattern: str, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    food(pack, cache)
    (store,) = stores(cache)
    files = [path for path in store.glob(pattern) if path.is_file()]
    assert files
    for file in files:
        if how == "removed":
            file.unlink()
        else:
            file.write_bytes(b"" if how == "emptied" else b"\xff" * file.stat().st_size)
    assert food(pack, cache) == ["jerry"]
    message = capsys.readouterr().err
    assert message.count("\n") <= 1
    assert food(pack, cache) == ["jerry"]


def test_the_store_is_gone(pack: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    food(pack, cache)
    shutil.rmtree(stores(cache)[0])
    assert food(pack, cache) == ["jerry"]
    assert capsys.readouterr().err.count("\n") == 1


def test_a_half_built_store_of_a_dead_process_is_removed(pack: Path, cache: Path) -> None:
    food(pack, cache)
    dead = stores(cache)[0].with_name("building-dead")
    dead.mkdir()
    os.utime(dead, (0, 0))
    (pack / "data" / "more.ttl").write_text("", encoding="utf-8")
    assert food(pack, cache) == ["jerry"]
    assert not dead.exists()


def test_a_cache_that_cannot_be_made(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    assert food(pack, blocked / "cache") == ["jerry"]
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "cannot be used (Not a directory); working in memory" in message


def test_a_full_disk(
    pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill = snapshot._fill

    def full(_store: Store, _pack: Pack) -> object:
        """Fill the disk: not to be had otherwise without a file system of its own."""
        monkeypatch.setattr(snapshot, "_fill", fill)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot, "_fill", full)
    assert food(pack, cache) == ["jerry"]
    assert "(No space left on device); working in memory" in capsys.readouterr().err
    assert stores(cache) == []


ASK = """
import sys
from llmkg import KnowledgeGraph
(row,) = KnowledgeGraph.open(sys.argv[1], cache=sys.argv[2]).query("food", animal="Felix").to_dicts()
print(row["food"])
"""


def test_many_processes_build_it_at_once(pack: Path, cache: Path) -> None:
    command = [sys.executable, "-c", ASK, str(pack), str(cache)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [process.communicate(timeout=60) for process in processes]
    assert answers == [("https://example.org/zoo#jerry\n", "")] * 4
    assert len(stores(cache)) == 1


# -- the cold path ------------------------------------------------------------------------------

# What opening a kept snapshot and running one saved query may import besides Python's own.
NEEDED = {"llmkg", "pyoxigraph"}
OURS = {
    "llmkg",
    "llmkg.cli",
    "llmkg.commands",
    "llmkg.commands.arguments",
    "llmkg.commands.printing",
    "llmkg.commands.query",
    "llmkg.commands.results",
    "llmkg.contents",
    "llmkg.engine",
    "llmkg.errors",
    "llmkg.graph",
    "llmkg.lexicon",
    "llmkg.pack",
    "llmkg.parameters",
    "llmkg.result",
    "llmkg.savedquery",
    "llmkg.snapshot",
    "llmkg.terms",
}
COLD = """
import sys
before = set(sys.modules)
from llmkg.cli import main
code = main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), sep="\\n", file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def cold_modules(tmp_path_factory: pytest.TempPathFactory, kg: KnowledgeGraph) -> set[str]:
    """Run one cold query on the shipped graph and return the modules that it imported."""
    cache = tmp_path_factory.mktemp("cold")
    arguments = ["query", "challenges-addressed", "mitigation=RAG", "--graph", str(kg.pack.root), "--format", "json"]
    command = [sys.executable, "-c", COLD, *arguments]
    runs = [
        subprocess.run(
            command, env={**os.environ, "LLMKG_CACHE": str(cache)}, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    assert '"challenge"' in runs[1].stdout
    return set(runs[1].stderr.split())


def test_a_cold_query_imports_no_other_package(cold_modules: set[str]) -> None:
    foreign = {name.partition(".")[0] for name in cold_modules} - set(sys.stdlib_module_names)
    assert foreign == NEEDED


def test_a_cold_query_imports_only_these_of_our_modules(cold_modules: set[str]) -> None:
    assert {name for name in cold_modules if name.partition(".")[0] == "llmkg"} == OURS


@pytest.mark.parametrize(
    "heavy",
    [
        "dataclasses",
        "inspect",
        "difflib",
        "tempfile",
        "shutil",
        "pathlib",
        "hashlib",
        "csv",
        "http",
        "logging",
        "typing",
    ],
)
def test_a_cold_query_imports_no_heavy_module_of_python(cold_modules: set[str], heavy: str) -> None:
    assert heavy not in cold_modules


@pytest.mark.parametrize("arguments", [["--help"], ["query", "--help"], ["--version"]])
def test_help_imports_no_engine(arguments: list[str]) -> None:
    ran = subprocess.run([sys.executable, "-c", COLD, *arguments], capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in ran.stderr.split()} - set(sys.stdlib_module_names)
    assert imported == {"llmkg"}
