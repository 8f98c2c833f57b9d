"""Free queries: our prefixes are known, mistakes are shown where they are, and nothing reaches the network."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmkg import KnowledgeGraph, engine
from llmkg.cli import main
from llmkg.errors import EngineError, InputError, LlmkgError, QueryError
from llmkg.syntax import calls_a_service

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def zoo(pack: Path) -> KnowledgeGraph:
    return KnowledgeGraph.open(pack, cache=False)


def mistake(zoo: KnowledgeGraph, text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        zoo.sparql(text)
    return caught.value


# -- prefixes -------------------------------------------------------------------------------------


def test_our_prefixes_need_no_declaration_and_may_be_declared_otherwise(zoo: KnowledgeGraph) -> None:
    assert zoo.sparql('ASK { :felix rdfs:label "Felix"@en ; a :Cat }').boolean
    assert not zoo.sparql("PREFIX rdfs: <urn:other:> ASK { :felix rdfs:label ?x }").boolean


# -- mistakes -------------------------------------------------------------------------------------

MISTAKES = {
    "SELCT ?x { ?x a ?y }": ("1:1: 'SELCT' is no word of SPARQL. Did you mean SELECT", "SELCT"),
    "SELECT ?x WEHRE { ?x a ?y }": ("1:11: 'WEHRE' is no word of SPARQL. Did you mean WHERE?", "WEHRE"),
    "SELECT ?x\nWHERE {\n  ?x a ?y\n  FILTRE(?x = 1)\n}": ("4:3: 'FILTRE' is no word of SPARQL. Did you mean FILTER", "FI"),
    "SELECT ?x { ?x a ?y } LIMT 1": ("1:23: 'LIMT' is no word of SPARQL. Did you mean LIMIT?", "LIMT"),
    "SELECT ?x { ?x a ?y } LIMIT x": ("1:29: 'x' is no word of SPARQL. Give a name its prefix", "x"),
    "SELECT ?x { ?x a ?y FILTER regexx(?x, 'a') }": ("1:28: 'regexx' is no word of SPARQL. Did you mean REGEX?", "rege"),
    "SELECT ?x { ?x eats ?y }": ("1:16: 'eats' is no word of SPARQL. Give a name its prefix", "eats"),
    "SELECT ?x { ?x rdf:type ?y . ?x rdsf:label ?z }": ("1:33: the prefix rdsf: is not declared. Did you mean rdf: or rdfs:?", "r"),
    "SELECT ?x { ?x zzzzz:label ?z }": ("1:16: the prefix zzzzz: is not declared. Begin the query with 'PREFIX z", "z"),
    "PREFIX foa: <urn:f:> ASK { ?x foaf:name ?z }": ("1:31: the prefix foaf: is not declared. Did you mean foa:?", "f"),
    "SELECT ?x { ?x a }": ("1:13: this triple is not complete. It needs a subject, a predicate and an object.", "?x"),
    "SELECT ?x { ?x a ?y ; :eats }": ("1:23: this triple is not complete.", ":eats"),
    "SELECT ?x { ?x a ?y": ("1:11: this '{' is not closed. Add '}'.", "{"),
    "SELECT ?x { FILTER(1 IN (1, 2) ?x a ?y }": ("1:40: this '}' closes nothing.", "}"),
    "SELECT ?x { ?x a ?y }}": ("1:22: this '}' closes nothing. Remove it, or open it before.", "}"),
    "SELECT ?x { ?x ?y 'a }": ("1:19: this ' is not closed in its line. Close it, or use three of them.", "'"),
    "SELECT ?x { ?x <a b> ?y }": ("1:16: this is no IRI. Write it whole, without spaces", "<a b>"),
    "SELECT ?x { ?x a ?y } GROUP BY ?z": ("1:34: the SELECT contains a variable that is unbound.", ""),
    "": ("1:1: the query is empty. Ask SELECT, ASK, CONSTRUCT or DESCRIBE.", ""),
    "# only this\n": ("1:1: the query is empty.", "#"),
    "INSERT DATA { :a a :b }": ("1:1: this would change the graph, which is read-only. Ask SELECT", "INSERT"),
    "LOAD <http://127.0.0.1/x>": ("1:1: this would change the graph, which is read-only.", "LOAD"),
    "SELECT * {\r\n ?x a ?y }\r\n LIMT 2": ("3:2: 'LIMT' is no word of SPARQL. Did you mean LIMIT?", "LIMT"),
}  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_told_with_its_place(zoo: KnowledgeGraph, text: str) -> None:
    message, under = MISTAKES[text]
    error = mistake(zoo, text)
    assert str(error).startswith(f"query:{message}")
    line, caret = error.excerpt.splitlines() if text else ("", "^")
    assert caret.strip() == "^"
    assert line[caret.index("^") :].startswith(under)


def test_the_caret_is_right_under_wide_letters_tabs_and_in_long_lines(zoo: KnowledgeGraph) -> None:
    error = mistake(zoo, "SELECT ?x {\t?x rdfs:label '检索'\tOPTIONL {} }")
    line, caret = error.excerpt.splitlines()
    # two columns for each Chinese letter, and the tabs as they are
    assert caret.expandtabs(8).index("^") == line.replace("检索", "xxxx").expandtabs(8).index("OPTIONL")
    text = "SELECT ?x { " + "?x a ?y . " * 50 + "OPTIONL { ?x a ?z } " + "?x a ?y . " * 50 + "}"
    line, caret = mistake(zoo, text).excerpt.splitlines()
    assert len(line) <= 78
    assert line[caret.index("^") :].startswith("OPTIONL")
    assert str(mistake(zoo, text)).startswith(f"query:1:{text.index('OPTIONL') + 1}: ")


def test_the_command_sets_the_line_and_a_caret_under_the_message(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = "'FILTRE' is no word of SPARQL. Did you mean FILTER?\n    FILTRE(?x = 1) }\n    ^\n"
    text = "SELECT ?x { ?x a ?y\n  FILTRE(?x = 1) }"
    where = ["--graph", str(pack), "--no-cache"]
    assert main(["sparql", text, *where]) == 2
    assert capsys.readouterr() == ("", f"llmkg: query:2:3: {told}")
    file = tmp_path / "own.rq"
    file.write_text(text, encoding="utf-8")
    assert main(["sparql", "--file", str(file), *where]) == 2
    assert capsys.readouterr() == ("", f"llmkg: {file}:2:3: {told}")


def test_a_mistake_in_a_saved_query_is_shown_in_its_file(pack: Path) -> None:
    query = pack / "queries" / "food.rq"
    query.write_text(query.read_text(encoding="utf-8").replace("ORDER BY", "ODRER BY"), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"^queries/food\.rq:18:1: 'ODRER' is no word of SPARQL\. Did you mean ORDER\?"
    ) as caught:
        KnowledgeGraph.open(pack, cache=False).query("food", animal="Felix")
    assert caught.value.excerpt == "  ODRER BY ?food\n  ^"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *"{}()[].;,'\"<>#\n\t\\",
                " ",
                "SELECT",
                "?x",
                "a",
                ":eats",
                "'x'",
                "1",
                "FILTER",
                "zz:y",
                "猫",
                "\x1b",
                "$",
            ]
        ),
        max_size=25,
    ).map(" ".join)
    | st.text()
)
def test_any_text_is_answered_or_told(text: str) -> None:
    error = told(text)
    if isinstance(error, QueryError):
        assert len(str(error)) < 500
        assert str(error).isprintable()
        line, caret = error.excerpt.split("\n") if error.excerpt else ("x", "^")
        assert line.replace("\t", "").isprintable()
        assert caret.strip() == "^"


def told(text: str) -> LlmkgError | None:
    try:
        SMALL.sparql(text)
    except LlmkgError as error:
        return error
    return None


@pytest.fixture(autouse=True, scope="module")
def _small(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("small")
    for name, text in {
        "ontology/o.ttl": "<urn:o> a <urn:x> .",
        "data/d.ttl": "@prefix : <urn:d:> . :a :b :c .",
        "queries/.k": "",
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    global SMALL  # noqa: PLW0603  (hypothesis wants no fixture of a function)
    SMALL = KnowledgeGraph.open(root, cache=False)


SMALL: KnowledgeGraph

# -- too much -------------------------------------------------------------------------------------

TOO_MUCH = {
    "brackets": "SELECT * { FILTER(" + "(" * 30_000 + "1" + ")" * 30_000 + ") }",
    "braces": "SELECT * " + "{" * 5_000 + "?s ?p ?o" + "}" * 5_000,
    "sums": "SELECT * { FILTER(1" + "+1" * 30_000 + ") }",
    "alternatives": "SELECT * {" + "{?s ?p ?o}" + "UNION{?s ?p ?o}" * 30_000 + "}",
    "options": "SELECT * {" + "OPTIONAL{?s ?p ?o}" * 5_000 + "}",
    "paths": "SELECT * { ?s <a:b>" + "/<a:b>" * 30_000 + " ?o}",
    "bindings": "SELECT * {" + "".join(f"BIND({n} AS ?x{n})" for n in range(5_000)) + "}",
    "triples": "SELECT * {" + "?s ?p ?o." * 30_000 + "}",
    "negations": "SELECT * { FILTER(" + "!" * 30_000 + "1) }",
    "functions": "SELECT * { FILTER(" + "STR(" * 5_000 + "1" + ")" * 5_000 + ") }",
    "lists": "SELECT * { ?s ?p " + "(" * 30_000 + ")" * 30_000 + "}",
    "a million brackets": "(" * 1_000_000,
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_a_query_that_would_end_the_process_is_refused(zoo: KnowledgeGraph, case: str) -> None:
    assert " deep. Flatten " in str(mistake(zoo, TOO_MUCH[case])) or "Split the query." in str(
        mistake(zoo, TOO_MUCH[case])
    )


def test_a_long_list_of_values_is_no_trouble(zoo: KnowledgeGraph) -> None:
    values = " ".join(f'(<urn:x:{n}/a.b-c> "a+b=c/d {{ . ;")' for n in range(3000))
    assert len(zoo.sparql(f"SELECT * {{ VALUES (?x ?y) {{ {values} }} }}")) == 3000


def test_a_million_letters_are_one_line(zoo: KnowledgeGraph) -> None:
    for text in ("x" * 1_000_000, "SELECT * { ?s ?p '" + "猫" * 1_000_000, "\n" * 1_000_000 + "x"):
        error = mistake(zoo, text)
        assert len(str(error)) < 500
        assert len(error.excerpt) < 200


# -- the network ----------------------------------------------------------------------------------


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """Return the port of a server on this machine, and what it is asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    asked.append(connection.recv(100))
                    connection.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], asked
        done.set()
        thread.join()


