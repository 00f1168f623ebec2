"""Deadlines in hours beside those in days: the moment, and what is left until then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from xiangyun.domain.cases import clock, ports
from xiangyun.domain.cases.models import WorkItem
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.worktime import Unit


@dataclass(frozen=True, slots=True)
class HoursLeft:
    """The last moment in time, and the whole hours until then; negative: late by so many."""

    at: datetime
    unit: Unit
    left: int


def hours_left(items: Iterable[WorkItem], now: datetime) -> Mapping[int, HoursLeft]:
    """Of open tasks those whose limit is in hours, by their keys.

    One statement, and none where no service of theirs counts hours and no task has a
    deadline of its own. What stands still is left out.
    """
    concerned = [
        item.pk
        for item in items
        if item.due_on != clock.NEVER
        and (item.own_due or catalogue.pack(item.case.version_id).service.counts_hours)
    ]
    if not concerned:
        return {}
    calendar = ports.counting_calendar()
    found = WorkItem.objects.filter(pk__in=concerned)
    ends = {
        number: clock.own_end(headers)
        if own
        else clock.in_hours(due or {}, headers.get("stage", ""))
        for number, own, due, headers in found.values_list(
            "pk", "own_due", "case__clocks__due", "headers"
        )
    }
    return {
        number: HoursLeft(end.at, end.unit, end.left(now, calendar))
        for number, end in ends.items()
        if end is not None
    }
