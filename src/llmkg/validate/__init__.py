"""Check a graph against shapes; every finding says where, what and how to mend it."""

from llmkg.validate.shapes import Finding, check_shapes

__all__ = ["Finding", "check_shapes"]
