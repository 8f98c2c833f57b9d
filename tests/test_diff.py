"""``llmkg diff``: what has changed, in words, with its weight and what follows from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import llmkg
from llmkg.cli import main
from llmkg.difference import RULES, Difference
from llmkg.difference.renames import find_renames
from llmkg.load import read_document
from llmkg.pack import Pack
from llmkg.statements import lines_of

HEAD = """\
@prefix : <https://example.org/zoo#> .
@prefix llmkg: <https://w3id.org/llmkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
ZOO = """\
<https://example.org/zoo> a owl:Ontology ; rdfs:label "zoo"@en .
:Being a owl:Class .
:Animal a owl:Class ; rdfs:label "animal"@en ; rdfs:subClassOf :Being .
:Cat a owl:Class ; rdfs:label "cat"@en ; rdfs:subClassOf :Animal .
:Stone a owl:Class ; owl:disjointWith :Cat .
:eats a owl:ObjectProperty ; rdfs:label "eats"@en ; rdfs:domain :Animal .
:age a owl:DatatypeProperty .
:felix a :Cat ; rdfs:label "Felix"@en ; rdfs:label "菲利克斯"@zh ; :eats :jerry ; :age 3 .
:jerry a :Animal ; rdfs:label "Jerry"@en ; skos:definition "Jerry is a mouse."@en .
:tom a :Animal ; rdfs:label "Tom"@en .
:claim a llmkg:Claim ; llmkg:claimSource :book ; llmkg:claimSubject :felix ; llmkg:claimProperty :eats ;
    llmkg:claimObject :jerry ; llmkg:claimSection :page-3 ; rdfs:label "the book: Felix eats Jerry"@en .
:page-3 rdfs:label "page 3"@en .
:page-4 rdfs:label "page 4"@en .
"""


@pytest.fixture
def files(tmp_path: Path) -> Callable[[str, str], Difference]:
    """Return what compares two texts of Turtle."""

    def compared(old: str, new: str, *, consequences: bool = False) -> Difference:
        for name, text in (("old.ttl", old), ("new.ttl", new)):
            (tmp_path / name).write_text(HEAD + text, encoding="utf-8")
        return llmkg.diff(tmp_path / "old.ttl", tmp_path / "new.ttl", consequences=consequences)

    return compared


