"""The exceptions llmkg raises, each with the exit code the command line ends with, and the phrases they are told in.

    LlmkgError
    ├── UsageError     2  the caller asked for something that does not exist
    │   └── QueryError    the query cannot be asked
    ├── InputError     3  a file or pack is unreadable or broken
    └── EngineError    4  an engine or endpoint failed

Every message is one line: the place, the problem, the next step. Those that whoever asks the graph may
meet are phrases, which ``llmkg.chinese`` has in Chinese; ``str(error)`` is English. Beside them stands one
warning, for a retired term that was named and answered by what replaced it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

TYPE_CHECKING = False  # a cold query imports no typing
if TYPE_CHECKING:
    from typing import Self

__all__ = [
    "EngineError",
    "InputError",
    "LlmkgError",
    "Phrase",
    "QueryError",
    "RetiredTermWarning",
    "UsageError",
    "did_you_mean",
    "listed",
    "shown",
    "told",
    "unreadable",
]

_SHOWN = 60  # characters of what a person gave that a message repeats
_JOINS = {",": "{first}, {next}", "or": "{first} or {next}", "and": "{first} and {next}"}


class Phrase(str):
    """A text in English that can be told in Chinese too: a template, and what stands in its places.

    A value may be a phrase as well, or a function from a language to a text.

    >>> Phrase("{count} rows", count=2)
    '2 rows'
    >>> Phrase("{count} rows", count=2).told("zh")
    '2 行'
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Return the English text; ``template`` has the names of ``values`` in braces."""
        phrase = super().__new__(cls, _filled(template, values, "en"))
        phrase.template = template
        phrase.values = values
        return phrase

    def told(self, lang: str) -> str:
        """Return the text in ``lang``, in English where it is not translated."""
        if lang != "zh":
            return str(self)
        from llmkg.chinese import CHINESE  # noqa: PLC0415  (most phrases are told in English)

        return _filled(CHINESE.get(self.template, self.template), self.values, lang)


def told(text: object, lang: str) -> str:
    """Return ``text`` in ``lang`` when it is a phrase, or an error that holds one, else as it is."""
    if isinstance(text, LlmkgError) and text.args:
        text = text.args[0]
    return text.told(lang) if isinstance(text, Phrase) else str(text)


def _filled(template: str, values: Mapping[str, object], lang: str) -> str:
    if not values:
        return template
    texts = {name: value(lang) if callable(value) else told(value, lang) for name, value in values.items()}
    return template.format_map(texts)


class LlmkgError(Exception):
    """Anything llmkg can explain to its user.

    ``excerpt`` is empty, or two lines to set under the message: the line of a query and a caret.
    """

    exit_code = 1
    excerpt = ""


class UsageError(LlmkgError):
    """An unknown query, parameter, term, language or format."""

    exit_code = 2


class InputError(LlmkgError):
    """A file or a pack that cannot be read."""

    exit_code = 3


class EngineError(LlmkgError):
    """A query engine that failed on a well-formed request."""

    exit_code = 4


class QueryError(UsageError):
    """A query that is not SPARQL, or not one that can be asked."""


class RetiredTermWarning(UserWarning):
    """A retired term was named; what replaced it was taken."""


def unreadable(name: object, error: Exception) -> InputError:
    """Return the error for a file that cannot be read: ``name`` is the file as its user knows it."""
    reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or str(error)
    return InputError(f"{name}: cannot be read ({reason}). Check the path, the permissions and the encoding.")


def shown(text: str) -> str:
    r"""Return what a person gave for a message: on one line, of bounded length, without control characters.

    >>> shown("a\nb")
    'a b'
    """
    start = " ".join(text[: 2 * _SHOWN].split())
    start = "".join(c if c.isprintable() else "\ufffd" for c in start)
    return start if len(start) <= _SHOWN and len(text) <= 2 * _SHOWN else f"{start[:_SHOWN]} ..."


def did_you_mean(word: str, known: Iterable[str], limit: int = 3) -> Phrase:
    """Return `` Did you mean a, b or c?`` for the nearest known words, or an empty phrase."""
    import difflib  # noqa: PLC0415  (only a mistake needs it)

    folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    near = difflib.get_close_matches(word[:_SHOWN].casefold(), folded, n=limit, cutoff=0.6)
    return Phrase(" Did you mean {names}?", names=listed([folded[name] for name in near])) if near else Phrase("")


def listed(names: Sequence[object], join: str = "or") -> Phrase:
    """Return ``a, b or c``; ``join`` is ``or``, ``and`` or a comma. The names may be phrases.

    >>> listed(["a", "b", "c"]).told("zh")
    'a、b 或 c'
    """
    joined: object = names[0] if names else ""
    for place, name in enumerate(names[1:], 2):
        joined = Phrase(_JOINS[join if place == len(names) else ","], first=joined, next=name)
    return joined if isinstance(joined, Phrase) else Phrase("{name}", name=joined) if joined else Phrase("")
