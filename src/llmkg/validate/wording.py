"""Say in plain words what a constraint has found, in English and Chinese.

The message of a shape says what to do; this says what is wrong, from the constraint alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from llmkg.terms import SH, Term, local_name
from llmkg.turtle import term_text
from llmkg.validate.shapegraph import Result, Shapes

__all__ = ["wording"]

_WORDS = {
    "class": ("the value is not a known {}", "该值不是已知的 {}"),
    "datatype": ("the value is not a well-formed {}", "该值不是格式正确的 {}"),
    "nodeKind": ("the value is not of the kind {}", "该值的种类不是 {}"),
    "minCount": ("there are fewer than {} values", "值少于 {} 个"),
    "maxCount": ("there are more than {} values", "值多于 {} 个"),
    "minInclusive": ("the value is not {} or more", "该值不是 {} 或以上"),
    "minExclusive": ("the value is not more than {}", "该值不大于 {}"),
    "maxInclusive": ("the value is not {} or less", "该值不是 {} 或以下"),
    "maxExclusive": ("the value is not less than {}", "该值不小于 {}"),
    "minLength": ("the value has fewer than {} characters", "该值少于 {} 个字符"),
    "maxLength": ("the value has more than {} characters", "该值多于 {} 个字符"),
    "pattern": ("the value does not match the pattern {}", "该值不符合模式 {}"),
    "languageIn": ("the language of the value is none of {}", "该值的语言不在 {} 之中"),
    "uniqueLang": ("there are two values in one language", "同一语言有两个值"),
    "equals": ("the values are not those of {}", "这些值与 {} 的值不同"),
    "disjoint": ("the value is a value of {} too", "该值同时是 {} 的值"),
    "in": ("the value is none of {}", "该值不在 {} 之中"),
    "hasValue": ("the value {} is missing", "缺少值 {}"),
    "closed": ("the property is not allowed here", "此处不允许使用该属性"),
    "not": ("what is forbidden holds", "被禁止的条件成立"),
    "and": ("not all of the conditions hold", "并非所有条件都成立"),
    "or": ("none of the alternatives holds", "各备选条件均不成立"),
    "xone": ("not exactly one of the alternatives holds", "备选条件并非恰有一个成立"),
    "node": ("the value does not have the required shape", "该值不符合要求的形状"),
    "qualifiedMinCount": ("there are fewer than {} values of the required shape", "符合要求形状的值少于 {} 个"),
    "qualifiedMaxCount": ("there are more than {} values of the required shape", "符合要求形状的值多于 {} 个"),
    "sparql": ("the rule {} does not hold", "规则 {} 不成立"),
}
_OTHER = ("the constraint sh:{} does not hold", "约束 sh:{} 不成立")
_LISTED = 8  # members of a list that are shown


def wording(result: Result, shapes: Shapes, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong, by language."""
    english, chinese = _WORDS.get(result.component, _OTHER)
    if result.component not in _WORDS:
        text = result.component
    elif result.component == "sparql":
        text = _name(result.constraint or result.shape, prefixes)
    else:
        text = _parameter(result, shapes, prefixes)
    return {"en": english.format(text), "zh": chinese.format(text)}


def _name(node: Term, prefixes: Mapping[str, str]) -> str:
    return local_name(node.value) if isinstance(node, NamedNode) else term_text(node, prefixes)


def _parameter(result: Result, shapes: Shapes, prefixes: Mapping[str, str]) -> str:
    values = shapes.objects(result.shape, SH[result.component])
    try:
        members = [member for value in values for member in _members(value, shapes)]
    except ValueError:
        members = values
    texts = [member.value if isinstance(member, Literal) else term_text(member, prefixes) for member in members]
    more = ["..."] if len(texts) > _LISTED else []
    return ", ".join([*texts[:_LISTED], *more])


def _members(value: Term, shapes: Shapes) -> list[Term]:
    return shapes.members(value) if not isinstance(value, NamedNode | Literal) else [value]
