"""Find the term that a person means: a CURIE, an IRI or a label in any language.

Terms are found by the names that a snapshot holds. Names are compared folded: case, width, hyphens
and spaces make no difference. Only where nothing is called so are they compared loosely: written
together or apart, in the singular or the plural.

A term that is ``owl:deprecated`` is retired: whoever names it gets what ``dcterms:isReplacedBy`` leads to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from llmkg.errors import Phrase, UsageError, listed, shown
from llmkg.terms import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Term, curie, local_name

__all__ = ["Lexicon", "bears_on_names", "fold", "is_retired", "loosen", "names", "replacements", "successors"]

# How a name was found, best first: the label, an alternative label, the end of the IRI, any of these
# loosely; or any of these of a retired term.
_LABEL, _ALTERNATIVE, _SLUG, _LOOSE, _FORMER = range(5)
_RANKS = [NamedNode(f"urn:llmkg:{kind}") for kind in ("label", "alternative", "slug", "loose", "former")]
_NAMING = {RDFS.label: _LABEL, SKOS.altLabel: _ALTERNATIVE}
_RETIRED = (
    (OWL.deprecated, Literal("true", datatype=XSD.boolean)),
    (RDF.type, OWL.DeprecatedClass),  # as OWL 1 said it
    (RDF.type, OWL.DeprecatedProperty),
)
_SAYING_SO = frozenset(predicate for predicate, _ in _RETIRED)
_TITLES = {
    OWL.Class.value: Phrase("class"),
    OWL.ObjectProperty.value: Phrase("property"),
    OWL.DatatypeProperty.value: Phrase("property"),
    OWL.AnnotationProperty.value: Phrase("property"),
}
_LISTED = 6  # things of one name that a message lists
_LONGEST = 200  # characters of a name that are compared
_CLOSE = 65  # of 100: how alike two names must be for one to be offered in place of the other
_SPACES = dict.fromkeys(map(ord, "_-\u2010\u2011\u2012\u2013\u2014\u2015"), " ")
_MARKS = dict.fromkeys(map(ord, "/.,:;()&'\u2019\u00b7"), " ")
_CHINESE = "\u3400-\u9fff"


def fold(text: str) -> str:
    """Return the form in which names are compared.

    >>> fold("Retrieval-Augmentation")
    'retrieval augmentation'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isascii():
        return " ".join(folded.translate(_SPACES).split())
    folded = " ".join(unicodedata.normalize("NFKC", folded).translate(_SPACES).split())
    # Chinese is written with or without spaces around Latin words.
    return re.sub(f"(?<=[{_CHINESE}]) | (?=[{_CHINESE}])", "", folded)


def loosen(text: str) -> str:
    """Return the form in which names are compared when nothing is called as a person wrote.

    >>> loosen("fine-tuning overhead") == loosen("Finetuning Overheads")
    True
    """
    return _loosened(fold(text))


def _loosened(folded: str) -> str:
    return "".join(map(_singular, folded.translate(_MARKS).split()))


def _singular(word: str) -> str:
    """Return what the singular and the plural of an English word have in common; it need not be a word."""
    if not word.isascii():
        return word
    before = ""
    while word != before and len(word) > 2:  # noqa: PLR2004  (a shorter word has no plural)
        before = word
        if word[-1] == "s" and word[-2] != "s":
            word = word[:-1]
        elif word[-1] == "e" and word.endswith(("se", "xe", "ze", "che", "she", "ie")):
            word = word[:-1]  # "boxes", "caches", "studies"
        elif word[-1] == "y":
            word = f"{word[:-1]}i"
    return word


def bears_on_names(predicate: NamedNode, obj: Term) -> bool:
    """Tell whether ``names`` looks at triples with this predicate and object."""
    return predicate in _NAMING or (predicate in _SAYING_SO and (predicate, obj) in _RETIRED)


def names(triples: Sequence[Triple]) -> Iterator[tuple[NamedNode, NamedNode, Literal]]:
    """Yield the names that ``Lexicon`` looks terms up by: the term, how good the name is, the name folded."""
    retired = {s for s, predicate, obj in triples if predicate in _SAYING_SO and (predicate, obj) in _RETIRED}
    for triple in triples:
        subject, predicate, obj = triple
        if predicate not in _NAMING or not isinstance(subject, NamedNode) or not isinstance(obj, Literal):
            continue
        gone = subject in retired
        yield from _forms(subject, _FORMER if gone else _NAMING[predicate], obj.value)
        if predicate == RDFS.label:
            yield from _forms(subject, _FORMER if gone else _SLUG, local_name(subject.value))


