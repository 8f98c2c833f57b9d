"""Data values of literals: what is in a datatype, and which literals mean the same value.

The datatypes are those of the OWL 2 RL profile (OWL 2 Profiles, section 4.2.1); lexical and value
spaces are those of XML Schema 1.1, part 2. Values of different primitive types are never equal,
so a value is paired with the name of its space.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from llmkg.terms import RDF, RDFS, XSD

__all__ = ["DATATYPES", "Value", "contains", "is_trivially_typed", "value_of"]

Value = tuple[str, Hashable]

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_FLOAT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DATETIME = re.compile(r"(-?[0-9]{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_MIDNIGHT = 24  # the hour that XSD allows for the end of a day
_HOUR = 60  # minutes
_WIDEST_ZONE = 14 * _HOUR
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_NAME = re.compile(r"[^\W\d][\w.\-:·]*")
_NCNAME = re.compile(r"[^\W\d][\w.\-·]*")
_NMTOKEN = re.compile(r"[\w.\-:·]+")

# Datatypes derived from xsd:integer with their bounds, and what each is derived from.
_BOUNDS: Mapping[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_STRINGS: Mapping[str, Callable[[str], bool]] = {
    "string": lambda _: True,
    "normalizedString": lambda text: not re.search(r"[\t\n\r]", text),
    "token": lambda text: text == " ".join(text.split()),
    "language": lambda text: bool(_LANGUAGE.fullmatch(text)),
    "Name": lambda text: bool(_NAME.fullmatch(text)),
    "NCName": lambda text: bool(_NCNAME.fullmatch(text)),
    "NMTOKEN": lambda text: bool(_NMTOKEN.fullmatch(text)),
}


def _decimal(text: str) -> Value | None:
    return ("decimal", Decimal(text)) if _DECIMAL.fullmatch(text) else None


def _integer(text: str) -> Value | None:
    return ("decimal", Decimal(text)) if _INTEGER.fullmatch(text) else None


def _floating(space: str) -> Callable[[str], Value | None]:
    def read(text: str) -> Value | None:
        special = {"INF": "inf", "+INF": "inf", "-INF": "-inf", "NaN": "nan"}.get(text)
        if special:
            return space, special
        if not _FLOAT.fullmatch(text):
            return None
        number = float(text)
        if space == "float":
            import struct  # noqa: PLC0415  (only floats need it)

            try:
                number = struct.unpack("f", struct.pack("f", number))[0]
            except OverflowError:
                return space, "-inf" if number < 0 else "inf"
        return space, repr(number)  # the text keeps -0 apart from 0, as the value space does

    return read


def _boolean(text: str) -> Value | None:
    truth = {"true": True, "1": True, "false": False, "0": False}.get(text)
    return None if truth is None else ("boolean", truth)


def _datetime(text: str) -> Value | None:
    match = _DATETIME.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    midnight = hour == _MIDNIGHT and minute == second == 0
    try:
        # Years outside 1 to 9999 are checked against a year of the same length.
        moment = datetime(2000 + year % 400, month, day, 0 if midnight else hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    fraction = (match[7] or "").rstrip("0").rstrip(".")
    zone = {"Z": "+00:00", "-00:00": "+00:00"}.get(match[8], match[8])
    if zone and not _zone(zone):
        return None
    moment += timedelta(days=1) if midnight else timedelta()
    year += moment.year - (2000 + year % 400)
    # Identity, not equality: one moment told in two time zones is two values (OWL 2 Syntax, 4.6).
    return "dateTime", (year, moment.month, moment.day, moment.hour, minute, second, fraction, zone)


def _zone(text: str) -> bool:
    """Tell whether ``text`` is a time zone that XSD allows, such as ``+14:00``."""
    hours, minutes = int(text[1:3]), int(text[4:6])
    return minutes < _HOUR and hours * _HOUR + minutes <= _WIDEST_ZONE


def _hex(text: str) -> Value | None:
    return ("hexBinary", bytes.fromhex(text)) if re.fullmatch(r"([0-9a-fA-F]{2})*", text) else None


def _base64(text: str) -> Value | None:
    try:
        return "base64Binary", base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        return None


def _text(text: str) -> Value | None:
    return "string", text


_READERS: dict[NamedNode, Callable[[str], Value | None]] = {
    XSD.decimal: _decimal,
    XSD.float: _floating("float"),
    XSD.double: _floating("double"),
    XSD.boolean: _boolean,
    XSD.dateTime: _datetime,
    XSD.dateTimeStamp: _datetime,
    XSD.hexBinary: _hex,
    XSD.base64Binary: _base64,
    XSD.anyURI: lambda text: ("anyURI", text),
    RDF.XMLLiteral: lambda text: ("XMLLiteral", text),
    **{XSD[name]: _integer for name in _BOUNDS},
    **{XSD[name]: _text for name in _STRINGS},
}
DATATYPES = frozenset([*_READERS, RDFS.Literal, RDF.PlainLiteral, RDF.langString])

# Spaces where the text is the value and every text is legal: nothing to look up, nothing to merge.
_PLAIN = frozenset([XSD.string, XSD.anyURI, RDF.langString, RDF.XMLLiteral])


def is_trivially_typed(literal: Literal) -> bool:
    """Tell whether the literal is legal whatever its text, and equal to no literal written otherwise."""
    return literal.datatype in _PLAIN or literal.datatype not in DATATYPES


def value_of(literal: Literal) -> Value | None:
    """Return the data value, or None when the text is not in the lexical space of the datatype.

    A datatype outside the profile has a value space of its own per name: its literals are legal
    and equal only when written alike.
    """
    datatype, text = literal.datatype, literal.value
    if literal.language:
        return "langString", (text, literal.language.lower())
    if datatype == RDF.PlainLiteral:
        head, at, language = text.rpartition("@")
        return (("langString", (head, language.lower())) if language else ("string", head)) if at else None
    reader = _READERS.get(datatype)
    if reader is None:
        return datatype.value, text
    # White space around the text is collapsed before it is read, but for strings (XSD 1.1, 4.3.6).
    value = reader(text if reader is _text else text.strip(" \t\n\r"))
    return value if value is not None and _fits(value, datatype) else None


def contains(datatype: NamedNode, value: Value) -> bool:  # noqa: PLR0911  (one case per family)
    """Tell whether ``value`` is in the value space of ``datatype``, one of ``DATATYPES``."""
    space, content = value
    if datatype == RDFS.Literal:
        return True
    if datatype == RDF.PlainLiteral:
        return space in ("string", "langString")
    if datatype == RDF.langString:
        return space == "langString"
    name = datatype.value.rsplit("#", 1)[-1]
    if name in _STRINGS:
        return space == "string" and _fits(value, datatype)
    if name in _BOUNDS:
        return (
            space == "decimal" and isinstance(content, Decimal) and content == int(content) and _fits(value, datatype)
        )
    if name == "dateTimeStamp":
        return space == "dateTime" and _fits(value, datatype)
    return space == name


def _fits(value: Value, datatype: NamedNode) -> bool:
    """Tell whether a value of the primitive space obeys the facets of ``datatype``."""
    name, content = datatype.value.rsplit("#", 1)[-1], value[1]
    if name in _BOUNDS:
        low, high = _BOUNDS[name]
        assert isinstance(content, Decimal)
        return (low is None or content >= low) and (high is None or content <= high)
    if name in _STRINGS:
        return _STRINGS[name](str(content))
    if name == "dateTimeStamp":
        assert isinstance(content, tuple)
        return content[-1] is not None
    return True
