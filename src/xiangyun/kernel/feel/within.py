"""The expressions within a larger thing: a process, a model, a pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from xiangyun.kernel.feel.expression import Expression
from xiangyun.kernel.feel.free import uses_name


def expressions(*things: object) -> Iterator[Expression]:
    """Every expression in dataclasses, mappings and sequences, however deep, each once."""
    waiting, seen = list(things), set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        if isinstance(thing, Expression):
            seen.add(id(thing))
            yield thing
        elif isinstance(thing, Mapping):
            seen.add(id(thing))
            waiting += thing.values()
        elif isinstance(thing, list | tuple):
            waiting += thing
        elif is_dataclass(thing) and not isinstance(thing, type):
            seen.add(id(thing))
            waiting += [getattr(thing, each.name) for each in fields(thing)]


def asks_the_time(*things: object) -> bool:
    """Whether an expression within asks for `today()` or `now()`."""
    return any(
        uses_name(expression.syntax, name)
        for expression in expressions(*things)
        for name in ("today", "now")
    )
