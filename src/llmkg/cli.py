"""The command line: read the arguments, run one command, return the exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from llmkg import __version__
from llmkg.commands import COMMANDS, command_module, execute
from llmkg.commands.printing import flush_out, tell
from llmkg.errors import LlmkgError, Phrase, UsageError, did_you_mean, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

__all__ = ["main", "run"]

_FEW = 10  # choices that fit into an error message


def run() -> NoReturn:
    """Run one command and end the process: the entry point of the console script.

    A process that has printed its answer has nothing left to tidy up, and to take down the
    interpreter and the store in good order takes longer than many a query.
    """
    if sys.argv[1:2] == ["complete"]:
        code = _complete(sys.argv[2:])
    else:
        code = _guarded() if sys.argv[1:2] == ["sparql"] else main()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:  # noqa: SIM105  (contextlib is one more import)
            stream.flush()
        except (OSError, ValueError):
            pass  # its reader has gone, or main has said that it cannot be written
    os._exit(code)


def _guarded() -> int:
    """Run ``main`` so that a query of anybody's, on which the engine breaks off, still ends in one line."""
    from llmkg.guard import guarded  # noqa: PLC0415  (only for such a query)

    try:
        return guarded(main)
    except LlmkgError as error:
        return _complain(error, error.exit_code, sys.argv[1:])
    except KeyboardInterrupt:
        return 130


def main(argv: Sequence[str] | None = None) -> int:  # noqa: PLR0911  (one for each way to end)
    """Run one command and return its exit code: 0 fine, 1 findings, 2 to 4 errors."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    try:
        _check_order(arguments)
        code = execute(_parsed(arguments))
        flush_out()
    except LlmkgError as error:
        if "--debug" in arguments:
            raise
        return _complain(error, error.exit_code, arguments, error.excerpt)
    except BrokenPipeError:
        # The reader of a pipe has gone, as with `| head`: no error, and nothing more to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if "--debug" in arguments:
            raise
        place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        reason = error.strerror or str(error) or type(error).__name__
        text = "{place}the system refuses ({reason}). Mend that or choose another place."
        return _complain(Phrase(text, place=place, reason=reason), 3, arguments)
    except SystemExit as end:  # argparse has printed --help or --version
        return int(end.code or 0)
    except Exception as error:
        if "--debug" in arguments:
            raise
        text = "unexpected {error}. Run it again with --debug and report what that prints."
        return _complain(Phrase(text, error=f"{type(error).__name__}: {error}"), 4, arguments)
    return code


def _complete(arguments: Sequence[str]) -> int:
    """Print what the end of a command line may become, for the scripts of ``llmkg completion``; never an error."""
    _speak_utf8()
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  (open to the end)
    try:
        from llmkg.commands.complete import candidates, for_bash  # noqa: PLC0415  (a query needs none of these)

        if arguments[:1] == ["bash"]:
            lines = list(for_bash(arguments[1], lambda words: candidates(words, _command_parser)))
        else:
            lines = ["\t".join(found).rstrip() for found in candidates(arguments[1:], _command_parser)]
        sys.stdout.write("".join(f"{' '.join(line.splitlines())}\n" for line in lines))
    except Exception:  # noqa: BLE001  (it would be printed into the line that someone is typing)
        return 1
    return 0


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; values of a query may stand after options too, which argparse does not see."""
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:2], "--help"]
    if not arguments:
        parser = _list_of_commands()
        parser.print_help(sys.stderr)
        raise UsageError(Phrase("give a COMMAND. Begin with 'llmkg ask', a question after it."))
    if arguments[0] not in COMMANDS:
        return _list_of_commands().parse_args(arguments)  # --help, --version or a mistake
    parser = _command_parser(arguments[0])
    options, rest = parser.parse_known_args(arguments[1:], argparse.Namespace(command=arguments[0]))
    if rest and options.command == "query" and not any(word.startswith("-") for word in rest):
        options.values = [*options.values, *rest]
    elif rest:
        parser.error(Phrase("unrecognized arguments: {words}", words=shown(" ".join(rest))))
    return options


