"""Rename a term in all files of a pack, and leave the old name behind as a retired one.

What comes out are the new texts of the files that change; nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import NamedNode

from llmkg.errors import UsageError, unreadable
from llmkg.fmt import sorted_text, statements_in
from llmkg.load import read_content
from llmkg.pack import Pack
from llmkg.retirement import declared_prefixes, terms_in_query
from llmkg.terms import DCTERMS, OWL, RDF, RDFS, XSD, curie

__all__ = ["migration", "renamed_files"]

_TYPE = str(RDF.type).encode()
_STUB = frozenset(str(term).encode() for term in (RDFS.label, RDFS.isDefinedBy))
# What a class, a property or a datatype goes on being when it is retired; a thing is an individual.
_SORTS = frozenset(
    str(term).encode()
    for term in (
        *(OWL[name] for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")),
        *(RDFS[name] for name in ("Class", "Datatype")),
        RDF.Property,
    )
)
_ONTOLOGY = str(OWL.Ontology).encode()


def renamed_files(pack: Pack, prefixes: Mapping[str, str], old: NamedNode, new: NamedNode) -> dict[str, str]:
    """Return the new text of each file of ``pack`` that names ``old``: Turtle in the sorted form, queries as they stand.

    The facts of ``old`` become those of ``new``; in the file that gives it a type a retired ``old`` is
    left. Raises UsageError when no file says anything about ``old``, when it is an ontology, or is
    defined elsewhere; InputError when a file cannot be read, or has a comment, which would be lost.
    """
    graphs = {}
    for path in map(Path, (*pack.ontology, *pack.data, *pack.shapes)):
        lines, own = statements_in(_text(path, pack), pack.name(str(path)))
        if any(_names(line, old) for line in lines):
            graphs[path] = (lines, own)
    home = _home({path: lines for path, (lines, _) in graphs.items()}, old, curie(old.value, prefixes) or old.value)
    changed = {}
    for path, (lines, own) in graphs.items():
        written = [_renamed(line, old, new) for line in lines]
        if path == home:
            written += _stub(lines, old, new)
        # A namespace that the file has a prefix for keeps it.
        others = {name: space for name, space in prefixes.items() if space not in own.values()}
        changed[pack.name(str(path))] = sorted_text(written, {**others, **own})
    return changed | dict(_renamed_queries(pack, prefixes, old, new))


def migration(old: NamedNode, new: NamedNode) -> str:
    """Return the SPARQL update that renames ``old`` in the data of others.

    >>> print(migration(NamedNode("urn:a"), NamedNode("urn:b")).splitlines()[0])
    DELETE { <urn:a> ?p ?o } INSERT { <urn:b> ?p ?o } WHERE { <urn:a> ?p ?o };
    """
    return (
        f"DELETE {{ {old} ?p ?o }} INSERT {{ {new} ?p ?o }} WHERE {{ {old} ?p ?o }};\n"
        f"DELETE {{ ?s {old} ?o }} INSERT {{ ?s {new} ?o }} WHERE {{ ?s {old} ?o }};\n"
        f"DELETE {{ ?s ?p {old} }} INSERT {{ ?s ?p {new} }} WHERE {{ ?s ?p {old} }}\n"
    )


# -- Turtle -----------------------------------------------------------------------------------


def _parts(line: bytes) -> list[bytes]:
    return line.split(b" ", 2)


def _names(line: bytes, term: NamedNode) -> bool:
    iri = str(term).encode()
    return iri in line and (iri in _parts(line) or _datatype(line) == iri)


def _datatype(line: bytes) -> bytes:
    """Return the datatype of the literal that ends ``line``, as N-Triples writes it, else nothing."""
    value, mark, datatype = line.rpartition(b'"^^')
    return datatype if mark and _parts(value)[-1].startswith(b'"') else b""


def _renamed(line: bytes, old: NamedNode, new: NamedNode) -> bytes:
    iri, other = str(old).encode(), str(new).encode()
    if iri not in line:
        return line
    if _datatype(line) == iri:
        line = line[: -len(iri)] + other
    return b" ".join(other if part == iri else part for part in _parts(line))


def _home(graphs: Mapping[Path, Iterable[bytes]], old: NamedNode, shown: str) -> Path:
    """Return the file that gives ``old`` a type, else the first that says anything about it."""
    iri = str(old).encode()
    facts = {path: [parts for parts in map(_parts, lines) if parts[0] == iri] for path, lines in graphs.items()}
    typed = {path: {obj for _, predicate, obj in found if predicate == _TYPE} for path, found in facts.items()}
    homes = sorted((path for path in facts if facts[path]), key=lambda path: not typed[path])
    if not homes:
        raise UsageError(f"{shown}: no file of the pack says what it is. Give a term that one defines.")
    if _ONTOLOGY in typed[homes[0]]:
        raise UsageError(f"{shown} is an ontology, whose IRI is its address. Rename a term.")
    if all(predicate == _TYPE for found in facts.values() for _, predicate, _ in found):
        raise UsageError(f"{shown} is only declared here, and defined elsewhere. Rename a term of the pack.")
    return homes[0]


def _stub(lines: Iterable[bytes], old: NamedNode, new: NamedNode) -> Iterator[bytes]:
    """Yield what is left of ``old``: what sort of term it is, its labels, and what replaces it."""
    iri = str(old).encode()
    sorts = set()
    for line in lines:
        subject, predicate, obj = _parts(line)
        if subject == iri and predicate in _STUB:
            yield line
        elif subject == iri and predicate == _TYPE and obj in _SORTS:
            sorts.add(obj)
    for sort in sorts or {str(OWL.NamedIndividual).encode()}:
        yield b" ".join((iri, _TYPE, sort))
    yield f'{old} {OWL.deprecated} "true"^^{XSD.boolean}'.encode()
    yield f"{old} {DCTERMS.isReplacedBy} {new}".encode()


# -- queries ----------------------------------------------------------------------------------


def _renamed_queries(
    pack: Pack, prefixes: Mapping[str, str], old: NamedNode, new: NamedNode
) -> Iterator[tuple[str, str]]:
    """Yield each saved query and rule that names ``old``, and the profile of the rules, with the new name."""
    rules = Path(pack.root, "queries", "checks")
    for path in (*map(Path, pack.queries), *sorted(rules.glob("*.rq")), *rules.glob("*.yaml")):
        text = _text(path, pack)
        # Of a profile every line is like the header of a query.
        source = text if path.suffix == ".rq" else re.sub("^", "#+ ", text, flags=re.MULTILINE)
        changed = _renamed_query(source, prefixes, old, new)
        if changed != source:
            yield (
                pack.name(str(path)),
                changed if path.suffix == ".rq" else re.sub(r"^#\+ ", "", changed, flags=re.MULTILINE),
            )


def _renamed_query(text: str, prefixes: Mapping[str, str], old: NamedNode, new: NamedNode) -> str:
    pieces, end = [], 0
    declared = declared_prefixes(text)
    for named in terms_in_query(text, prefixes):
        if named.term == old:
            pieces.append(text[end : named.start])
            in_header = text.startswith("#+", text.rfind("\n", 0, named.start) + 1)
            if "://" in text[named.start : named.end]:
                pieces.append(new.value)
            else:  # the text of a query knows only the prefixes that it declares
                short = curie(new.value, {**prefixes, **declared} if in_header else declared)
                pieces.append(short or (new.value if in_header else str(new)))
            end = named.end
    return "".join([*pieces, text[end:]])


def _text(path: Path, pack: Pack) -> str:
    try:
        return read_content(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(pack.name(str(path)), error) from error
