"""Read the files of a pack one by one: what cannot be read becomes a finding, and the others go on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import NamedNode

from llmkg.errors import InputError, did_you_mean
from llmkg.fmt import format_text
from llmkg.load import read_content, read_document
from llmkg.pack import Pack
from llmkg.terms import PREFIXES
from llmkg.validate.finding import Finding, finding
from llmkg.validate.places import TextFile

__all__ = ["check_format", "check_names", "read_file"]

_MEND = {
    "en": "Mend the file here; what comes after has not been read.",
    "zh": "请在此处改正文件；其后的内容尚未读取。",
}
_UNDECLARED = re.compile(r"The prefix (?P<name>[^:]*): has not been declared")


def read_file(path: str, name: str, pack: Pack) -> TextFile | Finding:
    """Return the file at ``path``, or a finding that says why it cannot be read."""
    real = os.path.realpath(path)
    if not name.startswith("..") and not real.startswith(os.path.join(os.path.realpath(pack.root), "")):
        return _at(
            Finding(file=name),
            "outside",
            {"en": "this is a link to a file outside of the pack", "zh": "这是指向包外文件的链接"},
            {"en": "Put the file itself into the pack.", "zh": "请将文件本身放入包中。"},
        )
    if not os.path.isfile(path):
        return _at(
            Finding(file=name),
            "unreadable",
            {"en": "this is no file", "zh": "这不是文件"},
            {"en": "Check the path; a file of a pack is a plain file.", "zh": "请检查路径；包中的文件应为普通文件。"},
        )
    try:
        document = read_document(Path(path), name)
        text = read_content(Path(path)).decode(errors="replace")
    except InputError as error:
        return _unreadable(name, str(error))
    return TextFile(document, text, Path(path).resolve().as_uri())


def _at(place: Finding, rule: str, messages: Mapping[str, str], remedies: Mapping[str, str], **more: str) -> Finding:
    """Return a finding about the text of a file."""
    found = finding(rule, messages, remedies, prefixes={}, severity=more.get("severity", "error"))
    return Finding(
        **{
            **{key: getattr(found, key) for key in ("severity", "rule", "messages", "remedies")},
            **{key: getattr(place, key) for key in ("file", "line", "column")},
        }
    )


def _unreadable(name: str, error: str) -> Finding:
    """Return an error of the parser, which names the place at its beginning, as a finding."""
    rest = error.removeprefix(name)
    match = re.match(r"(?::(\d+))?(?::(\d+))?: ", rest)
    line, column = (int(match[1] or 0), int(match[2] or 0)) if match else (0, 0)
    reason = rest[match.end() if match else 0 :].removesuffix(" Mend the file and run the command again.").rstrip(".")
    place = Finding(file=name, line=line, column=column)
    undeclared = _UNDECLARED.search(reason)
    if not undeclared:
        return _at(place, "syntax", {"en": reason, "zh": f"语法错误：{reason}"}, _MEND)
    prefix = undeclared["name"]
    if prefix in PREFIXES:
        line_to_add = f"@prefix {prefix}: <{PREFIXES[prefix]}> ."
        remedy = {"en": f'Add "{line_to_add}" at the head of the file.', "zh": f"请在文件开头添加“{line_to_add}”。"}
    else:
        near = did_you_mean(f"{prefix}:", [f"{known}:" for known in PREFIXES])
        remedy = {"en": f"Declare it at the head of the file.{near}", "zh": "请在文件开头声明它。"}
    messages = {"en": f"the prefix {prefix}: is not declared", "zh": f"前缀 {prefix}: 未声明"}
    return _at(place, "undeclared-prefix", messages, remedy)


def check_format(file: TextFile) -> Iterator[Finding]:
    """Yield a warning when a Turtle file is not in the sorted form, at the first line that differs."""
    if not file.name.endswith(".ttl"):
        return
    try:
        after = format_text(file.text, file.name)
    except InputError as error:
        found = _unreadable(file.name, str(error))
        remedy = {
            "en": "Make it a skos:editorialNote, or take it out.",
            "zh": "请改为 skos:editorialNote，或将其删除。",
        }
        messages = {"en": dict(found.messages)["en"].split(". ")[0], "zh": "注释会在格式化时丢失"}
        yield _at(found, "format", messages, remedy, severity="warning")
        return
    if after != file.text:
        old, new = file.text.split("\n"), after.split("\n")
        same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        yield _at(
            Finding(file=file.name, line=min(same + 1, len(old)), column=1),
            "format",
            {"en": "the file is not in the sorted form from this line on", "zh": "自此行起，文件不符合排序格式"},
            {"en": f"Run: llmkg fmt {file.name}", "zh": f"请运行：llmkg fmt {file.name}"},
            severity="warning",
        )


def check_names(files: Iterable[TextFile], prefixes: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is odd about the prefixes and IRIs of some files."""
    for file in files:
        for prefix, iri in file.document.prefixes.items():
            usual = prefixes.get(prefix, iri)
            if iri != usual and prefix:
                spot = file.source.prefix(prefix)
                place = Finding(file=file.name, line=spot.line if spot else 0, column=spot.column if spot else 0)
                yield _at(
                    place,
                    "prefix",
                    {
                        "en": f"the prefix {prefix}: is <{iri}> here and <{usual}> elsewhere",
                        "zh": f"前缀 {prefix}: 在此处为 <{iri}>，在别处为 <{usual}>",
                    },
                    {
                        "en": "Use one prefix for one namespace in the whole pack.",
                        "zh": "整个包中同一前缀应对应同一命名空间。",
                    },
                    severity="warning",
                )
        for triple in file.document.triples:
            for part in ("subject", "predicate", "object"):
                term = getattr(triple, part)
                if isinstance(term, NamedNode) and term.value.startswith("file:"):
                    yield finding(
                        "relative-iri",
                        {"en": f"{term} hangs on where the file lies", "zh": f"{term} 取决于文件所在位置"},
                        {"en": "Write the IRI in full, or with a prefix.", "zh": "请写出完整的 IRI，或使用前缀。"},
                        focus=triple.subject,
                        path=triple.predicate,
                        value=triple.object,
                        facts=[triple],
                        part=part,
                        prefixes=prefixes,
                    )
