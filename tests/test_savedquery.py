"""Reading saved queries and putting values into them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from llmkg.errors import InputError, UsageError
from llmkg.queryfile import read_query
from llmkg.savedquery import Parameter, SavedQuery, cut, literal_value
from llmkg.scan import tokens


def query(text: str) -> SavedQuery:
    return SavedQuery("q", pieces=cut(text))


@given(st.text())
def test_tokens_join_to_the_text(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


def test_a_parameter_in_a_string_an_iri_or_a_comment_is_left_alone() -> None:
    text = 'SELECT * { ?s ?p $x, "$x", \'$x\', """a " $x""", <http://e/$x> } # $x\n'
    bound = query(text).bind({"x": NamedNode("http://e/1")})
    assert bound == text.replace("?p $x", "?p <http://e/1>")


def test_a_longer_name_is_another_parameter() -> None:
    assert query("$x $xy ?x").bind({"x": Literal("v")}) == '"v" $xy ?x'


@given(st.text(alphabet="$?x{}\"'<>#\\\n "))
def test_the_pieces_of_a_query_join_to_its_text(text: str) -> None:
    assert query(text).text == text == query(text).bind({})


def test_a_value_cannot_break_out_of_its_literal() -> None:
    bound = query("FILTER(?a = $x)").bind({"x": Literal('") } DELETE { ?s ?p ?o } #')})
    assert bound == 'FILTER(?a = "\\") } DELETE { ?s ?p ?o } #")'


@pytest.mark.parametrize(
    ("kind", "text", "lexical"),
    [
        ("integer", "12", "12"),
        ("decimal", "1.5", "1.5"),
        ("boolean", "yes", "true"),
        ("boolean", "否", "false"),
        ("string", "a", "a"),
    ],
)
def test_values_are_read_by_type(kind: str, text: str, lexical: str) -> None:
    assert literal_value(Parameter("p", kind), text).value == lexical


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("integer", "1.5", "not a whole number"),
        ("decimal", "big", "not a number"),
        ("boolean", "perhaps", "not a truth value"),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=rf"^p={text}: {reason}"):
        literal_value(Parameter("p", kind), text)


@pytest.mark.parametrize("kind", ["string", "integer", "decimal", "boolean"])
def test_a_text_that_no_one_types_is_refused(kind: str) -> None:
    message = r"^p=7{60} \.\.\.: this has 1,000,000 characters\. Give 2,000 at most\.$"
    with pytest.raises(UsageError, match=message):
        literal_value(Parameter("p", kind), "7" * 1_000_000)
    assert literal_value(Parameter("p", "string"), "7" * 2_000).value == "7" * 2_000


def test_a_value_outside_an_enumeration_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"not one of red, green\. Did you mean green"):
        literal_value(Parameter("p", "string", enum=("red", "green")), "gren")


def test_the_header_is_not_sent_and_places_stay_as_they_are(tmp_path: Path) -> None:
    text = f"{HEADER}#+ # $x\n# kept $x\nSELECT ?s WHERE {{ ?s ?p '#+' }}"
    (tmp_path / "q.rq").write_text(text, encoding="utf-8")
    sent = read_query(tmp_path / "q.rq").text
    assert sent == "\n" * text.count("#+ ") + "# kept $x\nSELECT ?s WHERE { ?s ?p '#+' }"
    assert sent.count("\n") == text.count("\n")


HEADER = "#+ title: T\n#+ question:\n#+   en: Q\n#+ columns:\n#+ - name: s\n#+   type: iri\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * { ?s ?p ?o }", r"q\.rq:1: no header"),
        (HEADER.replace("title: T", "title: [") + "SELECT ?s {}", r"q\.rq:\d+: the header is not valid YAML"),
        (HEADER.replace("#+ title: T\n", "") + "SELECT ?s {}", r"q\.rq:1: the header lacks 'title'"),
        (HEADER + "#+ entailment: rdfs\nSELECT ?s {}", r"q\.rq:7: entailment is 'rdfs'"),
        (HEADER + "#+ parameters:\n#+ - name: x\nSELECT ?s {}", r"q\.rq:8: the parameter x is not used"),
        (
            HEADER + "#+ parameters:\n#+ - {name: x, type: integre}\nSELECT ?s {}",
            r"type 'integre' is unknown. Did you mean integer",
        ),
    ],
)
def test_a_bad_header_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "q.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_query(path, "q.rq")
