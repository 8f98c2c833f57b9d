"""Read one saved query: a SPARQL file with a YAML header in ``#+`` comments.

The text runs unchanged in any SPARQL 1.1 tool. In it ``$name`` is a parameter and ``?name`` a
variable; a parameter without a value stays an unbound variable, which the query must allow for
(``COALESCE``). Values enter as serialised RDF terms, put in by a tokenizer that leaves strings,
IRIs and comments alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from llmkg.errors import InputError, UsageError, did_you_mean, unreadable
from llmkg.scan import tokens
from llmkg.terms import XSD

if TYPE_CHECKING:
    from pathlib import Path  # slow to import, and a cold query reads no file

__all__ = ["Column", "Parameter", "SavedQuery", "literal_value", "query_from_json", "query_to_json", "read_query"]

_TYPES = ("iri", "string", "integer", "decimal", "boolean")
_YES = {"true": "true", "yes": "true", "1": "true", "是": "true"}
_NO = {"false": "false", "no": "false", "0": "false", "否": "false"}


class Parameter(NamedTuple):
    """One ``$name`` of a query: how its value is read and what it must be."""

    name: str
    type: str = "string"
    classes: tuple[str, ...] = ()
    required: bool = False
    default: str | None = None
    enum: tuple[str, ...] = ()
    example: str | None = None
    description: str = ""


class Column(NamedTuple):
    """One projected variable and what it means."""

    name: str
    type: str
    description: str


class SavedQuery(NamedTuple):
    """A saved query; ``question`` maps a language to the ways of asking it."""

    name: str
    title: str
    question: Mapping[str, tuple[str, ...]]
    description: str
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

    def bind(self, values: Mapping[str, NamedNode | Literal]) -> str:
        """Return the query text with each ``$name`` of ``values`` replaced by its term."""
        pieces = _pieces(self.text)
        return "".join(str(values[name]) if name is not None and name in values else text for text, name in pieces)


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
    """Return the query as JSON values, for ``query_from_json``."""
    return {**query._asdict(), "parameters": [p._asdict() for p in query.parameters], "columns": query.columns}


def query_from_json(data: Mapping[str, Any]) -> SavedQuery:
    """Return the query that ``query_to_json`` was given: the YAML header need not be read again."""

    def parameter(entry: Mapping[str, Any]) -> Parameter:
        return Parameter(**{**entry, "classes": tuple(entry["classes"]), "enum": tuple(entry["enum"])})

    return SavedQuery(
        **{
            **data,
            "question": {lang: tuple(texts) for lang, texts in data["question"].items()},
            "tags": tuple(data["tags"]),
            "parameters": tuple(map(parameter, data["parameters"])),
            "columns": tuple(Column(*column) for column in data["columns"]),
        }
    )


def read_query(path: Path, name: str | None = None) -> SavedQuery:
    """Read the saved query at ``path``; ``name`` is for messages.

    Raises InputError with the file and line when the header is missing or wrong.
    """
    shown = name or str(path)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise unreadable(shown, error) from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{shown}:{line}: this is not UTF-8. Save the file as UTF-8.") from error
    header = _header(text, shown)
    try:
        return _query(path.stem, header, text, shown)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        what = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else "a value is of the wrong kind"
        raise InputError(
            f"{shown}:1: the header has the wrong shape ({what}). Compare it with another query."
        ) from error


def _header(text: str, shown: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415  (only this function needs it)

    lines = [line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in text.splitlines()]
    if not any(lines):
        raise InputError(f"{shown}:1: no header. Begin the file with lines such as '#+ title: ...'.")
    try:
        header = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or "not YAML"
        raise InputError(
            f"{shown}:{line}: the header is not valid YAML ({reason}). Mend the line and run the command again."
        ) from error
    if not isinstance(header, dict):
        raise InputError(f"{shown}:1: the header holds no 'key: value' lines. Begin it with '#+ title: ...'.")
    return header


def _query(stem: str, header: dict[str, Any], text: str, shown: str) -> SavedQuery:
    def need(key: str) -> Any:  # noqa: ANN401  (YAML gives anything)
        if key not in header:
            raise InputError(f"{shown}:1: the header lacks '{key}'. Add a line '#+ {key}: ...'.")
        return header[key]

    query = SavedQuery(
        name=stem,
        title=str(need("title")),
        question={
            str(k): tuple(map(str, v if isinstance(v, list) else [v])) for k, v in dict(need("question")).items()
        },
        description=str(header.get("description", "")),
        tags=tuple(map(str, header.get("tags") or ())),
        parameters=tuple(_parameter(p, shown) for p in header.get("parameters") or ()),
        columns=tuple(Column(str(c["name"]), str(c["type"]), str(c.get("description", ""))) for c in need("columns")),
        entailment=str(header.get("entailment", "inferred")),
        text=text,
        path=shown,
    )
    if query.entailment not in ("inferred", "asserted"):
        raise InputError(f"{shown}:1: entailment is '{query.entailment}'. Use inferred or asserted.")
    used = {token.text[1:] for token in tokens(text) if token.kind == "variable" and token.text[0] == "$"}
    for parameter in query.parameters:
        if parameter.name not in used:
            raise InputError(
                f"{shown}:1: the parameter {parameter.name} is not used. Write ${parameter.name} in the query."
            )
    return query


def _parameter(entry: dict[str, Any], shown: str) -> Parameter:
    kind = str(entry.get("type", "string"))
    if kind not in _TYPES:
        use = f" Use {', '.join(_TYPES)}."
        raise InputError(f"{shown}:1: parameter type '{kind}' is unknown.{did_you_mean(kind, _TYPES) or use}")
    text = {key: None if entry.get(key) is None else str(entry[key]) for key in ("default", "example")}
    classes = entry.get("class") or ()
    return Parameter(
        name=str(entry["name"]),
        type=kind,
        classes=(classes,) if isinstance(classes, str) else tuple(map(str, classes)),
        required=bool(entry.get("required", False)),
        default=text["default"],
        enum=tuple(map(str, entry.get("enum") or ())),
        example=text["example"],
        description=str(entry.get("description", "")),
    )
