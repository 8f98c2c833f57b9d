"""What may stand at the end of a command line: commands, options, queries, parameters, their values.

The scripts of ``llmkg completion`` ask this on every press of a key: it answers from a snapshot that is
there, builds none, and says nothing when something is wrong.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterator, Sequence

from llmkg.commands import COMMANDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from llmkg.savedquery import Parameter, SavedQuery

__all__ = ["candidates", "for_bash"]

_BREAKS = "=:"  # where bash begins a word anew
# The arguments that take a term, by the command and the name that argparse keeps them under: what each takes.
_TERMS = {
    ("show", "term"): "thing",
    ("rename", "old"): "thing",
    ("why", "subject"): "thing",
    ("why", "predicate"): "property",
    ("why", "object"): "thing",
    ("search", "kind"): "class",
    ("export", "thing"): "thing",
    ("export", "frame"): "class",
    ("export", "kind"): "class",
    ("import", "kind"): "class",
    ("import", "template"): "class",
}


def candidates(words: Sequence[str], parser_of: Callable[[str], argparse.ArgumentParser]) -> Iterator[tuple[str, str]]:
    """Yield what the last of ``words`` may become, each with a few words about it.

    ``words`` stand after ``llmkg``; ``parser_of`` gives the parser of a command. Where nothing comes, the
    shells offer names of files.
    """
    *before, current = words or [""]
    if not before:
        yield from _beginning(current, [*COMMANDS.items(), ("--help", ""), ("--version", "")])
        return
    command = before[0]
    if command not in COMMANDS:
        return
    options = {name: action for action in parser_of(command)._actions for name in action.option_strings}  # noqa: SLF001  (argparse tells no other way)
    name, equals, typed = current.partition("=")
    if equals and name in options:
        found = _option_values(options[name], typed, before)
        yield from ((f"{name}={value}", told) for value, told in found)
    elif before[-1] in options and options[before[-1]].nargs != 0:
        yield from _option_values(options[before[-1]], current, before)
    elif current.startswith("-"):
        yield from _beginning(current, [(name, action.help or "") for name, action in options.items() if name != "-h"])
    elif command == "query":
        yield from _of_query(_positional(before[1:], options), current, before)
    else:
        actions = [action for action in parser_of(command)._actions if not action.option_strings]  # noqa: SLF001
        for action in actions[len(_positional(before[1:], options)) :][:1]:
            yield from _option_values(action, current, before)


def _option_values(action: argparse.Action, typed: str, before: Sequence[str]) -> Iterator[tuple[str, str]]:
    if action.choices:
        yield from _beginning(typed, [(str(choice), "") for choice in action.choices])
    elif action.dest == "tag":
        pack = _Pack(before)
        tags = {tag for name in pack.queries() for tag in pack.tags(name)}
        yield from _beginning(typed, [(tag, "") for tag in sorted(tags)])
    elif (before[0], action.dest) in _TERMS:
        yield from _Pack(before).terms(_TERMS[before[0], action.dest], typed)


def _of_query(given: Sequence[str], current: str, before: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of queries, then the parameters of the one that is named, then their values."""
    pack = _Pack(before)
    if not given:
        yield from _beginning(current, [(name, pack.title(name)) for name in pack.queries()])
        return
    query = pack.query(given[0])
    if query is None:
        return
    name, equals, typed = current.partition("=")
    if equals:
        for parameter in query.parameters:
            if parameter.name == name:
                start = re.match(r".*,", typed) if parameter.list else None
                kept = start.group() if start else ""
                found = pack.values(query, parameter, typed[len(kept) :])
                yield from ((f"{name}={kept}{value}", told) for value, told in found)
        return
    taken = {word.partition("=")[0] for word in given[1:]}
    open_to = [(f"{p.name}=", pack.told(p)) for p in query.parameters if p.list or p.name not in taken]
    yield from _beginning(current, open_to)


def _positional(words: Sequence[str], options: dict[str, argparse.Action]) -> list[str]:
    """Return the words that are neither options nor their values."""
    found: list[str] = []
    skip = False
    for word in words:
        if not skip and not word.startswith("-"):
            found.append(word)
        skip = word in options and options[word].nargs != 0
    return found


