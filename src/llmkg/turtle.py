"""The sorted Turtle form: triples in, one text out, the same for every order of the input.

One subject block, one fact per line, each line ended by `` ;`` and the block by a dot alone, so
that a new fact is a one-line diff. Sorted are the prefixes, the subjects (an ontology header
first), the predicates (``a``, labels and definitions first) and the objects. Blank nodes used
once are written in place, lists in parentheses; comments are not kept.
Source: RDF 1.1 Turtle, https://www.w3.org/TR/turtle/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

from llmkg.terms import OWL, RDF, RDFS, SH, SKOS, XSD, Term, curie

__all__ = ["canonical", "serialize", "term_text"]

_FIRST = [RDF.type, SH.path, RDFS.label, SKOS.altLabel, SKOS.definition]
_RANK = {predicate.value: rank for rank, predicate in enumerate(_FIRST)}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_INDENT = "    "


def serialize(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return ``triples`` in the sorted form, with those of ``prefixes`` that are used.

    Blank nodes that are used twice or lie on a cycle get the labels of RDF Dataset
    Canonicalization (RDFC-1.0), so the text does not depend on the labels of the input.
    """
    return _Writer(triples, prefixes).text()


def term_text(term: Term, prefixes: Mapping[str, str]) -> str:
    """Return one term as Turtle: a CURIE where a prefix fits, else an IRI or a literal.

    >>> term_text(Literal("幻觉", language="zh"), {})
    '"幻觉"@zh'
    """
    if isinstance(term, NamedNode):
        return curie(term.value, prefixes) or f"<{term.value}>"
    if isinstance(term, Literal):
        return _literal_text(term, prefixes)
    return str(term)


def _literal_text(literal: Literal, prefixes: Mapping[str, str]) -> str:
    value, datatype = literal.value, literal.datatype
    if literal.language:
        return f"{_quoted(value)}@{literal.language}"
    if datatype == XSD.string:
        return _quoted(value)
    if datatype == XSD.boolean and value in ("true", "false"):
        return value
    if datatype == XSD.integer and value.lstrip("+-").isdecimal() and value.isascii():
        return value
    return f"{_quoted(value)}^^{term_text(datatype, prefixes)}"


def _quoted(value: str) -> str:
    escaped = "".join(
        _ESCAPES.get(char) or (f"\\u{ord(char):04X}" if char < " " or char == "\x7f" else char) for char in value
    )
    return f'"{escaped}"'


class _Writer:
    """The triples of one document, indexed for writing."""

    def __init__(self, triples: Iterable[Triple], prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._used: set[str] = set()
        self._names: dict[Term, str] = {}
        self._facts: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        uses: dict[Term, int] = defaultdict(int)
        for triple in canonical(triples):
            self._facts[triple.subject][triple.predicate].append(triple.object)
            if isinstance(triple.object, BlankNode):
                uses[triple.object] += 1
        self._inline = {node for node, count in uses.items() if count == 1}
        self._inline -= self._on_cycles()
        self._unused = {node for node in self._facts if isinstance(node, BlankNode) and not uses[node]}

    def text(self) -> str:
        """Return the whole document."""
        roots = [node for node in self._facts if node not in self._inline]
        blocks = sorted((self._order(node), self._block(node)) for node in roots)
        used = sorted((name, iri) for name, iri in self._prefixes.items() if name in self._used)
        head = [f"@prefix {name}: <{iri}> .\n" for name, iri in used]
        return "\n".join(filter(None, ["".join(head), *(text for _, text in blocks)]))

    def _order(self, subject: Term) -> tuple[int, str]:
        is_header = OWL.Ontology in self._facts[subject][RDF.type]
        kind = 0 if is_header else 1 if isinstance(subject, NamedNode) else 2
        return kind, "" if subject in self._unused else str(subject)

    def _block(self, subject: Term) -> str:
        name = "[]" if subject in self._unused else self._name(subject)
        return "\n".join([name, *self._fact_lines(subject, 1), f"{_INDENT}.", ""])

    def _fact_lines(self, subject: Term, depth: int) -> Iterator[str]:
        facts = self._facts[subject]
        for predicate in sorted(facts, key=lambda p: (_RANK.get(p.value, len(_RANK)), p.value)):
            verb = "a" if predicate == RDF.type else self._name(predicate)
            rendered = [(_object_order(o), self._object(o, depth)) for o in facts[predicate]]
            for _, text in sorted(rendered):
                yield f"{_INDENT * depth}{verb} {text} ;"

    def _object(self, term: Term, depth: int) -> str:
        if term in self._inline:
            if (members := self._list(term)) is not None:
                return f"( {' '.join(self._object(m, depth) for m in members)} )"
            lines = list(self._fact_lines(term, depth + 1))
            return "\n".join(["[", *lines, f"{_INDENT * depth}]"]) if lines else "[]"
        return self._name(term)

    def _list(self, node: Term) -> list[Term] | None:
        """Return the members when ``node`` begins a well-formed list, else None."""
        members = []
        while node != RDF.nil:
            facts = self._facts[node]
            if node not in self._inline or set(facts) != {RDF.first, RDF.rest}:
                return None
            if len(facts[RDF.first]) != 1 or len(facts[RDF.rest]) != 1:
                return None
            members.append(facts[RDF.first][0])
            node = facts[RDF.rest][0]
        return members

    def _name(self, term: Term) -> str:
        if term not in self._names:
            self._names[term] = self._new_name(term)
        return self._names[term]

    def _new_name(self, term: Term) -> str:
        if term == RDF.nil:
            return "()"
        text = term_text(term, self._prefixes)
        for named in (term, getattr(term, "datatype", None)):
            if isinstance(named, NamedNode) and (short := curie(named.value, self._prefixes)):
                self._used.update([short.split(":", 1)[0]] if short in text else [])
        return text

    def _on_cycles(self) -> set[Term]:
        """Return the blank nodes that are reached from no node written at top level."""
        stack = [node for node in self._facts if node not in self._inline]
        reached: set[Term] = set()
        while stack:
            for objects in self._facts[stack.pop()].values():
                for term in objects:
                    if term in self._inline and term not in reached:
                        reached.add(term)
                        stack.append(term)
        return self._inline - reached


def _object_order(term: Term) -> tuple[int, str, str]:
    if isinstance(term, Literal):
        return (1, term.language or "", term.value)
    return (0 if isinstance(term, NamedNode) else 2, str(term) if isinstance(term, NamedNode) else "", "")


def canonical(triples: Iterable[Triple]) -> set[Triple]:
    """Return the triples, blank nodes renamed canonically when there are any."""
    unique = set(triples)
    if not any(isinstance(t, BlankNode) for triple in unique for t in (triple.subject, triple.object)):
        return unique
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in unique)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in dataset}