def edited(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


# -- the rules of the verdict -----------------------------------------------------------------------

# The rule that is to be found, the old words and the new ones. Where only the old have a line, it is taken away.
GRAPH_CASES = [
    ("term-removed", ':tom a :Animal ; rdfs:label "Tom"@en .\n', ""),
    ("term-renamed", ":tom a", ":thomas a"),
    ("kind-changed", ":jerry a :Animal", ":jerry a :Stone"),
    ("domain-narrowed", "rdfs:domain :Animal", "rdfs:domain :Cat"),
    ("domain-narrowed", ":age a owl:DatatypeProperty", ":age a owl:DatatypeProperty ; rdfs:domain :Cat"),
    ("demand-added", ":eats a owl:ObjectProperty", ":eats a owl:ObjectProperty, owl:FunctionalProperty"),
    ("demand-added", ":tom a", "[] a owl:AllDifferent ; owl:distinctMembers ( :tom :jerry ) .\n:tom a"),
    ("axiom-removed", "; rdfs:subClassOf :Animal", ""),
    ("term-added", ":tom a", ':spike a :Animal ; rdfs:label "Spike"@en .\n:tom a'),
    ("term-deprecated", ":tom a", ":tom owl:deprecated true .\n:tom a"),
    ("claim-removed", ZOO[ZOO.index(":claim a") : ZOO.index(":page-3 rdfs")], ""),
    ("claim-renamed", ":claim a", ":claim-1 a"),
    ("kind-added", ":jerry a :Animal", ":jerry a :Animal, :Being"),
    ("kind-added", ":jerry a :Animal", ":jerry a :Cat"),
    ("domain-widened", "rdfs:domain :Animal", "rdfs:domain :Being"),
    ("domain-widened", " ; rdfs:domain :Animal", ""),
    ("demand-removed", " ; owl:disjointWith :Cat", ""),
    ("axiom-added", ":eats a owl:ObjectProperty", ":eats a owl:ObjectProperty, owl:TransitiveProperty"),
    ("fact-added", ":eats :jerry", ":eats :jerry, :tom"),
    ("fact-removed", " ; :eats :jerry", ""),
    ("value-changed", ":age 3", ":age 4"),
    ("wording", '"Jerry is a mouse."@en', '"Jerry is a small mouse."@en'),
    ("header", 'rdfs:label "zoo"@en', 'rdfs:label "Zoo"@en'),
]
QUERY = """\
#+ title: What an animal eats
#+ question:
#+   en: what does {animal} eat
#+ parameters:
#+ - {name: animal, type: iri, class: ':Animal', required: true, example: Felix}
#+ - {name: size, type: string, enum: [small, large], default: small}
#+ columns:
#+ - {name: food, type: iri}
#+ - {name: note, type: string}
PREFIX : <https://example.org/zoo#>
SELECT ?food ?note
WHERE {
  $animal :eats ?food .
  BIND("x" AS ?note)
  FILTER(COALESCE($size != "none", true))
}
ORDER BY ?food
"""
OPTIONAL = "class: ':Animal', required: true, example: Felix"
QUERY_CASES = [
    ("parameter-removed", "#+ - {name: size, type: string, enum: [small, large], default: small}\n", ""),
    ("parameter-required", "default: small", "required: true, example: small"),
    ("parameter-narrowed", "enum: [small, large], ", "enum: [small], "),
    ("parameter-narrowed", "class: ':Animal'", "class: ':Cat'"),
    ("parameter-narrowed", "type: string, enum: [small, large], default: small", "type: integer"),
    ("column-removed", "#+ - {name: note, type: string}\n", ""),
    ("column-type", "name: note, type: string", "name: note, type: integer"),
    ("query-entailment", "#+ columns", "#+ entailment: asserted\n#+ columns"),
    ("query-answers", '"x"', '"y"'),
    ("parameter-added", "#+ columns", "#+ - {name: more, type: string}\n#+ columns"),
    ("parameter-widened", "enum: [small, large], default", "enum: [small, large, huge], default"),
    ("parameter-default", "default: small", "default: large"),
    ("column-added", "#+ columns:\n", "#+ columns:\n#+ - {name: other, type: iri}\n"),
    (
        "column-order",
        "#+ - {name: food, type: iri}\n#+ - {name: note, type: string}\n",
        "#+ - {name: note, type: string}\n#+ - {name: food, type: iri}\n",
    ),
    ("query-text", "WHERE {", "WHERE {  # all of it"),
    ("query-wording", "what does {animal} eat", "what is eaten by {animal}"),
]


@pytest.mark.parametrize(("rule", "old", "new"), GRAPH_CASES)
def test_each_change_of_the_graph_has_its_rule(
    files: Callable[[str, str], Difference], rule: str, old: str, new: str
) -> None:
    found = files(ZOO, edited(ZOO, old, new)).verdict
    assert rule in [reason.rule for reason in found.reasons]
    assert found.level == RULES[rule][0]


@pytest.mark.parametrize(("rule", "old", "new"), QUERY_CASES)
def test_each_change_of_a_query_has_its_rule(pack: Path, rule: str, old: str, new: str) -> None:
    copy = pack.parent / "copy"
    (pack / "queries" / "food.rq").write_text(QUERY, encoding="utf-8")
    shutil.copytree(pack, copy)
    text = edited(QUERY, old, new)
    if rule == "parameter-removed":
        text = edited(text, '  FILTER(COALESCE($size != "none", true))\n', "")
    if rule == "parameter-added":
        text = edited(text, "$size !=", "CONCAT($size, $more) !=")
    if rule in ("column-removed", "column-added", "column-order"):  # the header follows the text
        projection = {"column-removed": "?food", "column-added": "?other ?food ?note", "column-order": "?note ?food"}
        text = text.replace("SELECT ?food ?note", f"SELECT {projection[rule]}")
    (copy / "queries" / "food.rq").write_text(text, encoding="utf-8")
    found = llmkg.diff(pack, copy)
    (query,) = found.queries or ()
    rules = [reason.rule for reason in found.verdict.reasons]
    assert rule in rules
    assert query.name == "food"
    if rule in ("query-text", "query-wording"):
        assert rules == [rule]


def test_a_query_that_comes_or_goes_and_a_shape_have_their_rules(pack: Path) -> None:
    copy = pack.parent / "copy"
    shutil.copytree(pack, copy)
    shutil.copy(copy / "queries" / "food.rq", copy / "queries" / "meals.rq")
    (copy / "ontology" / "shapes").mkdir()
    shape = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:shape> a sh:NodeShape ; sh:closed true .\n"
    (copy / "ontology" / "shapes" / "zoo.ttl").write_text(shape, encoding="utf-8")
    rules = {reason.rule: reason for reason in llmkg.diff(pack, copy).verdict.reasons}
    assert set(rules) == {"query-added", "shape-changed"}
    assert rules["shape-changed"].about == ("urn:shape",)
    back = {reason.rule: reason for reason in llmkg.diff(copy, pack).verdict.reasons}
    assert back["query-removed"].about == ("meals",)


def test_a_new_contradiction_is_major(files: Callable[..., Difference]) -> None:
    new = edited(ZOO, ":felix a :Cat", ":felix a :Cat, :Stone")
    found = files(ZOO, new, consequences=True)
    assert found.verdict.level == "major"
    assert [reason.rule for reason in found.verdict.reasons] == ["contradiction-added", "kind-added"]
    assert found.inferences is not None
    (clash,) = found.inferences.contradictions_gained
    assert "cax-dw" in clash
    assert "zoo#felix" in clash
    assert "contradictions: 1 new, 0 gone" in found.to_text()
    back = files(new, ZOO, consequences=True)
    assert back.inferences is not None
    assert back.inferences.contradictions_lost == (clash,)


def test_every_rule_has_a_case_and_stands_in_the_documentation() -> None:
    elsewhere = {"query-added", "query-removed", "shape-changed", "contradiction-added"}
    assert {case[0] for case in (*GRAPH_CASES, *QUERY_CASES)} | elsewhere == set(RULES)
    assert len(GRAPH_CASES) + len(QUERY_CASES) == 39
    text = (Path(__file__).parent.parent / "docs" / "diff.md").read_text(encoding="utf-8")
    told = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `") and line.count("|") == 4]
    documented = {
        rule.strip(" `"): level.strip() for rule, level in told if level.strip() in ("major", "minor", "patch")
    }
    assert documented == {rule: level for rule, (level, _, _) in RULES.items()}


