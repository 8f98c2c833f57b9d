"""One shipped graph for the whole run, for the tests and for the examples in the docstrings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from llmkg import KnowledgeGraph

ROOT = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def kg() -> KnowledgeGraph:
    """Return the shipped graph, read-only."""
    return KnowledgeGraph.open(ROOT, cache=False)


@pytest.fixture(autouse=True)
def _shipped_graph_in_examples(request: pytest.FixtureRequest) -> None:
    """Give ``kg`` to the examples that use it."""
    if isinstance(request.node, pytest.DoctestItem) and any("kg" in e.source for e in request.node.dtest.examples):
        names: dict[str, Any] = request.getfixturevalue("doctest_namespace")
        names["kg"] = request.getfixturevalue("kg")
