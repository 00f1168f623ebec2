"""Reading a pattern: XML Schema's regular expressions with XPath's additions (F&O 3.1 §5.6.1).

What XPath does not know is refused, above all what other dialects read as something else:
look-around, possessive quantifiers, named groups, `\\b`, references to groups not yet closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from xiangyun.kernel.feel.patterns import charsets
from xiangyun.kernel.feel.patterns.charsets import Ranges

_SPACE = " \t\n\r"
_DEEPEST = 100
_MOST_REPEATS = 1_000_000


class Node:
    """A part of a pattern."""


@dataclass(frozen=True, slots=True)
class Set(Node):
    """One character out of a set."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Start(Node):
    """`^`."""


@dataclass(frozen=True, slots=True)
class End(Node):
    """`$`."""


@dataclass(frozen=True, slots=True)
class Back(Node):
    """`\\1`: what a group matched."""

    group: int


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """One after the other; empty matches nothing and always."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """The first of these that fits."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Group(Node):
    """`(…)`, numbered from 1; `(?:…)` is its inside and no node."""

    number: int
    inside: Node


@dataclass(frozen=True, slots=True)
class Repeat(Node):
    """Between `least` and `most` times (None: no end); greedy or as few as will do."""

    inside: Node
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Parsed:
    """A pattern read: its tree, how many groups it has, and whether `^` and `$` mean lines."""

    tree: Node
    groups: int
    lines: bool


def parse(pattern: str, flags: str) -> Parsed:
    """A pattern with the flags s, m, i, x, q.

    Raises:
        ValueError: saying why it is no pattern.
    """
    if "q" in flags:
        fold = "i" in flags
        chars = (Set(_one(char, fold)) for char in pattern)
        return Parsed(Sequence(tuple(chars)), 0, False)
    reader = _Reader(_unspaced(pattern) if "x" in flags else pattern, flags)
    return Parsed(reader.whole(), reader.opened, "m" in flags)


def _one(char: str, fold: bool) -> Ranges:
    found = charsets.of(char)
    if not found:
        raise ValueError("half a character")
    return charsets.any_case(found) if fold else found


