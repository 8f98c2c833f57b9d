"""Write publications as BibTeX: one entry each, its key the end of the publication's IRI."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from llmkg.publications import Publication
from llmkg.terms import local_name
from llmkg.venue import taken_apart

__all__ = ["bibtex", "entry", "entry_fields", "entry_keys", "keys"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\ensuremath{\lbrace}",  # BibTeX counts braces even after a backslash
    "}": r"\ensuremath{\rbrace}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: "\\" + char for char in "&%$#_"},
}
_LIGATURES = re.compile(r"([-'`,<>])(?=\1)|[?!](?=`)")  # what TeX would set as a dash, a quotation mark or ¿
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # no TeX reads these
_VERBATIM = frozenset(["url", "doi", "eprint"])  # what LaTeX packages read without commands
_ARCHIVED = re.compile(r"(?:arXiv preprint )?arXiv[:, ].*", re.IGNORECASE)


def bibtex(publications: Iterable[Publication]) -> str:
    """Return a BibTeX file with an entry for each of ``publications``, by key."""
    known = keys(publications)
    return "\n".join(entry(key, known[key]) for key in sorted(known))


def keys(publications: Iterable[Publication]) -> dict[str, Publication]:
    """Return each publication by a key that is its own, as ``entry_keys`` gives them."""
    known = {one.term: one for one in publications}
    return {key: known[term] for key, term in entry_keys(known).items()}


def entry_keys(terms: Iterable[NamedNode]) -> dict[str, NamedNode]:
    """Return each term by a key that is its own: the end of its IRI, with a number where two have the same."""
    found: dict[str, NamedNode] = {}
    taken: set[str] = set()  # BibTeX tells no case apart
    numbers: Counter[str] = Counter()
    for term in sorted(set(terms), key=lambda term: term.value):
        slug = re.sub(r"[^A-Za-z0-9.:+/_-]+", "-", local_name(term.value)).strip("-") or "publication"
        key = slug
        while key.casefold() in taken:
            numbers[slug.casefold()] += 1
            key = f"{slug}-{numbers[slug.casefold()] + 1}"
        taken.add(key.casefold())
        found[key] = term
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
    if one.arxiv and _ARCHIVED.fullmatch(one.venue):
        return "misc", {}
    return taken_apart(one.venue)


def entry(key: str, one: Publication) -> str:
    """Return one entry as it stands in a file."""
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
    escaped = "".join(_SPECIAL.get(char, char) for char in " ".join(_CONTROLS.sub("", text).split()))
    return _LIGATURES.sub(r"\g<0>{}", escaped)


def _protected(author: str) -> str:
    """Return a name; one that BibTeX would take for two, or for a last name and a first, stays in braces."""
    text = _escaped(author)
    return f"{{{text}}}" if re.search(r"\band\b|,|^others$", author, re.IGNORECASE) else text


def _capitals(word: str) -> str:
    """Put a word with capitals in braces: styles set titles in lower case."""
    return f"{{{word}}}" if word != word.lower() else word