# -- in words ---------------------------------------------------------------------------------------


def test_changes_are_told_in_words(files: Callable[..., Difference]) -> None:
    new = edited(ZOO, 'rdfs:label "Tom"@en', 'rdfs:label "Tom"@en ; rdfs:label "汤姆"@zh')
    new = edited(new, "claimSection :page-3", "claimSection :page-4")
    new = edited(new, ":eats :jerry ;", ":eats :tom ;")
    new = edited(new, ":jerry a :Animal", ":jerry owl:deprecated true ; dcterms:isReplacedBy :tom .\n:jerry a :Animal")
    text = files(ZOO, new).to_text()
    for line in (
        "  ~ Tom (:tom)",
        "      new label (zh): “汤姆”",
        "      is now deprecated",
        "      is replaced by Tom (:tom)",
        "llmkg:Claim (1)",
        "Verdict: minor",
    ):
        assert line in text.splitlines()
    joined = " ".join(text.split())
    assert "now rests on page 4 (:page-4), no longer on page 3" in joined
    assert "eats: Jerry (:jerry) → Tom (:tom)" in joined
    assert max(map(len, text.splitlines())) <= 80


def test_the_words_are_there_in_chinese_too(files: Callable[..., Difference]) -> None:
    new = edited(ZOO, "claimSection :page-3", "claimSection :page-4")
    new = edited(new, ':tom a :Animal ; rdfs:label "Tom"@en .\n', "")
    text = files(ZOO, edited(new, '"菲利克斯"@zh', '"菲力"@zh')).to_text("zh")
    joined = "".join(text.split())
    assert "label（zh）：“菲利克斯”→“菲力”" in joined
    assert "现依据page4" in joined
    assert "结论：主版本（major）" in joined
    assert "主版本（major）:术语被删除(1)" in joined


def test_a_long_text_shows_what_differs_in_it(files: Callable[..., Difference]) -> None:
    long = "Jerry is a mouse that lives in the house and eats cheese whenever the cat is not looking at all, all day."
    old = edited(ZOO, "Jerry is a mouse.", long)
    text = files(old, edited(old, "eats cheese", "eats bread")).to_text()
    assert "… the house and eats cheese whenever the cat …" in " ".join(text.split())
    assert "… the house and eats bread whenever the cat …" in " ".join(text.split())


