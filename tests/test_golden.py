"""Every saved query gives the rows in ``tests/golden``, in their order, in two engines.

``pytest tests/test_golden.py --regenerate`` writes the files anew; review the difference as you
would review code. A file has one row a line, IRIs as CURIEs, else as SPARQL's TSV writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest
import rdflib
import yaml

from llmkg.queryfile import read_query
from llmkg.terms import XSD

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
QUERIES = {path.stem: read_query(path) for path in sorted((ROOT / "queries").glob("*.rq"))}
BARE = {XSD.integer.value, XSD.boolean.value, XSD.decimal.value}
# Without a parameter it lists every paper: the cases that look for one tell more.
UNBOUNDED = {"find-paper"}
# What counts, or pairs off, all links or all papers takes rdflib half a second or more.
BY_AUTHOR = {f"find-paper--author{case}" for case in ("", "-in-full", "-with-others", "-of-another-name")}
SLOW = {"coverage", "mitigation-challenge-matrix", "find-paper--doi", "find-paper--title", *BY_AUTHOR}


class Case(NamedTuple):
    query: str
    name: str
    values: dict[str, str]

    def __str__(self) -> str:
        return f"{self.query}--{self.name}" if self.name else self.query


def cases() -> Iterator[Case]:
    further = yaml.safe_load((GOLDEN / "cases.yaml").read_text(encoding="utf-8"))
    assert set(further) <= set(QUERIES)
    for name, query in QUERIES.items():
        required = {p.name: p.example or "" for p in query.parameters if p.required}
        if name not in UNBOUNDED:
            yield Case(name, "", required)
        for parameter in query.parameters:
            if not parameter.required and parameter.example:
                yield Case(name, parameter.name, {**required, parameter.name: parameter.example})
        for case, values in further.get(name, {}).items():
            yield Case(name, case, values)


CASES = list(cases())
EXAMPLES = [case for case in CASES if not case.name or case.name in {p.name for p in QUERIES[case.query].parameters}]
# An answer that is empty for a reason; any other empty answer is a mistake.
EMPTY = {str(case) for case in CASES if case.name == "none"} | {
    "broader-mitigations--top",
    "find-paper--author-of-another-name",
}


def cell(term, short) -> str:
    """Return a term of either engine as it stands in a golden file; ``short`` makes CURIEs."""
    if term is None:
        return ""
    if isinstance(term, pyoxigraph.NamedNode | rdflib.URIRef):
        return short(pyoxigraph.NamedNode(str(term).strip("<>")))
    language, datatype = term.language, term.datatype
    datatype = getattr(datatype, "value", datatype and str(datatype))
    text = term.value if isinstance(term, pyoxigraph.Literal) else str(term)
    if datatype in BARE:
        return text
    written = json.dumps(text, ensure_ascii=False)
    if language:
        return f"{written}@{language}"
    plain = datatype in (None, XSD.string.value)
    return written if plain else f"{written}^^{short(pyoxigraph.NamedNode(datatype))}"


def table(variables: Iterable[str], rows: Iterable[Iterable[object]], short) -> str:
    lines = ["\t".join(f"?{name}" for name in variables)]
    lines += ["\t".join(cell(term, short) for term in row) for row in rows]
    return "".join(f"{line}\n" for line in lines)


def parts(case: Case) -> tuple[dict[str, str], str]:
    values = dict(case.values)
    return values, values.pop("lang", "en")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rows_are_those_on_file(kg, pytestconfig: pytest.Config, case: Case) -> None:
    values, lang = parts(case)
    result = kg.query(case.query, lang=lang, **values)
    text = table(result.variables, result.rows, kg.short)
    file = GOLDEN / f"{case}.tsv"
    if pytestconfig.getoption("regenerate"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, "run pytest tests/test_golden.py --regenerate and look at git diff"
    assert bool(result.rows) != (str(case) in EMPTY)
    assert len(set(text.splitlines())) == len(result.rows) + 1


def _marked(case: Case):
    asserted = QUERIES[case.query].entailment == "asserted"  # a second graph to load
    slow = asserted or case not in EXAMPLES or str(case) in SLOW
    return pytest.param(case, id=str(case), marks=[pytest.mark.slow] if slow else [])


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_rdflib_gives_the_same_rows_in_the_same_order(kg, request: pytest.FixtureRequest, case: Case) -> None:
    values, lang = parts(case)
    query = kg.saved_query(case.query)
    graph: rdflib.Graph = request.getfixturevalue(f"{query.entailment}_rdflib")
    result = graph.query(kg.bound_text(query, values, lang))
    text = table([column.name for column in query.columns], result, kg.short)
    assert text == (GOLDEN / f"{case}.tsv").read_text(encoding="utf-8")


def test_every_query_and_every_example_has_a_file_and_no_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.tsv")} == set(map(str, CASES))
    assert len(CASES) == len(set(map(str, CASES)))
    assert len(QUERIES) == 67
    assert len(EXAMPLES) == 102
    assert len(CASES) == 182
