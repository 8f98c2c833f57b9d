"""Retired terms: whoever names one gets what replaced it and is told so, in every command that takes a term."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from llmkg import KnowledgeGraph, RetiredTermWarning, UsageError
from llmkg.cli import main

ZOO = "https://example.org/zoo#"
TAKEN = "llmkg: :garfield is retired, Felix (:felix) is taken.\n"
RETIRED = """
@prefix : <https://example.org/zoo#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

:garfield a owl:NamedIndividual ; rdfs:label "Garfield"@en , "加菲"@zh , "Felix"@en ; skos:altLabel "the Orange One"@en ;
    owl:deprecated true ; dcterms:isReplacedBy :felix .
:heathcliff a owl:NamedIndividual ; rdfs:label "Heathcliff"@en ; owl:deprecated true ; dcterms:isReplacedBy :garfield .
:nemo a owl:NamedIndividual ; rdfs:label "Nemo"@en ; owl:deprecated true .
:mouse a owl:NamedIndividual ; rdfs:label "Mouse"@en ; owl:deprecated true ;
    dcterms:isReplacedBy :jerry , :jerry-the-second .
:ping a owl:NamedIndividual ; rdfs:label "Ping"@en ; owl:deprecated true ; dcterms:isReplacedBy :pong .
:pong a owl:NamedIndividual ; rdfs:label "Pong"@en ; owl:deprecated true ; dcterms:isReplacedBy :ping .
:lost a owl:NamedIndividual ; rdfs:label "Lost"@en ; owl:deprecated true ; dcterms:isReplacedBy :nowhere .
:devours a owl:ObjectProperty , owl:DeprecatedProperty ; rdfs:label "devours"@en ; dcterms:isReplacedBy :eats .
:Kitty a owl:Class ; rdfs:label "kitty"@en ; owl:deprecated true ; dcterms:isReplacedBy :Cat .
"""


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory, new_pack: Callable[[Path], Path]) -> Path:
    pack = new_pack(tmp_path_factory.mktemp("retired"))
    (pack / "data" / "retired.ttl").write_text(RETIRED, encoding="utf-8")
    return pack


@pytest.fixture
def run(zoo: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> Ran:
        code = main([*arguments, "--graph", str(zoo), "--cache", str(zoo.parent / "cache")])
        return Ran(code, *capsys.readouterr())

    return ran


# -- every command that takes a term ------------------------------------------------------------

OLD = [":garfield", f"{ZOO}garfield", f"<{ZOO}garfield>", "Garfield", "garfields", "加菲", "the orange one"]
COMMANDS = {
    "query": ("query", "food", "animal={}"),
    "show": ("show", "{}"),
    "why": ("why", "{}", "eats", ":jerry"),
    "export": ("export", "--thing", "{}"),
}


@pytest.mark.parametrize("old", OLD)
def test_each_name_of_a_retired_term_leads_to_what_replaced_it(run: Run, old: str) -> None:
    assert run("query", "food", f"animal={old}", "--format", "csv") == (
        0,
        "food\r\nhttps://example.org/zoo#jerry\r\n",
        TAKEN,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_takes_a_term_answers_as_for_the_new_one(run: Run, command: str) -> None:
    old, new = (run(*(word.format(name) for word in COMMANDS[command])) for name in (":garfield", ":felix"))
    assert old == (0, new.out, TAKEN)
    assert new.err == ""
    assert ":felix" in new.out or "jerry" in new.out


def test_the_notice_is_in_the_language_of_the_answer(run: Run) -> None:
    assert run("show", "加菲", "--lang", "zh").err == "llmkg: :garfield 已停用，改用 菲利克斯（:felix）。\n"


def test_a_chain_of_replacements_is_followed(run: Run) -> None:
    assert run("query", "food", "animal=Heathcliff").err == "llmkg: :heathcliff is retired, Felix (:felix) is taken.\n"


def test_a_name_of_today_comes_before_a_retired_one(run: Run) -> None:
    assert run("query", "food", "animal=felix").err == ""


def test_retired_classes_and_properties_lead_on(run: Run) -> None:
    assert run("why", "Felix", "devours", ":jerry").err == "llmkg: :devours is retired, eats (:eats) is taken.\n"
    assert run("why", "Felix", ":devours", ":jerry").code == 0
    assert run("search", "felix", "--kind", "kitty").err == "llmkg: :Kitty is retired, cat (:Cat) is taken.\n"
    assert run("export", "--frame", ":Kitty").err == "llmkg: :Kitty is retired, cat (:Cat) is taken.\n"


def test_a_retired_class_in_the_header_of_a_query_leads_on(run: Run, zoo: Path) -> None:
    query = zoo / "queries" / "food.rq"
    text = query.read_text(encoding="utf-8").replace("class: :Animal", "class: :Kitty")
    (zoo / "queries" / "feed.rq").write_text(text, encoding="utf-8")
    ran = run("query", "feed", "animal=Felix")
    (zoo / "queries" / "feed.rq").unlink()
    assert (ran.code, ran.err) == (0, "llmkg: :Kitty is retired, cat (:Cat) is taken.\n")


def test_search_finds_by_a_retired_name_and_says_so(run: Run) -> None:
    ran = run("search", "the orange one")
    assert ran.err == "llmkg: 'the Orange One' is a retired name of :felix.\n"
    assert ":felix" in ran.out
    assert run("search", "加菲", "--lang", "zh").err == "llmkg: “加菲”是 :felix 已停用的名称。\n"
    (hit,) = json.loads(run("search", "garfield", "--format", "json").out)
    assert (hit["curie"], hit["matched"], hit["former"]) == (":felix", "Garfield", True)
    assert not json.loads(run("search", "felix", "--format", "json").out)[0]["former"]


def test_a_question_may_use_a_retired_name(run: Run) -> None:
    ran = run("ask", "what does Garfield eat?")
    assert (ran.code, ran.err.splitlines()[0]) == (0, TAKEN.strip())
    assert "jerry" in ran.out
    assert "retired" not in run("ask", "what does Felix eat?").err


@pytest.mark.parametrize("result_format", ["table", "json"])
def test_a_query_text_is_asked_as_it_stands_and_its_retired_terms_are_told(run: Run, result_format: str) -> None:
    ran = run("sparql", "ASK { :garfield :devours :mouse . :nemo a :Cat }", "--format", result_format)
    assert ran.code == 0
    assert "true" not in ran.out
    assert ran.err.splitlines() == [
        "llmkg: :garfield is retired: write :felix.",
        "llmkg: :devours is retired: write :eats.",
        "llmkg: :mouse is retired: write :jerry or :jerry-the-second.",
        "llmkg: :nemo is retired, and nothing took its place.",
    ]
    assert run("sparql", "ASK { :felix :eats :jerry }").err == ""


# -- where nothing can be taken -----------------------------------------------------------------


def test_what_nothing_replaced_is_shown_itself_and_cannot_be_asked_of(run: Run) -> None:
    ran = run("show", "Nemo")
    assert (ran.code, ran.err) == (0, "llmkg: :nemo is retired, and nothing took its place.\n")
    assert ran.out.startswith("Nemo  (:nemo)")
    assert run("query", "food", "animal=Nemo") == (
        2,
        "",
        "llmkg: 'Nemo' is retired, and nothing took its place. Give the name of an animal.\n",
    )


@pytest.mark.parametrize(("name", "lost"), [("Ping", ":pong"), (":pong", ":ping"), ("Lost", ":nowhere")])
def test_a_circle_and_a_missing_replacement_are_told(run: Run, name: str, lost: str) -> None:
    said = f"llmkg: '{name}' is retired, and what replaced it is retired too, or missing: {lost}."
    assert run("query", "food", f"animal={name}") == (2, "", f"{said} Give the name of an animal.\n")


def test_several_replacements_are_listed(run: Run) -> None:
    ran = run("query", "food", "animal=Mouse")
    assert ran.code == 2
    assert (
        "'Mouse' is retired, and several things took its place: :jerry (animal), :jerry-the-second (animal)." in ran.err
    )


def test_a_replacement_of_another_kind_is_told(run: Run) -> None:
    ran = run("query", "food", "animal=devours")
    assert ran.err == "llmkg: devours (now :eats): this is of kind property, not animal. Give the name of an animal.\n"


# -- in Python ----------------------------------------------------------------------------------


def test_in_python_it_is_a_warning(zoo: Path) -> None:
    kg = KnowledgeGraph.open(zoo, cache=False)
    with pytest.warns(RetiredTermWarning, match=r":garfield is retired, Felix \(:felix\) is taken\."):
        assert kg.query("food", animal="Garfield").to_dicts() == kg.query("food", animal="Felix").to_dicts()
    with pytest.raises(UsageError, match="Nemo"):
        kg.query("food", animal="Nemo")


def test_a_program_may_take_the_notices_itself(zoo: Path) -> None:
    told: list[tuple[str, str | None]] = []
    kg = KnowledgeGraph.open(
        zoo, cache=False, on_retired=lambda *terms: told.append(tuple(t and t.value for t in terms))
    )
    kg.describe("Garfield")
    kg.describe("Nemo")
    assert told == [(f"{ZOO}garfield", f"{ZOO}felix"), (f"{ZOO}nemo", None)]


# -- what still names a retired term ------------------------------------------------------------

SHAPE = """\
@prefix : <https://example.org/zoo#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

