"""Compile shapes into checks over indexed triples: a node goes in, validation results come out.

What is not known here raises ``Unsupported`` when it is compiled, never when it is run, so that the
shapes that use it can be given to pyshacl instead. Where SHACL leaves a literal to the host, the
plain spellings are judged here and the others by rdflib, as pyshacl judges them.
Source: SHACL, sections 2 to 5, https://www.w3.org/TR/shacl/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from llmkg.terms import RDF, SH, Term
from llmkg.validate.data import Data
from llmkg.validate.shapegraph import Path, Result, Shapes
from llmkg.validate.sparql import Rule, Unsupported, compile_rule
from llmkg.validate.values import Bound, has_datatype, text_of

__all__ = ["Compiled", "Unsupported", "compile_shape"]

Values: TypeAlias = "dict[Term, None]"
# What a constraint finds at a focus node with its value nodes: a value (None: none to name), the
# predicate when it is not the path of the shape, and the node of a SPARQL constraint.
Found: TypeAlias = tuple[str, Term | None, NamedNode | None, Term | None]
Check: TypeAlias = Callable[[Term, Values], Iterator[Found]]

_NO_CONSTRAINT = {
    *(SH.path, SH.message, SH.severity, SH.name, SH.description, SH.order, SH.group, SH.defaultValue),
    *(SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.deactivated),
    *(SH.flags, SH.ignoredProperties, SH.qualifiedMinCount, SH.qualifiedMaxCount),
}
_OF_ALL_SHAPES = {SH.ConstraintComponent, SH.SPARQLFunction, SH.JSConstraint, SH.SPARQLTarget, SH.TripleRule}
_KINDS: dict[Term, tuple[type, ...]] = {
    SH.IRI: (NamedNode,),
    SH.BlankNode: (BlankNode,),
    SH.Literal: (Literal,),
    SH.BlankNodeOrIRI: (BlankNode, NamedNode),
    SH.BlankNodeOrLiteral: (BlankNode, Literal),
    SH.IRIOrLiteral: (NamedNode, Literal),
}
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE}


class Compiled(NamedTuple):
    """A shape ready to run over one graph."""

    node: Term
    targets: Callable[[], Iterable[Term]]
    results: Callable[[Term], Iterator[Result]]


def compile_shape(node: Term, shapes: Shapes, data: Data) -> Compiled:
    """Return the shape ``node``; raises Unsupported when it or a shape it refers to uses something unknown."""
    compiler = _Compiler(shapes, data)
    if _OF_ALL_SHAPES & shapes.classes:
        raise Unsupported("the shapes define components, functions, targets or rules of their own")
    results = compiler.shape(node)
    return Compiled(node, compiler.targets(node), results)


class _Compiler:
    """Turns the shapes of one graph into functions."""

    def __init__(self, shapes: Shapes, data: Data) -> None:
        self._shapes = shapes
        self._data = data
        self._done: dict[Term, Callable[[Term], Iterator[Result]]] = {}
        self._open: set[Term] = set()

    def targets(self, node: Term) -> Callable[[], Iterable[Term]]:
        """Return what gives the focus nodes of a shape, each once (SHACL, section 2.1.3)."""
        shapes, data = self._shapes, self._data
        if len(shapes.objects(node, RDF.type)) > 1:
            raise Unsupported("a shape that is a class too")

        def found() -> Iterable[Term]:
            nodes: dict[Term, None] = dict.fromkeys(shapes.objects(node, SH.targetNode))
            for cls in shapes.objects(node, SH.targetClass):
                nodes.update(data.instances(cls))
            for predicate in shapes.objects(node, SH.targetSubjectsOf):
                nodes.update(dict.fromkeys(data.subjects_of(_iri(predicate))))
            for predicate in shapes.objects(node, SH.targetObjectsOf):
                nodes.update(dict.fromkeys(data.objects_of(_iri(predicate))))
            return nodes

        return found

    def shape(self, node: Term) -> Callable[[Term], Iterator[Result]]:
        """Return what gives the results of one focus node."""
        if node in self._open:
            raise Unsupported("a shape that refers to itself")
        if node not in self._done:
            self._open.add(node)
            self._done[node] = self._shape(node)
            self._open.discard(node)
        return self._done[node]

    def _shape(self, node: Term) -> Callable[[Term], Iterator[Result]]:
        facts, data = self._shapes.facts(node), self._data
        if any(text_of(value) in ("true", "1") for value in self._shapes.objects(node, SH.deactivated)):
            return lambda _focus: iter(())
        path = self._path(node)
        checks: list[Check] = []
        nested: list[Callable[[Term], Iterator[Result]]] = []
        for predicate, values in facts.items():
            if predicate == SH.property:
                nested += map(self.shape, values)
            elif predicate.value.startswith(str(SH)) and predicate not in _NO_CONSTRAINT:
                checks += self._checks(node, predicate.value[len(str(SH)) :], values)
        own = path if isinstance(path, NamedNode) else None

        def results(focus: Term) -> Iterator[Result]:
            values = {focus: None} if path is None else follow(path, focus, data)
            for check in checks:
                for component, value, at, constraint in check(focus, values):
                    yield Result(focus, at or own, component, value, node, constraint)
            for inner in nested:
                for value in values:
                    yield from inner(value)

        return results

    def _path(self, node: Term) -> Path | None:
        try:
            return self._shapes.path(node)
        except ValueError as error:
            raise Unsupported(str(error)) from error

    def _checks(self, node: Term, parameter: str, values: list[Term]) -> Iterator[Check]:
        maker = getattr(self, f"_{_snake(parameter)}", None)
        if maker is None:
            raise Unsupported(f"sh:{parameter}")
        for value in values:
            check: Check = maker(node, value)
            yield check

    def _conforms(self, node: Term) -> Callable[[Term], bool]:
        results = self.shape(node)
        return lambda value: next(results(value), None) is None

    def _members(self, head: Term) -> list[Term]:
        try:
            return self._shapes.members(head)
        except ValueError as error:
            raise Unsupported(str(error)) from error

    # -- section 4.1: types -------------------------------------------------------------------

    def _class(self, _node: Term, cls: Term) -> Check:
        known: list[dict[Term, None]] = []

        def is_instance(value: Term) -> bool:
            if not known:
                known.append(self._data.instances(cls))
            return value in known[0]

        return _each("class", is_instance)

    def _datatype(self, _node: Term, datatype: Term) -> Check:
        return _each("datatype", lambda value: has_datatype(value, _iri(datatype)))

    def _node_kind(self, _node: Term, kind: Term) -> Check:
        if kind not in _KINDS:
            raise Unsupported(f"the node kind {kind}")
        kinds = _KINDS[kind]
        return _each("nodeKind", lambda value: isinstance(value, kinds))

    # -- section 4.2: cardinality ---------------------------------------------------------------

    def _min_count(self, _node: Term, number: Term) -> Check:
        least = _number(number)
        return lambda _focus, values: iter([("minCount", None, None, None)] if len(values) < least else [])

    def _max_count(self, _node: Term, number: Term) -> Check:
        most = _number(number)
        return lambda _focus, values: iter([("maxCount", None, None, None)] if len(values) > most else [])

    # -- section 4.3: ranges ----------------------------------------------------------------------

    def _min_inclusive(self, _node: Term, bound: Term) -> Check:
        return _each("minInclusive", Bound(bound, lambda order: order >= 0))

    def _min_exclusive(self, _node: Term, bound: Term) -> Check:
        return _each("minExclusive", Bound(bound, lambda order: order > 0))

    def _max_inclusive(self, _node: Term, bound: Term) -> Check:
        return _each("maxInclusive", Bound(bound, lambda order: order <= 0))

    def _max_exclusive(self, _node: Term, bound: Term) -> Check:
        return _each("maxExclusive", Bound(bound, lambda order: order < 0))

    # -- section 4.4: strings ---------------------------------------------------------------------

    def _min_length(self, _node: Term, number: Term) -> Check:
        least = _number(number)
        return _each("minLength", lambda v: not least or (not isinstance(v, BlankNode) and len(text_of(v)) >= least))

    def _max_length(self, _node: Term, number: Term) -> Check:
        most = _number(number)
        return _each("maxLength", lambda v: not isinstance(v, BlankNode) and len(text_of(v)) <= most)

    def _pattern(self, node: Term, pattern: Term) -> Check:
        letters = [flag for flags in self._shapes.objects(node, SH.flags) for flag in text_of(flags)]
        if unknown := set(letters) - set(_FLAGS):
            raise Unsupported(f"the flags {''.join(sorted(unknown))}")
        flags = sum({_FLAGS[letter] for letter in letters})
        try:
            search = re.compile(text_of(pattern), flags).search
        except re.error as error:
            raise Unsupported(f"the pattern {pattern}") from error
        return _each("pattern", lambda value: not isinstance(value, BlankNode) and search(text_of(value)) is not None)

    def _language_in(self, _node: Term, head: Term) -> Check:
        ranges = {text_of(member).lower() for member in self._members(head)}

        def allowed(value: Term) -> bool:
            tag = value.language if isinstance(value, Literal) else None
            return bool(tag) and ("*" in ranges or bool({str(tag).lower(), str(tag).lower().split("-")[0]} & ranges))

        return _each("languageIn", allowed)

    def _unique_lang(self, _node: Term, flag: Term) -> Check:
        if text_of(flag) not in ("true", "false"):
            raise Unsupported("sh:uniqueLang that is neither true nor false")
        wanted = text_of(flag) == "true"

        def repeated(_focus: Term, values: Values) -> Iterator[Found]:
            tags = [v.language.lower() for v in values if isinstance(v, Literal) and v.language] if wanted else []
            for _ in {tag for tag in tags if tags.count(tag) > 1}:
                yield "uniqueLang", None, None, None

        return repeated

    # -- section 4.5: pairs of properties ---------------------------------------------------------

    def _equals(self, _node: Term, other: Term) -> Check:
        predicate = _iri(other)

        def different(focus: Term, values: Values) -> Iterator[Found]:
            others = dict.fromkeys(self._data.objects(focus, predicate))
            for value in (*(v for v in values if v not in others), *(o for o in others if o not in values)):
                yield "equals", value, None, None

        return different

    def _disjoint(self, _node: Term, other: Term) -> Check:
        predicate = _iri(other)

        def shared(focus: Term, values: Values) -> Iterator[Found]:
            for value in dict.fromkeys(self._data.objects(focus, predicate)):
                if value in values:
                    yield "disjoint", value, None, None

        return shared

    # -- section 4.6: logic, section 4.7: shapes --------------------------------------------------

    def _not(self, _node: Term, shape: Term) -> Check:
        conforms = self._conforms(shape)
        return _each("not", lambda value: not conforms(value))

    def _and(self, _node: Term, head: Term) -> Check:
        parts = [self._conforms(member) for member in self._members(head)]
        return _each("and", lambda value: all(part(value) for part in parts))

    def _or(self, _node: Term, head: Term) -> Check:
        parts = [self._conforms(member) for member in self._members(head)]
        return _each("or", lambda value: any(part(value) for part in parts))

    def _xone(self, _node: Term, head: Term) -> Check:
        parts = [self._conforms(member) for member in self._members(head)]
        return _each("xone", lambda value: sum(part(value) for part in parts) == 1)

    def _node(self, _node: Term, shape: Term) -> Check:
        return _each("node", self._conforms(shape))

    def _qualified_value_shape(self, node: Term, shape: Term) -> Check:
        shapes = self._shapes
        if len(shapes.objects(node, SH.qualifiedValueShape)) != 1:
            raise Unsupported("several qualified shapes in one")
        conforms = self._conforms(shape)
        least, most = shapes.value(node, SH.qualifiedMinCount), shapes.value(node, SH.qualifiedMaxCount)
        low, high = _number(least) if least else None, _number(most) if most else None

        def counted(_focus: Term, values: Values) -> Iterator[Found]:
            number = sum(map(conforms, values))
            if low is not None and number < low:
                yield "qualifiedMinCount", None, None, None
            if high is not None and number > high:
                yield "qualifiedMaxCount", None, None, None

        return counted

    # -- section 4.8: others, section 5: SPARQL ---------------------------------------------------

    def _closed(self, node: Term, flag: Term) -> Check:
        if text_of(flag) == "false":
            return lambda _focus, _values: iter(())
        ignored = [
            member for head in self._shapes.objects(node, SH.ignoredProperties) for member in self._members(head)
        ]
        paths = [self._shapes.value(inner, SH.path) for inner in self._shapes.objects(node, SH.property)]
        allowed = {*ignored, *(path for path in paths if isinstance(path, NamedNode))}

        def outside(_focus: Term, values: Values) -> Iterator[Found]:
            for value in values:
                for triple in self._data.by_subject.get(value, ()):
                    if triple.predicate not in allowed:
                        yield "closed", triple.object, triple.predicate, None

        return outside

    def _has_value(self, _node: Term, wanted: Term) -> Check:
        return lambda _focus, values: iter([] if wanted in values else [("hasValue", None, None, None)])

    def _in(self, _node: Term, head: Term) -> Check:
        allowed = set(self._members(head))
        return _each("in", lambda value: value in allowed)

    def _sparql(self, node: Term, constraint: Term) -> Check:
        rule: Rule = compile_rule(constraint, self._shapes, self._data, self._shapes.value(node, SH.path) is None)

        def found(focus: Term, _values: Values) -> Iterator[Found]:
            for value, path in rule(focus):
                yield "sparql", value, path, constraint

        return found


def follow(path: Path, focus: Term, data: Data) -> Values:
    """Return the nodes that ``path`` leads to from ``focus``, each once (SHACL, section 2.3.1)."""
    if isinstance(path, NamedNode):
        return dict.fromkeys(data.objects(focus, path))
    sign, parts = path
    if sign == "^" and isinstance(parts[0], NamedNode):
        return dict.fromkeys(data.subjects(parts[0], focus))
    if sign == "|":
        return {node: None for part in parts for node in follow(part, focus, data)}
    if sign == "/":
        nodes: Values = {focus: None}
        for part in parts:
            nodes = {found: None for node in nodes for found in follow(part, node, data)}
        return nodes
    if sign == "^":
        raise Unsupported("the inverse of a path that is no predicate")
    first = follow(parts[0], focus, data)
    found = dict(first) if sign == "+" else {focus: None, **first}
    waiting = list(first) if sign in "*+" else []
    while waiting:
        for node in follow(parts[0], waiting.pop(), data):
            if node not in found:
                found[node] = None
                waiting.append(node)
    return found


def _each(component: str, fits: Callable[[Term], bool]) -> Check:
    """Return a check that names each value node that does not fit."""
    return lambda _focus, values: ((component, value, None, None) for value in values if not fits(value))


def _iri(term: Term) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise Unsupported(f"{term} where an IRI is needed")
    return term


def _number(term: Term) -> int:
    if not isinstance(term, Literal) or not re.fullmatch("[0-9]+", term.value):
        raise Unsupported(f"{term} where a whole number is needed")
    return int(term.value)


def _snake(parameter: str) -> str:
    return re.sub("[A-Z]", lambda match: f"_{match[0].lower()}", parameter)
