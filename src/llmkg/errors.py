"""The exceptions llmkg raises, each with the exit code the command line ends with.

    LlmkgError
    ├── UsageError     2  the caller asked for something that does not exist
    │   └── QueryError    the query cannot be asked
    ├── InputError     3  a file or pack is unreadable or broken
    └── EngineError    4  an engine or endpoint failed

Every message is one line: the place, the problem, the next step. Beside them stands one warning, for a
retired term that was named and answered by what replaced it.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "EngineError",
    "InputError",
    "LlmkgError",
    "QueryError",
    "RetiredTermWarning",
    "UsageError",
    "did_you_mean",
    "shown",
    "unreadable",
]


_SHOWN = 60  # characters of what a person gave that a message repeats


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


def did_you_mean(word: str, known: Iterable[str], limit: int = 3) -> str:
    """Return `` Did you mean a, b or c?`` for the nearest known words, or an empty string."""
    import difflib  # noqa: PLC0415  (only a mistake needs it)

    folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    near = difflib.get_close_matches(word[:_SHOWN].casefold(), folded, n=limit, cutoff=0.6)
    names = [folded[name] for name in near]
    if not names:
        return ""
    listed = " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f" Did you mean {listed}?"
