"""The answer to a query: rows, a truth value or triples; for Python, for data frames and for notebooks."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from llmkg.errors import UsageError
from llmkg.terms import Term

TYPE_CHECKING = False  # a cold query imports no typing
if TYPE_CHECKING:
    from typing import Any, Protocol

    from llmkg.render import Cell, Grid

    class Layout(Protocol):
        """What knows the names of things: it lays out rows for people."""

        def grid(self, result: Result) -> Grid:
            """Return the rows as cells."""

        def cell(self, term: Term) -> Cell:
            """Return one term as a cell."""


__all__ = ["LIBRARIES", "Result"]

LIBRARIES = ("pandas", "polars")  # what to_dataframe writes, the preferred one first
_SHOWN = 100  # rows that a notebook shows
# xsd:integer and what is derived from it (XML Schema 1.1, part 2, section 3.4).
_INTEGERS = frozenset(
    [
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    ]
)
_IN_64_BITS = range(-(2**63), 2**63)


class Result:
    """The answer to a query: rows (SELECT), a truth value (ASK) or triples (CONSTRUCT, DESCRIBE).

    - ``variables``: the names of the columns, a tuple of str; empty unless the query is a SELECT
    - ``rows``: a tuple for each row with one pyoxigraph term per variable, None where it is unbound
    - ``boolean``: True or False for an ASK, else None
    - ``triples``: a tuple of pyoxigraph triples for a CONSTRUCT or DESCRIBE, else None

    >>> result = kg.query("challenges-addressed", mitigation="RAG")
    >>> result
    <Result: 5 rows of challenge, label, parent, direct, source, basis>
    >>> result.rows[0][0]
    <NamedNode value=https://w3id.org/llmkg/challenge/hallucinations>
    """

    __slots__ = ("boolean", "layout", "rows", "triples", "variables")

    def __init__(
        self,
        variables: tuple[str, ...] = (),
        rows: tuple[tuple[Term | None, ...], ...] = (),
        *,
        boolean: bool | None = None,
        triples: tuple[Triple, ...] | None = None,
    ) -> None:
        self.variables = variables
        self.rows = rows
        self.boolean = boolean
        self.triples = triples
        self.layout: Layout | None = None

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        """Yield the rows of a SELECT as tuples of pyoxigraph terms.

        >>> [year.value for year, *_ in kg.query("datasets-by-year")][:2]
        ['2014', '2019']
        """
        return iter(self.rows)

    def __len__(self) -> int:
        """Return the number of rows of a SELECT, or of triples of a CONSTRUCT or DESCRIBE; 0 for an ASK.

        >>> len(kg.query("challenges-addressed", mitigation="RAG"))
        5
        """
        return len(self.rows if self.triples is None else self.triples)

    def __bool__(self) -> bool:
        """Return the answer of an ASK; for other queries whether there is any row or triple.

        >>> bool(kg.sparql("ASK { application:law llmkg:faces challenge:outdated-knowledge }"))
        True
        """
        return len(self) > 0 if self.boolean is None else self.boolean

    def __repr__(self) -> str:
        """Return what kind of answer this is, and how large.

        >>> kg.sparql("ASK { application:law a llmkg:Application }")
        <Result: True>
        """
        if self.boolean is not None:
            return f"<Result: {self.boolean}>"
        if self.triples is not None:
            return f"<Result: {len(self)} triple{'' if len(self) == 1 else 's'}>"
        return f"<Result: {len(self)} row{'' if len(self) == 1 else 's'} of {', '.join(self.variables)}>"

    def to_dicts(self, *, labels: bool = False) -> list[dict[str, object]]:
        """Return a dictionary for each row of a SELECT, from variable to Python value.

        Integers become int, booleans bool, decimals and floats float, all else str: an IRI in full, or with
        ``labels`` the name of the thing. Units are those of the column (``llmkg queries`` and the headers
        name them). Unbound variables are left out. An ASK or CONSTRUCT has no rows: an empty list.

        >>> kg.query("datasets-by-year").to_dicts()[0]
        {'year': 2014, 'datasets': 1, 'public': 1, 'known': 1, 'bytes': 5000000000, 'largest': 5000000000}
        >>> kg.query("systems-in", application="law").to_dicts(labels=True)[0]["system"]
        'Bar Examination (GPT-3.5)'
        """
        return [
            {
                name: self._value(term, labels)
                for name, term in zip(self.variables, row, strict=True)
                if term is not None
            }
            for row in self.rows
        ]

    def to_dataframe(self, *, labels: bool = False, library: str | None = None) -> Any:  # noqa: ANN401  (of either library)
        """Return the rows of a SELECT as a data frame: pandas where it is installed, else polars.

        Values are as in ``to_dicts``; a column keeps one type: whole numbers of up to 64 bits (Int64),
        numbers (Float64), booleans or text. What is unbound is missing (``pandas.NA``, ``null``). A column
        of several types becomes text. ``library``, "pandas" or "polars", chooses.

        Raises UsageError when the answer has no rows to give (ASK, CONSTRUCT, DESCRIBE), when the library
        is not known, and when none is installed.

        >>> kg.query("datasets-by-year").to_dataframe().loc[0, "bytes"]  # doctest: +SKIP
        5000000000
        """
        if self.boolean is not None or self.triples is not None:
            where = "boolean" if self.triples is None else "triples"
            raise UsageError(f"this answer has no rows for a data frame. Take .{where}, or ask a SELECT query.")
        columns = {
            name: [None if row[n] is None else self._value(row[n], labels) for row in self.rows]
            for n, name in enumerate(self.variables)
        }
        return _frame(columns, library)

    def _value(self, term: Term | None, labels: bool) -> object:  # noqa: FBT001  (its only question)
        if labels and self.layout is not None and isinstance(term, NamedNode):
            return str(self.layout.cell(term))
        return _python(term)

    def _repr_html_(self) -> str:
        """Return the answer as HTML for a notebook: a table with names and links, of the first 100 rows.

        >>> kg.query("systems-in", application="law")._repr_html_().startswith("<table>")
        True
        """
        from llmkg.markup import html_table  # noqa: PLC0415  (only in a notebook)
        from llmkg.render import Cell, Grid, Titles  # noqa: PLC0415

        if self.boolean is not None:
            return f"<p>{self.boolean}</p>\n"
        shown = Result(self.variables, self.rows[:_SHOWN])
        if self.triples is not None:
            names = ("subject", "predicate", "object")
            shown = Result(names, tuple((t.subject, t.predicate, t.object) for t in self.triples[:_SHOWN]))
        if self.layout is not None:
            grid = self.layout.grid(shown)
        else:
            cells = [tuple(Cell("" if term is None else str(_python(term))) for term in row) for row in shown]
            grid = Grid(shown.variables, tuple(cells))
        left = len(self) - len(shown)
        more = f"<p>... and {left} more row{'' if left == 1 else 's'}</p>\n" if left else ""
        return html_table(grid, "", Titles("", "", "")).replace("<caption></caption>\n", "") + more


def _python(term: Term | None) -> object:
    datatype = getattr(getattr(term, "datatype", None), "value", "").rsplit("#", 1)[-1]
    value: str = getattr(term, "value", str(term))
    try:
        if datatype in _INTEGERS:
            return int(value)
        if datatype in ("decimal", "double", "float"):
            return float(value)
    except ValueError:  # a literal may hold what its datatype does not allow
        return value
    return {"true": True, "1": True, "false": False, "0": False}.get(value, value) if datatype == "boolean" else value


def _kind(values: list[object]) -> str:
    """Return what a column holds: integer, number, boolean or text."""
    types = {type(value) for value in values if value is not None}
    if types == {bool}:
        return "boolean"
    if types == {int} and all(value in _IN_64_BITS for value in values if value is not None):
        return "integer"
    return "number" if float in types and types <= {int, float} else "text"


def _frame(columns: dict[str, list[object]], library: str | None) -> Any:  # noqa: ANN401
    if library is not None and library not in LIBRARIES:
        raise UsageError(f"no library '{library}'. Use {' or '.join(LIBRARIES)}.")
    kinds = {name: _kind(values) for name, values in columns.items()}
    texts = [name for name, kind in kinds.items() if kind == "text"]
    columns |= {name: [None if value is None else str(value) for value in columns[name]] for name in texts}
    for name in LIBRARIES if library is None else (library,):
        try:
            return _FRAMES[name](columns, kinds)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
    wanted = library or " or ".join(LIBRARIES)
    raise UsageError(f"a data frame needs {wanted}, which is not installed. Run: pip install 'llmkg[notebook]'.")


def _pandas(columns: dict[str, list[object]], kinds: dict[str, str]) -> Any:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  (an extra)

    types = {"integer": "Int64", "number": "Float64", "boolean": "boolean", "text": "string"}
    return pd.DataFrame({name: pd.array(values, dtype=types[kinds[name]]) for name, values in columns.items()})


def _polars(columns: dict[str, list[object]], kinds: dict[str, str]) -> Any:  # noqa: ANN401
    import polars as pl  # noqa: PLC0415  (an extra)

    types = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "text": pl.String}
    return pl.DataFrame(
        {name: pl.Series(name, v, dtype=types[kinds[name]], strict=False) for name, v in columns.items()}
    )


_FRAMES = {"pandas": _pandas, "polars": _polars}
