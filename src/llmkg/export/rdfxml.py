"""Write RDF/XML: one description per subject, one property element per line, all sorted.

Blank nodes are written at top level under labels that follow from the graph. What the format has no
way to say is refused, naming it.
Source: RDF 1.1 XML Syntax, https://www.w3.org/TR/rdf-syntax-grammar/, sections 2.2, 5.1 and 7.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from llmkg.errors import InputError
from llmkg.outline import Watch, grouped, is_blank, literal_parts
from llmkg.statements import sorted_lines, unescaped
from llmkg.terms import RDF

__all__ = ["rdfxml_parts"]

# XML 1.0, productions 4 and 4a, without the colon (Namespaces in XML, production 4).
_START = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
_START += "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_NAME = re.compile(f"[{_START}][{_START}.0-9\u00b7\u0300-\u036f\u203f\u2040-]*\\Z")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# RDF 1.1 XML Syntax, section 5.1: not allowed as property elements.
_RESERVED = {str(RDF) + name for name in ("Description", "RDF", "ID", "about", "parseType", "resource", "nodeID")}
_RESERVED |= {str(RDF) + name for name in ("datatype", "li", "aboutEach", "aboutEachPrefix", "bagID")}
_SPECIAL = re.compile(b"[&<>\r\\\\]")


def rdfxml_parts(lines: Iterable[bytes], prefixes: Mapping[str, str], watch: Watch = list) -> Iterator[bytes]:
    """Yield RDF/XML in parts, from N-Triples lines.

    Raises InputError for a property whose IRI does not end in an XML name, for characters that XML
    does not have, for triple terms and base directions.
    """
    found = sorted_lines(lines)
    names = _element_names({line.split(b" ", 2)[1] for line in found}, prefixes)
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    for prefix, namespace in sorted({name[:2] for name in names.values()} | {("rdf", str(RDF))}):
        attribute = f"xmlns:{prefix}" if prefix else "xmlns"
        yield f'\n    {attribute}="{_attribute(namespace)}"'.encode()
    yield b">\n"
    tags = {p: f"{prefix}:{local}".removeprefix(":").encode() for p, (prefix, _, local) in names.items()}
    resources: dict[bytes, bytes] = {}
    for subject, facts in grouped(watch(found)):
        items = [b"\n  <rdf:Description %s>\n" % (_reference(b"about", subject))]
        for _, predicate, objects in facts:
            tag = tags[predicate]
            for obj in objects:
                if obj.startswith(b'"'):
                    items.append(_literal(tag, obj, subject))
                    continue
                end = resources.get(obj)
                if end is None:
                    end = resources[obj] = b" %s/>\n" % _reference(b"resource", obj)
                items.append(b"    <" + tag + end)
        items.append(b"  </rdf:Description>\n")
        yield b"".join(items)
    yield b"\n</rdf:RDF>\n"


def _element_names(predicates: Iterable[bytes], prefixes: Mapping[str, str]) -> dict[bytes, tuple[str, str, str]]:
    """Return prefix, namespace and local name for each property."""
    known = {iri: name for name, iri in sorted(prefixes.items(), reverse=True) if _is_prefix(name)}
    known[str(RDF)] = "rdf"
    split: dict[bytes, tuple[str, str]] = {}
    for predicate in sorted(predicates):
        iri = predicate[1:-1].decode()
        options = [n for n in known if iri.startswith(n) and _NAME.match(iri, len(n))]
        match = _NAME.search(iri)
        if iri in _RESERVED or match is None or match.start() == 0:
            why = (
                "its IRI has no end that is an XML name" if iri not in _RESERVED else "it is part of the syntax itself"
            )
            raise InputError(f"<{iri}>: RDF/XML cannot express this property: {why}. Export Turtle instead.")
        namespace = max(options, key=len) if options else iri[: match.start()]
        split[predicate] = (namespace, iri[len(namespace) :])
    used = set(known.values())
    fresh = (name for name in (f"ns{number}" for number in range(1, len(split) + 2 + len(used))) if name not in used)
    for namespace, _ in sorted(split.values()):
        if namespace not in known:
            known[namespace] = next(fresh)
    return {p: (known[namespace], namespace, local) for p, (namespace, local) in split.items()}


def _is_prefix(name: str) -> bool:
    return not name or bool(_NAME.match(name) and name != "rdf" and not name.lower().startswith("xml"))


def _reference(attribute: bytes, term: bytes) -> bytes:
    if is_blank(term):
        return b'rdf:nodeID="%s"' % term[2:]
    if term.startswith(b"<<"):
        raise InputError(f"{term.decode()}: RDF/XML 1.1 has no triple terms. Export Turtle or N-Triples instead.")
    iri = term[1:-1]
    return b'rdf:%s="%s"' % (attribute, iri.replace(b"&", b"&amp;") if b"&" in iri else iri)


def _literal(tag: bytes, literal: bytes, subject: bytes) -> bytes:
    value, language, datatype = literal_parts(literal)
    if _SPECIAL.search(value) or b"\xef\xbf" in value:
        value = _escaped(value, tag, subject)
    if language:
        if b"--" in language:
            raise InputError(f"{literal.decode()}: RDF/XML 1.1 has no base direction. Export Turtle instead.")
        return b'    <%s xml:lang="%s">%s</%s>\n' % (tag, language, value, tag)
    if datatype:
        iri = _attribute(datatype[1:-1].decode()).encode()
        return b'    <%s rdf:datatype="%s">%s</%s>\n' % (tag, iri, value, tag)
    return b"    <%s>%s</%s>\n" % (tag, value, tag)


def _escaped(value: bytes, tag: bytes, subject: bytes) -> bytes:
    text = unescaped(value).decode()
    odd = _NOT_XML.search(text)
    if odd:
        place = f"{subject.decode()}, {tag.decode()}"
        raise InputError(
            f"{place}: XML cannot express the character U+{ord(odd[0]):04X} in this value. Export Turtle instead."
        )
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return text.encode()


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
