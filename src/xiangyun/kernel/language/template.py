"""The holes of a sentence: `{row}`, `{share:.1%}`, `{count|row|rows}`.

A name alone stands for a value as the language shows it. After a colon comes a format of Python's
for numbers, or `weekday` or `iso` for a day. After bars come the plural forms, one for each
category that the language has; the one that fits the number is put there without the number.
Doubled braces are braces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_PIECE = re.compile(r"(\{\{|\}\})|\{(\w+)(?::([^{}|]*))?((?:\|[^{}|]*)*)\}|([{}])|([^{}]+)")


class BrokenTemplate(ValueError):
    """A sentence with a brace that opens nothing, an unknown name or a wrong number of forms."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a value goes: its name, its format, and the plural forms to choose from."""

    name: str
    format: str = ""
    forms: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def pieces(template: str) -> tuple[str | Hole, ...]:
    """Words and holes in their order. Raises BrokenTemplate for a lone brace."""
    found: list[str | Hole] = []
    for match in _PIECE.finditer(template):
        doubled, name, format, forms, lone, words = match.groups()
        if lone:
            raise BrokenTemplate(template)
        if name:
            found.append(Hole(name, format or "", tuple(forms.split("|")[1:]) if forms else ()))
        else:
            found.append(doubled[0] if doubled else words)
    return tuple(found)


def names(template: str) -> frozenset[str]:
    """The names of the values that a template asks for. Raises BrokenTemplate."""
    return frozenset(each.name for each in pieces(template) if isinstance(each, Hole))
