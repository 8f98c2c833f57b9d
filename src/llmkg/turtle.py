"""The sorted Turtle form: triples in, one text out, the same for every order of the input.

One subject block, one fact per line, each line ended by `` ;`` and the block by a dot alone, so
that a new fact is a one-line diff. Sorted are the prefixes, the subjects (an ontology header
first), the predicates (``a``, labels and definitions first) and the objects. Blank nodes used
once are written in place, lists in parentheses; comments are not kept.
Source: RDF 1.1 Turtle, https://www.w3.org/TR/turtle/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Triple

from llmkg.outline import Facts, Outline, Watch, is_blank, literal_parts
from llmkg.statements import lines_of
from llmkg.terms import RDF, XSD, Term, curie

__all__ = ["TermTexts", "block_texts", "facts_on_lines", "prefix_lines", "serialize", "term_text", "turtle_parts"]

_TYPE, _NIL = str(RDF.type).encode(), str(RDF.nil).encode()
_BARE = {str(XSD.integer).encode(): re.compile(rb"[+-]?[0-9]+"), str(XSD.boolean).encode(): re.compile(b"true|false")}
_LOCAL = re.compile(rb"(?:\w(?:[\w.:-]*[\w:-])?)?")  # the ASCII names of ``terms.curie``
_QUOTE, _BRACKET = b'">'
_INDENT = b"    "
_BREAK = re.compile(rb"\n *")  # never inside a literal, where a line break is escaped


def serialize(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return ``triples`` in the sorted form, with those of ``prefixes`` that are used.

    Blank nodes that are used twice or lie on a cycle get the labels of RDF Dataset
    Canonicalization (RDFC-1.0), so the text does not depend on the labels of the input.
    """
    return b"".join(turtle_parts(lines_of(triples), prefixes)).decode()


def turtle_parts(lines: Iterable[bytes], prefixes: Mapping[str, str], watch: Watch = list) -> Iterator[bytes]:
    """Yield the text of ``serialize`` in parts, from lines of ``llmkg.statements``."""
    names = TermTexts(prefixes)
    texts = list(block_texts(Outline(lines, watch), names))
    head = prefix_lines(names)
    if head:
        yield head
        yield b"\n" if texts else b""
    for number, text in enumerate(texts):
        yield b"\n" + text if number else text


def prefix_lines(names: TermTexts) -> bytes:
    """Return the declarations of the prefixes that have been used."""
    return b"".join(b"@prefix %s: <%s> .\n" % item for item in names.declarations())


def term_text(term: Term, prefixes: Mapping[str, str]) -> str:
    """Return one term as Turtle: a CURIE where a prefix fits, else an IRI or a literal.

    >>> from pyoxigraph import Literal
    >>> term_text(Literal("幻觉", language="zh"), {})
    '"幻觉"@zh'
    """
    return TermTexts(prefixes)[str(term).encode()].decode()


class TermTexts(dict[bytes, bytes]):
    """How terms are written, by their N-Triples text: found once, then looked up."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Take the prefixes that may be used; ``declarations`` tells those that were."""
        self._prefixes = prefixes
        self._used: set[str] = set()
        # Most namespaces end at the last # or / of an IRI: one look-up instead of a search.
        self._plain = all(iri.endswith(("#", "/")) for iri in prefixes.values())
        self._by_namespace: dict[bytes, str] = {}
        for prefix, iri in sorted(prefixes.items()):
            self._by_namespace.setdefault(iri.encode(), prefix)
        self[_NIL] = b"()"

    def __missing__(self, term: bytes) -> bytes:
        """Find out how ``term`` is written."""
        if term.startswith(b"<<"):
            return term
        text = self._iri(term) if term.startswith(b"<") else self._literal(term) if term.startswith(b'"') else term
        self[term] = text
        return text

    def declarations(self) -> list[tuple[bytes, bytes]]:
        """Return the prefixes that were used and their IRIs, sorted."""
        return sorted((prefix.encode(), self._prefixes[prefix].encode()) for prefix in self._used)

    def _iri(self, term: bytes) -> bytes:
        namespace = term[1 : max(term.rfind(b"#"), term.rfind(b"/")) + 1]
        local = term[len(namespace) + 1 : -1]
        prefix = self._by_namespace.get(namespace) if self._plain and _LOCAL.fullmatch(local) else None
        if prefix is None:
            short = None if self._plain else curie(term[1:-1].decode(), self._prefixes)
            if short is None:
                return term
            self._used.add(short.partition(":")[0])
            return short.encode()
        self._used.add(prefix)
        return b"%s:%s" % (prefix.encode(), local)

    def _literal(self, term: bytes) -> bytes:
        value, _, datatype = literal_parts(term)
        if not datatype:
            return term
        bare = _BARE.get(datatype)
        return value if bare and bare.fullmatch(value) else b'"%s"^^%s' % (value, self[datatype])


