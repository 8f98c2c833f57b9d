"""What is told of retired terms: which was named and what is taken in its place, in English or Chinese."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

from pyoxigraph import DefaultGraph, NamedNode

from llmkg.errors import RetiredTermWarning
from llmkg.lexicon import Lexicon, fold, is_retired, successors
from llmkg.scan import tokens
from llmkg.terms import DCTERMS, curie, local_name

__all__ = ["former_name_in", "retired_in", "retired_notice", "warn_of_retired"]

_TAKEN = {"en": "{old} is retired, {label} ({new}) is taken.", "zh": "{old} 已停用，改用 {label}（{new}）。"}
_ALONE = {"en": "{old} is retired, and nothing took its place.", "zh": "{old} 已停用，无替代项。"}
_NAMED = {"en": "{old} is retired: write {new}.", "zh": "{old} 已停用：请改写为 {new}。"}
_OR = {"en": " or ", "zh": " 或 "}


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
    named = (lexicon.written(token.text) for token in tokens(text) if token.kind in ("iri", "name"))
    found = dict.fromkeys(term for term in named if term is not None and is_retired(lexicon.store, term))
    return [_to_write(lexicon, prefixes, term, lang) for term in found]


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
