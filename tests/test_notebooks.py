"""The notebooks of docs/ run as they stand, and show what they show; ``--regenerate`` writes their outputs anew."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = {"tour": 0, "analysis": 2}  # with the number of plots
LARGEST = 150_000  # bytes: what is committed stays small

pytestmark = pytest.mark.filterwarnings("ignore")  # of the notebook machinery


def outputs(book: Any) -> list[Any]:
    return [output for cell in book.cells for output in cell.get("outputs", ())]


def said(book: Any) -> list[str]:
    """Return what is printed, and the tables of ours; how pandas writes a table is its own affair."""
    texts = []
    for output in outputs(book):
        data = output.get("data", {})
        if output.output_type == "stream":
            texts.append(output.text)
        elif data.get("text/plain", "").startswith("<Result"):
            texts.append(data["text/html"])
    return texts


@pytest.mark.notebook
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_and_shows_what_is_committed(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    hint = "install the development extra: pip install -e '.[dev]'"
    nbformat = pytest.importorskip("nbformat", reason=hint)
    nbclient = pytest.importorskip("nbclient", reason=hint)
    for needed in ("ipykernel", "matplotlib", "pandas"):
        pytest.importorskip(needed, reason=hint)
    path = ROOT / "docs" / f"{name}.ipynb"
    committed = nbformat.read(path, 4)
    book = nbformat.read(path, 4)
    environment = {**os.environ, "LLMKG_CACHE": str(tmp_path / "cache"), "IPYTHONDIR": str(tmp_path / "ipython")}
    client = nbclient.NotebookClient(book, timeout=120, kernel_name="python3", record_timing=False)
    client.create_kernel_manager().kernel_cmd = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    client.execute(cwd=str(tmp_path), env=environment)
    assert [output for output in outputs(book) if output.output_type == "error" or output.get("name") == "stderr"] == []
    assert sum("image/png" in output.get("data", {}) for output in outputs(book)) == NOTEBOOKS[name]
    if request.config.getoption("--regenerate"):
        book.metadata.language_info = {"name": "python"}
        nbformat.write(book, path)
        committed = book
    assert said(book) == said(committed)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_committed_notebook_is_small_and_names_no_machine(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.ipynb").read_text(encoding="utf-8")
    assert len(text) < LARGEST
    assert [place for place in ("/home/", "/root/", "/tmp/", "/work/", "file://", "C:\\\\") if place in text] == []


def test_every_notebook_is_run() -> None:
    assert {path.stem for path in (ROOT / "docs").glob("*.ipynb")} == set(NOTEBOOKS)
