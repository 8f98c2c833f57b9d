"""The release set of a small pack: what is in it, that it is whole, the same on every run, and described truly."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import rdflib
import yaml
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, VOID

import llmkg
from llmkg import KnowledgeGraph
from llmkg.errors import InputError, UsageError
from llmkg.release import release
from llmkg.rename import renamed_files

PARTS = ("ontology", "data", "base", "merged", "inferred", "full")
ENDINGS = (".ttl", ".owl", ".jsonld", ".nt")
HEADER = """\
<https://example.org/zoo>
    a owl:Ontology ;
    dcterms:creator "Zoe Keeper" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    dcterms:modified "2026-05-04T00:00:00Z"^^xsd:dateTime ;
    dcterms:title "The zoo"@en ;
    dcterms:title "动物园"@zh ;
    owl:imports <https://example.org/zoo/alignments> ;
    owl:versionInfo "1.2.0" ;
    .

dcterms:creator a owl:AnnotationProperty .
"""
ALIGNMENTS = """\
@prefix : <https://example.org/zoo#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/zoo/alignments> a owl:Ontology .
<https://example.org/biology#Felidae> a owl:Class .
:Cat rdfs:subClassOf <https://example.org/biology#Felidae> .
"""


@pytest.fixture
def zoo(pack: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the small pack with what a release needs: a header, alignments, shapes."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    ontology = pack / "ontology" / "zoo.ttl"
    text = ontology.read_text(encoding="utf-8")
    start, end = text.index("<https://example.org/zoo>\n"), text.index(":Animal\n")
    more = "@prefix dcterms: <http://purl.org/dc/terms/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    ontology.write_text(more + text[:start] + HEADER + text[end:], encoding="utf-8")
    (pack / "ontology" / "alignments.ttl").write_text(ALIGNMENTS, encoding="utf-8")
    (pack / "ontology" / "shapes").mkdir()
    (pack / "ontology" / "shapes" / "zoo.ttl").write_text("@prefix : <https://example.org/zoo#> .\n", encoding="utf-8")
    return pack


@pytest.fixture
def made(zoo: Path, tmp_path: Path) -> Path:
    """Return the folder of a release."""
    release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "out")
    return tmp_path / "out"


def triples(path: Path) -> set[Triple]:
    return {quad.triple for quad in parse(path=str(path), format=RdfFormat.from_extension(path.suffix[1:]))}


def content(made: Path, part: str) -> set[Triple]:
    """Return what a part says, its header and the declarations for it aside."""
    found = triples(made / f"zoo-{part}.nt")
    headers = {t.subject for t in found if t.predicate.value == str(OWL.versionIRI)}
    assert len(headers) == 1
    return {t for t in found if t.subject not in headers and "purl.org/dc/terms" not in str(t.subject)}


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib's own parser of JSON-LD
def test_every_part_is_there_in_every_format_and_says_the_same(made: Path) -> None:
    for part in PARTS:
        graphs = [rdflib.Graph().parse(made / f"zoo-{part}{ending}", format=kind) for ending, kind in
                  zip(ENDINGS, ("turtle", "xml", "json-ld", "nt"), strict=True)]  # fmt: skip
        assert len(graphs[0]) > 5
        assert all(set(graph) == set(graphs[0]) for graph in graphs[1:]), part


def test_the_parts_make_up_the_whole(made: Path) -> None:
    said = {part: content(made, part) for part in PARTS}
    assert said["merged"] == said["ontology"] | said["data"]
    assert said["full"] == said["merged"] | said["inferred"]
    assert not said["merged"] & said["inferred"]
    assert said["inferred"]
    left_out = {str(t) for t in said["merged"] - said["base"]}
    assert left_out == {str(t) for t in triples_of_alignments()}
    assert said["base"] < said["merged"]


def triples_of_alignments() -> set[Triple]:
    found = {quad.triple for quad in parse(ALIGNMENTS, RdfFormat.TURTLE)}
    return {t for t in found if t.subject.value != "https://example.org/zoo/alignments"}


FORMS = """\
@prefix zoo: <https://example.org/zoo#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

