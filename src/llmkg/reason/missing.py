"""What it would have taken: the rules that could have given a triple that does not follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, islice
from typing import NamedTuple

from pyoxigraph import Literal

from llmkg.reason.facts import holds_always
from llmkg.reason.instances import Binding, Instances, ground, is_allowed, is_axiom, partly_ground, unify
from llmkg.reason.rules import Atom, Fact, Rule, Slot
from llmkg.terms import Term

__all__ = ["NearMiss", "near_misses"]

_ENOUGH = 20  # near misses of one rule with one set of missing premises; facts looked at of a predicate
_PER_RULE = 2  # near misses of one rule that are shown
_LONG = 12  # premises of a rule up to which two missing ones are looked for: their pairs are many


class NearMiss(NamedTuple):
    """A rule that could have given a triple: the premises that hold and those that are missing.

    A missing premise may have variables: any value would do.
    """

    rule: Rule
    binding: Mapping[str, Term]
    present: tuple[Fact, ...]
    missing: tuple[Atom, ...]


def near_misses(instances: Instances, fact: Fact, limit: int) -> list[NearMiss]:
    """Return the rules that could have given ``fact``, the one with the fewest missing premises first."""
    found: list[tuple[tuple[int, int, int, int, str], NearMiss]] = []
    seen = set()
    for rule in instances.rules_for(fact):
        start = unify(rule.head, fact, {})
        if start is None:
            continue
        for allowed in (1, 2):
            misses = list(_partial(instances, rule, start, allowed))
            for miss in misses:
                key = (miss.missing, miss.rule.name)
                if miss.present and fact not in miss.missing and key not in seen:
                    seen.add(key)
                    found.append((_distance(instances, miss), miss))
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


def _partial(instances: Instances, rule: Rule, start: Binding, allowed: int) -> Iterator[NearMiss]:
    """Yield the ways to satisfy all but ``allowed`` premises of ``rule``."""
    body = rule.body
    if len(body) <= allowed or (allowed > 1 and len(body) > _LONG):
        return
    for absent in combinations(range(len(body)), allowed):
        wanted = tuple(atom for n, atom in enumerate(body) if n not in absent)
        for binding in islice(instances.solutions(wanted, start), _ENOUGH):
            missing = tuple(partly_ground(body[n], binding) for n in absent)
            if not is_allowed(binding) or any(isinstance(atom[0], Literal) for atom in missing):
                continue
            if any(not _possible(instances, atom) for atom in missing):
                present = tuple(ground(atom, binding) for atom in wanted)
                if not any(map(holds_always, present)):  # that everything is a Thing tells nothing
                    yield NearMiss(rule, binding, present, missing)


def _possible(instances: Instances, atom: Atom) -> bool:
    """Tell whether a premise holds for some value of its variables."""
    return next(iter(instances.matching(atom, {})), None) is not None


def _distance(instances: Instances, miss: NearMiss) -> tuple[int, int, int, int, str]:
    """Rank near misses: no axiom missing, few premises missing, such as files state, with few unknown terms."""
    axioms = sum(is_axiom(atom) for atom in miss.missing)
    unknown = sum(isinstance(slot, str) for atom in miss.missing for slot in atom)
    derived = sum(not _is_stated(instances, atom[1]) for atom in miss.missing)
    return axioms, len(miss.missing), derived, unknown, f"{miss.rule.name} {miss.missing}"


def _is_stated(instances: Instances, predicate: Slot) -> bool:
    """Tell whether files state facts with this predicate, or whether it is only inferred."""
    return (
        not isinstance(predicate, str) and next(iter(instances.facts.stated(None, predicate, None)), None) is not None
    )
