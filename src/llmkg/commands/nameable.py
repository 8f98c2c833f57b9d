"""The terms of a graph that a command line may name: what the beginning of a name may become."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from pyoxigraph import NamedNode

from llmkg.lexicon import Lexicon, fold
from llmkg.names import Names, collect
from llmkg.snapshot import NAMES, Snapshot, kept_beside
from llmkg.terms import CLAIM, OWL, curie, local_name

__all__ = ["Nameable"]

_KINDS = {
    "class": frozenset([OWL.Class.value]),
    "property": frozenset([OWL.ObjectProperty.value, OWL.DatatypeProperty.value, OWL.AnnotationProperty.value]),
}
_CLAIM = CLAIM.Claim.value  # nobody calls a claim by its name


class Nameable:
    """The terms of one kind (``thing``, ``property`` or ``class``) with the ways to write each."""

    def __init__(self, snapshot: Snapshot, kind: str, lang: str) -> None:
        """Take the graph, the kind, and the language of what is told of a term."""
        store, prefixes = snapshot.store, snapshot.prefixes
        self._names = Names(kept_beside(snapshot, "names", lambda: collect(store, prefixes)))
        self._lexicon = Lexicon(store, NAMES, prefixes)
        self._prefixes = prefixes
        self._lang = lang
        self._kind = kind
        wanted = _KINDS.get(kind, frozenset())
        self._things = {
            thing: curie(iri, prefixes) or iri
            for thing, iri in enumerate(self._names.terms)
            if (wanted & self._names.classes(thing) if wanted else _CLAIM not in self._names.classes(thing))
        }

    def beginning(self, typed: str) -> Iterator[tuple[str, str]]:
        """Yield what ``typed`` may become, each with the label of the term.

        After a prefix CURIEs; before one prefixes, and the ends of IRIs that no other term is called by;
        where there is none of these, names in any language.
        """
        found = [*self._curies(typed)] if ":" in typed else [*self._prefixed(typed), *self._ends(typed)]
        if not found and typed:
            found = [*self._called(typed)]
        yield from found

    def _curies(self, typed: str) -> Iterator[tuple[str, str]]:
        yield from ((name, self._label(thing)) for thing, name in self._things.items() if name.startswith(typed))

    def _prefixed(self, typed: str) -> Iterator[tuple[str, str]]:
        if self._kind == "property" and "a".startswith(typed):
            yield "a", ""
        used = {name.partition(":")[0] for name in self._things.values()} & set(self._prefixes)
        yield from ((f"{prefix}:", "") for prefix in sorted(used) if prefix.startswith(typed))

    def _ends(self, typed: str) -> Iterator[tuple[str, str]]:
        """Yield the ends of IRIs that nothing else is called by; of things only when some of it is typed."""
        if not typed and self._kind == "thing":
            return
        for thing in self._things:
            end = local_name(self._names.terms[thing])
            if end.startswith(typed) and self._owners.get(fold(end), set()) <= {thing}:
                yield end, self._label(thing)

    def _called(self, typed: str) -> Iterator[tuple[str, str]]:
        begun = fold(typed)
        for number, folded in enumerate(self._names.folded):
            thing = self._names.things[number]
            if folded.startswith(begun) and thing in self._things:
                yield self._names.name(number).text, self._things[thing]

    @cached_property
    def _owners(self) -> dict[str, set[int]]:
        """The things that each folded name belongs to."""
        owners: dict[str, set[int]] = {}
        for thing, folded in zip(self._names.things, self._names.folded, strict=True):
            owners.setdefault(folded, set()).add(thing)
        return owners

    def _label(self, thing: int) -> str:
        return self._lexicon.label(NamedNode(self._names.terms[thing]), self._lang) or ""
