"""Write JSON-LD 1.1: one object per thing, keys from the context, blank nodes and lists in place.

A value that does not fit what its key holds stands under the full IRI of the property, written out
with its type: nothing is lost and nothing is changed.
Source: JSON-LD 1.1, https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cached_property

from llmkg.errors import InputError
from llmkg.export.context import Context, Property
from llmkg.outline import Facts, Outline, is_blank, literal_parts
from llmkg.terms import RDF, XSD

__all__ = ["TOP", "Indent", "Nodes", "document", "jsonld_parts"]

_TYPE, _NIL = str(RDF.type).encode(), str(RDF.nil).encode()
_STRING, _INTEGER, _BOOLEAN = (str(term) for term in (XSD.string, XSD.integer, XSD.boolean))
# Whole numbers that every reader keeps as they are: below 2 to the power of 53, in canonical form.
_NUMBER = re.compile(rb"-?[1-9][0-9]{0,14}|0")
_LOCAL = re.compile(rb"[\w.%~-][\w./:%~-]*")
_PLAIN = Property("", "", many=False)
_QUOTE = ord('"')


class _ClashError(Exception):
    """An IRI that a reader would take for a CURIE of the prefix in ``args``."""


class Indent:
    """A depth of nesting: the line break before the end of what stands there, and those within it."""

    def __init__(self, end: bytes) -> None:
        """Take the line break with the indentation."""
        self.end = end
        self.start = end + b"  "
        self.between = b"," + self.start

    @cached_property
    def deeper(self) -> Indent:
        """The next depth."""
        return Indent(self.start)

    def array(self, values: list[bytes], *, always: bool) -> bytes:
        """Return values as an array, one a line, or the only value by itself."""
        if len(values) == 1:
            return b"[" + self.start + values[0] + self.end + b"]" if always else values[0]
        return b"[" + self.start + self.between.join(values) + self.end + b"]" if values else b"[]"

    def object(self, members: list[bytes]) -> bytes:
        """Return members as an object, one a line."""
        return b"{" + self.start + self.between.join(members) + self.end + b"}" if members else b"{}"


TOP = Indent(b"\n    ")  # of the things in the graph of a document


class _Writing:
    """How the values of one predicate are written at one depth."""

    def __init__(self, iri: bytes, prop: Property, indent: Indent) -> None:
        """Take the IRI of the predicate, without brackets, what is known of it, and where its key stands."""
        self.prop = prop
        self.links = prop.holds == "@id"
        self.texts = prop.holds == "@language"
        # The ends of the literals that fit.
        self._ends = (b"^^" + prop.holds.encode(), *([b'"'] if prop.holds == _STRING else []))
        key, self._full = (json.dumps(name).encode() + b": " for name in (prop.key, iri.decode()))
        self._indent = indent
        self._several = key + b"[" + indent.start, indent.end + b"]"
        # What comes before and after the only value.
        self.before, self.after = self._several if prop.many and not self.texts else (key, b"")

    def fitting(self, objects: list[bytes]) -> tuple[list[bytes], list[bytes]]:
        """Return the objects that are what the key holds, and the others."""
        if not self.prop.holds:
            return objects, []
        found = [o for o in objects if (o[0] != _QUOTE if self.links else o.endswith(self._ends))]
        if len(found) == len(objects):
            return found, []
        chosen = set(found)
        return found, [o for o in objects if o not in chosen]

    def member(self, values: list[bytes]) -> bytes:
        """Return the key with values that fit it."""
        if len(values) == 1:
            return self.before + values[0] + self.after
        return self._several[0] + self._indent.between.join(values) + self._several[1]

    def odd_member(self, values: list[bytes]) -> bytes:
        """Return the IRI with values that do not fit the key, each with all that there is to say of it."""
        return self._full + self._indent.array(values, always=False)


def jsonld_parts(outline: Outline, context: Context) -> Iterator[bytes]:
    """Yield a JSON-LD document in parts: the context that it needs, then a graph of things."""

    def write(nodes: Nodes) -> list[bytes]:
        unused = outline.unused
        texts = [(s in unused, nodes.text(s, facts, TOP)) for s, facts in outline.subjects()]
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
        self.embed: Callable[[bytes, Indent], bytes | None] | None = None
        self._outline = outline
        self._used: set[str] = set()
        self._ids: dict[bytes, bytes] = {}
        self._types: dict[bytes, bytes] = {}
        self._writings: dict[Indent, dict[bytes, _Writing]] = {}
        self._namespaces = {iri.encode(): name for name, iri in sorted(context.prefixes.items(), reverse=True)}

    def head(self) -> bytes:
        """Return the beginning of a document whose objects have been written."""
        definitions = self.context.definitions(self._used)
        context = json.dumps(definitions, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        return f'{{\n  "@context": {context},\n'.encode()

    def text(self, subject: bytes, facts: Facts, indent: Indent) -> bytes:
        """Return the object of ``subject``, which ends at ``indent``."""
        members = self._members(facts, indent.deeper)
        if subject not in self._outline.inline and subject not in self._outline.unused:
            members.insert(0, b'"id": ' + self._id(subject))
        return indent.object(members)

    def _members(self, facts: Facts, indent: Indent) -> list[bytes]:
        members = []
        writings, ids, inline = self._writings.setdefault(indent, {}), self._ids, self._outline.inline
        plain = not inline and self.embed is None
        for _, predicate, objects in facts:
            if predicate == _TYPE and (types := self._types_of(objects)):
                members.append(b'"type": ' + indent.array(types, always=False))
                continue
            writing = writings.get(predicate) or self._writing(predicate, indent)
            rest: list[bytes] = []
            if writing.texts:
                maps, rest = self._by_language(objects, indent.deeper, many=writing.prop.many)
                if maps:
                    members.append(writing.before + indent.object(maps))
            elif writing.links and plain and len(objects) == 1 and objects[0][0] != _QUOTE:  # as most facts are
                term = objects[0]
                members.append(writing.before + (ids.get(term) or self._id(term)) + writing.after)
            else:
                fitting, rest = writing.fitting(objects)
                if fitting:
                    members.append(writing.member(self._values(fitting, writing.prop, indent.deeper)))
            if rest:
                members.append(writing.odd_member(self._values(rest, _PLAIN, indent.deeper)))
            if len(rest) < len(objects):
                self._used.add(writing.prop.key)
        return members

    def _by_language(self, objects: list[bytes], indent: Indent, *, many: bool) -> tuple[list[bytes], list[bytes]]:
        """Return what is in a map of languages, and what is no text in a language, or has a direction (RDF 1.2)."""
        found: list[tuple[bytes, list[bytes]]] = []
        values: list[bytes] = []
        rest: list[bytes] = []
        last = b""
        for term in objects:  # in the order of their tags
            head, quote, tail = term.rpartition(b'"')
            if tail[:1] != b"@" or b"--" in tail or term[0] != _QUOTE:
                rest.append(term)
                continue
            if tail != last:
                last, values = tail, []
                found.append((b'"' + tail[1:] + b'": ', values))
            values.append(head + quote)
        return [tag + indent.array(values, always=many) for tag, values in found], rest

    def _types_of(self, objects: list[bytes]) -> list[bytes]:
        """Return types as they are written, none of them when one is no name."""
        known = self._types
        for term in objects:
            if term not in known:
                if term[0] == _QUOTE or term in self._outline.inline:
                    return []
                known[term] = self._type(term)
        return [known[term] for term in objects]

    def _values(self, objects: list[bytes], prop: Property, indent: Indent) -> list[bytes]:
        """Return the values, those of nested nodes last and sorted: what they were called makes no difference."""
        inline = self._outline.inline
        nests = not inline.isdisjoint(objects)
        if prop.holds == "@id" and not nests and self.embed is None:
            ids = self._ids
            return [ids.get(term) or self._id(term) for term in objects]
        values = [self._value(term, prop, indent) for term in objects]
        if not nests:
            return values
        pairs = list(zip(objects, values, strict=True))
        return [v for o, v in pairs if o not in inline] + sorted(v for o, v in pairs if o in inline)

    def _value(self, term: bytes, prop: Property, indent: Indent) -> bytes:
        if term[0] == _QUOTE:
            return self._literal(term, prop)
        if term in self._outline.inline:
            members = self._outline.members(term)
            if members is None:
                return self.text(term, self._outline.facts(term), indent)
            of_members = prop._replace(holds="@id" if prop.holds == "@id" else "")
            values = [self._value(member, of_members, indent.deeper.deeper) for member in members]
            return b'{"@list": ' + indent.array(values, always=True) + b"}"
        if self.embed is not None and (embedded := self.embed(term, indent)) is not None:
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

    def _writing(self, predicate: bytes, indent: Indent) -> _Writing:
        iri = predicate[1:-1]
        self._check(iri)
        prop = self.context.properties.get(predicate) or Property(iri.decode(), "", many=False)
        self._writings[indent][predicate] = _Writing(iri, prop, indent)
        return self._writings[indent][predicate]

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
