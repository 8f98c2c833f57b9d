"""The command line as users meet it: what each command prints, and how each mistake is told."""

from __future__ import annotations

import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import PROV, RDF, RDFS

from llmkg import UsageError, __version__
from llmkg.cli import main
from llmkg.commands import COMMANDS
from llmkg.reason.prove import Prover

ROOT = Path(__file__).resolve().parent.parent
ZOO = rdflib.Namespace("https://example.org/zoo#")
PREFIXES = """\
@prefix : <https://example.org/zoo#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
LORA = ("why", "LoRA", "addresses", "fine-tuning overhead")


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    def complains(self, code: int, *parts: str) -> None:
        """One line on standard error that holds each of ``parts``, nothing on standard output.

        The line of a query and a caret under the place may follow.
        """
        assert re.fullmatch(r"llmkg: \S.*[.?]\n(  .*\n\s*\^\n)?", self.err), self.err
        assert "?." not in self.err
        assert (self.code, self.out) == (code, "")
        for part in parts:
            assert part in self.err


Run = Callable[..., Ran]


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep snapshots in a folder of this run: the shipped pack is closed once, the user's cache left alone."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LLMKG_CACHE", str(folder))
        yield folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Ran:
        code = main([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return call


@pytest.fixture
def llm(run: Run) -> Run:
    """Run a command on the shipped pack."""
    return lambda *arguments: run(*arguments, "--graph", ROOT)


@pytest.fixture
def zoo(run: Run, pack: Path) -> Run:
    """Run a command on the small pack."""
    return lambda *arguments: run(*arguments, "--graph", pack, "--no-cache")


@pytest.fixture
def terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a terminal of 80 columns."""

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("TERM", "dumb")
        return run(*arguments)

    return call


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def place(pack: Path, name: str, text: str) -> str:
    """Return ``file:line`` of the first line that holds ``text``."""
    lines = (pack / name).read_text(encoding="utf-8").splitlines()
    return f"{name}:{next(number for number, line in enumerate(lines, 1) if text in line)}"


def triples(text: str, rdf_format: str = "turtle") -> set[tuple[rdflib.term.Node, ...]]:
    return set(rdflib.Graph().parse(data=text, format=rdf_format))


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


# -- asking ---------------------------------------------------------------------------------

SPELLINGS = ["retrieval augmentation", "Retrieval-Augmentation", "RAG", "检索增强", "mitigation:retrieval-augmentation"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_main_question_in_five_spellings(llm: Run, spelling: str) -> None:
    ran = llm("query", "challenges-addressed", f"mitigation={spelling}", "--format", "json")
    rows = json.loads(ran.out)["results"]["bindings"]
    found = {row["challenge"]["value"].rsplit("/", 1)[-1] for row in rows if "parent" not in row}
    assert (ran.code, ran.err) == (0, "")
    assert found == {"hallucinations", "outdated-knowledge", "limited-context-length"}


def test_the_answer_is_a_table_of_curies_and_labels(llm: Run) -> None:
    header, rule, *rows = llm("query", "challenges-addressed", "mitigation=RAG").out.splitlines()
    assert header.split() == ["challenge", "label", "parent", "direct", "source", "basis"]
    assert set(rule) == {"-", " "}
    assert rows[0].split() == [
        "challenge:hallucinations",
        "Hallucinations",
        "true",
        "source:kaddour-2023",
        "llmkg:stated",
    ]


def test_labels_come_in_chinese(llm: Run) -> None:
    ran = llm("query", "challenges-addressed", "mitigation=RAG", "--lang", "zh", "--format", "json")
    labels = [row["label"] for row in json.loads(ran.out)["results"]["bindings"]]
    assert {"type": "literal", "value": "幻觉", "xml:lang": "zh"} in labels
    assert {label["xml:lang"] for label in labels} == {"zh"}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["queries"], "有什么用"),
        (["search", "LoRA"], "低秩适应"),
        (["show", "LoRA"], "缓解方法"),
        (["stats"], "缓解方法 (llmkg:Mitigation)"),
        (LORA, "低秩适应 应对 存储与加载副本"),
    ],
    ids=["queries", "search", "show", "stats", "why"],
)
def test_every_listing_speaks_chinese(llm: Run, arguments: list[str], text: str) -> None:
    if arguments == ["queries"]:
        arguments, text = ["queries", "--tag", "mitigations"], "{mitigation}能应对哪些挑战"
    ran = llm(*arguments, "--lang", "zh")
    assert ran.code == 0
    assert text in ran.out


def test_asserted_asks_only_what_the_files_say(llm: Run) -> None:
    everything = llm("query", "challenges-addressed", "mitigation=LoRA").out
    asserted = llm("query", "challenges-addressed", "mitigation=LoRA", "--asserted").out
    inferred = set(everything.splitlines()) - set(asserted.splitlines())
    assert [line.split()[0] for line in inferred] == ["challenge:fine-tuning-overhead"]


def test_sources_follow_the_table_with_place_basis_and_papers(llm: Run) -> None:
    ran = llm("query", "challenges-addressed", "mitigation=RAG", "--sources")
    table, _, sources = ran.out.partition("\nSources\n")
    rows = table.splitlines()
    plain = llm("query", "challenges-addressed", "mitigation=RAG").out.splitlines()
    assert rows[0].split()[-1] == "sources"
    assert rows[2].endswith("  [1]")
    assert [row.partition("  [")[0].rstrip() for row in rows[2:]] == plain[2:]
    assert sources.startswith("[1] Kaddour et al. 2023: Retrieval augmentation addresses Hallucinations\n")
    assert "\n    Section 2.8, Retrieval Augmentation (stated)\n" in sources
    assert " (2021). Retrieval augmentation reduces hallucination in conversation. arXiv:2104.07567\n" in sources


def test_sources_say_when_there_are_none(zoo: Run) -> None:
    assert not zoo("query", "food", "animal=Felix", "--sources").out.endswith("Sources\n")


@pytest.mark.parametrize("spelling", ["Felix", "felix", "菲利克斯", ":felix", ZOO.felix, f"<{ZOO.felix}>"])
def test_a_parameter_is_a_label_a_curie_or_an_iri(zoo: Run, spelling: str) -> None:
    assert zoo("query", "food", f"animal={spelling}") == (0, "food\n------\n:jerry\n", "")


def test_no_rows_is_an_answer(zoo: Run) -> None:
    said = "llmkg: no rows.\n  with animal=Felix: 1 row\n  with any other animal: 1 row\n"
    assert zoo("query", "food", "animal=:jerry") == (0, "(no rows)\n", said)


def test_json_is_sparql_results_json(zoo: Run) -> None:
    assert json.loads(zoo("query", "food", "animal=Felix", "--format", "json").out) == {
        "head": {"vars": ["food"]},
        "results": {"bindings": [{"food": {"type": "uri", "value": str(ZOO.jerry)}}]},
    }


@pytest.mark.parametrize("result_format", ["json", "csv", "tsv", "xml"])
@pytest.mark.parametrize(
    "arguments",
    [["query", "food", "animal=Felix"], ["sparql", "SELECT ?food { :felix :eats ?food }"]],
    ids=lambda a: a[0],
)
def test_rdflib_reads_every_results_format(zoo: Run, arguments: list[str], result_format: str) -> None:
    ran = zoo(*arguments, "--format", result_format)
    result = rdflib.query.Result.parse(io.BytesIO(ran.out.encode()), format=result_format)
    assert (ran.code, ran.err) == (0, "")
    assert [str(row.food) for row in result] == [str(ZOO.jerry)]


ASKED = {
    "SELECT": ("SELECT ?name { :felix rdfs:label ?name } ORDER BY ?name", [], "name\n--------\nFelix\n菲利克斯\n"),
    "ASK": ("ASK { :felix a :Animal }", [], "yes\n"),
    "ASK of the files": ("ASK { :felix a :Animal }", ["--asserted"], "no\n"),
    "ASK as JSON": ("ASK { :felix a :Animal }", ["--format", "json"], '{"head":{},"boolean":true}\n'),
    "CONSTRUCT": (
        "CONSTRUCT WHERE { ?x :eats ?y }",
        ["--format", "nt"],
        f"<{ZOO.felix}> <{ZOO.eats}> <{ZOO.jerry}> .\n",
    ),
    "a count": ("SELECT (COUNT(*) AS ?n) { ?s a :Animal }", ["--format", "tsv"], "?n\n3\n"),
    "a file as a graph": (
        "SELECT ?g { GRAPH ?g { :felix a :Cat } }",
        ["--format", "csv"],
        "g\r\nurn:llmkg:file:data/animals.ttl\r\n",
    ),
}


