"""Run SHACL shapes over a graph and return findings: our own engine, or pyshacl.

The two give the same report; a shape with a construct that ours does not know is run by pyshacl.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.terms import Term, local_name
from llmkg.turtle import term_text
from llmkg.validate.data import Data
from llmkg.validate.finding import Finding, finding
from llmkg.validate.native import Compiled, Unsupported, compile_shape
from llmkg.validate.shapegraph import Result, Shapes, path_text, steps
from llmkg.validate.wording import wording

__all__ = ["ENGINES", "check_shapes", "run_shapes"]

ENGINES = ("llmkg", "pyshacl")


def _silent(_done: int, _of: int) -> None:
    pass


def run_shapes(
    data: Data, shapes: Shapes, engine: str = "llmkg", progress: Callable[[int, int], Any] = _silent
) -> list[Result]:
    """Return the validation results of ``shapes`` on ``data``, in no order that means anything.

    Raises InputError when the shapes are not well-formed.
    """
    compiled: list[Compiled] = []
    left: list[Term] = []
    for root in shapes.roots:
        if engine == "pyshacl":
            left.append(root)
            continue
        try:
            compiled.append(compile_shape(root, shapes, data))
        except Unsupported:
            left.append(root)
    found = []
    for done, shape in enumerate(compiled):
        progress(done, len(compiled) + len(left))
        found += [result for focus in shape.targets() for result in shape.results(focus)]
    if left:
        from llmkg.validate.reference import run  # noqa: PLC0415  (slow to import)

        progress(len(compiled), len(compiled) + len(left))
        found += run(data, shapes, left)
    return found


def check_shapes(
    data: Data,
    shapes: Shapes,
    prefixes: Mapping[str, str],
    engine: str = "llmkg",
    progress: Callable[[int, int], Any] = _silent,
) -> list[Finding]:
    """Return what ``shapes`` find in ``data``, sorted, without places; empty when it conforms.

    A result is named after its shape and the constraint: ``Claim-basis/minCount``. Raises InputError
    when the shapes are not well-formed.
    """
    results = run_shapes(data, shapes, engine, progress)
    return sorted(_finding(result, data, shapes, prefixes) for result in results)


def _finding(result: Result, data: Data, shapes: Shapes, prefixes: Mapping[str, str]) -> Finding:
    named = result.constraint or result.shape
    path = result.path or shapes.path(result.shape)
    texts = shapes.messages(result.constraint, result.shape)
    return finding(
        "/".join([*([local_name(named.value)] if isinstance(named, NamedNode) else []), result.component]),
        wording(result, shapes, prefixes),
        {lang: _filled(text, result, prefixes) for lang, text in texts.items()},
        severity=shapes.severity(result.shape),
        focus=result.focus,
        path=path_text(path, prefixes),
        value=result.value,
        facts=_facts(result, data, shapes),
        prefixes=prefixes,
    )


def _filled(text: str, result: Result, prefixes: Mapping[str, str]) -> str:
    """Return a message with its variables put in (SHACL, section 5.3.2)."""
    if "{" in text:
        for name, term in (("this", result.focus), ("value", result.value), ("path", result.path)):
            for sign in "?$":
                text = text.replace(f"{{{sign}{name}}}", "" if term is None else term_text(term, prefixes))
    return text


def _facts(result: Result, data: Data, shapes: Shapes) -> Iterator[Triple]:
    """Yield the facts to point at, the most telling first."""
    focus, value = result.focus, result.value
    if isinstance(focus, Literal):
        return
    path = result.path or shapes.path(result.shape)
    ways = list(steps(path))
    if result.component == "sparql" and path is None and value is not None and value != focus:
        yield from (triple for triple in data.by_subject.get(focus, ()) if triple.object == value)
    around = []
    for predicate, backwards in ways:
        ends = data.subjects(predicate, focus) if backwards else data.objects(focus, predicate)
        around += [Triple(end, predicate, focus) if backwards else Triple(focus, predicate, end) for end in ends]  # type: ignore[arg-type]
    yield from (t for t in around if value is not None and value in (t.subject, t.object) and value != focus)
    if result.component != "minCount":  # what is too few is missing from the block of the thing
        yield from reversed(around)
