"""Write a graph in other formats, byte for byte the same on every run."""

from llmkg.export.formats import FORMATS, export_text

__all__ = ["FORMATS", "export_text"]
