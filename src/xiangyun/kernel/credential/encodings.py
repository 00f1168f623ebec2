"""Spellings of bytes that have exactly one form: base64url, base58, multibase, strict JSON."""

from __future__ import annotations

import binascii
import json
from typing import Never

from .faults import refused

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_TO_URL = str.maketrans("+/", "-_")
_FROM_URL = str.maketrans("-_+/=", "+/!!!")  # "!" is no letter of base64: it is refused
_PADS = ("", "", "==", "=")


def to_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, appendix C)."""
    return binascii.b2a_base64(data, newline=False).decode().translate(_TO_URL).rstrip("=")


def from_base64url(text: str) -> bytes:
    """The bytes of base64url without padding.

    Raises Refused `credential.E001` for every other spelling, also for the same bytes spelt with
    padding or with other spare bits: who signs a digest of the text must know that it is the one.
    """
    try:
        padded = text.translate(_FROM_URL) + _PADS[len(text) & 3]
        data = binascii.a2b_base64(padded, strict_mode=True)
    except (ValueError, UnicodeEncodeError):
        raise refused("E001") from None
    # With 2 or 3 letters at the end some bits are spare, and must be zero.
    if rest := len(text) & 3:
        _check_end(data[-(rest - 1) :] if rest > 1 else b"", text[-rest:])
    return data


def _check_end(data: bytes, text: str) -> None:
    if to_base64url(data) != text:
        raise refused("E001")


def to_base58(data: bytes) -> str:
    """Base58 with the alphabet of Bitcoin; each leading zero byte is a 1."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """The bytes of base58. Raises Refused `credential.E001` for a letter that it does not have."""
    number = 0
    for letter in text:
        digit = _BASE58.find(letter)
        if digit < 0:
            raise refused("E001")
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def from_multibase(text: str) -> bytes:
    """The bytes of multibase, as far as the specifications here use it: z base58, u base64url."""
    if text[:1] == "z":
        return from_base58(text[1:])
    if text[:1] == "u":
        return from_base64url(text[1:])
    raise refused("E001")


def read_json(text: str | bytes) -> object:
    """A JSON value that every reader understands alike.

    Raises Refused `credential.E002` for a key given twice, NaN or Infinity, bytes that are no
    UTF-8, half a surrogate pair, or nesting without end.
    """
    try:
        said = text if isinstance(text, str) else text.decode()
        value: object = json.loads(said, object_pairs_hook=_once, parse_constant=_never)
        if "\\u" in said:  # only an escape can hold half a character
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise refused("E002") from None
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is given twice")
    return result


def _never(_: str) -> Never:
    raise ValueError("no JSON number")
