"""Find the term that a person means: a CURIE, an IRI or a label in any language.

Terms are found by the names that a snapshot holds. Names are compared folded: case, width,
hyphens and spaces make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from llmkg.errors import UsageError
from llmkg.terms import OWL, RDF, RDFS, SKOS, Term, curie, local_name

__all__ = ["Lexicon", "fold", "names"]

# How a name was found, best first: the label, an alternative label, the end of the IRI.
_LABEL, _ALTERNATIVE, _SLUG = range(3)
_RANKS = [NamedNode(f"urn:llmkg:{kind}") for kind in ("label", "alternative", "slug")]
_SPACES = dict.fromkeys(map(ord, "_-\u2010\u2011\u2012\u2013\u2014\u2015"), " ")
_CHINESE = "\u3400-\u9fff"


def fold(text: str) -> str:
    """Return the form in which names are compared.

    >>> fold("Retrieval-Augmentation")
    'retrieval augmentation'
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_SPACES).split())
    if folded.isascii():
        return folded
    # Chinese is written with or without spaces around Latin words.
    return re.sub(f"(?<=[{_CHINESE}]) | (?=[{_CHINESE}])", "", folded)


def names(triples: Iterable[Triple]) -> Iterator[tuple[NamedNode, NamedNode, Literal]]:
    """Yield the names that ``Lexicon`` looks terms up by: the term, how good the name is, the name folded."""
    ranks = {RDFS.label: _RANKS[_LABEL], SKOS.altLabel: _RANKS[_ALTERNATIVE]}
    for triple in triples:
        subject, predicate, obj = triple
        if predicate in ranks and isinstance(subject, NamedNode) and isinstance(obj, Literal):
            yield subject, ranks[predicate], Literal(fold(obj.value))
            if predicate == RDFS.label:
                yield subject, _RANKS[_SLUG], Literal(fold(local_name(subject.value)))


