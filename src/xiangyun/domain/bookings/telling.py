"""Messages about bookings, into the inbox of whom they are for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from xiangyun.domain.messaging import actions as messaging
from xiangyun.domain.messaging.actions import About, Notice
from xiangyun.kernel.findings import Text
from xiangyun.kernel.occasion.resource import Resource
from xiangyun.kernel.service.model import APPLICANT
from xiangyun.kernel.worktime import office_time

from . import queries
from .models import Booking


def moved_up(rows: Iterable[Booking], at: datetime) -> None:
    """Tell those who waited that there is room for them, and until when to confirm it."""
    title = Text("候补的预约排到了", "There is room for your booking")
    _tell(rows, "moved up", title, _said, at)


def missed(rows: Iterable[Booking], at: datetime) -> None:
    """Tell those who did not come what follows, as the rule of the resource says."""
    title = Text("预约没有来", "A booking was not kept")
    _tell(rows, "missed", title, _consequence, at)


def _tell(
    rows: Iterable[Booking],
    name: str,
    title: Text,
    said: Callable[[Booking, Resource | None], Text],
    at: datetime,
) -> None:
    rows = list(rows)
    declared = queries.known(row.resource for row in rows)
    for row in rows:
        notice = Notice(
            key=f"booking:{row.pk}:{row.sequence}",
            kind="notice",
            name=name,
            role=APPLICANT,
            title=messaging.words_of(title),
            body=messaging.words_of(said(row, declared.get(row.resource))),
            about=About(),
        )
        messaging.put(notice, [row.party], at=at)


def _consequence(row: Booking, declared: Resource | None) -> Text:
    about, rule = _about(row, declared), declared.no_show if declared else None
    if rule is None:
        return Text("{about}：没有来。", "{about}: nobody came.", about=about)
    return Text(
        "{about}：没有来。{within} 天内 {most} 次不来，{barred} 天内不能再预约。",
        "{about}: nobody came. Whoever does not come {most} {most|time|times} within "
        "{within} {within|day|days} books nothing for {barred} {barred|day|days}.",
        about=about,
        most=rule.most,
        within=rule.within.days,
        barred=rule.barred.days,
    )


def _said(row: Booking, declared: Resource | None) -> Text:
    about, until = _about(row, declared), row.until and office_time(row.until)
    if until is None:
        return Text("{about}：已预约。", "{about}: it is booked.", about=about)
    return Text(
        "{about}：请在 {until} 前到“我的预约”确认，过时失效。",
        "{about}: confirm it among your bookings before {until}, or it expires.",
        about=about,
        until=f"{until:%Y-%m-%d %H:%M}",
    )


def _about(row: Booking, declared: Resource | None) -> Text:
    return Text(
        "{name}，{begins}，预约号 {number}",
        "{name}, {begins}, number {number}",
        name=declared.name if declared else Text.given(row.resource, row.resource),
        begins=f"{office_time(row.slot.begins):%Y-%m-%d %H:%M}",
        number=row.number,
    )
