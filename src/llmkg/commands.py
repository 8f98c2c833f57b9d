"""The commands: call the library, print what it gives, return the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from llmkg.errors import UsageError, did_you_mean, unreadable

if TYPE_CHECKING:
    import argparse

    from llmkg.engine import Result
    from llmkg.graph import KnowledgeGraph

__all__ = ["COMMANDS", "execute"]

_ROWS = ("json", "csv", "tsv", "xml")
_TRIPLES = ("turtle", "nt")


def _queries(options: argparse.Namespace) -> int:
    queries = [q for q in _open(options).queries.values() if options.tag is None or options.tag in q.tags]
    if not queries:
        tags = sorted({tag for q in _open(options).queries.values() for tag in q.tags})
        near = did_you_mean(options.tag or "", tags) or (
            f" Use one of {', '.join(tags)}." if tags else " No query here has a tag."
        )
        raise UsageError(f"no saved query has the tag '{options.tag}'.{near}")
    if options.format == "json":
        listed = [
            {
                "name": q.name,
                "title": q.title,
                "question": {lang: list(texts) for lang, texts in q.question.items()},
                "description": q.description,
                "tags": list(q.tags),
                "parameters": [
                    {
                        "name": p.name,
                        "type": p.type,
                        "class": list(p.classes),
                        "required": p.required,
                        "example": p.example,
                    }
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
    if options.format != "table":
        if options.sources:
            raise UsageError("--sources goes with the table only. 'llmkg query claims-about' gives claims as rows.")
        return _print_bytes(options, kg.serialize(query, bound, options.format, asserted=options.asserted))
    result = kg.run(query, bound, asserted=options.asserted)
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
        raise UsageError(f"a SELECT or ASK query gives no triples. Use one of {', '.join(('table', *_ROWS))}.")
    if result.boolean is not None:
        return _print(options, "yes\n" if result.boolean else "no\n")
    options.lang = "en"
    _print_result(options, kg, result)
    return 0


def _search(options: argparse.Namespace) -> int:
    kg = _open(options)
    words = " ".join(" ".join(options.words).split())
    hits = kg.find(words, options.limit)
    if options.format == "json":
        found = [
            {
                "term": hit.term.value,
                "label": kg.label(hit.term, options.lang),
                "matched": hit.name,
                "kinds": _kinds(kg, hit.term, options.lang),
            }
            for hit in hits
        ]
        _print_json(options, found)
        return 0 if hits else 1
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
    rows = [
        ("files", str(statistics.files)),
        ("asserted triples", str(statistics.asserted)),
        ("inferred triples", str(statistics.inferred)),
    ]
    rows += [
        (f"{kg.label(cls, options.lang)} ({kg.short(cls)})", str(count)) for cls, count in statistics.classes.items()
    ]
    _print_table(options, ("what", "count"), rows)
    if coverage is not None:
        _print(options, "\n")
        _print_result(options, kg, coverage)
    return 0


def _validate(options: argparse.Namespace) -> int:
    kg = _open(options)
    findings = [(kg.place_of(finding), finding) for finding in kg.validate()]
    if options.format == "json":
        listed = [
            {
                "place": None if place is None else str(place),
                "focus": f.focus,
                "path": f.path,
                "component": f.component,
                "value": f.value,
                "severity": f.severity,
                "messages": dict(f.messages),
            }
            for place, f in findings
        ]
        _print_json(options, listed)
    else:
        _print(options, "")  # an output file from before says nothing of this run
        for place, f in findings:
            where = " ".join(filter(None, [f"{place}:" if place else "", f.focus, f.path]))
            value = f": {f.value}" if f.value else ""
            _print(options, f"{where}: {f.message(options.lang)} [{f.component}{value}]\n")
        print(f"llmkg: {len(findings)} findings from {len(kg.pack.shapes)} files of shapes.", file=sys.stderr)
    return 1 if findings else 0


def _fmt(options: argparse.Namespace) -> int:
    from pathlib import Path  # noqa: PLC0415  (a cold query needs none of these)

    from llmkg.files import write_whole  # noqa: PLC0415
    from llmkg.fmt import format_files  # noqa: PLC0415
    from llmkg.pack import Pack  # noqa: PLC0415

    if options.output is not None:
        raise UsageError(
            "fmt writes each file in its place and takes no -o. Copy the file first, then format the copy."
        )
    if options.files:
        paths = list(map(Path, options.files))
    else:
        pack = Pack.open(options.graph)
        paths = list(map(Path, (*pack.ontology, *pack.shapes, *pack.data)))
    changed = [item for item in format_files(paths) if item.changed]
    for item in changed:
        if not options.check:
            write_whole(item.path, item.after)
        print(f"{'not in the sorted form' if options.check else 'formatted'}: {item.path}", file=sys.stderr)
    print(
        f"llmkg: {len(paths)} files, {len(changed)} {'to format' if options.check else 'formatted'}.", file=sys.stderr
    )
    return 1 if changed and options.check else 0


def _export(options: argparse.Namespace) -> int:
    return _print(options, _open(options).export(options.format, options.part))


def _why(options: argparse.Namespace) -> int:
    from llmkg.explain import explanation_json, explanation_text, explanation_turtle  # noqa: PLC0415

    kg = _open(options)
    explanation = kg.why(options.subject, options.predicate, options.object, limit=options.all)
    if options.format == "json":
        _print_json(options, explanation_json(kg, explanation, options.lang))
    elif options.format == "turtle":
        _print(options, explanation_turtle(kg, explanation))
    else:
        _print(options, explanation_text(kg, explanation, options.lang, _width(options) or 100))
    return 1 if explanation.status == "not entailed" else 0


def _reason(options: argparse.Namespace) -> int:
    from pathlib import Path  # noqa: PLC0415

    from llmkg.inference import Inference  # noqa: PLC0415

    inference = Inference.of(map(Path, options.files), limit=options.limit, engine=options.reasoner)
    for note in inference.notes:
        print(f"llmkg: note: {note}", file=sys.stderr)
    _print(options, inference.serialize(options.format, trivial=options.trivial))
    for line in inference.contradictions():
        print(line, file=sys.stderr)
    return 1 if inference.contradictory else 0


# -- printing -------------------------------------------------------------------------------


def _open(options: argparse.Namespace) -> KnowledgeGraph:
    from llmkg.graph import KnowledgeGraph  # noqa: PLC0415  (the parser needs no engine)

    cache = False if options.no_cache else options.cache if options.cache is not None else True
    return KnowledgeGraph.open(options.graph, cache=cache)


def _query_text(options: argparse.Namespace) -> str:
    if (options.text is None) == (options.file is None):
        raise UsageError("give the query either as text or with --file.")
    if options.file is not None:
        try:
            with open(options.file, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(options.file, error) from error
    text = sys.stdin.read() if options.text == "-" else str(options.text)
    if not text.isascii() and text != text.encode(errors="replace").decode():
        raise UsageError("the query is not UTF-8. Save or send it as UTF-8.")
    return text


def _kinds(kg: KnowledgeGraph, term: object, lang: str) -> list[str]:
    classes = kg.lexicon.classes(term)  # type: ignore[arg-type]
    return sorted(kg.label(cls, lang) for cls in classes)


def _width(options: argparse.Namespace) -> int | None:
    """Return the width to keep to: the terminal's, or none when writing to a file or a pipe."""
    if options.output is not None or not sys.stdout.isatty():
        return None
    import shutil  # noqa: PLC0415

    return shutil.get_terminal_size().columns


