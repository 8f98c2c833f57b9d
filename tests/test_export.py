"""The exports: nothing lost in any format, the same bytes whatever the order, readable by others."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from llmkg import KnowledgeGraph
from llmkg.cli import main
from llmkg.errors import InputError, UsageError
from llmkg.export import Selection, context_of, export_parts, export_tables, frame_of, framed
from llmkg.files import write_folder, write_parts
from llmkg.progress import Progress
from llmkg.statements import lines_of
from llmkg.terms import PREFIXES

EX = "http://example.org/"
PREFIX = {**PREFIXES, "ex": EX, "source": EX + "source/", "": EX + "empty#"}
READERS = {
    "turtle": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
QUADS = ("nq", "trig")
ALL = (*READERS, "graphml", "csv")
G1, G2 = EX + "g1", EX + "g2"

iris = st.sampled_from(
    ["a", "b", "1.2", "with,comma", "dot.", "", "é", "幻觉", "%41", "a%2Fb", "x#y", "source/s", "-x", "a:b"]
).map(lambda name: NamedNode(EX + name))
others = st.sampled_from(["urn:r", "source:not-a-curie", "ex:b", "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"])
blanks = st.sampled_from([BlankNode(name) for name in ("x", "y", "z", "c14n0", "t0")])
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
predicates = st.sampled_from(
    [
        EX + "p",
        EX + "q",
        EX + "many",
        "urn:r",
        RDF + "type",
        RDF + "first",
        RDF + "rest",
        f"{EX}é",
        str(EX + "p2"),
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://www.w3.org/2002/07/owl#propertyChainAxiom",
    ]
).map(NamedNode)
AWKWARD = ['"', "'''", '"""', "\\", "\\u0041", "\n", "\r", "\t", "a\r\nb", "\u2028", "\x7f", "\x85", "😀", "\U0010fffd"]
AWKWARD += [
    "\u202eעברית",
    "شعر",
    " lead and trail ",
    "<b>&amp;</b>",
    "]]>",
    "a , b",
    "x ;\n    .",
    "# no comment",
    "_:x",
    "@en",
]
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
XML_TEXT = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=6
)
TAGS = st.sampled_from(["en", "zh", "zh-hans", "de-latn-de-1996", "x-private", "sr-cyrl"])
NUMBERS = ["01", "+1", "-0", "1", "9007199254740993", "123456789012345678901234567890", "1.50", "1e0", "INF", "nan"]
TYPES = ["integer", "decimal", "double", "boolean", "gYear", "string", "anyURI"]


def graphs_of(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Triple]]:
    words = texts | st.sampled_from(AWKWARD)
    typed = st.tuples(words | st.sampled_from([*NUMBERS, "true", "1"]), st.sampled_from(TYPES))
    literals = st.one_of(
        words.map(Literal),
        st.tuples(words, TAGS).map(lambda pair: Literal(pair[0], language=pair[1])),
        typed.map(lambda pair: Literal(pair[0], datatype=NamedNode(XSD + pair[1]))),
        words.map(lambda text: Literal(text, datatype=NamedNode(EX + "type"))),
    )
    nodes = iris | others.map(NamedNode) | blanks
    return st.lists(st.builds(Triple, nodes, predicates, nodes | literals), max_size=10)


MODEL = [
    f"<{EX}p> <{RDF}type> <http://www.w3.org/2002/07/owl#ObjectProperty>".encode(),
    f"<{EX}q> <{RDF}type> <http://www.w3.org/2002/07/owl#DatatypeProperty>".encode(),
    f"<{EX}q> <http://www.w3.org/2000/01/rdf-schema#range> <{XSD}integer>".encode(),
    f"<{EX}flag> <{RDF}type> <http://www.w3.org/2002/07/owl#DatatypeProperty>".encode(),
    f"<{EX}flag> <http://www.w3.org/2000/01/rdf-schema#range> <{XSD}boolean>".encode(),
    f"<{EX}many> <{RDF}type> <http://www.w3.org/2002/07/owl#DatatypeProperty>".encode(),
]


