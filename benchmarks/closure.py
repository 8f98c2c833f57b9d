"""The OWL 2 RL closure: against owlrl, with the difference of the results; how it grows; what a proof costs."""

# ruff: noqa: PLC0415  (in a process of its own a contender imports what it needs)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.measure import Outcome, Series, alternate
from benchmarks.packs import Graph
from benchmarks.process import Run, task
from benchmarks.progress import Progress
from benchmarks.snapshot import builds, prepare, series_of
from benchmarks.table import Row

if TYPE_CHECKING:
    from pyoxigraph import Triple

__all__ = ["expected", "measure"]

ROUNDS = 5
BUDGET = 8.0
OWLRL_UP_TO = 10_000  # triples of data
OWLRL = "owlrl"
PARTS = ("read", "load", "run", "output")
FROM = 50_000  # the size from which growth is taken as a whole


def expected(graph: Graph) -> float:
    """Return about how many seconds ``measure`` takes."""
    return 8 + graph.size / 12_000 + (15 if _owlrl_can(graph) else 0)


def measure(graphs: Sequence[Graph], progress: Progress) -> Iterator[Row]:
    """Yield the rows of this group."""
    found: list[tuple[Graph, Outcome[Run]]] = []
    for graph in graphs:
        progress.start(f"closure, {graph.name}")
        outcomes = _closures(graph)
        found.append((graph, outcomes["ours"]))
        yield from _rows(graph, outcomes)
        yield from _proofs(graph)
    yield from _growth([(graph, outcome) for graph, outcome in found if graph.size and outcome.results])


def _closures(graph: Graph) -> dict[str, Outcome[Run]]:
    small = int(_owlrl_can(graph))  # only then is there something to compare the results with
    contenders = {"ours": lambda: task("closure", "ours", graph.root, small)}
    if small:
        contenders[OWLRL] = lambda: task("closure", "theirs", graph.root)
    return alternate(contenders, ROUNDS, BUDGET)


def _rows(graph: Graph, outcomes: dict[str, Outcome[Run]]) -> Iterator[Row]:
    ours = outcomes["ours"]
    theirs = outcomes.get(OWLRL, Outcome(reason="skipped: owlrl takes minutes on this size"))
    note = ours.reason or theirs.reason or _difference(graph)
    yield Row("closure", "closure", graph.name, series_of(ours), OWLRL, series_of(theirs), note=note)
    for part in PARTS:
        note = "files to triples; not part of the closure" if part == "read" else ""
        yield Row("closure", f"of it {part}", graph.name, series_of(ours, part), note=note, brief=False)


def _difference(graph: Graph) -> str:
    """Compare what both have inferred; the lists were left beside the pack."""
    ours, theirs = (set(_list(graph.root, name).read_text("utf-8").splitlines()) for name in ("ours", OWLRL))
    if ours == theirs:
        return f"the same {len(ours):,} inferred triples"
    return f"{len(ours - theirs)} inferred by ours only, {len(theirs - ours)} by owlrl only"


def _proofs(graph: Graph) -> Iterator[Row]:
    built = builds(graph)["ours"]
    yield Row(
        "closure",
        "closure and the store that proofs are looked up in",
        graph.name,
        series_of(built),
        note=built.reason or "proofs are found backwards: nothing is kept while closing",
        brief=False,
    )
    prepare(graph)
    proofs = alternate({"proof": lambda: task("closure", "prove", graph.root, graph.cache)}, ROUNDS, BUDGET)["proof"]
    for part, what in (("why", "kg.why, the first"), ("again", "kg.why, the next"), ("proof", "the proof alone")):
        yield Row("closure", what, graph.name, series_of(proofs, part), note=proofs.reason, brief=False)


def _growth(found: Sequence[tuple[Graph, Outcome[Run]]]) -> Iterator[Row]:
    steps = list(pairwise(found))
    wide = [item for item in found if item[0].size >= FROM]
    if len(wide) > 2:  # noqa: PLR2004
        steps.append((wide[0], wide[-1]))
    for (small, before), (large, after) in steps:
        sizes = [outcome.results[0].parts["asserted"] for outcome in (before, after)]
        series = [series_of(outcome) for outcome in (before, after)]
        exponents = [log(b / a) / log(sizes[1] / sizes[0]) for a, b in zip(*map(_pair, series), strict=True)]
        exponent = Series(exponents[0], exponents[1], min(len(before.results), len(after.results)))
        what = f"growth exponent from {small.name}"
        note = "1 is linear in the asserted triples"
        yield Row("closure", what, large.name, exponent, unit="", note=note, brief=False)


def _pair(series: Series | None) -> tuple[float, float]:
    assert series is not None
    return series.best, series.median


def _owlrl_can(graph: Graph) -> bool:
    return 0 < graph.size <= OWLRL_UP_TO


def _list(root: Path, name: str) -> Path:
    return root / f"inferred-{name}.nt"


# -- in a fresh process ---------------------------------------------------------------------


def ours(root: str, keep: str) -> dict[str, float]:
    """Close the pack at ``root``; with ``keep`` write down what was inferred."""
    from llmkg.reason import Closure

    start = perf_counter()
    triples = _asserted(root)
    read = perf_counter()
    closure = Closure(triples)
    loaded = perf_counter()
    closure.run()
    ran = perf_counter()
    # One triple at a time, as the snapshot takes them; only to compare them are they kept.
    kept = list(closure.inferred()) if int(keep) else []
    inferred = len(kept) or sum(1 for _ in closure.inferred())
    end = perf_counter()
    if kept:
        _write(root, "ours", kept)
    return {
        "asserted": len(triples),
        "inferred": inferred,
        "seconds": end - read,
        **dict(zip(PARTS, (read - start, loaded - read, ran - loaded, end - ran), strict=True)),
    }


def theirs(root: str) -> dict[str, float]:
    """Close the pack at ``root`` with owlrl and write down what it infers, cleaned of noise."""
    from llmkg.reason.oracle import infer_with_owlrl

    triples = _asserted(root)
    start = perf_counter()
    inferred, _ = infer_with_owlrl(triples)
    seconds = perf_counter() - start
    _write(root, OWLRL, inferred)
    return {"asserted": len(triples), "inferred": len(inferred), "seconds": seconds}


def prove(root: str, cache: str) -> dict[str, float]:
    """Prove one inferred triple: in all, once more, and only the search."""
    from benchmarks.cold import WHY
    from llmkg import KnowledgeGraph
    from llmkg.reason.prove import Prover, StoreFacts
    from llmkg.snapshot import ASSERTED

    kg = KnowledgeGraph.open(root, cache=cache)
    store = kg.engine.store
    start = perf_counter()
    explanation = kg.why(*WHY)
    first = perf_counter()
    kg.why(*WHY)
    second = perf_counter()
    proof = Prover(StoreFacts(store, ASSERTED)).prove(explanation.fact)
    end = perf_counter()
    if explanation.status != "inferred" or proof is None:
        raise ValueError(f"{WHY} is {explanation.status}")
    return {"why": first - start, "again": second - first, "proof": end - second}


def _asserted(root: str) -> list[Triple]:
    from llmkg.load import read_pack
    from llmkg.pack import Pack

    return list(read_pack(Pack.open(root)).triples())


def _write(root: str, name: str, triples: list[Triple]) -> None:
    _list(Path(root), name).write_text("".join(sorted(f"{triple} .\n" for triple in triples)), "utf-8")
