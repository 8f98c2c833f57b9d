"""What the commands print: text, tables, JSON; kept for the file of ``-o`` when there is one."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from llmkg.errors import InputError, Phrase, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from llmkg.graph import KnowledgeGraph
    from llmkg.render import Style

__all__ = [
    "counted",
    "flush_out",
    "kinds",
    "print_bytes",
    "print_json",
    "print_table",
    "print_text",
    "tell",
    "terminal_style",
    "terminal_width",
    "unwritable",
    "write_out",
]

_USUAL_WIDTH = 80
_LEAST = 20  # columns of a line, however narrow the terminal
_FIRST_VTE = 5000  # 0.50.0, which a link could bring down


def print_text(options: argparse.Namespace, text: str) -> int:
    """Print ``text``, or keep it for the file of ``-o``, which ``execute`` writes whole at the end."""
    if options.output is None:
        write_out(text)
    else:
        options.written = getattr(options, "written", "") + text
    return 0


def write_out(data: str | bytes) -> None:
    """Write to standard output, bytes as they are; raises InputError, or BrokenPipeError when its reader has gone."""
    try:
        if isinstance(data, str):
            sys.stdout.write(data)
        elif (binary := getattr(sys.stdout, "buffer", None)) is not None:
            sys.stdout.flush()
            binary.write(data)
        else:  # replaced by something that takes text only
            sys.stdout.write(data.decode())
    except OSError as error:
        raise unwritable(error) from error


def flush_out() -> None:
    """Write what standard output has kept back; raises as ``write_out``."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise unwritable(error) from error


def unwritable(error: OSError) -> Exception:
    """Return the error for standard output that cannot be written: a reader that has gone is none of ours."""
    if isinstance(error, BrokenPipeError):
        return error
    text = "standard output cannot be written ({reason}). Use -o with another place."
    return InputError(Phrase(text, reason=error.strerror))


def tell(text: object, lang: str = "en", *more: str) -> None:
    """Say something on standard error: one line after ``llmkg: ``, then the lines ``more`` as they are.

    ``text`` may be a phrase or an error, told in ``lang``. On a terminal a long line is broken between words.
    """
    if sys.stderr is None:  # closed by whoever started us
        return
    line = f"llmkg: {' '.join(told(text, lang).splitlines())}"
    if sys.stderr.isatty() and len(line) * 2 > (width := _columns(sys.stderr)):  # a letter takes two columns at most
        from llmkg.render import wrap  # noqa: PLC0415  (most are short)

        line = "\n  ".join(wrap(line, max(_LEAST, width - 2)))
    print(line, *more, sep="\n", file=sys.stderr)


def counted(number: int, noun: str) -> str:
    """Return ``1 finding``, ``2 findings``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_bytes(options: argparse.Namespace, data: bytes) -> int:
    """Print what an engine has serialized, ended by a newline; a format may say how its lines end."""
    data = data if data.endswith(b"\n") else data + b"\n"
    if options.output is not None:
        return print_text(options, data.decode())
    write_out(data)
    return 0


def print_json(options: argparse.Namespace, value: object) -> int:
    """Print ``value`` as JSON."""
    import json  # noqa: PLC0415

    return print_text(options, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_table(options: argparse.Namespace, header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Print a table, as wide as the terminal at most; the header may be phrases."""
    from llmkg.render import table  # noqa: PLC0415

    names = [told(name, options.lang) for name in header]
    return print_text(options, table(names, rows, terminal_width(options), terminal_style(options)))


def kinds(kg: KnowledgeGraph, term: object, lang: str) -> list[str]:
    """Return the labels of the most specific classes of ``term``."""
    from llmkg.terms import OWL  # noqa: PLC0415  (--help needs no engine)

    classes = kg.lexicon.narrowest(kg.lexicon.classes(term))  # type: ignore[arg-type]
    own = [cls for cls in classes if not cls.value.startswith(str(OWL))]  # owl:NamedIndividual says nothing
    return sorted(kg.label(cls, lang) for cls in own or classes)


def terminal_width(options: argparse.Namespace) -> int | None:
    """Return the width to keep to: ``COLUMNS``, the terminal's, or none when writing to a file or a pipe."""
    if not _is_terminal(options):
        return None
    return _columns(sys.stdout)


def _columns(stream: TextIO) -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def terminal_style(options: argparse.Namespace) -> Style:
    """Return what the terminal shows besides characters; nothing when writing to a file or a pipe.

    ``NO_COLOR`` (https://no-color.org) and a dumb terminal turn colour off. Links are for the
    terminals that are known to follow them; ``FORCE_HYPERLINK`` says 1 or 0 for any other.
    """
    from llmkg.render import PLAIN, Style  # noqa: PLC0415

    term = os.environ.get("TERM", "xterm" if "WT_SESSION" in os.environ else "dumb")  # Windows sets no TERM
    if not _is_terminal(options) or term in ("", "dumb"):
        return PLAIN
    return Style(colour=not os.environ.get("NO_COLOR"), links=_follows_links(os.environ))


def _follows_links(environment: Mapping[str, str]) -> bool:
    """Tell whether the terminal takes OSC 8 links: https://github.com/Alhadis/OSC8-Adoption."""
    forced = environment.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in ("", "0")
    term = environment.get("TERM", "")
    if environment.get("TMUX") or term.startswith(("screen", "tmux")) or environment.get("CI"):
        return False  # what stands between may not pass them on
    version = environment.get("VTE_VERSION", "")
    return (
        (version.isdecimal() and int(version) > _FIRST_VTE)
        or environment.get("TERM_PROGRAM") in ("iTerm.app", "WezTerm", "vscode", "ghostty")
        or term in ("xterm-kitty", "xterm-ghostty", "foot", "alacritty")
        or "WT_SESSION" in environment
    )


def _is_terminal(options: argparse.Namespace) -> bool:
    return options.output is None and sys.stdout.isatty()