def test_an_anonymous_class_is_one_value_and_others_beside_it_are_no_difference(
    files: Callable[..., Difference],
) -> None:
    restriction = "[ a owl:Restriction ; owl:onProperty :eats ; owl:someValuesFrom {} ]"
    old = edited(
        ZOO,
        ":Cat a owl:Class",
        f":Cat rdfs:subClassOf {restriction.format(':Being')}, {restriction.format(':Animal')} .\n:Cat a owl:Class",
    )
    new = edited(
        ZOO,
        ":Cat a owl:Class",
        f":Cat rdfs:subClassOf {restriction.format(':Animal')}, {restriction.format(':Stone')} .\n:Cat a owl:Class",
    )
    (thing,) = files(old, new).things
    (change,) = thing.changes
    assert (len(change.removed), len(change.added)) == (1, 1)
    assert change.added[0].startswith("[ a owl:Restriction ;")
    assert "owl:someValuesFrom <https://example.org/zoo#Stone>" in change.added[0] or ":Stone" in change.added[0]
    assert not files(old, edited(old, "_:x", "_:y") if "_:x" in old else old)


def test_what_has_no_name_is_told_apart(files: Callable[..., Difference]) -> None:
    new = ZOO + "[] a owl:AllDisjointClasses ; owl:members ( :Cat :Stone :Being ) .\n"
    (thing,) = files(ZOO, new).things
    assert thing.iri == ""
    assert "axioms without a name (1)" in files(ZOO, new).to_text()
    assert "new axiom: [] a owl:AllDisjointClasses" in " ".join(files(ZOO, new).to_text().split())


# -- renamings --------------------------------------------------------------------------------------


def test_a_thing_with_a_new_iri_is_renamed_and_what_points_there_has_not_changed(
    files: Callable[..., Difference],
) -> None:
    # Others say much of the same, so that it makes no claim what it is.
    said = "a llmkg:Claim ; llmkg:claimSource :book ; llmkg:claimProperty :eats ; llmkg:claimSubject"
    others = "".join(
        f":c{n}0 {said} :felix ; llmkg:claimObject :food{n} .\n:c{n}1 {said} :cat{n} ; llmkg:claimObject :jerry .\n"
        for n in range(5)
    )
    old = ZOO + others
    new = old.replace(":felix", ":felix-the-cat").replace('"Felix"@en', '"Felix the cat"@en')
    # Of the claim nothing stays but what it says.
    new = (
        new.replace(":claim a", ":c2 a")
        .replace('"the book: ', '"The Book: ')
        .replace("claimSection :page-3", "claimSection :page-4")
    )
    found = files(old, new)
    zoo = "https://example.org/zoo#"
    assert dict(found.renames) == {f"{zoo}felix": f"{zoo}felix-the-cat", f"{zoo}claim": f"{zoo}c2"}
    assert {(thing.iri, thing.status) for thing in found.things} == {
        (f"{zoo}felix-the-cat", "renamed"),
        (f"{zoo}c2", "renamed"),
    }
    assert "was :felix" in " ".join(found.to_text().split())
    back = files(new, old)
    assert dict(back.renames) == {new_name: old_name for old_name, new_name in found.renames.items()}


def test_a_name_that_says_what_replaces_it_is_renamed_though_nothing_else_stayed(
    files: Callable[..., Difference],
) -> None:
    new = edited(ZOO, ':tom a :Animal ; rdfs:label "Tom"@en .', ':thomas a :Animal ; rdfs:label "Thomas"@en .')
    assert files(ZOO, new).renames == {}
    found = files(ZOO, new + ":tom owl:deprecated true ; dcterms:isReplacedBy :thomas .\n")
    zoo = "https://example.org/zoo#"
    assert found.renames == {f"{zoo}tom": f"{zoo}thomas"}
    assert {thing.iri: thing.status for thing in found.things} == {f"{zoo}tom": "retired", f"{zoo}thomas": "renamed"}


def test_two_things_that_are_alike_are_not_guessed_at(files: Callable[..., Difference]) -> None:
    one = ':tom a :Animal ; rdfs:label "Tom"@en .\n'
    new = edited(ZOO, one, one.replace(":tom", ":tom-1") + one.replace(":tom", ":tom-2"))
    assert files(ZOO, new).renames == {}


