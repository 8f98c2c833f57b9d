"""What a difference leads to: inferred facts and contradictions that come or go, saved queries that answer otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from llmkg.difference.compare import blank_labels
from llmkg.errors import LlmkgError
from llmkg.graph import KnowledgeGraph
from llmkg.parameters import Value
from llmkg.reason import Clash, Closure, find_clashes, find_unsatisfiable
from llmkg.savedquery import Parameter, SavedQuery
from llmkg.statements import apart, lines_of
from llmkg.terms import Term

__all__ = ["AnswerDiff", "Answers", "Inferences", "compare_answers", "compare_inferences", "touched_things"]

_VALUES = 12  # things of the change that a parameter is asked with, besides its example

_Row = tuple[str, ...]


class Inferences(NamedTuple):
    """What follows in one graph only, as sorted lines without blank nodes; and the contradictions of one only.

    ``gained`` and ``lost`` follow in the one graph and are neither stated nor follow in the other.
    """

    gained: tuple[bytes, ...]
    lost: tuple[bytes, ...]
    contradictions_gained: tuple[str, ...]
    contradictions_lost: tuple[str, ...]


class AnswerDiff(NamedTuple):
    """A saved query that answers otherwise when it is given ``values``: the rows that come and go, as texts of terms."""

    query: str
    values: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    gained: tuple[_Row, ...]
    lost: tuple[_Row, ...]


class Answers(NamedTuple):
    """The questions that are answered otherwise, how many were asked, and how many more could have been."""

    changed: tuple[AnswerDiff, ...]
    asked: int
    left_out: int


def compare_inferences(old: frozenset[bytes], new: frozenset[bytes]) -> Inferences:
    """Return what follows in one of two graphs only; raises EngineError when too much follows."""
    before, clashes_before = _closed(old)
    after, clashes_after = _closed(new)
    return Inferences(
        gained=tuple(sorted(after - before - old)),
        lost=tuple(sorted(before - after - new)),
        contradictions_gained=tuple(sorted(clashes_after - clashes_before)),
        contradictions_lost=tuple(sorted(clashes_before - clashes_after)),
    )


def _closed(lines: frozenset[bytes]) -> tuple[frozenset[bytes], frozenset[str]]:
    """Return what follows from ``lines``, and the contradictions, both without regard to blank nodes."""
    triples = (quad.triple for quad in parse(b" .\n".join([*sorted(lines), b""]), RdfFormat.N_TRIPLES))
    closure = Closure(triples)
    closure.run()
    inferred = lines_of(closure.inferred())
    clashes = [*find_clashes(closure), *find_unsatisfiable(closure)]
    told = frozenset(f"{clash.rule}: {' ; '.join(_premises(clash))}" for clash in clashes)
    plain, perhaps = apart(inferred)
    return frozenset([*plain, *(line for line in perhaps if not blank_labels(line))]), told


def _premises(clash: Clash) -> Iterator[str]:
    yield from (" ".join(map(_text, premise)) for premise in clash.premises)
    if clash.about:
        yield clash.about


def compare_answers(
    old: KnowledgeGraph, new: KnowledgeGraph, names: Mapping[str, str], touched: Counter[str]
) -> Answers:
    """Ask the queries that both graphs have with their examples and with what the change is about.

    ``names`` has the new IRI of each renamed thing; ``touched`` counts for each thing, by its new IRI,
    the facts that have changed, so that those with most come first.
    """
    changed: list[AnswerDiff] = []
    asked = left_out = 0
    was = {new_name: old_name for old_name, new_name in names.items()}
    for name in sorted(set(old.queries) & set(new.queries)):
        before, after = old.queries[name], new.queries[name]
        given, more = _givens(new, after, touched)
        left_out += more
        for values in given:
            answer = _asked(old, before, {key: was.get(value, value) for key, value in values.items()})
            other = _asked(new, after, values)
            if answer is None or other is None:
                continue
            asked += 1
            told = Counter({_renamed(row, names): number for row, number in answer.items()})
            if told != other:
                changed.append(
                    AnswerDiff(
                        name,
                        tuple(values.items()),
                        tuple(column.name for column in after.columns),
                        tuple(sorted((other - told).elements())),
                        tuple(sorted((told - other).elements())),
                    )
                )
    return Answers(tuple(changed), asked, left_out)


def _givens(kg: KnowledgeGraph, query: SavedQuery, touched: Counter[str]) -> tuple[list[dict[str, str]], int]:
    """Return the values to ask ``query`` with: its examples, then one thing of the change at a time."""
    examples = {p.name: p.example for p in query.parameters if p.required and p.example is not None}
    found = [examples]
    left_out = 0
    for parameter in query.parameters:
        if parameter.type == "iri":
            fitting = _fitting(kg, query, parameter, touched)
            found += [{**examples, parameter.name: thing} for thing in fitting[:_VALUES]]
            left_out += len(fitting[_VALUES:])
    return found, left_out


def _fitting(kg: KnowledgeGraph, query: SavedQuery, parameter: Parameter, touched: Counter[str]) -> list[str]:
    try:
        allowed = kg.binder.allowed(query, parameter)
    except LlmkgError:
        return []
    among = {term.value for term in allowed or () if isinstance(term, NamedNode)}
    found = touched.keys() & among if allowed is not None else touched.keys()
    return sorted(found, key=lambda iri: (-touched[iri], iri))


def _asked(kg: KnowledgeGraph, query: SavedQuery, values: Mapping[str, Value]) -> Counter[_Row] | None:
    """Return the rows with how often each comes; None when the graph does not take the question."""
    try:
        result = kg.run(query, kg.bind(query, values))
    except LlmkgError:
        return None
    if result.boolean is not None:
        return Counter([(str(result.boolean).lower(),)])
    return Counter(tuple("" if term is None else _text(term) for term in row) for row in result.triples or result)


def _text(term: Term) -> str:
    return "_:" if isinstance(term, BlankNode) else str(term)


def _renamed(row: _Row, names: Mapping[str, str]) -> _Row:
    return tuple(f"<{names.get(cell[1:-1], cell[1:-1])}>" if cell.startswith("<") else cell for cell in row)


def touched_things(lines: Iterable[bytes]) -> Counter[str]:
    """Count for each IRI the lines of which it is subject or object."""
    return Counter(
        term[1:-1].decode()
        for line in lines
        for term in set(line.split(b" ", 2)[::2])
        if term.startswith(b"<") and not term.startswith(b"<<")
    )
