"""Tables of a pack: what their rows say, what they would change, and what becomes of rows that are wrong."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from llmkg import KnowledgeGraph
from llmkg.cells import cell, cell_values
from llmkg.cli import main
from llmkg.curate.holdings import Holdings, read_holdings
from llmkg.curate.inputfile import InputFile
from llmkg.curate.tablefile import MOST_CELL, Row, read_table
from llmkg.curate.tablemodel import TableModel
from llmkg.curate.tableoutcome import prepare_tables
from llmkg.curate.tableplan import TablePlan, plan_facts
from llmkg.curate.tables import read_rows
from llmkg.curate.tabletemplate import template
from llmkg.errors import InputError, UsageError
from llmkg.export import export_tables
from llmkg.load import read_document
from llmkg.terms import CLAIM, OWL

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Shipped(NamedTuple):
    kg: KnowledgeGraph
    model: TableModel
    holdings: Holdings

    def plan(self, folder: Path, **tables: str) -> TablePlan:
        """Return what tables would change in the shipped graph, shapes aside."""
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        files = [InputFile(folder / f"{name}.csv") for name in tables]
        rows, broken = read_rows(files, self.kg, self.model, self.holdings)
        plan = plan_facts(rows, self.kg.engine.store, self.model)
        plan.broken = broken
        return plan


@pytest.fixture(scope="module")
def shipped(kg: KnowledgeGraph) -> Shipped:
    return Shipped(kg, TableModel(kg), read_holdings(kg.pack))


def facts_of(plan: TablePlan, name: str, kg: KnowledgeGraph) -> dict[str, list[str]]:
    """Return what comes to one thing: values by property, as a person would write them."""
    (change,) = [change for change in plan.changes if kg.short(change.subject) == name]
    found: dict[str, list[str]] = {}
    for fact in change.gains:
        found.setdefault(kg.short(fact.predicate), []).append(kg.short(fact.object))
    return {name: sorted(values) for name, values in found.items()}


def told(plan: TablePlan) -> list[str]:
    return [f"{Path(one.place.file).name}:{one.place.line}: {one.problem}" for one in plan.broken]


# -- there and back ---------------------------------------------------------------------------------------------


SOME = ["Claim", "Challenge", "Mitigation", "Source"]


@pytest.mark.parametrize("part", ["all", pytest.param("asserted", marks=pytest.mark.slow)])
def test_the_tables_of_the_graph_change_nothing_in_it(part: str, shipped: Shipped, tmp_path: Path) -> None:
    """Columns of what is inferred, and of inverses, say only what the graph knows."""
    tables = export_tables(shipped.kg.selection(part))
    texts = {name.removesuffix(".csv"): data.decode() for name, data in tables.items() if name != "edges.csv"}
    assert len(texts) == 22
    some = {name: texts[name] for name in (SOME if part == "all" else texts)}
    plan = shipped.plan(tmp_path, **some)
    assert (plan.added, plan.changed, plan.conflicts, told(plan)) == ([], [], [], [])
    assert len(plan.unchanged) > (800 if part == "all" else 2_800)


def papers_of(pack: Path) -> set[Triple]:
    files = (pack / "data/papers").glob("*.ttl")
    facts = [triple for path in files for triple in read_document(path).triples]
    return {t for t in facts if "/llmkg/paper/" in str(t.subject) and t.predicate != CLAIM.importedIn}


def without_papers(folder: Path) -> Path:
    """Return a copy of the shipped pack whose files for papers have their headers and no paper."""
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    for path in (folder / "data/papers").glob("*.ttl"):
        blocks = path.read_text(encoding="utf-8").split("\n\n")
        path.write_text("\n\n".join(b for b in blocks if not b.startswith("paper:")).rstrip() + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def emptied(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> tuple[KnowledgeGraph, TablePlan, Path]:
    """Import the table of papers into a pack without papers; gives the pack as it was, the plan, and its folder."""
    folder = tmp_path_factory.mktemp("emptied")
    pack = without_papers(folder / "pack")
    before = KnowledgeGraph.open(pack, cache=False)
    table = export_tables(shipped.kg.selection("asserted"))["Paper.csv"]
    (folder / "papers.csv").write_bytes(table)
    prepared = prepare_tables(before, [str(folder / "papers.csv")], NOON, "Ada")
    prepared.changes.write()
    return before, prepared.plan, pack


def test_the_table_of_papers_fills_a_pack_without_papers(emptied: tuple[KnowledgeGraph, TablePlan, Path]) -> None:
    before, plan, pack = emptied
    assert (plan.changed, plan.conflicts, told(plan)) == ([], [], [])
    assert [before.short(change.subject) for change in plan.unchanged] == ["source:kaddour-2023"]
    assert len(plan.added) == 683
    wanted, found = papers_of(ROOT), papers_of(pack)
    assert (wanted - found, found - wanted) == (set(), set())
    assert len({fact.subject for fact in found}) == 683
    files = {change.file for change in plan.added}
    assert {"data/papers/2023.ttl", "data/papers/undated.ttl"} < files
    assert files <= {f"data/papers/{path.name}" for path in (ROOT / "data/papers").glob("*.ttl")}


def test_every_fact_has_its_provenance(emptied: tuple[KnowledgeGraph, TablePlan, Path]) -> None:
    _, _, pack = emptied
    text = (pack / "data/papers/2023.ttl").read_text(encoding="utf-8")
    assert text.count("    llmkg:importedIn import:2026-11-30-papers ;\n") == text.count("    a llmkg:Paper ;\n") == 257
    said = (pack / "data/imports.ttl").read_text(encoding="utf-8")
    assert 'llmkg:importedFile "papers.csv"' in said
    assert 'llmkg:importAgent "Ada"' in said


@pytest.mark.slow
def test_the_tables_of_all_data_fill_a_pack_without_data(shipped: Shipped, tmp_path: Path) -> None:
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, tmp_path / "pack" / part)
    for path in (tmp_path / "pack/data").rglob("*.ttl"):
        blocks = path.read_text(encoding="utf-8").split("\n\n")
        header = "\n\n".join(block for block in blocks if block.startswith(("@prefix", "<")))
        path.write_text(header.rstrip() + "\n", encoding="utf-8")
    tables = export_tables(shipped.kg.selection("data"))
    for name, data in tables.items():
        (tmp_path / name).write_bytes(data)
    files = [str(tmp_path / name) for name in tables if name != "edges.csv"]
    prepared = prepare_tables(KnowledgeGraph.open(tmp_path / "pack", cache=False), files, NOON, "Ada")
    assert (prepared.plan.conflicts, told(prepared.plan)) == ([], [])
    prepared.changes.write()

    def said(pack: Path) -> set[Triple]:
        facts = [triple for path in (pack / "data").rglob("*.ttl") for triple in read_document(path).triples]
        own = (t for t in facts if t.predicate not in {CLAIM.importedIn, OWL.imports})
        return {t for t in own if "/llmkg/data/" not in str(t.subject) and "/llmkg/import/" not in str(t.subject)}

    wanted, found = said(ROOT), said(tmp_path / "pack")
    assert (wanted - found, found - wanted) == (set(), set())
    assert len(wanted) > 29_000
    new = {
        path.name for path in (tmp_path / "pack/data").rglob("*.ttl") if not list(ROOT.rglob(f"data/**/{path.name}"))
    }
    assert new == {"imports.ttl", "section.ttl"}
    assert "challenge:hallucinations\n    a llmkg:BehavioralChallenge" in (
        tmp_path / "pack/data/challenges.ttl"
    ).read_text(encoding="utf-8")


# -- rows that make things -----------------------------------------------------------------------------------------

PAPERS = """kinds,label_en,authorList,year,arxivId,altLabel_en
Paper | Source,"Self-RAG: Learning, Generating",Akari Asai; Zeqiu Wu,2023,2310.11511,Asai et al. 2023
"""
MITIGATIONS = """kinds,label_en,label_zh,describedIn,kindOf,mitigationKind
Mitigation,Self-RAG,自检索,"Self-RAG: Learning, Generating",RAG | chain of thought,technique
"""
SECTIONS = """id,kinds,label_en,sectionKind,sectionOf,treats
section:asai-2023-abstract,Section,"Asai et al. 2023, abstract",heading,Asai et al. 2023,hallucinations
"""
LINKS = """kinds,claimSubject,claimProperty,claimObject,claimValue_en,claimSource,claimSection,claimBasis,claimStance
claim,Self-RAG,addresses,幻觉,,Asai et al. 2023,section:asai-2023-abstract,stated,supports
claim,LoRA,addresses,Hallucinations,,Asai et al. 2023,section:asai-2023-abstract,stated,doubts
"""


@pytest.fixture(scope="module")
def new(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> TablePlan:
    """Plan the tables above, those that need others before them."""
    folder = tmp_path_factory.mktemp("new")
    return shipped.plan(folder, links=LINKS, sections=SECTIONS, mitigations=MITIGATIONS, papers=PAPERS)


def test_things_of_all_files_are_named_and_found_by_their_labels(new: TablePlan, shipped: Shipped) -> None:
    assert (new.conflicts, new.broken) == ([], [])
    assert [shipped.kg.short(change.subject) for change in new.added] == [
        "claim:asai-2023-self--self-rag--addresses--hallucinations",
        "mitigation:self-rag",
        "claim:asai-2023-self--lora--addresses--hallucinations",
        "section:asai-2023-abstract",
        "paper:asai-2023-self",
    ]
    assert facts_of(new, "mitigation:self-rag", shipped.kg) == {
        "rdf:type": ["llmkg:Mitigation"],
        "rdfs:label": ["Self-RAG", "自检索"],
        "llmkg:addresses": ["challenge:hallucinations"],
        "llmkg:describedIn": ["paper:asai-2023-self"],
        "llmkg:kindOf": ["mitigation:chain-of-thought", "mitigation:retrieval-augmentation"],
        "llmkg:mitigationKind": ["llmkg:technique"],
    }
    assert Literal("2023", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")) in {
        fact.object for change in new.added for fact in change.gains
    }


def test_a_claim_makes_its_link_and_its_labels_and_a_doubt_makes_no_link(new: TablePlan, shipped: Shipped) -> None:
    claim = facts_of(new, "claim:asai-2023-self--self-rag--addresses--hallucinations", shipped.kg)
    assert claim == {
        "rdf:type": ["llmkg:Claim"],
        "rdfs:label": [
            "Asai et al. 2023: Self-RAG addresses Hallucinations",
            "Self-RAG: Learning, Generating：自检索 应对 幻觉",
        ],
        "llmkg:claimSubject": ["mitigation:self-rag"],
        "llmkg:claimProperty": ["llmkg:addresses"],
        "llmkg:claimObject": ["challenge:hallucinations"],
        "llmkg:claimSource": ["paper:asai-2023-self"],
        "llmkg:claimSection": ["section:asai-2023-abstract"],
        "llmkg:claimBasis": ["llmkg:stated"],
        "llmkg:claimStance": ["llmkg:supports"],
    }
    assert new.changed == []  # LoRA, which the second claim doubts to help, gains nothing


def test_a_row_for_what_the_graph_has_is_that_thing(shipped: Shipped, tmp_path: Path) -> None:
    papers = "kinds,label_en,arxivId,year,venue\nPaper,,2106.09685,,\nPaper,lora: low-rank adaptation of LARGE language models,,2021,In X\n"
    claims = f"{LINKS.splitlines()[0]}\nClaim,LoRA,addresses,storing and loading copies,,source:kaddour-2023,,,\n"
    things = "kinds,label_en,altLabel_en\nMitigation,LoRA,\nMitigation,lora,a new name\n"
    plan = shipped.plan(tmp_path, papers=papers.replace("Paper,,2106", "Paper,L,2106"), claims=claims, things=things)
    assert told(plan) == []
    assert plan.added == []
    assert facts_of(plan, "mitigation:lora", shipped.kg) == {"skos:altLabel": ["a new name"]}
    assert [shipped.kg.short(change.subject) for change in plan.unchanged][-1:] == [
        "claim:kaddour-2023--lora--addresses--storing-and-loading-copies"
    ]
    assert facts_of(plan, "paper:hu-2021-lora", shipped.kg) == {"llmkg:venue": ["In X"]}


def test_a_property_that_is_never_stated_is_turned_round(shipped: Shipped, tmp_path: Path) -> None:
    plan = shipped.plan(
        tmp_path, things="id,kinds,treatedIn\nchallenge:hallucinations,Challenge,section:kaddour-2023-2.9\n"
    )
    assert len(plan.changes) == 1
    assert facts_of(plan, "section:kaddour-2023-2.9", shipped.kg) == {"llmkg:treats": ["challenge:hallucinations"]}


def test_the_value_of_a_claim_has_the_type_of_its_property(shipped: Shipped, tmp_path: Path) -> None:
    head = "kinds,claimSubject,claimProperty,claimValue,claimSource,claimStance"
    plan = shipped.plan(tmp_path, claims=f"{head}\nClaim,model:bloom,releaseYear,2022,source:kaddour-2023,doubts\n")
    assert told(plan) == []
    (change,) = plan.added
    (value,) = [fact.object for fact in change.gains if fact.predicate == CLAIM.claimValue]
    assert str(value) == '"2022"^^<http://www.w3.org/2001/XMLSchema#integer>'


def test_what_the_graph_says_otherwise_is_a_conflict_and_stays(shipped: Shipped, tmp_path: Path) -> None:
    table = "id,kinds,label_en,year,mitigationKind\npaper:hu-2021-lora,Paper,,1999,\nmitigation:lora,Mitigation,Lora!,,finding\n"
    more = "id,kinds,label_en\nmitigation:x,Mitigation,One\nmitigation:x,Mitigation,Two\n"
    plan = shipped.plan(tmp_path, a=table, b=more)
    found = {(c.place.line, shipped.kg.short(c.refused.predicate), shipped.kg.short(c.kept)) for c in plan.conflicts}
    assert found == {
        (2, "llmkg:year", "2021"),
        (3, "rdfs:label", "LoRA"),
        (3, "llmkg:mitigationKind", "llmkg:technique"),
        (3, "rdfs:label", "One"),
    }
    assert [c.kept_place.line for c in plan.conflicts if c.kept_place] == [2]
    assert len(plan.changes) == 1


# -- rows that are wrong ----------------------------------------------------------------------------------------------

WRONG = [
    (
        "label_en,describedIn\nA,paper:hu-2021-loraa\n",
        "describedIn: 'paper:hu-2021-loraa': no paper of that name. Did you",
    ),
    (
        "label_en,kindOf\nA,hallucinations\n",
        "kindOf: hallucinations (challenge:hallucinations): this is of kind",
    ),
    ("label_en,kindOf\nA,LoRRA\n", "kindOf: 'LoRRA': no mitigation of that name. Did you mean LoRA"),
    ("label_en,mitigationKind\nA,magic\n", "mitigationKind: 'magic': no kind of mitigation of that name"),
    ("id,label_en\nmitigatio:x,A\n", "'mitigatio:x' is no IRI and no CURIE with a known prefix. Mend the id"),
    ("id,iri\nmitigation:x,https://w3id.org/llmkg/mitigation/y\n", "'id' and 'iri' name two things. Take one out."),
    ("label_zh\n名\n", "has neither an id nor an English label to be named after."),
    ("label_en,year\nA,soon\n", "year: 'soon' is no integer. Mend it, or leave it out."),
    ("label_en,hasMoreAuthors\nA,perhaps\n", "hasMoreAuthors: 'perhaps' is no boolean."),
    ("label_en,addresses\nA\n", "has 2 cells, and the header 3. Put quotes around commas."),
    ("label_en\nA,B,C\n", "has 4 cells, and the header 2."),
    ('label_en,url\n"a"b,c\n', "a quote in a cell in quotes stands alone. Double it"),
    ('label_en,url\n"a,c\nx,y\n', "a quote is never closed. Mend it; nothing after this line was read."),
    (
        f"label_en,url\n{'x' * (MOST_CELL + 1)},c\n",
        "a cell has more than 131,072 characters, or a quote is never closed.",
    ),
]


@pytest.mark.parametrize(("text", "problem"), WRONG)
def test_a_wrong_row_is_told_with_its_line_and_the_others_go_on(
    text: str, problem: str, shipped: Shipped, tmp_path: Path
) -> None:
    header, _, rows = text.partition("\n")
    good = "id,kinds\nmitigation:good,Mitigation\n"
    kinds = "".join(
        f"{row},Mitigation\n" if problem[:3] not in {"a q", "a c"} else f"{row}\n" for row in rows.splitlines()
    )
    plan = shipped.plan(tmp_path, t=f"{header},kinds\n{kinds}", good=good)
    (line,) = told(plan)
    assert line.startswith(f"t.csv:2: {problem}")
    assert [shipped.kg.short(change.subject) for change in plan.added] == ["mitigation:good"]


WRONG_CLAIMS = [
    (",addresses,hallucinations,source:kaddour-2023", "claimSubject: is empty. A claim needs it."),
    ("LoRA,,hallucinations,source:kaddour-2023", "claimProperty: is empty. A claim needs it."),
    ("LoRA,addresses,,source:kaddour-2023", "claims nothing. Fill in claimObject, or claimValue"),
    ("LoRA,addresses,hallucinations,", "claimSource: is empty. A claim needs it."),
    (
        "LoRA,addreses,hallucinations,source:kaddour-2023",
        "claimProperty: 'addreses': no property of that name. Did you mean",
    ),
    (
        "hallucinations,addresses,LoRA,source:kaddour-2023",
        "claimSubject: hallucinations (challenge:hallucinations): this is",
    ),
]


@pytest.mark.parametrize(("row", "problem"), WRONG_CLAIMS)
def test_a_claim_that_lacks_something_is_told(row: str, problem: str, shipped: Shipped, tmp_path: Path) -> None:
    plan = shipped.plan(tmp_path, t=f"kinds,claimSubject,claimProperty,claimObject,claimSource\nClaim,{row}\n")
    assert [line.partition(": ")[2][: len(problem)] for line in told(plan)] == [problem]
    assert plan.changes == []


def test_what_needs_a_row_that_is_wrong_is_wrong_too(shipped: Shipped, tmp_path: Path) -> None:
    text = "kinds,label_en,kindOf\nMitigation,First,Third\nMitigation,Second,\nMitigation,Third,nothing like it\n"
    plan = shipped.plan(tmp_path, t=text)
    assert [line.partition(", whose")[0] for line in told(plan)] == [
        "t.csv:2: needs <https://w3id.org/llmkg/mitigation/third>",
        "t.csv:4: kindOf: 'nothing like it': no mitigation of that name. Try 'llmkg search' with other words.",
    ]
    assert [shipped.kg.short(change.subject) for change in plan.added] == ["mitigation:second"]


def test_a_new_paper_that_the_graph_has_by_its_identifier_is_told(shipped: Shipped, tmp_path: Path) -> None:
    plan = shipped.plan(tmp_path, t="id,kinds,label_en,arxivId\npaper:new,Paper,Other title,2106.09685\n")
    assert told(plan) == ["t.csv:2: is paper:hu-2021-lora, which the graph has. Give that id, or none."]


BROKEN_FILES = [
    ("", "t.csv:1: is empty. Begin with the names of the columns; --template KIND prints them."),
    ("\n \n", "t.csv:1: is empty."),
    ("label_en,adresses\n", "t.csv:1: the column 'adresses' is no property. Did you mean addresses"),
    ("label_en,year_en\n", "t.csv:1: the column 'year_en': year has no texts in languages. Call it year."),
    ("kinds,label_en,label_en\n", "t.csv:1: the column 'label_en' is there twice. Take one out."),
    ("kinds,,\n", "t.csv:1: two columns have no name. Take one out."),
    ("kinds;label_en\n", "t.csv:1: the columns are separated by semicolons. Save the file as CSV with commas."),
    ("kinds\tlabel_en\n", "t.csv:1: the columns are separated by tabs."),
    ("label_en\n", "t.csv:1: there is no column 'kinds'. Add it, or say --kind KIND."),
    ('"kinds\n', "t.csv:1: the header cannot be read"),
    ("kinds\nMitig\0ation\n", "t.csv:2: holds a NUL byte and is no text."),
    (b"kinds\nM\xe9thode\n", "t.csv:2: is not UTF-8 (byte 0xe9). Save the file in UTF-8"),
    (b"\xff\xfek\0i\0", "t.csv:1: holds a NUL byte"),
]


@pytest.mark.parametrize(("content", "problem"), BROKEN_FILES)
def test_a_file_that_is_no_table_is_refused(
    content: str | bytes, problem: str, shipped: Shipped, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as refused:
        read_rows([InputFile(tmp_path / "t.csv")], shipped.kg, shipped.model, shipped.holdings)
    assert str(refused.value).startswith(f"{tmp_path}/{problem}")


def test_a_mark_of_byte_order_crlf_remarks_and_blank_rows_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'\xef\xbb\xbfa,b\r\n\r\n"1\r\n2",x\r\n# no,row\r\n,\r\n=1+1,y\r\n')
    table = read_table(InputFile(path))
    rows = list(table.rows)
    assert table.columns == ("a", "b")
    assert [(row.place.line, row.cells) for row in rows if isinstance(row, Row)] == [
        (3, {"a": "1\n2", "b": "x"}),
        (7, {"a": "=1+1", "b": "y"}),
    ]


def test_a_cell_of_many_megabytes_is_refused_without_being_kept(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write('kinds,label_en\nMitigation,"')
        for _ in range(300):
            file.write("x" * 100_000 + "\n")
    rows = list(read_table(InputFile(path)).rows)
    assert len(rows) == 1
    assert "a cell has more than 131,072 characters" in str(rows[0])


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)
AWKWARD = [
    "=1+1",
    "'=1",
    "+",
    "-1",
    "@x",
    "a | b",
    "a\\|b",
    "\\",
    '"',
    '""',
    "\n",
    ",",
    "#",
    "\u202eעברית",
    "😀",
    "{\\x}",
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(TEXTS | st.sampled_from(AWKWARD), min_size=1, max_size=4))
@example(values=["# no remark", "x"])
def test_any_value_comes_back_from_a_file(values: list[str], tmp_path: Path) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["id", "label"], ["first", cell(values)]])
    (tmp_path / "t.csv").write_bytes(text.getvalue().encode())
    wanted = [value.strip() for value in values if value.strip()]
    (row,) = read_table(InputFile(tmp_path / "t.csv")).rows
    assert isinstance(row, Row)
    assert cell_values(row.cells["label"]) == wanted


# -- shapes ---------------------------------------------------------------------------------------------------------------


SHAPES = """@prefix : <https://example.org/zoo#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

