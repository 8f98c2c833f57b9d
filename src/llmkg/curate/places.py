"""On which line of the pack a known value stands: looked up only where a conflict names it."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Triple

from llmkg.curate.known import PROPERTIES
from llmkg.curate.plan import Entry
from llmkg.curate.record import Place
from llmkg.pack import Pack
from llmkg.positions import Positions

__all__ = ["Lines"]


class Lines:
    """The lines of the files of a pack."""

    def __init__(self, pack: Pack) -> None:
        """Take a pack; a file is read when a line of it is first asked for."""
        self._pack = pack
        self._files: dict[str, Positions] = {}

    def place(self, entry: Entry, field: str) -> Place:
        """Return where the graph says the first value of a field of a known publication."""
        assert entry.known is not None
        name = entry.known.record.place.file
        values = entry.known.values.get(field)
        if not values:
            return Place(name, 0)
        if name not in self._files:
            self._files[name] = Positions(Path(self._pack.path(name)), name)
        return Place(name, self._files[name].line(Triple(entry.known.term, PROPERTIES[field], values[0])))
