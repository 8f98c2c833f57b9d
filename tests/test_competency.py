"""Questions that the graph must answer, with answers read from the sources; what they leave uncovered.

``pytest tests/test_competency.py --regenerate`` writes docs/competency.md anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from pyoxigraph import Literal, NamedNode

from llmkg import KnowledgeGraph
from llmkg.result import Result
from llmkg.scan import tokens
from llmkg.terms import CLAIM, OWL, RDF, XSD, Term

TESTS = Path(__file__).resolve().parent
DOCUMENT = TESTS.parent / "docs" / "competency.md"
MODULES = ("core", "claims")  # the vocabulary that must be covered; fixed values and alignments need not be
KEYS = {"question", "lang", "query", "parameters", "sparql", "answer", "place", "needs"}
NUMBERS = {XSD.integer, XSD.decimal, XSD.double}


class Question(NamedTuple):
    """One entry of tests/competency, with its topic (the file) and its number there."""

    topic: str
    number: int
    entry: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.topic} {self.number}"

    @property
    def parameters(self) -> Mapping[str, str | list[str]]:
        return self.entry.get("parameters", {})


QUESTIONS = [
    Question(path.stem, number, entry)
    for path in sorted((TESTS / "competency").glob("*.yaml"))
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1)
]


def ask(kg: KnowledgeGraph, question: Question, *, asserted: bool = False) -> Result:
    entry = question.entry
    if "sparql" in entry:
        return kg.sparql(entry["sparql"], asserted=asserted)
    return kg.query(entry["query"], lang=entry["lang"], asserted=asserted, **question.parameters)


def plain(kg: KnowledgeGraph, term: Term | None) -> str | float | bool | None:
    """Return a cell as the files write it: a CURIE, a number, a truth value or a text."""
    if isinstance(term, Literal) and term.datatype == XSD.boolean:
        return term.value == "true"
    if isinstance(term, Literal) and term.datatype in NUMBERS:
        return float(term.value) if "." in term.value else int(term.value)
    return None if term is None else kg.short(term)


def given(kg: KnowledgeGraph, result: Result, expected: Any) -> Any:
    """Return what a result says in the form of the answer that is expected."""
    if isinstance(expected, bool):
        return result.boolean
    if not isinstance(expected, Mapping):
        return [[plain(kg, cell) for cell in row] for row in result]
    rows = [dict(zip(result.variables, (plain(kg, cell) for cell in row), strict=True)) for row in result]
    for name, value in expected.get("where", {}).items():
        wanted = value if isinstance(value, list) else [value]
        rows = [row for row in rows if row[name] in wanted]
    if "columns" in expected:
        cells = [tuple(row[name] for name in expected["columns"]) for row in rows]
    else:
        cells = [(row[expected["column"]],) for row in rows if row[expected["column"]] is not None]
    distinct = list(dict.fromkeys(cells))
    if "count" in expected:
        return len(distinct)
    if "first" in expected:
        return distinct[: expected["first"]]
    return distinct[-expected["last"] :] if "last" in expected else set(distinct)


def wanted(expected: Any) -> Any:
    """Return an expected answer as ``given`` would return it."""
    if isinstance(expected, bool):
        return expected
    if not isinstance(expected, Mapping):
        return [[expected]]
    if "count" in expected:
        return expected["count"]
    rows = [tuple(row) for row in expected["rows"]] if "rows" in expected else [(x,) for x in expected["things"]]
    return rows if {"first", "last"} & set(expected) else set(rows)


def test_there_are_enough_questions_in_both_languages() -> None:
    assert len(QUESTIONS) >= 160
    assert 3 * sum(question.entry["lang"] == "zh" for question in QUESTIONS) >= len(QUESTIONS)
    assert len({question.entry["question"] for question in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_graph_answers(kg: KnowledgeGraph, question: Question) -> None:
    expected = question.entry["answer"]
    assert given(kg, ask(kg, question), expected) == wanted(expected), question.entry["question"]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_what_is_inferred_is_needed_where_the_question_says_so(kg: KnowledgeGraph, question: Question) -> None:
    expected = question.entry["answer"]
    alike = given(kg, ask(kg, question, asserted=True), expected) == wanted(expected)
    assert question.entry["needs"] == ("asserted" if alike else "inferred")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_an_entry_is_complete_and_its_places_exist(kg: KnowledgeGraph, question: Question) -> None:
    entry = question.entry
    assert set(entry) <= KEYS
    assert ("query" in entry) != ("sparql" in entry)
    assert entry["place"], "an answer stands somewhere in the sources"
    for place in entry["place"]:
        if place.startswith("section:"):
            assert kg.lexicon.resolve(place, [CLAIM.Section])
        else:  # a place that has no section in the graph, after the name of its source
            source, _, text = place.partition(": ")
            assert kg.lexicon.resolve(f"source:{source}", [CLAIM.Source])
            assert text


# -- what the questions cover ----------------------------------------------------------------


def vocabulary(kg: KnowledgeGraph) -> tuple[list[str], list[str]]:
    """Return the classes and the properties that the modules declare, as CURIEs."""
    graphs = " ".join(f"<https://w3id.org/llmkg/{module}>" for module in MODULES)
    found: tuple[list[str], list[str]] = ([], [])
    kinds = [(OWL.Class, 0), (OWL.ObjectProperty, 1), (OWL.DatatypeProperty, 1), (OWL.AnnotationProperty, 1)]
    for kind, at in kinds:
        rows = kg.sparql(f"SELECT ?x WHERE {{ VALUES ?g {{ {graphs} }} GRAPH ?g {{ ?x a {kind} }} }}", asserted=True)
        found[at].extend(name for (term,) in rows if (name := kg.short(term)).startswith("llmkg:"))
    return sorted(found[0]), sorted(found[1])


def terms_in(text: str) -> Iterator[str]:
    """Yield the terms of ours in a SPARQL text; strings, comments and the header are skipped."""
    return (token.text for token in tokens(text) if token.kind == "name" and token.text.startswith("llmkg:"))


def values_in(answer: Any) -> Iterator[str]:
    """Yield the texts in an answer, of which the terms are CURIEs."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, Mapping):
        parts: Iterable[Any] = (answer.get(key) for key in ("things", "rows", "where"))
        yield from (
            value for part in parts for value in values_in(list(part.values()) if isinstance(part, dict) else part)
        )
    elif isinstance(answer, list):
        yield from (value for part in answer for value in values_in(part))


