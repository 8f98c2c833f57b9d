"""The command line: read arguments, call the library, print, return the exit code."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from llmkg import __version__
from llmkg.errors import LlmkgError, UsageError, did_you_mean

if TYPE_CHECKING:
    from llmkg.engine import Result
    from llmkg.graph import KnowledgeGraph

__all__ = ["main"]

_RESULTS = ("table", "json", "csv", "tsv", "xml")
_TRIPLES = ("turtle", "nt")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 findings, 2 to 4 errors."""
    parser = _parser()
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    try:
        options = parser.parse_args(arguments)
        code: int = options.run(options)
        sys.stdout.flush()
    except LlmkgError as error:
        if debug:
            raise
        print(f"llmkg: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe has gone, as with `| head`: no error, and nothing left to flush.
        sys.stdout = None  # type: ignore[assignment]
        return 0
    except KeyboardInterrupt:
        return 130
    return code


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line with the nearest matches."""

    def error(self, message: str) -> NoReturn:
        text = message
        if "invalid choice: " in message:
            word = message.split("invalid choice: ", 1)[1].split(" (choose", 1)[0].strip("'\"")
            choices = [c.strip(" '\"") for c in message.split("(choose from", 1)[1].rstrip(")").split(",")]
            what = "command" if "command" in message.split(":", 1)[0] else message.split(":", 1)[0].removeprefix("argument ")
            text = f"{what} '{word}' is unknown.{did_you_mean(word, choices)}"
        raise UsageError(f"{text.rstrip('.')}. '{self.prog} --help' shows what there is.")


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument("--graph", metavar="DIR", type=Path, help="another pack: a folder with ontology/, data/, queries/")
    common.add_argument("-o", "--output", metavar="FILE", type=Path, help="write to FILE instead of standard output")
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")

    parser = _Parser(prog="llmkg", description="Ask, explain, check and export a graph of large language model knowledge.")
    parser.add_argument("--version", action="version", version=f"llmkg {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", parents=[common])
        sub.set_defaults(run=run)
        return sub

    def results(sub: argparse.ArgumentParser, *formats: str) -> None:
        sub.add_argument("--format", choices=formats, default=formats[0], help=f"default: {formats[0]}")

    def language(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--lang", choices=("en", "zh"), default="en", help="language of labels; default: en")

    sub = command("queries", _queries, "list the saved queries with their questions")
    sub.add_argument("--tag", help="only those with this tag")
    results(sub, "table", "json")
    language(sub)

    sub = command("query", _query, "run a saved query")
    sub.add_argument("name", metavar="NAME", help="the name of a saved query")
    sub.add_argument("values", metavar="PARAM=VALUE", nargs="*", help="a CURIE, an IRI, a label or a plain value")
    sub.add_argument("--asserted", action="store_true", help="ask only what the files say")
    sub.add_argument("--sources", action="store_true", help="add the claims behind the rows, with their places and papers")
    results(sub, *_RESULTS)
    language(sub)

    sub = command("sparql", _sparql, "run any SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE")
    sub.add_argument("text", metavar="TEXT", nargs="?", help="the query; - reads standard input")
    sub.add_argument("--file", type=Path, help="read the query from a file")
    sub.add_argument("--asserted", action="store_true", help="ask only what the files say")
    sub.add_argument("--format", choices=(*_RESULTS, *_TRIPLES), help="default: table for rows, turtle for triples")

    sub = command("search", _search, "find things by their names")
    sub.add_argument("words", metavar="WORDS", nargs="+", help="names or parts of names, in any language")
    sub.add_argument("--limit", type=int, default=20, metavar="N", help="at most N things; default: 20")
    results(sub, "table", "json")
    language(sub)

    sub = command("show", _show, "show everything about one thing")
    sub.add_argument("term", metavar="TERM", help="a CURIE, an IRI or a label")
    results(sub, "text", "json")
    language(sub)

    sub = command("stats", _stats, "count what the graph holds")
    results(sub, "table", "json")
    language(sub)

    sub = command("validate", _validate, "check the graph against its shapes")
    results(sub, "text", "json")
    language(sub)

    sub = command("fmt", _fmt, "put Turtle files into the sorted form")
    sub.add_argument("files", metavar="FILE", nargs="*", type=Path, help="default: every Turtle file of the pack")
    sub.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not in the form")

    sub = command("export", _export, "write the graph in another format")
    sub.add_argument("--part", choices=("all", "asserted", "inferred", "ontology", "data"), default="all", help="default: all")
    results(sub, "turtle", "nt", "jsonld")
    return parser


# -- commands -------------------------------------------------------------------------------


def _queries(options: argparse.Namespace) -> int:
    queries = [q for q in _open(options).queries.values() if options.tag is None or options.tag in q.tags]
    if not queries:
        tags = sorted({tag for q in _open(options).queries.values() for tag in q.tags})
        raise UsageError(f"no saved query has the tag '{options.tag}'.{did_you_mean(options.tag or '', tags)}")
    if options.format == "json":
        listed = [
            {
                "name": q.name,
                "title": q.title,
                "question": {lang: list(texts) for lang, texts in q.question.items()},
                "description": q.description,
                "tags": list(q.tags),
                "parameters": [
                    {"name": p.name, "type": p.type, "class": list(p.classes), "required": p.required, "example": p.example}
                    for p in q.parameters
                ],
                "columns": [{"name": c.name, "type": c.type, "description": c.description} for c in q.columns],
            }
            for q in queries
        ]
        return _print_json(options, listed)
    rows = []
    for query in queries:
        takes = " ".join(p.name if p.required else f"[{p.name}]" for p in query.parameters)
        rows.append((query.name, query.question.get(options.lang, (query.title,))[0], takes))
    return _print_table(options, ("query", "question", "parameters"), rows)


def _query(options: argparse.Namespace) -> int:
    kg = _open(options)
    query = kg.saved_query(options.name)
    values: dict[str, str] = {}
    for pair in options.values:
        name, equals, value = pair.partition("=")
        if not equals:
            example = next((f"{p.name}='{pair}'" for p in query.parameters), None)
            hint = f" Write {example}." if example else " This query takes no parameter."
            raise UsageError(f"'{pair}' is not PARAM=VALUE.{hint}")
        query.parameter(name)
        if name in values:
            raise UsageError(f"the parameter {name} is given twice. Give it once.")
        values[name] = value
    bound = kg.bind(query, values, options.lang)
    text, asserted = query.bind(bound), options.asserted or query.entailment == "asserted"
    if options.format != "table":
        if options.sources:
            raise UsageError("--sources goes with the table only. 'llmkg query claims-about' gives claims as rows.")
        return _print_bytes(options, kg.engine.serialize(text, options.format, asserted=asserted))
    result = kg.engine.query(text, asserted=asserted)
    _print_result(options, kg, result)
    if options.sources:
        named = [term for row in result for term in row if term is not None]
        _print_sources(options, kg, [*bound.values(), *named])
    return 0


def _sparql(options: argparse.Namespace) -> int:
    text = _query_text(options)
    kg = _open(options)
    if options.format in ("json", "csv", "tsv", "xml"):
        return _print_bytes(options, kg.engine.serialize(text, options.format, asserted=options.asserted))
    result = kg.sparql(text, asserted=options.asserted)
    if result.triples is not None:
        from llmkg.export import export_text  # noqa: PLC0415

        if options.format == "table":
            raise UsageError("a CONSTRUCT or DESCRIBE query gives triples, not a table. Use --format turtle or nt.")
        return _print(options, export_text(result.triples, options.format or "turtle", kg.prefixes))
    if options.format in _TRIPLES:
        raise UsageError(f"a SELECT or ASK query gives no triples. Use one of {', '.join(_RESULTS)}.")
    if result.boolean is not None:
        return _print(options, "yes\n" if result.boolean else "no\n")
    options.lang = "en"
    _print_result(options, kg, result)
    return 0


def _search(options: argparse.Namespace) -> int:
    kg = _open(options)
    words = " ".join(options.words)
    hits = kg.find(words, options.limit)
    if options.format == "json":
        found = [
            {"term": hit.term.value, "label": kg.label(hit.term, options.lang), "matched": hit.name, "kinds": _kinds(kg, hit.term, options.lang)}
            for hit in hits
        ]
        return _print_json(options, found)
    if not hits:
        print(f"llmkg: nothing is called '{words}'. Try fewer or other words.", file=sys.stderr)
        return 1
    rows = [
        (kg.short(hit.term), kg.label(hit.term, options.lang), ", ".join(_kinds(kg, hit.term, options.lang)), hit.name)
        for hit in hits
    ]
    return _print_table(options, ("term", "label", "kind", "matched"), rows)


def _show(options: argparse.Namespace) -> int:
    from llmkg.describe import description_json, description_text  # noqa: PLC0415

    kg = _open(options)
    description = kg.describe(options.term)
    if options.format == "json":
        return _print_json(options, description_json(kg, description, options.lang))
    return _print(options, description_text(kg, description, options.lang, _width(options) or 100))


def _stats(options: argparse.Namespace) -> int:
    kg = _open(options)
    statistics = kg.statistics()
    coverage = kg.query("coverage", lang=options.lang) if "coverage" in kg.queries else None
    if options.format == "json":
        counts: dict[str, object] = {
            "files": statistics.files,
            "asserted": statistics.asserted,
            "inferred": statistics.inferred,
            "classes": {kg.short(cls): count for cls, count in statistics.classes.items()},
        }
        if coverage is not None:
            counts["coverage"] = coverage.to_dicts()
        return _print_json(options, counts)
    rows = [("files", str(statistics.files)), ("asserted triples", str(statistics.asserted)), ("inferred triples", str(statistics.inferred))]
    rows += [(f"{kg.label(cls, options.lang)} ({kg.short(cls)})", str(count)) for cls, count in statistics.classes.items()]
    _print_table(options, ("what", "count"), rows)
    if coverage is not None:
        _print(options, "\n")
        _print_result(options, kg, coverage)
        held = all(row.get("count") == row.get("expected") for row in coverage.to_dicts())
        return 0 if held else 1
    return 0


def _validate(options: argparse.Namespace) -> int:
    kg = _open(options)
    findings = kg.validate()
    if options.format == "json":
        _print_json(
            options,
            [
                {"focus": f.focus, "path": f.path, "component": f.component, "value": f.value, "severity": f.severity, "messages": dict(f.messages)}
                for f in findings
            ],
        )
    else:
        for f in findings:
            _print(options, f"{f.focus} {f.path}: {f.message(options.lang)} [{f.component}{': ' + f.value if f.value else ''}]\n")
        shapes = len(kg.pack.shapes)
        print(f"llmkg: {len(findings)} findings from {shapes} files of shapes.", file=sys.stderr)
    return 1 if findings else 0


def _fmt(options: argparse.Namespace) -> int:
    from llmkg.files import write_whole  # noqa: PLC0415
    from llmkg.fmt import format_files  # noqa: PLC0415
    from llmkg.pack import Pack  # noqa: PLC0415

    if options.files:
        paths = options.files
    else:
        pack = Pack.open(options.graph)
        paths = [*pack.ontology, *pack.shapes, *pack.data]
    changed = [item for item in format_files(paths) if item.changed]
    for item in changed:
        if not options.check:
            write_whole(item.path, item.after)
        print(f"{'not in the sorted form' if options.check else 'formatted'}: {item.path}", file=sys.stderr)
    print(f"llmkg: {len(paths)} files, {len(changed)} {'to format' if options.check else 'formatted'}.", file=sys.stderr)
    return 1 if changed and options.check else 0


def _export(options: argparse.Namespace) -> int:
    return _print(options, _open(options).export(options.format, options.part))


# -- printing -------------------------------------------------------------------------------


def _open(options: argparse.Namespace) -> KnowledgeGraph:
    from llmkg.graph import KnowledgeGraph  # noqa: PLC0415

    return KnowledgeGraph.open(options.graph)


def _query_text(options: argparse.Namespace) -> str:
    if (options.text is None) == (options.file is None):
        raise UsageError("give the query either as text or with --file.")
    if options.file is not None:
        from llmkg.errors import InputError  # noqa: PLC0415

        try:
            return str(options.file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{options.file}: cannot be read ({error}).") from error
    return sys.stdin.read() if options.text == "-" else str(options.text)


def _kinds(kg: KnowledgeGraph, term: object, lang: str) -> list[str]:
    classes = kg.lexicon.classes(term)  # type: ignore[arg-type]
    return sorted(kg.label(cls, lang) for cls in classes)


def _width(options: argparse.Namespace) -> int | None:
    """Return the width to keep to: the terminal's, or none when writing to a file or a pipe."""
    if options.output is not None or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def _print_result(options: argparse.Namespace, kg: KnowledgeGraph, result: Result) -> None:
    rows = [["" if term is None else kg.short(term) for term in row] for row in result]
    _print_table(options, result.variables, rows)


def _print_sources(options: argparse.Namespace, kg: KnowledgeGraph, terms: Sequence[object]) -> None:
    lines = ["\nSources\n"]
    for claim in kg.claims_between(terms):  # type: ignore[arg-type]
        places = ", ".join(kg.label(section, options.lang) for section in claim.sections)
        basis = kg.label(claim.basis, options.lang) if claim.basis else ""
        lines.append(f"- {kg.label(claim.claim, options.lang)}: {places} ({basis})\n")
        lines.extend(f"    {kg.label(paper, options.lang)} [{kg.short(paper)}]\n" for paper in claim.papers)
    _print(options, "".join(lines))


def _print_table(options: argparse.Namespace, header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    from llmkg.render import table  # noqa: PLC0415

    return _print(options, table(header, rows, _width(options)))


def _print_json(options: argparse.Namespace, value: object) -> int:
    return _print(options, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _print_bytes(options: argparse.Namespace, data: bytes) -> int:
    text = data.decode()
    return _print(options, text if text.endswith("\n") else text + "\n")


def _print(options: argparse.Namespace, text: str) -> int:
    """Print ``text``, or keep it for the file of ``-o``, which is written whole at the end."""
    if options.output is None:
        sys.stdout.write(text)
        return 0
    from llmkg.files import write_whole  # noqa: PLC0415

    options.written = getattr(options, "written", "") + text
    write_whole(options.output, options.written)
    return 0
