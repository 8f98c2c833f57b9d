"""Run the quality rules of a pack: SPARQL queries that select what is wrong.

A rule is ``queries/checks/NAME.rq`` with a YAML header in ``#+`` comments: ``title``, ``problem`` and
``solution``, each by language, and ``entailment: inferred`` where it looks at what follows too. It
selects ``?focus``, and ``?path`` and ``?value`` where there is a fact to point at; ``{value}`` in
the problem or the solution stands for the value. No rows is success.

``queries/checks/profile.yaml`` says how severe each rule is, and lists the exceptions: rule, focus, reason.

A rule is broken off after a set time or number of rows, and that is a finding: what it has found until then is told.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store, Triple

from llmkg.errors import InputError, did_you_mean, unreadable
from llmkg.pack import Pack
from llmkg.reason import Closure
from llmkg.syntax import calls_a_service
from llmkg.terms import Term
from llmkg.turtle import term_text
from llmkg.validate.data import Data
from llmkg.validate.finding import SEVERITIES, Finding, finding

__all__ = ["CheckException", "Checks", "Rule", "read_checks", "run_checks"]

_TEXTS = ("title", "problem", "solution")
_PROFILE = "profile.yaml"
_PREFIX = "quality/"
_DEFAULT = "warning"
_SECONDS = 60.0  # that one rule may take; those that ship take milliseconds
_ROWS = 100_000  # that one rule may give
_Row = tuple[Term | None, Term | None, Term | None]  # focus, path and value


@dataclass(frozen=True)
class Rule:
    """One rule: its texts by language, its query, how severe what it finds is."""

    name: str
    title: Mapping[str, str]
    problem: Mapping[str, str]
    solution: Mapping[str, str]
    query: str
    severity: str = _DEFAULT
    inferred: bool = False
    path: str = ""


@dataclass(frozen=True)
class CheckException:
    """A finding that is meant to be: of which rule, about what, why, and the line that says so."""

    rule: str
    focus: str
    reason: str
    line: int = 0


@dataclass(frozen=True)
class Checks:
    """The rules of a pack, sorted by name, with the exceptions to them."""

    rules: tuple[Rule, ...] = ()
    exceptions: tuple[CheckException, ...] = ()
    profile: str = ""
    files: tuple[str, ...] = ()


def read_checks(pack: Pack) -> Checks:
    """Return the quality rules of ``pack``; there are none without ``queries/checks/``.

    Raises InputError, with file and line, when a rule or the profile cannot be read.
    """
    folder = os.path.join(pack.root, "queries", "checks")
    if not os.path.isdir(folder):
        return Checks()
    files = sorted(Path(folder).glob("*.rq"))
    rules = [_read_rule(path, pack.name(str(path))) for path in files]
    paths = tuple(map(str, files))
    path = Path(folder, _PROFILE)
    name = pack.name(str(path))
    if not path.exists():
        return Checks(tuple(rules), files=paths)
    severities, exceptions = _read_profile(path, name, [rule.name for rule in rules])
    graded = (Rule(**{**vars(rule), "severity": severities.get(rule.name, _DEFAULT)}) for rule in rules)
    return Checks(tuple(graded), tuple(exceptions), name, paths)


def run_checks(
    data: Data, checks: Checks, prefixes: Mapping[str, str], progress: Callable[[int, int], Any] = lambda *_: None
) -> list[Finding]:
    """Return what the rules find in ``data``, and the exceptions that spare nothing.

    Raises InputError when a rule cannot be run.
    """
    spared = {(exception.rule, exception.focus): exception for exception in checks.exceptions}
    used: set[tuple[str, str]] = set()
    closed: Store | None = None
    found = []
    for done, rule in enumerate(checks.rules):
        progress(done, len(checks.rules))
        if rule.inferred and closed is None:
            closed = _closed(data)
        for one in _run(rule, closed if closed is not None and rule.inferred else data.store, data, prefixes):
            keys = {(rule.name, one.focus), (rule.name, one.focus.strip("<>"))}
            if isinstance(one.subject, NamedNode):
                keys.add((rule.name, one.subject.value))
            if meant := keys & spared.keys():
                used |= meant
            else:
                found.append(one)
    return found + [_unused(spared[key], checks.profile) for key in spared if key not in used]


# -- running ----------------------------------------------------------------------------------


def _closed(data: Data) -> Store:
    closure = Closure(data.triples)
    closure.run()
    store = Store()
    store.bulk_extend(Quad(*triple) for triples in (data.triples, closure.inferred()) for triple in triples)
    return store


def _run(rule: Rule, store: Store, data: Data, prefixes: Mapping[str, str]) -> Iterator[Finding]:
    rows, limit = _rows(rule, store)
    if limit:
        yield _broken_off(rule, limit)
    for focus, path, value in dict.fromkeys(rows):
        if focus is None:
            continue
        shown = "" if value is None else term_text(value, prefixes)
        yield finding(
            _PREFIX + rule.name,
            {lang: text.replace("{value}", shown) for lang, text in rule.problem.items()},
            {lang: text.replace("{value}", shown) for lang, text in rule.solution.items()},
            severity=rule.severity,
            focus=focus,
            path=path,
            value=value,
            facts=_facts(focus, path, value, data),
            prefixes=prefixes,
        )


def _rows(rule: Rule, store: Store) -> tuple[list[_Row], str]:
    """Return the rows of a rule, and the limit at which it was broken off, if it was.

    The engine cannot be stopped, so it works in a thread that can be left behind.
    """
    rows: list[_Row] = []
    errors: list[str] = []  # as texts: what the engine gave must not leave its thread, not even in a traceback
    late = threading.Event()

    def work() -> None:
        try:
            answer = _solutions(rule, store)
            names = {variable.value for variable in answer.variables}
            for row in answer:
                if late.is_set() or len(rows) > _ROWS:
                    break
                focus, path, value = (_bound(row, name, names) for name in ("focus", "path", "value"))
                rows.append((focus, path, value))
        except InputError as error:
            errors.append(str(error))
        except Exception as error:  # noqa: BLE001  (whatever it is, it must not be lost with the thread)
            errors.append(f"{rule.path}: failed while running ({' '.join(str(error).split())}). Simplify it.")

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(_SECONDS)
    late.set()
    if errors:
        raise InputError(errors[0])
    if worker.is_alive():
        return rows[:_ROWS], "time"
    return rows[:_ROWS], "rows" if len(rows) > _ROWS else ""


def _broken_off(rule: Rule, limit: str) -> Finding:
    """Return the finding on a rule that came to a limit."""
    english, chinese = {
        "time": (f"it was broken off after {_SECONDS:g} seconds", f"运行 {_SECONDS:g} 秒后被中止"),
        "rows": (f"it was broken off after {_ROWS:,} rows", f"得到 {_ROWS:,} 行后被中止"),
    }[limit]
    return Finding(
        file=rule.path,
        line=1,
        column=1,
        severity="error",
        rule="rule-limit",
        messages=(
            ("en", f"the rule {rule.name} may have more to tell: {english}"),
            ("zh", f"规则 {rule.name} 可能尚有未报告的内容：{chinese}"),
        ),
        remedies=(
            (
                "en",
                "Let it ask for less: join its patterns by what they share, and look for what must not be with MINUS.",
            ),
            ("zh", "请缩小其查询范围：让各模式共用变量，并用 MINUS 排除不应存在的内容。"),
        ),
    )


def _solutions(rule: Rule, store: Store) -> QuerySolutions:
    if calls_a_service(rule.query) is not None:
        raise InputError(f"{rule.path}: calls a SPARQL service, and nothing is read from the network. Remove SERVICE.")
    try:
        answer = store.query(rule.query)
    except (SyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{rule.path}: is not a SPARQL query ({reason}). Mend it.") from error
    selected = [variable.value for variable in answer.variables] if isinstance(answer, QuerySolutions) else []
    if not isinstance(answer, QuerySolutions) or "focus" not in selected:
        raise InputError(f"{rule.path}: does not select ?focus. Write SELECT ?focus, and ?path and ?value if known.")
    return answer


def _bound(row: QuerySolution, name: str, names: set[str]) -> Term | None:
    value = row[name] if name in names else None
    return value if isinstance(value, NamedNode | BlankNode | Literal) else None


def _facts(focus: Term, path: Term | None, value: Term | None, data: Data) -> Iterable[Triple]:
    """Return the fact that a row points at, else those of its path."""
    if isinstance(focus, Literal) or not isinstance(path, NamedNode):
        return []
    values = data.objects(focus, path)
    return [Triple(focus, path, one) for one in ([value] if value is not None and value in values else values)]


def _unused(exception: CheckException, profile: str) -> Finding:
    return Finding(
        file=profile,
        line=exception.line,
        column=1,
        severity="warning",
        rule="unused-exception",
        focus=exception.focus,
        messages=(
            ("en", f"the exception of {exception.focus} from {exception.rule} has no effect"),
            ("zh", f"{exception.focus} 对规则 {exception.rule} 的例外不起作用"),
        ),
        remedies=(("en", "Remove it."), ("zh", "请删除它。")),
    )


# -- reading ----------------------------------------------------------------------------------


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(shown, error) from error


def _read_rule(path: Path, shown: str) -> Rule:
    text = _text(path, shown)
    lines = [line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in text.splitlines()]
    header = _Yaml(shown, "\n".join(lines))
    top = header.mapping(header.root, (*_TEXTS, "entailment"), "the header")
    for key in _TEXTS:
        if key not in top:
            header.fail(1, f"the header lacks '{key}'. Add lines '#+ {key}:' and '#+   en: ...'.")
    title, problem, solution = (header.texts(top[key], key) for key in _TEXTS)
    entailment = header.word(top["entailment"], "entailment") if "entailment" in top else "asserted"
    if entailment not in ("inferred", "asserted"):
        header.fail(_line(top["entailment"]), f"entailment is '{entailment}'. Use inferred or asserted.")
    return Rule(path.stem, title, problem, solution, query=text, inferred=entailment == "inferred", path=shown)


def _read_profile(path: Path, shown: str, rules: list[str]) -> tuple[dict[str, str], list[CheckException]]:
    profile = _Yaml(shown, _text(path, shown))
    top = profile.mapping(profile.root, ("severity", "exceptions"), "the profile")
    severities = {}
    graded = profile.mapping(top["severity"], rules, "'severity'", "rule") if "severity" in top else {}
    for name, node in graded.items():
        severities[name] = profile.word(node, name)
        if severities[name] not in SEVERITIES:
            profile.fail(_line(node), f"'{severities[name]}' is no severity. Use {', '.join(SEVERITIES)}.")
    exceptions = []
    for node in profile.members(top.get("exceptions"), "exceptions"):
        entry = profile.mapping(node, ("rule", "focus", "reason"), "an exception")
        words = {key: profile.word(value, key) for key, value in entry.items()}
        for key in ("rule", "focus", "reason"):
            if not words.get(key):
                profile.fail(_line(node), f"the exception has no {key}. Add '{key}: ...'.")
        if words["rule"] not in rules:
            profile.fail(_line(node), f"there is no rule '{words['rule']}'.{did_you_mean(words['rule'], rules)}")
        exceptions.append(CheckException(**words, line=_line(node)))
    return severities, exceptions


class _Yaml:
    """One YAML text, read with the places of its parts."""

    def __init__(self, shown: str, text: str) -> None:
        self._shown = shown
        try:
            self.root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "not YAML"
            self.fail(mark.line + 1 if mark else 1, f"not valid YAML ({reason}). Mend the line.")

    def mapping(
        self, node: yaml.Node | None, known: Iterable[str] | None, what: str, key_is: str = "key"
    ) -> dict[str, yaml.Node]:
        """Return the entries of a mapping whose keys are ``known``; None stands for languages."""
        if not isinstance(node, yaml.MappingNode):
            self.fail(_line(node), f"{what} has the wrong shape. Write it as lines of 'key: value'.")
        entries: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if known is not None and name not in known:
                self.fail(_line(key), f"{what} has no {key_is} '{name}'.{did_you_mean(name, known)}")
            if name in entries:
                self.fail(_line(key), f"'{name}' is given twice. Remove one of the two.")
            entries[name] = value
        return entries

    def members(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        """Return the members of a list; nothing is an empty one."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fail(_line(node), f"'{what}' has the wrong shape. Begin each entry with '- '.")
        return list(node.value)

    def texts(self, node: yaml.Node, what: str) -> dict[str, str]:
        """Return texts by language, English among them."""
        texts = {lang: self.word(text, what) for lang, text in self.mapping(node, None, f"'{what}'").items()}
        if not texts.get("en"):
            self.fail(_line(node), f"'{what}' has no English text. Add 'en: ...'.")
        return texts

    def word(self, node: yaml.Node, what: str) -> str:
        """Return a single value as it is written."""
        if not isinstance(node, yaml.ScalarNode):
            self.fail(_line(node), f"'{what}' has the wrong shape. Give it one plain value.")
        return str(node.value)

    def fail(self, line: int, what: str) -> NoReturn:
        """Raise InputError at a line."""
        raise InputError(f"{self._shown}:{line}: {what}")


def _line(node: yaml.Node | None) -> int:
    return 1 if node is None else node.start_mark.line + 1