def covered(kg: KnowledgeGraph, question: Question) -> set[str]:
    """Return the saved query, and the terms, that a question covers.

    A term is covered where it stands in the text of the query, in a parameter or in the answer; a
    class also where a file types a thing in a parameter or in the answer with it.
    """
    entry = question.entry
    text = entry.get("sparql") or kg.saved_query(entry["query"]).text
    values = (*values_in(list(question.parameters.values())), *values_in(entry["answer"]))
    things = {value for value in values if is_thing(kg, value)}
    classes = {name for thing in things for name in asserted_classes(kg, thing)}
    return {*terms_in(text), *things, *classes, *([entry["query"]] if "query" in entry else [])}


def is_thing(kg: KnowledgeGraph, value: str) -> bool:
    prefix, colon, local = value.partition(":")
    return bool(colon and local and " " not in value and prefix in kg.prefixes)


@cache
def asserted_classes(kg: KnowledgeGraph, name: str) -> frozenset[str]:
    found = kg.sparql(f"SELECT ?class WHERE {{ {kg.lexicon.resolve(name)} {RDF.type} ?class }}", asserted=True)
    return frozenset(kg.short(term) for (term,) in found if isinstance(term, NamedNode))


@pytest.fixture(scope="session")
def coverage(kg: KnowledgeGraph) -> dict[str, list[str]]:
    """Return for each class, property and query the names of the questions that cover it."""
    classes, properties = vocabulary(kg)
    table: dict[str, list[str]] = {name: [] for name in (*classes, *properties, *sorted(kg.queries))}
    for question in QUESTIONS:
        for name in covered(kg, question) & set(table):
            table[name].append(question.name)
    return table


def test_no_class_property_or_query_is_left_out(coverage: dict[str, list[str]]) -> None:
    assert len(coverage) >= 150
    left = [name for name, questions in coverage.items() if not questions]
    assert not left, f"no question in tests/competency covers {', '.join(left)}"


def document(kg: KnowledgeGraph, coverage: dict[str, list[str]]) -> str:
    """Return the text of docs/competency.md."""
    classes, properties = vocabulary(kg)
    lines = [
        "# Competency questions",
        "",
        "Questions that the graph must answer, and what of the model and the query library each covers.",
        "The answers are in `tests/competency/`, read from the sources; `tests/test_competency.py` asks all",
        "of them and writes this page (`pytest tests/test_competency.py --regenerate`).",
    ]
    for topic in dict.fromkeys(question.topic for question in QUESTIONS):
        lines += [
            "",
            f"## {topic.capitalize()}",
            "",
            "| | question | asked by | where the answer stands |",
            "|---|---|---|---|",
        ]
        lines += [_row(kg, question) for question in QUESTIONS if question.topic == topic]
    for title, names in (("Classes", classes), ("Properties", properties), ("Saved queries", sorted(kg.queries))):
        lines += ["", f"## {title} covered", "", "| | questions |", "|---|---|"]
        lines += [f"| `{name}` | {', '.join(_grouped(coverage[name]))} |" for name in names]
    return "\n".join(lines) + "\n"


def _row(kg: KnowledgeGraph, question: Question) -> str:
    entry = question.entry
    places = [
        kg.label(kg.lexicon.resolve(p)) if p.startswith("section:") else p.partition(": ")[2] for p in entry["place"]
    ]
    asked = f"`{entry['query']}`" if "query" in entry else "SPARQL"
    return f"| {question.number} | {entry['question']} | {asked} | {'; '.join(places)} |"


def _grouped(names: Iterable[str]) -> Iterator[str]:
    """Yield the names of questions, those of one topic together: ``models 1 4``."""
    topics: dict[str, list[str]] = {}
    for name in names:
        topic, number = name.split()
        topics.setdefault(topic, []).append(number)
    return (f"{topic} {' '.join(numbers)}" for topic, numbers in topics.items())


def test_the_matrix_is_current(kg: KnowledgeGraph, coverage: dict[str, list[str]], pytestconfig: pytest.Config) -> None:
    text = document(kg, coverage)
    if pytestconfig.getoption("regenerate"):
        DOCUMENT.write_text(text, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == text, "run pytest tests/test_competency.py --regenerate"
