"""Refuse files that would take a parser's memory, time or life: before they are parsed, in one line each.

Oxigraph expands XML entities without a limit, nests RDF/XML in quadratic time, and ends the process
on JSON-LD that is nested ten thousand deep.
"""

from __future__ import annotations

import re

from pyoxigraph import RdfFormat

from llmkg.errors import InputError

__all__ = ["MOST_DEPTH", "check_limits"]

MOST_DEPTH = 1000  # levels of nesting; what people and tools write has a few dozen
_MOST_EXPANDED = 16 * 1024 * 1024  # bytes that the entities of one file may come to
_ENTITY = re.compile(rb"<!ENTITY\s+(%\s+)?([^\s\"'>]+)\s+(?:(SYSTEM|PUBLIC)\b|\"([^\"]*)\"|'([^']*)')")
_XML_TAG = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<![^>]*>|<(/?)[^<>]*?(/?)>", re.DOTALL)
_JSON_MARK = re.compile(rb"\"(?:[^\"\\]|\\.)*+\"|[][{}]", re.DOTALL)
_TAKE_OUT = "Take it out, or write the file as Turtle."


def check_limits(content: bytes, rdf_format: RdfFormat, name: str) -> None:
    """Raise InputError for content that must not reach the parser; ``name`` is for the message."""
    if rdf_format == RdfFormat.RDF_XML:
        _check_xml(content, name)
    elif rdf_format == RdfFormat.JSON_LD:
        _check_json(content, name)


def _check_xml(content: bytes, name: str) -> None:
    """Raise InputError for entities that grow without bound or lie elsewhere, and for very deep nesting."""
    expanded = 0
    for parameter, entity, outside, double, single in _ENTITY.findall(content):
        shown = entity.decode(errors="replace")
        if outside or parameter:
            raise InputError(f"{name}: the entity '{shown}' is outside of the file and is not read. {_TAKE_OUT}")
        value = double or single
        if b"&" in re.sub(rb"&#x?[0-9A-Fa-f]+;", b"", value):
            raise InputError(f"{name}: the entity '{shown}' is made of other entities. {_TAKE_OUT}")
        expanded += content.count(b"&" + entity + b";") * len(value)
    if expanded > _MOST_EXPANDED:
        raise InputError(f"{name}: its entities come to {expanded:,} bytes, {_MOST_EXPANDED:,} at most. {_TAKE_OUT}")
    depth = 0
    for match in _XML_TAG.finditer(content):
        if match[1] is not None:
            depth += -1 if match[1] else 0 if match[2] else 1
            _check_depth(depth, content, match.start(), name)


def _check_json(content: bytes, name: str) -> None:
    """Raise InputError for very deep nesting."""
    depth = 0
    for match in _JSON_MARK.finditer(content):
        if not match[0].startswith(b'"'):
            depth += 1 if match[0] in b"[{" else -1
            _check_depth(depth, content, match.start(), name)


def _check_depth(depth: int, content: bytes, at: int, name: str) -> None:
    if depth > MOST_DEPTH:
        line = content.count(b"\n", 0, at) + 1
        raise InputError(
            f"{name}:{line}: nested more than {MOST_DEPTH:,} deep. Write it flat, with names for the nodes."
        )
