"""``KnowledgeGraph``: open a pack, ask it, look things up, check it, export it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.engine import EmbeddedEngine, Result
from llmkg.errors import UsageError, did_you_mean
from llmkg.export import FORMATS, export_text
from llmkg.lexicon import Hit, Lexicon
from llmkg.load import Dataset, read_pack
from llmkg.pack import Pack
from llmkg.reason import infer
from llmkg.savedquery import SavedQuery, literal_value, read_query
from llmkg.terms import CLAIM, OWL, PREFIXES, RDF, RDFS, SKOS, Term, curie

if TYPE_CHECKING:
    import rdflib

    from llmkg.validate import Finding

__all__ = ["LANGUAGES", "PARTS", "Description", "Fact", "KnowledgeGraph", "SourcedClaim", "Statistics"]

LANGUAGES = ("en", "zh")
PARTS = ("all", "asserted", "inferred", "ontology", "data")


@dataclass(frozen=True)
class Fact:
    """One triple about a thing, and whether a file asserts it."""

    predicate: NamedNode
    term: Term
    asserted: bool


@dataclass(frozen=True)
class SourcedClaim:
    """One claim, with the terms that say where it comes from."""

    claim: NamedNode
    subject: Term
    property: Term
    value: tuple[Term, ...]
    source: Term | None
    sections: tuple[Term, ...]
    basis: Term | None
    stance: Term | None
    papers: tuple[Term, ...]
    notes: tuple[Literal, ...]


@dataclass(frozen=True)
class Description:
    """Everything about one thing: what it says, what is said of it, and the claims."""

    term: NamedNode
    classes: tuple[NamedNode, ...]
    outgoing: tuple[Fact, ...]
    incoming: tuple[Fact, ...]
    claims: tuple[SourcedClaim, ...]


@dataclass(frozen=True)
class Statistics:
    """Counts of a graph: files, triples and individuals per class."""

    files: int
    asserted: int
    inferred: int
    classes: Mapping[NamedNode, int]


class KnowledgeGraph:
    """A pack, read and closed under its ontology.

    >>> kg = KnowledgeGraph.open()  # doctest: +SKIP
    >>> kg.query("challenges-addressed", mitigation="RAG").to_dicts()  # doctest: +SKIP
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    @classmethod
    def open(cls, root: Path | str | None = None) -> KnowledgeGraph:
        """Open the pack at ``root``, or the one that ships with llmkg.

        Raises InputError when the folder is no pack. Files are read when first needed.
        """
        return cls(Pack.open(root))

    # -- asking ---------------------------------------------------------------------------

    @cached_property
    def queries(self) -> Mapping[str, SavedQuery]:
        """The saved queries by name."""
        found = [read_query(path, self.pack.name(path)) for path in self.pack.queries]
        return {query.name: query for query in found}

    def saved_query(self, name: str) -> SavedQuery:
        """Return one saved query; raises UsageError with the nearest names."""
        path = self.pack.root / "queries" / f"{name}.rq"
        if path not in self.pack.queries:
            known = [other.stem for other in self.pack.queries]
            near = did_you_mean(name, known) or " 'llmkg queries' lists them."
            raise UsageError(f"no saved query '{name}'.{near}")
        return read_query(path, self.pack.name(path))

    def query(self, name: str, /, *, lang: str = "en", asserted: bool = False, **values: str) -> Result:
        """Run the saved query ``name``; ``values`` are CURIEs, IRIs, labels or plain values.

        Labels come out in ``lang``; with ``asserted`` only what files say is asked. Raises
        UsageError for an unknown query, parameter, term or language.
        """
        query = self.saved_query(name)
        text = self.bound_text(query, values, lang)
        return self.engine.query(text, asserted=asserted or query.entailment == "asserted")

    def bound_text(self, query: SavedQuery, values: Mapping[str, str], lang: str = "en") -> str:
        """Return the SPARQL text of ``query`` with ``values`` and the language put in."""
        return query.bind(self.bind(query, values, lang))

    def bind(self, query: SavedQuery, values: Mapping[str, str], lang: str = "en") -> dict[str, NamedNode | Literal]:
        """Return the RDF term for each given or defaulted parameter of ``query``."""
        if lang not in LANGUAGES:
            raise UsageError(f"no language '{lang}'. Use {' or '.join(LANGUAGES)}.")
        for name in values:
            query.parameter(name)
        bound: dict[str, NamedNode | Literal] = {"lang": Literal(lang)}
        for parameter in query.parameters:
            text = values.get(parameter.name, parameter.default)
            if text is None:
                if parameter.required:
                    example = f" {parameter.name}='{parameter.example}'" if parameter.example else ""
                    raise UsageError(f"{query.name}: the parameter {parameter.name} is missing. Add, for example,{example}.")
                continue
            if parameter.type == "iri":
                bound[parameter.name] = self.lexicon.resolve(text, self._classes(parameter.classes))
            else:
                bound[parameter.name] = literal_value(parameter, text)
        return bound

    def sparql(self, text: str, *, asserted: bool = False) -> Result:
        """Run any SPARQL 1.1 query over the closure; the prefixes of the pack are known."""
        return self.engine.query(text, asserted=asserted)

    # -- looking up -----------------------------------------------------------------------

    def find(self, words: str, limit: int = 20) -> list[Hit]:
        """Return the things whose names match ``words``, best first."""
        return self.lexicon.search(words, limit)

    def describe(self, name: str) -> Description:
        """Return everything about the thing called ``name``: a CURIE, an IRI or a label."""
        term = self.lexicon.resolve(name)
        store, asserted = self.engine.store(), self._asserted
        outgoing = [Fact(q.predicate, q.object, q.triple in asserted) for q in store.quads_for_pattern(term, None, None)]
        incoming = [Fact(q.predicate, q.subject, q.triple in asserted) for q in store.quads_for_pattern(None, None, term)]
        return Description(
            term=term,
            classes=tuple(sorted(self.lexicon.classes(term), key=lambda c: c.value)),
            outgoing=_sorted_facts(outgoing),
            incoming=_sorted_facts(fact for fact in incoming if not _is_claim_part(fact.predicate)),
            claims=self.claims_about(term),
        )

    def claims_about(self, term: Term) -> tuple[SourcedClaim, ...]:
        """Return the claims that have ``term`` as subject or object."""
        store = self.engine.store()
        found = {
            quad.subject
            for predicate in (CLAIM.claimSubject, CLAIM.claimObject)
            for quad in store.quads_for_pattern(None, predicate, term)
        }
        claims = [self._claim(node) for node in found if isinstance(node, NamedNode)]
        return tuple(sorted(claims, key=lambda claim: claim.claim.value))

    def claims_between(self, terms: Iterable[Term]) -> tuple[SourcedClaim, ...]:
        """Return the claims whose subject and object are both among ``terms``."""
        wanted = set(terms)
        found = {c.claim.value: c for term in wanted for c in self.claims_about(term)}
        both = (c for c in found.values() if c.subject in wanted and any(v in wanted for v in c.value))
        return tuple(sorted(both, key=lambda claim: claim.claim.value))

    def label(self, term: Term, lang: str = "en") -> str:
        """Return the label of ``term`` in ``lang``, or its CURIE, or its text."""
        return self.lexicon.label(term, lang) or self.short(term)

    def short(self, term: Term) -> str:
        """Return ``term`` for a person: a CURIE where there is one, else its text."""
        if isinstance(term, NamedNode):
            return curie(term.value, self.prefixes) or term.value
        return term.value if isinstance(term, Literal) else str(term)

    # -- checking, counting, exporting ------------------------------------------------------

    def validate(self) -> list[Finding]:
        """Check the asserted graph against the shapes of the pack; an empty list is success."""
        from llmkg.validate import check_shapes  # noqa: PLC0415  (pyshacl is heavy)

        return check_shapes(self.to_rdflib(part="asserted"), self.pack.shapes, self.prefixes)

    def statistics(self) -> Statistics:
        """Count files, triples and the individuals of each class that the ontology declares."""
        declared = {t.subject for doc in self._dataset.ontology for t in doc.triples if t.object == OWL.Class}
        types = [t for t in self.triples("all") if t.predicate == RDF.type and t.object in declared]
        counts = Counter(t.object for t in types if isinstance(t.object, NamedNode))
        return Statistics(
            files=len(self._dataset.documents),
            asserted=len(self._asserted),
            inferred=len(self._inferred),
            classes=dict(sorted(counts.items(), key=lambda item: item[0].value)),
        )

    def triples(self, part: str = "all") -> tuple[Triple, ...]:
        """Return the triples of one of ``PARTS``; the order is that of the files."""
        if part not in PARTS:
            near = did_you_mean(part, PARTS) or f" Use {', '.join(PARTS)}."
            raise UsageError(f"no part '{part}'.{near}")
        documents = {"ontology": self._dataset.ontology, "data": self._dataset.data}
        if part in documents:
            return tuple(triple for document in documents[part] for triple in document.triples)
        asserted = tuple(self._dataset.triples()) if part != "inferred" else ()
        return asserted + (self._inferred if part != "asserted" else ())

    def export(self, export_format: str = "turtle", part: str = "all") -> str:
        """Return one of ``PARTS`` in one of the export formats, the same bytes on every run."""
        if export_format not in FORMATS:
            near = did_you_mean(export_format, FORMATS) or f" Use {', '.join(FORMATS)}."
            raise UsageError(f"no export format '{export_format}'.{near}")
        return export_text(self.triples(part), export_format, self.prefixes)

    def to_rdflib(self, part: str = "all") -> rdflib.Graph:
        """Return one of ``PARTS`` as an rdflib graph."""
        import rdflib  # noqa: PLC0415  (slow to import)

        graph = rdflib.Graph(bind_namespaces="none")
        for name, iri in self.prefixes.items():
            graph.bind(name, iri)
        graph.parse(data="".join(f"{triple} .\n" for triple in self.triples(part)), format="nt")
        return graph

    # -- parts ----------------------------------------------------------------------------

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that CURIEs may use: the pack's, then the standard ones."""
        return {**PREFIXES, **self._dataset.prefixes}

    @cached_property
    def engine(self) -> EmbeddedEngine:
        """The SPARQL engine over this graph."""
        graphs = {document.graph: document.triples for document in self._dataset.documents}
        return EmbeddedEngine(graphs, self._inferred, self.prefixes)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of the things in this graph."""
        return Lexicon(self.engine.store(), self.prefixes)

    @cached_property
    def _dataset(self) -> Dataset:
        return read_pack(self.pack)

    @cached_property
    def _asserted(self) -> frozenset[Triple]:
        return frozenset(self._dataset.triples())

    @cached_property
    def _inferred(self) -> tuple[Triple, ...]:
        return tuple(infer(self._asserted))

    def _classes(self, names: Iterable[str]) -> tuple[NamedNode, ...]:
        return tuple(self.lexicon.resolve(name) for name in names)

    def _claim(self, node: NamedNode) -> SourcedClaim:
        facts: dict[str, list[Term]] = {}
        for quad in self.engine.store().quads_for_pattern(node, None, None):
            facts.setdefault(quad.predicate.value, []).append(quad.object)

        def all_of(*predicates: NamedNode) -> tuple[Term, ...]:
            return tuple(sorted((t for p in predicates for t in facts.get(p.value, [])), key=str))

        def one_of(predicate: NamedNode) -> Term | None:
            return next(iter(all_of(predicate)), None)

        return SourcedClaim(
            claim=node,
            subject=one_of(CLAIM.claimSubject) or node,
            property=one_of(CLAIM.claimProperty) or node,
            value=all_of(CLAIM.claimObject, CLAIM.claimValue),
            source=one_of(CLAIM.claimSource),
            sections=all_of(CLAIM.claimSection),
            basis=one_of(CLAIM.claimBasis),
            stance=one_of(CLAIM.claimStance),
            papers=all_of(CLAIM.supportedBy),
            notes=tuple(t for t in all_of(SKOS.note) if isinstance(t, Literal)),
        )


def _sorted_facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    first = {RDF.type.value: 0, RDFS.label.value: 1, SKOS.altLabel.value: 2, SKOS.definition.value: 3}
    return tuple(sorted(facts, key=lambda f: (first.get(f.predicate.value, 9), f.predicate.value, str(f.term))))


def _is_claim_part(predicate: NamedNode) -> bool:
    return predicate in (CLAIM.claimSubject, CLAIM.claimObject, CLAIM.claimProperty)
