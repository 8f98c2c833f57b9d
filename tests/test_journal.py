"""Several files at once or not at all: a change that is killed at any step leaves the old files or the new ones."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmkg import journal
from llmkg.errors import InputError
from llmkg.journal import FOLDER, recover, replace_all
from llmkg.pack import Pack

# Runs an action over and over in child processes, killed before their first, second, third ... call to the system
# that changes a file, and says after each what then stood there, and stands there once somebody has opened it.
DRIVER = """\
import itertools, os, shutil, sys
from llmkg import journal
from llmkg.pack import Pack

CALLS = ("mkdir", "open", "write", "fsync", "link", "rename", "replace", "unlink", "rmdir", "chmod", "utime")
folder, action = sys.argv[1:]
OLD = {"data/a.ttl": b"old a", "data/b.ttl": b"old b"}
NEW = {"data/a.ttl": b"new a", "data/b.ttl": b"new b", "data/more/c.ttl": b"new c"}

def state():
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            found[os.path.relpath(path, folder)] = open(path, "rb").read()
    return found

def fresh():
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("ontology", "data", "queries"):
        os.makedirs(os.path.join(folder, part))
    open(os.path.join(folder, "ontology/o.ttl"), "wb").close()
    for name, content in OLD.items():
        open(os.path.join(folder, name), "wb").write(content)

def killed_at(number, what):
    # Fork a child in which the call with that number ends the process; tell whether it was reached.
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    left = [number]
    def counted(function):
        def call(*arguments, **options):
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
            return function(*arguments, **options)
        return call
    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
    import builtins
    builtins.open = counted(builtins.open)
    what()
    os._exit(0)

def change():
    journal.replace_all(folder, NEW.items())

def broken_off():
    # Leave a change that was killed when one of its three files had been put in place.
    fresh()
    renames = [0]
    child = os.fork()
    if not child:
        real = os.replace
        def replace(*arguments):
            renames[0] += 1
            if renames[0] == 2:
                os._exit(9)
            real(*arguments)
        os.replace = replace
        change()
    os.waitpid(child, 0)

def name_of(found):
    rest = {name: content for name, content in found.items() if not name.startswith((journal.FOLDER, "ontology"))}
    return "old" if rest == OLD else "new" if rest == NEW else "mixed"

for number in itertools.count(1):
    fresh() if action == "change" else broken_off()
    reached = killed_at(number, change if action == "change" else lambda: journal.recover(folder))
    before = state()
    Pack.open(folder)
    after = state()
    left = any(name.startswith(journal.FOLDER) for name in after)
    print(number, name_of(before), name_of(after), left)
    if not reached:
        break
"""


def outcomes(tmp_path: Path, action: str) -> list[tuple[str, str, bool]]:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(tmp_path / "pack"), action],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    return [(before, after, left == "True") for _, before, after, left in rows]


def test_a_change_killed_at_any_step_is_whole_or_was_never_there(tmp_path: Path) -> None:
    found = outcomes(tmp_path, "change")
    assert len(found) > 40
    assert {after for _, after, _ in found} == {"old", "new"}
    assert not any(left for *_, left in found)
    # Some were killed between two files, and none of those was left as it was.
    assert sum(before == "mixed" for before, *_ in found) >= 4
    afters = [after for _, after, _ in found]
    assert afters == sorted(afters, reverse=True), "old up to some step, and new from there on"
    assert all(after == "new" for before, after, _ in found if before == "new" and after != "old")


def test_putting_back_that_is_killed_at_any_step_is_done_by_the_next(tmp_path: Path) -> None:
    found = outcomes(tmp_path, "recover")
    assert len(found) > 12
    assert {after for _, after, _ in found} == {"old"}
    assert sum(before == "mixed" for before, *_ in found) >= 4
    assert not any(left for *_, left in found)


def test_an_error_on_the_way_leaves_the_old_files(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")

    def contents() -> Iterator[tuple[str, bytes]]:
        yield "a", b"new"
        raise InputError("b: cannot be read.")

    with pytest.raises(InputError):
        replace_all(str(tmp_path), contents())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_an_error_between_two_files_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("old")
    real = os.replace

    def replace(source: str, target: str) -> None:
        if target.endswith("/b"):
            raise OSError(28, "No space left on device", target)
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError, match="No space"):
        replace_all(str(tmp_path), [("a", b"new"), ("b", b"new")])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_a_link_out_of_the_folder_is_not_written_through(tmp_path: Path) -> None:
    inside, outside = tmp_path / "pack", tmp_path / "secret"
    inside.mkdir()
    outside.write_text("mine")
    (inside / "a").write_text("old")
    (inside / "b").symlink_to(outside)
    with pytest.raises(OSError, match="a link to a place outside"):
        replace_all(str(inside), [("a", b"new"), ("b", b"new")])
    assert (outside.read_text(), (inside / "a").read_text()) == ("mine", "old")


def test_the_permissions_of_a_file_stay(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o640)
    replace_all(str(tmp_path), [("a", b"new")])
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_a_pack_that_somebody_is_writing_to_is_waited_for(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_WAIT", 0.1)
    (pack / FOLDER).mkdir()
    handle = os.open(pack, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        Pack.open(pack)  # as long as nothing is put in place the old files stand
        assert (pack / FOLDER).exists()
        (pack / FOLDER / "journal.json").write_text("[]")
        with pytest.raises(InputError, match=r"another command is writing to it\. Try again"):
            Pack.open(pack)
    finally:
        os.close(handle)
    Pack.open(pack)  # he has gone
    assert not (pack / FOLDER).exists()


def test_nothing_is_done_where_nothing_was_broken_off(tmp_path: Path) -> None:
    recover(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_journal_is_struck_out_before_what_it_needs_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / FOLDER
    place.mkdir()
    (tmp_path / "a").write_text("new")
    (place / "0.old").write_text("old")
    (place / "journal.json").write_text('[{"path": "a", "old": true}]')

    def half(path: str) -> None:
        (Path(path) / "0.old").unlink()
        raise OSError(5, "Input/output error", path)

    monkeypatch.setattr(journal.shutil, "rmtree", half)
    with pytest.raises(OSError, match="Input/output"):
        recover(str(tmp_path))
    monkeypatch.undo()
    recover(str(tmp_path))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}
