"""Reading decision tables (DMN 1.5 §8.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

from lxml import etree

from xiangyun.kernel.dmn.feelreader import FeelReader
from xiangyun.kernel.dmn.model import (
    Aggregation,
    Box,
    BrokenBox,
    HitPolicy,
    InputColumn,
    OutputColumn,
    Rule,
    TableBox,
)
from xiangyun.kernel.dmn.xml import child, children, line_of, name_of, text_of_child
from xiangyun.kernel.feel.expression import parse_expression, parse_unary_tests
from xiangyun.kernel.findings import Finding, Place, Text

_POLICIES: dict[str, HitPolicy] = {policy: policy for policy in get_args(HitPolicy)}
_NOTHING = parse_expression("null")
_ANYTHING = parse_unary_tests("-")


def read_table(reader: FeelReader, source: etree._Element, names: Sequence[str]) -> Box:
    """The table; a cell that cannot be read makes the whole table null, with findings."""
    return _TableReader(reader, source, names).table()


class _TableReader:
    def __init__(self, reader: FeelReader, source: etree._Element, names: Sequence[str]) -> None:
        self.reader = reader
        self.source = source
        self.names = names
        self.broken = False

    def table(self) -> Box:
        source, line = self.source, line_of(self.source)
        inputs = tuple(
            self._input(number, each) for number, each in enumerate(children(source, "input"), 1)
        )
        outputs = tuple(self._output(each) for each in children(source, "output"))
        titles = [name_of(each) for each in children(source, "annotation")]
        rules = tuple(
            self._rule(each, len(inputs), len(outputs), titles) for each in children(source, "rule")
        )
        type_ = self.reader.type_of(source)
        policy = _POLICIES.get((source.get("hitPolicy") or "UNIQUE").upper())
        if policy is None:
            self._fault(
                Text(
                    "没有命中策略“{policy}”。",
                    "There is no hit policy “{policy}”.",
                    policy=source.get("hitPolicy"),
                ),
                line,
            )
        if not outputs:
            self._fault(Text("决策表没有输出列。", "The decision table has no output."), line)
        names = [each.name for each in outputs]
        if len(outputs) > 1 and (not all(names) or len(set(names)) < len(names)):
            self._fault(
                Text(
                    "有几个输出时，每个要有自己的名称。",
                    "With several outputs, each needs a name of its own.",
                ),
                line,
            )
        if self.broken or policy is None:
            return BrokenBox(
                Text("决策表读不懂", "the decision table cannot be read"), line=line, type=type_
            )
        aggregation = cast("Aggregation | None", source.get("aggregation"))
        return TableBox(policy, aggregation, inputs, outputs, rules, line=line, type=type_)

    def _fault(self, words: Text, line: int, hint: Text | None = None) -> None:
        self.broken = True
        self.reader.findings.append(
            Finding("dmn.E008", "error", words, Place(self.reader.file, line), hint)
        )

    def _input(self, number: int, source: etree._Element) -> InputColumn:
        inner = child(source, "inputExpression")
        line = line_of(source)
        label = source.get("label") or ""
        if inner is None or _is_empty(inner):
            column = Text("{number}", "{number}", number=number)
            if label:
                column = Text(
                    "{number}（“{label}”）", "{number} (“{label}”)", number=number, label=label
                )
            self._fault(
                Text(
                    "输入列 {column}的表达式是空的。",
                    "The expression of input column {column} is empty.",
                    column=column,
                ),
                line if inner is None else line_of(inner),
                Text(
                    "请填写这一列看哪个值，例如输入数据的名称。",
                    "Fill in which value the column looks at, such as the name of an input.",
                ),
            )
            return InputColumn(label, _NOTHING, None, None, line)
        expression = self.reader.expression(inner, self.names)
        self.broken |= expression is None
        values = child(source, "inputValues")
        allowed = None if values is None else self.reader.tests(values, [*self.names, "?"])
        label = label or (text_of_child(inner, "text") or "").strip()
        type_ = self.reader.type_of(inner)
        return InputColumn(label, expression or _NOTHING, type_, allowed, line)

    def _output(self, source: etree._Element) -> OutputColumn:
        values, default = child(source, "outputValues"), child(source, "defaultOutputEntry")
        return OutputColumn(
            name_of(source),
            self.reader.type_of(source),
            None if values is None else self.reader.tests(values, [*self.names, "?"]),
            None if default is None else self.reader.expression(default, self.names),
            line_of(source),
        )

    def _rule(self, source: etree._Element, inputs: int, outputs: int, titles: list[str]) -> Rule:
        tests = [
            _ANYTHING if _is_empty(each) else self.reader.tests(each, [*self.names, "?"])
            for each in children(source, "inputEntry")
        ]
        results = [
            _NOTHING if _is_empty(each) else self.reader.expression(each, self.names)
            for each in children(source, "outputEntry")
        ]
        line = line_of(source)
        if (len(tests), len(results)) != (inputs, outputs):
            self._fault(
                Text("这一行的格数与列数不符。", "This row does not have a cell a column."), line
            )
        notes = [
            (text_of_child(each, "text") or "").strip()
            for each in children(source, "annotationEntry")
        ]
        self.broken |= None in tests or None in results
        return Rule(
            source.get("id") or "",
            tuple(each for each in tests if each is not None),
            tuple(each for each in results if each is not None),
            {title: note for title, note in zip(titles, notes, strict=False) if note},
            line,
        )


def _is_empty(source: etree._Element) -> bool:
    return not (text_of_child(source, "text") or "").strip()
