"""``llmkg validate``: every finding has its file, line, column, rule and remedy, and bad files stay bounded."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse
from rdflib.namespace import RDF, SH

from llmkg import KnowledgeGraph
from llmkg.cli import main
from llmkg.errors import InputError
from llmkg.fmt import format_text
from llmkg.load import read_document, read_pack
from llmkg.pack import Pack
from llmkg.source import Source
from llmkg.validate import Finding, Report, check_pack
from llmkg.validate import kept as kept_module
from llmkg.validate.report import report_sarif, report_text, report_turtle

ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
@prefix : <https://example.org/zoo#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
SHAPES = HEAD + (
    ":Cats a sh:NodeShape ; sh:targetClass :Cat ; sh:property :Cats-name , :Cats-food .\n"
    ':Cats-name sh:path rdfs:label ; sh:minCount 1 ; sh:message "Name it."@en , "请命名。"@zh .\n'
    ':Cats-food sh:path :eats ; sh:class :Animal ; sh:severity sh:Warning ; sh:message "Feed it."@en , "请喂它。"@zh .\n'
)


@pytest.fixture
def zoo(pack: Path) -> Path:
    """Return the small pack in the sorted form, with shapes."""
    (pack / "ontology/shapes").mkdir()
    put(pack / "ontology/shapes/cats.ttl", SHAPES)
    for path in pack.rglob("*.ttl"):
        put(path, format_text(path.read_text(encoding="utf-8"), path.name))
    return pack


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def add(zoo: Path, body: str, name: str = "data/more.ttl") -> Path:
    return put(zoo / name, HEAD + body)


def found(zoo: Path, *, leave_out: tuple[str, ...] = ("format",)) -> list[tuple[str, str, str]]:
    """Return place, severity and rule of each finding in ``zoo``."""
    report = check_pack(Pack.open(zoo))
    return [(f.place, f.severity, f.rule) for f in report.findings if f.rule not in leave_out]


def one(zoo: Path, rule: str) -> Finding:
    (finding,) = [f for f in check_pack(Pack.open(zoo)).findings if f.rule == rule]
    return finding


# -- what is found, and where -----------------------------------------------------------------

# A block that begins on line 7, where it is pointed at, how bad it is and by which rule.
MISTAKES = {
    "missing": (":tom\n    a :Cat .\n", "7:1", "error", "Cats-name/minCount"),
    "wrong class": (':tom a :Cat ; rdfs:label "Tom" ;\n    :eats :Cat .\n', "8:11", "warning", "Cats-food/class"),
    "property": (":felix\n    :eets :jerry .\n", "8:5", "error", "undefined-term"),
    "class": (":tom\n    a :Catt .\n", "8:7", "error", "undefined-term"),
    "thing": (":jerry\n    :eats :felixx .\n", "8:11", "error", "undefined-term"),
    "built in": (':jerry\n    rdfs:lable "J" .\n', "8:5", "error", "undefined-term"),
    "datatype": (':jerry\n    rdfs:comment "J"^^xsd:strin .\n', "8:18", "error", "undefined-term"),
    "foreign": (":jerry\n    <https://schema.org/name> 5 .\n", "8:5", "warning", "undeclared-term"),
    "relative": ("<jerry>\n    rdfs:label 5 .\n", "7:1", "error", "relative-iri"),
    "syntax": (":felix\n    :eats ;;; .\n", "8:11", "error", "syntax"),
    "prefix": (":felix\n    cat:eats 5 .\n", "8:5", "error", "undeclared-prefix"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_line_column_and_remedy(zoo: Path, mistake: str) -> None:
    body, place, severity, rule = MISTAKES[mistake]
    add(zoo, body)
    assert found(zoo) == [(f"data/more.ttl:{place}", severity, rule)]
    finding = one(zoo, rule)
    for lang in ("en", "zh"):
        assert finding.message(lang)
        assert finding.remedy(lang)


def test_a_pack_in_order_has_no_findings(zoo: Path) -> None:
    assert found(zoo, leave_out=()) == []


def test_the_shipped_pack_has_no_findings() -> None:
    report = check_pack(Pack.open(ROOT))
    assert report.findings == ()
    assert report.complete


def test_close_matches_are_offered(zoo: Path) -> None:
    add(zoo, ":felix :eets :jerry .\n")
    assert one(zoo, "undefined-term").remedy("en") == "Define it, or mend its name. Did you mean :eats?"
    assert "是否想写 :eats？" in one(zoo, "undefined-term").remedy("zh")


def test_a_known_prefix_is_offered_in_full(zoo: Path) -> None:
    put(zoo / "data/more.ttl", "<urn:a> rdfs:label 5 .\n")
    remedy = 'Add "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ." at the head of the file.'
    assert one(zoo, "undeclared-prefix").remedy() == remedy


def test_a_prefix_with_two_meanings(zoo: Path) -> None:
    put(zoo / "data/more.ttl", "@prefix owl: <urn:owl:> .\n")
    assert one(zoo, "prefix").place == "data/more.ttl:1:9"


def test_the_form_is_told_at_the_first_line_that_differs(zoo: Path) -> None:
    path = zoo / "data/animals.ttl"
    put(path, path.read_text(encoding="utf-8").replace("    :eats", "  :eats"))
    finding = one(zoo, "format")
    assert (finding.severity, path.read_text(encoding="utf-8").splitlines()[finding.line - 1]) == (
        "warning",
        "  :eats :jerry ;",
    )


def test_a_contradiction_points_at_what_files_state(zoo: Path) -> None:
    add(zoo, ":Animal owl:disjointWith :Plant .\n:Plant a owl:Class .\n", "ontology/more.ttl")
    add(zoo, ":felix\n    a :Plant .\n")
    finding = one(zoo, "consistency/cax-dw")
    assert finding.place == "data/more.ttl:8:7"
    # That Felix is an animal follows from two facts, and no file says so.
    assert "ontology/zoo.ttl" in " ".join(finding.related)
    assert ":felix rdf:type :Cat" in finding.remedy()
    assert ":Cat rdfs:subClassOf :Animal" in finding.remedy()


def test_a_broken_file_does_not_hide_the_others(zoo: Path) -> None:
    add(zoo, ":a :b", "data/bad.ttl")
    put(zoo / "data/worse.ttl", b"\xff\xfe")
    report = check_pack(Pack.open(zoo))
    assert [(f.file, f.rule) for f in report.findings] == [("data/bad.ttl", "syntax"), ("data/worse.ttl", "syntax")]
    assert not report.complete


@pytest.mark.parametrize("kind", ["triple", "list", "nested", "long text", "escape", "base"])
def test_places_in_turtle(kind: str) -> None:
    texts = {
        "triple": ("<urn:a> <urn:b> 'c'@en , 5.0 .", "5.0"),
        "list": ("<urn:a> <urn:b> ( 1 <urn:x> ) .", "<urn:x>"),
        "nested": ("<urn:a> <urn:b> [ <urn:c> [ <urn:d> true ] ] .", "true"),
        "long text": ("<urn:a> <urn:b> '''two\nlines''' ; <urn:c> -1e3 .", "-1e3"),
        "escape": ('# "\n<urn:a> <urn:b> "\\u0041\\n\\"" .', '"\\u0041'),
        "base": ("@base <http://x/> .\nPREFIX y: <urn:y:>\ny:a y:b\\-c <z> .", "<z>"),
    }
    text, wanted = texts[kind]
    rdflib.Graph().parse(data=text, format="turtle")  # a second reader takes the text too
    source = Source(text)
    spots = {source.fact(quad.triple) for quad in parse(text, RdfFormat.TURTLE)}
    line = text[: text.index(wanted)].count("\n") + 1
    column = text.index(wanted) - text.rfind("\n", 0, text.index(wanted))
    assert (line, column) in spots


def test_every_fact_of_the_pack_has_its_place() -> None:
    checked = 0
    for document in read_pack(Pack.open(ROOT)).documents[:12]:
        source = Source((ROOT / document.name).read_text(encoding="utf-8"))
        for triple in document.triples:
            if not isinstance(triple.subject, BlankNode):
                assert source.fact(triple), triple
                checked += 1
    assert checked > 3000


# -- the command --------------------------------------------------------------------------------


@pytest.fixture
def run(zoo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def ran(*arguments: object) -> tuple[int, str, str]:
        code = main(["validate", "--graph", str(zoo), "--cache", str(tmp_path / "cache"), *map(str, arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return ran


def test_warnings_alone_are_no_failure(zoo: Path, run) -> None:
    add(zoo, MISTAKES["foreign"][0])
    code, out, err = run("--severity", "warning", "--rule", "undeclared*")
    assert code == 0
    assert out == (
        "data/more.ttl:8:5: warning: the property <https://schema.org/name> is not defined (undeclared-term)\n"
        "    :jerry <https://schema.org/name> 5\n"
        "    fix: Declare it in the ontology.\n"
    )
    assert err == "llmkg: 1 warning in 4 files.\n"
    assert run("--severity", "error") == (0, "", "llmkg: nothing found in 4 files.\n")


def test_only_the_given_files_are_spoken_of(zoo: Path, run) -> None:
    bad = add(zoo, MISTAKES["missing"][0])
    add(zoo, MISTAKES["property"][0], "data/other.ttl")
    code, out, _ = run(bad, "--format", "json")
    assert {row["file"] for row in json.loads(out)} == {"data/more.ttl"}
    assert code == 1
    assert run(zoo / "data/animals.ttl")[:2] == (0, "")


def test_a_file_outside_is_checked_with_the_pack(zoo: Path, run) -> None:
    new = put(zoo.parent / "new.ttl", HEAD + MISTAKES["missing"][0])
    code, out, _ = run(new, "--rule", "Cats*")
    assert (code, out.splitlines()[0]) == (
        1,
        "../new.ttl:7:1: error: there are fewer than 1 values (Cats-name/minCount)",
    )
    assert run("nowhere.ttl")[0] == 2


@pytest.mark.parametrize("engine", ["llmkg", "pyshacl"])
def test_both_engines_say_the_same(zoo: Path, run, engine: str) -> None:
    add(zoo, MISTAKES["missing"][0] + MISTAKES["wrong class"][0].replace("tom", "tim"))
    _, out, _ = run("--shacl", engine, "--format", "json", "--rule", "Cats*")
    assert [(row["focus"], row["rule"], row["line"]) for row in json.loads(out)] == [
        (":tom", "Cats-name/minCount", 7),
        (":tim", "Cats-food/class", 10),
    ]


def test_the_report_is_kept_until_something_changes(zoo: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = check_pack

    def counted(*arguments: object, **options: object) -> Report:
        made.append(1)
        return real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_module, "check_pack", counted)
    bad = add(zoo, MISTAKES["missing"][0])
    first = run()
    assert run() == first
    os.utime(bad)  # another time, the same content
    assert run() == first
    assert len(made) == 1
    for changed in ("ontology/shapes/cats.ttl", "data/more.ttl", "ontology/zoo.ttl"):
        path = zoo / changed
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        run()
    assert len(made) == 4


def test_what_is_kept_and_damaged_is_made_anew(run, tmp_path: Path) -> None:
    first = run()
    (kept,) = (tmp_path / "cache").rglob("validation.json")
    for content in ("", "{}", '{"stats": [], "key": "", "report": {"findings": [[1]]}}', "[]"):
        kept.write_text(content, encoding="utf-8")
        assert run() == first


def test_turtle_is_a_shacl_report(zoo: Path, run) -> None:
    add(zoo, MISTAKES["missing"][0])
    code, out, _ = run("--format", "turtle")
    report = rdflib.Graph().parse(data=out, format="turtle")
    (node,) = report.subjects(RDF.type, SH.ValidationReport)
    assert report.value(node, SH.conforms).toPython() is False
    components = {report.value(r, SH.sourceConstraintComponent) for r in report.objects(node, SH.result)}
    assert SH.MinCountConstraintComponent in components
    for result in report.objects(node, SH.result):
        assert report.value(result, SH.focusNode) is not None
        assert report.value(result, SH.resultSeverity) in (SH.Violation, SH.Warning, SH.Info)
    assert code == 1
    assert "sh:conforms true" in report_turtle([], {})


def test_sarif_has_what_its_schema_demands(zoo: Path) -> None:
    """The required members of SARIF 2.1.0 (sections 3.13, 3.14, 3.18, 3.19, 3.27), checked by hand."""
    add(zoo, MISTAKES["missing"][0])
    findings = check_pack(Pack.open(zoo)).findings
    sarif = json.loads(json.dumps(report_sarif(findings, "en", zoo.as_uri())))
    assert (sarif["version"], len(sarif["runs"])) == ("2.1.0", 1)
    (run,) = sarif["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "llmkg"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert run["originalUriBaseIds"]["PACK"]["uri"].endswith("/")
    assert len(run["results"]) == len(findings) > 0
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert ids[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        assert not place["artifactLocation"]["uri"].startswith("/")
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1


def test_a_finding_is_told_on_single_lines() -> None:
    text = report_text([Finding(file="a", messages=(("en", "two\nlines"),), focus=":x", value='"a\nb"')], "en")
    assert text == 'a: error: two lines ()\n    :x "a b"\n'


def test_the_python_api_gives_the_findings(zoo: Path) -> None:
    add(zoo, MISTAKES["missing"][0])
    kg = KnowledgeGraph.open(zoo, cache=False)
    (found,) = [f for f in kg.validate() if f.severity == "error"]
    assert (found.place, found.focus, found.path) == ("data/more.ttl:7:1", ":tom", "rdfs:label")
    assert kg.validate([zoo / "data/animals.ttl"]) == []


# -- files from strangers -----------------------------------------------------------------------

RDF_HEAD = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
ENTITIES = b"".join(b'<!ENTITY b%d "%s">' % (n, b"&b%d;" % (n - 1) * 10) for n in range(1, 9))
STRANGE = {
    "entities.rdf": (b'<!DOCTYPE r [<!ENTITY b0 "x">' + ENTITIES + b"]>" + RDF_HEAD, "made of other entities"),
    "large.rdf": (
        b'<!DOCTYPE r [<!ENTITY b "' + b"x" * 100_000 + b'">]>' + RDF_HEAD + b"&b;" * 1000,
        "its entities come to 100,000,000 bytes",
    ),
    "outside.rdf": (b'<!DOCTYPE r [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + RDF_HEAD, "is outside of the file"),
    "deep.rdf": (RDF_HEAD + b"<e:a>" * 50_000, "nested more than 1,000 deep"),
    "deep.jsonld": (b'{"urn:p":' * 10_000 + b"1" + b"}" * 10_000, "nested more than 1,000 deep"),
    "remote.jsonld": (b'{"@context": "http://127.0.0.1:9/c", "urn:p": 1}', "nothing is read from the network"),
    "not-utf-8.ttl": (b'<urn:a>\n<urn:b> "\xff" .', "Invalid UTF-8"),
    "nul.ttl": (b"\0" * 1000, "not"),
    "truncated.ttl": (b'<urn:a> <urn:b> "abc', "Unexpected end"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    content, told = STRANGE[name]

    def refuse(*_: object) -> None:
        raise AssertionError("the network is asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(InputError) as error:
        read_document(put(tmp_path / name, content))
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


FINE = {
    "mark.ttl": b"\xef\xbb\xbf<urn:a> <urn:b> 1 .",
    "windows.ttl": b"<urn:a>\r\n    <urn:b> 1 .\r\n",
    "long.ttl": b'<urn:a> <urn:b> "' + b"x" * 1_000_000 + b'" .',
    "deep.ttl": b"<urn:a> <urn:b> " + b"[ <urn:b> " * 10_000 + b"1" + b" ]" * 10_000 + b" .",
    "entity.rdf": b'<!DOCTYPE r [<!ENTITY e "urn:e:">]>'
    + RDF_HEAD
    + b'<rdf:Description rdf:about="&e;a" e:p="1"/></rdf:RDF>',
}


@pytest.mark.parametrize("name", FINE)
def test_a_strange_file_that_is_right_is_read(tmp_path: Path, name: str) -> None:
    path = put(tmp_path / name, FINE[name])
    document = read_document(path)
    assert document.triples
    if name.endswith(".ttl"):
        source = Source(FINE[name].decode("utf-8-sig"))
        assert source.block(NamedNode("urn:a")) == (1, 1)


def test_a_link_out_of_the_pack_is_not_followed(zoo: Path) -> None:
    put(zoo.parent / "secret.ttl", "<urn:a> <urn:b> 1 .")
    (zoo / "data/link.ttl").symlink_to(zoo.parent / "secret.ttl")
    (zoo / "data/lost.ttl").symlink_to(zoo / "nowhere.ttl")
    (zoo / "data/round.ttl").symlink_to(zoo / "data/round.ttl")
    rules = [(f.file, f.rule) for f in check_pack(Pack.open(zoo)).findings if f.rule != "format"]
    assert rules == [("data/link.ttl", "outside"), ("data/lost.ttl", "unreadable"), ("data/round.ttl", "unreadable")]
