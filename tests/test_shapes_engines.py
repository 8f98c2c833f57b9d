"""Our SHACL engine gives the report of pyshacl: on every component, every shape here, and random damage."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from llmkg.load import parse_text, read_pack
from llmkg.pack import Pack
from llmkg.terms import RDF, RDFS, XSD, Term
from llmkg.validate import Data, Shapes, read_shapes, run_shapes
from llmkg.validate.native import Unsupported, _Compiler, compile_shape

ROOT = Path(__file__).resolve().parent.parent

PREFIXES = """\
@prefix : <urn:x:> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
# Constraints by what they show; each becomes a property shape on :p, or, in braces, a node shape.
CONSTRAINTS = {
    "class": "sh:class :C",
    "two classes": "sh:class :C ; sh:class :D",
    "datatype integer": "sh:datatype xsd:integer",
    "datatype decimal": "sh:datatype xsd:decimal",
    "datatype boolean": "sh:datatype xsd:boolean",
    "datatype date": "sh:datatype xsd:date",
    "datatype double": "sh:datatype xsd:double",
    "datatype anyURI": "sh:datatype xsd:anyURI",
    "datatype string": "sh:datatype xsd:string",
    "datatype langString": "sh:datatype rdf:langString",
    "datatype own": "sh:datatype :own",
    "node kind IRI": "sh:nodeKind sh:IRI",
    "node kind blank": "sh:nodeKind sh:BlankNode",
    "node kind literal": "sh:nodeKind sh:Literal",
    "node kind not literal": "sh:nodeKind sh:BlankNodeOrIRI",
    "node kind not IRI": "sh:nodeKind sh:BlankNodeOrLiteral",
    "node kind not blank": "sh:nodeKind sh:IRIOrLiteral",
    "counts": "sh:minCount 2 ; sh:maxCount 3",
    "inclusive": "sh:minInclusive 2 ; sh:maxInclusive 7",
    "exclusive": "sh:minExclusive 2 ; sh:maxExclusive 7",
    "decimal bounds": "sh:minInclusive 2.5 ; sh:maxExclusive 7.25",
    "date bounds": 'sh:minInclusive "2020-02-29"^^xsd:date',
    "lengths": "sh:minLength 2 ; sh:maxLength 4",
    "no length": "sh:minLength 0",
    "pattern": 'sh:pattern "^[a-c]"',
    "pattern with flags": 'sh:pattern "^A.C" ; sh:flags "i"',
    "languages": 'sh:languageIn ( "en" "zh" )',
    "any language": 'sh:languageIn ( "*" )',
    "one per language": "sh:uniqueLang true",
    "equals": "sh:equals :q",
    "disjoint": "sh:disjoint :q",
    "has value": "sh:hasValue :a",
    "has literal": "sh:hasValue 5",
    "in": 'sh:in ( :a 5 "x"@en )',
    "not": "sh:not [ sh:class :C ]",
    "and": "sh:and ( [ sh:class :C ] [ sh:nodeKind sh:IRI ] )",
    "or": "sh:or ( [ sh:class :C ] [ sh:datatype xsd:integer ] )",
    "xone": "sh:xone ( [ sh:class :C ] [ sh:class :D ] )",
    "node": "sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ] ]",
    "nested": "sh:property [ sh:path :q ; sh:minCount 1 ; sh:class :D ]",
    "qualified": "sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1",
    "at most one": "sh:qualifiedValueShape [ sh:nodeKind sh:Literal ] ; sh:qualifiedMaxCount 1",
    "off": "sh:class :C ; sh:deactivated true",
    "warning": "sh:class :C ; sh:severity sh:Warning",
    "closed": "{ sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path :p ] }",
    "not closed": "{ sh:closed false }",
    "node shape": "{ sh:class :C ; sh:nodeKind sh:IRI ; sh:hasValue :a ; sh:in ( :a :b ) }",
    "rule": '{ sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <urn:x:p> ?value . FILTER NOT EXISTS { ?value a <urn:x:C> } }" ] }',
    "rule without value": '{ sh:sparql [ sh:select "SELECT $this WHERE { $this <urn:x:p> ?value , ?other . { ?value a <urn:x:C> } UNION { ?other a <urn:x:D> } }" ] }',
    "rule with path": '{ sh:sparql [ sh:select "SELECT $this ?path ?value WHERE { $this ?path ?value . ?value a <urn:x:D> }" ] }',
    "rule of links to itself": '{ sh:sparql [ sh:select "SELECT $this ?path ?value WHERE { $this ?path ?value . FILTER(?value = $this) FILTER(?path IN (<urn:x:p>, <urn:x:q>)) }" ] }',
    "rule of a property": 'sh:sparql [ sh:select "SELECT $this WHERE { $this <urn:x:p> ?v . FILTER EXISTS { ?v a <urn:x:C> } }" ]',
}
PATHS = (
    ":q",
    "[ sh:inversePath :p ]",
    "( :p :q )",
    "( :p [ sh:inversePath :q ] )",
    "[ sh:alternativePath ( :p :q ) ]",
    "[ sh:zeroOrMorePath :p ]",
    "[ sh:oneOrMorePath :p ]",
    "[ sh:zeroOrOnePath :p ]",
    "[ sh:zeroOrMorePath [ sh:alternativePath ( :p :q ) ] ]",
)
TARGETS = ("sh:targetClass :C", "sh:targetNode :a , :b , 5", "sh:targetSubjectsOf :p", "sh:targetObjectsOf :p")
# What ours leaves to pyshacl.
LEFT = {
    "less than": "sh:lessThan :q",
    "less than or equal": "sh:lessThanOrEquals :q",
    "unknown": "sh:frobnicate 5",
    "flags": 'sh:pattern "a b" ; sh:flags "x"',
    "rule with a function": '{ sh:sparql [ sh:select "SELECT $this WHERE { $this <urn:x:p> ?v . FILTER (isLiteral(?v)) }" ] }',
    "rule with a filter inside": '{ sh:sparql [ sh:select "SELECT $this WHERE { $this <urn:x:p> ?v . FILTER NOT EXISTS { ?v <urn:x:q> ?w . FILTER(?w = $this) } }" ] }',
    "rule that binds later": '{ sh:sparql [ sh:select "SELECT $this WHERE { ?v <urn:x:p> $this . FILTER NOT EXISTS { $this a <urn:x:D> } }" ] }',
    "disjoint siblings": "sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true",
}
NODES = [NamedNode(f"urn:x:{name}") for name in "abcdef"] + [BlankNode("one"), BlankNode("two")]
VALUES = [
    *NODES,
    *(Literal(text, datatype=XSD.integer) for text in ("1", "2", "5", "7", "8", "-3", "05", "+5", "x", "", "1.5")),
    *(Literal(text, datatype=XSD.decimal) for text in ("2.5", "7.25", "5", ".5", "e")),
    *(Literal(text, datatype=XSD.boolean) for text in ("true", "0", "yes")),
    *(Literal(text, datatype=XSD.date) for text in ("2020-02-29", "2021-02-29", "1999-12-31")),
    *(Literal(text, datatype=XSD.double) for text in ("5.0e0", "nought")),
    *(Literal(text) for text in ("a", "abc", "ABC", "abcde", "5", "", "line\nline")),
    *(
        Literal(text, language=tag)
        for text, tag in (("x", "en"), ("y", "en"), ("z", "zh"), ("u", "en-gb"), ("v", "fr"))
    ),
    Literal("http://x", datatype=XSD.anyURI),
    Literal("mine", datatype=NamedNode("urn:x:own")),
]
TAGGED = [value for value in VALUES if getattr(value, "language", None)]


