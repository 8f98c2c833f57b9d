"""The claims behind the rows of an answer, and publications as BibTeX."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import bibtexparser
import pytest
import rdflib
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from llmkg import KnowledgeGraph
from llmkg.bibtex import bibtex, entry_fields, keys
from llmkg.cli import main
from llmkg.publications import Publication, author_year, is_publication, publication, short_names
from llmkg.references import names_in, publications_in, reference_note, references

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://w3id.org/llmkg/"
VERBATIM = ("url", "doi", "eprint")


def named(kg: KnowledgeGraph, name: str) -> NamedNode:
    return kg.lexicon.resolve(name)


def statements(kg: KnowledgeGraph, name: str, values: dict[str, str]) -> list[set[str]]:
    """Return for each row of a saved query the statements of its claims: ``law hasConstraint ...``."""
    bound = kg.bind(kg.saved_query(name), values)
    found = references(kg, kg.query(name, **values).rows, [t for n, t in bound.items() if n != "lang"])
    told = []
    for numbers in found.rows:
        claims = [found.entries[n - 1].claim for n in numbers]
        told.append(
            {" ".join(kg.short(t).partition(":")[2] for t in (c.subject, c.property, *c.value)) for c in claims}
        )
    return told


# -- which claims stand behind a row --------------------------------------------------------------------


def test_a_claim_stands_behind_a_row_that_holds_its_subject_and_object(kg: KnowledgeGraph) -> None:
    first, second, *_ = statements(kg, "challenges-addressed", {"mitigation": "RAG"})
    assert first == {"retrieval-augmentation addresses hallucinations"}
    assert second == {
        "retrieval-augmentation addresses hallucinations",
        "retrieval-augmentation addresses extrinsic-hallucination",
        "extrinsic-hallucination subChallengeOf hallucinations",
    }


def test_an_inferred_link_brings_the_claims_of_the_links_it_rests_on(kg: KnowledgeGraph) -> None:
    law = named(kg, "application:law")
    faced = named(kg, "challenge:outdated-knowledge")
    found = references(kg, [(faced,)], [law])
    told = {(c.claim.subject.value, c.claim.property.value.rsplit("#", 1)[-1]) for c in found.entries}  # type: ignore[union-attr]
    constraint = "constraint/out-of-date-information"
    assert told == {
        (f"{BASE}application/law", "hasConstraint"),
        (f"{BASE}{constraint}", "arisesFrom"),
    }
    assert {c.claim.source.value.rsplit("/", 1)[-1] for c in found.entries} == {"kaddour-2023", "datalearner-2023"}  # type: ignore[union-attr]
    assert found.rows == (tuple(range(1, len(found.entries) + 1)),)


def test_what_addresses_a_part_is_claimed_of_the_part(kg: KnowledgeGraph) -> None:
    rows = [(named(kg, "challenge:fine-tuning-overhead"),)]
    found = references(kg, rows, [named(kg, "LoRA")])
    told = {kg.label(entry.claim.claim) for entry in found.entries}
    assert told == {
        "Kaddour et al. 2023: LoRA addresses Storing and loading fine-tuned copies",
        "Kaddour et al. 2023: Storing and loading fine-tuned copies is sub-challenge of Fine-Tuning Overhead",
    }


ASKED = [
    ("applications-facing", {"challenge": "hallucinations"}),
    ("mitigations-for-application", {"application": "medicine"}),
    ("mitigation-challenge-matrix", {}),
    ("sub-challenges", {"challenge": "hallucinations"}),
    ("constraints-of", {"application": "medicine"}),
]


@pytest.mark.parametrize(("name", "values"), ASKED, ids=[name for name, _ in ASKED])
def test_every_claim_between_the_things_of_a_row_is_there_and_no_other_is_without_a_proof(
    kg: KnowledgeGraph, name: str, values: dict[str, str]
) -> None:
    bound = {term for n, term in kg.bind(kg.saved_query(name), values).items() if n != "lang"}
    rows = kg.query(name, **values).rows
    found = references(kg, rows, bound)
    assert len(found.rows) == len(rows) > 1
    assert found.entries
    for row, numbers in zip(rows[::7], found.rows[::7], strict=True):
        terms = {term for term in row if term is not None} | bound
        direct = {claim.claim for claim in kg.claims_between(terms)}
        told = {found.entries[number - 1].claim for number in numbers}
        assert direct <= {claim.claim for claim in told}
        for claim in told:
            if claim.claim not in direct:  # it states a link that joins two things of the row
                assert claim.subject in terms or any(value in terms for value in claim.value)


def test_what_the_claims_of_a_row_join_is_not_proved_another_way(kg: KnowledgeGraph) -> None:
    twice = kg.sparql(
        "SELECT ?m ?x ?y ?c { ?m llmkg:addresses ?x, ?y . ?x llmkg:subChallengeOf ?c . ?y llmkg:subChallengeOf ?c . "
        "FILTER(?x != ?y) ?m llmkg:addresses ?c . GRAPH <urn:llmkg:inferred> { ?m llmkg:addresses ?c } }"
    )
    assert len(twice) > 1
    for mitigation, one, other, challenge in twice:
        found = references(kg, [(mitigation, one, challenge)])
        spoken_of = {term for e in found.entries for term in (e.claim.subject, *e.claim.value)}
        assert one in spoken_of
        assert other not in spoken_of


def test_no_proof_is_made_where_a_file_links_the_two(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kg.prover, "prove", lambda _: pytest.fail("a proof was made"))
    paper = next(row[0] for row in kg.sparql("SELECT ?p { mitigation:lora llmkg:describedIn ?p }"))
    assert references(kg, [(named(kg, "LoRA"), paper)]).rows == ((),)
    assert references(kg, [(named(kg, "RAG"), named(kg, "challenge:outdated-knowledge"))]).rows == ((1,),)


def test_numbers_run_in_the_order_of_the_rows(kg: KnowledgeGraph) -> None:
    found = references(kg, kg.query("mitigation-challenge-matrix").rows)
    seen: list[int] = []
    for numbers in found.rows:
        assert list(numbers) == sorted(set(numbers))
        seen += [number for number in numbers if number not in seen]
    assert seen == list(range(1, len(found.entries) + 1))


def test_a_reference_tells_place_basis_and_papers(kg: KnowledgeGraph) -> None:
    found = references(kg, [(named(kg, "challenge:hallucinations"),)], [named(kg, "RAG")])
    note = reference_note(kg, found.entries[0], names_in(kg, [], found, "en"), "en")
    assert note.text == "Kaddour et al. 2023: Retrieval augmentation addresses Hallucinations"
    assert note.items[0] == "Section 2.8, Retrieval Augmentation (stated)"
    cited = (
        "K. Shuster, S. Poff, M. Chen et al. (2021). "
        "Retrieval augmentation reduces hallucination in conversation. arXiv:2104.07567"
    )
    assert {item: item.link for item in note.items}[cited] == "https://arxiv.org/abs/2104.07567"  # type: ignore[index]
    chinese = reference_note(kg, found.entries[0], names_in(kg, [], found, "zh"), "zh")
    assert chinese.text == "Kaddour 等人 2023: 检索增强 应对 幻觉"
    assert "明确陈述" in chinese.items[0]


def test_a_doubt_is_told_with_its_reason(kg: KnowledgeGraph) -> None:
    doubts = kg.sparql(
        "SELECT ?s ?o { ?c llmkg:claimStance llmkg:doubts ; llmkg:claimSubject ?s ; llmkg:claimObject ?o }"
    )
    assert len(doubts) > 0
    found = references(kg, doubts.rows)
    notes = [reference_note(kg, e, {}, "en") for e in found.entries if str(e.claim.stance).endswith("#doubts>")]
    assert len(notes) >= len(doubts)
    assert all(note.items[0].endswith(", doubts)") for note in notes)
    assert any(len(note.items[1]) > 10 for note in notes if len(note.items) > 1)


# -- on the command line -----------------------------------------------------------------------------------


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a command on the shipped graph, which is open already, and return what it prints."""
    monkeypatch.setattr(KnowledgeGraph, "open", lambda *_, **__: kg)

    def call(*arguments: str) -> str:
        code = main([*arguments])
        out, err = capsys.readouterr()
        assert (code, err) == (0, "")
        return out

    return call