def test_a_year_and_a_class_do_not_make_two_things_one(files: Callable[..., Difference]) -> None:
    kept = "".join(f":d{n} a :Dataset ; :year 2023 .\n" for n in range(5))
    found = files(
        f'{kept}:old a :Dataset ; :year 2023 ; rdfs:label "A"@en .',
        f'{kept}:new a :Dataset ; :year 2023 ; rdfs:label "B"@en .',
    )
    assert found.renames == {}
    assert [thing.status for thing in found.things] == ["added", "removed"]


def test_a_new_namespace_renames_everything() -> None:
    ontology = Pack.open(Path(__file__).parent.parent).ontology
    lines = [line for path in ontology for line in lines_of(read_document(Path(path)).triples) if b"_:" not in line]
    new = [line.replace(b"w3id.org/llmkg/ontology#", b"example.org/model#") for line in lines]
    found = find_renames(lines, new)
    terms = {line.split(b" ")[0] for line in lines if b"w3id.org/llmkg/ontology#" in line.split(b" ")[0]}
    assert len(terms) > 50
    assert len(terms & found.keys()) > 0.9 * len(terms)
    assert all(
        new_name == old.replace(b"w3id.org/llmkg/ontology#", b"example.org/model#") for old, new_name in found.items()
    )


# -- consequences -----------------------------------------------------------------------------------


def test_what_follows_is_told_apart_from_what_is_stated(files: Callable[..., Difference]) -> None:
    new = edited(ZOO, '"cat"@en ; rdfs:subClassOf :Animal .', '"cat"@en ; rdfs:subClassOf :Stone .')
    found = files(edited(ZOO, ":eats :jerry ; ", ""), edited(new, ":eats :jerry ; ", ""), consequences=True)
    assert found.inferences is not None

    def told(lines: tuple[bytes, ...]) -> set[str]:
        return {
            line.decode().replace("https://example.org/zoo#", ":").rpartition("type> ")[2]
            for line in lines
            if b"felix" in line
        }

    assert told(found.inferences.gained) == {"<:Stone>"}
    assert told(found.inferences.lost) == {"<:Animal>", "<:Being>"}
    assert "inferred facts: 1 gained, 3 lost" in found.to_text()
    stated = files(ZOO, ZOO + ":felix a :Animal .", consequences=True)
    assert stated.inferences is not None
    assert stated.inferences.gained == stated.inferences.lost == ()
    back = files(ZOO + ":felix a :Animal .", ZOO, consequences=True)
    assert back.inferences is not None
    assert back.inferences.gained == back.inferences.lost == ()


def test_answers_that_change_are_told_with_their_rows(pack: Path) -> None:
    copy = pack.parent / "copy"
    shutil.copytree(pack, copy)
    data = copy / "data" / "animals.ttl"
    text = data.read_text(encoding="utf-8").replace("    :eats :jerry ;\n", "    :eats :jerry-the-second ;\n")
    data.write_text(
        text.replace(":jerry\n    a :Animal ;", ":jerry\n    a :Animal ;\n    :eats :felix ;"), encoding="utf-8"
    )
    found = llmkg.diff(pack, copy)
    assert found.answers is not None
    told = {dict(answer.values)["animal"].rpartition("#")[2]: answer for answer in found.answers.changed}
    assert set(told) == {"Felix", "felix", "jerry"}
    assert [row[0].rpartition("#")[2] for row in told["felix"].gained] == ["jerry-the-second>"]
    assert [row[0].rpartition("#")[2] for row in told["felix"].lost] == ["jerry>"]
    assert found.answers.asked == 4
    assert llmkg.diff(pack, copy, consequences=False).answers is None


def test_a_renamed_thing_changes_no_answer(pack: Path) -> None:
    copy = pack.parent / "copy"
    shutil.copytree(pack, copy)
    data = copy / "data" / "animals.ttl"
    text = data.read_text(encoding="utf-8").replace("    :eats :jerry ;\n", "    :eats :jerry ;\n    :eats :felix ;\n")
    (pack / "data" / "animals.ttl").write_text(text, encoding="utf-8")
    data.write_text(text.replace(":felix", ":felix-1"), encoding="utf-8")
    found = llmkg.diff(pack, copy)
    assert list(found.renames) == ["https://example.org/zoo#felix"]
    assert found.answers is not None
    assert found.answers.changed == ()
    assert found.answers.asked == 2
    assert found.inferences is not None
    assert found.inferences.gained == found.inferences.lost == ()


