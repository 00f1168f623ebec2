"""Deadlines and timers counted anew: holidays were entered, and running cases reach them."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.bpmn.state import timer_moved
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.worktime import office_time

from . import actions, clock, queue
from .handlers import CaseStep, timers
from .handlers.processes import put_into_row, under_way
from .models import Case, Timer

AT_A_TIME = 100


def recount(since: date, *, after: UUID | None = None, at: datetime) -> UUID | None:
    """Count anew some of the open cases whose deadlines lie on this day or later.

    Each is a step of its own, with an entry in its journal where a deadline moves; done twice, the
    second time changes nothing. Returns the case after which to go on, None when all are done.
    Timers that count working days are set anew likewise. Deadlines of single tasks that a process
    worked out by itself stay as they are.
    """
    found = _reaching(since, after)
    for case_id in found:
        actions.stepping(case_id, _counted_anew, actor=SYSTEM, at=at)
    return found[-1] if len(found) == AT_A_TIME else None


def lapse(case_id: UUID, *, at: datetime) -> None:
    """Make late what a case had to do by a moment that has come; done twice, nothing changes."""
    actions.stepping(case_id, _lapsed, actor=SYSTEM, at=at)


def _lapsed(step: CaseStep) -> None:
    if step.case.ended_at is not None:
        return
    late = [
        (work_item.token, clock.day_over(end.at, step.calendar))
        for work_item in step.work_items.values()
        if (end := clock.own_end(work_item.headers)) is not None and end.at <= step.at
    ]
    with acting_as(SYSTEM), connection.cursor() as cursor:
        for token, over in late:
            cursor.execute("SELECT xiangyun_task_is_late(%s, %s, %s)", [step.case.pk, token, over])
    if step.pack.service.counts_hours or late:
        step.moved = True
        step.keep()


def _reaching(since: date, after: UUID | None) -> list[UUID]:
    with acting_as(SYSTEM):
        reaching = Q(due_on__gte=since) | Q(statutory_on__gte=since)
        day = office_time(datetime.combine(since, time.min))
        waiting = Timer.objects.filter(case=OuterRef("pk"), closed_at=None, due__gte=day)
        reaching |= Q(Exists(waiting), clocks__has_key="timers")
        cases = Case.objects.filter(reaching, ended_at=None)
        if after is not None:
            cases = cases.filter(pk__gt=after)
        return list(cases.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME])


def _counted_anew(step: CaseStep) -> None:
    case = step.case
    moved = _timers_set_anew(step)
    before = case.due_on, case.statutory_on, case.clocks.get("due")
    clock.set_due(case, step.pack.service, step.calendar)
    if before != (case.due_on, case.statutory_on, case.clocks.get("due")):
        moved = step.moved = True
        step.record_platform(
            "deadline.moved", {"from": before[0].isoformat(), "to": case.due_on.isoformat()}
        )
    if moved:
        step.keep()


def _timers_set_anew(step: CaseStep) -> bool:
    """Set anew each timer that the calendar has moved, with an entry; whether there was one.

    The job that would have rung at the moment before finds that it is too early, or too late.
    """
    kept = clock.timers_of(step.case)
    if not kept:
        return False
    with acting_as(SYSTEM):
        waiting = list(Timer.objects.filter(case=step.case, closed_at=None, token__in=kept))
    parts, moved = under_way(step), False
    for timer in waiting:
        number, ident = divided(timer.token)
        part = parts.by_number.get(number)
        if part is None or part.state is None:
            continue
        step.seen = parts.seen(part)
        due = timers.due_now(step, timer, kept[timer.token])
        if due is None or due == timer.due:
            continue
        moved = True
        part.state = timer_moved(part.state, ident, due)
        row = {"token": timer.token, "element": timer.element, "due": due}
        step.writes.timers[timer.token] = row
        step.writes.jobs.append(queue.ring(step.case.pk, timer.token, due))
        step.record_platform(
            "timer.moved",
            {
                "element": timer.element,
                "from": office_time(timer.due).isoformat(timespec="minutes"),
                "to": office_time(due).isoformat(timespec="minutes"),
            },
        )
    step.seen = None
    if moved:
        put_into_row(step, parts)
    return moved
