"""`takeovers/<code>.yaml`: how rows of another system become records of a register, and the count.

Every column of the old table is either mapped or named in `left_out`, so that nothing is lost by
oversight. What comes over is counted twice: the old rows as they are, and the records afterwards;
a sum names the old column and the new field, so that a mapping that is wrong shows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, identifier
from xiangyun.kernel.packfile.formulas import Formula, field_formula
from xiangyun.kernel.packfile.yamltext import Node, Report

Row = Mapping[str, str]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Column:
    """Where one field comes from: exactly one of an old column, a fixed value, a formula.

    `codes`: what old values are called now; one that is not named is refused. `days`: how the old
    system writes days, as `strptime` has it; a day that a workbook knows as one comes as
    2026-04-09, and is taken as well.
    """

    to: str
    column: str
    value: str
    formula: Formula | None
    codes: Mapping[str, str]
    days: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sum:
    """What is added up before and after: an old column, and the field that it became."""

    column: str
    field: str
    place: Place


@dataclass(frozen=True, slots=True)
class Trial:
    """An old row, and what it must become; `refused`: the field because of which it does not."""

    row: Row
    gives: Mapping[str, str]
    refused: str
    skipped: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Takeover:
    """A mapping: from which system, into which register, column by column."""

    code: str
    name: Text
    system: Text
    register: str
    columns: tuple[Column, ...]
    left_out: tuple[str, ...]
    skip: Formula | None
    group: str
    sums: tuple[Sum, ...]
    examples: tuple[Trial, ...]
    place: Place

    @property
    def old_columns(self) -> tuple[str, ...]:
        """Every column that the old table may have."""
        mapped = [each.column for each in self.columns if each.column]
        return (*dict.fromkeys([*mapped, *self.left_out, *(each.column for each in self.sums)]),)

    @property
    def needed_columns(self) -> tuple[str, ...]:
        """What the old table may not lack, or each of its rows would lose something."""
        mapped = [each.column for each in self.columns if each.column]
        return (*dict.fromkeys([*mapped, *(each.column for each in self.sums)]),)

    @property
    def source(self) -> str:
        """What records say of where they come from: by it they are known as taken over."""
        return f"接管：{self.system.zh}（{self.code}）"

    def skips(self, row: Row) -> bool:
        """Whether an old row is no record, such as a trial entry."""
        return self.skip is not None and self.skip.value({"row": dict(row)}) is True

    def translated(self, row: Row) -> dict[str, str] | Finding:
        """The cells of a record, or why a row cannot become one; the field stands in the place."""
        cells: dict[str, str] = {}
        for each in self.columns:
            found = each.value or _formula(each, row) if not each.column else row.get(each.column)
            text = (found or "").strip()
            if text and each.codes:
                if text not in each.codes:
                    return _unknown_code(each, text)
                text = each.codes[text]
            if text and each.days and not _known_as_day(each, text):
                try:
                    text = datetime.strptime(text, each.days).date().isoformat()  # noqa: DTZ007
                except ValueError:
                    return _no_day(each, text)
            if text:
                cells[each.to] = text
        return cells


def _known_as_day(column: Column, text: str) -> bool:
    """Whether a file with types gave a day: the old system's writing has no hyphen itself."""
    if "-" in column.days or _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _formula(column: Column, row: Row) -> str:
    value: Value = column.formula.value({"row": dict(row)}) if column.formula else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


@dataclass(slots=True)
class Count:
    """What was counted on one side: rows by group, and sums by field."""

    rows: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, group: str, amounts: Iterable[tuple[str, object]]) -> None:
        """One more row. What is no number adds nothing: then the other side differs."""
        self.rows[group] += 1
        for name, amount in amounts:
            try:
                number = Decimal(str(amount or "0").replace(",", "").strip() or "0")
            except InvalidOperation:
                continue
            self.sums[name] = self.sums.get(name, Decimal(0)) + number