:Named
    a sh:NodeShape ;
    sh:property :Named-zh ;
    sh:targetClass :Cat ;
    .

:Named-zh
    a sh:PropertyShape ;
    sh:path rdfs:label ;
    sh:languageIn ( "en" "zh" ) ;
    sh:message "Give the cat a label in English and one in Chinese."@en ;
    sh:minCount 2 ;
    .
"""


def test_a_row_that_breaks_a_shape_stays_out_with_what_needs_it(ask, pack: Path) -> None:
    (pack / "ontology/shapes").mkdir()
    (pack / "ontology/shapes/cats.ttl").write_text(SHAPES, encoding="utf-8")
    (pack / "data/old.ttl").write_text("@prefix : <https://example.org/zoo#> .\n:old a :Cat .\n", encoding="utf-8")
    code, out, _ = ask(
        "id,kinds,label_en,label_zh,eats\n,Cat,Tom,,\n,Cat,Kit,基特,Tom\n,Cat,Kat,卡特,\n:old,Cat,,,Felix\n"
    )
    assert code == 1
    assert out.splitlines() == [
        'added: in.csv:4: :kat "Kat" (to data/animals.ttl)',
        "changed: in.csv:5: :old gains :eats :felix (in data/old.ttl)",
        "broken: in.csv:2: rdfs:label: Give the cat a label in English and one in Chinese.",
        "broken: in.csv:3: needs <https://example.org/zoo#tom>, whose own row is not taken. Mend that.",
    ]


# -- templates ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        (
            "papers",
            {"label_en", "label_zh", "arxivId", "authorList", "doi", "citedIn", "venue", "year"},
            {"relevantTo"},
        ),
        ("mitigations", {"definition_zh", "kindOf", "mitigationKind", "describedIn"}, {"addresses", "addressedBy"}),
        ("challenges", {"treatedIn", "discussedIn", "altLabel_zh"}, {"subChallengeOf", "treats", "facedBy"}),
        ("links", {"claimSubject", "claimObject", "claimValue", "claimValue_zh", "supportedBy"}, {"definition_en"}),
    ],
)
def test_a_template_has_the_columns_of_its_kind_and_changes_nothing(
    kind: str, has: set[str], lacks: set[str], shipped: Shipped, tmp_path: Path
) -> None:
    text = template(shipped.kg, shipped.model, shipped.model.kind(kind))
    header, remarks, row = csv.reader(io.StringIO(text))
    assert has <= set(header)
    assert not lacks & set(header)
    assert remarks[0].startswith("#")
    assert all(remarks)
    assert sum(map(bool, row)) > 8
    plan = shipped.plan(tmp_path, t=text)
    assert (plan.changes, plan.conflicts, told(plan)) == ([], [], [])
    assert len(plan.unchanged) == 1


def test_a_kind_that_is_none_is_told(shipped: Shipped) -> None:
    with pytest.raises(UsageError, match=r"'mitigatoins': no class of that name\. Did you mean mitigation"):
        shipped.model.kind("mitigatoins")


# -- the command, on another pack ----------------------------------------------------------------------------------------------


@pytest.fixture
def ask(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run ``llmkg import csv`` on the small pack; gives the exit code, standard output, standard error."""
    shutil.copy(ROOT / "ontology/claims.ttl", pack / "ontology/claims.ttl")

    def asked(text: str, *options: str) -> tuple[int, str, str]:
        (tmp_path / "in.csv").write_text(text, encoding="utf-8")
        given = ["--graph", str(pack), "--cache", str(tmp_path / "cache"), *options]
        code = main(["import", "csv", *([str(tmp_path / "in.csv")] if text else []), *given])
        out = capsys.readouterr()
        return code, out.out.replace(f"{tmp_path}/", ""), out.err

    return asked


