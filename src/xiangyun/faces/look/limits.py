"""Time limits in words: one number, a range, or a table by kind and stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.limits import Span, TimeLimit, span
from xiangyun.kernel.worktime import Unit

AT_ONCE = Text("当场办结", "while you wait")


def promised(pack: Pack, on: date) -> Text:
    """The promised time of a service on a day: 1 个工作日, 20–80 个工作日, 当场办结."""
    found = span_on(pack, pack.service.promised, on)
    return in_words(found, pack.service.promised) if found.most else AT_ONCE


def listed(found: Span, unit: Unit) -> Text:
    """A promised time as a list says it: 1 个工作日, 20–80 个工作日, 当场办结."""
    if not found.most:
        return AT_ONCE
    words = counted_in(unit, found.most)
    return Text("{number} {unit}", "{number} {unit}", number=numbers(found), unit=words)


def span_on(pack: Pack, limit: TimeLimit, on: date) -> Span:
    """What a limit comes to by the figures in force on a day."""
    return span(limit, pack.service.kinds, pack.parameters.on(on))


def in_words(found: Span, limit: TimeLimit) -> Text:
    """The number or range with its unit."""
    number, unit = numbers(found), unit_words(limit, found.most)
    return Text("{number} {unit}", "{number} {unit}", number=number, unit=unit)


def numbers(found: Span) -> str:
    """`20–80`, or one number where both are the same."""
    return str(found.most) if found.least == found.most else f"{found.least}–{found.most}"


def unit_words(limit: TimeLimit, count: int) -> Text:
    """The unit for a number of days or hours."""
    return counted_in(limit.counts, count)


def counted_in(unit: Unit, count: int) -> Text:
    """A unit of clocks beside its number."""
    match unit:
        case "natural":
            return Text("日", "{count|day|days}", count=count)
        case "working_hour":
            return Text("个工作小时", "working {count|hour|hours}", count=count)
        case "hour":
            return Text("小时", "{count|hour|hours}", count=count)
    return Text("个工作日", "working {count|day|days}", count=count)


@dataclass(frozen=True, slots=True)
class LimitColumn:
    """A stage, with who leads it; the last column is the whole."""

    name: Text
    lead: Text | None


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A kind of case, if there are several, and for each column its name and the days."""

    kind: Text | None
    cells: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True)
class LimitTable:
    """The days by kind and by stage; a service without kinds has one row."""

    columns: tuple[LimitColumn, ...]
    rows: tuple[LimitRow, ...]


def table(pack: Pack, on: date) -> LimitTable | None:
    """The limits of a service whose cases or stages differ; None where one number says it all."""
    item = pack.service
    whole = LimitColumn(Text("合计（承诺时限）", "In all (promised)"), None)
    stages = [LimitColumn(pack.words(f"stage.{s.stage}"), s.lead) for s in item.stage_limits]
    limits = [*(each.limit for each in item.stage_limits), item.promised]
    spans = [span_on(pack, limit, on) for limit in limits]
    names = next(([name for name, _ in each.kinds] for each in spans if each.kinds), None)
    if names is None and not stages:
        return None
    columns, rows = (*stages, whole), []
    for number, name in enumerate(names or [None]):
        days = (each.kinds[number][1] if each.kinds else each.most for each in spans)
        cells = (in_words(Span(n, n), limit) for n, limit in zip(days, limits, strict=True))
        named = zip((column.name for column in columns), cells, strict=True)
        rows.append(LimitRow(name, tuple(named)))
    return LimitTable(columns, tuple(rows))