def _forms(term: NamedNode, rank: int, name: str) -> Iterator[tuple[NamedNode, NamedNode, Literal]]:
    folded = fold(name)
    yield term, _RANKS[rank], Literal(folded)
    yield term, _RANKS[_FORMER if rank == _FORMER else _LOOSE], Literal(_loosened(folded))


def is_retired(store: Store, term: NamedNode) -> bool:
    """Tell whether the graph calls ``term`` deprecated."""
    return any(Quad(term, predicate, obj) in store for predicate, obj in _RETIRED)


def replacements(store: Store, term: NamedNode) -> list[NamedNode]:
    """Return what the graph names in the place of ``term``, retired or not, sorted."""
    quads = store.quads_for_pattern(term, DCTERMS.isReplacedBy, None, DefaultGraph())
    return _sorted(quad.object for quad in quads if isinstance(quad.object, NamedNode))


def successors(store: Store, term: NamedNode) -> list[NamedNode]:
    """Return what takes the place of the retired ``term`` in the end: known to the graph, not retired, sorted.

    There is none where replacements lead round in a circle, out of the graph or nowhere.
    """
    seen, waiting = {term}, [term]
    found: list[NamedNode] = []
    while waiting:
        for new in replacements(store, waiting.pop()):
            if new in seen:
                continue
            seen.add(new)
            if is_retired(store, new):
                waiting.append(new)
            elif next(store.quads_for_pattern(new, None, None, DefaultGraph()), None) is not None:
                found.append(new)
    return _sorted(found)


