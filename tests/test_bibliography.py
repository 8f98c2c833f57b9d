"""The publications of a graph as BibTeX, as CSL-JSON and as a table: nothing lost, readable by others."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import bibtexparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pyoxigraph import NamedNode

from llmkg import KnowledgeGraph
from llmkg.bibtex import entry_keys, keys
from llmkg.cells import cell, cell_values, guarded, unguarded
from llmkg.cli import main
from llmkg.csl import csl_item, csl_text
from llmkg.export import export_tables
from llmkg.publications import Publication, publication, publications
from llmkg.venue import printed, taken_apart

# The part of the schema of CSL 1.0.2 (csl-data.json) that has what is written here, as strict as the whole.
TEXT = {"type": "string"}
TEXT_OR_NUMBER = {"type": ["string", "number"]}
NAME = {
    "type": "object",
    "properties": {"family": TEXT, "given": TEXT, "literal": TEXT},
    "additionalProperties": False,
}
PARTS = {"type": "array", "items": TEXT_OR_NUMBER, "minItems": 1, "maxItems": 3}
DATE = {
    "type": "object",
    "properties": {"date-parts": {"type": "array", "items": PARTS, "minItems": 1, "maxItems": 2}},
    "additionalProperties": False,
}
TEXTS = ["title", "container-title", "collection-title", "publisher", "publisher-place"]
TEXTS += ["archive", "archive_location", "DOI", "URL"]
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "id": TEXT_OR_NUMBER,
            "type": {"enum": ["article", "article-journal", "document", "paper-conference"]},
            "author": {"type": "array", "items": NAME},
            "issued": DATE,
            **dict.fromkeys(["volume", "issue", "page"], TEXT_OR_NUMBER),
            **dict.fromkeys(TEXTS, TEXT),
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    },
}
VALID = Draft7Validator(SCHEMA)


def named_again(names: list[dict[str, str]]) -> tuple[tuple[str, ...], bool]:
    """Return the authors that a reader of CSL-JSON sees, and whether there are more."""
    texts = [" ".join(name[part] for part in ("given", "family", "literal") if part in name) for name in names]
    more = names[-1:] == [{"literal": "others"}]
    return tuple(texts[:-1] if more else texts), more


# -- the whole graph ------------------------------------------------------------------------------------------


def test_csl_has_each_publication_and_fits_the_schema(kg: KnowledgeGraph) -> None:
    items = json.loads(kg.export("csl"))
    assert list(VALID.iter_errors(items)) == []
    store = kg.engine.store
    known = {key: publication(store, t) for key, t in entry_keys(publications(store, kg._graphs_of("all"))).items()}
    assert [item["id"] for item in items] == sorted(known)
    assert len(items) > 680
    for item in items:
        one = known[item["id"]]
        assert item.get("title", "") == one.title
        assert named_again(item.get("author", [])) == (one.authors, one.more_authors and bool(one.authors))
        assert item.get("issued", {}).get("date-parts", [[None]]) == [[one.year]]
        assert (item.get("archive_location", ""), item.get("DOI", ""), item.get("URL", "")) == (
            one.arxiv,
            one.doi,
            one.url,
        )
    kinds = [item["type"] for item in items]
    assert {kind: kinds.count(kind) > 5 for kind in kinds} == dict.fromkeys(
        ["article", "article-journal", "document", "paper-conference"], True
    )


def test_an_item_says_what_the_graph_has(kg: KnowledgeGraph) -> None:
    ((key, term),) = kg.works(thing="paper:ji-2023-survey", depth=0)
    item = csl_item(key, publication(kg.engine.store, term))
    assert item | {"author": item["author"][-2:]} == {
        "id": "ji-2023-survey",
        "type": "article-journal",
        "title": "Survey of Hallucination in Natural Language Generation",
        "author": [{"family": "Bang", "given": "Y. J."}, {"literal": "others"}],
        "container-title": "ACM Computing Surveys",
        "volume": "55",
        "issue": "12",
        "page": "1–38",
        "issued": {"date-parts": [[2023]]},
        "archive": "arXiv",
        "archive_location": "2202.03629",
        "DOI": "10.1145/3571730",
        "URL": "https://doi.org/10.1145/3571730",
    }


def test_bibtex_has_the_same_keys_and_is_read_whole(kg: KnowledgeGraph) -> None:
    library = bibtexparser.parse_string(kg.export("bibtex"))
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == [item["id"] for item in json.loads(kg.export("csl"))]


def test_a_venue_is_taken_apart_and_printed_without_loss(kg: KnowledgeGraph) -> None:
    venues = [row[0].value for row in kg.sparql("SELECT DISTINCT ?v { ?p llmkg:venue ?v }")]  # type: ignore[union-attr]
    taken = {venue: taken_apart(venue) for venue in venues}
    assert {venue: fields for venue, (_, fields) in taken.items() if printed(fields) != venue} == {}
    assert sum(len(fields) > 1 for _, fields in taken.values()) > 100


PIECES = [
    "In ",
    ", pages ",
    ", page ",
    ", volume ",
    " of ",
    ". ",
    ", ",
    "(",
    ")",
    ":",
    "--",
    "–",
    "1",
    "23",
    "Proc X",
    "in",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=9).map("".join))
@example("In ")
@example("In , pages 1")
@example("Journal -- of, 12(3):4–5")
def test_any_venue_is_printed_as_it_was(venue: str) -> None:
    assert printed(taken_apart(venue)[1]) == venue


# -- which of them ----------------------------------------------------------------------------------------------


def ids(kg: KnowledgeGraph, **chosen: object) -> list[str]:
    return [key for key, _ in kg.works(**chosen)]  # type: ignore[arg-type]


def test_a_thing_takes_the_publications_around_it(kg: KnowledgeGraph) -> None:
    assert ids(kg, thing="LoRA", part="asserted") == ["hu-2021-lora"]
    assert ids(kg, thing="LoRA", depth=0) == ["hu-2021-lora"]
    assert len(ids(kg, thing="LoRA", depth=2)) > 1


def test_a_part_takes_the_publications_that_it_tells_of(kg: KnowledgeGraph) -> None:
    assert ids(kg, part="asserted") == ids(kg, part="data") == ids(kg)
    assert ids(kg, part="ontology") == ids(kg, part="inferred") == []
    assert kg.export("csl", "ontology") == "[]\n"
    assert kg.export("bibtex", "ontology") == ""


TWINS = """\
@prefix llmkg: <https://w3id.org/llmkg/ontology#> .
<https://a.example/x> llmkg:doi "10.1000/1" .
<https://b.example/X> llmkg:doi "10.1000/2" .
"""


def test_a_key_does_not_change_with_what_is_chosen(pack: Path) -> None:
    (pack / "data/twins.ttl").write_text(TWINS, encoding="utf-8")
    kg = KnowledgeGraph.open(pack, cache=False)
    assert ids(kg) == ["X-2", "x"]
    assert ids(kg, thing="https://b.example/X", depth=0) == ["X-2"]


def test_keys_of_many_alike_are_found_in_one_go() -> None:
    made = [Publication(NamedNode(f"urn:{number:05}/x")) for number in range(3_000)]
    found = keys(made)
    assert list(found)[:3] == ["x", "x-2", "x-3"]
    assert len(found) == 3_000


# -- names and texts --------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
AWKWARD = [
    "Q. De Laroussilhe",
    "OpenAI",
    " A  B ",
    "a. b.",
    "R. Zhang [张三]",
    "de Jong",
    "x\ny z",
    "\u202eעברית ש",
    "😀 𝕏",
]


@given(name=WORDS, title=WORDS, year=st.none() | st.integers(-999, 9999), more=st.booleans())
def test_any_name_and_any_title_is_an_item(*, name: str, title: str, year: int | None, more: bool) -> None:
    one = Publication(NamedNode("urn:x/a"), title=title, authors=(name,), more_authors=more, year=year)
    item = json.loads(csl_text(csl_item("a", one)))
    assert list(VALID.iter_errors([item])) == []
    assert (item["title"], named_again(item["author"])) == (title, ((name,), more))


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_name_is_kept(name: str) -> None:
    item = json.loads(csl_text(csl_item("a", Publication(NamedNode("urn:x/a"), authors=(name,)))))
    assert named_again(item["author"]) == ((name,), False)


# -- cells ----------------------------------------------------------------------------------------------------

AWKWARD_CELLS = st.text(st.sampled_from(list("|\\ '=+-@\t\r\n＝a1.\"\0")), max_size=8)


@given(st.lists(AWKWARD_CELLS | WORDS, max_size=4))
@example(["'=1"])
@example(["|", "\\|", "\\\\|", "a\\"])
@example(["-5"])
@example(["-5", "=1"])
def test_a_cell_holds_its_values_and_is_no_formula(values: list[str]) -> None:
    written = cell(values)
    assert cell_values(written) == [value.strip() for value in values if value.strip()]
    assert not written.startswith(tuple("=@\t\r\n＝＋－＠"))
    if written.startswith(("+", "-")):
        float(written)
    stream = io.StringIO()
    csv.writer(stream).writerow([written, "next"])
    assert next(csv.reader(io.StringIO(stream.getvalue(), newline=""))) == [written, "next"]


@given(st.text(st.sampled_from(list("'=+-@1a")), max_size=6))
def test_the_apostrophe_in_front_is_taken_away_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_a_bar_typed_by_hand_is_a_bar() -> None:
    assert cell_values("a|b | c |  | d") == ["a|b", "c", "d"]


# -- the command --------------------------------------------------------------------------------------------------

PAPERS = """\
@prefix : <https://example.org/zoo#> .
@prefix llmkg: <https://w3id.org/llmkg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

