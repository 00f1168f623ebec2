"""The clocks of a case as its row keeps them, and what deadlines follow for its tasks.

How they start, pause and stop stands in `kernel.service.casetime`. Here that value is read from the
row and written back; `case.clocks` keeps what has no column: the days of each limit, the stages,
the extensions, and the last deadlines, which stay while everything stands still.

Queues are ranges of days. A deadline in hours has its day in `due_on` like any other, and its
moment beside it in `clocks`. When that moment has come a step sets the task's `due_on` to the
working day before (`deadlines.lapse`): from then on it is late wherever days are compared. What is
shown is the moment. So it is with a moment that the process gives a task by its `dueDate`, which
stands among the headers of the task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.casetime import CaseTime, ClockPause, Granted, StageTime
from xiangyun.kernel.service.limits import number_for
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.worktime import Calendar, Extension, Unit, day_of, moment_of, office_time
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
        started=_maybe_day(stored.get("from")) or case.clock_from,
        promised=_stored_days(stored, "promised", service),
        statutory=_stored_days(stored, "statutory", service),
        stopped=_maybe_day(stored.get("stopped")) or case.clock_stopped,
        pauses=tuple(_pause(each) for each in case.pauses),
        stages=tuple(
            StageTime(each["stage"], _day(each["from"]), each["days"], _maybe_day(each["to"]))
            for each in stored.get("stages", ())
        ),
        extensions=tuple(_granted(each) for each in stored.get("extensions", ())),
        local=stored.get("local"),
    )


def put(case: Case, time: CaseTime) -> None:
    """Write the time of a case into its row; the deadlines are `set_due`'s."""
    case.clock_from = day_of(time.started)
    case.clock_stopped = None if time.stopped is None else day_of(time.stopped)
    moments = {"from": time.started, "stopped": time.stopped}
    case.pauses = [
        {
            "token": each.token,
            "stage": each.stage,
            "kind": each.pause.kind,
            "reason": each.pause.reason.to_json(),
            "from": each.pause.from_.isoformat(),
            "to": each.pause.to.isoformat() if each.pause.to else None,
        }
        for each in time.pauses
    ]
    case.clocks = {
        **case.clocks,
        **{key: at.isoformat() for key, at in moments.items() if isinstance(at, datetime)},
        "promised": time.promised,
        "statutory": time.statutory,
        **({} if time.local is None else {"local": time.local}),
        "stages": [
            {
                "stage": each.stage,
                "from": each.started.isoformat(),
                "days": each.number,
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
                "reason": each.extension.reason.to_json(),
            }
            for each in time.extensions
        ],
    }


def set_due(case: Case, service: ServiceItem, calendar: Calendar) -> None:
    """Work out the deadlines anew. While clocks stand still their last deadlines remain."""
    time = time_of(case, service)
    if due_on := time.promised_clock(service, calendar).due:
        case.due_on = day_of(due_on)
    if statutory_on := time.statutory_clock(service, calendar).due:
        case.statutory_on = day_of(statutory_on)
    due = dict(case.clocks.get("due", {}))
    for stage in (CASE, *(each.stage for each in time.stages)):
        if found := time.deadline(service, calendar, stage):
            due[stage] = [found.due.isoformat(), found.amber.isoformat()]
            if found.at is not None:
                over = calendar.add_working_days(counting_day(found.due, calendar), -1)
                due[stage] += [found.at.isoformat(), found.unit, over.isoformat()]
    case.clocks = {**case.clocks, "due": due}


@dataclass(frozen=True, slots=True)
class HourDeadline:
    """The last moment of a deadline in hours, and what is counted until then."""

    at: datetime
    unit: Unit

    def left(self, now: datetime, calendar: Calendar) -> int:
        """The whole hours left; negative is the number of hours late. Raises NotCovered."""
        apart = (
            self.at - now if self.unit == "hour" else calendar.working_hours_between(now, self.at)
        )
        return apart // timedelta(hours=1)


