"""Find the retired terms that shapes and saved queries still name; in the data a quality rule finds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.errors import unreadable
from llmkg.lexicon import successors
from llmkg.retirement import NamedTerm, terms_in_query
from llmkg.terms import OWL, RDF, XSD, curie
from llmkg.validate.data import Data
from llmkg.validate.finding import Finding, finding

__all__ = ["check_retired"]

_RULE = "retired-term"


def check_retired(
    data: Data, shapes: Iterable[Triple], queries: Mapping[str, str], prefixes: Mapping[str, str]
) -> list[Finding]:
    """Return a finding for each retired term of ``data`` that a shape, or a query by its file name, names.

    Raises InputError for a query that cannot be read; ``queries`` maps the name of each file to its path.
    """
    retired = {term for term in _retired(data) if isinstance(term, NamedNode)}
    if not retired:
        return []
    found = [_in_shape(data, triple, prefixes) for triple in shapes if triple.object in retired]
    for name, path in queries.items():
        try:
            with open(path, encoding="utf-8-sig") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(name, error) from error
        found += [
            _in_query(data, named, name, text, prefixes)
            for named in terms_in_query(text, prefixes)
            if named.term in retired
        ]
    return found


def _retired(data: Data) -> Iterator[object]:
    yield from data.subjects(OWL.deprecated, Literal("true", datatype=XSD.boolean))
    for cls in (OWL.DeprecatedClass, OWL.DeprecatedProperty):
        yield from data.subjects(RDF.type, cls)


def _in_shape(data: Data, triple: Triple, prefixes: Mapping[str, str]) -> Finding:
    messages, remedies = _texts(data, triple.object, prefixes)  # type: ignore[arg-type]
    return finding(
        _RULE,
        messages,
        remedies,
        focus=triple.subject,
        path=triple.predicate,
        value=triple.object,
        facts=[triple],
        prefixes=prefixes,
    )


def _in_query(data: Data, named: NamedTerm, name: str, text: str, prefixes: Mapping[str, str]) -> Finding:
    messages, remedies = _texts(data, named.term, prefixes)
    return Finding(
        file=name,
        line=text.count("\n", 0, named.start) + 1,
        column=named.start - text.rfind("\n", 0, named.start),
        rule=_RULE,
        value=curie(named.term.value, prefixes) or str(named.term),
        messages=tuple(sorted(messages.items())),
        remedies=tuple(sorted(remedies.items())),
    )


def _texts(data: Data, term: NamedNode, prefixes: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is wrong with naming ``term``, and what to do."""
    old = curie(term.value, prefixes) or str(term)
    new = [curie(found.value, prefixes) or str(found) for found in successors(data.store, term)]
    messages = {"en": f"{old} is retired", "zh": f"{old} 已停用"}
    if not new:
        return messages, {"en": "Do without it: nothing took its place.", "zh": "请不要使用它：它没有替代项。"}
    return messages, {"en": f"Write {' or '.join(new)}.", "zh": f"请改写为 {' 或 '.join(new)}。"}