@pytest.mark.parametrize("case", ASKED)
def test_sparql_answers(zoo: Run, case: str) -> None:
    text, options, answer = ASKED[case]
    assert zoo("sparql", text, *options) == (0, answer, "")


def test_construct_gives_turtle_with_the_prefixes_of_the_pack(zoo: Run) -> None:
    ran = zoo("sparql", "CONSTRUCT WHERE { ?x :eats ?y }")
    assert ran.out == "@prefix : <https://example.org/zoo#> .\n\n:felix\n    :eats :jerry ;\n    .\n"


def test_describe_gives_what_is_known(zoo: Run) -> None:
    assert (ZOO.felix, ZOO.eats, ZOO.jerry) in triples(zoo("sparql", "DESCRIBE :felix").out)


def test_a_query_comes_from_a_file_or_from_standard_input(
    zoo: Run, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(pack / "own.rq", "ASK { :felix :eats :jerry }")
    monkeypatch.setattr(sys, "stdin", io.StringIO("ASK { :jerry :eats :felix }"))
    assert zoo("sparql", "--file", file).out == "yes\n"
    assert zoo("sparql", "-").out == "no\n"


TYPED = """\
#+ title: What the values become
#+ question:
#+   en: what do they become
#+ parameters:
#+ - name: age
#+   type: integer
#+ - name: weight
#+   type: decimal
#+ - name: tame
#+   type: boolean
#+ - name: size
#+   enum: [small, large]
#+ - name: by
#+   default: nobody
#+ columns:
#+ - {name: a, type: integer}
#+ - {name: w, type: decimal}
#+ - {name: t, type: boolean}
#+ - {name: s}
#+ - {name: b}
SELECT ($age AS ?a) ($weight AS ?w) ($tame AS ?t) ($size AS ?s) ($by AS ?b) {}
"""


@pytest.mark.parametrize(
    ("value", "row"),
    [
        ("age=12", '12\t\t\t\t"nobody"'),
        ("weight=1.5", '\t1.5\t\t\t"nobody"'),
        ("tame=true", '\t\ttrue\t\t"nobody"'),
        ("tame=是", '\t\ttrue\t\t"nobody"'),
        ("tame=No", '\t\tfalse\t\t"nobody"'),
        ("size=large", '\t\t\t"large"\t"nobody"'),
        ("by=a=b", '\t\t\t\t"a=b"'),
        ('by="} DROP ALL', '\t\t\t\t"\\"} DROP ALL"'),
    ],
)
def test_values_become_literals_of_their_type(zoo: Run, pack: Path, value: str, row: str) -> None:
    put(pack / "queries/typed.rq", TYPED)
    assert zoo("query", "typed", value, "--format", "tsv").out.splitlines()[1] == row


# -- listing and looking up -----------------------------------------------------------------------


def test_queries_lists_names_questions_and_parameters(zoo: Run, pack: Path) -> None:
    put(pack / "queries/typed.rq", TYPED)
    code, out, _ = zoo("queries")
    assert code == 0
    assert [re.split(r"  +", line) for line in out.splitlines()[2:]] == [
        ["food", "what does {animal} eat", "animal"],
        ["typed", "what do they become", "[age] [weight] [tame] [size] [by]"],
    ]


def test_queries_as_json_tells_everything_of_the_header(zoo: Run) -> None:
    assert json.loads(zoo("queries", "--format", "json").out) == [
        {
            "name": "food",
            "title": "What an animal eats",
            "question": {"en": ["what does {animal} eat"]},
            "description": "",
            "tags": [],
            "parameters": [
                {
                    "name": "animal",
                    "title": "",
                    "description": "",
                    "type": "iri",
                    "class": [":Animal"],
                    "required": True,
                    "list": False,
                    "default": None,
                    "enum": [],
                    "enum_of": None,
                    "example": "Felix",
                }
            ],
            "columns": [{"name": "food", "title": "", "description": "", "type": "iri"}],
        }
    ]


def test_queries_of_a_tag(llm: Run) -> None:
    tagged = {query["name"] for query in json.loads(llm("queries", "--tag", "papers", "--format", "json").out)}
    assert {"papers-on", "papers-describing"} <= tagged
    assert "challenges-addressed" not in tagged


@pytest.mark.parametrize("words", [["felix"], ["Feliks"], ["菲利克斯"], ["fel"]])
def test_search_finds(zoo: Run, words: list[str]) -> None:
    ran = zoo("search", *words)
    assert ran.code == 0
    assert ran.out.splitlines()[0].split() == ["term", "label", "kind", "matched"]
    assert ran.out.splitlines()[2].startswith(":felix  Felix  cat   ")


def test_search_as_json(zoo: Run) -> None:
    (felix,) = json.loads(zoo("search", "菲利克斯", "--format", "json").out)
    assert felix == {
        "term": str(ZOO.felix),
        "curie": ":felix",
        "label": "Felix",
        "kinds": ["cat"],
        "matched": "菲利克斯",
        "language": "zh",
        "how": "exact",
        "score": 1.0,
        "former": False,
    }


def test_search_stops_at_the_limit(zoo: Run) -> None:
    assert len(json.loads(zoo("search", "e", "--format", "json").out)) > 1
    assert len(json.loads(zoo("search", "e", "--format", "json", "--limit", "1").out)) == 1


def test_search_that_finds_nothing_is_a_finding(zoo: Run) -> None:
    zoo("search", "zzzz").complains(1, "nothing is called 'zzzz'", "Try fewer or other words")


def test_search_that_finds_nothing_is_a_finding_in_json_too(zoo: Run) -> None:
    assert zoo("search", "zzzz", "--format", "json")[:2] == (1, "[]\n")


def test_show_tells_asserted_from_inferred_and_gives_claims(llm: Run) -> None:
    out = llm("show", "LoRA").out
    assert out.startswith("LoRA  (mitigation:lora)\n  mitigation\n")
    assert "    Large memory requirements (challenge:large-memory-requirements)\n" in out
    assert "    Fine-Tuning Overhead (challenge:fine-tuning-overhead) *\n" in out
    assert "LoRA addresses Large memory requirements: Section 2.4, Parameter-efficient\n" in out
    assert out.endswith("\n* inferred\n")


def test_show_as_json(zoo: Run) -> None:
    shown = json.loads(zoo("show", "Felix", "--format", "json").out)
    told = {fact["value"]: fact["asserted"] for fact in shown["outgoing"]}
    assert (shown["term"], shown["label"]) == (str(ZOO.felix), "Felix")
    assert told[str(ZOO.Cat)] is True
    assert told[str(ZOO.Animal)] is False
    assert (shown["incoming"], shown["claims"]) == ([], [])


COUNTED = """\
#+ title: Coverage
#+ question:
#+   en: how much
#+ columns:
#+ - {name: what}
#+ - {name: count, type: integer}
#+ - {name: expected, type: integer}
"""
COVERAGE = COUNTED + 'SELECT ?what ?count ?expected { VALUES (?what ?count ?expected) { ("cats" 1 %d) } }\n'


def test_stats_counts_files_triples_and_things(zoo: Run) -> None:
    rows = dict(re.split(r"  +", line) for line in zoo("stats").out.splitlines()[2:])
    assert rows == {
        "files": "2",
        "asserted triples": "16",
        "inferred triples": "1",
        "animal (:Animal)": "3",
        "cat (:Cat)": "1",
    }


def test_stats_as_json(zoo: Run, pack: Path) -> None:
    put(pack / "queries/coverage.rq", COVERAGE % 1)
    assert json.loads(zoo("stats", "--format", "json").out) == {
        "files": 2,
        "asserted": 16,
        "inferred": 1,
        "classes": {":Animal": 3, ":Cat": 1},
        "coverage": [{"what": "cats", "count": 1, "expected": 1}],
    }


def test_stats_sets_coverage_below_the_counts(zoo: Run, pack: Path) -> None:
    counts = zoo("stats").out
    put(pack / "queries/coverage.rq", COVERAGE % 2)
    assert zoo("stats") == (0, f"{counts}\nwhat  count  expected\n----  -----  --------\ncats  1      2\n", "")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "challenges-addressed", "mitigation=RAG"],
        ["query", "models"],
        ["queries"],
        ["search", "lora"],
        ["stats"],
        ["show", "Hallucinations"],
        LORA,
        ["why", "LoRA", "addresses", "hallucinations"],
        pytest.param(
            ["query", "challenges-addressed", "mitigation=RAG", "--sources"],
        ),
    ],
    ids=" ".join,
)
def test_every_line_fits_the_terminal(terminal: Run, arguments: list[str], lang: str) -> None:
    lines = terminal(*arguments, "--lang", lang, "--graph", ROOT).out.splitlines()
    assert lines
    assert [line for line in lines if columns(line) > 80] == []


