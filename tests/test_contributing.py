"""The recipes of CONTRIBUTING.md, followed to the letter; and what a newcomer hears who makes a mistake in them."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from llmkg.cli import main
from llmkg.fmt import format_text
from llmkg.pack import Pack
from llmkg.validate import Finding, check_pack

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = ("paper", "technique", "claim", "query", "shape")
ENDING = "`llmkg fmt`, `llmkg validate`, `pytest`."


def section(title: str) -> str:
    """Return the text under a heading."""
    _, found, rest = TEXT.partition(f"\n## {title}\n")
    assert found, title
    return rest.partition("\n## ")[0]


def blocks(title: str, language: str) -> list[str]:
    """Return the blocks of a language under a heading, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", section(title), re.MULTILINE | re.DOTALL)


PAPER, TECHNIQUE, SHAPE = (blocks(f"Add a {name}", "turtle")[0] for name in ("paper", "technique", "shape"))
CLAIM, PLACE, HEADER = blocks("Add a claim", "turtle")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the pack, to be tried on."""
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, tmp_path / "copy" / part)
    return tmp_path / "copy"


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")


def add_prefix(path: Path, name: str) -> None:
    """Declare a prefix of the pack at the top of a file, as the recipes ask for."""
    path.write_text(
        f"@prefix {name}: <https://w3id.org/llmkg/{name}/> .\n{path.read_text(encoding='utf-8')}", encoding="utf-8"
    )


def add_technique(copy: Path, paper: str, technique: str, claim: str, place: str) -> None:
    """Put the texts where the recipes say; the claim is the first of its source and begins a file."""
    append(copy / "data/papers/2023.ttl", paper)
    append(copy / "data/mitigations.ttl", technique)
    append(copy / "data/sources.ttl", place)
    add_prefix(copy / "data/sources.ttl", "paper")
    (copy / "data/claims/asai-2023-self.ttl").write_text(f"{HEADER}\n{claim}", encoding="utf-8")


def run(copy: Path, *arguments: str) -> int:
    return main([*arguments, "--graph", str(copy), "--cache", str(copy.parent / "cache")])


# -- the recipes --------------------------------------------------------------------------------


def test_every_recipe_ends_in_the_same_commands() -> None:
    titles = [*(f"Add a {name}" for name in RECIPES), "Rename or retire a term"]
    assert re.findall(r"^## (Add .*|Rename .*)$", TEXT, re.MULTILINE) == [*titles[:3], titles[5], *titles[3:5]]
    assert [title for title in titles if not section(title).rstrip().endswith(ENDING)] == []


@pytest.mark.slow
def test_the_recipes_followed_to_the_letter_leave_nothing_to_find(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_technique(copy, PAPER, TECHNIQUE, CLAIM, PLACE)
    (query,) = blocks("Add a query", "sparql")
    (copy / "queries/papers-of-year.rq").write_text(query, encoding="utf-8")
    shape_of_claims, (_, line) = copy / "ontology/shapes/claims.ttl", blocks("Add a shape", "turtle")
    text = shape_of_claims.read_text(encoding="utf-8")
    shape_of_claims.write_text(text.replace("shape:Claim\n", f"shape:Claim\n{line}", 1), encoding="utf-8")
    append(shape_of_claims, SHAPE)
    append(copy / "data/mitigations.ttl", blocks("Rename or retire a term", "turtle")[0])
    assert run(copy, "fmt") == 0
    (rename,) = blocks("Rename or retire a term", "sh")
    assert run(copy, *rename.split()[1:]) == 0
    capsys.readouterr()
    assert run(copy, "validate") == 0
    assert re.fullmatch(r"llmkg: nothing found in \d+ files\.\n", capsys.readouterr().err)
    check_what_was_added(copy, capsys)
    append(copy / "data/claims/asai-2023-self.ttl", CLAIM.split(" ;")[0] + ' ;\n    llmkg:locator "" ;\n    .\n')
    run(copy, "validate", "--rule", "Claim-locator")
    told = capsys.readouterr().out
    assert "error: Say in llmkg:locator" not in told  # the message is the remedy
    assert "fix: Say in llmkg:locator where in the section, or leave it out." in told


def check_what_was_added(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ask for what the recipes have added, as they say."""
    (command,) = re.findall(r"Try it: `llmkg (query .*?)`", section("Add a query"))
    assert run(copy, *command.split(), "--format", "csv") == 0
    assert "vaswani-2017-attention" in capsys.readouterr().out
    assert run(copy, "show", "mitigation:self-rag") == 0
    shown = capsys.readouterr()
    assert "is retired, Self-RAG (mitigation:self-reflective-rag) is taken." in shown.err
    assert "Hallucinations (challenge:hallucinations)" in shown.out
    assert run(copy, "show", "reflective tokens") == 0
    assert "is retired, and nothing took its place." in capsys.readouterr().err
    assert run(copy, "why", "Self-RAG", "addresses", "hallucinations") == 0
    assert "Asai et al. 2023" in capsys.readouterr().out


