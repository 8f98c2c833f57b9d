"""The command line: read the arguments, run one command, return the exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from llmkg import __version__
from llmkg.errors import LlmkgError, UsageError, did_you_mean

__all__ = ["main"]

_Command = Callable[[str, str], argparse.ArgumentParser]

_RESULTS = ("table", "json", "csv", "tsv", "xml")
_TRIPLES = ("turtle", "nt")
LIMIT = 25_000_000  # as ``llmkg.reason.LIMIT``, which is not imported to print help


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 findings, 2 to 4 errors."""
    parser = _parser()
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    try:
        options = parser.parse_args(arguments)
        from llmkg.commands import COMMANDS  # noqa: PLC0415  (--help needs none of it)

        code = COMMANDS[options.command](options)
        sys.stdout.flush()
    except LlmkgError as error:
        if debug:
            raise
        print(f"llmkg: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe has gone, as with `| head`: no error, and nothing left to flush.
        sys.stdout = None
        return 0
    except KeyboardInterrupt:
        return 130
    return code


class _Formatter(argparse.HelpFormatter):
    """The usual help, without the import of ``shutil`` that argparse would do for the width."""

    def __init__(self, prog: str) -> None:
        try:
            width = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            width = 80
        super().__init__(prog, width=width - 2)


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line with the nearest matches."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (as argparse)
        super().__init__(**{"formatter_class": _Formatter, **options})

    def error(self, message: str) -> NoReturn:
        text = message
        if "invalid choice: " in message:
            word = message.split("invalid choice: ", 1)[1].split(" (choose", 1)[0].strip("'\"")
            choices = [c.strip(" '\"") for c in message.split("(choose from", 1)[1].rstrip(")").split(",")]
            what = (
                "command"
                if "command" in message.split(":", 1)[0]
                else message.split(":", 1)[0].removeprefix("argument ")
            )
            text = f"{what} '{word}' is unknown.{did_you_mean(word, choices)}"
        raise UsageError(f"{text.rstrip('.')}. '{self.prog} --help' shows what there is.")


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument(
        "--graph", metavar="DIR", type=Path, help="another pack: a folder with ontology/, data/, queries/"
    )
    common.add_argument(
        "--cache", metavar="DIR", type=Path, help="keep the closed graph in DIR; default: the user's cache folder"
    )
    common.add_argument("--no-cache", action="store_true", help="keep nothing: close the graph in memory")
    common.add_argument("-o", "--output", metavar="FILE", type=Path, help="write to FILE instead of standard output")
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")

    parser = _Parser(
        prog="llmkg",
        description="Ask, explain, check and export a graph of large language model knowledge.",
    )
    parser.add_argument("--version", action="version", version=f"llmkg {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        description = f"{text[0].upper()}{text[1:]}."
        return commands.add_parser(name, help=text, description=description, parents=[common])

    _add_asking(command)
    _add_checking(command)
    return parser


def _add_asking(command: _Command) -> None:
    """Add the commands that ask and explain."""
    sub = command("queries", "list the saved queries with their questions")
    sub.add_argument("--tag", help="only those with this tag")
    _results(sub, "table", "json")
    _language(sub)

    sub = command("query", "run a saved query")
    sub.add_argument("name", metavar="NAME", help="the name of a saved query")
    sub.add_argument("values", metavar="PARAM=VALUE", nargs="*", help="a CURIE, an IRI, a label or a plain value")
    sub.add_argument("--asserted", action="store_true", help="ask only what the files say")
    sub.add_argument(
        "--sources", action="store_true", help="add the claims behind the rows, with their places and papers"
    )
    _results(sub, *_RESULTS)
    _language(sub)

    sub = command("sparql", "run any SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE")
    sub.add_argument("text", metavar="TEXT", nargs="?", help="the query; - reads standard input")
    sub.add_argument("--file", type=Path, help="read the query from a file")
    sub.add_argument("--asserted", action="store_true", help="ask only what the files say")
    sub.add_argument("--format", choices=(*_RESULTS, *_TRIPLES), help="default: table for rows, turtle for triples")

    sub = command("search", "find things by their names")
    sub.add_argument("words", metavar="WORDS", nargs="+", help="names or parts of names, in any language")
    sub.add_argument("--limit", type=int, default=20, metavar="N", help="at most N things; default: 20")
    _results(sub, "table", "json")
    _language(sub)

    sub = command("show", "show everything about one thing")
    sub.add_argument("term", metavar="TERM", help="a CURIE, an IRI or a label")
    _results(sub, "text", "json")
    _language(sub)

    sub = command("why", "prove a triple down to file, line and source, or say why it does not follow")
    for name in ("subject", "predicate", "object"):
        sub.add_argument(name, metavar=name.upper(), help="a CURIE, an IRI or a label")
    sub.add_argument("--all", metavar="N", type=_count, default=1, help="give up to N proofs; default: 1")
    _results(sub, "text", "json", "turtle")
    _language(sub)


def _add_checking(command: _Command) -> None:
    """Add the commands that count, check, close and write."""
    sub = command("stats", "count what the graph holds")
    _results(sub, "table", "json")
    _language(sub)

    sub = command("validate", "check the graph against its shapes")
    _results(sub, "text", "json")
    _language(sub)

    sub = command("reason", "print what follows from RDF files under OWL 2 RL")
    sub.add_argument("files", metavar="FILE", nargs="+", type=Path, help="RDF files in any format")
    sub.add_argument("--reasoner", choices=("llmkg", "owlrl"), default="llmkg", help="default: llmkg")
    sub.add_argument("--trivial", action="store_true", help="add what holds in every graph with these terms")
    sub.add_argument(
        "--limit", metavar="N", type=_count, default=LIMIT, help=f"infer at most N triples; default: {LIMIT}"
    )
    _results(sub, "nt", "turtle")

    sub = command("fmt", "put Turtle files into the sorted form")
    sub.add_argument("files", metavar="FILE", nargs="*", type=Path, help="default: every Turtle file of the pack")
    sub.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not in the form")

    sub = command("export", "write the graph in another format")
    sub.add_argument(
        "--part", choices=("all", "asserted", "inferred", "ontology", "data"), default="all", help="default: all"
    )
    _results(sub, "turtle", "nt", "jsonld")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above zero")
    return int(text)


def _results(sub: argparse.ArgumentParser, *formats: str) -> None:
    sub.add_argument("--format", choices=formats, default=formats[0], help=f"default: {formats[0]}")


def _language(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--lang", choices=("en", "zh"), default="en", help="language of labels; default: en")
