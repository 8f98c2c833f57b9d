"""The values of a record as the graph spells them, from what files write; what is no such value is refused.

Each function takes a text, returns the value (empty for an empty text) and raises ValueError with
what is wrong, to be told with the place of the entry.
"""

from __future__ import annotations

import re
import unicodedata

from llmkg.errors import shown

__all__ = [
    "arxiv_id",
    "arxiv_in",
    "author_names",
    "doi_name",
    "language_of",
    "one_line",
    "pages",
    "web_address",
    "year_number",
]

_MOST = 20_000  # characters of one text; the longest titles have a few hundred
# What is neither seen nor meant: controls, zero-width marks, the soft hyphen, what no encoding can say.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ufffd\ud800-\udfff]")
# What UTF-8 becomes when it is read as Windows-1252; see the quality rule text-bad-character.
_GARBLED = re.compile(
    "Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|â€"
)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.[0-9]{4,9}/[^\s<>\"]+)", re.IGNORECASE)
_ARXIV_ID = r"([0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]+)?"
_ARXIV = re.compile(
    rf"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/|arxiv:\s*)?{_ARXIV_ID}(?:\.pdf)?", re.IGNORECASE
)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.{_ARXIV_ID}", re.IGNORECASE)
_ARXIV_NAMED = re.compile(rf"(?:\barxiv:\s*|\barxiv\.org/(?:abs|pdf)/|\babs/){_ARXIV_ID}", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_KANA, _HANGUL = re.compile("[\u3040-\u30ff]"), re.compile("[\uac00-\ud7af]")
_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# What BibTeX files write for a language, after the names of babel.
_LANGUAGES = {
    "american": "en", "british": "en", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr",
    "german": "de", "italian": "it", "japanese": "ja", "korean": "ko", "ngerman": "de", "polish": "pl",
    "portuguese": "pt", "russian": "ru", "spanish": "es", "ukenglish": "en", "usenglish": "en",
}  # fmt: skip


def one_line(text: str) -> str:
    r"""Return ``text`` composed (NFC), on one line, without what cannot be seen.

    >>> one_line(" a\n b\u200b ")
    'a b'
    """
    if len(text) > _MOST:
        raise ValueError(f"a text of {len(text):,} characters; {_MOST:,} at most. Shorten it")
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text
    if found := _GARBLED.search(text):
        raise ValueError(f"'{shown(found[0])}' in a text: read in the wrong encoding somewhere before. Mend the text")
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())


def author_names(names: list[str]) -> tuple[str, ...]:
    """Return the names of authors that are not empty; a semicolon, which parts names in the graph, is a comma."""
    return tuple(name for name in (one_line(name).replace(";", ",").strip(" ,") for name in names) if name)


def doi_name(text: str) -> str:
    """Return a DOI without its address.

    >>> doi_name("https://doi.org/10.18653/v1/P19-1285")
    '10.18653/v1/P19-1285'
    """
    text = text.strip()
    found = _DOI.fullmatch(text)
    if text and not found:
        raise ValueError(f"the DOI '{shown(text)}' does not begin with 10. and digits. Mend it or take it out")
    return found[1] if found else ""


def arxiv_id(text: str) -> str:
    """Return an arXiv id without version, of an id, an address or a DOI of arXiv.

    >>> arxiv_id("arXiv:2307.10169v2"), arxiv_id("10.48550/arXiv.2307.10169")
    ('2307.10169', '2307.10169')
    """
    text = text.strip()
    found = _ARXIV_DOI.fullmatch(text) or _ARXIV.fullmatch(text)
    if text and not found:
        raise ValueError(f"the arXiv id '{shown(text)}' is not like 2307.10169. Mend it or take it out")
    return found[1] if found else ""


def arxiv_in(text: str) -> str:
    """Return the arXiv id that a venue, an address or a DOI names, or an empty text.

    >>> arxiv_in("arXiv preprint arXiv:2303.09540"), arxiv_in("CoRR, abs/2303.09540"), arxiv_in("Nature")
    ('2303.09540', '2303.09540', '')
    """
    if "rxiv" not in text.lower() and "abs/" not in text:
        return ""
    found = _ARXIV_DOI.search(text) or _ARXIV_NAMED.search(text)
    return found[1] if found else ""


def year_number(text: str) -> int | None:
    """Return the year at the beginning of a year or a date.

    >>> year_number("2023-07-19")
    2023
    """
    text = text.strip()
    found = re.fullmatch(r"([0-9]{4})(?:[-/].{0,20})?", text)
    if text and not found:
        raise ValueError(f"the year '{shown(text)}' is no number of four digits. Mend it or take it out")
    return int(found[1]) if found else None


def pages(text: str) -> str:
    """Return pages with a dash between them.

    >>> pages("4--5"), pages("4 - 5")
    ('4–5', '4–5')
    """
    return re.sub(r"\s*[-–]+\s*", "–", text)


def web_address(text: str) -> str:
    """Return an address on the web as it is."""
    text = text.strip()
    if text and not _URL.fullmatch(text):
        raise ValueError(f"the address '{shown(text)}' is not like https://example.org/. Mend it or take it out")
    return text


def language_of(title: str, stated: str = "") -> str:
    """Return the language tag of a title: by its script where that tells, else as stated, else English.

    >>> language_of("大语言模型综述"), language_of("A Survey"), language_of("Une étude", "french")
    ('zh', 'en', 'fr')
    """
    if not title.isascii() and 3 * len(_EASTERN.findall(title)) >= len(title):
        return "ja" if _KANA.search(title) else "ko" if _HANGUL.search(title) else "zh"
    tag = re.split("[-_]", stated.strip().lower())[0]
    tag = _LANGUAGES.get(tag, tag)
    return tag if re.fullmatch(r"[a-z]{2,3}", tag) else "en"
