"""``KnowledgeGraph``: open a pack, ask it, look things up, check it, export it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.contents import PARTS, Contents, check_part
from llmkg.errors import InputError, Phrase, QueryError, UsageError, did_you_mean, shown
from llmkg.parameters import Value, Values
from llmkg.result import Result
from llmkg.savedquery import Bound, SavedQuery
from llmkg.snapshot import ASSERTED, INFERRED, kept_beside
from llmkg.terms import OWL, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import rdflib

    from llmkg.answers import Description, Explanation, Place, SourcedClaim
    from llmkg.ask import Answer, Reader, Understanding
    from llmkg.bibliography import Work
    from llmkg.export import Selection
    from llmkg.positions import Positions
    from llmkg.reason.prove import Prover
    from llmkg.reason.rules import Fact
    from llmkg.search import Hit
    from llmkg.validate import Finding, Progress, Report

__all__ = ["LANGUAGES", "PARTS", "KnowledgeGraph"]

LANGUAGES = ("en", "zh")
_KEPT_TEXTS = 512  # texts of saved queries with their values put in


class KnowledgeGraph(Contents):
    """A pack, read and closed under its ontology.

    Open one with ``KnowledgeGraph.open()`` and ask it. It is read-only, and each call gives the same
    answer. Every error that a caller can make is an ``llmkg.LlmkgError`` whose message is one line.

    >>> kg.query("systems-in", application="law").to_dicts(labels=True)[0]["system"]
    'Bar Examination (GPT-3.5)'
    """

    @cached_property
    def _texts(self) -> dict[tuple[object, ...], str]:
        return {}

    # -- asking ---------------------------------------------------------------------------

    def saved_query(self, name: str) -> SavedQuery:
        """Return one saved query; raises UsageError with the nearest names.

        >>> kg.saved_query("systems-in").columns[0].name
        'system'
        """
        if name not in self.queries:
            hint = Phrase(" 'llmkg queries' lists them, and 'llmkg ask' takes a question.")
            near = did_you_mean(name, self.queries) or hint
            raise UsageError(Phrase("no saved query '{name}'.{near}", name=shown(name), near=near))
        return self.queries[name]

    def query(
        self, name: str, /, *, lang: str = "en", asserted: bool = False, **values: Value | Iterable[Value]
    ) -> Result:
        """Run the saved query ``name``; ``values`` are CURIEs, IRIs, labels or plain values.

        A parameter that takes a list may be given an iterable of them.
        Labels come out in ``lang``; with ``asserted`` only what files say is asked. Raises
        UsageError for an unknown query, parameter, term or language, InputError when its file is wrong.

        >>> kg.query("compare-mitigations", first="RAG", second="LoRA").variables[0]
        'obstacle'
        """
        query = self.saved_query(name)
        result = self._answer(query, self._text(query, values, lang), asserted=asserted)
        return self._named(result, lang, query)

    def run(self, query: SavedQuery, bound: Bound, *, asserted: bool = False) -> Result:
        """Run a saved query with the terms that ``bind`` gave; raises InputError when its file is wrong.

        >>> law = kg.saved_query("systems-in")
        >>> len(kg.run(law, kg.bind(law, {"application": "法律"}))) > 0
        True
        """
        return self._answer(query, query.bind(bound), asserted=asserted)

    def serialize(self, query: SavedQuery, bound: Bound, result_format: str, *, asserted: bool = False) -> bytes:
        """Run a saved query as ``run`` does and return its rows in one of ``engine.RESULT_FORMATS``.

        >>> kg.serialize(kg.saved_query("datasets-by-year"), {}, "csv").splitlines()[0]
        b'year,datasets,public,known,bytes,largest'
        """
        asserted = asserted or query.entailment == "asserted"
        try:
            return self.engine.serialize(query.bind(bound), result_format, asserted=asserted)
        except QueryError as error:
            raise _blamed(query, error) from error

    def bound_text(self, query: SavedQuery, values: Values, lang: str = "en") -> str:
        """Return the SPARQL text of ``query`` with ``values`` and the language put in.

        Raises UsageError as ``query`` does.

        >>> "application:law" in kg.bound_text(kg.saved_query("systems-in"), {"application": "law"})
        False
        """
        return query.bind(self.bind(query, values, lang))

    def bind(self, query: SavedQuery, values: Values, lang: str = "en") -> Bound:
        """Return the RDF term for each given or defaulted parameter of ``query``, a tuple for a list.

        Raises UsageError for an unknown parameter, term or language.

        >>> kg.bind(kg.saved_query("systems-in"), {"application": "law"})["application"]
        <NamedNode value=https://w3id.org/llmkg/application/law>
        """
        _check_language(lang)
        return self.binder.bind(query, values, lang)

    def ask(self, question: str, *, lang: str | None = None) -> Answer:
        """Answer a question in English or Chinese with the saved query that fits it.

        Labels come out in the language of the question unless ``lang`` is given. Where nothing fits,
        ``result`` is None and ``understanding.others`` has the nearest. Raises UsageError for a
        question that is empty, or longer than 500 characters.

        >>> kg.ask("which challenges does RAG address?").understanding.reading.query
        'challenges-addressed'
        """
        from llmkg.ask import Answer  # noqa: PLC0415  (a saved query needs none of these)

        understood = self.understand(question, lang=lang)
        reading = understood.reading
        if reading is None:
            return Answer(understood, None)
        query = self.saved_query(reading.query)
        result = self.run(query, self.bind(query, reading.values, understood.language))
        return Answer(understood, self._named(result, understood.language, query))

    def understand(self, question: str, *, lang: str | None = None) -> Understanding:
        """Return which saved query, with which values, a question means; raises UsageError as ``ask`` does.

        >>> kg.understand("检索增强能缓解哪些挑战").language
        'zh'
        """
        understood = self._reader.understand(question, lang)
        if (reading := understood.reading) is not None:
            query = self.saved_query(reading.query)
            things = [value for name, value in reading.values.items() if query.parameter(name).type == "iri"]
            self._tell_former_names(question, filter(None, map(self.lexicon.written, things)))
        return understood

    def sparql(self, text: str, *, lang: str = "en", asserted: bool = False, allow_service: bool = False) -> Result:
        """Run any SPARQL 1.1 query over the closure; the prefixes of the pack are known.

        ``lang`` is the language of the names where things are shown by name. SERVICE, which sends a part of
        the query to another machine, is refused unless ``allow_service``. Raises QueryError for what is
        not SPARQL, UsageError for an unknown language, EngineError when the engine fails.

        >>> kg.sparql("ASK { application:law llmkg:faces challenge:outdated-knowledge }").boolean
        True
        """
        _check_language(lang)
        return self._named(self.engine.query(text, asserted=asserted, allow_service=allow_service), lang)

    # -- looking up -----------------------------------------------------------------------

    def find(self, words: str, limit: int = 20, *, kind: str | None = None) -> list[Hit]:
        """Return up to ``limit`` things whose names fit ``words`` in any language, best first.

        ``kind`` names a class: only its individuals are looked for. Raises UsageError for an unknown one.

        >>> kg.short(kg.find("halucinations", kind="challenge")[0].term)
        'challenge:hallucinations'
        """
        from llmkg.search import search  # noqa: PLC0415  (a query needs none of these)

        classes = () if kind is None else (self.lexicon.resolve(kind, [OWL.Class]).value,)
        return search(self._names, words, limit, classes)

    def describe(self, name: str) -> Description:
        """Return everything about the thing called ``name``: a CURIE, an IRI or a label.

        Raises UsageError for an unknown name, and for one that several things share.

        >>> kg.short(kg.describe("hallucinations").term)
        'challenge:hallucinations'
        """
        from llmkg.things import describe  # noqa: PLC0415  (a query needs none of these)

        term = self.lexicon.resolve(name)
        return describe(self._snapshot.store, self.lexicon, term, self.claims_about(term))

    def claims_about(self, term: Term) -> tuple[SourcedClaim, ...]:
        """Return the claims that have ``term`` as subject or object.

        >>> len(kg.claims_about(kg.lexicon.resolve("RAG"))) > 0
        True
        """
        from llmkg.claims import claims_about  # noqa: PLC0415  (a query needs none of these)

        return claims_about(self._snapshot.store, term)

    def claims_between(self, terms: Iterable[Term]) -> tuple[SourcedClaim, ...]:
        """Return the claims whose subject and object are both among ``terms``.

        >>> pair = map(kg.lexicon.resolve, ["retrieval augmentation", "hallucinations"])
        >>> {kg.short(claim.source) for claim in kg.claims_between(pair)}
        {'source:kaddour-2023'}
        """
        from llmkg.claims import claims_between  # noqa: PLC0415  (a query needs none of these)

        return claims_between(self._snapshot.store, terms)

    # -- checking, counting, exporting ------------------------------------------------------

    def validate(self, files: Iterable[str | os.PathLike[str]] = (), *, engine: str = "llmkg") -> list[Finding]:
        """Return what is wrong with the pack, or with some files of it; an empty list is success.

        A file outside the pack is checked as further data. ``engine`` runs the shapes: ``llmkg``, or
        ``pyshacl``, the reference. Raises InputError when the shapes are not well-formed SHACL.

        >>> kg.validate()  # doctest: +SKIP
        []
        """
        return list(self.validation(files, engine=engine).findings)

    def validation(
        self, files: Iterable[str | os.PathLike[str]] = (), *, engine: str = "llmkg", progress: Progress | None = None
    ) -> Report:
        """Return the findings of ``validate`` with how much was checked; ``progress`` is told how far it has come.

        >>> kg.validation().findings  # doctest: +SKIP
        []
        """
        from llmkg.validate.kept import report  # noqa: PLC0415  (a query needs none of these)

        silent = progress or (lambda _what, _done, _of: None)
        return report(self.pack, self._cache, [os.fspath(file) for file in files], engine, silent)

    def export(self, export_format: str = "turtle", part: str = "all") -> str:
        """Return one of ``PARTS`` in one of the export formats that are text, the same bytes on every run.

        ``bibtex`` and ``csl`` have the publications in it. Raises UsageError for an unknown part or format.

        >>> kg.export("nt", part="ontology").isascii()
        False
        """
        from llmkg.bibliography import BIBLIOGRAPHIES, bibliography_parts  # noqa: PLC0415  (not needed to ask)
        from llmkg.export import export_parts  # noqa: PLC0415

        if export_format in BIBLIOGRAPHIES:
            return b"".join(bibliography_parts(self.engine.store, self.works(part), export_format)).decode()
        if export_format == "csv":
            raise UsageError("csv is several tables. Give llmkg.export.export_tables what kg.selection() returns.")
        return b"".join(export_parts(self.selection(part), export_format)).decode()

    def works(self, part: str = "all", *, thing: str | None = None, depth: int = 1) -> list[Work]:
        """Return the publications in one of ``PARTS``, or of it around a thing, each by its BibTeX key, sorted.

        Raises UsageError for an unknown part or thing.

        >>> [key for key, _ in kg.works("asserted", thing="LoRA")]
        ['hu-2021-lora']
        """
        from llmkg.bibliography import works  # noqa: PLC0415  (not needed to ask)
        from llmkg.export import mentioned  # noqa: PLC0415

        among = None if thing is None else mentioned(self.selection(part, thing=thing, depth=depth))
        return works(self.engine.store, self._graphs_of(part), among)

    def selection(self, part: str = "all", *, thing: str | None = None, depth: int = 1) -> Selection:
        """Return what to export: one of ``PARTS``, or of it what is at most ``depth`` links from a thing.

        Raises UsageError for an unknown part or thing.

        >>> type(kg.selection("asserted", thing="RAG")).__name__
        'Selection'
        """
        from llmkg.export import around, select  # noqa: PLC0415  (not needed to ask)

        check_part(part)
        selection = select(self.pack, part, lambda: self._graph(INFERRED), INFERRED.value)
        return selection if thing is None else around(selection, str(self.lexicon.resolve(thing)).encode(), depth)

    def to_rdflib(self, part: str = "all") -> rdflib.Graph:
        """Return one of ``PARTS`` as an rdflib graph.

        Raises UsageError for an unknown part.

        >>> len(kg.to_rdflib(part="ontology")) > 1000
        True
        """
        from llmkg.interchange import rdflib_graph  # noqa: PLC0415  (slow to import)

        return rdflib_graph(self.triples(part), self.prefixes)

    # -- explaining -------------------------------------------------------------------------

    def why(self, subject: str, predicate: str, obj: str, *, limit: int = 1) -> Explanation:
        """Explain why a triple holds, with up to ``limit`` proofs, or why it does not.

        Terms are CURIEs, IRIs or labels; the object may be a literal as Turtle writes it. Raises
        UsageError for an unknown term.

        >>> kg.why("law", "faces", "outdated knowledge").status
        'inferred'
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
        """Return where the files state ``fact``.

        >>> why = kg.why("LoRA", "addresses", "challenge:storing-and-loading-copies")
        >>> why.places[why.fact][0].file
        'data/mitigations.ttl'
        """
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
        """What finds proofs over this graph.

        >>> kg.prover.holds(kg.why("law", "faces", "outdated knowledge").fact)
        True
        """
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

    def _named(self, result: Result, lang: str, query: SavedQuery | None = None) -> Result:
        """Return ``result``, which now knows what its things and columns are called in ``lang``."""
        from llmkg.grid import NamedLayout  # noqa: PLC0415  (not when the command line asks for data)

        result.layout = NamedLayout(self, lang, () if query is None else query.columns)
        return result

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

    @cached_property
    def _reader(self) -> Reader:
        from llmkg.ask import Reader, index_json, read_synonyms  # noqa: PLC0415  (a saved query needs none of these)

        def made() -> dict[str, Any]:
            path = self.pack.synonyms
            synonyms = read_synonyms(path, self.pack.name(path)) if path else []
            return index_json(self.queries.values(), self._names, self.binder.takes, synonyms)

        return Reader(kept_beside(self._snapshot, "ask", made))


def _check_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise UsageError(f"no language '{shown(lang)}'. Use {' or '.join(LANGUAGES)}.")


def _blamed(query: SavedQuery, error: QueryError) -> InputError:
    """Return what is wrong with a saved query as an error of its file: the lines are the same."""
    text = str(error)
    blamed = InputError(
        f"{query.path}:{text.removeprefix('query:')}" if text.startswith("query:") else f"{query.path}: {text}"
    )
    blamed.excerpt = error.excerpt
    return blamed
