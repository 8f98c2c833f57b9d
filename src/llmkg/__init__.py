"""llmkg: ask, explain, check and export a knowledge graph of large language models.

from llmkg import KnowledgeGraph

kg = KnowledgeGraph.open()
kg.query("challenges-addressed", mitigation="retrieval augmentation").to_dicts()
"""

from __future__ import annotations

from llmkg.errors import EngineError, InputError, LlmkgError, RetiredTermWarning, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from llmkg.difference import Difference, diff
    from llmkg.graph import KnowledgeGraph
    from llmkg.result import Result

__all__ = [
    "Difference",
    "EngineError",
    "InputError",
    "KnowledgeGraph",
    "LlmkgError",
    "Result",
    "RetiredTermWarning",
    "UsageError",
    "__version__",
    "diff",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import what needs an engine when it is first asked for: ``--help`` needs none."""
    if name == "KnowledgeGraph":
        from llmkg.graph import KnowledgeGraph  # noqa: PLC0415

        return KnowledgeGraph
    if name == "Result":
        from llmkg.result import Result  # noqa: PLC0415

        return Result
    if name in ("Difference", "diff"):
        from llmkg import difference  # noqa: PLC0415

        return getattr(difference, name)
    raise AttributeError(f"module 'llmkg' has no attribute {name!r}")