CALLS = [
    "SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:%d/> { ?s ?p ?o } }",
    "SELECT * { SERVICE<http://127.0.0.1:%d/>{?s ?p ?o} }",
    "SELECT * { SERVICE # why\n # not\n <http://127.0.0.1:%d/> # <\n { ?s ?p ?o } }",
    "SELECT * { :felix :eats 1SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
    "ASK { ?a ?b ?c FILTER(?a<'>' || EXISTS { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } } || 'a'='b') }",
    "PREFIX e: <http://127.0.0.1:%d/> SELECT * { SERVICE e:x{ ?s ?p ?o } }",
    "PREFIX e: <http://127.0.0.1:%d/> SELECT * { SERVICE e:x#c d\n{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:%d/> SELECT * { SERVICE : { ?s ?p ?o } }",
    "SELECT * { BIND(<http://127.0.0.1:%d/> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { VALUES ?e { <http://127.0.0.1:%d/> } SERVICE $e{ ?s ?p ?o } }",
    "SELECT * { VALUES ?e { <http://127.0.0.1:%d/> } SERVICE?e{ ?s ?p ?o } }",
    "SELECT * { OPTIONAL { SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } } } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
    "SELECT * { SERV\\U00000049CE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("text", CALLS)
def test_service_is_refused_and_nothing_is_sent(
    zoo: KnowledgeGraph, listener: tuple[int, list[bytes]], text: str
) -> None:
    port, asked = listener
    message = r"^query:\d+:\d+: SERVICE sends a part of the query to another machine\. Add --allow-service"
    with pytest.raises(QueryError, match=message):
        zoo.sparql(text % port)
    with pytest.raises(QueryError, match=message):
        zoo.engine.serialize(text % port, "json")
    assert asked == []


def test_service_is_let_through_when_it_is_allowed(zoo: KnowledgeGraph, listener: tuple[int, list[bytes]]) -> None:
    port, asked = listener
    with pytest.raises(EngineError):
        zoo.sparql(CALLS[0] % port, allow_service=True)
    assert asked
    assert asked[0].startswith(b"POST / ") or asked[0].startswith(b"GET /")


def test_service_in_a_saved_query_is_refused(pack: Path, listener: tuple[int, list[bytes]]) -> None:
    port, asked = listener
    query = pack / "queries" / "food.rq"
    text = query.read_text(encoding="utf-8")
    call = f"SERVICE <http://127.0.0.1:{port}/> {{ $animal :eats ?food }}"
    query.write_text(text.replace("$animal :eats ?food .", call), encoding="utf-8")
    with pytest.raises(InputError, match=r"^queries/food\.rq:16:3: SERVICE sends"):
        KnowledgeGraph.open(pack, cache=False).query("food", animal="Felix")
    assert asked == []


def test_the_command_needs_allow_service(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    assert main(["sparql", text, "--graph", str(pack), "--no-cache"]) == 2
    assert "Add --allow-service" in capsys.readouterr().err
    assert main(["sparql", text, "--graph", str(pack), "--no-cache", "--allow-service"]) == 4


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service ?x { ?x a ?service }",
        "SELECT * { ?service a :Service . ?x :service ?service }",
        'SELECT * { ?x rdfs:label "customer service", "service: none" }',
        "SELECT * { GRAPH ?service { ?x ?y ?z } } # service",
        "SELECT * { ?x <http://e/service> ?y }",
    ],
)
def test_the_word_service_is_no_call(zoo: KnowledgeGraph, text: str) -> None:
    assert calls_a_service(text) is None
    zoo.sparql(text)


