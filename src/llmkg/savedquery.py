"""What a saved query is: a SPARQL text, what its YAML header says, and values put into it.

The text runs unchanged in any SPARQL 1.1 tool. In it ``$name`` is a parameter and ``?name`` a
variable; a parameter without a value stays an unbound variable, which the query must allow for
(``COALESCE``). Values enter as serialised RDF terms, put in by a tokenizer that leaves strings,
IRIs and comments alone; the values of a list are joined by commas, as ``IN`` takes them.
``llmkg.queryfile`` reads the files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from llmkg.errors import Phrase, UsageError, did_you_mean, shown
from llmkg.terms import XSD

TYPE_CHECKING = False  # a cold query imports no typing, and defines no NamedTuple, which takes longer than it
if TYPE_CHECKING:
    from typing import Any, TypeAlias

__all__ = [
    "Bound",
    "Column",
    "Parameter",
    "SavedQuery",
    "cut",
    "in_language",
    "literal_value",
    "query_from_json",
    "query_to_json",
]

# Parameters with their terms; a parameter that takes a list has a tuple of them.
Bound: TypeAlias = Mapping[str, "NamedNode | Literal | tuple[NamedNode | Literal, ...]"]

_LONGEST = 2_000  # characters of a value
_HEADER = "#+"  # begins a line of a header, as ``llmkg.queryfile`` reads it
_ESCAPE = re.compile(r"\\(?:\\([uU])|u([0-9A-F]{4})|.)")
_YES = {"true": "true", "yes": "true", "1": "true", "是": "true"}
_NO = {"false": "false", "no": "false", "0": "false", "否": "false"}


class _Record:
    """A few named values, in the order of ``__slots__``, that compare by what they hold."""

    __slots__: tuple[str, ...] = ()

    def fields(self) -> dict[str, Any]:
        """Return the values by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Record) and type(other) is type(self) and other.fields() == self.fields()

    __hash__ = None  # type: ignore[assignment]  # it holds mappings

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.fields().items())})"


