"""What the columns of a table mean: a property of the pack for each, as the CSV tables of the export name them.

``addresses`` is a property by its key in JSON-LD, ``label_en`` one with the language of its texts; a CURIE
or an IRI will do too. A property that files never state, because its inverse is the one that they state, is
turned round. The kinds of tables are the classes of the ontology.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from llmkg.errors import UsageError, did_you_mean, shown
from llmkg.export import context_of
from llmkg.export.tables import OWN_COLUMNS
from llmkg.graph import KnowledgeGraph
from llmkg.snapshot import ASSERTED
from llmkg.terms import CLAIM, OWL, RDF, RDFS, SH, SKOS, Term
from llmkg.validate import Shapes, read_shapes
from llmkg.validate.shapegraph import steps

__all__ = ["Column", "TableModel"]

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_LINKS = "links"  # what people call the table of claims, each of which makes a link
_FIRST = [RDFS.label, SKOS.altLabel, SKOS.definition]
_MADE = {RDF.type, CLAIM.importedIn}  # told by the column of kinds, and by the import itself
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


class Column(NamedTuple):
    """A column that holds values of a property: the one that its name means, and the one that files state.

    ``datatype`` is None for texts and for links; ``classes`` are those that a link may lead to;
    ``backwards`` tells that a value is the subject of the fact and the thing of the row its object.
    """

    name: str
    named: NamedNode
    predicate: NamedNode
    is_link: bool = False
    language: str = ""
    datatype: NamedNode | None = None
    backwards: bool = False
    classes: tuple[NamedNode, ...] = ()


class TableModel:
    """The kinds and columns of one pack."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        """Take the graph whose ontology and shapes say what there is."""
        self._kg = kg
        self._store: Store = kg.engine.store
        selection = kg.selection("ontology")
        self._properties = {
            prop.key: (NamedNode(iri[1:-1].decode()), prop.holds)
            for iri, prop in context_of(selection).properties.items()
        }
        self._keys = {predicate: key for key, (predicate, _) in self._properties.items()}

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of the pack."""
        return read_shapes(map(Path, self._kg.pack.shapes))

    def kind(self, name: str) -> NamedNode:
        """Return the class that ``name`` means: a CURIE, an IRI or a label, in the singular or the plural.

        Raises UsageError with the nearest names.
        """
        if name.strip().lower() == _LINKS:
            return CLAIM.Claim
        return self._kg.lexicon.resolve(name, [OWL.Class])

    def broadest(self, classes: Iterable[NamedNode]) -> NamedNode:
        """Return the class among ``classes`` that none of the others is above: the one that names a thing."""
        found = sorted(classes, key=lambda cls: cls.value)
        above = {
            cls: {q.object for q in self._store.quads_for_pattern(cls, RDFS.subClassOf, None, DefaultGraph())}
            for cls in found
        }
        return min(found, key=lambda cls: len(above[cls].intersection(found) - {cls}))

    def column(self, name: str) -> Column | None:
        """Return what a column holds, None for one of ``id``, ``iri`` and ``kinds``.

        Raises UsageError with the nearest names for a property that is not in the ontology.
        """
        if name in OWN_COLUMNS:
            return None
        key, _, language = name.rpartition("_")
        if name in self._properties:
            return self._made(name, *self._properties[name])
        if key in self._properties and _LANGUAGE.fullmatch(language):
            predicate, holds = self._properties[key]
            if holds == "@language":
                return self._made(name, predicate, holds, language)
            raise UsageError(f"the column '{shown(name)}': {key} has no texts in languages. Call it {key}.")
        term = self._kg.lexicon.written(name)
        if term is not None and (found := self._declared(term)):
            return self._made(name, term, found)
        near = did_you_mean(name, [*self._properties, *OWN_COLUMNS, *self._with_languages()])
        raise UsageError(
            f"the column '{shown(name)}' is no property.{near or ' --template KIND prints what there is.'}"
        )

    def template_columns(self, cls: NamedNode) -> list[Column]:
        """Return the columns of the template for a class, sorted as the tables of the export sort them.

        They are the properties that a shape of the class names, and those that files state of things of the
        class. Left out are links of which each has a claim, as they are told in the table of claims.
        """
        columns = []
        for predicate in {*self._in_shapes(cls), *self._in_files(cls)} & self._keys.keys() - _MADE:
            key = self._keys[predicate]
            _, holds = self._properties[key]
            tags = self._languages(predicate) if holds == "@language" else [""]
            tags += [""] if predicate == CLAIM.claimValue else []
            columns += [self._made(f"{key}_{tag}" if tag else key, predicate, holds, tag) for tag in tags]
        unclaimed = [column for column in columns if not (column.is_link and self._is_claimed(column.predicate))]
        return sorted(unclaimed, key=lambda column: (not column.language, _rank(column), column.name))

    def is_single(self, predicate: NamedNode) -> bool:
        """Tell whether a thing has at most one value of a property: a shape or the ontology says so."""
        return predicate in self._limited[0] or self._is(predicate, OWL.FunctionalProperty)

    def is_single_by_language(self, predicate: NamedNode) -> bool:
        """Tell whether a shape allows one value for each language."""
        return predicate in self._limited[1]

    def range_of(self, predicate: NamedNode) -> list[NamedNode]:
        """Return the classes or datatypes that the ontology gives for the values of a property."""
        return self._ends(predicate, RDFS.range)

    def domain_of(self, predicate: NamedNode) -> list[NamedNode]:
        """Return the classes that the ontology gives for the things that have a property."""
        return self._ends(predicate, RDFS.domain)

    @property
    def languages(self) -> list[str]:
        """The languages of labels: those that shapes name, else English."""
        return self._languages(RDFS.label)

    def definition(self, predicate: NamedNode) -> str:
        """Return what a property means, in English where there is a definition in it."""
        quads = self._store.quads_for_pattern(predicate, None, None, DefaultGraph())
        texts = [q.object for q in quads if q.predicate.value.endswith(("#definition", "#comment"))]
        literals = [text for text in texts if isinstance(text, Literal)]
        best = min(literals, key=lambda text: (text.language != "en", text.value), default=None)
        return "" if best is None else best.value

    def _made(self, name: str, predicate: NamedNode, holds: str, language: str = "") -> Column:
        is_link = holds == "@id"
        inverse = self._inverse(predicate) if is_link else None
        backwards = inverse is not None and not self._is_stated(predicate) and self._is_stated(inverse)
        stated = inverse if inverse is not None and backwards else predicate
        datatype = NamedNode(holds[1:-1]) if holds.startswith("<") else None
        classes = self._ends(stated, RDFS.domain if backwards else RDFS.range) if is_link else []
        return Column(name, predicate, stated, is_link, language, datatype, backwards, tuple(classes))

    def _inverse(self, predicate: NamedNode) -> NamedNode | None:
        for subject, obj in ((predicate, None), (None, predicate)):
            for quad in self._store.quads_for_pattern(subject, OWL.inverseOf, obj, ASSERTED):
                other = quad.object if obj is None else quad.subject
                if isinstance(other, NamedNode):
                    return other
        return None

    def _is_stated(self, predicate: NamedNode) -> bool:
        """Tell whether files state a property, or shapes speak of it."""
        found = next(self._store.quads_for_pattern(None, predicate, None, ASSERTED), None)
        return found is not None or predicate in self._shaped

    @cached_property
    def _shaped(self) -> set[Term]:
        return {p for shape in self._property_shapes(self.shapes.roots) for p, _ in steps(self.shapes.path(shape))}

    def _in_shapes(self, cls: NamedNode) -> Iterator[NamedNode]:
        """Yield the properties that shapes of a class name; for one followed backwards the inverse that is declared."""
        classes = {cls, *(q.object for q in self._store.quads_for_pattern(cls, RDFS.subClassOf, None, DefaultGraph()))}
        roots = [s for s in self.shapes.roots if classes.intersection(self.shapes.objects(s, SH.targetClass))]
        for shape in self._property_shapes(roots):
            path = self.shapes.path(shape)
            if isinstance(path, NamedNode) or (path is not None and path[0] in "|^"):
                for predicate, backwards in steps(path):
                    found = self._inverse(predicate) if backwards else predicate
                    if found is not None:
                        yield found

    def _in_files(self, cls: NamedNode) -> Iterator[NamedNode]:
        """Yield the properties that files state of things of a class."""
        for instance in self._store.quads_for_pattern(None, RDF.type, cls, DefaultGraph()):
            for quad in self._store.quads_for_pattern(instance.subject, None, None, ASSERTED):
                yield quad.predicate

    def _is_claimed(self, predicate: NamedNode) -> bool:
        """Tell whether there is a claim for each link of a property."""
        claims = sum(1 for _ in self._store.quads_for_pattern(None, CLAIM.claimProperty, predicate, ASSERTED))
        return claims > 0 and claims >= sum(1 for _ in self._store.quads_for_pattern(None, predicate, None, ASSERTED))

    def _property_shapes(self, roots: tuple[Term, ...] | list[Term]) -> Iterator[Term]:
        for root in roots:
            yield from self.shapes.objects(root, SH.property)

    @cached_property
    def _limited(self) -> tuple[set[Term], set[Term]]:
        """The properties of which a shape allows one value, and those of which it allows one for each language."""
        one: set[Term] = set()
        by_language: set[Term] = set()
        for shape in self._property_shapes(self.shapes.roots):
            path = self.shapes.path(shape)
            if isinstance(path, NamedNode):
                most, unique = self.shapes.value(shape, SH.maxCount), self.shapes.value(shape, SH.uniqueLang)
                one |= {path} if isinstance(most, Literal) and most.value in {"0", "1"} else set()
                by_language |= {path} if isinstance(unique, Literal) and unique.value in {"true", "1"} else set()
        return one, by_language

    def _languages(self, predicate: NamedNode) -> list[str]:
        """Return the languages that shapes name for the texts of a property, else those that they name for labels."""
        for path in (predicate, RDFS.label):
            for shape in self._property_shapes(self.shapes.roots):
                head = self.shapes.value(shape, SH.languageIn)
                if head is not None and self.shapes.path(shape) == path:
                    return [tag.value for tag in self.shapes.members(head) if isinstance(tag, Literal)]
        return ["en"]

    def _with_languages(self) -> list[str]:
        tags = self._languages(RDFS.label)
        return [f"{key}_{tag}" for key, (_, holds) in self._properties.items() if holds == "@language" for tag in tags]

    def _declared(self, term: NamedNode) -> str:
        """Return what the values of a declared property are, empty when it is none."""
        if term in self._keys:
            return self._properties[self._keys[term]][1]
        if not any(self._is(term, cls) for cls in _PROPERTIES):
            return ""
        return "@id" if self._is(term, OWL.ObjectProperty) else "@language"

    def _is(self, term: NamedNode, cls: NamedNode) -> bool:
        return next(self._store.quads_for_pattern(term, RDF.type, cls, DefaultGraph()), None) is not None

    def _ends(self, predicate: NamedNode, which: NamedNode) -> list[NamedNode]:
        found = (quad.object for quad in self._store.quads_for_pattern(predicate, which, None, ASSERTED))
        return sorted((term for term in found if isinstance(term, NamedNode)), key=lambda term: term.value)


def _rank(column: Column) -> int:
    return _FIRST.index(column.predicate) if column.predicate in _FIRST else len(_FIRST)
