"""Close any RDF files under OWL 2 RL: what follows, what contradicts itself, what was not used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from llmkg.load import Document, read_document
from llmkg.positions import Positions
from llmkg.reason import Clash, Closure, find_clashes, find_unsatisfiable, trivial
from llmkg.reason.profile import broken_lists, outside_rl
from llmkg.terms import PREFIXES, RDF
from llmkg.turtle import serialize, term_text

if TYPE_CHECKING:
    from llmkg.reason.prove import Prover

__all__ = ["Inference"]

_SHOWN = 20  # contradictions told in full
_INDENTED = 30  # levels of a proof that are shown by indenting


class Inference:
    """The closure of some documents."""

    def __init__(self, documents: Iterable[Document], limit: int) -> None:
        self.documents = tuple(documents)
        self.prefixes = {**PREFIXES, **{n: iri for d in self.documents for n, iri in d.prefixes.items()}}
        self._limit = limit

    @classmethod
    def of(cls, paths: Iterable[Path], *, limit: int, engine: str = "llmkg") -> Inference:
        """Read the files and close them with ``engine``, ``llmkg`` or ``owlrl``.

        Raises InputError for a file that cannot be read or holds nothing to reason about.
        """
        documents = [read_document(path) for path in paths]
        return (cls if engine == "llmkg" else _WithOwlrl)(documents, limit)

    @property
    def asserted(self) -> Iterator[Triple]:
        """The triples of every file."""
        for document in self.documents:
            yield from document.triples

    @cached_property
    def closure(self) -> Closure:
        """The closure, run to its fixed point."""
        closure = Closure(self.asserted, self._limit)
        closure.run()
        return closure

    @property
    def notes(self) -> list[str]:
        """What the ontology says outside OWL 2 RL or by a broken list, with its place."""
        found = outside_rl(self.asserted) + broken_lists(self.asserted)
        return [f"{self.place(triple)}: {text}." for triple, text in found]

    @cached_property
    def clashes(self) -> list[Clash]:
        """The contradictions, and the classes that can have no instance."""
        return [*find_clashes(self.closure), *find_unsatisfiable(self.closure)]

    @property
    def contradictory(self) -> bool:
        """Tell whether there are any contradictions or empty classes."""
        return bool(self.clashes)

    def inferred(self, *, trivial_too: bool = False) -> list[Triple]:
        """Return what follows; with ``trivial_too`` also what holds in every graph with these terms."""
        found = list(self.closure.inferred())
        if trivial_too:
            everything = [*self.asserted, *found]
            known = set(everything)
            found += [t for t in (*self.closure.inferred(trivial=True), *trivial(everything)) if t not in known]
        return list(dict.fromkeys(found))

    def serialize(self, result_format: str, *, trivial: bool) -> str:
        """Return what follows as sorted N-Triples (``nt``) or Turtle (``turtle``)."""
        found = self.inferred(trivial_too=trivial)
        if result_format == "turtle":
            return serialize(found, self.prefixes)
        return "".join(sorted(f"{triple} .\n" for triple in found))

    def contradictions(self) -> Iterator[str]:
        """Yield the lines that tell of each contradiction: the rule, the triples, their places, their proofs."""
        for clash in self.clashes[:_SHOWN]:
            about = f" ({clash.about})" if clash.about else ""
            yield f"llmkg: contradiction by {clash.rule}{about}:"
            for triple in clash.premises:
                yield from self._grounds(triple)
        if len(self.clashes) > _SHOWN:
            yield f"llmkg: and {len(self.clashes) - _SHOWN} more contradictions."

    def place(self, triple: Triple) -> str:
        """Return ``file:line`` of an asserted triple, or an empty string for another."""
        for document in self.documents:
            if triple in self._sets[document.name]:
                if document.name not in self._positions:
                    self._positions[document.name] = Positions(Path(document.name), document.name)
                line = self._positions[document.name].line(triple)
                return f"{document.name}:{line}" if line else document.name
        return ""

    def _grounds(self, triple: Triple) -> Iterator[str]:
        """Yield a premise of a contradiction with its place, or with the proof of it."""
        from llmkg.reason.prove import Proof, SearchEndedError  # noqa: PLC0415  (only for contradictions)

        fact = (triple.subject, triple.predicate, triple.object)
        try:
            proof = self._prover.prove(fact) or Proof(fact)
        except SearchEndedError:
            proof = Proof(fact)
        for depth, part in proof.walk():
            text = " ".join(self._text(term) for term in part.fact)
            if part.rule is None:
                place = self.place(Triple(*part.fact)) or "holds in every graph"  # type: ignore[arg-type]
                found = place if proof.rule or self.place(triple) else "follows; its proof is too long"
            else:
                found = f"by {part.rule.name}"
            yield f"{'  ' * min(depth + 1, _INDENTED)}{text}  [{found}]"

    def _text(self, term: object) -> str:
        return "a" if term == RDF.type else term_text(term, self.prefixes)  # type: ignore[arg-type]

    @cached_property
    def _sets(self) -> dict[str, frozenset[Triple]]:
        return {document.name: frozenset(document.triples) for document in self.documents}

    @cached_property
    def _positions(self) -> dict[str, Positions]:
        return {}

    @cached_property
    def _prover(self) -> Prover:
        from llmkg.reason.prove import Prover, StoreFacts  # noqa: PLC0415  (only for contradictions)

        store, said = Store(), NamedNode("urn:llmkg:asserted")
        asserted = list(self.asserted)
        everything = DefaultGraph()
        store.bulk_extend(Quad(t.subject, t.predicate, t.object, g) for t in asserted for g in (said, everything))
        store.bulk_extend(Quad(t.subject, t.predicate, t.object, everything) for t in self.closure.inferred())
        return Prover(StoreFacts(store, said))


class _WithOwlrl(Inference):
    """The same with owlrl as the reasoner; it names contradictions in its own words."""

    @cached_property
    def _result(self) -> tuple[list[Triple], list[str]]:
        from llmkg.reason.oracle import infer_with_owlrl  # noqa: PLC0415  (slow to import)

        return infer_with_owlrl(self.asserted)

    def inferred(self, *, trivial_too: bool = False) -> list[Triple]:
        """Return what owlrl infers, cleaned of what is not legal RDF."""
        if trivial_too:
            from llmkg.reason.oracle import infer_with_owlrl  # noqa: PLC0415

            return infer_with_owlrl(self.asserted, trivial=True)[0]
        return self._result[0]

    @property
    def contradictory(self) -> bool:
        """Tell whether owlrl reports an error."""
        return bool(self._result[1])

    def contradictions(self) -> Iterator[str]:
        """Yield what owlrl says of each error."""
        for text in self._result[1]:
            yield f"llmkg: contradiction: {' '.join(text.split())}"
