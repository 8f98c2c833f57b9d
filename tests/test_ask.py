"""Questions in English and Chinese become saved queries with values, or are declined."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from llmkg import InputError, KnowledgeGraph, UsageError
from llmkg.ask import LONGEST, Reading, read_synonyms
from llmkg.cli import main
from llmkg.terms import curie

DEVELOPMENT = Path(__file__).resolve().parent / "ask" / "development.yaml"
QUESTIONS: list[dict[str, Any]] = yaml.safe_load(DEVELOPMENT.read_text(encoding="utf-8"))
ANSWERED = [entry for entry in QUESTIONS if "query" in entry]
DECLINED = [entry for entry in QUESTIONS if "declined" in entry]


def values(kg: KnowledgeGraph, reading: Reading) -> dict[str, str]:
    return {name: curie(value, kg.prefixes) or value for name, value in reading.values.items()}


def understood(kg: KnowledgeGraph, question: str) -> tuple[str, dict[str, str]] | None:
    reading = kg.understand(question).reading
    return None if reading is None else (reading.query, values(kg, reading))


def is_right(kg: KnowledgeGraph, entry: dict[str, Any]) -> bool:
    reading = kg.understand(entry["question"]).reading
    if reading is None:
        return False

    def bound(name: str, given: dict[str, str]) -> object:
        return {key: value for key, value in kg.bind(kg.saved_query(name), given).items() if key != "lang"}

    wanted = [(e["query"], bound(e["query"], e.get("parameters", {}))) for e in (entry, *entry.get("also", []))]
    return (reading.query, bound(reading.query, dict(reading.values))) in wanted


# -- what it is chosen on -----------------------------------------------------------------------


def test_the_development_questions_are_answered(kg: KnowledgeGraph) -> None:
    assert len(ANSWERED) >= 800
    wrong = [entry["question"] for entry in ANSWERED if not is_right(kg, entry)]
    assert len(wrong) <= 0.1 * len(ANSWERED), wrong


def test_what_is_no_question_about_the_graph_is_declined(kg: KnowledgeGraph) -> None:
    assert len(DECLINED) >= 270
    answered = [entry["question"] for entry in DECLINED if kg.understand(entry["question"]).reading]
    assert len(answered) <= 0.02 * len(DECLINED), answered


# -- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "query", "given"),
    [
        ("检索增强能缓解哪些挑战", "challenges-addressed", {"mitigation": "mitigation:retrieval-augmentation"}),
        (
            "what holds back LLMs in law, and what helps, according to which papers?",
            "obstacles-and-remedies",
            {"application": "application:law"},
        ),
        ("compare pruning with LoRA", "compare-mitigations", {"first": "mitigation:pruning", "second": "mitigation:lora"}),
        ("compare LoRA with pruning", "compare-mitigations", {"first": "mitigation:lora", "second": "mitigation:pruning"}),
        ("compare BLOOM with OPT", "compare-models", {"first": "model:bloom", "second": "model:opt"}),
        ("data sets larger than 2 terabytes", "datasets", {"min_terabytes": "2"}),
        ("which public data sets are there", "datasets", {"public": "true"}),
        ("哪些论文被至少7处引用", "most-cited-papers", {"at_least": "7"}),
        ("which mitigations help with at least three challenges", "mitigations-by-challenges", {"at_least": "3"}),
        ("which paper has the arXiv number 2005.11401", "find-paper", {"arxiv": "2005.11401"}),
        ("DOI 10.1093/bib/bbac409是哪篇论文", "find-paper", {"doi": "10.1093/bib/bbac409"}),
        ('which papers are by "Shazeer"', "find-paper", {"author": "Shazeer"}),
        ("超过1000亿参数的模型", "models", {"min_parameters_billion": "100"}),
        ("open data sets", "datasets", {"public": "true"}),
        ('paper titled "few-shot learners"', "find-paper", {"title": "few-shot learners"}),
        ("which remedies are useful against more than one challenge", "mitigations-by-challenges", {}),
        ("compair law and medicine", "compare-applications", {"first": "application:law", "second": "application:medicine"}),
        ("what helps against hallucinating", "mitigations-for", {"challenge": "challenge:hallucinations"}),
        ("如何降低推理延迟", "mitigations-for", {"challenge": "challenge:high-inference-latency"}),
        (
            "Hello! I'm writing a thesis and would like to find literature on hallucinations.",
            "papers-on",
            {"topic": "challenge:hallucinations"},
        ),
        ("what does mitigation:lora address", "challenges-addressed", {"mitigation": "mitigation:lora"}),
        ("wich chalenges does retreival augmentaton adress", "challenges-addressed", {"mitigation": "mitigation:retrieval-augmentation"}),
        ("define RLHF", "definition", {"thing": "mitigation:rlhf"}),
        ("does RLHF help against toxicity", "links-between", {"mitigation": "mitigation:rlhf", "obstacle": "challenge:toxicity"}),
        ("量化能不能改善推理延迟", "links-between", {"mitigation": "mitigation:quantization", "obstacle": "challenge:high-inference-latency"}),
        ("推理太慢怎么办", "mitigations-for", {"challenge": "challenge:high-inference-latency"}),
        ("speed up inference", "mitigations-for", {"challenge": "challenge:high-inference-latency"}),
        ("are there papers on bias", "papers-on", {"topic": "challenge:biases"}),
        ("有没有公开的数据集", "datasets", {"public": "true"}),
        ("千亿以上参数的模型", "models", {"min_parameters_billion": "100"}),
        ("GPT-4的基本信息", "facts-of", {"thing": "model:gpt-4"}),
        ("找一下arXiv编号1706.03762的论文", "find-paper", {"arxiv": "1706.03762"}),
        ('papers by the author "Brown"', "find-paper", {"author": "Brown"}),
        ("WHICH CHALLENGES DOES FLASH-ATTENTION ADDRESS", "challenges-addressed", {"mitigation": "mitigation:flashattention"}),
    ],
)  # fmt: skip
def test_values_are_found_by_their_type(kg: KnowledgeGraph, question: str, query: str, given: dict[str, str]) -> None:
    assert understood(kg, question) == (query, given)


def test_what_says_nothing_changes_nothing(kg: KnowledgeGraph) -> None:
    plain = kg.understand("哪些方法能缓解幻觉").reading
    for question in ("目前到底有哪些方法能缓解幻觉", "其实我们现在哪些方法能缓解幻觉呢"):
        reading = kg.understand(question).reading
        assert plain is not None
        assert reading is not None
        assert (reading.query, reading.values) == (plain.query, plain.values)
        assert reading.score > 0.9


def test_a_question_is_found_in_what_is_said_around_it(kg: KnowledgeGraph) -> None:
    for question in (
        "Good evening, my team at the clinic is drafting guidelines and we argue a lot: how can biases be measured?",
        "我们团队最近在写一份内部材料，怎么度量偏见，急用",
    ):
        assert understood(kg, question) == ("measures-for", {"challenge": "challenge:biases"})
    assert understood(kg, "my brother lives in Berlin and would like to know where he can buy a bicycle") is None


def test_a_name_is_no_identifier(kg: KnowledgeGraph) -> None:
    found = kg.understand('anything by the author "Brown"')
    readings = [*found.others, *([found.reading] if found.reading else [])]
    given = {name for r in readings if r.query == "find-paper" for name in r.values}
    assert "author" in given
    assert not given & {"arxiv", "doi"}


def test_doubled_and_swapped_letters_are_mended(kg: KnowledgeGraph) -> None:
    assert understood(kg, "sistems for medecine") == ("systems-in", {"application": "application:medicine"})
    assert understood(kg, "wat limmits llms in law") == ("constraints-of", {"application": "application:law"})
    assert understood(kg, "papper on toxicity") == ("papers-on", {"topic": "challenge:toxicity"})
    assert understood(kg, "papres on toxicty") == ("papers-on", {"topic": "challenge:toxicity"})


def test_greetings_alone_are_no_question(kg: KnowledgeGraph) -> None:
    assert [kg.understand(text).reading for text in ("hello there", "thanks so much", "你们好", "ok")] == [None] * 4


def test_the_class_of_a_parameter_picks_the_thing(kg: KnowledgeGraph) -> None:
    """GPT-4 is a model; chatbots are an application: the words around are the same."""
    for question, query, term in (
        ("which systems use BERT", "systems-on-model", "model:bert"),
        ("which systems are there for chatbots", "systems-in", "application:chatbots"),
    ):
        reading = kg.understand(question).reading
        assert reading is not None
        assert (reading.query, set(values(kg, reading).values())) == (query, {term})


def test_a_name_of_several_words_beats_a_shorter_one_in_it(kg: KnowledgeGraph) -> None:
    assert understood(kg, "how do I reduce hallucination snowballing") == (
        "mitigations-for",
        {"challenge": "challenge:hallucination-snowballing"},
    )


def test_the_answer_is_in_the_language_of_the_question(kg: KnowledgeGraph) -> None:
    chinese, english = kg.ask("检索增强能缓解哪些挑战"), kg.ask("which challenges does retrieval augmentation address")
    assert (chinese.understanding.language, english.understanding.language) == ("zh", "en")
    assert kg.ask("检索增强能缓解哪些挑战", lang="en").understanding.language == "en"
    assert chinese.result is not None
    assert english.result is not None
    labels = [[row["label"] for row in answer.result.to_dicts()] for answer in (chinese, english)]  # type: ignore[union-attr]
    assert "幻觉" in labels[0]
    assert "Hallucinations" in labels[1]


def test_the_three_challenges_and_their_parts(kg: KnowledgeGraph) -> None:
    result = kg.ask("检索增强能缓解哪些挑战").result
    assert result is not None
    whole = {row["challenge"] for row in result.to_dicts() if "parent" not in row}
    names = ("hallucinations", "outdated-knowledge", "limited-context-length")
    assert whole == {f"https://w3id.org/llmkg/challenge/{name}" for name in names}


def test_other_readings_are_told_best_first(kg: KnowledgeGraph) -> None:
    found = kg.understand("which challenges does LoRA address")
    assert found.reading is not None
    scores = [found.reading.score, *(other.score for other in found.others)]
    assert scores == sorted(scores, reverse=True)
    seen = [(other.query, tuple(sorted(other.values.items()))) for other in (found.reading, *found.others)]
    assert len(seen) == len(set(seen)) > 1
    assert all(0 <= score <= 1 for score in scores)


def test_where_nothing_fits_there_is_no_result(kg: KnowledgeGraph) -> None:
    answer = kg.ask("what is the weather like in Paris tomorrow")
    assert answer.result is None
    assert answer.understanding.reading is None


# -- bad input ----------------------------------------------------------------------------------


def test_a_question_that_is_too_long_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"the question has 1,000,000 characters\. Ask .* in 500 characters at most"):
        kg.understand("a" * 1_000_000)
    kg.understand("x " * (LONGEST // 2))


@pytest.mark.parametrize("question", ["", " ", "\n\t", "???", "\x00\x01", "。，！", "\ue000"])
def test_a_question_without_words_is_refused(kg: KnowledgeGraph, question: str) -> None:
    with pytest.raises(UsageError, match="the question has no words"):
        kg.understand(question)


@pytest.mark.parametrize(
    "question",
    [
        "'; DROP TABLE challenges; --",
        "LoRA> } DELETE WHERE { ?s ?p ?o } #",
        'x" . } # ',
        "{mitigation} {challenge} {lang}",
        "which challenges does {mitigation} address",
        "какие проблемы решает LoRA",
        "ما هي التحديات",
        "LoRA\x00\x1b[31m",
        "\ud800 LoRA",
        "<script>alert(1)</script>",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "LoRA " * 99,
        "检索" * 200,
        "law medicine chatbots reasoning LoRA RLHF BERT GPT-3 GPT-4 hallucinations toxicity biases OPT BLOOM",
    ],
)
def test_odd_questions_are_answered_or_declined(kg: KnowledgeGraph, question: str) -> None:
    kg.ask(question)


@settings(max_examples=60, deadline=None)
@given(question=st.text(min_size=1, max_size=80))
def test_any_text_is_understood_or_refused(kg: KnowledgeGraph, question: str) -> None:
    try:
        found = kg.understand(question)
    except UsageError as error:
        assert "the question has no words" in str(error)  # noqa: PT017  (nothing is also an outcome)
    else:
        assert all(
            set(other.values) <= {p.name for p in kg.saved_query(other.query).parameters} for other in found.others
        )


# -- the command --------------------------------------------------------------------------------


def ask(kg: KnowledgeGraph, *arguments: str) -> int:
    return main(["ask", *arguments, "--graph", str(kg.pack.root)])


def test_it_says_what_it_understood_and_shows_sources(kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(kg, "检索增强能缓解哪些挑战") == 0
    captured = capsys.readouterr()
    first, command, *_ = captured.err.splitlines()
    assert first.startswith("llmkg: 理解为：检索增强")
    assert command == "  llmkg query challenges-addressed mitigation=mitigation:retrieval-augmentation"
    assert "知识过时" in captured.out
    assert "\n来源\n[1] Kaddour 等人 2023: 检索增强 应对 幻觉" in captured.out


def test_other_readings_are_ready_commands(kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    ask(kg, "what", "is", "LoRA", "good", "for", "--no-sources")
    captured = capsys.readouterr()
    assert "Sources" not in captured.out
    commands = re.findall(r"^llmkg: or was it: .*\?\n  llmkg (query .*)$", captured.err, re.MULTILINE)
    assert 1 <= len(commands) == captured.err.count("or was it") <= 3
    for command in commands:
        assert main([*command.split(), "--graph", str(kg.pack.root)]) == 0


def test_json_is_the_results_format_with_one_more_member(
    kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(kg, "which challenges does RAG address?", "--format", "json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"head", "results", "llmkg"}
    assert answer["results"]["bindings"]
    told = answer["llmkg"]
    assert told["query"] == "challenges-addressed"
    assert told["parameters"]["mitigation"].startswith("mitigation:r")
    assert 0.3 < told["score"] <= 1
    assert len(told["other readings"]) <= 3
    assert told["sources"]
    ask(kg, "what is LoRA good for", "--format", "json", "--no-sources")
    answer = json.loads(capsys.readouterr().out)
    told = answer["llmkg"]
    reasons = set() if answer["results"]["bindings"] else {"empty"}
    assert set(told) == {"query", "parameters", "score", "other readings", *reasons}
    assert set(told["other readings"][0]) == {"query", "parameters", "score"}


def test_a_declined_question_is_a_finding_with_the_nearest(
    kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(kg, "how do I cook law-abiding spaghetti?") == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("llmkg: no saved query fits this question. The nearest that can be asked:\n")
    assert captured.err.count("llmkg query ") <= 3
    assert ask(kg, "how do I cook law-abiding spaghetti?", "--format", "json") == 1
    told = json.loads(capsys.readouterr().out)["llmkg"]
    assert told["query"] is None
    assert told["other readings"]


@pytest.mark.parametrize("result_format", ["csv", "tsv", "xml", "markdown", "html", "bibtex"])
def test_every_format_of_a_query(kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str], result_format: str) -> None:
    assert ask(kg, "检索增强能缓解哪些挑战", "--format", result_format) == 0
    assert capsys.readouterr().out


def test_a_long_question_is_one_line(kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(kg, "why " * 100_000) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1


# -- another pack -------------------------------------------------------------------------------


def test_a_pack_of_another_field_is_asked(pack: Path) -> None:
    zoo = KnowledgeGraph.open(pack, cache=False)
    answer = zoo.ask("what does Felix eat?")
    assert answer.result is not None
    assert [str(row["food"]) for row in answer.result.to_dicts()] == ["https://example.org/zoo#jerry"]


def score(kg: KnowledgeGraph, question: str) -> float:
    found = kg.understand(question)
    return max(reading.score for reading in (found.reading, *found.others) if reading is not None)


def test_a_pack_adds_synonyms(pack: Path) -> None:
    question = "what does Felix devour"
    before = score(KnowledgeGraph.open(pack, cache=False), question)
    (pack / "queries" / "synonyms.yaml").write_text("- [eat, devour]\n", encoding="utf-8")
    after = score(KnowledgeGraph.open(pack, cache=False), question)
    assert before < 0.9 < after


def test_changed_synonyms_are_seen(pack: Path, tmp_path: Path) -> None:
    question = "what does Felix devour"
    before = score(KnowledgeGraph.open(pack, cache=tmp_path / "cache"), question)
    (pack / "queries" / "synonyms.yaml").write_text("- [eat, devour]\n", encoding="utf-8")
    assert score(KnowledgeGraph.open(pack, cache=tmp_path / "cache"), question) > before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "eat: devour",
            r"synonyms\.yaml:1: this is no list of lists of words\. Write one list per idea: - \[word, word\]\.",
        ),
        ("- eat", r"synonyms\.yaml:1: this is no list of lists of words"),
        ("- []", r"synonyms\.yaml:1: this is no list of lists of words"),
        ("- [eat\n- [x", r"synonyms\.yaml:\d: this is not valid YAML"),
    ],
)
def test_a_broken_file_of_synonyms_is_named(pack: Path, text: str, message: str) -> None:
    (pack / "queries" / "synonyms.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        KnowledgeGraph.open(pack, cache=False).understand("what does Felix eat")


def test_the_synonyms_of_the_pack_say_each_word_once(kg: KnowledgeGraph) -> None:
    assert kg.pack.synonyms is not None
    words = [word for group in read_synonyms(kg.pack.synonyms, "synonyms.yaml") for word in group]
    assert [word for word in words if words.count(word) > 1] == []
