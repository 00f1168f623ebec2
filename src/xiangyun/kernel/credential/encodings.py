"""Spellings of bytes that have exactly one form: base64url, base58, multibase, strict JSON."""

from __future__ import annotations

import binascii
import json
from json.encoder import encode_basestring
from typing import Never

from .faults import refused

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_TO_URL = bytes.maketrans(b"+/", b"-_")
# What is no letter of base64url becomes one that base64 has not either, and is refused.
_FROM_URL = bytes(
    {0x2D: 0x2B, 0x5F: 0x2F}.get(byte, byte if bytes([byte]).isalnum() else 0x21)
    for byte in range(256)
)
_PADS = (b"", b"!", b"==", b"=")
_ENDS = {2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}
"""Letters that may end a text of so many letters beyond a multiple of four: spare bits are zero."""


def to_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, appendix C)."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL).decode()


def from_base64url(text: str) -> bytes:
    """The bytes of base64url without padding.

    Raises Refused `credential.E001` for every other spelling, also for the same bytes spelt with
    padding or with other spare bits: who signs a digest of the text must know that it is the one.
    """
    rest = len(text) & 3
    if rest and text[-1] not in _ENDS.get(rest, ()):
        raise refused("E001")
    try:
        letters = text.encode("ascii").translate(_FROM_URL)
        return binascii.a2b_base64(letters + _PADS[rest], strict_mode=True)
    except ValueError:  # also for letters beyond ASCII
        raise refused("E001") from None


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
        value: object
        if said[:1] in ("[", "{"):
            value, end = _READER.raw_decode(said)  # what `decode` does without looking for space
            if end != len(said):
                value = _READER.decode(said)
        else:
            value = _READER.decode(said)
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


# Made once: `json.loads` with hooks would make a reader for every text.
_READER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_never)
_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(value: object) -> str:
    """A value as JSON without spaces."""
    return encode_basestring(value) if type(value) is str else _WRITER.encode(value)
