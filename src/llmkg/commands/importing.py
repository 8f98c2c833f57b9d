"""``llmkg import``: show what files of publications would add to the graph, and with ``--write`` add it."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from llmkg.commands.arguments import add_format
from llmkg.commands.printing import counted, print_json, print_text
from llmkg.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from llmkg.curate.plan import Plan

__all__ = ["add_arguments", "run"]

_FORMATS = ("bibtex", "csl", "openalex")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("source", metavar="FORMAT", choices=_FORMATS, help=f"one of {', '.join(_FORMATS)}")
    parser.add_argument("files", metavar="FILE", nargs="+", help="a file to import")
    parser.add_argument("--write", action="store_true", help="write it into the files of the pack; else only show it")
    parser.add_argument("--agent", metavar="NAME", help="who imports; default: your name in git, else your login")
    parser.add_argument("--date", metavar="DATE", help="when, such as 2026-11-30; default: SOURCE_DATE_EPOCH, else now")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code: 1 when an entry was broken or in conflict."""
    from llmkg.curate.places import Lines  # noqa: PLC0415  (--help needs none of these)
    from llmkg.curate.prepared import prepare  # noqa: PLC0415
    from llmkg.curate.report import plan_json, plan_text  # noqa: PLC0415
    from llmkg.pack import Pack, check_own  # noqa: PLC0415

    time, agent = _time(options.date), options.agent or _agent()
    pack = Pack.open(options.graph)
    if options.write:
        check_own(pack.root)
    prepared = prepare(pack, options.source, options.files, time, agent)
    plan, prefixes, lines = prepared.plan, prepared.holdings.prefixes, Lines(pack)
    # The lines that a plan names are those before anything is written.
    shown = plan_json(plan, prefixes, lines) if options.format == "json" else "".join(plan_text(plan, prefixes, lines))
    end = "Nothing to write."
    if prepared.changes.files:
        end = "Nothing is written; --write does."
        if options.write:
            end = f"{counted(len(prepared.changes.write()), 'file')} written."
    if isinstance(shown, str):
        print_text(options, shown)
    else:
        print_json(options, shown)
    print(f"llmkg: {_summary(plan)} {end}", file=sys.stderr)
    return 0 if plan.is_clean else 1


def _summary(plan: Plan) -> str:
    counts = f"{len(plan.added)} added, {len(plan.merged)} merged, {len(plan.unchanged)} unchanged"
    return f"{counts}, {counted(len(plan.conflicts), 'conflict')}, {len(plan.broken)} broken."


def _time(given: str | None) -> datetime:
    """Return the time of the import, in UTC."""
    from datetime import UTC, datetime  # noqa: PLC0415

    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        if given is not None:
            time = datetime.fromisoformat(given)
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        if epoch is not None:
            return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        place = (
            f"--date {given}: no date. Write it"
            if given is not None
            else f"SOURCE_DATE_EPOCH={epoch}: not a time. Set it"
        )
        raise UsageError(
            f"{place} as 2026-11-30." if given is not None else f"{place} to seconds since 1970."
        ) from error
    return datetime.now(UTC)


def _agent() -> str:
    """Return the name of whoever runs the command: as git knows it, else the login."""
    import getpass  # noqa: PLC0415
    import subprocess  # noqa: PLC0415

    try:
        name = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607  (whichever git the user has)
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=5,
        ).stdout.strip()
        return name or getpass.getuser()
    except (OSError, KeyError, subprocess.SubprocessError):
        return os.environ.get("USER") or "unknown"
