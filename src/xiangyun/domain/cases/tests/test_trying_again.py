"""What fails is tried again after growing waits, by the real worker; then a supervisor sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from procrastinate.contrib.django import app
from pytest_django import Settings

from xiangyun.adapters.jobs import worker_connector
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, inbound, queue
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.jobs import MAX_ATTEMPTS, take_up
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.ports import DepartmentUnavailable
from xiangyun.domain.journal import queries as journal
from xiangyun.faces.cli.working import work_off_jobs

from . import waiting
from .situations import MORNING, actor

pytestmark = pytest.mark.usefixtures("committing")


class Shut:
    """Departments that never answer, and remember what they were asked."""

    asked: list[str] = []  # noqa: RUF012  the platform makes a new object for each question

    def notify(self, department: str, work: Mapping[str, Any], *, key: str, at: object) -> None:
        self.asked.append(key)
        raise DepartmentUnavailable("连接被拒绝 / connection refused")


def wait_of(task: str) -> tuple[int, int] | None:
    """How often the one job of this kind was tried, and the seconds from the last try to the next.

    From the try, not from now: however long this test takes in between. Then it is due at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attempts, extract(epoch FROM scheduled_at - max(at)) FROM procrastinate_jobs j"
            " JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred_for_retry'"
            " WHERE task_name = %s AND status = 'todo' GROUP BY j.id",
            [task],
        )
        found = cursor.fetchall()
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = %s", [task]
        )
    return (found[0][0], round(float(found[0][1]))) if found else None


def verbs(case: Case) -> list[str]:
    with acting_as(SYSTEM):
        return [entry.verb for entry in journal.history(case.number)]


def test_a_department_that_does_not_answer_is_asked_again_then_parked_and_resumed(
    settings: Settings,
) -> None:
    settings.XIANGYUN_DEPARTMENTS = f"{Shut.__module__}.Shut"
    Shut.asked.clear()
    case = waiting.at_the_gate()
    waits = {}
    work_off_jobs()
    # After the last try it does not go on by itself. A slow run may work two tries at once.
    while told := wait_of(queue.ANSWER_SERVICE_CALL):
        waits[told[0]] = told[1]
        work_off_jobs()
    assert len(waits) > 5
    assert waits == pytest.approx({tried: 2**tried for tried in waits}, abs=2)
    assert len(Shut.asked) == MAX_ATTEMPTS
    assert len(set(Shut.asked)) == 1, "the department is asked with the same key each time"

    supervisor = actor("duban")
    with acting_as(supervisor):
        [row] = cases.queue(supervisor, today=MORNING.date()).rows
        assert row.case_id == case.pk
        [task] = cases.open_tasks(supervisor, case)
        assert "连接被拒绝" in task.hint.zh
        assert [button.words.en for button in task.buttons] == ["Try again"]
    actions.complete_task(case.pk, task.id, action="retry", actor=supervisor, at=MORNING)

    settings.XIANGYUN_DEPARTMENTS = "xiangyun.adapters.departments.SimulatedDepartments"
    work_off_jobs()
    assert waiting.call(case).answered_at is not None
    assert "tax" not in waiting.open_items(case)
    expected = {"service.parked": 1, "case.resumed": 1, "service.answered": 1}
    assert {verb: verbs(case).count(verb) for verb in expected} == expected


def test_resumed_while_the_cause_is_still_there_it_is_tried_as_often_and_parked_again(
    settings: Settings,
) -> None:
    settings.XIANGYUN_DEPARTMENTS = f"{Shut.__module__}.Shut"
    case = waiting.at_the_gate(word="再等")
    for round_ in (1, 2):
        for _ in range(MAX_ATTEMPTS):
            work_off_jobs()
            wait_of(queue.ANSWER_SERVICE_CALL)
        supervisor = actor("duban")
        with acting_as(supervisor):
            [task] = cases.open_tasks(supervisor, case)
        assert verbs(case).count("service.parked") == round_
        actions.complete_task(case.pk, task.id, action="retry", actor=supervisor, at=MORNING)


def test_a_database_that_was_away_makes_no_wait_longer_and_parks_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*given: object, **more: object) -> None:
        raise OperationalError("the database system is in recovery mode")

    monkeypatch.setattr(inbound, "complete_service_call", away)
    case = waiting.at_the_gate(word="恢复")
    waits = []
    for _ in range(MAX_ATTEMPTS + 2):
        work_off_jobs()
        told = wait_of(queue.ANSWER_SERVICE_CALL)
        waits.append(told[1] if told else None)
    assert waits == pytest.approx([2] * (MAX_ATTEMPTS + 2), abs=1)
    assert "service.parked" not in verbs(case)
    monkeypatch.undo()
    work_off_jobs()
    assert waiting.call(case).answered_at is not None


def test_a_worker_killed_in_the_middle_leaves_the_call_to_the_next_one() -> None:
    case = waiting.at_the_gate(word="又等")
    with connection.cursor() as cursor:  # a worker has begun it, and gives a sign of life
        # A job that comes every minute takes up what nobody is at: in this test, too.
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 hour')"
            " RETURNING id"
        )
        [[worker]] = cursor.fetchall()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s"
            " WHERE task_name = %s AND status = 'todo'",
            [worker, queue.ANSWER_SERVICE_CALL],
        )
    work_off_jobs()
    assert waiting.call(case).answered_at is None, "what is being done is not begun again"

    with connection.cursor() as cursor:  # it is killed
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %s", [worker]
        )

    async def begin_as_a_worker_does() -> None:
        jobs = app.with_connector(worker_connector())
        async with jobs.open_async():
            await take_up(jobs.job_manager, silent_for=0)

    asyncio.run(begin_as_a_worker_does())
    work_off_jobs()
    assert waiting.call(case).answered_at is not None
    assert verbs(case).count("service.answered") == 1


def test_the_worker_rings_every_timer_that_is_due_and_none_that_is_not() -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    due, early = waiting.filed(word="到点"), waiting.filed(word="未到", at=tomorrow)
    work_off_jobs()
    assert [waiting.timer(due, element).closed_at is None for element in ("remind", "overdue")] == [
        False,
        False,
    ]
    with acting_as(SYSTEM):
        entries = journal.history(due.number)
    rang = [each.data["element"] for each in entries if each.verb == "timer.rang"]
    # What comes after the end of waiting is due, and rings, too, if the minute turns meanwhile.
    assert sorted(rang[:2]) == ["overdue", "remind"]
    assert len(set(rang)) == len(rang), "none rings twice"
    assert verbs(early) == ["case.submitted"]