def test_a_narrow_table_loses_no_cell(terminal: Run, pack: Path) -> None:
    cells = f'("{"绿" * 60}" "{"red " * 30}" "{"blue-" * 20}")'
    text = f"SELECT ?a ?b ?c {{ VALUES (?a ?b ?c) {{ {cells} }} }}"
    out = terminal("sparql", text, "--graph", pack, "--no-cache").out
    assert max(map(columns, out.splitlines())) <= 80
    assert [out.count(word) for word in ("绿", "red", "blue")] == [60, 30, 20]


def test_a_pipe_gets_whole_lines(llm: Run) -> None:
    assert max(map(columns, llm("query", "models").out.splitlines())) > 80


# -- checking, explaining, closing ------------------------------------------------------------------

SHAPE = (
    PREFIXES
    + ':S a sh:NodeShape ; sh:targetClass :Cat ; sh:property :P .\n:P sh:path :eats ; sh:maxCount 0 ; sh:message "it must fast"@en, "须禁食"@zh .\n'
)
DOGS = PREFIXES + ":Cat owl:disjointWith :Dog .\n:felix a :Dog .\n"


@pytest.mark.parametrize(("result_format", "out"), [("text", ""), ("json", "[]\n")])
def test_validate_has_nothing_to_say_of_a_pack_in_order(zoo: Run, result_format: str, out: str) -> None:
    zoo("fmt")
    ran = zoo("validate", "--format", result_format)
    assert (ran.code, ran.out) == (0, out)


def test_validate_names_place_and_remedy_in_either_language(zoo: Run, pack: Path) -> None:
    put(pack / "ontology/shapes/fasting.ttl", SHAPE)
    at = place(pack, "data/animals.ttl", ":eats :jerry")
    ran = zoo("validate", "--severity", "error")
    told = f"{at}:11: error: there are more than 0 values (P/maxCount)\n    :felix :eats\n    fix: it must fast\n"
    assert (ran.code, ran.out, ran.err) == (1, told, "llmkg: 1 error in 3 files.\n")
    chinese = zoo("validate", "--lang", "zh", "--severity", "error").out
    assert chinese == f"{at}:11: 错误: 值多于 0 个 (P/maxCount)\n    :felix :eats\n    修改：须禁食\n"


def test_validate_as_json(zoo: Run, pack: Path) -> None:
    put(pack / "ontology/shapes/fasting.ttl", SHAPE)
    ran = zoo("validate", "--format", "json", "--rule", "P")
    assert ran.code == 1
    assert json.loads(ran.out) == [
        {
            "file": "data/animals.ttl",
            "line": int(place(pack, "data/animals.ttl", ":eats :jerry").rpartition(":")[2]),
            "column": 11,
            "severity": "error",
            "rule": "P/maxCount",
            "focus": ":felix",
            "path": ":eats",
            "value": "",
            "message": "there are more than 0 values",
            "remedy": "it must fast",
        }
    ]


def test_validate_finds_a_contradiction(zoo: Run, pack: Path) -> None:
    put(pack / "data/dogs.ttl", DOGS)
    ran = zoo("validate")
    assert ran.code == 1
    assert f"{place(pack, 'data/dogs.ttl', ':felix')}:10: error: these contradict each other: " in ran.out
    assert ":Cat owl:disjointWith :Dog" in ran.out
    assert "(consistency/cax-dw)" in ran.out


def test_why_names_rule_file_line_and_section(llm: Run) -> None:
    code, out, _ = llm(*LORA)
    assert code == 0
    assert out.startswith("mitigation:lora llmkg:addresses challenge:fine-tuning-overhead\n│  by prp-spo2: ")
    assert place(ROOT, "ontology/core.ttl", "owl:propertyChainAxiom ( llmkg:addresses llmkg:subChallengeOf )") in out
    assert "source:kaddour-2023, Section 2.4, Parameter-efficient fine-tuning (stated)" in out


def test_the_line_that_why_names_states_the_triple(llm: Run) -> None:
    found = re.search(r"addresses challenge:storing-and-loading-copies\n│ +(data/\S+):(\d+)\n", llm(*LORA).out)
    assert found
    lines = (ROOT / found[1]).read_text(encoding="utf-8").splitlines()[: int(found[2])]
    assert lines[-1] == "    llmkg:addresses challenge:storing-and-loading-copies ;"
    assert next(line for line in reversed(lines) if not line.startswith(" ")) == "mitigation:lora"


PROOF = """\
:felix a :Animal
│  by cax-sco: cat is a kind of animal.
├─ :Cat rdfs:subClassOf :Animal
│     {axiom}
└─ :felix a :Cat
      {fact}
"""


def test_why_of_a_small_pack_in_full(zoo: Run, pack: Path) -> None:
    axiom, fact = place(pack, "ontology/zoo.ttl", "subClassOf"), place(pack, "data/animals.ttl", "a :Cat")
    assert zoo("why", "Felix", "a", "animal") == (0, PROOF.format(axiom=axiom, fact=fact), "")


def test_why_gives_several_proofs(llm: Run) -> None:
    out = llm(*LORA, "--all", "2").out
    assert re.findall(r"^Proof \d+$", out, re.MULTILINE) == ["Proof 1", "Proof 2"]
    assert len(re.findall("^mitigation:lora llmkg:addresses challenge:fine-tuning-overhead$", out, re.MULTILINE)) == 2


def test_why_as_json(zoo: Run, pack: Path) -> None:
    told = json.loads(zoo("why", "Felix", "a", "animal", "--format", "json").out)
    (proof,) = told["proofs"]
    assert told["status"] == "inferred"
    assert told["fact"] == proof["fact"] == f"<{ZOO.felix}> <{RDF.type}> <{ZOO.Animal}>"
    assert (proof["rule"], proof["sentence"]) == ("cax-sco", "cat is a kind of animal.")
    assert [(premise["fact"], premise["places"]) for premise in proof["premises"]] == [
        (f"<{ZOO.Cat}> <{RDFS.subClassOf}> <{ZOO.Animal}>", [place(pack, "ontology/zoo.ttl", "subClassOf")]),
        (f"<{ZOO.felix}> <{RDF.type}> <{ZOO.Cat}>", [place(pack, "data/animals.ttl", "a :Cat")]),
    ]


def test_why_as_json_names_claim_and_section(llm: Run) -> None:
    (proof,) = json.loads(llm(*LORA, "--format", "json").out)["proofs"]
    claims = [claim for premise in proof["premises"] for claim in premise["claims"]]
    assert "https://w3id.org/llmkg/claim/kaddour-2023--lora--addresses--storing-and-loading-copies" in {
        claim["claim"] for claim in claims
    }
    assert all(claim["sections"] for claim in claims)


def test_why_as_turtle_is_provenance(llm: Run) -> None:
    graph = rdflib.Graph().parse(data=llm(*LORA, "--format", "turtle").out)
    (step,) = graph.subjects(RDF.type, PROV.Activity)
    (conclusion,) = graph.subjects(PROV.wasGeneratedBy, step)
    section = rdflib.URIRef("https://w3id.org/llmkg/section/kaddour-2023-2.4-parameter-efficient-fine-tuning")
    assert graph.value(step, RDFS.label) == rdflib.Literal("prp-spo2")
    assert str(graph.value(conclusion, RDF.object)) == "https://w3id.org/llmkg/challenge/fine-tuning-overhead"
    assert len(set(graph.objects(step, PROV.used))) == 3
    assert section in set(graph.objects(None, PROV.hadPrimarySource))