class Lexicon:
    """The names and classes of every thing in a store."""

    def __init__(self, store: Store, graph: NamedNode, prefixes: Mapping[str, str]) -> None:
        """Look names up in ``graph`` of ``store``, which holds what ``names`` yields."""
        self._prefixes = prefixes
        self._store = store
        self._graph = graph

    @cached_property
    def _names(self) -> dict[str, dict[NamedNode, int]]:
        """Every name with its terms and ranks: for searching, not for finding one."""
        table: dict[str, dict[NamedNode, int]] = defaultdict(dict)
        for rank, kind in enumerate(_RANKS):
            for quad in self._store.quads_for_pattern(None, kind, None, self._graph):
                assert isinstance(quad.subject, NamedNode)
                assert isinstance(quad.object, Literal)
                table[quad.object.value].setdefault(quad.subject, rank)
        return table

    def _named(self, text: str) -> dict[NamedNode, int]:
        """Return the terms of that name with the rank of the name."""
        found: dict[NamedNode, int] = {}
        for quad in self._store.quads_for_pattern(None, None, Literal(fold(text)), self._graph):
            rank = _RANKS.index(quad.predicate)
            assert isinstance(quad.subject, NamedNode)
            found[quad.subject] = min(rank, found.get(quad.subject, rank))
        return found

    def classes(self, term: Term) -> set[NamedNode]:
        """Return the classes of ``term``, inferred ones included."""
        if not isinstance(term, NamedNode | BlankNode):
            return set()
        found = (quad.object for quad in self._store.quads_for_pattern(term, RDF.type, None, DefaultGraph()))
        return {cls for cls in found if isinstance(cls, NamedNode)}

    def narrowest(self, classes: set[NamedNode]) -> set[NamedNode]:
        """Return those of ``classes`` that are not a superclass of another one."""
        wider = {
            quad.object
            for cls in classes
            for quad in self._store.quads_for_pattern(cls, RDFS.subClassOf, None, DefaultGraph())
            if quad.object != cls
        }
        return {cls for cls in classes if cls not in wider}

    def label(self, term: Term, language: str) -> str | None:
        """Return the label of ``term`` in ``language``, else in English, else any, else None."""
        literal = self.label_literal(term, language)
        return None if literal is None else literal.value

    def label_literal(self, term: Term, language: str) -> Literal | None:
        """Return what ``label`` does, with the language it is in."""
        if not isinstance(term, NamedNode | BlankNode):
            return None
        labels: dict[str, Literal] = {}
        for quad in self._store.quads_for_pattern(term, RDFS.label, None, DefaultGraph()):
            if isinstance(quad.object, Literal):
                labels.setdefault(quad.object.language or "", quad.object)
        for choice in (language, "en", "", *sorted(labels)):
            if choice in labels:
                return labels[choice]
        return None

    def resolve(
        self, text: str, classes: Sequence[NamedNode] = (), among: Container[object] | None = None
    ) -> NamedNode:
        """Return the one term that ``text`` names, of one of ``classes`` and ``among`` when these are given.

        Raises UsageError: for an unknown name with the nearest ones, for a name that several
        things share with each of them.
        """
        text = text.strip().encode(errors="replace").decode()  # an argument may hold bytes that are no text
        term = self.written(text)
        if term is not None:
            return self._checked(term, text, classes)
        found = {t: r for t, r in self._named(text).items() if self._is(t, classes) and (among is None or t in among)}
        best = sorted((t for t in found if found[t] == min(found.values())), key=lambda t: t.value)
        if len(best) == 1:
            return best[0]
        if best:
            listed = ", ".join(f"{self._short(t)} ({self._kind(t)})" for t in best)
            raise UsageError(f"'{text}' names several things: {listed}. Give one of these.")
        raise UsageError(self._unknown(text, classes))

    def resolve_property(self, text: str) -> NamedNode:
        """Return the property that ``text`` names: ``a``, a CURIE, an IRI or a label.

        Raises UsageError as ``resolve`` does.
        """
        if text.strip() == "a":
            return RDF.type
        term = self.written(text.strip())
        if term is not None and self._is_used(term):
            return term
        return self.resolve(text, [OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty])

    def resolve_object(self, text: str) -> NamedNode | Literal:
        """Return the term that ``text`` names, or the literal that it is as Turtle writes one.

        Raises UsageError as ``resolve`` does.
        """
        text = text.strip()
        if re.match(r"""["'0-9+-]|(true|false)$""", text):
            try:
                head = "".join(f"@prefix {name}: <{iri}> . " for name, iri in self._prefixes.items())
                (quad,) = parse(f"{head}<urn:s> <urn:p> {text} .", RdfFormat.TURTLE)
            except (SyntaxError, ValueError):
                pass  # a label may begin with a digit
            else:
                if isinstance(quad.object, Literal):
                    return quad.object
        return self.resolve(text)

    def written(self, text: str) -> NamedNode | None:
        """Return the term when ``text`` is written as an IRI or a CURIE, else None."""
        if text.startswith("<") and text.endswith(">"):
            text = text[1:-1]
        if "://" in text or text.startswith("urn:"):
            try:
                return NamedNode(text)
            except ValueError as error:
                raise UsageError(f"'{text}' is not a valid IRI. Give a CURIE, an IRI or a label.") from error
        prefix, colon, local = text.partition(":")
        if colon and prefix in self._prefixes and " " not in local:
            return NamedNode(self._prefixes[prefix] + local)
        return None

    def _checked(self, term: NamedNode, text: str, classes: Sequence[NamedNode]) -> NamedNode:
        if not self._is_known(term):
            raise UsageError(self._unknown(text, classes))
        if not self._is(term, classes):
            wanted = self._titles(classes)
            raise UsageError(
                f"{text}: this is of kind {self._kind(term)}, not {wanted}. Give the name of {_a(wanted)}."
            )
        return term

    def _is_known(self, term: NamedNode) -> bool:
        store, graph = self._store, DefaultGraph()
        found = chain(
            store.quads_for_pattern(term, None, None, graph),
            store.quads_for_pattern(None, None, term, graph),
            store.quads_for_pattern(None, term, None, graph),
        )
        return next(found, None) is not None

    def _is_used(self, term: NamedNode) -> bool:
        return next(self._store.quads_for_pattern(None, term, None, DefaultGraph()), None) is not None

    def _unknown(self, text: str, classes: Sequence[NamedNode]) -> str:
        what = self._titles(classes)
        names = {name for name, terms in self._names.items() if any(self._is(t, classes) for t in terms)}
        local = fold(text.partition(":")[2] or text) if ":" in text else fold(text)
        near = _nearest(local, names)
        terms = [t for name in near for t in self._names[name] if self._is(t, classes)]
        listed = list(dict.fromkeys(f"{self.label(t, 'en')} ({self._short(t)})" for t in terms))[:3]
        hint = f" Did you mean {' or '.join(listed)}?" if listed else " Try 'llmkg search' with other words."
        return f"'{text}': no {what} of that name.{hint}"

    def _is(self, term: NamedNode, classes: Sequence[NamedNode]) -> bool:
        return not classes or any(Quad(term, RDF.type, cls) in self._store for cls in classes)

    def _titles(self, classes: Sequence[NamedNode]) -> str:
        return " or ".join(map(self._title, classes)) or "thing"

    def _kind(self, term: NamedNode) -> str:
        return " and ".join(sorted(self._title(cls) for cls in self.classes(term))) or "thing"

    def _title(self, cls: NamedNode) -> str:
        return self.label(cls, "en") or local_name(cls.value)

    def _short(self, term: NamedNode) -> str:
        return curie(term.value, self._prefixes) or term.value


def _a(noun: str) -> str:
    """Return the English noun with its indefinite article."""
    return f"{'an' if noun[:1].lower() in {*'aeiou'} else 'a'} {noun}"


def _nearest(word: str, names: Iterable[str]) -> list[str]:
    import difflib  # noqa: PLC0415  (only when a name was missed)

    return difflib.get_close_matches(word, sorted(names), n=5, cutoff=0.6)
