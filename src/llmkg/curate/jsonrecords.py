"""The records of a JSON file one after the other, with their lines, in bounded memory.

A file is JSON Lines (a record, or a page of records, on each line), an array of records, an object
with an array of them under ``results`` or ``items``, or one record. A broken record is told and the
next one is read; where brackets do not match, that may be the end of the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from llmkg.curate.inputfile import InputFile
from llmkg.curate.record import Broken, Place

__all__ = ["Item", "json_records"]

Item: TypeAlias = tuple[Place, dict[str, Any]] | Broken
_ARRAYS = ("results", "items")  # the members of an object that hold its records
_CHUNK = 1024 * 1024  # characters that are read on at a time
_MOST = 64 * 1024 * 1024  # characters of one record
_NEAR = 16  # characters from the end within which an error may come from the cut
_LINES = re.compile(r"\.(jsonl|ndjson|jsonlines)(\.gz)?$", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r]*")
_MARK = re.compile(r'"(?:[^"\\]|\\.)*+"|[][{}]', re.DOTALL)
_DECODE = json.JSONDecoder().raw_decode
_MEND = "Mend it there; a checker of JSON shows how"


def json_records(file: InputFile) -> Iterator[Item]:
    """Yield each record with its place, or what is wrong with it; raises InputError when the file is no JSON."""
    lines = file.lines()
    first = next(((number, line) for number, line in lines if line.strip()), None)
    if first is None:
        return
    if _LINES.search(file.name) or _is_record(first[1]):
        yield from _of_line(file.name, *first)
        for number, line in lines:
            if line and not line.isspace():
                yield from _of_line(file.name, number, line)
    else:
        yield from _Document(file.name, first, lines).records()


def _is_record(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _of_line(name: str, number: int, line: str) -> Iterator[Item]:
    """Yield the record of a line, or the records of a page that it holds."""
    place = Place(name, number)
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        yield _broken(place, error)
        return
    page = (
        next((value[key] for key in _ARRAYS if isinstance(value.get(key), list)), None)
        if isinstance(value, dict)
        else None
    )
    for one in [value] if page is None else page:
        yield _checked(place, one)


def _checked(place: Place, value: object) -> Item:
    return (place, value) if isinstance(value, dict) else Broken(place, "is no record: a JSON object is expected here.")


def _broken(place: Place, error: Exception) -> Broken:
    if isinstance(error, json.JSONDecodeError):
        return Broken(place, f"the record is no JSON ({error.msg} at character {error.pos + 1}). {_MEND}.")
    why = "nested too deep" if isinstance(error, RecursionError) else str(error).split(";", maxsplit=1)[0]
    return Broken(place, f"the record cannot be read ({why}). Take it out.")


class _Document:
    """A JSON text of which some part is in memory."""

    def __init__(self, name: str, first: tuple[int, str], rest: Iterator[tuple[int, str]]) -> None:
        self._name = name
        self._rest = rest
        self._text = first[1] + "\n"
        self._at = 0
        self._line = first[0]  # that of the beginning of the text
        self._counted = 0  # up to here the lines before have been counted
        self._ended = False

    def records(self) -> Iterator[Item]:
        """Yield the records of the text."""
        start = self._sign()
        if start == "[":
            self._at += 1
            yield from self._elements()
        elif start == "{":
            yield from self._object()
        else:
            yield Broken(self._place(), f"is no JSON: a text begins with {{ or [. {_MEND}.")
            return
        if self._sign():
            yield Broken(self._place(), f"goes on after the end of the JSON text. {_MEND}.")

    def _elements(self) -> Iterator[Item]:
        """Yield the records of an array whose bracket has been read, and pass its end."""
        while (sign := self._sign()) != "]":
            if not sign:
                yield Broken(self._place(), "the file ends before the list of records does. Fetch it again.")
                return
            if sign == ",":
                self._at += 1
                continue
            yield self._value()
        self._at += 1

    def _object(self) -> Iterator[Item]:
        """Yield the records of the member that holds them, else the object itself as one record."""
        place, whole, found = self._place(), {}, False
        self._at += 1
        while (sign := self._sign()) != "}":
            if sign == ",":
                self._at += 1
                continue
            key = self._decoded() if sign == '"' else None
            if not isinstance(key, str) or self._sign() != ":":
                yield Broken(self._place(), f"is no JSON: the name of a member is expected here. {_MEND}.")
                self._text, self._at = "", 0
                for _ in self._rest:
                    pass
                return
            self._at += 1
            if key in _ARRAYS and self._sign() == "[":
                found = True
                self._at += 1
                yield from self._elements()
            else:
                self._sign()
                item = self._value(any_kind=True)
                if isinstance(item, Broken):
                    yield item
                else:
                    whole[key] = item[1]
        self._at += 1
        if not found:
            yield place, whole

    def _value(self, *, any_kind: bool = False) -> Item:
        """Return the value that begins here, and pass its end."""
        place = self._place()
        begin = self._at
        try:
            value = self._decoded()
        except (ValueError, RecursionError) as error:
            self._skip()
            if isinstance(error, json.JSONDecodeError):
                error = json.JSONDecodeError(error.msg, "", error.pos - begin)
            return _broken(place, error)
        return (place, value) if any_kind else _checked(place, value)

    def _decoded(self) -> Any:  # noqa: ANN401  (any JSON)
        """Return the value that begins here, reading on while it is cut off."""
        while True:
            try:
                value, end = _DECODE(self._text, self._at)
            except json.JSONDecodeError as error:
                if error.pos < len(self._text) - _NEAR or len(self._text) - self._at > _MOST or not self._read_on():
                    raise
                continue
            if end < len(self._text) or not self._read_on():  # a number may go on
                self._at = end
                return value

    def _skip(self) -> None:
        """Pass a value that is broken: up to the bracket that closes it, or the comma after it."""
        depth = 0
        while True:
            for mark in _MARK.finditer(self._text, self._at):
                depth += mark[0] in ("[", "{")
                depth -= mark[0] in ("]", "}")
                if depth <= 0 and mark[0][0] != '"':
                    self._at = mark.end() if depth == 0 else mark.start()
                    return
            self._at = len(self._text)
            if not self._read_on():
                return

    def _sign(self) -> str:
        """Return the next character that is no space, without passing it; empty at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]  # matches anything
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read_on():
                return ""

    def _read_on(self) -> bool:
        """Read more, at least as much as there is; tell whether there was any."""
        self._count(self._at)
        self._text, self._at, self._counted = self._text[self._at :], 0, 0
        parts, size, wanted = [self._text], 0, max(_CHUNK, len(self._text))
        for _, line in self._rest:
            parts += [line, "\n"]
            size += len(line) + 1
            if size >= wanted:
                break
        self._text = "".join(parts)
        return size > 0

    def _place(self) -> Place:
        self._count(self._at)
        return Place(self._name, self._line)

    def _count(self, end: int) -> None:
        self._line += self._text.count("\n", self._counted, end)
        self._counted = end
