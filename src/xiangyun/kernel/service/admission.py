"""Whether a service takes an application: its state, its days, for whom it is, at which desk.

Said once, and obeyed wherever an application begins or is sent: pages, interface, desks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from xiangyun.kernel.codes import uscc
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.service.model import APPLICANTS, PERSON, ServiceItem
from xiangyun.kernel.service.openings import APPLICANT, HOW, OFFICIAL

Desk = Literal["online", "window", "village_desk"]
DESKS: dict[str, Text] = {
    "online": Text("网上", "online"),
    "window": Text("政务服务窗口", "at a service desk"),
    "post": Text("邮寄", "by post"),
    "village_desk": Text("村（社区）、乡镇（街道）代办点", "at the desk of a village or town"),
}
"""The ways of filing (办理形式) in words."""
_AT: dict[Desk, tuple[str, ...]] = {
    "online": ("online",),
    "window": ("window", "post"),
    "village_desk": ("village_desk",),
}
"""What is filed at each desk; a letter is opened at a window, and filed there."""
_TOWN = 4
_BY_CREDIT_CODE = {
    "11": "government",
    "12": "institution",
    "51": "social",
    "52": "social",
    "53": "social",
    "91": "company",
    "92": "unincorporated",
    "93": "company",
}
"""Of the first two characters: who registered it, and as what (GB 32100-2015, table A.1)."""


def applicant_kind(is_person: bool, code: str) -> str:
    """Which kind of applicant (服务对象) somebody is; an organisation by its credit code.

    One whose code says nothing is a company, which is what most are.
    """
    if is_person:
        return PERSON
    wrong = uscc.problem(code)
    if wrong is not None and wrong.severity == "error":
        return "company"
    return _BY_CREDIT_CODE.get(code[:2], "other")


def desk_at(level: int) -> Desk:
    """Which desk files in a division of this level (行使层级)."""
    return "village_desk" if level > _TOWN else "window"


def said_by(item: ServiceItem) -> dict[str, object]:
    """What a service says of whom, when and where, as JSON; the database compares with it."""
    officially = item.opening(OFFICIAL)
    return {
        "state": item.state,
        "applicants": list(item.applicants),
        "desks": [desk for desk, ways in _AT.items() if set(ways) & set(item.filing_desks)],
        "from": item.planned_from.isoformat() if item.planned_from else None,
        "until": item.planned_until.isoformat() if item.planned_until else None,
        "opened_by": [each.how for each in item.openings],
        "officials": list(officially.names) if officially else [],
        "department": item.department,
    }


def refusals(item: ServiceItem, *, on: date, applicant: str, desk: Desk) -> list[Finding]:
    """Why the service takes no such application on this day; nothing where it takes it."""
    return [
        *not_opened(item, APPLICANT, on),
        *_not_for(item, applicant),
        *_not_at(item, desk),
    ]


def not_opened(item: ServiceItem, how: str, on: date) -> list[Finding]:
    """Why no case of the service opens in this way on this day; nothing where one does."""
    found = list(closed(item, on))
    if item.opening(how) is None:
        ways = [HOW[each.how] for each in item.openings]
        found.append(
            Finding(
                "service.E008",
                "error",
                Text(
                    "“{name}”不能这样立件：{how}。",
                    "No case of “{name}” opens so: {how}.",
                    name=item.name,
                    how=HOW[how],
                ),
                hint=Text("只能是：{ways}。", "It opens so: {ways}.", ways=ways),
            )
        )
    return found


def closed(item: ServiceItem, on: date) -> Iterator[Finding]:
    """Why the service takes no application at all on this day."""
    if item.state == "suspended":
        yield Finding(
            "service.E002",
            "error",
            Text("“{name}”暂停受理。", "“{name}” is suspended.", name=item.name),
            hint=Text(
                "已受理的照常办理；恢复后可以再申请。{enquiries}。",
                "What is under way goes on; apply again once it is resumed. {enquiries}.",
                enquiries=item.enquiries,
            ),
        )
    elif item.state == "cancelled":
        yield Finding(
            "service.E003",
            "error",
            Text("“{name}”已取消，不再受理。", "“{name}” is cancelled.", name=item.name),
            hint=_ask(item),
        )
    elif item.planned_from is not None and on < item.planned_from:
        yield Finding(
            "service.E004",
            "error",
            Text(
                "“{name}”从{day}起受理。",
                "“{name}” takes applications from {day} on.",
                name=item.name,
                day=item.planned_from,
            ),
            hint=Text("请到那天再申请。", "Apply from that day on."),
        )
    elif item.planned_until is not None and on > item.planned_until:
        yield Finding(
            "service.E005",
            "error",
            Text(
                "“{name}”受理到{day}为止。",
                "“{name}” took applications until {day}.",
                name=item.name,
                day=item.planned_until,
            ),
            hint=_ask(item),
        )


def _not_for(item: ServiceItem, applicant: str) -> Iterator[Finding]:
    if applicant not in item.applicants:
        yield Finding(
            "service.E006",
            "error",
            Text(
                "“{name}”由{kinds}申请，{yours}不能申请。",
                "“{name}” is for: {kinds}; not for: {yours}.",
                name=item.name,
                kinds=[APPLICANTS[kind] for kind in item.applicants],
                yours=APPLICANTS[applicant],
            ),
            hint=Text(
                "请用有权申请的账号登录，或者以其身份办理。",
                "Log in as one who may apply, or act for one.",
            ),
        )


def _not_at(item: ServiceItem, desk: Desk) -> Iterator[Finding]:
    if not set(_AT[desk]) & set(item.filing_desks):
        yield Finding(
            "service.E007",
            "error",
            Text(
                "“{name}”不在这里收件（{here}），请从这些途径申请：{desks}。",
                "“{name}” is not filed here ({here}), but: {desks}.",
                name=item.name,
                here=DESKS[desk],
                desks=[DESKS[each] for each in item.filing_desks],
            ),
            hint=Text(
                "{place}，{hours}。",
                "{place}; {hours}.",
                place=item.places.general,
                hours=item.hours,
            ),
        )


def _ask(item: ServiceItem) -> Text:
    return Text("{enquiries}。", "{enquiries}.", enquiries=item.enquiries)
