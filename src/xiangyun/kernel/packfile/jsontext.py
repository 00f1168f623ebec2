"""JSON that remembers where each value stands, so that a finding can name the line.

The standard library checks the syntax and reads the scalars; this pass only walks the brackets.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from decimal import Decimal
from json import JSONDecodeError, JSONDecoder
from typing import NamedTuple

from xiangyun.kernel.findings import Finding, Place, Refused, Text

_DECODER = JSONDecoder(parse_float=Decimal)
_SPACE = re.compile(r"[ \t\n\r]*")
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # one character, two escapes
    r"|\\u[0-9a-fA-F]{4}|\\.|."
)
_DEEPEST = 40  # form-js nests far less; deeper text is an attack or an accident

_SYNTAX = {
    "Expecting ',' delimiter": Text(
        "此处缺少逗号或右括号", "a comma or a closing bracket is missing here"
    ),
    "Expecting ':' delimiter": Text("属性名后缺少冒号", "a colon is missing after the name"),
    "Expecting value": Text(
        "此处缺少值（常见原因：前一项后多了逗号）",
        "a value is missing here (often a comma too many after the one before)",
    ),
    "Expecting property name enclosed in double quotes": (
        Text(
            "属性名应写在英文双引号内（常见原因：前一项后多了逗号）",
            "a name stands in double quotes (often a comma too many after the one before)",
        )
    ),
    "Extra data": Text("结尾的括号之后还有多余内容", "there is more after the closing bracket"),
    "Unterminated string starting at": Text(
        "字符串缺少结尾的英文双引号", "a text lacks its closing double quote"
    ),
    "Invalid control character at": Text(
        "字符串内有换行或控制字符，换行应写作 \\n",
        "a text holds a line break or control character; a line break is written \\n",
    ),
}


class Node(NamedTuple):
    """A JSON value with its place; objects and arrays hold nodes.

    `literal` is a scalar as it is written.
    """

    value: dict[str, Node] | list[Node] | str | int | Decimal | float | bool | None
    place: Place
    literal: str = ""

    def get(self, key: str) -> Node | None:
        """The member of an object; None when absent, null, or when this is no object."""
        node = self.value.get(key) if isinstance(self.value, dict) else None
        return None if node is None or node.value is None else node

    def place_within(self, offset: int) -> Place:
        """Where the character at `offset` of a string stands, its escapes counted as written."""
        written = [match[0] for match in _CHARACTER.finditer(self.literal, 1)]
        column = self.place.column + 1 + sum(map(len, written[:offset]))
        return Place(self.place.file, self.place.line, column)

    def items(self) -> Iterator[tuple[str, Node]]:
        return iter(self.value.items() if isinstance(self.value, dict) else ())


def read_json(
    text: str,
    file: str,
    report: Callable[[Finding], None],
    broken: str = "pack.E002",
    twice: str = "pack.E003",
) -> Node:
    """Read JSON (RFC 8259) with places. A key written twice is reported, syntax raises Refused.

    `broken`, `twice`: the ids of these two findings, for a kind of file that has its own.
    """
    text = text.removeprefix("\ufeff")
    try:
        _DECODER.decode(text)
    except JSONDecodeError as error:
        why = _SYNTAX.get(error.msg) or Text.given(error.msg, error.msg)
        raise Refused([_broken(broken, why, Place(file, error.lineno, error.colno))]) from error
    except RecursionError as error:
        raise Refused([_broken(broken, _TOO_DEEP, Place(file))]) from error
    return _Scanner(text, file, report, broken, twice).value(_space(text, 0), 0)[0]


_TOO_DEEP = Text(
    "括号嵌套超过 {deepest} 层", "brackets are nested more than {deepest} deep", deepest=_DEEPEST
)


class _Scanner:
    """Walks JSON that is known to be well formed."""

    def __init__(
        self, text: str, file: str, report: Callable[[Finding], None], broken: str, twice: str
    ) -> None:
        self.text, self.file, self.report = text, file, report
        self.broken, self.twice = broken, twice
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, at: int) -> Place:
        line = bisect_right(self.line_starts, at)
        return Place(self.file, line, at - self.line_starts[line - 1] + 1)

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        """The node that begins at `at`, and the position after it."""
        if depth > _DEEPEST:
            raise Refused([_broken(self.broken, _TOO_DEEP, self.place(at))])
        opening = self.text[at]
        if opening not in "{[":
            scalar, end = _DECODER.raw_decode(self.text, at)
            return Node(scalar, self.place(at), self.text[at:end]), end
        members: dict[str, Node] = {}
        items: list[Node] = []
        start, at = at, _space(self.text, at + 1)
        while self.text[at] not in "}]":
            if opening == "{":
                key_at = at
                key, at = _DECODER.raw_decode(self.text, at)
                at = _space(self.text, _space(self.text, at) + 1)  # over the colon
                if key in members:
                    before = members[key].place.line
                    self.report(_twice(self.twice, key, before, self.place(key_at)))
                members[key], at = self.value(at, depth + 1)
            else:
                item, at = self.value(at, depth + 1)
                items.append(item)
            at = _space(self.text, at)
            if self.text[at] == ",":
                at = _space(self.text, at + 1)
        return Node(members if opening == "{" else items, self.place(start)), at + 1


def _space(text: str, at: int) -> int:
    if text[at : at + 1] > " ":  # most often there is none
        return at
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _broken(id: str, why: Text, place: Place) -> Finding:
    message = Text("文件不是有效的 JSON：{why}。", "The file is not valid JSON: {why}.", why=why)
    return Finding(id, "error", message, place)


def _twice(id: str, key: str, line: int, place: Place) -> Finding:
    return Finding(
        id,
        "error",
        Text(
            "属性“{key}”重复，第 {line} 行已写过一次，前一次会被忽略。",
            "“{key}” is written twice; the one on line {line} would be ignored.",
            key=key,
            line=line,
        ),
        place,
        Text("请删去其中一个。", "Delete one of the two."),
    )
