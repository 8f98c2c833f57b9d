"""``llmkg validate``: check the files of a pack and what they say together; each finding has its line and a remedy."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING

from llmkg.commands.arguments import add_format, add_language, open_graph
from llmkg.commands.printing import flush_out, print_json, print_text, tell
from llmkg.errors import LlmkgError, Phrase, UsageError, listed

if TYPE_CHECKING:
    from llmkg.graph import KnowledgeGraph
    from llmkg.validate import Finding, Report

__all__ = ["add_arguments", "run"]

_SEVERITIES = ("error", "warning", "info")
_ENGINES = ("llmkg", "pyshacl")
_NOTHING = "\r\x1b[K"  # back to the start of the line, which is wiped


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="show what is wrong with these only; one outside the pack is added to it",
    )
    add_format(parser, "text", "json", "sarif", "turtle")
    add_language(parser)
    parser.add_argument("--severity", choices=_SEVERITIES, default="info", help="leave out what is less than this")
    parser.add_argument("--rule", action="append", metavar="RULE", help="only this rule; * stands for anything")
    parser.add_argument("--shacl", choices=_ENGINES, default=_ENGINES[0], help="engine for the shapes; default: llmkg")
    parser.add_argument("--watch", action="store_true", help="check again whenever a file of the pack is saved")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code: 1 when there is an error among the findings."""
    from pathlib import Path  # noqa: PLC0415  (--help needs none of these)

    for file in options.files:
        if not Path(file).exists():
            raise UsageError(Phrase("{file}: no such file. Give files of the pack, or files to add to it.", file=file))
    if options.watch:
        if options.output is not None:
            raise UsageError(Phrase("--watch prints on and on and takes no -o. Leave one of them out."))
        return _watch(options)
    return _check(options)


def _check(options: argparse.Namespace) -> int:
    kg = open_graph(options)
    bar = _Bar()
    try:
        report = kg.validation(files=options.files, engine=options.shacl, progress=bar.show)
    finally:
        bar.show("", 0, 0)  # whatever comes next begins on a line of its own
    shown = [found for found in report.findings if _is_wanted(found, options)]
    _print(options, kg, report, shown)
    tell(_summary(report, shown), options.lang)
    return 1 if any(found.severity == "error" for found in shown) else 0


def _is_wanted(found: Finding, options: argparse.Namespace) -> bool:
    from fnmatch import fnmatchcase  # noqa: PLC0415  (only with findings)

    enough = _SEVERITIES.index(found.severity) <= _SEVERITIES.index(options.severity)
    # A rule may be given whole, or as the shape alone.
    names = (found.rule, found.rule.split("/")[0])
    return enough and (not options.rule or any(fnmatchcase(name, rule) for name in names for rule in options.rule))


def _print(options: argparse.Namespace, kg: KnowledgeGraph, report: Report, shown: list[Finding]) -> None:
    from llmkg.validate.report import report_json, report_sarif, report_text, report_turtle  # noqa: PLC0415

    if options.format == "json":
        print_json(options, report_json(shown, options.lang))
    elif options.format == "sarif":
        from pathlib import Path  # noqa: PLC0415

        print_json(options, report_sarif(shown, options.lang, Path(kg.pack.root).resolve().as_uri()))
    elif options.format == "turtle":
        print_text(options, report_turtle(shown, report.prefixes))
    else:
        print_text(options, report_text(shown, options.lang))


def _summary(report: Report, shown: list[Finding]) -> Phrase:
    counts = Counter(found.severity for found in shown)
    told = {
        "error": Phrase("{count} error" if counts["error"] == 1 else "{count} errors", count=counts["error"]),
        "warning": Phrase("{count} warning" if counts["warning"] == 1 else "{count} warnings", count=counts["warning"]),
        "info": Phrase("{count} info", count=counts["info"]),
    }
    found = listed([told[severity] for severity in _SEVERITIES if counts[severity]], ",") or Phrase("nothing found")
    files = Phrase("{count} file" if report.files == 1 else "{count} files", count=report.files)
    text = "{found} in {files}."
    if not report.complete:
        text = "{found} in {files}. Shapes, rules and consistency were not checked: first mend what cannot be read."
    return Phrase(text, found=found, files=files)


class _Bar:
    """One line on a terminal that says how far the check has come; nothing elsewhere."""

    _STAGES = ("reading", "format", "terms", "shapes", "rules", "consistency")

    def __init__(self) -> None:
        self._on = sys.stderr is not None and sys.stderr.isatty()
        self._last = ""

    def show(self, stage: str, done: int, of: int) -> None:
        """Write where the check is; an empty stage wipes the line."""
        if not self._on:
            return
        part = (self._STAGES.index(stage) + done / max(of, 1)) / len(self._STAGES) if stage else 1.0
        full = round(part * 20)
        text = f"{'█' * full}{'░' * (20 - full)} {part:4.0%} {stage}" if stage else ""
        if text != self._last:
            self._last = text
            sys.stderr.write(f"{_NOTHING}{text}")
            sys.stderr.flush()


def _watch(options: argparse.Namespace) -> int:
    """Check at each change of a file, until interrupted."""
    import time  # noqa: PLC0415  (only to wait)

    seen: object = None
    while True:
        now = _state(options)
        if now != seen:
            seen = now
            try:
                _check(options)
            except LlmkgError as error:  # the next save may mend it
                tell(error, options.lang)
            flush_out()
            tell(Phrase("waiting for a change; Ctrl-C ends it."), options.lang)
            sys.stderr.flush()
        time.sleep(0.3)


def _state(options: argparse.Namespace) -> object:
    """Return what changes when a file does; while there is no pack to look at, what is wrong with it."""
    from llmkg.validate.kept import state  # noqa: PLC0415

    try:
        return state(open_graph(options).pack, options.files)
    except LlmkgError as error:
        return str(error)
