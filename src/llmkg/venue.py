"""Take a venue apart as the plain style of BibTeX prints it, and print it from its parts.

``taken_apart("Nature, 12(3):4–5")`` gives the type of entry, ``article``, and its fields; ``printed`` gives
the text again. What is not of a form that leaves no doubt stays in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["printed", "taken_apart"]

_PROCEEDINGS = re.compile(
    r"In (?P<booktitle>(?:(?!, pages? |, volume ).)+)"
    r"(?:, volume (?P<volume>[^\s,.]+)(?: of (?P<series>[^,.]+))?)?"
    r", pages (?P<pages>[0-9:]+(?:–[0-9:]+)?)"
    r"(?:, (?P<address>[^.]+))?"
    r"(?:\. (?P<publisher>[^.]+))?"
)
_JOURNAL = re.compile(r"(?P<journal>.+?), (?P<volume>[0-9]+)(?:\((?P<number>[^()]+)\))?(?::(?P<pages>[\w–-]+))?")
# What stands before each field, and behind it, where it is printed.
_PROCEEDINGS_PARTS = (
    ("booktitle", "In ", ""),
    ("volume", ", volume ", ""),
    ("series", " of ", ""),
    ("pages", ", pages ", ""),
    ("address", ", ", ""),
    ("publisher", ". ", ""),
)
_JOURNAL_PARTS = (("journal", "", ""), ("volume", ", ", ""), ("number", "(", ")"), ("pages", ":", ""))
_UNNUMBERED_PARTS = (("journal", "", ""), ("pages", ", pages ", ""))


def taken_apart(venue: str) -> tuple[str, dict[str, str]]:
    """Return the type of entry and the fields that ``venue`` makes, none when it is empty.

    >>> taken_apart("In Proceedings of X, pages 1–2")
    ('inproceedings', {'booktitle': 'Proceedings of X', 'pages': '1–2'})
    """
    if not venue:
        return "misc", {}
    for kind, form in (("inproceedings", _PROCEEDINGS), ("article", _JOURNAL)):
        if found := form.fullmatch(venue):
            return kind, {name: text for name, text in found.groupdict().items() if text}
    if venue.startswith("In ") and venue != "In ":
        return "inproceedings", {"booktitle": venue.removeprefix("In ")}
    return "misc", {"howpublished": venue}


def printed(fields: Mapping[str, str]) -> str:
    """Return the venue that these fields of an entry make, empty when they name none.

    A double hyphen between pages becomes a dash; a number without a volume is left out. For whatever
    ``taken_apart`` gives this is its inverse.

    >>> printed({"journal": "Nature", "volume": "12", "pages": "4--5"})
    'Nature, 12:4–5'
    """
    parts: Sequence[tuple[str, str, str]]
    if fields.get("booktitle"):
        parts = _PROCEEDINGS_PARTS
    elif fields.get("journal"):
        parts = _JOURNAL_PARTS if fields.get("volume") else _UNNUMBERED_PARTS
    else:
        return fields.get("howpublished", "")
    known = {**fields, "pages": fields.get("pages", "").replace("--", "–")}
    return "".join(before + known[name] + behind for name, before, behind in parts if known.get(name))