# -- mistakes -----------------------------------------------------------------------------------


class Mistake(NamedTuple):
    """One edit of a block of the recipes, and what is said of it: rule, line, remedy in English and in Chinese."""

    block: str
    written: str
    instead: str
    rule: str
    line: str
    remedy: str
    chinese: str


ADDRESSES = "llmkg:addresses challenge:hallucinations"
MISTAKES = {
    "misspelled challenge": Mistake(
        "technique", ADDRESSES, "llmkg:addresses challenge:halucinations",
        "undefined-term", "    llmkg:addresses challenge:halucinations ;",
        "Define it, or mend its name. Did you mean challenge:hallucinations", "是否想写 challenge:hallucinations",
    ),
    "misspelled property": Mistake(
        "technique", "llmkg:describedIn", "llmkg:describeIn", "undefined-term", "    llmkg:describeIn paper:",
        "Did you mean llmkg:describedIn", "是否想写 llmkg:describedIn",
    ),
    "paper that nobody added": Mistake(
        "technique", "paper:asai-2023-self", "paper:asai-2023-rag",
        "Mitigation-papers/class", "    llmkg:describedIn paper:asai-2023-rag ;", "add the paper first", "请先添加该论文",
    ),
    "label in one language": Mistake(
        "technique", '    rdfs:label "Self-RAG"@zh ;\n', "",
        "BilingualLabel-count/minCount", "mitigation:self-rag", "Give the thing one English and one Chinese rdfs:label.",
        "一个英文和一个中文 rdfs:label",
    ),
    "label of another": Mistake(
        "technique", '"Self-RAG"@en', '"LoRA"@en', "quality/label-duplicate", '    rdfs:label "LoRA"@en ;',
        "Tell them apart in the label", "请用标签加以区分",
    ),
    "space in a label": Mistake(
        "technique", '"Self-RAG"@en', '"Self-RAG "@en', "quality/label-whitespace", '    rdfs:label "Self-RAG',
        "Take the superfluous white space out.", "请删去多余的空白",
    ),
    "tag with a region": Mistake(
        "technique", '"Self-RAG"@zh', '"Self-RAG"@zh-CN', "quality/language-tag", '    rdfs:label "Self-RAG',
        "Tag the text with @en or @zh", "不带地区",
    ),
    "other name that is the label": Mistake(
        "technique", '"self-reflective retrieval-augmented generation"@en', '"Self-RAG"@en',
        "AlternativeLabel-different/disjoint", '    skos:altLabel "Self-RAG',
        "Take out the skos:altLabel that repeats the rdfs:label.", "删除与 rdfs:label 重复的 skos:altLabel",
    ),
    "definition without a full stop": Mistake(
        "technique", 'what it writes."@en', 'what it writes"@en',
        "Definition-sentence/pattern", '    skos:definition "Self-RAG', "End the skos:definition as a full sentence",
        "须为完整句子",
    ),
    "no kind of mitigation": Mistake(
        "technique", "    llmkg:mitigationKind llmkg:technique ;\n", "",
        "Mitigation-kind/minCount", "mitigation:self-rag", "Give the mitigation exactly one llmkg:mitigationKind",
        "须有且仅有一个 llmkg:mitigationKind",
    ),
    "claim without a link": Mistake(
        "technique", f"    {ADDRESSES} ;\n", "", "Claim-triple/sparql", "    llmkg:claimObject challenge:hallucinations ;",
        "State the triple of the claim in the data too", "同时写出该论断的三元组",
    ),
    "link without a claim": Mistake(
        "claim", CLAIM, "", "Claimed-addresses-rule/sparql", f"    {ADDRESSES} ;",
        "Add a claim that says which source states this", "请添加论断",
    ),
    "wrong direction": Mistake(
        "technique", ADDRESSES, "llmkg:addressedBy challenge:hallucinations",
        "quality/wrong-direction", "    llmkg:addressedBy challenge:hallucinations ;",
        "State the inverse property at the other end", "请在另一端陈述其逆属性",
    ),
    "wrong kind of object": Mistake(
        "technique", ADDRESSES, "llmkg:addresses paper:asai-2023-self",
        "Mitigation-addresses/class", "    llmkg:addresses paper:asai-2023-self",
        "Let llmkg:addresses point to a challenge or a constraint", "须指向图谱中的挑战或制约",
    ),
    "section of another source": Mistake(
        "claim", "section:asai-2023-self-abstract", "section:kaddour-2023-2.8",
        "Claim-place/equals", "    llmkg:claimSection section:kaddour-2023-2.8 ;",
        "Name a section of the very source of the claim.", "章节须属于该论断的来源",
    ),
    "claim without a basis": Mistake(
        "claim", "    llmkg:claimBasis llmkg:stated ;\n", "", "Claim-basis/minCount", "claim:asai-2023-self",
        "Give exactly one basis", "须给出唯一的依据",
    ),
    "claim of two things": Mistake(
        "claim", "    llmkg:claimProperty", '    llmkg:claimValue "yes"@en ;\n    llmkg:claimProperty',
        "Claim/xone", "claim:asai-2023-self", "Give the claim either a llmkg:claimObject or a llmkg:claimValue.",
        "llmkg:claimObject 或 llmkg:claimValue",
    ),
    "year in the future": Mistake(
        "paper", "llmkg:year 2023", "llmkg:year 2032", "quality/year-in-future", "    llmkg:year 2032 ;",
        "Mend the year", "请改正年份",
    ),
    "year as a text": Mistake(
        "paper", "llmkg:year 2023", 'llmkg:year "2023"', "Work-year/datatype", '    llmkg:year "2023" ;',
        "Give llmkg:year as one whole number", "llmkg:year 取",
    ),
    "arXiv id with a version": Mistake(
        "paper", '"2310.11511"', '"2310.11511v1"', "Work-arxiv/pattern", '    llmkg:arxivId "2310.', "without version",
        "不含版本号",
    ),
}  # fmt: skip