def test_why_as_turtle_keeps_the_chain(llm: Run) -> None:
    graph = rdflib.Graph().parse(data=llm(*LORA, "--format", "turtle").out)
    assert len(set(graph.objects(None, RDF.first))) == 2


def test_why_not_names_what_is_missing_and_is_a_finding(llm: Run) -> None:
    ran = llm("why", "LoRA", "addresses", "hallucinations")
    assert ran.code == 1
    assert ran.out.startswith("LoRA addresses Hallucinations: this does not follow.\n")
    assert "missing: challenge:fine-tuning-overhead llmkg:subChallengeOf challenge:hallucinations\n" in ran.out


def test_why_not_as_json(zoo: Run, pack: Path) -> None:
    ran = zoo("why", ":jerry", "a", "cat", "--format", "json")
    told = json.loads(ran.out)
    nearest = told["near_misses"][0]
    assert (ran.code, told["status"], told["proofs"]) == (1, "not entailed", [])
    assert (nearest["rule"], nearest["missing"]) == ("cax-sco", [f"<{ZOO.Animal}> <{RDFS.subClassOf}> <{ZOO.Cat}>"])
    assert nearest["present"][0]["places"] == ["data/animals.ttl:12"]
    assert "a :Animal" in (pack / "data/animals.ttl").read_text(encoding="utf-8").splitlines()[11]


def test_why_says_that_a_file_says_so(zoo: Run, pack: Path) -> None:
    at = place(pack, "data/animals.ttl", "a :Cat")
    assert zoo("why", "Felix", "a", "cat") == (
        0,
        f"Felix is of kind cat: a file says so.\n:felix a :Cat\n   {at}\n",
        "",
    )
    told = json.loads(zoo("why", "Felix", "a", "cat", "--format", "json").out)
    assert (told["status"], told["proofs"][0]["rule"], told["proofs"][0]["places"]) == ("asserted", None, [at])


def test_why_takes_a_literal_as_turtle_writes_it(zoo: Run) -> None:
    assert zoo("why", "Felix", "rdfs:label", '"Felix"@en').code == 0
    assert zoo("why", "Felix", "rdfs:label", '"Felix"').code == 1


CHAIN = PREFIXES + ":next a owl:TransitiveProperty .\n" + "".join(f":n{n} :next :n{n + 1} .\n" for n in range(8))


