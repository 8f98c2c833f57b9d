"""Literals as files write them, where Oxigraph has read or kept them.

Its parsers put language tags into lower case; its store keeps the values of numbers and dates and not
their digits, so that what follows from ``007`` comes back as ``7``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import RdfFormat, Store

from llmkg.statements import lines_of

__all__ = ["as_files_write", "capital_tags", "with_literals"]

_CAPITAL = re.compile(rb"@.*[A-Z]")


def capital_tags(lines: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the literals of ``lines`` that have capitals in the language tag, by what they are without.

    Of one that is written in two ways, the first in alphabetical order is taken.
    """
    tags: dict[bytes, bytes] = {}
    for line in sorted(lines, reverse=True):
        head, quote, tail = line.rpartition(b'"')
        if quote and _CAPITAL.match(tail):
            start = head.split(b" ", 2)[2]
            tags[start + quote + tail.lower()] = start + quote + tail
    return tags


def as_files_write(follows: list[bytes], asserted: Iterable[bytes]) -> list[bytes]:
    """Return inferred lines, as a store gives them, with each literal in the form that a file gives it.

    A form that is in the files stays; of several, the first in alphabetical order is taken.
    """
    wanted = {o for line in follows if (o := line.split(b" ", 2)[2]).startswith(b'"')}
    if not wanted:
        return follows
    written = {o for line in asserted if (o := line.split(b" ", 2)[2]).startswith(b'"')}
    odd = sorted((o for o in written if not o.endswith(b'"')), reverse=True)
    forms = {kept: form for kept, form in zip(_kept(odd), odd, strict=True) if kept in wanted and kept not in written}
    return with_literals(follows, forms)


def with_literals(lines: Iterable[bytes], forms: Mapping[bytes, bytes]) -> list[bytes]:
    """Return ``lines`` with the literals of ``forms`` in the form given there."""
    if not forms:
        return list(lines)
    found = []
    for line in lines:
        start = line.find(b' "') + 1
        form = forms.get(line[start:]) if start else None
        found.append(line if form is None else line[:start] + form)
    return found


def _kept(literals: list[bytes]) -> list[bytes]:
    """Return what a store makes of literals."""
    store = Store()
    lines = (b"<urn:llmkg:%d> <urn:llmkg:is> %s .\n" % item for item in enumerate(literals))
    store.load(b"".join(lines), format=RdfFormat.N_TRIPLES)
    kept: dict[int, bytes] = {}
    for line in lines_of(quad.triple for quad in store):
        subject, _, literal = line.split(b" ", 2)
        kept[int(subject[len("<urn:llmkg:") : -1])] = literal
    return [kept[number] for number in range(len(literals))]
