"""The facts of one predicate, indexed by subject and, where a rule needs it, by object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

__all__ = ["Index", "Pair", "Relation"]

Pair = tuple[int, int]
# Most subjects have one or two objects, for which a tuple takes a quarter of the memory of a set.
Few = tuple[int, ...]
Index = dict[int, Few | set[int]]
_FEW = 8


class Relation:
    """Pairs of codes; ``forward[s]`` has the objects of s, ``backward[o]`` the subjects of o.

    ``inferred`` lists the pairs that were added, in the order of their arrival. New pairs wait to
    be taken; ``on_growth`` hears of them first.
    """

    __slots__ = ("_growth", "_waiting", "backward", "forward", "inferred", "predicate")

    def __init__(self, predicate: int, on_growth: Callable[[Relation, list[Pair]], None]) -> None:
        self.predicate = predicate
        self.forward: Index = {}
        self.backward: Index | None = None
        self.inferred: list[Pair] = []
        self._waiting: list[Pair] = []
        self._growth = on_growth

    def load(self, pairs: Iterable[Pair]) -> None:
        """Index asserted pairs."""
        self._waiting = self._index(pairs)

    def extend(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Add inferred pairs and return those that are new; those that are known make no difference."""
        new = self._index(pairs)
        if new:
            self.inferred += new
            self._waiting += new
            self._growth(self, new)
        return new

    def pairs(self) -> Iterator[Pair]:
        """Yield every pair."""
        for subject, objects in self.forward.items():
            for obj in objects:
                yield subject, obj

    def take(self) -> list[Pair]:
        """Return the pairs that wait, and forget that they do."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def restart(self) -> None:
        """Let every pair wait again."""
        self._waiting = list(self.pairs())

    def index_backward(self) -> Index:
        """Return the index by object, made when first asked for and kept from then on."""
        if self.backward is None:
            self.backward = {}
            self._index_objects(self.pairs())
        return self.backward

    def rename(self, old: int, new: int) -> bool:
        """Replace ``old`` by ``new`` in every pair, and tell whether there was one; both indexes must be there."""
        backward = self.index_backward()
        moved: list[Pair] = []
        for obj in self.forward.pop(old, ()):
            _remove(backward, obj, old)
            moved.append((new, new if obj == old else obj))
        for subject in backward.pop(old, ()):
            _remove(self.forward, subject, old)
            moved.append((subject, new))
        if moved:
            self.extend(moved)
        return bool(moved)

    def _index(self, pairs: Iterable[Pair]) -> list[Pair]:
        forward, new = self.forward, []
        for pair in pairs:
            subject, obj = pair
            objects = forward.get(subject)
            if objects is None:
                forward[subject] = (obj,)
            elif obj in objects:
                continue
            elif isinstance(objects, set):
                objects.add(obj)
            else:
                forward[subject] = (*objects, obj) if len(objects) < _FEW else {*objects, obj}
            new.append(pair)
        if self.backward is not None:
            self._index_objects(new)
        return new

    def _index_objects(self, pairs: Iterable[Pair]) -> None:
        backward = self.backward
        assert backward is not None
        for subject, obj in pairs:
            subjects = backward.get(obj)
            if subjects is None:
                backward[obj] = (subject,)
            elif isinstance(subjects, set):
                subjects.add(subject)
            else:
                backward[obj] = (*subjects, subject) if len(subjects) < _FEW else {*subjects, subject}


def _remove(index: Index, key: int, value: int) -> None:
    values = index[key]
    if isinstance(values, set):
        values.discard(value)
    else:
        index[key] = tuple(other for other in values if other != value)
