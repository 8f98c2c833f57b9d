"""What a header may say of parameters and columns, and what a person may give for a parameter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store
from pyparsing import ParseResults
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier

from llmkg import KnowledgeGraph
from llmkg.engine import EmbeddedEngine
from llmkg.errors import InputError, UsageError
from llmkg.lexicon import fold, loosen
from llmkg.queryfile import read_query
from llmkg.savedquery import SavedQuery, cut, in_language, query_from_json, query_to_json
from llmkg.scan import tokens

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
    for value in ("felix,:jerry", "felix、:jerry", ["felix", ":jerry"], ["felix,:jerry", "felix"], ("菲利克斯", jerry)):
        assert zoo.bind(query, {"animals": value})["animals"] == (felix, jerry), value
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
    for value in (",", []):
        with pytest.raises(UsageError, match=r"^animals: the list is empty\."):
            zoo.query("full", animals=value)


def test_several_values_for_one_are_refused(zoo: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"^the parameter food takes one value, not 2\."):
        zoo.query("full", food=["Jerry", "Felix"])


def test_what_a_property_has_for_values_is_allowed_and_nothing_else(zoo: KnowledgeGraph) -> None:
    query = zoo.saved_query("full")
    allowed = zoo.binder.allowed(query, query.parameter("food"))
    assert allowed == (NamedNode(f"{ZOO}jerry"),)
    assert eaters(zoo, food=":jerry") == ["felix"]
    assert eaters(zoo, food="Jerry") == ["felix"]  # the other Jerry is no food
    for other in (":felix", "Felix", ":jerry-the-second"):
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


# -- names ----------------------------------------------------------------------------------------

SAME = {
    "mitigation:retrieval-augmentation": [
        "Retrieval augmentation",
        "RETRIEVAL-AUGMENTATION",
        "retrieval_augmentation",
        "  retrieval \t augmentation ",
        "retrieval\u2011augmentation",
        "ｒｅｔｒｉｅｖａｌ　ａｕｇｍｅｎｔａｔｉｏｎ",
        "RetrievalAugmentation",
        "retrieval augmentations",
        "检索增强",
        "检索 增强",
        "mitigation:retrieval-augmentation",
        "https://w3id.org/llmkg/mitigation/retrieval-augmentation",
        "<https://w3id.org/llmkg/mitigation/retrieval-augmentation>",
    ],
    "challenge:hallucinations": ["hallucination", "Hallucinations", "幻觉", "HALLUCINATION"],
    "challenge:fine-tuning-overhead": ["finetuning overhead", "Fine Tuning Overheads", "fine–tuning overhead"],
    "challenge:extrinsic-hallucination": ["extrinsic hallucinations", "Extrinsic-Hallucination"],
    "challenge:limited-context-length": ["limited context lengths", "limited contexts length"],
}


def test_a_name_is_forgiven_case_width_hyphens_and_number(kg: KnowledgeGraph) -> None:
    found = {(curie, text): kg.short(kg.lexicon.resolve(text)) for curie, texts in SAME.items() for text in texts}
    assert len(found) == 24
    assert {asked: curie for asked, curie in found.items() if asked[0] != curie} == {}


def test_every_label_names_its_thing_in_the_other_number_too(kg: KnowledgeGraph) -> None:
    query = kg.saved_query("challenges-addressed")
    things = kg.binder.allowed(query, query.parameter("mitigation"))
    assert things is not None
    assert len(things) > 100
    for term in things:
        label = kg.label(term)
        several = f"{label}s" if label[-1].isalpha() and label[-1] not in "sS" else label
        for text in (label, label.upper(), label.replace("-", " "), several):
            assert kg.bind(query, {"mitigation": text})["mitigation"] == term, text


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("study", "studies"),
        ("bias", "biases"),
        ("case", "cases"),
        ("loss", "losses"),
        ("box", "boxes"),
        ("GPU", "GPUs"),
        ("cache", "caches"),
        ("movie", "movies"),
        ("data set", "datasets"),
        ("LM", "LMs"),
        ("status", "statuses"),
    ],
)
def test_the_singular_and_the_plural_are_one_name(one: str, many: str) -> None:
    assert loosen(one) == loosen(many)


@pytest.mark.parametrize(("one", "other"), [("plan", "plane"), ("C", "C++"), ("C", "C#"), ("corpus", "corp")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert loosen(one) != loosen(other)


@given(st.text())
def test_to_fold_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert loosen(fold(text)) == loosen(text)


def test_the_exact_name_comes_before_the_other_number(pack: Path) -> None:
    (pack / "data" / "more.ttl").write_text(
        "@prefix : <https://example.org/zoo#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        ':a a :Animal ; rdfs:label "Big Toms"@en . :b a :Animal ; rdfs:label "Big Tom"@en .\n',
        encoding="utf-8",
    )
    lexicon = KnowledgeGraph.open(pack, cache=False).lexicon
    assert [lexicon.resolve(name).value.removeprefix(ZOO) for name in ("big-toms", "BIG TOM")] == ["a", "b"]
    with pytest.raises(UsageError, match=r"^'BigToms' names several things: :a \(animal\), :b \(animal\)\. Give one"):
        lexicon.resolve("BigToms")


def test_a_name_of_many_things_lists_some(pack: Path) -> None:
    lines = [f':j{n} a :Animal ; rdfs:label "Jerry"@en .' for n in range(9)]
    prefixes = "@prefix : <https://example.org/zoo#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    (pack / "data" / "more.ttl").write_text("\n".join([prefixes, *lines]), encoding="utf-8")
    with pytest.raises(UsageError, match=r":j0 \(animal\), .*:j5 \(animal\), and 5 more\. Give one of these\.$"):
        KnowledgeGraph.open(pack, cache=False).lexicon.resolve("Jerry")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("felixx", r"^'felixx': no animal of that name\. Did you mean Felix \(:felix\)\?$"),
        ("菲利克", r"^'菲利克': no animal of that name\. Did you mean Felix \(:felix\)\?$"),
        (":felx", r"^':felx': no animal of that name\. Did you mean Felix \(:felix\)\?$"),
        ("cat", r"^cat \(:Cat\): this is of kind class, not animal\. Give the name of an animal\.$"),
        (":Cat", r"^:Cat: this is of kind class, not animal\. Give the name of an animal\.$"),
        ("eat", r"^eat \(:eats\): this is of kind property, not animal\. Give the name of an animal\.$"),
        ("Jerry", r"^'Jerry' names several things: :jerry \(animal\), :jerry-the-second \(animal\)\. Give one of these\.$"),
        ("", r"^the name is empty\. Give the name of an animal\.$"),
        ("zzz", r"^'zzz': no animal of that name\. Try 'llmkg search' with other words\.$"),
    ],
)  # fmt: skip
def test_a_name_that_is_none_is_told_with_what_helps(zoo: KnowledgeGraph, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        zoo.query("food", animal=text)


# -- bad input ------------------------------------------------------------------------------------

ATTACKS = {
    "a quote": '"',
    "both quotes": "\"'",
    "a backslash": "\\",
    "braces": "} DELETE { ?s ?p ?o",
    "a new pattern": "x . ?s ?p ?o } #",
    "an IRI that ends": "urn:m> ?p ?c } ORDER BY ?c #",
    "an IRI in brackets that ends": "<urn:m> ?p ?c } ORDER BY ?c #>",
    "an IRI with a space": "https://example.org/zoo#fe lix",
    "a CURIE that ends": ":felix>",
    "a CURIE with braces": ":felix{}",
    "a newline": "felix\n} DROP ALL #",
    "a return": "felix\r\n?s ?p ?o",
    "a comment": "felix # ",
    "a parameter": "$animal",
    "a variable": "?food",
    "a NUL": "fe\0lix",
    "a control sequence": "\x1b[31mfelix",
    "a direction mark": "\u202exilef",
    "Cyrillic like Latin": "Fеlix",
    "a lone surrogate": "\ud800",
    "an emoji": "🐈",
    "an empty IRI": "<>",
    "a relative IRI": "<felix>",
    "a blank node": "_:b0",
    "a literal": '"felix"@en',
    "a million letters": "felix" * 200_000,
    "a million brackets": "(" * 1_000_000,
    "a million Chinese letters": "猫" * 1_000_000,
    "a million newlines": "\n" * 1_000_000,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_a_parameter_is_one_line_and_nothing_runs(
    zoo: KnowledgeGraph, attack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmbeddedEngine, "query", lambda *_, **__: pytest.fail("a query was run"))
    with pytest.raises(UsageError) as caught:
        zoo.query("food", animal=ATTACKS[attack])
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert len(message) < 300
    assert all(letter.isprintable() for letter in message)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_a_name_is_one_line(zoo: KnowledgeGraph, attack: str) -> None:
    for values in ({ATTACKS[attack]: "felix"}, {"animal": "felix", ATTACKS[attack]: "x"}):
        with pytest.raises(UsageError) as caught:
            zoo.query("food", **values)
        assert len(str(caught.value)) < 300
        assert str(caught.value).isprintable()
    with pytest.raises(UsageError) as caught:
        zoo.query(ATTACKS[attack])
    assert str(caught.value).isprintable()


# Letters that end or escape something in SPARQL, and any others; whole breakouts.
HOSTILE = st.one_of(
    st.text(alphabet="\"'\\<>{}()#$?;.,:/@^|&=!\n\r\t abu02\u2028\0", max_size=30),
    st.text(max_size=30),
    st.sampled_from([text for text in ATTACKS.values() if len(text) < 1000 and text.isprintable()]),
)
# Everything that may end or escape something, in one value; and what an IRI may hold of it.
EVERYTHING = "§".join(
    [*(t for t in ATTACKS.values() if len(t) < 1000 and t != "\ud800"), "\\u0022\\\\u0022\\", "\0000"]
)
IRI = NamedNode("urn:x:?a=$b&(c)'*;,.@!/%20#é猫")
MARKER, MARKER_IRI = Literal("the marker"), NamedNode("urn:marker")


class Algebra:
    """rdflib's algebra of the saved queries as plain values, with a word in the place of the values of parameters."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.queries = [query for query in kg.queries.values() if query.parameters]
        self._marked: dict[str, object] = {}

    def marked(self, query: SavedQuery) -> object:
        """Return the algebra with the markers as values."""
        if query.name not in self._marked:
            self._marked[query.name] = self.of(query, MARKER, MARKER_IRI)
        return self._marked[query.name]

    def of(self, query: SavedQuery, literal: Literal, iri: NamedNode) -> object:
        """Return the algebra with these values for each parameter, twice in a list, and for the language."""
        values: dict[str, NamedNode | Literal | tuple[NamedNode | Literal, ...]] = {"lang": literal}
        for parameter in query.parameters:
            value = iri if parameter.type == "iri" else literal
            values[parameter.name] = (value, value) if parameter.list else value
        text = "".join(line for line in query.bind(values).splitlines(keepends=True) if not line.startswith("#+"))
        given_terms = {rdflib.Literal(literal.value): "the literal", rdflib.URIRef(iri.value): "the IRI"}
        return plain(translateQuery(parseQuery(text)).algebra, given_terms)


