"""What is exported is read in again: into the whole graph it changes nothing, into an empty one it is the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from llmkg import KnowledgeGraph
from llmkg.bibtex import entry
from llmkg.csl import csl_item, csl_text
from llmkg.curate.fields import author_names, one_line
from llmkg.curate.formats import reader
from llmkg.curate.holdings import Holdings, read_holdings
from llmkg.curate.inputfile import InputFile
from llmkg.curate.plan import make_plan
from llmkg.curate.record import Record
from llmkg.publications import Publication, publication

BIBLIOGRAPHIES = ["bibtex", "csl"]


def read(place: Path, name: str, text: str) -> list:
    path = place / f"papers.{name}"
    path.write_bytes(text.encode())
    return list(reader(name)(InputFile(path)))


@pytest.fixture(scope="module")
def holdings(kg: KnowledgeGraph) -> Holdings:
    return read_holdings(kg.pack)


@pytest.mark.parametrize("name", BIBLIOGRAPHIES)
def test_into_the_whole_graph_nothing_changes(
    name: str, kg: KnowledgeGraph, holdings: Holdings, tmp_path: Path
) -> None:
    plan = make_plan(holdings.known, read(tmp_path, name, kg.export(name)))
    assert (plan.added, plan.merged, plan.conflicts, plan.broken) == ([], [], [], [])
    assert len(plan.unchanged) == len(kg.works()) > 680


@pytest.mark.parametrize("name", BIBLIOGRAPHIES)
def test_into_an_empty_graph_every_publication_is_the_same(name: str, kg: KnowledgeGraph, tmp_path: Path) -> None:
    plan = make_plan([], read(tmp_path, name, kg.export(name)))
    assert (plan.merged, plan.unchanged, plan.conflicts, plan.broken) == ([], [], [], [])
    store = kg.engine.store
    different = {}
    for (key, term), new in zip(kg.works(), plan.added, strict=True):
        one, record = publication(store, term), new.record
        only_arxiv = one.arxiv and not record.venue  # what only names arXiv is told by the id
        known = (one.title, one.authors, one.more_authors, one.year, "" if only_arxiv else one.venue)
        back = (record.title, record.authors, record.more_authors, record.year, record.venue)
        if (*known, one.doi, one.url) != (*back, record.doi, record.url) or (one.arxiv and one.arxiv != record.arxiv):
            different[key] = (known, back)
    assert different == {}


PIECES = [
    *"{}\\&%$#_^~\"'`-,<>?!@|=+",
    "\n",
    "\\alpha",
    "\\'e",
    "{\\o}",
    "$x^2$",
    " and ",
    "--",
    "é",
    "e\u0301",
    "中文",
]
PIECES += [
    "\u202eעברית\u202c",
    "شعر",
    "😀",
    "𝕏",
    "<i>",
    "http://a.example/%20_~",
    "%41",
    "\\\\",
    "''",
    "``",
    "[x]",
    "ﬁ",
    "\0",
    "\x1f",
]
TEXTS = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=4), max_size=8
)
TITLES = TEXTS.map("".join).filter(one_line)


WORKS = st.builds(
    lambda title, authors, more, year: Publication(
        NamedNode("urn:x/a"), title=title, authors=tuple(authors), more_authors=more, year=year
    ),
    TITLES,
    st.lists(TITLES, max_size=3),
    st.booleans(),
    st.none() | st.integers(1000, 9999),
)
LIGATURES = "a -- b --- c ``d'' ?`e !`f <<g>> h,,"


@pytest.mark.parametrize("name", BIBLIOGRAPHIES)
@settings(max_examples=60)
@given(one=WORKS)
@example(one=Publication(NamedNode("urn:x/a"), title=LIGATURES, authors=("--", "a and b"), more_authors=True))
@example(one=Publication(NamedNode("urn:x/a"), title="}{", authors=("{", "others"), year=2023))
def test_any_title_and_any_authors_come_back(
    name: str, one: Publication, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assume(name != "csl" or not re.search(r"</?(i|b|sup|sub|sc|span)\b", one.title))  # readers take these for markup
    text = entry("a", one) if name == "bibtex" else f"[{csl_text(csl_item('a', one))}]"
    (back,) = read(tmp_path_factory.getbasetemp(), name, text)
    assert isinstance(back, Record), back
    assert (back.title, back.authors, back.year) == (one_line(one.title), author_names(list(one.authors)), one.year)
    assert back.more_authors == (one.more_authors and bool(one.authors))


def test_a_name_that_begins_with_a_command_is_kept_whole(tmp_path: Path) -> None:
    (back,) = read(tmp_path, "bibtex", '@misc{a, title = {T}, author = {A. Bee and \\"Oz, C. and {\\O}de, D.}}')
    assert back.authors == ("A. Bee", "C. Öz", "D. Øde")


def test_others_may_be_a_name(tmp_path: Path) -> None:
    (back,) = read(tmp_path, "bibtex", "@misc{a, title = {T}, author = {A. Bee and {others}}}")
    assert (back.authors, back.more_authors) == (("A. Bee", "others"), False)
