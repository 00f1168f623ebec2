"""When a question is hidden: `conditional.hide`, read, proved to ask what is known by then."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from xiangyun.kernel.feel import Expression, parse_expression
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.formspec import findings as say
from xiangyun.kernel.formspec import formjs
from xiangyun.kernel.packfile.jsontext import Node

_ROW_NAMES = frozenset({"this", "parent", "i"})


class Conditions:
    """The conditions around the component that is being read, and the questions before it."""

    def __init__(self, all_keys: frozenset[str], report: Callable[[Finding], None]) -> None:
        self.all_keys, self.report = all_keys, report
        self.around: tuple[Expression, ...] = ()
        self.asked: dict[str, Place] = {}
        self.row: dict[str, Place] | None = None  # the keys of the list being read
        self._answers: dict[str, tuple[str, Sequence[str]]] = {}

    @contextmanager
    def within(self, node: Node) -> Iterator[None]:
        """Inside a group: its own condition counts for everything in it."""
        outer, self.around = self.around, self.around + self._own(node)
        yield
        self.around = outer

    @contextmanager
    def in_rows(self) -> Iterator[None]:
        """Inside a list, whose rows have names and conditions of their own."""
        outer, self.around, self.row = self.around, (), {}
        yield
        self.around, self.row = outer, None

    def of(self, node: Node) -> tuple[Expression, ...]:
        """All conditions that hide a question: those around it and its own."""
        return self.around + self._own(node)

    def name(self, key: str, kind: str, options: Sequence[str], node: Node) -> None:
        """A question that those after it may ask about; a key given twice is reported."""
        scope = self.asked if self.row is None else self.row
        if key in scope:
            self.report(say.taken(key, scope[key].line, node.place))
        scope[key] = node.place
        if self.row is None:
            self._answers[key] = (kind, options)

    def _own(self, node: Node) -> tuple[Expression, ...]:
        conditional = node.get("conditional")
        hide = conditional.get("hide") if conditional else None
        if hide is None or hide.value in ("", False):
            return ()
        if not isinstance(hide.value, str) or not hide.value.startswith("="):
            wanted = Text("以“=”开头的 FEEL 表达式", "a FEEL expression that begins with “=”")
            self.report(say.wrong_value("hide", wanted, '"hide": "=has_agent = false"', hide.place))
            return ()
        source = hide.value[1:]
        if not source.strip():
            return ()  # form-js writes an emptied condition so
        row = self._row_names()
        expression, whole = self._read(hide)
        if expression is None:
            return ()
        if whole and not expression.free_names & row:
            otherwise = formjs.hidden_otherwise(expression, self._answers)
            if otherwise is not None:
                self.report(say.hidden_otherwise(source, otherwise, expression, hide.place))
        return (expression,)

    def computed(self, node: Node) -> Expression | None:
        """What the answer of a component follows from; None, and a fault, where nothing says it."""
        member = node.get("expression")
        if member is None or not str(member.value)[1:].strip() or str(member.value)[0] != "=":
            wanted = Text("以“=”开头的 FEEL 表达式", "a FEEL expression that begins with “=”")
            place = (member or node).place
            self.report(say.wrong_value("expression", wanted, '"expression": "=a + b"', place))
            return None
        return self._read(member)[0]

    def _row_names(self) -> frozenset[str]:
        return frozenset(self.row) | _ROW_NAMES if self.row is not None else frozenset()

    def _read(self, member: Node) -> tuple[Expression | None, bool]:
        """The FEEL after the `=`, and whether all that it names is asked before."""
        source, place = str(member.value)[1:], member.place
        if moment := re.search(r"\b(today|now)\s*\(", source):
            instead = Text(
                "问题不应因日期而变；请放到规则中判断。",
                "Questions must not change overnight: leave this to the rules.",
            )
            self.report(say.unsupported(f"{moment[1]}()", instead, place))
        row = self._row_names()
        try:
            expression = parse_expression(source, self.all_keys | row)
        except Refused as refusal:
            for finding in refusal.findings:
                self.report(_moved(finding, member))
            return None, False
        unknown = expression.unknown_names(frozenset(self.asked) | row)
        for found in unknown:
            if found.name in self.all_keys:
                self.report(say.asked_later(found.name, place))
            else:
                self.report(_moved(found.finding(), member))
        return expression, not moment and not unknown


def _moved(finding: Finding, hide: Node) -> Finding:
    """A finding inside the expression that stands in `hide` after the `=`, placed in the file."""
    lines = str(hide.value)[1:].split("\n")
    inner = finding.place or Place("", 1, 1)
    offset = sum(len(line) + 1 for line in lines[: inner.line - 1]) + inner.column - 1
    return replace(finding, place=hide.place_within(1 + offset))
