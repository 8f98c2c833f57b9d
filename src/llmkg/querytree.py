"""The conditions of a SPARQL query with their places: what can be left out of the text, one at a time.

``conditions`` gives each triple pattern, FILTER, MINUS and VALUES of the WHERE clause, and of the groups,
branches of UNION and subqueries in it. OPTIONAL and BIND take no rows away; what stands in them, or in
FILTER, is part of them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

from llmkg.scan import Token, tokens

__all__ = ["Condition", "conditions", "without"]

_PAIRS = {"{": "}", "(": ")", "[": "]"}
_CLAUSES = ("FILTER", "OPTIONAL", "MINUS", "GRAPH", "SERVICE", "BIND", "VALUES", "UNION", "LATERAL")


class Condition(NamedTuple):
    """A part of a query from ``start`` to ``end``; ``kind`` is triple, FILTER, MINUS or VALUES."""

    kind: str
    start: int
    end: int
    subject: str = ""  # of a triple whose subject stands before it

    def text(self, query: str) -> str:
        """Return the part as it stands in ``query``."""
        return f"{self.subject} {query[self.start : self.end]}".strip().strip(";").strip()


def without(query: str, condition: Condition) -> str:
    """Return ``query`` without ``condition``; the places of the rest are the same."""
    length = condition.end - condition.start
    return f"{query[: condition.start]}{' ' * length}{query[condition.end :]}"


def conditions(query: str) -> list[Condition]:
    """Return the conditions of a SELECT query in the order of its text."""
    reader = _Reader(query)
    return sorted(reader.read(), key=lambda condition: condition.start)


class _Reader:
    def __init__(self, query: str) -> None:
        self._pieces = [token for token in tokens(query) if token.kind != "comment" and not token.text.isspace()]
        self._query = query

    def read(self) -> Iterator[Condition]:
        opened = next((n for n, piece in enumerate(self._pieces) if self._is(n, "{")), None)
        if opened is not None:
            yield from self._group(opened)

    def _group(self, opened: int) -> Iterator[Condition]:
        """Yield the conditions between the brace at ``opened`` and the one that closes it."""
        closed = self._closing(opened)
        at = opened + 1
        if self._word(at) == "SELECT":
            inner = next((n for n in range(at, closed) if self._is(n, "{")), None)
            if inner is not None:
                yield from self._group(inner)
            return
        while at < closed:
            word = self._word(at)
            if word == "FILTER":
                end = self._constraint(at + 1, closed)
                yield self._condition("FILTER", at, end)
            elif word in ("OPTIONAL", "BIND", "LATERAL", "SERVICE"):
                end = self._bracket(at + 1, closed)
            elif word in ("MINUS", "VALUES"):
                end = self._braces(at + 1, closed)
                yield self._condition(word, at, end)
            elif word == "GRAPH":
                yield from self._group(self._next(at, "{", closed))
                end = self._braces(at + 1, closed)
            elif self._is(at, "{"):
                end = self._closing(at) + 1
                yield from self._group(at)
            elif word == "UNION" or self._is(at, "."):
                end = at + 1
            else:
                end = yield from self._triples(at, closed)
            at = max(end, at + 1)

    def _triples(self, at: int, closed: int) -> Generator[Condition, None, int]:
        """Yield the patterns of one subject; what is returned is the place after them."""
        subject_end = self._closing(at) + 1 if self._pieces[at].text in _PAIRS else at + 1
        if self._pieces[at].text == "_":  # a blank node: "_" and ":name"
            subject_end = at + 2
        subject = self._query[self._pieces[at].start : self._end(subject_end - 1)]
        parts: list[tuple[int, int]] = []
        begin = now = subject_end
        while now < closed:
            text = self._pieces[now].text
            if text in (".", "{") or (self._pieces[now].kind == "other" and text.upper() in _CLAUSES):
                break
            if text == ";":
                parts.append((begin, now + 1))
                begin = now + 1
            now = self._closing(now) + 1 if text in _PAIRS else now + 1
        if begin < now:
            parts.append((begin, now))
        ends_with_dot = now < closed and self._pieces[now].text == "."
        if len(parts) == 1:
            yield self._condition("triple", at, now + ends_with_dot)
        else:
            for first, last in parts:
                yield self._condition("triple", first, last, subject)
        return now + ends_with_dot

    def _constraint(self, at: int, closed: int) -> int:
        """Return the place after what follows FILTER: brackets, EXISTS with a group, or the call of a function."""
        if self._word(at) == "NOT":
            at += 1
        return self._bracket(at, closed)

    def _bracket(self, at: int, closed: int) -> int:
        """Return the place after the next bracketed part."""
        opened = next((n for n in range(at, closed) if self._pieces[n].text in ("(", "{")), closed - 1)
        return self._closing(opened) + 1

    def _braces(self, at: int, closed: int) -> int:
        return self._closing(self._next(at, "{", closed)) + 1

    def _next(self, at: int, sign: str, closed: int) -> int:
        return next((n for n in range(at, closed) if self._is(n, sign)), closed)

    def _closing(self, opened: int) -> int:
        """Return the place of the bracket that closes the one at ``opened``."""
        depth = 0
        for number in range(opened, len(self._pieces)):
            depth += (self._pieces[number].text in _PAIRS) - (self._pieces[number].text in _PAIRS.values())
            if depth == 0:
                return number
        return len(self._pieces) - 1

    def _condition(self, kind: str, first: int, after: int, subject: str = "") -> Condition:
        return Condition(kind, self._pieces[first].start, self._end(after - 1), subject)

    def _end(self, number: int) -> int:
        piece: Token = self._pieces[number]
        return piece.start + len(piece.text)

    def _word(self, number: int) -> str:
        piece = self._pieces[number] if number < len(self._pieces) else None
        return piece.text.upper() if piece is not None and piece.kind == "other" and piece.text.isalpha() else ""

    def _is(self, number: int, sign: str) -> bool:
        return self._pieces[number].kind == "other" and self._pieces[number].text == sign
