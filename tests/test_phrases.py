"""What is said to those who ask can be said in Chinese: every phrase of the code stands in the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import llmkg
from llmkg import KnowledgeGraph, UsageError
from llmkg.chinese import CHINESE
from llmkg.errors import Phrase, listed, told
from llmkg.reason.rules import RULES

SOURCE = Path(llmkg.__file__).parent
PLACES = re.compile(r"\{(\w*)\}")


def texts(node: ast.expr, function: ast.AST) -> Iterator[str]:
    """Yield the texts that an argument of ``Phrase`` may be: constants, or what a name is set to in its function."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from texts(one, function)
            yield from texts(other, function)
        case ast.Name(id=name):
            for part in ast.walk(function):
                if isinstance(part, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in part.targets):
                    yield from texts(part.value, function)


def phrases() -> Iterator[tuple[str, str]]:
    """Yield the place and the template of each phrase that the code makes; an empty one where it is not told."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) not in {"Phrase", "map"}:
                continue
            around = [scope for scope in scopes if scope.lineno <= call.lineno <= (scope.end_lineno or 0)]
            arguments = call.args[:1]
            if ast.unparse(call.func) == "map":
                listed_here = ast.unparse(call.args[0]) == "Phrase" and isinstance(call.args[1], ast.Tuple)
                arguments = call.args[1].elts if listed_here else []  # type: ignore[attr-defined]
            for argument in arguments:
                found = list(texts(argument, around[-1] if around else tree))
                for text in found or [""]:
                    yield f"{path.relative_to(SOURCE)}:{call.lineno}: {ast.unparse(argument)}", text


FOUND = list(phrases())


def test_every_phrase_is_told_in_chinese() -> None:
    assert len(FOUND) > 150
    worded = [(place, text) for place, text in FOUND if re.search("[a-z]", PLACES.sub("", text))]
    assert [(place, text) for place, text in worded if text not in CHINESE] == []


def test_only_these_phrases_are_made_of_what_stands_elsewhere() -> None:
    assert sorted({place.split(": ", 1)[1] for place, text in FOUND if not text} - {"''"}) == [
        "_JOINS[join if place == len(names) else ',']",
        "rule.sentence",
    ]


def sentences() -> set[str]:
    """Return what the rules say: the texts in the code of the rules that are sentences."""
    tree = ast.parse((SOURCE / "reason" / "rules.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    texts = {arg.value for call in calls for arg in call.args if isinstance(arg, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and text.endswith(".")}


def test_the_sentences_of_the_rules_are_told_in_chinese() -> None:
    found = sentences() | {rule.sentence for rule in RULES}
    assert len(found) == 42
    assert found - set(CHINESE) == set()


def test_the_catalogue_holds_nothing_that_is_not_said() -> None:
    said = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py") if path.name != "chinese.py")
    constants = {node.value for node in ast.walk(ast.parse(said)) if isinstance(node, ast.Constant)}
    assert set(CHINESE) - constants == set()


@pytest.mark.parametrize("english", CHINESE)
def test_a_translation_has_the_same_places(english: str) -> None:
    assert set(PLACES.findall(english)) == set(PLACES.findall(CHINESE[english]))


# -- what a phrase is ------------------------------------------------------------------------------


def test_a_phrase_is_its_english_text() -> None:
    assert Phrase("{count} rows", count=2) == "2 rows"
    assert not Phrase("")
    assert Phrase("no braces {here}") == "no braces {here}"


def test_what_stands_in_a_phrase_is_told_in_its_language() -> None:
    inner = Phrase("1 row")
    outer = Phrase("with {value}: {rows}", value=lambda lang: f"x={lang}", rows=inner)
    assert (outer, outer.told("zh"), outer.told("fr")) == ("with x=en: 1 row", "改用 x=zh：1 行", "with x=en: 1 row")


def test_what_is_put_in_is_not_read_for_braces() -> None:
    assert Phrase("{count} rows", count="{count} {x}").told("zh") == "{count} {x} 行"


def test_an_error_is_told_in_either_language(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError) as caught:
        kg.lexicon.resolve("retreival augmentation", [kg.lexicon.resolve("llmkg:Mitigation")])
    assert str(caught.value).startswith("'retreival augmentation': no mitigation of that name. Did you mean ")
    assert told(caught.value, "zh").startswith("'retreival augmentation'：没有叫这个名称的缓解方法。是否指 ")
    assert told(caught.value, "en") == str(caught.value)
    assert told(UsageError("plain"), "zh") == "plain"


def test_lists_are_joined_as_each_language_does() -> None:
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a or b", "a, b or c"]
    assert listed(["a", "b", "c"], "and").told("zh") == "a、b 和 c"
    assert listed(["a", "b", "c"], ",") == "a, b, c"
