"""Check a pack; every finding says where, what is wrong and how to mend it."""

from llmkg.validate.check import Progress, Report, check_pack
from llmkg.validate.consistency import check_consistency
from llmkg.validate.data import Data
from llmkg.validate.finding import SEVERITIES, Finding, finding
from llmkg.validate.shapegraph import Shapes, read_shapes
from llmkg.validate.shapes import ENGINES, check_shapes, run_shapes

__all__ = [
    "ENGINES",
    "SEVERITIES",
    "Data",
    "Finding",
    "Progress",
    "Report",
    "Shapes",
    "check_consistency",
    "check_pack",
    "check_shapes",
    "finding",
    "read_shapes",
    "run_shapes",
]
