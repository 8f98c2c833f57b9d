"""The command: ``python -m benchmarks [--sizes N,N] [--seed N] [--only GROUP] [--out FOLDER]``."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import ask, closure, cold, exchange, importing, release, snapshot, validation, warm
from benchmarks.machine import about
from benchmarks.measure import StoppedError
from benchmarks.packs import Graph, make_graphs
from benchmarks.progress import Progress
from benchmarks.table import Row, markdown, ratios, to_json

SIZES = "5000,50000,500000,5000000"


class Group(NamedTuple):
    """What one module measures, and about how long it takes per graph."""

    measure: Callable[[Sequence[Graph], Progress], Iterator[Row]]
    expected: Callable[[Graph], float]


GROUPS = {
    "snapshot": Group(snapshot.measure, snapshot.expected),  # first: the others use what it builds
    "cold": Group(cold.measure, cold.expected),
    "warm": Group(warm.measure, warm.expected),
    "closure": Group(closure.measure, closure.expected),
    "exchange": Group(exchange.measure, exchange.expected),
    "release": Group(release.measure, release.expected),
    "validation": Group(validation.measure, validation.expected),
    "import": Group(importing.measure, importing.expected),
    "ask": Group(ask.measure, ask.expected),
}


def main() -> int:
    """Measure, and print the table of ratios or write everything to a folder."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the temporary folder goes
    names = options.only or list(GROUPS)
    facts = {**about(), "seed": options.seed, "sizes": ", ".join(f"{size:,}" for size in options.sizes)}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="llmkg-benchmarks-") as folder:
        making = "making the graphs"
        plan = {making: 1 + sum(options.sizes) / 300_000}
        named = ["shipped", *(f"{size:,}" for size in sorted(set(options.sizes)))]
        stand_ins = [
            Graph(name, Path(), Path(), int(name.replace(",", "")) if name != "shipped" else 0) for name in named
        ]
        plan |= {f"{name}, {graph.name}": GROUPS[name].expected(graph) for name in names for graph in stand_ins}
        progress = Progress(plan)
        progress.start(making)
        graphs = make_graphs(options.sizes, options.seed, Path(folder))
        for name in names:
            try:
                rows.extend(GROUPS[name].measure(graphs, progress))
            except StoppedError as error:
                rows.append(Row(name, "the rest", "", None, note=str(error)))
            _write(options.out, {**facts, "load after": f"{os.getloadavg()[0]:.2f}"}, rows)
    if options.out is None:
        print(markdown(facts, rows), end="")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure llmkg against its peers.")
    parser.add_argument(
        "--sizes", type=_sizes, default=SIZES, help=f"triples of the generated graphs; default: {SIZES}"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the generator; default: 1")
    parser.add_argument("--only", action="append", choices=GROUPS, help="measure this group; may be repeated")
    parser.add_argument("--out", type=Path, help="write RESULTS.md and results.json there; default: print")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    if not re.fullmatch(r"[1-9][0-9]*(,[1-9][0-9]*)*", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no list of numbers such as 5000,50000")
    return sorted({int(size) for size in text.split(",")})


def _write(folder: Path | None, facts: dict[str, object], rows: Sequence[Row]) -> None:
    """Write what there is so far; a README there gets the ratios under its heading 'Measured'."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "RESULTS.md").write_text(markdown(facts, rows), encoding="utf-8")
    text = json.dumps(to_json(facts, rows), ensure_ascii=False, indent=1)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    readme = folder / "README.md"
    if readme.is_file():
        head, heading, _ = readme.read_text(encoding="utf-8").partition("\n## Measured\n")
        if heading:
            summary = f"{facts['date']}, {facts['CPU']}, {facts['cores']} cores, Python {facts['Python']}. Times, memory and versions: RESULTS.md."
            readme.write_text(f"{head}{heading}\n{summary}\n\n{ratios(rows)}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
