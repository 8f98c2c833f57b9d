"""Run a command in a fresh process and say how long it took, how much memory, and what it printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from time import perf_counter
from typing import IO, Any

from benchmarks.measure import StoppedError

__all__ = ["PROJECT", "Run", "run", "task"]

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 3600.0  # seconds that one process may take
MEMORY = 0.9  # of the machine, that one task may take: it fails then, and not the machine


@dataclass(frozen=True)
class Run:
    """One finished process; ``memory`` is its largest resident set in bytes (``ru_maxrss``)."""

    seconds: float
    memory: int
    output: str
    errors: str

    @property
    def parts(self) -> dict[str, Any]:
        """What a task has returned."""
        found: dict[str, Any] = json.loads(self.output)
        return found


def run(command: Sequence[str | Path], patience: float = PATIENCE) -> Run:
    """Run ``command`` in the folder of the project; raises StoppedError when it fails or takes too long."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = perf_counter()
        process = subprocess.Popen(  # noqa: S603  (our own commands)
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            cwd=PROJECT,
            env=_environment(),
        )
        timer = Timer(patience, process.kill)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            seconds = perf_counter() - start
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise StoppedError(_reason(process.returncode, seconds, patience, _text(errors)))
        unit = 1 if sys.platform == "darwin" else 1024
        return Run(seconds, usage.ru_maxrss * unit, _text(output), _text(errors))


def task(module: str, function: str, *arguments: object, patience: float = PATIENCE) -> Run:
    """Call ``benchmarks.MODULE.FUNCTION(ARGUMENTS)`` in a fresh process; it must return a dictionary."""
    return run([sys.executable, "-m", "benchmarks.process", module, function, *map(str, arguments)], patience)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _environment() -> dict[str, str]:
    """Return our environment, in which Python keeps what it has compiled, as it does for its users."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _reason(code: int, seconds: float, patience: float, errors: str) -> str:
    if seconds >= patience:
        return f"stopped after {patience:.0f} s"
    last = errors.strip().splitlines()[-1:] or [""]
    return f"failed with exit code {code}: {last[0][:200]}"


def _serve(module: str, function: str, *arguments: str) -> None:
    """Do what ``task`` asks for, in the new process."""
    from importlib import import_module  # noqa: PLC0415
    from resource import RLIMIT_DATA, setrlimit  # noqa: PLC0415

    room = int(MEMORY * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    setrlimit(RLIMIT_DATA, (room, room))

    print(json.dumps(getattr(import_module(f"benchmarks.{module}"), function)(*arguments)))


if __name__ == "__main__":
    _serve(*sys.argv[1:])
