"""Quality rules: each catches what is bad in its fixture and nothing that is good, and says where and what to do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from llmkg import KnowledgeGraph
from llmkg.errors import InputError
from llmkg.fmt import format_text
from llmkg.pack import Pack
from llmkg.terms import local_name
from llmkg.validate import Data, Finding, check_pack
from llmkg.validate.checks import Checks, read_checks, run_checks

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests/checks"
DOCUMENT = ROOT / "docs/rules.md"
CHECKS = read_checks(Pack.open(ROOT))
RULES = {rule.name: rule for rule in CHECKS.rules}

HEAD = "PREFIX : <https://example.org/zoo#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
RULE = """\
#+ title: {en: Hungry animals, zh: 饥饿的动物}
#+ problem: {en: "nothing to eat, not even {value}", zh: 没有食物}
#+ solution: {en: Feed it., zh: 请喂它。}
"""
QUERY = HEAD + "SELECT ?focus (rdfs:label AS ?path) (?label AS ?value) WHERE { ?focus a :Cat ; rdfs:label ?label }\n"


def triples(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]


@pytest.fixture(scope="session")
def ontology() -> list[Triple]:
    return [triple for path in Pack.open(ROOT).ontology for triple in triples(Path(path))]


def found_in(name: str, data: Data) -> set[NamedNode]:
    """Return what a rule tells of, without the exceptions."""
    return {found.subject for found in run_checks(data, Checks((RULES[name],)), {})}  # type: ignore[misc]


# -- the rules that ship ------------------------------------------------------------------------


def test_every_rule_has_a_fixture_and_every_fixture_a_rule() -> None:
    assert {path.stem for path in FIXTURES.glob("*.ttl")} == set(RULES)
    assert len(RULES) == 42


@pytest.mark.parametrize("name", RULES)
def test_a_rule_catches_the_bad_and_spares_the_good(name: str, ontology: list[Triple]) -> None:
    fixture = triples(FIXTURES / f"{name}.ttl")
    things = {triple.subject for triple in fixture}
    bad = {thing for thing in things if local_name(thing.value).startswith("bad")}
    good = {thing for thing in things if local_name(thing.value).startswith("good")}
    assert bad
    assert good
    assert found_in(name, Data([*ontology, *fixture])) == bad


@pytest.mark.parametrize("name", RULES)
def test_a_rule_speaks_both_languages(name: str) -> None:
    rule = RULES[name]
    for texts in (rule.title, rule.problem, rule.solution):
        assert set(texts) == {"en", "zh"}
        assert re.search("[\u4e00-\u9fff]", texts["zh"])
    assert rule.solution["en"].endswith(".")
    assert rule.solution["zh"].endswith("。")


def test_the_profile_grades_every_rule() -> None:
    text = (ROOT / CHECKS.profile).read_text(encoding="utf-8")
    graded = re.findall(r"^  ([a-z-]+): (?:error|warning|info)$", text, re.MULTILINE)
    assert graded == sorted(RULES)


# -- the page that lists them -------------------------------------------------------------------


def test_the_page_of_rules_is_current(request: pytest.FixtureRequest) -> None:
    table = ["| rule | severity | finds | what to do | fixture |", "|---|---|---|---|---|"]
    table += [
        f"| [`{rule.name}`](../queries/checks/{rule.name}.rq) | {rule.severity} | {rule.title['en']} "
        f"| {rule.solution['en']} | [bad and good](../tests/checks/{rule.name}.ttl) |"
        for rule in CHECKS.rules
    ]
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition("| rule |")
    written = rest[rest.index("\n\n") :]
    expected = head + "\n".join(table) + written
    if request.config.getoption("--regenerate"):
        DOCUMENT.write_text(expected, encoding="utf-8")
    else:
        assert text == expected


# -- any pack, with places ----------------------------------------------------------------------


def put(pack: Path, name: str, text: str) -> None:
    path = pack / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def zoo(pack: Path) -> Path:
    """Return the small pack in the sorted form, with a rule that every cat breaks."""
    for path in pack.rglob("*.ttl"):
        path.write_text(format_text(path.read_text(encoding="utf-8"), path.name), encoding="utf-8")
    put(pack, "queries/checks/hungry.rq", RULE + QUERY)
    return pack


def quality(pack: Path) -> list[Finding]:
    return [found for found in check_pack(Pack.open(pack)).findings if found.rule != "format"]


def test_a_finding_has_place_words_and_remedy(zoo: Path) -> None:
    (found, *_) = quality(zoo)
    line = (zoo / found.file).read_text(encoding="utf-8").splitlines()[found.line - 1]
    assert line[found.column - 1 :].startswith(found.value)
    assert (found.rule, found.severity) == ("quality/hungry", "warning")
    assert found.message("en") == f"nothing to eat, not even {found.value}"
    assert (found.remedy("en"), found.remedy("zh")) == ("Feed it.", "请喂它。")


def test_a_finding_without_a_fact_points_at_the_block(zoo: Path) -> None:
    put(zoo, "queries/checks/hungry.rq", RULE + HEAD + "SELECT ?focus WHERE { ?focus a :Cat }\n")
    (found, *_) = quality(zoo)
    line = (zoo / found.file).read_text(encoding="utf-8").splitlines()[found.line - 1]
    assert (line, found.column) == (found.focus, 1)


def test_the_profile_grades_and_excepts(zoo: Path) -> None:
    focus = quality(zoo)[0].focus
    profile = f"severity:\n  hungry: error\nexceptions:\n- rule: hungry\n  focus: '{focus}'\n  reason: It fasts.\n"
    put(
        zoo,
        "data/tom.ttl",
        '@prefix : <https://example.org/zoo#> .\n:tom a :Cat ; <http://www.w3.org/2000/01/rdf-schema#label> "T" .\n',
    )
    assert {found.focus for found in quality(zoo)} == {focus, ":tom"}
    put(zoo, "queries/checks/profile.yaml", profile)
    assert {(found.focus, found.severity) for found in quality(zoo)} == {(":tom", "error")}


def test_an_exception_without_effect_is_told_with_its_line(zoo: Path) -> None:
    put(zoo, "queries/checks/profile.yaml", "exceptions:\n- {rule: hungry, focus: ':nobody', reason: Gone.}\n")
    (found,) = [found for found in quality(zoo) if found.rule == "unused-exception"]
    assert found.place == "queries/checks/profile.yaml:2:1"
    assert found.message("en") == "the exception of :nobody from hungry has no effect"


def test_a_rule_may_look_at_what_is_inferred(zoo: Path) -> None:
    query = HEAD + "SELECT ?focus WHERE { ?focus a :Animal MINUS { ?focus a :Animal , :Plant } }\n"
    put(zoo, "queries/checks/hungry.rq", RULE + query)
    stated = len(quality(zoo))
    put(zoo, "queries/checks/hungry.rq", RULE + "#+ entailment: inferred\n" + query)
    assert len(quality(zoo)) > stated


LIMITS = {
    "time": ({"_SECONDS": 0.05, "_ROWS": 10**9}, "it was broken off after 0.05 seconds", "运行 0.05 秒后被中止"),
    "rows": ({"_ROWS": 3}, "it was broken off after 3 rows", "得到 3 行后被中止"),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_rule_that_never_ends_is_broken_off_and_told(zoo: Path, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, english, chinese = LIMITS[limit]
    for name, value in settings.items():
        monkeypatch.setattr(f"llmkg.validate.checks.{name}", value)
    everything = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(9))
    put(zoo, "queries/checks/hungry.rq", RULE + HEAD + "SELECT ?focus WHERE { ?focus a :Cat }\n")
    put(zoo, "queries/checks/endless.rq", RULE + f"SELECT (?s0 AS ?focus) WHERE {{ {everything} }}\n")
    found = quality(zoo)
    (told,) = [one for one in found if one.rule == "rule-limit"]
    assert (told.place, told.severity) == ("queries/checks/endless.rq:1:1", "error")
    assert told.message("en") == f"the rule endless may have more to tell: {english}"
    assert told.message("zh").endswith(chinese)
    assert told.remedy("en").startswith("Let it ask for less")
    assert "quality/hungry" in {one.rule for one in found}  # the others go on


def test_a_report_with_a_rule_broken_off_is_not_kept(
    zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rules() -> set[str]:
        return {found.rule for found in KnowledgeGraph.open(zoo, cache=tmp_path / "cache").validate()}

    with monkeypatch.context() as patch:
        patch.setattr("llmkg.validate.checks._ROWS", 0)
        assert "rule-limit" in rules()
    assert "rule-limit" not in rules()


BAD_FILES = {
    "no header": ("hungry.rq", QUERY, ":1: the header has the wrong shape. Write it as lines of 'key: value'."),
    "no problem": (
        "hungry.rq",
        "#+ title: {en: x}\n" + QUERY,
        ":1: the header lacks 'problem'. Add lines '#+ problem:' and '#+   en: ...'.",
    ),
    "key": ("hungry.rq", RULE + "#+ severty: error\n" + QUERY, ":4: the header has no key 'severty'."),
    "twice": ("hungry.rq", RULE + "#+ title: {en: x}\n" + QUERY, ":4: 'title' is given twice. Remove one of the two."),
    "yaml": ("hungry.rq", "#+ title: {en: a, en b: ]\n" + QUERY, ":1: not valid YAML"),
    "english": ("hungry.rq", RULE.replace("en: Feed it., ", "") + QUERY, ":3: 'solution' has no English text."),
    "entailment": ("hungry.rq", RULE + "#+ entailment: all\n" + QUERY, ":4: entailment is 'all'."),
    "sparql": ("hungry.rq", RULE + "SELECT", ": is not a SPARQL query ("),
    "no focus": ("hungry.rq", RULE + "SELECT ?x WHERE { ?x ?y ?z }", ": does not select ?focus."),
    "ask": ("hungry.rq", RULE + "ASK { ?x ?y ?z }", ": does not select ?focus."),
    "service": (
        "hungry.rq",
        RULE + "SELECT ?focus WHERE { SERVICE <http://localhost:1/> { ?focus ?p ?o } }",
        ": calls a SPARQL service, and nothing is read from the network. Remove SERVICE.",
    ),
    "severity": ("profile.yaml", "severity:\n  hungry: bad\n", ":2: 'bad' is no severity. Use error, warning, info."),
    "rule": (
        "profile.yaml",
        "severity:\n  hungri: info\n",
        ":2: 'severity' has no rule 'hungri'. Did you mean hungry?",
    ),
    "reason": (
        "profile.yaml",
        "exceptions:\n- {rule: hungry, focus: ':a'}\n",
        ":2: the exception has no reason. Add 'reason: ...'.",
    ),
    "excepted rule": (
        "profile.yaml",
        "exceptions:\n- {rule: hungri, focus: ':a', reason: x}\n",
        ":2: there is no rule 'hungri'. Did you mean hungry?",
    ),
    "empty": ("profile.yaml", "", ":1: the profile has the wrong shape."),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_rule_or_profile_is_one_clear_line(zoo: Path, case: str) -> None:
    name, text, message = BAD_FILES[case]
    put(zoo, f"queries/checks/{name}", text)
    with pytest.raises(InputError) as raised:
        check_pack(Pack.open(zoo))
    assert f"queries/checks/{name}{message}" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_rule_that_is_not_utf8_is_told(zoo: Path) -> None:
    (zoo / "queries/checks/hungry.rq").write_bytes(b"#+ title: \xff\n")
    with pytest.raises(InputError, match=r"queries/checks/hungry\.rq: cannot be read"):
        read_checks(Pack.open(zoo))


# What is wrong on which line of a file of the shipped graph, by which rule.
PLACED = {
    "label-whitespace": (["challenge:bad", "    a llmkg:Challenge ;", '    rdfs:label "Bad "@en ;', "    ."], "3:16"),
    "wrong-direction": (["challenge:bad", "    llmkg:addressedBy mitigation:bad ;", "    ."], "2:23"),
    "constraint-without-claim": (["constraint:bad", "    a llmkg:Constraint ;", "    ."], "1:1"),
    "arxiv-id-year": (
        ["paper:bad", "    a llmkg:Paper ;", '    llmkg:arxivId "2301.00001" ;', "    llmkg:year 2020 ;", "    ."],
        "3:19",
    ),
}


def test_the_rules_that_ship_give_file_line_and_column(tmp_path: Path) -> None:
    for part in ("ontology", "queries/checks"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "queries/checks/profile.yaml").unlink()
    prefixes = "".join(
        f"@prefix {kind}: <https://w3id.org/llmkg/{kind}/> . "
        for kind in ("challenge", "constraint", "mitigation", "paper")
    )
    names = (
        "@prefix llmkg: <https://w3id.org/llmkg/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    )
    for rule, (lines, _) in PLACED.items():
        put(tmp_path, f"data/{rule}.ttl", "\n".join([f"{prefixes}{names}", *lines, ""]))
    report = check_pack(Pack.open(tmp_path))
    places = {found.rule: found.place for found in report.findings if found.rule.removeprefix("quality/") in PLACED}
    expected = {rule: (int(place.split(":")[0]) + 1, place.split(":")[1]) for rule, (_, place) in PLACED.items()}
    assert places == {
        f"quality/{rule}": f"data/{rule}.ttl:{line}:{column}" for rule, (line, column) in expected.items()
    }
