"""What the commands print, in every format, on a terminal and on a pipe."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import os
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from wcwidth import wcwidth

from llmkg import KnowledgeGraph
from llmkg.cli import main
from llmkg.commands import queries, sparql
from llmkg.commands.printing import _follows_links, counted, tell
from llmkg.commands.results import RESULTS
from llmkg.errors import Phrase, UsageError
from llmkg.export import FORMATS
from llmkg.markup import html_page, markdown
from llmkg.progress import waiting
from llmkg.render import Cell, Grid, Note, Style, Titles, grid_text, printable, table, width_of, wrap

ROOT = Path(__file__).resolve().parent.parent
Print = Callable[..., str]
TITLES = Titles("notes", "Notes", "Works")
RAG = ("query", "challenges-addressed", "mitigation=RAG")


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep snapshots in a folder of this run."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LLMKG_CACHE", str(folder))
        yield folder


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Print:
    """Run a command that ends well and return what it prints."""

    def call(*arguments: object) -> str:
        code = main([*map(str, arguments)])
        out, err = capsys.readouterr()
        assert (code, err) == (0, "")
        return out

    return call


@pytest.fixture
def llm(told: Print) -> Print:
    """Run a command on the shipped pack."""
    return lambda *arguments: told(*arguments, "--graph", ROOT)


@pytest.fixture
def zoo(told: Print, pack: Path) -> Print:
    """Run a command on the small pack."""
    return lambda *arguments: told(*arguments, "--graph", pack, "--no-cache")


def complaint(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that ends with exit code 2 and prints nothing; return what it complains of."""
    assert main([*map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"llmkg: .*\n", err)
    return err


# -- tables ------------------------------------------------------------------------------------------


def test_a_table_that_fits_is_one_line_a_row() -> None:
    assert table(["a", "name"], [["1", "x"], ["10", "long"]], 80) == " a  name\n--  ----\n 1  x\n10  long\n"


def test_numbers_are_set_to_the_right_on_a_terminal_only() -> None:
    rows = [["7", "1.5"], ["10", ""]]
    assert table(["n", "m"], rows, 20).splitlines()[2:] == [" 7  1.5", "10"]
    assert table(["n", "m"], rows, None).splitlines()[2:] == ["7   1.5", "10"]


def test_words_stay_whole_where_they_can() -> None:
    out = table(["thing", "what"], [["alpha beta gamma delta", "one two three four five"]], 30)
    assert max(map(len, out.splitlines())) <= 30
    assert {"alpha", "gamma", "delta", "three", "four", "five"} <= set(out.split())


def test_the_column_is_narrowed_that_costs_the_fewest_lines() -> None:
    rows = [["Ann Example 2023", "one"], ["Ann Example 2023", "a much longer text than the others have"]]
    out = table(["source", "text"], rows, 50)
    assert [line.count("Ann Example 2023") for line in out.splitlines()[2:]] == [1, 1, 0]


def test_rows_become_records_where_a_table_would_be_taller() -> None:
    header = ["name", "first", "second", "third"]
    rows = [["a", "word " * 30, "", "term " * 30], ["b", "", "more " * 30, ""]]
    out = table(header, rows, 60)
    assert out.splitlines()[0] == "name    a"
    assert "second" not in out.split("\n\n")[0]
    assert [block.split()[1] for block in out.split("\n\n")] == ["a", "b"]
    assert max(map(len, out.splitlines())) <= 60
    assert [out.count(word) for word in ("word", "term", "more")] == [30, 30, 30]


def test_a_word_longer_than_the_line_is_cut_after_its_marks() -> None:
    assert wrap("https://example.org/a-long-path", 16) == ["https://", "example.org/a-", "long-path"]


def test_no_line_begins_with_what_closes_or_ends_with_what_opens() -> None:
    assert wrap("检索增强生成; 检索增强", 12) == ["检索增强生", "成; 检索增强"]
    assert wrap("检索（增强）", 6) == ["检索", "（增", "强）"]
    assert wrap("文献《论文》", 6) == ["文献", "《论", "文》"]
    assert wrap("RAG(检索增强)", 6) == ["RAG(检", "索增", "强)"]
    assert wrap("10.1016/S0004-3702(05)", 24) == ["10.1016/S0004-3702(05)"]


@given(st.text(alphabet="ab 检索（）(),。《》；;“”", max_size=30), st.integers(4, 20))
def test_a_wrapped_text_is_the_text_within_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(width_of, lines)) <= width


