"""JSON with exactly one spelling, so that a hash over it can be recomputed anywhere.

It is the part of the JSON Canonicalization Scheme (RFC 8785) that needs no floating point: any
JCS library, in any language, gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from xiangyun.kernel.findings import Finding, Refused, Text

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LARGEST_INTEGER = 2**53 - 1  # RFC 8785 section 3.2.2.3: beyond it, numbers differ between readers


def canonical(value: object) -> bytes:
    """The UTF-8 bytes of str, int, bool, None, lists, and mappings with str keys.

    Keys are sorted by UTF-16 code units (RFC 8785 section 3.2.3); there are no spaces. Raises
    Refused `ledger.E001` for anything else: floats, dates and Decimals have several spellings.
    """
    return _ENCODER.encode(_ordered(value, "$")).encode()


def _ordered(value: object, path: str) -> object:
    match value:
        case None | bool():
            return value
        case int() if abs(value) <= _LARGEST_INTEGER:
            return value
        case str() if _is_unicode(value):
            return value
        case list() | tuple():
            return [_ordered(item, f"{path}[{i}]") for i, item in enumerate(value)]
        case Mapping():
            for key in value:
                if not isinstance(key, str) or not _is_unicode(key):
                    raise _refused(key, f"{path} (key)")
            plain = all(map(str.isascii, value))  # then both orders are the same
            keys = sorted(value, key=None if plain else lambda key: key.encode("utf-16-be"))
            return {key: _ordered(value[key], f"{path}.{key}") for key in keys}
    raise _refused(value, path)


def _is_unicode(text: str) -> bool:
    """Half of a surrogate pair is not a character and has no UTF-8."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(value: object, path: str) -> Refused:
    kind = type(value).__name__
    message = Text(
        f"{path} 处的 {kind} 值 {value!a} 没有唯一写法，不能记入日志。",
        f"At {path} the {kind} {value!a} has no single spelling and cannot be journalled.",
    )
    hint = Text(
        '请改写为字符串或整数，例如日期写 "2026-04-09"，金额写以分为单位的整数 12050。',
        "Write it as a string or an integer, such as the date "
        '"2026-04-09" or the amount 12050 in fen.',
    )
    return Refused([Finding("ledger.E001", "error", message, hint=hint)])