def compared(before: Count, after: Count) -> Iterator[tuple[str, object, object, bool]]:
    """What was counted, before and after, and whether both agree: groups, then sums."""
    for group in sorted(before.rows | after.rows):
        one, other = before.rows[group], after.rows[group]
        yield group, one, other, one == other
    for name in sorted(before.sums.keys() | after.sums.keys()):
        total, there = before.sums.get(name, Decimal(0)), after.sums.get(name, Decimal(0))
        yield name, total, there, total == there


def read_takeover(root: Node, report: Report) -> Takeover:
    """The mapping; faults are reported, and the value is only good when there are none."""
    f = Fields(root, report)
    columns = tuple(_column(node, report) for node in f.each("columns"))
    found = Takeover(
        identifier(f, "code"),
        f.words("name"),
        f.words("system"),
        f.string("register"),
        columns,
        f.strings("left_out", required=False),
        field_formula(f, "skip") if f.has("skip") else None,
        f.string("group", required=False),
        tuple(_sum(node, report) for node in f.each("sums", required=False)),
        tuple(_trial(node, report) for node in f.each("examples")),
        root.place,
    )
    f.done()
    targets = {each.to for each in columns}
    for place, name in (
        *((each.place, each.field) for each in found.sums),
        *([(f.place("group"), found.group)] if found.group else []),
    ):
        if name not in targets:
            report(
                fault(
                    "pack.E682",
                    Text(
                        "按“{name}”计数或求和，却没有一列映射到它。",
                        "Counted or added up by “{name}”, to which no column is mapped.",
                        name=name,
                    ),
                    place,
                    Text("请写映射到的字段名。", "Name a field that a column is mapped to."),
                )
            )
    return found


def _column(node: Node, report: Report) -> Column:
    c = Fields(node, report, "columns")
    formula = field_formula(c, "formula") if c.has("formula") else None
    given = c.take("codes", required=False)
    codes = {key: c.string_in(value) for key, value in given.items()} if given else {}
    found = Column(
        c.string("to"),
        c.string("column", required=False),
        c.string("value", required=False),
        formula,
        MappingProxyType(codes),
        c.string("days", required=False),
        node.place,
    )
    c.done()
    if [bool(found.column), bool(found.value), found.formula is not None].count(True) != 1:
        report(
            fault(
                "pack.E681",
                Text(
                    "“{to}”要从一处来：column、value、formula 三者之一。",
                    "“{to}” comes from one place: `column`, `value` or `formula`.",
                    to=found.to,
                ),
                node.place,
                Text("只写其中一个。", "Write one of them."),
            )
        )
    return found


def _sum(node: Node, report: Report) -> Sum:
    s = Fields(node, report, "sums")
    found = Sum(s.string("column"), s.string("field"), node.place)
    s.done()
    return found


def _trial(node: Node, report: Report) -> Trial:
    t = Fields(node, report, "examples")
    row, gives = t.take("row"), t.take("gives", required=False)
    found = Trial(
        {key: t.string_in(value) for key, value in row.items()} if row else {},
        {key: t.string_in(value) for key, value in gives.items()} if gives else {},
        t.string("refused", required=False),
        t.boolean("skipped", default=False),
        node.place,
    )
    t.done()
    return found


def _unknown_code(column: Column, text: str) -> Finding:
    return Finding(
        "pack.E686",
        "error",
        Text(
            "“{column}”里的“{text}”没有对应的新值。",
            "“{text}” in “{column}” has no value of today.",
            column=column.column,
            text=text,
        ),
        Place(question=column.to),
        Text("请补进 codes。", "Add it to `codes`."),
    )


def _no_day(column: Column, text: str) -> Finding:
    return Finding(
        "pack.E687",
        "error",
        Text(
            "“{column}”里的“{text}”不是按 {days} 写的日期。",
            "“{text}” in “{column}” is no day as {days} writes it.",
            column=column.column,
            text=text,
            days=column.days,
        ),
        Place(question=column.to),
        Text("请核对旧系统的写法。", "See how the old system writes days."),
    )
