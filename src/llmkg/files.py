"""Write files whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from llmkg.errors import InputError

__all__ = ["replace_file", "write_folder", "write_parts", "write_whole"]


def write_whole(path: Path, content: str | bytes) -> None:
    """Put ``content`` at ``path`` in one step; on any failure the old file stands untouched.

    Raises InputError when the folder is missing or not writable.
    """
    write_parts(path, [content.encode() if isinstance(content, str) else content])


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Put the joined ``parts`` at ``path`` in one step, as ``write_whole`` does, without joining them in memory."""
    try:
        _replace(path, parts)
    except OSError as error:
        raise _unwritable(path, error) from error


def write_folder(path: Path, files: Mapping[str, bytes], kind: str) -> None:
    """Put ``files`` into a new folder at ``path``, whole or not at all.

    A folder that holds nothing but files that end in ``kind`` is replaced. Raises InputError when
    there is anything else at ``path``, or when it cannot be written.
    """
    if path.is_dir() and not all(name.endswith(kind) for name in os.listdir(path)):
        raise InputError(f"{path}: holds other things than {kind} files. Choose another place with -o.")
    if path.exists() and not path.is_dir():
        raise InputError(f"{path}: is there already, and is no folder. Choose another place with -o.")
    try:
        place = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        try:
            new = place / "new"
            new.mkdir()
            for name, content in files.items():
                (new / name).write_bytes(content)
            if path.exists():
                os.rename(path, place / "old")
            os.rename(new, path)
        except BaseException:
            if (place / "old").exists() and not path.exists():
                os.rename(place / "old", path)
            raise
        finally:
            shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` in one step; raises OSError and leaves the old file on any failure."""
    _replace(path, [data])


def _replace(path: Path, parts: Iterable[bytes]) -> None:
    path = Path(os.path.realpath(path))  # a link stays a link
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as device:  # a pipe or a device is written to, never replaced
            device.writelines(parts)
        return
    if path.is_dir():
        raise IsADirectoryError(21, "Is a directory")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        os.chmod(name, mode)
        os.replace(name, path)
    finally:
        if os.path.exists(name):
            os.unlink(name)


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path}: cannot be written ({error.strerror}). Choose another place with -o.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
