"""What a pack holds: its triples, asserted and inferred, its saved queries and the names of its things."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from llmkg.engine import EmbeddedEngine
from llmkg.errors import UsageError, did_you_mean
from llmkg.lexicon import Lexicon
from llmkg.pack import Pack
from llmkg.parameters import Binder
from llmkg.savedquery import SavedQuery
from llmkg.snapshot import ASSERTED, INFERRED, NAMES, Snapshot, default_cache, kept_beside, open_snapshot
from llmkg.terms import OWL, RDF, Term, curie

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self, TypeAlias

    OnRetired: TypeAlias = Callable[[NamedNode, NamedNode | None], object]

    from llmkg.answers import Statistics
    from llmkg.names import Names

__all__ = ["PARTS", "Contents", "check_part"]

PARTS = ("all", "asserted", "inferred", "ontology", "data")


class Contents:
    """A pack, read and closed under its ontology: what ``KnowledgeGraph`` asks, explains, checks and exports."""

    def __init__(self, pack: Pack, cache: str | None = None, on_retired: OnRetired | None = None) -> None:
        """Take a pack, and the folder that keeps its snapshot (None keeps it in memory); see ``open``."""
        self.pack = pack
        self._cache = cache
        self._on_retired = on_retired

    @classmethod
    def open(
        cls,
        root: str | os.PathLike[str] | None = None,
        *,
        cache: str | os.PathLike[str] | bool = True,
        on_retired: OnRetired | None = None,
    ) -> Self:
        """Open the pack at ``root``, or the one that ships with llmkg.

        ``cache`` is the folder for the snapshot of the closed graph, True for the user's own cache
        folder, False for none. ``on_retired`` is given each retired term that a name meant and what was
        taken in its place; without it that is a RetiredTermWarning. Files are read when first needed.
        Raises InputError when the folder is no pack, and on first use when a file of it cannot be read.

        >>> from llmkg import KnowledgeGraph
        >>> "systems-in" in KnowledgeGraph.open(cache=False).queries
        True
        """
        folder = (default_cache() if cache else None) if isinstance(cache, bool) else os.fspath(cache)
        return cls(Pack.open(root), folder, on_retired)

    @property
    def queries(self) -> Mapping[str, SavedQuery]:
        """The saved queries by name; raises InputError when a header is wrong.

        >>> kg.queries["challenges-addressed"].questions("en")[0]
        'which challenges does {mitigation} address'
        """
        return self._snapshot.queries

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that CURIEs may use: the standard ones and the pack's.

        >>> kg.prefixes["challenge"]
        'https://w3id.org/llmkg/challenge/'
        """
        return self._snapshot.prefixes

    @cached_property
    def engine(self) -> EmbeddedEngine:
        """The SPARQL engine over this graph; ``engine.store`` is its pyoxigraph store, read-only.

        >>> kg.engine.query("ASK { application:law a llmkg:Application }").boolean
        True
        """
        return EmbeddedEngine(self._snapshot.store, self._snapshot.graphs, ASSERTED, self.prefixes)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of the things in this graph.

        >>> kg.lexicon.resolve("幻觉").value
        'https://w3id.org/llmkg/challenge/hallucinations'
        """
        return Lexicon(self._snapshot.store, NAMES, self.prefixes, self._tell_retired)

    def _tell_retired(self, old: NamedNode, new: NamedNode | None) -> None:
        """Tell that a retired term was named and what is taken, by a warning unless it was said how."""
        from llmkg.retirement import retired_notice, warn_of_retired  # noqa: PLC0415  (only where one is named)

        if self._on_retired is None:
            warn_of_retired(retired_notice(self.lexicon, self.prefixes, old, new))
        else:
            self._on_retired(old, new)

    def _tell_former_names(self, text: str, terms: Iterable[NamedNode]) -> None:
        """Tell which of ``terms``, found in ``text`` by their names, have a retired name there."""
        from llmkg.retirement import former_name_in  # noqa: PLC0415  (a query needs none of these)

        for term in terms:
            if (old := former_name_in(self.lexicon, term, text)) is not None:
                self._tell_retired(old, term)

    @cached_property
    def _names(self) -> Names:
        from llmkg.names import Names, collect  # noqa: PLC0415  (a query needs none of these)

        store, prefixes = self._snapshot.store, self.prefixes
        return Names(kept_beside(self._snapshot, "names", lambda: collect(store, prefixes)))

    def label(self, term: Term, lang: str = "en") -> str:
        """Return the label of ``term`` in ``lang`` (a language tag), or in English, or its CURIE, or its text.

        >>> kg.label(kg.find("hallucinations")[0].term, lang="zh")
        '幻觉'
        """
        return self.lexicon.label(term, lang) or self.short(term)

    def short(self, term: Term) -> str:
        """Return ``term`` for a person: a CURIE where there is one, else its text.

        >>> kg.short(kg.find("hallucinations")[0].term)
        'challenge:hallucinations'
        """
        if isinstance(term, NamedNode):
            return curie(term.value, self.prefixes) or term.value
        return term.value if isinstance(term, Literal) else str(term)

    def triples(self, part: str = "all") -> tuple[Triple, ...]:
        """Return the triples of one of ``PARTS``, each once; sort before writing.

        Raises UsageError for an unknown part.

        >>> len(kg.triples("all")) == len(kg.triples("asserted")) + len(kg.triples("inferred"))
        True
        """
        graphs = self._graphs_of(part)
        return tuple({triple: None for graph in graphs for triple in self._graph(graph)})

    def list_triples(self, head: Term) -> list[Triple]:
        """Return the triples of an RDF list in order; what is broken ends it.

        >>> kg.list_triples(kg.find("hallucinations")[0].term)
        []
        """
        cells: list[Triple] = []
        while (first := next(self._match(head, RDF.first, None), None)) is not None and first not in cells:
            rest = next(self._match(head, RDF.rest, None), None)
            if rest is None:
                break
            cells += [first, rest]
            head = rest.object
        return cells

    def statistics(self) -> Statistics:
        """Count files, triples and the individuals of each class that the ontology declares.

        >>> kg.statistics().classes[kg.lexicon.resolve("llmkg:Application")] > 10
        True
        """
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

    @cached_property
    def binder(self) -> Binder:
        """What reads the values of parameters, and knows which are allowed.

        >>> sorted(kg.binder.bind(kg.saved_query("systems-in"), {"application": "law"}, "en"))
        ['application', 'lang']
        """
        return Binder(self._snapshot.store, self.lexicon)

    @cached_property
    def _snapshot(self) -> Snapshot:
        return open_snapshot(self.pack, self._cache)

    def _graphs_of(self, part: str) -> list[NamedNode | DefaultGraph]:
        """Return the graphs of the store that make up one of ``PARTS``; raises UsageError for an unknown one."""
        check_part(part)
        whole: dict[str, NamedNode | DefaultGraph] = {"all": DefaultGraph(), "asserted": ASSERTED, "inferred": INFERRED}
        if part in whole:
            return [whole[part]]
        return [NamedNode(graph) for graph in dict.fromkeys(f.graph for f in self._snapshot.files if f.part == part)]

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


def check_part(part: str) -> None:
    """Raise UsageError unless ``part`` is one of ``PARTS``."""
    if part not in PARTS:
        near = did_you_mean(part, PARTS) or f" Use {', '.join(PARTS)}."
        raise UsageError(f"no part '{part}'.{near}")
