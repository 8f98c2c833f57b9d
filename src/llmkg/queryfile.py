"""Read one saved query: a SPARQL file with a YAML header in ``#+`` comments.

Whatever is wrong with a header is an InputError with the file and the line: a key or a type that
does not exist, a name given twice, columns that are not those of the SELECT, a parameter that is
used and not declared or declared and not used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

import yaml
from pyoxigraph import QuerySolutions, Store

from llmkg.errors import InputError, UsageError, did_you_mean, unreadable
from llmkg.savedquery import Column, Parameter, SavedQuery, cut, literal_value
from llmkg.scan import Token, tokens
from llmkg.syntax import calls_a_service

__all__ = ["COLUMN_TYPES", "TYPES", "read_query"]

TYPES = ("iri", "string", "integer", "decimal", "boolean")
COLUMN_TYPES = (*TYPES, "double", "any")
_KEYS = ("title", "question", "description", "tags", "parameters", "columns", "entailment")
_PARAMETER_KEYS = (
    "name",
    "title",
    "description",
    "type",
    "class",
    "required",
    "list",
    "default",
    "enum",
    "enum_of",
    "example",
)
_COLUMN_KEYS = ("name", "title", "description", "type")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
# A parameter of these names could not be told from what a query is run with.
_RESERVED = ("lang", "asserted")
_NULL = "tag:yaml.org,2002:null"
# The parser in C is ten times as fast; it is missing where PyYAML was built without it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Node = yaml.Node
_Read = TypeVar("_Read", Parameter, Column)


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
    return _Header(shown, text).query(path.stem)


class _Header:
    """The header of one file, read with the places of all its parts."""

    def __init__(self, shown: str, text: str) -> None:
        self._shown = shown
        self._places: dict[str, int] = {}  # the line of each parameter
        self._text = text

    def query(self, stem: str) -> SavedQuery:
        header = self._mapping(self._root(), _KEYS, "the header")
        for key in ("title", "question"):
            if key not in header:
                self._fail(1, f"the header lacks '{key}'. Add a line '#+ {key}: ...'.")
        parameters = tuple(self._each(header.get("parameters"), "parameters", self._parameter))
        query = SavedQuery(
            name=stem,
            title=self._texts(header["title"], "title"),
            question=self._questions(header["question"]),
            description=self._texts(header.get("description"), "description"),
            tags=tuple(self._words(header.get("tags"), "tags")),
            parameters=parameters,
            columns=tuple(self._each(header.get("columns"), "columns", self._column)),
            entailment=self._entailment(header.get("entailment")),
            pieces=cut(self._text),
            path=self._shown,
        )
        self._check_use(query, _line(header.get("parameters")))
        self._check_columns(query, header.get("columns"))
        return query

    # -- the parts ----------------------------------------------------------------------------

    def _root(self) -> _Node:
        lines = [line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in self._text.splitlines()]
        if not any(lines):
            self._fail(1, "no header. Begin the file with lines such as '#+ title: ...'.")
        try:
            root = yaml.compose("\n".join(lines), Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            reason = getattr(error, "problem", None) or "not YAML"
            hint = "Mend the line and run the command again."
            raise InputError(f"{self._shown}:{line}: the header is not valid YAML ({reason}). {hint}") from error
        if not isinstance(root, yaml.MappingNode):
            self._fail(1, "the header holds no 'key: value' lines. Begin it with '#+ title: ...'.")
        return root

    def _questions(self, node: _Node) -> dict[str, tuple[str, ...]]:
        if not isinstance(node, yaml.MappingNode):
            self._fail(_line(node), "'question' needs a language. Write '#+   en: ...' under it.")
        by_language = self._mapping(node, None, "question")
        return {lang: tuple(self._words(asked, f"question in '{lang}'")) for lang, asked in by_language.items()}

    def _entailment(self, node: _Node | None) -> str:
        chosen = self._word(node, "entailment") or "inferred"
        if chosen not in ("inferred", "asserted"):
            self._fail(_line(node), f"entailment is '{chosen}'. Use inferred or asserted.")
        return chosen

    def _parameter(self, node: _Node) -> Parameter:
        entry = self._mapping(node, _PARAMETER_KEYS, "a parameter")
        name = self._name(node, entry, "a parameter")
        self._places[name] = _line(node)
        fail = partial(self._fail, _line(node))
        word = {key: self._word(entry.get(key), key) for key in ("default", "enum_of", "example")}
        parameter = Parameter(
            name=name,
            type=self._type(entry.get("type"), TYPES, f"parameter {name}"),
            classes=tuple(self._words(entry.get("class"), "class")),
            required=self._flag(entry.get("required"), "required"),
            list=self._flag(entry.get("list"), "list"),
            enum=tuple(self._words(entry.get("enum"), "enum")),
            title=self._texts(entry.get("title"), "title"),
            description=self._texts(entry.get("description"), "description"),
            **word,
        )
        if name in _RESERVED:
            fail(f"the parameter {name} cannot be declared: --{name} sets it. Take another name.")
        if parameter.required and parameter.default is not None:
            fail(f"the parameter {name} is required and has a default. Remove one of the two.")
        if parameter.classes and parameter.type != "iri":
            fail(f"the parameter {name} has a class and is of type {parameter.type}. Write 'type: iri'.")
        if parameter.enum and parameter.type == "iri":
            fail(f"the parameter {name} is an iri and has an enum, which is for literals. Use class or enum_of.")
        if parameter.enum and parameter.enum_of:
            fail(f"the parameter {name} has both enum and enum_of. Remove one of the two.")
        for key in ("default", "example"):
            self._check_value(parameter, entry.get(key), key)
        return parameter

    def _column(self, node: _Node) -> Column:
        entry = self._mapping(node, _COLUMN_KEYS, "a column")
        name = self._name(node, entry, "a column")
        return Column(
            name=name,
            type=self._type(entry.get("type"), COLUMN_TYPES, f"column {name}"),
            title=self._texts(entry.get("title"), "title"),
            description=self._texts(entry.get("description"), "description"),
        )

    # -- checks of the whole ------------------------------------------------------------------

    def _check_value(self, parameter: Parameter, node: _Node | None, key: str) -> None:
        """Refuse a default or an example that the parameter would refuse; things are known only in the graph."""
        text = self._word(node, key)
        if text is None or parameter.type == "iri":
            return
        try:
            for value in text.split(",") if parameter.list and text not in parameter.enum else [text]:
                literal_value(parameter, value)
        except UsageError as error:
            self._fail(_line(node), f"{key}: {error}")

    def _check_use(self, query: SavedQuery, line: int) -> None:
        pieces = [token for token in tokens(query.text) if token.kind != "comment" and not token.text.isspace()]
        used: dict[str, int] = {}
        for place, token in enumerate(pieces):
            if token.kind == "variable" and token.text[0] == "$":
                used.setdefault(token.text[1:], token.start)
                self._check_list(query, pieces, place)
        known = {parameter.name for parameter in query.parameters}
        for name, start in used.items():
            if name not in known and name != "lang":
                there = query.text.count("\n", 0, start) + 1
                near = did_you_mean(name, known) or " Declare it under '#+ parameters:', or write it with '?'."
                self._fail(line, f"the parameter {name}, used in line {there}, is not declared.{near}")
        for name in sorted(known - set(used)):
            self._fail(self._places[name], f"the parameter {name} is not used. Write ${name} in the query.")

    def _check_list(self, query: SavedQuery, pieces: list[Token], place: int) -> None:
        name = pieces[place].text[1:]
        if not any(parameter.list for parameter in query.parameters if parameter.name == name):
            return
        around = [pieces[i].text.upper() if 0 <= i < len(pieces) else "" for i in (place - 2, place - 1, place + 1)]
        if around != ["IN", "(", ")"]:
            there = query.text.count("\n", 0, pieces[place].start) + 1
            use = f"which SPARQL has after IN. Write IN (${name}) in line {there}."
            self._fail(self._places[name], f"the parameter {name} takes a list, {use}")

    def _check_columns(self, query: SavedQuery, node: _Node | None) -> None:
        """Refuse columns that are not the variables of the SELECT; a query that is no SPARQL is told when run."""
        if calls_a_service(query.text) is not None:
            return  # the engine would ask that service now
        try:
            answer = Store().query(query.text)
        except (SyntaxError, ValueError):
            return
        declared = [column.name for column in query.columns]
        selected = [variable.value for variable in answer.variables] if isinstance(answer, QuerySolutions) else []
        if not selected and not declared:
            return
        if node is None:
            self._fail(1, f"the header lacks 'columns'. Describe {', '.join(selected)} under '#+ columns:'.")
        if declared != selected:
            found = f"selects {', '.join(selected)}" if selected else "selects no columns"
            odd = next((name for name in declared if name not in selected), "")
            near = did_you_mean(odd, selected) or " List them in that order."
            self._fail(_line(node), f"the columns are {', '.join(declared)}, but the query {found}.{near}")

    # -- reading YAML with its places -----------------------------------------------------------

    def _mapping(self, node: _Node, known: Iterable[str] | None, what: str) -> dict[str, _Node]:
        """Return the entries of a mapping; ``known`` are its keys, None stands for languages."""
        if not isinstance(node, yaml.MappingNode):
            self._fail(_line(node), f"{what} has the wrong shape. Write it as lines of 'key: value'.")
        entries: dict[str, _Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if known is None and not _LANGUAGE.fullmatch(name):
                self._fail(_line(key), f"'{name}' is no language. Use a tag such as en or zh.")
            if known is not None and name not in known:
                near = did_you_mean(name, known) or f" Use {', '.join(known)}."
                self._fail(_line(key), f"{what} has no key '{name}'.{near}")
            if name in entries:
                self._fail(_line(key), f"'{name}' is given twice. Remove one of the two.")
            entries[name] = value
        return {name: value for name, value in entries.items() if value.tag != _NULL}

    def _each(self, node: _Node | None, what: str, read: Callable[[_Node], _Read]) -> Iterator[_Read]:
        """Yield what ``read`` makes of each entry of a list, whose names must differ."""
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self._fail(_line(node), f"'{what}' has the wrong shape. Begin each entry with '#+ - name: ...'.")
        seen: set[str] = set()
        for child in node.value:
            part = read(child)
            if part.name in seen:
                self._fail(_line(child), f"'{part.name}' stands twice among the {what}. Remove or rename one.")
            seen.add(part.name)
            yield part

    def _name(self, node: _Node, entry: Mapping[str, _Node], what: str) -> str:
        name = self._word(entry.get("name"), "name")
        if not name:
            self._fail(_line(node), f"{what} has no name. Add 'name: ...'.")
        if not re.fullmatch(r"[^\W\d]\w*", name):
            self._fail(_line(node), f"'{name}' is no name of a variable. Use letters, digits and _.")
        return name

    def _type(self, node: _Node | None, known: tuple[str, ...], what: str) -> str:
        kind = self._word(node, "type") or "string"
        if kind not in known:
            near = did_you_mean(kind, known) or f" Use {', '.join(known)}."
            self._fail(_line(node), f"{what}: type '{kind}' is unknown.{near}")
        return kind

    def _texts(self, node: _Node | None, what: str) -> dict[str, str]:
        """Return texts by language; a plain text is English."""
        if isinstance(node, yaml.MappingNode):
            by_language = self._mapping(node, None, what)
            return {lang: self._word(text, f"{what} in '{lang}'") or "" for lang, text in by_language.items()}
        text = self._word(node, what)
        return {} if text is None else {"en": text}

    def _words(self, node: _Node | None, what: str) -> list[str]:
        """Return a list of words; one word alone is a list of one."""
        children = node.value if isinstance(node, yaml.SequenceNode) else [] if node is None else [node]
        return [self._word(child, what) or "" for child in children]

    def _word(self, node: _Node | None, what: str) -> str | None:
        """Return a single value as it is written, None when there is none."""
        if node is None or node.tag == _NULL:
            return None
        if not isinstance(node, yaml.ScalarNode):
            self._fail(_line(node), f"'{what}' has the wrong shape. Give it one plain value.")
        return str(node.value)

    def _flag(self, node: _Node | None, what: str) -> bool:
        text = self._word(node, what) or "false"
        if text.casefold() not in ("true", "false"):
            self._fail(_line(node), f"'{what}' is '{text}'. Use true or false.")
        return text.casefold() == "true"

    def _fail(self, line: int, what: str) -> NoReturn:
        raise InputError(f"{self._shown}:{line}: {what}")


def _line(node: _Node | None) -> int:
    return 1 if node is None else node.start_mark.line + 1
