"""Every saved query on an open graph: against the same text in bare pyoxigraph on the same store, and in rdflib."""

# ruff: noqa: PLC0415  (in a process of its own a contender imports what it needs)

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.measure import Series, StoppedError, alternate
from benchmarks.packs import Graph
from benchmarks.process import task
from benchmarks.progress import Progress
from benchmarks.snapshot import prepare
from benchmarks.table import Row

__all__ = ["expected", "measure"]

ROUNDS = 100
BUDGET = 0.4  # seconds for each query and contender, after which it sits out
RUNS = 2  # at least
PATIENCE = 300.0  # seconds for one query with all contenders
RDFLIB_UP_TO = 10_000  # triples of data
PEERS = {"bare": "pyoxigraph, same text and store", "rdflib": "rdflib, same text and triples"}
Rows = tuple[tuple[Any, ...], ...]


def expected(graph: Graph) -> float:
    """Return about how many seconds ``measure`` takes."""
    return 15 + graph.size / 20_000 + (15 if _rdflib_can(graph) else 0)


def measure(graphs: Sequence[Graph], progress: Progress) -> Iterator[Row]:
    """Yield the rows of this group."""
    for graph in graphs:
        progress.start(f"warm, {graph.name}")
        prepare(graph)
        found = [tuple(_compared(graph, path.stem)) for path in sorted((graph.root / "queries").glob("*.rq"))]
        for peer in PEERS.values():
            rows = [row for compared in found for row in compared if row.peer == peer]
            yield from _summary(graph, peer, rows)
            yield from rows


def _compared(graph: Graph, name: str) -> Iterator[Row]:
    """Return a row for each peer."""
    peers = {who: peer for who, peer in PEERS.items() if who != "rdflib" or _rdflib_can(graph)}
    seconds: dict[str, list[float]] = {}
    notes: dict[str, str] = {}
    try:
        parts = task("warm", "compare", graph.root, graph.cache, name, int(_rdflib_can(graph)), patience=PATIENCE).parts
        seconds, notes = parts["seconds"], parts["notes"]
    except StoppedError as error:
        notes = dict.fromkeys(peers, str(error))
    for who, peer in peers.items():
        ours, theirs = (Series.of(seconds.get(key, ())) for key in ("ours", who))
        yield Row("warm", f"query {name}", graph.name, ours, peer, theirs, note=notes[who], brief=False)


def _summary(graph: Graph, peer: str, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the geometric mean of the queries, and the one that fares worst."""
    pairs = [(row.what, row.ours, row.theirs) for row in rows if row.ours and row.theirs]
    if not pairs:
        note = "no query could be run" if rows else "skipped: rdflib takes minutes on this size"
        yield Row("warm", "saved queries, mean", graph.name, None, peer, note=note)
        return
    ours, theirs = Series.mean(pair[1] for pair in pairs), Series.mean(pair[2] for pair in pairs)
    note = f"geometric mean of {len(pairs)} queries"
    yield Row("warm", "saved queries, mean", graph.name, ours, peer, theirs, note=note)
    worst, ours, theirs = max(pairs, key=lambda pair: pair[1].median / pair[2].median)
    yield Row("warm", "saved queries, worst", graph.name, ours, peer, theirs, note=worst)


def _rdflib_can(graph: Graph) -> bool:
    return 0 < graph.size <= RDFLIB_UP_TO


# -- in a fresh process ---------------------------------------------------------------------


def compare(root: str, cache: str, name: str, with_rdflib: str) -> dict[str, Any]:
    """Return the seconds of each run of one saved query, and what is to be said about its answers."""
    from llmkg import KnowledgeGraph
    from llmkg.snapshot import ASSERTED

    kg = KnowledgeGraph.open(root, cache=cache)
    query = kg.saved_query(name)
    values: dict[str, Any] = {p.name: p.example for p in query.parameters if p.example}
    text, store = kg.bound_text(query, values), kg.engine.store
    default = ASSERTED if query.entailment == "asserted" else None
    contenders: dict[str, Callable[[], Rows]] = {
        "ours": lambda: kg.query(name, **values).rows,
        "bare": lambda: tuple(map(tuple, store.query(text, default_graph=default))),  # type: ignore[arg-type]
    }
    if int(with_rdflib):
        graph = kg.to_rdflib("asserted" if default else "all")
        contenders["rdflib"] = lambda: tuple(map(tuple, graph.query(text)))  # type: ignore[arg-type]
    outcomes = alternate(contenders, ROUNDS, BUDGET, at_least=RUNS)
    rows = {who: outcome.results[0] for who, outcome in outcomes.items()}
    return {
        "seconds": {who: outcome.seconds for who, outcome in outcomes.items()},
        "notes": {who: _agreement(rows["ours"], rows[who], foreign=who == "rdflib") for who in rows if who != "ours"},
    }


def _agreement(ours: Rows, theirs: Rows, *, foreign: bool) -> str:
    """Compare in order with the same engine, and as sets of rows with rdflib."""
    if not foreign:
        return f"the same {len(ours)} rows" if ours == theirs else "the answers differ"
    from llmkg.interchange import rdflib_term

    translated = {tuple(term and rdflib_term(term) for term in row) for row in ours}
    return f"the same {len(ours)} rows" if translated == set(theirs) else "the answers differ"
