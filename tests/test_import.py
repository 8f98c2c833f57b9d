"""What ``llmkg import`` finds in files and would do with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmkg.curate.formats import reader
from llmkg.curate.holdings import Holdings, read_holdings
from llmkg.curate.inputfile import InputFile
from llmkg.curate.naming import slug_of
from llmkg.curate.outcome import place_all
from llmkg.curate.plan import Plan, make_plan
from llmkg.curate.record import Broken, Record
from llmkg.pack import Pack
from llmkg.terms import local_name

ROOT = Path(__file__).resolve().parent.parent


def read(folder: Path, source: str, text: str | bytes) -> list[Record | Broken]:
    path = folder / "in"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(reader(source)(InputFile(path)))


@pytest.fixture(scope="session")
def shipped() -> Holdings:
    return read_holdings(Pack.open(ROOT))


def planned(folder: Path, holdings: Holdings, source: str, text: str) -> Plan:
    plan = make_plan(holdings.known, read(folder, source, text))
    place_all(plan, holdings)
    return plan


def test_names_are_those_of_the_shipped_papers(shipped: Holdings) -> None:
    names = {local_name(one.term.value): slug_of(one.record) for one in shipped.known}
    other = {name for name, made in names.items() if name != made}
    assert len(names) >= 684
    assert len(other) <= 9, other


def test_a_known_paper_gains_what_was_not_known_and_keeps_what_was(tmp_path: Path, shipped: Holdings) -> None:
    plan = planned(
        tmp_path,
        shipped,
        "bibtex",
        "@misc{x, title={SemDeDup: data-efficient learning at web-scale through semantic deduplication},\n"
        "author={Amro Abbas and others}, year=2024, doi={10.1000/abc}, eprint={2303.09540}}",
    )
    (entry,) = plan.merged
    assert [(gain.field, gain.value) for gain in entry.gains] == [("doi", "10.1000/abc")]
    (conflict,) = plan.conflicts
    assert (conflict.field, conflict.kept, conflict.refused, conflict.place.line) == ("year", 2023, 2024, 1)
    assert not plan.added


def test_a_broken_entry_is_told_with_its_line_and_the_others_go_on(tmp_path: Path) -> None:
    first, broken, last = read(
        tmp_path, "bibtex", "@misc{a, title={A}}\n\n@misc{b, title={B\n@misc{c, title={C}, year={soon}}\n"
    )
    assert isinstance(first, Record)
    assert isinstance(broken, Broken)
    assert isinstance(last, Broken)
    assert [broken.place.line, last.place.line] == [3, 4]
    assert "year 'soon'" in last.problem