def test_why_all_ends_soon(zoo: Run, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(pack / "data/chain.ttl", CHAIN + ":n8 a :Cat .\n")
    steps, asked = Prover._steps, []
    monkeypatch.setattr(Prover, "_steps", lambda self, fact: asked.append(fact) or steps(self, fact))
    assert "Proof 2" in zoo("why", ":n0", ":next", ":n8", "--all", "2").out
    assert len(asked) <= 300


def test_why_knows_what_is_only_an_object(zoo: Run, pack: Path) -> None:
    put(pack / "data/chain.ttl", CHAIN)
    assert zoo("why", ":n0", ":next", ":n8").code == 0


FELIX = f"<{ZOO.felix}> <{RDF.type}> <{ZOO.Animal}> .\n"


@pytest.fixture
def files(pack: Path) -> list[Path]:
    return [pack / "ontology/zoo.ttl", pack / "data/animals.ttl"]


@pytest.mark.parametrize("reasoner", ["llmkg", "owlrl"])
def test_reason_prints_what_follows(run: Run, files: list[Path], reasoner: str) -> None:
    assert run("reason", *files, "--reasoner", reasoner) == (0, FELIX, "")


def test_reason_prints_turtle_with_the_prefixes_of_the_files(run: Run, files: list[Path]) -> None:
    text = "@prefix : <https://example.org/zoo#> .\n\n:felix\n    a :Animal ;\n    .\n"
    assert run("reason", *files, "--format", "turtle") == (0, text, "")


def test_reason_leaves_out_what_holds_everywhere_unless_asked(run: Run, files: list[Path]) -> None:
    out = run("reason", *files, "--trivial").out.splitlines(keepends=True)
    assert out == sorted(out)
    assert FELIX in out
    assert f"<{ZOO.felix}> <http://www.w3.org/2002/07/owl#sameAs> <{ZOO.felix}> .\n" in out
    assert f"<{ZOO.Cat}> <{RDFS.subClassOf}> <http://www.w3.org/2002/07/owl#Thing> .\n" in out


def test_reason_reads_every_format(run: Run, tmp_path: Path) -> None:
    data = put(tmp_path / "a.nt", FELIX)
    rules = put(tmp_path / "b.jsonld", json.dumps({"@id": ZOO.Animal, RDFS.subClassOf: {"@id": ZOO.Being}}))
    more = rdflib.Graph().parse(data=f"{PREFIXES} :Being rdfs:subClassOf :Thing .").serialize(format="xml")
    found = run("reason", data, rules, put(tmp_path / "c.rdf", more))
    assert f"<{ZOO.felix}> <{RDF.type}> <{ZOO.Thing}> .\n" in found.out


CLASH = """\
llmkg: contradiction by cax-dw:
  :Dog owl:disjointWith :Animal  [{dogs}:6]
  :felix a :Dog  [{dogs}:7]
  :felix a :Animal  [by cax-sco]
    :Cat rdfs:subClassOf :Animal  [{ontology}:17]
    :felix a :Cat  [{data}:5]
"""


def test_reason_tells_a_contradiction_by_rule_triples_and_places(run: Run, files: list[Path], tmp_path: Path) -> None:
    dogs = put(tmp_path / "dogs.ttl", PREFIXES + ":Dog owl:disjointWith :Animal .\n:felix a :Dog .\n")
    told = CLASH.format(dogs=dogs, ontology=files[0], data=files[1])
    assert run("reason", *files, dogs) == (1, FELIX, told)


def test_owlrl_finds_the_contradiction_too(run: Run, files: list[Path], tmp_path: Path) -> None:
    ran = run("reason", *files, put(tmp_path / "dogs.ttl", DOGS), "--reasoner", "owlrl")
    assert (ran.code, ran.out) == (1, FELIX)
    assert re.fullmatch(r"llmkg: contradiction: .*zoo#Cat.*\n", ran.err)


def test_reason_notes_what_lies_outside_the_profile(run: Run, files: list[Path], tmp_path: Path) -> None:
    text = PREFIXES + ":Cat rdfs:subClassOf [\n  owl:onProperty :eats ;\n  owl:minCardinality 2\n] .\n"
    outside = put(tmp_path / "two.ttl", text)
    note = f"llmkg: note: {outside}:8: owl:minCardinality is outside OWL 2 RL and was ignored.\n"
    ran = run("reason", *files, outside)
    assert (ran.code, ran.err) == (0, note)
    assert FELIX in ran.out


def test_reason_over_an_empty_file(run: Run, tmp_path: Path) -> None:
    assert run("reason", put(tmp_path / "empty.ttl", "")) == (0, "", "")


CYCLES = """
:A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf :A . :x a :B .
:p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p . :p owl:propertyChainAxiom (:p :p) .
:x :p :y . :y :p :x . :x owl:sameAs :z . :z owl:sameAs :x . :p owl:inverseOf :p .
"""


def test_reason_ends_on_cyclic_hierarchies_and_chains(run: Run, tmp_path: Path) -> None:
    ran = run("reason", put(tmp_path / "cycles.ttl", PREFIXES + CYCLES))
    found = triples(ran.out, "nt")
    assert (ran.code, ran.err) == (0, "")
    assert {(ZOO.x, RDF.type, ZOO.A), (ZOO.z, RDF.type, ZOO.C), (ZOO.y, ZOO.q, ZOO.y), (ZOO.z, ZOO.p, ZOO.z)} <= found


def test_reason_over_the_limit_ends_before_anything_is_written(run: Run, tmp_path: Path) -> None:
    old = put(tmp_path / "old.nt", "old")
    ran = run("reason", put(tmp_path / "chain.ttl", CHAIN), "--limit", "5", "-o", old)
    ran.complains(4, "over the limit of 5", "Raise --limit")
    assert old.read_text(encoding="utf-8") == "old"


def test_export_parts(zoo: Run) -> None:
    parts = {
        part: triples(zoo("export", "--part", part).out) for part in ("all", "asserted", "inferred", "ontology", "data")
    }
    assert parts["inferred"] == {(ZOO.felix, RDF.type, ZOO.Animal)}
    assert parts["all"] == parts["asserted"] | parts["inferred"]
    assert parts["asserted"] == parts["ontology"] | parts["data"]
    assert not parts["ontology"] & parts["data"]
    assert zoo("export").out == zoo("export", "--part", "all").out


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib's own parser of JSON-LD
@pytest.mark.parametrize(("export_format", "theirs"), [("turtle", "turtle"), ("nt", "nt"), ("jsonld", "json-ld")])
def test_rdflib_reads_every_export(zoo: Run, files: list[Path], export_format: str, theirs: str) -> None:
    said = set().union(*(triples(file.read_text(encoding="utf-8")) for file in files))
    ran = zoo("export", "--format", export_format)
    assert (ran.code, ran.err) == (0, "")
    assert triples(ran.out, theirs) == said | {(ZOO.felix, RDF.type, ZOO.Animal)}


def test_a_strict_parser_reads_json_ld(zoo: Run) -> None:
    found = pyoxigraph.parse(zoo("export", "--format", "jsonld").out, pyoxigraph.RdfFormat.JSON_LD)
    assert len(list(found)) == 17


def test_fmt_check_names_the_file_and_writes_nothing(zoo: Run, pack: Path) -> None:
    file = pack / "data/animals.ttl"
    before = file.read_bytes()
    ran = zoo("fmt", "--check")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[0] == f"not in the sorted form: {file}"
    assert file.read_bytes() == before


def test_fmt_sorts_every_file_of_the_pack_once(zoo: Run, pack: Path) -> None:
    shape = put(pack / "ontology/shapes/fasting.ttl", SHAPE)
    before = triples((pack / "data/animals.ttl").read_text(encoding="utf-8"))
    ran = zoo("fmt")
    assert (ran.code, ran.out) == (0, "")
    assert set(ran.err.splitlines()[:-1]) == {f"formatted: {pack / 'data/animals.ttl'}", f"formatted: {shape}"}
    assert triples((pack / "data/animals.ttl").read_text(encoding="utf-8")) == before
    zoo("fmt", "--check").complains(0, "3 files, 0 to format")


def test_fmt_sorts_only_the_files_it_is_given(zoo: Run, pack: Path) -> None:
    file = put(pack / "own.ttl", "<urn:b> a <urn:c> . <urn:a> a <urn:c> .")
    assert zoo("fmt", file).code == 0
    assert file.read_text(encoding="utf-8") == "<urn:a>\n    a <urn:c> ;\n    .\n\n<urn:b>\n    a <urn:c> ;\n    .\n"
    assert zoo("fmt", "--check").code == 1


def test_fmt_leaves_other_formats_alone(zoo: Run, pack: Path) -> None:
    file = put(pack / "own.nt", FELIX)
    ran = zoo("fmt", file)
    assert file.read_text(encoding="utf-8") == FELIX
    ran.complains(3, "own.nt")


# -- writing to files --------------------------------------------------------------------------------

WRITES = [
    ["queries", "--format", "json"],
    ["query", "food", "animal=Felix"],
    ["query", "food", "animal=Felix", "--format", "csv"],
    ["query", "food", "animal=Felix", "--sources"],
    ["sparql", "ASK {}"],
    ["search", "felix"],
    ["show", "Felix"],
    ["stats"],
    ["validate", "--format", "json"],
    ["why", "Felix", "a", "animal"],
    ["export"],
    ["reason", ROOT / "ontology/core.ttl"],
]


@pytest.mark.parametrize("arguments", WRITES, ids=lambda arguments: " ".join(map(str, arguments[:3])))
def test_output_goes_whole_to_the_file_and_nowhere_else(zoo: Run, pack: Path, arguments: list[object]) -> None:
    put(pack / "queries/coverage.rq", COVERAGE % 1)
    file = put(pack / "out/answer", "old" * 10_000)
    printed = zoo(*arguments)
    ran = zoo(*arguments, "-o", file)
    assert (ran.code, ran.out) == (printed.code, "")
    assert file.read_bytes().decode() == printed.out != ""
    assert os.listdir(file.parent) == ["answer"]


def test_a_clean_validation_empties_the_file(zoo: Run, pack: Path) -> None:
    zoo("fmt")
    file = put(pack / "findings", "old findings")
    assert zoo("validate", "-o", file).code == 0
    assert file.read_text(encoding="utf-8") == ""


def test_fmt_has_no_output_file(zoo: Run, pack: Path) -> None:
    before = (pack / "data/animals.ttl").read_bytes()
    ran = zoo("fmt", pack / "data/animals.ttl", "-o", pack / "out")
    assert (pack / "data/animals.ttl").read_bytes() == before
    ran.complains(2, "-o")


@pytest.mark.parametrize(
    ("target", "reason"),
    [("none/out.ttl", "No such file"), ("data/animals.ttl/out", "Not a directory"), ("data", "Is a directory")],
)
def test_a_place_that_cannot_be_written(zoo: Run, pack: Path, target: str, reason: str) -> None:
    before = sorted(pack.rglob("*"))
    zoo("export", "-o", pack / target).complains(3, f"{pack / target}: cannot be written ({reason}", "Choose another")
    assert sorted(pack.rglob("*")) == before


def test_a_folder_that_is_write_protected(zoo: Run, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> NoReturn:  # root may write anywhere, so the mode of a folder proves nothing
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    zoo("export", "-o", pack / "out").complains(3, f"{pack / 'out'}: cannot be written (Permission denied)")


@pytest.mark.parametrize("arguments", [["export"], ["query", "food", "animal=Felix"], ["stats"]])
def test_a_broken_pack_leaves_the_old_file_untouched(zoo: Run, pack: Path, arguments: list[str]) -> None:
    put(pack / "data/bad.ttl", "@prefix : <https://example.org/zoo#> .\n\n:a :b ;;; c .\n")
    old = put(pack / "old", "old")
    zoo(*arguments, "-o", old).complains(3, "data/bad.ttl:3:7: ", "Mend the file")
    assert old.read_text(encoding="utf-8") == "old"


def test_a_cache_that_cannot_be_used_costs_only_time(run: Run, pack: Path) -> None:
    ran = run("query", "food", "animal=Felix", "--graph", pack, "--cache", pack / "data/animals.ttl")
    assert (ran.code, ran.out) == (0, "food\n------\n:jerry\n")
    assert re.fullmatch(r"llmkg: .*Not a directory.* working in memory\.\n", ran.err)


def test_the_cache_is_kept_where_it_is_asked_for_or_nowhere(run: Run, pack: Path, cache: Path) -> None:
    known = set(cache.iterdir())
    run("queries", "--graph", pack, "--no-cache")
    run("queries", "--graph", pack, "--cache", pack / "kept")
    assert set(cache.iterdir()) == known
    assert list((pack / "kept").glob("*/current.json"))


# -- wrong usage -------------------------------------------------------------------------------------

HELP = "--help' shows what there is."
WRONG = {
    "an unknown command": (["qurey"], "'qurey' is unknown", "Did you mean query?", f"'llmkg {HELP}"),
    "an unknown option": (["stats", "--fast"], "unrecognized arguments: --fast", HELP),
    "an unknown format": (["query", "food", "--format", "jsn"], "--format 'jsn'", "mean json?", f"'llmkg query {HELP}"),
    "a format of another command": (["stats", "--format", "csv"], "--format 'csv' is unknown", f"'llmkg stats {HELP}"),
    "an unknown language": (["queries", "--lang", "fr"], "--lang 'fr' is unknown", f"'llmkg queries {HELP}"),
    "an unknown part": (["export", "--part", "asserd"], "--part 'asserd'", "mean asserted?"),
    "an unknown reasoner": (["reason", "x.ttl", "--reasoner", "owlr"], "--reasoner 'owlr'", "mean owlrl?"),
    "an unknown tag": (["queries", "--tag", "pets"], "no saved query has the tag 'pets'"),
    "a choice of a megabyte": (["queries", "--lang", "x" * 1_000_000], f"--lang '{'x' * 60} ...' is unknown"),
    "a word of a megabyte": (["stats", "x" * 1_000_000], f"unrecognized arguments: {'x' * 60} ..."),
    "an unknown query": (["query", "foood"], "no saved query 'foood'", "Did you mean food?"),
    "a query like no other": (["query", "zzz"], "no saved query 'zzz'", "'llmkg queries' lists them"),
    "an unknown parameter": (["query", "food", "anmal=Felix"], "food: no parameter anmal", "Did you mean animal?"),
    "a missing parameter": (["query", "food"], "food: the parameter animal is missing", "animal='Felix'"),
    "a parameter twice": (["query", "food", "animal=:felix", "animal=:jerry"], "animal is given twice", "Give it once"),
    "not PARAM=VALUE": (["query", "food", "Felix"], "'Felix' is not PARAM=VALUE", "Write animal='Felix'"),
    "an unknown thing": (["query", "food", "animal=Feliks"], "'Feliks': no animal", "Did you mean Felix (:felix)?"),
    "an unknown CURIE": (["query", "food", "animal=:feliks"], "':feliks': no animal", "Did you mean Felix (:felix)?"),
    "a thing like no other": (["show", "zzz"], "'zzz': no thing of that name", "Try 'llmkg search'"),
    "no name at all": (["query", "food", "animal="], "the name is empty. Give the name of an animal."),
    "no IRI": (["show", "https://a b"], "'https://a b' is not a valid IRI", "Give a CURIE, an IRI or a label"),
    "a thing of another kind": (["query", "food", "animal=:Cat"], ":Cat: this is of kind class, not animal"),
    "an ambiguous name": (["query", "food", "animal=Jerry"], ":jerry (animal), :jerry-the-second (animal)", "Give one"),
    "an ambiguous thing": (["show", "Jerry"], ":jerry (animal), :jerry-the-second (animal)", "Give one of these"),
    "an unknown subject": (["why", "Feliks", "a", "cat"], "'Feliks': no thing", "mean Felix (:felix)?"),
    "an unknown property": (["why", "Felix", "eatz", "Felix"], "'eatz': no ", "mean eats (:eats)?"),
    "a thing as a property": (["why", "Felix", "cat", "Felix"], "cat (:Cat): this is of kind class, not property. Give the name of a property"),
    "an unknown object": (["why", "Felix", "a", "catt"], "'catt': no thing", "mean cat (:Cat)?"),
    "no object": (["why", "Felix", "a"], "required: OBJECT", f"'llmkg why {HELP}"),
    "no proofs": (["why", "Felix", "a", "cat", "--all", "0"], "--all: '0' is not a whole number above zero"),
    "no words": (["search"], "required: WORDS"),
    "no file": (["reason"], "required: FILE"),
    "no triples": (["reason", "x.ttl", "--limit", "-5"], "--limit: '-5' is not a whole number above zero"),
    "no things": (["search", "felix", "--limit", "0"], "--limit: '0' is not a whole number above zero"),
    "less than no things": (["search", "felix", "--limit", "-1"], "--limit: '-1' is not a whole number above zero"),
    "words for a number": (["search", "felix", "--limit", "x"], "--limit: 'x' is not a whole number above zero"),
    "sources as CSV": (["query", "food", "animal=Felix", "--sources", "--format", "csv"], "--sources", "json or table"),
    "a syntax error": (["sparql", "SELECT ?x\nWHERE { ?x a }"], "query:2:9: ", "not complete", "\n  WHERE { ?x a }\n          ^\n"),
    "an empty query": (["sparql", ""], "query:1:1: "),
    "an update": (["sparql", "INSERT DATA { :a a :b }"], "query:1:"),
    "no query": (["sparql"], "either as text or with --file"),
    "two queries": (["sparql", "ASK {}", "--file", "x.rq"], "either as text or with --file"),
    "triples as JSON": (["sparql", "CONSTRUCT WHERE { ?x a ?y }", "--format", "json"], "not json", "turtle or nt"),
    "triples as a table": (["sparql", "DESCRIBE :felix", "--format", "table"], "not table", "turtle, nt, jsonld or rdfxml"),
    "rows as triples": (["sparql", "SELECT * {}", "--format", "nt"], "gives no triples", "table, json, csv, tsv, xml"),
    "an answer as triples": (["sparql", "ASK {}", "--format", "turtle"], "gives no triples"),
    "an answer as CSV": (["sparql", "ASK {}", "--format", "csv"], "no csv form", "--format json or xml"),
}  # fmt: skip


def test_without_a_command_there_is_help_and_where_to_begin(run: Run) -> None:
    ran = run()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("usage: llmkg ")
    assert ran.err.endswith("\nllmkg: give a COMMAND. Begin with 'llmkg ask', a question after it.\n")
    assert all(f"\n    {command} " in ran.err for command in COMMANDS)


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_is_a_command_too(run: Run, command: str | None) -> None:
    words = [] if command is None else [command]
    assert run("help", *words) == run(*words, "--help")
    assert run("help", *words).code == 0


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_told_in_one_line(run: Run, pack: Path, mistake: str) -> None:
    arguments, *parts = WRONG[mistake]
    options = ["--graph", str(pack), "--no-cache"]
    run(*arguments, *options).complains(2, *parts)


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("age=old", ["age=old: not a whole number", "such as 12"]),
        ("age=1.5", ["age=1.5: not a whole number"]),
        ("age=", ["age=: not a whole number"]),
        ("weight=heavy", ["weight=heavy: not a number", "such as 1.5"]),
        ("weight=1e3", ["weight=1e3: not a number"]),
        ("tame=maybe", ["tame=maybe: not a truth value", "Use true or false"]),
        ("size=larg", ["size=larg: not one of small, large", "Did you mean large?"]),
    ],
)
def test_a_value_of_the_wrong_type(zoo: Run, pack: Path, value: str, parts: list[str]) -> None:
    put(pack / "queries/typed.rq", TYPED)
    zoo("query", "typed", value).complains(2, *parts)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["datasets", "public=maybe"], "public=maybe: not a truth value"),
        (["models", "min_parameters_billion=huge"], "min_parameters_billion=huge: not a number"),
        (["challenges-addressed", "mitigation=retreival augmentation"], "mean Retrieval augmentation (mitigation:"),
        (
            ["challenges-addressed", "mitigation=challenge:hallucinations"],
            "behavioral challenge and design challenge, not mitigation",
        ),
        (["challenge-adressed"], "Did you mean challenges-addressed"),
    ],
)
def test_a_mistake_about_the_shipped_graph(llm: Run, arguments: list[str], part: str) -> None:
    llm("query", *arguments).complains(2, part)


