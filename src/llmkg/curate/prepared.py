"""From files to a plan and the changes that would carry it out: what ``llmkg import`` shows and writes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from llmkg.curate.changes import Changes
from llmkg.curate.checking import check_plan
from llmkg.curate.formats import reader
from llmkg.curate.holdings import Holdings, read_holdings
from llmkg.curate.inputfile import InputFile
from llmkg.curate.outcome import changes_of, imports_of, place_all
from llmkg.curate.plan import Plan, make_plan
from llmkg.pack import Pack
from llmkg.reason import no_collecting

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True)
class Prepared:
    """What would be done; ``changes.write()`` does it."""

    plan: Plan
    changes: Changes
    holdings: Holdings


def prepare(pack: Pack, source: str, files: Sequence[str | os.PathLike[str]], time: datetime, agent: str) -> Prepared:
    """Return what importing ``files``, all of one of ``formats.FORMATS``, would do to ``pack``.

    ``time`` is in UTC. Raises InputError when a file of the pack or an input file cannot be read, and
    UsageError when the library that reads the format is missing.
    """
    with no_collecting():
        return _prepared(pack, source, files, time, agent)


def _prepared(pack: Pack, source: str, files: Sequence[str | os.PathLike[str]], time: datetime, agent: str) -> Prepared:
    read = reader(source)
    holdings = read_holdings(pack)
    plan = make_plan(holdings.known, (item for file in files for item in read(InputFile(file))))
    place_all(plan, holdings)
    check_plan(plan, holdings, imports_of(plan, holdings, time, agent))
    imports = imports_of(plan, holdings, time, agent)  # of a file whose entries were all refused there is none
    return Prepared(plan, changes_of(plan, holdings, imports), holdings)
