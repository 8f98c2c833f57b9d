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
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from llmkg.errors import UsageError, did_you_mean
from llmkg.scan import tokens
from llmkg.terms import XSD

__all__ = [
    "Bound",
    "Column",
    "Parameter",
    "SavedQuery",
    "in_language",
    "literal_value",
    "query_from_json",
    "query_to_json",
]

# Parameters with their terms; a parameter that takes a list has a tuple of them.
Bound: TypeAlias = Mapping[str, "NamedNode | Literal | tuple[NamedNode | Literal, ...]"]

_YES = {"true": "true", "yes": "true", "1": "true", "是": "true"}
_NO = {"false": "false", "no": "false", "0": "false", "否": "false"}


class Parameter(NamedTuple):
    """One ``$name`` of a query: how its value is read and what it must be.

    ``title`` and ``description`` map a language to a text. The allowed values are the instances of
    ``classes``, the literals ``enum``, or what the property ``enum_of`` (a CURIE) has for values.
    """

    name: str
    type: str = "string"
    classes: tuple[str, ...] = ()
    required: bool = False
    list: bool = False
    default: str | None = None
    enum: tuple[str, ...] = ()
    enum_of: str | None = None
    example: str | None = None
    title: Mapping[str, str] = {}
    description: Mapping[str, str] = {}


class Column(NamedTuple):
    """One projected variable and what it means; the texts are by language."""

    name: str
    type: str
    title: Mapping[str, str] = {}
    description: Mapping[str, str] = {}


class SavedQuery(NamedTuple):
    """A saved query; ``question`` maps a language to the ways of asking it, the other texts to one text."""

    name: str
    title: Mapping[str, str]
    question: Mapping[str, tuple[str, ...]]
    description: Mapping[str, str]
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    entailment: str
    text: str
    path: str = ""

    def parameter(self, name: str) -> Parameter:
        """Return the parameter called ``name``; raises UsageError with the nearest names."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [parameter.name for parameter in self.parameters]
        takes = f" It takes {', '.join(known)}." if known else " It takes none."
        raise UsageError(f"{self.name}: no parameter {name}.{did_you_mean(name, known)}{takes}")

    def questions(self, lang: str) -> tuple[str, ...]:
        """Return the ways of asking it in ``lang``, else in English, else its title."""
        return self.question.get(lang) or self.question.get("en") or (in_language(self.title, lang),)

    def bind(self, values: Bound) -> str:
        """Return the query text with each ``$name`` of ``values`` replaced by its term or its list of terms."""
        pieces = _pieces(self.text)
        return "".join(_written(values[name]) if name is not None and name in values else text for text, name in pieces)


def in_language(texts: Mapping[str, str], lang: str) -> str:
    """Return the text in ``lang``, else in English, else in any language, else an empty string.

    >>> in_language({"en": "models", "zh": "模型"}, "zh")
    '模型'
    """
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")


def _written(value: NamedNode | Literal | tuple[NamedNode | Literal, ...]) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


@lru_cache(maxsize=128)
def _pieces(text: str) -> tuple[tuple[str, str | None], ...]:
    """Return the text in pieces: each ``$name`` with its name, what stands between without one."""
    pieces: list[tuple[str, str | None]] = []
    between: list[str] = []
    for token in tokens(text):
        if token.kind == "variable" and token.text[0] == "$":
            pieces += [("".join(between), None), (token.text, token.text[1:])]
            between = []
        else:
            between.append(token.text)
    return (*pieces, ("".join(between), None))


def literal_value(parameter: Parameter, text: str) -> Literal:
    """Return the literal that ``text`` means for a parameter that is not an IRI.

    Raises UsageError when the text is not of the parameter's type or not among its values.
    """
    text = text.strip()
    if parameter.enum and text not in parameter.enum:
        near = did_you_mean(text, parameter.enum)
        raise UsageError(f"{parameter.name}={text}: not one of {', '.join(parameter.enum)}.{near}")
    if parameter.type == "boolean":
        value = {**_YES, **_NO}.get(text.casefold())
        if value is None:
            raise UsageError(f"{parameter.name}={text}: not a truth value. Use true or false.")
        return Literal(value, datatype=XSD.boolean)
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            raise UsageError(f"{parameter.name}={text}: not a whole number. Use digits only, such as 12.")
        return Literal(text, datatype=XSD.integer)
    if parameter.type == "decimal":
        if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text):
            raise UsageError(f"{parameter.name}={text}: not a number. Use digits and a point, such as 1.5.")
        return Literal(text, datatype=XSD.decimal)
    return Literal(text)


def query_to_json(query: SavedQuery) -> dict[str, Any]:
    """Return the query as JSON values, for ``query_from_json``; what is as by default is left out."""
    return {
        **query._asdict(),
        "parameters": [_told(parameter) for parameter in query.parameters],
        "columns": [_told(column) for column in query.columns],
    }


def _told(part: Parameter | Column) -> dict[str, Any]:
    return {key: value for key, value in part._asdict().items() if value != part._field_defaults.get(key)}


def query_from_json(data: Mapping[str, Any]) -> SavedQuery:
    """Return the query that ``query_to_json`` was given: the YAML header need not be read again."""
    return SavedQuery(
        **{
            **data,
            "question": {lang: tuple(texts) for lang, texts in data["question"].items()},
            "tags": tuple(data["tags"]),
            "parameters": tuple(Parameter(**_tupled(entry)) for entry in data["parameters"]),
            "columns": tuple(Column(**entry) for entry in data["columns"]),
        }
    )


def _tupled(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a parameter with the lists of JSON as tuples again."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
