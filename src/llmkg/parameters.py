"""Turn what a person gives for the parameters of a saved query into RDF terms, and list what may be given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from llmkg.errors import InputError, Phrase, UsageError, did_you_mean, shown
from llmkg.lexicon import Lexicon
from llmkg.savedquery import Bound, Parameter, SavedQuery, literal_value
from llmkg.terms import RDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

__all__ = ["Binder", "Value", "Values"]

# What may be given for a parameter: text as on the command line, a Python value or a term; several for a list.
Value: TypeAlias = "str | int | float | bool | NamedNode | Literal"
Values: TypeAlias = "Mapping[str, Value | Iterable[Value]]"
_LISTED = 12  # values that a message lists in full
_COMMAS = str.maketrans("，、", ",,")


class Binder:
    """What reads the values of parameters over one graph."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self._store = store
        self._lexicon = lexicon
        self._terms: dict[str, NamedNode] = {}

    def bind(self, query: SavedQuery, values: Values, lang: str) -> Bound:
        """Return the term, or the tuple of terms, for each given or defaulted parameter of ``query``.

        Raises UsageError when a value is missing, unknown or of the wrong kind, InputError when what
        the header says is not in the graph.
        """
        for name in values:
            query.parameter(name)
        bound: dict[str, NamedNode | Literal | tuple[NamedNode | Literal, ...]] = {"lang": Literal(lang)}
        for parameter in query.parameters:
            if parameter.name in values:
                bound[parameter.name] = self._value(query, parameter, _texts(parameter, values[parameter.name]))
            elif parameter.default is not None:
                try:
                    bound[parameter.name] = self._value(query, parameter, [parameter.default])
                except UsageError as error:
                    raise InputError(f"{query.path}: the default of a parameter: {error}") from error
            elif parameter.required:
                raise UsageError(_missing(query, parameter))
        return bound

    def allowed(self, query: SavedQuery, parameter: Parameter) -> tuple[NamedNode | Literal, ...] | None:
        """Return every value that ``parameter`` takes, sorted; None where anything of its type will do."""
        if parameter.enum:
            return tuple(literal_value(parameter, text) for text in parameter.enum)
        if parameter.enum_of is not None:
            found = set(self._values_of(query, parameter))
        elif parameter.classes:
            found = {
                quad.subject
                for cls in self._classes(query, parameter)
                for quad in self._store.quads_for_pattern(None, RDF.type, cls, DefaultGraph())
                if isinstance(quad.subject, NamedNode)
            }
        elif parameter.type == "boolean":
            return (literal_value(parameter, "false"), literal_value(parameter, "true"))
        else:
            return None
        return tuple(sorted(found, key=lambda term: term.value))

    def takes(self, query: SavedQuery, parameter: Parameter) -> tuple[list[str], list[str]]:
        """Return the IRIs of the classes of ``parameter``, and of the only things that will do where it lists them."""
        among = set(self._values_of(query, parameter)) if parameter.enum_of is not None else set()
        things = sorted(term.value for term in among if isinstance(term, NamedNode))
        return [cls.value for cls in self._classes(query, parameter)], things

    def _value(
        self, query: SavedQuery, parameter: Parameter, texts: Iterable[str]
    ) -> NamedNode | Literal | tuple[NamedNode | Literal, ...]:
        if not parameter.list:
            (text,) = texts
            return self._one(query, parameter, text)
        terms = [term for text in texts for term in self._several(query, parameter, text)]
        if not terms:
            text = "{name}: the list is empty. Give at least one value, or leave it out."
            raise UsageError(Phrase(text, name=parameter.name))
        return tuple(dict.fromkeys(terms))

    def _several(self, query: SavedQuery, parameter: Parameter, text: str) -> list[NamedNode | Literal]:
        """Return the terms of ``a,b``, which may also be the name of one thing."""
        parts = [part.strip() for part in text.translate(_COMMAS).split(",") if part.strip()]
        if len(parts) > 1 and (parameter.type == "iri" or parameter.enum or parameter.enum_of):
            try:
                return [self._one(query, parameter, text)]
            except UsageError:
                pass  # no single thing is called that
        return [self._one(query, parameter, part) for part in parts]

    def _one(self, query: SavedQuery, parameter: Parameter, text: str) -> NamedNode | Literal:
        classes = self._classes(query, parameter)
        if parameter.enum_of is None:
            return self._lexicon.resolve(text, classes) if parameter.type == "iri" else literal_value(parameter, text)
        allowed = self._values_of(query, parameter)
        if parameter.type == "iri":
            try:
                value: NamedNode | Literal = self._lexicon.resolve(text, classes, among=allowed)
            except UsageError:
                value = self._lexicon.resolve(
                    text, classes
                )  # this says what is wrong, unless another thing is called so
        else:
            typed = literal_value(parameter, text)
            # The graph may have written the value in another way, or with a language.
            value = typed if typed in allowed else next((v for v in allowed if v.value == typed.value), typed)
        if value not in allowed:
            names = sorted({self._lexicon.label(v, "en") or v.value for v in set(allowed)})
            use = Phrase(" Use {names}.", names=", ".join(names)) if len(names) <= _LISTED else ""
            near, said = did_you_mean(text, names) or use, f"{parameter.name}={shown(text)}"
            what = "{said}: no value of {property} in the graph.{near}"
            raise UsageError(Phrase(what, said=said, property=parameter.enum_of, near=near))
        return value

    def _values_of(self, query: SavedQuery, parameter: Parameter) -> _ValuesOf:
        prop = self._term(query, str(parameter.enum_of), "enum_of")
        return _ValuesOf(self._store, prop, NamedNode if parameter.type == "iri" else Literal)

    def _classes(self, query: SavedQuery, parameter: Parameter) -> tuple[NamedNode, ...]:
        return tuple(self._term(query, name, "class") for name in parameter.classes)

    def _term(self, query: SavedQuery, name: str, what: str) -> NamedNode:
        """Return the class or property that a header names."""
        if name not in self._terms:
            try:
                self._terms[name] = self._lexicon.resolve(name)
            except UsageError as error:
                raise InputError(f"{query.path}: the {what} of a parameter: {error}") from error
        return self._terms[name]