def block_texts(outline: Outline, names: TermTexts, indent: bytes = b"") -> Iterator[bytes]:
    """Yield the text of each subject that is not nested, in order."""
    writer = _Writer(outline, names, indent)
    unused = []
    for subject, facts in outline.subjects():
        if subject in outline.unused:
            unused.append(writer.block(b"[]", facts))
        else:
            yield writer.block(names[subject], facts)
    yield from sorted(unused)


class _Verbs(dict[bytes, bytes]):
    """What a line begins with at one indentation, by its predicate."""

    def __init__(self, names: TermTexts, indent: bytes) -> None:
        self._names = names
        self._indent = indent
        self[_TYPE] = indent + b"a "

    def __missing__(self, predicate: bytes) -> bytes:
        self[predicate] = self._indent + self._names[predicate] + b" "
        return self[predicate]


def facts_on_lines(lines: Iterable[bytes], names: TermTexts) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield subject, predicate and text of the object of each fact of an IRI, what is nested in it on one line.

    What is said of a blank node that is not nested comes whole as text, with no subject and no predicate.
    """
    outline = Outline(lines)
    writer = _Writer(outline, names, b"")
    for subject, facts in outline.subjects():
        if is_blank(subject):
            label = b"[]" if subject in outline.unused else subject
            yield b"", b"", _BREAK.sub(b" ", writer.block(label, facts)).strip()
            continue
        for _, predicate, objects in facts:
            for term in objects:
                yield subject, predicate, _BREAK.sub(b" ", writer.nested(term, b""))


class _Writer:
    """Writes the facts of one subject after the other."""

    def __init__(self, outline: Outline, names: TermTexts, indent: bytes) -> None:
        self._outline = outline
        self._names = names
        self._start = indent
        self._indent = indent + _INDENT
        self._end = b" ;\n%s.\n" % self._indent
        self._verbs: dict[bytes, _Verbs] = {}

    def block(self, subject: bytes, facts: Facts) -> bytes:
        """Return the block of a subject, by its name."""
        return b"".join((self._start, subject, b"\n", b" ;\n".join(self._lines(facts, self._indent)), self._end))

    def _lines(self, facts: Facts, indent: bytes) -> list[bytes]:
        names, inline = self._names, self._outline.inline
        verbs = self._verbs.get(indent) or self._verbs.setdefault(indent, _Verbs(names, indent))
        lines: list[bytes] = []
        for _, predicate, objects in facts:
            verb = verbs[predicate]
            if inline and not inline.isdisjoint(objects):
                lines += self._mixed(verb, objects, indent)
                continue
            for term in objects:
                if term[0] == _QUOTE and term[-1] != _BRACKET:  # no datatype: written as it is
                    lines.append(verb + term)
                else:
                    lines.append(verb + names[term])
        return lines

    def _mixed(self, verb: bytes, objects: Iterable[bytes], indent: bytes) -> list[bytes]:
        inline = self._outline.inline
        plain = [verb + self._names[term] for term in objects if term not in inline]
        return plain + sorted(verb + self.nested(term, indent) for term in objects if term in inline)

    def nested(self, term: bytes, indent: bytes) -> bytes:
        """Return a blank node that is written in place, or any member of a list."""
        if term not in self._outline.inline:
            return self._names[term]
        if (members := self._outline.members(term)) is not None:
            return b"( %s )" % b" ".join(self.nested(member, indent) for member in members)
        lines = self._lines(self._outline.facts(term), indent + _INDENT)
        return b"[\n%s ;\n%s]" % (b" ;\n".join(lines), indent) if lines else b"[]"
