"""The rule instances that conclude a fact of a closed graph, looked up backwards from the conclusion.

A fact may follow in very many ways: a link of a transitive property over 1,000 things lies between
any two of them. Where a rule has more than a handful of instances, those are taken whose premises
files state, and a chain of links is crossed at once, along its shortest path (``Path``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush
from itertools import chain, islice
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from llmkg.reason.facts import REFLEXIVE, Facts, holds_always
from llmkg.reason.rules import RULES, Atom, Fact, Rule, Slot, list_rules
from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = [
    "Binding",
    "Instances",
    "Path",
    "Step",
    "ground",
    "is_allowed",
    "is_axiom",
    "partly_ground",
    "unify",
]

Binding = dict[str, Term]
Lookup = Callable[[Atom, Binding], Iterable[Fact]]

_FEW = 16  # instances of one rule for one fact that are all looked at
_MANY = 64  # facts with one end in common, above which those between two ends are not counted
_DEEPEST = 3  # rule applications behind one link of a path
_TYPE, _SAME, _THING, _NOTHING = RDF.type, OWL.sameAs, OWL.Thing, OWL.Nothing
_ALONG = frozenset([RDFS.subClassOf, RDFS.subPropertyOf, _SAME])  # what long paths are made of
_VOCABULARY = (str(OWL), str(RDFS))


class Step(NamedTuple):
    """One rule instance: the premises, all of which hold."""

    rule: Rule
    binding: Binding
    premises: tuple[Fact, ...]


class Path(NamedTuple):
    """A rule that joins two links to one, applied along a path of ``links``; ``axioms`` are its other premises."""

    rule: Rule
    binding: Binding
    links: tuple[Fact, ...]
    axioms: tuple[Fact, ...]

    @property
    def premises(self) -> tuple[Fact, ...]:
        """All that must be proved."""
        return self.axioms + self.links


class _Join(NamedTuple):
    """The shape of a rule that joins two links of one predicate: ``first`` and ``second``, by their variables."""

    first: Atom
    second: Atom
    axioms: tuple[Atom, ...]


class _Partial(NamedTuple):
    """A rule whose axioms have been looked up for one predicate of the conclusion, with the atoms that are left."""

    rule: Rule
    binding: Binding
    rest: tuple[Atom, ...]


class Instances:
    """Rule instances over one closed graph."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._by_head: dict[tuple[Term | None, Term | None], list[Rule]] = defaultdict(list)
        self._steps: dict[Fact, list[Step | Path]] = {}
        self._partials_of: dict[Term, dict[Term | None, list[_Partial]]] = {}
        for rule in (*RULES, *list_rules(facts.match, facts.asserted)):
            _, predicate, obj = (None if isinstance(slot, str) else slot for slot in rule.head)
            self._by_head[predicate, obj].append(rule)

    def rules_for(self, fact: Fact) -> Iterator[Rule]:
        """Yield the rules that could conclude ``fact``."""
        _, predicate, obj = fact
        for key in ((predicate, None), (predicate, obj), (None, None)):
            yield from self._by_head.get(key, ())

    def is_leaf(self, fact: Fact) -> bool:
        """Tell whether ``fact`` needs no premises."""
        return self.facts.asserted(fact) or holds_always(fact)

    def holds(self, fact: Fact) -> bool:
        """Tell whether ``fact`` is in the closed graph or holds in every graph."""
        return holds_always(fact) or next(iter(self.facts.match(*fact)), None) is not None

    def steps(self, fact: Fact) -> list[Step | Path]:
        """Return the rule instances that conclude ``fact``: all premises hold."""
        if fact not in self._steps:
            self._steps[fact] = list(self._found(fact))
        return self._steps[fact]

    def solutions(self, atoms: tuple[Atom, ...], start: Binding, lookup: Lookup | None = None) -> Iterator[Binding]:
        """Yield the bindings under which all ``atoms`` hold, as ``lookup`` finds facts (else in the closed graph)."""
        lookup = lookup or self.matching
        if not atoms:
            yield start
            return
        stack = [(*_next_atom(atoms, start, lookup), start)]
        while stack:
            atom, rest, facts, binding = stack[-1]
            for fact in facts:
                extended = unify(atom, fact, binding)
                if extended is None:
                    continue
                if rest:
                    stack.append((*_next_atom(rest, extended, lookup), extended))
                    break
                yield extended
            else:
                stack.pop()

    def matching(self, atom: Atom, binding: Binding) -> Iterable[Fact]:
        """Return the facts of the closed graph that fit ``atom``, with those that hold in every graph."""
        s, p, o = (_value(slot, binding) for slot in atom)
        if s is not None and p is not None and o is not None and holds_always((s, p, o)):
            return [(s, p, o)]
        return chain(self.facts.match(s, p, o), _trivially(s, p, o))

    # -- instances of one rule ------------------------------------------------------------------

    def _found(self, fact: Fact) -> Iterator[Step | Path]:
        steps: dict[tuple[str, tuple[Fact, ...]], Step | Path] = {}
        crossed = []
        for rule in self.rules_for(fact):
            start = unify(rule.head, fact, {})
            if start is None:
                continue
            join = _join(rule)
            wide = join is not None and self._is_wide(fact)
            found = [] if wide else list(islice(self._of_rule(rule, start, fact), _FEW + 1))
            if wide or len(found) > _FEW:
                if join is not None:
                    crossed.append((rule, join, start))
                    continue
                if _is_walk(rule, fact[1]):
                    continue
                found = self._nearest(rule, start, fact) or list(self._of_rule(rule, start, fact))
            steps.update(
                {(rule.name, step.premises): step for step in found if (rule.name, step.premises) not in steps}
            )
        yield from steps.values()
        # Where one step leads to what files state, no path is shorter.
        if crossed and not any(all(map(self.is_leaf, step.premises)) for step in steps.values()):
            for rule, join, start in crossed:
                yield from list(self._paths(rule, join, start, fact)) or self._of_rule(rule, start, fact)

    def _is_wide(self, fact: Fact) -> bool:
        """Tell whether so many facts begin and end like this one that those between are not to be counted."""
        ends = (self.facts.match(*fact[:2], None), self.facts.match(None, *fact[1:]))
        return all(next(islice(found, _MANY, None), None) is not None for found in ends)

    def _of_rule(self, rule: Rule, start: Binding, fact: Fact, lookup: Lookup | None = None) -> Iterator[Step | Path]:
        for binding in self.solutions(rule.body, start, lookup):
            premises = tuple(ground(atom, binding) for atom in rule.body)
            if fact not in premises and is_allowed(binding):
                yield Step(rule, binding, premises)

    def _nearest(self, rule: Rule, start: Binding, fact: Fact) -> list[Step | Path]:
        """Return a few of the many instances of ``rule``: those nearest to what files state."""
        for depth in range(_DEEPEST + 1):
            found = list(islice(self._of_rule(rule, start, fact, self._near(rule, depth)), _FEW))
            if found:
                return found
        return []

    def _near(self, rule: Rule, depth: int) -> Lookup:
        """Return what looks premises up: axioms in the closed graph, others where files state or nearly state them."""
        strict = [atom for atom in rule.body if not is_axiom(atom)]
        strict = strict or [atom for atom in rule.body if atom[1] not in _ALONG] or list(rule.body)

        def lookup(atom: Atom, binding: Binding) -> Iterable[Fact]:
            if atom not in strict:
                return self.matching(atom, binding)
            s, p, o = (_value(slot, binding) for slot in atom)
            return (fact for fact, _ in self._known(s, p, o, depth))

        return lookup

    # -- paths -------------------------------------------------------------------------------------

    def _paths(self, rule: Rule, join: _Join, start: Binding, fact: Fact) -> Iterator[Path]:
        """Yield a shortest path of links from the subject to the object of ``fact``."""
        for axioms in self.solutions(join.axioms, start):
            for depth in range(1, _DEEPEST + 1):
                links = self._shortest(fact, depth)
                if links:
                    yield Path(rule, axioms, links, tuple(ground(atom, axioms) for atom in join.axioms))
                    return

    def _shortest(self, fact: Fact, depth: int) -> tuple[Fact, ...]:
        """Return the links of the shortest path (Dijkstra); a link that takes n rules counts as 2 to the n.

        So many links of no level fit below a proof of n levels.
        """
        subject, predicate, obj = fact
        before: dict[Term, Fact] = {}
        done: set[Term] = set()
        heap: list[tuple[int, int, Term, Fact | None]] = [(0, 0, subject, None)]
        tried = 0
        while heap:
            cost, _, node, link = heappop(heap)
            if link is not None:
                if node in done:
                    continue
                before[node] = link
                if node == obj:
                    return _walked(before, subject, obj)
                done.add(node)
            for found, level in self._known(node, predicate, None, depth):
                end = found[2]
                if end not in done and found != fact and (end == obj or self._continues(end, predicate, obj)):
                    tried += 1
                    heappush(heap, (cost + (1 << level), tried, end, found))
        return ()

    def _continues(self, node: Term, predicate: Term, obj: Term) -> bool:
        return next(iter(self.facts.match(node, predicate, obj)), None) is not None

    def _known(self, s: Term | None, p: Term | None, o: Term | None, depth: int) -> Iterator[tuple[Fact, int]]:
        """Yield the facts that files state or that at most ``depth`` rules give from these, with their number."""
        seen = set()
        for fact in self.facts.stated(s, p, o):
            seen.add(fact)
            yield fact, 0
        if s is not None and p is not None and o is not None and holds_always((s, p, o)):
            yield (s, p, o), 0
        if p is None:
            return
        for level in range(1, depth + 1):
            for fact in self._derived(s, p, o, level):
                if fact not in seen:
                    seen.add(fact)
                    yield fact, level

    def _derived(self, s: Term | None, p: Term, o: Term | None, depth: int) -> Iterator[Fact]:
        partials = self._partials(p)
        for partial in (*partials.get(None, ()), *(partials.get(s, ()) if s is not None else ())):
            binding: Binding | None = partial.binding
            for slot, term in ((partial.rule.head[0], s), (partial.rule.head[2], o)):
                binding = binding if binding is None or term is None else _bind(slot, term, binding)
            if binding is not None:
                for solution in self.solutions(partial.rest, binding, self._near(partial.rule, depth - 1)):
                    fact = ground(partial.rule.head, solution)
                    if is_allowed(solution) and not isinstance(fact[0], Literal):
                        yield fact

    def _partials(self, predicate: Term) -> dict[Term | None, list[_Partial]]:
        """Return the rules that conclude facts with ``predicate``, by the subject where the rule names one.

        What the axioms say about the predicate is looked up here once and for all.
        """
        if predicate not in self._partials_of:
            table: dict[Term | None, list[_Partial]] = defaultdict(list)
            for (head, _), rules in self._by_head.items():
                for rule in rules if head in (None, predicate) else ():
                    if _join(rule) is None:
                        subject = None if isinstance(rule.head[0], str) else rule.head[0]
                        table[subject] += self._applied(rule, predicate)
            self._partials_of[predicate] = table
        return self._partials_of[predicate]

    def _applied(self, rule: Rule, predicate: Term) -> Iterator[_Partial]:
        start = _bind(rule.head[1], predicate, {})
        if start is None:
            return
        known, ready = {*start}, []
        waiting = [atom for atom in rule.body if is_axiom(atom)]
        while atom := next((a for a in waiting if not _variables(a) or known & _variables(a)), None):
            waiting.remove(atom)
            ready.append(atom)
            known |= _variables(atom)
        # An axiom that no file makes at all rules the rule out.
        if any(next(iter(self.facts.match(None, _value(a[1], start), None)), None) is None for a in waiting):
            return
        rest = tuple(atom for atom in rule.body if atom not in ready)
        if _is_walk(rule, predicate):
            return
        for binding in self.solutions(tuple(ready), start):
            # That what is below itself holds of the same things leads nowhere.
            if partly_ground(rule.head, binding) not in [partly_ground(atom, binding) for atom in rest]:
                yield _Partial(rule, binding, rest)


