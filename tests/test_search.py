"""Search: how names fit, in which order, in both languages, with spelling forgiven."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmkg import KnowledgeGraph, UsageError
from llmkg.cli import main
from llmkg.search import LONGEST, Hit


def found(kg: KnowledgeGraph, words: str, kind: str | None = None) -> list[str]:
    return [kg.short(hit.term) for hit in kg.find(words, kind=kind)]


def hit(kg: KnowledgeGraph, words: str, curie: str) -> Hit:
    (only,) = [hit for hit in kg.find(words, 10_000) if kg.short(hit.term) == curie]
    return only


def test_the_ways_to_fit_are_told_and_ordered(kg: KnowledgeGraph) -> None:
    hits = kg.find("retrieval", 10_000)
    order = ["exact", "prefix", "word", "substring", "spelling"]
    assert [hit.how for hit in hits] == sorted((hit.how for hit in hits), key=order.index)
    assert {"prefix", "word"} <= {hit.how for hit in hits}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("words", "curie", "how", "name", "language"),
    [
        ("LoRA", "mitigation:lora", "exact", "LoRA", "en"),
        ("ｌｏｒａ", "mitigation:lora", "exact", "LoRA", "en"),
        ("retrieval-augmentation", "mitigation:retrieval-augmentation", "exact", "Retrieval augmentation", "en"),
        ("检索增强", "mitigation:retrieval-augmentation", "exact", "检索增强", "zh"),
        ("outdated", "challenge:outdated-knowledge", "prefix", "Outdated Knowledge", "en"),
        ("knowledge outdated", "challenge:outdated-knowledge", "word", "Outdated Knowledge", "en"),
        ("latency", "challenge:high-inference-latency", "word", "High Inference Latency", "en"),
        ("mitigation:lora", "mitigation:lora", "exact", "mitigation:lora", ""),
        ("halucinations", "challenge:hallucinations", "spelling", "Hallucinations", "en"),
        ("retreival augmentaton", "mitigation:retrieval-augmentation", "spelling", "Retrieval augmentation", "en"),
        ("知识过石", "challenge:outdated-knowledge", "spelling", "知识过时", "zh"),
    ],
)
def test_a_name_fits(kg: KnowledgeGraph, words: str, curie: str, how: str, name: str, language: str) -> None:  # noqa: PLR0913, PLR0917  (a table)
    best = hit(kg, words, curie)
    assert (best.how, best.name, best.language) == (how, name, language)


@pytest.mark.parametrize("words", ["LoRA", "幻觉", "hallucination", "law", "halucinations", "retreival augmentaton"])
def test_the_best_is_what_a_person_would_pick(kg: KnowledgeGraph, words: str) -> None:
    best = {
        "LoRA": "mitigation:lora",
        "幻觉": "challenge:hallucinations",
        "hallucination": "challenge:hallucinations",
        "law": "application:law",
        "halucinations": "challenge:hallucinations",
        "retreival augmentaton": "mitigation:retrieval-augmentation",
    }
    assert found(kg, words)[0] == best[words]


def test_spelling_is_guessed_only_where_no_name_has_the_words(kg: KnowledgeGraph) -> None:
    assert "spelling" not in {hit.how for hit in kg.find("hallucination", 10_000)}
    assert {hit.how for hit in kg.find("halucination", 10_000)} == {"spelling"}


def test_a_thing_is_found_once(kg: KnowledgeGraph) -> None:
    terms = found(kg, "a")
    assert len(terms) == len(set(terms)) == 20


def test_claims_are_found_only_when_asked_for(kg: KnowledgeGraph) -> None:
    assert not any(curie.startswith("claim:") for curie in found(kg, "LoRA"))
    assert {curie.partition(":")[0] for curie in found(kg, "LoRA", kind="claim")} == {"claim"}


def test_a_kind_is_a_class_by_any_of_its_names(kg: KnowledgeGraph) -> None:
    for kind in ("paper", "llmkg:Paper", "论文"):
        assert {curie.partition(":")[0] for curie in found(kg, "LoRA", kind=kind)} == {"paper"}
    assert found(kg, "hallucinations", kind="obstacle")[0] == "challenge:hallucinations"  # by its superclass
    with pytest.raises(UsageError, match=r"'papr': no .* of that name\. Did you mean paper \(llmkg:Paper\)"):
        kg.find("LoRA", kind="papr")


@pytest.mark.parametrize("words", ["", "   ", "-", "zzzzqqqq", "\x00", "'\"{}\\n", "мир", "ا", "%" * 100])
def test_nothing_is_found(kg: KnowledgeGraph, words: str) -> None:
    assert kg.find(words) == []


def test_a_megabyte_of_words_is_cut(kg: KnowledgeGraph) -> None:
    assert kg.find("LoRA " * 200_000) == kg.find("LoRA " * (LONGEST // 5))


@given(words=st.text(max_size=40))
def test_any_text_is_answered(kg: KnowledgeGraph, words: str) -> None:
    hits = kg.find(words, 5)
    assert len(hits) <= 5
    assert all(0 < hit.score <= 1 for hit in hits)


def test_a_pack_of_another_field_is_searched(pack: Path) -> None:
    zoo = KnowledgeGraph.open(pack, cache=False)
    assert [(hit.term.value, hit.name) for hit in zoo.find("菲利克斯")] == [
        ("https://example.org/zoo#felix", "菲利克斯")
    ]
    assert [hit.term.value.rsplit("#", 1)[-1] for hit in zoo.find("jery", kind="animal")] == [
        "jerry",
        "jerry-the-second",
    ]


# -- the command ------------------------------------------------------------------------------


def test_the_json_says_how_a_name_fits(kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "检索增强", "--format", "json", "--limit", "1", "--graph", kg.pack.root]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "term": "https://w3id.org/llmkg/mitigation/retrieval-augmentation",
            "curie": "mitigation:retrieval-augmentation",
            "label": "Retrieval augmentation",
            "kinds": ["mitigation"],
            "matched": "检索增强",
            "language": "zh",
            "how": "exact",
            "score": 1.0,
            "former": False,
        }
    ]


def test_a_miss_is_one_line(kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "zzzz" * 1000, "--kind", "paper", "--graph", kg.pack.root]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"llmkg: nothing of kind paper is called '{'zzzz' * 15} ...'. Try fewer or other words.\n"


def test_guessed_spelling_is_said(kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "halucinations", "--graph", kg.pack.root]) == 0
    captured = capsys.readouterr()
    assert "challenge:hallucinations" in captured.out
    assert captured.err == "llmkg: no name has these words; these are spelled like them.\n"
