"""Files from strangers: each costs little, is told of in one line with its place, and the good entries go on."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmkg.cli import main
from llmkg.curate import inputfile, plan
from llmkg.curate.formats import reader
from llmkg.curate.identity import folded_title
from llmkg.curate.inputfile import InputFile
from llmkg.curate.plan import make_plan
from llmkg.curate.record import Broken, Record
from llmkg.errors import InputError

MB = 1024 * 1024
Read = Callable[..., list[Record | Broken]]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.chdir(tmp_path)

    def items(source: str, content: str | bytes, name: str = "in") -> list[Record | Broken]:
        Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        return list(reader(source)(InputFile(name)))

    return items


def told(items: list[Record | Broken]) -> list[str]:
    """Return a line for each item: the title of a record and its line, or what is wrong."""
    return [f"{item.title} {item.place.line}" if isinstance(item, Record) else str(item) for item in items]


# -- files that cannot be read: exit code 3, one line -------------------------------------------

UNREADABLE = {
    "not UTF-8": ("bibtex", b"@misc{a,\n title={Caf\xe9}}", "in:2: is not UTF-8 (byte 0xe9)."),
    "UTF-16": ("csl", '[{"title": "a"}]'.encode("utf-16"), "in:1: holds a NUL byte and is no text."),
    "NUL": ("openalex", b'{"title": "a"}\n{"title": "\0"}\n', "in:2: holds a NUL byte and is no text."),
    "gzip cut off": (
        "openalex",
        gzip.compress(b'{"title":"a"}\n' * 1000)[:-20],
        "the gzip file is broken or cut off here.",
    ),
    "no gzip": ("openalex", b"\x1f\x8b" + b"abc" * 100, "in:1: the gzip file is broken or cut off here."),
    "gzip bomb of one line": (
        "openalex",
        gzip.compress(b"0" * (40 * MB)),
        "in: unpacks to more than 100 times its size.",
    ),
    "gzip bomb of NULs": ("csl", gzip.compress(b"\0" * (40 * MB)), "in: unpacks to more than 100 times its size."),
    "strings": (
        "bibtex",
        b"\n".join(b"@string{a%d = {%s}}" % (number, b"x" * 1000) for number in range(10)),
        "in:6: the strings come to more than 5,000 characters.",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_ends_in_one_line_and_exit_code_3(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, content, message = UNREADABLE[name]
    monkeypatch.chdir(tmp_path)
    Path("in").write_bytes(content)
    monkeypatch.setattr("llmkg.curate.bibtex._MOST_STRINGS", 5000)
    monkeypatch.setattr(
        "llmkg.curate.prepared.read_holdings", lambda pack: type("None", (), {"known": (), "pack": pack})()
    )
    assert main(["import", source, "in"]) == 3
    out = capsys.readouterr()
    assert out.out == ""
    assert message in out.err
    assert out.err.count("\n") == 1


def test_a_line_that_is_too_long_is_not_read_to_its_end(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputfile, "MOST_LINE", 1000)
    with pytest.raises(InputError, match=r"in:2: the line is longer than"):
        read("openalex", '{"title": "a"}\n{"title": "' + "x" * 5000)


def test_a_text_that_is_too_long_is_not_read_to_its_end(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputfile, "MOST_TEXT", 1000)
    with pytest.raises(InputError, match=r"in:17: the file is longer than"):
        read("bibtex", "\n".join(["x" * 60] * 50))


@pytest.mark.parametrize("what", ["folder", "pipe", "nothing"])
def test_only_plain_files_are_read(read: Read, what: str) -> None:
    {"folder": os.mkdir, "pipe": os.mkfifo, "nothing": lambda _name: None}[what]("it")  # type: ignore[operator]
    with pytest.raises(InputError, match=r"it: cannot be read" if what == "nothing" else r"it: is no plain file"):
        list(reader("csl")(InputFile("it")))
    assert read("csl", "") == []


def test_more_broken_entries_than_anybody_reads_end_the_import(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_MOST_BROKEN", 10)
    with pytest.raises(InputError, match=r"in:1: the 10th broken entry\. Give the format that the file is in"):
        make_plan([], iter(read("csl", "[" + "1," * 20 + "1]")))


# -- what is fine though it looks odd -------------------------------------------------------------


def test_a_byte_order_mark_and_crlf_are_fine(read: Read) -> None:
    assert told(read("bibtex", b"\xef\xbb\xbf@misc{a,\r\n title={A\r\n  B},\r\n year=2023}\r\n")) == ["A B 1"]
    assert told(read("openalex", b'\xef\xbb\xbf{"title": "A"}\r\n\r\n{"title": "B"}\r\n')) == ["A 1", "B 3"]


def test_gzip_is_known_by_its_content(read: Read) -> None:
    assert told(read("openalex", gzip.compress(b'{"title": "A"}\n{"title": "B"}\n'), "works")) == ["A 1", "B 2"]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("key", ["results", "items", ""])
def test_records_are_found_in_lists_and_pages_of_any_layout(read: Read, indent: int | None, key: str) -> None:
    works = [{"title": "A", "x": {"y": [1, "]}", None]}}, {"title": "B"}]
    content = json.dumps({"meta": {"count": 2}, key: works, "z": 1.5} if key else works, indent=indent)
    found = read("openalex", content)
    assert [item.title for item in found if isinstance(item, Record)] == ["A", "B"]
    assert len(found) == 2
    assert [item.place.line for item in found] == (
        [1, 1] if indent is None else [content[: content.index(f'"{title}"')].count("\n") for title in "AB"]
    )


def test_a_page_on_each_line_and_a_single_work(read: Read) -> None:
    pages = '{"results": [{"title": "A"}, {"title": "B"}]}\n{"results": [{"title": "C"}]}\n'
    assert told(read("openalex", pages)) == ["A 1", "B 1", "C 2"]
    assert told(read("openalex", json.dumps({"title": "A", "id": "W1"}, indent=2))) == ["A 1"]


def test_records_that_lie_across_what_is_read_at_a_time(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmkg.curate.jsonrecords._CHUNK", 8)
    works = [{"title": f"T{number}", "year": 10 * number, "x": [number] * number} for number in range(20)]
    content = json.dumps(works, indent=1)
    lines = [content[: content.index(f'"T{number}"')].count("\n") for number in range(20)]
    assert told(read("csl", content)) == [f"T{number} {line}" for number, line in enumerate(lines)]


# -- entries that are broken, and the others --------------------------------------------------------

BROKEN = {
    "BibTeX cut off": ("bibtex", "@misc{a, title={A}}\n@misc{b, title={B},\n author={C", ["A 1", "in:2: the entry '@misc{b, title={B},' cannot be read: Unexpectedly reached end of file"]),
    "unbalanced braces": ("bibtex", "@misc{a, title={A}\n@misc{b, title={B}}", ["in:1: the entry '@misc{a, title={A}' cannot be read: Unexpected block start", "B 2"]),
    "many open braces": ("bibtex", "@misc{a, title=" + "{" * 100_000, ["in:1: the entry '@misc{a, title={{{"]),
    "deep braces": ("bibtex", "@misc{a, title=" + "{" * 1000 + "x" + "}" * 1000 + "}\n@misc{b, title={B}}", ["in:1: the entry 'a': braces more than 50 deep.", "B 2"]),
    "deep environments": ("bibtex", "@misc{a, title={" + r"\begin{a}" * 1900 + "}}", ["in:1: the entry 'a': its braces are too deep."]),
    "a megabyte on one line": ("bibtex", "@misc{a, title={" + "x " * (MB // 2) + "}}\n@misc{b, title={B}}", ["in:1: the entry 'a': a value of 1,048,576 characters; 200,000 at most.", "B 2"]),
    "a megabyte that is not for us": ("bibtex", "@misc{a, title={A}, abstract={" + "x{y} " * (MB // 20) + "}}", ["A 1"]),
    "strings of strings": (
        "bibtex",
        "@string{a0={xxxxxxxxxx}}\n" + "\n".join(f"@string{{a{n}={' # '.join([f'a{n - 1}'] * 10)}}}" for n in range(1, 9)) + "\n@misc{b, title={B}}",
        ["in:6: the string 'a5': a value of 1,000,000 characters; 200,000 at most.", "B 10"],
    ),
    "the wrong encoding": ("csl", '[{"title": "CafÃ©"}, {"title": "Ã‰tude"}, {"title": "Ã\u00adsh"}, {"title": "AVALIAÇÃO"}]', ["in:1: the item '': 'Ã©' in a text: read in the wrong", "in:1: the item '': 'Ã‰' in a text", "in:1: the item '': 'Ã", "AVALIAÇÃO 1"]),
    "no title": ("bibtex", "@misc{a, author={A}}\n@misc{b, title={{}}}", ["in:1: the entry 'a' has no title. Add one.", "in:2: the entry 'b' has no title."]),
    "no BibTeX": ("bibtex", "Dear reader,\n", ["in:1: holds no entry of BibTeX"]),
    "bad identifiers": ("bibtex", "@misc{a, title={A}, doi={x}}\n@misc{b, title={B}, eprint={x}}\n@misc{c, title={C}, url={ftp://x}}\n@misc{d, title={D}, year={soon}}", ["in:1: the entry 'a': the DOI 'x'", "in:2: the entry 'b': the arXiv id 'x'", "in:3: the entry 'c': the address 'ftp://x'", "in:4: the entry 'd': the year 'soon'"]),
    "JSON cut off": ("csl", '[{"title": "A"},\n{"title": "B', ["A 1", "in:2: the record is no JSON", "in:3: the file ends before the list of records does."]),
    "JSON broken within": ("csl", '[{"title": "A"},\n{"title": "B" "x"},\n{"title": "C",,},\n{"title": "D"}]', ["A 1", "in:2: the record is no JSON (Expecting ',' delimiter at character 15)", "in:3: the record is no JSON", "D 4"]),
    "JSON nested deep": ("csl", '[{"x": ' + "[" * 100_000 + "]" * 100_000 + '},\n{"title": "B"}]', ["in:1: the record cannot be read (nested too deep).", "B 2"]),
    "JSON nested deep on a line": ("openalex", '{"title": "A"}\n{"x": ' + "[" * 100_000 + '\n{"title": "C"}', ["A 1", "in:2: the record cannot be read (nested too deep).", "C 3"]),
    "a number of many digits": ("csl", '[{"x": ' + "9" * 100_000 + '}, {"title": "B"}]', ["in:1: the record cannot be read (Exceeds the limit", "B 1"]),
    "not records": ("csl", '[1, "a", null, [], {"title": "B"}]', ["in:1: is no record", "in:1: is no record", "in:1: is no record", "in:1: is no record", "B 1"]),
    "not JSON": ("csl", "hello", ["in:1: is no JSON: a text begins with { or [."]),
    "more after the end": ("csl", '[{"title": "A"}]\n]', ["A 1", "in:2: goes on after the end of the JSON text."]),
    "half a surrogate": ("csl", r'[{"title": "A\ud800B"}]', ["AB 1"]),
    "a title of a megabyte": ("csl", '[{"title": "' + "x" * MB + '"}, {"title": "B"}]', ["in:1: the item '': a text of 1,048,576 characters; 20,000 at most.", "B 1"]),
    "JSON Lines cut off": ("openalex", '{"title": "A"}\n{"title": "B\n{"title": "C"}\n', ["A 1", "in:2: the record is no JSON", "C 3"]),
}  # fmt: skip


def test_there_is_a_case_for_each_way_to_be_broken() -> None:
    assert len(BROKEN) == 23
    assert len(UNREADABLE) == 8


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told_and_the_others_go_on(name: str, read: Read) -> None:
    source, content, expected = BROKEN[name]
    found = told(read(source, content))
    assert len(found) == len(expected), found
    assert [line[: len(start)] for line, start in zip(found, expected, strict=True)] == expected
    assert all(len(line) < 400 and "\n" not in line for line in found)


ITEM = (
    "id",
    "title",
    "author",
    "editor",
    "issued",
    "container-title",
    "DOI",
    "URL",
    "language",
    "number",
    "note",
    "type",
)
WORK = ("id", "title", "display_name", "doi", "ids", "publication_year", "primary_location", "locations", "authorships", "language", "is_authors_truncated")  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ITEM, *WORK, "author", "source", "date-parts", "family", "landing_page_url"]), inner, max_size=4), max_leaves=8)  # fmt: skip


@pytest.mark.parametrize("source", ["csl", "openalex"])
def test_whatever_a_record_holds_it_is_read_or_refused(source: str, tmp_path: Path) -> None:
    keys = ITEM if source == "csl" else WORK

    @settings(max_examples=25)
    @given(st.lists(st.dictionaries(st.sampled_from(keys), ANYTHING), min_size=1, max_size=3))
    def law(records: list[dict[str, object]]) -> None:
        path = tmp_path / "in"
        path.write_text(json.dumps(records), encoding="utf-8")
        found = list(reader(source)(InputFile(path)))
        assert len(found) == len(records)
        assert all("\n" not in str(item.title if isinstance(item, Record) else item) for item in found)

    law()


def test_whatever_bibtex_holds_it_is_read_or_refused(tmp_path: Path) -> None:
    pieces = st.lists(st.sampled_from(["@misc{k", "@string{", "{", "}", '"', ",", "=", "#", "title", "author", "year", "\\'e", "\\", "$", "%", "and", "@", "\n", " ", "x"]), max_size=30)  # fmt: skip

    @settings(max_examples=60)
    @given(pieces.map("".join))
    def law(text: str) -> None:
        path = tmp_path / "in"
        path.write_text(text, encoding="utf-8")
        assert all(isinstance(item, Record | Broken) for item in reader("bibtex")(InputFile(path)))

    law()


# -- what LaTeX and markup become -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"B{\"o}hm \'{e}t\'e {\o}re {\ss} \v{S} \c{c}", "Böhm été øre ß Š ç"),
        (r"{GPT}-4: {An} ``{E}valuation''", "GPT-4: An “Evaluation”"),
        ("100% of cats", "100% of cats"),
        (r"R\&D \#1 \_a \$5 50\%", "R&D #1 _a $5 50%"),
        ("a--b---c~d", "a–b—c d"),
        (r"$\alpha$-stable", "α-stable"),
        ("大语言模型", "大语言模型"),
    ],
)
def test_latex_becomes_text(read: Read, latex: str, text: str) -> None:
    (record,) = read("bibtex", f"@misc{{a, title={{{latex}}}}}")
    assert isinstance(record, Record)
    assert record.title == text


def test_a_work_of_openalex_becomes_a_record(read: Read) -> None:
    work = {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.48550/arxiv.2307.10169",
        "title": "Of  Works",
        "publication_year": 2023,
        "language": "en",
        "authorships": [{"author": {"display_name": "Ada Author"}}, {"author": None, "raw_author_name": "Writer; Ben"}],
        "is_authors_truncated": True,
        "primary_location": {
            "source": {"display_name": "arXiv (Cornell University)"},
            "landing_page_url": "https://example.org",
        },
    }
    (record,) = read("openalex", json.dumps(work))
    assert isinstance(record, Record)
    assert record[1:] == (
        "Of Works",
        "en",
        ("Ada Author", "Writer, Ben"),
        True,
        2023,
        "arXiv (Cornell University)",
        "2307.10169",
        "",
        "",
    )


@given(st.text(), st.text())
def test_titles_fold_alike_whatever_lies_between_their_letters(first: str, second: str) -> None:
    assert folded_title(f"{first} — {second}") == folded_title(f"{first}: {second}")
    assert re.search(r"[\s:_-]", folded_title(first)) is None
