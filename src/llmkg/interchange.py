"""The border to rdflib's terms: triples of ours in, an rdflib graph out, and back."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from llmkg.errors import InputError
from llmkg.terms import Term

__all__ = ["from_rdflib", "quiet", "rdflib_graph", "rdflib_term", "to_term"]


def rdflib_graph(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> rdflib.Graph:
    """Return an rdflib graph of ``triples`` that knows ``prefixes``; blank nodes keep their labels."""
    graph = rdflib.Graph(bind_namespaces="none")
    for name, iri in prefixes.items():
        graph.bind(name, iri)
    for triple in triples:
        graph.add(tuple(map(rdflib_term, triple)))  # type: ignore[arg-type]
    return graph


def rdflib_term(term: Term) -> rdflib.term.Node:
    """Return the rdflib term for ``term``; literals keep their text as it is.

    >>> rdflib_term(NamedNode("http://example.org/a"))
    rdflib.term.URIRef('http://example.org/a')
    """
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Triple):
        raise InputError("a triple term cannot be given to rdflib, which has none. Take it out, or use no rdflib tool.")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == str(rdflib.XSD.string):
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from printing a traceback for each ill-typed literal it meets."""
    log = logging.getLogger("rdflib.term")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield
    finally:
        log.setLevel(before)


def from_rdflib(graph: rdflib.Graph) -> Iterator[Triple]:
    """Yield the triples of an rdflib graph that are legal RDF: no literal is a subject."""
    for subject, predicate, obj in graph:
        if not isinstance(subject, rdflib.Literal) and isinstance(predicate, rdflib.URIRef):
            yield Triple(to_term(subject), NamedNode(str(predicate)), to_term(obj))  # type: ignore[arg-type]


def to_term(node: rdflib.term.Node) -> Term:
    """Return our term for one of rdflib's."""
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    assert isinstance(node, rdflib.Literal)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
