"""Renaming a term: every file of the pack takes the new name, and a retired stub keeps the old one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from llmkg import KnowledgeGraph
from llmkg.cli import main
from llmkg.fmt import format_text
from llmkg.lexicon import is_retired
from llmkg.pack import Pack
from llmkg.rename import migration, renamed_files

ROOT = Path(__file__).resolve().parent.parent
ZOO = "https://example.org/zoo#"
HEAD = "@prefix : <https://example.org/zoo#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
MORE = """\
:felix rdfs:comment "not :felix, and not <https://example.org/zoo#felix> either" , "7"^^:felix ; :knows [ :likes :felix ] .
:tom a :Cat ; rdfs:label "Tom"@en ; :eats :felix ; rdfs:seeAlso <https://example.org/zoo#felix-the-cat> .
"""
QUERY = """\
#+ title: What Felix eats
#+ question:
#+   en: what does {animal} eat
#+ parameters:
#+ - name: animal
#+   type: iri
#+   class: :Cat
#+   default: ':felix'
#+   example: https://example.org/zoo#felix
#+ columns:
#+ - name: food
#+   type: iri
PREFIX zoo: <https://example.org/zoo#>
SELECT ?food WHERE { $animal zoo:eats ?food. zoo:felix zoo:eats ?food. <https://example.org/zoo#felix> a zoo:Cat. zoo:felix-the-cat a "zoo:felix" }
"""
RULE = """\
#+ title: {en: Hungry animals, zh: 饥饿的动物}
#+ problem: {en: nothing to eat, zh: 没有食物}
#+ solution: {en: Feed it., zh: 请喂它。}
PREFIX : <https://example.org/zoo#>
SELECT ?focus WHERE { ?focus a :Cat }
"""
NEXT = "Run 'llmkg validate', and look for the old name outside of the pack."
PROFILE = "exceptions:\n- rule: hungry\n  focus: :felix\n  reason: It fasts.\n"


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def zoo(pack: Path) -> Path:
    more = {"data/more.ttl": HEAD + MORE, "queries/feed.rq": QUERY, "queries/checks/hungry.rq": RULE}
    for name, text in {**more, "queries/checks/profile.yaml": PROFILE}.items():
        (pack / name).parent.mkdir(exist_ok=True)
        (pack / name).write_text(text, encoding="utf-8")
    for path in pack.rglob("*.ttl"):
        path.write_text(format_text(path.read_text(encoding="utf-8"), path.name), encoding="utf-8")
    return pack


@pytest.fixture
def run(zoo: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> Ran:
        code = main([*arguments, "--graph", str(zoo), "--no-cache"])
        return Ran(code, *capsys.readouterr())

    return ran


def texts(pack: Path) -> dict[str, str]:
    return {path.relative_to(pack).as_posix(): path.read_text("utf-8") for path in pack.rglob("*") if path.is_file()}


def triples(pack: Path) -> set[Triple]:
    paths = [path for path in pack.rglob("*.ttl") if "shapes" not in path.parts]
    return {quad.triple for path in paths for quad in parse(path=str(path), format=RdfFormat.TURTLE)}


def plain(found: set[Triple]) -> set[Triple]:
    """Return the triples without blank nodes, and without the literal of a datatype that is renamed."""
    return {t for t in found if "_:" not in str(t) and not (isinstance(t.object, Literal) and t.object.value == "7")}


# -- what changes -------------------------------------------------------------------------------


def test_every_mention_takes_the_new_name_and_nothing_else_changes(run: Run, zoo: Path) -> None:
    before = texts(zoo)
    ran = run("rename", ":felix", ":garfield")
    after = texts(zoo)
    changed = ["data/animals.ttl", "data/more.ttl", "queries/checks/profile.yaml", "queries/feed.rq"]
    assert (ran.code, ran.err.splitlines()) == (
        0,
        [
            *(f"changed: {name}" for name in (*changed[:2], changed[3], changed[2])),
            f"llmkg: :felix is now :garfield in 4 files, and stays as a retired name. {NEXT}",
        ],
    )
    assert sorted(name for name in before if before[name] != after[name]) == changed
    assert after["queries/feed.rq"] == (
        QUERY.replace("':felix'", "':garfield'")
        .replace("#felix\n", "#garfield\n")
        .replace(". zoo:felix zoo", ". zoo:garfield zoo")
        .replace("#felix>", "#garfield>")
    )
    assert after["queries/checks/profile.yaml"] == PROFILE.replace(":felix", ":garfield")
    more = after["data/more.ttl"]
    assert '"not :felix, and not <https://example.org/zoo#felix> either"' in more
    assert '"7"^^:garfield' in more
    assert ":likes :garfield" in more
    assert ":eats :garfield" in more
    assert "felix-the-cat" in more
    assert "deprecated" not in more  # the stub stands in one file


def test_the_old_name_stays_as_a_stub_in_the_file_that_gave_it_a_type(run: Run, zoo: Path) -> None:
    run("rename", "Felix", f"{ZOO}garfield")
    text = (zoo / "data/animals.ttl").read_text(encoding="utf-8")
    assert (
        ":felix\n    a owl:NamedIndividual ;\n"
        '    rdfs:label "Felix"@en ;\n    rdfs:label "菲利克斯"@zh ;\n'
        "    dcterms:isReplacedBy :garfield ;\n    owl:deprecated true ;\n    .\n"
    ) in text
    assert ":garfield\n    a :Cat ;\n" in text
    assert text == format_text(text, "animals.ttl")


def test_the_old_name_goes_on_working_and_nothing_is_wrong(run: Run) -> None:
    rows = run("query", "food", "animal=Felix", "--format", "csv").out
    run("rename", ":felix", ":garfield")
    assert run("query", "food", "animal=:felix", "--format", "csv") == (
        0,
        rows,
        "llmkg: :felix is retired, Felix (:garfield) is taken.\n",
    )
    assert "unused-exception" not in run("validate").out
    assert run("validate", "--severity", "error", "--rule", "retired-term").code == 0


def test_a_property_and_a_class_stay_what_they_are(run: Run, zoo: Path) -> None:
    run("rename", ":eats", ":devours")
    run("rename", ":Cat", ":Feline")
    text = (zoo / "ontology/zoo.ttl").read_text(encoding="utf-8")
    assert (
        ':eats\n    a owl:ObjectProperty ;\n    rdfs:label "eats"@en ;\n    dcterms:isReplacedBy :devours ;\n' in text
    )
    assert ':Cat\n    a owl:Class ;\n    rdfs:label "cat"@en ;\n    dcterms:isReplacedBy :Feline ;\n' in text
    assert "rdfs:subClassOf" not in text.partition("\n:Cat\n")[2].partition("\n\n")[0]
    assert run("why", ":felix", ":eats", ":jerry").code == 0
    assert "zoo:felix zoo:devours ?food. <https://example.org/zoo#felix> a zoo:Feline." in texts(zoo)["queries/feed.rq"]
    assert "class: :Feline" in texts(zoo)["queries/feed.rq"]


def test_a_second_renaming_leaves_no_chain(run: Run, zoo: Path) -> None:
    run("rename", ":felix", ":garfield")
    run("rename", ":garfield", ":heathcliff")
    assert (zoo / "data/animals.ttl").read_text(encoding="utf-8").count("isReplacedBy :heathcliff") == 2


def test_a_name_without_a_prefix_in_a_query_is_written_as_an_iri(run: Run, zoo: Path) -> None:
    run("rename", ":felix", "https://example.org/cats/garfield")
    query = texts(zoo)["queries/feed.rq"]
    assert ". <https://example.org/cats/garfield> zoo:eats ?food. <https://example.org/cats/garfield> a" in query
    assert "default: 'https://example.org/cats/garfield'" in query


def test_a_file_keeps_its_own_prefixes(run: Run, zoo: Path) -> None:
    path = zoo / "data/more.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("@prefix :", "@prefix mine:").replace(" :", " mine:")
                    .replace("\n:", "\nmine:").replace("^^:", "^^mine:"), encoding="utf-8")  # fmt: skip
    assert run("rename", ":felix", ":garfield").code == 0
    text = path.read_text(encoding="utf-8")
    assert "mine:eats mine:garfield" in text
    assert "@prefix :" not in text


def test_check_tells_and_writes_nothing(run: Run, zoo: Path) -> None:
    before = texts(zoo)
    ran = run("rename", ":felix", ":garfield", "--check")
    assert texts(zoo) == before
    assert ran.code == 0
    assert ran.err.splitlines()[0] == "would change: data/animals.ttl"
    assert "would be :garfield in 4 files" in ran.err


# -- what is refused ----------------------------------------------------------------------------

REFUSED = {
    "unknown": ((":nobody", ":x"), "':nobody': no thing of that name."),
    "taken": ((":felix", ":jerry"), ":jerry is taken. Choose another: no name is used again."),
    "itself": ((":felix", ":felix"), ":felix is taken. Give it another name."),
    "no name": ((":felix", "Garfield"), "'Garfield' is neither a CURIE with a prefix of the pack nor an IRI."),
    "bad CURIE": ((":felix", "zoo:x y"), "'zoo:x y' is neither a CURIE"),
    "ontology": (
        ("https://example.org/zoo", ":x"),
        "https://example.org/zoo is an ontology, whose IRI is its address.",
    ),
    "foreign": (("rdfs:seeAlso", ":x"), "rdfs:seeAlso: no file of the pack says what it is."),
    "declared": ((":likes", ":x"), ":likes is only declared here, and defined elsewhere."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_renamed_is_one_line_and_nothing_is_written(run: Run, zoo: Path, case: str) -> None:
    (old, new), said = REFUSED[case]
    path = zoo / "ontology/zoo.ttl"
    path.write_text(
        path.read_text(encoding="utf-8") + "\n:likes\n    a owl:ObjectProperty ;\n    .\n", encoding="utf-8"
    )
    before = texts(zoo)
    ran = run("rename", old, new)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"llmkg: {said}")
    assert ran.err.count("\n") == 1
    assert texts(zoo) == before


def test_a_retired_name_is_not_renamed_and_not_taken_again(run: Run) -> None:
    run("rename", ":felix", ":garfield")
    assert run("rename", ":felix", ":x").err == "llmkg: :felix is retired already. Rename what replaced it.\n"
    assert ":felix is taken" in run("rename", ":jerry", ":felix").err


def test_a_comment_would_be_lost_and_stops_it(run: Run, zoo: Path) -> None:
    path = zoo / "data/more.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    before = texts(zoo)
    ran = run("rename", ":felix", ":garfield")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("llmkg: data/more.ttl:")
    assert "a comment would be lost" in ran.err
    assert texts(zoo) == before


def test_the_installed_graph_is_not_written_to(run: Run, zoo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = texts(zoo)
    monkeypatch.setattr("llmkg.pack.is_shipped", lambda _root: True)
    ran = run("rename", ":felix", ":garfield")
    assert (ran.code, ran.out) == (2, "")
    assert "the graph that is installed with llmkg is not written to" in ran.err
    assert texts(zoo) == before


@pytest.mark.parametrize("put", [1, 2, 3, 4])
def test_a_file_that_cannot_be_put_in_place_leaves_all_as_they_were(
    run: Run, zoo: Path, put: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, replace, left = texts(zoo), os.replace, [put]

    def full(source: str, target: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(28, "No space left on device", target)
        replace(source, target)

    monkeypatch.setattr("llmkg.journal.os.replace", full)
    ran = run("rename", ":felix", ":garfield")
    assert (ran.code, ran.out) == (3, "")
    assert "cannot be written (No space left on device). Nothing has changed" in ran.err
    assert texts(zoo) == before


# -- laws ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["felix", "Cat", "eats"])
def test_the_facts_are_the_same_under_the_new_name_and_the_printed_update_makes_them(
    run: Run, zoo: Path, name: str
) -> None:
    old, new = NamedNode(ZOO + name), NamedNode(f"{ZOO}renamed")
    before = plain(triples(zoo))
    theirs = Store()
    theirs.extend(Quad(*triple) for triple in before)
    update = run("rename", f":{name}", ":renamed").out
    theirs.update(update)
    after = plain(triples(zoo))
    left = {triple for triple in after if triple.subject == old}
    assert after - left == {Triple(*(new if term == old else term for term in triple)) for triple in before}
    assert after - left == {quad.triple for quad in theirs}
    assert Triple(old, NamedNode("http://purl.org/dc/terms/isReplacedBy"), new) in left
    assert update == migration(old, new)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mitigation:adapters", "mitigation:adapter-modules"),
        ("llmkg:addresses", "llmkg:mitigates"),
        ("llmkg:Mitigation", "llmkg:Remedy"),
        ("section:kaddour-2023-2.8", "section:kaddour-2023-2-8"),
        ("source:kaddour-2023", "source:kaddour-survey"),
        ("constraint:genomic-context-window", "constraint:genome-window"),
        ("paper:gao-2020-pile", "paper:gao-2020-the"),
    ],
)
def test_a_term_of_each_sort_of_the_shipped_graph_is_renamed_without_a_finding(
    tmp_path: Path, old: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, tmp_path / "pack" / part)
    pack = ["--graph", str(tmp_path / "pack"), "--no-cache"]
    assert main(["rename", old, new, *pack]) == 0
    assert main(["validate", *pack]) == 0
    assert capsys.readouterr().err.splitlines()[-1].startswith("llmkg: nothing found in ")
    kg = KnowledgeGraph.open(tmp_path / "pack", cache=False)
    written = kg.lexicon.written(old)
    assert written is not None
    assert is_retired(kg.engine.store, written)
    assert renamed_files(Pack.open(tmp_path / "pack"), kg.prefixes, written, NamedNode("urn:x"))  # its stub names it
