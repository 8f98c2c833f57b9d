"""Compare two graphs or packs, in words, with what follows from the change and how much it weighs."""

from __future__ import annotations

from llmkg.difference.changes import Change, ThingDiff
from llmkg.difference.compare import Cluster, TripleDiff
from llmkg.difference.consequences import AnswerDiff, Answers, Inferences
from llmkg.difference.difference import Difference, diff
from llmkg.difference.queries import QueryChange, QueryDiff
from llmkg.difference.verdict import RULES, Reason, Verdict

__all__ = [
    "RULES",
    "AnswerDiff",
    "Answers",
    "Change",
    "Cluster",
    "Difference",
    "Inferences",
    "QueryChange",
    "QueryDiff",
    "Reason",
    "ThingDiff",
    "TripleDiff",
    "Verdict",
    "diff",
]
