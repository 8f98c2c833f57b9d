"""Infer what follows from asserted triples under OWL 2 RL, prove it, and find contradictions."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Triple

from llmkg.reason.clashes import Clash, find_clashes, find_unsatisfiable
from llmkg.reason.closure import LIMIT, Closure, no_collecting
from llmkg.reason.trivial import trivial

__all__ = ["LIMIT", "Clash", "Closure", "find_clashes", "find_unsatisfiable", "infer", "no_collecting", "trivial"]


def infer(triples: Iterable[Triple], limit: int = LIMIT) -> list[Triple]:
    """Return the triples that follow from ``triples`` and are not among them, trivial ones left out.

    As a set the result does not depend on the order of the input; sort before writing. Raises
    EngineError when more than ``limit`` triples would be inferred.
    """
    closure = Closure(triples, limit)
    closure.run()
    with no_collecting():
        return list(closure.inferred())
