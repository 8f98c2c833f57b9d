"""The JSON-LD context of a graph, made from its ontology and its shapes: short keys, what they hold.

A property gets the end of its IRI for a key, unless a prefix, an alias or an earlier property has
it; then it keeps its CURIE. Links hold ids, texts are maps by language, what has a range holds
values of it. A value is an array unless the property is functional or a shape allows one only.
Source: JSON-LD 1.1, section 4.1, https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from llmkg.outline import is_blank
from llmkg.terms import DCTERMS, OWL, RDF, RDFS, SH, SKOS, Term

__all__ = ["Context", "Property", "make_context"]


def _text(term: Term) -> bytes:
    return str(term).encode()


_TYPE, _RANGE, _PATH, _MAX = _text(RDF.type), _text(RDFS.range), _text(SH.path), _text(SH.maxCount)
_LINKS = {_text(OWL.ObjectProperty)}
_VALUES = {_text(OWL.DatatypeProperty), _text(OWL.AnnotationProperty)}
_CLASSES = {_text(OWL.Class), _text(RDFS.Class)}
_FUNCTIONAL = _text(OWL.FunctionalProperty)
_ONE = re.compile(rb'"0*[01]"\^\^.*')
_LANGUAGE_STRING = _text(RDF.langString)
# What the standard vocabularies say of their own properties.
_STANDARD_TEXTS = [
    *(RDFS[name] for name in ("label", "comment")),
    *(SKOS[name] for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "note", "scopeNote", "example")),
    *(SKOS[name] for name in ("editorialNote", "changeNote", "historyNote")),
    *(DCTERMS[name] for name in ("title", "description", "abstract")),
]
_STANDARD_LINKS = [
    *(RDFS[name] for name in ("subClassOf", "subPropertyOf", "domain", "range", "isDefinedBy", "seeAlso")),
    *(OWL[name] for name in ("imports", "inverseOf", "equivalentClass", "equivalentProperty", "disjointWith")),
    *(OWL[name] for name in ("sameAs", "differentFrom", "members", "propertyChainAxiom", "unionOf", "onProperty")),
    *(SKOS[name] for name in ("broader", "narrower", "related", "closeMatch", "exactMatch", "inScheme")),
    DCTERMS.license,
]
_STANDARD_SINGLE = [OWL.versionIRI]
_ALIASES = {"id": "@id", "type": "@type"}


class Property(NamedTuple):
    """How a property is written: its key, what its values are, whether they stand in an array.

    ``holds`` is ``@id`` for links, ``@language`` for texts, a datatype with its brackets, or empty.
    """

    key: str
    holds: str
    many: bool


class Context(NamedTuple):
    """What a JSON-LD document may abbreviate; IRIs are N-Triples text."""

    prefixes: dict[str, str]
    properties: dict[bytes, Property]
    classes: dict[bytes, str]

    def definitions(self, names: Iterable[str] | None = None) -> dict[str, object]:
        """Return the context as JSON values, whole or what ``names`` (keys and prefixes) need."""
        terms: dict[str, object] = {}
        keys = {p.key: (iri, p) for iri, p in self.properties.items()}
        classes = {key: iri for iri, key in self.classes.items()}
        wanted = {*self.prefixes, *keys, *classes} if names is None else set(names)
        needed = {name for name in wanted if name in self.prefixes}
        for name in sorted(wanted - needed):
            if name in keys:
                iri, prop = keys[name]
                terms[name] = self._term(iri, prop, needed)
            elif name in classes:
                terms[name] = self._short(classes[name], needed)
        prefixes = {name: self._prefix(name) for name in sorted(needed)}
        return {"@version": 1.1, **_ALIASES, **prefixes, **terms}

    def text(self) -> str:
        """Return the whole context as a JSON-LD document of its own."""
        return json.dumps({"@context": self.definitions()}, ensure_ascii=False, indent=2) + "\n"

    def _prefix(self, name: str) -> object:
        iri = self.prefixes[name]
        return iri if iri.endswith(tuple(":/?#[]@")) else {"@id": iri, "@prefix": True}

    def _term(self, iri: bytes, prop: Property, needed: set[str]) -> dict[str, object]:
        term: dict[str, object] = {"@id": self._short(iri, needed)}
        containers = ["@set"] if prop.many else []
        if prop.holds == "@language":
            containers.insert(0, "@language")
        elif prop.holds:
            term["@type"] = "@id" if prop.holds == "@id" else self._short(prop.holds.encode(), needed)
        if containers:
            term["@container"] = containers[0] if len(containers) == 1 else containers
        return term

    def _short(self, iri: bytes, needed: set[str]) -> str:
        text = iri[1:-1].decode()
        name = _prefix_of(text, self.prefixes)
        if name is None:
            return text
        needed.add(name)
        return f"{name}:{text[len(self.prefixes[name]) :]}"


def make_context(model: Iterable[bytes], shapes: Iterable[bytes], prefixes: Mapping[str, str]) -> Context:
    """Return the context for a graph with this ontology (lines), these shapes (lines) and prefixes."""
    # The empty prefix cannot be a term of a context, and what looks like a keyword is ignored.
    known = {name: iri for name, iri in sorted(prefixes.items()) if name and name not in _ALIASES}
    facts: dict[bytes, dict[bytes, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    for line in model:
        subject, predicate, obj = line.split(b" ", 2)
        if predicate in (_TYPE, _RANGE) and not is_blank(subject):
            facts[subject][predicate].append(obj)
    single = _limited(shapes) | {_text(term) for term in _STANDARD_SINGLE}
    standard = {_text(term): "@language" for term in _STANDARD_TEXTS}
    standard |= {_text(term): "@id" for term in (*_STANDARD_LINKS, *_STANDARD_SINGLE)}
    taken = {*known, *_ALIASES}
    properties: dict[bytes, Property] = {}
    classes: dict[bytes, str] = {}
    for iri in [*_by_namespace(facts), *sorted(set(standard) - set(facts))]:
        types = set(facts[iri][_TYPE]) if iri in facts else set()
        if iri in standard or types & (_LINKS | _VALUES):
            holds = standard.get(iri) or _holds(types, facts[iri][_RANGE])
            many = iri not in single and _FUNCTIONAL not in types and not (holds == "@language" and iri in standard)
            properties[iri] = Property(_key(iri, known, taken), holds, many or iri == _text(SKOS.altLabel))
        elif types & _CLASSES:
            classes[iri] = _key(iri, known, taken)
    return Context(known, properties, classes)


def _holds(types: set[bytes], ranges: list[bytes]) -> str:
    if types & _LINKS:
        return "@id"
    if len(ranges) == 1 and ranges[0].startswith(b"<") and ranges[0] != _LANGUAGE_STRING:
        return ranges[0].decode()
    return "@language"


def _by_namespace(facts: Iterable[bytes]) -> list[bytes]:
    """Return the terms in the order in which they may choose a key: those of the largest namespace first."""
    sizes: dict[bytes, int] = defaultdict(int)
    for iri in facts:
        sizes[_namespace(iri)] += 1
    return sorted(facts, key=lambda iri: (-sizes[_namespace(iri)], iri))


def _namespace(iri: bytes) -> bytes:
    return iri[: max(iri.rfind(b"#"), iri.rfind(b"/")) + 1]


def _key(iri: bytes, prefixes: Mapping[str, str], taken: set[str]) -> str:
    text = iri[1:-1].decode()
    local = re.split(r"[#/:]", text)[-1]
    if local and local not in taken and re.fullmatch(r"[A-Za-z][\w-]*", local):
        taken.add(local)
        return local
    name = _prefix_of(text, prefixes)
    return text if name is None else f"{name}:{text[len(prefixes[name]) :]}"


def _prefix_of(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the prefix with the longest namespace that ``iri`` begins with and is not equal to."""
    fitting = [(-len(namespace), name) for name, namespace in prefixes.items() if iri.startswith(namespace)]
    # A CURIE whose local part begins with // would be taken for an IRI.
    fitting = [item for item in fitting if len(iri) > -item[0] and not iri[-item[0] :].startswith("//")]
    return min(fitting)[1] if fitting else None


def _limited(shapes: Iterable[bytes]) -> set[bytes]:
    """Return the properties that a shape allows one value of."""
    paths: dict[bytes, bytes] = {}
    limited = set()
    for line in shapes:
        subject, predicate, obj = line.split(b" ", 2)
        if predicate == _PATH and obj.startswith(b"<"):
            paths[subject] = obj
        elif predicate == _MAX and _ONE.fullmatch(obj):
            limited.add(subject)
    return {paths[subject] for subject in limited if subject in paths}
