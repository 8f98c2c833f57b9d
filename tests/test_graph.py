"""The main question, and every saved query, on the shipped graph."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from llmkg import UsageError
from llmkg.result import Result
from llmkg.terms import local_name

ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
COLUMNS = {
    "applications-facing": "application constraint basis",
    "challenges-addressed": "challenge label parent direct source basis",
    "claims-about": "claim subject property object source section basis",
    "constraints-of": "constraint label challenge source basis",
    "datasets": "dataset label year month bytes tokens public",
    "kinds-of": "mitigation label parent",
    "mitigation-challenge-matrix": "challenge mitigation source basis",
    "mitigations-for": "mitigation label parent direct source basis",
    "mitigations-for-application": "challenge mitigation label",
    "models": "model label year parameters tokens organization",
    "papers-describing": "paper title year",
    "papers-on": "paper title year section",
    "sub-challenges": "challenge label",
    "systems-in": "system label adaptation model paper",
    "unaddressed": "challenge label",
}


def names(result: Result, column: str) -> set[str]:
    return {local_name(str(row[column])) for row in result.to_dicts() if column in row}


def examples(kg, name: str) -> dict[str, str]:
    query = kg.saved_query(name)
    return {p.name: p.example for p in query.parameters if p.required and p.example}


def test_every_file_is_a_saved_query(kg) -> None:
    assert sorted(kg.queries) == NAMES
    assert len(NAMES) >= 65


@pytest.mark.parametrize(
    "value",
    ["retrieval augmentation", "Retrieval-Augmentation", "RAG", "检索增强", "mitigation:retrieval-augmentation"],
)
def test_what_retrieval_augmentation_addresses(kg, value: str) -> None:
    rows = kg.query("challenges-addressed", mitigation=value).to_dicts()
    found = {local_name(r["challenge"]): (local_name(r["basis"]), r["direct"]) for r in rows if "parent" not in r}
    assert found == {
        "hallucinations": ("stated", True),
        "outdated-knowledge": ("stated", True),
        "limited-context-length": ("stated-elsewhere", True),
    }
    assert all(row["source"].endswith("source/kaddour-2023") for row in rows)


def test_lora_addresses_the_parts_directly_and_the_whole_by_inference(kg) -> None:
    rows = kg.query("challenges-addressed", mitigation="LoRA").to_dicts()
    assert {local_name(r["challenge"]): (r["direct"], local_name(r.get("parent", ""))) for r in rows} == {
        "large-memory-requirements": (True, "fine-tuning-overhead"),
        "storing-and-loading-copies": (True, "fine-tuning-overhead"),
        "fine-tuning-overhead": (False, ""),
    }


def test_asserted_leaves_out_what_is_inferred(kg) -> None:
    found = names(kg.query("challenges-addressed", mitigation="LoRA", asserted=True), "challenge")
    assert found == {"large-memory-requirements", "storing-and-loading-copies"}


def test_labels_come_out_in_the_chosen_language(kg) -> None:
    labels = {r["label"] for r in kg.query("sub-challenges", challenge="hallucinations", lang="zh").to_dicts()}
    assert "幻觉滚雪球" in labels
    assert all(any("\u4e00" <= char <= "\u9fff" for char in label) for label in labels)


@pytest.mark.parametrize("name", NAMES)
def test_query_runs_on_its_examples_and_gives_its_columns(kg, name: str) -> None:
    query = kg.saved_query(name)
    result = kg.query(name, **examples(kg, name))
    assert len(result) > 0
    assert list(result.variables) == [column.name for column in query.columns]
    assert set(COLUMNS.get(name, "").split()) <= set(result.variables)
    assert len(set(map(str, result.rows))) == len(result.rows)


@pytest.mark.parametrize("name", NAMES)
def test_query_runs_unchanged_in_any_sparql_tool(kg, name: str) -> None:
    text = kg.saved_query(name).text
    assert list(pyoxigraph.Store().query(text).variables)  # no data: an open parameter would ask for every combination
    assert rdflib.Graph().query(text).vars


@pytest.mark.parametrize("name", NAMES)
def test_query_asks_in_both_languages_and_explains_its_columns(kg, name: str) -> None:
    query = kg.saved_query(name)
    assert query.question["en"]
    assert query.question["zh"]
    assert all(column.description and column.type for column in query.columns)
    assert all(parameter.example for parameter in query.parameters)


def test_an_optional_parameter_narrows_the_rows(kg) -> None:
    assert names(kg.query("datasets", public="true", min_terabytes="2.6"), "dataset") == {
        "llama-redpajama",
        "oscar",
        "refinedweb",
        "the-stack",
    }
    assert names(kg.query("datasets", source_type="books"), "dataset") == {
        "bookcorpus",
        "glam-dataset",
        "llama-redpajama",
        "massivetext",
    }
    assert names(kg.query("systems-in", application="law", adaptation="fine-tuned"), "adaptation") == {"fine-tuned"}
    assert len(kg.query("systems-in", application="law")) > len(
        kg.query("systems-in", application="law", adaptation="fine-tuned")
    )


def test_models_by_size_and_maker(kg) -> None:
    found = names(kg.query("models", min_parameters_billion="500", organization="Google"), "model")
    assert {"palm", "gshard", "switch", "glam"} <= found
    assert "gpt-3" not in found


def test_sources_state_no_remedy_for_some_challenges(kg) -> None:
    found = names(kg.query("unaddressed", source="source:kaddour-2023"), "challenge")
    assert "tasks-not-solvable-by-scale" in found
    assert "hallucinations" not in found
    assert "tasks-not-solvable-by-scale" not in names(kg.query("unaddressed"), "challenge")


def test_a_sub_area_has_the_constraints_of_its_area(kg) -> None:
    assert names(
        kg.query("constraints-of", application="medical question answering and comprehension"), "constraint"
    ) == {"hallucination-and-bias"}


def test_inference_up_and_across(kg) -> None:
    ask = kg.sparql
    assert ask("ASK { application:law llmkg:faces challenge:outdated-knowledge }").boolean
    assert ask("ASK { application:law llmkg:mayDrawOn mitigation:retrieval-augmentation }").boolean
    assert not ask("ASK { application:law llmkg:faces challenge:outdated-knowledge }", asserted=True).boolean
    assert ask("ASK { ?p llmkg:relevantTo challenge:hallucinations }").boolean


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"mitigation": "retreival augmentation"}, r"no mitigation of that name. Did you mean Retrieval augmentation"),
        ({"mitigation": "mitigation:lroa"}, r"Did you mean LoRA \(mitigation:lora\)"),
        (
            {"mitigation": "hallucinations"},
            r"hallucinations \(challenge:.*\): this is of kind .*challenge, not mitigation",
        ),
        ({"mitigation": "challenge:hallucinations"}, r"of kind .*challenge.*, not mitigation"),
        ({"mitigaton": "LoRA"}, r"no parameter mitigaton. Did you mean mitigation\?"),
        ({}, r"the parameter mitigation is missing"),
        ({"mitigation": "LoRA", "lang": "fr"}, r"no language 'fr'. Use en or zh"),
    ],
)
def test_a_wrong_value_is_explained(kg, values: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        kg.query("challenges-addressed", **values)


def test_an_unknown_query_names_the_nearest(kg) -> None:
    with pytest.raises(UsageError, match=r"no saved query 'challenge-adressed'. Did you mean challenges-addressed"):
        kg.query("challenge-adressed")


def test_search_finds_by_abbreviation_and_chinese_name(kg) -> None:
    assert kg.short(kg.find("lora")[0].term) == "mitigation:lora"
    assert kg.short(kg.find("幻觉")[0].term) == "challenge:hallucinations"
    assert "mitigation:retrieval-augmentation" in {kg.short(hit.term) for hit in kg.find("retrieval augmantation")}


def test_describe_tells_asserted_from_inferred_and_gives_claims(kg) -> None:
    description = kg.describe("mitigation:lora")
    told = {(kg.short(f.predicate), kg.short(f.term)): f.asserted for f in description.outgoing}
    assert told["llmkg:addresses", "challenge:large-memory-requirements"] is True
    assert told["llmkg:addresses", "challenge:fine-tuning-overhead"] is False
    assert len(description.claims) == 2
    assert all(claim.sections and claim.source for claim in description.claims)


def test_a_query_asked_again_is_answered_by_its_values(kg) -> None:
    name = "challenges-addressed"
    first, other = (kg.query(name, mitigation=value) for value in ("LoRA", "retrieval augmentation"))
    assert first.rows != other.rows
    assert kg.query(name, mitigation="LoRA").rows == first.rows
    assert kg.query(name, mitigation="LoRA", lang="zh").rows != first.rows
    for _ in range(2):
        with pytest.raises(UsageError, match=r"no .* of that name"):
            kg.query(name, mitigation="no such thing")


def test_graphs_are_named_though_a_comment_speaks_of_them(kg) -> None:
    text = "# Each graph of a file.\nSELECT DISTINCT ?g WHERE { GRAPH ?g { ?s a owl:Ontology } }"
    assert len(kg.sparql(text)) > 5
    assert len(kg.sparql("# Of no graph.\nSELECT ?s WHERE { ?s a owl:Ontology }")) > 5