def _beginning(typed: str, known: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield from (entry for entry in known if entry[0].startswith(typed))


class _Pack:
    """The queries and things of the graph that a command line names."""

    def __init__(self, words: Sequence[str]) -> None:
        from llmkg.pack import Pack  # noqa: PLC0415  (commands and options need none of these)
        from llmkg.snapshot import default_cache, kept_snapshot  # noqa: PLC0415

        def option(name: str) -> str | None:
            for place, word in enumerate(words):
                if word == name and place + 1 < len(words):
                    return words[place + 1]
                if word.startswith(f"{name}="):
                    return word.partition("=")[2]
            return None

        self._pack = Pack.open(option("--graph"))
        cache = None if "--no-cache" in words else option("--cache") or default_cache()
        self._snapshot = kept_snapshot(self._pack, cache) if cache else None
        self._lang = option("--lang") or "en"

    def queries(self) -> list[str]:
        if self._snapshot is not None:
            return sorted(self._snapshot.queries)
        return sorted(os.path.splitext(os.path.basename(path))[0] for path in self._pack.queries)

    def query(self, name: str) -> SavedQuery | None:
        if self._snapshot is not None:
            return self._snapshot.queries.get(name)
        from pathlib import Path  # noqa: PLC0415

        from llmkg.queryfile import read_query  # noqa: PLC0415

        paths = [path for path in self._pack.queries if os.path.splitext(os.path.basename(path))[0] == name]
        return read_query(Path(paths[0])) if paths else None

    def title(self, name: str) -> str:
        from llmkg.savedquery import in_language  # noqa: PLC0415

        query = self.query(name) if self._snapshot is not None else None
        return in_language(query.title, self._lang) if query is not None else ""

    def tags(self, name: str) -> tuple[str, ...]:
        query = self.query(name)
        return query.tags if query is not None else ()

    def told(self, parameter: Parameter) -> str:
        from llmkg.savedquery import in_language  # noqa: PLC0415

        return in_language(parameter.description, self._lang) or in_language(parameter.title, self._lang)

    def terms(self, kind: str, typed: str) -> Iterator[tuple[str, str]]:
        """Yield the terms that begin as typed: prefixes and the ends of IRIs, CURIEs, or else names in any language."""
        if self._snapshot is None:
            return
        from llmkg.commands.nameable import Nameable  # noqa: PLC0415

        yield from Nameable(self._snapshot, kind, self._lang).beginning(typed)

    def values(self, query: SavedQuery, parameter: Parameter, typed: str) -> Iterator[tuple[str, str]]:
        """Yield the values that begin as typed: literals, the ends of IRIs, or else names in any language."""
        if self._snapshot is None:
            yield from _beginning(typed, [(value, "") for value in parameter.enum])
            return
        from pyoxigraph import NamedNode  # noqa: PLC0415

        from llmkg.lexicon import Lexicon, fold  # noqa: PLC0415
        from llmkg.parameters import Binder  # noqa: PLC0415
        from llmkg.snapshot import NAMES  # noqa: PLC0415
        from llmkg.terms import curie, local_name  # noqa: PLC0415

        store, prefixes = self._snapshot.store, self._snapshot.prefixes
        lexicon = Lexicon(store, NAMES, prefixes)
        terms = Binder(store, lexicon).allowed(query, parameter) or ()
        found = False
        for term in terms:
            if not isinstance(term, NamedNode):
                names = [term.value]
            else:
                names = [local_name(term.value), curie(term.value, prefixes) or term.value]
            for name in names:
                if name.startswith(typed) and (":" in typed or name == names[0]):
                    found = True
                    yield name, lexicon.label(term, self._lang) or ""
        if found or not typed:
            return
        for term in terms:
            for label in lexicon.labels(term):
                if fold(label).startswith(fold(typed)):
                    yield label, curie(term.value, prefixes) or ""


def for_bash(line: str, complete: Callable[[Sequence[str]], Iterator[tuple[str, str]]]) -> Iterator[str]:
    """Yield what bash is to put in the place of its current word at the end of ``line``, quoted as there."""
    words, begin, quote = _split(line)
    typed = line[begin:]
    # Bash begins a word anew after = and :, unless they are quoted; what stands before is not replaced.
    if quote:
        head = _split(line[: line.rindex(quote)])[0][-1]
    else:
        place = max((typed.rfind(sign) for sign in _BREAKS), default=-1) + 1
        head = _split(typed[:place])[0][-1] if place else ""
    for value, _ in complete(words[1:]):
        if value.startswith(head):
            yield _quoted(value[len(head) :], quote)


def _quoted(text: str, quote: str) -> str:
    if quote == "'":
        return text.replace("'", "'\\''")
    unsafe = r'(["\\$`])' if quote else r"([^\w@%+,./:=~^-])"
    return re.sub(unsafe, r"\\\1", text)


def _split(line: str) -> tuple[list[str], int, str]:
    """Return the words of a command line as a shell reads them, where the last begins, and its open quote."""
    words, begin, quote, word, inside = [], 0, "", "", False
    place = 0
    while place < len(line):
        sign = line[place]
        if quote:
            if sign == quote:
                quote = ""
            elif sign == "\\" and quote == '"' and line[place + 1 : place + 2] in ('"', "\\", "$", "`"):
                place += 1
                word += line[place]
            else:
                word += sign
        elif sign in " \t":
            if inside:
                words.append(word)
            word, inside, begin = "", False, place + 1
            place += 1
            continue
        elif sign in "'\"":
            quote = sign
        elif sign == "\\":
            place += 1
            word += line[place : place + 1]
        else:
            word += sign
        inside = True
        place += 1
    return [*words, word], begin, quote
