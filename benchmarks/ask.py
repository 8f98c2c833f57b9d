"""How many unseen questions ``llmkg ask`` understands, and how long it takes for one.

The questions are those of ``tests/ask/questions.yaml``, which nothing was chosen by.
"""

# ruff: noqa: PLC0415  (in a process of its own a contender imports what it needs)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any

from benchmarks.measure import Series
from benchmarks.packs import SHIPPED, Graph
from benchmarks.process import PROJECT, task
from benchmarks.progress import Progress
from benchmarks.snapshot import prepare
from benchmarks.table import Row

__all__ = ["expected", "measure"]

QUESTIONS = PROJECT / "tests" / "ask" / "questions.yaml"


def expected(graph: Graph) -> float:
    """Return about how many seconds ``measure`` takes."""
    return 5 if graph.name == SHIPPED else 0


def measure(graphs: Sequence[Graph], progress: Progress) -> Iterator[Row]:
    """Yield the rows of this group; the questions are about the shipped graph."""
    for graph in graphs:
        progress.start(f"ask, {graph.name}")
        if graph.name == SHIPPED:
            prepare(graph)
            parts = task("ask", "accuracy", graph.root, graph.cache, QUESTIONS).parts
            for what, (right, count) in parts["counts"].items():
                share = Series.of([100 * right / count]) if count else None
                yield Row("ask", f"{what}, %", graph.name, share, unit="", note=f"{right} of {count}", brief=False)
            yield Row("ask", "time for a question, warm", graph.name, Series.of(parts["seconds"]), brief=False)


# -- in a fresh process ---------------------------------------------------------------------


def accuracy(root: str, cache: str, questions: str) -> dict[str, Any]:
    """Return how many questions are answered exactly, how many are answered that must not be, and the seconds."""
    from pathlib import Path

    import yaml

    from llmkg import KnowledgeGraph

    kg = KnowledgeGraph.open(root, cache=cache)
    entries = yaml.safe_load(Path(questions).read_text(encoding="utf-8"))
    counts: dict[str, list[int]] = {}
    seconds = []
    for entry in entries:
        start = perf_counter()
        found = kg.understand(entry["question"])
        seconds.append(perf_counter() - start)
        reading = found.reading
        declined = "declined" in entry
        right = reading is not None if declined else reading is not None and _meant(kg, entry, reading)
        groups = ["false accepts"] if declined else ["exact", f"exact, {entry['lang']}", f"exact, {entry['style']}"]
        first = reading or next(iter(found.others), None)
        results = [(group, right) for group in groups]
        if not declined:
            results.append(("exact, had nothing been declined", first is not None and _meant(kg, entry, first)))
        for group, right in results:
            count = counts.setdefault(group, [0, 0])
            count[0] += right
            count[1] += 1
    return {"counts": dict(sorted(counts.items())), "seconds": seconds}


def _meant(kg: Any, entry: dict[str, Any], reading: Any) -> bool:  # noqa: ANN401
    """Return whether a reading is one of those that an entry takes for right: the same values, defaults or not."""

    def values(name: str, given: dict[str, str]) -> dict[str, Any]:
        return {key: value for key, value in kg.bind(kg.saved_query(name), given).items() if key != "lang"}

    found = values(reading.query, dict(reading.values))
    wanted = [entry, *entry.get("also", [])]
    return any(w["query"] == reading.query and values(w["query"], w.get("parameters", {})) == found for w in wanted)
