"""Walking over tokens: looking ahead, expecting, and saying what went wrong where."""

from __future__ import annotations

from typing import NoReturn

from xiangyun.kernel.feel.errors import FeelSyntaxError
from xiangyun.kernel.feel.lexer import Kind, Token, position, tokenize
from xiangyun.kernel.feel.names import RESERVED, NameTable
from xiangyun.kernel.findings import Text
from xiangyun.kernel.spelling import nearest


class Cursor:
    """A place among the tokens, with the names known there."""

    def __init__(self, source: str, names: NameTable, members: NameTable) -> None:
        self.source = source
        self.tokens = tokenize(source)
        self.at = 0
        self.names = names
        self.members = members

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def sees(self, *texts: str) -> bool:
        """Whether the next token is one of these symbols or words (never a string's content)."""
        token = self.token
        return token.text in texts and token.kind in (Kind.SYMBOL, Kind.WORD)

    def accept(self, text: str) -> bool:
        if self.sees(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        if not self.sees(text):
            self.fail(text)
        self.at += 1
        return self.tokens[self.at - 1]

    def fail(self, *expected: str) -> NoReturn:
        """Refuse what stands here, naming what was expected."""
        token = self.token
        line, column = position(self.source, token.start)
        if token.kind is Kind.END:
            message = Text("表达式没有写完。", "The expression ends too early.")
        else:
            message = Text("看不懂“{text}”。", "“{text}” is not understood here.", text=token.text)
        # A misspelt keyword was swallowed as part of a name just before, so look there as well.
        nearby = [t.text for t in self.tokens[max(0, self.at - 6) : self.at + 1]]
        words = [word for word in expected if word.isalpha()]
        close = next(filter(None, (nearest(near, words, 0.7) for near in reversed(nearby))), None)
        suggestion = close if close not in nearby else None
        raise FeelSyntaxError(message, line, column, expected, suggestion)

    # Names ------------------------------------------------------------------------------------

    def reference(self) -> str:
        """A name in use: the longest known one, else words standing side by side."""
        return self._name(self.names, frozenset())

    def member(self) -> str:
        """A name after a dot."""
        if self.token.kind is not Kind.WORD:
            self.fail("name")
        return self._name(self.members, RESERVED)

    def _name(self, known: NameTable, allowed_first: frozenset[str]) -> str:
        parts: list[str] = []
        found = known.longest(self.tokens, self.at)
        if found:
            name, length = found
            parts.append(name)
            self.at += length
        elif self.token.text in allowed_first:
            parts.append(self.token.text)
            self.at += 1
        while self._continues_name(bool(parts)):
            parts.append(self.token.text)
            self.at += 1
        if not parts:
            self.fail("name")
        return " ".join(parts)

    def _continues_name(self, begun: bool) -> bool:
        token = self.token
        if token.kind is Kind.NUMBER:
            # `Loan 2`; but `1..` after a name cannot begin a name's part.
            return begun and token.text.isdigit()
        return token.kind is Kind.WORD and token.text not in RESERVED

    def declared(self, *stops: str) -> str:
        """A name being declared: everything up to one of `stops`, spaces normalised."""
        first = self.token
        if first.kind is not Kind.WORD:
            self.fail("name")
        while not self.sees(*stops):
            if self.token.kind is Kind.END or self.sees("(", ")", "[", "]", "{", "}", ","):
                self.fail(*stops)
            self.at += 1
        return " ".join(self.source[first.start : self.tokens[self.at - 1].end].split())
