"""The laws of differences on any graphs, and that an update turns the old graph into the new one in two engines."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, RdfFormat, Store, Triple, parse
from rdflib.compare import isomorphic

from llmkg.difference import compare as comparing
from llmkg.difference import diff, update
from llmkg.difference.compare import compare
from llmkg.difference.renames import find_renames
from llmkg.interchange import quiet
from llmkg.statements import lines_of

# Few names, so that graphs often share facts, and blank nodes are often alike, shared or on cycles.
NAMES = ["<urn:a>", "<urn:b>", "<urn:c>"]
BLANK = ["_:x", "_:y", "_:z", "_:w"]
LITERALS = ['"1"', '"a\\\\u0041\\n"@en', '"é"^^<urn:t>']
FACTS = st.tuples(
    st.sampled_from(NAMES + BLANK), st.sampled_from(["<urn:p>", "<urn:q>"]), st.sampled_from(NAMES + BLANK + LITERALS)
).map(lambda fact: " ".join(fact).encode())
GRAPHS = st.frozensets(FACTS, max_size=9)
PAIRS = st.tuples(GRAPHS, GRAPHS, GRAPHS).map(lambda parts: (parts[0] | parts[1], parts[0] | parts[2]))


def text(lines: frozenset[bytes] | list[bytes]) -> bytes:
    return b"".join(line + b" .\n" for line in lines)


def canonical(lines: frozenset[bytes] | list[bytes]) -> set[object]:
    dataset = Dataset(parse(text(lines), RdfFormat.N_TRIPLES))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def relabelled(lines: frozenset[bytes]) -> frozenset[bytes]:
    names = dict(zip(BLANK, ["_:n4", "_:n3", "_:n2", "_:n1"], strict=True))
    return frozenset(
        b" ".join(names.get(term.decode(), term.decode()).encode() for term in line.split(b" ", 2)) for line in lines
    )


def applied(old: frozenset[bytes] | list[bytes], update_text: str) -> list[bytes]:
    """Return what Oxigraph makes of ``old`` with the update."""
    store = Store()
    store.bulk_load(text(old), RdfFormat.N_TRIPLES)
    store.update(update_text)
    return lines_of(quad.triple for quad in store)


def update_text(old: frozenset[bytes] | list[bytes], new: frozenset[bytes] | list[bytes]) -> str:
    return b"".join(update.update_parts(compare(old, new), "test")).decode()


@given(PAIRS)
@settings(max_examples=60)
def test_graphs_differ_exactly_when_they_are_not_isomorphic(pair: tuple[frozenset[bytes], frozenset[bytes]]) -> None:
    old, new = pair
    assert not compare(old, relabelled(old))
    assert bool(compare(old, new)) == (canonical(old) != canonical(new))


@given(PAIRS)
@settings(max_examples=50)
def test_the_other_way_round_what_was_added_is_removed(pair: tuple[frozenset[bytes], frozenset[bytes]]) -> None:
    there, back = compare(*pair), compare(*reversed(pair))
    assert (there.removed, there.added) == (back.added, back.removed)
    assert (there.removed_clusters, there.added_clusters) == (back.added_clusters, back.removed_clusters)
    renames = find_renames(*pair)
    assert find_renames(*reversed(pair)) == {new: old for old, new in renames.items()}


@given(PAIRS, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_order_and_labels_make_no_difference(
    pair: tuple[frozenset[bytes], frozenset[bytes]], chance: random.Random
) -> None:
    shuffled = [chance.sample(sorted(relabelled(side)), len(side)) for side in pair]
    assert compare(*shuffled) == compare(*pair)
    assert update_text(shuffled[0], shuffled[1]) == update_text(*pair)
    assert find_renames(*shuffled) == find_renames(*pair)


@pytest.mark.parametrize("small", [12, 0], ids=["by pattern", "by marks"])
def test_the_update_turns_the_old_graph_into_the_new_one(monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    monkeypatch.setattr(update, "_SMALL", small)
    marked = []

    @given(PAIRS)
    @settings(max_examples=60)
    def law(pair: tuple[frozenset[bytes], frozenset[bytes]]) -> None:
        written = update_text(*pair)
        marked.append(update._MARK.decode() in written and "INSERT {" in written)
        assert canonical(applied(pair[0], written)) == canonical(pair[1])

    law()
    assert any(marked) == (small == 0)


# Turtle of the old and of the new graph; each is applied in rdflib too.
CASES = {
    "nothing": ("<urn:a> <urn:p> 1 .", "<urn:a> <urn:p> 1 ."),
    "one of two alike": ("<urn:a> <urn:p> [ <urn:q> 1 ], [ <urn:q> 1 ] .", "<urn:a> <urn:p> [ <urn:q> 1 ] ."),
    "one that has more": ("<urn:a> <urn:p> [ <urn:q> 1 ], [ <urn:q> 1, 2 ] .", "<urn:a> <urn:p> [ <urn:q> 1, 2 ] ."),
    "one used elsewhere": (
        "<urn:a> <urn:p> [ <urn:q> 1 ] . _:s <urn:q> 1 . <urn:a> <urn:p> _:s . <urn:b> <urn:p> _:s .",
        "_:s <urn:q> 1 . <urn:a> <urn:p> _:s . <urn:b> <urn:p> _:s .",
    ),
    "a list": ('<urn:a> <urn:p> ( 1 2 "x" ), ( 1 2 ) .', '<urn:a> <urn:p> ( 1 "x" 2 ), ( 1 2 ) .'),
    "a long list": (
        "<urn:a> <urn:p> ( 1 2 3 4 5 6 7 ) . <urn:b> <urn:p> ( 1 2 3 4 5 6 7 ) .",
        "<urn:a> <urn:p> ( 1 2 3 4 5 7 ) . <urn:b> <urn:p> ( 1 2 3 4 5 6 7 ) .",
    ),
    "a cycle": ("_:a <urn:p> _:b . _:b <urn:p> _:a .", "_:a <urn:p> _:b . _:b <urn:p> _:c . _:c <urn:p> _:a ."),
    "a cycle of one beside one of two": ("_:a <urn:p> _:b . _:b <urn:p> _:a . _:c <urn:p> _:c .", "_:c <urn:p> _:c ."),
    "twins": ("[] <urn:p> [ <urn:q> 1 ], [ <urn:q> 1 ] . [] <urn:p> [ <urn:q> 1 ] .", "[] <urn:p> [ <urn:q> 1 ] ."),
    "no facts": ("<urn:a> <urn:p> [], [] . <urn:b> <urn:p> [] .", "<urn:a> <urn:p> [] . <urn:b> <urn:p> [] ."),
}


@pytest.mark.parametrize("case", CASES)
def test_the_update_does_the_same_in_rdflib(case: str) -> None:
    old, new = (lines_of(quad.triple for quad in parse(source, RdfFormat.TURTLE)) for source in CASES[case])
    written = update_text(old, new)
    assert canonical(applied(old, written)) == canonical(new)
    with quiet():
        graph, wanted = (rdflib.Graph().parse(data=text(lines), format="nt") for lines in (old, new))
        graph.update(written)
    assert isomorphic(graph, wanted)
    assert len(CASES) == 10


@pytest.mark.parametrize("case", CASES)
def test_the_update_by_marks_does_the_same(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.setattr(update, "_SMALL", 0)
    old, new = (lines_of(quad.triple for quad in parse(source, RdfFormat.TURTLE)) for source in CASES[case])
    assert canonical(applied(old, update_text(old, new))) == canonical(new)


def test_what_is_alike_beside_a_difference_is_no_difference() -> None:
    for start in range(20):  # which of them comes first hangs on their digests
        old, new = (
            lines_of(
                quad.triple
                for quad in parse(
                    f"<urn:a> <urn:p> {', '.join(f'[ <urn:q> {n} ]' for n in values)} .", RdfFormat.TURTLE
                )
            )
            for values in (range(start, start + 3), range(start + 1, start + 4))
        )
        found = compare(old, new)
        assert (found.removed_count, found.added_count) == (2, 2)


@pytest.mark.parametrize(
    "value", ["\\u0041", "a\x00\x01ABCD\x7f\b\f\t\r\n\"'", "\\\\U0001F600", "\\", "😀\ufffe", "_:x"]
)
def test_any_text_comes_through_both_engines(value: str) -> None:
    lines = lines_of([Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal(value))])
    written = update_text([], lines)
    assert applied([], written) == lines
    graph = rdflib.Graph()
    graph.update(written)
    assert [str(obj) for obj in graph.objects()] == [value]
    assert applied(lines, update_text(lines, [])) == []


def test_a_long_list_is_replaced_and_its_like_elsewhere_stays() -> None:
    members = " ".join(f'"{n}"' for n in range(60))
    old = f"<urn:a> <urn:p> ( {members} ) . <urn:b> <urn:p> ( {members} ) ."
    new = old.replace('"7" "8"', '"8"', 1)
    sides = [lines_of(quad.triple for quad in parse(source, RdfFormat.TURTLE)) for source in (old, new)]
    assert canonical(applied(sides[0], update_text(*sides))) == canonical(sides[1])


def test_a_large_update_comes_in_operations_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update, "_CHUNK", 100)
    (tmp_path / "old.nt").write_text("", encoding="utf-8")
    lines = "".join(f"<urn:a> <urn:p> _:x{n} .\n_:x{n} <urn:q> {n} .\n" for n in range(120))
    (tmp_path / "new.ttl").write_text(lines, encoding="utf-8")
    operations = list(diff(tmp_path / "old.nt", tmp_path / "new.ttl").update())
    assert [operation.count(" .\n") for operation in operations] == [100, 100, 40]
    store = Store()
    for operation in operations:
        store.update(operation)
    assert len(store) == 240


def test_only_what_is_near_a_difference_is_named_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def counted(lines: object) -> list[bytes]:
        found = real(lines)  # type: ignore[arg-type]
        calls.append(len(found))
        return found

    real = comparing.sorted_lines
    monkeypatch.setattr(comparing, "sorted_lines", counted)
    old = [line for n in range(500) for line in (b"<urn:%d> <urn:p> _:b%d" % (n, n), b'_:b%d <urn:q> "%d"' % (n, n))]
    assert compare(old, old[:-1]).removed_count == 2
    assert calls == [1000, 999, 2, 1]