class Parameter(_Record):
    """One ``$name`` of a query: how its value is read and what it must be.

    ``title`` and ``description`` map a language to a text. The allowed values are the instances of
    ``classes``, the literals ``enum``, or what the property ``enum_of`` (a CURIE) has for values.
    """

    __slots__ = (
        "classes",
        "default",
        "description",
        "enum",
        "enum_of",
        "example",
        "list",
        "name",
        "required",
        "title",
        "type",
    )

    def __init__(  # noqa: PLR0913  (one for each key of the header)
        self,
        name: str,
        type: str = "string",  # noqa: A002  (as in the header)
        *,
        classes: tuple[str, ...] = (),
        required: bool = False,
        list: bool = False,  # noqa: A002
        default: str | None = None,
        enum: tuple[str, ...] = (),
        enum_of: str | None = None,
        example: str | None = None,
        title: Mapping[str, str] | None = None,
        description: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.type = type
        self.classes = classes
        self.required = required
        self.list = list
        self.default = default
        self.enum = enum
        self.enum_of = enum_of
        self.example = example
        self.title = title or {}
        self.description = description or {}


class Column(_Record):
    """One projected variable and what it means; the texts are by language."""

    __slots__ = ("description", "name", "title", "type")

    def __init__(
        self,
        name: str,
        type: str = "string",  # noqa: A002  (as in the header)
        *,
        title: Mapping[str, str] | None = None,
        description: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.type = type
        self.title = title or {}
        self.description = description or {}


class SavedQuery(_Record):
    """A saved query; ``question`` maps a language to the ways of asking it, the other texts to one text.

    ``pieces`` is the SPARQL text cut at its parameters: text and the name of a parameter in turn.
    """

    __slots__ = (
        "columns",
        "description",
        "entailment",
        "name",
        "parameters",
        "path",
        "pieces",
        "question",
        "tags",
        "title",
    )

    def __init__(  # noqa: PLR0913  (one for each key of the header)
        self,
        name: str,
        *,
        pieces: tuple[str, ...],
        title: Mapping[str, str] | None = None,
        question: Mapping[str, tuple[str, ...]] | None = None,
        description: Mapping[str, str] | None = None,
        tags: tuple[str, ...] = (),
        parameters: tuple[Parameter, ...] = (),
        columns: tuple[Column, ...] = (),
        entailment: str = "inferred",
        path: str = "",
    ) -> None:
        self.name = name
        self.pieces = pieces
        self.title = title or {}
        self.question = question or {}
        self.description = description or {}
        self.tags = tags
        self.parameters = parameters
        self.columns = columns
        self.entailment = entailment
        self.path = path

    @property
    def text(self) -> str:
        """The SPARQL text as it is in the file, the lines of its header empty."""
        return "".join(f"${piece}" if place % 2 else piece for place, piece in enumerate(self.pieces))

    def parameter(self, name: str) -> Parameter:
        """Return the parameter called ``name``; raises UsageError with the nearest names."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [parameter.name for parameter in self.parameters]
        takes = Phrase(" It takes {names}.", names=", ".join(known)) if known else Phrase(" It takes none.")
        near = did_you_mean(name, known)
        text = "{query}: no parameter {name}.{near}{takes}"
        raise UsageError(Phrase(text, query=self.name, name=shown(name), near=near, takes=takes))

    def questions(self, lang: str) -> tuple[str, ...]:
        """Return the ways of asking it in ``lang``, else in English, else its title."""
        return self.question.get(lang) or self.question.get("en") or (in_language(self.title, lang),)

    def bind(self, values: Bound) -> str:
        """Return the query text with each ``$name`` of ``values`` replaced by its term or its list of terms."""
        return "".join(
            piece if place % 2 == 0 else _written(values[piece]) if piece in values else f"${piece}"
            for place, piece in enumerate(self.pieces)
        )


def in_language(texts: Mapping[str, str], lang: str) -> str:
    """Return the text in ``lang``, else in English, else in any language, else an empty string.

    >>> in_language({"en": "models", "zh": "模型"}, "zh")
    '模型'
    """
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")


def _written(value: NamedNode | Literal | tuple[NamedNode | Literal, ...]) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return _ESCAPE.sub(_long_escape, text) if "\\" in text else text


def _long_escape(match: re.Match[str]) -> str:
    r"""Write a backslash before a u, and a control character, so that no engine takes one for another.

    Some expand ``\uXXXX`` before they read strings, as SPARQL 1.1 section 19.2 has it, and so see one in
    an escaped backslash and a u; rdflib takes eight digits where there are as many.
    """
    letter, code = match.groups()
    return f"\\\\\\U{ord(letter):08X}" if letter else f"\\U0000{code}" if code else match.group()


def cut(text: str) -> tuple[str, ...]:
    """Return ``text`` cut at its parameters, as ``SavedQuery.pieces`` has it.

    The lines of a header are left empty: no engine reads them, and places in the others stay as they are.

    >>> cut('ASK { ?s ?p $x, "$x" } # $x')
    ('ASK { ?s ?p ', 'x', ', "$x" } # $x')
    """
    from llmkg.scan import tokens  # noqa: PLC0415  (a snapshot keeps the pieces)

    pieces = [""]
    for token in tokens(text):
        if token.kind == "variable" and token.text[0] == "$":
            pieces += [token.text[1:], ""]
        elif not (token.kind == "comment" and token.text.startswith(_HEADER)):
            pieces[-1] += token.text
    return tuple(pieces)


def literal_value(parameter: Parameter, text: str) -> Literal:
    """Return the literal that ``text`` means for a parameter that is not an IRI.

    Raises UsageError when the text is too long, not of the parameter's type or not among its values.
    """
    text = text.strip()
    said = f"{parameter.name}={shown(text)}"
    if len(text) > _LONGEST:  # an engine would work through it once for every row
        what = "{said}: this has {count} characters. Give {most} at most."
        raise UsageError(Phrase(what, said=said, count=f"{len(text):,}", most=f"{_LONGEST:,}"))
    if parameter.enum and text not in parameter.enum:
        near = did_you_mean(text, parameter.enum)
        known = ", ".join(parameter.enum)
        raise UsageError(Phrase("{said}: not one of {known}.{near}", said=said, known=known, near=near))
    if parameter.type == "boolean":
        value = {**_YES, **_NO}.get(text.casefold())
        if value is None:
            raise UsageError(Phrase("{said}: not a truth value. Use true or false.", said=said))
        return Literal(value, datatype=XSD.boolean)
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            raise UsageError(Phrase("{said}: not a whole number. Use digits only, such as 12.", said=said))
        return Literal(text, datatype=XSD.integer)
    if parameter.type == "decimal":
        if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text):
            raise UsageError(Phrase("{said}: not a number. Use digits and a point, such as 1.5.", said=said))
        return Literal(text, datatype=XSD.decimal)
    if not text.isascii() and text != text.encode(errors="replace").decode():
        raise UsageError(Phrase("{said}: this is not UTF-8. Send it as UTF-8.", said=said))
    return Literal(text)


def query_to_json(query: SavedQuery) -> dict[str, Any]:
    """Return the query as JSON values, for ``query_from_json``; what is empty is left out."""
    return {
        **_told(query),
        "parameters": [_told(parameter) for parameter in query.parameters],
        "columns": [_told(column) for column in query.columns],
    }


def _told(part: _Record) -> dict[str, Any]:
    return {key: value for key, value in part.fields().items() if value}


def query_from_json(data: Mapping[str, Any]) -> SavedQuery:
    """Return the query that ``query_to_json`` was given: the YAML header need not be read again."""
    return SavedQuery(
        **{
            **_tupled(data),
            "question": _tupled(data.get("question", {})),
            "parameters": tuple(Parameter(**_tupled(entry)) for entry in data["parameters"]),
            "columns": tuple(Column(**entry) for entry in data["columns"]),
        }
    )


def _tupled(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries with the lists of JSON as tuples again."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
