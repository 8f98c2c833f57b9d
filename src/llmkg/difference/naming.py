"""What things are called in either of two graphs, and terms as a person reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from llmkg.outline import literal_parts
from llmkg.statements import unescaped
from llmkg.terms import RDF, RDFS, curie, local_name
from llmkg.turtle import TermTexts

__all__ = ["Naming"]

_LABEL = b" %s " % str(RDFS.label).encode()


class Naming:
    """The labels of two graphs, those of the new one first, and the prefixes of both."""

    def __init__(self, old: Iterable[bytes], new: Iterable[bytes], prefixes: Mapping[str, str]) -> None:
        """Take the lines of both graphs; they are looked through when a label is first wanted."""
        self._lines = [[line for line in lines if _LABEL in line] for lines in (new, old)]
        self._prefixes = prefixes
        self.texts = TermTexts(prefixes)

    @cached_property
    def _labels(self) -> dict[bytes, dict[str, str]]:
        found: dict[bytes, dict[str, str]] = defaultdict(dict)
        for lines in self._lines:
            for line in sorted(lines):
                subject, predicate, obj = line.split(b" ", 2)
                if predicate == _LABEL.strip() and obj.startswith(b'"'):
                    value, tag, _ = literal_parts(obj)
                    found[subject].setdefault(tag.decode(), " ".join(unescaped(value).decode().split()))
        return found

    def label(self, iri: str, lang: str) -> str:
        """Return the label of a thing in ``lang``, else in English, else any, else an empty text."""
        labels = self._labels.get(b"<%s>" % iri.encode(), {})
        return next((labels[tag] for tag in (lang, "en", "", *sorted(labels)) if tag in labels), "")

    def short(self, iri: str) -> str:
        """Return an IRI as a CURIE where a prefix fits."""
        return curie(iri, self._prefixes) or iri

    def thing(self, iri: str, lang: str) -> str:
        """Return the label of a thing with its CURIE, or the CURIE alone."""
        label, short = self.label(iri, lang), self.short(iri)
        return f"{label} ({short})" if label and label != short else short

    def property(self, iri: str, lang: str) -> str:
        """Return what a property is called; those of RDF and OWL by the ends of their names."""
        return "a" if iri == RDF.type.value else self.label(iri, lang) or local_name(iri)

    def term(self, term: str, lang: str) -> str:
        """Return a term, as N-Triples writes it, as a person reads it."""
        if term.startswith("<") and not term.startswith("<<"):
            return self.thing(term[1:-1], lang)
        if not term.startswith('"'):
            return term  # a blank node with what is said of it
        value, tag, datatype = literal_parts(term.encode())
        text = " ".join(unescaped(value).decode().split())
        return text if datatype and not tag else f"“{text}”"
