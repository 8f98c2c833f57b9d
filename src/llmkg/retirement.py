"""What is told of retired terms: which was named and what is taken in its place, in English or Chinese."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import DefaultGraph, NamedNode

from llmkg.errors import RetiredTermWarning
from llmkg.lexicon import Lexicon, fold, is_retired, successors
from llmkg.scan import Token, tokens
from llmkg.terms import DCTERMS, curie, local_name

__all__ = [
    "NamedTerm",
    "declared_prefixes",
    "former_name_in",
    "retired_in",
    "retired_notice",
    "terms_in_query",
    "warn_of_retired",
]

_TAKEN = {"en": "{old} is retired, {label} ({new}) is taken.", "zh": "{old} 已停用，改用 {label}（{new}）。"}
_ALONE = {"en": "{old} is retired, and nothing took its place.", "zh": "{old} 已停用，无替代项。"}
_NAMED = {"en": "{old} is retired: write {new}.", "zh": "{old} 已停用：请改写为 {new}。"}
_OR = {"en": " or ", "zh": " 或 "}
_PREFIX = re.compile(r"PREFIX\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE)
# An IRI or a CURIE in the header of a query.
_WRITTEN = re.compile(r"(?P<iri>[a-z]+://[^\s'\",\]}>]+)|(?<![\w:./-])[\w.-]*:\w(?:[\w.-]*[\w-])?")
_NOT_IN_IRI = re.compile(r'[<>"{}|^`\\\s]')


class NamedTerm(NamedTuple):
    """A term that a query names, from where to where in its text."""

    term: NamedNode
    start: int
    end: int


def retired_notice(
    lexicon: Lexicon, prefixes: Mapping[str, str], old: NamedNode, new: NamedNode | None, lang: str = "en"
) -> str:
    """Return one line in ``lang`` on ``old``, for which ``new`` is taken."""
    if new is None:
        return _ALONE[lang].format(old=_short(old, prefixes))
    label = lexicon.label(new, lang) or local_name(new.value)
    return _TAKEN[lang].format(old=_short(old, prefixes), label=label, new=_short(new, prefixes))


def warn_of_retired(notice: str) -> None:
    """Issue ``notice`` as a Python warning."""
    warnings.warn(notice, RetiredTermWarning, stacklevel=2)


def retired_in(lexicon: Lexicon, prefixes: Mapping[str, str], text: str, lang: str = "en") -> list[str]:
    """Return a line for each retired term that a SPARQL ``text`` names, in the order of the text.

    The text is asked as it stands, since what it means must not change behind the back of its writer.
    """
    named = dict.fromkeys(named.term for named in terms_in_query(text, prefixes))
    found = [term for term in named if is_retired(lexicon.store, term)]
    return [_to_write(lexicon, prefixes, term, lang) for term in found]


def declared_prefixes(text: str) -> dict[str, str]:
    """Return the prefixes that a SPARQL ``text`` declares, with their IRIs."""
    return dict(_PREFIX.findall(text))


def terms_in_query(text: str, prefixes: Mapping[str, str]) -> Iterator[NamedTerm]:
    """Yield the terms that a SPARQL ``text`` names, in its ``#+`` header too, in their order.

    ``prefixes`` stand for those that the text does not declare.
    """
    known = {**prefixes, **declared_prefixes(text)}
    for token in tokens(text):
        for word, start in _words(token):
            prefix, _, local = word.partition(":")
            iri = word if "://" in word else known[prefix] + local if prefix in known else ""
            if iri and not _NOT_IN_IRI.search(iri):
                yield NamedTerm(NamedNode(iri), start, start + len(word))


def _words(token: Token) -> Iterator[tuple[str, int]]:
    if token.kind == "name":
        yield token.text.rstrip("."), token.start  # the dot ends the pattern
    elif token.kind == "iri" and "://" in token.text:
        yield token.text[1:-1], token.start + 1
    elif token.kind == "comment" and token.text.startswith("#+"):
        for match in _WRITTEN.finditer(token.text):
            yield match.group(), token.start + match.start()


def former_name_in(lexicon: Lexicon, term: NamedNode, text: str) -> NamedNode | None:
    """Return the retired term by whose name a ``text`` means ``term``; None where it has a name of today."""
    said = fold(text)

    def is_named(thing: NamedNode) -> bool:
        return any(fold(name) in said for name in (*lexicon.labels(thing), local_name(thing.value)))

    former = [old for old in _predecessors(lexicon, term) if is_named(old)]
    return former[0] if former and not is_named(term) else None


def _predecessors(lexicon: Lexicon, term: NamedNode) -> list[NamedNode]:
    """Return the retired terms in whose place ``term`` is, nearest first."""
    found = [term]
    for new in found:
        quads = lexicon.store.quads_for_pattern(None, DCTERMS.isReplacedBy, new, DefaultGraph())
        older = {q.subject for q in quads if isinstance(q.subject, NamedNode) and is_retired(lexicon.store, q.subject)}
        found += sorted(older.difference(found), key=lambda old: old.value)
    return found[1:]


def _to_write(lexicon: Lexicon, prefixes: Mapping[str, str], old: NamedNode, lang: str) -> str:
    new = successors(lexicon.store, old)
    if not new:
        return retired_notice(lexicon, prefixes, old, None, lang)
    return _NAMED[lang].format(old=_short(old, prefixes), new=_OR[lang].join(_short(term, prefixes) for term in new))


def _short(term: NamedNode, prefixes: Mapping[str, str]) -> str:
    return curie(term.value, prefixes) or term.value
