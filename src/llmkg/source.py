"""Where each triple stands in a Turtle text: line and column of subject, predicate and object.

The text must be one that a parser has taken: nothing is checked here, and what is not understood
is passed over. Blank nodes have no lasting names and are written None; where two triples differ
only in their blank nodes, the first is told.
Source: RDF 1.1 Turtle, section 6.5, https://www.w3.org/TR/turtle/#sec-grammar-grammar.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from llmkg.terms import RDF, XSD, Term

__all__ = ["Source", "Spot"]

_TOKEN = re.compile(
    r"""
    (?P<skip> (?:\s|\#[^\n\r]*)++ )
  | (?P<string> \"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*+\"\"\" | \'\'\'(?:[^'\\]|\\.|'(?!''))*+\'\'\'
              | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' )
  | (?P<iri> <[^<>"{}|^`\x00-\x20]*+> )
  | (?P<at> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
  | (?P<type> \^\^ )
  | (?P<blank> _:[\w](?:[\w.-]*[\w-])? )
  | (?P<name> (?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:.%-]|\\.)*(?:[\w:%-]|\\.))? )
  | (?P<number> [+-]?(?:\d+(?:\.\d*)?[eE][+-]?\d+|\.\d+[eE][+-]?\d+|\d*\.\d+|\d+) )
  | (?P<word> [A-Za-z]+ )
  | (?P<mark> [][(){},;.] )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LONG = 6  # characters of the quotes of a string that may hold lines

Key = tuple[Term | None, Term | None, Term | None]


class Spot(NamedTuple):
    """A line and a column, both counted from 1."""

    line: int
    column: int


class _Frame:
    """A statement, a ``[`` or a ``(`` that is being read."""

    __slots__ = ("kind", "predicate", "predicate_at", "state", "subject", "subject_at")

    def __init__(self, kind: str, state: str, at: int) -> None:
        self.kind = kind
        self.state = state
        self.subject: Term | None = None
        self.subject_at = at
        self.predicate: Term | None = RDF.first if kind == "(" else None
        self.predicate_at = at


class Source:
    """One Turtle text with the places of what it says."""

    def __init__(self, text: str, base: str = "") -> None:
        """Read ``text``; relative IRIs are resolved against ``base``."""
        self._text = text
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._lines = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
        self._facts: dict[Key, tuple[int, int, int]] = {}
        self._blocks: dict[Term, int] = {}
        self._declared: dict[str, int] = {}
        self._read()

    def fact(self, triple: Triple, part: str = "object") -> Spot | None:
        """Return where ``part`` of a triple stands: its subject, predicate or object."""
        key = (_named(triple.subject), triple.predicate, _named(triple.object))
        found = self._facts.get(key)
        return None if found is None else self._spot(found[("subject", "predicate", "object").index(part)])

    def block(self, subject: Term) -> Spot | None:
        """Return where the first statement about ``subject`` begins."""
        return None if subject not in self._blocks else self._spot(self._blocks[subject])

    def prefix(self, name: str) -> Spot | None:
        """Return where the prefix ``name`` is declared."""
        return None if name not in self._declared else self._spot(self._declared[name])

    def _spot(self, offset: int) -> Spot:
        line = bisect_right(self._lines, offset)
        return Spot(line, offset - self._lines[line - 1] + 1)

    # -- reading ------------------------------------------------------------------------------

    def _read(self) -> None:
        stack = [_Frame(".", "subject", 0)]
        waiting: tuple[str, int] | None = None  # a string whose language or datatype may follow
        typed = False
        tokens = self._tokens()
        for kind, text, at in tokens:
            if waiting is not None:
                if kind == "type":
                    typed = True
                    continue
                string, start = waiting
                if typed and kind in ("iri", "name"):
                    literal = Literal(string, datatype=NamedNode(self._iri(kind, text)))
                else:
                    literal = Literal(string, language=text[1:]) if kind == "at" else Literal(string)
                used, waiting = typed or kind == "at", None
                typed = False
                self._term(stack[-1], literal, start)
                if used:
                    continue
            if kind == "string":
                waiting = (_unquoted(text), at)
            elif kind == "mark":
                self._mark(stack, text, at)
            elif stack[-1].state == "subject" and self._is_directive(kind, text):
                self._directive(text.strip("@").lower(), tokens)
            else:
                self._term(stack[-1], self._simple(kind, text), at)

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        for match in _TOKEN.finditer(self._text):
            if match.lastgroup != "skip":
                yield str(match.lastgroup), match.group(), match.start()

    def _is_directive(self, kind: str, text: str) -> bool:
        return text in ("@prefix", "@base") or (kind == "word" and text.lower() in ("prefix", "base"))

    def _directive(self, word: str, tokens: Iterator[tuple[str, str, int]]) -> None:
        _, name, at = next(tokens, ("", "", 0))
        if word == "prefix":
            _, iri, _ = next(tokens, ("", "<>", 0))
            self._prefixes[name[:-1]] = self._iri("iri", iri)
            self._declared.setdefault(name[:-1], at)
        else:
            self._base = self._iri("iri", name)

    def _mark(self, stack: list[_Frame], mark: str, at: int) -> None:
        frame = stack[-1]
        if mark in "[(":
            self._term(frame, None, at)
            stack.append(_Frame(mark, "object" if mark == "(" else "predicate", at))
        elif mark in "])" and len(stack) > 1:
            stack.pop()
        elif mark == ";":
            frame.state = "predicate"
        elif mark == ",":
            frame.state = "object"
        elif mark == ".":
            del stack[1:]
            stack[0].state = "subject"

    def _term(self, frame: _Frame, term: Term | None, at: int) -> None:
        if frame.state == "subject":
            frame.subject, frame.subject_at, frame.state = term, at, "predicate"
            if term is not None:
                self._blocks.setdefault(term, at)
        elif frame.state == "predicate":
            frame.predicate, frame.predicate_at, frame.state = term, at, "object"
        else:
            key = (frame.subject, frame.predicate, term)
            self._facts.setdefault(key, (frame.subject_at, frame.predicate_at, at))

    def _simple(self, kind: str, text: str) -> Term | None:
        """Return the term that one token is; None for a blank node and what is not understood."""
        if kind in ("iri", "name"):
            return NamedNode(self._iri(kind, text))
        if kind == "number":
            datatype = XSD.double if "e" in text.lower() else XSD.decimal if "." in text else XSD.integer
            return Literal(text, datatype=datatype)
        if kind == "word":
            return RDF.type if text == "a" else Literal(text, datatype=XSD.boolean)
        return None

    def _iri(self, kind: str, text: str) -> str:
        if kind == "iri":
            iri = _unescaped(text[1:-1])
            return iri if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri) else urljoin(self._base, iri)
        prefix, _, local = text.partition(":")
        return self._prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def _named(term: Term) -> Term | None:
    return None if isinstance(term, BlankNode) else term


def _unquoted(text: str) -> str:
    long = len(text) >= _LONG and text[:3] in ('"""', "'''")
    return _unescaped(text[3:-3] if long else text[1:-1])


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def char(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])

    return _ESCAPE.sub(char, text)
