"""Run what may end the process in a child process, and turn such an end into one line.

Oxigraph stops the whole process when it panics, as when ``ORDER BY`` meets values of several types
that it cannot put into one order (seen with pyoxigraph 0.5.13). No ``except`` sees that.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress

from llmkg.errors import EngineError

__all__ = ["guarded"]


def guarded(work: Callable[[], int]) -> int:
    """Call ``work`` in a child process and return what it returns, an exit code.

    The child shares standard input and output; its standard error is passed on when it has ended.
    Raises EngineError when a signal ended it. Where a process cannot be split (Windows), ``work`` is
    called in this one.
    """
    if not hasattr(os, "fork"):
        return work()
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            code = 4
            try:
                os.dup2(errors.fileno(), 2)
                code = _finished(work)
            except BaseException:  # noqa: BLE001  (nothing may go on in the child)
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            raise EngineError(
                f"the engine broke off in the middle of the query (signal {-code}). "
                "Where ORDER BY sorts values of several types, sort by STR(?value)."
            )
        errors.seek(0)
        sys.stderr.write(errors.read().decode(errors="replace"))
    return code


def _finished(work: Callable[[], int]) -> int:
    code = work()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # its reader has gone, or the command has said so
            stream.flush()
    return code