def shape(constraint: str, target: str = TARGETS[0], path: str = ":p", name: str = "S") -> str:
    if constraint.startswith("{"):
        return f":{name} a sh:NodeShape ; {target} ; {constraint.strip('{} ')} .\n"
    inner = f"{name}-property"
    return f":{name} a sh:NodeShape ; {target} ; sh:property :{inner} .\n:{inner} sh:path {path} ; {constraint} .\n"


def parsed(text: str, name: str = "shapes") -> Shapes:
    return Shapes(parse_text(PREFIXES + text, RdfFormat.TURTLE, name)[0])


def random_graph(seed: int, values: list[Term] = VALUES) -> Data:
    chance = random.Random(seed)
    classes = [NamedNode(f"urn:x:{name}") for name in "CD"]
    links = [NamedNode(f"urn:x:{name}") for name in "pqr"]
    triples = [Triple(chance.choice(NODES), chance.choice(links[:2]), chance.choice(values)) for _ in range(60)]
    triples += [Triple(chance.choice(NODES), RDF.type, chance.choice(classes)) for _ in range(6)]
    triples += [
        Triple(NamedNode("urn:x:E"), RDFS.subClassOf, classes[0]),
        Triple(NODES[0], RDF.type, NamedNode("urn:x:E")),
    ]
    return Data([*triples, Triple(NODES[1], links[2], NODES[2])])


def report(data: Data, shapes: Shapes, engine: str = "llmkg") -> Counter[tuple[str, ...]]:
    return Counter(tuple(map(str, result)) for result in run_shapes(data, shapes, engine))


def is_native(shapes: Shapes) -> bool:
    try:
        for root in shapes.roots:
            compile_shape(root, shapes, Data([]))
    except Unsupported:
        return False
    return True