def _join(rule: Rule) -> _Join | None:
    """Return the shape of a rule that joins two links of the predicate that it concludes, else None."""
    start, predicate, end = rule.head
    links = [atom for atom in rule.body if atom[1] == predicate and len({*atom[::2]}) > 1]
    for first in links:
        for second in links:
            if first[0] == start and second[2] == end and first[2] == second[0] and first is not second:
                axioms = tuple(atom for atom in rule.body if atom not in (first, second))
                if not {first[2], start, end} & _variables_of(axioms):
                    return _Join(first, second, axioms)
    return None


def _is_walk(rule: Rule, predicate: Term) -> bool:
    """Tell whether the rule replaces one side of sameAs by what is the same: that is to walk on along it."""
    return predicate == _SAME and sum(atom[1] in (_SAME, rule.head[1]) for atom in rule.body) > 1


def _walked(before: dict[Term, Fact], subject: Term, obj: Term) -> tuple[Fact, ...]:
    links = [before[obj]]
    while links[-1][0] != subject:
        links.append(before[links[-1][0]])
    return tuple(reversed(links))


def _trivially(s: Term | None, p: Term | None, o: Term | None) -> Iterator[Fact]:
    """Yield the facts that fit and hold in every graph, of which no closure is kept."""
    if p is None or (s is None) == (o is None) or isinstance(s, Literal):
        return
    if p in REFLEXIVE:
        own = s if s is not None else o
        if own is not None and not isinstance(own, Literal):
            yield own, p, own
    if s is not None and p in (RDFS.subClassOf, _TYPE) and s != _THING:
        yield s, p, _THING
    if o is not None and p == RDFS.subClassOf and o != _NOTHING:
        yield _NOTHING, p, o