zoo:age a owl:DatatypeProperty ; rdfs:subPropertyOf zoo:figure .
zoo:figure a owl:DatatypeProperty .
zoo:felix zoo:age 007 ; rdfs:label "菲力"@zh-Hans .
"""


def test_numbers_keep_their_digits_and_tags_their_capitals(zoo: Path, tmp_path: Path) -> None:
    (zoo / "data" / "forms.ttl").write_text(FORMS, encoding="utf-8")
    release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "out")
    said = {"data": "age", "base": "age", "merged": "age", "inferred": "figure", "full": "figure"}
    for part, name in said.items():
        text = (tmp_path / "out" / f"zoo-{part}.nt").read_text(encoding="utf-8")
        assert f'zoo#{name}> "007"^^' in text, part
        assert part == "inferred" or '"菲力"@zh-Hans' in text, part
    for ending in ENDINGS:
        for stem in ("zoo-full", "things/zoo"):
            text = (tmp_path / "out" / f"{stem}{ending}").read_text(encoding="utf-8")
            assert text.count("007") == 2, (stem, ending)
            assert "zh-Hans" in text
            assert "zh-hans" not in text
    page = (tmp_path / "out" / "things" / "zoo.html").read_text(encoding="utf-8")
    assert "<dd><span>007</span></dd>" in page
    assert '<dd class="follows"><span>007</span></dd>' in page


def test_one_header_each_with_the_version_and_the_date(made: Path) -> None:
    for part in PARTS:
        graph = rdflib.Graph().parse(made / f"zoo-{part}.ttl")
        (header,) = graph.subjects(RDF.type, OWL.Ontology)
        iri = "https://example.org/zoo" if part == "ontology" else f"https://example.org/zoo/{part}"
        assert str(header) == iri
        assert str(graph.value(header, OWL.versionIRI)) == f"{iri}/1.2.0"
        assert str(graph.value(header, DCTERMS.issued)) == "2026-05-04T00:00:00+00:00"
        imports = {"data": ["https://example.org/zoo"], "inferred": ["https://example.org/zoo/merged"]}
        assert sorted(map(str, graph.objects(header, OWL.imports))) == imports.get(part, [])
        assert {text.language for text in graph.objects(header, DCTERMS.title)} == {"en", "zh"}


def test_the_catalog_leads_every_name_to_its_file(made: Path) -> None:
    catalog = (made / "catalog-v001.xml").read_text(encoding="utf-8")
    assert '<uri name="https://example.org/zoo/full/1.2.0" uri="zoo-full.ttl"/>' in catalog
    assert catalog.count("<uri ") == 12


def test_the_checksums_are_those_of_sha256sum(made: Path) -> None:
    lines = (made / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ")[1] for line in lines} == names(made) - {"SHA256SUMS"}
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((made / name).read_bytes()).hexdigest() == digest
    if shutil.which("sha256sum"):
        assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made, check=False).returncode == 0


def test_the_manifest_lists_what_is_there(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["name"], manifest["version"], manifest["date"]) == ("zoo", "1.2.0", "2026-05-04")
    assert {file["name"] for file in manifest["files"]} == names(made) - {"SHA256SUMS", "manifest.json"}
    assert all((made / file["name"]).stat().st_size == file["size"] for file in manifest["files"])
    assert {name: part["triples"] for name, part in manifest["parts"].items()} == {
        part: len(triples(made / f"zoo-{part}.nt")) for part in PARTS
    }
    assert {file["part"] for file in manifest["files"] if "part" in file} == set(PARTS)


def test_void_and_dcat_count_what_is_in_the_full_graph(made: Path) -> None:
    graph, full = rdflib.Graph().parse(made / "void.ttl"), rdflib.Graph().parse(made / "zoo-full.nt")
    dataset = rdflib.URIRef("https://example.org/zoo/void#dataset")
    assert int(graph.value(dataset, VOID.triples)) == len(full)
    classes = {str(graph.value(p, VOID["class"])): int(graph.value(p, VOID.entities)) for p in
               graph.objects(dataset, VOID.classPartition)}  # fmt: skip
    assert classes == Counter(str(o) for o in full.objects(None, RDF.type))
    assert classes["https://example.org/zoo#Animal"] == 3
    properties = {str(graph.value(p, VOID.property)): int(graph.value(p, VOID.triples)) for p in
                  graph.objects(dataset, VOID.propertyPartition)}  # fmt: skip
    assert properties == Counter(str(p) for p in full.predicates(unique=False))
    files = list(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(files) == 24
    for file in files:
        name = str(file).split("#")[1]
        assert str(graph.value(file, DCAT.downloadURL)) == f"https://example.org/zoo/1.2.0/{name}"
        assert int(graph.value(file, DCAT.byteSize)) == (made / name).stat().st_size


def test_queries_are_there_as_files_and_as_rdf_that_runs(made: Path, zoo: Path) -> None:
    assert (made / "queries" / "food.rq").read_bytes() == (zoo / "queries" / "food.rq").read_bytes()
    graph, full = rdflib.Graph().parse(made / "queries.ttl"), rdflib.Graph().parse(made / "zoo-full.nt")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    # What SIB's editor asks for.
    (found,) = graph.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?q ?comment ?text WHERE { ?q a sh:SPARQLExecutable ; "
        "<http://www.w3.org/2000/01/rdf-schema#comment> ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?text }"
    )
    assert str(found.q) == "https://example.org/zoo/query/food"
    assert found.comment == rdflib.Literal("what does Felix eat", lang="en")
    assert [str(row.food) for row in full.query(str(found.text))] == ["https://example.org/zoo#jerry"]
    assert not str(found.text).startswith("#+")
    (prefixes,) = graph.objects(found.q, sh.prefixes)
    assert isinstance(prefixes, rdflib.URIRef)
    assert (
        len(
            list(
                graph.query(
                    "SELECT ?p ?n { [] <http://www.w3.org/ns/shacl#prefix> ?p ; <http://www.w3.org/ns/shacl#namespace> ?n }"
                )
            )
        )
        >= 3
    )


class Page(HTMLParser):
    """What a test asks of a page: its elements with their attributes, its anchors, where its links lead."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def values(self, tag: str, attribute: str) -> list[str]:
        return [value for name, attrs in self.elements if name == tag and (value := attrs.get(attribute)) is not None]