def test_a_line_of_chinese_does_not_begin_with_a_closing_mark() -> None:
    text = "检索增强，减少幻觉。模型编辑，更新知识。"
    assert wrap(text, 10) == ["检索增强，", "减少幻觉。", "模型编辑，", "更新知识。"]
    assert wrap(text, 8) == ["检索增", "强，减少", "幻觉。模", "型编辑，", "更新知", "识。"]


def test_width_is_what_a_terminal_takes(kg: KnowledgeGraph) -> None:
    labels = {quad.object.value for quad in kg.engine.store if hasattr(quad.object, "language")}
    letters = set("".join(labels)) - {"\n"}
    assert len(letters) > 1000
    assert {c: width_of(c) for c in letters if width_of(c) != wcwidth(c)} == {}
    assert (width_of("e\u0301"), width_of("👍"), width_of("\u200d")) == (1, 2, 0)


@given(st.lists(st.lists(st.text(max_size=40), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(24, 120))
def test_no_line_is_wider_than_the_terminal(rows: list[list[str]], width: int) -> None:
    out = table(["one", "two", "three"], rows, width)
    assert [line for line in out.split("\n") if width_of(line) > width] == []


@given(st.text())
def test_nothing_in_the_data_steers_the_terminal(text: str) -> None:
    shown = printable(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", shown)
    assert printable(shown) == shown


# -- a real terminal -----------------------------------------------------------------------------------

ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX terminal")


def in_terminal(*arguments: object, **environment: str) -> str:
    """Run a command in a terminal of 80 columns and return everything that it writes there and leaves."""
    import fcntl  # noqa: PLC0415  (not on Windows)
    import pty  # noqa: PLC0415
    import termios  # noqa: PLC0415

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    unset = ("COLUMNS", "NO_COLOR", "FORCE_HYPERLINK", "TMUX", "CI", "VTE_VERSION", "TERM_PROGRAM", "WT_SESSION")
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    command = [sys.executable, "-m", "llmkg", *map(str, arguments), "--graph", str(ROOT)]
    with subprocess.Popen(
        command, stdout=theirs, stderr=theirs, env={**inherited, "TERM": "xterm-256color", **environment}
    ) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not part:
                break
            written += part
    os.close(ours)
    assert process.returncode == 0
    return re.sub(r"^[^\n]* \.\.\.\r\x1b\[K", "", written.decode().replace("\r\n", "\n"))


def test_whoever_waits_at_a_terminal_is_told_what_for_and_it_is_wiped() -> None:
    stream = io.StringIO()
    with waiting("llmkg: reading", stream):
        assert stream.getvalue() == ""
    stream.isatty = lambda: True  # type: ignore[method-assign]
    with waiting("llmkg: reading", stream):
        assert stream.getvalue() == "llmkg: reading ..."
    assert stream.getvalue() == "llmkg: reading ...\r\x1b[K"


def test_a_mistake_at_a_terminal_is_broken_between_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    tell(
        Phrase("no saved query '{name}'.{near}", name="challenges-adressed", near=" Did you mean this?"),
        "en",
        "  as it is",
    )
    assert (
        capsys.readouterr().err == "llmkg: no saved query\n  'challenges-adressed'. Did you mean\n  this?\n  as it is\n"
    )


@posix
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("arguments", [[*RAG, "--sources"], [*RAG, "--iris"], ["queries"]], ids=" ".join)
def test_no_line_is_wider_than_a_real_terminal(arguments: list[str], lang: str) -> None:
    shown = in_terminal(*arguments, "--lang", lang)
    lines = ESCAPES.sub("", shown).splitlines()
    assert len(lines) > 7
    assert [line for line in lines if width_of(line) > 80] == []
    assert "\x1b" not in ESCAPES.sub("", shown)


@posix
def test_a_terminal_has_bold_headers_and_no_links_unless_it_follows_them() -> None:
    shown = in_terminal(*RAG)
    assert shown.startswith("\x1b[1mchallenge\x1b[0m ")
    assert "\x1b]8" not in shown
    linked = in_terminal(*RAG, FORCE_HYPERLINK="1")
    assert "\x1b]8;;https://w3id.org/llmkg/challenge/hallucinations\x1b\\Hallucinations\x1b]8;;\x1b\\" in linked
    assert ESCAPES.sub("", linked) == ESCAPES.sub("", shown)


@posix
@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_no_colour_where_it_is_not_wanted(environment: dict[str, str]) -> None:
    assert "\x1b" not in in_terminal(*RAG, **environment)


def test_a_pipe_gets_no_escape_codes_and_whole_identifiers() -> None:
    command = [sys.executable, "-m", "llmkg", *RAG, "--graph", str(ROOT)]
    environment = {**os.environ, "FORCE_HYPERLINK": "1", "TERM": "xterm-kitty", "COLUMNS": "40"}
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert b"\x1b" not in done.stdout
    assert done.stdout.splitlines()[2].split()[:2] == [b"challenge:hallucinations", b"Hallucinations"]


COLD = """
import sys
before = set(sys.modules)
from llmkg.cli import main
code = main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), sep="\\n", file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("names", ["--labels", "--iris"])
def test_a_table_costs_no_heavy_import(names: str, llm: Print) -> None:
    llm("queries")  # the snapshot is there
    command = [sys.executable, "-c", COLD, *RAG, names, "--graph", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    modules = set(done.stderr.split())
    assert "Hallucinations" in done.stdout
    assert "llmkg.render" in modules
    heavy = {"typing", "dataclasses", "shutil", "textwrap", "pathlib", "html", "llmkg.references"}
    assert modules & heavy == set()


LINKING = [
    ({"VTE_VERSION": "7600"}, True),
    ({"VTE_VERSION": "5000"}, False),
    ({"VTE_VERSION": "odd"}, False),
    ({"TERM_PROGRAM": "iTerm.app"}, True),
    ({"TERM_PROGRAM": "Apple_Terminal"}, False),
    ({"TERM": "xterm-kitty"}, True),
    ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux"}, False),
    ({"TERM": "xterm-256color"}, False),
    ({"WT_SESSION": "1", "CI": "true"}, False),
    ({"TERM": "screen", "FORCE_HYPERLINK": "1"}, True),
    ({"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, False),
]


@pytest.mark.parametrize(("environment", "follows"), LINKING, ids=str)
def test_links_are_for_terminals_known_to_follow_them(environment: dict[str, str], follows: bool) -> None:  # noqa: FBT001
    assert _follows_links(environment) is follows


# -- names or identifiers --------------------------------------------------------------------------------


def test_names_take_the_place_of_identifiers_and_columns_that_repeat_them_go(llm: Print) -> None:
    header, _, first, *_ = llm(*RAG, "--labels").splitlines()
    assert header.split() == ["challenge", "parent", "direct", "source", "basis"]
    assert re.split("  +", first) == ["Hallucinations", "true", "Kaddour et al. 2023", "stated"]
    assert llm(*RAG, "--iris") == llm(*RAG)


def test_names_come_in_the_language(llm: Print) -> None:
    first = llm(*RAG, "--labels", "--lang", "zh").splitlines()[2]
    assert re.split("  +", first) == ["幻觉", "是", "Kaddour 等人 2023", "明确陈述"]


def test_sparql_shows_identifiers_unless_asked_for_names(zoo: Print) -> None:
    text = "SELECT ?x ?name { ?x :eats :jerry ; rdfs:label ?name FILTER(LANG(?name) = 'en') }"
    assert zoo("sparql", text) == "x       name\n------  -----\n:felix  Felix\n"
    assert zoo("sparql", text, "--labels") == "x\n-----\nFelix\n"
    assert zoo("sparql", text, "--labels", "--lang", "zh") == "x         name\n--------  -----\n菲利克斯  Felix\n"


# -- the W3C formats ---------------------------------------------------------------------------------------

AWKWARD = [
    "car\rriage",
    'a,b;"c"',
    "tab\there",
    "two\nlines",
    "back\\slash",
    "<&>'",
    "  spaces  ",
    "",
    "检索 é 👍",
    "a|b`c`",
]
TYPED = ['"x"@zh', "12", "1.5", "true", "<https://example.org/zoo#felix>", "UNDEF"]
TYPED_VALUES = [
    '"2026-11-24"^^<http://www.w3.org/2001/XMLSchema#date>',
]


def asked() -> str:
    """Return a query whose rows hold every awkward value, in order."""
    rows = [json.dumps(text, ensure_ascii=False) for text in AWKWARD]
    values = " ".join(f"({n} {value})" for n, value in enumerate([*rows, *TYPED, *TYPED_VALUES]))
    return f"SELECT ?n ?v {{ VALUES (?n ?v) {{ {values} }} }} ORDER BY ?n"


@pytest.mark.parametrize("result_format", ["json", "tsv", "xml"])
def test_terms_come_back_whole(zoo: Print, result_format: str) -> None:
    out = zoo("sparql", asked(), "--format", result_format)
    rows = list(rdflib.query.Result.parse(io.BytesIO(out.encode()), format=result_format))
    assert len(rows) == len(AWKWARD) + len(TYPED) + len(TYPED_VALUES)
    assert [str(row.v) for row in rows[: len(AWKWARD)]] == AWKWARD
    lang, integer, decimal, boolean, iri, unbound, date = (row.v for row in rows[len(AWKWARD) :])
    assert lang == rdflib.Literal("x", lang="zh")
    assert (integer, boolean) == (rdflib.Literal(12), rdflib.Literal(True))  # noqa: FBT003
    assert decimal == rdflib.Literal("1.5", datatype=rdflib.XSD.decimal)
    assert iri == rdflib.URIRef("https://example.org/zoo#felix")
    assert unbound is None
    assert date == rdflib.Literal("2026-11-24", datatype=rdflib.XSD.date)


def test_csv_is_that_of_rfc_4180(zoo: Print) -> None:
    out = zoo("sparql", asked(), "--format", "csv")
    rows = list(csv.reader(io.StringIO(out, newline=""), strict=True))
    assert rows[0] == ["n", "v"]
    assert [row[1] for row in rows[1:]] == [
        *AWKWARD, "x", "12", "1.5", "true", "https://example.org/zoo#felix", "", "2026-11-24",
    ]  # fmt: skip
    assert out.replace("two\nlines", "").count("\n") == out.count("\r\n") == len(rows)


def test_tsv_has_one_line_a_row_and_marks_its_variables(zoo: Print) -> None:
    lines = zoo("sparql", asked(), "--format", "tsv").split("\n")
    assert lines[0] == "?n\t?v"
    assert {line.count("\t") for line in lines[:-1]} == {1}
    assert lines[1] == '0\t"car\\rriage"'
    assert lines[3:5] == ['2\t"tab\\there"', '3\t"two\\nlines"']
    assert (len(lines), lines[-1]) == (len(AWKWARD) + len(TYPED) + len(TYPED_VALUES) + 2, "")


def test_xml_is_in_the_namespace_of_sparql_results(zoo: Print) -> None:
    root = ET.fromstring(zoo("sparql", asked(), "--format", "xml"))
    assert root.tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    assert [child.tag.partition("}")[2] for child in root] == ["head", "results"]


def test_python_gets_the_xml_that_is_printed(pack: Path) -> None:
    """A reader of XML takes a carriage return for a newline unless it is written as a reference."""
    engine = KnowledgeGraph.open(pack, cache=False).engine
    data = engine.serialize('SELECT ("a\\r\\nb" AS ?x) {}', "xml")
    assert [node.text for node in ET.fromstring(data).iter("{http://www.w3.org/2005/sparql-results#}literal")] == [
        "a\r\nb"
    ]
    for character in ("\\u0001", "\\uFFFE"):
        with pytest.raises(UsageError, match=r"^the answer holds a character that XML cannot\. Use --format json\.$"):
            engine.serialize(f'SELECT ("{character}" AS ?x) {{}}', "xml")


def test_what_xml_cannot_hold_is_refused(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--graph", pack, "--no-cache"]
    told = complaint(capsys, "sparql", 'SELECT ("\\u0001" AS ?x) {}', "--format", "xml", *place)
    assert "holds a character that XML cannot. Use --format json.\n" in told
    assert main(["sparql", 'SELECT ("\\u0001" AS ?x) {}', "--format", "json", *map(str, place)]) == 0


@pytest.mark.parametrize("result_format", ["csv", "tsv"])
def test_line_ends_are_those_of_the_format_where_text_has_others(
    pack: Path, result_format: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stream = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(stream, encoding="utf-8", newline="\r\n"))  # as on Windows
    command = ["sparql", "SELECT ?x { ?x :eats ?y }", "--format", result_format, "--graph", str(pack), "--no-cache"]
    assert main(command) == 0
    line = {"csv": b"x\r\nhttps://example.org/zoo#felix\r\n", "tsv": b"?x\n<https://example.org/zoo#felix>\n"}
    assert stream.getvalue() == line[result_format]
    assert main([*command, "-o", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out").read_bytes() == line[result_format]


ANSWERS = {"table": "yes\n", "markdown": "yes\n", "json": '{"head":{},"boolean":true}\n'}


@pytest.mark.parametrize("result_format", ANSWERS)
def test_a_truth_value_in_each_format(zoo: Print, result_format: str) -> None:
    assert zoo("sparql", "ASK { :felix a :Cat }", "--format", result_format) == ANSWERS[result_format]


def test_a_truth_value_in_xml_html_and_chinese(zoo: Print) -> None:
    root = ET.fromstring(zoo("sparql", "ASK { :felix a :Cat }", "--format", "xml"))
    assert root.findtext("{http://www.w3.org/2005/sparql-results#}boolean") == "true"
    assert "<p>no</p>" in zoo("sparql", "ASK { :felix a :Dog }", "--format", "html")
    assert zoo("sparql", "ASK { :felix a :Dog }", "--lang", "zh") == "否\n"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # in rdflib's reader of JSON-LD
@pytest.mark.parametrize("rdf_format", sparql._TRIPLES)
@pytest.mark.parametrize("text", ["CONSTRUCT WHERE { ?x :eats ?y }", "DESCRIBE :felix"])
def test_triples_come_in_the_formats_of_rdf(zoo: Print, text: str, rdf_format: str) -> None:
    assert rdf_format in FORMATS
    out = zoo("sparql", text, "--format", rdf_format)
    graph = rdflib.Graph().parse(data=out, format={"jsonld": "json-ld", "rdfxml": "xml"}.get(rdf_format, rdf_format))
    zoo_terms = rdflib.Namespace("https://example.org/zoo#")
    assert (zoo_terms.felix, zoo_terms.eats, zoo_terms.jerry) in graph


# -- a file ------------------------------------------------------------------------------------------------

NAMED = {
    "a.csv": "csv", "a.tsv": "tsv", "a.json": "json", "a.srj": "json", "a.xml": "xml", "a.srx": "xml",
    "a.md": "markdown", "a.html": "html", "a.HTM": "html", "a.txt": "table", "a": "table",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_the_name_of_the_file_says_the_format(zoo: Print, tmp_path: Path, name: str) -> None:
    assert zoo("query", "food", "animal=Felix", "-o", tmp_path / name) == ""
    out = zoo("query", "food", "animal=Felix", "--format", NAMED[name])
    assert (tmp_path / name).read_bytes().decode().replace("\r\n", "\n") == out.replace("\r\n", "\n")


def test_the_format_that_is_given_wins_over_the_name(zoo: Print, tmp_path: Path) -> None:
    zoo("query", "food", "animal=Felix", "-o", tmp_path / "a.csv", "--format", "tsv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"?food\n")


def test_triples_go_into_a_file_of_their_format(zoo: Print, tmp_path: Path) -> None:
    zoo("sparql", "DESCRIBE :felix", "-o", tmp_path / "a.nt")
    assert "@prefix" not in (tmp_path / "a.nt").read_text(encoding="utf-8")


def test_a_file_of_a_format_that_does_not_fit(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--graph", pack, "--no-cache", "-o"]
    told = complaint(capsys, "query", "food", "animal=Felix", *place, tmp_path / "a.ttl")
    assert "a.ttl: this answer has no form as turtle. Use --format with one of table, json" in told
    assert "gives no triples" in complaint(capsys, "sparql", "SELECT * {}", *place, tmp_path / "a.ttl")
    assert "not csv" in complaint(capsys, "sparql", "DESCRIBE :felix", *place, tmp_path / "a.csv")
    assert list(tmp_path.glob("a.*")) == []


def test_every_format_is_told_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    main(["query", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert ", ".join(RESULTS) in told
    documented = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    assert {name for name in (*RESULTS, *sparql._TRIPLES) if f"`{name}`" not in documented} == set()


# -- Markdown and HTML ----------------------------------------------------------------------------------------

GFM = MarkdownIt("commonmark").enable("table")
TRICKY = [
    "a|b", "two\nlines", "`code`", "**bold** _it_", "[x](javascript:alert(1))", "<script>alert(1)</script>",
    "&amp; &", "\\", "~~gone~~", "1. item", "- item", "# head", "$x$", "![i](j)", "https://e.org",
]  # fmt: skip


def cells_of(text: str) -> list[list[str]]:
    """Return the table in ``text`` as a Markdown reader sees it: rows of plain text."""
    rows: list[list[str]] = []
    for token in GFM.parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            assert {child.type for child in token.children or []} <= {"text", "text_special", "link_open", "link_close"}
            rows[-1].append("".join(child.content for child in token.children or []))
        elif token.type == "table_close":
            break
    return rows


def test_markdown_cells_come_back() -> None:
    grid = Grid(("n|m", "text"), tuple((Cell(str(n)), Cell(text)) for n, text in enumerate(TRICKY)))
    rows = cells_of(markdown(grid, TITLES))
    assert rows[0] == ["n|m", "text"]
    assert rows[1:] == [[str(n), " ".join(text.split())] for n, text in enumerate(TRICKY)]


@pytest.mark.parametrize("text", TRICKY)
def test_notes_in_markdown_are_a_list_of_plain_text(text: str) -> None:
    tokens = GFM.parse(markdown(Grid(("a",), (), (), (Note(Cell(text), (Cell(text),)),)), TITLES))
    kinds = [token.type for token in tokens if token.type.endswith("list_open")]
    told = ["".join(child.content for child in token.children or []) for token in tokens if token.type == "inline"]
    assert kinds == ["ordered_list_open", "bullet_list_open"]
    assert told[-2:] == [" ".join(text.split())] * 2


@given(st.lists(st.text(max_size=12), min_size=1, max_size=3))
def test_markdown_keeps_any_text(texts: list[str]) -> None:
    grid = Grid(("text",), tuple((Cell(f"x{text}x"),) for text in texts))
    assert [row[0] for row in cells_of(markdown(grid, TITLES))[1:]] == [printable(f"x{text}x") for text in texts]


def test_markdown_links_only_what_is_on_the_web() -> None:
    good, bad = Cell("g", "https://e.org/a_(b)|<c>"), Cell("b", "javascript:alert(1)")
    text = markdown(Grid(("a", "b"), ((good, bad),)), TITLES)
    hrefs = [
        child.attrs["href"] for token in GFM.parse(text) for child in token.children or [] if child.type == "link_open"
    ]
    assert hrefs == ["https://e.org/a_(b)%7C%3Cc%3E"]
    assert cells_of(text)[1] == ["g", "b"]


class Page(html.parser.HTMLParser):
    """What is in a page: elements with their attributes, text, and what stayed open."""

    VOID = frozenset(["meta", "br", "link"])

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_a_page_of_html_is_whole_and_accessible(llm: Print) -> None:
    page = Page(llm(*RAG, "--sources", "--format", "html", "--lang", "zh"))
    assert page.open == []
    assert page.all("html") == [{"lang": "zh"}]
    assert len(page.all("caption")) == len(page.all("title")) == len(page.all("main")) == 1
    assert "检索增强能应对哪些挑战" in page.text
    assert {attributes.get("scope") for attributes in page.all("th")} == {"col"}
    assert {"zh"} <= {attributes.get("lang") for attributes in page.all("td")}
    targets = {f"#{attributes['id']}" for attributes in page.all("li") if "id" in attributes}
    hrefs = [str(attributes["href"]) for attributes in page.all("a")]
    assert {href for href in hrefs if href.startswith("#")} == targets
    assert {href.partition("/")[0] for href in hrefs if not href.startswith("#")} == {"https:"}
    assert {tag for tag, _ in page.elements} & {"script", "img", "link", "iframe"} == set()


def test_html_escapes_everything() -> None:
    evil = "<script>alert('x')</script>\"&"
    grid = Grid(
        (evil,),
        ((Cell(evil, 'https://e.org/"><script>', '"><b>'),), (Cell(evil, "javascript:alert(1)"),)),
        ((1,), ()),
        (Note(Cell(evil), (Cell(evil, "data:text/html,x"),)),),
    )
    page = Page(html_page(grid, evil, Titles(evil, evil, evil), "en"))
    assert page.open == []
    assert {tag for tag, _ in page.elements} & {"script", "b"} == set()
    assert page.text.count(evil) >= 8
    assert [a["href"] for a in page.all("a")] == ['https://e.org/"><script>', "#source-1"]


@pytest.mark.parametrize(
    ("result_format", "shown"),
    [
        ("table", "(no rows)\n"),
        ("markdown", "| food |\n| --- |\n\n(no rows)\n"),
        ("html", '<td colspan="1">(no rows)</td>'),
    ],
)
def test_an_empty_answer_in_every_format_for_people(
    capsys: pytest.CaptureFixture[str], pack: Path, result_format: str, shown: str
) -> None:
    question = ("query", "food", "animal=:jerry", "--format", result_format)
    assert main([*question, "--graph", str(pack), "--no-cache"]) == 0
    out, err = capsys.readouterr()
    assert out == shown or (result_format == "html" and shown in out)
    assert err.startswith("llmkg: no rows.\n")


def test_notes_hang_under_the_table() -> None:
    grid = Grid(("a",), ((Cell("x"),),), ((1, 2),), (Note(Cell("one"), (Cell("where " * 6),)), Note(Cell("two"))))
    out = grid_text(grid, TITLES, 24, Style())
    assert out == (
        "a  notes\n-  -------\nx  [1] [2]\n\nNotes\n[1] one\n    where where where\n    where where where\n[2] two\n"
    )


# -- what the system refuses, and grammar ---------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(13, "Permission denied", "/var/zoo"), "/var/zoo: the system refuses (Permission denied)."),
        (OSError(24, "Too many open files"), "the system refuses (Too many open files)."),
        (OSError("odd"), "the system refuses (odd)."),
    ],
    ids=["a file", "no file", "no number"],
)
def test_an_error_of_the_system_is_not_blamed_on_standard_output(
    error: OSError, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(queries, "run", fail)
    assert main(["queries"]) == 3
    assert capsys.readouterr() == ("", f"llmkg: {told} Mend that or choose another place.\n")


def test_a_name_of_the_wrong_kind_is_told_in_grammar(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = complaint(capsys, "query", "food", "animal=:eats", "--graph", pack, "--no-cache")
    assert "not animal. Give the name of an animal.\n" in told


def test_one_thing_is_counted_as_one() -> None:
    assert [counted(n, "finding") for n in (0, 1, 2)] == ["0 findings", "1 finding", "2 findings"]
