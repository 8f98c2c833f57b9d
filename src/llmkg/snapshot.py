"""The closed graph of a pack as one Oxigraph store: built once, kept on disk, opened in milliseconds.

``open_snapshot`` gives the store of a pack, from the user's cache folder when every input file
still has the size and time of change that were seen when it was built (else its content is
compared), built anew otherwise. A cache that cannot be read or written makes it slower, never
wrong: it says so in one line on standard error and goes on in memory.

A store holds the closure in its default graph, one named graph per file, and four more: what was
inferred, what is asserted by any file, the folded names that terms are looked up by, and the saved
queries, so that only the one asked for is decoded.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from llmkg import __version__
from llmkg.errors import InputError, unreadable
from llmkg.savedquery import SavedQuery, query_from_json, query_to_json

TYPE_CHECKING = False  # to import ``typing`` takes longer than the query
if TYPE_CHECKING:
    from typing import Any

    from llmkg.pack import Pack

__all__ = [
    "ASSERTED",
    "INFERRED",
    "NAMES",
    "Snapshot",
    "default_cache",
    "home_of",
    "kept_beside",
    "kept_snapshot",
    "open_snapshot",
]

INFERRED = NamedNode("urn:llmkg:inferred")
ASSERTED = NamedNode("urn:llmkg:asserted")
NAMES = NamedNode("urn:llmkg:names")
_QUERIES = NamedNode("urn:llmkg:queries")

_MANIFEST = "current.json"
# What a manifest or a store that somebody has spoiled may raise; Oxigraph tells corruption by a RuntimeError.
_DAMAGE = (OSError, ValueError, KeyError, TypeError, RuntimeError)
_KEPT = 2  # stores per pack: the current one and the one before, which a running process may still read
_ABANDONED = 3600.0  # seconds after which a half-built store is taken for one whose builder died


class GraphFile:
    """One file of a pack: its path in the pack, the named graph of its triples, its part."""

    __slots__ = ("graph", "name", "part")

    def __init__(self, name: str, graph: str, part: str) -> None:
        self.name = name
        self.graph = graph
        self.part = part


class _Queries(Mapping[str, SavedQuery]):
    """The saved queries by name, each decoded when it is first asked for."""

    def __init__(self, store: Store, names: Iterable[str]) -> None:
        self._store = store
        self._places = {name: _query_node(number) for number, name in enumerate(names)}
        self._decoded: dict[str, SavedQuery] = {}

    def __getitem__(self, name: str) -> SavedQuery:
        if name not in self._decoded:
            quad = next(self._store.quads_for_pattern(self._places[name], None, None, _QUERIES))
            assert isinstance(quad.object, Literal)
            self._decoded[name] = query_from_json(json.loads(quad.object.value))
        return self._decoded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Snapshot:
    """An open store and what is known about it without asking it; ``folder`` is empty when it is in memory."""

    __slots__ = ("files", "folder", "prefixes", "queries", "store")

    def __init__(self, store: Store, manifest: Mapping[str, Any], folder: str = "") -> None:
        self.store = store
        self.folder = folder
        self.files = tuple(GraphFile(*file) for file in manifest["files"])
        self.prefixes: dict[str, str] = manifest["prefixes"]
        self.queries: Mapping[str, SavedQuery] = _Queries(store, manifest["queries"])

    @property
    def graphs(self) -> list[NamedNode]:
        """The named graphs that a query may see: one per file, and the inferred triples."""
        return [*dict.fromkeys(NamedNode(file.graph) for file in self.files), INFERRED]


def default_cache() -> str:
    """Return the folder for snapshots: ``LLMKG_CACHE``, or the platform's place for caches."""
    if own := os.environ.get("LLMKG_CACHE"):
        return own
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "llmkg")


def open_snapshot(pack: Pack, cache: str | None) -> Snapshot:
    """Return the closed graph of ``pack``; with ``cache`` None it is built in memory.

    Raises InputError when a file of the pack is broken; the cache itself raises nothing.
    """
    if cache is None:
        return _in_memory(pack)
    home = home_of(pack, cache)
    try:
        return _kept(home, pack) or _built(home, pack)
    except InputError:
        raise
    except _DAMAGE as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        print(f"llmkg: {home}: the snapshot cannot be used ({reason}); working in memory.", file=sys.stderr)
        return _in_memory(pack)


def kept_snapshot(pack: Pack, cache: str) -> Snapshot | None:
    """Return the snapshot that is there and up to date; none is built."""
    return _kept(home_of(pack, cache), pack)


def home_of(pack: Pack, cache: str) -> str:
    """Return the folder in ``cache`` for what is kept of ``pack``."""
    return os.path.join(cache, _digest(os.path.realpath(pack.root).encode()))


# -- reading --------------------------------------------------------------------------------


