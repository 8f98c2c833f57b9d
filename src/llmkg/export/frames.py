"""Frames: things as a person would write them, with the names of what they link to.

``frame`` gives the JSON-LD frame of a class, which any processor can put on a full export;
``framed_parts`` writes what comes out of that, ``nested_parts`` one thing and what is around it.
Source: JSON-LD 1.1 Framing, https://www.w3.org/TR/json-ld11-framing/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from llmkg.export.context import Context
from llmkg.export.jsonld import TOP, Indent, Nodes, document
from llmkg.outline import Facts, Outline, Watch, is_blank
from llmkg.terms import RDF, RDFS

__all__ = ["frame_text", "framed_parts", "nested_parts"]

_TYPE, _LABEL = str(RDF.type).encode(), str(RDFS.label).encode()


def frame_text(lines: list[bytes], cls: bytes, context: Context) -> str:
    """Return the frame of a class: its things whole, and of what they link to the type and the label."""
    members = _members(lines, cls)
    linked = {line.split(b" ", 2)[1] for line in lines if line.partition(b" ")[0] in members} - {_TYPE}
    links = sorted(p.key for iri, p in context.properties.items() if iri in linked and p.holds == "@id")
    # Under its IRI: what stands under the key would be read as a map of languages.
    label = {_LABEL[1:-1].decode(): {"@default": [], "@omitDefault": True}}
    named = {"@explicit": True, "@embed": "@always", **label}
    kind = context.classes.get(cls, cls[1:-1].decode())
    found = {"@context": context.definitions(), "type": kind, **dict.fromkeys(links, named)}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def framed_parts(lines: list[bytes], cls: bytes, context: Context, watch: Watch = list) -> Iterator[bytes]:
    """Yield the things of class ``cls`` as JSON-LD, each link with type and label of what it leads to."""
    members = _members(lines, cls)
    linked = {line.split(b" ", 2)[2] for line in lines if line.partition(b" ")[0] in members}
    own = [line for line in lines if line.partition(b" ")[0] in members or is_blank(line)]
    outline = Outline(own, watch)
    named = _named(lines, linked)

    def write(nodes: Nodes) -> list[bytes]:
        def embed(term: bytes, indent: Indent) -> bytes | None:
            facts = named.get(term)
            return nodes.text(term, facts, indent) if facts else None

        nodes.embed = embed
        return [nodes.text(s, facts, TOP) for s, facts in outline.subjects() if s in members]

    return document(outline, context, write)


def nested_parts(lines: list[bytes], root: bytes, depth: int, context: Context) -> Iterator[bytes]:
    """Yield the graph around ``root`` as JSON-LD: what it links to stands inside it, down to ``depth``.

    Everything is written in full once; what links to the root, and is not inside it, follows it.
    """
    outline = Outline(lines)
    everything = dict(outline.subjects())
    near = {o for _, p, objects in everything.get(root, []) if p != _TYPE for o in objects}

    def write(nodes: Nodes) -> list[bytes]:
        written = {root}
        level = 0

        def embed(term: bytes, indent: Indent) -> bytes | None:
            nonlocal level
            if term in written or term not in everything or level == depth or (level and term in near):
                return None
            written.add(term)
            level += 1
            text = nodes.text(term, everything[term], indent)
            level -= 1
            return text

        nodes.embed = embed
        first = [nodes.text(root, everything[root], TOP)] if root in everything else []
        nodes.embed = None
        rest = sorted(node for node in everything if node not in written)
        return first + [nodes.text(node, everything[node], TOP) for node in rest]

    return document(outline, context, write)


def _members(lines: Iterable[bytes], cls: bytes) -> set[bytes]:
    end = b" %s %s" % (_TYPE, cls)
    return {line[: -len(end)] for line in lines if line.endswith(end)}


def _named(lines: Iterable[bytes], terms: set[bytes]) -> dict[bytes, Facts]:
    """Return the types and labels of those of ``terms`` that have a label."""
    about = [line for line in lines if line.partition(b" ")[0] in terms and line.split(b" ", 2)[1] in (_TYPE, _LABEL)]
    found = dict(Outline(about).subjects())
    return {term: facts for term, facts in found.items() if any(p == _LABEL for _, p, _ in facts)}
