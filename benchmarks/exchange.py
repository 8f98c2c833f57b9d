"""Reading and writing RDF: ours against pyoxigraph's own parser and writers, and against rdflib."""

# ruff: noqa: PLC0415  (in a process of its own a contender imports what it needs)

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Sized
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Series, StoppedError, alternate
from benchmarks.packs import PREFIXES, Graph
from benchmarks.process import PROJECT, Run, task
from benchmarks.progress import Progress
from benchmarks.snapshot import series_of
from benchmarks.table import Row

if TYPE_CHECKING:
    from pyoxigraph import Quad, RdfFormat, Store, Triple

__all__ = ["expected", "measure"]

ROUNDS = 3
BUDGET = 4.0
RDFLIB_UP_TO = 100_000  # triples of data
CHECKED_UP_TO = 100_000  # what is written is read back and compared
LOADS = {"nt": "load N-Triples", "ttl": "load Turtle"}
EXPORTS = {
    "turtle": "export Turtle",
    "nt": "export N-Triples",
    "nq": "export N-Quads",
    "trig": "export TriG",
    "rdfxml": "export RDF/XML",
    "jsonld": "export JSON-LD",
}
BY_RDFLIB = ("turtle", "nt", "jsonld")
GRAPH = "urn:llmkg:generated"
PEERS = {"bare": "pyoxigraph", "rdflib": "rdflib"}


def expected(graph: Graph) -> float:
    """Return about how many seconds ``measure`` takes."""
    return (20 + graph.size / 8_000 + (graph.size / 600 if _rdflib_can(graph) else 0)) if graph.size else 0


def measure(graphs: Sequence[Graph], progress: Progress) -> Iterator[Row]:
    """Yield the rows of this group; the shipped graph, of many files, takes no part."""
    for graph in graphs:
        if not graph.size:
            continue
        progress.start(f"exchange, {graph.name}")
        try:
            task("exchange", "write_turtle", graph.data)
        except StoppedError as error:
            yield Row("exchange", "load and export", graph.name, None, PEERS["bare"], note=str(error))
            continue
        for ending, what in LOADS.items():
            yield from _rows(graph, what, _contenders(graph, "load", graph.data.with_suffix(f".{ending}")))
        for name, what in EXPORTS.items():
            contenders = _contenders(graph, "export", graph.data, name)
            if name not in BY_RDFLIB:
                contenders.pop("rdflib", None)
            yield from _rows(graph, what, contenders, memory=True)


def _contenders(graph: Graph, function: str, *arguments: object) -> dict[str, Callable[[], Run]]:
    def call(who: str) -> Callable[[], Run]:
        check = int(graph.size <= CHECKED_UP_TO and who == "ours")
        return lambda: task("exchange", function, who, check, *arguments)

    return {who: call(who) for who in ("ours", *PEERS) if who != "rdflib" or _rdflib_can(graph)}


def _rows(graph: Graph, what: str, contenders: dict[str, Callable[[], Run]], *, memory: bool = False) -> Iterator[Row]:
    outcomes = alternate(contenders, ROUNDS, BUDGET)
    ours = outcomes["ours"]
    for who, peer in PEERS.items():
        if who not in outcomes:
            if not memory or "rdflib" in contenders:
                yield Row("exchange", what, graph.name, series_of(ours), peer, note="skipped: rdflib takes minutes")
            continue
        theirs = outcomes[who]
        note = ours.reason or theirs.reason or ours.results[0].parts["note"]
        yield Row("exchange", what, graph.name, series_of(ours), peer, series_of(theirs), note=note)
        if memory and who == "bare" and not (ours.reason or theirs.reason):
            sizes = (Series.of([run.memory for run in outcome.results]) for outcome in (ours, theirs))
            yield Row("exchange", f"{what}, memory", graph.name, next(sizes), peer, next(sizes), unit="B")


def _rdflib_can(graph: Graph) -> bool:
    return 0 < graph.size <= RDFLIB_UP_TO


# -- in a fresh process ---------------------------------------------------------------------


