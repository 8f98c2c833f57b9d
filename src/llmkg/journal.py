"""Change several files of a folder all at once or not at all, whenever the process may end.

The new contents and copies of the old files are written to a folder of their own; a journal in it
says what is to be put where. Only when all that is on disk are the files put in place, one by one,
and the journal is struck out. Whoever opens the folder and finds a journal that stands, and nobody
at work, puts the old files back: ``recover``. So a change is there whole or it never was.

While a change is made the folder is locked; the lock goes with the process. Where the system
has no such locks (Windows), a journal is taken as left behind.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

__all__ = ["FOLDER", "BusyError", "UnfinishedError", "recover", "replace_all"]

FOLDER = ".llmkg-import"  # in the folder that is changed, while it is
_JOURNAL, _STRUCK = "journal.json", "done"
_WAIT = 30.0  # seconds until somebody else's change must be done
_PAUSE = 0.05


class BusyError(OSError):
    """Somebody else is changing the folder, and does not come to an end."""


class UnfinishedError(OSError):
    """A change could not be made, nor undone yet: ``recover`` has to do that."""


def replace_all(root: str, contents: Iterable[tuple[str, bytes]]) -> list[str]:
    """Put ``contents`` at their paths below ``root``; return the paths.

    A path is relative, with forward slashes; ``contents`` is read one by one, so that no more than one is
    in memory. Raises OSError when something cannot be written; the old files then stand untouched, but for
    UnfinishedError.
    """
    with _locked(root):
        place = os.path.join(root, FOLDER)
        if os.path.isdir(place):
            _put_back(root, place)
        os.mkdir(place)
        changes: list[dict[str, object]] = []
        try:
            for number, (path, content) in enumerate(contents):
                target = _inside(root, path)
                _write(os.path.join(place, f"{number}.new"), content)
                old = os.path.isfile(target)
                if old:
                    _copy(target, os.path.join(place, f"{number}.old"))
                    shutil.copymode(target, os.path.join(place, f"{number}.new"))
                changes.append({"path": path, "old": old})
            _write(os.path.join(place, "journal.part"), json.dumps(changes).encode())
            _sync(place)
            os.rename(os.path.join(place, "journal.part"), os.path.join(place, _JOURNAL))
            for number, change in enumerate(changes):
                target = _inside(root, str(change["path"]))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                os.replace(os.path.join(place, f"{number}.new"), target)
                _sync(os.path.dirname(target))
            os.rename(os.path.join(place, _JOURNAL), os.path.join(place, _STRUCK))
        except BaseException:
            try:
                _put_back(root, place)
            except OSError as error:
                raise UnfinishedError(error.errno, error.strerror, error.filename) from error
            raise
        shutil.rmtree(place)
    return [str(change["path"]) for change in changes]


def recover(root: str) -> None:
    """Put the old files back where a change of ``root`` was broken off; nothing when there is none.

    Waits while somebody is putting files in place; as long as he only prepares that, the old files stand.
    Raises BusyError when that takes too long, OSError when the files cannot be put back.
    """
    place = os.path.join(root, FOLDER)
    journal = os.path.join(place, _JOURNAL)
    if os.path.isdir(place):
        with _locked(root, lambda: os.path.isfile(journal)) as alone:
            if alone and os.path.isdir(place):  # else its maker has come to an end while we waited
                _put_back(root, place)


def _put_back(root: str, place: str) -> None:
    """Undo what the journal in ``place`` says, if it stands, and take the folder away."""
    journal = os.path.join(place, _JOURNAL)
    if os.path.isfile(journal):
        with open(journal, encoding="utf-8") as file:
            changes = json.load(file)
        for number, change in enumerate(changes):
            target = _inside(root, change["path"])
            if change["old"]:
                again = os.path.join(place, f"{number}.again")
                if os.path.exists(again):
                    os.unlink(again)
                _copy(os.path.join(place, f"{number}.old"), again)
                os.replace(again, target)
            elif os.path.exists(target):
                os.unlink(target)
        os.rename(journal, os.path.join(place, _STRUCK))
    shutil.rmtree(place)


def _inside(root: str, path: str) -> str:
    """Return the path below ``root``; raises OSError when a link leads out of it."""
    target = os.path.realpath(os.path.join(root, *path.split("/")))
    if not target.startswith(os.path.join(os.path.realpath(root), "")):
        raise OSError(0, "it is a link to a place outside of the folder", path)
    return target


def _write(path: str, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _copy(path: str, copy: str) -> None:
    with open(path, "rb") as file:
        _write(copy, file.read())
    shutil.copystat(path, copy)


def _sync(folder: str) -> None:
    """Have the names in a folder on disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _locked(root: str, is_needed: Callable[[], bool] = lambda: True) -> Iterator[bool]:
    """Hold the lock of ``root``, and yield whether it is held: not when somebody else has it and it is not needed.

    Raises BusyError when somebody else does not let go of it.
    """
    try:
        import fcntl  # noqa: PLC0415  (not there on Windows)
    except ImportError:
        yield True
        return
    handle = os.open(root, os.O_RDONLY)
    try:
        end = time.monotonic() + _WAIT
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if not is_needed():
                    yield False
                    return
                if time.monotonic() > end:
                    raise BusyError(0, "another command is changing it", root) from error
                time.sleep(_PAUSE)
        yield True
    finally:
        os.close(handle)  # and the lock with it