def names(constraints: Iterable[str]) -> dict[str, str]:
    return {f"S{number}": constraint for number, constraint in enumerate(constraints)}


@pytest.fixture(scope="module")
def seen() -> Counter[str]:
    """Return how often each component has found something."""
    return Counter()


@pytest.mark.parametrize("seed", range(len(TARGETS)))
def test_the_components_give_the_report_of_pyshacl(seed: int, seen: Counter[str]) -> None:
    shapes = parsed("".join(shape(c, TARGETS[seed], name=n) for n, c in names(CONSTRAINTS.values()).items()))
    assert is_native(shapes)
    for values in (VALUES, TAGGED):
        data = random_graph(seed, values)
        ours = report(data, shapes)
        assert ours == report(data, shapes, "pyshacl")
        for row, count in ours.items():
            seen[row[2]] += count


def test_every_component_has_found_something(seen: Counter[str]) -> None:
    made = {name[1:] for name in dir(_Compiler) if name.startswith("_") and not name.startswith("__")}
    made -= {"shape", "path", "checks", "conforms", "members", "qualified_value_shape"}
    assert {re.sub("[A-Z]", lambda m: f"_{m[0].lower()}", name) for name in seen} == made | {
        "qualified_min_count",
        "qualified_max_count",
    }


@pytest.mark.parametrize("constraint", ["class", "counts", "equals", "nested"])
def test_the_paths_give_the_report_of_pyshacl(constraint: str) -> None:
    shapes = parsed("".join(shape(CONSTRAINTS[constraint], TARGETS[2], p, n) for n, p in names(PATHS).items()))
    data = random_graph(len(constraint))
    assert is_native(shapes)
    ours = report(data, shapes)
    assert ours == report(data, shapes, "pyshacl")
    assert ours


@pytest.mark.parametrize("constraint", LEFT.values(), ids=LEFT)
def test_what_ours_does_not_know_is_left_to_pyshacl(constraint: str) -> None:
    shapes = parsed(shape(constraint) + shape("sh:class :C", name="known"))
    assert not is_native(shapes)
    data = random_graph(5, VALUES[8:13])
    ours = report(data, shapes)
    assert ours == report(data, shapes, "pyshacl")
    assert any(row[4] == "<urn:x:known-property>" for row in ours)


def test_two_spellings_of_one_value_are_left_to_pyshacl() -> None:
    shapes = parsed(shape(CONSTRAINTS["rule"], TARGETS[2]))
    p = NamedNode("urn:x:p")
    data = Data([Triple(NODES[0], p, Literal(text, datatype=XSD.integer)) for text in ("5", "05")])
    assert data.spellings is None
    assert report(data, shapes) == report(data, shapes, "pyshacl")
    assert report(data, shapes).total() == 2


def damaged(triples: list[Triple], seed: int, edits: int) -> Data:
    """Return ``triples`` with random edits: facts dropped, given to another thing, or with another value."""
    chance = random.Random(seed)
    kept = list(triples)
    for _ in range(edits):
        victim, other = chance.randrange(len(kept)), chance.choice(kept)
        subject, predicate, obj = kept[victim]
        kept[victim] = chance.choice(
            [
                Triple(subject, predicate, other.object),
                Triple(other.subject, predicate, obj),
                Triple(subject, other.predicate, obj),
                Triple(subject, predicate, chance.choice(VALUES)),
                other,
            ]
        )
    return Data(kept)


@pytest.fixture(scope="module")
def shipped() -> tuple[list[Triple], list[Triple], Shapes]:
    """Return what the ontology says, what the data says, and the shapes."""
    pack = Pack.open(ROOT)
    dataset = read_pack(pack)
    ontology, data = ([t for d in part for t in d.triples] for part in (dataset.ontology, dataset.data))
    return ontology, data, read_shapes(map(Path, pack.shapes))


def test_the_shapes_of_the_pack_are_all_run_by_ours(shipped) -> None:
    assert is_native(shipped[2])


@pytest.mark.parametrize("seed", range(4))
def test_random_damage_gives_the_report_of_pyshacl(shipped, seed: int) -> None:
    ontology, triples, shapes = shipped
    subjects = sorted({str(t.subject) for t in triples})
    chosen = set(random.Random(seed).sample(subjects, 150))
    data = damaged(ontology + [t for t in triples if str(t.subject) in chosen], seed, 60)
    ours = report(data, shapes)
    assert ours == report(data, shapes, "pyshacl")
    assert len({row[2] for row in ours}) > 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 14))
def test_random_damage_of_the_whole_graph(shipped, seed: int) -> None:
    ontology, triples, shapes = shipped
    data = damaged(ontology + triples, seed, 600)
    assert report(data, shapes) == report(data, shapes, "pyshacl")
