"""The card of a thing: names, definition, links by property, papers, claims, and how a term is used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from llmkg import KnowledgeGraph
from llmkg.cli import main
from llmkg.describe import description_json, description_markdown, description_text
from llmkg.render import Style, width_of


def card(kg: KnowledgeGraph, name: str, lang: str = "en", width: int = 80, *, whole: bool = False) -> str:
    return description_text(kg, kg.describe(name), lang, width, whole=whole)


def group(text: str, title: str) -> list[str]:
    """Return the lines under a title."""
    _, _, rest = text.partition(f"\n  {title}")
    return [line.strip() for line in rest.split("\n\n")[0].splitlines()[1:]]


def test_a_mitigation(kg: KnowledgeGraph) -> None:
    text = card(kg, "LoRA")
    assert text.startswith("LoRA  (mitigation:lora)\n  mitigation\n  低秩适应\n")
    assert "low-rank adaptation" in text
    assert "\n\n  LoRA (low-rank adaptation) is a parameter-efficient fine-tuning method" in text
    assert group(text, "addresses (3)") == [
        "Fine-Tuning Overhead (challenge:fine-tuning-overhead) *",
        "Large memory requirements (challenge:large-memory-requirements)",
        "Storing and loading fine-tuned copies (challenge:storing-and-loading-copies)",
    ]
    assert group(text, "has kind") == ["QLoRA (mitigation:qlora) *"]
    assert text.endswith("\n* inferred\n")


def test_papers_have_year_and_identifier(kg: KnowledgeGraph) -> None:
    (paper,) = [" ".join(group(card(kg, "LoRA"), "is described in"))]
    assert re.search(r"\(2021\)\. .*arXiv:2106\.09685 \(paper:hu-2021-lora\)$", paper)


def test_claims_have_section_basis_and_papers(kg: KnowledgeGraph) -> None:
    text = card(kg, "LoRA", width=200)
    _, _, claims = text.partition("\nClaims (2)\n")
    head = "  Kaddour et al. 2023: LoRA addresses Large memory requirements: "
    assert claims.startswith(f"{head}Section 2.4, Parameter-efficient fine-tuning (stated)\n      E. J. Hu")


def test_what_points_to_a_thing_is_told_once(kg: KnowledgeGraph) -> None:
    """An inverse is inferred: the other direction would say the same again."""
    text = card(kg, "hallucinations", whole=True)
    assert re.search(r"\n  is addressed by \(\d\d\)\n", text)
    assert "← addresses" not in text
    assert len(re.findall(r"\n  is addressed by", text)) == 1


def test_in_chinese(kg: KnowledgeGraph) -> None:
    text = card(kg, "LoRA", "zh")
    assert text.startswith("低秩适应  (mitigation:lora)\n  缓解方法\n  LoRA\n")
    assert "\n  应对 (3)\n" in text
    assert "\n论断 (2)\n" in text
    assert text.endswith("\n* 推断所得\n")


def test_long_groups_are_cut_unless_all_is_wanted(kg: KnowledgeGraph) -> None:
    short, whole = card(kg, "hallucinations"), card(kg, "hallucinations", whole=True)
    (count,) = re.findall(r"\n  is addressed by \((\d+)\)", short)
    assert f"\n    and {int(count) - 12} more\n" in short
    assert not re.search(r"and \d+ more", whole)
    assert len(whole) > len(short)


@pytest.mark.parametrize(
    "name", ["LoRA", "hallucinations", "llmkg:Mitigation", "addresses", "paper:hu-2021-lora", "law"]
)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 40])
def test_lines_keep_to_the_width(kg: KnowledgeGraph, name: str, lang: str, width: int) -> None:
    body = card(kg, name, lang, width, whole=True).splitlines()[1:]
    titles = [line for line in body if line.startswith("  ") and not line.startswith("   ")]
    assert max(width_of(line) for line in body if line not in titles) <= width


def test_a_class(kg: KnowledgeGraph) -> None:
    text = card(kg, "challenge")
    assert text.startswith("challenge  (llmkg:Challenge)\n  owl:Class\n")
    assert re.search(r"\n  76 instances: \d+ asserted, \d+ inferred\n", text)
    assert "obstacle (llmkg:Obstacle)" in group(text, "superclasses")
    assert "design challenge (llmkg:DesignChallenge)" in "\n".join(group(text, "subclasses"))
    assert group(text, "instances (76)")[-1] == "and 64 more"
    assert "_:" not in text


def test_a_property(kg: KnowledgeGraph) -> None:
    text = card(kg, "llmkg:addresses")
    assert group(text, "domain") == ["mitigation (llmkg:Mitigation)"]
    assert group(text, "range") == ["obstacle (llmkg:Obstacle)"]
    assert group(text, "inverse of") == ["is addressed by (llmkg:addressedBy)"]
    used = re.search(r"\n  (\d+) triples: (\d+) asserted, (\d+) inferred\n", text)
    assert used
    total, asserted, inferred = map(int, used.groups())
    assert total == asserted + inferred
    query = "SELECT (COUNT(*) AS ?n) { ?s llmkg:addresses ?o }"
    assert kg.sparql(query).to_dicts() == [{"n": total}]
    assert kg.sparql(query, asserted=True).to_dicts() == [{"n": asserted}]


def test_colour_is_for_terminals_only(kg: KnowledgeGraph) -> None:
    found = kg.describe("LoRA")
    plain, coloured = (description_text(kg, found, "en", 80, style=Style(colour=c)) for c in (False, True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d?m", "", coloured) == plain != coloured


def test_markdown(kg: KnowledgeGraph) -> None:
    text = description_markdown(kg, kg.describe("LoRA"), "en")
    assert text.startswith("# LoRA\n\n`mitigation:lora`, mitigation\n")
    assert "\n## addresses (3)\n\n- Fine-Tuning Overhead (challenge:fine-tuning-overhead) *(inferred)*\n" in text
    assert "\n## Claims (2)\n" in text


def test_json(kg: KnowledgeGraph) -> None:
    found = description_json(kg, kg.describe("LoRA"), "zh")
    assert found["curie"] == "mitigation:lora"
    assert found["label"] == "低秩适应"
    assert str(found["definition"]).startswith("低秩适应（LoRA）")
    assert found["usage"] is None
    assert [(paper["year"], paper["arxiv"]) for paper in found["papers"]] == [(2021, "2106.09685")]  # type: ignore[attr-defined]
    assert {"property", "property_label", "value", "label", "language", "asserted"} == set(found["outgoing"][0])  # type: ignore[index]
    json.dumps(found)
    usage = description_json(kg, kg.describe("llmkg:Model"), "en")["usage"]
    assert usage == {"what": "instances", "asserted": 82, "inferred": 0}


@pytest.mark.parametrize("result_format", ["text", "json", "markdown"])
def test_the_command(kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str], result_format: str) -> None:
    assert main(["show", "LoRA", "--format", result_format, "--all", "--graph", str(kg.pack.root)]) == 0
    assert "mitigation:lora" in capsys.readouterr().out


def test_a_pack_of_another_field(pack: Path) -> None:
    zoo = KnowledgeGraph.open(pack, cache=False)
    assert card(zoo, "Felix").startswith("Felix  (:felix)\n  cat\n  菲利克斯\n\n  eats\n    Jerry (:jerry)\n")
    assert "\n  ← eats\n    Felix (:felix)" in card(zoo, ":jerry")
    assert "\n  superclasses\n    animal (:Animal)" in card(zoo, "cat")
