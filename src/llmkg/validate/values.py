"""Judge literals as pyshacl does: the plain spellings here, fast; the rest by asking rdflib."""

from __future__ import annotations

import re
from collections.abc import Callable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from llmkg.terms import RDF, XSD, Term

__all__ = ["Bound", "has_datatype", "text_of"]

_PLAIN = {
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?"),
    XSD.boolean: re.compile(r"true|false|0|1"),
    XSD.string: re.compile(r".*", re.DOTALL),
    XSD.anyURI: re.compile(r".*", re.DOTALL),
    RDF.langString: re.compile(r".*", re.DOTALL),
}


def text_of(term: Term) -> str:
    """Return the text of a term, as SPARQL's ``str`` does."""
    return "" if isinstance(term, Triple) else term.value


def has_datatype(term: Term, datatype: NamedNode) -> bool:
    """Tell whether ``term`` is a literal of ``datatype``, well-formed."""
    if not isinstance(term, Literal) or isinstance(term, BlankNode):
        return False
    plain = _PLAIN.get(datatype)
    if term.datatype == datatype and plain is not None and plain.fullmatch(term.value):
        return True
    if term.datatype != datatype and plain is not None:
        return False
    return _asked(term, datatype)


class Bound:
    """A limit on the order of values: a numeric literal, or another that rdflib can compare."""

    def __init__(self, bound: Term, fits: Callable[[int], bool]) -> None:
        """Take the limit, and what the order of a value to it (-1, 0, 1) must be."""
        self._bound = bound
        self._fits = fits
        self._number = _integer(bound)

    def __call__(self, value: Term) -> bool:
        """Tell whether ``value`` is within the limit; what cannot be compared is not."""
        if not isinstance(value, Literal):
            return False
        number = _integer(value)
        if number is not None and self._number is not None:
            return self._fits((number > self._number) - (number < self._number))
        order = _order(value, self._bound)
        return order is not None and self._fits(order)


def _integer(term: Term) -> int | None:
    is_plain = isinstance(term, Literal) and term.datatype == XSD.integer and _PLAIN[XSD.integer].fullmatch(term.value)
    return int(term.value) if is_plain and len(term.value) < _LONG else None  # type: ignore[union-attr]


_LONG = 4000  # digits, which Python reads without complaint


def _asked(literal: Literal, datatype: NamedNode) -> bool:
    from pyshacl.constraints.core.value_constraints import DatatypeConstraintComponent  # noqa: PLC0415  (rare, slow)
    from rdflib import RDF as RDFLIB_RDF  # noqa: PLC0415
    from rdflib import RDFS, URIRef  # noqa: PLC0415

    from llmkg.interchange import quiet, rdflib_term  # noqa: PLC0415

    with quiet():
        value, wanted = rdflib_term(literal), URIRef(datatype.value)
    if wanted in (RDFS.Literal, RDFS.Datatype):
        return wanted == RDFS.Literal or bool(getattr(value, "datatype", None))
    if getattr(value, "datatype", None) != wanted and wanted != RDFLIB_RDF.langString:
        return False
    if getattr(value, "ill_typed", None) is True:
        return False
    judge = DatatypeConstraintComponent._assert_actual_datatype  # noqa: SLF001  (the reference's own word)
    return bool(judge(None, value, wanted))  # type: ignore[arg-type,no-untyped-call]


def _order(value: Literal, bound: Term) -> int | None:
    from pyshacl.rdfutil.compare import compare_literal  # noqa: PLC0415  (rare, slow to import)

    from llmkg.interchange import quiet, rdflib_term  # noqa: PLC0415

    with quiet():
        left, right = rdflib_term(value), rdflib_term(bound)
    if isinstance(getattr(left, "value", None), str) != isinstance(getattr(right, "value", None), str):
        return None
    try:
        return int(compare_literal(left, right))  # type: ignore[no-untyped-call]
    except (TypeError, NotImplementedError):
        return None
