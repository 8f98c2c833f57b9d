"""Write GraphML for Gephi, yEd, Cytoscape and networkx: things as nodes, links between them as edges.

A node has its CURIE for an id and its IRI, its label in each language, its kind and its text values
as data; an edge has the property that it stands for, with labels, and whether it is inferred.
Source: GraphML Primer, http://graphml.graphdrawing.org/primer/graphml-primer.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from llmkg.export.things import Thing, Things
from llmkg.terms import RDF

__all__ = ["graphml_parts"]

_TYPE = str(RDF.type).encode()
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def graphml_parts(things: Things) -> Iterator[bytes]:
    """Yield GraphML in parts."""
    languages = things.languages
    kinds = {thing.term: thing.kinds for thing in things.all}
    linked = {o for thing in things.all for _, o in _links(thing)}
    yield _HEAD.encode()
    for target, name, kind in _keys(languages):
        yield f'  <key id="{target}_{name}" for="{target}" attr.name="{name}" attr.type="{kind}"/>\n'.encode()
    yield b'  <graph id="G" edgedefault="directed">\n'
    for term in sorted({*kinds, *linked}):
        yield _node(things, term, kinds.get(term, ()), languages).encode()
    number = 0
    for thing in things.all:
        for predicate, obj in _links(thing):
            line = b" ".join((thing.term, predicate, obj))
            yield _edge(
                things, number, (thing.term, predicate, obj), languages, inferred=line in things.inferred
            ).encode()
            number += 1
    yield b"  </graph>\n</graphml>\n"


def _keys(languages: list[str]) -> Iterator[tuple[str, str, str]]:
    for target, own in (("node", ("iri", "kind", "kinds")), ("edge", ("property", "iri"))):
        for name in ("label", *(f"label_{language}" for language in languages), *own):
            yield target, name, "string"
    yield "edge", "inferred", "boolean"


def _links(thing: Thing) -> Iterator[tuple[bytes, bytes]]:
    """Yield the properties and objects of the links of a thing; its kinds are data of its node."""
    for _, predicate, objects in thing.facts:
        if predicate != _TYPE:
            for obj in objects:
                if not obj.startswith((b'"', b"<<")):
                    yield predicate, obj


def _node(things: Things, term: bytes, kinds: tuple[bytes, ...], languages: list[str]) -> str:
    names = [things.label(kind) or things.short(kind) for kind in kinds]
    data = {
        **_labels(things, term, languages),
        "iri": things.iri(term),
        "kind": names[0] if names else "",
        "kinds": "; ".join(names),
    }
    return f'    <node id="{_escaped(things.name(term))}">\n{_data("node", data)}    </node>\n'


def _edge(
    things: Things, number: int, fact: tuple[bytes, bytes, bytes], languages: list[str], *, inferred: bool
) -> str:
    subject, predicate, obj = fact
    data = {
        **_labels(things, predicate, languages),
        "property": things.name(predicate),
        "iri": things.iri(predicate),
        "inferred": "true" if inferred else "false",
    }
    ends = f'source="{_escaped(things.name(subject))}" target="{_escaped(things.name(obj))}"'
    return f'    <edge id="e{number}" {ends}>\n{_data("edge", data)}    </edge>\n'


def _labels(things: Things, term: bytes, languages: list[str]) -> dict[str, str]:
    own = {f"label_{language}": things.label(term, language) for language in languages}
    first = things.label(term) or next(filter(None, own.values()), "") or things.name(term)
    return {"label": first, **own}


def _data(target: str, data: dict[str, str]) -> str:
    return "".join(
        f'      <data key="{target}_{name}">{_escaped(value)}</data>\n' for name, value in data.items() if value
    )


def _escaped(text: str) -> str:
    """Return text for XML; characters that XML does not have become the replacement character."""
    clean = _NOT_XML.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return clean.replace('"', "&quot;").replace("\r", "&#13;")