def in_hours(due: Mapping[str, Any], stage: str) -> HourDeadline | None:
    """The deadline of a stage among those of a case (`clocks.due`), where it is one of hours."""
    found = due.get(stage) or due.get(CASE)
    if found is None or len(found) <= _AT:
        return None
    return HourDeadline(office_time(datetime.fromisoformat(found[_AT])), found[_AT + 1])


def own_end(headers: Mapping[str, str]) -> HourDeadline | None:
    """The moment by which a task is to be done where the process gives it one, by its headers."""
    found = headers.get(OWN_END)
    return HourDeadline(office_time(datetime.fromisoformat(found)), "hour") if found else None


def day_over(end: datetime, calendar: Calendar) -> date:
    """The day as whose deadline a moment stands once it is over: from then on it is late."""
    return calendar.add_working_days(counting_day(day_of(end), calendar), -1)


def lapses(case: Case, at: datetime, headers: Iterable[Mapping[str, str]] = ()) -> list[datetime]:
    """The moments still to come at which something of the case, or of its tasks, is late."""
    ends = {datetime.fromisoformat(each[_AT]) for each in _dues(case) if len(each) > _AT}
    ends |= {end.at for each in headers if (end := own_end(each))}
    return sorted(end for end in ends if end > at)


def _dues(case: Case) -> Iterable[list[str]]:
    found: Mapping[str, list[str]] = case.clocks.get("due", {})
    return found.values()


OWN_END = "due_at"
"""The header under which a task keeps the moment of its own deadline."""
_AT = 2
"""Where a deadline in hours keeps its moment, after its day and the day of its amber light."""


def deadline(
    case: Case, time: CaseTime, stage: str, on: date, own: datetime | date | None = None
) -> dict[str, Any]:
    """The deadline of a new task: its own where the process gives it one, else its stage's."""
    if own is None:
        return {**_due(case, time, stage, on), "own_due": False}
    day = timezone.localdate(own) if isinstance(own, datetime) else own
    return {"due_on": day, "amber_on": day, "own_due": True}


def moved(case: Case, time: CaseTime, stages: Iterable[str], on: date) -> list[dict[str, Any]]:
    """What the open tasks of these stages, without a deadline of their own, have now.

    `on`: today, or this moment where the service counts hours.
    """
    return [
        {"stage": stage, "today": day_of(on), **_due(case, time, stage, on)}
        for stage in sorted(set(stages))
    ]


def _due(case: Case, time: CaseTime, stage: str, on: date) -> dict[str, date]:
    """The last deadline of a stage, or none at all while its clock stands still."""
    if time.pauses and time.stands_still(stage, on):
        return {"due_on": NEVER, "amber_on": NEVER}
    return _last_due(case, stage, on)


def _last_due(case: Case, stage: str, on: date) -> dict[str, date]:
    due = case.clocks.get("due", {})
    found = due.get(stage) or due.get(CASE)
    if found is None:  # a case filed before stages had clocks
        return {"due_on": case.due_on, "amber_on": case.due_on}
    if len(found) > _AT and datetime.fromisoformat(found[_AT]) <= moment_of(on):
        over = _day(found[_AT + 2])
        return {"due_on": over, "amber_on": over}
    return {"due_on": _day(found[0]), "amber_on": _day(found[1])}


def timers_of(case: Case) -> Mapping[str, dict[str, str]]:
    """What the timers of a case were counted by that a holiday would move, by their tokens.

    `since`: from when; and either the time as `text`, or a `print` of what its formula read.
    """
    found: Mapping[str, dict[str, str]] = case.clocks.get("timers", {})
    return found


def keep_timer(case: Case, token: str, basis: dict[str, str] | None) -> None:
    """Keep what a timer was counted by; with None forget it."""
    others = {each: kept for each, kept in timers_of(case).items() if each != token}
    case.clocks = {**case.clocks, "timers": {**others, token: basis} if basis else others}


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
        return number_for(getattr(service, which), service.kinds, {})
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


def _day(written: str) -> date:
    """A day as it was written, or a moment."""
    if len(written) > len("2026-11-28"):
        return datetime.fromisoformat(written)
    return date.fromisoformat(written)


def _maybe_day(written: str | None) -> date | None:
    return _day(written) if written else None
