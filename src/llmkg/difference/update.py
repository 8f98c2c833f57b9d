"""Write a difference as a SPARQL 1.1 UPDATE that turns the old graph, the default graph of a store, into the new one.

Facts without blank nodes are deleted and inserted as data. A blank node has no name by which it could
be deleted: a cluster of them is found again by what is said of it, all of it and nothing else.

- A small one is matched by a pattern with a variable for each node (``_by_pattern``).
- A large one that is a tree, such as a long list, is matched from its leaves up by many small steps
  that mark each node whose facts are those wanted; then it is deleted from the root down (``_by_marks``).
  The marks are triples with a property of their own, and are deleted at the end.

All clusters of that form are deleted; those that stay are inserted anew.
Source: SPARQL 1.1 Update, https://www.w3.org/TR/sparql11-update/.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from llmkg.difference.compare import TripleDiff, blank_labels

__all__ = ["operations", "update_parts"]

_CHUNK = 5_000  # triples in one operation
_SMALL = 12  # triples of a cluster that one pattern may match: engines get slow, or deep, with long ones
_MARK, _GONE = b"<urn:llmkg:diff:mark>", b"<urn:llmkg:diff:gone>"
_LABEL = re.compile(rb"_:[^\s<>\"]+")
_ESCAPE = re.compile(rb"\\(?:u([0-9A-Fa-f]{4})|\\([uU])|.)")

_Line = tuple[bytes, bytes, bytes]


def update_parts(diff: TripleDiff, about: str) -> Iterator[bytes]:
    """Yield the text of all operations in parts; ``about`` is one line for its head."""
    yield b"# %s\n" % " ".join(about.split()).encode()
    yield b"# %d triples deleted, %d inserted.\n" % (diff.removed_count, diff.added_count)
    for number, operation in enumerate(operations(diff)):
        yield b";\n" + operation if number else operation


def operations(diff: TripleDiff) -> Iterator[bytes]:
    """Yield the operations, each an update of its own; there is one even when there is nothing to do."""
    done = False
    for operation in _needed(diff):
        yield operation
        done = True
    if not done:
        yield b"INSERT DATA {\n}\n"  # not every engine takes an update without an operation


def _needed(diff: TripleDiff) -> Iterator[bytes]:
    yield from _data(b"DELETE DATA", ([line] for line in diff.removed))
    for cluster in dict.fromkeys(diff.removed_clusters):
        lines = _split(cluster.lines)
        root = _root_of_tree(lines)
        if root and len(lines) > _SMALL:
            yield from _by_marks(lines, root)
        else:
            yield _by_pattern(lines, is_tree=bool(root))
    stay = (cluster.lines for cluster in dict.fromkeys(diff.removed_clusters) for _ in range(cluster.kept))
    come = (cluster.lines for cluster in diff.added_clusters)
    named = (_apart(lines, number) for number, lines in enumerate([*stay, *come]))
    yield from _data(b"INSERT DATA", ([line] for line in diff.added))
    yield from _data(b"INSERT DATA", named)


def _data(verb: bytes, groups: Iterable[Sequence[bytes]]) -> Iterator[bytes]:
    """Yield operations of some thousand triples; a group, whose blank nodes are its own, is never torn."""
    part: list[bytes] = []
    for group in groups:
        part += (b"  %s .\n" % _sparql(line) for line in group)
        if len(part) >= _CHUNK:
            yield b"%s {\n%s}\n" % (verb, b"".join(part))
            part = []
    if part:
        yield b"%s {\n%s}\n" % (verb, b"".join(part))


def _apart(lines: Iterable[bytes], number: int) -> list[bytes]:
    """Return the lines of a cluster with labels that no other cluster of the update has."""
    return [_relabelled(line, lambda match: b"_:n%d%s" % (number, match[0][2:])) for line in lines]


def _relabelled(line: bytes, change: Callable[[re.Match[bytes]], bytes]) -> bytes:
    subject, predicate, obj = line.split(b" ", 2)
    if subject.startswith(b"_:"):
        subject = _LABEL.sub(change, subject)
    if obj.startswith((b"_:", b"<<")):
        obj = _LABEL.sub(change, obj)
    return b" ".join((subject, predicate, obj))


def _sparql(text: bytes) -> bytes:
    r"""Return N-Triples ``text`` for SPARQL, in which ``\u`` is read wherever it stands, also after a backslash.

    Eight digits, because rdflib takes as many after ``\u`` as it finds.
    Source: SPARQL 1.1 Query, section 19.2.
    """
    return _ESCAPE.sub(_escape, text) if b"\\" in text else text


def _escape(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return b"\\U0000" + match[1]
    return b"\\\\\\U%08X" % ord(match[2]) if match[2] else match[0]


def _split(lines: Iterable[bytes]) -> list[_Line]:
    found = []
    for line in lines:
        subject, predicate, obj = line.split(b" ", 2)
        found.append((subject, predicate, obj))
    return found


# -- one pattern ------------------------------------------------------------------------------


def _by_pattern(lines: Sequence[_Line], *, is_tree: bool) -> bytes:
    """Return the operation that deletes every cluster with these facts and no others.

    In a tree only what hangs at the same node by the same property could be taken for one another.
    """
    labels = sorted({label for line in lines for label in blank_labels(b" ".join(line))})
    variables = {label: b"?b%d" % number for number, label in enumerate(labels)}
    pattern = [b" ".join(_as_variables(line, variables)) for line in lines]
    filters = [b"isBlank(%s)" % variable for variable in variables.values()]
    place = {o: (s, p) for s, p, o in lines if o in variables} if is_tree else {}
    filters += [
        b"!sameTerm(%s, %s)" % (variables[one], variables[other])
        for one, other in combinations(variables, 2)
        if not is_tree or (place.get(one, one) == place.get(other, other))
    ]
    for label, variable in variables.items():
        known = [b"(?p = %s && sameTerm(?o, %s))" % (p, _term(o, variables)) for s, p, o in lines if s == label]
        incoming = [(_term(s, variables), p) for s, p, o in lines if o == label]
        filters += [_nothing_else_from(variable, known), _nothing_else_to(variable, incoming)]
    return _operation(b"DELETE {\n%s}" % b"".join(b"  %s .\n" % part for part in pattern), pattern, filters)


def _as_variables(line: _Line, variables: Mapping[bytes, bytes]) -> _Line:
    subject, predicate, obj = line
    return _term(subject, variables), predicate, _term(obj, variables)


def _term(term: bytes, variables: Mapping[bytes, bytes]) -> bytes:
    if term.startswith(b"<<"):
        return _sparql(_LABEL.sub(lambda match: variables.get(match[0], match[0]), term))
    return variables.get(term) or _sparql(term)


# -- many steps -------------------------------------------------------------------------------


def _root_of_tree(lines: Iterable[_Line]) -> bytes:
    """Return the root of a cluster in which each node is used at most once and none lies on a cycle, or nothing."""
    parents: dict[bytes, bytes] = {}
    nodes: set[bytes] = set()
    for subject, _, obj in lines:
        if obj.startswith(b"<<") or obj in parents:
            return b""
        if subject.startswith(b"_:"):
            nodes.add(subject)
        if obj.startswith(b"_:"):
            nodes.add(obj)
            parents[obj] = subject
    roots = [node for node in nodes if not parents.get(node, b"").startswith(b"_:")]
    return roots[0] if len(roots) == 1 else b""  # a cycle has no root; what hangs together has one at most


def _by_marks(lines: Sequence[_Line], root: bytes) -> Iterator[bytes]:
    """Yield the operations that mark, from the leaves up, what looks like the tree, and delete it from the root down."""
    facts: dict[bytes, list[tuple[bytes, bytes]]] = defaultdict(list)
    for subject, predicate, obj in lines:
        facts[subject].append((predicate, obj))
    levels = [[root]]
    while below := [obj for node in levels[-1] for _, obj in facts[node] if obj.startswith(b"_:")]:
        levels.append(below)
    marks: dict[bytes, bytes] = {}
    known: dict[tuple[_Fact, ...], bytes] = {}
    for level in reversed(levels):
        for node in level:
            key = tuple(sorted(_Fact(p, o in marks, marks.get(o, o)) for p, o in facts[node]))
            if key not in known:
                known[key] = b'"%d"' % len(known)
                yield _marking(known[key], key)
            marks[node] = known[key]
    yield _beginning(next(((s, p) for s, p, o in lines if o == root), None), marks[root])
    for _ in levels:
        yield _GOING
    yield b"DELETE WHERE {\n  ?n %s ?k .\n}\n" % _MARK


class _Fact(NamedTuple):
    """A fact of a node of a tree: the node that it leads to is told by its mark."""

    predicate: bytes
    is_node: bool
    obj: bytes


def _marking(mark: bytes, facts: Sequence[_Fact]) -> bytes:
    """Return the step that marks the nodes with these facts and no others."""
    pattern, known = [], [b"?p = %s" % _MARK]
    filters = [b"isBlank(?n)"]
    alike: dict[_Fact, list[bytes]] = defaultdict(list)
    for number, fact in enumerate(facts):
        if fact.is_node:
            variable = b"?c%d" % number
            pattern += [b"?n %s %s" % (fact.predicate, variable), b"%s %s %s" % (variable, _MARK, fact.obj)]
            known.append(b"(?p = %s && sameTerm(?o, %s))" % (fact.predicate, variable))
            filters.append(_nothing_else_to(variable, [(b"?n", fact.predicate)]))
            filters += [b"!sameTerm(%s, %s)" % (variable, other) for other in alike[fact]]
            alike[fact].append(variable)
        else:
            pattern.append(b"?n %s %s" % (fact.predicate, _sparql(fact.obj)))
            known.append(b"(?p = %s && sameTerm(?o, %s))" % (fact.predicate, _sparql(fact.obj)))
    filters.append(_nothing_else_from(b"?n", known))
    return _operation(b"INSERT {\n  ?n %s %s .\n}" % (_MARK, mark), pattern or [b"?parent ?by ?n"], filters)


def _beginning(holder: tuple[bytes, bytes] | None, mark: bytes) -> bytes:
    """Return the step that takes the roots with this mark from what holds them, and dooms them."""
    doom = b"INSERT {\n  ?n %s true .\n}" % _GONE
    is_marked = b"?n %s %s" % (_MARK, mark)
    alone = _nothing_else_to(b"?n", [holder] if holder else [])
    if holder is None:
        return _operation(doom, [is_marked], [alone])
    link = b"%s %s ?n" % holder
    return _operation(b"DELETE {\n  %s .\n}\n%s" % (link, doom), [link, is_marked], [alone])


# Deletes what is doomed and dooms what is below it.
_GOING = b"""DELETE {
  ?n ?p ?o .
}
INSERT {
  ?c %s true .
}
WHERE {
  ?n %s true .
  ?n ?p ?o .
  OPTIONAL { ?n ?q ?c . FILTER(isBlank(?c)) }
}
""" % (_GONE, _GONE)


# -- the text of both -------------------------------------------------------------------------


def _operation(head: bytes, pattern: Iterable[bytes], filters: Iterable[bytes]) -> bytes:
    tests = (b"  FILTER %s\n" % (test if test.startswith(b"NOT") else b"(%s)" % test) for test in filters)
    body = b"".join(b"  %s .\n" % part for part in pattern)
    return b"%s\nWHERE {\n%s%s}\n" % (head, body, b"".join(tests))


def _nothing_else_from(node: bytes, known: Iterable[bytes]) -> bytes:
    """Return the filter that ``node`` has no facts but those that ``known``, conditions on ?p and ?o, let pass."""
    passing = b" || ".join(known)
    inner = b" . FILTER(!(%s))" % passing if passing else b""
    return b"NOT EXISTS { %s ?p ?o%s }" % (node, inner)


def _nothing_else_to(node: bytes, facts: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the filter that ``node`` is the object of no facts but these, each a subject and a predicate."""
    passing = b" || ".join(b"(sameTerm(?s, %s) && ?p = %s)" % fact for fact in facts)
    inner = b" . FILTER(!(%s))" % passing if passing else b""
    return b"NOT EXISTS { ?s ?p %s%s }" % (node, inner)
