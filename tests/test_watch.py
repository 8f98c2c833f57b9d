"""``llmkg validate --watch`` and the progress bar, as a person at a terminal meets them: in a process of their own."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from llmkg.fmt import format_text

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")

PATIENCE = 60.0  # seconds, on a machine that does much else
WAITING = "llmkg: waiting for a change; Ctrl-C ends it."
RULE = """\
#+ title: {en: Hungry animals}
#+ problem: {en: nothing to eat}
#+ solution: {en: Feed it.}
SELECT ?focus WHERE { ?focus ?p ?o } LIMIT 0
"""
SHAPE = """\
@prefix : <https://example.org/zoo#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

:AnimalShape
    a sh:NodeShape ;
    sh:nodeKind sh:IRI ;
    sh:targetClass :Animal ;
    .
"""


class Watcher:
    """A running process, whose standard error or terminal is read piece by piece."""

    def __init__(self, process: subprocess.Popen[bytes], source: int) -> None:
        self.process = process
        self._source = source
        self.text = ""

    def read_until(self, wanted: str) -> str:
        """Return what comes up to and with ``wanted``."""
        end = time.monotonic() + PATIENCE
        while wanted not in self.text:
            assert select.select([self._source], [], [], end - time.monotonic())[0], f"only this came: {self.text}"
            piece = self._read()
            assert piece, f"it ended with this: {self.text}"
            self.text += piece
        found, _, self.text = self.text.partition(wanted)
        return found + wanted

    def rest(self) -> str:
        """Return what comes until the end."""
        while piece := self._read():
            self.text += piece
        return self.text

    def _read(self) -> str:
        try:
            return os.read(self._source, 65536).decode()
        except OSError:  # the other end of a terminal is closed
            return ""


@pytest.fixture
def zoo(pack: Path) -> Path:
    for path in pack.rglob("*.ttl"):
        path.write_text(format_text(path.read_text(encoding="utf-8"), path.name), encoding="utf-8")
    return pack


@contextmanager
def validating(zoo: Path, *arguments: str, terminal: bool = False) -> Iterator[Watcher]:
    import pty  # noqa: PLC0415  (not on Windows)

    # On a pipe Python would keep back what it prints until much has come together.
    command = [sys.executable, "-u", "-m", "llmkg", "validate", "--graph", str(zoo), "--no-cache", *arguments]
    source, sink = pty.openpty() if terminal else os.pipe()
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # where the tests run in the background it is ignored
    try:
        process = subprocess.Popen(command, stdout=sink, stderr=sink, stdin=subprocess.DEVNULL, start_new_session=True)
    finally:
        signal.signal(signal.SIGINT, before)
    os.close(sink)
    try:
        yield Watcher(process, source)
    finally:
        process.kill()
        process.wait()
        os.close(source)


def test_each_save_is_checked_and_an_interrupt_ends_it(zoo: Path) -> None:
    data, rule = zoo / "data/animals.ttl", zoo / "queries/checks/hungry.rq"
    good = data.read_text(encoding="utf-8")
    with validating(zoo, "--watch") as watcher:
        assert watcher.read_until(WAITING) == f"llmkg: nothing found in 2 files.\n{WAITING}"
        data.write_text(good.replace(":eats :jerry", ":eats :gerry"), encoding="utf-8")
        second = watcher.read_until(WAITING)
        assert "data/animals.ttl:8:11: error: :gerry is not defined (undefined-term)" in second
        assert "Did you mean :jerry?" in second
        data.write_text(good, encoding="utf-8")
        assert "llmkg: nothing found in 2 files." in watcher.read_until(WAITING)
        rule.parent.mkdir()
        rule.write_text(RULE.replace("SELECT", "SELEKT"), encoding="utf-8")
        assert "llmkg: queries/checks/hungry.rq: is not a SPARQL query" in watcher.read_until(WAITING)
        rule.write_text(RULE, encoding="utf-8")
        assert "llmkg: nothing found in 2 files." in watcher.read_until(WAITING)
        data.rename(zoo / "animals.ttl")
        data.parent.rmdir()
        assert "the folder data/ is missing" in watcher.read_until(WAITING)
        watcher.process.send_signal(signal.SIGINT)
        assert watcher.process.wait(PATIENCE) == 130
        assert watcher.rest().strip() == ""  # no traceback


def test_a_terminal_shows_how_far_the_check_is_and_then_the_report_alone(zoo: Path) -> None:
    for name, text in {"ontology/shapes/zoo.ttl": SHAPE, "queries/checks/hungry.rq": RULE}.items():
        (zoo / name).parent.mkdir()
        (zoo / name).write_text(text, encoding="utf-8")
    with validating(zoo, terminal=True) as watcher:
        shown = watcher.read_until("nothing found in 3 files.")
    pictures = re.findall(r"\r\x1b\[K([█░]{20}) +(\d+)% (\w+)", shown)
    stages = ["reading", "format", "terms", "shapes", "rules", "consistency"]
    assert list(dict.fromkeys(stage for *_, stage in pictures)) == stages
    shares = [int(share) for _, share, _ in pictures]
    assert shares == sorted(shares)
    assert [bar for bar, share, _ in pictures if abs(5 * bar.count("█") - int(share)) > 3] == []
    assert shown.endswith("\r\x1b[Kllmkg: nothing found in 3 files.")


def test_a_check_that_breaks_off_wipes_the_bar(zoo: Path) -> None:
    rule = zoo / "queries/checks/hungry.rq"
    rule.parent.mkdir()
    rule.write_text(RULE.replace("SELECT", "SELEKT"), encoding="utf-8")
    with validating(zoo, terminal=True) as watcher:
        assert "\r\x1b[Kllmkg: queries/checks/hungry.rq: is not" in watcher.read_until("Mend it.")


def test_elsewhere_than_on_a_terminal_there_is_no_bar(zoo: Path) -> None:
    with validating(zoo) as watcher:
        assert watcher.rest() == "llmkg: nothing found in 2 files.\n"
