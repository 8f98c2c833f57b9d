"""Read CSV tables of a pack: each row a thing of some class, or a claim with the link that it stands for.

A thing is told by its ``id`` or ``iri``, a publication else by its identifiers or its title and year, a claim by what
it claims and its source, anything else by a label. What the graph does not have is new and gets a name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.cells import cell_values
from llmkg.curate.claimrows import ClaimRows
from llmkg.curate.fields import arxiv_id, doi_name, year_number
from llmkg.curate.holdings import Holdings
from llmkg.curate.inputfile import InputFile
from llmkg.curate.naming import free_name, slug, slug_of
from llmkg.curate.plan import make_plan
from llmkg.curate.record import Broken, Place, Record
from llmkg.curate.tablefile import Row, Table, read_table
from llmkg.curate.tablemodel import Column, TableModel
from llmkg.curate.tableplan import RowFacts
from llmkg.errors import InputError, UsageError, shown
from llmkg.export.tables import OWN_COLUMNS
from llmkg.graph import KnowledgeGraph
from llmkg.lexicon import fold
from llmkg.snapshot import ASSERTED
from llmkg.terms import CLAIM, RDF, RDFS, SKOS, XSD, Term, local_name
from llmkg.validate.values import has_datatype

__all__ = ["read_rows"]


class _Typed(NamedTuple):
    """A row with its classes and the texts of its cells by column."""

    place: Place
    own: dict[str, str]
    classes: tuple[NamedNode, ...]
    values: dict[Column, list[str]]

    @property
    def names(self) -> list[Literal]:
        """The labels that the row gives, and the alternative ones."""
        return [*self.texts(RDFS.label), *self.texts(SKOS.altLabel)]

    def texts(self, predicate: NamedNode) -> list[Literal]:
        """Return the texts of a property that the row gives."""
        return [
            Literal(text, language=column.language) if column.language else Literal(text)
            for column, texts in self.values.items()
            if column.predicate == predicate
            for text in texts
        ]


def read_rows(
    files: Iterable[InputFile], kg: KnowledgeGraph, model: TableModel, holdings: Holdings, kind: NamedNode | None = None
) -> tuple[list[RowFacts], list[Broken]]:
    """Return what the rows of all ``files`` say, and those that cannot be taken.

    ``kind`` is the class of rows that name none. Raises InputError when a file cannot be read or has a
    column that is no property.
    """
    broken: list[Broken] = []
    rows: list[_Typed] = []
    for file in files:
        for row in _typed_rows(read_table(file), model, kind):
            if isinstance(row, Broken):
                broken.append(row)
            else:
                rows.append(row)
    found = _Reading(kg, model, holdings).facts(rows, broken)
    return found, sorted(broken)


def _typed_rows(table: Table, model: TableModel, kind: NamedNode | None) -> Iterator[_Typed | Broken]:
    try:
        columns = {name: model.column(name) for name in table.columns}
    except UsageError as error:
        raise InputError(f"{table.place}: {error}") from error
    if "kinds" not in columns and kind is None:
        raise InputError(f"{table.place}: there is no column 'kinds'. Add it, or say --kind KIND.")
    for row in table.rows:
        yield row if isinstance(row, Broken) else _typed(row, columns, model, kind)


def _typed(row: Row, columns: dict[str, Column | None], model: TableModel, kind: NamedNode | None) -> _Typed | Broken:
    own = {name: " ".join(cell_values(row.cells.get(name, ""))[:1]) for name in OWN_COLUMNS[:2]}
    try:
        classes = tuple(dict.fromkeys(map(model.kind, cell_values(row.cells.get("kinds", "")))))
    except UsageError as error:
        return Broken(row.place, f"kinds: {error}")
    if not classes and kind is None:
        return Broken(row.place, "names no kind. Fill in 'kinds', such as Paper, or say --kind KIND.")
    values = {column: cell_values(row.cells[name]) for name, column in columns.items() if column is not None}
    return _Typed(row.place, own, classes or (kind,) if kind else classes, {c: v for c, v in values.items() if v})


class _Reading:
    """Turns rows into facts; knows what is new in all files."""

    def __init__(self, kg: KnowledgeGraph, model: TableModel, holdings: Holdings) -> None:
        self._kg = kg
        self._store = kg.engine.store
        self._model = model
        self._holdings = holdings
        self._taken = set(holdings.names)
        self._new: dict[NamedNode, list[Literal]] = {}  # new things with their labels
        self._by_name: dict[str, set[NamedNode]] = defaultdict(set)
        self._resolved: dict[tuple[str, tuple[NamedNode, ...]], NamedNode] = {}
        self._claims = ClaimRows(kg, model.languages, self._new)

    def facts(self, rows: list[_Typed], broken: list[Broken]) -> list[RowFacts]:
        """Return the facts of each row that can be taken; tell the others among ``broken``."""
        things = [row for row in rows if CLAIM.Claim not in row.classes]
        subjects = self._publications(things, broken)
        refused = {one.place for one in broken}
        for row in rows:
            if row.place not in subjects and row.place not in refused:
                try:
                    if CLAIM.Claim not in row.classes:
                        subjects[row.place] = self._subject(row)
                    elif (stated := self._stated(row)) is not None:
                        self._remember(stated, [])  # another claim may lead to it
                except UsageError as error:
                    broken.append(Broken(row.place, str(error)))
        refused = {one.place for one in broken}
        found = []
        for row in rows:
            if row.place not in refused:
                try:
                    found.append(self._facts(row, subjects.get(row.place)))
                except UsageError as error:
                    broken.append(Broken(row.place, str(error)))
        return without_dangling(found, broken, set(self._new))

    # -- which thing a row is about ---------------------------------------------------------------

    def _stated(self, row: _Typed) -> NamedNode | None:
        """Return the thing that a row names by CURIE or IRI."""
        terms = []
        for text in filter(None, row.own.values()):
            term = self._kg.lexicon.written(text)
            if term is None:
                raise UsageError(
                    f"'{shown(text)}' is no IRI and no CURIE with a known prefix. Mend the id, or leave it out."
                )
            terms.append(term)
        if len(set(terms)) > 1:
            raise UsageError("'id' and 'iri' name two things. Take one out.")
        return terms[0] if terms else None

    def _subject(self, row: _Typed) -> NamedNode:
        """Return the thing that a row is about; a new one is named and remembered."""
        labels = row.texts(RDFS.label)
        subject = self._stated(row) or self._called(row, labels)
        if subject is None:
            name = slug(next((text.value for text in labels if text.language in {None, "en"}), ""))
            if not name:
                raise UsageError("has neither an id nor an English label to be named after. Give it one of them.")
            subject = self._free(self._model.broadest(row.classes), name)
        self._remember(subject, row.names)
        return subject

    def _called(self, row: _Typed, labels: list[Literal]) -> NamedNode | None:
        """Return the thing that has one of the labels of a row: of an earlier row, or of the class in the graph."""
        for label in labels:
            found = sorted(self._by_name.get(fold(label.value), ()), key=str)
            found = found or self._kg.lexicon.named(label.value, row.classes)
            if len(found) > 1:
                listed = ", ".join(map(self._kg.short, found))
                raise UsageError(f"'{shown(label.value)}' names several things: {listed}. Give an id.")
            if found:
                return found[0]
        return None

    def _publications(self, rows: list[_Typed], broken: list[Broken]) -> dict[Place, NamedNode]:
        """Return the publications of rows by identifiers or title: known ones, or newly named."""
        records, stated, names = [], {}, {}
        for row in rows:
            if CLAIM.Paper in row.classes:
                names[row.place] = row.names
                try:
                    stated[row.place] = self._stated(row)
                    if stated[row.place] is None or self._is_new(stated[row.place]):
                        records.append(_record(row))
                except (UsageError, ValueError) as error:
                    broken.append(Broken(row.place, str(error).rstrip(".") + "."))
        plan = make_plan(self._holdings.known, records)
        found: dict[Place, NamedNode] = {}
        for entry in (*plan.merged, *plan.unchanged, *plan.added):
            given = [stated[place] for place in entry.places if stated[place] is not None]
            term = NamedNode(entry.iri) if entry.known else next(iter(given), None)
            term = term or self._free(CLAIM.Paper, slug_of(entry.record))
            for place in entry.places:
                if entry.known and stated[place] is not None:
                    text = f"is {self._kg.short(term)}, which the graph has. Give that id, or none."
                    broken.append(Broken(place, text))
                found[place] = stated[place] or term
                self._remember(found[place], names[place])
        identity = (conflict for conflict in plan.conflicts if conflict.field == "identity")
        text = "its identifiers are those of two papers. Mend them, or give an id."
        broken += [Broken(conflict.place, text) for conflict in identity]
        return found

    def _free(self, cls: NamedNode, name: str) -> NamedNode:
        """Return a new IRI in the namespace of a class."""
        namespace = self._holdings.namespace(cls)
        return NamedNode(namespace + free_name(name, _Within(namespace, self._taken)))

    def _is_new(self, term: NamedNode | None) -> bool:
        """Tell whether no file says of what class a thing is; that a link leads to it is not enough."""
        return next(self._store.quads_for_pattern(term, RDF.type, None, ASSERTED), None) is None

    def _remember(self, subject: NamedNode, names: list[Literal]) -> None:
        if self._is_new(subject):
            self._taken.add(subject.value)
            self._new.setdefault(subject, []).extend(names)
            for name in names:
                self._by_name[fold(name.value)].add(subject)

    # -- what a row says ----------------------------------------------------------------------------

    def _facts(self, row: _Typed, subject: NamedNode | None) -> RowFacts:
        claimed = self._claimed(row)
        objects = [
            (column, self._object(column, text, claimed)) for column, texts in row.values.items() for text in texts
        ]
        links: list[Triple] = []
        labels: list[Literal] = []
        if subject is None:
            said: dict[NamedNode, list[Term]] = defaultdict(list)
            for column, obj in objects:
                said[column.predicate].append(obj)
            subject = self._stated(row) or self._claims.known(said)
            subject = subject or self._free(CLAIM.Claim, self._claims.name(said))
            labels = self._claims.labels(said) if self._is_new(subject) else []
            links = self._claims.links(said)
            self._remember(subject, [])
        facts = [Triple(subject, RDF.type, cls) for cls in row.classes]
        for column, obj in objects:
            if column.backwards:
                assert isinstance(obj, NamedNode)
                facts.append(Triple(obj, column.predicate, subject))
            else:
                facts.append(Triple(subject, column.predicate, obj))
        facts += [Triple(subject, RDFS.label, label) for label in labels]
        return RowFacts(row.place, subject, subject in self._new, tuple(dict.fromkeys(facts)), tuple(links))

    def _claimed(self, row: _Typed) -> NamedNode | None:
        """Return the property that the claim of a row is about."""
        for column, texts in row.values.items():
            if column.predicate == CLAIM.claimProperty:
                try:
                    return self._kg.lexicon.resolve_property(texts[0])
                except UsageError as error:
                    raise UsageError(f"{column.name}: {error}") from error
        return None

    def _object(self, column: Column, text: str, claimed: NamedNode | None) -> NamedNode | Literal:
        """Return the term that a value is; raises UsageError with the column."""
        try:
            if column.predicate == CLAIM.claimProperty:
                return self._kg.lexicon.resolve_property(text)
            if column.is_link:
                return self._linked(text, self._classes(column, claimed))
            if column.language:
                return Literal(text, language=column.language)
            datatypes = self._model.range_of(claimed) if claimed and column.predicate == CLAIM.claimValue else []
            return _literal(text, column.datatype or next(iter(datatypes), XSD.string))
        except UsageError as error:
            raise UsageError(f"{column.name}: {error}") from error

    def _classes(self, column: Column, claimed: NamedNode | None) -> tuple[NamedNode, ...]:
        """Return the classes that a link may lead to: the end of a claim that of the property that it is about."""
        if claimed and column.predicate == CLAIM.claimSubject:
            return tuple(self._model.domain_of(claimed))
        if claimed and column.predicate == CLAIM.claimObject:
            return tuple(self._model.range_of(claimed))
        return column.classes

    def _linked(self, text: str, classes: tuple[NamedNode, ...]) -> NamedNode:
        """Return the thing that a value names: a new one of these files, or one of the graph."""
        if (text, classes) not in self._resolved:
            written = self._kg.lexicon.written(text)
            new = {written} & self._new.keys() if written else self._by_name.get(fold(text), set())
            if len(new) > 1:
                listed = ", ".join(sorted(map(self._kg.short, new)))
                raise UsageError(f"'{shown(text)}' names several new things: {listed}. Give an id.")
            self._resolved[text, classes] = next(iter(new), None) or self._kg.lexicon.resolve(text, classes)
        return self._resolved[text, classes]


class _Within:
    """The names in a namespace that are taken."""

    def __init__(self, namespace: str, taken: set[str]) -> None:
        self._namespace = namespace
        self._taken = taken

    def __contains__(self, name: object) -> bool:
        return f"{self._namespace}{name}" in self._taken


def without_dangling(rows: list[RowFacts], broken: list[Broken], new: set[NamedNode]) -> list[RowFacts]:
    """Return the rows that lead to no new thing whose own row is not among them; tell the others among ``broken``."""
    while True:
        missing = new - {row.subject for row in rows}
        lost = {
            row.place: term
            for row in rows
            for fact in (*row.facts, *row.links)
            for term in (fact.subject, fact.object)
            if term in missing
        }
        if not lost:
            return rows
        broken += [
            Broken(place, f"needs {term}, whose own row is not taken. Mend that.") for place, term in lost.items()
        ]
        rows = [row for row in rows if row.place not in lost]


def _record(row: _Typed) -> Record:
    """Return what identifies the publication of a row; raises ValueError for what is no identifier."""

    def text(predicate: NamedNode) -> str:
        return next((literal.value for literal in row.texts(predicate)), "")

    titles = sorted(row.texts(RDFS.label), key=lambda title: title.language != "en")
    if not titles:
        raise ValueError("has no label, which is the title of a paper. Add it")
    return Record(
        place=row.place,
        title=titles[0].value,
        lang=titles[0].language or "en",
        authors=tuple(name.strip() for name in text(CLAIM.authorList).split(";") if name.strip()),
        year=year_number(text(CLAIM.year)),
        arxiv=arxiv_id(text(CLAIM.arxivId)),
        doi=doi_name(text(CLAIM.doi)),
    )


def _literal(text: str, datatype: NamedNode) -> Literal:
    if datatype == XSD.boolean:
        text = text.lower()  # as spreadsheets write TRUE
    literal = Literal(text, datatype=datatype)
    if not has_datatype(literal, datatype):
        raise UsageError(f"'{shown(text)}' is no {local_name(datatype.value)}. Mend it, or leave it out.")
    return literal
