"""The line on which a triple stands, found without reading the whole file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from llmkg.load import read_positions
from llmkg.positions import Positions

EX = "https://example.org/"
PREFIXES = "@prefix : <https://example.org/> .\n@prefix ex: <https://example.org/deep/> .\n\n"


def node(name: str) -> NamedNode:
    return NamedNode(EX + name)


def positions(tmp_path: Path, text: str, name: str = "g.ttl") -> Positions:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return Positions(path, name)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test fail that reads a whole file."""

    def refuse(_path: Path, _name: str) -> dict[Triple, int]:
        raise AssertionError("the whole file was read")

    monkeypatch.setattr("llmkg.positions.read_positions", refuse)


def test_every_triple_of_the_shipped_files_stands_where_the_whole_file_says(kg) -> None:
    counted = 0
    for file in (*kg.pack.ontology, *kg.pack.data):
        path = Path(file)
        for number, (triple, line) in enumerate(read_positions(path, path.name).items()):
            if number % 40 == 0:
                counted += 1
                assert Positions(path, path.name).line(triple) == line, (path.name, triple)
    assert counted > 150


@pytest.mark.usefixtures("unread")
def test_a_block_is_found_by_its_subject(tmp_path: Path) -> None:
    text = (
        PREFIXES
        + ":a :p :b ;\n   :q \"one\" ,\n      'two' .\nex:a\n  :p :c .\n<https://example.org/a> :r 5 . # :a :r 6 .\n"
    )
    found = positions(tmp_path, text)
    assert found.line(Triple(node("a"), node("p"), node("b"))) == 4
    assert found.line(Triple(node("a"), node("q"), Literal("two"))) == 6
    assert found.line(Triple(node("deep/a"), node("p"), node("c"))) == 8
    assert found.line(Triple(node("a"), node("r"), Literal(5))) == 9


@pytest.mark.usefixtures("unread")
def test_a_subject_at_the_start_of_a_line_may_be_an_object(tmp_path: Path) -> None:
    text = PREFIXES + ":x :p\n:a , :b .\n:aa :p :b .\n:a :p :b .\n"
    assert positions(tmp_path, text).line(Triple(node("a"), node("p"), node("b"))) == 7


@pytest.mark.usefixtures("unread")
def test_a_text_may_look_like_a_triple(tmp_path: Path) -> None:
    text = PREFIXES + '  :x :q :y ; :t """\n:a :p :b .\n""" .\n:a :p :b .\n'
    assert positions(tmp_path, text).line(Triple(node("a"), node("p"), node("b"))) == 7


@pytest.mark.usefixtures("unread")
def test_lines_of_n_triples(tmp_path: Path) -> None:
    rows = "".join(f"<{EX}{n % 3}> <{EX}p> <{EX}{n}> .\n" for n in range(30))
    assert positions(tmp_path, rows, "g.nt").line(Triple(node("2"), node("p"), node("26"))) == 27


@pytest.mark.parametrize(
    "text",
    [
        PREFIXES + "  :x :q :y ; :t '''\n:a :p :b .\n''' .\n:a :p :b .\n",
        PREFIXES
        + ":a :p :c .\n@prefix : <https://example.org/other/> .\n:a :p :b .\n<https://example.org/a> <https://example.org/p> <https://example.org/b> .\n",
        PREFIXES + "\n\n :x :q :y . :a :p :b .\n",
        PREFIXES.replace("\n", "\r\n") + ":c :p :b .\r\n\r\n:a :p :b .\r\n",
    ],
    ids=["a text that looks like it", "a prefix that changes", "in the middle of a line", "carriage returns"],
)
def test_what_does_not_begin_a_line_is_found_by_reading_on(tmp_path: Path, text: str) -> None:
    path = tmp_path / "g.ttl"
    path.write_bytes(text.encode())
    wanted = Triple(node("a"), node("p"), node("b"))
    assert Positions(path, "g.ttl").line(wanted) == read_positions(path, "g.ttl")[wanted] > 5


def test_what_is_not_there_has_no_line(tmp_path: Path) -> None:
    found = positions(tmp_path, PREFIXES + ":a :p :b .\n:c :p [] .\n")
    assert found.line(Triple(node("a"), node("p"), node("c"))) == 0
    assert found.line(Triple(node("c"), node("p"), BlankNode())) == 0
    assert found.has_lines
    assert not positions(tmp_path, "{}", "g.jsonld").has_lines
    assert positions(tmp_path, "{}", "g.jsonld").line(Triple(node("a"), node("p"), node("b"))) == 0
