"""The foreign tools that judge the graph; see install.sh. Without LLMKG_FOREIGN their tests are left out.

With it, a tool that is missing is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from llmkg import KnowledgeGraph
from llmkg.release import release

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
HOW = "for the tests in tests/foreign run tests/foreign/install.sh DIR, then LLMKG_FOREIGN=DIR pytest -m foreign"
# What a tool said of each file: its key-value lines, a value for each time a key was said.
Said = dict[str, dict[str, list[str]]]


class Foreign(NamedTuple):
    """The tools in one folder; each call returns what the tool prints and fails as the tool fails."""

    place: Path

    def run(self, *command: object, env: dict[str, str] | None = None, expect: int = 0) -> str:
        """Run one command without the network's leave and return its standard output."""
        ran = subprocess.run(
            list(map(str, command)),
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )
        assert ran.returncode == expect, ran.stderr[-2000:]
        return ran.stdout

    def owl(self, *arguments: object) -> Said:
        """Run java/Owl.java: the OWL API 4.5, which Protégé is built on, and HermiT."""
        return _said(self.run("java", "-Xmx2g", "-cp", self.classes("owlapi"), "Owl", *arguments))

    def jena(self, *arguments: object) -> Said:
        """Run java/Jena.java: Jena 4.10."""
        return _said(self.run("java", "-Dlog4j2.level=OFF", "-cp", self.classes("jena"), "Jena", *arguments))

    def classes(self, library: str) -> str:
        """Return the class path for ``owlapi`` or ``jena``, our own classes with it."""
        return f"{self.place / library}/*{os.pathsep}{self.place / 'classes'}"

    def node(self, script: str, *arguments: object) -> str:
        """Run node/``script``, which may import jsonld, rdf-canonize and n3, and return what it prints."""
        here = self.place / "node" / script  # a module is looked for from where the script lies
        shutil.copy(HERE / "node" / script, here)
        return self.run("node", here, *arguments)

    def axe(self, *pages: object) -> Said:
        """Run node/axe.mjs: the rules of axe-core that a page passes and breaks."""
        return _said(self.node("axe.mjs", *pages))

    def debian(self, tool: str, *arguments: object) -> str:
        """Run a tool that was unpacked from a Debian package, such as rapper or serdi."""
        libraries = ":".join(map(str, sorted((self.place / "debian/usr/lib").glob("*-linux-*"))))
        return self.run(self.place / "debian/usr/bin" / tool, *arguments, env={"LD_LIBRARY_PATH": libraries})


def _said(text: str) -> Said:
    said: Said = defaultdict(lambda: defaultdict(list))
    for line in text.splitlines():
        file, key, value = line.split("\t", 2)
        said[file][key].append(value)
    return said


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and leave them out where the tools are not named."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.foreign)
    if not os.environ.get("LLMKG_FOREIGN"):
        config.hook.pytest_deselected(items=ours)
        items[:] = [item for item in items if HERE not in item.path.parents]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line how to run what was left out."""
    if not os.environ.get("LLMKG_FOREIGN"):
        terminalreporter.write_line(f"Foreign tools: {HOW}")


@pytest.fixture(scope="session")
def foreign() -> Foreign:
    """Return the foreign tools."""
    place = Path(os.environ["LLMKG_FOREIGN"]).resolve()
    assert (place / "classes").is_dir(), f"{place} has no tools. Run tests/foreign/install.sh {place}"
    return Foreign(place)


@pytest.fixture(scope="session")
def released(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release of the shipped graph."""
    folder = tmp_path_factory.mktemp("release") / "out"
    release(kg, folder)
    return folder
