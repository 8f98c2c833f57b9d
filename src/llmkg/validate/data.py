"""The graph that is checked: its triples, indexed when somebody asks, each way once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from llmkg.terms import RDF, RDFS, XSD, Term

if TYPE_CHECKING:
    import rdflib

__all__ = ["Data"]

_PLAIN = {XSD.integer: re.compile(r"0|-?[1-9][0-9]{0,17}"), XSD.boolean: re.compile(r"true|false")}
_Index = dict[NamedNode, dict[Term, list[Term]]]


class Data:
    """A set of triples."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Take the triples; one that comes twice counts once."""
        self.triples: dict[Triple, None] = dict.fromkeys(triples)

    @cached_property
    def _forward(self) -> _Index:
        index: _Index = defaultdict(lambda: defaultdict(list))
        for subject, predicate, obj in self.triples:
            index[predicate][subject].append(obj)
        return index

    @cached_property
    def _backward(self) -> _Index:
        return {}

    def objects(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """Return the values of ``predicate`` at ``subject``."""
        return self._forward[predicate].get(subject, []) if predicate in self._forward else []

    def subjects(self, predicate: NamedNode, obj: Term) -> list[Term]:
        """Return what has ``obj`` as a value of ``predicate``."""
        if predicate not in self._backward:
            index: dict[Term, list[Term]] = defaultdict(list)
            for subject, values in self._forward.get(predicate, {}).items():
                for value in values:
                    index[value].append(subject)
            self._backward[predicate] = index
        return self._backward[predicate].get(obj, [])

    def subjects_of(self, predicate: NamedNode) -> Iterable[Term]:
        """Return what has a value of ``predicate``."""
        return self._forward.get(predicate, {}).keys()

    def objects_of(self, predicate: NamedNode) -> Iterable[Term]:
        """Return the values of ``predicate``, each once."""
        return {value: None for values in self._forward.get(predicate, {}).values() for value in values}

    @cached_property
    def by_subject(self) -> dict[Term, list[Triple]]:
        """The triples of each subject."""
        index: dict[Term, list[Triple]] = defaultdict(list)
        for triple in self.triples:
            index[triple.subject].append(triple)
        return index

    def below(self, cls: Term) -> set[Term]:
        """Return ``cls`` and its subclasses, direct or not."""
        found, waiting = {cls}, [cls]
        while waiting:
            for lower in self.subjects(RDFS.subClassOf, waiting.pop()):
                if lower not in found:
                    found.add(lower)
                    waiting.append(lower)
        return found

    def instances(self, cls: Term) -> dict[Term, None]:
        """Return the SHACL instances of ``cls``: those of its subclasses too."""
        return {node: None for lower in self.below(cls) for node in self.subjects(RDF.type, lower)}

    @cached_property
    def store(self) -> Store:
        """The triples in the default graph of an Oxigraph store."""
        store = Store()
        store.bulk_extend(Quad(s, p, o) for s, p, o in self.triples)
        return store

    @cached_property
    def spellings(self) -> dict[Literal, Literal] | None:
        """The literals that the store spells in its own way, with our spelling; None when it takes two for one.

        Oxigraph keeps numbers, booleans and times as values: ``05`` comes back as ``5``.
        """
        typed = {o for *_, o in self.triples if isinstance(o, Literal) and not _kept_as_written(o)}
        found: dict[Literal, Literal] = {}
        objects = {o for *_, o in self.triples} if typed else set()
        for literal in typed:
            trial = Store()
            trial.add(Quad(RDF.nil, RDF.value, literal))
            stored = next(iter(trial)).object
            if stored in found or (stored != literal and stored in objects):
                return None
            if isinstance(stored, Literal):
                found[stored] = literal
        return found

    @cached_property
    def rdflib(self) -> rdflib.Graph:
        """The triples as an rdflib graph."""
        from llmkg.interchange import rdflib_graph  # noqa: PLC0415  (slow to import)

        return rdflib_graph(self.triples, {})


def _kept_as_written(literal: Literal) -> bool:
    """Tell whether the store gives a literal back as it was written, without trying."""
    if literal.language or literal.datatype in (XSD.string, XSD.anyURI):
        return True
    plain = _PLAIN.get(literal.datatype)
    return plain is not None and plain.fullmatch(literal.value) is not None
