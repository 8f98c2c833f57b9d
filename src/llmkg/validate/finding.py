"""One finding: where it stands, what is wrong, and what to do about it, in English and Chinese.

Every check gives findings made with ``finding``, which knows the graph and no file; they are placed
afterwards, on the line of the first of their ``facts`` that a file states, else on the block of
their subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Triple

from llmkg.terms import Term
from llmkg.turtle import term_text

__all__ = ["SEVERITIES", "Finding", "Texts", "finding"]

SEVERITIES = ("error", "warning", "info")  # the worst first

Texts = tuple[tuple[str, str], ...]  # language and text, sorted by language


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong at one place.

    ``file`` is relative to the pack and empty when no file can be named; ``line`` and ``column``
    count from 1, 0 is unknown. ``focus`` and ``value`` are terms as Turtle writes them, ``path`` is
    a property path as SPARQL writes it; each is empty where there is none. ``related`` are the places
    of the other facts that a contradiction rests on. ``facts`` and ``subject``
    say what to point at, the most telling fact first; ``part`` of it is subject, predicate or object.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    severity: str = "error"
    rule: str = ""
    focus: str = ""
    path: str = ""
    value: str = ""
    messages: Texts = ()
    remedies: Texts = ()
    related: tuple[str, ...] = ()
    facts: tuple[Triple, ...] = field(default=(), compare=False, repr=False)
    subject: Term | None = field(default=None, compare=False, repr=False)
    part: str = field(default="object", compare=False, repr=False)

    @property
    def place(self) -> str:
        """``file:line:column``, as far as known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)

    def message(self, lang: str = "en") -> str:
        """Return what is wrong in ``lang``, else in English, else in any language."""
        return _text(self.messages, lang)

    def remedy(self, lang: str = "en") -> str:
        """Return what to do in ``lang``, else in English, else in any language."""
        return _text(self.remedies, lang)


def finding(  # noqa: PLR0913  (a record, given by name)
    rule: str,
    messages: Mapping[str, str],
    remedies: Mapping[str, str],
    *,
    severity: str = "error",
    focus: Term | None = None,
    path: Term | str | None = None,
    value: Term | None = None,
    facts: Iterable[Triple] = (),
    part: str = "object",
    prefixes: Mapping[str, str],
) -> Finding:
    """Return a finding without a place; ``messages`` and ``remedies`` map a language to a text.

    >>> from pyoxigraph import NamedNode
    >>> label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    >>> finding("no-label", {"en": "no label"}, {"en": "Add one."}, path=label, prefixes={}).path
    '<http://www.w3.org/2000/01/rdf-schema#label>'
    """
    assert severity in SEVERITIES, severity
    return Finding(
        severity=severity,
        rule=rule,
        focus="" if focus is None else term_text(focus, prefixes),
        path="" if path is None else path if isinstance(path, str) else term_text(path, prefixes),
        value="" if value is None else term_text(value, prefixes),
        messages=tuple(sorted(messages.items())),
        remedies=tuple(sorted(remedies.items())),
        facts=tuple(facts),
        subject=focus,
        part=part,
    )


def _text(texts: Texts, lang: str) -> str:
    by_language = dict(texts)
    return by_language.get(lang) or by_language.get("en") or next(iter(by_language.values()), "")