def plain(node: object, names: dict[Identifier, str]) -> object:
    if isinstance(node, CompValue):
        return [node.name, *((key, plain(part, names)) for key, part in sorted(node.items()) if key != "_vars")]
    if isinstance(node, list | tuple | ParseResults):
        return [plain(part, names) for part in node]
    if isinstance(node, Identifier):
        return names.get(node, node.n3())
    return repr(node)


@pytest.fixture(scope="module")
def algebra(kg: KnowledgeGraph) -> Algebra:
    return Algebra(kg)


def test_no_value_changes_the_algebra_of_any_saved_query(algebra: Algebra) -> None:
    assert len(algebra.queries) > 40
    for query in algebra.queries:
        marked = algebra.marked(query)
        assert "the literal" in str(marked) or "the IRI" in str(marked)
        assert algebra.of(query, Literal(EVERYTHING), IRI) == marked, query.name


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), text=HOSTILE)
def test_no_text_at_all_changes_the_algebra_of_a_saved_query(algebra: Algebra, data: st.DataObject, text: str) -> None:
    query = data.draw(st.sampled_from(algebra.queries), label="query")
    assert algebra.of(query, Literal(f"{text}§"), IRI) == algebra.marked(query)


@given(HOSTILE)
def test_a_value_is_one_token_and_says_what_it_said(text: str) -> None:
    bound = SavedQuery("q", pieces=cut("SELECT ($x AS ?y) {} # end")).bind({"x": Literal(text)})
    (token,) = [token for token in tokens(bound) if token.kind == "string"]
    assert bound == f"SELECT ({token.text} AS ?y) {{}} # end"
    answer = Store().query(bound)
    assert isinstance(answer, QuerySolutions)
    assert [solution[0] for solution in answer] == [Literal(text)]


