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


def canonical(value: object) -> bytes:
    """The UTF-8 bytes of str, int, bool, None, lists, and mappings with str keys.

    Keys are sorted by UTF-16 code units (RFC 8785 section 3.2.3); there are no spaces. Raises
    Refused `ledger.E001` for anything else: floats, dates and Decimals have several spellings.
    """
    return spelled(value).encode()


def spelled(value: object) -> str:
    """The text of `canonical`."""
    try:
        text = _spelled(value)
        if not text.isascii():
            text.encode()
    except (TypeError, ValueError):  # what has no spelling, or half of a surrogate pair
        raise _refusal(value, "$") from None
    return text


def _spelled(value: object) -> str:
    """The text of a value. Raises TypeError for what has none, without saying where."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)  # type: ignore[arg-type]
    if kind is dict:
        members = [f"{encode_basestring(k)}:{_spelled(value[k])}" for k in _sorted(value)]  # type: ignore[index, arg-type]
        return f"{{{','.join(members)}}}"
    match value:
        case None | bool():
            return _PLAIN[value]
        case str():
            return encode_basestring(value)
        case int() if abs(value) <= _LARGEST_INTEGER:
            return int.__repr__(value)
        case list() | tuple():
            return f"[{','.join(map(_spelled, value))}]"
        case Mapping():
            return _spelled(dict(value))
    raise TypeError


def _sorted(keys: Iterable[str]) -> list[str]:
    """Keys in the order of their UTF-16, which for those of ASCII is the order that they have."""
    found = sorted(keys)
    if not all(map(str.isascii, found)):
        found.sort(key=lambda key: key.encode("utf-16-be"))
    return found


def _refusal(value: object, place: str) -> Refused:
    """Why a value that cannot be spelled cannot, at the first place within it that cannot."""
    match value:
        case Mapping():
            for key, inner in value.items():
                if not isinstance(key, str) or not _can_be_spelled(key):
                    return _refused(key, f"{place} (key)")
                if not _can_be_spelled(inner):
                    return _refusal(inner, f"{place}.{key}")
        case list() | tuple():
            for index, inner in enumerate(value):
                if not _can_be_spelled(inner):
                    return _refusal(inner, f"{place}[{index}]")
    return _refused(value, place)


def _can_be_spelled(value: object) -> bool:
    try:
        _spelled(value).encode()
    except (TypeError, ValueError):
        return False
    return True


def _refused(value: object, path: str) -> Refused:
    kind = type(value).__name__
    message = Text(
        "{path} 处的 {kind} 值 {value} 没有唯一写法，不能记入日志。",
        "At {path} the {kind} {value} has no single spelling and cannot be journalled.",
        path=path,
        kind=kind,
        value=ascii(value),
    )
    hint = Text(
        '请改写为字符串或整数，例如日期写 "2026-04-09"，金额写以分为单位的整数 12050。',
        "Write it as a string or an integer, such as the date "
        '"2026-04-09" or the amount 12050 in fen.',
    )
    return Refused([Finding("ledger.E001", "error", message, hint=hint)])
