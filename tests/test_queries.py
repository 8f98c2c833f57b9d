"""The saved queries hold to one standard, and ``docs/queries.md`` lists them.

``pytest tests/test_queries.py --regenerate`` writes that page anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from llmkg.queryfile import read_query
from llmkg.render import width_of
from llmkg.savedquery import SavedQuery
from llmkg.scan import tokens

ROOT = Path(__file__).resolve().parent.parent
QUERIES = [read_query(path) for path in sorted((ROOT / "queries").glob("*.rq"))]
DOCUMENT = ROOT / "docs" / "queries.md"
LANGUAGES = ("en", "zh")
WORDS = """
    ASC AS BIND BOUND BY COALESCE CONTAINS COUNT DESC DISTINCT EXISTS FILTER GROUP HAVING IF IN ISIRI LANG LANGMATCHES
    LCASE MAX MIN MINUS NOT OPTIONAL ORDER PREFIX REPLACE SELECT STR SUM UNION VALUES WHERE
"""
KEYWORDS = set(WORDS.split())
# Each tag that opens a group of the page, with its heading; a query is in the group of its first tag.
GROUPS = {
    "applications": "Applications",
    "constraints": "Constraints",
    "challenges": "Challenges",
    "mitigations": "Mitigations",
    "systems": "Systems",
    "models": "Models",
    "datasets": "Data sets",
    "organizations": "Organizations",
    "papers": "Papers",
    "sections": "Places in the sources",
    "claims": "Claims and sources",
    "provenance": "Remarks",
    "lookups": "Anything",
    "overview": "The whole",
}


def named(query: SavedQuery) -> str:
    return query.name


def body(query: SavedQuery) -> list[str]:
    """Return the lines of the SPARQL text, without the header."""
    return [line for line in query.text.splitlines() if not line.startswith("#")]


def code(query: SavedQuery) -> str:
    """Return the SPARQL text without strings, IRIs and comments."""
    return "".join(token.text for token in tokens(query.text) if token.kind not in {"string", "iri", "comment"})


def texts(query: SavedQuery) -> Iterator[Mapping[str, str]]:
    yield query.title
    yield query.description
    for part in (*query.parameters, *query.columns):
        yield part.description


@pytest.mark.parametrize("query", QUERIES, ids=named)
def test_every_column_has_a_short_title_of_its_own_in_both_languages(query: SavedQuery) -> None:
    for lang in LANGUAGES:
        titles = [column.title[lang] for column in query.columns]
        assert len(set(titles)) == len(titles) > 0
        assert max(map(width_of, titles)) <= 16


@pytest.mark.parametrize("query", QUERIES, ids=named)
def test_every_text_is_in_both_languages(query: SavedQuery) -> None:
    for text in texts(query):
        assert sorted(text) == sorted(LANGUAGES)
        assert all(text.values())
        assert re.search("[\u4e00-\u9fff]", text["zh"])
        assert not re.search("[\u4e00-\u9fff]", text["en"])


@pytest.mark.parametrize("query", QUERIES, ids=named)
def test_it_is_asked_in_six_or_more_ways_that_name_what_must_be_given(query: SavedQuery) -> None:
    required = {parameter.name for parameter in query.parameters if parameter.required}
    for lang in LANGUAGES:
        ways = query.question[lang]
        assert len(set(ways)) == len(ways) >= 6
        for way in ways:
            assert required <= set(re.findall(r"{(\w+)}", way)), way
            assert bool(re.search("[\u4e00-\u9fff]", way)) == (lang == "zh"), way
            assert not way.endswith(("?", "？", ".", "。"))  # as people type them, and all alike


def test_no_two_queries_are_asked_in_the_same_words() -> None:
    # The same words may be asked of things of another class, such as the parts of a challenge or of an area.
    ways = Counter(
        re.sub(r"{(\w+)}", lambda found, q=q: str(q.parameter(found[1]).classes), way)
        for q in QUERIES
        for lang in LANGUAGES
        for way in q.question[lang]
    )
    assert len(ways) > 780
    assert [way for way, count in ways.items() if count > 1] == []


@pytest.mark.parametrize("query", QUERIES, ids=named)
def test_the_text_holds_to_the_style(query: SavedQuery) -> None:
    lines = body(query)
    words = re.findall(r"(?<![?$:\w])[A-Za-z]+(?![\w:])", code(query))
    assert {word for word in words if word.upper() in KEYWORDS and not word.isupper()} == set()
    assert {word for word in words if word.isupper()} <= KEYWORDS  # what all engines agree on
    assert [line for line in lines if (len(line) - len(line.lstrip())) % 2 or line != line.rstrip()] == []
    assert [line for line in lines if len(line) > 160] == []
    assert [line for line in lines if line.rstrip().endswith((";", ","))] == []  # one triple pattern a line
    declared = re.findall(r"^PREFIX (\w+):", query.text, re.MULTILINE)
    assert declared == sorted(set(re.findall(r"(?<![\w?$])(\w+):", code(query).split("SELECT", 1)[1])))


@pytest.mark.parametrize("query", QUERIES, ids=named)
def test_the_rows_are_named_told_apart_and_ordered(query: SavedQuery) -> None:
    text = code(query)
    assert not re.search(r"SELECT \*|LIMIT|OFFSET", text)
    assert re.search(r"\nORDER BY .+\n$", text)
    assert re.search(r"\nSELECT DISTINCT |\nGROUP BY |\nSELECT \?what \?count", text)


def page() -> str:
    lines = [
        "# Saved queries",
        "",
        "What can be asked by name: `llmkg query NAME PARAMETER=VALUE`, or in your own words with",
        "`llmkg ask`. Parameters in brackets may be left out. The header of each file has its columns and",
        "the other ways of asking. Written from these headers by `pytest tests/test_queries.py --regenerate`.",
    ]
    assert {query.tags[0] for query in QUERIES} == set(GROUPS)
    for tag, heading in GROUPS.items():
        lines += ["", f"## {heading}", "", "| name | question | parameters |", "|---|---|---|"]
        lines += [row(query) for query in QUERIES if query.tags[0] == tag]
    return "\n".join(lines) + "\n"


def row(query: SavedQuery) -> str:
    asked = "<br>".join(query.question[lang][0].replace("{", "*").replace("}", "*") for lang in LANGUAGES)
    takes = ", ".join(f"`{p.name}`" if p.required else f"[`{p.name}`]" for p in query.parameters)
    return f"| [`{query.name}`](../queries/{query.name}.rq) | {asked} | {takes} |"


def test_the_page_of_the_queries_is_current(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("regenerate"):
        DOCUMENT.write_text(page(), encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == page(), "run pytest tests/test_queries.py --regenerate"
