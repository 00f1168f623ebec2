"""A pattern written for the interpreter's `re` and for RE2, which read what is written here alike.

Sets are spelt out, so neither of them has an opinion on case, lines, digits or categories.
"""

from __future__ import annotations

from xiangyun.kernel.feel.patterns.charsets import EVERY, Ranges, complement
from xiangyun.kernel.feel.patterns.grammar import (
    Back,
    Choice,
    End,
    Group,
    Node,
    Repeat,
    Sequence,
    Set,
    Start,
)

_SPECIAL = frozenset("\\|.-^?*+{}()[]$&~#")


def spelt(node: Node, lines: bool, end: str) -> str:
    """The node in the syntax that both engines share; it holds no reference to a group.

    `end` is how the engine writes the end of the text. With `lines`, `^` and `$` are those of the
    engines' multi-line mode, which differ from XPath's where the text ends with a line feed: see
    `compiled.py`.
    """
    match node:
        case Set(ranges):
            return _set(ranges)
        case Start():
            return "(?m:^)" if lines else "^"
        case End():
            return "(?m:$)" if lines else end
        case Sequence(parts):
            return "".join(_grouped(part, lines, end, Choice) for part in parts)
        case Choice(options):
            return "|".join(spelt(option, lines, end) for option in options)
        case Group(_, inside):
            return f"({spelt(inside, lines, end)})"
        case Repeat(inside, least, most, greedy):
            return _grouped(inside, lines, end, Node) + _quantity(least, most) + "?" * (not greedy)
        case Back():
            raise ValueError("a reference to a group")
    raise TypeError(type(node).__name__)


def _grouped(node: Node, lines: bool, end: str, loose: type[Node]) -> str:
    text = spelt(node, lines, end)
    return f"(?:{text})" if isinstance(node, loose) and not isinstance(node, Group | Set) else text


def _quantity(least: int, most: int | None) -> str:
    short = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
    if short is not None:
        return short
    if most == least:
        return f"{{{least}}}"
    return f"{{{least},{'' if most is None else most}}}"


def _set(ranges: Ranges) -> str:
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _char(ranges[0][0])
    others = complement(ranges)
    if ranges == EVERY or not others:
        return "(?s:.)"
    if not ranges:
        return "[^\\x00-\\U0010ffff]"
    if len(others) < len(ranges):
        return f"[^{_inside(others)}]"
    return f"[{_inside(ranges)}]"


def _inside(ranges: Ranges) -> str:
    return "".join(
        _char(low) if low == high else f"{_char(low)}-{_char(high)}" for low, high in ranges
    )


def _char(code: int) -> str:
    char = chr(code)
    return f"\\{char}" if char in _SPECIAL else char
