"""Find the files of a pack: a folder with ``ontology/``, ``data/`` and ``queries/``."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from llmkg.errors import InputError

__all__ = ["Pack", "default_root"]


class Pack(NamedTuple):
    """The files of one pack, each list sorted by path."""

    root: Path
    ontology: tuple[Path, ...]
    shapes: tuple[Path, ...]
    data: tuple[Path, ...]
    queries: tuple[Path, ...]

    @classmethod
    def open(cls, root: Path | str | None = None) -> Pack:
        """Return the pack at ``root``, or the one that ships with llmkg.

        Raises InputError, naming the missing part, when the folder is not a pack.
        """
        folder = Path(root) if root is not None else default_root()
        if not folder.is_dir():
            raise InputError(f"{folder}: no such folder. Give --graph a folder with ontology/, data/ and queries/.")
        for part in ("ontology", "data", "queries"):
            if not (folder / part).is_dir():
                raise InputError(f"{folder}: the folder {part}/ is missing. A pack has ontology/, data/ and queries/.")
        pack = cls(
            root=folder,
            ontology=_files(folder / "ontology", "*.ttl"),
            shapes=_files(folder / "ontology" / "shapes", "**/*.ttl"),
            data=_files(folder / "data", "**/*.ttl"),
            queries=_files(folder / "queries", "*.rq"),
        )
        if not pack.ontology:
            raise InputError(f"{folder / 'ontology'}: holds no .ttl file. Put the ontology of the pack there.")
        return pack

    def name(self, path: Path) -> str:
        """Return ``path`` as users know it: relative to the pack, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def default_root() -> Path:
    """Return the folder of the pack that ships with llmkg: in the wheel, or in the checkout."""
    package = Path(__file__).resolve().parent
    shipped = package / "pack"
    return shipped if shipped.is_dir() else package.parent.parent


def _files(folder: Path, pattern: str) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob(pattern)))
