"""Name the new publications of a plan and tell which file each goes to."""

from __future__ import annotations

from llmkg.curate.holdings import Holdings
from llmkg.curate.naming import free_name, slug_of
from llmkg.curate.plan import Plan
from llmkg.terms import CLAIM

__all__ = ["place_all"]

_FOLDER = "data/papers"


def place_all(plan: Plan, holdings: Holdings) -> None:
    """Give each new publication its IRI, and each one that changes its file."""
    namespace = holdings.namespace(CLAIM.Paper)
    for entry in plan.added:
        entry.iri = namespace + free_name(slug_of(entry.record), _Taken(namespace, holdings.names))
        holdings.names.add(entry.iri)
        entry.file = year_file(entry.record.year)
    for entry in plan.merged:
        assert entry.known is not None
        entry.file = entry.known.record.place.file


def year_file(year: int | None) -> str:
    """Return the name of the file of a year."""
    return f"{_FOLDER}/{'undated' if year is None else year}.ttl"


class _Taken:
    """The names in a namespace that are taken."""

    def __init__(self, namespace: str, names: set[str]) -> None:
        self._namespace = namespace
        self._names = names

    def __contains__(self, name: object) -> bool:
        return f"{self._namespace}{name}" in self._names
