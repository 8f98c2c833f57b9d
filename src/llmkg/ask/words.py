"""Take a text apart for comparison: units (words, Chinese characters), and features of them with weights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from llmkg.lexicon import fold

__all__ = [
    "ASKING",
    "MARK",
    "Unit",
    "features",
    "gist",
    "is_chinese",
    "is_empty",
    "is_silent",
    "is_word",
    "key",
    "plain",
    "singular",
    "stems",
    "telling",
    "units",
]

ASKING = "which"  # the idea that asks
# Stands in a text for a thing or a value. A letter of no script in use, so that it is a unit of its own.
MARK = "\ue000"
_UNIT = re.compile(f"{MARK}|[\u3400-\u9fff]|[^\\W_\u3400-\u9fff{MARK}]+")
_CHINESE = re.compile("[\u3400-\u9fff]")
# What is said around a question: no sign that something else is asked.
_SILENT = frozenset(
    (  # noqa: SIM905  (a word a line would hide the code)
        "able accurate actual additionally advice advise afternoon again ahead all already another answer anybody "
        "anyone apart apologies apply appreciate appreciated appropriate asking assign attempt attention attract "
        "available aware background basically become begin beginner believable believe below beneath besides best "
        "bit bother bothering brief briefly bring broadly call came cannot care certain chance check cheers "
        "clarify clear colleague colleagues collect come comes commonly completely concerning concrete consider "
        "considered considering contain context couple curious currently day dear decide deeply dependable detail "
        "detailed details developer different discuss due easy effectively engineer enlighten entire enumerate "
        "especially essentially etc evening eventually ever everyone exact example examples excuse exist existing "
        "explain far few figure find finding first follow following forward friend fully further gather general "
        "gently given glad gladly good grateful great guess guide hand happen heading hear hello help hey hi "
        "hints hope hoping idea identify imagine immediately importantly include included including indicate "
        "inform information instead interest interested investigate involve involved itself journalist keep kept "
        "kind kindest kindly kinds know knowing known lately later latest learn learning leave left list listing "
        "literally little long look looking lot love madam mainly manager master maybe mean mentioned mind moment "
        "morning mostly name namely necessary need nice note nowadays obviously offer ok okay ought outline "
        "overall own particular people perhaps perspective pick please pls plus point possible prepare preparing "
        "presentation presently previously primarily professor project provide providing pull purpose put query "
        "question quick quickly quite rather reach reader reading really recall received recent recently "
        "recommend recommendation recommended refer regard regarding related relation relevant remain remember "
        "report request require researcher resolve respect right roughly say scholar search searching see seek "
        "seem seems select selection send several share show showing simple simply since single sir situation "
        "so-called solid somebody somehow someone sometimes soon sorry sort speak specific specifically specify "
        "start state step still straightforward student suggest suggestion suggestions summarise summarize "
        "summary suppose supposed sure talk teach team tell term terms thank thanks therefore thesis think "
        "thinking thought today together touch towards truly try trying type types understand usual various want "
        "ways well went whether who wonder wondering words work working worth would write writing yesterday yours"
    ).split()
) | frozenset(
    "与举了关列前助劳叫告哈嗨好如学安己师希帮思您想意感打扰找教新早晚有望来果查楚清激烦现生目相看算给自解讲诉话说谢跟述需驾麻推荐哥姐各位大家朋友刚正打准备近究竟底具体比例"
)


# What people say around a question in any field: it tells nothing of what they ask.
_POLITE = (
    *("could you please", "can you please", "would you please", "could you possibly"),
    *("would you be so kind as to", "would you be able to", "would you mind"),
    *("do you happen to know", "could you", "can you", "would you", "will you", "can someone"),
    *("can anyone", "could someone", "does anyone know"),
    *("i would like to know", "i'd like to know", "i would really like to know"),
    *("i would love to know", "i'd love to know", "i want to know", "i need to know"),
    *("i would like to see", "i'd like to see", "i would like to find out", "i would like to find"),
    *("i want to find out", "i want to see", "i wonder if", "i wonder", "i was wondering if"),
    *("i was wondering", "i am wondering", "i'm wondering", "i was hoping"),
    *("i am curious about", "i am curious", "i'm curious", "i am interested in"),
    *("i'm interested in", "i'd be interested to learn", "i would be interested to learn"),
    *("i am looking for", "i'm looking for", "i am searching for", "i'm searching for"),
    *("i would be grateful if you could", "i would be grateful if", "i'd be grateful if you could"),
    *("i would appreciate it if you could", "it would be great if you could", "i would like to"),
    *("i'd like to",),
    *("let me know", "so kind as to", "be able to", "point me to", "tell me", "tell us", "show me"),
    *("show us", "give me", "give us", "you tell", "you suggest", "do you know", "any idea"),
    *(
        "help me find",
        "help me",
        "if you don't mind",
        "if possible",
        "in plain words",
        "in simple terms",
        "for your help",
    ),
    *("thank you so much", "thank you very much", "thank you", "in advance", "thanks a lot"),
    *("sorry to disturb you", "might i ask", "may i ask", "may i", "could i ask you to", "just out of curiosity"),
    *("out of curiosity", "forgive my ignorance", "pardon me", "pardon", "if that's okay", "if that is okay"),
    *("if it's not too much trouble", "point me towards", "i was hoping you could", "i would be very thankful if"),
    *("somebody could", "could somebody", "could anybody help me out", "can you help", "enquire", "inquire"),
    *("i am trying to", "i'm trying to", "need to know", "to find out", "do me a favor and", "i was curious whether"),
    *("excuse me", "sorry to bother you", "good morning", "good evening"),
    *("please", "pls", "kindly", "thanks", "thank", "hi", "hello", "hey", "dear"),
    *("不好意思打扰了", "不好意思", "打扰一下", "打扰了", "冒昧问一下", "我想知道一下"),
    *("我想了解一下", "想了解一下", "我想知道", "我想了解", "想请教一下", "我想请教", "请教一下"),
    *("请教", "我想问一下", "我想问问", "我想问", "想问一下", "想问问", "请告诉我", "能不能告诉我"),
    *("可以告诉我", "能否告诉我", "谁能告诉我", "有人知道", "我很好奇", "很好奇"),
    *("麻烦告诉我", "麻烦问一下", "麻烦您", "麻烦你", "劳驾", "告诉我", "请问一下", "请问"),
    *("请列出", "请帮我", "帮我查一下", "帮我找一下", "帮我", "帮忙", "查一下", "看一下", "说一下"),
    *(
        "小白求问",
        "新手求问",
        "求问",
        "求教",
        "求助",
        "各位老师",
        "各位大佬",
        "想知道",
        "想了解",
        "好吗",
        "可以吗",
        "行吗",
    ),
    *("麻烦", "拜托", "你好", "您好", "非常感谢", "谢谢你", "谢谢", "多谢", "感谢", "一下"),
)
# Who asks and what for, before what is asked.
_INTRODUCED = (
    r"^(?:(?:hello|hi|hey|dear \w+|good \w+|您好|你好)[ ,!.，。！]*)?"
    r"(?:(?:i am|i'm|we are|we're|i work|we work|i have|as an?)\b[^?]{1,80}?(?:[,.;]| and| so)\s+"
    r"(?=(?:i|i'd|we|would|want|need|could|can|which|what|how|where|who|please)\b)"
    r"|(?:我是|我们是|我在|我正在|作为|我最近)[^，。,.]{1,30}[，。,.]\s*)"
)
_INTRODUCING = ("i", "we", "as ", "hello", "hi", "hey", "dear", "good", "我", "作为", "您好", "你好")
# A question that repeats its verb or adjective around a "not" (能不能, 有没有, 严不严重), and how much of it there is:
# "推理太慢" is "推理慢".
_REPEATED = r"([\u3400-\u9fff])[不没](?=\1)|太(?!多)|非常|特别|十分|越来越|有点儿?|老是|总是|经常|常常"
_STOPS = dict.fromkeys(map(ord, ",;?!，；？！。、"), " ")
_GRAM = 4  # letters of a part of a word
_SHORT = 5  # letters; a shorter word is not taken apart
_PARTS, _PAIR, _CHARACTER = 0.8, 0.6, 0.4  # weights beside 1 for a word or two Chinese characters
_EMPTY = 0.4  # times that for a word that says nothing
_COVERED = 0.5  # times that where an idea is told by the word
_IDEA, _IDEAS, _WANTED = 3.0, 0.5, 1.0


# Words that say nothing of what is asked when a question has them and no phrasing does.
_FUNCTION = frozenset(
    (  # noqa: SIM905  (a word a line would hide the code)
        "a about actually all also am among an and any anything are as at be been being but by can could currently "
        "did do does doing done else everything exactly for from generally get give given go going got had has have "
        "having here how i if in into is it its just let ll make many may me might more most much must my need "
        "now of off often on one only or other our out own please possible possibly quite re really s shall should "
        "so some something such sure t than that the their them then there these they thing this those to too "
        "typically under up us use used using usually ve very via want was way we well were what when where which "
        "while who whom whose why will with within without would yet you your"
    ).split()
) | frozenset(
    "一上下不与个中为么也了于些什从他以们会何你候做其出到又及可吗吧呀呢和哪啊在她它对就很怎您想我或把时是更最有此现用的知能被要该请谁还这道那都里问"
)


class Unit(NamedTuple):
    """A word or a Chinese character, and its place in the folded text."""

    text: str
    start: int
    end: int


def units(text: str) -> list[Unit]:
    """Return the units of ``text``, which is folded."""
    return [Unit(match.group(), match.start(), match.end()) for match in _UNIT.finditer(text)]


def plain(text: str) -> str:
    """Return ``text`` folded and without what is only polite.

    >>> plain("Could you please tell me which Data-Sets there are?")
    'which data sets there are'
    """
    folded = fold(text)
    if folded.startswith(_INTRODUCING):
        folded = re.sub(_INTRODUCED, "", folded)
    if not folded.isascii():
        folded = re.sub(_REPEATED, "", folded)
    left = f" {folded.translate(_STOPS)} "
    for phrase in _POLITE:
        left = left.replace(f" {phrase} " if phrase.isascii() else phrase, " ")
    return " ".join(left.split())


def singular(word: str) -> str:
    """Return an English plural without its ending; other words may be cut too, but the same everywhere.

    >>> singular("studies"), singular("biases"), singular("bias"), singular("models")
    ('study', 'bias', 'bias', 'model')
    """
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is", "ias")):  # noqa: PLR2004
        return word
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses", "iases", "zes")) else word[:-1]


def is_empty(unit: str) -> bool:
    """Return whether a unit says nothing of what is asked."""
    return unit in _FUNCTION


def is_silent(unit: str) -> bool:
    """Return whether a unit says nothing of what is asked, or is said around a question in any field."""
    return unit in _FUNCTION or unit in _SILENT


def telling(stems: Sequence[str]) -> str:
    """Return the units that tell what is asked as a text, all of them when none does."""
    return " ".join(stem for stem in stems if not is_silent(stem)) or " ".join(stems)


def gist(stems: Sequence[str], ideas: Sequence[tuple[int, int, str]]) -> str:
    """Return what a text comes to: its ideas by name in their order, other words where they tell something."""
    starts = {start: idea for start, _, idea in ideas}
    covered = {place for start, end, _ in ideas for place in range(start, end)}
    told = []
    for place, stem in enumerate(stems):
        if place in starts and starts[place] != ASKING:
            told.append(starts[place].replace(" ", "-"))
        elif place not in covered and not is_silent(stem):
            told.append(stem)
    return " ".join(told)


def key(words: Sequence[str]) -> str:
    """Return what names are looked up by: singular, without spaces and without the Chinese particle of possession.

    >>> key(["fine", "tunings"])
    'finetuning'
    """
    return "".join(singular(word) for word in words if word != "的")


def is_chinese(text: str) -> bool:
    """Return whether ``text`` has Chinese characters."""
    return _CHINESE.search(text) is not None


def is_word(text: str) -> bool:
    """Return whether a unit is a word and no Chinese character."""
    return text != MARK and not _CHINESE.match(text)


def stems(words: Sequence[str]) -> list[str]:
    """Return the units with plurals cut."""
    return [singular(word) if is_word(word) else word for word in words]


def features(stems: Sequence[str], ideas: Sequence[tuple[int, int, str]]) -> dict[str, float]:
    """Return the features of a text with their weights: words, their parts, neighbours, and ideas in their order.

    ``ideas`` are those that stand in it: start, end, idea.
    """
    covered = {place for start, end, _ in ideas for place in range(start, end)}
    found: dict[str, float] = {}
    for place, stem in enumerate(stems):
        weight = _EMPTY if is_empty(stem) else _COVERED if place in covered else 1.0
        if is_word(stem):
            found[stem] = max(weight, found.get(stem, 0))
            if len(stem) >= _SHORT:
                parts = [f"~{part}" for part in _grams(f"_{stem}_")]
                found |= dict.fromkeys(parts, weight * _PARTS / len(parts) ** 0.5)
        else:
            found[stem] = _CHARACTER * weight
    for place, (first, second) in enumerate(pairwise(stems)):
        both = not is_word(first) and not is_word(second) and MARK not in (first, second)
        weight = _COVERED if place in covered and place + 1 in covered else 1.0
        found[f"{first} {second}"] = weight * (1.0 if both else _PAIR)
    return found | _of_ideas(stems, ideas)


def _of_ideas(stems: Sequence[str], ideas: Sequence[tuple[int, int, str]]) -> dict[str, float]:
    """Return features of the ideas: each, each with the next, and the one that is asked for."""
    marks = [(place, place + 1, MARK) for place, stem in enumerate(stems) if stem == MARK]
    row = [idea for _, _, idea in sorted([*ideas, *marks])]
    found = {f"={idea}": _IDEA for idea in row if idea != MARK}
    content = [idea for idea in row if idea != ASKING]
    for first, second in pairwise(content):
        found[f"={first}>{second}"] = _IDEAS
    after = row[row.index(ASKING) + 1 :] if ASKING in row else content
    wanted = after[0] if after else content[-1] if content else ""
    if wanted:
        found[f"?{wanted}"] = _WANTED
    return found


def _grams(word: str) -> Iterator[str]:
    for start in range(len(word) - _GRAM + 1):
        yield word[start : start + _GRAM]
