"""Prove a triple of a closed graph from asserted triples, or say what it would have taken.

Proofs are found backwards, from the conclusion, by looking up the premises of each rule in the
closed graph: nothing has to be kept while the closure runs. A proof is well-founded: no triple is
used to prove itself. Shortest means fewest levels, then fewest steps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, combinations, count, islice, product
from typing import NamedTuple, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from llmkg.reason.rules import RULES, Atom, Fact, Rule, Slot, list_rules
from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["Facts", "NearMiss", "Proof", "Prover", "StoreFacts"]

Binding = dict[str, Term]


class Facts(Protocol):
    """A closed graph, with the asserted triples told apart."""

    def match(self, s: Term | None, p: Term | None, o: Term | None) -> Iterable[Fact]:
        """Return the facts that fit; None fits everything."""

    def asserted(self, fact: Fact) -> bool:
        """Tell whether a file states the fact."""


class Proof(NamedTuple):
    """A fact, the rule that gives it and the proofs of the premises; an asserted fact has no rule."""

    fact: Fact
    rule: Rule | None = None
    binding: Mapping[str, Term] | None = None
    premises: tuple[Proof, ...] = ()

    @property
    def size(self) -> int:
        """The number of rule applications."""
        return (self.rule is not None) + sum(p.size for p in self.premises)

    @property
    def height(self) -> int:
        """The number of rule applications on the longest way down."""
        return (self.rule is not None) + max((p.height for p in self.premises), default=0)


class NearMiss(NamedTuple):
    """A rule that could have given a triple: the premises that hold and those that are missing.

    A missing premise may have variables: any value would do.
    """

    rule: Rule
    binding: Mapping[str, Term]
    present: tuple[Fact, ...]
    missing: tuple[Atom, ...]


class StoreFacts:
    """The facts of an Oxigraph store: the closure in its default graph, what is asserted in another."""

    def __init__(self, store: Store, asserted: NamedNode) -> None:
        self._store = store
        self._asserted = asserted

    def match(self, s: Term | None, p: Term | None, o: Term | None) -> Iterator[Fact]:
        """Yield the facts of the closure that fit."""
        if isinstance(s, Literal) or not isinstance(p, NamedNode | None):
            return
        for quad in self._store.quads_for_pattern(s, p, o, DefaultGraph()):
            yield quad.subject, quad.predicate, quad.object

    def asserted(self, fact: Fact) -> bool:
        """Tell whether a file states the fact."""
        subject, predicate, obj = fact
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
            return False
        return Quad(subject, predicate, obj, self._asserted) in self._store


class _Step(NamedTuple):
    """One rule instance: the premises, all of which hold."""

    rule: Rule
    binding: Binding
    premises: tuple[Fact, ...]


class Prover:
    """Proofs over one closed graph."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._by_head: dict[Term | None, list[Rule]] = defaultdict(list)
        for rule in (*RULES, *list_rules(facts.match, facts.asserted)):
            predicate = rule.head[1]
            self._by_head[None if isinstance(predicate, str) else predicate].append(rule)
        self._steps_of: dict[Fact, list[_Step]] = {}
        self._sizes: dict[tuple[Fact, int], int | None] = {}

    def holds(self, fact: Fact) -> bool:
        """Tell whether the fact is in the closed graph or holds in every graph."""
        return holds_always(fact) or next(iter(self._facts.match(*fact)), None) is not None

    def prove(self, fact: Fact) -> Proof | None:
        """Return a shortest proof, or None when there is none."""
        height = self._least_height(fact)
        return None if height is None else self._built(fact, height)

    def proofs(self, fact: Fact, limit: int) -> list[Proof]:
        """Return up to ``limit`` different proofs, the shortest first."""
        first = self.prove(fact)
        if first is None or self._is_leaf(fact):
            return [] if first is None else [first]
        found = self._several(fact, limit, first.height + 2, {})
        return [proof for proof in found if _is_well_founded(proof, frozenset())][:limit]

    def near_misses(self, fact: Fact, limit: int = 5) -> list[NearMiss]:
        """Return the rules that could have given ``fact``, the one with the fewest missing premises first."""
        found: list[tuple[tuple[int, int, int, int, str], NearMiss]] = []
        seen = set()
        for rule in self._rules_for(fact):
            start = _unify(rule.head, fact, {})
            if start is None:
                continue
            for allowed in (1, 2):
                misses = list(self._partial(rule, start, allowed))
                for miss in misses:
                    key = (miss.missing, miss.rule.name)
                    if miss.present and fact not in miss.missing and key not in seen:
                        seen.add(key)
                        found.append((self._distance(miss), miss))
                if misses:
                    break
        nearest = [miss for _, miss in sorted(found, key=lambda item: item[0])]
        per_rule: Counter[Rule] = Counter()
        kept = []
        for miss in nearest:
            per_rule[miss.rule] += 1
            if per_rule[miss.rule] <= _PER_RULE:
                kept.append(miss)
        return kept[:limit]

    # -- searching ----------------------------------------------------------------------------

    def _least_height(self, goal: Fact) -> int | None:
        """Return the fewest levels that a proof of ``goal`` takes, or None when there is no proof.

        One level more is tried until the goal is reached, or until no further fact is met and none
        of those that were met has been proved by that level.
        """
        met, frontier, proved = {goal}, [goal], -1
        for height in count():
            if self._size(goal, height) is not None:
                return height
            inner = (fact for fact in frontier if not self._is_leaf(fact))
            below = {p for fact in inner for step in self._all_steps(fact) for p in step.premises}
            frontier = list(below - met)
            met |= below
            now = sum(self._size(fact, height) is not None for fact in met)
            if not frontier and now == proved:
                return None
            proved = now
        return None

    def _size(self, fact: Fact, height: int) -> int | None:
        """Return the fewest rule applications in a proof of at most ``height`` levels, or None when there is none."""
        key = (fact, height)
        if key not in self._sizes:
            if self._is_leaf(fact):
                self._sizes[key] = 0
            elif height == 0:
                self._sizes[key] = None
            else:
                found = (self._step_size(step, height) for step in self._all_steps(fact))
                self._sizes[key] = min((size for size in found if size is not None), default=None)
        return self._sizes[key]

    def _step_size(self, step: _Step, height: int) -> int | None:
        total = 1
        for premise in step.premises:
            size = self._size(premise, height - 1)
            if size is None:
                return None
            total += size
        return total

    def _built(self, fact: Fact, height: int) -> Proof:
        size = self._size(fact, height)
        if not size:
            return Proof(fact)
        step = next(step for step in self._all_steps(fact) if self._step_size(step, height) == size)
        return Proof(fact, step.rule, step.binding, tuple(self._built(p, height - 1) for p in step.premises))

    def _is_leaf(self, fact: Fact) -> bool:
        return self._facts.asserted(fact) or holds_always(fact)

    def _several(self, fact: Fact, limit: int, levels: int, known: dict[tuple[Fact, int], list[Proof]]) -> list[Proof]:
        """Return some proofs of at most ``levels`` levels, the best first; they may yet go in a circle."""
        if self._is_leaf(fact):
            return [Proof(fact)]
        if levels == 0:
            return []
        if (fact, levels) not in known:
            found: list[Proof] = []
            for step in self._all_steps(fact):
                parts = [self._several(p, limit, levels - 1, known) for p in step.premises]
                together = islice(product(*parts), limit * limit)
                found += [Proof(fact, step.rule, step.binding, premises) for premises in together]
            unique = {_key(proof): proof for proof in found if _is_well_founded(proof, frozenset())}
            known[fact, levels] = sorted(unique.values(), key=lambda p: (p.height, p.size, _key(p)))[: limit + _SPARE]
        return known[fact, levels]

    def _all_steps(self, fact: Fact) -> list[_Step]:
        if fact not in self._steps_of:
            self._steps_of[fact] = list(self._steps(fact))
        return self._steps_of[fact]

    # -- rule instances -------------------------------------------------------------------------

    def _rules_for(self, fact: Fact) -> Iterator[Rule]:
        yield from self._by_head.get(fact[1], ())
        yield from self._by_head[None]

    def _steps(self, fact: Fact) -> Iterator[_Step]:
        """Yield the rule instances that conclude ``fact``, all of whose premises hold."""
        seen = set()
        for rule in self._rules_for(fact):
            start = _unify(rule.head, fact, {})
            if start is None:
                continue
            for binding in self._solutions(rule.body, start):
                premises = tuple(_ground(atom, binding) for atom in rule.body)
                if fact not in premises and (rule.name, premises) not in seen and _allowed(binding):
                    seen.add((rule.name, premises))
                    yield _Step(rule, binding, premises)

    def _solutions(self, atoms: tuple[Atom, ...], binding: Binding) -> Iterator[Binding]:
        if not atoms:
            yield binding
            return
        atom = max(atoms, key=lambda a: _readiness(a, binding))
        rest = tuple(a for a in atoms if a is not atom)
        for fact in self._matching(atom, binding):
            extended = _unify(atom, fact, binding)
            if extended is not None:
                yield from self._solutions(rest, extended)

    def _matching(self, atom: Atom, binding: Binding) -> Iterable[Fact]:
        s, p, o = (_value(slot, binding) for slot in atom)
        if s is not None and p is not None and o is not None and holds_always((s, p, o)):
            return [(s, p, o)]
        found = self._facts.match(s, p, o)
        if s is not None and o is None and p in (RDFS.subClassOf, RDF.type) and not isinstance(s, Literal):
            return chain(found, [(s, p, OWL.Thing)])  # holds always, and is therefore not kept
        if s is None and o is not None and p == RDFS.subClassOf:
            return chain(found, [(OWL.Nothing, p, o)])
        return found

    def _partial(self, rule: Rule, start: Binding, allowed: int) -> Iterator[NearMiss]:
        """Yield the ways to satisfy all but ``allowed`` premises of ``rule``."""
        body = rule.body
        if len(body) <= allowed:
            return
        for absent in combinations(range(len(body)), allowed):
            wanted = tuple(atom for n, atom in enumerate(body) if n not in absent)
            for number, binding in enumerate(self._solutions(wanted, start)):
                if number == _ENOUGH:
                    break
                missing = tuple(_partly_ground(body[n], binding) for n in absent)
                if not _allowed(binding) or any(isinstance(atom[0], Literal) for atom in missing):
                    continue
                if any(not self._possible(atom) for atom in missing):
                    present = tuple(_ground(atom, binding) for atom in wanted)
                    if not any(map(holds_always, present)):  # that everything is a Thing tells nothing
                        yield NearMiss(rule, binding, present, missing)

    def _distance(self, miss: NearMiss) -> tuple[int, int, int, int, str]:
        """Rank near misses: no axiom missing, few premises missing, such as files state, with few unknown terms."""
        axioms = sum(_is_axiom(atom) for atom in miss.missing)
        unknown = sum(isinstance(slot, str) for atom in miss.missing for slot in atom)
        derived = sum(not self._is_stated(atom[1]) for atom in miss.missing)
        return axioms, len(miss.missing), derived, unknown, f"{miss.rule.name} {miss.missing}"

    def _is_stated(self, predicate: Slot) -> bool:
        """Tell whether files state facts with this predicate, or whether it is only inferred."""
        if isinstance(predicate, str):
            return False
        return any(self._facts.asserted(fact) for fact in islice(self._facts.match(None, predicate, None), _ENOUGH))

    def _possible(self, atom: Atom) -> bool:
        """Tell whether a premise holds for some value of its variables."""
        return next(iter(self._matching(atom, {})), None) is not None