RAG = ("query", "challenges-addressed", "mitigation=RAG")


def test_json_with_sources_is_still_sparql_results(told: Callable[..., str]) -> None:
    plain = json.loads(told(*RAG, "--format", "json"))
    text = told(*RAG, "--format", "json", "--sources")
    with_sources = json.loads(text)
    assert {key: with_sources[key] for key in plain} == plain
    assert set(with_sources) - set(plain) == {"llmkg"}
    sources, rows = with_sources["llmkg"]["sources"], with_sources["llmkg"]["rows"]
    assert len(rows) == len(plain["results"]["bindings"])
    assert {number for row in rows for number in row} == set(range(1, len(sources) + 1))
    assert sources[0]["subject"] == {
        "iri": f"{BASE}mitigation/retrieval-augmentation",
        "label": "Retrieval augmentation",
    }
    assert sources[0]["papers"][0]["arxiv"] == "2203.05115"
    assert {work["iri"].rsplit("/", 1)[-1] for work in with_sources["llmkg"]["works"]} == {
        "kaddour-2023",
        "datalearner-2023",
    }
    assert len(list(rdflib.query.Result.parse(io.BytesIO(text.encode()), format="json"))) == len(rows)


def test_what_a_query_names_counts_as_a_parameter(told: Callable[..., str]) -> None:
    text = "SELECT ?c { application:law llmkg:faces ?c } # mitigation:lora"
    out = told("sparql", text, "--sources", "--labels")
    assert out.startswith(
        "c                   sources\n------------------  -----------\nOutdated Knowledge  [1] [2] [3]\n"
    )
    assert "LoRA" not in out


