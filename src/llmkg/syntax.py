"""Say what is wrong with a SPARQL text: the place, the line with a caret under it, the nearest right word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise

from llmkg.errors import Phrase, QueryError, did_you_mean, listed, shown
from llmkg.scan import Token, tokens

__all__ = ["calls_a_service", "check_size", "service_error", "syntax_error"]

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
# SPARQL 1.1, section 19.8: the words of the grammar, then its functions and aggregates.
_GRAMMAR = (
    "BASE PREFIX SELECT DISTINCT REDUCED AS CONSTRUCT WHERE DESCRIBE ASK FROM NAMED GROUP BY HAVING ORDER ASC DESC "
    "LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH SERVICE SILENT BIND MINUS UNION FILTER NOT EXISTS IN SEPARATOR A "
    "TRUE FALSE STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE "
    "LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS "
    "TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI "
    "ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT TRIPLE SUBJECT "
    "PREDICATE OBJECT ISTRIPLE LATERAL ADJUST LANGDIR HASLANG HASLANGDIR STRLANGDIR"
)
_WORDS = frozenset(_GRAMMAR.split())
_PAIRS = {"{": "}", "(": ")", "[": "]"}
_WIDTH = 76  # columns of a line that are shown around the place
# Oxigraph works through a query by recursion and ends the process where the stack does: in brackets from
# about 3,000 deep, in groups, operators and patterns from about 3,000 in a row.
_DEEPEST = 200
_MOST = 1000
_LONGEST = 20  # letters of a word that are compared
_LOOKED_AT = 50_000  # characters of a query that are looked through for a mistake
_EXPECTED = 8  # of what the parser expects, that many are listed

# A call of a service as it may stand in a text, wherever that is: what is left out here is in no
# query, so nothing that calls one gets through, however strings and comments are written. The
# price is that a string which looks like a call is taken for one.
_GAP = r"(?:\s|\#[^\n\r]*)*"
_SERVICE = re.compile(
    rf"(?P<word>[?$]?\w*)service{_GAP}(?:silent{_GAP})?(?:<[^<>]*>|[?$][^\s{{]*|[^\s{{}}<>\"]*:[^\s{{]*){_GAP}\{{",
    re.IGNORECASE,
)
_CODEPOINT = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")


def calls_a_service(text: str) -> int | None:
    """Return where ``text`` calls a SPARQL service, or None.

    Escaped letters (SPARQL 1.1, section 19.2) are read as an engine might read them.
    """

    def letter(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code).ljust(len(match[0])) if code <= 0x10FFFF else match[0]  # noqa: PLR2004  (the last letter)

    for form in (text, _CODEPOINT.sub(letter, text), _CODEPOINT.sub(lambda m: letter(m).rstrip(), text)):
        for match in _SERVICE.finditer(form):
            if match["word"][:1] not in ("?", "$"):
                return min(match.end("word"), len(text))
    return None


def service_error(text: str, start: int) -> QueryError:
    """Return the error for a query that would open a network connection at ``start``."""
    what = "SERVICE sends a part of the query to another machine. Add --allow-service (allow_service=True) to let it."
    return _error(text, start, Phrase(what))


def check_size(text: str) -> None:
    """Raise QueryError for a query of which the engine would die."""
    depth = parts = 0
    for token in tokens(text):
        if token.kind != "other":
            continue
        if token.text in _PAIRS:
            depth += 1
        elif token.text in _PAIRS.values():
            depth -= 1
        parts += token.text in "{.;+-*/|&!^=<>" or token.text.upper() in ("BIND", "FILTER")
        if depth > _DEEPEST:
            what = Phrase("brackets more than {count} deep. Flatten the query.", count=_DEEPEST)
            raise _error(text, token.start, what)
        if parts > _MOST:
            what = Phrase("more than {count} patterns, operators and groups. Split the query.", count=_MOST)
            raise _error(text, token.start, what)


def syntax_error(text: str, message: str, prefixes: Mapping[str, str]) -> QueryError:
    """Return the error for ``text``, of which Oxigraph said ``message``; ``prefixes`` need no declaration."""
    pieces = [piece for piece in tokens(text[:_LOOKED_AT]) if piece.kind != "comment" and not piece.text.isspace()]
    start, expected = _place(text, message)
    if not pieces:
        return _error(text, 0, Phrase("the query is empty. Ask SELECT, ASK, CONSTRUCT or DESCRIBE."))
    if "IRI parsing failed" in message:
        begin = max(text.rfind("<", 0, start), 0)
        what = "this is no IRI. Write it whole, without spaces, as in <http://example.org/a>."
        return _error(text, begin, Phrase(what))
    found = (
        _update(pieces)
        or _undeclared(pieces, prefixes)
        or _unclosed_quote(pieces)
        or _misspelled(pieces, start)
        or _unpaired(pieces)
        or _incomplete(pieces)
    )
    whole = Phrase("{expected}. Mend the query and run it again.", expected=expected)
    return _error(text, *(found or (start, whole)))


def _update(pieces: Sequence[Token]) -> tuple[int, Phrase] | None:
    words = {piece.text.upper(): piece.start for piece in reversed(pieces) if piece.kind == "other"}
    updates = [words[word] for word in _UPDATES if word in words]
    if not updates or any(word in words for word in _FORMS):
        return None
    what = "this would change the graph, which is read-only. Ask SELECT, ASK, CONSTRUCT or DESCRIBE."
    return min(updates), Phrase(what)


def _undeclared(pieces: Sequence[Token], prefixes: Mapping[str, str]) -> tuple[int, Phrase] | None:
    """Find a prefix that neither the query nor the graph declares."""
    declared = {b.text.removesuffix(":") for a, b in pairwise(pieces) if a.text.upper() == "PREFIX"}
    for before, piece in pairwise([Token("other", "", 0), *pieces]):
        prefix = piece.text.partition(":")[0]
        if piece.kind != "name" or before.text == "_" or before.text.upper() == "PREFIX":
            continue
        if prefix not in declared and prefix not in prefixes:
            near = did_you_mean(f"{prefix}:", [f"{name}:" for name in (*declared, *prefixes) if name])
            near = near or Phrase(" Begin the query with 'PREFIX {prefix}: <...>'.", prefix=shown(prefix))
            return piece.start, Phrase("the prefix {prefix}: is not declared.{near}", prefix=shown(prefix), near=near)
    return None


def _misspelled(pieces: Sequence[Token], start: int) -> tuple[int, Phrase] | None:
    """Find the first word up to the place that is none of SPARQL, or that runs into the next one."""
    for before, piece in pairwise([Token("other", "", 0), *pieces]):
        word = piece.text
        if (
            piece.start > start
            or piece.kind != "other"
            or not word[0].isalpha()
            or before.text in ("@", "^^", "_", ":")
        ):
            continue
        if word.upper() not in _WORDS:
            near = get_close_matches(word[:_LONGEST].upper(), sorted(_WORDS), n=1, cutoff=0.75)
            hint = Phrase(" Give a name its prefix, and set a text in quotes.")
            hint = Phrase(" Did you mean {names}?", names=near[0]) if near else hint
            return piece.start, Phrase("'{word}' is no word of SPARQL.{hint}", word=shown(word), hint=hint)
    return None


def _unclosed_quote(pieces: Sequence[Token]) -> tuple[int, Phrase] | None:
    for piece in pieces:
        if piece.kind == "other" and piece.text in ("'", '"'):
            what = "this {sign} is not closed in its line. Close it, or use three of them."
            return piece.start, Phrase(what, sign=piece.text)
    return None


def _unpaired(pieces: Sequence[Token]) -> tuple[int, Phrase] | None:
    """Find a bracket without its counterpart."""
    opened: list[Token] = []
    for piece in pieces:
        if piece.kind == "other" and piece.text in _PAIRS:
            opened.append(piece)
        elif piece.kind == "other" and piece.text in _PAIRS.values():
            if not opened or piece.text != _PAIRS[opened[-1].text]:
                what = "this '{sign}' closes nothing. Remove it, or open it before."
                return piece.start, Phrase(what, sign=piece.text)
            opened.pop()
    if not opened:
        return None
    sign = opened[-1].text
    return opened[-1].start, Phrase("this '{sign}' is not closed. Add '{end}'.", sign=sign, end=_PAIRS[sign])


def _incomplete(pieces: Sequence[Token]) -> tuple[int, Phrase] | None:
    """Find a triple of plain terms that lacks one: after ``{`` or ``.`` it has three, after ``;`` two."""
    run: list[Token] = []
    needs = 0
    for piece in pieces:
        if piece.text in (".", ";", "}") and needs and 0 < len(run) < needs:
            what = "this triple is not complete. It needs a subject, a predicate and an object."
            return run[0].start, Phrase(what)
        if piece.text in ("{", ".", ";"):
            run, needs = [], 2 if piece.text == ";" else 3
        elif piece.kind in ("variable", "name", "iri", "string") or piece.text == "a":
            run.append(piece)
        else:
            needs = 0
    return None


def _place(text: str, message: str) -> tuple[int, str]:
    """Take ``error at 1:18: expected one of ...`` apart: the place in the text, what was expected in words."""
    found = re.match(r"error at (\d+):(\d+): (.*)", " ".join(message.split()))
    if found is None:
        return 0, shown(message)
    line, column, said = int(found[1]), int(found[2]), found[3]
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: line - 1])) + column - 1
    parts = list(_expected(said.removeprefix("expected ").removeprefix("one of ")))
    reasons = [part for part in parts if " " in part]  # what the parser says in words, such as "IRI parsing failed"
    if reasons:
        return start, f"{reasons[0][0].lower() if reasons[0][1].islower() else reasons[0][0]}{reasons[0][1:]}"
    if not parts:
        return start, Phrase("there is something missing or too much here")
    return start, Phrase("expected {what}", what=listed(parts[:_EXPECTED]))


def _expected(said: str) -> Iterator[str]:
    """Yield what is expected, without the classes of letters, of which people make nothing."""
    plain = re.sub(r"\[[^\]]*\]", "", said)
    for part in re.findall(r'"(?:[^"\\]|\\.)*"|[^,]+', plain):
        word = part.strip()
        if word and word not in ('"<<"', '"<<("', '"{|"', '"~"'):
            yield f"'{word[1:-1]}'" if word[0] == '"' else word


def _error(text: str, start: int, what: str) -> QueryError:
    """Return the error at ``start``, with the line and a caret under the place."""
    begin = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    line = re.split(r"[\r\n]", text[begin:], maxsplit=1)[0]
    column = start - begin
    first = max(0, column - _WIDTH // 2) if len(line) > _WIDTH else 0
    cut = "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line[first : first + _WIDTH])
    before = "".join(c if c == "\t" else " " * _columns(c) for c in cut[: column - first])
    number = len(re.findall(r"\r\n|\r|\n", text[:begin])) + 1
    place = f"query:{number}:{column + 1}"
    error = QueryError(Phrase("{place}: {what}", place=place, what=what))
    error.excerpt = f"  {cut}\n  {before}^" if cut.strip() else ""
    return error


def _columns(letter: str) -> int:
    """Return how many columns of a terminal a letter takes."""
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