def write_turtle(path: str) -> dict[str, float]:
    """Write the N-Triples file at ``path`` as Turtle beside it."""
    import pyoxigraph
    from pyoxigraph import RdfFormat

    triples = (quad.triple for quad in pyoxigraph.parse(path=path))
    target = Path(path).with_suffix(".ttl")
    pyoxigraph.serialize(triples, output=str(target), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    return {}


def load(who: str, _check: str, path: str) -> dict[str, Any]:
    """Read the file at ``path`` into memory."""
    read = _READERS[who]()
    start = perf_counter()
    triples = read(path)
    return {"seconds": perf_counter() - start, "note": f"{len(triples):,} triples"}


def export(who: str, check: str, path: str, name: str) -> dict[str, Any]:
    """Write the triples of the file at ``path`` in the format ``name``, from a store in memory to memory."""
    write = _WRITERS[who](path, name)
    start = perf_counter()
    text = write()
    seconds = perf_counter() - start
    data = text.encode() if isinstance(text, str) else text
    note = f"{len(data) / 1e6:.1f} MB"
    if int(check):
        note += ", reads back the same" if _reads_back(data, name, path) else ", does not read back the same"
    return {"seconds": seconds, "note": note}


def _read_ours() -> Callable[[str], Sized]:
    from llmkg.load import read_document

    return lambda path: read_document(Path(path)).triples


def _read_bare() -> Callable[[str], list[Triple]]:
    import pyoxigraph

    return lambda path: [quad.triple for quad in pyoxigraph.parse(path=path)]


def _read_rdflib() -> Callable[[str], Sized]:
    import rdflib

    return lambda path: rdflib.Graph().parse(path)


def _store(path: str) -> Store:
    from pyoxigraph import NamedNode, RdfFormat, Store

    store = Store()
    store.bulk_load(path=path, format=RdfFormat.N_TRIPLES, to_graph=NamedNode(GRAPH))
    return store


def _write_ours(path: str, name: str) -> Callable[[], bytes]:
    from pyoxigraph import NamedNode, RdfFormat

    from llmkg.export import Selection, export_parts
    from llmkg.statements import lines_of
    from llmkg.terms import PREFIXES as STANDARD

    store = _store(path)
    model = lines_of(quad.triple for file in sorted(PROJECT.glob("ontology/*.ttl")) for quad in _parsed(file))

    def write() -> bytes:
        lines = (store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(GRAPH)) or b"").split(b" .\n")[:-1]
        chosen = Selection({GRAPH: lines}, [], model, [], {**STANDARD, **PREFIXES})
        return b"".join(export_parts(chosen, name))

    return write


def _parsed(path: Path) -> Iterator[Quad]:
    import pyoxigraph

    return iter(pyoxigraph.parse(path=str(path)))


def _write_bare(path: str, name: str) -> Callable[[], bytes]:
    from pyoxigraph import NamedNode

    from llmkg.terms import PREFIXES as STANDARD

    store, rdf_format, prefixes = _store(path), _rdf_format(name), {**STANDARD, **PREFIXES}
    if rdf_format.supports_datasets and name != "jsonld":
        return lambda: store.dump(format=rdf_format, prefixes=prefixes) or b""
    return lambda: store.dump(format=rdf_format, from_graph=NamedNode(GRAPH), prefixes=prefixes) or b""


def _write_rdflib(path: str, name: str) -> Callable[[], str]:
    import rdflib

    from llmkg.terms import PREFIXES as STANDARD

    graph = rdflib.Graph().parse(path)
    for prefix, iri in {**STANDARD, **PREFIXES}.items():
        graph.bind(prefix, iri)
    return lambda: graph.serialize(format="json-ld" if name == "jsonld" else name)


def _reads_back(data: bytes, name: str, path: str) -> bool:
    import pyoxigraph

    return {quad.triple for quad in pyoxigraph.parse(data, _rdf_format(name))} == set(_read_bare()(path))


def _rdf_format(name: str) -> RdfFormat:
    from pyoxigraph import RdfFormat

    return {
        "turtle": RdfFormat.TURTLE,
        "nt": RdfFormat.N_TRIPLES,
        "nq": RdfFormat.N_QUADS,
        "trig": RdfFormat.TRIG,
        "rdfxml": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
    }[name]


_READERS = {"ours": _read_ours, "bare": _read_bare, "rdflib": _read_rdflib}
_WRITERS: dict[str, Callable[[str, str], Callable[[], str | bytes]]] = {
    "ours": _write_ours,
    "bare": _write_bare,
    "rdflib": _write_rdflib,
}