class Lexicon:
    """The names and classes of every thing in a store."""

    def __init__(
        self,
        store: Store,
        graph: NamedNode,
        prefixes: Mapping[str, str],
        tell: Callable[[NamedNode, NamedNode | None], object] = lambda _old, _new: None,
    ) -> None:
        """Look names up in ``graph`` of ``store``, which holds what ``names`` yields.

        ``tell`` is given each retired term that was named, and what is taken in its place, None where
        nothing is and the term itself will do.
        """
        self._tell = tell
        self._prefixes = prefixes
        self._store = store
        self._graph = graph

    @property
    def store(self) -> Store:
        """The store that the names are looked up in."""
        return self._store

    def _named(self, text: str) -> dict[NamedNode, int]:
        """Return the terms of that name with the rank of the name."""
        found: dict[NamedNode, int] = {}
        for quad in self._store.quads_for_pattern(None, None, Literal(fold(text)), self._graph):
            rank = _RANKS.index(quad.predicate)
            assert isinstance(quad.subject, NamedNode)
            if rank < _LOOSE:
                found[quad.subject] = min(rank, found.get(quad.subject, rank))
        return found

    def _loosely_named(self, text: str) -> dict[NamedNode, int]:
        """Return the terms whose name is nearly that."""
        return dict.fromkeys(self._of_rank(_LOOSE, loosen(text)), _LOOSE)

    def _of_rank(self, rank: int, name: str) -> list[NamedNode]:
        """Return the terms that have ``name`` in the way of ``rank``."""
        quads = self._store.quads_for_pattern(None, _RANKS[rank], Literal(name), self._graph) if name else ()
        return [quad.subject for quad in quads if isinstance(quad.subject, NamedNode)]

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

    def labels(self, term: Term) -> list[str]:
        """Return every label and alternative label of ``term``, sorted."""
        if not isinstance(term, NamedNode | BlankNode):
            return []
        quads = (self._store.quads_for_pattern(term, p, None, DefaultGraph()) for p in (RDFS.label, SKOS.altLabel))
        return sorted({quad.object.value for quad in chain(*quads) if isinstance(quad.object, Literal)})

    def named(self, text: str, classes: Sequence[NamedNode] = ()) -> list[NamedNode]:
        """Return the things of one of ``classes`` that have a label or an alternative label ``text``, sorted."""
        found = (term for term, rank in self._named(text).items() if rank in {_LABEL, _ALTERNATIVE})
        return sorted((term for term in found if self._is(term, classes)), key=lambda term: term.value)

    def resolve(
        self, text: str, classes: Sequence[NamedNode] = (), among: Container[object] | None = None
    ) -> NamedNode:
        """Return the one term that ``text`` names, of one of ``classes`` and ``among`` when these are given.

        In the place of a retired term comes what replaced it. Raises UsageError: for an unknown name
        with the nearest ones, for a name that several things share with each of them.
        """
        text = text.strip().encode(errors="replace").decode()  # an argument may hold bytes that are no text
        term = self.written(text)
        if term is not None:
            if is_retired(self._store, term):
                return self._instead([term], text, classes, among)
            return self._checked(term, text, classes)
        others: dict[NamedNode, int] = {}
        for look_up, form in ((self._named, fold), (self._loosely_named, loosen)):
            named = look_up(text)
            found = {t: rank for t, rank in named.items() if self._is(t, classes) and (among is None or t in among)}
            best = _sorted(t for t in found if found[t] == min(found.values()))
            if len(best) == 1:
                return best[0]
            if best:
                several = "'{name}' names several things: {things}. Give one of these."
                raise UsageError(Phrase(several, name=shown(text), things=self._listed(best)))
            others = others or named
            if not others and (former := self._of_rank(_FORMER, form(text))):
                return self._instead(former, text, classes, among)
        if others and among is None:
            term = min(others, key=lambda t: (others[t], t.value))
            raise UsageError(self._of_another_kind(f"{shown(text)} ({self._short(term)})", term, classes))
        raise UsageError(self._unknown(text, classes))

    def resolve_property(self, text: str) -> NamedNode:
        """Return the property that ``text`` names: ``a``, a CURIE, an IRI or a label.

        Raises UsageError as ``resolve`` does.
        """
        if text.strip() == "a":
            return RDF.type
        term = self.written(text.strip())
        if term is not None and self._is_used(term) and not is_retired(self._store, term):
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

    def near(self, term: NamedNode) -> Phrase:
        """Return `` Did you mean a or b?`` for a term that is not in the graph, or an empty string."""
        found = self._nearest(local_name(term.value), ())
        return Phrase(" Did you mean {names}?", names=listed([*map(self._short, found)])) if found else Phrase("")

    def written(self, text: str) -> NamedNode | None:
        """Return the term when ``text`` is written as an IRI or a CURIE, else None."""
        if text.startswith("<") and text.endswith(">"):
            text = text[1:-1]
        if "://" in text or text.startswith("urn:"):
            try:
                return NamedNode(text)
            except ValueError as error:
                bad = Phrase("'{text}' is not a valid IRI. Give a CURIE, an IRI or a label.", text=shown(text))
                raise UsageError(bad) from error
        prefix, colon, local = text.partition(":")
        if colon and prefix in self._prefixes and " " not in local:
            try:
                return NamedNode(self._prefixes[prefix] + local)
            except ValueError as error:
                bad = Phrase("'{text}' is not a valid CURIE. Give a CURIE, an IRI or a label.", text=shown(text))
                raise UsageError(bad) from error
        return None

    def _instead(
        self, former: Sequence[NamedNode], text: str, classes: Sequence[NamedNode], among: Container[object] | None
    ) -> NamedNode:
        """Return the one term that is taken for the retired ones that ``text`` names."""
        found = {new: old for old in _sorted(former) for new in successors(self._store, old)}
        fitting = [t for t in _sorted(found) if self._is(t, classes) and (among is None or t in among)]
        if len(fitting) == 1:
            self._tell(found[fitting[0]], fitting[0])
            return fitting[0]
        if fitting:
            several = "'{name}' is retired, and several things took its place: {things}. Give one of these."
            raise UsageError(Phrase(several, name=shown(text), things=self._listed(fitting)))
        if found:
            new = _sorted(found)[0]
            raise UsageError(
                self._of_another_kind(
                    Phrase("{name} (now {term})", name=shown(text), term=self._short(new)), new, classes
                )
            )
        if len(former) == 1 and self._is(former[0], classes) and (among is None or former[0] in among):
            self._tell(former[0], None)
            return former[0]
        lost = _sorted(new for old in former for new in replacements(self._store, old))
        reason: object = Phrase("nothing took its place")
        if lost:
            terms = ", ".join(map(self._short, lost))
            reason = Phrase("what replaced it is retired too, or missing: {terms}", terms=terms)
        text_of = "'{name}' is retired, and {reason}. Give the name of {one}."
        raise UsageError(Phrase(text_of, name=shown(text), reason=reason, one=_a(self._titles(classes))))

    def _checked(self, term: NamedNode, text: str, classes: Sequence[NamedNode]) -> NamedNode:
        if not self.is_known(term):
            raise UsageError(self._unknown(text, classes))
        if not self._is(term, classes):
            raise UsageError(self._of_another_kind(shown(text), term, classes))
        return term

    def _of_another_kind(self, said: str, term: NamedNode, classes: Sequence[NamedNode]) -> Phrase:
        text = "{said}: this is of kind {kind}, not {wanted}. Give the name of {one}."
        wanted = self._titles(classes)
        return Phrase(text, said=said, kind=self._kind(term), wanted=wanted, one=_a(wanted))

    def is_known(self, term: NamedNode) -> bool:
        """Tell whether the graph says anything of ``term`` or with it."""
        store, graph = self._store, DefaultGraph()
        found = chain(
            store.quads_for_pattern(term, None, None, graph),
            store.quads_for_pattern(None, None, term, graph),
            store.quads_for_pattern(None, term, None, graph),
        )
        return next(found, None) is not None

    def _is_used(self, term: NamedNode) -> bool:
        return next(self._store.quads_for_pattern(None, term, None, DefaultGraph()), None) is not None

    def _unknown(self, text: str, classes: Sequence[NamedNode]) -> Phrase:
        kind = self._titles(classes)
        if not text:
            return Phrase("the name is empty. Give the name of {one}.", one=_a(kind))
        near = self._nearest(text.partition(":")[2] or text, classes)
        named = listed([Phrase("{label} ({term})", label=self._titled(t), term=self._short(t)) for t in near])
        hint = (
            Phrase(" Did you mean {names}?", names=named) if near else Phrase(" Try 'llmkg search' with other words.")
        )
        return Phrase("'{name}': no {kind} of that name.{hint}", name=shown(text), kind=kind, hint=hint)

    def _nearest(self, text: str, classes: Sequence[NamedNode], limit: int = 3) -> list[NamedNode]:
        """Return the things of ``classes`` with the names most like ``text``, best first."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415  (only when a name was missed)

        names: dict[str, list[NamedNode]] = {}
        for rank in _RANKS[:_LOOSE]:
            for quad in self._store.quads_for_pattern(None, rank, None, self._graph):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                    names.setdefault(quad.object.value, []).append(quad.subject)
        wanted = fold(text[:_LONGEST])
        scores: dict[str, float] = {}
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
            for name, score, _ in process.extract(wanted, list(names), scorer=scorer, score_cutoff=_CLOSE, limit=None):
                scores[name] = max(score, scores.get(name, 0))
        near: dict[NamedNode, None] = {}
        for name in sorted(scores, key=lambda name: (-scores[name], name)):
            near |= dict.fromkeys(term for term in names[name] if self._is(term, classes))
            if len(near) >= limit:
                break
        return list(near)[:limit]

    def _listed(self, terms: Sequence[NamedNode]) -> Phrase:
        named = [Phrase("{label} ({term})", label=self._short(t), term=self._kind(t)) for t in terms[:_LISTED]]
        if len(terms) > _LISTED:
            named.append(Phrase("and {count} more", count=len(terms) - _LISTED))
        return listed(named, ",")

    def _is(self, term: NamedNode, classes: Sequence[NamedNode]) -> bool:
        return not classes or any(Quad(term, RDF.type, cls) in self._store for cls in classes)

    def _titles(self, classes: Sequence[NamedNode]) -> Phrase:
        return listed([*dict.fromkeys(map(self._title, classes))]) or Phrase("thing")

    def _kind(self, term: NamedNode) -> Phrase:
        return listed(sorted(map(self._title, self.narrowest(self.classes(term)))), "and") or Phrase("thing")

    def _title(self, cls: NamedNode) -> Phrase:
        return _TITLES.get(cls.value) or self._titled(cls)

    def _titled(self, term: NamedNode) -> Phrase:
        """Return the label of ``term``, in the language that it is told in."""
        return Phrase("{label}", label=lambda lang: self.label(term, lang) or local_name(term.value))

    def _short(self, term: NamedNode) -> str:
        return curie(term.value, self._prefixes) or term.value


def _sorted(terms: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(set(terms), key=lambda term: term.value)


def _a(noun: Phrase) -> Phrase:
    """Return the noun with its indefinite article, which Chinese has none of."""
    return Phrase("an {noun}" if noun[:1].lower() in {*"aeiou"} else "a {noun}", noun=noun)