def _complain(error: object, code: int, arguments: Sequence[str], excerpt: str = "") -> int:
    """Print one line, whatever the message holds, and what is to stand under it; return ``code``."""
    tell(error, _language(arguments), *filter(None, [excerpt]))
    return code


def _language(arguments: Sequence[str]) -> str:
    """Return the language to tell a mistake in: that of ``--lang``, else that of a question."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if word == "--lang" or word.startswith("--lang="):
            return following if word == "--lang" else word.removeprefix("--lang=")
    if arguments[:1] != ["ask"]:
        return "en"
    from llmkg.ask.words import is_chinese  # noqa: PLC0415  (only for a mistake)

    return "zh" if is_chinese(" ".join(arguments[1:])) else "en"


def _speak_utf8() -> None:
    """Write UTF-8 to a pipe or a file whatever the locale says: half of the labels are Chinese."""
    if sys.stdout is None:  # closed by whoever started us
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  (open to the end)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if encoding.lower().replace("-", "") != "utf8" and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def _check_order(arguments: Sequence[str]) -> None:
    """Refuse an option before the command, which argparse would misread."""
    if arguments and arguments[0].startswith("-") and arguments[0] not in ("-h", "--help", "--version"):
        text = "{option} stands before the command. Write 'llmkg COMMAND {option} ...'."
        raise UsageError(Phrase(text, option=arguments[0]))


class _Formatter(argparse.HelpFormatter):
    """The usual help, without the import of ``shutil`` that argparse would do for the width."""

    def __init__(self, prog: str) -> None:
        try:
            width = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            width = 80
        super().__init__(prog, width=width - 2)
        # argparse forgets the indentation of subcommands, and breaks the line of the longest
        self._action_max_length = max(map(len, COMMANDS)) + 4


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line with the nearest matches."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (as argparse)
        super().__init__(**{"formatter_class": _Formatter, **options})

    def error(self, message: str) -> NoReturn:
        """Raise UsageError in the place of argparse's two lines and exit."""
        text = Phrase("{message}", message=message)
        required = "the following arguments are required: "
        if message.startswith(required):
            text = Phrase("give what is required: {names}", names=message.removeprefix(required))
        elif "invalid choice: " in message:
            what, _, rest = message.partition("invalid choice: ")
            word, _, listed = rest.partition(" (choose from ")
            word, choices = word.strip("'\""), [choice.strip(" '\"") for choice in listed.rstrip(")").split(",")]
            name = "command" if "COMMAND" in what else what.removeprefix("argument ").rstrip(": ")
            few = Phrase(" Choose from {names}.", names=", ".join(choices)) if len(choices) <= _FEW else ""
            near = did_you_mean(word, choices)
            text = Phrase(
                "{name} '{word}' is unknown.{near}{few}", name=Phrase(name), word=shown(word), near=near, few=few
            )
        whole = "{problem} '{program} --help' shows what there is."
        if not text.endswith((".", "?")):
            whole = "{problem}. '{program} --help' shows what there is."
        raise UsageError(Phrase(whole, problem=text, program=self.prog))


def _list_of_commands() -> argparse.ArgumentParser:
    """Return the parser that knows the commands by name, without their arguments."""
    parser = _Parser(
        prog="llmkg", description="Ask, explain, check and export a graph of large language model knowledge."
    )
    parser.add_argument("--version", action="version", version=f"llmkg {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text)
    return parser


def _command_parser(name: str) -> argparse.ArgumentParser:
    """Return the parser of one command, alone: to build those of the others takes longer than a query."""
    text = COMMANDS[name]
    parser = _Parser(prog=f"llmkg {name}", description=f"{text[0].upper()}{text[1:]}.")
    parser.add_argument("--graph", metavar="DIR", help="another pack: a folder with ontology/, data/, queries/")
    parser.add_argument("--cache", metavar="DIR", help="keep the closed graph in DIR; default: the user's cache folder")
    parser.add_argument("--no-cache", action="store_true", help="keep nothing: close the graph in memory")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to FILE instead of standard output")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    command_module(name).add_arguments(parser)
    return parser
