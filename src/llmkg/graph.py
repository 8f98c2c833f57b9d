"""``KnowledgeGraph``: open a pack, ask it, look things up, check it, export it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from llmkg.engine import EmbeddedEngine, Result
from llmkg.errors import InputError, QueryError, UsageError, did_you_mean, shown
from llmkg.lexicon import Lexicon
from llmkg.pack import Pack
from llmkg.parameters import Binder, Value, Values
from llmkg.savedquery import Bound, SavedQuery
from llmkg.snapshot import ASSERTED, INFERRED, NAMES, Snapshot, default_cache, kept_beside, open_snapshot
from llmkg.terms import OWL, RDF, Term, curie

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import rdflib

    from llmkg.answers import Description, Explanation, Place, SourcedClaim, Statistics
    from llmkg.ask import Answer, Reader, Understanding
    from llmkg.export import Selection
    from llmkg.names import Names
    from llmkg.positions import Positions
    from llmkg.reason.prove import Prover
    from llmkg.reason.rules import Fact
    from llmkg.search import Hit
    from llmkg.validate import Finding, Progress, Report

__all__ = ["LANGUAGES", "PARTS", "KnowledgeGraph"]

LANGUAGES = ("en", "zh")
PARTS = ("all", "asserted", "inferred", "ontology", "data")
_KEPT_TEXTS = 512  # texts of saved queries with their values put in


class KnowledgeGraph:
    """A pack, read and closed under its ontology.

    Open one with ``KnowledgeGraph.open()`` and ask it:
    ``kg.query("challenges-addressed", mitigation="RAG").to_dicts()``.
    """

    def __init__(self, pack: Pack, cache: str | None = None) -> None:
        """Take a pack, and the folder that keeps its snapshot; None keeps it in memory."""
        self.pack = pack
        self._cache = cache
        self._texts: dict[tuple[object, ...], str] = {}

    @classmethod
    def open(
        cls, root: str | os.PathLike[str] | None = None, *, cache: str | os.PathLike[str] | bool = True
    ) -> KnowledgeGraph:
        """Open the pack at ``root``, or the one that ships with llmkg.

        ``cache`` is the folder for the snapshot of the closed graph, True for the user's own cache
        folder, False for none. Raises InputError when the folder is no pack. Files are read when
        first needed.
        """
        folder = (default_cache() if cache else None) if isinstance(cache, bool) else os.fspath(cache)
        return cls(Pack.open(root), folder)

    # -- asking ---------------------------------------------------------------------------

    @property
    def queries(self) -> Mapping[str, SavedQuery]:
        """The saved queries by name."""
        return self._snapshot.queries

    def saved_query(self, name: str) -> SavedQuery:
        """Return one saved query; raises UsageError with the nearest names."""
        if name not in self.queries:
            near = did_you_mean(name, self.queries) or " 'llmkg queries' lists them."
            raise UsageError(f"no saved query '{shown(name)}'.{near}")
        return self.queries[name]

    def query(
        self, name: str, /, *, lang: str = "en", asserted: bool = False, **values: Value | Iterable[Value]
    ) -> Result:
        """Run the saved query ``name``; ``values`` are CURIEs, IRIs, labels or plain values.

        A list may be an iterable of them. Labels come out in ``lang``; with ``asserted`` only what files say is asked. Raises
        UsageError for an unknown query, parameter, term or language.
        """
        query = self.saved_query(name)
        return self._answer(query, self._text(query, values, lang), asserted=asserted)

    def run(self, query: SavedQuery, bound: Bound, *, asserted: bool = False) -> Result:
        """Run a saved query with the terms that ``bind`` gave; raises InputError when its file is wrong."""
        return self._answer(query, query.bind(bound), asserted=asserted)

    def serialize(self, query: SavedQuery, bound: Bound, result_format: str, *, asserted: bool = False) -> bytes:
        """Run a saved query as ``run`` does and return its rows in one of ``engine.RESULT_FORMATS``."""
        asserted = asserted or query.entailment == "asserted"
        try:
            return self.engine.serialize(query.bind(bound), result_format, asserted=asserted)
        except QueryError as error:
            raise _blamed(query, error) from error

    def bound_text(self, query: SavedQuery, values: Values, lang: str = "en") -> str:
        """Return the SPARQL text of ``query`` with ``values`` and the language put in."""
        return query.bind(self.bind(query, values, lang))

    def bind(self, query: SavedQuery, values: Values, lang: str = "en") -> Bound:
        """Return the RDF term for each given or defaulted parameter of ``query``, a tuple for a list."""
        if lang not in LANGUAGES:
            raise UsageError(f"no language '{lang}'. Use {' or '.join(LANGUAGES)}.")
        return self.binder.bind(query, values, lang)

    def ask(self, question: str, *, lang: str | None = None) -> Answer:
        """Answer a question in English or Chinese with the saved query that fits it.

        Labels come out in the language of the question unless ``lang`` is given. Where nothing fits,
        ``result`` is None and ``understanding.others`` has the nearest. Raises UsageError for a
        question that is empty or too long.
        """
        from llmkg.ask import Answer  # noqa: PLC0415  (a saved query needs none of these)

        understood = self.understand(question, lang=lang)
        reading = understood.reading
        if reading is None:
            return Answer(understood, None)
        query = self.saved_query(reading.query)
        return Answer(understood, self.run(query, self.bind(query, reading.values, understood.language)))

    def understand(self, question: str, *, lang: str | None = None) -> Understanding:
        """Return which saved query, with which values, a question means; raises UsageError as ``ask`` does."""
        return self._reader.understand(question, lang)

    def sparql(self, text: str, *, asserted: bool = False, allow_service: bool = False) -> Result:
        """Run any SPARQL 1.1 query over the closure; the prefixes of the pack are known.

        SERVICE, which sends a part of the query to another machine, is refused unless ``allow_service``.
        """
        return self.engine.query(text, asserted=asserted, allow_service=allow_service)

    # -- looking up -----------------------------------------------------------------------

    def find(self, words: str, limit: int = 20, *, kind: str | None = None) -> list[Hit]:
        """Return up to ``limit`` things whose names fit ``words`` in any language, best first.

        ``kind`` names a class: only its individuals are looked for. Raises UsageError for an unknown one.
        """
        from llmkg.search import search  # noqa: PLC0415  (a query needs none of these)

        classes = () if kind is None else (self.lexicon.resolve(kind, [OWL.Class]).value,)
        return search(self._names, words, limit, classes)

    def describe(self, name: str) -> Description:
        """Return everything about the thing called ``name``: a CURIE, an IRI or a label."""
        from llmkg.things import describe  # noqa: PLC0415  (a query needs none of these)

        term = self.lexicon.resolve(name)
        return describe(self._snapshot.store, self.lexicon, term, self.claims_about(term))

    def claims_about(self, term: Term) -> tuple[SourcedClaim, ...]:
        """Return the claims that have ``term`` as subject or object."""
        from llmkg.claims import claims_about  # noqa: PLC0415  (a query needs none of these)

        return claims_about(self._snapshot.store, term)

    def claims_between(self, terms: Iterable[Term]) -> tuple[SourcedClaim, ...]:
        """Return the claims whose subject and object are both among ``terms``."""
        from llmkg.claims import claims_between  # noqa: PLC0415  (a query needs none of these)

        return claims_between(self._snapshot.store, terms)

    def label(self, term: Term, lang: str = "en") -> str:
        """Return the label of ``term`` in ``lang``, or its CURIE, or its text."""
        return self.lexicon.label(term, lang) or self.short(term)

    def list_triples(self, head: Term) -> list[Triple]:
        """Return the triples of an RDF list in order; what is broken ends it."""
        cells: list[Triple] = []
        while (first := next(self._match(head, RDF.first, None), None)) is not None and first not in cells:
            rest = next(self._match(head, RDF.rest, None), None)
            if rest is None:
                break
            cells += [first, rest]
            head = rest.object
        return cells

    def short(self, term: Term) -> str:
        """Return ``term`` for a person: a CURIE where there is one, else its text."""
        if isinstance(term, NamedNode):
            return curie(term.value, self.prefixes) or term.value
        return term.value if isinstance(term, Literal) else str(term)

    # -- checking, counting, exporting ------------------------------------------------------

    def validate(self, files: Iterable[str | os.PathLike[str]] = (), *, engine: str = "llmkg") -> list[Finding]:
        """Return what is wrong with the pack, or with some files of it; an empty list is success.

        A file outside the pack is checked as further data. ``engine`` runs the shapes: ``llmkg``, or
        ``pyshacl``, the reference. Raises InputError when the shapes are not well-formed SHACL.
        """
        return list(self.validation(files, engine=engine).findings)

    def validation(
        self, files: Iterable[str | os.PathLike[str]] = (), *, engine: str = "llmkg", progress: Progress | None = None
    ) -> Report:
        """Return the findings of ``validate`` with how much was checked; ``progress`` is told how far it has come."""
        from llmkg.validate.kept import report  # noqa: PLC0415  (a query needs none of these)

        silent = progress or (lambda _what, _done, _of: None)
        return report(self.pack, self._cache, [os.fspath(file) for file in files], engine, silent)

    def statistics(self) -> Statistics:
        """Count files, triples and the individuals of each class that the ontology declares."""
        from llmkg.answers import Statistics  # noqa: PLC0415  (a query needs none of these)

        declared = {t.subject for t in self.triples("ontology") if t.predicate == RDF.type and t.object == OWL.Class}
        counts = Counter(t.object for t in self._match(None, RDF.type, None) if t.object in declared)
        return Statistics(
            files=len(self._snapshot.files),
            asserted=sum(1 for _ in self._graph(ASSERTED)),
            inferred=sum(1 for _ in self._graph(INFERRED)),
            classes=dict(
                sorted(((c, n) for c, n in counts.items() if isinstance(c, NamedNode)), key=lambda i: i[0].value)
            ),
        )

    def triples(self, part: str = "all") -> tuple[Triple, ...]:
        """Return the triples of one of ``PARTS``, each once; sort before writing."""
        _check_part(part)
        whole: dict[str, NamedNode | DefaultGraph] = {"all": DefaultGraph(), "asserted": ASSERTED, "inferred": INFERRED}
        if part in whole:
            return tuple(self._graph(whole[part]))
        graphs = dict.fromkeys(file.graph for file in self._snapshot.files if file.part == part)
        return tuple({triple: None for graph in graphs for triple in self._graph(NamedNode(graph))})

    def export(self, export_format: str = "turtle", part: str = "all") -> str:
        """Return one of ``PARTS`` in one of the export formats that are text, the same bytes on every run."""
        from llmkg.export import export_parts  # noqa: PLC0415  (not needed to ask)

        if export_format == "csv":
            raise UsageError("csv is several tables. Give llmkg.export.export_tables what kg.selection() returns.")
        return b"".join(export_parts(self.selection(part), export_format)).decode()

    def selection(self, part: str = "all", *, thing: str | None = None, depth: int = 1) -> Selection:
        """Return what to export: one of ``PARTS``, or of it what is at most ``depth`` links from a thing.

        Raises UsageError for an unknown part or thing.
        """
        from llmkg.export import around, select  # noqa: PLC0415  (not needed to ask)

        _check_part(part)
        selection = select(self.pack, part, lambda: self._graph(INFERRED), INFERRED.value)
        return selection if thing is None else around(selection, str(self.lexicon.resolve(thing)).encode(), depth)

    def to_rdflib(self, part: str = "all") -> rdflib.Graph:
        """Return one of ``PARTS`` as an rdflib graph."""
        from llmkg.interchange import rdflib_graph  # noqa: PLC0415  (slow to import)

        return rdflib_graph(self.triples(part), self.prefixes)

    # -- explaining -------------------------------------------------------------------------

    def why(self, subject: str, predicate: str, obj: str, *, limit: int = 1) -> Explanation:
        """Explain why a triple holds, with up to ``limit`` proofs, or why it does not.

        Terms are CURIEs, IRIs or labels; the object may be a literal as Turtle writes it. Raises
        UsageError for an unknown term.
        """
        from llmkg.answers import Explanation  # noqa: PLC0415  (a query needs none of these)

        fact: Fact = (
            self.lexicon.resolve(subject),
            self.lexicon.resolve_property(predicate),
            self.lexicon.resolve_object(obj),
        )
        proofs = tuple(self.prover.proofs(fact, limit))
        if not proofs and self.prover.holds(fact):
            proofs = tuple(self._prover_about_literals.proofs(fact, limit))
        leaves = {leaf for proof in proofs for leaf in proof.leaves()}
        misses = () if proofs else tuple(self.prover.near_misses(fact))
        leaves |= {present for miss in misses for present in miss.present if self._says(present)}
        status = "asserted" if self._says(fact) else "inferred" if self.prover.holds(fact) else "not entailed"
        return Explanation(
            fact=fact,
            status=status,
            proofs=proofs,
            near_misses=misses,
            places={leaf: self.places(leaf) for leaf in leaves},
            claims={leaf: self._claims_for(leaf) for leaf in leaves},
        )

    def places(self, fact: Fact) -> tuple[Place, ...]:
        """Return where the files state ``fact``."""
        from pathlib import Path  # noqa: PLC0415  (only to explain)

        from llmkg.answers import Place  # noqa: PLC0415  (a query needs none of these)
        from llmkg.positions import Positions  # noqa: PLC0415

        subject, predicate, obj = fact
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
            return ()
        quads = self.engine.store.quads_for_pattern(subject, predicate, obj, None)
        graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
        found = []
        for file in self._snapshot.files:
            if file.graph in graphs:
                if file.name not in self._positions:
                    self._positions[file.name] = Positions(Path(self.pack.path(file.name)), file.name)
                positions = self._positions[file.name]
                line = positions.line(Triple(subject, predicate, obj))
                if line or not positions.has_lines:
                    found.append(Place(file.name, line))
        return tuple(found)

    @cached_property
    def prover(self) -> Prover:
        """What finds proofs over this graph."""
        from llmkg.reason.prove import Prover, StoreFacts  # noqa: PLC0415  (only to explain)

        return Prover(StoreFacts(self.engine.store, ASSERTED))

    @cached_property
    def _prover_about_literals(self) -> Prover:
        """What finds the proofs that need statements about literals: they are inferred anew, as no store keeps them."""
        from llmkg.reason import Closure  # noqa: PLC0415  (very few proofs do)
        from llmkg.reason.prove import FactsAboutLiterals, Prover, StoreFacts  # noqa: PLC0415

        closure = Closure(self.triples("asserted"))
        closure.run()
        return Prover(FactsAboutLiterals(StoreFacts(self.engine.store, ASSERTED), closure.about_literals()))

    @cached_property
    def _positions(self) -> dict[str, Positions]:
        return {}

    def _says(self, fact: Fact) -> bool:
        subject, predicate, obj = fact
        return not isinstance(subject, Literal) and self._is_asserted(Triple(subject, predicate, obj))  # type: ignore[arg-type]

    def _claims_for(self, fact: Fact) -> tuple[SourcedClaim, ...]:
        from llmkg.claims import claims_for  # noqa: PLC0415  (only to explain)

        return claims_for(self._snapshot.store, fact)

    def _answer(self, query: SavedQuery, text: str, *, asserted: bool) -> Result:
        try:
            return self.engine.query(text, asserted=asserted or query.entailment == "asserted")
        except QueryError as error:
            raise _blamed(query, error) from error

    def _text(self, query: SavedQuery, values: Values, lang: str) -> str:
        """Return what ``bound_text`` does, kept for the next time: the graph does not change."""
        if not all(type(value) is str for value in values.values()):
            return self.bound_text(query, values, lang)
        key = (query.name, lang, *values.items())
        text = self._texts.get(key)
        if text is None:
            if len(self._texts) >= _KEPT_TEXTS:
                self._texts.clear()
            text = self._texts[key] = self.bound_text(query, values, lang)
        return text

    # -- parts ----------------------------------------------------------------------------

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that CURIEs may use: the standard ones and the pack's."""
        return self._snapshot.prefixes

    @cached_property
    def engine(self) -> EmbeddedEngine:
        """The SPARQL engine over this graph."""
        return EmbeddedEngine(self._snapshot.store, self._snapshot.graphs, ASSERTED, self.prefixes)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of the things in this graph."""
        return Lexicon(self._snapshot.store, NAMES, self.prefixes)

    @cached_property
    def _names(self) -> Names:
        from llmkg.names import Names, collect  # noqa: PLC0415  (a query needs none of these)

        store, prefixes = self._snapshot.store, self.prefixes
        return Names(kept_beside(self._snapshot, "names", lambda: collect(store, prefixes)))

    @cached_property
    def _reader(self) -> Reader:
        from llmkg.ask import Reader, index_json, read_synonyms  # noqa: PLC0415  (a saved query needs none of these)

        def made() -> dict[str, Any]:
            path = self.pack.synonyms
            synonyms = read_synonyms(path, self.pack.name(path)) if path else []
            return index_json(self.queries.values(), self._names, self.binder.takes, synonyms)

        return Reader(kept_beside(self._snapshot, "ask", made))

    @cached_property
    def binder(self) -> Binder:
        """What reads the values of parameters, and knows which are allowed."""
        return Binder(self._snapshot.store, self.lexicon)

    @cached_property
    def _snapshot(self) -> Snapshot:
        return open_snapshot(self.pack, self._cache)

    def _graph(self, graph: NamedNode | DefaultGraph) -> Iterator[Triple]:
        for quad in self._snapshot.store.quads_for_pattern(None, None, None, graph):
            yield quad.triple

    def _match(self, subject: Term | None, predicate: NamedNode | None, obj: Term | None) -> Iterator[Triple]:
        """Yield the triples of the closure that fit."""
        if not isinstance(subject, Literal):
            for quad in self._snapshot.store.quads_for_pattern(subject, predicate, obj, DefaultGraph()):
                yield quad.triple

    def _is_asserted(self, triple: Triple) -> bool:
        return Quad(triple.subject, triple.predicate, triple.object, ASSERTED) in self._snapshot.store


def _check_part(part: str) -> None:
    if part not in PARTS:
        near = did_you_mean(part, PARTS) or f" Use {', '.join(PARTS)}."
        raise UsageError(f"no part '{part}'.{near}")


def _blamed(query: SavedQuery, error: QueryError) -> InputError:
    """Return what is wrong with a saved query as an error of its file: the lines are the same."""
    text = str(error)
    blamed = InputError(
        f"{query.path}:{text.removeprefix('query:')}" if text.startswith("query:") else f"{query.path}: {text}"
    )
    blamed.excerpt = error.excerpt
    return blamed