def test_numbers_are_in_markdown_and_html(told: Callable[..., str]) -> None:
    assert "\n1. Kaddour et al. 2023: Retrieval augmentation addresses" in told(
        *RAG, "--sources", "--format", "markdown"
    )
    assert '<li id="source-1">Kaddour et al. 2023: ' in told(*RAG, "--sources", "--format", "html")


def test_the_works_in_the_rows_and_those_the_claims_are_taken_from_follow(told: Callable[..., str]) -> None:
    question = ("query", "obstacles-and-remedies", "application=law", "--sources", "--labels")
    works = told(*question).partition("\nWorks\n")[2].splitlines()
    izacard = "Izacard et al. 2022: G. Izacard, P. Lewis, M. Lomeli et al. (2022). "
    assert f"{izacard}Few-shot learning with retrieval augmented language models. arXiv:2208.03299" in works
    assert [work.partition(":")[0] for work in works[-2:]] == ["DataLearner 2023", "Kaddour et al. 2023"]
    assert "\n**Works**\n\n- [De Cao et al. 2021: " in told(*question, "--format", "markdown")
    page = told(*question, "--format", "html", "--lang", "zh")
    assert '<h2>文献</h2>\n<ul>\n<li><a href="https://doi.org/10.18653/v1/2021.emnlp-main.522">De Cao 等 2021: ' in page


def test_it_is_said_when_no_claim_stands_behind_the_rows(told: Callable[..., str]) -> None:
    out = told("sparql", "SELECT (1 AS ?n) {}", "--sources")
    assert out.endswith("\nSources: no claim of the graph stands behind these rows.\n")


