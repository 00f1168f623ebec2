"""The clocks of a case: where its elements start, pause and stop them, and what deadline follows.

A process file says it by the property `clock` of an element: `starts` (the statutory and promised
time run from its completion), `pauses` (they stand still while it is open), `stops` (they end at
its completion; what follows is not on the clock).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.item import TimeLimit
from xiangyun.kernel.worktime import Calendar, Clock
from xiangyun.kernel.worktime import Pause as Standstill

from . import ports
from .models import Case

PROMISED = Text("承诺时限", "Promised time")
STATUTORY = Text("法定时限", "Statutory time")


def promised(case: Case, pack: Pack) -> Clock:
    """The clock of the promised time."""
    return _clock(case, pack.item.promised, PROMISED)


def statutory(case: Case, pack: Pack) -> Clock:
    """The clock of the statutory time."""
    return _clock(case, pack.item.statutory, STATUTORY)


def _clock(case: Case, limit: TimeLimit, name: Text) -> Clock:
    return Clock(
        started=case.clock_from,
        limit_days=limit.days,
        unit="natural" if limit.unit == "natural_day" else "working",
        calendar=ports.counting_calendar(),
        pauses=tuple(
            Standstill(
                pause["kind"], Text(**pause["reason"]), _day(pause["from"]), _day(pause["to"])
            )
            for pause in case.pauses
        ),
        stopped=case.clock_stopped,
        name=name,
        amber=limit.days // 5,
    )


def _day(written: str | None) -> Any:
    return date.fromisoformat(written) if written else None


def set_due(case: Case, pack: Pack) -> dict[str, date]:
    """Work out the deadlines anew; what open tasks without one of their own now have.

    While the clock stands still the last deadlines remain.
    """
    case.due_on = promised(case, pack).due or case.due_on
    case.statutory_on = statutory(case, pack).due or case.statutory_on
    return {"due_on": case.due_on, "amber_on": _amber_on(case, pack)}


def deadline(case: Case, pack: Pack, own: datetime | date | None) -> dict[str, Any]:
    """The deadline of a new task: its own, where the process gives it one, else the case's."""
    if own is None:
        return {"due_on": case.due_on, "amber_on": _amber_on(case, pack), "own_due": False}
    day = timezone.localdate(own) if isinstance(own, datetime) else own
    return {"due_on": day, "amber_on": day, "own_due": True}


def _amber_on(case: Case, pack: Pack) -> date:
    """A fifth of the limit before its end; below five days only the last day itself."""
    return ports.counting_calendar().add_working_days(case.due_on, -(pack.item.promised.days // 5))


def passed(case: Case, element: str, pack: Pack, on: date) -> dict[str, date] | None:
    """An element was completed: it may start or stop the clock. What `set_due` gave, if it did."""
    effect = _effect(pack, element)
    if effect == "starts":
        case.clock_from = on
        return set_due(case, pack)
    if effect == "stops":
        case.clock_stopped = on
    return None


def pause(case: Case, task: str, kind: str, reason: Text, on: date) -> None:
    """A task opened during which the clock stands still; `kind` as in `worktime.PAUSES`."""
    words = {"zh": reason.zh, "en": reason.en}
    begun = {"token": task, "kind": kind, "reason": words, "from": on.isoformat(), "to": None}
    case.pauses = [*case.pauses, begun]


def resume(case: Case, task: str, pack: Pack, on: date) -> dict[str, date] | None:
    """A task closed; if the clock stood still for it, it goes on and the deadlines move."""
    if not any(pause["token"] == task and pause["to"] is None for pause in case.pauses):
        return None
    case.pauses = [
        {**pause, "to": on.isoformat()} if pause["token"] == task and not pause["to"] else pause
        for pause in case.pauses
    ]
    return set_due(case, pack)


def days_left(today: date, due: date, calendar: Calendar) -> int:
    """Working days from today to a deadline, negative when it is over."""
    return calendar.working_days_between(today, due)


def _effect(pack: Pack, element: str) -> str:
    found = pack.process.elements.get(element)
    return found.properties.get("clock", "") if found is not None else ""
