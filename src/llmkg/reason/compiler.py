"""Compile axioms into actions: what is to be added when facts of a predicate or a class arrive.

Each method names the rules of OWL 2 Profiles, section 4.3, that it compiles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from llmkg.reason.axioms import Axioms, Restriction
from llmkg.reason.chains import linked, walked_on
from llmkg.reason.evident import declared, evident_facts, spoken_of
from llmkg.reason.hierarchy import TooLargeError, closed
from llmkg.reason.relation import Index, Pair
from llmkg.terms import OWL, RDFS, Term

if TYPE_CHECKING:
    from llmkg.reason.closure import Closure

__all__ = ["Action", "Compiler"]

Action = Callable[[list[Pair]], object]
ClassAction = Callable[[list[int]], object]


class Compiler:
    """The actions of one set of axioms; ``actions[p]`` run on each batch of facts with predicate p."""

    def __init__(self, closure: Closure, axioms: Axioms, room: int) -> None:
        self.closure = closure
        self.axioms = axioms
        self.actions: dict[int, list[Action]] = defaultdict(list)
        self.above: dict[int, set[int]] = {}
        self._upper: dict[int, set[int]] = {}
        self._room = room
        self._class_actions: dict[int, list[ClassAction]] = defaultdict(list)
        self._at_rest: list[Callable[[], None]] = []
        self._types = closure.relation(closure.type)
        self._spoken = spoken_of(axioms)

    def compile(self) -> None:
        """Add what the axioms imply about each other, then make the actions of each kind of axiom."""
        self._schema()
        self._properties()
        self._chains()
        self._characteristics()
        self._keys()
        self._boolean_classes()
        for restriction in self.axioms.restrictions:
            _RESTRICTIONS[restriction.kind](self, restriction)
        if self._class_actions:
            self.actions[self.closure.type].append(self._by_class)
        if (same := self.closure.same) in self.closure.relations or same in self.closure.asserted:
            self.actions[same].append(self._same)

    def at_rest(self) -> None:
        """Apply the rules that look at all facts together, when nothing else is left to do."""
        for action in self._at_rest:
            action()
        hierarchies = {RDFS.subClassOf: self.above, RDFS.subPropertyOf: self._upper}
        for predicate, pairs in evident_facts(self.closure, self.axioms, hierarchies):
            if pairs:
                self.closure.relation(predicate).extend(pairs)

    # -- table 9: what axioms imply about each other -------------------------------------------

    def _schema(self) -> None:
        """scm-cls to scm-uni, and cax-sco, cax-eqc, prp-spo1, prp-eqp as actions."""
        base_classes, base_properties = self._base_edges()
        top, bottom = self._top(), self._bottom()
        extra: set[Pair] = set()
        while True:
            self.above = closed([*base_classes, *extra, *top, *bottom], self._room)
            upper = self._upper = closed(base_properties, self._room)
            found = self._compared_restrictions(upper) - extra
            if not found:
                break
            extra |= found
        self._add_hierarchy(RDFS.subClassOf, OWL.equivalentClass, self.above)
        self._add_hierarchy(RDFS.subPropertyOf, OWL.equivalentProperty, upper)
        self._add_domains(upper)
        edges = {*base_classes, *extra, *(top if self._top_matters() else ()), *bottom}
        for lower, higher in sorted(edges):
            if lower != higher:
                self._on_class(lower, self._typing(higher))
        for lower, higher in sorted(set(base_properties)):
            if lower != higher:
                self.actions[lower].append(self.closure.relation(higher).extend)

    def _base_edges(self) -> tuple[list[Pair], list[Pair]]:
        """Return the edges of both hierarchies as stated, without those that an earlier run closed them with."""
        sub, spo = self.closure.code(RDFS.subClassOf), self.closure.code(RDFS.subPropertyOf)
        classes = [pair for pair in self.axioms.subclass if pair not in self.closure.implied[sub]]
        classes += self.axioms.equal_classes
        classes += [(node, part) for node, parts in self.axioms.intersections for part in parts]
        classes += [(part, node) for node, parts in self.axioms.unions for part in parts]
        properties = [pair for pair in self.axioms.subproperty if pair not in self.closure.implied[spo]]
        return classes, properties + self.axioms.equal_properties

    def _top(self) -> list[Pair]:
        """Put every declared class below Thing, where the graph speaks of it (scm-cls)."""
        thing = self.closure.thing
        if not self.closure.mentions(OWL.Thing) and not self._top_is_asked_for():
            return []
        return [(cls, thing) for cls in declared(self.closure, OWL.Class) if cls != thing]

    def _bottom(self) -> list[Pair]:
        """Put every declared class above Nothing, where the graph speaks of it (scm-cls)."""
        nothing = self.closure.nothing
        if not self.closure.mentions(OWL.Nothing):
            return []
        return [(nothing, cls) for cls in declared(self.closure, OWL.Class) if cls != nothing]

    def _top_matters(self) -> bool:
        """Tell whether something follows for a thing from its being a Thing."""
        thing, axioms = self.closure.thing, self.axioms
        stated = {lower for lower, higher in (*axioms.subclass, *axioms.equal_classes) if higher != lower}
        stated |= {part for _, parts in (*axioms.intersections, *axioms.unions) for part in parts}
        stated |= {code for edge in (*axioms.complements, *axioms.disjoint_classes) for code in edge}
        stated |= {part for _, parts in axioms.disjoint_sets for part in parts}
        stated |= {r.node for r in axioms.restrictions} | {cls for cls, _ in axioms.keys}
        stated |= {r.filler for r in axioms.restrictions if r.kind not in ("some", "all")}
        return thing in stated or self._top_is_asked_for()

    def _top_is_asked_for(self) -> bool:
        """Tell whether an axiom asks for whatever a thing is, or another class is the same as Thing."""
        asked = self.closure.code(RDFS.domain), self.closure.code(RDFS.range)
        top_is_merged = self.closure.thing in self.closure.merged()
        return top_is_merged or self._types_are_spoken_of() or not self._spoken.isdisjoint(asked)

    def _types_are_spoken_of(self) -> bool:
        """Tell whether an axiom speaks of rdf:type as of any property."""
        return self.closure.type in self._spoken or self.closure.type in self.closure.merged()

    def _compared_restrictions(self, upper: dict[int, set[int]]) -> set[Pair]:
        """scm-hv, scm-svf1, scm-svf2, scm-avf1, scm-avf2."""
        found: set[Pair] = set()
        if not self.axioms.restrictions:
            return found
        classes, groups = declared(self.closure, OWL.Class), defaultdict(list)
        properties = declared(self.closure, OWL.ObjectProperty, OWL.DatatypeProperty)
        for r in self.axioms.restrictions:
            groups[r.kind].append(r)

        def below(lower: int, higher: int) -> bool:
            return higher in self.above.get(lower, ()) or (lower == higher and lower in classes)

        def narrower(lower: int, higher: int) -> bool:
            return higher in upper.get(lower, ()) or (lower == higher and lower in properties)

        for kind in ("has", "some", "all"):
            by_prop, by_filler = defaultdict(list), defaultdict(list)
            for r in groups[kind]:
                by_prop[r.prop].append(r)
                by_filler[r.filler].append(r)
            if kind != "has":
                for same in by_prop.values():
                    found |= {(a.node, b.node) for a in same for b in same if below(a.filler, b.filler)}
            for same in by_filler.values():
                pairs = {(a.node, b.node) for a in same for b in same if narrower(a.prop, b.prop)}
                found |= {(b, a) for a, b in pairs} if kind == "all" else pairs
        return found

    def _add_hierarchy(self, below: Term, equal: Term, above: dict[int, set[int]]) -> None:
        """scm-sco, scm-spo, scm-eqc1, scm-eqc2, scm-eqp1, scm-eqp2."""
        self._add(below, ((low, high) for low, highs in above.items() for high in highs if low != high))
        equals = ((a, b) for a, bs in above.items() if a in bs for b in bs if a != b and a in above.get(b, ()))
        self._add(equal, equals)

    def _add_domains(self, upper: dict[int, set[int]]) -> None:
        """scm-dom1, scm-dom2, scm-rng1, scm-rng2."""
        lower: dict[int, set[int]] = defaultdict(set)
        for low, highs in upper.items():
            for high in highs:
                lower[high].add(low)
        for predicate, table in ((RDFS.domain, self.axioms.domain), (RDFS.range, self.axioms.range)):
            pairs: set[Pair] = set()
            for prop, classes in table.items():
                wider = {high for cls in classes for high in (cls, *self.above.get(cls, ()))}
                pairs |= {(p, cls) for p in (prop, *lower.get(prop, ())) for cls in wider}
                if len(pairs) > self._room:
                    raise TooLargeError(len(pairs))
            self._add(predicate, pairs)

    def _add(self, predicate: Term, pairs: Iterable[Pair]) -> None:
        new = list(pairs)
        if new:
            self.closure.add_axioms(self.closure.code(predicate), new)

    # -- tables 4 to 7: actions ------------------------------------------------------------------

    def _properties(self) -> None:
        """prp-dom, prp-rng, prp-inv1, prp-inv2, prp-symp."""
        for prop, classes in self.axioms.domain.items():
            for cls in classes:
                self.actions[prop].append(self._domain(cls))
        for prop, classes in self.axioms.range.items():
            for cls in classes:
                self.actions[prop].append(self._range(cls))
        symmetric = ((prop, [prop]) for prop in self.axioms.symmetric)
        for prop, inverses in (*self.axioms.inverse.items(), *symmetric):
            for inverse in set(inverses):
                self.actions[prop].append(self._flip(inverse))

    def _chains(self) -> None:
        """prp-spo2, and prp-trp as the chain of a property with itself."""
        for chain, implied in dict.fromkeys((*self.axioms.chains, *(((p, p), p) for p in self.axioms.transitive))):
            if chain == (implied, implied):
                self.actions[implied].append(walked_on(self.closure, implied))
                continue
            if len(chain) == 1:
                self.actions[chain[0]].append(self.closure.relation(implied).extend)
            for position in range(len(chain) if len(chain) > 1 else 0):
                self.actions[chain[position]].append(linked(self.closure, chain, position, implied))

    def _characteristics(self) -> None:
        """prp-fp, prp-ifp."""
        merges = self.closure.merges
        for prop in self.axioms.functional:
            forward = self.closure.relation(prop).forward

            def same_objects(batch: list[Pair], forward: Index = forward) -> None:
                for subject, _ in batch:
                    _merge_all(forward.get(subject, ()), merges)

            self.actions[prop].append(same_objects)
        for prop in self.axioms.inverse_functional:
            backward = self.closure.relation(prop).index_backward()

            def same_subjects(batch: list[Pair], backward: Index = backward) -> None:
                for _, obj in batch:
                    _merge_all(backward.get(obj, ()), merges)

            self.actions[prop].append(same_subjects)

    def _keys(self) -> None:
        """prp-key: instances of a class that share a value of each key property are the same."""
        for cls, props in self.axioms.keys:
            if props:
                tables = [self.closure.relation(prop).forward for prop in props]
                first = self.closure.relation(props[0]).index_backward()
                self._at_rest.append(partial(self._apply_key, cls, tables, first))

    def _apply_key(self, cls: int, tables: list[Index], first: Index) -> None:
        members = {s for s, classes in self._types.forward.items() if cls in classes}
        for subjects in list(first.values()):
            for a, b in combinations(sorted(members.intersection(subjects)), 2):
                if all(set(table.get(a, ())).intersection(table.get(b, ())) for table in tables[1:]):
                    self.closure.merges.append((a, b))

    def _boolean_classes(self) -> None:
        """cls-int1, cls-int2, cls-uni, cls-oo; the two way edges of table 9 are compiled in _schema."""
        for node, parts in self.axioms.intersections:
            if parts:
                for part in set(parts):
                    self._on_class(part, self._intersect(node, set(parts)))
        for node, parts in self.axioms.enumerations:
            self._types.extend([(part, node) for part in parts])
        self._type_literals()

    def _type_literals(self) -> None:
        """dt-type2, for the datatypes that are parts of other descriptions."""
        axioms, datatypes = self.axioms, self.closure.datatypes
        parts = {p for _, ps in (*axioms.intersections, *axioms.unions, *axioms.disjoint_sets) for p in ps}
        parts |= {
            c
            for edge in (*axioms.complements, *axioms.disjoint_classes, *axioms.subclass, *axioms.equal_classes)
            for c in edge
        }
        for datatype in sorted(datatypes if self._types_are_spoken_of() else parts & datatypes.keys()):
            fitting = [
                (lit, datatype) for lit in sorted(self.closure.literals) if self.closure.in_datatype(lit, datatype)
            ]
            self._types.extend(fitting)

    def _some(self, r: Restriction) -> None:
        """cls-svf1, cls-svf2."""
        relation, closure = self.closure.relation(r.prop), self.closure
        if r.filler == closure.thing:
            self.actions[r.prop].append(self._domain(r.node))
            return
        backward, is_a = relation.index_backward(), closure.is_a

        def on_fact(batch: list[Pair]) -> None:
            self._types.extend([(s, r.node) for s, o in batch if is_a(o, r.filler)])

        def on_type(instances: list[int]) -> None:
            self._types.extend([(s, r.node) for o in instances for s in backward.get(o, ())])

        self.actions[r.prop].append(on_fact)
        self._on_class(r.filler, on_type)

    def _all(self, r: Restriction) -> None:
        """cls-avf."""
        forward, types = self.closure.relation(r.prop).forward, self._types.forward
        skip = self._untyped(r.filler)

        def on_fact(batch: list[Pair]) -> None:
            found = [(o, r.filler) for s, o in batch if r.node in types.get(s, ()) and o not in skip]
            self._types.extend(found)

        def on_type(instances: list[int]) -> None:
            self._types.extend([(o, r.filler) for s in instances for o in forward.get(s, ()) if o not in skip])

        self.actions[r.prop].append(on_fact)
        self._on_class(r.node, on_type)

    def _has(self, r: Restriction) -> None:
        """cls-hv1, cls-hv2."""
        relation = self.closure.relation(r.prop)
        self._on_class(r.node, lambda instances: relation.extend([(s, r.filler) for s in instances]))
        self.actions[r.prop].append(lambda batch: self._types.extend([(s, r.node) for s, o in batch if o == r.filler]))

    def _at_most_one(self, r: Restriction) -> None:
        """cls-maxc2, cls-maxqc3, cls-maxqc4."""
        forward, types = self.closure.relation(r.prop).forward, self._types.forward
        closure = self.closure
        any_filler = r.filler in (-1, closure.thing)

        def one(subject: int) -> None:
            found = forward.get(subject, ())
            _merge_all(found if any_filler else [o for o in found if closure.is_a(o, r.filler)], closure.merges)

        def on_fact(batch: list[Pair]) -> None:
            for subject, _ in batch:
                if r.node in types.get(subject, ()):
                    one(subject)

        def on_type(instances: list[int]) -> None:
            for subject in instances:
                one(subject)

        self.actions[r.prop].append(on_fact)
        self._on_class(r.node, on_type)
        if not any_filler:
            backward = closure.relation(r.prop).index_backward()
            self._on_class(r.filler, lambda fillers: on_fact([(s, o) for o in fillers for s in backward.get(o, ())]))

    def _none(self, r: Restriction) -> None:
        """cls-maxc1, cls-maxqc1 and cls-maxqc2 infer nothing; ``clashes`` looks for them."""
        self.closure.relation(r.prop)

    # -- pieces of actions -----------------------------------------------------------------------

    def _on_class(self, cls: int, action: ClassAction) -> None:
        self._class_actions[cls].append(action)

    def _by_class(self, batch: list[Pair]) -> None:
        grouped: dict[int, list[int]] = defaultdict(list)
        for instance, cls in batch:
            grouped[cls].append(instance)
        for cls, instances in grouped.items():
            for action in self._class_actions.get(cls, ()):
                action(instances)

    def _same(self, batch: list[Pair]) -> None:
        self.closure.merges += [(a, b) for a, b in batch if a != b]

    def _typing(self, cls: int) -> ClassAction:
        types = self._types
        return lambda instances: types.extend([(x, cls) for x in instances])

    def _intersect(self, node: int, parts: set[int]) -> ClassAction:
        types = self._types
        return lambda instances: types.extend([(x, node) for x in instances if parts.issubset(types.forward[x])])

    def _domain(self, cls: int) -> Action:
        types = self._types
        return lambda batch: types.extend([(s, cls) for s in {s for s, _ in batch}])

    def _range(self, cls: int) -> Action:
        types, skip = self._types, self._untyped(cls)
        if skip:
            return lambda batch: types.extend([(o, cls) for o in {o for _, o in batch} if o not in skip])
        return lambda batch: types.extend([(o, cls) for o in {o for _, o in batch}])

    def _untyped(self, cls: int) -> set[int]:
        """Return what is not to be typed with ``cls``: a literal is checked against a datatype, in ``clashes``."""
        return self.closure.literals if cls in self.closure.datatypes and not self._types_are_spoken_of() else set()

    def _flip(self, inverse: int) -> Action:
        target = self.closure.relation(inverse)
        return lambda batch: target.extend([(o, s) for s, o in batch])


def _merge_all(codes: Iterable[int], merges: list[Pair]) -> None:
    first, *others = codes or (0,)
    merges += [(first, other) for other in others]


_RESTRICTIONS: dict[str, Callable[[Compiler, Restriction], None]] = {
    "some": Compiler._some,  # noqa: SLF001  (a table of this module's own methods)
    "all": Compiler._all,  # noqa: SLF001
    "has": Compiler._has,  # noqa: SLF001
    "max0": Compiler._none,  # noqa: SLF001
    "max1": Compiler._at_most_one,  # noqa: SLF001
    "max0of": Compiler._none,  # noqa: SLF001
    "max1of": Compiler._at_most_one,  # noqa: SLF001
}
