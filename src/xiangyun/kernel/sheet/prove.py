"""Whether a sheet is nowhere worse for the citizen than the item: each rule that it breaks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from xiangyun.kernel.codes import division
from xiangyun.kernel.dmn import Model
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.parameters import Parameters
from xiangyun.kernel.service.limits import UNITS, TimeLimit, span
from xiangyun.kernel.service.model import AREAS, DEPTHS, Material, ServiceItem
from xiangyun.kernel.sheet.model import Lighter, Promise, Sheet
from xiangyun.kernel.sheet.promise import is_no_longer
from xiangyun.kernel.sheet.rules import cheaper, wider


@dataclass(frozen=True, slots=True)
class Base:
    """What a sheet is held to: the item as the place above offers it, its figures, its rules.

    `within`: the division whose sheet or publication that is; 0 for the whole country. `waived`:
    materials that a place above waives already, which may be waived, or asked for less of, again.
    """

    item: ServiceItem
    parameters: Parameters = Parameters(())  # noqa: RUF009 - a frozen value
    rules: Model | None = None
    within: int = 0
    waived: frozenset[str] = frozenset()


def prove(sheet: Sheet, base: Base) -> list[Finding]:
    """Every rule that a sheet breaks; nothing where it is proved to be no worse."""
    return list(_prove(sheet, base))


def _prove(sheet: Sheet, base: Base) -> Iterator[Finding]:
    item = base.item
    if sheet.item != item.code:
        yield unknown("sheet.E002", Text("事项", "item"), sheet.item, [item.code], sheet.at("item"))
        return
    yield from _place(sheet, base)
    yield from _time(sheet, base)
    yield from _materials(sheet, item, base.waived)
    yield from _money(sheet, base)
    yield from _reach(sheet, item)
    for table in sheet.acceptance:
        yield from wider(table, base.rules)


def _place(sheet: Sheet, base: Base) -> Iterator[Finding]:
    low, high = division.subtree(str(base.within).rjust(12, "0")) if base.within else (0, 10**12)
    if sheet.division and not low <= int(sheet.division) <= high:
        yield fault(
            "sheet.E003",
            Text("区划 {code} 不在发布单位的范围内。",
                 "The division {code} lies outside of whoever published the item.",
                 code=sheet.division),
            sheet.at("division"),
            Text("请写本地的 12 位区划代码。", "Write the twelve digits of your own place."),
        )  # fmt: skip


def _time(sheet: Sheet, base: Base) -> Iterator[Finding]:
    item = base.item
    if sheet.promised:
        for limit in (item.promised, item.statutory):
            yield from _shorter(sheet.promised, limit, base)
    if sheet.extension and item.extension is None:
        if sheet.extension.number:
            yield _longer_extension(sheet.extension)
    elif sheet.extension and item.extension:
        rule = item.extension
        if sheet.extension.unit != rule.unit or not is_no_longer(
            sheet.extension.number, sheet.extension.unit, rule.number, rule.unit
        ):
            yield _longer_extension(sheet.extension)


def _shorter(promise: Promise, limit: TimeLimit, base: Base) -> Iterator[Finding]:
    least = _least(limit, base)
    if least is None or is_no_longer(promise.number, promise.unit, least, limit.unit):
        return
    if promise.unit == limit.unit:
        yield fault(
            "sheet.E006",
            Text("承诺 {number}，长于事项的 {least}（同一单位）。",
                 "The promise of {number} is longer than the item’s {least}, in the same unit.",
                 number=promise.number, least=least),
            promise.place,
            Text("请缩短承诺。", "Shorten the promise."),
        )  # fmt: skip
        return
    yield fault(
        "sheet.E007",
        Text("承诺 {number}（{unit}）不能证明在每一种日历下都不长于事项的 {least}（{than}）。",
             "A promise of {number} ({unit}) is not shown to be within {least} ({than}) on every "
             "calendar.",
             number=promise.number, unit=_unit(promise.unit), least=least, than=_unit(limit.unit)),
        promise.place,
        Text("请用与事项相同的单位，或者再短一些。",
             "Use the unit of the item, or make it shorter still."),
    )  # fmt: skip


def _least(limit: TimeLimit, base: Base) -> int | None:
    """The shortest that a limit ever comes to, over its kinds and whatever figures come in force.

    None where nothing was promised.
    """
    if limit.unit not in UNITS:
        return None
    days = {figure.in_force_from for each in base.parameters.all for figure in each.figures}
    found = []
    for day in sorted(days) or [date.min]:
        try:
            found.append(span(limit, base.item.kinds, base.parameters.on(day)).least)
        except Refused:  # before its first figure nothing is promised
            continue
    return min(found, default=0)


def _unit(unit: str) -> Text:
    return {
        "working_day": Text("工作日", "working days"),
        "natural_day": Text("自然日", "natural days"),
        "working_hour": Text("工作小时", "working hours"),
        "hour": Text("小时", "hours"),
    }[unit]


def _longer_extension(extension: Promise) -> Finding:
    return fault(
        "sheet.E008",
        Text("延期 {number} 长于事项允许的。", "An extension of {number} exceeds the item’s.",
             number=extension.number),
        extension.place,
        Text("请缩短，或者写 0 表示不延期。", "Shorten it; 0 says that nothing is extended."),
    )  # fmt: skip


def _materials(sheet: Sheet, item: ServiceItem, waived: frozenset[str]) -> Iterator[Finding]:
    known = {each.key: each for each in item.materials}
    for key in sheet.waived:
        if key not in known and key not in waived:
            yield unknown("sheet.E004", Text("材料", "material"), key, known, sheet.at("waived"))
    for key, lighter in sheet.lighter.items():
        if key in waived:
            continue
        if key not in known:
            yield fault(
                "sheet.E005",
                Text("事项没有材料“{key}”，各地不能多要。",
                     "The item asks for no “{key}”; no place asks for more.", key=key),
                lighter.place,
                Text("请删去。", "Remove it."),
            )  # fmt: skip
        else:
            yield from _heavier(key, lighter, known[key])


def _heavier(key: str, lighter: Lighter, own: Material) -> Iterator[Finding]:
    heavier = {
        "copies": lighter.copies is not None and lighter.copies > own.copies,
        "form": lighter.form not in (None, "both", own.form),
        "original": bool(lighter.original) and not own.original,
    }
    for what in (name for name, is_so in heavier.items() if is_so):
        yield fault(
            "sheet.E005",
            Text("材料“{key}”的 {what} 比事项要求的多。",
                 "“{what}” of the material “{key}” asks for more than the item.",
                 key=key, what=what),
            lighter.place,
            Text("可以少要，不能多要：份数更少，电子纸质均可，复印件即可。",
                 "It may ask for less: fewer copies, either form, a copy in place of an original."),
        )  # fmt: skip


def _money(sheet: Sheet, base: Base) -> Iterator[Finding]:
    fee = sheet.fee
    if fee is None:
        return
    if fee.table is not None:
        yield from cheaper(fee.table, base.rules)
    elif fee.amount is not None and fee.amount > base.item.fee.amount:
        yield fault(
            "sheet.E009",
            Text("收费 {amount} 元，高于事项的 {most} 元。",
                 "The fee of {amount} yuan is above the item’s {most}.",
                 amount=f"{fee.amount:f}", most=f"{base.item.fee.amount:f}"),
            fee.place,
            Text("只能少收或者不收。", "It may be lowered, or waived."),
        )  # fmt: skip


def _reach(sheet: Sheet, item: ServiceItem) -> Iterator[Finding]:
    if sheet.visits is not None and sheet.visits > item.visits:
        yield _worse("sheet.E013", "visits", sheet)
    for key, offered in sheet.switches.items():
        if getattr(item, key) and not offered:
            yield _worse("sheet.E014", key, sheet)
    if sheet.online_depth and _rank(DEPTHS, sheet.online_depth) < _rank(DEPTHS, item.online_depth):
        yield _worse("sheet.E015", "online_depth", sheet)
    if sheet.area and _rank(AREAS, sheet.area) > _rank(AREAS, item.area):
        yield _worse("sheet.E016", "area", sheet)
    yield from _all_of("sheet.E017", "filing_desks", sheet.desks, item.filing_desks, sheet)
    yield from _all_of("sheet.E018", "applicants", sheet.applicants, item.applicants, sheet)


def _rank(order: Sequence[str], value: str) -> int:
    return order.index(value) if value in order else 0


def _all_of(
    id: str, key: str, here: Sequence[str] | None, wanted: Collection[str], sheet: Sheet
) -> Iterator[Finding]:
    if here is not None and not set(wanted) <= set(here):
        yield _worse(id, key, sheet)


def _worse(id: str, key: str, sheet: Sheet) -> Finding:
    return fault(
        id,
        Text("“{key}”比事项写的对群众更不利。",
             "“{key}” is worse for the citizen than the item.", key=key),
        sheet.at(key),
        Text("请写得与事项一样，或者更好；一样的可以不写。",
             "Write what the item says, or better; what is equal may be left out."),
    )  # fmt: skip
