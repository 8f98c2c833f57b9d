"""What ``llmkg import`` finds in files and would do with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from llmkg.curate.formats import reader
from llmkg.curate.holdings import Holdings, read_holdings
from llmkg.curate.inputfile import InputFile
from llmkg.curate.naming import slug_of
from llmkg.curate.outcome import place_all
from llmkg.curate.plan import Plan, make_plan
from llmkg.curate.record import Broken, Place, Record
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


# -- when two are one ---------------------------------------------------------------------------


def record(line: int, title: str = "On Cats", **values: Any) -> Record:
    return Record(Place("f", line), title, **values)


ADA, BEN = ("Ada Author",), ("Ben Writer",)
PAIRS = {
    "DOI in another case": (record(1, doi="10.5555/Cats"), record(2, "Cats", doi="10.5555/CATS"), True),
    "arXiv id": (record(1, arxiv="2401.00001"), record(2, "Cats", arxiv="2401.00001"), True),
    "arXiv id and its DOI": (record(1, arxiv="2401.00001"), record(2, "Cats", doi="10.48550/arXiv.2401.00001"), True),
    "title and year": (record(1, year=2024), record(2, "On cats.", year=2024), True),
    "title and other year": (record(1, year=2024), record(2, year=2023), False),
    "title, year and other authors": (record(1, year=2024, authors=ADA), record(2, year=2024, authors=BEN), False),
    "title, year and an author in common": (
        record(1, year=2024, authors=ADA),
        record(2, year=2024, authors=(*BEN, "A. Author")),
        True,
    ),
    "title without a year": (record(1, year=2024, authors=ADA), record(2, authors=BEN), False),
    "title without a year, an author in common": (record(1, year=2024, authors=ADA), record(2, authors=ADA), True),
    "title without year and authors": (record(1, year=2024, authors=ADA), record(2), False),
    "other title": (record(1, year=2024), record(2, "On Dogs", year=2024), False),
}


@pytest.mark.parametrize("name", PAIRS)
def test_two_records_are_one_or_two(name: str) -> None:
    first, second, one = PAIRS[name]
    assert len(make_plan([], [first, second]).added) == (1 if one else 2)
    assert len(make_plan([], [second, first]).added) == (1 if one else 2)


def test_two_records_of_one_title_with_other_identifiers_are_a_conflict() -> None:
    plan = make_plan([], [record(1, year=2024, doi="10.5555/a"), record(2, year=2024, doi="10.5555/b")])
    assert len(plan.added) == 1
    assert [(c.field, c.kept, c.refused, c.kept_place) for c in plan.conflicts] == [
        ("doi", "10.5555/a", "10.5555/b", Place("f", 1))
    ]


def test_an_entry_with_the_identifiers_of_two_is_a_conflict_and_adds_nothing() -> None:
    both = record(3, "Cats and Dogs", doi="10.5555/a", arxiv="2401.00001")
    plan = make_plan([], [record(1, "A", doi="10.5555/a"), record(2, "B", arxiv="2401.00001"), both])
    assert [entry.record.title for entry in plan.added] == ["A", "B"]
    (conflict,) = plan.conflicts
    assert (conflict.field, conflict.place) == ("identity", Place("f", 3))


def test_a_later_entry_is_known_by_what_an_earlier_one_has_added() -> None:
    entries = [record(1, year=2024), record(2, year=2024, doi="10.5555/a"), record(3, "Cats", doi="10.5555/a")]
    plan = make_plan([], entries)
    assert [(entry.record.doi, [place.line for place in entry.places]) for entry in plan.added] == [
        ("10.5555/a", [1, 2, 3])
    ]
    assert [(c.field, c.kept, c.refused) for c in plan.conflicts] == [("title", "On Cats", "Cats")]


SAME = {
    "authors by last name": ("authors", ("A. B. Author", "B. Müller"), ("Ada Author", "Ben Muller")),
    "venues of arXiv": ("venue", "ArXiv, abs/2401.00001", "arXiv preprint arXiv:2401.00001"),
    "a venue in a longer one": ("venue", "NeurIPS", "In NeurIPS, pages 1–2"),
    "addresses": ("url", "http://example.org/a/", "https://www.example.org/a"),
    "titles": ("title", "SELF-RAG: learning", "Self-RAG — Learning"),
}
DIFFERENT = {
    "authors in another order": ("authors", ("A. Author", "B. Writer"), ("B. Writer", "A. Author")),
    "more authors": ("authors", ("A. Author",), ("A. Author", "B. Writer")),
    "venues": ("venue", "NeurIPS", "ICML"),
    "years": ("year", 2023, 2024),
}


@pytest.mark.parametrize("name", [*SAME, *DIFFERENT])
def test_values_agree_or_are_in_conflict(name: str) -> None:
    field, first, second = (SAME | DIFFERENT)[name]
    values = [record(line, doi="10.5555/a")._replace(**{field: value}) for line, value in ((1, first), (2, second))]
    plan = make_plan([], values)
    assert [conflict.field for conflict in plan.conflicts] == ([] if name in SAME else [field])
    assert getattr(plan.added[0].record, field) == first, "the first value stays"


def test_a_list_that_is_cut_off_agrees_with_the_whole_one() -> None:
    short = record(1, doi="10.5555/a", authors=ADA, more_authors=True)
    plan = make_plan([], [short, record(2, doi="10.5555/a", authors=(*ADA, *BEN))])
    assert plan.conflicts == []


def test_a_title_in_the_other_language_is_a_gain() -> None:
    plan = make_plan([], [record(1, doi="10.5555/a"), record(2, "论猫", lang="zh", doi="10.5555/a")])
    assert plan.conflicts == []
    assert [(gain.field, gain.value, gain.lang) for gain in plan.added[0].gains] == [("title", "论猫", "zh")]