def _next_atom(
    atoms: tuple[Atom, ...], binding: Binding, lookup: Lookup
) -> tuple[Atom, tuple[Atom, ...], Iterator[Fact]]:
    """Return the atom to look up next, the others, and the facts that fit it: of those most known, the rarest."""
    readiness = [_readiness(atom, binding) for atom in atoms]
    most = max(readiness)
    choice = [atom for atom, ready in zip(atoms, readiness, strict=True) if ready == most]
    atom, facts = _rarest(choice, binding, lookup) if len(choice) > 1 else (choice[0], iter(lookup(choice[0], binding)))
    rest = tuple(other for other in atoms if other is not atom)
    return atom, rest, facts


def _rarest(atoms: list[Atom], binding: Binding, lookup: Lookup) -> tuple[Atom, Iterator[Fact]]:
    """Return the first of ``atoms`` that has few facts, else the very first; and the facts."""
    first: list[Fact] = []
    others: Iterator[Fact] = iter(())
    for number, atom in enumerate(atoms):
        facts = iter(lookup(atom, binding))
        few = list(islice(facts, _FEW))
        if len(few) < _FEW:
            return atom, iter(few)
        if number == 0:
            first, others = few, facts
    return atoms[0], chain(first, others)


def _readiness(atom: Atom, binding: Binding) -> tuple[bool, int]:
    """Order premises: what is known in full, then sameAs last, then those with the most known terms."""
    known = sum(_value(slot, binding) is not None for slot in atom)
    if atom[1] != _SAME or known == len(atom):
        return True, known
    # Equal literals are not stored as the same, and to begin with any two things helps nobody.
    return known > 1 and not any(isinstance(_value(slot, binding), Literal) for slot in atom), known


