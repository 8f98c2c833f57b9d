"""Find the line of a file on which a triple stands, without reading more of the file than it takes."""

from __future__ import annotations

import re
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from llmkg.load import WITH_LINES, read_content, read_positions

__all__ = ["Positions"]

_BLOCKS = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES)  # formats in which a statement can be read on its own
_SINGLE = 30  # triples that are looked for one by one; for more, the whole file is read once
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_DECLARATION = re.compile(rb"(?:[ \t]*(?:#[^\n]*|@?(?:prefix|base)\b[^\n]*)?\n)*", re.IGNORECASE)


class Positions:
    """The lines of one file.

    A triple is looked for in the blocks of text that begin with its subject at the start of a line, which is
    how files are written. Where that does not lead to it, the whole file is read.
    """

    def __init__(self, path: Path, name: str) -> None:
        """Take a file, and its name for messages."""
        self._path = path
        self._name = name
        self._content: bytes | None = None
        self._all: dict[Triple, int] | None = None
        self._plain = False
        self._has_texts = False
        self._asked = 0

    @property
    def has_lines(self) -> bool:
        """Tell whether the format of the file is one that lines can be told of."""
        return RdfFormat.from_extension(self._path.suffix.lstrip(".")) in WITH_LINES

    def line(self, triple: Triple) -> int:
        """Return the line on which ``triple`` ends, 0 when the format has no lines or the file no such triple."""
        if self._all is None and self._asked < _SINGLE:
            self._asked += 1
            if line := self._in_blocks(triple):
                return line
        if self._all is None:
            self._content, self._all = None, read_positions(self._path, self._name)
        return self._all.get(triple, 0)

    def _in_blocks(self, triple: Triple) -> int:
        rdf_format = RdfFormat.from_extension(self._path.suffix.lstrip("."))
        if rdf_format not in _BLOCKS or isinstance(triple.object, BlankNode | Triple):
            return 0
        if self._content is None:
            self._content = read_content(self._path)
            self._plain = _is_plain(self._content)
            self._has_texts = b'"""' in self._content
        content = self._content
        if not isinstance(triple.subject, NamedNode) or not self._plain:
            return 0
        end = _head(content)
        reader = _Block(content, content[:end])
        reached = 0
        for start in self._starts(triple.subject, content, end):
            if start < reached:
                continue
            reader.start(start)
            try:
                for quad in parse(reader, rdf_format, base_iri=self._path.resolve().as_uri()):  # type: ignore[arg-type]
                    if quad.triple == triple:
                        return content.count(b"\n", 0, reader.at - 1) + 1
                    if quad.subject != triple.subject:
                        reached = reader.before
                        break
            except (SyntaxError, ValueError):
                continue  # no statement begins here
        return 0

    def _starts(self, subject: NamedNode, content: bytes, end: int) -> list[int]:
        """Return where lines begin with ``subject``, in order."""
        try:
            prefixes = _prefixes(content[:end])
        except (SyntaxError, ValueError):
            return []
        names = [f"<{subject.value}>"]
        for prefix, iri in prefixes.items():
            local = subject.value.removeprefix(iri)
            if subject.value.startswith(iri) and _PLAIN.fullmatch(local):
                names.append(f"{prefix}:{local}")
        found = []
        for name in names:
            text = name.encode()
            place = content.find(text)
            while place >= 0:
                after = place + len(text)
                begins = place == 0 or content[place - 1 : place] == b"\n"
                if begins and content[after : after + 1].isspace() and not self._is_in_text(content, place):
                    found.append(place)
                place = content.find(text, after)
        return sorted(found)

    def _is_in_text(self, content: bytes, place: int) -> bool:
        """Tell whether ``place`` lies in a text of several lines."""
        return self._has_texts and content.count(b'"""', 0, place) % 2 == 1


class _Block:
    """What a parser reads: the declarations of a file, then its lines from some place on, one at a time."""

    def __init__(self, content: bytes, head: bytes) -> None:
        self._content = content
        self._head = head
        self._waiting = head
        self.at = self.before = 0

    def start(self, place: int) -> None:
        """Begin anew at ``place``."""
        self.at = self.before = place
        self._waiting = self._head

    def read(self, _size: int = -1) -> bytes:
        """Return the declarations, then the next line each time, then nothing."""
        if self._waiting:
            head, self._waiting = self._waiting, b""
            return head
        end = self._content.find(b"\n", self.at) + 1 or len(self._content)
        line = self._content[self.at : end]
        self.before, self.at = self.at, end
        return line


def _head(content: bytes) -> int:
    """Return where the declarations at the head of a file end."""
    head = _DECLARATION.match(content)
    return head.end() if head else 0


def _is_plain(content: bytes) -> bool:
    """Tell whether names mean the same all over the file, and lines are told apart in one way."""
    end, later = _head(content), (b"@prefix", b"@base", b"\nPREFIX", b"\nprefix", b"\nBASE", b"\nbase")
    return b"\r" not in content and b"'''" not in content and all(content.find(text, end) < 0 for text in later)


def _prefixes(head: bytes) -> dict[str, str]:
    parser = parse(head, RdfFormat.TURTLE)
    list(parser)
    return parser.prefixes
