"""What ``llmkg import --write`` leaves in the files of a pack."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from llmkg.catalog import changed_catalogs
from llmkg.cli import main
from llmkg.curate.changes import Changes
from llmkg.curate.holdings import read_holdings
from llmkg.curate.outcome import year_file, year_titles
from llmkg.curate.prepared import prepare
from llmkg.errors import InputError
from llmkg.fmt import format_text
from llmkg.pack import Pack
from llmkg.validate import check_pack

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
REFERENCES = r"""
@misc{known, title={SemDeDup: data-efficient learning at web-scale through semantic deduplication},
  author={Amro Abbas and others}, doi={10.5555/known}, eprint={2303.09540}}
@misc{dated, title={Open LLM Leaderboard - a Hugging Face Space by HuggingFaceH4}, year=2023,
  url={https://huggingface.co/spaces/HuggingFaceH4/open_llm_leaderboard}}
@article{new, title={On Proving {L}lamas: a Study}, author={M{\"u}ller, Ada and van den Berg, Ben and others},
  year={2024}, journal={Journal of Examples}, volume=3, pages={1--9}, doi={10.5555/new}, url={https://example.org/a_b}}
@misc{again, title={Proving Llamas Again}, author={Ada M{\"u}ller}, year={2024}}
@misc{third, title={Proving Llamas, a Third Time}, author={Ada M{\"u}ller}, year={2024}}
@misc{chinese, title={大语言模型的例子}, author={王 小明}}
@misc{newest, title={What Happens Next Year}, year={2026}}
@misc{future, title={What Happens Later}, year={2027}}
@misc{ancient, title={What Happened}, year={1850}}
@misc{french, title={Des exemples}, langid={french}}
"""
QUESTION = """
PREFIX llmkg: <https://w3id.org/llmkg/ontology#>
SELECT ?paper ?file ?date ?agent WHERE {
  ?paper llmkg:importedIn ?import .
  ?import a llmkg:Import ; llmkg:importedFile ?file ; llmkg:importDate ?date ; llmkg:importAgent ?agent .
} ORDER BY ?paper
"""


def copy_of_the_pack(folder: Path) -> Path:
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


def copy_of_the_papers(folder: Path) -> Path:
    """Return the shipped pack without what an import does not look at."""
    for part in ("ontology", "data/papers"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "queries").mkdir()
    shutil.copy(ROOT / "data/graph.ttl", folder / "data/graph.ttl")
    return folder


def files_of(pack: Path) -> dict[str, bytes]:
    return {str(path.relative_to(pack)): path.read_bytes() for path in pack.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the shipped pack into which ``REFERENCES`` have been imported."""
    pack = copy_of_the_pack(tmp_path_factory.mktemp("imported") / "pack")
    (pack.parent / "My refs.bib").write_text(REFERENCES, encoding="utf-8")
    prepared = prepare(Pack.open(pack), "bibtex", [pack.parent / "My refs.bib"], NOON, "Ada")
    assert [entry.iri.rpartition("/")[2] for entry in prepared.plan.added] == [
        "muller-2024-proving",
        "muller-2024-proving-b",
        "muller-2024-proving-c",
        "anon-undated-untitled",
        "anon-2026-happens",
    ]
    assert [(broken.place.line, broken.problem.split(" ")[0]) for broken in prepared.plan.broken] == [
        (12, "the"),
        (13, "llmkg:year"),
        (14, "rdfs:label"),
    ]
    prepared.changes.write()
    return pack


def block(pack: Path, name: str, thing: str) -> str:
    text = (pack / name).read_text(encoding="utf-8")
    start = text.index(f"\n{thing}\n") + 1
    return text[start : text.index("    .\n", start)]


def test_a_new_paper_is_written_with_its_provenance(imported: Path) -> None:
    assert block(imported, "data/papers/2024.ttl", "paper:muller-2024-proving") == (
        "paper:muller-2024-proving\n"
        "    a llmkg:Paper ;\n"
        '    rdfs:label "On Proving Llamas: a Study"@en ;\n'
        '    llmkg:authorList "Ada Müller; Ben van den Berg" ;\n'
        '    llmkg:doi "10.5555/new" ;\n'
        "    llmkg:hasMoreAuthors true ;\n"
        "    llmkg:importedIn import:2026-11-30-my-refs ;\n"
        '    llmkg:url "https://example.org/a_b"^^xsd:anyURI ;\n'
        '    llmkg:venue "Journal of Examples, 3:1–9" ;\n'
        "    llmkg:year 2024 ;\n"
    )
    assert block(imported, "data/imports.ttl", "import:2026-11-30-my-refs") == (
        "import:2026-11-30-my-refs\n"
        "    a llmkg:Import ;\n"
        '    rdfs:label "Import of My refs.bib on 2026-11-30"@en ;\n'
        '    rdfs:label "2026-11-30 导入 My refs.bib"@zh ;\n'
        '    llmkg:importAgent "Ada" ;\n'
        '    llmkg:importDate "2026-11-30T12:00:00Z"^^xsd:dateTime ;\n'
        '    llmkg:importedFile "My refs.bib" ;\n'
    )


def test_a_known_paper_gains_facts_in_its_own_block_and_one_that_gains_its_year_moves(imported: Path) -> None:
    before = block(ROOT, "data/papers/2023.ttl", "paper:abbas-2023-semdedup").splitlines()
    after = block(imported, "data/papers/2023.ttl", "paper:abbas-2023-semdedup").splitlines()
    assert [line for line in after if line not in before] == [
        '    llmkg:doi "10.5555/known" ;',
        "    llmkg:importedIn import:2026-11-30-my-refs ;",
    ]
    assert set(before) <= set(after)
    moved = block(imported, "data/papers/2023.ttl", "paper:anon-undated-open")
    old = block(ROOT, "data/papers/undated.ttl", "paper:anon-undated-open")
    assert set(old.splitlines()) <= set(moved.splitlines())
    assert "llmkg:year 2023 ;" in moved
    assert "paper:anon-undated-open\n" not in (imported / "data/papers/undated.ttl").read_text(encoding="utf-8")
    assert "大语言模型的例子" in block(imported, "data/papers/undated.ttl", "paper:anon-undated-untitled")


def test_what_came_in_passes_validation_and_is_sorted(imported: Path) -> None:
    report = check_pack(Pack.open(imported))
    assert report.complete
    found = {(f.severity, f.rule, f.focus) for f in report.findings}
    new = (
        "muller-2024-proving",
        "muller-2024-proving-b",
        "muller-2024-proving-c",
        "anon-undated-untitled",
        "anon-2026-happens",
    )
    assert found == {("info", "quality/paper-not-cited", f"paper:{name}") for name in new}
    assert changed_catalogs(Pack.open(imported)) == {}


def test_the_graph_tells_which_file_what_came_from_when_and_by_whom(imported: Path) -> None:
    store = Store()
    for name in ("data/imports.ttl", "data/papers/2023.ttl", "data/papers/2024.ttl", "data/papers/2026.ttl"):
        store.bulk_extend(
            Quad(q.subject, q.predicate, q.object) for q in parse(path=imported / name, format=RdfFormat.TURTLE)
        )
    rows = [[term.value.rpartition("/")[2] for term in row] for row in store.query(QUESTION)]
    assert [row[0] for row in rows] == [
        "abbas-2023-semdedup",
        "anon-2026-happens",
        "anon-undated-open",
        "muller-2024-proving",
        "muller-2024-proving-b",
        "muller-2024-proving-c",
    ]
    assert {tuple(row[1:]) for row in rows} == {("My refs.bib", "2026-11-30T12:00:00Z", "Ada")}


def test_importing_the_same_again_changes_nothing(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files_of(imported)
    good = imported.parent / "good.bib"
    good.write_text("\n@misc{future".join(REFERENCES.split("\n@misc{future")[:1]), encoding="utf-8")
    code = main(["import", "bibtex", str(good), "--write", "--graph", str(imported), "--agent", "Ben"])
    out = capsys.readouterr()
    assert (code, out.out) == (0, "")
    assert out.err == "llmkg: 0 added, 0 merged, 7 unchanged, 0 conflicts, 0 broken. Nothing to write.\n"
    assert files_of(imported) == before


def test_the_header_of_a_new_file_is_that_of_the_shipped_ones(tmp_path: Path) -> None:
    pack = copy_of_the_pack(tmp_path)
    names = [year_file(2012), year_file(None)]
    shipped = {name: (pack / name).read_text(encoding="utf-8") for name in names}
    for name in names:
        (pack / name).unlink()
    graph = (pack / "data/graph.ttl").read_text(encoding="utf-8")
    without = "".join(
        line for line in graph.splitlines(keepends=True) if "papers/2012" not in line and "undated" not in line
    )
    (pack / "data/graph.ttl").write_text(without, encoding="utf-8")
    changes = Changes(read_holdings(Pack.open(pack)))
    changes.start(names[0], year_titles(2012))
    changes.start(names[1], year_titles(None))
    written = dict(changes.contents())
    assert set(written) == {*names, "data/graph.ttl"}, "the catalogs are as they should be again"
    assert written["data/graph.ttl"].decode() == graph
    for name in names:
        header = shipped[name].split("\n\n")[1]
        assert header in written[name].decode()
        assert format_text(written[name].decode(), name) == written[name].decode()


def test_the_date_of_the_graph_follows_papers_of_a_later_year(tmp_path: Path) -> None:
    pack = copy_of_the_papers(tmp_path / "pack")
    (tmp_path / "new.bib").write_text("@misc{a, title={Next}, year={2027}}", encoding="utf-8")
    later = datetime(2027, 2, 3, tzinfo=UTC)
    contents = dict(prepare(Pack.open(pack), "bibtex", [tmp_path / "new.bib"], later, "Ada").changes.contents())
    assert b'dcterms:modified "2027-02-03T00:00:00Z"^^xsd:dateTime ;' in contents["data/graph.ttl"]
    assert b"2026-11-23T00:00:00Z" in contents["data/graph.ttl"], "when it was created stays"


def test_two_files_are_two_imports_and_a_paper_names_both(tmp_path: Path) -> None:
    pack = copy_of_the_papers(tmp_path / "pack")
    (tmp_path / "a.bib").write_text("@misc{a, title={Of Two Files}, year={2024}}", encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.bib").write_text(
        "@misc{a, title={Of two files}, year={2024}, doi={10.5555/two}}", encoding="utf-8"
    )
    files = [tmp_path / "a.bib", tmp_path / "b" / "a.bib"]
    contents = dict(prepare(Pack.open(pack), "bibtex", files, NOON, "Ada").changes.contents())
    assert (
        b"importedIn import:2026-11-30-a-b ;\n    llmkg:importedIn import:2026-11-30-a ;"
        in contents["data/papers/2024.ttl"]
    )
    assert b'"Import of a.bib on 2026-11-30 (b)"@en' in contents["data/imports.ttl"]


def test_the_same_import_writes_the_same_bytes(tmp_path: Path) -> None:
    pack = copy_of_the_papers(tmp_path / "pack")
    (tmp_path / "refs.bib").write_text(REFERENCES, encoding="utf-8")

    def written() -> dict[str, bytes]:
        return dict(prepare(Pack.open(pack), "bibtex", [tmp_path / "refs.bib"], NOON, "Ada").changes.contents())

    assert written() == written()


def test_a_file_that_has_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    pack = copy_of_the_papers(tmp_path / "pack")
    (tmp_path / "new.bib").write_text("@misc{a, title={Meanwhile}, year={2023}}", encoding="utf-8")
    prepared = prepare(Pack.open(pack), "bibtex", [tmp_path / "new.bib"], NOON, "Ada")
    with (pack / "data/papers/2023.ttl").open("a", encoding="utf-8") as file:
        file.write("\npaper:x a llmkg:Paper .\n")
    before = files_of(pack)
    with pytest.raises(InputError, match=r"data/papers/2023\.ttl: has changed while the import was at work"):
        prepared.changes.write()
    assert files_of(pack) == before


def test_a_comment_in_a_file_is_not_lost(tmp_path: Path) -> None:
    pack = copy_of_the_papers(tmp_path / "pack")
    with (pack / "data/papers/2023.ttl").open("a", encoding="utf-8") as file:
        file.write("\n# mine\n")
    before = files_of(pack)
    (tmp_path / "new.bib").write_text("@misc{a, title={Meanwhile}, year={2023}}", encoding="utf-8")
    with pytest.raises(InputError, match=r"data/papers/2023\.ttl:[0-9]+: a comment would be lost"):
        prepare(Pack.open(pack), "bibtex", [tmp_path / "new.bib"], NOON, "Ada").changes.write()
    assert files_of(pack) == before


def test_a_link_out_of_the_pack_is_not_written_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack, outside = copy_of_the_papers(tmp_path / "pack"), tmp_path / "outside.ttl"
    shutil.move(pack / "data/papers/2023.ttl", outside)
    (pack / "data/papers/2023.ttl").symlink_to(outside)
    before, content = files_of(pack), outside.read_bytes()
    (tmp_path / "new.bib").write_text("@misc{a, title={Meanwhile}, year={2023}}", encoding="utf-8")
    assert main(["import", "bibtex", str(tmp_path / "new.bib"), "--write", "--graph", str(pack)]) == 3
    assert "data/papers/2023.ttl: cannot be written (it is a link to a place outside" in capsys.readouterr().err
    assert (files_of(pack), outside.read_bytes()) == (before, content)


@pytest.mark.parametrize("undone", [True, False])
def test_an_import_that_cannot_be_finished_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, undone: bool
) -> None:
    pack = copy_of_the_papers(tmp_path / "pack")
    (tmp_path / "refs.bib").write_text(REFERENCES, encoding="utf-8")
    before, replaced, real = files_of(pack), [], os.replace

    def replace(source: str, target: str) -> None:
        if target.endswith("undated.ttl") and not (undone and source.endswith(".again")):
            raise OSError(28, "No space left on device", target)
        replaced.append(target)
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    assert main(["import", "bibtex", str(tmp_path / "refs.bib"), "--write", "--graph", str(pack)]) == 3
    assert len(replaced) >= 4, "some files had been put in place"
    message = "Nothing has changed; mend" if undone else "Mend that; the next command puts back what has changed."
    assert f"undated.ttl: cannot be written (No space left on device). {message}" in capsys.readouterr().err
    assert (files_of(pack) == before) is undone
    monkeypatch.undo()
    Pack.open(pack)
    assert files_of(pack) == before


# -- any pack -----------------------------------------------------------------------------------


@pytest.fixture
def library(pack: Path) -> Path:
    """Return the small pack with the claim vocabulary."""
    shutil.copy(ROOT / "ontology/claims.ttl", pack / "ontology/claims.ttl")
    text = (pack / "ontology/claims.ttl").read_text(encoding="utf-8")
    assert "llmkg:Paper\n" in text
    return pack


def test_another_pack_gets_papers_under_its_own_name(library: Path, tmp_path: Path) -> None:
    (tmp_path / "new.json").write_text(
        json.dumps([{"id": "a", "title": "On Cats", "issued": {"date-parts": [[2024]]}}])
    )
    prepared = prepare(Pack.open(library), "csl", [tmp_path / "new.json"], NOON, "Ada")
    assert [entry.iri for entry in prepared.plan.added] == ["https://example.org/zoo/paper/anon-2024-cats"]
    assert sorted(prepared.changes.write()) == [
        "data/catalog-v001.xml",
        "data/imports.ttl",
        "data/papers/2024.ttl",
        "data/papers/catalog-v001.xml",
    ]
    text = (library / "data/papers/2024.ttl").read_text(encoding="utf-8")
    assert (
        '<https://example.org/zoo/data/papers/2024>\n    a owl:Ontology ;\n    rdfs:label "zoo data: Papers of 2024"@en ;'
        in text
    )
    assert "paper:anon-2024-cats\n" in text


def test_papers_are_named_under_the_prefix_that_the_pack_has_for_them(library: Path, tmp_path: Path) -> None:
    works = "@prefix paper: <https://example.org/works/> .\n\n<urn:a> <urn:b> paper:c .\n"
    (library / "data/works.ttl").write_text(works, encoding="utf-8")
    (tmp_path / "new.json").write_text(json.dumps([{"title": "On Cats"}]))
    prepared = prepare(Pack.open(library), "csl", [tmp_path / "new.json"], NOON, "Ada")
    assert [entry.iri for entry in prepared.plan.added] == ["https://example.org/works/anon-undated-cats"]


def test_a_pack_without_the_claim_vocabulary_is_told_so(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.bib").write_text("@misc{a, title={A}}", encoding="utf-8")
    assert main(["import", "bibtex", str(tmp_path / "a.bib"), "--graph", str(pack)]) == 3
    assert (
        "its ontology has no llmkg:Paper. Put the claim vocabulary, claims.ttl, into ontology/."
        in capsys.readouterr().err
    )


def test_the_installed_graph_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("llmkg.pack.is_shipped", lambda _root: True)
    (tmp_path / "a.bib").write_text("@misc{a, title={A}}", encoding="utf-8")
    assert main(["import", "bibtex", str(tmp_path / "a.bib"), "--write"]) == 2
    assert "is not written to. Name a pack of yours with --graph." in capsys.readouterr().err


# -- the command ----------------------------------------------------------------------------------


Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def asked(text: str, *options: str) -> tuple[int, str, str]:
        (tmp_path / "in.bib").write_text(text, encoding="utf-8")
        code = main(["import", "bibtex", str(tmp_path / "in.bib"), "--graph", str(library), *options])
        out = capsys.readouterr()
        return code, out.out.replace(f"{tmp_path}/", ""), out.err

    return asked


TWO = """@misc{a, title={On Cats}, author={Ada Author}, year=2024}
@misc{b, title={On cats}, author={Ada Author and Ben Writer}, year=2024, doi={10.5555/cats}}
@misc{c, title={X
"""


def test_nothing_is_written_without_being_asked(ask: Ask, library: Path) -> None:
    before = files_of(library)
    code, out, err = ask(TWO)
    assert code == 1
    assert out.splitlines()[0].startswith("added: in.bib:1, in.bib:2: paper:author-2024-cats On Cats")
    assert out.splitlines()[1] == (
        'conflict: in.bib:2: paper:author-2024-cats has llmkg:authorList "Ada Author" (in.bib:1), '
        'the file says "Ada Author; Ben Writer". The first stays; change it there if the file is right.'
    )
    assert out.splitlines()[2].startswith("broken: in.bib:3: the entry '@misc{c, title={X' cannot be read: ")
    assert err.endswith(
        "llmkg: 1 added, 0 merged, 0 unchanged, 1 conflict, 1 broken. Nothing is written; --write does.\n"
    )
    assert files_of(library) == before


def test_a_plan_as_json(ask: Ask) -> None:
    code, out, _ = ask(TWO, "--format", "json")
    plan = json.loads(out)
    assert code == 1
    assert plan["added"] == [
        {
            "paper": "https://example.org/zoo/paper/author-2024-cats",
            "file": "data/papers/2024.ttl",
            "places": ["in.bib:1", "in.bib:2"],
            "values": {
                "rdfs:label": "On Cats",
                "llmkg:authorList": "Ada Author",
                "llmkg:year": 2024,
                "llmkg:doi": "10.5555/cats",
            },
        }
    ]
    assert plan["conflicts"] == [
        {
            "paper": "https://example.org/zoo/paper/author-2024-cats",
            "place": "in.bib:2",
            "property": "llmkg:authorList",
            "kept": "Ada Author",
            "kept_place": "in.bib:1",
            "refused": "Ada Author; Ben Writer",
        }
    ]
    assert [(broken["file"], broken["line"]) for broken in plan["broken"]] == [("in.bib", 3)]
    assert (plan["merged"], plan["unchanged"]) == ([], [])


def test_what_is_fine_is_written_beside_what_is_not(ask: Ask, library: Path) -> None:
    code, _, err = ask(TWO, "--write", "--date", "2026-11-30", "--agent", "Ada")
    assert (code, err.endswith(f"4 files written in {library}.\n")) == (1, True)
    store = Store()
    store.bulk_load(path=library / "data/papers/2024.ttl", format=RdfFormat.TURTLE)
    paper = NamedNode("https://example.org/zoo/paper/author-2024-cats")
    doi = NamedNode("https://w3id.org/llmkg/ontology#doi")
    assert [quad.object for quad in store.quads_for_pattern(paper, doi, None)] == [Literal("10.5555/cats")]


@pytest.mark.parametrize(
    "given",
    [
        ("1700000000", [], "2023-11-14T22:13:20Z"),
        ("1700000000", ["--date", "2026-11-30"], "2026-11-30T00:00:00Z"),
        ("", ["--date", "2026-11-30T01:00:00+02:00"], "2026-11-29T23:00:00Z"),
    ],
)
def test_the_date_is_that_which_is_given(
    ask: Ask, library: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, list[str], str]
) -> None:
    epoch, options, date = given
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    ask("@misc{a, title={On Cats}}", "--write", "--agent", "Ada", *options)
    assert f'"{date}"^^xsd:dateTime' in (library / "data/imports.ttl").read_text(encoding="utf-8")


def test_a_date_that_is_none_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask("", "--date", "soon")[::2] == (2, "llmkg: --date soon: no date. Write it as 2026-11-30.\n")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert ask("")[::2] == (2, "llmkg: SOURCE_DATE_EPOCH=soon: not a time. Set it to seconds since 1970.\n")
