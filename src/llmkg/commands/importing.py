"""``llmkg import``: show what files of publications or tables would add to the graph, and with ``--write`` add it."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from llmkg.commands.arguments import add_format, open_graph
from llmkg.commands.printing import counted, print_json, print_text
from llmkg.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from llmkg.curate.changes import Changes
    from llmkg.pack import Pack

__all__ = ["add_arguments", "run"]

_TABLES = "csv"
_FORMATS = ("bibtex", "csl", "openalex", _TABLES)


class _Prepared(NamedTuple):
    """What would be done: as text or as JSON, in numbers, whether all is taken, and the changes to carry out."""

    shown: str | dict[str, Any]
    summary: str
    is_clean: bool
    changes: Changes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("source", metavar="FORMAT", choices=_FORMATS, help=f"one of {', '.join(_FORMATS)}")
    parser.add_argument("files", metavar="FILE", nargs="*", help="a file to import")
    parser.add_argument("--kind", metavar="KIND", help="csv: the class of rows that name none, such as mitigations")
    parser.add_argument("--template", metavar="KIND", help="csv: print the table to fill in for a class, and end")
    parser.add_argument("--write", action="store_true", help="write it into the files of the pack; else only show it")
    parser.add_argument("--agent", metavar="NAME", help="who imports; default: your name in git, else your login")
    parser.add_argument("--date", metavar="DATE", help="when, such as 2026-11-30; default: SOURCE_DATE_EPOCH, else now")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code: 1 when an entry was broken or in conflict."""
    from llmkg.pack import Pack, check_own  # noqa: PLC0415  (--help needs none of these)

    _check(options)
    if options.template is not None:
        return _print_template(options)
    time, agent = _time(options.date), options.agent or _agent()
    pack = Pack.open(options.graph)
    if options.write:
        check_own(pack.root)
    # What is shown names lines as they are before anything is written.
    prepared = _tables(options, time, agent) if options.source == _TABLES else _works(options, pack, time, agent)
    end = "Nothing to write."
    if prepared.changes.files:
        end = "Nothing is written; --write does."
        if options.write:
            end = f"{counted(len(prepared.changes.write()), 'file')} written in {pack.root}."
    if isinstance(prepared.shown, str):
        print_text(options, prepared.shown)
    else:
        print_json(options, prepared.shown)
    print(f"llmkg: {prepared.summary} {end}", file=sys.stderr)
    return 0 if prepared.is_clean else 1


def _check(options: argparse.Namespace) -> None:
    for name in ("kind", "template"):
        if getattr(options, name) is not None and options.source != _TABLES:
            raise UsageError(f"--{name} goes with csv, not {options.source}. Leave it out.")
    if options.template is None and not options.files:
        raise UsageError("no file is named. Name one or more behind the format.")
    if options.template is not None and options.files:
        raise UsageError("--template prints a table, and no file is imported with it. Leave one of them out.")


def _works(options: argparse.Namespace, pack: Pack, time: datetime, agent: str) -> _Prepared:
    """Prepare the import of publications."""
    from llmkg.curate.places import Lines  # noqa: PLC0415  (--help needs none of these)
    from llmkg.curate.prepared import prepare  # noqa: PLC0415
    from llmkg.curate.report import plan_json, plan_text  # noqa: PLC0415

    prepared = prepare(pack, options.source, options.files, time, agent)
    plan, prefixes, lines = prepared.plan, prepared.holdings.prefixes, Lines(pack)
    shown = plan_json(plan, prefixes, lines) if options.format == "json" else "".join(plan_text(plan, prefixes, lines))
    counts = f"{len(plan.added)} added, {len(plan.merged)} merged, {len(plan.unchanged)} unchanged"
    summary = f"{counts}, {counted(len(plan.conflicts), 'conflict')}, {len(plan.broken)} broken."
    return _Prepared(shown, summary, plan.is_clean, prepared.changes)


def _tables(options: argparse.Namespace, time: datetime, agent: str) -> _Prepared:
    """Prepare the import of tables."""
    from llmkg.curate.tableoutcome import prepare_tables  # noqa: PLC0415  (--help needs none of these)
    from llmkg.curate.tablereport import tables_json, tables_text  # noqa: PLC0415

    kg = open_graph(options)
    plan, changes, prefixes = prepare_tables(kg, options.files, time, agent, options.kind)
    shown = tables_json(plan, kg, prefixes) if options.format == "json" else "".join(tables_text(plan, kg, prefixes))
    counts = f"{len(plan.added)} added, {len(plan.changed)} changed, {len(plan.unchanged)} unchanged"
    summary = f"{counts}, {counted(len(plan.conflicts), 'conflict')}, {len(plan.broken)} broken."
    return _Prepared(shown, summary, plan.is_clean, changes)


def _print_template(options: argparse.Namespace) -> int:
    from llmkg.curate.tablemodel import TableModel  # noqa: PLC0415  (--help needs none of these)
    from llmkg.curate.tabletemplate import template  # noqa: PLC0415

    kg = open_graph(options)
    model = TableModel(kg)
    return print_text(options, template(kg, model, model.kind(options.template)))


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