_ENOUGH = 20  # near misses of one rule with one set of missing premises; facts looked at of a predicate
_PER_RULE = 2  # near misses of one rule that are shown
_SPARE = 3  # proofs of a premise kept beyond those asked for, as some will turn out circular


def holds_always(fact: Fact) -> bool:
    """Tell whether the fact holds in every graph with its terms (the trivial rules and dt-type2, dt-eq)."""
    from llmkg.reason.datatypes import DATATYPES, contains, value_of  # noqa: PLC0415  (most proofs need none)

    subject, predicate, obj = fact
    if isinstance(subject, Literal):
        value = value_of(subject)
        if predicate == OWL.sameAs and isinstance(obj, Literal):
            return value is not None and value == value_of(obj)
        return predicate == RDF.type and obj in DATATYPES and value is not None and contains(obj, value)  # type: ignore[arg-type]
    if predicate in _REFLEXIVE and subject == obj:
        return True
    if predicate == RDFS.subClassOf:
        return obj == OWL.Thing or subject == OWL.Nothing
    return predicate == RDF.type and obj == OWL.Thing


_REFLEXIVE = frozenset([OWL.sameAs, RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty])


def _allowed(binding: Binding) -> bool:
    """Check what a pattern cannot say: the bound of a cardinality is one."""
    bound = binding.get("?one")
    return bound is None or (isinstance(bound, Literal) and bound.value.isdecimal() and int(bound.value) == 1)


