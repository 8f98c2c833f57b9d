"""The OWL 2 RL closure: asserted triples in, inferred triples out.

Terms are coded as integers. The axioms are compiled into actions, each bound to the predicate or
class whose facts fire it; a fact is taken from the agenda once and joined with all facts that are
already indexed (semi-naive), a whole batch at a time. A predicate that no rule joins on or infers
is never indexed. Equal things are merged into one representative and told apart again at the end.
Should the facts state new axioms, the actions are compiled again.

Source: OWL 2 Profiles, section 4.3, tables 4 to 9, https://www.w3.org/TR/owl2-profiles/.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from pyoxigraph import Literal, NamedNode, Triple

from llmkg.errors import EngineError
from llmkg.reason.axioms import SCHEMA_CLASSES, SCHEMA_PREDICATES, Axioms, SchemaReader
from llmkg.reason.compiler import Compiler
from llmkg.reason.datatypes import DATATYPES, Value, contains, is_trivially_typed, value_of
from llmkg.reason.hierarchy import TooLargeError
from llmkg.reason.relation import Pair, Relation
from llmkg.reason.trivial import BUILT_IN
from llmkg.terms import OWL, RDF, RDFS, Term

__all__ = ["LIMIT", "Closure", "no_collecting"]

LIMIT = 25_000_000  # inferred triples; more would not fit into the memory of a usual machine


class Closure:
    """The facts of one graph and what follows from them."""

    def __init__(self, triples: Iterable[Triple], limit: int = LIMIT) -> None:
        self.codes: dict[Term, int] = {}
        self.terms: list[Term] = []
        self.literals: set[int] = set()
        self.relations: dict[int, Relation] = {}
        self.asserted: dict[int, list[Pair]] = defaultdict(list)
        self.merges: list[Pair] = []
        self.axioms = Axioms()
        self.compiler: Compiler | None = None
        self._members: dict[int, list[int]] = {}
        self._parent: dict[int, int] = {}
        self._values: dict[int, Value | None] = {}
        self._everything_indexed = False
        self._stale = False
        self._agenda: dict[int, None] = {}
        self._room = limit
        self._limit = limit
        self.implied: dict[int, set[Pair]] = defaultdict(set)  # added by ``add_axioms``
        with no_collecting():
            self._load(triples)
        self._loaded = len(self.terms)
        self._find_vocabulary()
        # What the terms of OWL itself are (cls-thing, cls-nothing1, prp-ap, dt-type1).
        self._built_in = [(self.code(term), self.code(kind)) for term, kind in BUILT_IN.items() if term in self.codes]
        self.datatypes = {self.codes[d]: d for d in DATATYPES if d in self.codes}

    # -- terms ------------------------------------------------------------------------------

    def code(self, term: Term) -> int:
        """Return the integer that stands for ``term`` and for all that is the same."""
        code = self.codes.get(term)
        if code is None:
            code = self.codes[term] = len(self.terms)
            self.terms.append(term)
            if isinstance(term, Literal):
                self.literals.add(code)
        return self.find(code)

    def mentions(self, term: Term) -> bool:
        """Tell whether the graph that was loaded has ``term``."""
        return self.codes.get(term, self._loaded) < self._loaded

    def find(self, code: int) -> int:
        """Return the representative of everything that is the same as ``code``."""
        while (parent := self._parent.get(code, code)) != code:
            code = parent
        return code

    def members(self, code: int) -> list[int]:
        """Return all that is the same as the representative ``code``, itself included."""
        return self._members.get(code, [code])

    def _terms_of(self, code: int) -> list[Term]:
        return [self.terms[member] for member in self.members(code)]

    def merged(self) -> dict[int, list[int]]:
        """Return the members of each representative that stands for more than itself."""
        return self._members

    def value(self, code: int) -> Value | None:
        """Return the data value of a literal, None when it is ill-typed."""
        if code not in self._values:
            literal = self.terms[code]
            assert isinstance(literal, Literal)
            self._values[code] = value_of(literal)
        return self._values[code]

    def in_datatype(self, literal: int, datatype: int) -> bool:
        """Tell whether the value of ``literal`` is in ``datatype``, one of the profile's (dt-type2)."""
        value = self.value(literal)
        return value is not None and contains(self.datatypes[datatype], value)

    def is_a(self, code: int, cls: int) -> bool:
        """Tell whether ``code`` is known to be a ``cls``; a literal is in the datatypes of its value."""
        if code in self.literals and cls in self.datatypes:
            return self.in_datatype(code, cls)
        return cls in self.relation(self.type).forward.get(code, ())

    def _find_vocabulary(self) -> None:
        """Take note of the codes of OWL's own terms, which may have been merged with each other."""
        self.type, self.same, self.thing, self.nothing = (
            self.code(term) for term in (RDF.type, OWL.sameAs, OWL.Thing, OWL.Nothing)
        )
        self._schema_predicates = frozenset(map(self.code, SCHEMA_PREDICATES))
        self._schema_classes = frozenset(map(self.code, SCHEMA_CLASSES))

    # -- facts ------------------------------------------------------------------------------

    def facts(self, predicate: int) -> Iterable[Pair]:
        """Return subject and object of every fact with ``predicate``."""
        relation = self.relations.get(predicate)
        if relation is not None:
            return relation.pairs()
        return self.asserted.get(predicate, ())

    def add_axioms(self, predicate: int, pairs: Iterable[Pair]) -> None:
        """Add what the axioms imply about each other; it is compiled in already, unless the predicate has two meanings."""
        stale, relation = self._stale, self.relation(predicate)
        new = relation.extend(pairs)
        if predicate not in self._members:
            self.implied[predicate].update(new)
            self._stale = stale

    def relation(self, predicate: int) -> Relation:
        """Return the index of the facts with ``predicate``, made when first asked for."""
        relation = self.relations.get(predicate)
        if relation is None:
            relation = self.relations[predicate] = Relation(predicate, self._grown)
            relation.load(self.asserted.get(predicate, ()))
            if self._everything_indexed:
                relation.index_backward()
            self._agenda[predicate] = None
        return relation

    def predicates(self) -> set[int]:
        """Return every predicate that has a fact."""
        return {p for p in (*self.asserted, *self.relations) if next(iter(self.facts(p)), None) is not None}

    def mentioned(self) -> Iterator[int]:
        """Yield every term of the facts: those that were loaded, and the predicates of what was inferred."""
        yield from range(self._loaded)
        for predicate in self.predicates():
            if predicate >= self._loaded and not set(self._built_in).issuperset(self.facts(predicate)):
                yield predicate

    def inferred(self, *, trivial: bool = False) -> Iterator[Triple]:
        """Yield the legal triples that were inferred; without ``trivial``, those that say something.

        Trivial are: a thing is the same as itself, a class or property is below itself or below the
        top, the bottom is below everything, everything is a Thing, what the terms of OWL itself are.
        """
        terms, literals = self.terms, self.literals
        for predicate, pairs in self._expanded() if self._members else self._plain():
            verb = terms[predicate]
            if isinstance(verb, NamedNode):
                for subject, obj in pairs if trivial else self._telling(predicate, pairs):
                    if subject not in literals:
                        yield Triple(terms[subject], verb, terms[obj])  # type: ignore[arg-type]

    def about_literals(self) -> Iterator[tuple[Term, Term, Term]]:
        """Yield the facts that were inferred with a literal as their subject: RDF cannot state them."""
        terms, literals = self.terms, self.literals
        for predicate, pairs in self._expanded() if self._members else self._plain():
            yield from ((terms[s], terms[predicate], terms[o]) for s, o in pairs if s in literals)

    def _telling(self, predicate: int, pairs: Iterable[Pair]) -> Iterable[Pair]:
        """Return the facts with ``predicate`` that do not hold in every graph with these terms."""
        thing, nothing, name = self.codes[OWL.Thing], self.codes[OWL.Nothing], self.terms[predicate]
        if name == RDF.type:
            known = set(self._built_in)
            return [pair for pair in pairs if pair[1] != thing and pair not in known]
        if name in (RDFS.domain, RDFS.range):
            return [pair for pair in pairs if pair[1] != thing]
        if name == RDFS.subClassOf:
            return [(sub, sup) for sub, sup in pairs if sub != nothing and sup not in (sub, thing)]
        if name in _REFLEXIVE:
            return [(subject, obj) for subject, obj in pairs if subject != obj]
        return pairs

    # -- running ----------------------------------------------------------------------------

    def run(self) -> None:
        """Reach the fixed point.

        Raises EngineError when more than the allowed number of triples would be inferred.
        """
        try:
            with no_collecting():
                self.relation(self.type).extend(self._built_in)
                self._add_literal_equalities()
                self._stale = True
                while self._stale:
                    self._compile()
                    self._saturate()
        except TooLargeError as error:
            raise EngineError(
                f"the closure holds at least {error.least:,} triples more, over the limit of {self._limit:,}. "
                "Raise --limit, or leave out the deepest hierarchy."
            ) from error

    def _load(self, triples: Iterable[Triple]) -> None:
        codes, asserted, new = self.codes, self.asserted, self.code
        for triple in triples:
            subject, predicate, obj = triple
            s, p, o = codes.get(subject), codes.get(predicate), codes.get(obj)
            pair = (new(subject) if s is None else s, new(obj) if o is None else o)
            asserted[new(predicate) if p is None else p].append(pair)

    def _compile(self) -> None:
        self._stale = False
        self._find_vocabulary()
        for predicate in (*self._schema_predicates, self.type):
            if predicate in self.asserted or predicate in self.relations:
                self.relation(predicate)
        tables = {p: r.forward for p, r in self.relations.items()}
        self.axioms = Axioms.read(SchemaReader(self.code, tables, self._terms_of))
        again = self.compiler is not None
        self.compiler = Compiler(self, self.axioms, self._room)
        self.compiler.compile()
        for predicate, relation in self.relations.items():
            if again:
                relation.restart()
            self._agenda[predicate] = None
        for predicate, actions in self.compiler.actions.items():
            if predicate not in self.relations and predicate in self.asserted:
                _run(actions, self.asserted[predicate])

    def _saturate(self) -> None:
        assert self.compiler is not None
        actions = self.compiler.actions
        while not self._stale:
            while self._agenda and not self._stale:
                predicate = next(iter(self._agenda))
                del self._agenda[predicate]
                batch = self.relation(predicate).take()
                if self._parent:
                    find = self.find
                    batch = list(dict.fromkeys((find(s), find(o)) for s, o in batch))
                if batch:
                    _run(actions.get(predicate, ()), batch)
                self._merge()
            if self._stale:
                return
            self.compiler.at_rest()
            self._merge()
            if not self._agenda:
                return

    def _grown(self, relation: Relation, new: list[Pair]) -> None:
        """Take note of new facts: put their predicate on the agenda, see whether they state an axiom."""
        self._room -= len(new)
        if self._room < 0:
            raise TooLargeError(-self._room)
        self._agenda[relation.predicate] = None
        if relation.predicate == self.type:
            if any(cls in self._schema_classes for _, cls in new):
                self._stale = True
        elif self._states_axioms(relation):
            self._stale = True

    def _states_axioms(self, relation: Relation) -> bool:
        return relation.predicate in self._schema_predicates and (
            relation.predicate != self.same or self.same in self._members
        )

    # -- equality -----------------------------------------------------------------------------

    def _add_literal_equalities(self) -> None:
        """Merge the literals of one value (dt-eq)."""
        by_value: dict[Value, int] = {}
        for code in sorted(self.literals):
            literal = self.terms[code]
            if isinstance(literal, Literal) and not is_trivially_typed(literal):
                value = self.value(code)
                if value is not None and by_value.setdefault(value, code) != code:
                    self.merges.append((by_value[value], code))

    def _merge(self) -> None:
        """Make one of each pair stand for both, in every fact (eq-sym, eq-trans, eq-rep-*)."""
        while self.merges:
            first, second = map(self.find, self.merges.pop())
            if first == second:
                continue
            self._index_everything()
            keep, lose = (first, second) if self._rank(first) <= self._rank(second) else (second, first)
            self._parent[lose] = keep
            self.implied.clear()  # what followed for one of them, files may state of the other
            if keep in (self.thing, self.nothing) or lose in self._schema_classes:
                self._stale = True  # what is a Thing, nothing or declared is now something else besides
            self._members[keep] = self.members(keep) + self._members.pop(lose, [lose])
            for relation in list(self.relations.values()):
                if relation.rename(lose, keep) and self._states_axioms(relation):
                    self._stale = True  # an action may be bound to the one that is lost
            if (moved := self.relations.pop(lose, None)) is not None:
                self._agenda.pop(lose, None)
                self.relation(keep).extend(list(moved.pairs()))
                self._stale = True

    def _rank(self, code: int) -> tuple[bool, int, int]:
        """Keep terms of the language itself, then the one with more members, then the older one."""
        term = self.terms[code]
        builtin = isinstance(term, NamedNode) and term.value.startswith((str(OWL), str(RDF), str(RDFS)))
        return not builtin, -len(self.members(code)), code

    def _index_everything(self) -> None:
        if not self._everything_indexed:
            self._everything_indexed = True
            for predicate in list(self.asserted):
                self.relation(predicate)
            for relation in self.relations.values():
                relation.index_backward()

    # -- results ------------------------------------------------------------------------------

    def _plain(self) -> Iterator[tuple[int, Iterable[Pair]]]:
        for predicate, relation in self.relations.items():
            yield predicate, relation.inferred

    def _expanded(self) -> Iterator[tuple[int, Iterable[Pair]]]:
        """Yield every fact for each member of what was merged (eq-rep-s, eq-rep-p, eq-rep-o)."""
        for keep, relation in self.relations.items():
            for predicate in self.members(keep):
                known = set(self.asserted.get(predicate, ()))
                yield predicate, [pair for pair in self._unfolded(relation) if pair not in known]
        known = set(self.asserted.get(self.same, ()))
        stored = self.relations[self.same].forward if self.same in self.relations else {}
        # A representative that is stored as the same as itself has just been unfolded.
        groups = [members for keep, members in self._members.items() if keep not in stored.get(keep, ())]
        yield self.same, [(a, b) for group in groups for a in group for b in group if a != b and (a, b) not in known]

    def _unfolded(self, relation: Relation) -> Iterator[Pair]:
        members = self.members
        for subject, obj in relation.pairs():
            for s in members(subject):
                for o in members(obj):
                    yield s, o


@contextmanager
def no_collecting() -> Iterator[None]:
    """Keep the garbage collector out: nothing here is circular, and its walks over millions of tuples add up."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


_REFLEXIVE = frozenset([OWL.sameAs, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty])


def _run(actions: Iterable[Callable[[list[Pair]], object]], batch: list[Pair]) -> None:
    for action in actions:
        action(batch)
