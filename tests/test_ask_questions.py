"""The unseen questions for ``llmkg ask`` are well-formed; how many are answered is measured elsewhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from llmkg import KnowledgeGraph
from llmkg.lexicon import fold
from llmkg.terms import curie

FILE = Path(__file__).resolve().parent / "ask" / "questions.yaml"
QUESTIONS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
ANSWERED = [entry for entry in QUESTIONS if "query" in entry]
DECLINED = [entry for entry in QUESTIONS if "declined" in entry]
STYLES = {"plain", "terse", "polite", "synonym", "abbreviation", "misspelling", "word-order"}
OFF_TOPIC = {"other-topic", "small-talk", "code", "near-topic"}


def readings() -> list[tuple[str, dict[str, str]]]:
    return [
        (reading["query"], reading.get("parameters", {}))
        for entry in ANSWERED
        for reading in (entry, *entry.get("also", []))
    ]


def test_there_are_enough_questions_of_each_sort() -> None:
    assert len(QUESTIONS) >= 300
    assert len(ANSWERED) + len(DECLINED) == len(QUESTIONS)
    assert 3 * sum(entry["lang"] == "zh" for entry in QUESTIONS) >= len(QUESTIONS)
    assert 5 * len(DECLINED) >= len(QUESTIONS)


def test_every_way_of_putting_a_question_is_there() -> None:
    for entries, styles in ((ANSWERED, STYLES), (DECLINED, OFF_TOPIC)):
        counts = Counter(entry["style"] for entry in entries)
        assert set(counts) == styles
        assert min(counts.values()) >= 3, counts


def test_every_entry_has_the_keys_of_its_sort() -> None:
    for entry in ANSWERED:
        assert {"question", "lang", "style", "query"} <= set(entry), entry
        assert set(entry) <= {"question", "lang", "style", "query", "parameters", "also"}, entry
    for entry in DECLINED:
        assert set(entry) == {"question", "lang", "style", "declined"}, entry
        assert entry["declined"] is True


def test_nearly_every_saved_query_is_asked_for_in_both_languages(kg: KnowledgeGraph) -> None:
    asked = {lang: {entry["query"] for entry in ANSWERED if entry["lang"] == lang} for lang in ("en", "zh")}
    assert 10 * len(asked["en"] & asked["zh"]) >= 9 * len(kg.queries)


def test_no_question_is_asked_twice() -> None:
    assert len({fold(entry["question"]) for entry in QUESTIONS}) == len(QUESTIONS)


def test_every_reading_can_be_run(kg: KnowledgeGraph) -> None:
    for name, parameters in readings():
        bound = kg.bind(kg.saved_query(name), parameters)
        for parameter, value in parameters.items():
            if kg.saved_query(name).parameter(parameter).type == "iri":
                terms = bound[parameter] if isinstance(bound[parameter], tuple) else (bound[parameter],)
                assert [curie(term.value, kg.prefixes) for term in terms] == [value], f"{name} {parameter}={value}"