def _readiness(atom: Atom, binding: Binding) -> tuple[bool, int]:
    """Order premises: what is known in full, then sameAs last, then those with the most known terms."""
    values = [_value(slot, binding) for slot in atom]
    known = sum(value is not None for value in values)
    if atom[1] != OWL.sameAs or known == len(values):
        return True, known
    # Equal literals are not stored as the same, and to begin with any two things helps nobody.
    return known > 1 and not any(isinstance(value, Literal) for value in values), known


def _value(slot: Slot, binding: Binding) -> Term | None:
    return binding.get(slot) if isinstance(slot, str) else slot


def _unify(atom: Atom, fact: Fact, binding: Binding) -> Binding | None:
    extended = dict(binding)
    for slot, term in zip(atom, fact, strict=True):
        known = extended.setdefault(slot, term) if isinstance(slot, str) else slot
        if known != term:
            return None
    return extended


def _ground(atom: Atom, binding: Binding) -> Fact:
    s, p, o = (binding[slot] if isinstance(slot, str) else slot for slot in atom)
    return s, p, o


def _partly_ground(atom: Atom, binding: Binding) -> Atom:
    s, p, o = (binding.get(slot, slot) if isinstance(slot, str) else slot for slot in atom)
    return s, p, o


def _is_axiom(atom: Atom) -> bool:
    predicate, obj = atom[1], atom[2]
    vocabulary = (str(OWL), str(RDFS))
    if isinstance(predicate, NamedNode) and predicate.value.startswith(vocabulary):
        return True
    return predicate == RDF.type and isinstance(obj, NamedNode) and obj.value.startswith(vocabulary)


def _is_well_founded(proof: Proof, above: frozenset[Fact]) -> bool:
    """Tell whether no fact is used to prove itself."""
    return proof.fact not in above and all(_is_well_founded(p, above | {proof.fact}) for p in proof.premises)


def _key(proof: Proof) -> str:
    name = proof.rule.name if proof.rule else "asserted"
    return f"{name}({' '.join(map(str, proof.fact))} {' '.join(_key(p) for p in proof.premises)})"
