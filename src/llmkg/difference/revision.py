"""A git revision of a pack in, a temporary folder with its files out; the checkout is not touched."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from llmkg.errors import InputError, UsageError, shown

__all__ = ["revision_folder"]

_PARTS = ("ontology", "data", "queries")
_NO_REPOSITORY = "is in no git repository. Give a file or a folder, or --graph with a pack that is in one."


@contextmanager
def revision_folder(revision: str, root: str) -> Iterator[Path]:
    """Give a folder with the pack at ``root`` as it was in ``revision``, for as long as it is needed.

    Raises UsageError for a revision that git does not know, InputError where there is no git, no
    repository or no pack.
    """
    commit = _commit(revision, root)
    listed = _git(root, "ls-tree", "--name-only", "-z", commit)
    there = {name.decode(errors="replace") for name in listed.split(b"\0")}
    parts = [part for part in _PARTS if part in there]
    if not parts:
        raise InputError(
            f"{shown(revision)}: has no pack in it: ontology/, data/ and queries/ are not there. Try a later one."
        )
    archive = _git(root, "archive", "--format=tar", commit, "--", *parts)
    with tempfile.TemporaryDirectory(prefix="llmkg-") as folder:
        try:
            with tarfile.open(fileobj=BytesIO(archive)) as tar:
                tar.extractall(folder, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise InputError(
                f"{shown(revision)}: cannot be taken out of git ({error}). Check it out and give the folder."
            ) from error
        yield Path(folder)


def _commit(revision: str, root: str) -> str:
    """Return the hash of the commit that ``revision`` names."""
    if _run(root, "rev-parse", "--is-inside-work-tree").returncode:
        raise UsageError(f"{shown(revision)}: no such file, and {root} {_NO_REPOSITORY}")
    found = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        raise UsageError(
            f"{shown(revision)}: no such file, and no revision that git knows in {root}. 'git log' lists those there are."
        )
    return found.stdout.decode().strip()


def _git(root: str, *arguments: str) -> bytes:
    done = _run(root, *arguments)
    if done.returncode:
        reason = " ".join(done.stderr.decode(errors="replace").split()) or f"exit code {done.returncode}"
        raise InputError(f"{root}: git {arguments[0]} failed ({shown(reason)}). Mend the repository, or give folders.")
    return done.stdout


def _run(root: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", root, *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603  (no shell; git is the one of the user's PATH)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"git cannot be run ({reason}). Install git, or give two files or folders.") from error
