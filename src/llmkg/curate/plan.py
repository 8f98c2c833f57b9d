"""What an import would do: publications that are added or gain facts, values in conflict, broken entries.

Nothing is overwritten: where the graph, or an earlier entry, says something else, both values are
told with their places and the first one stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from llmkg.curate.identity import agrees, folded_title, identifiers, may_be_one
from llmkg.curate.known import Known
from llmkg.curate.record import FIELDS, Broken, Place, Record
from llmkg.errors import InputError

__all__ = ["Conflict", "Entry", "Gain", "Plan", "make_plan"]

_MOST_BROKEN = 100_000  # entries; with so many the file is something else


@dataclass(frozen=True, slots=True)
class Gain:
    """A field of which nothing was known, and what an entry says of it."""

    field: str
    value: object
    place: Place
    lang: str = ""  # of a title


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two values of a field of one publication; ``field`` is ``identity`` where two publications fit one entry."""

    entry: Entry
    field: str
    kept: object
    refused: object
    place: Place
    kept_place: Place | None = None


@dataclass(eq=False, slots=True)
class Entry:
    """One publication of the outcome: a known one (then with ``known``) or a new one.

    ``record`` has all its values; ``gains`` is what came to a known one; ``places`` are those of the
    entries that speak of it. ``iri`` and ``file`` are empty until ``outcome.place_all`` has given them.
    """

    record: Record
    known: Known | None = None
    iri: str = ""
    file: str = ""
    gains: list[Gain] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def sources(self) -> list[str]:
        """The files that something of it is from, as given."""
        gained = [gain.place.file for gain in self.gains]
        return list(dict.fromkeys(gained if self.known else [self.record.place.file, *gained]))

    def place_of(self, name: str) -> Place | None:
        """Return the entry that the value of a field is from; None when it is from the graph."""
        gained = next((gain.place for gain in self.gains if gain.field == name), None)
        return gained or (None if self.known else self.record.place)


@dataclass
class Plan:
    """The outcome; each list in the order of the files."""

    added: list[Entry] = field(default_factory=list)
    merged: list[Entry] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing was broken or in conflict."""
        return not self.broken and not self.conflicts


def make_plan(known: Iterable[Known], items: Iterable[Record | Broken]) -> Plan:
    """Return what importing ``items`` into a graph with ``known`` publications would do."""
    index = _Index()
    for one in known:
        index.add(Entry(one.record, one, one.term.value))
    plan = Plan()
    touched: dict[int, Entry] = {}
    for item in items:
        if isinstance(item, Broken):
            plan.broken.append(item)
            if len(plan.broken) > _MOST_BROKEN:
                raise InputError(
                    f"{item.place}: the {_MOST_BROKEN:,}th broken entry. Give the format that the file is in."
                )
            continue
        found = index.find(item)
        if len(found) > 1:
            plan.conflicts.append(Conflict(found[0], "identity", found[0], found[1], item.place))
            continue
        entry = found[0] if found else Entry(item)
        entry.places.append(item.place)
        touched.setdefault(id(entry), entry)
        if found:
            plan.conflicts += _merge(entry, item)
        index.add(entry)
    for entry in touched.values():
        (plan.added if not entry.known else plan.merged if entry.gains else plan.unchanged).append(entry)
    return plan


def _merge(entry: Entry, record: Record) -> Iterator[Conflict]:
    """Take over what ``entry`` does not have yet; yield what differs."""
    before = entry.record
    for name in FIELDS:
        new, old = getattr(record, name), getattr(before, name)
        if not new or _is_said_otherwise(name, record, before):
            continue
        if not old and not (name == "more_authors" and before.authors):
            entry.record = entry.record._replace(**{name: new})
            entry.gains.append(Gain(name, new, record.place, record.lang if name == "title" else ""))
        elif name == "title" and record.lang not in _languages(entry):
            entry.gains.append(Gain(name, new, record.place, record.lang))
        elif not _agrees_with_any(entry, name, new, record):
            yield Conflict(entry, name, old, new, record.place, entry.place_of(name))


def _languages(entry: Entry) -> set[str]:
    """Return the languages that an entry has a title in."""
    known = entry.known.values.get("title", ()) if entry.known else ()
    gained = {gain.lang for gain in entry.gains if gain.field == "title"}
    return {entry.record.lang, *(title.language or "" for title in known), *gained}


def _agrees_with_any(entry: Entry, name: str, value: object, record: Record) -> bool:
    """Tell whether a value is that of the entry, or another that the graph has: a title in the other language."""
    others = (
        [*entry.known.values.get(name, ()), *(entry.known.titles if name == "title" else ())] if entry.known else ()
    )
    return agrees(name, getattr(entry.record, name), value, entry.record, record) or any(
        agrees(name, other.value, value, entry.record, record) for other in others
    )


def _is_said_otherwise(name: str, record: Record, known: Record) -> bool:
    """Tell whether an address only repeats an identifier, or the DOI the arXiv id, of a known publication."""
    if name == "doi":
        return set(identifiers(record._replace(arxiv=""))) <= set(identifiers(known))
    if name == "url":
        return any(one in record.url.lower() for one in (*identifiers(known), known.arxiv.lower()) if one)
    return False


class _Index:
    """Entries by what identifies them."""

    def __init__(self) -> None:
        self._by_identifier: dict[str, Entry] = {}
        self._by_title: dict[str, list[Entry]] = defaultdict(list)

    def add(self, entry: Entry) -> None:
        for name in identifiers(entry.record):
            self._by_identifier.setdefault(name, entry)
        titles = {folded_title(entry.record.title)}
        if entry.known:
            known = (*entry.known.values.get("title", ()), *entry.known.titles)
            titles.update(folded_title(title.value) for title in known)
        for title in filter(None, titles):
            alike = self._by_title[title]
            if entry not in alike:
                alike.append(entry)

    def find(self, record: Record) -> list[Entry]:
        """Return the entries that ``record`` is of: none, one, or more when its identifiers disagree."""
        by_name = [self._by_identifier[name] for name in identifiers(record) if name in self._by_identifier]
        if by_name:
            return list(dict.fromkeys(by_name))
        alike = self._by_title.get(folded_title(record.title), ())
        return [entry for entry in alike if may_be_one(entry.record, record)][:1]
