"""ISO/IEC 7064 MOD 37,36: one character that finds every single mistake and most swaps."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_character(text: str) -> str:
    """The character that goes behind digits and capitals. Raises ValueError for any other."""
    product = 36
    for char in text:
        product = ((product + _ALPHABET.index(char)) % 36 or 36) * 2 % 37
    return _ALPHABET[(37 - product) % 36]
