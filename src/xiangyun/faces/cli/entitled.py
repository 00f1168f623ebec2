"""How decisions over a whole table and reforms are told: tables for people, JSON for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xiangyun.domain.registers.sql.entitlements import Item, Plan
from xiangyun.domain.registers.sql.places import full_name
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.projection import Population

from .telling import beside, lines, marked, told

Row = tuple[Any, ...]
Money = Decimal | None
"""A sum; None where the rules decide no amount."""
_WIDE = 110
_ITEM = Text("项目", "Item")
_LEVELS: Mapping[str, Text] = {
    "province": Text("省", "Province"),
    "prefecture": Text("市（州）", "Prefecture"),
    "county": Text("县（市、区）", "County"),
    "town": Text("乡镇（街道）", "Town"),
    "village": Text("村（社区）", "Village"),
}
_PLURAL: Mapping[str, str] = {level: f"{level}s" for level in _LEVELS} | {"county": "counties"}
_PLACE_WIDTH, _FIGURE_WIDTH = 24, 9


@dataclass(frozen=True, slots=True)
class Entitled:
    """Totals (item, place, groups, rows, sums) and counts (place, rows, those that count)."""

    pack: Pack
    plan: Plan
    synthetic: bool
    totals: list[Row]
    counts: list[Row]

    @property
    def declared(self) -> Population:
        return self.plan.population

    def total(
        self, item: str | None = None, place: Any = ..., group: Row | None = None
    ) -> tuple[int, tuple[Money, ...]]:
        """Rows (over several items: an item each) and sums, of an item, a place, a group or all."""
        until = 2 + len(self.declared.groups)
        rows = [
            row
            for row in self.totals
            if item in (None, row[0])
            and (place is ... or row[1] == place)
            and (group is None or row[2:until] == group)
        ]
        columns = zip(*(row[until + 1 :] for row in rows), strict=True)
        sums = tuple(_added(column) for column in columns) if rows else self._nothing
        return sum(row[until] for row in rows), sums

    @property
    def _nothing(self) -> tuple[Money, ...]:
        return (None,) * len(self.declared.sums)

    def groups_of(self, item: str) -> list[Row]:
        """The values that an item's rows are grouped by, in order."""
        until = 2 + len(self.declared.groups)
        found = {row[2:until] for row in self.totals if row[0] == item and row[2:until]}
        return sorted(found, key=str)


def _added(column: Iterable[Any]) -> Money:
    decided = [Decimal(each) for each in column if each is not None]
    return sum(decided, Decimal()) if decided else None


