"""Text to tokens (DMN 1.5 §10.3.1.2, grammar rules 26–38 and 62–65).

Names with spaces are not decided here: a word is one token, and the parser joins words.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from xiangyun.kernel.feel.errors import FeelSyntaxError
from xiangyun.kernel.findings import Text


class Kind(Enum):
    """What a token is."""

    WORD = "name"
    NUMBER = "number"
    STRING = "string"
    SYMBOL = "symbol"
    END = "end of the expression"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, string or symbol; `start` and `end` are offsets into the source."""

    kind: Kind
    text: str
    start: int
    end: int


# Grammar rules 28 and 30: what a name may begin with, and what it may hold besides.
_NAME_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_PART = _NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = r"\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_TOKEN = re.compile(
    rf"""
    (?P<space>[{_SPACE}]+|//[^\n]*|/\*.*?\*/)
  | (?P<word>[{_NAME_START}][{_NAME_PART}]*)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![{_NAME_PART}]))?)
  | (?P<string>"(?:\\.|[^"\\])*")
  | (?P<symbol>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.@'])
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {
    "word": Kind.WORD,
    "number": Kind.NUMBER,
    "string": Kind.STRING,
    "symbol": Kind.SYMBOL,
}


def position(source: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset."""
    line = source.count("\n", 0, offset) + 1
    return line, offset - source.rfind("\n", 0, offset)


def tokenize(source: str) -> list[Token]:
    """All tokens, ending with one of kind END.

    Raises:
        FeelSyntaxError: at a character no token begins with, or a string without an end.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise _stray(source, at)
        group = match.lastgroup or ""
        if match.group() == "/" and source.startswith("/*", at):
            raise _refused(Text("注释没有结束。", "This comment has no end."), source, at, "*/")
        if group != "space":
            tokens.append(Token(_KINDS[group], match.group(), at, match.end()))
        at = match.end()
    tokens.append(Token(Kind.END, "", at, at))
    return tokens


def _refused(words: Text, source: str, at: int, *expected: str) -> FeelSyntaxError:
    return FeelSyntaxError(words, *position(source, at), expected)


def _stray(source: str, at: int) -> FeelSyntaxError:
    if source[at] == '"':
        return _refused(
            Text("文字没有结束的引号。", "This string has no closing quotation mark."),
            source,
            at,
            '"',
        )
    char = source[at] if source[at].isprintable() else f"U+{ord(source[at]):04X}"
    return FeelSyntaxError(
        Text("这里不能用字符“{char}”。", "The character “{char}” cannot stand here.", char=char),
        *position(source, at),
        suggestion='"' if char in "“”„‟" else None,
    )


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")


def string_value(source: str, token: Token) -> str:
    """What a string literal means (rule 64): escapes read, surrogate pairs joined.

    Raises:
        FeelSyntaxError: for an escape beyond Unicode, and for half a character (a surrogate alone).
    """

    def unescape(match: re.Match[str]) -> str:
        mark = match.group(1)
        if mark[0] not in "uU" or len(mark) == 1:
            return _ESCAPED.get(mark, match.group(0))
        code = int(mark[1:], 16)
        if code > sys.maxunicode:
            at = token.start + 1 + match.start()
            raise _refused(
                Text("没有字符“\\{mark}”。", "There is no “\\{mark}”.", mark=mark), source, at
            )
        return chr(code)

    text = _ESCAPE.sub(unescape, token.text[1:-1])
    text = _PAIR.sub(
        lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text
    )
    if _HALF.search(text):
        raise _refused(
            Text(
                "文字里有半个字符（单独的代理码）。",
                "This string holds half a character (a surrogate alone).",
            ),
            source,
            token.start,
        )
    return text


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """The token texts a name is written with; () when it cannot be written as a name."""
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except FeelSyntaxError:
        return ()
