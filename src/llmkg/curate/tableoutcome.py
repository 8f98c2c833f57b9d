"""From the rows of tables to the changes of files: a check against the shapes, the file of each thing, provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.curate import provenance
from llmkg.curate.changes import Changes
from llmkg.curate.claimrows import Names, work_name
from llmkg.curate.holdings import Holdings, read_holdings
from llmkg.curate.inputfile import InputFile
from llmkg.curate.outcome import year_file, year_titles
from llmkg.curate.provenance import Import
from llmkg.curate.record import Broken
from llmkg.curate.tablemodel import TableModel
from llmkg.curate.tableplan import Change, RowFacts, TablePlan, plan_facts
from llmkg.curate.tables import read_rows, without_dangling
from llmkg.errors import InputError
from llmkg.graph import KnowledgeGraph
from llmkg.lexicon import loosen
from llmkg.terms import CLAIM, RDF, RDFS, SKOS, XSD, local_name
from llmkg.validate import Data, Finding, check_shapes

__all__ = ["PreparedTables", "prepare_tables"]

_NAMES = (RDFS.label, SKOS.altLabel)


class PreparedTables(NamedTuple):
    """What would be done, the changes of which ``changes.write()`` carries it out, and the prefixes to show it with."""

    plan: TablePlan
    changes: Changes
    prefixes: dict[str, str]


def prepare_tables(
    kg: KnowledgeGraph, files: Sequence[str], time: datetime, agent: str, kind: str | None = None
) -> PreparedTables:
    """Return what importing the tables in ``files`` would do to the pack of ``kg``.

    ``kind`` names the class of rows that name none; ``time`` is in UTC. Raises UsageError for an unknown kind,
    InputError when a file cannot be read or has a column that is no property, or the pack no claim vocabulary.
    """
    model, holdings = TableModel(kg), read_holdings(kg.pack)
    if CLAIM.Import.value not in holdings.names or not holdings.root:
        raise InputError(
            f"{kg.pack.root}: its ontology has no llmkg:Import. Put the claim vocabulary, claims.ttl, into ontology/."
        )
    cls = None if kind is None else model.kind(kind)
    rows, broken = read_rows(map(InputFile, files), kg, model, holdings, cls)
    outcome = _Outcome(kg, model, holdings, time, agent)
    plan = outcome.checked(rows, broken)
    return PreparedTables(plan, outcome.changes(plan), holdings.prefixes)


class _Outcome:
    """What rows come to in one pack."""

    def __init__(self, kg: KnowledgeGraph, model: TableModel, holdings: Holdings, time: datetime, agent: str) -> None:
        self._kg = kg
        self._store = kg.engine.store
        self._model = model
        self._holdings = holdings
        self._time = time
        self._agent = agent
        self._files = {header.graph: name for name, header in holdings.headers.items()}

    def checked(self, rows: list[RowFacts], broken: list[Broken]) -> TablePlan:
        """Return the plan for the rows that break no shape; the others, and what needs them, are told among its broken."""
        new = {row.subject for row in rows if row.is_new}
        while True:
            plan = plan_facts(rows, self._store, self._model)
            wrong = dict(self._wrong(plan))
            if not wrong:
                plan.broken = sorted({*broken})
                return plan
            told = [(row, text) for row in rows for term in _touched(row) for text in wrong.get(term, ())]
            broken += [Broken(row.place, text) for row, text in told]
            refused = {row.place for row, _ in told}
            rows = without_dangling([row for row in rows if row.place not in refused], broken, new)

    def changes(self, plan: TablePlan) -> Changes:
        """Return what a plan changes in the files of the pack; each thing of it gets its file."""
        changes = Changes(self._holdings)
        imports = self._imports(plan)
        names = {
            change.subject: [t.object for t in change.gains if t.predicate in _NAMES and isinstance(t.object, Literal)]
            for change in plan.added
        }
        for change in plan.changes:
            change.file, titles = self._place(change, names)
            changes.start(change.file, titles)
            changes.add(change.file, [*change.gains, *_brought(change, imports)])
            if change.is_new:
                self._give_prefix(self._class(change))
        if imports:
            changes.start(provenance.FILE, provenance.TITLES)
            changes.add(provenance.FILE, [t for one in imports.values() for t in provenance.import_triples(one)])
            self._give_prefix(CLAIM.Import)
            self._holdings.prefixes.setdefault("xsd", str(XSD))
            years = [t.object.value for change in plan.changes for t in change.gains if t.predicate == CLAIM.year]  # type: ignore[union-attr]
            if any(int(year) >= self._time.year for year in years):
                changes.bring_up_to_date(self._time.date().isoformat())
        return changes

    # -- the check -------------------------------------------------------------------------------------

    def _wrong(self, plan: TablePlan) -> Iterator[tuple[NamedNode, list[str]]]:
        """Yield the things of a plan that break a shape which nothing broke before, each with what to do."""
        imports = self._imports(plan)
        facts = [t for change in plan.changes for t in (*change.gains, *_brought(change, imports))]
        facts += [t for one in imports.values() for t in provenance.import_triples(one)]
        things = {change.subject for change in plan.changes}
        found = [finding for finding in self._findings(facts) if finding.subject in things] if facts else []
        texts: dict[NamedNode, list[str]] = {}
        for finding in found:
            if isinstance(finding.subject, NamedNode) and _key(finding) not in self._before:
                said = " ".join(filter(None, [finding.path or finding.rule, finding.value]))
                texts.setdefault(finding.subject, []).append(f"{said}: {finding.remedy() or finding.message()}")
        yield from texts.items()

    @cached_property
    def _before(self) -> set[tuple[str, str, str, str]]:
        """What the graph breaks as it is."""
        return {_key(finding) for finding in self._findings([])}

    def _findings(self, facts: list[Triple]) -> list[Finding]:
        data = Data([*self._kg.triples("asserted"), *facts])
        found = check_shapes(data, self._model.shapes, self._holdings.prefixes)
        return [finding for finding in found if finding.severity == "error"]

    def _imports(self, plan: TablePlan) -> dict[str, Import]:
        """Return an import for each file that something comes from."""
        files = dict.fromkeys(place.file for change in plan.changes for place in change.gains.values())
        namespace = self._holdings.namespace(CLAIM.Import)
        return provenance.name_imports(files, self._time, self._agent, namespace, set(self._holdings.names))

    # -- which file ------------------------------------------------------------------------------------

    def _place(self, change: Change, names: Names) -> tuple[str, dict[str, str]]:
        """Return the file of a thing, and what it is called should it be new."""
        if not change.is_new:
            return min(self._named(self._graphs(change.subject, None))), {}
        source = next((t.object for t in change.gains if t.predicate == CLAIM.claimSource), None)
        if isinstance(source, NamedNode):
            graphs = (q.graph_name for q in self._store.quads_for_pattern(None, CLAIM.claimSource, source, None))
            return self._commonest(graphs) or f"data/claims/{local_name(source.value)}.ttl", self._claims_of(
                source, names
            )
        cls = self._class(change)
        if cls == CLAIM.Paper:
            year = next((t.object.value for t in change.gains if t.predicate == CLAIM.year), None)  # type: ignore[union-attr]
            number = int(year) if year is not None else None
            return year_file(number), year_titles(number)
        titles = {lang: self._kg.label(cls, lang) for lang in self._model.languages}
        return self._commonest(self._graphs(None, cls)) or self._file_called(cls), titles

    def _graphs(self, subject: NamedNode | None, cls: NamedNode | None) -> Iterator[object]:
        """Yield the graphs that give a thing its class, or things that class."""
        return (quad.graph_name for quad in self._store.quads_for_pattern(subject, RDF.type, cls, None))

    def _named(self, graphs: Iterable[object]) -> Counter[str]:
        """Return the files that graphs are of, with how often they come."""
        return Counter(self._files[graph] for graph in graphs if isinstance(graph, NamedNode) and graph in self._files)

    def _commonest(self, graphs: Iterable[object]) -> str:
        """Return the data file that is there most often, empty when none is; one in no folder of its own comes first."""
        named = self._named(graphs).items()
        data = [(name.count("/"), -number, name) for name, number in named if name.startswith("data/")]
        return min(data)[2] if data else ""

    def _file_called(self, cls: NamedNode) -> str:
        """Return the data file that is called like a class, be it there or not."""
        word = loosen(local_name(cls.value))
        stems = {name: name.removeprefix("data/").removesuffix(".ttl") for name in self._holdings.headers}
        fitting = [name for name, stem in stems.items() if name.startswith("data/") and loosen(stem) == word]
        return min(fitting, default=f"data/{local_name(cls.value).lower()}.ttl")

    def _claims_of(self, source: NamedNode, names: Names) -> dict[str, str]:
        """Return what the file for the claims of a source is called."""
        english, chinese = (work_name(self._kg, names, source, lang) for lang in ("en", "zh"))
        return {"en": f"Claims of {english}", "zh": f"{chinese} 的论断"}

    def _class(self, change: Change) -> NamedNode:
        """Return the class that tells where a new thing belongs."""
        classes = [t.object for t in change.gains if t.predicate == RDF.type and isinstance(t.object, NamedNode)]
        return CLAIM.Paper if CLAIM.Paper in classes else self._model.broadest(classes)

    def _give_prefix(self, cls: NamedNode) -> None:
        """Have a prefix for the namespace of the things of a class."""
        namespace = self._holdings.namespace(cls)
        if namespace not in self._holdings.prefixes.values():
            self._holdings.prefixes.setdefault(self._holdings.prefix(cls), namespace)


def _touched(row: RowFacts) -> list[NamedNode]:
    """Return the things that a row says something of."""
    subjects = (fact.subject for fact in (*row.facts, *row.links))
    return list(dict.fromkeys([row.subject, *(s for s in subjects if isinstance(s, NamedNode))]))


def _brought(change: Change, imports: dict[str, Import]) -> Iterator[Triple]:
    """Yield from which import the facts of a thing are."""
    for file in dict.fromkeys(place.file for place in change.gains.values()):
        yield Triple(change.subject, CLAIM.importedIn, imports[file].term)


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.focus, finding.rule, finding.path, finding.value