def test_a_query_without_a_name(run: Run) -> None:
    run("query").complains(2, "required: NAME. 'llmkg query --help'")


def test_an_option_before_the_command_is_heeded_or_named(run: Run, pack: Path) -> None:
    ran = run("--graph", pack, "queries", "--no-cache")
    assert ran.out.splitlines()[2:] == ["food   what does {animal} eat  animal"] or "--graph" in ran.err


@pytest.mark.parametrize(
    ("arguments", "name", "text"),
    [
        (["queries", "--tag", "zzz"], "", ""),
        (["queries"], "data/bad.ttl", None),
        (["queries"], "queries/bad.rq", "#+ title: [\n"),
        (["queries"], "queries/bad.rq", "#+ - title\n"),
    ],
    ids=["a tag like no other", "an unreadable file", "a header that is not YAML", "a header that is a list"],
)
def test_the_next_step_is_named(zoo: Run, pack: Path, arguments: list[str], name: str, text: str | None) -> None:
    if text is None:
        (pack / name).symlink_to("none")
    elif name:
        put(pack / name, text)
    ran = zoo(*arguments)
    ran.complains(3 if name else 2, name)
    assert re.search(r"\. ['A-Z]", ran.err)


@pytest.mark.parametrize(
    ("text", "part"),
    [("SELECT ?x { ?x a zoo:Cat }", "PREFIX"), ("INSERT DATA { :a a :b }", "SELECT, ASK, CONSTRUCT or DESCRIBE")],
    ids=["an unknown prefix", "an update"],
)
def test_a_wrong_query_is_told_in_plain_words(zoo: Run, text: str, part: str) -> None:
    zoo("sparql", text).complains(2, part)


@pytest.mark.parametrize("arguments", [["show", "a\nb"], ["queries", "--tag", "a\nb"], ["reason", "a\nb.ttl"]])
def test_a_newline_in_an_argument_stays_out_of_the_message(zoo: Run, arguments: list[str]) -> None:
    ran = zoo(*arguments)
    ran.complains(ran.code)