class _ValuesOf:
    """The values that a property has in a graph: one is looked up, all are read only where they are wanted."""

    def __init__(self, store: Store, prop: NamedNode, kind: type[NamedNode | Literal]) -> None:
        self._store = store
        self._prop = prop
        self._kind = kind

    def __contains__(self, term: object) -> bool:
        if not isinstance(term, NamedNode | Literal) or not isinstance(term, self._kind):
            return False
        return next(self._store.quads_for_pattern(None, self._prop, term, DefaultGraph()), None) is not None

    def __iter__(self) -> Iterator[NamedNode | Literal]:
        """Yield the value of each triple: one that several have, several times."""
        for quad in self._store.quads_for_pattern(None, self._prop, None, DefaultGraph()):
            if isinstance(quad.object, NamedNode | Literal) and isinstance(quad.object, self._kind):
                yield quad.object


def _missing(query: SavedQuery, parameter: Parameter) -> Phrase:
    if not parameter.example:
        return Phrase("{query}: the parameter {name} is missing. Add it.", query=query.name, name=parameter.name)
    example = f"{parameter.name}='{parameter.example}'"
    text = "{query}: the parameter {name} is missing. Add, for example, {example}."
    return Phrase(text, query=query.name, name=parameter.name, example=example)


def _texts(parameter: Parameter, given: Value | Iterable[Value]) -> list[str]:
    """Return what was given as a list of texts; more than one only for a parameter that takes a list."""
    if isinstance(given, str | int | float | NamedNode | Literal):
        return [_text(given)]
    texts = [_text(value) for value in given]
    if not parameter.list and len(texts) != 1:
        text = "the parameter {name} takes one value, not {count}. Give it once."
        raise UsageError(Phrase(text, name=parameter.name, count=len(texts)))
    return texts


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.value if isinstance(value, NamedNode | Literal) else str(value)
