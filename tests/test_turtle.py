"""The sorted Turtle form and ``fmt``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from llmkg.errors import InputError
from llmkg.fmt import format_files, format_text
from llmkg.terms import PREFIXES
from llmkg.turtle import serialize

EX = "http://example.org/"
PREFIX = {**PREFIXES, "ex": EX}

nodes = st.sampled_from([NamedNode(EX + name) for name in ("a", "b", "1.2", "with,comma", "dot.", "")])
blanks = st.sampled_from([BlankNode(name) for name in ("x", "y", "z")])
predicates = st.sampled_from([NamedNode(EX + "p"), NamedNode(EX + "q"), NamedNode("urn:r")])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
literals = st.one_of(
    texts.map(Literal),
    texts.map(lambda text: Literal(text, language="zh")),
    st.integers().map(lambda n: Literal(str(n), datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))),
    st.booleans().map(Literal),
    texts.map(lambda text: Literal(text, datatype=NamedNode(EX + "type"))),
)
triples = st.builds(Triple, nodes | blanks, predicates, nodes | blanks | literals)
graphs = st.lists(triples, max_size=12)


def read(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]


def canonical(graph: list[Triple]) -> set[Quad]:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in graph)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def same(left: list[Triple], right: list[Triple]) -> bool:
    """Tell whether two graphs are isomorphic (by RDFC-1.0)."""
    return canonical(left) == canonical(right)


@given(graphs)
def test_reading_back_gives_the_same_graph(graph: list[Triple]) -> None:
    assert same(read(serialize(graph, PREFIX)), graph)


@given(graphs, st.randoms())
def test_the_order_of_the_input_makes_no_difference(graph: list[Triple], rng: random.Random) -> None:
    shuffled = rng.sample(graph, len(graph))
    assert serialize(shuffled, PREFIX) == serialize(graph, PREFIX)


def renamed(graph: list[Triple]) -> list[Triple]:
    """Return ``graph`` with other labels of its blank nodes, in another order."""
    other = {BlankNode(old): BlankNode(new) for old, new in (("x", "zz"), ("y", "yy"), ("z", "xx"))}
    return [Triple(other.get(t.subject, t.subject), t.predicate, other.get(t.object, t.object)) for t in graph]


@given(graphs)
def test_the_labels_of_blank_nodes_make_no_difference(graph: list[Triple]) -> None:
    assert serialize(renamed(graph), PREFIX) == serialize(graph, PREFIX)


_BELOW_A_CYCLE = read(f"_:y <{EX}p> _:y , _:z . <{EX}a> <{EX}p> _:x .")


@given(graphs)
@example(_BELOW_A_CYCLE)
def test_formatting_twice_changes_nothing(graph: list[Triple]) -> None:
    once = serialize(graph, PREFIX)
    assert format_text(once, "x.ttl") == once


def test_one_fact_takes_one_line_and_the_dot_stands_alone() -> None:
    text = serialize(read(f'<{EX}s> <{EX}p> "b"@en, "a"@en ; a <{EX}C> .'), PREFIX)
    assert text.splitlines()[2:] == ["ex:s", "    a ex:C ;", '    ex:p "a"@en ;', '    ex:p "b"@en ;', "    ."]


def test_a_new_fact_is_a_one_line_diff() -> None:
    base = [Triple(NamedNode(EX + s), NamedNode(EX + "p"), Literal(o)) for s in "abc" for o in "123"]
    more = [*base, Triple(NamedNode(EX + "b"), NamedNode(EX + "p"), Literal("2.5"))]
    before, after = serialize(base, PREFIX).splitlines(), serialize(more, PREFIX).splitlines()
    assert [line for line in after if line not in before] == ['    ex:p "2.5" ;']
    assert len(after) == len(before) + 1


def test_blank_nodes_used_once_and_lists_are_written_in_place() -> None:
    source = f"<{EX}s> <{EX}p> ( 1 <{EX}o> ) ; <{EX}q> [ <{EX}p> true ] ."
    text = serialize(read(source), PREFIX)
    assert "    ex:p ( 1 ex:o ) ;\n    ex:q [\n        ex:p true ;\n    ] ;" in text


def test_blank_nodes_on_a_cycle_are_kept() -> None:
    graph = read(f"_:a <{EX}p> _:b . _:b <{EX}p> _:a .")
    assert len(read(serialize(graph, PREFIX))) == 2
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in graph)
    assert len(dataset) == 2


def test_lexical_forms_are_kept() -> None:
    text = serialize(read(f'<{EX}s> <{EX}p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .'), PREFIX)
    assert "ex:p 01 ;" in text


tags = st.from_regex(r"[a-zA-Z]{2,3}(-[A-Z][a-z]{3})?(-[a-zA-Z]{2})?", fullmatch=True)


@given(st.dictionaries(texts, tags, max_size=5))
def test_language_tags_keep_their_case(tagged: dict[str, str]) -> None:
    written = [str(Literal(text, language="xx"))[: -len("xx")] + tag for text, tag in tagged.items()]
    source = "".join(f"<{EX}s> <{EX}p> {literal} .\n" for literal in written)
    once = format_text(source, "x.ttl")
    assert sorted(line.removeprefix(f"    <{EX}p> ")[:-2] for line in once.split("\n")[1:-2]) == sorted(written)
    assert format_text(once, "x.ttl") == once


def test_a_text_with_one_tag_in_two_ways_has_one_of_them() -> None:
    text = format_text(f'<{EX}s> <{EX}p> "a"@zh-hans , "a"@zh-Hans , "b"@ZH .', "x.ttl")
    assert [line.split()[1] for line in text.splitlines()[1:-1]] == ['"b"@ZH', '"a"@zh-Hans']


def test_rdfxml_keeps_the_case_of_tags() -> None:
    head = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="{EX}">'
    text = f'{head}<rdf:Description rdf:about="{EX}s"><ex:p xml:lang="zh-Hans">a</ex:p></rdf:Description></rdf:RDF>'
    assert 'ex:p "a"@zh-Hans ;' in format_text(text, "x.ttl")


def test_fmt_refuses_a_comment_and_says_where() -> None:
    with pytest.raises(InputError, match=r"^data\.ttl:2: a comment would be lost"):
        format_text(f'<{EX}s> <{EX}p> "#no comment" .\n# a comment\n', "data.ttl")


def test_fmt_names_line_and_column_of_a_syntax_error() -> None:
    with pytest.raises(InputError, match=r"^data\.ttl:2:1: .*prefix"):
        format_text(f"<{EX}s> <{EX}p> 1 .\nnope:s <{EX}p> 1 .\n", "data.ttl")


def test_files_of_the_pack_are_in_the_sorted_form(kg) -> None:
    pack = kg.pack
    paths = list(map(Path, (*pack.ontology, *pack.shapes, *pack.data)))
    checked = format_files(paths)
    assert len(checked) > 40
    assert [str(item.path) for item in checked if item.changed] == []


SORTED = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

ex:o
    a owl:Ontology ;
    .

ex:a
    a ex:Kind ;
    ex:p ex:b ;
    .

ex:c
    a owl:NamedIndividual ;
    rdfs:label "the only type that ex:c has" ;
    .
"""
BY_PROTEGE = {
    "Turtle": """\
@prefix : <http://example.org/o#> .
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@base <http://example.org/o> .

<http://example.org/o> rdf:type owl:Ontology .

#################################################################
#    Object Properties
#################################################################

###  http://example.org/a
ex:a rdf:type owl:NamedIndividual , ex:Kind ; ex:p ex:b .

###  http://example.org/b
ex:b rdf:type owl:NamedIndividual .

###  http://example.org/c
ex:c rdf:type owl:NamedIndividual ; rdfs:label "the only type that ex:c has" .

###  Generated by the OWL API (version 4.5.29) https://github.com/owlcs/owlapi
""",
    "RDF/XML": """\
<?xml version="1.0"?>
<rdf:RDF xmlns="http://example.org/o#" xml:base="http://example.org/o" xmlns:ex="http://example.org/"
     xmlns:owl="http://www.w3.org/2002/07/owl#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
     xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
    <owl:Ontology rdf:about="http://example.org/o"/>
    <owl:NamedIndividual rdf:about="http://example.org/a">
        <rdf:type rdf:resource="http://example.org/Kind"/>
        <ex:p rdf:resource="http://example.org/b"/>
    </owl:NamedIndividual>
    <owl:NamedIndividual rdf:about="http://example.org/b"/>
    <owl:NamedIndividual rdf:about="http://example.org/c">
        <rdfs:label>the only type that ex:c has</rdfs:label>
    </owl:NamedIndividual>
</rdf:RDF>
<!-- Generated by the OWL API (version 4.5.29) https://github.com/owlcs/owlapi -->
""",
}


@pytest.mark.parametrize("syntax", BY_PROTEGE)
def test_fmt_takes_back_what_protege_saves(syntax: str) -> None:
    assert format_text(BY_PROTEGE[syntax], "o.ttl") == SORTED


def test_fmt_keeps_a_declaration_that_a_person_wrote() -> None:
    text = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n<urn:a> a owl:NamedIndividual , <urn:Kind> .\n"
    assert "owl:NamedIndividual" in format_text(text, "o.ttl")


def test_fmt_refuses_a_comment_that_a_person_added_after_protege() -> None:
    text = BY_PROTEGE["Turtle"].replace("ex:b rdf:type", "# to be checked\nex:b rdf:type")
    with pytest.raises(InputError, match=r"^o\.ttl:18: a comment would be lost"):
        format_text(text, "o.ttl")
