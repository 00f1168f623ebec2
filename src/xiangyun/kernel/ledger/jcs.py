"""JSON with exactly one spelling, so that a hash over it can be recomputed anywhere.

It is the part of the JSON Canonicalization Scheme (RFC 8785) that needs no floating point: any
JCS library, in any language, gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring

from xiangyun.kernel.findings import Finding, Refused, Text

_LARGEST_INTEGER = 2**53 - 1  # RFC 8785 section 3.2.2.3: beyond it, numbers differ between readers
_PLAIN: Mapping[object, str] = {None: "null", True: "true", False: "false"}
_Place = tuple[str, ...]


def canonical(value: object) -> bytes:
    """The UTF-8 bytes of str, int, bool, None, lists, and mappings with str keys.

    Keys are sorted by UTF-16 code units (RFC 8785 section 3.2.3); there are no spaces. Raises
    Refused `ledger.E001` for anything else: floats, dates and Decimals have several spellings.
    """
    return _spelled(value, ("$",)).encode()


def _spelled(value: object, place: _Place) -> str:
    """The text of a value; `place` is where it stands, for the refusal."""
    match value:
        case str() if _is_unicode(value):
            return encode_basestring(value)
        case None | bool():
            return _PLAIN[value]
        case int() if abs(value) <= _LARGEST_INTEGER:
            return int.__repr__(value)
        case list() | tuple():
            items = [_spelled(item, (*place, f"[{i}]")) for i, item in enumerate(value)]
            return f"[{','.join(items)}]"
        case Mapping():
            members = [
                f"{encode_basestring(key)}:{_spelled(value[key], (*place, '.', key))}"
                for key in _sorted(value, place)
            ]
            return f"{{{','.join(members)}}}"
    raise _refused(value, "".join(place))


def _sorted(keys: Iterable[object], place: _Place) -> list[str]:
    texts = []
    plain = True
    for key in keys:
        if not isinstance(key, str) or not _is_unicode(key):
            raise _refused(key, f"{''.join(place)} (key)")
        plain = plain and key.isascii()
        texts.append(key)
    # Keys of ASCII alone come in the same order without being spelled in UTF-16 first.
    return sorted(texts) if plain else sorted(texts, key=lambda key: key.encode("utf-16-be"))


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
