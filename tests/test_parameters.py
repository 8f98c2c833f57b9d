"""What a header may say of parameters and columns, and what a person may give for a parameter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from llmkg import KnowledgeGraph
from llmkg.errors import InputError, UsageError
from llmkg.queryfile import read_query
from llmkg.savedquery import SavedQuery, in_language, query_from_json, query_to_json

ZOO = "https://example.org/zoo#"
FULL = """\
#+ title:
#+   en: Who eats what
#+   zh: 谁吃什么
#+ question:
#+   en: who eats
#+ description: Animals and their food.
#+ tags: food
#+ parameters:
#+ - name: animals
#+   title: {en: eaters, zh: 进食者}
#+   type: iri
#+   class: :Animal
#+   list: true
#+ - name: food
#+   type: iri
#+   enum_of: :eats
#+ - name: order
#+   enum: [up, down]
#+   default: up
#+   description: {en: how rows are ordered, zh: 排序方式}
#+ columns:
#+ - name: animal
#+   type: iri
#+   title: {en: animal, zh: 动物}
#+ - name: order
#+   type: string
PREFIX : <https://example.org/zoo#>
SELECT ?animal (?o AS ?order)
WHERE {
  ?animal :eats ?f .
  FILTER(COALESCE(?animal IN ($animals), true))
  FILTER(?f = COALESCE($food, ?f))
  BIND($order AS ?o)
}
ORDER BY ?animal
"""


def read(tmp_path: Path, text: str) -> SavedQuery:
    path = tmp_path / "q.rq"
    path.write_text(text, encoding="utf-8")
    return read_query(path, "q.rq")


@pytest.fixture
def zoo(pack: Path) -> KnowledgeGraph:
    """Return the small pack with a query that uses everything a header may say."""
    (pack / "queries" / "full.rq").write_text(FULL, encoding="utf-8")
    return KnowledgeGraph.open(pack, cache=False)


def eaters(zoo: KnowledgeGraph, **values: object) -> list[str]:
    rows = zoo.query("full", **values).to_dicts()  # type: ignore[arg-type]
    return [str(row["animal"]).removeprefix(ZOO) for row in rows]


# -- the header -----------------------------------------------------------------------------------


def test_texts_are_by_language_and_a_plain_one_is_english(tmp_path: Path) -> None:
    query = read(tmp_path, FULL)
    assert (in_language(query.title, "zh"), in_language(query.title, "en")) == ("谁吃什么", "Who eats what")
    assert in_language(query.description, "zh") == "Animals and their food."
    assert in_language(query.parameter("animals").title, "zh") == "进食者"
    assert in_language(query.parameter("order").description, "zh") == "排序方式"
    assert in_language(query.columns[0].title, "zh") == "动物"
    assert in_language(query.columns[1].title, "zh") == ""
    assert query.questions("zh") == ("who eats",)


def test_a_header_survives_the_snapshot(tmp_path: Path) -> None:
    query = read(tmp_path, FULL)
    assert query_from_json(json.loads(json.dumps(query_to_json(query)))) == query


def test_the_shipped_headers_survive_the_snapshot(kg: KnowledgeGraph) -> None:
    for query in kg.queries.values():
        assert query_from_json(json.loads(json.dumps(query_to_json(query)))) == query


def changed(old: str, new: str) -> str:
    assert old in FULL
    return FULL.replace(old, new, 1)


BAD = {
    "an unknown key": (changed("#+ tags:", "#+ tag:"), "7: the header has no key 'tag'. Did you mean tags?"),
    "an unknown key of a parameter": (
        changed("enum_of: :eats", "enum-of: :eats"),
        "16: a parameter has no key 'enum-of'. Did you mean enum_of",
    ),
    "an unknown key of a column": (
        changed("#+   type: iri\n#+   title: {en: animal", "#+   type: iri\n#+   titel: {en: animal"),
        "24: a column has no key 'titel'. Did you mean title?",
    ),
    "a key given twice": (changed("#+ tags: food", "#+ title: again"), "7: 'title' is given twice."),
    "a name given twice": (changed("name: food", "name: animals"), "14: 'animals' stands twice among the parameters."),
    "a column given twice": (changed("name: order\n#+   type", "name: animal\n#+   type"), "25: 'animal' stands twice"),
    "another column": (
        changed("- name: animal\n", "- name: animla\n"),
        "22: the columns are animla, order, but the query selects animal, order. Did you mean animal?",
    ),
    "columns in another order": (
        changed("SELECT ?animal (?o AS ?order)", "SELECT (?o AS ?order) ?animal"),
        "22: the columns are animal, order, but the query selects order, animal. List them in that order.",
    ),
    "no columns": (
        FULL[: FULL.index("#+ columns")] + FULL[FULL.index("PREFIX") :],
        "1: the header lacks 'columns'. Describe animal, order under '#+ columns:'.",
    ),
    "a parameter that is not declared": (
        changed("COALESCE($food, ?f)", "COALESCE($foood, ?f)"),
        "9: the parameter foood, used in line 32, is not declared. Did you mean food?",
    ),
    "a parameter that is not used": (
        changed("COALESCE($food, ?f)", "?f"),
        "14: the parameter food is not used. Write $food in the query.",
    ),
    "a list outside of IN": (
        changed("COALESCE(?animal IN ($animals), true)", "?animal = $animals"),
        "9: the parameter animals takes a list, which SPARQL has after IN. Write IN ($animals) in line 31.",
    ),
    "a type that does not exist": (
        changed("#+   type: iri\n#+   class", "#+   type: uri\n#+   class"),
        "11: parameter animals: type 'uri' is unknown. Did you mean iri?",
    ),
    "required with a default": (
        changed("default: up", "default: up\n#+   required: true"),
        "17: the parameter order is required and has a default.",
    ),
    "a default outside of the values": (
        changed("default: up", "default: upp"),
        "19: default: order=upp: not one of up, down. Did you mean up?",
    ),
    "a flag that is neither": (changed("list: true", "list: perhaps"), "13: 'list' is 'perhaps'. Use true or false."),
    "a class of a string": (
        changed("type: iri\n#+   class", "type: string\n#+   class"),
        "9: the parameter animals has a class and is of type string. Write 'type: iri'.",
    ),
    "values of a thing": (
        changed("enum: [up, down]", "enum: [up, down]\n#+   type: iri"),
        "17: the parameter order is an iri and has an enum",
    ),
    "two sorts of values": (
        changed("enum: [up, down]", "enum: [up, down]\n#+   enum_of: :eats"),
        "17: the parameter order has both enum and enum_of.",
    ),
    "a reserved name": (
        changed("name: order\n#+   enum", "name: lang\n#+   enum"),
        "17: the parameter lang cannot be declared: --lang sets it.",
    ),
    "a name with a space": (changed("name: food", "name: the food"), "14: 'the food' is no name of a variable."),
    "no name": (changed("- name: food\n#+   type", "- type"), "14: a parameter has no name."),
    "a list for a text": (
        changed("#+ description: Animals and their food.", "#+ description: [a]"),
        "6: 'description'",
    ),
    "no language": (changed("#+   zh: 谁", "#+   Chinese: 谁"), "3: 'Chinese' is no language."),
    "parameters in one line": (
        FULL[: FULL.index("#+ parameters")] + "#+ parameters: food\n" + FULL[FULL.index("#+ columns") :],
        "8: 'parameters' has the wrong shape.",
    ),
    "a plain question": (changed("#+ question:\n#+   en: who eats", "#+ question: who eats"), "4: 'question' needs a"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_header_is_told_with_its_line(tmp_path: Path, case: str) -> None:
    text, message = BAD[case]
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"q.rq:{message}")


# -- values ---------------------------------------------------------------------------------------


def test_the_default_is_applied(zoo: KnowledgeGraph) -> None:
    assert zoo.query("full").to_dicts() == [{"animal": f"{ZOO}felix", "order": "up"}]
    assert zoo.query("full", order="down").to_dicts() == [{"animal": f"{ZOO}felix", "order": "down"}]


def test_a_list_takes_one_name_several_names_and_several_values(zoo: KnowledgeGraph) -> None:
    query = zoo.saved_query("full")
    felix, jerry = NamedNode(f"{ZOO}felix"), NamedNode(f"{ZOO}jerry")
    for given in ("felix,:jerry", "felix、:jerry", ["felix", ":jerry"], ["felix,:jerry", "felix"], ("菲利克斯", jerry)):
        assert zoo.bind(query, {"animals": given})["animals"] == (felix, jerry), given
    assert f"?animal IN ({felix}, {jerry})" in zoo.bound_text(query, {"animals": "felix,:jerry"})
    assert eaters(zoo, animals=["felix", ":jerry"]) == ["felix"]
    assert eaters(zoo, animals=":jerry") == []
    assert eaters(zoo) == ["felix"]


def test_a_name_with_a_comma_is_one_value(pack: Path) -> None:
    data = pack / "data" / "animals.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace('"Felix"@en', '"Felix, Jr., cat"@en'), encoding="utf-8")
    (pack / "queries" / "full.rq").write_text(FULL, encoding="utf-8")
    zoo = KnowledgeGraph.open(pack, cache=False)
    bound = zoo.bind(zoo.saved_query("full"), {"animals": "Felix, Jr., Cat"})
    assert bound["animals"] == (NamedNode(f"{ZOO}felix"),)


def test_an_empty_list_is_refused(zoo: KnowledgeGraph) -> None:
    for given in (",", []):
        with pytest.raises(UsageError, match=r"^animals: the list is empty\."):
            zoo.query("full", animals=given)


def test_several_values_for_one_are_refused(zoo: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"^the parameter food takes one value, not 2\."):
        zoo.query("full", food=["Jerry", "Felix"])


def test_what_a_property_has_for_values_is_allowed_and_nothing_else(zoo: KnowledgeGraph) -> None:
    query = zoo.saved_query("full")
    allowed = zoo.binder.allowed(query, query.parameter("food"))
    assert allowed == (NamedNode(f"{ZOO}jerry"),)
    assert eaters(zoo, food=":jerry") == ["felix"]
    assert eaters(zoo, food="Jerry") == ["felix"]  # the other Jerry is no food
    for other in (":felix", ":jerry-the-second"):
        with pytest.raises(UsageError, match=rf"^food={other}: no value of :eats in the graph\. Use Jerry\."):
            zoo.query("full", food=other)


def test_the_instances_of_the_class_are_allowed(zoo: KnowledgeGraph) -> None:
    query = zoo.saved_query("full")
    allowed = zoo.binder.allowed(query, query.parameter("animals"))
    assert allowed is not None
    assert [term.value.removeprefix(ZOO) for term in allowed] == ["felix", "jerry", "jerry-the-second"]
    assert zoo.binder.allowed(query, query.parameter("order")) == (Literal("up"), Literal("down"))


def test_a_class_or_a_property_that_the_graph_does_not_know_blames_the_file(pack: Path) -> None:
    (pack / "queries" / "full.rq").write_text(changed("enum_of: :eats", "enum_of: :eatz"), encoding="utf-8")
    zoo = KnowledgeGraph.open(pack, cache=False)
    with pytest.raises(InputError, match=r"^queries/full\.rq: the enum_of of a parameter: ':eatz'"):
        zoo.query("full", food="Jerry")
