"""population.yaml: how decisions of a pack are run over all rows of a register or a table.

It says what one case says by itself: which column names a row and which its place, which columns
the inputs of the decisions are read from, when a row counts as decided for, what of the outputs is
kept, added up and grouped by. All of it may as well be said by options of `xiangyun eligible`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole, wrong_kind
from xiangyun.kernel.packfile.formulas import Formula, node_formula
from xiangyun.kernel.packfile.yamltext import Node, Report

FILE = "population.yaml"
LEVELS: Mapping[str, int] = {"province": 2, "prefecture": 4, "county": 6, "town": 9, "village": 12}
"""Levels of divisions by the digits of their 12-digit codes that tell them apart."""


@dataclass(frozen=True, slots=True)
class Written:
    """A FEEL expression as it was written: what its names are is known only beside a table."""

    source: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The code that figures go by in JSON and files, and the words that people read."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class PlaceColumn:
    """The column that holds a division's code, and the level that totals are given for."""

    column: str
    level: str = "county"


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure that is added up over the rows that count; people read it divided by `divisor`."""

    name: Text
    formula: Written
    divisor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records of a register name a row in their field `by`, of those that fit `when`.

    `dated`: only those whose day in that field lies at most `days` before the day; all without.
    """

    name: str
    register: str
    by: str
    when: Formula | None
    dated: str
    days: int
    place: Place


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What the platform decides anew by itself each period and records in the register.

    `fields`: of the register, each with the column of the result or the count that it takes.
    """

    register: str
    every: str
    fields: Mapping[str, str]
    counts: tuple[Counted, ...]
    place: Place


EVERY: tuple[str, ...] = ("day", "month", "year")


def period_of(every: str, on: date) -> str:
    """The period that a day lies in: `2026-11-28`, `2026-11` or `2026`."""
    return on.isoformat()[: {"day": 10, "month": 7, "year": 4}[every]]


ROWS = Named("rows", Text("行", "rows"))
COUNTED = Named("counted", Text("符合", "Counted"))


@dataclass(frozen=True, slots=True)
class Population:
    """How decisions are run over a whole table.

    `inputs` gives for an input (`person.age`) a column, or an expression over columns, the figures
    and `on`, the day; of several the first whose columns are there. An input that is not named is
    read from the column of its own name. `decisions` are what `when`, `columns`, `sums` and
    `groups` speak about; their expressions know the outputs of a decision (`value`, where it has
    but one), the columns of the table, the figures and `on`.
    """

    key: str = ""
    place: PlaceColumn | None = None
    decisions: tuple[str, ...] = ()
    inputs: Mapping[str, tuple[Written, ...]] = field(default_factory=dict)
    when: Written | None = None
    columns: Mapping[str, Written] = field(default_factory=dict)
    sums: Mapping[str, Sum] = field(default_factory=dict)
    groups: Mapping[str, Written] = field(default_factory=dict)
    unit: Named = ROWS
    counted: Named = COUNTED
    recomputed: Recomputed | None = None


def read_population(root: Node, report: Report) -> Population:
    """The declaration; every fault is reported at its place."""
    f = Fields(root, report)
    found = Population(
        key=f.string("key"),
        place=_place(f.section("place", required=False)),
        decisions=f.strings("decisions"),
        inputs={name: _inputs(node, report) for name, node in _each(f, "inputs")},
        when=_written(f.take("when", required=False), report),
        columns={name: _formula(node, report) for name, node in _each(f, "columns")},
        sums={name: _sum(Fields(node, report, name)) for name, node in _each(f, "sums")},
        groups={name: _formula(node, report) for name, node in _each(f, "groups")},
        unit=_named(f.section("unit", required=False), ROWS),
        counted=_named(f.section("counted", required=False), COUNTED),
        recomputed=_recomputed(f.section("recomputed", required=False)),
    )
    f.done()
    return found


def _each(f: Fields, key: str) -> Iterator[tuple[str, Node]]:
    node = f.take(key, required=False)
    if node is not None and not isinstance(node.value, dict):
        f.report(wrong_kind(key, node, Text("若干“键: 值”", "a mapping of keys and values")))
    return node.items() if node is not None else iter(())


def _named(f: Fields | None, otherwise: Named) -> Named:
    if f is None:
        return otherwise
    found = Named(f.string("code"), f.words("name"))
    f.done()
    return found


def _place(f: Fields | None) -> PlaceColumn | None:
    if f is None:
        return None
    column = f.string("column")
    level = f.one_of("level", LEVELS) if f.has("level") else "county"
    f.done()
    return PlaceColumn(column, level or "county")


def _recomputed(f: Fields | None) -> Recomputed | None:
    if f is None:
        return None
    found = Recomputed(
        register=f.string("register"),
        every=f.one_of("every", EVERY) or EVERY[0],
        fields={name: str(node.value) for name, node in _each(f, "fields")},
        counts=tuple(_counts(f)),
        place=f.node.place,
    )
    f.done()
    return found


def _counts(f: Fields) -> Iterator[Counted]:
    for name, node in _each(f, "counts"):
        one = Fields(node, f.report, name)
        when = one.take("when", required=False)
        formula = node_formula(when, f.report) if when else None
        dated = one.string("dated", required=False)
        days = whole(one, "days") if dated else 0
        names = (one.string("register"), one.string("by"))
        yield Counted(name, *names, formula, dated, days, node.place)
        one.done()


def _inputs(node: Node, report: Report) -> tuple[Written, ...]:
    """A column's name, an expression that begins with `=`, or a list of these."""
    nodes = node.value if isinstance(node.value, list) else [node]
    return tuple(found for each in nodes if (found := _column_or_formula(each, report)))


def _column_or_formula(node: Node, report: Report) -> Written | None:
    if not isinstance(node.value, str) or not node.value.strip():
        wanted = Text("列名，或者以 = 开头的 FEEL 表达式",
                      "a column, or a FEEL expression that begins with =")  # fmt: skip
        report(wrong_kind("", node, wanted))
        return None
    return Written(node.value.strip(), node.inner)


def _formula(node: Node, report: Report) -> Written:
    return _written(node, report) or Written("null", node.place)


def _written(node: Node | None, report: Report) -> Written | None:
    if node is None:
        return None
    if not isinstance(node.value, str) or not node.value.startswith("="):
        wanted = Text("以 = 开头的 FEEL 表达式", "a FEEL expression that begins with =")
        report(wrong_kind("", node, wanted))
        return None
    return Written(node.value[1:], node.line_of(1))


def _sum(f: Fields) -> Sum:
    name = f.words("name")
    formula = _formula(f.take("formula") or f.node, f.report)
    divisor = f.number("divisor") if f.has("divisor") else Decimal(1)
    if divisor <= 0:
        message = Text("“divisor”应大于 0。", "“divisor” is greater than 0.")
        f.report(fault("pack.E006", message, f.place("divisor")))
        divisor = Decimal(1)
    f.done()
    return Sum(name, formula, divisor)