def numbered(text: str, number: int) -> str:
    """Return a block with names of its own, so that many newcomers can add the same technique at once."""
    for name in ("asai-2023-self", "self-rag"):
        text = text.replace(name, f"{name}{number}")
    text = text.replace("Self-RAG", f"Self-RAG {number}").replace("Asai", f"Asai{number}")
    return text.replace("2310.11511", f"2310.{11511 + number}")


def with_mistake(mistake: Mistake | None) -> dict[str, str]:
    """Return the blocks of the recipes with one mistake, or with none."""
    found = {"paper": PAPER, "technique": TECHNIQUE, "claim": CLAIM, "place": PLACE}
    if mistake is not None:
        assert mistake.written in found[mistake.block], mistake
        found[mistake.block] = found[mistake.block].replace(mistake.written, mistake.instead, 1)
    return found


def number_of(lines: Sequence[str], line: int) -> int:
    """Return whose block the line is in: the number at the end of its name."""
    start = next(lines[at] for at in range(line - 1, -1, -1) if lines[at] and not lines[at].startswith(" "))
    return int((re.findall(r"self(?:-rag)?(\d+)", start) or ["0"])[-1])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[tuple[Finding, str]]]:
    """Return what is found in the technique of each newcomer, with the line: the last has made no mistake."""
    copy = tmp_path_factory.mktemp("newcomers") / "copy"
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, copy / part)
    texts: dict[str, list[str]] = defaultdict(list)
    for number, mistake in enumerate([*MISTAKES.values(), None], 1):
        for block, text in with_mistake(mistake).items():
            texts[block].append(numbered(text, number))
    add_technique(copy, **{block: "\n".join(found) for block, found in texts.items()})
    changed = [copy / "data" / name for name in ("papers/2023.ttl", "mitigations.ttl", "sources.ttl")]
    for path in (*changed, copy / "data/claims/asai-2023-self.ttl"):
        path.write_text(format_text(path.read_text(encoding="utf-8"), path.name), encoding="utf-8")
    found: dict[int, list[tuple[Finding, str]]] = defaultdict(list)
    for one in check_pack(Pack.open(copy)).findings:
        lines = (copy / one.file).read_text(encoding="utf-8").splitlines()
        found[number_of(lines, one.line)].append((one, lines[one.line - 1]))
    return found


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_recipe_is_told_with_line_and_remedy(
    told: dict[int, list[tuple[Finding, str]]], name: str
) -> None:
    mistake = MISTAKES[name]
    found = [(one, line) for one, line in told[[*MISTAKES].index(name) + 1] if one.rule == mistake.rule]
    assert found, [one.rule for one, _ in told[[*MISTAKES].index(name) + 1]]
    (one, line) = found[0]
    assert line.startswith(mistake.line)
    assert one.file.startswith("data/")
    assert mistake.remedy in one.remedy("en")
    assert mistake.chinese in one.remedy("zh")
    assert one.message("en")
    assert re.search("[\u4e00-\u9fff]", one.message("zh"))


