"""The release set of the shipped graph, in a fresh process, against pyoxigraph dumping its six graphs in four formats."""

# ruff: noqa: PLC0415  (in a process of its own a contender imports what it needs)

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.cold import llmkg_command
from benchmarks.measure import Series, alternate
from benchmarks.packs import SHIPPED, Graph
from benchmarks.process import Run, run, task
from benchmarks.progress import Progress
from benchmarks.snapshot import prepare
from benchmarks.table import Row

__all__ = ["expected", "measure"]

ROUNDS = 5
BUDGET = 60.0
PEER = "pyoxigraph Store.dump of the same graphs, four formats"


def expected(graph: Graph) -> float:
    """Return about how many seconds ``measure`` takes."""
    return 45.0 if graph.name == SHIPPED else 0.0


def measure(graphs: Sequence[Graph], progress: Progress) -> Iterator[Row]:
    """Yield the one row of this group."""
    for graph in graphs:
        if graph.name == SHIPPED:
            progress.start(f"release, {graph.name}")
            prepare(graph)
            with tempfile.TemporaryDirectory(prefix="llmkg-release-") as folder:
                yield _row(graph, Path(folder))


def _row(graph: Graph, folder: Path) -> Row:
    def ours(name: str = "again") -> Run:
        shutil.rmtree(folder / name, ignore_errors=True)
        return run(llmkg_command("release", str(folder / name), graph=graph))

    ours("made")
    contenders: dict[str, Callable[[], Run]] = {"ours": ours, "bare": lambda: task("release", "dump", folder / "made")}
    outcomes = alternate(contenders, ROUNDS, BUDGET)
    series = {
        name: Series.of([r.seconds for r in outcome.results], [r.memory for r in outcome.results])
        for name, outcome in outcomes.items()
    }
    note = "; ".join(filter(None, (outcome.reason for outcome in outcomes.values())))
    return Row("release", "llmkg release", graph.name, series["ours"], PEER, series["bare"], note=note)


# -- in a fresh process ---------------------------------------------------------------------


def dump(folder: str) -> dict[str, int]:
    """Load each part of a release and write it in the four formats; return how many bytes came out."""
    from pyoxigraph import DefaultGraph, RdfFormat, Store

    formats = (RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD, RdfFormat.N_TRIPLES)
    size = 0
    name = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))["name"]
    for path in sorted(Path(folder).glob(f"{name}-*.nt")):
        store = Store()
        store.load(path=str(path), format=RdfFormat.N_TRIPLES)
        size += sum(len(store.dump(format=kind, from_graph=DefaultGraph()) or b"") for kind in formats)
    return {"bytes": size}