def _print_result(options: argparse.Namespace, kg: KnowledgeGraph, result: Result) -> None:
    rows = [["" if term is None else kg.short(term) for term in row] for row in result]
    _print_table(options, result.variables, rows)


def _print_sources(options: argparse.Namespace, kg: KnowledgeGraph, terms: Sequence[object]) -> None:
    from llmkg.render import wrap  # noqa: PLC0415

    width = _width(options) or 10_000
    claims = kg.claims_between(terms)  # type: ignore[arg-type]
    lines = ["", "Sources" if claims else "Sources: no claim of the graph stands behind these rows."]
    for claim in claims:
        places = ", ".join(kg.label(section, options.lang) for section in claim.sections)
        basis = kg.label(claim.basis, options.lang) if claim.basis else ""
        first, *more = wrap(f"{kg.label(claim.claim, options.lang)}: {places} ({basis})", width - 2)
        lines += [f"- {first}", *(f"  {line}" for line in more)]
        for paper in claim.papers:
            lines += [f"    {line}" for line in wrap(f"{kg.label(paper, options.lang)} [{kg.short(paper)}]", width - 4)]
    _print(options, "\n".join(lines) + "\n")


def _print_table(options: argparse.Namespace, header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    from llmkg.render import table  # noqa: PLC0415

    return _print(options, table(header, rows, _width(options)))


def _print_json(options: argparse.Namespace, value: object) -> int:
    import json  # noqa: PLC0415

    return _print(options, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _print_bytes(options: argparse.Namespace, data: bytes) -> int:
    text = data.decode()
    return _print(options, text if text.endswith("\n") else text + "\n")


def _print(options: argparse.Namespace, text: str) -> int:
    """Print ``text``, or keep it for the file of ``-o``, which ``execute`` writes whole at the end."""
    if options.output is None:
        sys.stdout.write(text)
    else:
        options.written = getattr(options, "written", "") + text
    return 0


def execute(options: argparse.Namespace) -> int:
    """Run one command and return its exit code."""
    code = COMMANDS[options.command](options)
    written: str | None = getattr(options, "written", None)
    if written is not None:
        from pathlib import Path  # noqa: PLC0415

        from llmkg.files import write_whole  # noqa: PLC0415

        write_whole(Path(options.output), written)
    return code


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "queries": _queries,
    "query": _query,
    "sparql": _sparql,
    "search": _search,
    "show": _show,
    "stats": _stats,
    "validate": _validate,
    "why": _why,
    "reason": _reason,
    "fmt": _fmt,
    "export": _export,
}
