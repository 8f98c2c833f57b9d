"""Write publications as CSL-JSON: one item each, with the key that its BibTeX entry has.

Source: the schema of CSL 1.0.2, https://github.com/citation-style-language/schema (csl-data.json).
"""

from __future__ import annotations

import json

from llmkg.bibtex import entry_fields
from llmkg.publications import Publication, surname

__all__ = ["csl_item", "csl_text"]

# The type of an item by that of the BibTeX entry, and where the fields of the entry go.
_TYPES = {"article": "article-journal", "inproceedings": "paper-conference"}
_OTHERS = "others"
_FIELDS = {
    "title": "title",
    "booktitle": "container-title",
    "journal": "container-title",
    "howpublished": "container-title",
    "series": "collection-title",
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "publisher": "publisher",
    "address": "publisher-place",
    "archiveprefix": "archive",
    "eprint": "archive_location",
    "doi": "DOI",
    "url": "URL",
}


def csl_item(key: str, one: Publication) -> dict[str, object]:
    """Return a publication as an item; what is not known has no member.

    A preprint is of the type ``article``, what is neither that nor in a journal or in proceedings a
    ``document``. Where there are more authors than are known the last is called ``others``, as in BibTeX:
    CSL-JSON has no word for it.
    """
    kind, fields = entry_fields(one)
    names = [_name(author) for author in one.authors]
    names += [{"literal": _OTHERS}] if names and one.more_authors else []
    item: dict[str, object] = {"id": key, "type": _TYPES.get(kind, "article" if one.arxiv else "document")}
    if names:
        item["author"] = names
    if one.year is not None:
        item["issued"] = {"date-parts": [[one.year]]}
    return item | {_FIELDS[name]: text for name, text in fields.items() if name in _FIELDS}


def csl_text(item: dict[str, object]) -> str:
    """Return an item as it stands in a file, a line for each member and no comma behind it."""
    members = (f"    {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in item.items())
    return "  {\n" + ",\n".join(members) + "\n  }"


def _name(author: str) -> dict[str, str]:
    """Return a name in its parts, or as it is printed where its last part is not at its end or all of it."""
    family = surname(author)
    given = author.removesuffix(family).strip()
    if given and f"{given} {family}" == author:
        return {"family": family, "given": given}
    return {"family": author} if author == _OTHERS else {"literal": author}
