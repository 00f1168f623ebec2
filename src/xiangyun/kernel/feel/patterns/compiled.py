"""A pattern ready to run, by whichever of three engines is sure to come to an end.

| Pattern | Engine | Why |
|---|---|---|
| one place with a choice, or none | the interpreter's `re` | quickest, and little to go back to |
| anything without references to groups | RE2 | time grows with the text, never faster |
| references; what RE2 finds too large; lines, where the text ends with one | ours | it counts |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import re2

from xiangyun.kernel.feel.budget import fits
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.patterns.backtracking import Program, Span
from xiangyun.kernel.feel.patterns.grammar import (
    Back,
    Choice,
    End,
    Group,
    Node,
    Parsed,
    Repeat,
    Sequence,
    Start,
    parse,
)
from xiangyun.kernel.feel.patterns.spelling import spelt
from xiangyun.kernel.findings import Text

Spend = Callable[[int], None]
Match = list[Span]

_MOST_MEMORY = 64 << 20
_SHORT = 1000
_DIGITS = frozenset("0123456789")


@lru_cache(maxsize=1024)
def compiled(pattern: str, flags: str) -> Pattern:
    """The pattern, ready to run.

    Raises:
        NullResult: when the pattern or a flag is not one (FORX0001 and FORX0002 in XPath).
    """
    if not set(flags) <= set("smixq"):
        raise NullResult(
            "arguments", Text("没有标志“{flags}”。", "“{flags}” are not flags.", flags=flags)
        )
    try:
        return Pattern(pattern, flags)
    except (ValueError, RecursionError) as error:
        raise NullResult(
            "arguments",
            Text(
                "“{pattern}”不是正则表达式（{error}）。",
                "“{pattern}” is not a pattern ({error}).",
                pattern=pattern,
                error=str(error),
            ),
        ) from None


class Pattern:
    """A pattern read; which engine it needs is found out once."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.literal = "q" in flags
        self._fold = "i" in flags
        self._parsed = parsed = parse(pattern, flags)
        self.groups = parsed.groups
        self._lines = parsed.lines and _any(parsed.tree, (Start, End))
        self._quick: re.Pattern[str] | None = None
        self._linear: re2._Regexp | None = None
        self._program: Program | None = None
        if _is_plain(parsed):
            self._quick = re.compile(spelt(parsed.tree, parsed.lines, r"\Z"))
        elif not _any(parsed.tree, (Back,)):
            self._linear = _linear(spelt(parsed.tree, parsed.lines, r"\z"))
        if self._quick is None and self._linear is None:
            self._program = Program(parsed, self._fold)

    @property
    def matches_nothing(self) -> bool:
        """Whether it finds something in a text of no length."""
        return self.found("", lambda steps: None)

    def found(self, text: str, spend: Spend) -> bool:
        """Whether the text holds a match."""
        if self._quick is not None and not (self._lines and text.endswith("\n")):
            return self._quick.search(text) is not None
        return next(self.all(text, spend), None) is not None

    def all(self, text: str, spend: Spend) -> Iterator[Match]:
        """All matches from left to right: where the whole lies, and each group ((-1, -1): none)."""
        own = self._lines and text.endswith("\n")
        if self._quick is not None and not own:
            for match in self._quick.finditer(text):
                yield [match.span(group) for group in range(self.groups + 1)]
        elif self._linear is not None and not own:
            for found in self._linear.finditer(text):
                yield [found.span(group) for group in range(self.groups + 1)]
        else:
            yield from self._counted(text, spend)

    def _counted(self, text: str, spend: Spend) -> Iterator[Match]:
        if self._program is None:
            self._program = Program(self._parsed, self._fold)
        at = 0
        while at <= len(text):
            match = self._program.search(text, at, spend)
            if match is None:
                return
            yield match
            first, last = match[0]
            at = last if last > first else last + 1


def _linear(text: str) -> re2._Regexp | None:
    options = re2.Options()
    options.max_mem = _MOST_MEMORY
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except (re2.error, UnicodeEncodeError):
        return None  # more repeats than it takes


