"""Say on what the measurements were made: machine, Python, libraries, date."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["about"]

LIBRARIES = ("llmkg", "pyoxigraph", "rdflib", "owlrl", "pyshacl")


def about() -> dict[str, object]:
    """Return the facts by name."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "CPU": _cpu(),
        "cores": os.cpu_count(),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "load before": f"{os.getloadavg()[0]:.2f}",
        "Python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
        "oxigraph command": _oxigraph(),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _oxigraph() -> str:
    beside = Path(sys.executable).with_name("oxigraph")
    command = str(beside) if beside.is_file() else shutil.which("oxigraph")
    if command is None:
        return "not installed"
    answer = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return answer.stdout.strip()
