"""Words that mean the same in questions: those of any field, and those of a pack (``queries/synonyms.yaml``)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from llmkg.ask.words import key, units
from llmkg.errors import InputError, unreadable
from llmkg.lexicon import fold

__all__ = ["common", "found_in", "ideas", "read_synonyms", "without_fillers"]

_FILLER = "filler"  # the idea of words that say nothing wherever they stand
_LONGEST = 5  # units
_INFLECTED = 5  # letters of the shortest word that may be a form of another
_ENDINGS = (("ed", ("", "e")), ("ing", ("", "e")), ("er", ("", "e")))
_COMMON = os.path.join(os.path.dirname(__file__), "common.yaml")  # what questions are made of in any field


def read_synonyms(path: str, shown: str) -> list[list[str]]:
    """Return the lists of a file of synonyms; raises InputError, naming ``shown``, when it has another shape."""
    import yaml  # noqa: PLC0415  (only when the index is made)

    try:
        with open(path, encoding="utf-8") as file:
            lists = yaml.safe_load(file)
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(shown, error) from error
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise InputError(f"{shown}:{line}: this is not valid YAML. Write one list per idea: - [word, word].") from error
    lists = [] if lists is None else lists
    if not isinstance(lists, list) or not all(isinstance(words, list) and words for words in lists):
        raise InputError(f"{shown}:1: this is no list of lists of words. Write one list per idea: - [word, word].")
    return [[str(word) for word in words] for words in lists]


def common() -> list[list[str]]:
    """Return the lists of the words that questions in any field are made of."""
    return read_synonyms(_COMMON, "common.yaml")


def ideas(lists: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return the idea that each word stands for, by the key of the word; a pack has the last word."""
    found: dict[str, str] = {}
    for words in (*common(), *lists):
        for word in words:
            found[_key(word)] = words[0]
    return found


def found_in(stems: Sequence[str], known: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Return where ideas stand in a text given as singular units: start, end, idea; the longest words first."""
    found: list[tuple[int, int, str]] = []
    start = 0
    while start < len(stems):
        for end in range(min(start + _LONGEST, len(stems)), start, -1):
            idea = _idea("".join(stems[start:end]), known)
            if idea is not None:
                found.append((start, end, idea))
                start = end
                break
        else:
            start += 1
    return found


def without_fillers(stems: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """Return the units of a text without the words that say nothing, such as 到底."""
    fillers = {place for start, end, idea in found_in(stems, known) if idea == _FILLER for place in range(start, end)}
    return [stem for place, stem in enumerate(stems) if place not in fillers]


def _idea(word: str, known: Mapping[str, str]) -> str | None:
    """Return the idea of a word, or of the verb that it is a form of: ``solved``, ``tackling``, ``fits``."""
    if word in known or len(word) < _INFLECTED:
        return known.get(word)
    for ending, others in _ENDINGS:
        if word.endswith(ending):
            root = word[: -len(ending)]
            for other in others:
                if root + other in known:
                    return known[root + other]
            if root[-1:] == root[-2:-1] and root[:-1] in known:
                return known[root[:-1]]
    return None


def _key(word: str) -> str:
    return key([unit.text for unit in units(fold(word))])
