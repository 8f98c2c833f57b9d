"""Hold what comes in to the shapes of the pack before anything is written: who breaks one stays out.

The publications are checked some at a time, with the ontology and without the rest of the data: what
one needs from elsewhere is its import.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from llmkg.curate.facts import new_facts
from llmkg.curate.holdings import Holdings
from llmkg.curate.known import PROPERTIES
from llmkg.curate.plan import Entry, Plan
from llmkg.curate.provenance import Import, import_triples
from llmkg.curate.record import Broken
from llmkg.load import read_document
from llmkg.terms import CLAIM, RDF, RDFS, SH, Term, curie
from llmkg.validate import Data, Finding, Shapes, check_shapes

__all__ = ["check_plan"]

_AT_ONCE = 2000


def check_plan(plan: Plan, holdings: Holdings, imports: Mapping[str, Import]) -> None:
    """Take out of ``plan`` what breaks a shape or lies in the future, and tell it among what is broken."""
    pack = holdings.pack
    ontology = [t for path in pack.ontology for t in read_document(Path(path), pack.name(path)).triples]
    shapes = _shapes(holdings, ontology)
    said = [t for one in imports.values() for t in import_triples(one)]
    wrong: dict[int, Broken] = {}
    entries = iter([*plan.added, *plan.merged])
    while some := list(islice(entries, _AT_ONCE)):
        data = Data([*ontology, *said, *(t for entry in some for t in _all_facts(entry, imports))])
        found = check_shapes(data, shapes, holdings.prefixes)
        for entry, finding in _told(some, found, holdings):
            place = entry.places[0]
            text = finding.remedy() or finding.message()
            wrong.setdefault(id(entry), Broken(place, f"{finding.path or finding.rule} {finding.value}: {text}"))
    latest = max((one.time.year for one in imports.values()), default=0)
    for entry in (*plan.added, *plan.merged):
        if (entry.record.year or 0) > latest and (not entry.known or any(g.field == "year" for g in entry.gains)):
            wrong.setdefault(
                id(entry), Broken(entry.places[0], f"the year {entry.record.year} is in the future. Mend it.")
            )
    plan.added = [entry for entry in plan.added if id(entry) not in wrong]
    plan.merged = [entry for entry in plan.merged if id(entry) not in wrong]
    plan.broken = sorted([*plan.broken, *wrong.values()])


def _shapes(holdings: Holdings, ontology: list[Triple]) -> Shapes:
    """Return the shapes of the pack without the targets that no publication or import can be."""
    classes: set[Term] = {CLAIM.Paper, CLAIM.Import}
    while wider := {t.object for t in ontology if t.predicate == RDFS.subClassOf and t.subject in classes} - classes:
        classes |= wider
    pack = holdings.pack
    said: set[Term] = {*PROPERTIES.values(), CLAIM.importedIn, CLAIM.importAgent, CLAIM.importDate, CLAIM.importedFile}
    targets: dict[Term, set[Term]] = {SH.targetClass: classes, SH.targetSubjectsOf: said}
    triples = (t for path in pack.shapes for t in read_document(Path(path), pack.name(path)).triples)
    return Shapes(t for t in triples if t.predicate not in targets or t.object in targets[t.predicate])


def _all_facts(entry: Entry, imports: Mapping[str, Import]) -> Iterator[Triple]:
    if entry.known is not None:
        yield Triple(entry.known.term, RDF.type, CLAIM.Paper)
        for name, values in entry.known.values.items():
            for value in values:
                yield Triple(entry.known.term, PROPERTIES[name], value)
    yield from new_facts(entry, imports)


def _told(entries: list[Entry], found: list[Finding], holdings: Holdings) -> Iterator[tuple[Entry, Finding]]:
    """Yield each entry with what is wrong with it; of a known one only what it gains."""
    by_term = {NamedNode(entry.iri): entry for entry in entries}
    for finding in found:
        entry = by_term.get(finding.subject)  # type: ignore[arg-type]  # any term may be looked up
        if entry is None or finding.severity != "error":
            continue
        gained = {curie(PROPERTIES[gain.field].value, holdings.prefixes) for gain in entry.gains}
        if entry.known is None or finding.path in gained:
            yield entry, finding
