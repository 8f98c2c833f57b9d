"""The saved queries as RDF, in the form that SIB's query editors and collections read.

Each is a ``sh:SPARQLExecutable`` with a question for a comment and a text that runs as it stands:
its parameters hold their examples. The prefixes are one set with an IRI.
Source: https://github.com/sib-swiss/sparql-examples; SHACL Advanced Features, section 5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from llmkg.graph import LANGUAGES, KnowledgeGraph
from llmkg.savedquery import SavedQuery, in_language
from llmkg.scan import tokens
from llmkg.terms import RDF, RDFS, SCHEMA, SH, XSD, Term

__all__ = ["query_triples"]

_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}
_HEADER = re.compile(r"\A(?:#\+.*\n)+\s*")


def query_triples(kg: KnowledgeGraph, base: str) -> list[Triple]:
    """Return the saved queries of ``kg`` as RDF; ``base`` is what their IRIs begin with."""
    prefixes = NamedNode(f"{base}prefixes")
    triples = _prefix_set(prefixes, kg.prefixes)
    for query in kg.queries.values():
        triples += _executable(kg, query, NamedNode(base + query.name), prefixes)
    return triples


def _prefix_set(subject: NamedNode, prefixes: Mapping[str, str]) -> list[Triple]:
    triples: list[Triple] = []
    for name, iri in sorted(prefixes.items()):
        node = BlankNode(f"prefix{len(triples)}")
        triples += [
            Triple(subject, SH.declare, node),
            Triple(node, SH.prefix, Literal(name)),
            Triple(node, SH.namespace, Literal(iri, datatype=XSD.anyURI)),
        ]
    return triples


def _executable(kg: KnowledgeGraph, query: SavedQuery, subject: NamedNode, prefixes: NamedNode) -> list[Triple]:
    examples = {p.name: p.example for p in query.parameters if p.required and p.example is not None}
    text = _HEADER.sub("", query.bind(kg.bind(query, examples)))
    form = _form(text)
    said: list[tuple[NamedNode, Term]] = [
        (RDF.type, SH.SPARQLExecutable),
        (SH.prefixes, prefixes),
        *((SCHEMA.keywords, Literal(tag)) for tag in query.tags),
    ]
    if form in _FORMS:
        said += [(RDF.type, SH[f"SPARQL{form.capitalize()}Executable"]), (SH[_FORMS[form]], Literal(text))]
    for lang in LANGUAGES:
        bound = kg.bind(query, examples, lang)
        if lang in query.question:
            question = query.question[lang][0]
            for name, example in examples.items():
                value = bound[name]
                shown = example if isinstance(value, tuple) else kg.label(value, lang)
                question = question.replace(f"{{{name}}}", shown)
            said.append((RDFS.comment, Literal(question, language=lang)))
        if query.title.get(lang):
            said.append((RDFS.label, Literal(in_language(query.title, lang), language=lang)))
    return [Triple(subject, predicate, value) for predicate, value in said]


def _form(text: str) -> str:
    """Return the keyword that says what a query gives: SELECT, ASK, CONSTRUCT or DESCRIBE."""
    words = (token.text.upper() for token in tokens(text) if token.kind == "other")
    return next(word for word in words if word in {*_FORMS, "DESCRIBE"})
