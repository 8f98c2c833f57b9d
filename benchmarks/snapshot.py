"""The snapshot: time to build it, its size on disk, time to open it; beside a bare Oxigraph store of the files."""

# ruff: noqa: PLC0415  (in a process of its own a contender imports what it needs)

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from time import perf_counter

from benchmarks.measure import Outcome, Series, alternate
from benchmarks.packs import Graph
from benchmarks.process import Run, task
from benchmarks.progress import Progress
from benchmarks.table import Row

__all__ = ["builds", "expected", "measure", "prepare", "store_of"]

BUILDS, OPENINGS = 3, 7
BUDGET = 10.0


def expected(graph: Graph) -> float:
    """Return about how many seconds ``measure`` takes."""
    return 10 + graph.size / 12_000


def measure(graphs: Sequence[Graph], progress: Progress) -> Iterator[Row]:
    """Yield the rows of this group."""
    for graph in graphs:
        progress.start(f"snapshot, {graph.name}")
        yield from _rows(graph)


def prepare(graph: Graph) -> None:
    """Build the snapshot of ``graph`` unless it is there."""
    if not list(graph.cache.glob("*/current.json")):
        task("snapshot", "build", graph.root, graph.cache)


def store_of(graph: Graph) -> Path:
    """Return the folder of the Oxigraph store in the snapshot of ``graph``."""
    manifest = next(graph.cache.glob("*/current.json"))
    return manifest.parent / str(json.loads(manifest.read_text(encoding="utf-8"))["key"])


@cache
def builds(graph: Graph) -> dict[str, Outcome[Run]]:
    """Build the snapshot several times, and a bare store of the same files; the last ones stay."""
    return alternate(
        {
            "ours": lambda: task("snapshot", "build", graph.root, _emptied(graph.cache)),
            "bare": lambda: task("snapshot", "build_bare", graph.root, _emptied(_bare(graph))),
        },
        BUILDS,
        BUDGET,
    )


def _rows(graph: Graph) -> Iterator[Row]:
    built = builds(graph)
    peer = "pyoxigraph store of the files, nothing inferred"
    series = {name: series_of(outcome) for name, outcome in built.items()}
    reason = "; ".join(outcome.reason for outcome in built.values() if outcome.reason)
    yield Row("snapshot", "build", graph.name, series["ours"], peer, series["bare"], note=reason)
    if reason:
        return
    sizes = [Series.of([_size(folder)]) for folder in (store_of(graph), _bare(graph))]
    yield Row(
        "snapshot", "size on disk", graph.name, sizes[0], peer, sizes[1], "B", _contents(built["ours"].results[0])
    )
    opened = alternate(
        {
            "ours": lambda: task("snapshot", "open_ours", graph.root, graph.cache),
            "bare": lambda: task("snapshot", "open_bare", store_of(graph)),
        },
        OPENINGS,
        BUDGET,
    )
    yield Row(
        "snapshot",
        "open, imports apart",
        graph.name,
        series_of(opened["ours"]),
        "pyoxigraph Store.read_only on the same store",
        series_of(opened["bare"]),
        note=opened["ours"].reason or opened["bare"].reason,
    )


def series_of(outcome: Outcome[Run], part: str = "seconds") -> Series | None:
    """Return the series of one part of what a task has returned."""
    runs = outcome.results
    return Series.of([run.parts[part] for run in runs], [run.memory for run in runs])


def _contents(run: Run) -> str:
    return f"{run.parts['asserted']:,} asserted and {run.parts['inferred']:,} inferred triples"


def _bare(graph: Graph) -> Path:
    return graph.root / "bare-store"


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


# -- in a fresh process ---------------------------------------------------------------------


def build(root: str, cache: str) -> dict[str, float]:
    """Build the snapshot of the pack at ``root`` in ``cache``."""
    from llmkg.graph import KnowledgeGraph
    from llmkg.snapshot import ASSERTED, INFERRED

    start = perf_counter()
    store = KnowledgeGraph.open(root, cache=cache).engine.store
    seconds = perf_counter() - start
    counts = (sum(1 for _ in store.quads_for_pattern(None, None, None, g)) for g in (ASSERTED, INFERRED))
    return {"seconds": seconds, **dict(zip(("asserted", "inferred"), counts, strict=True))}


def build_bare(root: str, folder: str) -> dict[str, float]:
    """Load the files of the pack at ``root`` into one graph of a store on disk."""
    from pyoxigraph import Store, parse

    from llmkg.pack import Pack

    pack = Pack.open(root)
    start = perf_counter()
    store = Store(folder)
    store.bulk_extend(quad for path in (*pack.ontology, *pack.data) for quad in parse(path=str(path)))
    store.flush()
    return {"seconds": perf_counter() - start}


def open_ours(root: str, cache: str) -> dict[str, float]:
    """Open the pack at ``root`` with its snapshot."""
    from llmkg.graph import KnowledgeGraph

    start = perf_counter()
    engine = KnowledgeGraph.open(root, cache=cache).engine
    return {"seconds": perf_counter() - start, "triples": engine is not None}


def open_bare(folder: str) -> dict[str, float]:
    """Open the store in ``folder``."""
    from pyoxigraph import Store

    start = perf_counter()
    store = Store.read_only(folder)
    return {"seconds": perf_counter() - start, "triples": store is not None}