@pytest.mark.parametrize("clause", ["FROM <http://127.0.0.1:%d/x>", "FROM NAMED <http://127.0.0.1:%d/x>"])
def test_from_fetches_nothing(zoo: KnowledgeGraph, listener: tuple[int, list[bytes]], clause: str) -> None:
    port, asked = listener
    assert len(zoo.sparql(f"SELECT * {clause % port} {{ ?s ?p ?o }}")) == 0
    assert asked == []


def test_a_file_iri_reads_no_file(zoo: KnowledgeGraph) -> None:
    assert len(zoo.sparql(f"SELECT * FROM <{(ROOT / 'data' / 'systems.ttl').as_uri()}> {{ ?s ?p ?o }}")) == 0


def test_no_query_of_the_shipped_graph_takes_long_to_be_let_through(kg: KnowledgeGraph) -> None:
    assert len(kg.queries) > 60
    for query in kg.queries.values():
        assert sum(map(query.text.count, engine._SIGNS)) < engine._FEW / 2, query.name
        assert calls_a_service(query.text) is None


def test_a_deep_query_leaves_the_process_alive(pack: Path) -> None:
    text = TOO_MUCH["braces"]
    command = [sys.executable, "-m", "llmkg", "sparql", text, "--graph", str(pack), "--no-cache"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
