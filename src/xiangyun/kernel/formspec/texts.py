"""Text as people write it, made one: what is typed, pasted or sent becomes what is stored.

Unicode has several spellings of the same letter, several middle dots, and characters that nobody
sees. Two texts that look alike and mean the same are one text here.
"""

from __future__ import annotations

import re
import unicodedata

# No text column or hash takes them, and nobody can type them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# Format characters, variation selectors and fillers of Hangul: nothing of them is seen.
_HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U000e0000-\U000e0fff"
)
# Inside a text these shape the letters of Mongolian and of the scripts of India; at its ends they
# shape nothing.
_SHAPING = "\u180e\u200c\u200d"
_HIDING = re.compile(f"[{_HIDDEN}]")
_ENDS = re.compile(rf"\A[\s{_HIDDEN}{_SHAPING}]+|[\s{_HIDDEN}{_SHAPING}]+\Z")
_MIDDLE_DOTS = re.compile(
    "[\u00b7\u0387\u16eb\u2022\u2024\u2027\u2219\u22c5\u25cf\u25e6\u2e31\u30fb\ua78f\uff0e\uff65]"
)


def clean(text: str) -> str:
    """One line of several without what cannot be stored, in composed form (NFC), ends trimmed."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _ENDS.sub("", unicodedata.normalize("NFC", text))


def name(text: str) -> str:
    """A person's name: one space between parts, one middle dot, nothing that hides."""
    text = _HIDING.sub("", _MIDDLE_DOTS.sub("·", clean(text)))
    text = re.sub(r"\s*·\s*", "·", " ".join(text.split()))
    return clean(text)


def is_name(text: str) -> bool:
    """2 to 50 letters of any script, with their marks, and the signs that stand between parts.

    Any letter: the names of all nationalities, and of foreigners, are names. A mark never begins
    one. Between parts stand a space, the middle dot, the dot of Tibetan, apostrophes, hyphens.
    """
    return (
        2 <= len(text) <= 50
        and _is_letter(text[0])
        and all(_is_letter(sign) or _is_mark(sign) or sign in _BETWEEN for sign in text)
    )


_BETWEEN = frozenset(" ·.'’‘ʼʻ-‐‑\u0f0b\u0f0c\u180a\u1807\u200c\u200d\u180e")


def _is_letter(sign: str) -> bool:
    # 〇, a letter of names, is a number to Unicode (Nl).
    return unicodedata.category(sign)[0] == "L" or sign == "〇"


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M"
