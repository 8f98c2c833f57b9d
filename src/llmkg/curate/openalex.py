"""Read works of OpenAlex as its API and its snapshot give them: JSON or JSON Lines, packed with gzip or not.

Source: https://docs.openalex.org/api-entities/works/work-object. Most of a work is not for us; any
part of what is may be null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llmkg.curate.fields import arxiv_in, author_names, doi_name, language_of, one_line, web_address
from llmkg.curate.inputfile import InputFile
from llmkg.curate.jsonrecords import json_records
from llmkg.curate.record import Broken, Place, Record
from llmkg.errors import shown

__all__ = ["read"]


def read(file: InputFile) -> Iterator[Record | Broken]:
    """Yield what each work of ``file`` says, in order; see ``llmkg.curate.record``."""
    for item in json_records(file):
        yield item if isinstance(item, Broken) else _record(*item)


def _record(place: Place, work: Mapping[str, Any]) -> Record | Broken:
    try:
        title = one_line(_text(work, "title") or _text(work, "display_name"))
        if not title:
            return Broken(place, f"the work '{shown(_text(work, 'id'))}' has no title. Take it out, or give it one.")
        doi = doi_name(_text(work, "doi") or _text(_part(work, "ids"), "doi"))
        primary = _part(work, "primary_location")
        arxiv = arxiv_in(doi) or next(filter(None, map(_arxiv, [primary, *_list(work, "locations")])), "")
        year = work.get("publication_year")
        named = [
            _text(_part(one, "author"), "display_name") or _text(one, "raw_author_name")
            for one in _list(work, "authorships")
        ]
        return Record(
            place=place,
            title=title,
            lang=language_of(title, _text(work, "language")),
            authors=author_names(named),
            more_authors=work.get("is_authors_truncated") is True,
            year=year if isinstance(year, int) and not isinstance(year, bool) else None,
            venue=one_line(_text(_part(primary, "source"), "display_name")),
            arxiv=arxiv,
            doi="" if arxiv_in(doi) else doi,  # OpenAlex has nothing else to name a preprint by
            url="" if doi or arxiv else web_address(_text(primary, "landing_page_url")),
        )
    except ValueError as error:
        return Broken(place, f"the work '{shown(_text(work, 'id'))}': {error}.")


def _arxiv(location: Mapping[str, Any]) -> str:
    """Return the arXiv id that a place where the work is kept leads to."""
    return arxiv_in(_text(location, "landing_page_url")) or arxiv_in(_text(location, "pdf_url"))


def _text(of: Mapping[str, Any], name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    return value if isinstance(value, dict) else {}


def _list(of: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = of.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
