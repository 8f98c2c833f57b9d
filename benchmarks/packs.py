"""Make the graphs to measure: packs in a folder of their own, the project's and generated ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generator import BASE, KINDS, generate
from benchmarks.process import PROJECT

__all__ = ["SHIPPED", "Graph", "make_graphs"]

SHIPPED = "shipped"
PREFIXES = {kind: f"{BASE}{kind}/" for kind in KINDS}


@dataclass(frozen=True)
class Graph:
    """A pack, the folder of its snapshot, and its size in triples of data (0 for the shipped one)."""

    name: str
    root: Path
    cache: Path
    size: int

    @property
    def data(self) -> Path:
        """The N-Triples file of a generated graph."""
        return self.root / "generated.nt"


def make_graphs(sizes: Iterable[int], seed: int, folder: Path) -> list[Graph]:
    """Return the shipped graph and one of each size, all written under ``folder``."""
    shipped = Graph(SHIPPED, folder / SHIPPED, folder / f"{SHIPPED}-cache", 0)
    for part in ("ontology", "data", "queries"):
        shutil.copytree(PROJECT / part, shipped.root / part)
    return [shipped, *(_generated(size, seed, folder) for size in sorted(set(sizes)))]


def _generated(size: int, seed: int, folder: Path) -> Graph:
    graph = Graph(f"{size:,}", folder / str(size), folder / f"{size}-cache", size)
    for part in ("ontology", "queries"):
        shutil.copytree(PROJECT / part, graph.root / part)
    (graph.root / "data").mkdir()
    prefixes = [f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()]
    # N-Triples are Turtle; a pack reads Turtle files.
    with (
        graph.data.open("w", encoding="utf-8") as plain,
        (graph.root / "data" / "generated.ttl").open("w", encoding="utf-8") as turtle,
    ):
        turtle.writelines(prefixes)
        for line in generate(size, seed):
            plain.write(line)
            turtle.write(line)
    return graph
