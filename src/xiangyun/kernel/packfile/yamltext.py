"""YAML that remembers where each value stands, in the small safe part of YAML 1.2 that packs use.

Plain scalars are null, true, false, numbers (Decimal), days (date) or words; nothing else is
guessed, so `no`, `8:30` and `0012` stay words. Tags, anchors and aliases are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import yaml

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.faults import fault

Report = Callable[[Finding], None]
Scalar = str | Decimal | bool | date | None

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, Scalar] = {"": None, "null": None, "~": None, "true": True, "false": False}


class Node(NamedTuple):
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

    def keys(self) -> set[str]:
        """The keys of a mapping; none where this is no mapping."""
        return {key for key, _ in self.items()}

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


# libyaml reads an order of magnitude faster; the parser in Python gives the same events.
_PARSER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MOST_CHARACTERS = 1_000_000
MOST_LINES = 20_000
MOST_VALUES = 50_000
_DEEPEST = 60


def read_yaml(text: str, file: str, report: Report) -> Node | None:
    """The nodes of one YAML document; None (and a finding) when it cannot be read at all.

    Size and number of values are counted before anything is made of them.
    """
    if len(text) > MOST_CHARACTERS:
        report(_too_much(MOST_CHARACTERS, Text("个字符", "characters"), Place(file)))
        return None
    if text.count("\n") > MOST_LINES:
        report(_too_much(MOST_LINES, Text("行", "lines"), Place(file)))
        return None
    try:
        return _Builder(file, report, _counted(_events(text), file)).document()
    except (yaml.YAMLError, ValueError, _Unwanted) as error:
        report(_broken(error, file))
    except Refused as refused:
        report(refused.findings[0])
    return None


class _Unwanted(Exception):
    """YAML that packs do not use, with its place."""

    def __init__(self, problem: str, place: Place) -> None:
        super().__init__(problem)
        self.place = place


def _events(text: str) -> Iterator[yaml.Event]:
    """As `yaml.parse`, which asks the parser twice for each."""
    parser = _PARSER(text)
    try:
        event = parser.get_event()
        while event is not None:
            yield event
            event = parser.get_event()
    finally:
        parser.dispose()


def _at(event: yaml.Event, file: str) -> Place:
    mark = event.start_mark
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)


_BEGIN = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_END = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_NODES = frozenset((yaml.ScalarEvent, *_BEGIN, yaml.AliasEvent))


def _counted(events: Iterator[yaml.Event], file: str) -> list[yaml.Event]:
    """All events, unless there are too many, or some that packs do not use."""
    found: list[yaml.Event] = []
    depth = values = 0
    for event in events:
        found.append(event)
        kind = type(event)
        if kind in _END:
            depth -= 1
            continue
        if kind not in _NODES:
            continue
        named = getattr(event, "anchor", None) or getattr(event, "tag", None)
        if kind is yaml.AliasEvent or named:
            raise _Unwanted("anchors, aliases and tags are not used in packs", _at(event, file))
        values += 1
        if values > MOST_VALUES:
            raise Refused([_too_much(MOST_VALUES, Text("个值", "values"), _at(event, file))])
        if kind in _BEGIN:
            depth += 1
            if depth > _DEEPEST:
                raise _Unwanted(f"nested more than {_DEEPEST} deep", _at(event, file))
    return found


class _Builder:
    """Makes nodes of the events of a document, which are known to be well formed."""

    def __init__(self, file: str, report: Report, events: list[yaml.Event]) -> None:
        self.file, self.report = file, report
        self.events = iter(events)

    def document(self) -> Node:
        next(self.events)  # the stream begins
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise _Unwanted("the file is empty", Place(self.file))
        node = self.node(next(self.events), None)
        next(self.events)  # the document ends
        if isinstance(after := next(self.events), yaml.DocumentStartEvent):
            raise _Unwanted("a second document begins", self.at(after))
        return node

    def at(self, event: yaml.Event) -> Place:
        return _at(event, self.file)

    def node(self, event: yaml.Event, key: Place | None) -> Node:
        inner = _at(event, self.file)
        place = key or inner
        kind = type(event)
        if isinstance(event, yaml.ScalarEvent):
            return Node(self.scalar(event, inner), place, inner, event.style in ("|", ">"))
        if kind is yaml.MappingStartEvent:
            return Node(self.members(), place, inner)
        items: list[Node] = []
        while type(item := next(self.events)) is not yaml.SequenceEndEvent:
            items.append(self.node(item, None))
        return Node(items, place, inner)

    def members(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while type(key := next(self.events)) is not yaml.MappingEndEvent:
            place = _at(key, self.file)
            if type(key) is yaml.ScalarEvent:
                name: str = key.value
            else:
                name = str(self.node(key, None).plain())
            if name in found:
                self.report(_twice(name, found[name].place.line, place))
            found[name] = self.node(next(self.events), place)
        return found

    def scalar(self, event: yaml.ScalarEvent, place: Place) -> Scalar:
        text: str = event.value
        if event.style:
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
    place = getattr(error, "place", place)
    problem = getattr(error, "problem", None) or str(error) or type(error).__name__
    return fault(
        "pack.E002",
        Text(
            "读不懂这一处 YAML：{problem}。",
            "The YAML cannot be read here: {problem}.",
            problem=problem,
        ),
        place,
        Text(
            "常见原因：缩进用了制表符，或者含冒号的文字没有加引号。",
            "Common causes: a tab in the indentation, or words with a colon without quotes.",
        ),
    )


def _too_much(most: int, words: Text, place: Place) -> Finding:
    return fault(
        "pack.E008",
        Text(
            "文件太大：超过 {most:,} {words}，没有读下去。",
            "Too large: more than {most:,} {words}; not read.",
            most=most,
            words=words,
        ),
        place,
        Text("请拆成几个文件，或删去多余的内容。", "Split the file, or remove what is not needed."),
    )


def _twice(key: str, line: int, place: Place) -> Finding:
    return fault(
        "pack.E003",
        Text(
            "“{key}”在第 {line} 行已写过。",
            "“{key}” is already written on line {line}.",
            key=key,
            line=line,
        ),
        place,
        Text("请删去其中一个。", "Delete one of the two."),
    )


def _no_day(text: str, place: Place) -> Finding:
    return fault(
        "pack.E006",
        Text("没有 {text} 这一天。", "There is no day {text}.", text=text),
        place,
        Text("日期写成 2026-04-09。", "Write a day as 2026-04-09."),
    )