:one rdfs:label "On {cats} & 100% of \\\\mice"@en ; llmkg:authorList "A. Bee; Zoo" ; llmkg:year 2020 ; :eats :felix .
:two rdfs:label "猫"@zh ; llmkg:venue "Nature, 12(3):4–5" .
"""


@pytest.fixture
def export(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run ``llmkg export`` on a pack with two papers; gives the exit code, standard output, standard error."""
    (pack / "data/papers.ttl").write_text(PAPERS, encoding="utf-8")

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["export", "--graph", str(pack), "--cache", str(tmp_path / "cache"), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_the_command_writes_each_bibliography(export, tmp_path: Path) -> None:
    code, out, err = export("--format", "csl")
    assert (code, err) == (0, "")
    assert [item["title"] for item in json.loads(out)] == ["On {cats} & 100% of \\mice", "猫"]
    assert export("--format", "csl", "--thing", "Felix", "-o", tmp_path / "one.json") == (0, "", "")
    assert [item["id"] for item in json.loads((tmp_path / "one.json").read_text("utf-8"))] == ["one"]
    assert export("-o", tmp_path / "all.bib") == (0, "", "")
    assert (tmp_path / "all.bib").read_text("utf-8").startswith("@misc{one,\n")
    assert export("--format", "bibtex")[1] == (tmp_path / "all.bib").read_text("utf-8")


def test_the_command_says_when_there_is_no_publication(export) -> None:
    told = "llmkg: no publication is in this part of the graph.\n"
    assert export("--format", "bibtex", "--part", "ontology") == (0, "", told)
    assert export("--format", "csl", "--thing", ":jerry", "--depth", "0") == (0, "[]\n", told)


def test_the_command_writes_the_table_of_one_kind(export, tmp_path: Path) -> None:
    code, out, err = export("--kind", "animal", "--part", "asserted")
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["id"], row["kinds"]) for row in rows] == [
        (":felix", "Cat"),
        (":jerry-the-second", "Animal"),
        (":jerry", "Animal"),
    ]
    assert export("--kind", "cats", "-o", tmp_path / "cats.csv") == (0, "", "")
    assert [row["id"] for row in csv.DictReader(io.StringIO((tmp_path / "cats.csv").read_text("utf-8")))] == [":felix"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "tables.csv"], "csv is several tables. Add -o DIR for a folder of them, -o FILE.zip, or --kind"),
        (["--kind", "cat", "--format", "nt"], "--kind goes with csv, not nt"),
        (["--kind", "dog"], "'dog': no class of that name"),
        (["--frame", "cat", "--format", "csl"], "--frame goes with JSON-LD, not csl"),
        (["--kind", "cat", "--frame", "cat"], "--kind goes with csv, not jsonld"),
    ],
)
def test_a_mistake_is_one_line(export, arguments: list[str], message: str) -> None:
    code, out, err = export(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_the_classes_that_a_thing_has_all_stand_in_its_row(pack: Path) -> None:
    (pack / "data/cats.ttl").write_text(
        "@prefix : <https://example.org/zoo#> .\n:tom a :Cat , :Animal ; :eats :jerry .\n", encoding="utf-8"
    )
    tables = export_tables(KnowledgeGraph.open(pack, cache=False).selection("asserted"))
    rows = list(csv.DictReader(io.StringIO(tables["Animal.csv"].decode())))
    assert [row["kinds"] for row in rows if row["id"] == ":tom"] == ["Animal | Cat"]
