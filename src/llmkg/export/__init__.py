"""Write a graph in other formats, byte for byte the same on every run."""

from llmkg.export.formats import (
    FORMATS,
    context_of,
    export_parts,
    export_table,
    export_tables,
    export_text,
    frame_of,
    framed,
    frames_of,
    nested,
)
from llmkg.export.selection import Selection, around, mentioned, select

__all__ = [
    "FORMATS",
    "Selection",
    "around",
    "context_of",
    "export_parts",
    "export_table",
    "export_tables",
    "export_text",
    "frame_of",
    "framed",
    "frames_of",
    "mentioned",
    "nested",
    "select",
]