def _kept(home: str, pack: Pack) -> Snapshot | None:
    """Return the stored snapshot when it is that of the files as they are now."""
    try:
        with open(os.path.join(home, _MANIFEST), encoding="utf-8") as file:
            manifest = json.load(file)
    except FileNotFoundError:
        return None
    except ValueError:
        _say(home, "the snapshot is damaged")
        return None
    try:
        if manifest["stats"] != _stats(pack):
            if manifest["key"] != _key(pack):
                return None
            manifest["stats"] = _stats(pack)
            _write_manifest(home, manifest)
        folder = os.path.join(home, manifest["key"])
        if _sizes(folder) != manifest["store"]:
            _set_aside(folder)
            raise ValueError("a part of the store is missing or cut short")
        return Snapshot(Store.read_only(folder), manifest, folder)
    except _DAMAGE:
        _say(home, "the snapshot is damaged")
        return None


def kept_beside(snapshot: Snapshot, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what ``make`` gives, JSON values made from this snapshot, from the file kept beside its store.

    Made and written when the file is missing or damaged; a file that cannot be written is done without.
    """
    if not snapshot.folder:
        return make()
    path = f"{snapshot.folder}.{name}.json"
    try:
        with open(path, "rb") as file:  # as bytes: to look for line ends of other systems takes longer than parsing
            kept = json.loads(file.read().decode())
        if isinstance(kept, dict) and kept:
            return kept
    except (OSError, ValueError):
        pass
    made = make()
    from pathlib import Path  # noqa: PLC0415  (only when making)

    from llmkg.files import replace_file  # noqa: PLC0415

    try:  # noqa: SIM105  (contextlib is one more import)
        replace_file(Path(path), json.dumps(made, ensure_ascii=False).encode())
    except (OSError, InputError):
        pass
    return made


def _sizes(folder: str) -> dict[str, int]:
    """Return the size of every file with data of a store; its logs may change while it is read."""
    with os.scandir(folder) as entries:
        return {entry.name: entry.stat().st_size for entry in entries if not entry.name.startswith(("LOG", "LOCK"))}


def _stats(pack: Pack) -> list[list[str | int]]:
    """Return path, size and time of change of every file that the snapshot depends on."""
    found: list[list[str | int]] = []
    for path in _inputs(pack):
        try:
            stat = os.stat(path)
        except OSError as error:
            raise unreadable(pack.name(path), error) from error
        found.append([path, stat.st_size, stat.st_mtime_ns])
    return found


def _inputs(pack: Pack) -> list[str]:
    """Return the files of the pack, and the code that turns them into a snapshot."""
    here = os.path.dirname(__file__)
    parts = ("snapshot.py", "lexicon.py", "load.py", "names.py", "queryfile.py", "savedquery.py")
    code = [os.path.join(here, name) for name in parts]
    for part in ("reason", "ask"):
        folder = os.path.join(here, part)
        code += sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith((".py", ".yaml")))
    synonyms = [pack.synonyms] if pack.synonyms else []
    return [*pack.ontology, *pack.data, *pack.queries, *synonyms, *code]


def _key(pack: Pack) -> str:
    """Return a hash of the content of every input file, of their places and of the versions in use."""
    import hashlib  # noqa: PLC0415  (only when a file has changed)

    from pyoxigraph import __version__ as engine_version  # noqa: PLC0415

    digest = hashlib.blake2b(f"{__version__} {engine_version}".encode(), digest_size=16)
    for path in _inputs(pack):
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError as error:
            raise unreadable(pack.name(path), error) from error
        name = os.path.relpath(path, pack.root)
        digest.update(f"{name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def _digest(data: bytes) -> str:
    """Return a short name for ``data``: the bytes as a number, modulo a Mersenne prime."""
    return f"{int.from_bytes(data, 'big') % (2**89 - 1):023x}"


# -- building -------------------------------------------------------------------------------


def _built(home: str, pack: Pack) -> Snapshot:
    """Build the snapshot beside its place and move it there; another process may do the same."""
    import shutil  # noqa: PLC0415  (only when building)
    import tempfile  # noqa: PLC0415

    key, stats = _key(pack), _stats(pack)
    os.makedirs(home, exist_ok=True)
    _sweep(home)
    work = tempfile.mkdtemp(dir=home, prefix="building-")
    try:
        store = Store(work)
        manifest = _filled(store, pack)
        store.flush()
        # The last name of the store: it is closed here, or it would go on tidying up its files
        # after they have been moved and measured.
        del store
        target = os.path.join(home, key)
        try:
            os.rename(work, target)
        except OSError:
            if not os.path.isdir(target):
                raise
            _replace_damaged(target, work)
        _write_manifest(home, {"key": key, "stats": stats, "store": _sizes(target), **manifest})
        return Snapshot(Store.read_only(target), manifest, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _replace_damaged(target: str, work: str) -> None:
    """Keep the store that another process has put there, unless it is damaged."""
    try:
        Store.read_only(target)
    except _DAMAGE:
        _set_aside(target)
        os.rename(work, target)


def _set_aside(folder: str) -> None:
    """Make room for a new store; the damaged one goes with the next sweep."""
    os.rename(folder, os.path.join(os.path.dirname(folder), f"building-{os.getpid()}-damaged"))


def _sweep(home: str) -> None:
    """Remove stores that were left over: old ones, and those whose builder has died."""
    import shutil  # noqa: PLC0415
    import time  # noqa: PLC0415

    with os.scandir(home) as entries:
        found = {entry.path: entry.stat().st_mtime for entry in entries}
    folders = {path: changed for path, changed in found.items() if os.path.isdir(path)}
    finished = sorted((p for p in folders if not _is_unfinished(p)), key=lambda p: -folders[p])
    abandoned = [p for p in folders if _is_unfinished(p) and time.time() - folders[p] > _ABANDONED]
    for folder in (*finished[_KEPT - 1 :], *abandoned):
        shutil.rmtree(folder, ignore_errors=True)
        for path in found:
            if path.startswith(f"{folder}."):  # what was kept beside it
                _remove(path)


def _remove(path: str) -> None:
    try:  # noqa: SIM105  (contextlib is one more import)
        os.unlink(path)
    except OSError:
        pass  # another process has done it, or will


def _is_unfinished(folder: str) -> bool:
    return os.path.basename(folder).startswith("building-")


def _write_manifest(home: str, manifest: dict[str, Any]) -> None:
    from pathlib import Path  # noqa: PLC0415  (only when building)

    from llmkg.files import replace_file  # noqa: PLC0415

    replace_file(Path(home, _MANIFEST), json.dumps(manifest, ensure_ascii=False).encode())


def _in_memory(pack: Pack) -> Snapshot:
    store = Store()
    return Snapshot(store, _filled(store, pack))


def _filled(store: Store, pack: Pack) -> dict[str, Any]:
    """Fill ``store``, and let those who watch a terminal know that this takes a while."""
    from llmkg.progress import waiting  # noqa: PLC0415  (only when building)

    with waiting("llmkg: reading the graph and working out what follows from it"):
        return _fill(store, pack)


def _fill(store: Store, pack: Pack) -> dict[str, Any]:
    """Read the pack, close it, write everything into ``store`` and return the manifest."""
    from pathlib import Path  # noqa: PLC0415  (only when building)

    from llmkg.lexicon import names  # noqa: PLC0415
    from llmkg.load import read_pack  # noqa: PLC0415
    from llmkg.queryfile import read_query  # noqa: PLC0415
    from llmkg.reason import Closure, no_collecting  # noqa: PLC0415
    from llmkg.terms import PREFIXES  # noqa: PLC0415

    dataset = read_pack(pack)
    closure = Closure(dataset.triples())
    queries = [read_query(Path(path), pack.name(path)) for path in pack.queries]
    manifest = {
        "files": [
            (document.name, document.graph.value, part)
            for part, documents in (("ontology", dataset.ontology), ("data", dataset.data))
            for document in documents
        ],
        "prefixes": {**PREFIXES, **dataset.prefixes},
        "queries": [query.name for query in queries],
    }
    everything, naming = DefaultGraph(), list[Triple]()
    with no_collecting():
        store.bulk_extend(
            quad for d in dataset.documents for quad in _quads(d.triples, naming, d.graph, ASSERTED, everything)
        )
        del dataset  # its triples are coded in the closure by now, which is going to need the memory
        closure.run()
        store.bulk_extend(_quads(closure.inferred(), naming, INFERRED, everything))
        store.bulk_extend(Quad(term, rank, name, NAMES) for term, rank, name in names(naming))
    store.extend(
        Quad(_query_node(number), NAMES, Literal(json.dumps(query_to_json(query))), _QUERIES)
        for number, query in enumerate(queries)
    )
    return manifest


def _query_node(number: int) -> NamedNode:
    return NamedNode(f"urn:llmkg:query:{number}")


def _quads(triples: Iterable[Triple], naming: list[Triple], *graphs: NamedNode | DefaultGraph) -> Iterator[Quad]:
    """Yield each of ``triples`` in each of ``graphs``; those that names are made of go into ``naming``."""
    from llmkg.lexicon import bears_on_names  # noqa: PLC0415

    for triple in triples:
        subject, predicate, obj = triple
        for graph in graphs:
            yield Quad(subject, predicate, obj, graph)
        if bears_on_names(predicate, obj):
            naming.append(triple)


def _say(home: str, what: str) -> None:
    print(f"llmkg: {home}: {what}; building it anew.", file=sys.stderr)