def test_there_is_a_page_in_each_language_of_the_pack(made: Path) -> None:
    pages = {path.relative_to(made).as_posix(): Page(path) for path in made.rglob("*.html")}
    assert set(pages) == {"index.html", "index.zh.html"}  # the terms of this pack have no prefix with a name
    for name, page in pages.items():
        lang, other = ("zh", "en") if ".zh." in name else ("en", "zh")
        assert page.values("html", "lang") == [lang]
        assert page.values("a", "hreflang") == [other]
        assert page.values("meta", "content") == ["width=device-width, initial-scale=1"]
        assert [tag for tag, _ in page.elements].count("main") == 1
        assert [tag for tag, _ in page.elements].count("h1") == 1
        assert f"<title>{'动物园' if lang == 'zh' else 'The zoo'}</title>" in page.text


def test_every_link_of_a_page_leads_to_a_file_and_an_anchor(zoo: Path, tmp_path: Path) -> None:
    ontology = zoo / "ontology" / "zoo.ttl"
    ontology.write_text(
        "@prefix zoo: <https://example.org/zoo#> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        + ontology.read_text(encoding="utf-8").replace(":Cat\n", ':Cat\n    skos:altLabel "<b>&"@en ;\n', 1),
        encoding="utf-8",
    )
    release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "out")
    pages = {path: Page(path) for path in (tmp_path / "out").rglob("*.html")}
    assert {path.relative_to(tmp_path / "out").as_posix() for path in pages} == {
        "index.html", "index.zh.html", "things/zoo.html", "things/zoo.zh.html"}  # fmt: skip
    followed = 0
    for path, page in pages.items():
        anchors = page.values("section", "id")
        assert len(anchors) == len(set(anchors))
        for href in page.values("a", "href"):
            name, _, anchor = href.partition("#")
            target = (path.parent / unquote(name)).resolve()
            assert target.is_file(), href
            assert not anchor or unquote(anchor) in pages[target].values("section", "id"), href
            followed += bool(anchor)
    assert followed == 14
    text = pages[tmp_path / "out" / "things" / "zoo.zh.html"].text
    assert '<h2>菲利克斯 <span lang="en">Felix</span></h2>' in text
    assert "&lt;b&gt;&amp;" in text
    assert "<b>" not in text
    assert '<dd class="follows">' in text