def selection(graph: list[Triple], more: list[Triple] | None = None) -> Selection:
    graphs = {G1: lines_of(graph), **({G2: lines_of(more)} if more is not None else {})}
    return Selection(graphs, [], MODEL, [], PREFIX)


def canonical(quads) -> set[Quad]:
    """Return the quads with canonical labels, on which those without a blank node have no bearing."""
    unique = set(quads)
    blank = {q for q in unique if isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode | Triple)}
    dataset = Dataset(blank)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {*(unique - blank), *dataset}


def written(chosen: Selection, export_format: str) -> bytes:
    return b"".join(export_parts(chosen, export_format))


def read(data: bytes, export_format: str) -> set[Quad]:
    return canonical(parse(data, READERS[export_format]))


def quads(graph: list[Triple], name: str | None = None) -> list[Quad]:
    graph_name = DefaultGraph() if name is None else NamedNode(name)
    return [Quad(t.subject, t.predicate, t.object, graph_name) for t in graph]


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]


# -- nothing is lost -------------------------------------------------------------------------------

SHARED = triples(f"<{EX}a> <{EX}p> _:s . <{EX}b> <{EX}p> _:s . _:s <{EX}p> [ <{EX}q> 1 ] , [ <{EX}q> 1 ] .")
CYCLE = triples(f"_:a <{EX}p> _:b . _:b <{EX}p> _:a . _:c <{EX}p> _:c .")
LISTS = triples(
    f"<{EX}a> <{EX}p> ( 1 ( ) ( <{EX}b> [] ) ) . <{EX}b> <{EX}q> () . _:l <{RDF}first> 1 , 2 ; <{RDF}rest> _:l ."
)


# Each odd literal under each kind of property, so that chance has no say in it.
ODD_LITERALS = [
    *(Literal(text) for text in AWKWARD),
    *(Literal(text, language="zh-hans") for text in AWKWARD),
    *(Literal(text, datatype=NamedNode(XSD + name)) for text in [*NUMBERS, "true", "0", "yes"] for name in TYPES),
]
ODD_GRAPH = [
    Triple(NamedNode(EX + "s"), NamedNode(EX + name), literal)
    for name in ("p", "q", "flag", "many", "unknown")
    for literal in ODD_LITERALS
]