def test_a_newline_in_a_search_stays_out_of_the_message(zoo: Run) -> None:
    zoo("search", "a\nzzz").complains(1, "nothing is called 'a")


def test_a_tag_where_there_are_none(zoo: Run) -> None:
    ran = zoo("queries", "--tag", "zzz")
    ran.complains(2, "no saved query has the tag 'zzz'")
    assert " of ." not in ran.err


def test_a_query_that_is_not_utf_8(zoo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.BytesIO(b"ASK {} # \xff")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(text, encoding="utf-8", errors="surrogateescape"))
    zoo("sparql", "-").complains(2, "UTF-8")


# -- broken input ------------------------------------------------------------------------------------


def test_a_pack_that_is_not_there(run: Run, tmp_path: Path) -> None:
    run("queries", "--graph", tmp_path / "none").complains(3, f"{tmp_path / 'none'}: no such folder", "Give --graph")


@pytest.mark.parametrize("part", ["ontology", "data", "queries"])
@pytest.mark.parametrize("arguments", [["queries"], ["fmt"], ["export"]], ids=lambda arguments: arguments[0])
def test_a_pack_without_one_of_its_parts(zoo: Run, pack: Path, arguments: list[str], part: str) -> None:
    shutil.rmtree(pack / part)
    zoo(*arguments).complains(3, f"{pack}: the folder {part}/ is missing", "A pack has ontology/, data/ and queries/.")


def test_a_pack_with_an_empty_ontology(zoo: Run, pack: Path) -> None:
    (pack / "ontology/zoo.ttl").unlink()
    zoo("queries").complains(3, f"{pack / 'ontology'}: holds no .ttl file", "Put the ontology of the pack there")


BAD = {
    "a syntax error": (b"<urn:a>\n  a <urn:b> ; <urn:c> .\n", ":2:23: "),
    "an undeclared prefix": (b"<urn:a> a zoo:Cat .\n", ":1:11: The prefix zoo: has not been declared"),
    "an end too soon": (b"<urn:a>\n a <urn:b>\n", ":3:1: Unexpected end"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_broken_file_of_the_pack(zoo: Run, pack: Path, case: str) -> None:
    content, told = BAD[case]
    put(pack / "data/bad.ttl", content)
    zoo("queries").complains(3, f"llmkg: data/bad.ttl{told}", "Mend the file")


@pytest.mark.parametrize("command", [["reason"], ["reason", "--reasoner", "owlrl"], ["fmt"], ["fmt", "--check"]])
@pytest.mark.parametrize("case", BAD)
def test_a_broken_file(run: Run, tmp_path: Path, command: list[str], case: str) -> None:
    content, told = BAD[case]
    file = put(tmp_path / "bad.ttl", content)
    run(*command, file).complains(3, f"llmkg: {file}{told}", "Mend the file")
    assert file.read_bytes() == content


def test_broken_shapes(zoo: Run, pack: Path) -> None:
    put(pack / "ontology/shapes/bad.ttl", "<urn:a> a\n.\n")
    ran = zoo("validate")
    assert ran.code == 1
    assert "ontology/shapes/bad.ttl:2:1: error: " in ran.out
    assert "(syntax)" in ran.out
    assert "Shapes, rules and consistency were not checked" in ran.err


INVALID = b'<urn:a>\n <urn:b> "\xff" .\n'


def test_invalid_utf_8_is_told_with_its_place(zoo: Run, pack: Path) -> None:
    file = put(pack / "data/bad.ttl", INVALID)
    zoo("queries").complains(3, "data/bad.ttl:2:11: Invalid UTF-8")
    zoo("reason", file).complains(3, f"{file}:2:11: Invalid UTF-8")
    ran = zoo("fmt", file)
    ran.complains(3, f"{file}")
    assert file.read_bytes() == INVALID


def test_invalid_utf_8_is_told_with_its_place_by_fmt(run: Run, tmp_path: Path) -> None:
    file = put(tmp_path / "bad.ttl", INVALID)
    run("fmt", file).complains(3, f"{file}:2:")


@pytest.mark.parametrize("command", ["reason", "fmt"])
def test_a_byte_order_mark_is_read_over_or_named(run: Run, tmp_path: Path, command: str) -> None:
    ran = run(command, put(tmp_path / "a.ttl", b"\xef\xbb\xbf<urn:a>\n    a <urn:b> ;\n    .\n"))
    assert ran.code == 0 or "byte order mark" in ran.err


@pytest.mark.parametrize("name", ["data/bad.ttl", "ontology/bad.ttl", "queries/bad.rq"])
def test_an_unreadable_file_of_the_pack(zoo: Run, pack: Path, name: str) -> None:
    (pack / name).symlink_to("none")
    zoo("queries").complains(3, f"{name}: cannot be read (")


def test_an_unreadable_file_is_not_blamed_on_the_cache(run: Run, pack: Path) -> None:
    (pack / "data/bad.ttl").symlink_to("none")
    run("queries", "--graph", pack, "--cache", pack / "cache").complains(3, "data/bad.ttl: cannot be read (")


@pytest.mark.parametrize("command", [["reason"], ["reason", "--reasoner", "owlrl"], ["fmt"], ["sparql", "--file"]])
def test_a_file_that_is_not_there(run: Run, tmp_path: Path, command: list[str]) -> None:
    file = tmp_path / "none.ttl"
    run(*command, file).complains(3, f"{file}: cannot be read (", "No such file")


@pytest.mark.parametrize("command", [["fmt"], ["sparql", "--file"]])
def test_a_file_that_is_not_there_is_named_once(run: Run, tmp_path: Path, command: list[str]) -> None:
    file = tmp_path / "none.ttl"
    run(*command, file).complains(3, f"{file}: cannot be read (No such file or directory)")


@pytest.mark.parametrize("name", ["a.owl", "a.rq", "folder"])
def test_a_file_of_an_unknown_kind(run: Run, tmp_path: Path, name: str) -> None:
    file = put(tmp_path / name, "") if "." in name else tmp_path
    run("reason", file).complains(3, f"{file}: unknown extension", "Use .ttl, .nt,")


def test_a_comment_would_be_lost(run: Run, tmp_path: Path) -> None:
    text = '<urn:a> <urn:b> "# none", <urn:c#d> .\n<urn:a> a <urn:c> . # but this\n'
    file = put(tmp_path / "a.ttl", text)
    run("fmt", file).complains(3, f"{file}:2: a comment would be lost", "take it out")
    assert file.read_text(encoding="utf-8") == text


def test_one_bad_file_keeps_fmt_from_writing_any(run: Run, tmp_path: Path) -> None:
    good, bad = put(tmp_path / "a.ttl", "<urn:b> a <urn:c>."), put(tmp_path / "b.ttl", "<urn:a> a")
    run("fmt", good, bad).complains(3, "b.ttl:1:")
    assert good.read_text(encoding="utf-8") == "<urn:b> a <urn:c>."


HEADER = "#+ title: t\n#+ question:\n#+   en: what\n#+ columns:\n#+ - name: x\n#+   type: iri\n"
SELECT = "SELECT ?x { ?x a ?y }\n"
HEADERS = {
    "none": (SELECT, ":1: no header", "Begin the file with"),
    "an empty file": ("", ":1: no header"),
    "not YAML": ("#+ title: t\n#+ question: [\n" + SELECT, ":3: the header is not valid YAML"),
    "a list": ("#+ - a\n" + SELECT, ":1: the header holds no 'key: value' lines"),
    "no title": (HEADER.replace("title", "titel") + SELECT, ":1: the header has no key 'titel'", "mean title?"),
    "no question": (HEADER.replace("question", "questions") + SELECT, ":2: the header has no key 'questions'", "mean question"),
    "no columns": (HEADER[:HEADER.index("#+ col")] + SELECT, ":1: the header lacks 'columns'", "Describe x under"),
    "a title missing": (HEADER[HEADER.index("#+ q"):] + SELECT, ":1: the header lacks 'title'", "Add a line '#+ title"),
    "an unknown type": (HEADER + "#+ parameters:\n#+ - name: x\n#+   type: integr\n" + SELECT, "'integr'", "mean integer?"),
    "an unused parameter": (HEADER + "#+ parameters:\n#+ - name: z\n" + SELECT, "parameter z is not used", "Write $z"),
    "an unknown entailment": (HEADER + "#+ entailment: some\n" + SELECT, "entailment is 'some'", "inferred or asserted"),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS)
def test_a_query_file_with_a_wrong_header(zoo: Run, pack: Path, case: str) -> None:
    text, *parts = HEADERS[case]
    put(pack / "queries/bad.rq", text)
    zoo("queries").complains(3, "llmkg: queries/bad.rq:", *parts)


MALFORMED = {
    "a question without a language": HEADER.replace("\n#+   en:", ""),
    "an empty question": HEADER.replace("\n#+   en: what", ""),
    "a column without a name": HEADER.replace("name: x", "nam: x"),
    "a column without a type": HEADER.replace("type: iri", "typ: iri"),
    "a column that is a word": HEADER.replace("- name: x\n#+   type: iri", "- x"),
    "empty columns": HEADER.replace("\n#+ - name: x\n#+   type: iri", ""),
    "a parameter without a name": HEADER + "#+ parameters:\n#+ - type: iri\n",
    "a parameter that is a word": HEADER + "#+ parameters:\n#+ - x\n",
    "parameters that are a number": HEADER + "#+ parameters: 5\n",
    "tags that are no list": HEADER + "#+ tags: {a: b}\n",
}


@pytest.mark.parametrize(
    "header",
    [pytest.param(header, id=case) for case, header in MALFORMED.items()],
)
def test_a_query_file_with_a_header_of_the_wrong_shape(zoo: Run, pack: Path, header: str) -> None:
    put(pack / "queries/bad.rq", header + SELECT)
    zoo("queries").complains(3, "queries/bad.rq:")


def test_a_query_file_with_a_byte_order_mark(zoo: Run, pack: Path) -> None:
    put(pack / "queries/marked.rq", "\ufeff" + HEADER + SELECT)
    ran = zoo("queries")
    assert ran.code == 0 or "byte order mark" in ran.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEADER.encode() + b"# \xff\n" + SELECT.encode(), "queries/bad.rq:7: "),
        ((HEADER + "SELECT ?x {\n  ?x a }\n").encode(), "queries/bad.rq:8:3: "),
    ],
    ids=["not UTF-8", "a syntax error"],
)
def test_the_line_of_a_broken_query_file(zoo: Run, pack: Path, text: bytes, told: str) -> None:
    put(pack / "queries/bad.rq", text)
    zoo("query", "bad").complains(3, f"llmkg: {told}")


