"""Validation: ours against bare pyshacl on the same triples and shapes."""

# ruff: noqa: PLC0415  (in a process of its own a contender imports what it needs)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.cold import llmkg_command
from benchmarks.measure import Outcome, Series, alternate
from benchmarks.packs import Graph
from benchmarks.process import Run, run, task
from benchmarks.progress import Progress
from benchmarks.snapshot import prepare, series_of
from benchmarks.table import Row

__all__ = ["expected", "measure"]

ROUNDS = 3
BUDGET = 8.0
UP_TO = 10_000  # triples of data; pyshacl takes minutes beyond
PEER = "pyshacl.validate, same triples and shapes"
COLD_PEER = "rdflib reads the files, pyshacl.validate"


def expected(graph: Graph) -> float:
    """Return about how many seconds ``measure`` takes."""
    return 25 if graph.size <= UP_TO else 0


def measure(graphs: Sequence[Graph], progress: Progress) -> Iterator[Row]:
    """Yield the rows of this group."""
    for graph in graphs:
        if graph.size > UP_TO:
            note = "skipped: pyshacl takes minutes on this size"
            yield Row("validation", "kg.validate", graph.name, None, PEER, note=note)
            continue
        progress.start(f"validation, {graph.name}")
        prepare(graph)
        yield from _rows(graph)


def _rows(graph: Graph) -> Iterator[Row]:
    outcomes = alternate(
        {
            "ours": lambda: task("validation", "ours", graph.root, graph.cache),
            "cold": lambda: run(llmkg_command("validate", graph=graph)),
            "bare": lambda: task("validation", "bare", graph.root),
        },
        ROUNDS,
        BUDGET,
    )
    ours, cold, bare = outcomes.values()
    note = ours.reason or bare.reason or _agreement(ours, bare)
    yield Row("validation", "kg.validate", graph.name, series_of(ours), PEER, series_of(bare), note=note)
    note = cold.reason or bare.reason
    yield Row("validation", "llmkg validate, cold", graph.name, _whole(cold), COLD_PEER, _whole(bare), note=note)


def _agreement(ours: Outcome[Run], bare: Outcome[Run]) -> str:
    counts = [outcome.results[0].parts["findings"] for outcome in (ours, bare)]
    return f"the same {counts[0]} findings" if counts[0] == counts[1] else f"{counts[0]} findings, pyshacl {counts[1]}"


def _whole(outcome: Outcome[Run]) -> Series | None:
    """Return the series of the whole processes."""
    return Series.of([run.seconds for run in outcome.results], [run.memory for run in outcome.results])


# -- in a fresh process ---------------------------------------------------------------------


def ours(root: str, cache: str) -> dict[str, float]:
    """Validate as ``llmkg validate`` does; the snapshot is open, pyshacl is imported."""
    import pyshacl

    from llmkg import KnowledgeGraph

    assert pyshacl
    kg = KnowledgeGraph.open(root, cache=cache)
    assert kg.engine
    start = perf_counter()
    findings = kg.validate()
    return {"seconds": perf_counter() - start, "findings": len(findings)}


def bare(root: str) -> dict[str, float]:
    """Read the files of the pack with rdflib and run pyshacl, the only part that is in the seconds."""
    import pyshacl
    import rdflib
    from rdflib.namespace import RDF, SH

    graph, shapes = rdflib.Graph(), rdflib.Graph()
    for path in (*Path(root, "ontology").glob("*.ttl"), *Path(root, "data").rglob("*.ttl")):
        graph.parse(path)
    for path in Path(root, "ontology", "shapes").rglob("*.ttl"):
        shapes.parse(path)
    start = perf_counter()
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    seconds = perf_counter() - start
    return {"seconds": seconds, "findings": len(list(report.subjects(RDF.type, SH.ValidationResult)))}
