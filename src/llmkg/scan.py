"""Cut Turtle or SPARQL text into strings, IRIs, comments, variables and the rest.

Both languages write these four alike, which is all that is needed to find a parameter or a
comment without being fooled by a ``$`` or a ``#`` inside a string or an IRI.
Source: SPARQL 1.1 grammar, productions 139 to 143 and 156 to 159; Turtle likewise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["Token", "tokens"]

_TOKEN = re.compile(
    r"""
    (?P<string> \"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\" | \'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
              | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<comment> \#[^\n\r]* )
    | (?P<variable> [?$][^\W]\w* )
    | (?P<name> [^\W\d_][\w.-]*:(?:[\w.:%-]|\\.)* | :[\w.:%-]+ )
    | (?P<other> [^\W]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token:
    """One piece of text: its ``kind`` (a group name of the scanner), ``text`` and ``start``."""

    __slots__ = ("kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of ``text`` in order; joined, they give ``text`` again."""
    for match in _TOKEN.finditer(text):
        yield Token(str(match.lastgroup), match.group(), match.start())