def test_an_old_name_that_is_kept_as_retired_is_no_news_to_those_who_ask(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = pack / "queries" / "food.rq"
    query.write_text(query.read_text(encoding="utf-8").replace("example: Felix", "example: ':felix'"), encoding="utf-8")
    copy = pack.parent / "copy"
    shutil.copytree(pack, copy)
    data = copy / "data" / "animals.ttl"
    text = data.read_text(encoding="utf-8").replace(":felix", ":felix-1")
    stub = "<https://example.org/zoo#felix> <http://www.w3.org/2002/07/owl#deprecated> true ;\n"
    stub += "    <http://purl.org/dc/terms/isReplacedBy> :felix-1 .\n"
    data.write_text(text + stub, encoding="utf-8")
    code, out, err = run(capsys, str(pack), str(copy))
    assert (code, err) == (1, "")
    assert "  ! Felix (:felix)" in out.splitlines()
    assert "answer otherwise" not in out


def test_the_things_that_are_asked_about_are_bounded(pack: Path) -> None:
    copy = pack.parent / "copy"
    shutil.copytree(pack, copy)
    for folder, food in ((pack, "a"), (copy, "b")):
        lines = [f"<urn:{n}> a :Animal ; :eats <urn:{food}> ." for n in range(30)]
        text = "@prefix : <https://example.org/zoo#> .\n" + "\n".join(lines)
        (folder / "data" / "more.ttl").write_text(text, encoding="utf-8")
    found = llmkg.diff(pack, copy).answers
    assert found is not None
    assert len(found.changed) == 12
    assert found.left_out == 18


# -- files, packs, releases, revisions ----------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, "-C", str(folder), *arguments], check=True, capture_output=True, env=environment)


@pytest.fixture
def history(pack: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the small pack in a folder of a git repository, with a tag before and a change after it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    git(pack.parent, "init", "-q")
    git(pack.parent, "add", ".")
    git(pack.parent, "commit", "-qm", "one")
    git(pack.parent, "tag", "v1")
    data = pack / "data" / "animals.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace('"Felix"@en', '"Felix the cat"@en'), encoding="utf-8")
    return pack


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["diff", *arguments, "--no-cache"])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_revision_is_compared_with_the_pack_as_it_is_now(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "v1", "--graph", str(history))
    assert (code, err) == (1, "")
    assert "label (en): “Felix” → “Felix the cat”" in out
    assert "Verdict: patch" in out
    git(history, "commit", "-qam", "two")
    code, out, _ = run(capsys, "HEAD~1", "HEAD", "--graph", str(history), "--no-consequences")
    assert "“Felix” → “Felix the cat”" in out
    code, out, err = run(capsys, "HEAD", "--graph", str(history))
    assert (code, out.splitlines()[-1], err) == (0, "Nothing differs.", "")


def test_a_file_of_a_revision_is_compared_with_a_file(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "v1:data/animals.ttl", str(history / "data" / "animals.ttl"), "--graph", str(history))
    assert code == 1
    assert "“Felix” → “Felix the cat”" in out
    assert "Not both sides are packs" in " ".join(out.split())


def test_a_revision_touches_nothing(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in history.parent.rglob("*") if ".git" not in path.parts}
    run(capsys, "v1", "--graph", str(history))
    after = {path: path.stat().st_mtime_ns for path in history.parent.rglob("*") if ".git" not in path.parts}
    assert before == after


def test_a_folder_of_files_is_one_graph_and_relative_iris_hang_on_no_place(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "a.ttl").write_text("<#a> <urn:p> [ <urn:q> 1 ] .", encoding="utf-8")
        (tmp_path / name / "deep" / "b.nt").write_text("<urn:b> <urn:p> _:x .\n", encoding="utf-8")
    assert not llmkg.diff(tmp_path / "one", tmp_path / "two")
    (tmp_path / "two" / "deep" / "b.nt").write_text("<urn:b> <urn:p> _:y .\n<urn:b> <urn:p> _:z .\n", encoding="utf-8")
    assert llmkg.diff(tmp_path / "one", tmp_path / "two").triples.added_count == 1
    shutil.copy(tmp_path / "one" / "a.ttl", tmp_path / "other-name.ttl")
    assert not llmkg.diff(tmp_path / "one" / "a.ttl", tmp_path / "other-name.ttl")


BAD = {
    "nothing": ([""], 2, "the name of what is to be compared is empty."),
    "no revision": (["nonsense"], 2, "nonsense: no such file, and no revision that git knows in"),
    "an option for a revision": (["--", "-x", "HEAD"], 2, "-x: no such file, and no revision that git knows in"),
    "no such part": (["HEAD:data/none.ttl"], 2, "HEAD:data/none.ttl: that revision has no such file in its pack."),
    "out of the pack": (["HEAD:..", "HEAD"], 2, "HEAD:..: that revision has no such file in its pack."),
    "no RDF": (["notes.xyz", "HEAD"], 3, "notes.xyz: unknown extension."),
    "a broken file": (["broken.ttl", "HEAD"], 3, "broken.ttl:1:"),
    "an empty folder": (["empty", "HEAD"], 3, "empty: holds no RDF file."),
    "a file without rights or sense": (["nul\0name", "HEAD"], 3, "git cannot be run (embedded null byte)"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_in_one_line(
    history: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    arguments, code, message = BAD[case]
    (history / "notes.xyz").write_text("no graph", encoding="utf-8")
    (history / "broken.ttl").write_text("<a> <b", encoding="utf-8")
    (history / "empty").mkdir()
    monkeypatch.chdir(history)
    split = arguments.index("--") if "--" in arguments else 0
    found = main(["diff", "--graph", str(history), "--no-cache", *arguments[split:]])
    told = capsys.readouterr()
    assert (found, told.out, told.err.count("\n")) == (code, "", 1)
    assert message in told.err


def test_where_git_is_missing_or_there_is_no_repository_a_line_says_so(
    pack: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(pack.parent.parent))
    code, _, err = run(capsys, "v1", "--graph", str(pack))
    assert code == 2
    assert "is in no git repository. Give a file or a folder" in err
    monkeypatch.setenv("PATH", "")
    code, _, err = run(capsys, "v1", "--graph", str(pack))
    assert code == 3
    assert "git cannot be run (No such file or directory). Install git, or give two files or folders." in err


def test_a_revision_without_a_pack_is_told(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(pack, "init", "-q")
    git(pack, "commit", "-qm", "nothing yet", "--allow-empty")
    code, _, err = run(capsys, "HEAD", "--graph", str(pack))
    assert code == 3
    assert "HEAD: has no pack in it" in err


# -- formats ----------------------------------------------------------------------------------------


def test_markdown_begins_with_the_verdict_and_escapes(files: Callable[..., Difference]) -> None:
    text = files(ZOO, edited(ZOO, '"Tom"@en', '"<b>*Tom*"@en')).to_markdown()
    lines = text.splitlines()
    assert lines[0].startswith("## ")
    assert lines[2] == "### Verdict: patch"
    assert "- **changed** \\<b\\>\\*Tom\\* (:tom)" in lines
    assert "  - label (en): “Tom” → “\\<b\\>\\*Tom\\*”" in lines


def test_json_has_what_the_documentation_says(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "v1", "--graph", str(history), "--format", "json")
    assert code == 1
    value = json.loads(out)
    documentation = (Path(__file__).parent.parent / "docs" / "diff.md").read_text(encoding="utf-8")
    assert all(f"| `{key}` |" in documentation for key in value)
    (thing,) = value["things"]
    assert thing["iri"] == "https://example.org/zoo#felix"
    assert thing["changes"][0]["added"] == ['"Felix the cat"@en']
    assert value["verdict"] == "patch"
    assert value["equal"] is False


def test_the_update_goes_to_a_file_whole(history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "update.ru"
    code, out, _ = run(capsys, "v1", "--graph", str(history), "--format", "sparql", "-o", str(target))
    assert (code, out) == (1, "")
    printed = run(capsys, "v1", "--graph", str(history), "--format", "sparql")[1]
    assert target.read_text(encoding="utf-8") == printed
    assert printed.startswith("# llmkg diff: from v1 to ")
    assert "DELETE DATA {\n  <https://example.org/zoo#felix>" in printed


def test_long_lists_are_cut_unless_all_is_wanted(files: Callable[..., Difference]) -> None:
    new = ZOO + "".join(f':x{n} a :Stone ; rdfs:label "{n}"@en .\n' for n in range(60))
    found = files(ZOO, new)
    assert "and 20 more" in found.to_text()
    assert "and 20 more" not in found.to_text(whole=True)
    assert found.to_text(whole=True).count("\n  + ") == 60