def _any(node: Node, kinds: tuple[type[Node], ...]) -> bool:
    return isinstance(node, kinds) or any(_any(child, kinds) for child in _children(node))


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Sequence(parts):
            return parts
        case Choice(options):
            return options
        case Group(_, inside) | Repeat(inside):
            return (inside,)
    return ()


def _is_plain(parsed: Parsed) -> bool:
    """Whether going back can cost no more than the text's length, many times over.

    One choice, and nothing repeated but what is of one length: at every beginning there are as
    many ways as that choice has. One without end either has one beginning only, or nothing comes
    after it that could send it back.
    """
    tree = parsed.tree
    first = tree.parts[0] if isinstance(tree, Sequence) and tree.parts else tree
    anchored = isinstance(first, Start) and not parsed.lines
    try:
        choices, length = _choices(tree, anchored, True)
    except OverflowError:
        return False
    return choices <= 1 and length <= _SHORT


def _choices(node: Node, anchored: bool, last: bool) -> tuple[int, int]:
    """How many places leave a choice, and how long the pattern is, written out.

    Raises:
        OverflowError: when no simple bound is known.
    """
    if isinstance(node, Back):
        raise OverflowError
    if isinstance(node, Repeat):
        choices, length = _choices(node.inside, anchored, False)
        if choices or (node.most is None and not (anchored or last)):
            raise OverflowError
        return int(node.most != node.least), length * max(1, node.most or 0, node.least)
    choices, length = int(isinstance(node, Choice)), 1
    children = _children(node)
    for at, child in enumerate(children):
        behind = last and (at == len(children) - 1 or isinstance(node, Choice))
        more, longer = _choices(child, anchored, behind)
        choices, length = choices + more, length + longer
    return choices, length


# What the functions do with it ------------------------------------------------------------------


def split(text: str, pattern: Pattern, spend: Spend) -> list[str]:
    """`fn:tokenize`: what lies between the matches; nothing for a text of no length.

    Raises:
        NullResult: when the pattern matches what has no length (FORX0003).
    """
    _refuse_nothing(pattern)
    if not text:
        return []
    parts, start = [], 0
    for match in pattern.all(text, spend):
        parts.append(text[start : match[0][0]])
        start = match[0][1]
    return [*parts, text[start:]]


def replaced(text: str, pattern: Pattern, template: str, spend: Spend) -> str:
    """`fn:replace`: every match replaced by the template.

    Raises:
        NullResult: for a pattern that matches what has no length (FORX0003), and for a template
            that is none (FORX0004).
        Spent: when the result is too long.
    """
    _refuse_nothing(pattern)
    new = [template] if pattern.literal else _template(template, pattern.groups)
    parts, start, length = [], 0, 0
    for match in pattern.all(text, spend):
        parts.append(text[start : match[0][0]])
        start = match[0][1]
        for piece in new:
            first, last = (0, 0) if isinstance(piece, str) else match[piece]
            parts.append(piece if isinstance(piece, str) else text[max(first, 0) : max(last, 0)])
            length += len(parts[-1])
        fits(length)
    return "".join([*parts, text[start:]])


def _refuse_nothing(pattern: Pattern) -> None:
    if pattern.matches_nothing:
        raise NullResult(
            "arguments", Text("正则表达式能匹配空文字。", "The pattern matches what has no length.")
        )


def _template(template: str, groups: int) -> list[str | int]:
    """The parts of a replacement: texts, and numbers of groups; `$0` is the whole."""
    parts: list[str | int] = [""]
    at = 0
    while at < len(template):
        char, at = template[at], at + 1
        if char == "$" and template[at : at + 1] in _DIGITS:
            number, at = int(template[at]), at + 1
            # The longest number that is a group counts; further digits are digits.
            while template[at : at + 1] in _DIGITS and number * 10 + int(template[at]) <= groups:
                number, at = number * 10 + int(template[at]), at + 1
            parts += [number, ""] if number <= groups else []
            continue
        if char == "\\" and template[at : at + 1] in ("\\", "$"):
            char, at = template[at], at + 1
        elif char in "\\$":
            raise NullResult(
                "arguments",
                Text(
                    "“{template}”不能作替换文字。",
                    "“{template}” is not a replacement.",
                    template=template,
                ),
            )
        parts[-1] = f"{parts[-1]}{char}"
    return [part for part in parts if part != ""]