ANIMALS = "kinds,label_en,eats\nCat,Tom,Jerry\ncat,Kit,:jerry\n# later\nCat,Kat,Felix\n"


def test_a_dry_run_writes_nothing(ask, pack: Path) -> None:
    before = {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    shown = (
        'added: in.csv:3: :kit "Kit" (to data/animals.ttl)\n'
        'added: in.csv:5: :kat "Kat" (to data/animals.ttl)\n'
        "broken: in.csv:2: eats: 'Jerry' names several things: :jerry (animal), :jerry-the-second (animal). Give one of these.\n"
    )
    summary = "llmkg: 2 added, 0 changed, 0 unchanged, 0 conflicts, 1 broken. Nothing is written; --write does.\n"
    assert ask(ANIMALS) == (1, shown, summary)
    assert {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()} == before


def test_what_is_written_is_there_and_the_same_again_changes_nothing(ask, pack: Path) -> None:
    written = ask(ANIMALS, "--write", "--date", "2026-11-30", "--agent", "Ada")
    assert (written[0], written[2].split(". ")[1:]) == (1, [f"3 files written in {pack}.\n"])
    text = (pack / "data/animals.ttl").read_text(encoding="utf-8")
    assert (
        ':kat\n    a :Cat ;\n    rdfs:label "Kat"@en ;\n    :eats :felix ;\n    llmkg:importedIn import:2026-11-30-in ;\n'
        in text
    )
    kg = KnowledgeGraph.open(pack, cache=False)
    assert kg.sparql("ASK { :kit :eats :jerry . :kat :eats :felix }").boolean
    code, out, err = ask("kinds,label_en,eats\nCat,Kat,Felix\n")
    assert (code, out) == (0, "")
    assert err == "llmkg: 0 added, 0 changed, 1 unchanged, 0 conflicts, 0 broken. Nothing to write.\n"


def test_a_plan_as_json(ask) -> None:
    code, out, _ = ask("label_en,eats\nFelix,Kit\nKit,\n", "--kind", "cats", "--format", "json")
    assert code == 0
    zoo = "https://example.org/zoo#"
    assert json.loads(out) == {
        "added": [
            {
                "thing": f"{zoo}kit",
                "file": "data/animals.ttl",
                "facts": [
                    {"property": "rdf:type", "value": ":Cat", "place": "in.csv:3"},
                    {"property": "rdfs:label", "value": '"Kit"@en', "place": "in.csv:3"},
                ],
            }
        ],
        "changed": [
            {
                "thing": f"{zoo}felix",
                "file": "data/animals.ttl",
                "facts": [{"property": ":eats", "value": ":kit", "place": "in.csv:2"}],
            }
        ],
        "unchanged": [],
        "conflicts": [],
        "broken": [],
    }


def test_the_command_prints_a_template(ask) -> None:
    code, out, err = ask("", "--template", "cat")
    assert (code, err) == (0, "")
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[0] == ["id", "kinds", "label_en", "eats"]
    assert rows[2] == [":felix", "Cat", "Felix", ":jerry"]


@pytest.mark.parametrize(
    ("text", "options", "code", "message"),
    [
        ("", [], 2, "no file is named. Name one or more behind the format."),
        ("a\n", ["--template", "cat"], 2, "--template prints a table, and no file is imported with it."),
        ("", ["--template", "dog"], 2, "'dog': no class of that name."),
        ("id\n:x\n", ["--kind", "dog"], 2, "'dog': no class of that name."),
        ("kinds\n\n", [], 0, "0 added, 0 changed, 0 unchanged"),
        ("kinds,label_en\nDog,Rex\n", [], 1, "1 broken"),
        ("kinds;label_en\n", [], 3, "the columns are separated by semicolons"),
    ],
)
def test_a_mistake_has_its_exit_code(ask, text: str, options: list[str], code: int, message: str) -> None:
    ended, _, err = ask(text, *options)
    assert ended == code
    assert message in err
    assert err.count("\n") == 1


def test_kinds_go_with_tables_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "csl", "a.json", "--kind", "cat"]) == 2
    assert "--kind goes with csv, not csl. Leave it out." in capsys.readouterr().err


def test_a_pack_without_the_claim_vocabulary_is_told_so(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("kinds,label_en\nCat,Tom\n", encoding="utf-8")
    assert main(["import", "csv", str(tmp_path / "a.csv"), "--graph", str(pack), "--no-cache"]) == 3
    assert "its ontology has no llmkg:Import. Put the claim vocabulary" in capsys.readouterr().err
