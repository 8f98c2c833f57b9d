"""What asking is made of: tables kept as text, how alike two texts are, questions in their plain form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from llmkg import KnowledgeGraph
from llmkg.ask.ideas import without_fillers
from llmkg.ask.likeness import ratio
from llmkg.ask.lines import Lines, to_lines
from llmkg.ask.words import plain, singular

KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n"))


@given(one=st.text(max_size=60), other=st.text(max_size=60))
def test_ratio_is_that_of_rapidfuzz(one: str, other: str) -> None:
    assert ratio(one, other) == pytest.approx(fuzz.ratio(one, other) / 100)


@given(one=st.lists(st.sampled_from("abc")), other=st.lists(st.sampled_from("abc")))
def test_the_ratio_of_lists_is_that_of_rapidfuzz(one: list[str], other: list[str]) -> None:
    assert ratio(one, other) == pytest.approx(fuzz.ratio(one, other) / 100)


@given(table=st.dictionaries(KEYS, st.lists(st.integers(0, 99), min_size=1, max_size=5)), other=KEYS)
def test_a_table_is_found_again_key_by_key(table: dict[str, list[int]], other: str) -> None:
    lines = Lines(to_lines(table))
    assert {key: [*map(int, lines[key])] for key in lines} == table
    assert (other in lines) == (other in table)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("有没有公开的数据集", "有公开的数据集"),
        ("RAG能不能缓解幻觉", "rag能缓解幻觉"),
        ("偏见严不严重", "偏见严重"),
        ("推理太慢", "推理慢"),
        ("没有对策的挑战", "没有对策的挑战"),
        ("不太多", "不太多"),
    ],
)
def test_a_repeated_verb_is_said_once(asked: str, left: str) -> None:
    assert plain(asked) == left


def test_words_in_as_are_no_plurals_of_words_in_a() -> None:
    assert [singular(word) for word in ("bias", "biases", "alias", "areas")] == ["bias", "bias", "alias", "area"]


def test_fillers_are_left_out_whole() -> None:
    known = {"到底": "filler", "出现在": "face", "现在": "filler"}
    assert "".join(without_fillers([*"幻觉到底出现在哪"], known)) == "幻觉出现在哪"


def test_a_question_that_is_spelled_right_imports_no_rapidfuzz(kg: KnowledgeGraph, tmp_path: Path) -> None:
    code = (
        "import sys; from llmkg import KnowledgeGraph; "
        "kg = KnowledgeGraph.open(sys.argv[1], cache=sys.argv[2]); print(kg.understand(sys.argv[3]).reading.query); "
        "print('rapidfuzz' in sys.modules)"
    )
    told = []
    for question in ("which challenges does RAG address", "wich chalenges does retreival augmentaton adress"):
        command = [sys.executable, "-c", code, str(kg.pack.root), str(tmp_path), question]
        told.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert told == [["challenges-addressed", "False"], ["challenges-addressed", "True"]]
