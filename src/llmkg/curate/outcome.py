"""From a plan to the changes of files: names for new publications, the file of each, a check against the shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from llmkg.curate import provenance
from llmkg.curate.changes import Changes
from llmkg.curate.facts import new_facts
from llmkg.curate.holdings import Holdings
from llmkg.curate.naming import free_name, slug_of
from llmkg.curate.plan import Entry, Plan
from llmkg.curate.provenance import Import
from llmkg.errors import InputError
from llmkg.load import read_document
from llmkg.terms import CLAIM, XSD

__all__ = ["changes_of", "imports_of", "place_all", "year_file", "year_titles"]

_FOLDER = "data/papers"


def year_file(year: int | None) -> str:
    """Return the name of the file for the publications of a year."""
    return f"{_FOLDER}/{'undated' if year is None else year}.ttl"


def year_titles(year: int | None) -> dict[str, str]:
    """Return what the file for the publications of a year is called."""
    if year is None:
        return {"en": "Papers without a year", "zh": "年份不详的论文"}
    return {"en": f"Papers of {year}", "zh": f"{year} 年论文"}


def place_all(plan: Plan, holdings: Holdings) -> None:
    """Give each new publication its IRI, and each one that changes its file."""
    if CLAIM.Paper.value not in holdings.names or not holdings.root:
        raise InputError(
            f"{holdings.pack.root}: its ontology has no llmkg:Paper. Put the claim vocabulary, claims.ttl, into ontology/."
        )
    namespace = holdings.namespace(CLAIM.Paper)
    taken = {iri.removeprefix(namespace) for iri in holdings.names if iri.startswith(namespace)}
    for entry in plan.added:
        name = free_name(slug_of(entry.record), taken)
        taken.add(name)
        entry.iri = namespace + name
        entry.file = year_file(entry.record.year)
    for entry in (*plan.merged, *plan.unchanged):
        assert entry.known is not None
        entry.file = entry.known.record.place.file
        if any(gain.field == "year" for gain in entry.gains) and entry.file == year_file(None):
            entry.file = year_file(entry.record.year)


def imports_of(plan: Plan, holdings: Holdings, time: datetime, agent: str) -> dict[str, Import]:
    """Return an import for each file that something comes from, by its path as given."""
    files = [file for entry in (*plan.added, *plan.merged) for file in entry.sources]
    namespace = holdings.namespace(CLAIM.Import)
    return provenance.name_imports(files, time, agent, namespace, set(holdings.names))


def changes_of(plan: Plan, holdings: Holdings, imports: Mapping[str, Import]) -> Changes:
    """Return what a plan changes in the files of the pack."""
    changes = Changes(holdings)
    by_file: dict[str, list[Entry]] = {}
    for entry in (*plan.added, *plan.merged):
        by_file.setdefault(entry.file, []).append(entry)
        old = entry.known.record.place.file if entry.known else entry.file
        if old != entry.file:
            _move(changes, holdings, entry.iri, old, entry.file)
    for name, entries in by_file.items():
        changes.start(name, year_titles(entries[0].record.year))
        changes.add(name, _Facts(entries, imports))
    if imports:
        changes.start(provenance.FILE, provenance.TITLES)
        changes.add(provenance.FILE, [t for one in imports.values() for t in provenance.import_triples(one)])
        _keep_date(changes, plan, imports)
    holdings.prefixes.setdefault(holdings.prefix(CLAIM.Paper), holdings.namespace(CLAIM.Paper))
    holdings.prefixes.setdefault(holdings.prefix(CLAIM.Import), holdings.namespace(CLAIM.Import))
    holdings.prefixes.setdefault("xsd", str(XSD))
    return changes


def _move(changes: Changes, holdings: Holdings, iri: str, old: str, new: str) -> None:
    """Move what the file ``old`` says of a publication to the file ``new``."""
    document = read_document(Path(holdings.pack.path(old)), old)
    facts = [triple for triple in document.triples if triple.subject == NamedNode(iri)]
    changes.remove(old, facts)
    changes.add(new, facts)


def _keep_date(changes: Changes, plan: Plan, imports: Mapping[str, Import]) -> None:
    """Have the date of the graph not before the publications that come in."""
    day = max(one.time for one in imports.values()).date()
    if any((entry.record.year or 0) >= day.year for entry in (*plan.added, *plan.merged)):
        changes.bring_up_to_date(day.isoformat())


class _Facts:
    """The triples of some entries, made when they are read."""

    def __init__(self, entries: list[Entry], imports: Mapping[str, Import]) -> None:
        self._entries = entries
        self._imports = imports

    def __iter__(self) -> Iterator[Triple]:
        for entry in self._entries:
            yield from new_facts(entry, self._imports)
