"""Write files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from llmkg.errors import InputError

__all__ = ["replace_file", "write_whole"]


def write_whole(path: Path, content: str | bytes) -> None:
    """Put ``content`` at ``path`` in one step; on any failure the old file stands untouched.

    Raises InputError when the folder is missing or not writable.
    """
    try:
        replace_file(path, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}). Choose another place with -o.") from error


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` in one step; raises OSError and leaves the old file on any failure."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        os.chmod(name, mode)
        os.replace(name, path)
    finally:
        if os.path.exists(name):
            os.unlink(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
