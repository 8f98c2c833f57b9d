"""Find terms that nothing defines: misspelt properties, classes, datatypes and things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.errors import did_you_mean
from llmkg.terms import OWL, RDF, RDFS, XSD, curie
from llmkg.turtle import term_text
from llmkg.validate.data import Data
from llmkg.validate.finding import Finding, finding

__all__ = ["check_terms"]

_W3C = {
    str(RDF): """type Property subject predicate object first rest value nil List Statement Bag Seq Alt langString
        HTML XMLLiteral PlainLiteral JSON direction language""",
    str(RDFS): """label comment seeAlso isDefinedBy subClassOf subPropertyOf domain range member Resource Class Literal
        Datatype Container ContainerMembershipProperty""",
    str(OWL): """AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty AsymmetricProperty
        Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty FunctionalProperty
        InverseFunctionalProperty IrreflexiveProperty NamedIndividual NegativePropertyAssertion Nothing ObjectProperty
        Ontology OntologyProperty ReflexiveProperty Restriction SymmetricProperty Thing TransitiveProperty
        allValuesFrom annotatedProperty annotatedSource annotatedTarget assertionProperty backwardCompatibleWith
        bottomDataProperty bottomObjectProperty cardinality complementOf datatypeComplementOf deprecated differentFrom
        disjointUnionOf disjointWith distinctMembers equivalentClass equivalentProperty hasKey hasSelf hasValue imports
        incompatibleWith intersectionOf inverseOf maxCardinality maxQualifiedCardinality members minCardinality
        minQualifiedCardinality onClass onDataRange onDatatype onProperties onProperty oneOf priorVersion
        propertyChainAxiom propertyDisjointWith qualifiedCardinality rational real sameAs someValuesFrom sourceIndividual
        targetIndividual targetValue topDataProperty topObjectProperty unionOf versionIRI versionInfo withRestrictions""",
    str(XSD): """anyURI base64Binary boolean byte date dateTime dateTimeStamp dayTimeDuration decimal double duration
        float gDay gMonth gMonthDay gYear gYearMonth hexBinary int integer language long Name NCName negativeInteger
        NMTOKEN nonNegativeInteger nonPositiveInteger normalizedString positiveInteger short string time token
        unsignedByte unsignedInt unsignedLong unsignedShort yearMonthDuration length minLength maxLength pattern
        minInclusive minExclusive maxInclusive maxExclusive totalDigits fractionDigits langRange""",
}
_BUILT_IN = {space: frozenset(words.split()) for space, words in _W3C.items()}
_MEMBER = re.compile("_[1-9][0-9]*")
_ROLES = {
    "property": ("the property {} is not defined", "属性 {} 未定义"),
    "class": ("the class {} is not defined", "类 {} 未定义"),
    "datatype": ("the datatype {} is not defined", "数据类型 {} 未定义"),
    "thing": ("{} is not defined", "{} 未定义"),
}


def check_terms(data: Data, prefixes: Mapping[str, str], shapes: Iterable[Triple] = ()) -> list[Finding]:
    """Return a finding for each fact with a term that the graph does not define; shapes may name none either.

    A term of RDF, RDFS, OWL or XML Schema must be one of theirs, and one in a namespace in which the
    graph defines things must be defined: an error else. A property or class of another vocabulary
    must be declared, as OWL 2 DL demands: a warning else.
    """
    return list(_Terms(data, prefixes).findings(shapes))


class _Terms:
    """What is defined in one graph."""

    def __init__(self, data: Data, prefixes: Mapping[str, str]) -> None:
        self._data = data
        self._prefixes = prefixes
        self._known: dict[str, set[str]] = defaultdict(set)
        for subject in data.by_subject:
            if isinstance(subject, NamedNode):
                space, local = _split(subject.value)
                if space not in _BUILT_IN:
                    self._known[space].add(local)
        self._state: dict[tuple[NamedNode, bool], str] = {}

    def findings(self, shapes: Iterable[Triple]) -> Iterator[Finding]:
        """Yield a finding per fact and unknown term in it."""
        uses = ((triple, use) for triple in self._data.triples for use in _uses(triple))
        # Of the terms in shapes only those that the graph should define: shapes refer to each other too.
        own = {triple.subject for triple in shapes}
        named = ((t, (t.object, "thing", "object")) for t in shapes if isinstance(t.object, NamedNode))
        for triple, (term, role, part) in chain(uses, (use for use in named if use[1][0] not in own)):
            severity = self._severity(term, role)
            if severity:
                yield self._finding(triple, term, role, part, severity)

    def _severity(self, term: NamedNode, role: str) -> str:
        key = (term, role != "thing")
        if key not in self._state:
            self._state[key] = self._judged(term, role)
        return self._state[key]

    def _judged(self, term: NamedNode, role: str) -> str:
        space, local = _split(term.value)
        if space in _BUILT_IN:
            return "" if local in _BUILT_IN[space] or (space == str(RDF) and _MEMBER.fullmatch(local)) else "error"
        if term in self._data.by_subject or not local:
            return ""
        if space in self._known and space in self._prefixes.values():
            return "error"
        return "" if role in ("thing", "datatype") else "warning"

    def _finding(self, triple: Triple, term: NamedNode, role: str, part: str, severity: str) -> Finding:
        space, local = _split(term.value)
        name = curie(term.value, self._prefixes) or term_text(term, self._prefixes)
        near = did_you_mean(name, self._near(space, local))
        english, chinese = _ROLES[role]
        hint = f" {near.strip()}" if near else ""
        zh = (
            f"是否想写 {near.strip().removeprefix('Did you mean ').removesuffix('?').replace(' or ', ' 或 ')}？"
            if near
            else ""
        )
        if severity == "warning":
            remedy = {"en": f"Declare it in the ontology.{hint}", "zh": f"请在本体中声明它。{zh}"}
        else:
            remedy = {"en": f"Define it, or mend its name.{hint}", "zh": f"请定义它，或改正其名称。{zh}"}
        return finding(
            "undeclared-term" if severity == "warning" else "undefined-term",
            {"en": english.format(name), "zh": chinese.format(name)},
            remedy,
            severity=severity,
            focus=triple.subject,
            path=triple.predicate,
            value=triple.object,
            facts=[triple],
            part=part,
            prefixes=self._prefixes,
        )

    def _near(self, space: str, local: str) -> list[str]:
        """Return names that may have been meant: of the same namespace, or the same name in another."""
        there = _BUILT_IN.get(space, self._known.get(space, ()))
        others = (other for other, names in self._known.items() if local in names)
        iris = [*(space + name for name in there), *(other + local for other in others)]
        return [curie(iri, self._prefixes) or iri for iri in iris]


def _uses(triple: Triple) -> Iterator[tuple[NamedNode, str, str]]:
    """Yield the terms that a triple uses and does not define: the term, its role, its part of the triple."""
    subject, predicate, obj = triple
    yield predicate, "property", "predicate"
    if isinstance(subject, NamedNode) and _split(subject.value)[0] in _BUILT_IN:
        yield subject, "thing", "subject"
    if isinstance(obj, NamedNode):
        yield obj, "class" if predicate == RDF.type else "thing", "object"
    elif isinstance(obj, Literal) and not obj.language and obj.datatype != XSD.string:
        yield obj.datatype, "datatype", "object"


def _split(iri: str) -> tuple[str, str]:
    """Return the namespace of an IRI and its name in it."""
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:end], iri[end:]