def is_allowed(binding: Binding) -> bool:
    """Check what a pattern cannot say: the bound of a cardinality is one."""
    bound = binding.get("?one")
    return bound is None or (isinstance(bound, Literal) and bound.value.isdecimal() and int(bound.value) == 1)


def is_axiom(atom: Atom) -> bool:
    """Tell whether the atom is a statement in the vocabulary of OWL, not one about individuals."""
    predicate, obj = atom[1], atom[2]
    if isinstance(predicate, NamedNode) and predicate.value.startswith(_VOCABULARY):
        return True
    return predicate == _TYPE and isinstance(obj, NamedNode) and obj.value.startswith(_VOCABULARY)


def unify(atom: Atom, fact: Fact, binding: Binding) -> Binding | None:
    """Return ``binding`` with what makes ``atom`` the ``fact``, None when nothing does."""
    extended = binding
    for slot, term in zip(atom, fact, strict=True):
        known = extended.get(slot) if isinstance(slot, str) else slot
        if known is None:
            extended = {**extended, slot: term}  # type: ignore[dict-item]
        elif known != term:
            return None
    return extended


def ground(atom: Atom, binding: Binding) -> Fact:
    """Return the fact that ``atom`` is under ``binding``, which has all its variables."""
    s, p, o = (binding[slot] if isinstance(slot, str) else slot for slot in atom)
    return s, p, o


def partly_ground(atom: Atom, binding: Binding) -> Atom:
    """Return ``atom`` with its variables replaced, where ``binding`` has them."""
    s, p, o = (binding.get(slot, slot) if isinstance(slot, str) else slot for slot in atom)
    return s, p, o


def _bind(slot: Slot, term: Term, binding: Binding) -> Binding | None:
    known = _value(slot, binding)
    if known is None:
        return {**binding, slot: term}  # type: ignore[dict-item]
    return binding if known == term else None


def _value(slot: Slot, binding: Binding) -> Term | None:
    return binding.get(slot) if isinstance(slot, str) else slot


def _variables(atom: Atom) -> set[str]:
    return {slot for slot in atom if isinstance(slot, str)}


def _variables_of(atoms: Iterable[Atom]) -> set[str]:
    return {variable for atom in atoms for variable in _variables(atom)}