def _unspaced(pattern: str) -> str:
    """The pattern without white space outside of classes, also behind a backslash (flag x)."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for char in pattern:
        if char in _SPACE and not depth:
            continue
        kept.append(char)
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
    return "".join(kept)


class _Reader:
    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.at = 0
        self.fold = "i" in flags
        self.dot = charsets.EVERY if "s" in flags else charsets.complement(charsets.of("\n", "\r"))
        self.opened = 0
        self.closed: set[int] = set()
        self.depth = 0

    def whole(self) -> Node:
        tree = self._choice()
        if self.at < len(self.text):
            raise ValueError("a group is closed that is not open")
        return tree

    def _sees(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def _take(self) -> str:
        if self.at >= len(self.text):
            raise ValueError("it ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def _accept(self, text: str) -> bool:
        found = self._sees(text)
        self.at += len(text) if found else 0
        return found

    # Branches and pieces ------------------------------------------------------------------------

    def _choice(self) -> Node:
        options = [self._sequence()]
        while self._accept("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self._quantified(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _atom(self) -> Node:
        char = self._take()
        match char:
            case "\\":
                return self._escape()
            case "[":
                return Set(self._class())
            case "(":
                return self._group()
            case ".":
                return Set(self.dot)
            case "^":
                return Start()
            case "$":
                return End()
            case "]" | "}" | "{" | "*" | "+" | "?":
                raise ValueError(f"a stray {char}")
        return Set(_one(char, self.fold))

    def _group(self) -> Node:
        number = None
        if self._accept("?"):
            if not self._accept(":"):
                raise ValueError("only (?: is known")
        else:
            self.opened += 1
            number = self.opened
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError("groups are nested too deeply")
        inside = self._choice()
        self.depth -= 1
        if not self._accept(")"):
            raise ValueError("a group is not closed")
        if number is None:
            return inside
        self.closed.add(number)
        return Group(number, inside)

    def _quantified(self, atom: Node) -> Node:
        least, most = self._quantity()
        if least is None:
            return atom
        greedy = not self._accept("?")
        return Repeat(atom, least, most, greedy)

    def _quantity(self) -> tuple[int | None, int | None]:
        """How often; (None, None) where nothing is said."""
        if self._accept("?"):
            return 0, 1
        if self._accept("*"):
            return 0, None
        if self._accept("+"):
            return 1, None
        if not self._accept("{"):
            return None, None
        least = self._number()
        most: int | None = least
        if self._accept(","):
            most = None if self._sees("}") else self._number()
        if not self._accept("}"):
            raise ValueError("not a quantity")
        if most is not None and most < least:
            raise ValueError("a quantity the wrong way round")
        return least, most

    def _number(self) -> int:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "0123456789":
            self.at += 1
        digits = self.text[start : self.at].lstrip("0") or "0"
        if start == self.at:
            raise ValueError("not a quantity")
        if len(digits) > 7 or int(digits) > _MOST_REPEATS:
            raise ValueError(f"more than {_MOST_REPEATS} times")
        return int(digits)

    # Escapes ------------------------------------------------------------------------------------

    def _escape(self) -> Node:
        if self._sees_digit():
            return self._reference()
        char = self._take()
        named = self._named(char)
        return Set(_one(self._literal(char), self.fold) if named is None else named)

    def _sees_digit(self) -> bool:
        return self.at < len(self.text) and self.text[self.at] in "0123456789"

    def _reference(self) -> Node:
        number = int(self._take())
        # Further digits belong to it while so many groups were opened before.
        while self._sees_digit() and number * 10 + int(self.text[self.at]) <= self.opened:
            number = number * 10 + int(self._take())
        if number not in self.closed:
            raise ValueError(f"no group {number} is closed before here")
        return Back(number)

    _NAMED: ClassVar[dict[str, Callable[[], Ranges]]] = {
        "s": lambda: charsets.SPACES,
        "d": charsets.digits,
        "w": charsets.word,
        "i": lambda: charsets.NAME_START,
        "c": lambda: charsets.NAME_PART,
    }

    def _named(self, char: str) -> Ranges | None:
        """The set an escape stands for, None when it stands for a character. Case is no matter."""
        if char in "pP":
            found = self._property()
        elif char.lower() in self._NAMED:
            found = self._NAMED[char.lower()]()
        else:
            return None
        return charsets.complement(found) if char.isupper() else found

    def _property(self) -> Ranges:
        if not self._accept("{"):
            raise ValueError("a property needs braces")
        end = self.text.find("}", self.at)
        if end < 0:
            raise ValueError("a property needs braces")
        name = self.text[self.at : end]
        self.at = end + 1
        return charsets.block(name[2:]) if name.startswith("Is") else charsets.category(name)

    def _literal(self, char: str) -> str:
        if char in "nrt":
            return {"n": "\n", "r": "\r", "t": "\t"}[char]
        if char in "\\|.-^?*+{}()[]$":
            return char
        raise ValueError(f"\\{char} means nothing")

    # Classes ------------------------------------------------------------------------------------

    def _class(self) -> Ranges:
        """What stands in brackets, the opening one read."""
        negated = self._accept("^")
        inside: list[tuple[int, int]] = []
        minus: Ranges = ()
        some = False
        while not self._accept("]"):
            if some and self._accept("-["):
                self.depth += 1
                if self.depth > _DEEPEST:
                    raise ValueError("classes are nested too deeply")
                minus = self._class()
                self.depth -= 1
                if not self._accept("]"):
                    raise ValueError("nothing may follow a difference in a class")
                break
            inside += self._part()
            some = True
        if not some:
            raise ValueError("an empty class")
        found = charsets.ranges(inside)
        if negated:
            found = charsets.complement(found)
        return charsets.without(found, minus)

    def _part(self) -> Ranges:
        """A character, a range or an escape in a class, with its variants of case."""
        char = self._take()
        if char == "\\":
            escaped = self._take()
            named = self._named(escaped)
            if named is not None:
                if self._sees("-") and not self._sees("-]") and not self._sees("-["):
                    raise ValueError("a range begins with a character")
                return named
            low = self._literal(escaped)
        elif char == "[":
            raise ValueError("[ must be escaped in a class")
        else:
            low = char
        # A hyphen before the end, and before a difference, is a hyphen; so is one behind a range.
        alone = ("-]", "-[", "--]", "--[")
        if not self._sees("-") or any(map(self._sees, alone)):
            return _one(low, self.fold)
        if char == "-":
            raise ValueError("a hyphen must be escaped to begin a range")
        self.at += 1
        found = charsets.ranges([(ord(low), ord(self._range_end(low)))])
        return charsets.any_case(found) if self.fold else found

    def _range_end(self, low: str) -> str:
        high = self._take()
        if high == "\\":
            escaped = self._take()
            if self._named(escaped) is not None:
                raise ValueError("a range ends with a character")
            high = self._literal(escaped)
        elif high in "-[":
            raise ValueError(f"{high} must be escaped to end a range")
        if ord(high) < ord(low):
            raise ValueError("a range the wrong way round")
        return high
