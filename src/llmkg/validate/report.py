"""Lay out findings: as text for a terminal, as JSON, as SARIF 2.1.0, as a SHACL validation report.

Sources: SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/; SHACL, section 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from llmkg import __version__
from llmkg.terms import RDF, SH, XSD, Namespace, Term
from llmkg.turtle import serialize
from llmkg.validate.finding import Finding

__all__ = ["report_json", "report_sarif", "report_text", "report_turtle"]

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_SEVERITIES = {"error": SH.Violation, "warning": SH.Warning, "info": SH.Info}
_WORDS = {
    "en": {"error": "error", "warning": "warning", "info": "info", "fix": "fix: ", "with": "with: "},
    "zh": {"error": "错误", "warning": "警告", "info": "提示", "fix": "修改：", "with": "涉及："},
}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_RULE = Namespace("urn:llmkg:rule:")


def report_text(findings: Iterable[Finding], lang: str) -> str:
    """Return two or three lines for each finding: place and problem, the fact, what to do."""
    words = _WORDS[lang]
    lines = []
    for found in findings:
        place = f"{found.place}: " if found.file else ""
        lines.append(f"{place}{words[found.severity]}: {found.message(lang)} ({found.rule})")
        if fact := " ".join(filter(None, [found.focus, found.path, found.value])):
            lines.append(f"    {fact}")
        if found.related:
            lines.append(f"    {words['with']}{', '.join(found.related)}")
        if remedy := found.remedy(lang):
            lines.append(f"    {words['fix']}{remedy}")
    return "".join(
        f"{' '.join(line.splitlines())}\n" if not line.startswith(" ") else f"    {' '.join(line.split())}\n"
        for line in lines
    )


def report_json(findings: Iterable[Finding], lang: str) -> list[dict[str, Any]]:
    """Return the findings as JSON values; unknown lines and columns are null."""
    return [
        {
            "file": found.file or None,
            "line": found.line or None,
            "column": found.column or None,
            "severity": found.severity,
            "rule": found.rule,
            "focus": found.focus,
            "path": found.path,
            "value": found.value,
            "message": found.message(lang),
            "remedy": found.remedy(lang),
        }
        for found in findings
    ]


def report_sarif(findings: Sequence[Finding], lang: str, root: str) -> dict[str, Any]:
    """Return the findings as one SARIF run; places are relative to ``root``, a file IRI."""
    first = {found.rule: found for found in reversed(findings)}
    rules = sorted(first)
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "llmkg",
                        "semanticVersion": __version__,
                        "rules": [
                            {
                                "id": rule,
                                "defaultConfiguration": {"level": _LEVELS[first[rule].severity]},
                                "shortDescription": {"text": first[rule].message(lang)},
                                "help": {"text": first[rule].remedy(lang) or first[rule].message(lang)},
                            }
                            for rule in rules
                        ],
                    }
                },
                "originalUriBaseIds": {"PACK": {"uri": root if root.endswith("/") else f"{root}/"}},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(found, rules.index(found.rule), lang) for found in findings],
            }
        ],
    }


def _sarif_result(found: Finding, number: int, lang: str) -> dict[str, Any]:
    fact = " ".join(filter(None, [found.focus, found.path, found.value]))
    text = " ".join(filter(None, [found.message(lang), f"[{fact}]" if fact else "", found.remedy(lang)]))
    result: dict[str, Any] = {
        "ruleId": found.rule,
        "ruleIndex": number,
        "level": _LEVELS[found.severity],
        "message": {"text": text},
    }
    if found.file:
        result["locations"] = [_location(found.file, found.line, found.column)]
    if found.related:
        parts = [place.rsplit(":", 2) for place in found.related]
        result["relatedLocations"] = [_location(file, int(line), int(column)) for file, line, column in parts]
    return result


def _location(file: str, line: int, column: int) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(file), "uriBaseId": "PACK"}}
    if line:
        location["region"] = {"startLine": line, "startColumn": column or 1}
    return {"physicalLocation": location}


def report_turtle(findings: Sequence[Finding], prefixes: Mapping[str, str]) -> str:
    """Return the findings as a ``sh:ValidationReport``; the place of each is in its message."""
    report = BlankNode("report")
    conforms = Literal("false" if findings else "true", datatype=XSD.boolean)
    triples = [Triple(report, RDF.type, SH.ValidationReport), Triple(report, SH.conforms, conforms)]
    counts: Counter[str] = Counter()
    for found in findings:
        counts[found.rule] += 1
        result = BlankNode(f"r{len(triples)}")
        triples.append(Triple(report, SH.result, result))
        triples += _result(result, found, prefixes)
    return serialize(triples, {**prefixes, "sh": str(SH)})


def _result(result: BlankNode, found: Finding, prefixes: Mapping[str, str]) -> Iterable[Triple]:
    yield Triple(result, RDF.type, SH.ValidationResult)
    yield Triple(result, SH.resultSeverity, _SEVERITIES[found.severity])
    yield Triple(result, SH.sourceConstraintComponent, _component(found.rule))
    # SHACL wants a focus node; what is wrong with a file is about the file.
    focus = _read(found.focus, prefixes) or NamedNode(f"urn:llmkg:file:{quote(found.file)}")
    yield Triple(result, SH.focusNode, focus)
    path, value = _read(found.path, prefixes), _read(found.value, prefixes)
    if isinstance(path, NamedNode):
        yield Triple(result, SH.resultPath, path)
    if value is not None:
        yield Triple(result, SH.value, value)
    for lang in ("en", "zh"):
        place = f"{found.place}: " if found.file else ""
        text = f"{place}{found.message(lang)}. {found.remedy(lang)}".strip()
        yield Triple(result, SH.resultMessage, Literal(text, language=lang))


def _component(rule: str) -> NamedNode:
    """Return the constraint component of a shape's finding, else a name for the rule."""
    shape, _, parameter = rule.rpartition("/")
    if shape != "consistency" and parameter and parameter != rule:
        name = "SPARQL" if parameter == "sparql" else parameter[0].upper() + parameter[1:]
        return SH[f"{name}ConstraintComponent"]
    return _RULE[quote(rule)]


def _read(text: str, prefixes: Mapping[str, str]) -> Term | None:
    """Return the term that ``text`` is in Turtle; None when it is none, as a path of several steps."""
    if not text:
        return None
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    try:
        found = list(parse(f"{head}<urn:s> <urn:p> {text} .", RdfFormat.TURTLE))
    except (SyntaxError, ValueError):
        return None
    return found[0].object if len(found) == 1 else None
