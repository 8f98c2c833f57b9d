"""The rows of the result, and how they are written: JSON, and Markdown with ratios first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.measure import Series

__all__ = ["Row", "markdown", "ratios", "to_json"]


@dataclass(frozen=True)
class Row:
    """One measurement of ours, beside a peer's where there is one.

    ``unit`` is ``s`` for seconds, ``B`` for bytes, empty for a plain number. ``brief`` tells
    whether the row is shown in the table of ratios.
    """

    group: str
    what: str
    graph: str
    ours: Series | None
    peer: str = ""
    theirs: Series | None = None
    unit: str = "s"
    note: str = ""
    brief: bool = True

    def ratio(self, of: Callable[[Series], float]) -> float | None:
        """Return ours divided by the peer's."""
        if self.ours is None or self.theirs is None or not of(self.theirs):
            return None
        return of(self.ours) / of(self.theirs)


def to_json(about: Mapping[str, object], rows: Iterable[Row]) -> dict[str, object]:
    """Return everything as JSON values."""
    listed = [{**asdict(row), "ratio_median": row.ratio(_median), "ratio_best": row.ratio(_best)} for row in rows]
    return {"about": dict(about), "rows": listed}


def markdown(about: Mapping[str, object], rows: Sequence[Row]) -> str:
    """Return the whole report."""
    parts = [
        "# Measured",
        "Written by `python -m benchmarks`; README.md says how to read it.",
        _table(("about", ""), [(name, str(value)) for name, value in about.items()]),
        "## Ratios",
        ratios(rows),
    ]
    for group in dict.fromkeys(row.group for row in rows):
        parts += [f"## {group.capitalize()}", _measurements([row for row in rows if row.group == group])]
    return "\n\n".join(parts) + "\n"


def ratios(rows: Iterable[Row]) -> str:
    """Return the ratios as a table: a line for each comparison, a column for each graph."""
    rows = [row for row in rows if row.brief and row.peer]
    graphs = list(dict.fromkeys(row.graph for row in rows))
    lines: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows:
        cell = _ratio(row.ratio(_median))
        if (best := row.ratio(_best)) is not None:
            cell = f"{cell} ({_ratio(best)})"
        lines.setdefault((row.group, row.what, row.peer), {})[row.graph] = cell or "–"
    cells = [(*line, *(found.get(graph, "") for graph in graphs)) for line, found in lines.items()]
    return _table(("group", "ours", "peer", *graphs), cells)


def _measurements(rows: Iterable[Row]) -> str:
    header = ("what", "graph", "ours", "peer", "peer's", "ratio", "memory", "peer's memory", "runs", "note")
    cells = [
        (
            row.what,
            row.graph,
            _values(row.ours, row.unit),
            row.peer,
            _values(row.theirs, row.unit),
            _ratio(row.ratio(_median)),
            _memory(row.ours),
            _memory(row.theirs),
            "/".join(str(series.runs) for series in (row.ours, row.theirs) if series),
            row.note,
        )
        for row in rows
    ]
    return _table(header, cells)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in (header, ["---"] * len(header), *rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped)


def _median(series: Series) -> float:
    return series.median


def _best(series: Series) -> float:
    return series.best


def _ratio(ratio: float | None) -> str:
    """Return a ratio for a person: ``2.50 ×``, or ``1/200`` where ours is much the smaller."""
    if ratio is None:
        return ""
    if ratio < 0.1:  # noqa: PLR2004
        return f"1/{1 / ratio:,.0f}"
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:,.0f} ×"  # noqa: PLR2004


def _values(series: Series | None, unit: str) -> str:
    if series is None:
        return ""
    median, best = _amount(series.median, unit), _amount(series.best, unit)
    return median if median == best else f"{median} ({best})"


def _memory(series: Series | None) -> str:
    return "" if series is None or series.memory is None else _amount(series.memory, "B")


def _amount(value: float, unit: str) -> str:
    if unit == "B":
        return f"{value / 1e6:,.1f} MB"
    if unit == "s":
        scale, name = (1, "s") if value >= 1 else (1e3, "ms") if value >= 1e-3 else (1e6, "µs")  # noqa: PLR2004
        return f"{value * scale:,.3g} {name}" if value < 1000 else f"{value:,.0f} s"  # noqa: PLR2004
    return f"{value:.2f}"
