"""The closure that owlrl computes, cleaned of what is not legal RDF and of what is trivial.

owlrl is the reference implementation by the authors of the profile: slow, and wrong where it leaves
out the last member of a list, which this module does not mend (contradictions by eq-diff2, eq-diff3
and prp-adp are missed, and prp-key takes things for the same that are not).
"""

from __future__ import annotations

from collections.abc import Iterable

import owlrl
import rdflib
from pyoxigraph import Literal, NamedNode, Triple

from llmkg.interchange import from_rdflib, rdflib_graph
from llmkg.reason.trivial import trivial as trivial_triples
from llmkg.terms import OWL, RDF, RDFS, XSD

__all__ = ["infer_with_owlrl"]

_ERROR = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")  # how owlrl reports one
_BUILT_IN = tuple(map(str, (OWL, RDF, RDFS, XSD)))


def infer_with_owlrl(triples: Iterable[Triple], *, trivial: bool = False) -> tuple[list[Triple], list[str]]:
    """Return what owlrl infers from ``triples``, and the contradictions that it reports in words.

    Left out are triples that are not legal RDF and, without ``trivial``, those that hold in every
    graph and those about the terms of OWL itself.
    """
    asserted = set(triples)
    graph = rdflib_graph(asserted, {})
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    errors = [str(message) for message in graph.objects(None, _ERROR)]
    for node in list(graph.subjects(_ERROR, None)):
        graph.remove((node, None, None))
    legal = set(from_rdflib(graph))
    found = legal - asserted
    if not trivial:
        noise = set(trivial_triples(legal))
        found = {t for t in found if t not in noise and not _says_nothing(t)}
    return sorted(found, key=str), sorted(set(errors))


def _says_nothing(triple: Triple) -> bool:
    subject, obj = triple.subject, triple.object
    if isinstance(subject, NamedNode) and subject.value.startswith(_BUILT_IN):
        return True
    if triple.predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf, RDF.type) and obj in (OWL.Thing, RDFS.Resource):
        return True
    reflexive = (OWL.sameAs, RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty)
    return triple.predicate in reflexive and subject == obj and not isinstance(obj, Literal)