def test_a_retired_name_has_its_place_and_leads_on(zoo: Path, tmp_path: Path) -> None:
    data = zoo / "data" / "animals.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace("@prefix :", "@prefix zoo:", 1).replace(" :", " zoo:")
                    .replace("\n:", "\nzoo:"), encoding="utf-8")  # fmt: skip
    kg = KnowledgeGraph.open(zoo, cache=False)
    old, new = NamedNode("https://example.org/zoo#felix"), NamedNode("https://example.org/zoo#garfield")
    kg.pack.replace((name, text.encode()) for name, text in renamed_files(kg.pack, kg.prefixes, old, new).items())
    release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "out")
    page = Page(tmp_path / "out" / "things" / "zoo.html")
    assert {"felix", "garfield"} <= set(page.values("section", "id"))
    assert "#garfield" in page.text.partition('<section id="felix">')[2].partition("</section>")[0]
    replaced = Triple(old, NamedNode(str(DCTERMS.isReplacedBy)), new)
    for ending in (".ttl", ".nt"):
        assert replaced in triples(tmp_path / "out" / "things" / f"zoo{ending}")


def test_the_citation_has_the_version_and_the_date(made: Path) -> None:
    citation = yaml.safe_load((made / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["title"] == "The zoo"
    assert citation["authors"] == [{"name": "Zoe Keeper"}]
    assert (citation["version"], str(citation["date-released"])) == ("1.2.0", "2026-05-04")


def test_a_citation_of_the_pack_is_kept_and_dated(zoo: Path, tmp_path: Path) -> None:
    (zoo / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 0.9\ntitle: Ours\n", encoding="utf-8")
    release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "out")
    text = (tmp_path / "out" / "CITATION.cff").read_text(encoding="utf-8")
    assert text == 'cff-version: 1.2.0\ntitle: Ours\nversion: "1.2.0"\ndate-released: 2026-05-04\n'


RULES = "RewriteRule ^ - [E=ZOO:@HOME@]\nRewriteRule ^void$ %{ENV:ZOO}/latest/void.ttl [R=303,L]\n"


def with_redirects(zoo: Path, address: str) -> Path:
    (zoo / "w3id").mkdir()
    (zoo / "w3id" / ".htaccess").write_text(RULES, encoding="utf-8")
    path = zoo / "ontology" / "zoo.ttl"
    said = f"    <http://www.w3.org/ns/dcat#landingPage> {address} ;\n" if address else ""
    text = path.read_text(encoding="utf-8").replace("    owl:versionInfo", f"{said}    owl:versionInfo")
    path.write_text(text, encoding="utf-8")
    return zoo


def test_the_redirects_lead_to_where_the_header_says(zoo: Path, tmp_path: Path) -> None:
    release(KnowledgeGraph.open(with_redirects(zoo, "<https://zoo.example/releases/>"), cache=False), tmp_path / "out")
    rules = (tmp_path / "out" / "w3id" / ".htaccess").read_text(encoding="utf-8")
    assert rules == RULES.replace("@HOME@", "https://zoo.example/releases")
    assert "  w3id/.htaccess\n" in (tmp_path / "out" / "SHA256SUMS").read_text(encoding="utf-8")


def test_redirects_that_lead_nowhere_are_left_out(zoo: Path, tmp_path: Path) -> None:
    release(KnowledgeGraph.open(with_redirects(zoo, ""), cache=False), tmp_path / "out")
    assert not (tmp_path / "out" / "w3id").exists()


@pytest.mark.parametrize("address", ['"https://zoo.example/a b"', "<https://zoo.example/,L>", "<urn:zoo>"])
def test_an_address_that_apache_would_misread_is_refused(zoo: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(
        InputError, match=r": cannot be written into w3id/\.htaccess\. Give dcat:landingPage an address"
    ):
        release(KnowledgeGraph.open(with_redirects(zoo, address), cache=False), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_two_builds_give_the_same_bytes(zoo: Path, made: Path, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "llmkg", "release", str(tmp_path / seed), "--graph", str(zoo), "--no-cache"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
        assert names(tmp_path / seed) == names(made)
        assert all((tmp_path / seed / name).read_bytes() == (made / name).read_bytes() for name in names(made))


def test_the_date_is_that_of_source_date_epoch(zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "out").date == "2027-01-15"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "tomorrow")
    with pytest.raises(UsageError, match=r"^SOURCE_DATE_EPOCH=tomorrow: not a time\. Give the seconds since 1970"):
        release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_folder_that_holds_something_is_refused_and_left_alone(zoo: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"full: is there and not empty\. Name a new folder for the release\.$"):
        release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "full")
    assert names(tmp_path / "full") == {"mine.txt"}


def test_a_file_in_the_place_of_the_folder_is_refused_and_left_alone(zoo: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine\.txt: is a file\. Name a new folder for the release\.$"):
        release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_what_a_format_cannot_say_leaves_nothing_behind(zoo: Path, tmp_path: Path) -> None:
    (zoo / "data" / "odd.ttl").write_text('<urn:a> <https://example.org/1> "x" .\n', encoding="utf-8")
    before = set(tmp_path.iterdir())
    with pytest.raises(InputError, match=r"^<https://example\.org/1>: RDF/XML cannot express this property"):
        release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "out")
    assert set(tmp_path.iterdir()) == before


def test_an_empty_folder_is_taken(zoo: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "empty")
    assert "manifest.json" in names(tmp_path / "empty")


def test_nothing_is_left_when_it_fails_half_way(zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("llmkg.release.build._Release._manifest", full)
    before = set(tmp_path.iterdir())
    with pytest.raises(InputError, match=r"out: cannot be written \(No space left on device\)\."):
        release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "out")
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('    owl:versionInfo "1.2.0" ;\n', r"^ontology/zoo\.ttl: the header has no version\. Add, for example, owl:"),
        (
            '    dcterms:modified "2026-05-04T00:00:00Z"^^xsd:dateTime ;\n',
            r"^ontology/zoo\.ttl: the header has no date\. Add, for example, dcterms:modified",
        ),
        (
            "    owl:imports <https://example.org/zoo/alignments> ;\n",
            r"and ontology/alignments\.ttl, ontology/zoo\.ttl might be it\.",
        ),
    ],
)
def test_a_pack_that_says_too_little_of_itself_is_told_what(zoo: Path, tmp_path: Path, line: str, message: str) -> None:
    path = zoo / "ontology" / "zoo.ttl"
    text = path.read_text(encoding="utf-8")
    assert line in text
    path.write_text(text.replace(line, ""), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        release(KnowledgeGraph.open(zoo, cache=False), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_release_differs_in_nothing_from_the_pack_it_was_made_from(made: Path, zoo: Path) -> None:
    found = llmkg.diff(made, zoo)
    assert not found
    assert found.notes == ("headers",)
    assert found.queries == ()
    data = zoo / "data" / "animals.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace('"Felix"@en', '"Tom"@en'), encoding="utf-8")
    changed = llmkg.diff(made, zoo, consequences=False)
    assert [thing.iri for thing in changed.things] == ["https://example.org/zoo#felix"]
    (made / "zoo-data.ttl").unlink()
    with pytest.raises(InputError, match=r"the file zoo-data\.ttl of the release is missing"):
        llmkg.diff(made, zoo)
