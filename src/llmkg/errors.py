"""The exceptions llmkg raises, each with the exit code the command line ends with.

    LlmkgError
    ├── UsageError     2  the caller asked for something that does not exist
    ├── InputError     3  a file or pack is unreadable or broken
    └── EngineError    4  an engine or endpoint failed

Every message is one line: the place, the problem, the next step.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["EngineError", "InputError", "LlmkgError", "UsageError", "did_you_mean"]


class LlmkgError(Exception):
    """Anything llmkg can explain to its user."""

    exit_code = 1


class UsageError(LlmkgError):
    """An unknown query, parameter, term, language or format."""

    exit_code = 2


class InputError(LlmkgError):
    """A file or a pack that cannot be read."""

    exit_code = 3


class EngineError(LlmkgError):
    """A query engine that failed on a well-formed request."""

    exit_code = 4


def did_you_mean(word: str, known: Iterable[str], limit: int = 3) -> str:
    """Return `` Did you mean a, b or c?`` for the nearest known words, or an empty string."""
    import difflib  # noqa: PLC0415  (only a mistake needs it)

    folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    near = difflib.get_close_matches(word.casefold(), folded, n=limit, cutoff=0.6)
    names = [folded[name] for name in near]
    if not names:
        return ""
    listed = " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f" Did you mean {listed}?"
