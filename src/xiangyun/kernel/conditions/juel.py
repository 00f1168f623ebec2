"""Expressions of the Unified Expression Language (JUEL, `${…}`), as FEEL where that is plain."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[$#]\{(.*)\}", re.DOTALL)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:(),=]))"
)
_VARIABLE = re.compile(
    r"(?:execution|task|delegateTask|caseExecution)\.getVariable(?:Local)?\(\s*['\"]([\w.]+)['\"]\s*\)"
)
_WORDS = {
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
    "and": "&&", "or": "||", "not": "!", "div": "/", "mod": "%",
}  # fmt: skip
_COMPARED = {"==": "=", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
# FEEL would read these as words of its own.
_RESERVED = frozenset(("if", "then", "else", "for", "in", "return", "some", "every", "satisfies"))


class _NotPlain(Exception):
    """What FEEL says otherwise, or cannot say."""


def feel_of(text: str) -> str | None:
    """The formula `=…` that means the same; None where a person has to look at it.

    Calls of methods and beans, indexes, remainders and mixtures of text and expression are left.
    """
    found = _WHOLE.fullmatch(text.strip())
    if found is None or "${" in found[1] or "#{" in found[1]:
        return None
    try:
        return "=" + _Reader(_VARIABLE.sub(r"\1", found[1])).whole()
    except _NotPlain:
        return None


def is_juel(text: str) -> bool:
    """Whether a text holds an expression in this language."""
    return "${" in text or "#{" in text


class _Reader:
    """Reads by precedence, and writes FEEL while it reads."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                raise _NotPlain
            kind = str(match.lastgroup)
            word = match[kind]
            sign = _WORDS.get(word) if kind == "name" else None
            self.tokens.append(("sign", sign) if sign else (kind, word))
            at = match.end()
        self.at = 0

    def sees(self, *signs: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] in [("sign", s) for s in signs]

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def expect(self, sign: str) -> None:
        if not self.sees(sign):
            raise _NotPlain
        self.at += 1

    def whole(self) -> str:
        found = self.choice()
        if self.at < len(self.tokens):
            raise _NotPlain
        return found

    def choice(self) -> str:
        condition = self.either()
        if not self.sees("?"):
            return condition
        self.take()
        yes = self.choice()
        self.expect(":")
        return f"if {condition} then {yes} else {self.choice()}"

    def either(self) -> str:
        parts = [self.both()]
        while self.sees("||"):
            self.take()
            parts.append(self.both())
        return " or ".join(parts)

    def both(self) -> str:
        parts = [self.compared()]
        while self.sees("&&"):
            self.take()
            parts.append(self.compared())
        return " and ".join(parts)

    def compared(self) -> str:
        left = self.sum()
        if not self.sees(*_COMPARED):
            return left
        sign = _COMPARED[self.take()]
        right = self.sum()
        if self.sees(*_COMPARED):
            raise _NotPlain
        return f"{left} {sign} {right}"

    def sum(self) -> str:
        found = self.product()
        while self.sees("+", "-"):
            found = f"{found} {self.take()} {self.product()}"
        return found

    def product(self) -> str:
        found = self.single()
        while self.sees("*", "/"):
            found = f"{found} {self.take()} {self.single()}"
        return found

    def single(self) -> str:
        if self.sees("!"):
            self.take()
            return f"not({self.single()})"
        if self.sees("-"):
            self.take()
            return f"-{self.single()}"
        if self.sees("("):
            self.take()
            inner = self.choice()
            self.expect(")")
            return f"({inner})"
        if self.at >= len(self.tokens):
            raise _NotPlain
        kind, word = self.tokens[self.at]
        self.at += 1
        if kind == "sign" or self.sees("("):
            raise _NotPlain  # a stray sign, or the call of a method
        if kind == "string":
            return '"' + word[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
        if kind == "name" and word == "empty":
            operand = self.single()
            return f'({operand} = null or {operand} = "")'
        if kind == "name" and _RESERVED & set(word.split(".")):
            raise _NotPlain
        return word
