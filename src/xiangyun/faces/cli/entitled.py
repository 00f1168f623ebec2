"""How entitlements and reforms are told: tables for people, JSON for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from xiangyun.domain.registers.sql.entitlements import Item
from xiangyun.domain.registers.sql.places import full_name
from xiangyun.kernel.pack import Pack

Row = tuple[Any, ...]
Money = Decimal | None
"""Yuan a year; None where the rules decide no amount."""
_WIDE = 110
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
    table = words.table(("项目", "Item"), ("人数", "Persons"), ("万元/年", "10,000 yuan/year"))
    for item in found.items:
        count, yearly = found.total(item.code)
        table.add_row(words.item(item), f"{count:,}", wan(yearly))
    table.add_section()
    count, yearly = found.total()
    table.add_row(words.both("合计", "All"), f"{count:,}", wan(yearly))
    console.print(table)
    console.print(
        f"{persons:,} 人中 {anybody:,} 人至少有一项；一次性的按一次计；“—”的金额不由这里决定。\n"
        f"Of {persons:,} persons {anybody:,} have at least one. What is paid once counts once; "
        "amounts shown as — are decided elsewhere.",
        soft_wrap=True,
    )
    console.print(_counties(found, words))
    console.print(f"✓ {out}", soft_wrap=True)


def _counties(found: Entitled, words: _Words) -> Table:
    wide = words.width >= _COUNTY_WIDTH + _FIGURE_WIDTH * (len(found.items) + 3)
    items = found.items if wide else ()
    table = words.table(
        ("县（市、区）", "County"),
        ("人口", "Persons"),
        ("有待遇", "Entitled"),
        *((f"#{item.number}", "") for item in items),
        ("万元/年", "10,000 yuan/year"),
    )
    for county, persons, anybody in sorted(found.counts):
        cells = (f"{found.total(item.code, county)[0]:,}" for item in items)
        cost = wan(found.total(county=county)[1])
        table.add_row(full_name(county), f"{persons:,}", f"{anybody:,}", *cells, cost)
    if not wide:
        table.caption = (
            "各县各项：把终端加宽，或用 --json\nItems by county: a wider terminal or --json"
        )
    return table


def print_reformed(found: Reformed, out: Path) -> None:
    """What changes, by item and by county."""
    console = Console()
    console.print(_heading(found.pack, found.day, found.synthetic))
    if not found.items:
        console.print("两个版本没有差别 / The two versions decide alike.")
        return
    words = _Words(console.width)
    columns = (("得益", "Gain"), ("受损", "Lose"), ("原", "Before"), ("新", "After"))
    change = ("增加", "Change")
    table = words.table(("项目", "Item"), *columns, change)
    for number, item in enumerate(found.items):
        table.add_row(words.item(item), *_cells(found.of_item(number)))
    table.add_section()
    table.add_row(words.both("按人合计", "By person"), *_cells(found.of_persons()))
    table.caption = "金额：万元/年 / amounts in 10,000 yuan a year"
    console.print(table)
    table = words.table(("县（市、区）", "County"), *columns, change)
    for row in sorted(found.rows):
        table.add_row(full_name(row[0]), *_cells(found.of_persons([row])))
    console.print(table)
    console.print(f"✓ {out}", soft_wrap=True)


@dataclass(frozen=True, slots=True)
class _Words:
    """Chinese and English side by side on a wide terminal, else one above the other."""

    width: int

    def both(self, zh: str, en: str) -> str:
        if not en:
            return zh
        return f"{zh}{' ' if self.width >= _WIDE else chr(10)}[dim]{en}[/]"

    def item(self, item: Item) -> str:
        indent = "" if self.width >= _WIDE else "   "
        return self.both(f"{item.number:>2} {item.name.zh}", indent + item.name.en)

    def table(self, first: tuple[str, str], *others: tuple[str, str]) -> Table:
        table = Table(box=None, pad_edge=False)
        table.add_column(self.both(*first), no_wrap=True)
        for title in others:
            table.add_column(self.both(*title), justify="right", no_wrap=True)
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
    words = "  [yellow]虚构人口 fictitious persons[/]" if synthetic else ""
    return f"[bold]{pack.service.name.zh}[/] [dim]{pack.service.name.en}[/]  {day}{words}"


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
    return {"zh": item.name.zh, "en": item.name.en}
