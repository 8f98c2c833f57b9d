"""Write JSON-LD 1.1: one object per thing, keys from the context, blank nodes and lists in place.

A value that does not fit what its key holds stands under the full IRI of the property, written out
with its type: nothing is lost and nothing is changed.
Source: JSON-LD 1.1, https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from llmkg.errors import InputError
from llmkg.export.context import Context, Property
from llmkg.outline import Facts, Outline, is_blank, literal_parts
from llmkg.terms import RDF, XSD

__all__ = ["Nodes", "document", "jsonld_parts"]

_TYPE, _NIL = str(RDF.type).encode(), str(RDF.nil).encode()
_STRING, _INTEGER, _BOOLEAN = (str(term) for term in (XSD.string, XSD.integer, XSD.boolean))
# Whole numbers that every reader keeps as they are: below 2 to the power of 53, in canonical form.
_NUMBER = re.compile(rb"-?[1-9][0-9]{0,14}|0")
_LOCAL = re.compile(rb"[\w.%~-][\w./:%~-]*")
_PLAIN = Property("", "", many=False)
_STEP = "  "
_QUOTE = ord('"')
_ENDS = b'">'  # of literals without a language


class _ClashError(Exception):
    """An IRI that a reader would take for a CURIE of the prefix in ``args``."""


def jsonld_parts(outline: Outline, context: Context) -> Iterator[bytes]:
    """Yield a JSON-LD document in parts: the context that it needs, then a graph of things."""

    def write(nodes: Nodes) -> list[bytes]:
        unused = outline.unused
        texts = [(s in unused, nodes.text(s, facts, "\n    ")) for s, facts in outline.subjects()]
        return [t for odd, t in texts if not odd] + sorted(t for odd, t in texts if odd)

    return document(outline, context, write)


def document(outline: Outline, context: Context, write: Callable[[Nodes], list[bytes]]) -> Iterator[bytes]:
    """Yield the document of the objects that ``write`` gives, with the context that they need."""
    nodes = Nodes(outline, context)
    while True:
        try:
            texts = write(nodes)
            break
        except _ClashError as clash:
            prefixes = {name: iri for name, iri in nodes.context.prefixes.items() if name != clash.args[0]}
            nodes = Nodes(outline, context._replace(prefixes=prefixes))
    yield nodes.head()
    yield b'  "@graph": ['
    for number, text in enumerate(texts):
        yield b",\n    " if number else b"\n    "
        yield text
    yield b"\n  ]\n}\n" if texts else b"]\n}\n"


class Nodes:
    """Writes node objects, and keeps in mind what of the context they use."""

    def __init__(self, outline: Outline, context: Context) -> None:
        """Take the graph that blank nodes are looked up in, and the whole context."""
        self.context = context
        # May give the object to write in the place of a link, at an indentation.
        self.embed: Callable[[bytes, str], bytes | None] | None = None
        self._outline = outline
        self._used: set[str] = set()
        self._ids: dict[bytes, bytes] = {}
        self._keys: dict[bytes, tuple[bytes, bytes, Property]] = {}
        self._namespaces = {iri.encode(): name for name, iri in sorted(context.prefixes.items(), reverse=True)}

    def head(self) -> bytes:
        """Return the beginning of a document whose objects have been written."""
        definitions = self.context.definitions(self._used)
        context = json.dumps(definitions, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        return f'{{\n  "@context": {context},\n'.encode()

    def text(self, subject: bytes, facts: Facts, line: str) -> bytes:
        """Return the object of ``subject``; ``line`` is the line break with the indentation that it begins at."""
        members = (
            []
            if subject in self._outline.inline or subject in self._outline.unused
            else [b'"id": ' + self._id(subject)]
        )
        members += self._members(facts, line + _STEP)
        if not members:
            return b"{}"
        inner = line.encode() + b"  "
        return b"{" + inner + (b"," + inner).join(members) + line.encode() + b"}"

    def _members(self, facts: Facts, line: str) -> list[bytes]:
        members = []
        for _, predicate, objects in facts:
            if predicate == _TYPE and not any(self._is_odd_type(o) for o in objects):
                types = [self._type(o) for o in objects]
                members.append(b'"type": ' + _array(types, line, always=False))
                continue
            key, iri_key, prop = self._keys.get(predicate) or self._key(predicate)
            if prop.holds == "@language":
                fitting = [o for o in objects if o[0] == _QUOTE and o[-1] not in _ENDS and not _has_direction(o)]
                if fitting:
                    members.append(key + self._by_language(fitting, prop, line))
            else:
                fitting = [o for o in objects if self._fits(o, prop)]
                if fitting:
                    self._used.add(prop.key)
                    values = [self._value(o, prop, line + _STEP) for o in fitting]
                    members.append(key + _array(self._in_order(fitting, values), line, always=prop.many))
            if len(fitting) < len(objects):
                written = set(fitting)
                rest = [o for o in objects if o not in written]
                values = [self._value(o, _PLAIN, line + _STEP) for o in rest]
                members.append(iri_key + _array(self._in_order(rest, values), line, always=False))
        return members

    def _in_order(self, objects: list[bytes], values: list[bytes]) -> list[bytes]:
        """Return the values with those of nested nodes sorted: what they were called makes no difference."""
        inline = self._outline.inline
        if inline.isdisjoint(objects):
            return values
        pairs = list(zip(objects, values, strict=True))
        return [v for o, v in pairs if o not in inline] + sorted(v for o, v in pairs if o in inline)

    def _is_odd_type(self, term: bytes) -> bool:
        return term[0] == _QUOTE or term in self._outline.inline

    def _fits(self, term: bytes, prop: Property) -> bool:
        if term[0] != _QUOTE:
            return prop.holds in ("@id", "")
        if prop.holds in ("@id", ""):
            return not prop.holds
        if term[-1] == _QUOTE:
            return prop.holds == _STRING
        return term.endswith(b"^^" + prop.holds.encode())

    def _by_language(self, literals: list[bytes], prop: Property, line: str) -> bytes:
        self._used.add(prop.key)
        texts: dict[bytes, list[bytes]] = {}
        for literal in literals:
            head, _, tail = literal.rpartition(b'"')
            texts.setdefault(tail[1:], []).append(head + b'"')
        inner = line + _STEP
        maps = [b'"%s": %s' % (tag, _array(values, inner, always=prop.many)) for tag, values in sorted(texts.items())]
        return b"{" + inner.encode() + (b"," + inner.encode()).join(maps) + line.encode() + b"}"

    def _value(self, term: bytes, prop: Property, line: str) -> bytes:
        if term[0] == _QUOTE:
            return self._literal(term, prop)
        if term in self._outline.inline:
            members = self._outline.members(term)
            if members is None:
                return self.text(term, self._outline.facts(term), line)
            values = [
                self._value(member, prop._replace(holds="@id" if prop.holds == "@id" else ""), line + 2 * _STEP)
                for member in members
            ]
            return b'{"@list": ' + _array(values, line, always=True) + b"}"
        if self.embed is not None and (embedded := self.embed(term, line)) is not None:
            return embedded
        return self._id(term) if prop.holds == "@id" else b'{"id": %s}' % self._id(term)

    def _literal(self, term: bytes, prop: Property) -> bytes:
        value, language, datatype = literal_parts(term)
        if language:
            tag, _, direction = language.partition(b"--")
            extra = b', "@direction": "%s"' % direction if direction else b""
            return b'{"@language": "%s"%s, "@value": "%s"}' % (tag, extra, value)
        if datatype and prop.holds != datatype.decode():
            return b'{"@type": %s, "@value": "%s"}' % (self._type(datatype), value)
        if prop.holds == _INTEGER and _NUMBER.fullmatch(value):
            return value
        if prop.holds == _BOOLEAN and value in (b"true", b"false"):
            return value
        return b'"%s"' % value

    def _key(self, predicate: bytes) -> tuple[bytes, bytes, Property]:
        iri = predicate[1:-1].decode()
        prop = self.context.properties.get(predicate) or Property(iri, "", many=False)
        found = (json.dumps(prop.key).encode() + b": ", json.dumps(iri).encode() + b": ", prop)
        self._check(predicate[1:-1])
        self._keys[predicate] = found
        return found

    def _type(self, term: bytes) -> bytes:
        name = self.context.classes.get(term)
        if name is None:
            return self._id(term)
        self._used.add(name)
        return json.dumps(name).encode()

    def _id(self, term: bytes) -> bytes:
        if term not in self._ids:
            if term.startswith(b"<<"):
                raise InputError(f"{term.decode()}: JSON-LD has no triple terms. Export Turtle or N-Triples instead.")
            self._ids[term] = b'"%s"' % (term if is_blank(term) else self._iri(term[1:-1]))
        return self._ids[term]

    def _iri(self, iri: bytes) -> bytes:
        namespace = iri[: max(iri.rfind(b"#"), iri.rfind(b"/")) + 1]
        name = self._namespaces.get(namespace)
        local = iri[len(namespace) :]
        if name is not None and _LOCAL.fullmatch(local):
            self._used.add(name)
            return b"%s:%s" % (name.encode(), local)
        self._check(iri)
        return iri

    def _check(self, iri: bytes) -> None:
        scheme, _, rest = iri.partition(b":")
        if scheme.decode() in self.context.prefixes and not rest.startswith(b"//"):
            raise _ClashError(scheme.decode())


def _has_direction(literal: bytes) -> bool:
    """Tell whether a literal has a base direction beside its language (RDF 1.2)."""
    return b"--" in literal and b"--" in literal.rpartition(b'"')[2]


def _array(values: list[bytes], line: str, *, always: bool) -> bytes:
    """Return values as an array, one a line, or the only value by itself."""
    if len(values) == 1 and not always:
        return values[0]
    inner = line.encode() + b"  "
    return b"[" + inner + (b"," + inner).join(values) + line.encode() + b"]" if values else b"[]"