@pytest.mark.parametrize("option", ["--sources", "--format=bibtex"])
@pytest.mark.usefixtures("told")
def test_a_truth_value_has_no_sources(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sparql", "ASK {}", option]) == 2
    assert "goes with rows, and a truth value has none. Ask a SELECT query." in capsys.readouterr().err
    assert main(["sparql", "ASK {}", "--format=json", "--sources"]) == 2


@pytest.mark.usefixtures("told")
def test_no_publication_is_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sparql", "SELECT (1 AS ?n) {}", "--format", "bibtex"]) == 0
    assert capsys.readouterr() == ("", "llmkg: no publication is in this answer or behind it.\n")


# -- publications ---------------------------------------------------------------------------------------------

NAMES = {
    "Jean Kaddour; Joshua Harris; Maximilian Mozes": "Kaddour et al. 2020",
    "Q. De Laroussilhe; A. Person": "De Laroussilhe and Person 2020",
    "J.-B. Alayrac": "Alayrac 2020",
    "Leandro von Werra": "von Werra 2020",
    "Susan Zhang [@susan]": "Zhang 2020",
    "OpenAI": "OpenAI 2020",
    "小木": "小木 2020",
}


@pytest.mark.parametrize("authors", NAMES)
def test_a_publication_is_named_by_its_authors_and_year(pack: Path, authors: str) -> None:
    data = f'@prefix l: <{BASE}ontology#> . <urn:p> l:authorList "{authors}" ; l:year 2020 .\n'
    (pack / "data" / "papers.ttl").write_text(data, encoding="utf-8")
    kg = KnowledgeGraph.open(pack, cache=False)
    assert author_year(kg.engine.store, NamedNode("urn:p")) == NAMES[authors]


WORKS = {
    "p1": ("E. Mitchell; C. Manning; C. Finn", 2022, "A memory"),
    "p2": ("E. Mitchell; C. Finn; C. Manning", 2022, "Zeal"),
    "p3": ("E. Mitchell; C. Manning; C. Finn", 2022, "Maps"),
    "p4": ("E. Mitchell; C. Finn", 2022, "Of two"),
    "p5": ("E. Mitchell; C. Manning; C. Finn", 2021, "Of another year"),
}


def test_works_that_would_be_named_alike_have_letters_in_the_order_of_a_bibliography(pack: Path) -> None:
    lines = [f"@prefix l: <{BASE}ontology#> .", "@prefix r: <http://www.w3.org/2000/01/rdf-schema#> ."]
    for name, (authors, year, title) in WORKS.items():
        lines.append(f'<urn:{name}> l:authorList "{authors}" ; l:year {year} ; r:label "{title}"@en .')
    (pack / "data" / "papers.ttl").write_text("\n".join(lines), encoding="utf-8")
    store = KnowledgeGraph.open(pack, cache=False).engine.store
    works = [NamedNode(f"urn:{name}") for name in WORKS]
    assert {term.value: name for term, name in short_names(store, [None, *works, *works]).items()} == {
        "urn:p1": "Mitchell et al. 2022c",  # an article does not count: Maps, memory
        "urn:p2": "Mitchell et al. 2022a",  # Finn comes before Manning
        "urn:p3": "Mitchell et al. 2022b",
        "urn:p4": "Mitchell and Finn 2022",
        "urn:p5": "Mitchell et al. 2021",
    }
    assert short_names(store, works[:1]) == {works[0]: "Mitchell et al. 2022"}


def test_there_is_a_letter_for_any_number_of_works(pack: Path) -> None:
    text = "".join(f'<urn:{n:03}> l:authorList "A. B" ; l:year 2020 .\n' for n in range(703))
    (pack / "data" / "papers.ttl").write_text(f"@prefix l: <{BASE}ontology#> .\n{text}", encoding="utf-8")
    store = KnowledgeGraph.open(pack, cache=False).engine.store
    named = short_names(store, [NamedNode(f"urn:{n:03}") for n in range(703)])
    assert len(set(named.values())) == 703
    assert [named[NamedNode(f"urn:{n:03}")] for n in (0, 25, 26, 27, 701, 702)] == [
        f"B 2020{letters}" for letters in ("a", "z", "aa", "ab", "zz", "aaa")
    ]


@pytest.mark.usefixtures("told")
def test_rows_sources_and_works_give_a_work_the_same_letter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "obstacles-and-remedies", "application=law", "--sources", "--labels"]) == 0
    rows, works = capsys.readouterr().out.split("\nWorks\n")
    assert "SERAC (memory-based post-edit model)  Mitchell et al. 2022b" in rows
    assert "Mitchell et al. 2022a: E. Mitchell, C. Lin, A. Bosselut et al. (2022). Fast model editing" in works
    assert "Mitchell et al. 2022b: E. Mitchell, C. Lin, A. Bosselut et al. (2022). Memory-based" in works
    assert "Meng et al. 2022: " in works


def test_another_name_that_ends_in_the_year_comes_first(kg: KnowledgeGraph) -> None:
    store, blog = kg.engine.store, named(kg, "source:datalearner-2023")
    assert author_year(store, blog) == "DataLearner 2023"
    assert author_year(store, named(kg, "source:kaddour-2023"), "zh") == "Kaddour 等人 2023"
    assert author_year(store, named(kg, "LoRA")) == ""


def test_a_pack_may_use_dublin_core(pack: Path) -> None:
    data = (
        '@prefix d: <http://purl.org/dc/terms/> . <urn:p> d:title "T" ; d:creator "A. B", "C. D" ; d:issued "2020-05" .'
    )
    (pack / "data" / "papers.ttl").write_text(data, encoding="utf-8")
    found = publication(KnowledgeGraph.open(pack, cache=False).engine.store, NamedNode("urn:p"))
    assert (found.title, found.authors, found.year) == ("T", ("A. B", "C. D"), 2020)


def test_an_answer_holds_the_papers_in_it_and_those_behind_it(kg: KnowledgeGraph) -> None:
    behind = publications_in(kg, kg.query("challenges-addressed", mitigation="RAG").rows, [named(kg, "RAG")])
    assert [p.slug for p in behind] == [
        "ji-2023-survey",
        "lazaridou-2022-internet",
        "shuster-2021-retrieval",
        "datalearner-2023",
        "kaddour-2023",
    ]
    rows = kg.query("papers-on", topic="hallucinations").rows
    inside = {p.term for p in publications_in(kg, rows)}
    assert {row[0] for row in rows} <= inside


# -- BibTeX -----------------------------------------------------------------------------------------------------


