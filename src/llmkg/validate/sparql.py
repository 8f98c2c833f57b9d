"""Run the SPARQL constraints whose meaning does not hang on pre-binding: once for all focus nodes.

A constraint of joins, UNION and (NOT) EXISTS that begins with a triple pattern about ``$this`` has
the same solutions whether ``$this`` is bound first (SHACL, section 5.3.1) or looked at afterwards.
Any other raises Unsupported.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, QuerySolutions

from llmkg.scan import tokens
from llmkg.terms import OWL, RDF, RDFS, SH, Term
from llmkg.validate.data import Data
from llmkg.validate.shapegraph import Shapes

__all__ = ["Rule", "Unsupported", "compile_rule"]

Row: TypeAlias = tuple[Term | None, NamedNode | None]
Rule: TypeAlias = Callable[[Term], Iterable[Row]]

_WORDS = {"SELECT", "DISTINCT", "WHERE", "FILTER", "NOT", "EXISTS", "UNION", "A", "TRUE", "FALSE"}
_START = re.compile(r"\s*SELECT\s+(?:DISTINCT\s+)?((?:[?$]\w+\s+)+)WHERE\s*\{\s*[$?]this\s+[^\s{}]", re.IGNORECASE)
# Two variables compared, or a variable with a list of IRIs; all variables of a group are bound where these stand.
_FILTER = re.compile(
    r"FILTER\s*\(\s*[?$]\w+\s*(?:=\s*[?$]\w+|(?:NOT\s+)?IN\s*\(\s*I\s*(?:,\s*I\s*)*\))\s*\)", re.IGNORECASE
)
_ABSENT = re.compile(r"FILTER\s+NOT\s+EXISTS\s*\{([^{}]*)\}", re.IGNORECASE)
_GROUP = re.compile(r"\{[^{}]*\}")
_CONDITION = re.compile(r"FILTER\s*\([^{}]*?\)", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$](\w+)")
_SHOWN = {"this", "value", "path"}


class Unsupported(Exception):  # noqa: N818  (no error: another engine takes over)
    """Shapes that only the reference engine can run."""


def compile_rule(node: Term, shapes: Shapes, data: Data, of_node_shape: bool) -> Rule:  # noqa: FBT001  (one bit)
    """Return what gives the solutions at a focus node: a value and a path, where there are some."""
    if unknown := set(shapes.facts(node)) - {RDF.type, SH.select, SH.prefixes, SH.message}:
        raise Unsupported(f"a SPARQL constraint with {min(p.value for p in unknown)}")
    selects = shapes.objects(node, SH.select)
    text = selects[0].value if len(selects) == 1 and isinstance(selects[0], Literal) else ""
    start = _START.match(text)
    if start is None or not _is_plain(text):
        raise Unsupported("a SPARQL constraint that needs pre-binding")
    shown = [name[1:] for name in start[1].split()]
    if "this" not in shown or not _SHOWN.issuperset(shown):
        raise Unsupported("a SPARQL constraint with other columns than this, value and path")
    query = f"{_prefixes(node, shapes)}{_with_minus(text)}"

    spellings = data.spellings
    if spellings is None:
        raise Unsupported("data with two spellings of one value, which the store takes for one")
    written: dict[Any, Any] = {**spellings}
    try:
        data.store.query(query)
    except SyntaxError as error:
        raise Unsupported("a SPARQL constraint that cannot be read") from error

    @cache
    def rows() -> dict[Term, dict[Row, None]]:
        found: dict[Any, dict[Row, None]] = defaultdict(dict)
        solutions = data.store.query(query)
        assert isinstance(solutions, QuerySolutions)
        for solution in solutions:
            focus, value, path = (solution[name] if name in shown else None for name in ("this", "value", "path"))
            focus = written.get(focus, focus)
            value = focus if value is None and of_node_shape else written.get(value, value) if value else None
            found[focus][value, path if isinstance(path, NamedNode) else None] = None
        return found

    return lambda focus: rows().get(focus, ())


def _is_plain(text: str) -> bool:
    """Tell whether ``text`` has only joins, UNION, (NOT) EXISTS and, outside of these, the plainest filters."""
    shapes = {"iri": "I ", "name": "I ", "comment": " "}
    bare = "".join(shapes.get(token.kind, token.text) for token in tokens(text))
    for match in reversed(list(_FILTER.finditer(bare))):
        if bare.count("{", 0, match.start()) - bare.count("}", 0, match.start()) == 1:
            bare = bare[: match.start()] + bare[match.end() :]
    kept = [token for token in tokens(bare) if token.kind != "variable"]
    words = {token.text.upper() for token in kept if token.text[0].isalpha()} - {"I"}
    marks = {token.text for token in kept if not token.text[0].isalnum()} - {"{", "}", ".", ";", ",", ":"}
    filters = re.findall(r"\bFILTER\b\s*(?:NOT\s+)?(EXISTS\s*\{)?", bare, re.IGNORECASE)
    selects = [token for token in kept if token.text.upper() == "SELECT"]
    return words <= _WORDS and not any(map(str.strip, marks)) and all(filters) and len(selects) == 1


def _with_minus(text: str) -> str:
    """Return a plain constraint with MINUS in the place of FILTER NOT EXISTS, where both mean the same.

    Oxigraph looks for what must not exist anew for each solution, and by its constants: at 500,000 triples
    that is a thousand times slower. The two are the same where the group inside has only triple patterns,
    one of them with a variable that a triple pattern outside has bound.
    """
    if any(token.kind in ("string", "comment") for token in tokens(text)):
        return text
    body, moved = text.rstrip(), []
    for match in reversed(list(_ABSENT.finditer(body))):
        outside = body[body.index("{") + 1 : match.start()] + body[match.end() : -1]
        while "{" in outside and (flat := _GROUP.sub(" ", outside)) != outside:
            outside = flat
        depth = body.count("{", 0, match.start()) - body.count("}", 0, match.start())
        if depth == 1 and set(_VARIABLE.findall(match[1])) & set(_VARIABLE.findall(_CONDITION.sub(" ", outside))):
            moved.append(f"MINUS {{{match[1]}}} ")
            body = f"{body[: match.start()]}{body[match.end() :]}"
    return f"{body[:-1]}{''.join(moved)}}}" if moved else text


def _prefixes(node: Term, shapes: Shapes) -> str:
    table = {"rdf": str(RDF), "rdfs": str(RDFS), "owl": str(OWL)}
    for holder in shapes.objects(node, SH.prefixes):
        for declared in shapes.objects(holder, SH.declare):
            name, namespace = shapes.value(declared, SH.prefix), shapes.value(declared, SH.namespace)
            if not isinstance(name, Literal) or not isinstance(namespace, Literal):
                raise Unsupported("a prefix that is not declared in full")
            table[name.value] = namespace.value
    return "".join(f"PREFIX {name}: {NamedNode(iri)}\n" for name, iri in table.items())
