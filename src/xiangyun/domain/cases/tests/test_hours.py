"""Limits in hours in a running case, and timers that a calendar entered later moves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.calendar import actions as workdays
from xiangyun.domain.calendar import queries as calendars
from xiangyun.domain.cases import actions, deadlines, escalation, extension, inbound
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Timer, WorkItem
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.worktime import office_zone

from . import waiting
from .situations import act, actor
from .test_time import NOTICE, YEAR_2027, clock, now, open_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAYS = "promised: {days: 10, unit: working_day, basis: 测试, verified: false}"
HOURS = "promised: {hours: 6, unit: working_hour, basis: 测试, verified: false}"
MORE = "\n  extension: {hours: 4, unit: working_hour, role: approver, basis: 测试, verified: false}"
REVIEWED = '<zeebe:header key="actions" value="agree" /><zeebe:header key="stage" value="review" />'
PAUSES = '<zeebe:properties><zeebe:property name="clock" value="pauses" /></zeebe:properties>'
OVERDUE = '=duration("PT" + string(parameters.overdue_after) + "S")'
REMIND = '="R2/PT" + string(parameters.remind_after) + "S"'
DURATION = ('<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">', "</bpmn:timeDuration>")
MOMENT = tuple(tag.replace("timeDuration", "timeDate") for tag in DURATION)
RECKONED = '=date and time(working days after(filed_on, 6), time("09:00:00"))'


def publish(**changes: dict[str, str]) -> None:
    """The test service with other words in some of its files."""
    files = dict(read_folder(waiting.PACK))
    for name, words in changes.items():
        path = next(each for each in files if each.partition(".")[0] == name)
        text = files[path]
        for before, after in words.items():
            assert before in text, before
            text = text.replace(before, after)
        files[path] = text
    with acting_as(SYSTEM) as system:
        catalogue.publish(waiting.CODE, files, actor=system, at=waiting.MORNING)


def in_hours() -> None:
    publish(service={DAYS: HOURS + MORE})


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), office_zone())


THURSDAY, FRIDAY = date(2026, 4, 9), date(2026, 4, 10)


def row_at(moment: datetime, login: str = "shencha") -> cases.QueueRow:
    with acting_as(actor(login)) as official:
        (row,) = cases.queue(official, today=moment.date(), now=moment).rows
        return row


def test_a_case_promised_in_working_hours_is_due_at_a_moment_and_its_queue_says_so() -> None:
    in_hours()
    case = waiting.filed(at=at(THURSDAY, "15:00"))
    due = at(FRIDAY, "14:00")
    assert (case.due_on, open_item(case, "review").due_on) == (FRIDAY, FRIDAY)
    assert clock(case, "承诺时限").due == due
    row = row_at(at(FRIDAY, "11:00"))
    assert row.hours == cases.HoursLeft(due, "working_hour", 2)
    assert (row.light, row.due_on) == ("amber", FRIDAY)


def test_work_is_late_from_its_moment_on_in_the_queue_its_counts_and_before_its_overseer() -> None:
    in_hours()
    case = waiting.filed(at=at(THURSDAY, "15:00"))
    late = at(FRIDAY, "14:01")
    assert row_at(late).light == "red"
    deadlines.lapse(case.pk, at=late)
    with acting_as(actor("shencha")) as official:
        found = cases.queue(official, today=FRIDAY, now=late)
    assert (found.counts["red"].number, found.counts["amber"].number) == (1, 0)
    assert (found.rows[0].hours.left, found.rows[0].due_on) == (-1, FRIDAY)
    escalation.escalate(at=late)
    with acting_as(actor("duban")) as overseer:
        (row,) = cases.overdue_work(overseer, today=FRIDAY).rows
    assert (row.due_on, row.hours.at) == (FRIDAY, at(FRIDAY, "14:00"))


def test_a_job_comes_at_the_moment_at_which_work_is_late_and_none_for_what_counts_days() -> None:
    in_hours()
    case = waiting.filed(at=at(THURSDAY, "15:00"))
    assert jobs(case) == [at(FRIDAY, "14:00")]
    actions.ask_extension(
        case.pk,
        open_item(case, "review").token,
        reason="须现场核实",
        actor=actor("shencha"),
        at=at(FRIDAY, "09:00"),
    )
    token = open_item(case, extension.ELEMENT).token
    actions.complete_task(
        case.pk, token, action="grant", note="同意", actor=actor("jueding"), at=at(FRIDAY, "10:00")
    )
    assert jobs(case) == [at(FRIDAY, "14:00"), at(date(2026, 4, 13), "10:00")]
    deadlines.lapse(case.pk, at=at(FRIDAY, "14:00"))
    assert open_item(case, "review").due_on == date(2026, 4, 13)  # the first job came for nothing
    with acting_as(actor("wang")):
        letter = next(each for each in cases.letters_of(now(case)) if each.kind == "extension")
    assert "由2026年4月10日（星期五）14:00改为2026年4月13日（星期一）10:00" in letter.body["zh"]


def jobs(case: Case) -> list[datetime]:
    found = ProcrastinateJob.objects.filter(task_name="cases.lapse", args__case_id=str(case.pk))
    return sorted(job.scheduled_at.astimezone(office_zone()) for job in found)


def with_a_moment(formula: str) -> None:
    """The review is due by its `dueDate`, in a service that counts days."""
    schedule = f'<zeebe:taskSchedule dueDate="{formula}" /><zeebe:ioMapping>'
    candidates = 'candidateGroups="reviewer" />'
    publish(process={f"{candidates}<zeebe:ioMapping>": f"{candidates}{schedule}"})


def test_a_moment_that_the_process_gives_a_task_counts_in_hours_and_working_hours() -> None:
    for formula, due in (
        ("=working hours after(now(), 6)", at(FRIDAY, "14:00")),
        ("=now() + duration(&quot;PT2H&quot;)", at(THURSDAY, "17:00")),
    ):
        with_a_moment(formula)
        case = waiting.filed(at=at(THURSDAY, "15:00"))
        item = open_item(case, "review")
        assert (item.due_on, item.own_due, jobs(case)) == (due.date(), True, [due])
        with acting_as(actor("shencha")) as official:
            before = due - timedelta(hours=1)
            found = cases.queue(official, today=before.date(), now=before)
            row = next(row for row in found.rows if row.number == case.number)
        assert (row.hours, row.light) == (cases.HoursLeft(due, "hour", 1), "amber")


def test_a_task_is_late_from_its_own_moment_on_and_before_its_overseer() -> None:
    with_a_moment("=working hours after(now(), 6)")
    case, late = waiting.filed(at=at(THURSDAY, "15:00")), at(FRIDAY, "14:01")
    for moment in (at(FRIDAY, "13:59"), late, late):  # too early nothing is late; twice it is once
        deadlines.lapse(case.pk, at=moment)
        day = open_item(case, "review").due_on
        assert day == (FRIDAY if moment < late else THURSDAY)
    with acting_as(actor("shencha")) as official:
        found = cases.queue(official, today=FRIDAY, now=late)
    assert (found.counts["red"].number, found.rows[0].light) == (1, "red")
    escalation.escalate(at=late)
    with acting_as(actor("duban")) as overseer:
        (row,) = cases.overdue_work(overseer, today=FRIDAY).rows
    assert (row.due_on, row.hours.at) == (FRIDAY, at(FRIDAY, "14:00"))
    act("shencha", case, "agree", at=late)
    assert jobs(case) == [at(FRIDAY, "14:00")]


def test_a_pause_of_a_case_in_hours_takes_out_its_hours_and_hides_its_deadline() -> None:
    publish(
        service={DAYS: HOURS},
        process={f"{REVIEWED}</zeebe:taskHeaders>": f"{REVIEWED}</zeebe:taskHeaders>{PAUSES}"},
        **{
            "texts/zh-Hans": {
                "task.review.hint:": "task.review.pause: 等一等。\ntask.review.hint:"
            },
            "texts/en": {"task.review.hint:": "task.review.pause: Wait.\ntask.review.hint:"},
        },
    )
    case = waiting.filed(at=at(THURSDAY, "09:00"))
    assert row_at(at(THURSDAY, "16:00")).light == "paused"
    act("shencha", case, "agree", at=at(FRIDAY, "11:00"))
    assert clock(case, "承诺时限").due == at(date(2026, 4, 13), "10:00")
    said = [line.zh for line in clock(case, "承诺时限").explain(at(FRIDAY, "12:00"))]
    assert any("其间 9 个工作小时不计" in line for line in said), said


EVE = waiting.MORNING.replace(month=12, day=28)


def entered(first: date = date(2027, 1, 1)) -> None:
    workdays.enter_year(2027, YEAR_2027, reason=NOTICE, actor=SYSTEM, at=EVE)
    assert deadlines.recount(first, at=EVE) is None


def timers(case: Case) -> dict[str, date]:
    with acting_as(SYSTEM):
        found = Timer.objects.filter(case=case, closed_at=None)
        return {each.element: each.due.astimezone(office_zone()).date() for each in found}


def test_timers_of_working_days_move_when_the_holidays_of_their_year_are_entered() -> None:
    publish(
        process={OVERDUE: "6 working days", REMIND: "R2/4 working days"},
    )
    case = waiting.filed(at=EVE)
    before = timers(case)
    assert before == {"overdue": date(2027, 1, 5), "remind": date(2027, 1, 1)}
    entered()
    moved = timers(case)
    calendar = calendars.calendar()
    assert moved == {
        "overdue": calendar.add_working_days(EVE.date(), 6),
        "remind": calendar.add_working_days(EVE.date(), 4),
    }
    assert moved["remind"] != before["remind"]
    with acting_as(actor("shencha")):
        verbs = [line.verb for line in cases.history(now(case))]
    assert verbs.count("timer.moved") == sum(moved[name] != before[name] for name in moved)
    revision = now(case).revision
    deadlines.recount(date(2027, 1, 1), at=EVE)
    assert now(case).revision == revision


def test_a_repeating_timer_goes_on_from_where_it_was_moved_and_the_old_job_does_nothing() -> None:
    publish(process={REMIND: "R2/4 working days"})
    case = waiting.filed(at=EVE)
    entered()
    moved = waiting.timer(case, "remind")
    inbound.ring(case.pk, moved.token, at=moved.due - timedelta(hours=1))
    assert waiting.timer(case, "remind").closed_at is None
    inbound.ring(case.pk, moved.token, at=moved.due)
    again = waiting.timer(case, "remind")
    day = calendars.calendar().add_working_days(moved.due.astimezone(office_zone()).date(), 4)
    assert again.due.astimezone(office_zone()).date() == day


def test_a_timer_whose_formula_asks_the_calendar_moves_and_one_that_does_not_stays() -> None:
    publish(
        process={
            f"{DURATION[0]}{OVERDUE}{DURATION[1]}": f"{MOMENT[0]}{RECKONED}{MOMENT[1]}",
            REMIND: '="R2/P8D"',
        },
    )
    case = waiting.filed(at=EVE)
    before = timers(case)
    workdays.set_day(date(2026, 12, 30), False, reason="暴雪停工（虚构）", actor=SYSTEM, at=EVE)
    deadlines.recount(date(2026, 12, 30), at=EVE)
    moved = timers(case)
    assert moved["remind"] == before["remind"]
    assert moved["overdue"] == before["overdue"] + timedelta(days=1)
    assert moved["overdue"] != before["overdue"]


def test_a_timer_that_rang_is_no_longer_moved() -> None:
    publish(process={OVERDUE: "6 working days"})
    case = waiting.filed(at=EVE)
    act("shencha", case, "agree", at=EVE)
    assert "timers" not in now(case).clocks or not now(case).clocks["timers"]
    entered()
    with acting_as(SYSTEM):
        assert WorkItem.objects.filter(case=case, element="review", closed_at=None).count() == 0
        assert "overdue" not in timers(case)
