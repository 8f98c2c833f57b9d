"""Importing 100,000 works of OpenAlex into a copy of the shipped pack, against Python's JSON reading the same file."""

# ruff: noqa: PLC0415  (in a process of its own a contender imports what it needs)

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.measure import Series, alternate
from benchmarks.packs import SHIPPED, Graph
from benchmarks.process import PROJECT, Run, task
from benchmarks.progress import Progress
from benchmarks.table import Row
from benchmarks.works import works

__all__ = ["expected", "measure"]

WORKS = 100_000
ROUNDS = 3
BUDGET = 120.0
PEER = "json.loads of each line"


def expected(graph: Graph) -> float:
    """Return about how many seconds ``measure`` takes."""
    return 150.0 if graph.name == SHIPPED else 0.0


def measure(graphs: Sequence[Graph], progress: Progress) -> Iterator[Row]:
    """Yield the one row of this group."""
    for graph in graphs:
        if graph.name == SHIPPED:
            progress.start(f"import, {graph.name}")
            with tempfile.TemporaryDirectory(prefix="llmkg-import-") as folder:
                yield _row(graph, Path(folder))


def _row(graph: Graph, folder: Path) -> Row:
    file = folder / "works.jsonl"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(works(WORKS))

    def ours() -> Run:
        pack = folder / "pack"
        shutil.rmtree(pack, ignore_errors=True)
        for part in ("ontology", "data", "queries"):
            shutil.copytree(PROJECT / part, pack / part)
        return task("importing", "take", file, pack)

    contenders: dict[str, Callable[[], Run]] = {"ours": ours, "json": lambda: task("importing", "load", file)}
    outcomes = alternate(contenders, ROUNDS, BUDGET)
    series = {
        name: Series.of([r.parts["seconds"] for r in outcome.results], [r.memory for r in outcome.results])
        for name, outcome in outcomes.items()
    }
    notes = [outcome.reason or outcome.results[0].parts["note"] for outcome in outcomes.values()]
    what = f"import {WORKS:,} works, written"
    return Row("import", what, graph.name, series["ours"], PEER, series["json"], note="; ".join(filter(None, notes)))


# -- in a fresh process ---------------------------------------------------------------------


def take(file: str, pack: str) -> dict[str, Any]:
    """Import the works in ``file`` into ``pack`` and write them."""
    from datetime import UTC, datetime

    start = perf_counter()
    from llmkg.curate.prepared import prepare
    from llmkg.pack import Pack

    prepared = prepare(Pack.open(pack), "openalex", [file], datetime(2026, 1, 1, tzinfo=UTC), "benchmark")
    prepared.changes.write()
    plan = prepared.plan
    note = f"{len(plan.added):,} added, {len(plan.broken):,} broken, {Path(file).stat().st_size / 1e6:.0f} MB"
    return {"seconds": perf_counter() - start, "note": note}


def load(file: str) -> dict[str, Any]:
    """Read each line of ``file`` as JSON."""
    import json

    start = perf_counter()
    with Path(file).open(encoding="utf-8") as lines:
        for line in lines:
            try:
                json.loads(line)
            except ValueError:
                continue
    return {"seconds": perf_counter() - start, "note": ""}
