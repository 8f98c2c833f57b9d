"""Read CSL-JSON, the form in which Zotero and citation processors keep publications.

Source: the schema at https://github.com/citation-style-language/schema (csl-data.json).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from llmkg.curate.fields import (
    arxiv_id,
    arxiv_in,
    author_names,
    doi_name,
    language_of,
    one_line,
    pages,
    web_address,
    year_number,
)
from llmkg.curate.inputfile import InputFile
from llmkg.curate.jsonrecords import json_records
from llmkg.curate.record import Broken, Place, Record
from llmkg.errors import shown
from llmkg.venue import printed

__all__ = ["read"]

_MARKUP = re.compile(r"</?(?:i|b|sup|sub|sc|span)(?: [^<>]*)?>")  # what titles in CSL-JSON may hold
_OTHERS = {"literal": "others"}  # the last of the authors when some are left out, as in BibTeX
_PARTS = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")


def read(file: InputFile) -> Iterator[Record | Broken]:
    """Yield what each item of ``file`` says, in order; see ``llmkg.curate.record``."""
    for item in json_records(file):
        yield item if isinstance(item, Broken) else _record(*item)


def _record(place: Place, item: Mapping[str, Any]) -> Record | Broken:
    key = shown(_text(item, "id"))
    try:
        title = one_line(_MARKUP.sub("", _text(item, "title")))
        if not title:
            return Broken(place, f"the item '{key}' has no title. Add one.")
        given = item.get("author") or item.get("editor")
        people = given if isinstance(given, list) else []
        names = [_name(one) for one in people if isinstance(one, Mapping)]
        more = people[-1:] == [_OTHERS]
        doi, url, venue = doi_name(_text(item, "DOI")), _text(item, "URL").strip(), one_line(_venue(item))
        return Record(
            place=place,
            title=title,
            lang=language_of(title, _text(item, "language")),
            authors=author_names(names[:-1] if more else names),
            more_authors=more,
            year=_year(item),
            venue=venue,
            arxiv=_arxiv(item) or next(filter(None, map(arxiv_in, (doi, url, venue, _text(item, "note")))), ""),
            doi=doi,
            url=web_address(url),
        )
    except ValueError as error:
        return Broken(place, f"the item '{key}': {error}.")


def _arxiv(item: Mapping[str, Any]) -> str:
    """Return the arXiv id where it has a member of its own, as Zotero and ``llmkg export`` write it."""
    number = _text(item, "number")
    if number.lower().startswith("arxiv:"):
        return arxiv_id(number)
    return arxiv_id(_text(item, "archive_location")) if _text(item, "archive").lower() == "arxiv" else ""


def _text(item: Mapping[str, Any], name: str) -> str:
    """Return a value that is a text or a number, as text."""
    value = item.get(name)
    if isinstance(value, list):  # as Crossref gives titles
        value = value[0] if value else None
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _name(person: Mapping[str, Any]) -> str:
    return _text(person, "literal") or " ".join(filter(None, (_text(person, part).strip() for part in _PARTS)))


def _year(item: Mapping[str, Any]) -> int | None:
    """Return the year in which the work was issued."""
    issued = item.get("issued")
    if not isinstance(issued, Mapping):
        return year_number(_text(item, "issued"))
    parts = issued.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    year = first[0] if isinstance(first, list) and first else None
    return year_number(str(year) if isinstance(year, str | int) else _text(issued, "raw") or _text(issued, "literal"))


def _venue(item: Mapping[str, Any]) -> str:
    """Return where a work appeared, as BibTeX's plain style prints it."""
    name = _text(item, "container-title")
    if not name:
        return _text(item, "event-title") or _text(item, "publisher")
    kind = "booktitle" if _text(item, "type") in {"paper-conference", "chapter"} else "journal"
    return printed(
        {
            kind: name,
            "volume": _text(item, "volume"),
            "number": _text(item, "issue"),
            "series": _text(item, "collection-title") if _text(item, "volume") else "",
            "pages": pages(_text(item, "page")),
            "address": _text(item, "publisher-place"),
            "publisher": _text(item, "publisher"),
        }
    )