@pytest.mark.parametrize("export_format", [f for f in READERS if f != "rdfxml"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(graphs_of(ANY_TEXT), graphs_of(ANY_TEXT))
@example(SHARED, LISTS)
@example(CYCLE, SHARED)
@example(ODD_GRAPH, [])
def test_export_and_load_is_the_identity(export_format: str, graph: list[Triple], more: list[Triple]) -> None:
    if export_format in QUADS:
        assert read(written(selection(graph, more), export_format), export_format) == canonical(
            [*quads(graph, G1), *quads(more, G2)]
        )
    else:
        assert read(written(selection(graph), export_format), export_format) == canonical(quads(graph))


@settings(max_examples=25)
@given(graphs_of(XML_TEXT))
@example(SHARED)
@example(LISTS)
@example(ODD_GRAPH)
def test_export_and_load_is_the_identity_in_xml(graph: list[Triple]) -> None:
    graph = [t for t in graph if t.predicate.value not in (EX, EX + "1.2")]
    assert read(written(selection(graph), "rdfxml"), "rdfxml") == canonical(quads(graph))


@pytest.mark.parametrize("text", AWKWARD)
def test_a_full_parser_of_xml_reads_the_same_text(text: str) -> None:
    """Read by expat, which joins the two characters of a line end into one where they are not escaped."""
    data = written(selection([Triple(NamedNode(EX + "a"), NamedNode(EX + "q"), Literal(text))]), "rdfxml")
    (value,) = [node.text for node in ET.fromstring(data).iter(f"{{{EX}}}q")]
    assert value == text


@pytest.mark.parametrize("export_format", [*READERS, "graphml"])
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(graphs_of(XML_TEXT), st.randoms())
@example(SHARED, random.Random(1))
@example(CYCLE, random.Random(1))
@example(LISTS, random.Random(1))
def test_neither_order_nor_labels_of_the_input_matter(
    export_format: str, graph: list[Triple], rng: random.Random
) -> None:
    labels = ["x", "y", "z", "c14n0", "t0", *(t.subject.value for t in graph if isinstance(t.subject, BlankNode))]
    labels += [t.object.value for t in graph if isinstance(t.object, BlankNode)]
    shuffled = rng.sample(sorted(set(labels)), len(set(labels)))
    new = {old: BlankNode(f"n{number}") for number, old in enumerate(shuffled)}

    def renamed(term):
        return new[term.value] if isinstance(term, BlankNode) else term

    other = [Triple(renamed(t.subject), t.predicate, renamed(t.object)) for t in rng.sample(graph, len(graph))]
    assert written(selection(other), export_format) == written(selection(graph), export_format)


@pytest.mark.parametrize("export_format", ["turtle", "nt", "nq", "trig"])
def test_blank_nodes_in_triple_terms_are_named_by_the_graph(export_format: str) -> None:
    def said_of(label: str) -> list[Triple]:
        node = BlankNode(label)
        term = Triple(node, NamedNode(EX + "q"), Triple(node, NamedNode(EX + "q"), Literal("1")))
        return [Triple(NamedNode(EX + "a"), NamedNode(EX + "p"), term), Triple(node, NamedNode(EX + "q"), node)]

    data = written(selection(said_of("x")), export_format)
    assert data == written(selection(said_of("y")), export_format)
    names = [G1] if export_format in QUADS else []
    assert read(data, export_format) == canonical(quads(said_of("x"), *names))


def test_lists_of_hundreds_and_deep_nests_are_quick_and_kept() -> None:
    members = " ".join(["[ a <urn:C> ]"] * 400)
    deep = "[ <urn:p> " * 200 + "1" + " ]" * 200
    graph = triples(f"<urn:a> <urn:list> ( {members} ) ; <urn:deep> {deep} .")
    for export_format in ("turtle", "nt", "jsonld", "trig", "nq", "rdfxml"):
        data = written(selection(graph), export_format)
        assert len(list(parse(data, READERS[export_format]))) == len(graph)
    text = written(selection(graph), "turtle").decode()
    assert written(selection(triples(text)), "turtle").decode() == text


def test_a_new_fact_is_one_new_line() -> None:
    base = triples(f"<{EX}a> <{EX}p> [ <{EX}q> 1 ] , <{EX}b> . <{EX}b> <{EX}p> ( 1 2 ) . [] <{EX}q> 4 .")
    more = [*base, Triple(NamedNode(EX + "b"), NamedNode(EX + "q"), Literal("new"))]
    for export_format in ("turtle", "nt"):
        before = written(selection(base), export_format).decode().splitlines()
        after = written(selection(more), export_format).decode().splitlines()
        assert len([line for line in after if line not in before]) == 1
        assert len(after) == len(before) + 1


# -- what a pack's files say -------------------------------------------------------------------------

ODD = """\
@prefix : <https://example.org/zoo#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:felix rdfs:label "菲力"@zh-Hans , "the cat"@en-GB ; :age 007 ; :weight "4.50"^^xsd:decimal .
"""


@pytest.mark.parametrize("export_format", ["turtle", "nt", "nq", "trig", "rdfxml", "jsonld"])
def test_lexical_forms_and_tags_are_as_written(pack: Path, export_format: str) -> None:
    (pack / "data/odd.ttl").write_text(ODD, encoding="utf-8")
    text = KnowledgeGraph.open(pack, cache=False).export(export_format)
    for piece in ("zh-Hans", "en-GB", "007", "4.50"):
        assert piece in text
    assert "zh-hans" not in text


SUPER = """\
@prefix : <https://example.org/zoo#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:age a owl:DatatypeProperty ; rdfs:subPropertyOf :figure .
:weight a owl:DatatypeProperty ; rdfs:subPropertyOf :figure .
:figure a owl:DatatypeProperty .
:called a owl:DatatypeProperty ; rdfs:subPropertyOf :known .
:known a owl:DatatypeProperty .
:felix :age 007 , 08 , 8 ; :weight "4.50"^^xsd:decimal ; :called "菲力"@zh-Hans , "plain" , "cat"@en .
"""


@pytest.mark.parametrize("part", ["all", "inferred"])
def test_what_follows_has_the_forms_that_files_give(pack: Path, part: str) -> None:
    (pack / "data/super.ttl").write_text(SUPER, encoding="utf-8")
    kg = KnowledgeGraph.open(pack, cache=False)
    inferred = {line.split(b" ", 2)[2].decode() for line in kg.selection(part).inferred if b'"' in line}
    integer, decimal = f'"^^<{XSD}integer>', f'"^^<{XSD}decimal>'
    # 08 and 8 are one value, and one of the forms is what the store gives.
    assert inferred == {f'"007{integer}', f'"8{integer}', f'"4.50{decimal}', '"菲力"@zh-Hans', '"plain"', '"cat"@en'}


def test_every_format_has_the_same_triples(kg: KnowledgeGraph) -> None:
    chosen = kg.selection("ontology")
    asserted = {q for name, lines in chosen.graphs.items() for q in quads(triples_of(lines), name)}
    expected = canonical(asserted)
    merged = canonical(quads([quad.triple for quad in asserted]))
    assert len(merged) == len(kg.triples("ontology")) > 1_000
    for export_format in READERS:
        data = written(chosen, export_format)
        assert read(data, export_format) == (expected if export_format in QUADS else merged), export_format


def triples_of(lines: list[bytes]) -> list[Triple]:
    return [quad.triple for quad in parse(b" .\n".join([*lines, b""]), RdfFormat.N_TRIPLES)]


def test_the_parts_keep_their_graphs(kg: KnowledgeGraph) -> None:
    graphs = {part: set(kg.selection(part).graphs) for part in ("all", "asserted", "inferred", "ontology", "data")}
    assert graphs["inferred"] == {"urn:llmkg:inferred"}
    assert graphs["asserted"] == graphs["ontology"] | graphs["data"]
    assert graphs["all"] == graphs["asserted"] | graphs["inferred"]
    assert "https://w3id.org/llmkg/core" in graphs["ontology"]


def test_the_hash_seed_makes_no_difference(pack: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from llmkg import KnowledgeGraph; from llmkg.export import export_parts\n"
        "chosen = KnowledgeGraph.open(sys.argv[1], cache=False).selection()\n"
        f"for f in {ALL}: sys.stdout.buffer.write(b''.join(export_parts(chosen, f)))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, pack],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 5_000


# -- what is around a thing ----------------------------------------------------------------------------


def test_a_thing_with_its_neighbours(pack: Path) -> None:
    kg = KnowledgeGraph.open(pack, cache=False)
    counts = [len(kg.selection("asserted", thing="Felix", depth=depth).lines) for depth in (0, 1, 2)]
    # Its 4 facts; the type and the label of jerry and the label of the classes... are facts of others.
    assert counts[0] == 4
    assert counts[0] < counts[1] <= counts[2]
    around = b"\n".join(kg.selection("asserted", thing=":jerry", depth=1).lines)
    assert b"#felix> <https://example.org/zoo#eats> <https://example.org/zoo#jerry>" in around
    assert b"jerry-the-second" not in around


# -- JSON-LD -------------------------------------------------------------------------------------------


def test_the_context_says_what_values_are(kg: KnowledgeGraph) -> None:
    context = json.loads(context_of(kg.selection("asserted")).text())["@context"]
    assert context["mitigation"] == "https://w3id.org/llmkg/mitigation/"
    assert context["addresses"] == {"@id": "llmkg:addresses", "@type": "@id", "@container": "@set"}
    assert context["label"] == {"@id": "rdfs:label", "@container": "@language"}
    assert context["altLabel"] == {"@id": "skos:altLabel", "@container": ["@language", "@set"]}
    assert context["releaseYear"]["@type"] == "xsd:integer"
    assert "@container" not in context["claimBasis"]  # a shape allows one
    assert context["Mitigation"] == "llmkg:Mitigation"
    assert context.get("dcterms:source", True)
    assert not any(
        isinstance(term, dict) and term.get("@id") == "dcterms:source" and name == "source"
        for name, term in context.items()
    )


def test_a_mitigation_reads_as_a_person_would_write_it(kg: KnowledgeGraph) -> None:
    found = json.loads(b"".join(framed(kg.selection("asserted"), "https://w3id.org/llmkg/ontology#Mitigation")))
    (rag,) = [thing for thing in found["@graph"] if thing["id"] == "mitigation:retrieval-augmentation"]
    assert list(rag)[:3] == ["id", "type", "label"]
    assert rag["label"] == {"en": "Retrieval augmentation", "zh": "检索增强"}
    assert {
        "id": "challenge:outdated-knowledge",
        "type": ["BehavioralChallenge", "Challenge"],
        "label": {"en": "Outdated Knowledge", "zh": "知识过时"},
    } in rag["addresses"]
    assert all(thing["type"] in ("Mitigation", ["Mitigation"]) for thing in found["@graph"])


def test_pyld_frames_our_export_as_we_do(pack: Path) -> None:
    chosen = KnowledgeGraph.open(pack, cache=False).selection("asserted")
    assert "" not in json.loads(context_of(chosen).text())["@context"]  # which the pack has, and JSON-LD has not
    cat = "https://example.org/zoo#Cat"
    ours = json.loads(b"".join(framed(chosen, cat)))
    theirs = jsonld.frame(json.loads(written(chosen, "jsonld")), json.loads(frame_of(chosen, cat)))
    normal = {"algorithm": "URDNA2015", "format": "application/n-quads"}
    assert jsonld.normalize(ours, normal) == jsonld.normalize(theirs, normal)
    expected = {"id": "https://example.org/zoo#jerry", "type": "Animal", "label": {"en": "Jerry"}}
    assert ours["@graph"][0]["eats"] == [expected]
    assert (theirs.get("@graph", [theirs])[0])["eats"] == [expected]


def test_pyld_reads_the_same_graph(kg: KnowledgeGraph) -> None:
    chosen = kg.selection("asserted", thing="mitigation:retrieval-augmentation", depth=1)
    normal = {"algorithm": "URDNA2015", "format": "application/n-quads"}
    theirs = jsonld.normalize(json.loads(written(chosen, "jsonld")), normal)
    assert set(theirs.splitlines()) == set(written(chosen, "nt").decode().splitlines())
    assert len(theirs.splitlines()) > 30


# -- tables and drawings -------------------------------------------------------------------------------


def test_graphml_has_nodes_and_edges_with_labels_and_kinds(pack: Path) -> None:
    data = written(KnowledgeGraph.open(pack, cache=False).selection(), "graphml")
    graph = nx.read_graphml(io.BytesIO(data))
    felix = graph.nodes[":felix"]
    assert felix == {
        "label": "Felix",
        "label_en": "Felix",
        "label_zh": "菲利克斯",
        "iri": "https://example.org/zoo#felix",
        "kind": "cat",
        "kinds": "cat",
    }
    (edge,) = (
        graph.get_edge_data(":felix", ":jerry").values() if graph.is_multigraph() else [graph.edges[":felix", ":jerry"]]
    )
    assert (edge["property"], edge["label"], edge["inferred"]) == (":eats", "eats", False)
    assert set(graph) == {":felix", ":jerry", ":jerry-the-second"}


def test_graphml_of_the_shipped_graph_is_well_formed(kg: KnowledgeGraph) -> None:
    tree = ET.fromstring(written(kg.selection("asserted"), "graphml"))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = {node.get("id") for node in tree.iter(f"{space}node")}
    edges = list(tree.iter(f"{space}edge"))
    assert len(nodes) > 2_000
    assert len(edges) > 8_000
    assert all(edge.get("source") in nodes and edge.get("target") in nodes for edge in edges)


def test_tables_have_a_row_for_each_thing_and_each_link(kg: KnowledgeGraph) -> None:
    tables = export_tables(kg.selection("asserted"))
    assert {"Mitigation.csv", "Challenge.csv", "Paper.csv", "Source.csv", "edges.csv"} <= set(tables)
    rows = list(csv.DictReader(io.StringIO(tables["Mitigation.csv"].decode())))
    rag = next(row for row in rows if row["id"] == "mitigation:retrieval-augmentation")
    assert (rag["label_en"], rag["label_zh"], rag["kinds"]) == ("Retrieval augmentation", "检索增强", "Mitigation")
    assert "challenge:hallucinations" in rag["addresses"].split(" | ")
    edges = list(csv.DictReader(io.StringIO(tables["edges.csv"].decode())))
    assert {
        "subject": "mitigation:retrieval-augmentation",
        "property": "llmkg:addresses",
        "object": "challenge:hallucinations",
        "subject_label": "Retrieval augmentation",
        "property_label": "addresses",
        "object_label": "Hallucinations",
        "inferred": "false",
    } in edges


def test_no_cell_is_a_formula() -> None:
    graph = triples(f'<{EX}a> a <{EX}C> ; <{EX}p> "=1+1" , "@x" ; <{EX}q> -5 . <{EX}b> a <{EX}C> ; <{EX}p> "+a" .')
    rows = list(csv.DictReader(io.StringIO(export_tables(selection(graph))["C.csv"].decode())))
    assert [row["http://example.org/p"] if "http://example.org/p" in row else row["p"] for row in rows] == [
        "'=1+1 | @x",
        "'+a",
    ]
    assert rows[0]["q"] == "-5"


def test_the_archive_is_the_same_on_every_run(pack: Path) -> None:
    chosen = KnowledgeGraph.open(pack, cache=False).selection()
    data = written(chosen, "csv")
    assert data == written(chosen, "csv")
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["Animal.csv", "Cat.csv", "edges.csv"]


# -- the command ---


@pytest.fixture
def export(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run ``llmkg export`` on the small pack; gives the exit code, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["export", "--graph", str(pack), "--cache", str(tmp_path / "cache"), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_the_command_writes_each_format_by_the_name_of_the_file(export, pack: Path) -> None:
    for name, begin in {
        "z.ttl": b"@prefix",
        "z.nt": b"<https:",
        "z.nq": b"<https:",
        "z.trig": b"@prefix",
        "z.owl": b"<?xml",
        "z.rdf": b"<?xml",
        "z.jsonld": b'{\n  "@context"',
        "z.graphml": b"<?xml",
        "z.zip": b"PK",
    }.items():
        assert export("-o", pack / name) == (0, "", "")
        assert (pack / name).read_bytes().startswith(begin), name
    assert export("--format", "csv", "-o", pack / "tables") == (0, "", "")
    assert sorted(p.name for p in (pack / "tables").iterdir()) == ["Animal.csv", "Cat.csv", "edges.csv"]


def test_the_command_frames_and_nests(export) -> None:
    code, out, err = export("--frame", "cat", "--part", "asserted")
    assert (code, err) == (0, "")
    assert [thing["label"]["zh"] for thing in json.loads(out)["@graph"]] == ["菲利克斯"]
    code, out, err = export("--thing", "Felix", "--format", "jsonld", "--part", "asserted")
    assert (code, err) == (0, "")
    (felix,) = json.loads(out)["@graph"]
    assert felix["eats"] == [{"id": "https://example.org/zoo#jerry", "type": "Animal", "label": {"en": "Jerry"}}]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--format", "owl"], 2, "Choose from turtle, nt, nq, trig, rdfxml, jsonld, graphml, csv, bibtex, csl."),
        (["--part", "most"], 2, "Choose from all, asserted, inferred, ontology, data."),
        (["--thing", "Felx"], 2, "Did you mean Felix"),
        (["--frame", "dog"], 2, "'dog': no"),
        (["--frame", "cat", "--format", "nt"], 2, "--frame goes with JSON-LD, not nt"),
        (["--depth", "2"], 2, "--depth goes with --thing"),
        (["--thing", "Felix", "--depth", "-1"], 2, "'-1'"),
        (["--format", "csv"], 2, "csv is several tables. Add -o DIR"),
        (["-o", "."], 3, "Is a directory"),
    ],
)
def test_a_mistake_is_one_line(export, arguments: list[str], code: int, message: str) -> None:
    ended, out, err = export(*arguments)
    assert (ended, out) == (code, "")
    assert message in err
    assert err.count("\n") == 1


def test_an_illegal_iri_in_a_pack_is_one_line_and_nothing_is_written(export, pack: Path) -> None:
    (pack / "data/bad.ttl").write_text("<urn:a> <urn:b> <http://example.org/{x}> .\n", encoding="utf-8")
    code, out, err = export("-o", pack / "out.ttl")
    assert (code, out) == (3, "")
    assert err.startswith("llmkg: data/bad.ttl:1:")
    assert err.count("\n") == 1
    assert not (pack / "out.ttl").exists()


def test_a_bar_is_shown_on_a_terminal_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    items = [b"%d" % number for number in range(10_000)]
    monkeypatch.setattr("llmkg.progress._PATIENCE", -1.0)
    monkeypatch.setattr("llmkg.progress._PAUSE", -1.0)
    progress = Progress("writing", stream)
    assert list(progress(items)) == items
    progress.clear()
    assert "writing [###" in stream.getvalue()
    assert stream.getvalue().endswith("\r\033[K")
    quiet = io.StringIO()
    assert Progress("writing", quiet)(items) is items
    assert quiet.getvalue() == ""


# -- what cannot be --------------------------------------------------------------------------------------


@pytest.mark.parametrize("iri", [EX + "1", EX, RDF + "li", "urn:1:2"])
def test_a_property_that_rdfxml_cannot_express(iri: str) -> None:
    with pytest.raises(InputError, match=f"^<{iri}>: RDF/XML cannot express this property"):
        written(selection([Triple(NamedNode(EX), NamedNode(iri), Literal("x"))]), "rdfxml")


def test_a_character_that_rdfxml_cannot_express() -> None:
    with pytest.raises(InputError, match=r"a>, ex:p: XML cannot express the character U\+0001"):
        written(selection([Triple(NamedNode(EX + "a"), NamedNode(EX + "p"), Literal("\x01"))]), "rdfxml")


def test_csv_is_no_text(pack: Path) -> None:
    with pytest.raises(UsageError, match="csv is several tables"):
        KnowledgeGraph.open(pack, cache=False).export("csv")


def test_an_unknown_format_lists_the_choices() -> None:
    with pytest.raises(UsageError, match=r"no export format 'owl'.* Use turtle, nt, nq, trig, rdfxml, jsonld, graphml"):
        written(selection([]), "owl")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_one_line() -> None:
    with pytest.raises(InputError, match=r"^/dev/full: cannot be written \(No space left on device\)"):
        write_parts(Path("/dev/full"), [b"x" * 100_000])
    assert os.path.exists("/dev/full")
    assert not os.path.isfile("/dev/full")


def test_an_error_on_the_way_leaves_the_old_file(tmp_path: Path) -> None:
    def parts():
        yield b"new"
        raise InputError("broken")

    old = tmp_path / "out.ttl"
    old.write_bytes(b"old")
    link = tmp_path / "link.ttl"
    link.symlink_to(old)
    with pytest.raises(InputError, match="broken"):
        write_parts(old, parts())
    assert old.read_bytes() == b"old"
    write_parts(link, [b"through ", b"the link"])
    assert link.is_symlink()
    assert old.read_bytes() == b"through the link"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.ttl", "out.ttl"]


def test_a_folder_of_tables_replaces_only_tables(tmp_path: Path) -> None:
    place = tmp_path / "tables"
    write_folder(place, {"a.csv": b"1"}, ".csv")
    write_folder(place, {"b.csv": b"2"}, ".csv")
    assert [p.name for p in place.iterdir()] == ["b.csv"]
    (place / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"tables: holds other things than \.csv files"):
        write_folder(place, {"c.csv": b"3"}, ".csv")
    assert sorted(p.name for p in place.iterdir()) == ["b.csv", "mine.txt"]
    assert list(tmp_path.iterdir()) == [place]
