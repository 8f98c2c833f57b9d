"""The command line, each call in a fresh process: against bare Python, the oxigraph command, rdflib with owlrl."""

# ruff: noqa: PLC0415  (in a process of its own a contender imports what it needs)

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.measure import Outcome, Series, StoppedError, alternate
from benchmarks.packs import SHIPPED, Graph
from benchmarks.process import PROJECT, Run, run, task
from benchmarks.progress import Progress
from benchmarks.snapshot import prepare, store_of
from benchmarks.table import Row

__all__ = ["expected", "llmkg_command", "measure"]

ROUNDS = 15
BUDGET = 12.0
NAIVE_UP_TO = 10_000  # triples of data; owlrl takes minutes beyond
QUERY = ("challenges-addressed", "mitigation=retrieval augmentation")
WHY = ("medicine", "may draw on", "retrieval augmentation")
PYTHON, OXIGRAPH, NAIVE = "python -c pass", "oxigraph query, same store", "rdflib + owlrl + rdflib query"


def expected(graph: Graph) -> float:
    """Return about how many seconds ``measure`` takes."""
    return 5 + graph.size / 30_000 + (15 if _naive_can(graph) else 0)


def measure(graphs: Sequence[Graph], progress: Progress) -> Iterator[Row]:
    """Yield the rows of this group; all graphs take part in one alternation."""
    for graph in graphs:
        progress.start(f"cold, {graph.name}")
        prepare(graph)
    contenders: dict[str, Callable[[], Run]] = {PYTHON: lambda: run([sys.executable, "-c", "pass"])}
    for graph in graphs:
        contenders |= {f"{name} {graph.name}": call for name, call in _queries(graph).items()}
    shipped = [graph for graph in graphs if graph.name == SHIPPED]
    for graph in shipped:
        contenders["why"] = _call(llmkg_command("why", *WHY, graph=graph))
    contenders["help"] = _call([_console("llmkg"), "--help"])
    outcomes = alternate(contenders, ROUNDS, BUDGET)

    for graph in graphs:
        yield from _rows(graph, outcomes)
    floor = _series(outcomes[PYTHON])
    for graph in shipped:
        yield Row("cold", "llmkg why", graph.name, _series(outcomes["why"]), PYTHON, floor, note=_said(outcomes["why"]))
    yield Row("cold", "llmkg --help", "any", _series(outcomes["help"]), PYTHON, floor, note=outcomes["help"].reason)
    generated = [graph.name for graph in graphs if graph.name != SHIPPED]
    for smaller, larger in pairwise(generated):
        ours, theirs = (_series(outcomes[f"ours {name}"]) for name in (larger, smaller))
        yield Row("cold", "llmkg query", larger, ours, "itself on the next smaller graph", theirs)


def _queries(graph: Graph) -> dict[str, Callable[[], Run]]:
    text = task("cold", "bound_text", graph.root, graph.cache).parts["text"]
    store = store_of(graph)
    query = graph.root / "bound.rq"
    query.write_text(text, encoding="utf-8")

    def oxigraph() -> Run:
        command = _console("oxigraph")
        return run([command, "query", "--location", store, "--query-file", query, "--results-format", "json"])

    calls: dict[str, Callable[[], Run]] = {
        "ours": _call(llmkg_command("query", *QUERY, "--format", "json", graph=graph)),
        "oxigraph": oxigraph,
    }
    if _naive_can(graph):
        calls["naive"] = _call([sys.executable, PROJECT / "benchmarks" / "naive.py", graph.root, query])
    return calls


def _rows(graph: Graph, outcomes: dict[str, Outcome[Run]]) -> Iterator[Row]:
    ours = outcomes[f"ours {graph.name}"]
    yield Row("cold", "llmkg query", graph.name, _series(ours), PYTHON, _series(outcomes[PYTHON]), note=_said(ours))
    for name, peer in (("oxigraph", OXIGRAPH), ("naive", NAIVE)):
        theirs = outcomes.get(f"{name} {graph.name}", Outcome(reason="skipped: owlrl takes minutes on this size"))
        note = theirs.reason or _difference(ours, theirs)
        yield Row("cold", "llmkg query", graph.name, _series(ours), peer, _series(theirs), note=note)


def _said(outcome: Outcome[Run]) -> str:
    """Return why there are no runs, or the last words on standard error: that a snapshot was built, say."""
    words = [run.errors.strip().splitlines()[-1] for run in outcome.results if run.errors.strip()]
    return outcome.reason or "; ".join(dict.fromkeys(words))


def _difference(ours: Outcome[Run], theirs: Outcome[Run]) -> str:
    if not ours.results or not theirs.results:
        return ""
    answers = [_answer(outcome.results[0].output) for outcome in (ours, theirs)]
    return f"the same {len(answers[0])} rows" if answers[0] == answers[1] else "the answers differ"


def _answer(text: str) -> set[tuple[tuple[str, str], ...]]:
    """Return the rows of SPARQL 1.1 JSON results, whatever their order."""
    rows = json.loads(text)["results"]["bindings"]
    return {tuple(sorted((name, json.dumps(term, sort_keys=True)) for name, term in row.items())) for row in rows}


def _naive_can(graph: Graph) -> bool:
    return 0 < graph.size <= NAIVE_UP_TO


def _series(outcome: Outcome[Run]) -> Series | None:
    return Series.of([run.seconds for run in outcome.results], [run.memory for run in outcome.results])


def _call(command: Sequence[str | Path]) -> Callable[[], Run]:
    return lambda: run(command)


def llmkg_command(*arguments: str, graph: Graph) -> list[str | Path]:
    """Return the call of the console script on ``graph`` and its snapshot."""
    return [_console("llmkg"), *arguments, "--graph", graph.root, "--cache", graph.cache]


def _console(name: str) -> str:
    """Return the path of a command: of this Python environment, else of the search path."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.is_file() else shutil.which(name)
    if found is None:
        raise StoppedError("not installed")
    return found


# -- in a fresh process ---------------------------------------------------------------------


def bound_text(root: str, cache: str) -> dict[str, str]:
    """Return the text of the query with its value put in."""
    from llmkg import KnowledgeGraph

    kg = KnowledgeGraph.open(root, cache=cache)
    name, value = QUERY[0], QUERY[1].split("=", 1)
    return {"text": kg.bound_text(kg.saved_query(name), {value[0]: value[1]})}
