"""What one party may have of a resource: how much at once, not too often missed, not hoarded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from xiangyun.kernel.findings import Conflict, Refused, Text
from xiangyun.kernel.occasion.booked import Booking, refusal, told
from xiangyun.kernel.occasion.resource import Resource


def reasonable(resource: Resource, times: int, units: int) -> None:
    """Raises Refused `booking.E005` for more slots or units than can be booked at once."""
    most = max(1, resource.series)
    if not (1 <= times <= most and 1 <= units <= resource.capacity):
        raise Refused([refusal("booking.E005", Text(
            "一次最多预约 {most} 个时段，每个时段 1 至 {capacity} 个。",
            "At once {most} {most|slot|slots} can be booked at most, of each up to "
            "{capacity} {capacity|unit|units}.",
            most=most, capacity=resource.capacity,
        ))])  # fmt: skip


def barred(
    resource: Resource, bookings: Iterable[Booking], who: str, now: datetime
) -> tuple[int, datetime] | None:
    """How often a party did not come, and until when it books nothing; None where it may."""
    if (rule := resource.no_show) is None:
        return None
    own = (each for each in bookings if each.who == who and each.state == "no-show")
    missed = sorted(each.slot.begin for each in own)
    for last in reversed(missed):
        before = [begin for begin in missed if last - rule.within < begin <= last]
        if len(before) >= rule.most and now < last + rule.barred:
            return len(before), last + rule.barred
    return None


def not_barred(resource: Resource, bookings: Iterable[Booking], who: str, now: datetime) -> None:
    """Raises Conflict `booking.E008` for whoever did not come too often."""
    if (found := barred(resource, bookings, who, now)) is not None:
        raise Conflict([refusal("booking.E008", Text(
            "已有 {times} 次预约没有来，{until} 以前不能再预约。",
            "{times} {times|booking was|bookings were} not kept: nothing can be booked before "
            "{until}.",
            times=found[0], until=told(found[1]),
        ))])  # fmt: skip


def within_limit(
    resource: Resource, bookings: Iterable[Booking], who: str, more: int, now: datetime
) -> None:
    """Raises Conflict `booking.E026` where a party would have more than one may at a time."""
    limit = resource.limit
    mine = (each for each in bookings if each.who == who and not each.by_case)
    own = [each for each in mine if each.slot.end > now]
    pending = sum(each.units for each in own if each.state in ("on hold", "waiting"))
    coming = pending + sum(each.units for each in own if each.state == "confirmed")
    for most, has in ((limit.on_hold, pending), (limit.open, coming)):
        if most and has + more > most:
            raise Conflict([refusal(
                "booking.E026",
                Text("同时最多预约 {most} 个，已经有 {has} 个，还要 {more} 个。",
                     "At most {most} {most|unit|units} can be booked at a time: {has} stand, "
                     "{more} more are wanted.",
                     most=most, has=has, more=more),
                Text("请先确认、使用或者取消已有的预约。", "Confirm, use or cancel those first."),
            )])  # fmt: skip
