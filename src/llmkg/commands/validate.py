"""``llmkg validate``: check the graph against its shapes, and for contradictions."""

from __future__ import annotations

import argparse
import sys

from llmkg.commands.arguments import add_format, add_language, open_graph
from llmkg.commands.printing import counted, print_json, print_text

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_format(parser, "text", "json")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    kg = open_graph(options)
    findings = [(kg.place_of(finding), finding) for finding in kg.validate()]
    if options.format == "json":
        listed = [
            {
                "place": None if place is None else str(place),
                "focus": f.focus,
                "path": f.path,
                "component": f.component,
                "value": f.value,
                "severity": f.severity,
                "messages": dict(f.messages),
            }
            for place, f in findings
        ]
        print_json(options, listed)
    else:
        print_text(options, "")  # an output file from before says nothing of this run
        for place, f in findings:
            where = " ".join(filter(None, [f"{place}:" if place else "", f.focus, f.path]))
            value = f": {f.value}" if f.value else ""
            print_text(options, f"{where}: {f.message(options.lang)} [{f.component}{value}]\n")
        found, files = counted(len(findings), "finding"), counted(len(kg.pack.shapes), "file")
        print(f"llmkg: {found} from {files} of shapes.", file=sys.stderr)
    return 1 if findings else 0
