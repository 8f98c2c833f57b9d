"""Answers for Python: values, data frames with one type for each column, tables for notebooks."""

from __future__ import annotations

import builtins
import doctest
import functools
import inspect
from collections.abc import Callable
from html.parser import HTMLParser
from types import ModuleType

import pytest
from pyoxigraph import Literal, NamedNode

from llmkg import KnowledgeGraph, Result, UsageError
from llmkg.terms import XSD

LIBRARIES = ("pandas", "polars")


def column(*values: Literal | NamedNode | None) -> Result:
    return Result(("x",), tuple((value,) for value in values))


def typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=XSD[datatype])


class Cells(HTMLParser):
    """Reads the cells and links of a table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "a":
            self.links.append(str(dict(attrs)["href"]))
        assert tag != "script"

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip("\n")


def test_an_answer_is_as_true_as_what_it_says(kg: KnowledgeGraph) -> None:
    assert kg.sparql("ASK { application:law a llmkg:Application }")
    assert not kg.sparql("ASK { application:law a llmkg:Paper }")
    assert not kg.sparql("SELECT ?x WHERE { ?x a llmkg:NoSuchClass }")
    assert kg.sparql("CONSTRUCT { application:law a llmkg:Application } WHERE {}")


def test_an_answer_tells_its_size(kg: KnowledgeGraph) -> None:
    assert repr(kg.sparql("CONSTRUCT { application:law a llmkg:Application } WHERE {}")) == "<Result: 1 triple>"
    assert repr(kg.sparql("SELECT ?x ?y WHERE { BIND(1 AS ?x) }")) == "<Result: 1 row of x, y>"


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (typed("7", "integer"), 7),
        (typed("7", "unsignedByte"), 7),
        (typed("1", "boolean"), True),
        (typed("0", "boolean"), False),
        (typed("2.5", "decimal"), 2.5),
        (typed("seven", "integer"), "seven"),
        (typed("2023-01-01", "date"), "2023-01-01"),
        (Literal("法律", language="zh"), "法律"),
        (NamedNode("urn:x"), "urn:x"),
    ],
    ids=str,
)
def test_terms_become_python_values(literal: Literal, value: object) -> None:
    (row,) = column(literal).to_dicts()
    assert row == {"x": value}
    assert type(row["x"]) is type(value)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("result", "kind", "values"),
    [
        (column(typed("10500000000000", "integer"), None), "Int64", [10500000000000, None]),
        (column(typed("1", "integer"), typed("2.5", "decimal")), "Float64", [1.0, 2.5]),
        (column(typed("true", "boolean"), None), "boolean", [True, None]),
        (column(Literal("a"), None), "str", ["a", None]),
        (column(Literal("a"), typed("1", "integer")), "str", ["a", "1"]),
        (column(typed(str(2**63), "integer")), "str", [str(2**63)]),
        (column(typed("-9223372036854775808", "integer")), "Int64", [-(2**63)]),
        (column(None, None), "str", [None, None]),
        (column(), "str", []),
    ],
)
def test_a_column_of_a_data_frame_has_one_type(library: str, result: Result, kind: str, values: list[object]) -> None:
    pytest.importorskip(library)
    frame = result.to_dataframe(library=library)
    assert list(frame.columns) == ["x"]
    gap = {"pandas": "<NA>", "polars": "None"}[library]
    found = [None if str(value) == gap else value for value in frame["x"]]
    assert found == values
    assert str(frame["x"].dtype).lower().replace("string", "str") == kind.lower()


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_data_frame_has_identifiers_or_names(kg: KnowledgeGraph, library: str) -> None:
    pytest.importorskip(library)
    result = kg.query("systems-in", application="law", lang="zh")
    assert str(result.to_dataframe(library=library)["system"][0]).startswith("https://w3id.org/llmkg/system/")
    named = result.to_dataframe(labels=True, library=library)
    assert kg.label(result.rows[0][0], "zh") == named["system"][0]  # type: ignore[arg-type]


def missing(*names: str) -> Callable[..., ModuleType]:
    real = builtins.__import__

    def imported(name: str, *args: object, **kwargs: object) -> ModuleType:
        if name in names:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    return imported


def test_polars_serves_where_pandas_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    polars = pytest.importorskip("polars")
    monkeypatch.setattr(builtins, "__import__", missing("pandas"))
    assert isinstance(column(Literal("a")).to_dataframe(), polars.DataFrame)


@pytest.mark.parametrize(("library", "wanted"), [(None, "pandas or polars"), ("polars", "polars")])
def test_without_a_library_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, library: str | None, wanted: str
) -> None:
    monkeypatch.setattr(builtins, "__import__", missing(*LIBRARIES))
    with pytest.raises(UsageError) as caught:
        column(Literal("a")).to_dataframe(library=library)
    said = f"a data frame needs {wanted}, which is not installed. Run: pip install 'llmkg[notebook]'."
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ASK {}", "this answer has no rows for a data frame. Take .boolean, or ask a SELECT query."),
        ("DESCRIBE application:law", "this answer has no rows for a data frame. Take .triples, or ask a SELECT query."),
    ],
)
def test_only_rows_make_a_data_frame(kg: KnowledgeGraph, text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        kg.sparql(text).to_dataframe()
    assert str(caught.value) == message


def test_an_unknown_library_or_language_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"^no library 'arrow'\. Use pandas or polars\.$"):
        column().to_dataframe(library="arrow")
    with pytest.raises(UsageError, match=r"^no language 'fr'\. Use en or zh\.$"):
        kg.sparql("ASK {}", lang="fr")


def test_a_notebook_shows_names_that_link(kg: KnowledgeGraph) -> None:
    cells = Cells(kg.query("challenges-addressed", mitigation="RAG", lang="zh")._repr_html_())
    assert "label" not in cells.rows[0]
    assert cells.rows[1][0] == "幻觉"
    assert "https://w3id.org/llmkg/challenge/hallucinations" in cells.links


def test_a_notebook_shows_the_first_hundred_rows(kg: KnowledgeGraph) -> None:
    result = kg.sparql("SELECT ?p WHERE { ?p a llmkg:Paper } ORDER BY ?p")
    text = result._repr_html_()
    assert len(Cells(text).rows) == 1 + 100
    assert f"<p>... and {len(result) - 100} more rows</p>" in text


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT ?x WHERE { BIND('<script>alert(1)</script>' AS ?x) }", [["x"], ["<script>alert(1)</script>"]]),
        ("SELECT ?x WHERE { FILTER(false) }", [["x"], ["(no rows)"]]),
        (
            "CONSTRUCT { application:law a llmkg:Application } WHERE {}",
            [["subject", "predicate", "object"], ["Law", "rdf:type", "application"]],
        ),
        ("ASK {}", []),
    ],
)
def test_a_notebook_shows_every_kind_of_answer(kg: KnowledgeGraph, text: str, rows: list[list[str]]) -> None:
    shown = Cells(kg.sparql(text)._repr_html_()).rows
    assert [[cell.lower() for cell in row] for row in shown] == [[cell.lower() for cell in row] for row in rows]


def test_a_result_of_no_graph_is_shown_too() -> None:
    assert Cells(column(NamedNode("urn:x"), None)._repr_html_()).rows == [["x"], ["urn:x"], [""]]


PUBLIC = [
    (cls, name)
    for cls in (KnowledgeGraph, Result)
    for name, member in inspect.getmembers(cls)
    if not name.startswith("_") and (callable(member) or isinstance(member, property | functools.cached_property))
]


@pytest.mark.parametrize(("cls", "name"), PUBLIC, ids=lambda part: getattr(part, "__name__", part))
def test_every_public_method_has_an_example_that_is_run(cls: type, name: str) -> None:
    assert doctest.DocTestParser().get_examples(
        inspect.getattr_static(cls, name).__doc__ or inspect.getdoc(getattr(cls, name))
    )


def test_the_public_methods_are_all_looked_at() -> None:
    assert len(PUBLIC) > 30
