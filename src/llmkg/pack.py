"""Find the files of a pack: a folder with ``ontology/``, ``data/`` and ``queries/``.

Paths are plain strings here: finding them is all that a cold query does with most of them, and
``pathlib`` takes as long to import as the snapshot takes to answer.
"""

from __future__ import annotations

import os

from llmkg.errors import InputError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Pack", "check_own", "default_root", "is_shipped"]


class Pack:
    """The files of one pack, each list sorted by path."""

    def __init__(
        self,
        root: str,
        ontology: tuple[str, ...],
        shapes: tuple[str, ...],
        data: tuple[str, ...],
        queries: tuple[str, ...],
    ) -> None:
        self.root = root
        self.ontology = ontology
        self.shapes = shapes
        self.data = data
        self.queries = queries

    @classmethod
    def open(cls, root: str | os.PathLike[str] | None = None) -> Pack:
        """Return the pack at ``root``, or the one that ships with llmkg.

        Raises InputError, naming the missing part, when the folder is not a pack.
        """
        folder = os.fspath(root) if root is not None else default_root()
        if not os.path.isdir(folder):
            raise InputError(f"{folder}: no such folder. Give --graph a folder with ontology/, data/ and queries/.")
        if os.path.isdir(os.path.join(folder, ".llmkg-import")):
            _recover(folder)
        for part in ("ontology", "data", "queries"):
            if not os.path.isdir(os.path.join(folder, part)):
                raise InputError(f"{folder}: the folder {part}/ is missing. A pack has ontology/, data/ and queries/.")
        ontology = os.path.join(folder, "ontology")
        pack = cls(
            root=folder,
            ontology=_files(ontology, ".ttl", deep=False),
            shapes=_files(os.path.join(ontology, "shapes"), ".ttl", deep=True),
            data=_files(os.path.join(folder, "data"), ".ttl", deep=True),
            queries=_files(os.path.join(folder, "queries"), ".rq", deep=False),
        )
        if not pack.ontology:
            raise InputError(f"{ontology}: holds no .ttl file. Put the ontology of the pack there.")
        return pack

    @property
    def synonyms(self) -> str | None:
        """The path of the file of words that mean the same in questions, which a pack may have."""
        path = os.path.join(self.root, "queries", "synonyms.yaml")
        return path if os.path.isfile(path) else None

    def name(self, path: str) -> str:
        """Return ``path``, one of the pack's, as users know it: relative to the pack, with forward slashes."""
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def path(self, name: str) -> str:
        """Return the path of the file that users know as ``name``."""
        return os.path.join(self.root, *name.split("/"))

    def replace(self, contents: Iterable[tuple[str, bytes]]) -> list[str]:
        """Put files in place by their names, all or none, whenever the process may end; return the names.

        Raises InputError when one cannot be written.
        """
        from llmkg.journal import BusyError, UnfinishedError, replace_all  # noqa: PLC0415  (only to write)

        try:
            return replace_all(self.root, contents)
        except BusyError as error:
            raise InputError(f"{self.root}: another command is writing to it. Try again when it is done.") from error
        except OSError as error:
            place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else self.root
            left = "Nothing has changed; mend that and run it again."
            if isinstance(error, UnfinishedError):
                left = "Mend that; the next command puts back what has changed."
            raise InputError(f"{place}: cannot be written ({error.strerror}). {left}") from error


def is_shipped(root: str) -> bool:
    """Tell whether a pack lies in the package itself, where an update overwrites it; a checkout does not."""
    return os.path.realpath(root) == os.path.join(os.path.dirname(os.path.realpath(__file__)), "pack")


def check_own(root: str) -> None:
    """Raise UsageError for a pack that ``is_shipped``, before anything is written to it."""
    if is_shipped(root):
        raise UsageError(
            f"{root}: the graph that is installed with llmkg is not written to. Name a pack of yours with --graph."
        )


def _recover(folder: str) -> None:
    """Undo a change that was broken off; see ``llmkg.journal``."""
    from llmkg.journal import BusyError, recover  # noqa: PLC0415  (hardly ever needed)

    try:
        recover(folder)
    except BusyError as error:
        raise InputError(f"{folder}: another command is writing to it. Try again when that is done.") from error
    except OSError as error:
        raise InputError(
            f"{folder}: a change was broken off, and the old files cannot be put back ({error.strerror}). "
            "Mend that and run any command again."
        ) from error


def default_root() -> str:
    """Return the folder of the pack that ships with llmkg: in the wheel, or in the checkout."""
    package = os.path.dirname(os.path.realpath(__file__))
    shipped = os.path.join(package, "pack")
    return shipped if os.path.isdir(shipped) else os.path.dirname(os.path.dirname(package))


def _files(folder: str, extension: str, *, deep: bool) -> tuple[str, ...]:
    found: list[str] = []
    for place, folders, names in os.walk(folder):
        found += [os.path.join(place, name) for name in names if name.endswith(extension)]
        if not deep:
            folders.clear()
    return tuple(sorted(found))