def read(text: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Return each entry as a BibTeX reader gives it: type and fields, LaTeX decoded where it is text."""
    raw = bibtexparser.parse_string(text)
    decoded = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware(keep_braced_groups=False)])
    assert not raw.failed_blocks
    assert not decoded.failed_blocks
    plain = {entry.key: {field.key: field.value for field in entry.fields} for entry in raw.entries}
    return {
        entry.key: (
            entry.entry_type,
            {f.key: plain[entry.key][f.key] if f.key in VERBATIM else f.value for f in entry.fields},
        )
        for entry in decoded.entries
    }


def test_every_paper_of_the_graph_comes_back_the_same(kg: KnowledgeGraph) -> None:
    store = kg.engine.store
    papers = [row[0] for row in kg.sparql("SELECT DISTINCT ?p { ?p a llmkg:Paper }")]
    assert all(is_publication(store, paper) for paper in papers)
    known = keys(publication(store, paper) for paper in papers if isinstance(paper, NamedNode))
    back = read(bibtex(known.values()))
    assert len(back) == len(papers) > 600
    assert {key: entry for key, entry in back.items() if entry != entry_fields(known[key])} == {}
    kinds = [kind for kind, _ in back.values()]
    assert {kind: kinds.count(kind) > 60 for kind in kinds} == {"article": True, "inproceedings": True, "misc": True}


def test_an_entry_says_what_the_graph_has(kg: KnowledgeGraph) -> None:
    (paper,) = (row[0] for row in kg.sparql("SELECT ?p { ?p llmkg:arxivId '2202.03629' }"))
    assert bibtex([publication(kg.engine.store, paper)]) == (  # type: ignore[arg-type]
        "@article{ji-2023-survey,\n"
        "  title = {{Survey} of {Hallucination} in {Natural} {Language} {Generation}},\n"
        "  author = {Z. Ji and N. Lee and R. Frieske and T. Yu and D. Su and Y. Xu and E. Ishii and Y. J. Bang and others},\n"
        "  journal = {ACM Computing Surveys},\n"
        "  volume = {55},\n"
        "  number = {12},\n"
        "  pages = {1--38},\n"
        "  year = {2023},\n"
        "  eprint = {2202.03629},\n"
        "  archiveprefix = {arXiv},\n"
        "  doi = {10.1145/3571730},\n"
        "  url = {https://doi.org/10.1145/3571730},\n"
        "}\n"
    )


WORDS = st.text(
    st.one_of(
        st.sampled_from(list("{}\\&%$#_^~\"'`-,<>?!@ aBÉé中文，")),
        st.characters(codec="utf-8", exclude_categories=["C", "Z", "M", "Sk", "Lm"]),
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: text.split())


def as_read(text: str) -> str:
    """Return a text as a reader gives it: blanks as one, and the circumflex that its table of LaTeX has."""
    return " ".join(text.split()).replace("^", "ˆ")


@example(title="a -- b --- c ``d'' ?`e !`f <<g>> h,,", authors=["--", "a and b", "others"], year=1, more=True)
@given(title=WORDS, authors=st.lists(WORDS, max_size=3), year=st.integers(1, 2999), more=st.booleans())
def test_any_title_and_any_author_comes_back(*, title: str, authors: list[str], year: int, more: bool) -> None:
    one = Publication(NamedNode("urn:x/a"), title=title, authors=tuple(authors), more_authors=more, year=year)
    kind, fields = read(bibtex([one]))["a"]
    names = [*map(as_read, authors), *(["others"] if more and authors else [])]
    assert (kind, fields["title"], fields["year"]) == ("misc", as_read(title), str(year))
    assert fields.get("author", "") == " and ".join(names)


def test_capitals_and_names_of_institutions_are_protected() -> None:
    text = bibtex([Publication(NamedNode("urn:x/a"), title="mT5 and BERT, again", authors=("Bar and Sons", "A. B"))])
    assert "title = {{mT5} and {BERT,} again}" in text
    assert "author = {{Bar and Sons} and A. B}" in text


def test_keys_are_unique_and_stable() -> None:
    places = ["urn:x/b", "urn:x/B", "urn:y/b", "urn:x/a%20b,(c)", "urn:z/", "urn:x/d", "urn:y/D"]
    made = [Publication(NamedNode(place)) for place in places]
    assert {key: one.term.value for key, one in keys(made).items()} == {
        "B": "urn:x/B",
        "b-2": "urn:x/b",
        "b-3": "urn:y/b",
        "a-20b-c": "urn:x/a%20b,(c)",
        "publication": "urn:z/",
        "d": "urn:x/d",
        "D-2": "urn:y/D",
    }
    assert keys(made).keys() == keys(made[::-1]).keys()
    assert re.findall(r"^@misc\{(.*),$", bibtex(made), re.MULTILINE) == [
        "B",
        "D-2",
        "a-20b-c",
        "b-2",
        "b-3",
        "d",
        "publication",
    ]