@settings(max_examples=50, deadline=None)
@given(HOSTILE)
def test_rdflib_reads_the_same_value(text: str) -> None:
    bound = SavedQuery("q", pieces=cut("SELECT ($x AS ?y) {}")).bind({"x": Literal(text)})
    assert list(rdflib.Graph().query(bound)) == [(rdflib.Literal(text),)]


@given(st.text(alphabet='aé<>"{}|^`\\ \n#?%0/:.', max_size=20))
def test_an_iri_is_one_token_or_refused(kg: KnowledgeGraph, text: str) -> None:
    try:
        term = kg.lexicon.written(f"urn:x:{text}")
    except UsageError:
        return
    bound = SavedQuery("q", pieces=cut("ASK { $x a ?y }")).bind({"x": term or MARKER_IRI})
    assert [token.kind for token in tokens(bound)].count("iri") == 1
    assert bound.endswith("> a ?y }")


def test_a_value_of_a_property_is_looked_up_and_not_found_by_reading_them_all(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = kg.saved_query("claims-by-basis")
    monkeypatch.setattr(
        "llmkg.parameters._ValuesOf.__iter__", lambda _values: pytest.fail("the values of all claims were read")
    )
    bound = kg.bind(query, {"property": "arises from"})
    assert bound["property"] == NamedNode("https://w3id.org/llmkg/ontology#arisesFrom")
