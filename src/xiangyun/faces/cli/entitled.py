"""How entitlements and reforms are told: tables for people, JSON for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xiangyun.domain.registers.sql.entitlements import Item
from xiangyun.domain.registers.sql.places import full_name
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack

from .telling import beside, lines, marked, told

Row = tuple[Any, ...]
Money = Decimal | None
"""Yuan a year; None where the rules decide no amount."""
_WIDE = 110
_ITEM, _COUNTY = Text("项目", "Item"), Text("县（市、区）", "County")
_YEARLY = Text("万元/年", "10,000 yuan/year")
_FICTITIOUS = Text("虚构人口", "fictitious persons")
_COUNTY_WIDTH, _FIGURE_WIDTH = 24, 9


@dataclass(frozen=True, slots=True)
class Entitled:
    """Totals (item, county, persons, yuan a year) and counts (county, persons, entitled)."""

    pack: Pack
    day: date
    synthetic: bool
    items: tuple[Item, ...]
    totals: list[Row]
    counts: list[Row]

    def total(self, item: str | None = None, county: int | None = None) -> tuple[int, Money]:
        """Persons (over several items: entitlements) and yuan a year."""
        rows = [row for row in self.totals if item in (None, row[0]) and county in (None, row[1])]
        decided = [row[3] for row in rows if row[3] is not None]
        return sum(row[2] for row in rows), sum(decided, Decimal()) if decided else None


@dataclass(frozen=True, slots=True)
class Change:
    """Persons who gain and who lose, and the yearly cost in yuan before and after."""

    gain: int
    lose: int
    before: Decimal
    after: Decimal

    @property
    def cost(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Reformed:
    """A row a county: code, (gain, lose, before, after) for each item, persons up, persons down."""

    pack: Pack
    day: date
    synthetic: bool
    items: list[Item]
    rows: list[Row]

    def of_item(self, number: int, rows: Sequence[Row] | None = None) -> Change:
        """One item, over all counties or those of `rows`."""
        start = 1 + 4 * number
        chosen = self.rows if rows is None else rows
        gain, lose, before, after = (
            sum((row[start + at] for row in chosen), type_()) for at, type_ in enumerate(_CHANGE)
        )
        return Change(int(gain), int(lose), Decimal(before), Decimal(after))

    def of_persons(self, rows: Sequence[Row] | None = None) -> Change:
        """Persons by the sum of all items; cost over all items."""
        chosen = self.rows if rows is None else rows
        items = [self.of_item(number, chosen) for number in range(len(self.items))]
        return Change(
            sum(row[-2] for row in chosen),
            sum(row[-1] for row in chosen),
            sum((each.before for each in items), Decimal()),
            sum((each.after for each in items), Decimal()),
        )


_CHANGE: tuple[type, ...] = (int, int, Decimal, Decimal)


# For people --------------------------------------------------------------------------------------


def print_entitled(found: Entitled, out: Path) -> None:
    """Items, then counties; a wide terminal shows every item of every county."""
    console = Console()
    persons, anybody = sum(row[1] for row in found.counts), sum(row[2] for row in found.counts)
    console.print(_heading(found.pack, found.day, found.synthetic))
    words = _Words(console.width)
    table = words.table(_ITEM, Text("人数", "Persons"), _YEARLY)
    for item in found.items:
        count, yearly = found.total(item.code)
        table.add_row(words.item(item), f"{count:,}", wan(yearly))
    table.add_section()
    count, yearly = found.total()
    table.add_row(words.cell(Text("合计", "All")), f"{count:,}", wan(yearly))
    console.print(table)
    console.print(
        told(
            Text(
                "{persons:,} 人中 {anybody:,} 人至少有一项；一次性的按一次计；"
                "“—”的金额不由这里决定。",
                "Of {persons:,} {persons|person|persons} {anybody:,} have at least one. "
                "What is paid once counts once; amounts shown as — are decided elsewhere.",
                persons=persons,
                anybody=anybody,
            )
        ),
        soft_wrap=True,
    )
    console.print(_counties(found, words))
    console.print(f"✓ {out}", soft_wrap=True)


def _counties(found: Entitled, words: _Words) -> Table:
    wide = words.width >= _COUNTY_WIDTH + _FIGURE_WIDTH * (len(found.items) + 3)
    items = found.items if wide else ()
    table = words.table(
        _COUNTY,
        Text("人口", "Persons"),
        Text("有待遇", "Entitled"),
        *(Text.given(f"#{item.number}", "") for item in items),
        _YEARLY,
    )
    for county, persons, anybody in sorted(found.counts):
        cells = (f"{found.total(item.code, county)[0]:,}" for item in items)
        cost = wan(found.total(county=county)[1])
        table.add_row(full_name(county), f"{persons:,}", f"{anybody:,}", *cells, cost)
    if not wide:
        table.caption = told(
            Text(
                "各县各项：把终端加宽，或用 --json。",
                "Items by county: a wider terminal or --json.",
            )
        )
    return table


def print_reformed(found: Reformed, out: Path) -> None:
    """What changes, by item and by county."""
    console = Console()
    console.print(_heading(found.pack, found.day, found.synthetic))
    if not found.items:
        console.print(told(Text("两个版本没有差别。", "The two versions decide alike.")))
        return
    words = _Words(console.width)
    columns = (
        Text("得益", "Gain"),
        Text("受损", "Lose"),
        Text("原", "Before"),
        Text("新", "After"),
        Text("增加", "Change"),
    )
    table = words.table(_ITEM, *columns)
    for number, item in enumerate(found.items):
        table.add_row(words.item(item), *_cells(found.of_item(number)))
    table.add_section()
    table.add_row(words.cell(Text("按人合计", "By person")), *_cells(found.of_persons()))
    table.caption = told(Text("金额：万元/年。", "Amounts in 10,000 yuan a year."))
    console.print(table)
    table = words.table(_COUNTY, *columns)
    for row in sorted(found.rows):
        table.add_row(full_name(row[0]), *_cells(found.of_persons([row])))
    console.print(table)
    console.print(f"✓ {out}", soft_wrap=True)


@dataclass(frozen=True, slots=True)
class _Words:
    """Chinese and English side by side on a wide terminal, else one above the other."""

    width: int

    def cell(self, text: Text, indent: str = "") -> str:
        first, *others = map(escape, lines(text))
        before = " " if self.width >= _WIDE else "\n" + indent
        return first + "".join(f"{before}[dim]{other}[/]" for other in others)

    def item(self, item: Item) -> str:
        return f"{item.number:>2} {self.cell(item.name, '   ')}"

    def table(self, first: Text, *others: Text) -> Table:
        table = Table(box=None, pad_edge=False)
        table.add_column(self.cell(first), no_wrap=True)
        for title in others:
            table.add_column(self.cell(title), justify="right", no_wrap=True)
        return table


def _cells(change: Change) -> tuple[str, ...]:
    return (
        f"{change.gain:,}",
        f"{change.lose:,}",
        wan(change.before),
        wan(change.after),
        f"{change.cost / 10_000:+,.1f}",
    )


def _heading(pack: Pack, day: date, synthetic: bool) -> str:
    words = f"  [yellow]{beside(_FICTITIOUS)}[/]" if synthetic else ""
    return f"[bold]{marked(pack.service.name)}[/]  {day}{words}"


def wan(yuan: Money) -> str:
    """Yuan in ten thousands, with one decimal."""
    return "—" if yuan is None else f"{yuan / 10_000:,.1f}"


# For machines ------------------------------------------------------------------------------------


def entitled_json(found: Entitled) -> dict[str, Any]:
    """Everything, amounts in yuan as text so that no digit is lost."""
    return {
        "pack": found.pack.code,
        "on": found.day.isoformat(),
        "synthetic": found.synthetic,
        "persons": sum(row[1] for row in found.counts),
        "entitled": sum(row[2] for row in found.counts),
        "items": [
            {
                "item": item.code,
                "name": _words(item),
                "persons": found.total(item.code)[0],
                "yearly": _text(found.total(item.code)[1]),
            }
            for item in found.items
        ],
        "counties": [
            {
                "county": county,
                "name": full_name(county),
                "persons": persons,
                "entitled": anybody,
                "yearly": _text(found.total(county=county)[1]),
                "items": {i.code: found.total(i.code, county)[0] for i in found.items},
            }
            for county, persons, anybody in sorted(found.counts)
        ],
    }


def reform_json(found: Reformed) -> dict[str, Any]:
    """Everything, amounts in yuan a year as text."""
    return {
        "pack": found.pack.code,
        "on": found.day.isoformat(),
        "synthetic": found.synthetic,
        "items": [
            {"item": item.code, "name": _words(item), **_change_json(found.of_item(number))}
            for number, item in enumerate(found.items)
        ],
        "persons": _change_json(found.of_persons()),
        "counties": [
            {
                "county": row[0],
                "name": full_name(row[0]),
                **_change_json(found.of_persons([row])),
                "items": {
                    item.code: _change_json(found.of_item(number, [row]))
                    for number, item in enumerate(found.items)
                },
            }
            for row in sorted(found.rows)
        ],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "gain": change.gain,
        "lose": change.lose,
        "before": str(change.before),
        "after": str(change.after),
        "change": str(change.cost),
    }


def _text(yuan: Money) -> str | None:
    return None if yuan is None else str(yuan)


def _words(item: Item) -> dict[str, str]:
    return item.name.to_json()
