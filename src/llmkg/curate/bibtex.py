"""Read BibTeX and BibLaTeX: each entry a record, a broken one told with its line.

bibtexparser splits the file and goes on after an entry that does not end; strings (``@string``) are
put in, LaTeX becomes text. The venue is put together as the plain style prints it, which is how
``llmkg.bibtex`` takes it apart.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping

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
from llmkg.curate.latex import check_length, plain, verbatim
from llmkg.curate.record import Broken, Place, Record
from llmkg.errors import InputError, UsageError, shown
from llmkg.venue import printed

__all__ = ["read"]

_VALUE_MARK = re.compile(r"\\.|[{}\"#]", re.DOTALL)
_ENCLOSED = frozenset('{"')
_MOST_STRINGS = 16 * 1024 * 1024  # characters that all @string of a file may come to
_OTHERS = "others"  # the last of the authors when some are left out
_WANTED = {
    *("title", "author", "editor", "year", "date", "doi", "eprint", "eprinttype", "archiveprefix", "url", "langid"),
    *("language", "journal", "journaltitle", "booktitle", "volume", "number", "series", "pages", "address"),
    *("location", "publisher", "howpublished", "school", "institution"),
}


def read(file: InputFile) -> Iterator[Record | Broken]:
    """Yield what each entry of ``file`` says, in order; see ``llmkg.curate.record``."""
    try:
        from bibtexparser.entrypoint import parse_string  # noqa: PLC0415  (an extra)
        from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock, String  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            'BibTeX is read with bibtexparser, which is not installed. Run: pip install "llmkg[import]"'
        ) from error
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it finds is told below, once
    strings: dict[str, str] = {}
    size, empty = 0, True
    for block in parse_string(file.text(), parse_stack=[]).blocks:
        place = Place(file.name, (block.start_line or 0) + 1)
        found = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
        if isinstance(found, String):
            try:
                value = _value(found.value, strings)
            except ValueError as error:
                yield Broken(place, f"the string '{shown(found.key)}': {error}.")
                continue
            strings[found.key.lower()] = value
            size += len(value)
            if size > _MOST_STRINGS:
                raise InputError(f"{place}: the strings come to more than {_MOST_STRINGS:,} characters. Take some out.")
        elif isinstance(found, Entry):
            empty = False
            yield _record(place, found.key, {field.key.lower(): str(field.value) for field in found.fields}, strings)
        elif isinstance(found, ParsingFailedBlock):
            empty = False
            yield Broken(place, _reason(found.error, found.raw))
    if empty:
        yield Broken(Place(file.name, 1), "holds no entry of BibTeX, such as @article{key, title = {...}}.")


def _value(text: str, strings: Mapping[str, str]) -> str:
    """Return a value without its braces or quotes, with what ``@string`` has defined and ``#`` joins."""
    parts, start, depth, quoted = [], 0, 0, False
    for mark in _VALUE_MARK.finditer(text):
        sign = mark[0]
        if sign == '"' and not depth:
            quoted = not quoted
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
        elif sign == "#" and not depth and not quoted:
            parts.append(text[start : mark.start()])
            start = mark.end()
    parts = [part.strip() for part in (*parts, text[start:])]
    values = [part[1:-1] if part[:1] in _ENCLOSED else strings.get(part.lower(), part) for part in parts if part]
    check_length(sum(map(len, values)))
    return "".join(values)


def _reason(error: Exception, raw: str | None) -> str:
    """Return why a block could not be read, with its beginning."""
    why = " ".join(str(getattr(error, "abort_reason", error)).split()).rstrip(". ")
    begin = (raw or "").strip().partition("\n")[0]
    return f"the entry '{shown(begin)}' cannot be read: {why[:200]}. Mend its braces, quotes and commas."


def _record(place: Place, key: str, given: Mapping[str, str], strings: Mapping[str, str]) -> Record | Broken:
    try:
        fields = {name: _value(text, strings) for name, text in given.items() if name in _WANTED}
        title = one_line(plain(fields.get("title", "")))
        if not title:
            return Broken(place, f"the entry '{shown(key)}' has no title. Add one.")
        names, more = _names(fields.get("author") or fields.get("editor") or "")
        venue = one_line(_venue({name: plain(value) for name, value in fields.items() if name != "author"}))
        doi, url = doi_name(verbatim(fields.get("doi", ""))), verbatim(fields.get("url", ""))
        return Record(
            place=place,
            title=title,
            lang=language_of(title, fields.get("langid") or fields.get("language", "")),
            authors=author_names(names),
            more_authors=more,
            year=year_number(plain(fields.get("year") or fields.get("date", ""))),
            venue=venue,
            arxiv=_arxiv(fields) or next(filter(None, map(arxiv_in, (doi, url, venue))), ""),
            doi=doi,
            url=web_address(url),
        )
    except (ValueError, RecursionError) as error:
        text = str(error) if isinstance(error, ValueError) else "its braces are too deep. Take some out"
        return Broken(place, f"the entry '{shown(key)}': {text}.")


def _arxiv(fields: Mapping[str, str]) -> str:
    """Return the arXiv id that ``eprint`` gives, where it is one of arXiv."""
    archive = fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv"
    return arxiv_id(verbatim(fields.get("eprint", ""))) if archive.strip("{} ").lower() == "arxiv" else ""


def _names(text: str) -> tuple[list[str], bool]:
    """Return the authors as printed, and whether there are others.

    First names come first, and the braces that keep a name in one piece are gone.
    """
    from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names  # noqa: PLC0415

    # bibtexparser 2.1 loses a backslash that a name begins with; braces before it keep it.
    written = split_multiple_persons_names(re.sub(r"(?<=\s)(?=\\)", "{}", text.strip()))
    more = written[-1:] == [_OTHERS]
    names = []
    for name in written[:-1] if more else written:
        parts = parse_single_name_into_parts(name, strict=False)
        printed_name = " ".join([*parts.first, *parts.von, *parts.last, *parts.jr])
        names.append(plain(printed_name))
    return names, more


def _venue(fields: Mapping[str, str]) -> str:
    """Return where a work appeared, as BibTeX's plain style prints it."""

    def given(*names: str) -> str:
        return next((fields[name] for name in names if fields.get(name)), "")

    parts = {
        **fields,
        "journal": given("journal", "journaltitle"),
        "pages": pages(fields.get("pages", "")),
        "address": given("address", "location"),
        "howpublished": given("howpublished", "publisher", "school", "institution"),
    }
    return printed(parts if parts.get("volume") else {**parts, "series": ""})
