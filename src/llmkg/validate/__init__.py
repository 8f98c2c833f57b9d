"""Check a graph against shapes; every finding says where, what and how to mend it."""

from llmkg.validate.consistency import check_consistency
from llmkg.validate.shapes import Finding, check_shapes, read_shapes

__all__ = ["Finding", "check_consistency", "check_shapes", "read_shapes"]
