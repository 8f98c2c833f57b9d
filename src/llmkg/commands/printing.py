"""What the commands print: text, tables, JSON; kept for the file of ``-o`` when there is one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from llmkg.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from llmkg.engine import Result
    from llmkg.graph import KnowledgeGraph

__all__ = [
    "counted",
    "flush_out",
    "kinds",
    "print_bytes",
    "print_json",
    "print_result",
    "print_table",
    "print_text",
    "terminal_width",
    "write_out",
]


def print_text(options: argparse.Namespace, text: str) -> int:
    """Print ``text``, or keep it for the file of ``-o``, which ``execute`` writes whole at the end."""
    if options.output is None:
        write_out(text)
    else:
        options.written = getattr(options, "written", "") + text
    return 0


def write_out(text: str) -> None:
    """Write ``text`` to standard output; raises InputError, or BrokenPipeError when its reader has gone."""
    try:
        sys.stdout.write(text)
    except OSError as error:
        raise _unwritable(error) from error


def flush_out() -> None:
    """Write what standard output has kept back; raises as ``write_out``."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise _unwritable(error) from error


def _unwritable(error: OSError) -> Exception:
    if isinstance(error, BrokenPipeError):
        return error
    return InputError(f"standard output cannot be written ({error.strerror}). Use -o with another place.")


def counted(number: int, noun: str) -> str:
    """Return ``1 finding``, ``2 findings``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_bytes(options: argparse.Namespace, data: bytes) -> int:
    """Print what an engine has serialized, ended by a newline."""
    text = data.decode()
    return print_text(options, text if text.endswith("\n") else text + "\n")


def print_json(options: argparse.Namespace, value: object) -> int:
    """Print ``value`` as JSON."""
    import json  # noqa: PLC0415

    return print_text(options, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_table(options: argparse.Namespace, header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Print a table, as wide as the terminal at most."""
    from llmkg.render import table  # noqa: PLC0415

    return print_text(options, table(header, rows, terminal_width(options)))


def print_result(options: argparse.Namespace, kg: KnowledgeGraph, result: Result) -> None:
    """Print the rows of ``result`` as a table."""
    rows = [["" if term is None else kg.short(term) for term in row] for row in result]
    print_table(options, result.variables, rows)


def kinds(kg: KnowledgeGraph, term: object, lang: str) -> list[str]:
    """Return the labels of the most specific classes of ``term``."""
    from llmkg.terms import OWL  # noqa: PLC0415  (--help needs no engine)

    classes = kg.lexicon.narrowest(kg.lexicon.classes(term))  # type: ignore[arg-type]
    own = [cls for cls in classes if not cls.value.startswith(str(OWL))]  # owl:NamedIndividual says nothing
    return sorted(kg.label(cls, lang) for cls in own or classes)


def terminal_width(options: argparse.Namespace) -> int | None:
    """Return the width to keep to: the terminal's, or none when writing to a file or a pipe."""
    if options.output is not None or not sys.stdout.isatty():
        return None
    import shutil  # noqa: PLC0415

    return shutil.get_terminal_size().columns
