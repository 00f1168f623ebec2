"""YAML that remembers where each value stands, in the small safe part of YAML 1.2 that packs use.

Plain scalars are null, true, false, numbers (Decimal), days (date) or words; nothing else is
guessed, so `no`, `8:30` and `0012` stay words. Tags, anchors and aliases are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import yaml

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.faults import fault

Report = Callable[[Finding], None]
Scalar = str | Decimal | bool | date | None

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, Scalar] = {"": None, "null": None, "~": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the place of its key (or list dash) and `inner`, the place where it begins."""

    value: dict[str, Node] | list[Node] | Scalar
    place: Place
    inner: Place
    block: bool = False
    """Written as a block (`|`): its first line stands on the line below `inner`."""

    def get(self, key: str) -> Node | None:
        """The member of a mapping; None when absent or when this is no mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self) -> Iterator[tuple[str, Node]]:
        return iter(self.value.items() if isinstance(self.value, dict) else ())

    def plain(self) -> object:
        """The value as plain Python: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def line_of(self, offset: int) -> Place:
        """The place of a character of a text value."""
        before = str(self.value)[:offset]
        line = self.inner.line + before.count("\n") + self.block
        column = 0 if self.block or "\n" in before else self.inner.column + offset
        return Place(self.inner.file, line, column)


class _Loader(yaml.BaseLoader):
    """Composes nodes without guessing types; anchors, aliases and tags are refused."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or tag:
            raise yaml.composer.ComposerError(
                None, None, "anchors, aliases and tags are not used in packs", event.start_mark
            )
        return super().compose_node(parent, index)


def read_yaml(text: str, file: str, report: Report) -> Node | None:
    """The nodes of one YAML document; None (and a finding) when it cannot be read at all."""
    try:
        root = _Loader(text).get_single_node()
    except (yaml.YAMLError, RecursionError) as error:
        report(_broken(error, file))
        return None
    if root is None:
        report(_broken(yaml.YAMLError("the file is empty"), file))
        return None
    return _Builder(file, report).node(root, None)


class _Builder:
    def __init__(self, file: str, report: Report) -> None:
        self.file, self.report = file, report

    def at(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def node(self, node: yaml.Node, key: Place | None) -> Node:
        inner = self.at(node)
        place = key or inner
        if isinstance(node, yaml.MappingNode):
            return Node(self.members(node), place, inner)
        if isinstance(node, yaml.SequenceNode):
            return Node([self.node(item, None) for item in node.value], place, inner)
        if not isinstance(node, yaml.ScalarNode):
            raise TypeError(type(node))  # YAML has no fourth kind of node
        return Node(self.scalar(node, inner), place, inner, node.style in ("|", ">"))

    def members(self, node: yaml.MappingNode) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key, value in node.value:
            place = self.at(key)
            name = key.value if isinstance(key, yaml.ScalarNode) else str(key.value)
            if name in found:
                self.report(_twice(name, found[name].place.line, place))
            found[name] = self.node(value, place)
        return found

    def scalar(self, node: yaml.ScalarNode, place: Place) -> Scalar:
        text: str = node.value
        if node.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _NUMBER.fullmatch(text):
            return Decimal(text)
        if _DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self.report(_no_day(text, place))
        return text


def _broken(error: Exception, file: str) -> Finding:
    mark = getattr(error, "problem_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    problem = getattr(error, "problem", None) or str(error) or type(error).__name__
    return fault(
        "pack.E002",
        Text(f"读不懂这一处 YAML：{problem}。", f"The YAML cannot be read here: {problem}."),
        place,
        Text(
            "常见原因：缩进用了制表符，或者含冒号的文字没有加引号。",
            "Common causes: a tab in the indentation, or words with a colon without quotes.",
        ),
    )


def _twice(key: str, line: int, place: Place) -> Finding:
    return fault(
        "pack.E003",
        Text(f"“{key}”在第 {line} 行已写过。", f"“{key}” is already written on line {line}."),
        place,
        Text("请删去其中一个。", "Delete one of the two."),
    )


def _no_day(text: str, place: Place) -> Finding:
    return fault(
        "pack.E006",
        Text(f"没有 {text} 这一天。", f"There is no day {text}."),
        place,
        Text("日期写成 2026-04-09。", "Write a day as 2026-04-09."),
    )