@dataclass(frozen=True, slots=True)
class Change:
    """Rows that gain and that lose, and the sum before and after."""

    gain: int
    lose: int
    before: Decimal
    after: Decimal

    @property
    def cost(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Reformed:
    """A row a place: code, (gain, lose, before, after) for each ruling, rows up, rows down.

    `rulings` are the items of these: a decision that gives a list has several.
    """

    pack: Pack
    plan: Plan
    synthetic: bool
    rulings: list[Item]
    rows: list[Row]

    @property
    def items(self) -> list[Item]:
        return list(dict.fromkeys(self.rulings))

    def of_item(self, item: Item, rows: Sequence[Row] | None = None) -> Change:
        """One item, over all places or those of `rows`."""
        starts = [1 + 4 * number for number, one in enumerate(self.rulings) if one == item]
        chosen = self.rows if rows is None else rows
        gain, lose, before, after = (
            sum((Decimal(row[start + at] or 0) for row in chosen for start in starts), Decimal())
            for at in range(4)
        )
        return Change(int(gain), int(lose), before, after)

    def of_all(self, rows: Sequence[Row] | None = None) -> Change:
        """Rows by the sum of all items; cost over all items."""
        chosen = self.rows if rows is None else rows
        items = [self.of_item(item, chosen) for item in self.items]
        return Change(
            sum(row[-2] for row in chosen),
            sum(row[-1] for row in chosen),
            sum((each.before for each in items), Decimal()),
            sum((each.after for each in items), Decimal()),
        )


# For people --------------------------------------------------------------------------------------


def print_entitled(found: Entitled, out: Path | str) -> None:
    """Items, then their groups, then places; a wide terminal shows every item of every place."""
    console, declared = Console(), found.declared
    rows, counted = sum(row[1] for row in found.counts), sum(row[2] for row in found.counts)
    console.print(_heading(found.pack, found.plan, found.synthetic))
    words = _Words(console.width)
    sums = list(declared.sums.values())
    table = words.table(_ITEM, declared.unit.name, *(each.name for each in sums))
    for item in found.plan.items:
        count, amounts = found.total(item.code)
        table.add_row(words.item(item), f"{count:,}", *_shown(declared, amounts))
        for group in found.groups_of(item.code):
            count, amounts = found.total(item.code, group=group)
            label = f"   {escape('  '.join(map(_value, group)))}"
            table.add_row(label, f"{count:,}", *_shown(declared, amounts))
    table.add_section()
    count, amounts = found.total()
    table.add_row(words.cell(Text("合计", "All")), f"{count:,}", *_shown(declared, amounts))
    console.print(table)
    console.print(
        told(
            Text(
                "{rows:,} 行中 {counted:,} 行至少有一项；“—”的金额不由这些规则决定。",
                "Of {rows:,} {rows|row|rows} {counted:,} have at least one item. Amounts shown as —"
                " are not decided by these rules.",
                rows=rows,
                counted=counted,
            )
        ),
        soft_wrap=True,
    )
    if declared.place is not None:
        console.print(_places(found, declared.place.level, words))
    console.print(f"✓ {out}", soft_wrap=True)


def _places(found: Entitled, level: str, words: _Words) -> Table:
    all_ = found.plan.items
    wide = words.width >= _PLACE_WIDTH + _FIGURE_WIDTH * (len(all_) + 3)
    items, declared = all_ if wide else (), found.declared
    table = words.table(
        _LEVELS[level],
        declared.unit.name,
        declared.counted.name,
        *(Text.given(f"#{item.number}", "") for item in items),
        *(each.name for each in declared.sums.values()),
    )
    for place, rows, counted in _sorted(found.counts):
        cells = (f"{found.total(item.code, place)[0]:,}" for item in items)
        sums = _shown(declared, found.total(place=place)[1])
        table.add_row(escape(full_name(place)), f"{rows:,}", f"{counted:,}", *cells, *sums)
    if not wide:
        table.caption = told(
            Text(
                "各地各项：把终端加宽，或用 --json。",
                "Items by place: a wider terminal or --json.",
            )
        )
    return table


def print_reformed(found: Reformed, out: Path | str) -> None:
    """What changes, by item and by place."""
    console = Console()
    console.print(_heading(found.pack, found.plan, found.synthetic))
    if not found.items:
        console.print(told(Text("两个版本没有差别。", "The two versions decide alike.")))
        return
    words, declared = _Words(console.width), found.plan.population
    columns = [Text("得益", "Gain"), Text("受损", "Lose")]
    if declared.sums:
        columns += [Text("原", "Before"), Text("新", "After"), Text("增加", "Change")]
    table = words.table(_ITEM, *columns)
    for item in found.items:
        table.add_row(words.item(item), *_cells(declared, found.of_item(item)))
    table.add_section()
    table.add_row(words.cell(Text("按行合计", "By row")), *_cells(declared, found.of_all()))
    for first in list(declared.sums.values())[:1]:
        table.caption = told(first.name)
    console.print(table)
    if declared.place is not None:
        table = words.table(_LEVELS[declared.place.level], *columns)
        for row in _sorted(found.rows):
            cells = _cells(declared, found.of_all([row]))
            table.add_row(escape(full_name(row[0])), *cells)
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


def _cells(declared: Population, change: Change) -> tuple[str, ...]:
    counts = (f"{change.gain:,}", f"{change.lose:,}")
    for first in declared.sums.values():
        more = f"{change.cost / first.divisor:+,.1f}"
        before, after = (amount(each, first.divisor) for each in (change.before, change.after))
        return (*counts, before, after, more)
    return counts


def _shown(declared: Population, amounts: Sequence[Money]) -> Iterator[str]:
    for each, found in zip(declared.sums.values(), amounts, strict=True):
        yield amount(found, each.divisor)


def amount(found: Money, divisor: Decimal) -> str:
    """A sum in the unit that people read it in; what no rule decides is no nought."""
    if found is None:
        return "—"
    return f"{found / divisor:,.1f}" if divisor != 1 else f"{found.normalize():,f}"


def _value(value: object) -> str:
    return "—" if value is None else str(value)


def _heading(pack: Pack, plan: Plan, synthetic: bool) -> str:
    unit = plan.population.unit.name
    fictitious = Text("虚构{unit}", "fictitious {unit}", unit=unit)
    words = f"  [yellow]{escape(beside(fictitious))}[/]" if synthetic else ""
    return f"[bold]{marked(pack.service.name)}[/]  {plan.run.on}{words}"


def _sorted(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: str(row[0]))


# For machines ------------------------------------------------------------------------------------


def entitled_json(found: Entitled) -> dict[str, Any]:
    """Everything, sums as text and not divided."""
    declared = found.declared
    unit, counted = declared.unit.code, declared.counted.code
    return {
        **_about(found.pack, found.plan, found.synthetic),
        unit: sum(row[1] for row in found.counts),
        counted: sum(row[2] for row in found.counts),
        "items": [
            {
                "item": item.code,
                "name": item.name.to_json(),
                **_figures(declared, found.total(item.code)),
                **_groups(found, item.code),
            }
            for item in found.plan.items
        ],
        **{
            _PLURAL[place.level]: [
                {
                    place.level: _code(code),
                    "name": full_name(code),
                    **_figures(declared, found.total(place=code)),
                    unit: rows,
                    counted: chosen,
                    "items": {i.code: found.total(i.code, code)[0] for i in found.plan.items},
                }
                for code, rows, chosen in _sorted(found.counts)
            ]
            for place in [declared.place]
            if place is not None
        },
    }


def _about(pack: Pack, plan: Plan, synthetic: bool) -> dict[str, Any]:
    return {"pack": pack.code, "on": plan.run.on.isoformat(), "synthetic": synthetic}


def _figures(declared: Population, total: tuple[int, tuple[Money, ...]]) -> dict[str, Any]:
    rows, sums = total
    named = zip(declared.sums, sums, strict=True)
    return {declared.unit.code: rows, **{name: _text(each) for name, each in named}}


def _groups(found: Entitled, item: str) -> dict[str, Any]:
    declared = found.declared
    if not declared.groups:
        return {}
    return {
        "groups": [
            {
                **{name: _plain(v) for name, v in zip(declared.groups, group, strict=True)},
                **_figures(declared, found.total(item, group=group)),
            }
            for group in found.groups_of(item)
        ]
    }


def reform_json(found: Reformed) -> dict[str, Any]:
    """Everything, sums as text and not divided."""
    declared = found.plan.population
    return {
        **_about(found.pack, found.plan, found.synthetic),
        "items": [
            {
                "item": item.code,
                "name": item.name.to_json(),
                **_change_json(found.of_item(item)),
            }
            for item in found.items
        ],
        declared.unit.code: _change_json(found.of_all()),
        **{
            _PLURAL[place.level]: [
                {
                    place.level: _code(row[0]),
                    "name": full_name(row[0]),
                    **_change_json(found.of_all([row])),
                    "items": {
                        item.code: _change_json(found.of_item(item, [row])) for item in found.items
                    },
                }
                for row in _sorted(found.rows)
            ]
            for place in [declared.place]
            if place is not None
        },
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "gain": change.gain,
        "lose": change.lose,
        "before": _text(change.before),
        "after": _text(change.after),
        "change": _text(change.cost),
    }


def _code(code: object) -> object:
    return int(code) if isinstance(code, str) and code.isdecimal() else code


def _text(found: Money) -> str | None:
    """Digits alone: how many noughts follow them depends on who computed."""
    return None if found is None else f"{found.normalize():f}"


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
