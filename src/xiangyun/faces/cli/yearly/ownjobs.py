"""The platform's own work in simulated time: its queue, and what its timetable asks for.

The real worker asks the database what time it is, and to the database every simulated day is long
over: all timers of the year would ring at once. So the queue is worked here, by the clock.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from inspect import iscoroutinefunction
from typing import Any

from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from .clock import Clock

NOT_HERE = {
    "cases.audit",  # the whole, once, in the end
    "datasets.harvest",  # asks catalogues of others
    "exchange.sweep",  # nobody is at the other end
    "journal.witness",
    "files.sweep",
}
"""Rounds that a simulated day leaves out."""
MONTHLY = {"datasets.compute", "datasets.publish", "datasets.recompute"}
"""Rounds of every night whose figures are of months: once a month is enough to have them all."""
_DUE = """SELECT id, task_name, args, coalesce(scheduled_at, %s) FROM procrastinate_jobs
WHERE status = 'todo' AND coalesce(scheduled_at, %s) <= %s ORDER BY 4, id LIMIT 50"""
_NEXT = """SELECT min(scheduled_at) FROM procrastinate_jobs
WHERE status = 'todo' AND scheduled_at > %s"""
_FINISH = "SELECT procrastinate_finish_job_v1(%s, %s, true)"


class OwnJobs:
    """Works the queue by a clock; `failed` counts what went wrong, by task."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.done = 0
        self.failed: Counter[str] = Counter()

    def work(self) -> None:
        """Work all that is due now, and what follows from it."""
        while due := self._due():
            for number, name, args, _ in due:
                self._run(number, name, args)

    def reach(self, moment: datetime) -> None:
        """Let time pass up to a moment; what was to happen on the way happens at its own."""
        self.work()
        while (next_ := self._next(self.clock.now)) is not None and next_ <= moment:
            self.clock.reach(next_)
            self.work()
        self.clock.reach(moment)

    def rounds_of_the_day(self, *, monthly: bool) -> None:
        """Each round that the timetable asks for since a day ago, once, in its order."""
        now = self.clock.now
        rounds = []
        for each in app.periodic_registry.periodic_tasks.values():
            task = each.task
            if task.name in NOT_HERE or iscoroutinefunction(task.func):
                continue
            if task.name in MONTHLY and not monthly:
                continue
            when = each.croniter.get_prev(datetime, start_time=now)
            if when > now - timedelta(days=1):
                rounds.append((when, task.name, task))
        for when, _, task in sorted(rounds, key=lambda one: one[:2]):
            self._call(task, {"timestamp": int(when.timestamp())})
            self.work()

    def _due(self) -> list[tuple[int, str, Any, datetime]]:
        now = self.clock.now
        with connection.cursor() as cursor:
            cursor.execute(_DUE, [now, now, now])
            found: list[tuple[int, str, Any, datetime]] = cursor.fetchall()
        return found

    def _next(self, now: datetime) -> datetime | None:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [now])
            found: datetime | None = cursor.fetchone()[0]
        return found

    def _run(self, number: int, name: str, args: Any) -> None:
        task = app.tasks[name]
        given = json.loads(args) if isinstance(args, str) else args
        good = self._call(task, given)
        with connection.cursor() as cursor:
            cursor.execute(_FINISH, [number, "succeeded" if good else "failed"])

    def _call(self, task: Task[Any, Any, Any], given: dict[str, Any]) -> bool:
        words = (_context(task),) if task.pass_context else ()
        try:
            task.func(*words, **given)
        except Exception as problem:  # what fails is told in the end, and the year goes on
            self.failed[f"{task.name}: {str(problem)[:120] or type(problem).__name__}"] += 1
            return False
        self.done += 1
        return True


def _context(task: Task[Any, Any, Any]) -> JobContext:
    job = Job(
        id=None,
        queue=task.queue,
        lock=None,
        queueing_lock=None,
        task_name=task.name,
        priority=0,
        attempts=9,  # the last try: what fails is parked where people see it
    )
    return JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None)
