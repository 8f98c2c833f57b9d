"""Write publications as BibTeX: one entry each, its key the end of the publication's IRI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from llmkg.publications import Publication

__all__ = ["bibtex", "entry_fields", "keys"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\ensuremath{\lbrace}",  # BibTeX counts braces even after a backslash
    "}": r"\ensuremath{\rbrace}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: "\\" + char for char in "&%$#_"},
}
_LIGATURES = re.compile(r"([-'`,<>])(?=\1)|[?!](?=`)")  # what TeX would set as a dash, a quotation mark or ¿
_VERBATIM = frozenset(["url", "doi", "eprint"])  # what LaTeX packages read without commands
# Venues as the plain style of BibTeX prints them; what is not of these forms stays in one piece.
_PROCEEDINGS = re.compile(
    r"In (?P<booktitle>(?:(?!, pages? |, volume ).)+)"
    r"(?:, volume (?P<volume>[^\s,.]+)(?: of (?P<series>[^,.]+))?)?"
    r", pages (?P<pages>[0-9:]+(?:–[0-9:]+)?)"
    r"(?:, (?P<address>[^.]+))?"
    r"(?:\. (?P<publisher>[^.]+))?"
)
_JOURNAL = re.compile(r"(?P<journal>.+?), (?P<volume>[0-9]+)(?:\((?P<number>[^()]+)\))?(?::(?P<pages>[\w–-]+))?")
_ARCHIVED = re.compile(r"(?:arXiv preprint )?arXiv[:, ].*", re.IGNORECASE)


def bibtex(publications: Iterable[Publication]) -> str:
    """Return a BibTeX file with an entry for each of ``publications``, by key."""
    entries = keys(publications)
    return "\n".join(_entry(key, entries[key]) for key in sorted(entries))


def keys(publications: Iterable[Publication]) -> dict[str, Publication]:
    """Return each publication by a key that is its own: the slug, with a number where two have the same."""
    found: dict[str, Publication] = {}
    for one in sorted({p.term: p for p in publications}.values(), key=lambda p: p.term.value):
        slug = re.sub(r"[^A-Za-z0-9.:+/_-]+", "-", one.slug).strip("-") or "publication"
        number, key = 1, slug
        while key.casefold() in map(str.casefold, found):  # BibTeX tells no case apart
            number += 1
            key = f"{slug}-{number}"
        found[key] = one
    return found


def entry_fields(one: Publication) -> tuple[str, dict[str, str]]:
    """Return the type of the entry and its fields as plain text, in the order they are written in.

    A venue printed as ``In ...`` makes it ``inproceedings``, one with a volume ``article``;
    anything else is ``misc``. A venue that only names arXiv is told by the eprint.
    """
    kind, venue = _venue(one)
    fields = {
        "title": one.title,
        "author": " and ".join(one.authors) + (" and others" if one.more_authors and one.authors else ""),
        **venue,
        "year": "" if one.year is None else str(one.year),
        "eprint": one.arxiv,
        "archiveprefix": "arXiv" if one.arxiv else "",
        "doi": one.doi,
        "url": one.url,
    }
    return kind, {name: value for name, value in fields.items() if value}


def _venue(one: Publication) -> tuple[str, Mapping[str, str]]:
    printed = one.venue
    if not printed or (one.arxiv and _ARCHIVED.fullmatch(printed)):
        return "misc", {}
    for kind, form in (("inproceedings", _PROCEEDINGS), ("article", _JOURNAL)):
        if found := form.fullmatch(printed):
            return kind, {name: text for name, text in found.groupdict().items() if text}
    if printed.startswith("In "):
        return "inproceedings", {"booktitle": printed.removeprefix("In ")}
    return "misc", {"howpublished": printed}


def _entry(key: str, one: Publication) -> str:
    kind, fields = entry_fields(one)
    written = {name: _written(name, value, one) for name, value in fields.items()}
    lines = [f"  {name} = {{{value}}},\n" for name, value in written.items()]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


def _written(name: str, value: str, one: Publication) -> str:
    if name in _VERBATIM:
        return "".join(f"%{ord(c):02X}" if c in '{}\\ "\n\r\t' else c for c in value)
    if name == "author":
        names = [_protected(author) for author in one.authors]
        return " and ".join([*names, "others"] if one.more_authors else names)
    text = _escaped(value)
    if name == "pages":
        return text.replace("–", "--")
    return " ".join(map(_capitals, text.split())) if name in ("title", "booktitle") else text


def _escaped(text: str) -> str:
    escaped = "".join(_SPECIAL.get(char, char) for char in " ".join(text.split()))
    return _LIGATURES.sub(r"\g<0>{}", escaped)


def _protected(author: str) -> str:
    """Return a name; one that BibTeX would take for two, or for a last name and a first, stays in braces."""
    text = _escaped(author)
    return f"{{{text}}}" if re.search(r"\band\b|,|^others$", author, re.IGNORECASE) else text


def _capitals(word: str) -> str:
    """Put a word with capitals in braces: styles set titles in lower case."""
    return f"{{{word}}}" if word != word.lower() else word
