"""Language tags as they are written: Oxigraph reads ``zh-Hans`` as ``zh-hans``, and a file says which it was.

RDF compares tags without regard to case (RDF 1.1 Concepts, section 3.3); what is written out again
has the case of the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from pyoxigraph import Literal, RdfFormat, parse

from llmkg.scan import tokens

__all__ = ["with_written_tags", "written_tags"]

_CAPITAL = re.compile(rb"[\"']@[a-zA-Z0-9-]*[A-Z]|xml:lang\s*=\s*[\"'][a-zA-Z0-9-]*[A-Z]")
_TAG = re.compile(r"@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*")
_XML_LANGUAGE = re.compile(r"xml:lang\s*=\s*[\"']([a-zA-Z0-9-]+)[\"']")


def written_tags(content: bytes) -> dict[bytes, bytes]:
    """Return what Turtle or RDF/XML ``content`` writes with capitals in the tag.

    From a literal with a lower-case tag, as N-Triples writes it, or from the tag alone (RDF/XML), to
    the same with the tag as it is written; where one literal is written in two ways, the first in
    the order of the letters.
    """
    if not _CAPITAL.search(content):
        return {}
    text = content.decode()
    found: dict[bytes, bytes] = {}
    for tag in sorted(set(_XML_LANGUAGE.findall(text)), reverse=True):
        found[f"@{tag.lower()}".encode()] = f"@{tag}".encode()
    written = set()
    for string, rest in pairwise(_pieces(text)):
        tag_match = _TAG.fullmatch(rest) if string[:1] in "\"'" else None
        if tag_match:
            written.add((string, rest))
    for string, tag in sorted(written, reverse=True):
        (quad,) = parse(f"<a:a> <a:b> {string}{tag} .", RdfFormat.TURTLE)
        assert isinstance(quad.object, Literal)
        text_of = str(quad.object)
        found[text_of.encode()] = (text_of[: -len(tag)] + tag).encode()
    return found


def with_written_tags(lines: Iterable[bytes], written: dict[bytes, bytes]) -> list[bytes]:
    """Return N-Triples ``lines`` with the tags of ``written_tags``."""
    if not written:
        return list(lines)
    found = []
    for line in lines:
        subject, predicate, obj = line.split(b" ", 2)
        if obj.startswith(b'"'):
            head, _, tail = obj.rpartition(b'"')
            obj = written.get(obj) or (head + b'"' + written.get(tail, tail))
        found.append(b" ".join((subject, predicate, obj)))
    return found


def _pieces(text: str) -> list[str]:
    """Return strings, and language tags whole, which the scanner cuts at hyphens."""
    pieces: list[str] = []
    for token in tokens(text):
        joined = pieces and pieces[-1].startswith("@") and (token.text == "-" or token.text.replace("-", "").isalnum())
        if joined and token.kind in ("other", "name"):
            pieces[-1] += token.text
        else:
            pieces.append(token.text)
    return pieces