def test_a_parameter_type_like_no_other(zoo: Run, pack: Path) -> None:
    put(pack / "queries/bad.rq", HEADER + "#+ parameters:\n#+ - name: x\n#+   type: zzz\n" + SELECT)
    zoo("queries").complains(3, "'zzz' is unknown", "iri, string, integer, decimal")


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        (HEADER + "SELECT ?x {\n  ?x a }\n", []),
        (
            HEADER + "#+ parameters:\n#+ - name: z\n#+   type: iri\n#+   class: :Ca\nSELECT ?x { ?x a $z }\n",
            ["z=Felix"],
        ),
    ],
    ids=["a syntax error", "an unknown class"],
)
def test_a_broken_query_file_is_named(zoo: Run, pack: Path, text: str, arguments: list[str]) -> None:
    put(pack / "queries/bad.rq", text)
    zoo("query", "bad", *arguments).complains(3, "queries/bad.rq")


def test_deep_nesting_ends_well(run: Run, tmp_path: Path) -> None:
    deep = put(tmp_path / "deep.ttl", "<urn:a> <urn:p> " + "[ <urn:p> " * 150 + "<urn:z>" + " ]" * 150 + " .")
    run("fmt", put(tmp_path / "flat.ttl", "<urn:a> a <urn:b> ."))  # imports what it needs
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 300)  # as with 400 levels at the usual limit, but sooner
    try:
        ran = run("fmt", deep)
    finally:
        sys.setrecursionlimit(limit)
    assert ran.code == 0 or re.fullmatch(r"llmkg: .*\n", ran.err)


def test_owlrl_refuses_a_triple_term_politely(run: Run, tmp_path: Path) -> None:
    file = put(tmp_path / "a.ttl", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .\n")
    assert run("reason", file).code == 0
    run("reason", file, "--reasoner", "owlrl").complains(3, "triple term")


# -- the process -------------------------------------------------------------------------------------


def test_debug_lets_the_exception_through() -> None:
    with pytest.raises(UsageError, match="no saved query 'foood'"):
        main(["query", "foood", "--graph", str(ROOT), "--debug"])


def test_ctrl_c_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("llmkg.commands.queries.run", interrupted)
    assert run("queries") == (130, "", "")


def test_an_unforeseen_error_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> NoReturn:
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr("llmkg.commands.queries.run", fail)
    run("queries").complains(4, "first", "--debug")


def test_standard_output_that_cannot_be_written(
    pack: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> NoReturn:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    code = main(["queries", "--graph", str(pack), "--no-cache"])
    Ran(code, *capsys.readouterr()).complains(3, "No space left on device")


def test_output_is_utf_8_whatever_the_locale(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(stream, encoding="cp1252"))
    assert main(["show", "Felix", "--graph", str(pack), "--no-cache"]) == 0
    assert "菲利克斯" in stream.getvalue().decode()


@pytest.fixture(scope="module")
def script() -> str:
    """Return the path of the installed console script."""
    found = shutil.which("llmkg", path=sysconfig.get_path("scripts"))
    assert found, "llmkg is not installed beside this Python"
    return found


@pytest.fixture(scope="module")
def shell(script: str) -> Run:
    """Run a command in a process of its own."""

    def call(*arguments: object, **options: str) -> Ran:
        words = [script, *map(str, arguments)]
        done = subprocess.run(words, capture_output=True, check=False, encoding="utf-8", timeout=120, **options)
        return Ran(done.returncode, done.stdout, done.stderr)

    return call


def test_version_and_help(shell: Run) -> None:
    told = shell("--help")
    assert shell("--version") == (0, f"llmkg {__version__}\n", "")
    assert (told.code, told.err) == (0, "")
    assert all(re.search(rf"^    {command} ", told.out, re.MULTILINE) for command in COMMANDS)


def test_the_script_answers_from_the_pack_that_ships(shell: Run, llm: Run) -> None:
    question = ("query", "challenges-addressed", "mitigation=检索增强", "--lang", "zh")
    assert shell(*question) == llm(*question)
    assert shell("sparql", "-", input="ASK { mitigation:lora a llmkg:Mitigation }") == (0, "yes\n", "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["qurey"], 2), (["queries", "--graph", "/none"], 3), (["search", "zzzz"], 1)],
    ids=["usage", "input", "finding"],
)
def test_the_script_ends_with_the_exit_code(shell: Run, arguments: list[str], code: int) -> None:
    shell(*arguments).complains(code)


def test_an_argument_that_is_not_utf_8(shell: Run) -> None:
    shell("show", os.fsdecode(b"\xff")).complains(2, "no thing of that name")


def test_a_closed_pipe_ends_quietly(script: str, pack: Path) -> None:
    put(pack / "data/many.ttl", PREFIXES + "".join(f':n{n} rdfs:label "number {n}"@en .\n' for n in range(5000)))
    command = [script, "export", "--graph", str(pack), "--no-cache"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        first = process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
    assert (first, err, process.returncode) == (b"@prefix : <https://example.org/zoo#> .\n", b"", 0)


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_standard_output_that_is_closed(script: str, pack: Path) -> None:
    command = ["sh", "-c", 'exec "$0" queries --no-cache --graph "$1" >&-', script, str(pack)]
    done = subprocess.run(command, stderr=subprocess.PIPE, check=False, encoding="utf-8", timeout=120)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1


def test_a_class_chain_too_deep_ends_in_one_line(shell: Run, tmp_path: Path) -> None:
    chain = "".join(f"<urn:c{n}> <{RDFS.subClassOf}> <urn:c{n + 1}> .\n" for n in range(100_000))
    ran = shell("reason", put(tmp_path / "deep.nt", chain))
    ran.complains(4, "5,000,050,000 triples", "over the limit of 25,000,000", "Raise --limit")
