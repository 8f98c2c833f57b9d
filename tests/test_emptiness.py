"""An empty answer says what took its last rows away, and what would give some."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Store

from llmkg import KnowledgeGraph, emptiness
from llmkg.cli import main
from llmkg.emptiness import explain_emptiness
from llmkg.querytree import conditions, without

HEADER = """\
#+ title: What an animal eats in a place
#+ question: {en: what}
#+ parameters:
#+ - name: animal
#+   type: iri
#+   class: :Animal
#+   required: true
#+ - name: size
#+   enum: [small, large]
#+ - name: place
#+   type: iri
#+ columns: [{name: food, type: iri}]
PREFIX : <https://example.org/zoo#>
SELECT ?food
WHERE {
  $animal :eats ?food .
  ?food :size ?size .
  FILTER(?size = COALESCE($size, ?size))
  ?food :foundIn ?place .
  FILTER(?place = COALESCE($place, ?place))
}
ORDER BY ?food
"""
MORE = """\
@prefix : <https://example.org/zoo#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
:partOf a owl:ObjectProperty , owl:TransitiveProperty .
:hasPart a owl:ObjectProperty ; owl:inverseOf :partOf .
:attic :partOf :house . :house :partOf :town .
:jerry :size "small" ; :foundIn :house .
:pack :foundIn :town .
"""


@pytest.fixture
def zoo(pack: Path) -> KnowledgeGraph:
    (pack / "queries" / "where.rq").write_text(HEADER, encoding="utf-8")
    (pack / "data" / "more.ttl").write_text(MORE, encoding="utf-8")
    return KnowledgeGraph.open(pack, cache=False)


def saved(zoo: KnowledgeGraph, *, asserted: bool = False, **values: str) -> list[str]:
    query = zoo.saved_query("where")
    bound = zoo.bind(query, values)
    assert len(zoo.run(query, bound, asserted=asserted)) == 0
    return explain_emptiness(zoo, query.bind(bound), query=query, bound=bound, asserted=asserted, seconds=60)


def free(zoo: KnowledgeGraph, text: str, *, asserted: bool = False) -> list[str]:
    assert len(zoo.sparql(text, asserted=asserted)) == 0
    return explain_emptiness(zoo, text, asserted=asserted, seconds=60)


# -- saved queries --------------------------------------------------------------------------------


def test_the_value_that_takes_the_rows_away_is_named_with_those_that_would_not(zoo: KnowledgeGraph) -> None:
    assert saved(zoo, animal="Felix", size="large") == ["with size=small: 1 row", "without size=large: 1 row"]


def test_a_required_value_is_told_by_any_other(zoo: KnowledgeGraph) -> None:
    assert saved(zoo, animal=":jerry") == ["with animal=Felix: 1 row", "with any other animal: 1 row"]


def test_a_broader_thing_is_found_along_the_transitive_properties_of_the_ontology(zoo: KnowledgeGraph) -> None:
    assert saved(zoo, animal="Felix", place=":attic") == [
        "without place=:attic: 1 row",
        "with the broader place=:house: 1 row",
    ]


def test_the_condition_is_named_where_no_value_is_to_blame(zoo: KnowledgeGraph, pack: Path) -> None:
    (pack / "data" / "more.ttl").write_text(MORE.replace(':size "small" ; ', ""), encoding="utf-8")
    zoo = KnowledgeGraph.open(pack, cache=False)
    assert saved(zoo, animal="Felix") == [
        ":size is not in the graph.",
        "1 row up to '?food :size ?size' in line 17, which leaves none",
    ]


def test_what_is_inferred_would_give_rows(kg: KnowledgeGraph) -> None:
    query = kg.saved_query("systems-in")
    bound = kg.bind(query, {"application": "law", "adaptation": "fine-tuned"})
    assert len(kg.run(query, bound, asserted=True)) == 0
    lines = explain_emptiness(kg, query.bind(bound), query=query, bound=bound, asserted=True, seconds=60)
    assert lines[0] == "with what is inferred (leave out --asserted): 4 rows"


# -- free queries ---------------------------------------------------------------------------------

EMPTY = {
    "SELECT ?x { ?x :eatz ?y }": [":eatz is not in the graph. Did you mean :eats?"],
    "SELECT ?x { ?x :eats ?y . ?y :eatz ?z }": [
        ":eatz is not in the graph. Did you mean :eats?",
        "without '?y :eatz ?z': 1 row",
    ],
    "SELECT ?x { ?x <urn:nowhere> ?y }": ["urn:nowhere is not in the graph."],
    'SELECT ?x { ?x rdfs:label "Felix" }': ['"Felix" stands in the graph with a language: write "Felix"@en.'],
    "SELECT ?x {\n  ?x a :Cat .\n  FILTER(STRLEN(STR(?x)) > 999)\n}": [
        "without 'FILTER(STRLEN(STR(?x)) > 999)' in line 3: 1 row"
    ],
    "SELECT ?x { ?x a :Cat . MINUS { ?x :eats ?y } }": [
        "with :Animal in place of :Cat: 2 rows",
        "without 'MINUS { ?x :eats ?y }': 1 row",
    ],
    "SELECT ?x { VALUES ?x { :jerry } ?x a :Cat }": [
        "with :Animal in place of :Cat: 1 row",
        "without 'VALUES ?x { :jerry }': 1 row",
        "without '?x a :Cat': 1 row",
    ],
    "SELECT ?x { ?x a :Cat ; :eats :felix ; rdfs:label ?l }": ["without '?x :eats :felix': 2 rows"],
    "SELECT ?x { ?x :foundIn :attic }": [
        "with :house in place of :attic: 1 row",
        "with :town in place of :attic: 1 row",
    ],
    "SELECT ?x { { ?x :eats :felix } UNION { ?x :size 'huge' . ?x a :Animal } }": [
        "without '?x :size 'huge'': 3 rows",
    ],
    "SELECT ?x { FILTER(?x = ?y) ?x a :Cat . ?y a :Animal . FILTER(?x != ?y) }": [
        "without 'FILTER(?x = ?y)': 2 rows",
        "without 'FILTER(?x != ?y)': 1 row",
    ],
    "SELECT ?x { ?x a :Cat FILTER NOT EXISTS { ?x :eats ?y } OPTIONAL { ?x :size ?z } }": [
        "with :Animal in place of :Cat: 2 rows",
        "without '?x a :Cat': 1 row",
        "without 'FILTER NOT EXISTS { ?x :eats ?y }': 1 row",
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", EMPTY)
def test_a_free_query_is_told_what_leaves_no_rows(zoo: KnowledgeGraph, text: str) -> None:
    assert free(zoo, text) == EMPTY[text]


def test_two_conditions_that_each_leave_none_are_told_by_the_first(zoo: KnowledgeGraph) -> None:
    text = "SELECT ?x {\n ?x a :Cat .\n ?x :size ?y .\n ?x :partOf ?z .\n}"
    assert free(zoo, text) == ["1 row up to '?x :size ?y' in line 3, which leaves none"]


def test_nothing_to_say_is_said(zoo: KnowledgeGraph) -> None:
    assert free(zoo, "SELECT ?x { ?x rdfs:label rdfs:label }") == [
        "the graph holds nothing that fits, and no single condition is to blame."
    ]


# -- the parts of a query -------------------------------------------------------------------------


def test_every_condition_of_every_saved_query_can_be_left_out(kg: KnowledgeGraph) -> None:
    parts, wrong = 0, []
    for query in kg.queries.values():
        for condition in conditions(query.text):
            parts += 1
            try:
                Store().query(without(query.text, condition), prefixes=kg.prefixes)
            except SyntaxError as error:
                wrong.append((query.name, condition.text(query.text), str(error)))
    assert parts > 300
    assert wrong == []


def test_a_part_is_what_it_says() -> None:
    text = (
        "SELECT * { _:b :p 'a.b' , ?c ; :q [ :r ( 1 2 ) ] ; a :X . GRAPH ?g { ?a ^:p/:q* ?b } "
        "{ SELECT ?z { ?z :s ?t } } OPTIONAL { ?o :u ?v } BIND(1 AS ?w) FILTER regex(?c, '}') VALUES (?k) { (1) } }"
    )
    assert [(c.kind, c.text(text)) for c in conditions(text)] == [
        ("triple", "_:b :p 'a.b' , ?c"),
        ("triple", "_:b :q [ :r ( 1 2 ) ]"),
        ("triple", "_:b a :X"),
        ("triple", "?a ^:p/:q* ?b"),
        ("triple", "?z :s ?t"),
        ("FILTER", "FILTER regex(?c, '}')"),
        ("VALUES", "VALUES (?k) { (1) }"),
    ]


# -- the commands ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("zoo")
def test_it_goes_to_standard_error_and_all_is_well(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--graph", str(pack), "--no-cache"]
    assert main(["query", "where", "animal=Felix", "size=large", *where]) == 0
    said = "llmkg: no rows.\n  with size=small: 1 row\n  without size=large: 1 row\n"
    assert capsys.readouterr() == ("(no rows)\n", said)
    assert main(["sparql", "SELECT ?x { ?x :eatz ?y }", *where]) == 0
    assert capsys.readouterr().err == "llmkg: no rows.\n  :eatz is not in the graph. Did you mean :eats?\n"


REASONS = ["with size=small: 1 row", "without size=large: 1 row"]


@pytest.mark.usefixtures("zoo")
def test_json_tells_the_reasons_where_they_are_asked_for(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    how = ["--graph", str(pack), "--no-cache", "--format", "json", "--reasons"]
    assert main(["query", "where", "animal=Felix", "size=large", *how]) == 0
    answer = {"head": {"vars": ["food"]}, "results": {"bindings": []}, "llmkg": {"empty": REASONS}}
    out, err = capsys.readouterr()
    assert (json.loads(out), err) == (answer, "")
    assert main(["query", "where", "animal=Felix", "size=large", "--lang", "zh", *how]) == 0
    told = json.loads(capsys.readouterr().out)["llmkg"]
    assert told == {"empty": ["改用 size=small：1 行", "去掉 size=large：1 行"]}
    assert main(["sparql", "SELECT ?x { ?x :eatz ?y }", *how, "--sources"]) == 0
    told = json.loads(capsys.readouterr().out)["llmkg"]
    assert told == {"sources": [], "rows": [], "works": [], "empty": [":eatz is not in the graph. Did you mean :eats?"]}


@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize("text", ["SELECT ?x { ?x :eats ?y }", "ASK { ?x :eatz ?y }"])
def test_an_answer_that_is_not_empty_has_no_reasons(pack: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    how = ["--graph", str(pack), "--no-cache", "--format", "json"]
    assert main(["sparql", text, *how]) == 0
    plain = capsys.readouterr()
    assert main(["sparql", text, *how, "--reasons"]) == 0
    assert capsys.readouterr() == plain


@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize("result_format", ["csv", "tsv", "xml"])
def test_other_formats_have_no_place_for_reasons(
    pack: Path, capsys: pytest.CaptureFixture[str], result_format: str
) -> None:
    how = ["--graph", str(pack), "--no-cache", "--format", result_format, "--reasons"]
    assert main(["query", "where", "animal=Felix", "size=large", *how]) == 2
    assert capsys.readouterr().err.startswith(f"llmkg: --reasons does not go with {result_format}, ")


@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize("result_format", ["json", "csv", "tsv", "xml"])
def test_a_format_for_programs_is_left_alone(
    pack: Path, capsys: pytest.CaptureFixture[str], result_format: str
) -> None:
    where = ["--graph", str(pack), "--no-cache", "--format", result_format]
    assert main(["query", "where", "animal=Felix", "size=large", *where]) == 0
    assert capsys.readouterr().err == ""


def test_an_answer_with_rows_does_not_import_it(pack: Path) -> None:
    code = (
        "import sys; from llmkg.cli import main; main(sys.argv[1:]); "
        "sys.exit('llmkg.emptiness' in sys.modules or 'threading' in sys.modules and 3)"
    )
    command = [sys.executable, "-c", code, "query", "food", "animal=Felix", "--graph", str(pack), "--no-cache"]
    assert subprocess.run(command, capture_output=True, check=False).returncode in (0, 3)


def test_it_ends_in_time_and_says_so(zoo: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(_: object) -> list[str]:
        release.wait(20)
        return []

    release = emptiness.threading.Event()
    monkeypatch.setattr(emptiness._Search, "_values", forever)
    lines = explain_emptiness(zoo, "SELECT ?x { ?x :eatz ?y }", seconds=0.5)
    release.set()
    assert lines == [
        ":eatz is not in the graph. Did you mean :eats?",
        "stopped after 0.5 seconds: there may be more to say.",
    ]


def test_it_is_short(zoo: KnowledgeGraph) -> None:
    text = "SELECT ?x { " + " ".join(f"?x :none{n} ?y{n} ." for n in range(20)) + " }"
    assert len(free(zoo, text)) == 6
