"""The clocks of a case as its row keeps them, and what deadlines follow for its tasks.

How they start, pause and stop stands in `kernel.service.casetime`. Here that value is read from the
row and written back; `case.clocks` keeps what has no column: the days of each limit, the stages,
the extensions, and the last deadlines, which stay while everything stands still.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.casetime import CaseTime, ClockPause, Granted, StageTime
from xiangyun.kernel.service.limits import days_for
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.worktime import Calendar, Extension
from xiangyun.kernel.worktime import Pause as Pausing

from .models import Case

CASE = ""
"""The key of the case's own deadline among those of its stages."""
NEVER = date.max
"""The deadline of a task whose clock stands still: behind all others, and a range of its own."""


def time_of(case: Case, service: ServiceItem) -> CaseTime:
    """The time of a case as its row keeps it."""
    stored = case.clocks
    return CaseTime(
        started=case.clock_from,
        promised=_stored_days(stored, "promised", service),
        statutory=_stored_days(stored, "statutory", service),
        stopped=case.clock_stopped,
        pauses=tuple(_pause(each) for each in case.pauses),
        stages=tuple(
            StageTime(each["stage"], _day(each["from"]), each["days"], _maybe_day(each["to"]))
            for each in stored.get("stages", ())
        ),
        extensions=tuple(_granted(each) for each in stored.get("extensions", ())),
    )


def put(case: Case, time: CaseTime) -> None:
    """Write the time of a case into its row; the deadlines are `set_due`'s."""
    case.clock_from, case.clock_stopped = time.started, time.stopped
    case.pauses = [
        {
            "token": each.token,
            "stage": each.stage,
            "kind": each.pause.kind,
            "reason": _both(each.pause.reason),
            "from": each.pause.from_.isoformat(),
            "to": each.pause.to.isoformat() if each.pause.to else None,
        }
        for each in time.pauses
    ]
    case.clocks = {
        **case.clocks,
        "promised": time.promised,
        "statutory": time.statutory,
        "stages": [
            {
                "stage": each.stage,
                "from": each.started.isoformat(),
                "days": each.days,
                "to": each.stopped.isoformat() if each.stopped else None,
            }
            for each in time.stages
        ],
        "extensions": [
            {
                "stage": each.stage,
                "days": each.extension.days,
                "by": each.extension.approved_by,
                "on": each.extension.on.isoformat(),
                "reason": _both(each.extension.reason),
            }
            for each in time.extensions
        ],
    }


def set_due(case: Case, service: ServiceItem, calendar: Calendar) -> None:
    """Work out the deadlines anew. While clocks stand still their last deadlines remain."""
    time = time_of(case, service)
    case.due_on = time.promised_clock(service, calendar).due or case.due_on
    case.statutory_on = time.statutory_clock(service, calendar).due or case.statutory_on
    due = dict(case.clocks.get("due", {}))
    for stage in (CASE, *(each.stage for each in time.stages)):
        if found := time.deadline(service, calendar, stage):
            due[stage] = [found.due.isoformat(), found.amber.isoformat()]
    case.clocks = {**case.clocks, "due": due}


def deadline(
    case: Case, time: CaseTime, stage: str, today: date, own: datetime | date | None = None
) -> dict[str, Any]:
    """The deadline of a new task: its own where the process gives it one, else its stage's."""
    if own is None:
        return {**_due(case, time, stage, today), "own_due": False}
    day = timezone.localdate(own) if isinstance(own, datetime) else own
    return {"due_on": day, "amber_on": day, "own_due": True}


def moved(case: Case, time: CaseTime, stages: Iterable[str], today: date) -> list[dict[str, Any]]:
    """What the open tasks of these stages, without a deadline of their own, have as of today."""
    return [
        {"stage": stage, "today": today, **_due(case, time, stage, today)}
        for stage in sorted(set(stages))
    ]


def _due(case: Case, time: CaseTime, stage: str, today: date) -> dict[str, date]:
    """The last deadline of a stage, or none at all while its clock stands still."""
    if time.pauses and time.stands_still(stage, today):
        return {"due_on": NEVER, "amber_on": NEVER}
    return _last_due(case, stage)


def _last_due(case: Case, stage: str) -> dict[str, date]:
    due = case.clocks.get("due", {})
    found = due.get(stage) or due.get(CASE)
    if found is None:  # a case filed before stages had clocks
        return {"due_on": case.due_on, "amber_on": case.due_on}
    return {"due_on": _day(found[0]), "amber_on": _day(found[1])}


def counting_day(today: date, calendar: Calendar) -> date:
    """The last working day up to today: over days off nobody gets later."""
    day = today
    while not calendar.works(day):
        day -= timedelta(days=1)
    return day


def days_left(today: date, due: date, calendar: Calendar) -> int:
    """Working days from today to a deadline, negative when it is over."""
    return calendar.working_days_between(today, due)


def _stored_days(stored: Mapping[str, Any], which: str, service: ServiceItem) -> int:
    days: int | None = stored.get(which)
    if days is None:  # filed when limits were numbers only
        return days_for(getattr(service, which), service.kinds, {})
    return days


def _pause(stored: Mapping[str, Any]) -> ClockPause:
    reason = Text.from_json(stored["reason"])
    pause = Pausing(stored["kind"], reason, _day(stored["from"]), _maybe_day(stored["to"]))
    return ClockPause(stored["token"], stored.get("stage", ""), pause)


def _granted(stored: Mapping[str, Any]) -> Granted:
    reason = Text.from_json(stored["reason"])
    return Granted(
        stored["stage"], Extension(stored["days"], stored["by"], _day(stored["on"]), reason)
    )


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _day(written: str) -> date:
    return date.fromisoformat(written)


def _maybe_day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
