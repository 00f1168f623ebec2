"""XPath and XQuery regular expressions (F&O 3.1 §5.6), which `matches`, `replace` and `split` use.

Translated once to Python's `re`; what Python lacks (categories, blocks, class subtraction) is
spelt out, and what XPath forbids (look-ahead, references to open groups) is refused.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

from xiangyun.kernel.feel.errors import NullResult

_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Tibetan": (0x0F00, 0x0FFF),
    "Mongolian": (0x1800, 0x18AF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "Bopomofo": (0x3100, 0x312F),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "YiSyllables": (0xA000, 0xA48F),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
_CLASSES = {
    "d": r"\d",
    "D": r"\D",
    "s": r" \t\n\r",
    "w": r"\w",
    "i": r"A-Za-z_:À-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff",
    "c": r"\-.0-9A-Za-z_:·À-ÖØ-öø-\u037d\u037f-\u1fff\u3001-\ud7ff",
}
_LITERAL = {"n": r"\n", "r": r"\r", "t": r"\t"}


@lru_cache(maxsize=1024)
def compiled(pattern: str, flags: str) -> re.Pattern[str]:
    """The pattern as Python runs it.

    Raises:
        NullResult: when the pattern or a flag is not one.
    """
    if not set(flags) <= set("smixq"):
        raise NullResult("arguments", f"没有标志“{flags}”", f"“{flags}” are not flags")
    bits = re.IGNORECASE if "i" in flags else 0
    if "q" in flags:
        return re.compile(re.escape(pattern), bits)
    bits |= (re.DOTALL if "s" in flags else 0) | (re.MULTILINE if "m" in flags else 0)
    try:
        return re.compile(_Translator(pattern, flags).whole(), bits)
    except (re.error, ValueError, IndexError, OverflowError) as error:
        raise NullResult(
            "arguments", f"“{pattern}”不是正则表达式", f"“{pattern}” is not a pattern: {error}"
        ) from None


@lru_cache(maxsize=64)
def _category(name: str) -> str:
    """All characters of a general category as the inside of a character class."""
    ranges: list[str] = []
    start = None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(name)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    if not ranges:
        raise ValueError(f"no category {name}")
    return "".join(ranges)


class _Translator:
    def __init__(self, pattern: str, flags: str) -> None:
        # With flag x, white space outside character classes means nothing.
        self.text = pattern
        self.spaced = "x" in flags
        self.dot_all = "s" in flags
        self.multiline = "m" in flags
        self.at = 0
        self.opened = 0
        self.open_groups: list[int] = []

    def whole(self) -> str:
        out: list[str] = []
        while self.at < len(self.text):
            out.append(self._piece())
        if self.open_groups:
            raise ValueError("a group is not closed")
        return "".join(out)

    def _piece(self) -> str:
        char = self.text[self.at]
        self.at += 1
        if self.spaced and char in " \t\n\r":
            return ""
        if char == "\\":
            return self._escape()
        if char == "[":
            return self._class()
        if char == "(":
            return self._open()
        if char == ")":
            if not self.open_groups:
                raise ValueError("a group is not open")
            self.open_groups.pop()
            return ")"
        if char == "." and not self.dot_all:
            return r"[^\n\r]"
        if char == "$" and not self.multiline:
            return r"\Z"  # Python's $ would also match before a final newline
        if char in "]}":
            raise ValueError(f"a stray {char}")
        if char == "{":
            end = self.text.index("}", self.at)
            quantity = self.text[self.at : end]
            if not re.fullmatch(r"\d+(,\d*)?", quantity):
                raise ValueError("not a quantity")
            self.at = end + 1
            return "{" + quantity + "}"
        return char

    def _open(self) -> str:
        if self.text.startswith("?", self.at):
            if not self.text.startswith("?:", self.at):
                raise ValueError("only (?: is known")
            self.at += 2
            self.open_groups.append(0)
            return "(?:"
        self.opened += 1
        self.open_groups.append(self.opened)
        return "("

    def _escape(self) -> str:
        char = self.text[self.at]
        self.at += 1
        if char.isdigit():
            number = int(char)
            while self.at < len(self.text) and self.text[self.at].isdigit():
                longer = number * 10 + int(self.text[self.at])
                if longer > self.opened:
                    break
                number, self.at = longer, self.at + 1
            if not 0 < number <= self.opened or number in self.open_groups:
                raise ValueError(f"no group {number} before here")
            return f"(?:\\{number})"
        inside, negated = self._named_class(char)
        if inside is not None:
            return f"[{'^' if negated else ''}{inside}]"
        return self._literal(char)

    def _named_class(self, char: str) -> tuple[str | None, bool]:
        """The inside of the class an escape stands for, and whether it is negated."""
        if char in "pP":
            end = self.text.index("}", self.at)
            if self.text[self.at] != "{":
                raise ValueError("a property needs braces")
            name = self.text[self.at + 1 : end]
            self.at = end + 1
            if self.spaced:
                name = "".join(name.split())
            if name.startswith("Is"):
                if name[2:] not in _BLOCKS:
                    raise ValueError(f"no block {name}")
                low, high = _BLOCKS[name[2:]]
                return f"\\U{low:08x}-\\U{high:08x}", char == "P"
            if not re.fullmatch(r"[A-Z][a-z]?", name):
                raise ValueError(f"no category {name}")
            return _category(name), char == "P"
        if char in "dD":
            return r"\d", char == "D"
        if char.lower() in "swic":
            return _CLASSES[char.lower()], char.isupper()
        return None, False

    def _literal(self, char: str) -> str:
        if char in _LITERAL:
            return _LITERAL[char]
        if char in "\\|.-^?*+{}()[]$":
            return "\\" + char
        raise ValueError(f"\\{char} means nothing")

    def _class(self) -> str:
        negated = self.text.startswith("^", self.at)
        self.at += negated
        inside: list[str] = []
        outside: list[str] = []  # classes such as \D whose complement cannot be written inside
        minus = ""
        while self.text[self.at] != "]" or not (inside or outside):
            char = self.text[self.at]
            self.at += 1
            if char == "-" and self.text.startswith("[", self.at):
                self.at += 1
                minus = f"(?!{self._class()})"
                break
            if char == "\\":
                escaped = self.text[self.at]
                self.at += 1
                if escaped.isdigit():
                    raise ValueError("a group cannot stand in a class")
                named, inverse = self._named_class(escaped)
                if named is not None and inverse:
                    outside.append(f"[^{named}]")
                else:
                    inside.append(named if named is not None else self._literal(escaped))
            elif char == "[":
                raise ValueError("[ must be escaped in a class")
            elif char == "-":
                alone = not inside or self.text[self.at] == "]"
                inside.append("\\-" if alone else "-")
            else:
                inside.append("\\" + char if char in "^&~|" else char)
        if self.text[self.at] != "]":
            raise ValueError("a class is not closed")
        self.at += 1
        options = ([f"[{''.join(inside)}]"] if inside else []) + outside
        either = options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
        return f"(?:{minus}(?!{either})[\\s\\S])" if negated else f"(?:{minus}{either})"


_GROUP = re.compile(r"\\(.)|\$(\d+)|(\$|\\)")


def replacement(template: str, groups: int, flags: str) -> str:
    """An XPath replacement (`$1`, `\\$`) as Python's.

    Raises:
        NullResult: for a `$` or backslash that stands for nothing.
    """
    if "q" in flags:
        return template.replace("\\", r"\\")

    def swap(match: re.Match[str]) -> str:
        escaped, number, stray = match.groups()
        if stray or (escaped and escaped not in "\\$"):
            raise NullResult(
                "arguments", f"“{template}”不能作替换文字", f"“{template}” is not a replacement"
            )
        if escaped:
            return r"\\" if escaped == "\\" else "$"
        # The longest number that is a group counts; further digits are digits.
        for length in range(len(number), 0, -1):
            if int(number[:length]) <= groups:
                return f"\\g<{int(number[:length])}>{number[length:]}"
        return number[1:]

    return _GROUP.sub(swap, template)