:AnimalShape
    a sh:NodeShape ;
    sh:property :AnimalShape-devours ;
    sh:targetClass :Animal ;
    .

:AnimalShape-devours
    a sh:PropertyShape ;
    sh:path :devours ;
    .
"""
HEADED = """\
#+ title: What Garfield eats
#+ parameters:
#+ - name: animal
#+   type: iri
#+   class: :Kitty
#+   example: https://example.org/zoo#heathcliff
PREFIX zoo: <https://example.org/zoo#>
SELECT ?food WHERE { $animal zoo:eats ?food ; <https://example.org/zoo#devours> zoo:nemo. }
"""


def test_shapes_and_queries_that_name_a_retired_term_are_told_with_their_lines(run: Run, zoo: Path) -> None:
    shapes, query = zoo / "ontology/shapes/zoo.ttl", zoo / "queries/headed.rq"
    shapes.parent.mkdir()
    shapes.write_text(SHAPE, encoding="utf-8")
    query.write_text(HEADED, encoding="utf-8")
    ran = run("validate", "--rule", "retired-term", "--format", "json")
    chinese = json.loads(run("validate", "--rule", "retired-term", "--format", "json", "--lang", "zh").out)
    for path in (shapes, query):
        path.unlink()
    shapes.parent.rmdir()
    assert ran.code == 1
    assert [(f["file"], f["line"], f["column"], f["message"], f["remedy"]) for f in json.loads(ran.out)] == [
        ("ontology/shapes/zoo.ttl", 12, 13, ":devours is retired", "Write :eats."),
        ("queries/headed.rq", 5, 13, ":Kitty is retired", "Write :Cat."),
        ("queries/headed.rq", 6, 15, ":heathcliff is retired", "Write :felix."),
        ("queries/headed.rq", 8, 48, ":devours is retired", "Write :eats."),
        ("queries/headed.rq", 8, 81, ":nemo is retired", "Do without it: nothing took its place."),
    ]
    assert (chinese[0]["message"], chinese[0]["remedy"]) == (":devours 已停用", "请改写为 :eats。")
    assert chinese[4]["remedy"] == "请不要使用它：它没有替代项。"


def test_a_query_without_retired_terms_is_no_finding(run: Run) -> None:
    assert json.loads(run("validate", "--rule", "retired-term", "--format", "json").out) == []
