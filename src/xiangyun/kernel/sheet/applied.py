"""The item as a place offers it: what the sheet says, and the item's own word for the rest."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from xiangyun.kernel.dmn import Model
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.limits import ExtensionRule, TimeLimit
from xiangyun.kernel.service.model import Fee, Material, Office, Places, ServiceItem
from xiangyun.kernel.sheet.model import Lighter, Sheet
from xiangyun.kernel.sheet.rules import replaced


def applied(item: ServiceItem, sheet: Sheet) -> ServiceItem:
    """The item with a sheet that is proved against it."""
    switches = dict(sheet.switches)
    visits = item.visits if sheet.visits is None else sheet.visits
    return replace(
        item,
        promised=_promised(item, sheet),
        extension=_extension(item, sheet),
        materials=tuple(
            _lighter(each, sheet.lighter.get(each.key))
            for each in item.materials
            if each.key not in sheet.waived
        ),
        fee=_fee(item, sheet),
        visits=visits,
        visit_reason=item.visit_reason if visits else None,
        online_depth=sheet.online_depth or item.online_depth,
        area=sheet.area or item.area,
        filing_desks=item.filing_desks if sheet.desks is None else sheet.desks,
        applicants=item.applicants if sheet.applicants is None else sheet.applicants,
        quota=None if sheet.unlimited else item.quota,
        hours=sheet.contacts.get("hours", item.hours),
        enquiries=sheet.contacts.get("telephone", item.enquiries),
        places=_places(item.places, sheet),
        **switches,  # type: ignore[arg-type]
    )


def applied_rules(model: Model | None, sheet: Sheet) -> Model | None:
    """The rules of the item with the tables of a sheet that is proved against them."""
    fee = sheet.fee.table if sheet.fee else None
    for table in (*sheet.acceptance, *((fee,) if fee else ())):
        model = replaced(model, table) if model else None
    return model


def _places(places: Places, sheet: Sheet) -> Places:
    address = sheet.contacts.get("address")
    if address is None:
        return places
    name = sheet.contacts.get("window", Text("", ""))
    return Places(places.general, (Office(name or address, address, sheet.division),))


def _promised(item: ServiceItem, sheet: Sheet) -> TimeLimit:
    if sheet.promised is None:
        return item.promised
    return replace(item.promised, number=sheet.promised.number, unit=sheet.promised.unit)


def _extension(item: ServiceItem, sheet: Sheet) -> ExtensionRule | None:
    if sheet.extension is None or item.extension is None:
        return item.extension
    if not sheet.extension.number:
        return None
    return replace(item.extension, number=sheet.extension.number, unit=sheet.extension.unit)


def _lighter(material: Material, lighter: Lighter | None) -> Material:
    if lighter is None:
        return material
    return replace(
        material,
        copies=material.copies if lighter.copies is None else lighter.copies,
        form=lighter.form or material.form,
        original=material.original if lighter.original is None else lighter.original,
    )


def _fee(item: ServiceItem, sheet: Sheet) -> Fee:
    fee = sheet.fee
    if fee is None:
        return item.fee
    explained = fee.explained or item.fee.explained
    if fee.amount is None:
        return replace(item.fee, explained=explained)
    amount = Decimal(fee.amount)
    return replace(item.fee, charged=item.fee.charged and amount > 0, amount=amount,
                   explained=explained)  # fmt: skip