def test_who_makes_no_mistake_hears_nothing_and_the_mistakes_are_counted(
    told: dict[int, list[tuple[Finding, str]]],
) -> None:
    assert len(MISTAKES) == 20
    assert set(told) - {0} == set(range(1, 21))  # not 21, where there is none
    assert [(one.rule, line) for one, line in told[0]] == [("quality/label-duplicate", '    rdfs:label "LoRA"@en ;')]


class Unreadable(NamedTuple):
    """One edit that stops a file from being read, and what is said: rule, line, remedy in both languages."""

    written: str
    instead: str
    rule: str
    line: str
    remedy: str
    chinese: str


UNREADABLE = {
    "data/mitigations.ttl": Unreadable(
        "    .\n", "", "syntax", "    a llmkg:Mitigation ;", "Mend the file here", "请在此处改正文件"
    ),
    "data/papers/2023.ttl": Unreadable(
        'Hajishirzi" ;', 'Hajishirzi"', "syntax", "    llmkg:year 2023 ;", "Mend the file here", "请在此处改正文件"
    ),
    "data/sources.ttl": Unreadable(
        'abstract"@en', "abstract@en", "syntax", '    rdfs:label "Asai et al. 2023, abstract@en ;', "Mend the file here",
        "请在此处改正文件",
    ),
    "data/claims/asai-2023-self.ttl": Unreadable(
        "@prefix mitigation: <https://w3id.org/llmkg/mitigation/> .\n", "", "undeclared-prefix",
        "    llmkg:claimSubject mitigation:self-rag ;", "Declare it at the head of the file", "请在文件开头声明它",
    ),
}  # fmt: skip


def test_what_cannot_be_read_is_told_with_its_line(copy: Path) -> None:
    add_technique(copy, PAPER, TECHNIQUE, CLAIM, PLACE)
    for name, mistake in UNREADABLE.items():
        head, found, tail = (copy / name).read_text(encoding="utf-8").rpartition(mistake.written)
        assert found
        (copy / name).write_text(head + mistake.instead + tail, encoding="utf-8")
    append(copy / "data/mitigations.ttl", numbered(TECHNIQUE, 1))  # what follows the missing dot
    report = check_pack(Pack.open(copy))
    found_in = {one.file: one for one in report.findings if one.rule in ("syntax", "undeclared-prefix")}
    assert not report.complete
    assert set(found_in) == set(UNREADABLE)
    for name, mistake in UNREADABLE.items():
        one = found_in[name]
        lines = (copy / name).read_text(encoding="utf-8").splitlines()
        assert (one.rule, lines[one.line - 1]) == (mistake.rule, mistake.line)
        assert one.remedy("en").startswith(mistake.remedy)
        assert one.remedy("zh").startswith(mistake.chinese)
