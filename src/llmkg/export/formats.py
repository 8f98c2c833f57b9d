"""Serialise triples as Turtle, N-Triples or JSON-LD in the order of their terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import Triple

from llmkg.export.jsonld import jsonld_text
from llmkg.turtle import canonical, serialize

__all__ = ["FORMATS", "export_text"]


def _ntriples(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:  # noqa: ARG001
    return "".join(sorted(f"{triple} .\n" for triple in canonical(triples)))


FORMATS: Mapping[str, Callable[[Iterable[Triple], Mapping[str, str]], str]] = {
    "turtle": serialize,
    "nt": _ntriples,
    "jsonld": jsonld_text,
}


def export_text(triples: Iterable[Triple], export_format: str, prefixes: Mapping[str, str]) -> str:
    """Return ``triples`` in ``export_format``, a key of ``FORMATS``."""
    return FORMATS[export_format](triples, prefixes)
