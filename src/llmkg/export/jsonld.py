"""Write triples as JSON-LD 1.1: a context of prefixes and one node object per subject, sorted.

Source: JSON-LD 1.1, sections 3.1 and 4.3, https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, Triple

from llmkg.terms import RDF, XSD, Term, curie
from llmkg.turtle import canonical

__all__ = ["jsonld_text"]


def jsonld_text(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return the triples as JSON-LD; lists are kept as linked nodes, as the triples have them."""
    nodes: dict[str, dict[str, list[object]]] = defaultdict(dict)
    used: set[str] = set()

    # The empty prefix is no term of a context (JSON-LD 1.1, section 4.1).
    known = {prefix: iri for prefix, iri in prefixes.items() if prefix}

    def name(term: Term) -> str:
        text = getattr(term, "value", "")
        short = curie(text, known) if not str(term).startswith("_:") else str(term)
        if short and not short.startswith("_:"):
            used.add(short.split(":", 1)[0])
        return short or text

    ordered = sorted(canonical(triples), key=lambda t: (str(t.subject), t.predicate.value, str(t.object)))
    for triple in ordered:
        node = nodes[name(triple.subject)]
        if triple.predicate == RDF.type and not isinstance(triple.object, Literal):
            node.setdefault("@type", []).append(name(triple.object))
        else:
            node.setdefault(name(triple.predicate), []).append(_value(triple.object, name))
    graph = [{"@id": key, **{k: _single(v) for k, v in node.items()}} for key, node in nodes.items()]
    context = {prefix: prefixes[prefix] for prefix in sorted(used)}
    return json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _value(term: Term, name: object) -> object:
    assert callable(name)
    if not isinstance(term, Literal):
        return {"@id": name(term)}
    if term.language:
        return {"@language": term.language, "@value": term.value}
    if term.datatype == XSD.string:
        return term.value
    # Numbers stay strings with a datatype: native JSON numbers lose digits in some parsers.
    return {"@type": name(term.datatype), "@value": term.value}


def _single(values: list[object]) -> object:
    return values[0] if len(values) == 1 else values
