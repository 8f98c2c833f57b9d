"""The shipped files: complete, bilingual, sourced, and such that Protégé and any RDF tool take them as meant."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from llmkg.terms import CLAIM, DCTERMS, OWL, RDF, RDFS, SKOS, XSD

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = sorted((ROOT / "ontology").glob("*.ttl"))
DATA = sorted((ROOT / "data").rglob("*.ttl"))
CATALOGS = sorted([*(ROOT / "ontology").glob("catalog-v001.xml"), *(ROOT / "data").rglob("catalog-v001.xml")])
VANN = "http://purl.org/vocab/vann/"
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
# OWL 2 DL knows these datatypes on data properties; xsd:date and xsd:gYear are not among them.
DATATYPES = {XSD.string, XSD.boolean, XSD.integer, XSD.anyURI, XSD.dateTime, XSD.decimal, RDF.langString}


def triples(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path.read_bytes(), RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def facts() -> dict[NamedNode, dict[NamedNode, set]]:
    """Return what the files say, by subject and predicate."""
    table: dict = defaultdict(lambda: defaultdict(set))
    for path in (*ONTOLOGY, *DATA):
        for triple in triples(path):
            table[triple.subject][triple.predicate].add(triple.object)
    return table


def texts(facts, subject: NamedNode, predicate: NamedNode) -> dict[str, str]:
    """Return the texts of a thing by language; two of one language are an error."""
    found = [(text.language or "", text.value) for text in facts[subject][predicate]]
    assert len(found) == len(dict(found)), (subject, predicate)
    return dict(found)


def test_the_graph_holds_what_the_sources_have(kg) -> None:
    counts = {row["what"]: (row["count"], row["expected"]) for row in kg.query("coverage").to_dicts()}
    assert len(counts) == 15
    assert {what: pair for what, pair in counts.items() if pair[0] != pair[1]} == {}
    assert counts["mitigations"] == (293, 293)
    assert counts["addresses links to challenges"] == (309, 309)
    assert counts["works in the bibliography"] == (683, 683)


def test_every_term_of_ours_is_named_and_defined_in_both_languages(facts) -> None:
    ours = [s for s in facts if isinstance(s, NamedNode) and s.value.startswith(str(CLAIM)) and facts[s][RDF.type]]
    assert len(ours) > 150
    for term in ours:
        assert set(texts(facts, term, RDFS.label)) == {"en", "zh"}, term
        definition = texts(facts, term, SKOS.definition)
        assert set(definition) == {"en", "zh"}, term
        assert definition["en"].endswith("."), term
        assert definition["zh"].endswith("。"), term
        assert len(facts[term][RDFS.isDefinedBy]) == 1, term


@pytest.mark.parametrize("path", ONTOLOGY, ids=lambda path: path.name)
def test_an_ontology_has_a_full_header(path: Path) -> None:
    said = triples(path)
    (header,) = {t.subject for t in said if t.predicate == RDF.type and t.object == OWL.Ontology}
    assert header.value.startswith("https://w3id.org/llmkg")
    fields = {t.predicate.value for t in said if t.subject == header}
    expected = [
        DCTERMS[n]
        for n in [
            "title",
            "description",
            "license",
            "creator",
            "created",
            "modified",
            "bibliographicCitation",
            "source",
        ]
    ]
    expected += [OWL.versionIRI, OWL.versionInfo, NamedNode(VANN + "preferredNamespacePrefix")]
    assert {term.value for term in (*expected, NamedNode(VANN + "preferredNamespaceUri"))} <= fields


def test_every_term_that_is_used_is_declared_with_its_kind(facts) -> None:
    """An undeclared property is an annotation to Protégé, and its facts are lost to a reasoner."""
    declared = {s for s, said in facts.items() if said[RDF.type] & KINDS}
    built_in = (str(OWL), str(RDF), str(RDFS), str(XSD))
    used = {p for said in facts.values() for p in said if not p.value.startswith(built_in)}
    used |= {c for said in facts.values() for c in said[RDF.type] if not c.value.startswith(built_in)}
    assert used - declared == set()


def test_no_property_is_of_two_kinds(facts) -> None:
    kinds = {s: said[RDF.type] & KINDS for s, said in facts.items()}
    assert {s: found for s, found in kinds.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", DATA, ids=lambda path: str(path.relative_to(ROOT)))
def test_data_has_no_blank_node_and_no_comment(path: Path) -> None:
    assert not [t for t in triples(path) if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)]
    assert not [line for line in path.read_text(encoding="utf-8").splitlines() if line.lstrip().startswith("#")]


def test_literals_have_datatypes_of_owl_and_languages_in_lower_case(facts) -> None:
    literals = [o for said in facts.values() for objects in said.values() for o in objects if isinstance(o, Literal)]
    assert {literal.datatype for literal in literals} <= DATATYPES
    assert {literal.language for literal in literals} == {None, "en", "zh"}
    assert {
        literal.value
        for literal in literals
        if literal.datatype == XSD.integer and not re.fullmatch("0|-?[1-9][0-9]*", literal.value)
    } == set()


def test_no_data_property_is_functional(facts) -> None:
    functional = {s for s, said in facts.items() if OWL.FunctionalProperty in said[RDF.type]}
    assert functional == set()


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_catalog_leads_to_files_that_declare_the_name(path: Path) -> None:
    entries = ET.parse(path).getroot().findall("{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri")
    assert entries
    for entry in entries:
        target = path.parent / entry.get("uri")
        headers = {t.subject.value for t in triples(target) if t.object == OWL.Ontology}
        assert headers == {entry.get("name")}


@pytest.mark.parametrize("path", [*ONTOLOGY, *DATA], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_import_is_in_the_catalog_beside_the_file(path: Path) -> None:
    """Protégé looks only into the catalog of the folder of the file that is opened."""
    known = {e.get("name"): path.parent / e.get("uri") for e in ET.parse(path.parent / "catalog-v001.xml").getroot()}
    waiting, seen = [path], set()
    while waiting:
        here = waiting.pop()
        seen.add(here.resolve())
        wanted = [t.object.value for t in triples(here) if t.predicate == OWL.imports]
        assert set(wanted) <= set(known), here
        waiting += [known[name] for name in wanted if known[name].resolve() not in seen]


def test_every_claim_link_and_value_is_in_the_data_or_marked(facts) -> None:
    claims = [s for s, said in facts.items() if CLAIM.Claim in said[RDF.type]]
    assert len(claims) > 600
    stances = Counter()
    for claim in claims:
        said = facts[claim]
        (subject,), (prop,), (stance,) = said[CLAIM.claimSubject], said[CLAIM.claimProperty], said[CLAIM.claimStance]
        stances[stance] += 1
        preferred = {value.value for value in said[CLAIM.isPreferred]} != {"false"}
        for value in said[CLAIM.claimObject] | said[CLAIM.claimValue]:
            if stance == CLAIM.supports and preferred:
                assert value in facts[subject][prop], claim
    assert stances[CLAIM.doubts] >= 10


def test_a_challenge_and_an_application_say_what_the_blog_says(facts) -> None:
    whole = {
        CLAIM.Challenge: ("introduction", "problem", "directions", 16),
        CLAIM.Application: ("coverage", "strength", "difficulty", 11),
    }
    for cls, (*fields, number) in whole.items():
        wider = CLAIM.subChallengeOf if cls == CLAIM.Challenge else CLAIM.subAreaOf
        things = [s for s, said in facts.items() if cls in said[RDF.type] and not said[wider]]
        assert len(things) == number
        for thing in things:
            for field in fields:
                assert {text.language for text in facts[thing][CLAIM[field]]} == {"en", "zh"}, (thing, field)


def test_a_thing_in_two_roles_is_two_individuals_and_a_link(facts) -> None:
    pairs = {
        (s.value.rsplit("/", 2)[1], o.value.rsplit("/", 2)[1])
        for s, said in facts.items()
        for o in said[CLAIM.counterpartOf]
    }
    assert {"mitigation", "model"} in [set(pair) for pair in pairs]
    assert {"dataset", "model"} in [set(pair) for pair in pairs]
    assert all(a != b for a, b in pairs)
