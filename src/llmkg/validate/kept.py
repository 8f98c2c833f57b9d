"""Keep the report on a pack beside its snapshot, and give it again while nothing has changed.

The report hangs on the content of every file of the pack, shapes and checks among them, and on the
code that makes it. When each file still has the size and time of change that were seen, the report
stands; else their content is compared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from llmkg.errors import LlmkgError
from llmkg.files import replace_file
from llmkg.pack import Pack
from llmkg.snapshot import home_of
from llmkg.validate.check import Progress, Report, check_pack
from llmkg.validate.finding import Finding

__all__ = ["report", "state"]

_NAME = "validation.json"
_COUNTS = ("files", "triples", "prefixes", "complete")
_FIELDS = ("file", "line", "column", "severity", "rule", "focus", "path", "value", "messages", "remedies", "related")


def report(pack: Pack, cache: str | None, files: Sequence[str], engine: str, progress: Progress) -> Report:
    """Return the report on ``pack``, or the part of it that is about ``files``.

    A file that is not of the pack is read as further data of it; such a report is not kept.
    """
    ours = {os.path.realpath(path): pack.name(path) for path in (*pack.ontology, *pack.shapes, *pack.data)}
    extra = [path for path in files if os.path.realpath(path) not in ours]
    if cache is None or extra or engine != "llmkg":
        whole = check_pack(pack, extra, engine, progress)
    else:
        whole = _kept(pack, cache, progress)
    if not files:
        return whole
    names = {ours.get(os.path.realpath(path), os.path.relpath(path, pack.root).replace(os.sep, "/")) for path in files}
    found = tuple(found for found in whole.findings if names & {found.file, *_related(found)})
    return Report(found, len(names), whole.triples, whole.prefixes, whole.complete)


def _related(found: Finding) -> set[str]:
    """Return the files of the other facts of a contradiction."""
    return {place.rsplit(":", 2)[0] for place in found.related}


def _kept(pack: Pack, cache: str, progress: Progress) -> Report:
    path = os.path.join(home_of(pack, cache), _NAME)
    stats = _stats(pack)
    known = _read(path)
    if known is not None and (known["stats"] == stats or known["key"] == _key(pack)):
        report = _from_json(known["report"])
        if known["stats"] == stats:
            return report
    else:
        report = check_pack(pack, progress=progress)
    # Nothing was saved meanwhile, and no rule broken off, which may be the fault of a busy machine.
    if _stats(pack) == stats and not any(found.rule == "rule-limit" for found in report.findings):
        _write(path, {"stats": stats, "key": _key(pack), "report": _to_json(report)})
    return report


def state(pack: Pack, files: Sequence[str] = ()) -> list[list[Any]]:
    """Return path, size and time of change of all that a report hangs on, ``files`` among it."""
    return _stats(pack) + _stats_of(files)


def _inputs(pack: Pack) -> list[str]:
    """Return every file of the pack that counts, and the code."""
    checks = os.path.join(pack.root, "queries", "checks")
    here = os.path.dirname(os.path.dirname(__file__))
    folders = [checks, here, *(os.path.join(here, name) for name in ("reason", "validate"))]
    found = []
    for folder in folders:
        if os.path.isdir(folder):
            with os.scandir(folder) as entries:
                found += sorted(entry.path for entry in entries if entry.is_file())
    return [*pack.ontology, *pack.shapes, *pack.data, *pack.queries, *found]


def _stats(pack: Pack) -> list[list[Any]]:
    return _stats_of(_inputs(pack))


def _stats_of(paths: Iterable[str]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for path in paths:
        try:
            stat = os.stat(path)
            found.append([path, stat.st_size, stat.st_mtime_ns])
        except OSError:
            found.append([path, -1, -1])  # a link that leads nowhere
    return found


def _key(pack: Pack) -> str:
    import hashlib  # noqa: PLC0415  (only when a file has changed)

    versions = " ".join(version(name) for name in ("pyoxigraph", "rdflib", "pyshacl"))
    digest = hashlib.blake2b(versions.encode(), digest_size=16)
    for path in _inputs(pack):
        try:
            content = Path(path).read_bytes()
        except OSError:
            content = b""
        digest.update(f"{os.path.relpath(path, pack.root)} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def _read(path: str) -> dict[str, Any] | None:
    """Return what is kept at ``path``; a file that is damaged is none."""
    try:
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
        _from_json(known["report"])
        return {"stats": known["stats"], "key": known["key"], "report": known["report"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: str, content: dict[str, Any]) -> None:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        replace_file(Path(path), json.dumps(content, ensure_ascii=False).encode())
    except (OSError, LlmkgError):
        pass  # a cache that cannot be written costs only time


def _to_json(report: Report) -> dict[str, Any]:
    found = [[getattr(found, name) for name in _FIELDS] for found in report.findings]
    return {"findings": found, **{name: getattr(report, name) for name in _COUNTS}}


def _from_json(kept: dict[str, Any]) -> Report:
    findings = []
    for row in kept["findings"]:
        values: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
        texts = {name: tuple((lang, text) for lang, text in values[name]) for name in ("messages", "remedies")}
        findings.append(Finding(**{**values, **texts, "related": tuple(values["related"])}))
    return Report(tuple(findings), *(kept[name] for name in _COUNTS))
