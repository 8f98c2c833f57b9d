"""The formats that are imported, each with the module that reads it."""

from __future__ import annotations

from importlib import import_module

from llmkg.curate.record import Reader

__all__ = ["FORMATS", "reader"]

FORMATS = {
    "bibtex": "BibTeX or BibLaTeX",
    "csl": "CSL-JSON, as Zotero writes it",
    "openalex": "works of OpenAlex, as JSON or JSON Lines, also packed with gzip",
}


def reader(name: str) -> Reader:
    """Return the function that reads a format; see ``llmkg.curate.record``."""
    read: Reader = import_module(f"llmkg.curate.{name}").read
    return read
