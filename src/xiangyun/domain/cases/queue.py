"""Jobs of cases, put into the queue in the transaction that wants them. What they do: `jobs`.

Jobs are named here and defined there, so that the verbs need not know the jobs that call them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from procrastinate.contrib.django import app

from xiangyun import manifest

QUEUE = "cases"
ANSWER_SERVICE_CALL = "cases.answer_service_call"
RING = "cases.ring"
DELIVER = "cases.deliver"
RECOUNT = "cases.recount"
ESCALATE = "cases.escalate"
LAPSE = "cases.lapse"
Job = dict[str, Any]
"""task, args and at (None: as soon as may be), as `store.Writes.jobs` has it."""


def ring(case_id: UUID, token: str, due: datetime) -> Job:
    """A job that tells the case when the moment has come."""
    return _job(RING, {"case_id": str(case_id), "token": token, "due": due.isoformat()}, due)


def lapse(case_id: UUID, end: datetime) -> Job:
    """A job that makes what a case had to do by a moment late when it has come."""
    return _job(LAPSE, {"case_id": str(case_id), "end": end.isoformat()}, end)


def deliver(
    kind: str, name: str, key: str | None, payload: Mapping[str, Any], message: str = ""
) -> Job:
    """A job that brings a message (to the oldest case that waits) or a signal (to all of them).

    Its number, `message`, is drawn unless given: it is taken once, however often the job runs.
    """
    what = {"kind": kind, "name": name, "key": key, "payload": payload}
    return _job(DELIVER, {**what, "message": message or str(uuid4())})


def call(call_id: int) -> Job:
    """A job that hands the call to its department."""
    return _job(ANSWER_SERVICE_CALL, {"call_id": call_id})


def following(case_id: UUID, writes: object) -> list[Job]:
    """The jobs that other apps have follow what a step writes (`follows` of their manifests)."""
    return [
        _job(job, {"case_id": str(case_id)})
        for written, job in _following()
        if getattr(writes, written)
    ]


@cache
def _following() -> tuple[tuple[str, str], ...]:
    return tuple(manifest.following())


def recount(since: date, after: UUID | None = None) -> None:
    """Have jobs count anew the deadlines of open cases that reach this day."""
    going_on = str(after) if after else None
    app.configure_task(RECOUNT, queue=QUEUE).defer(since=since.isoformat(), after=going_on)


def escalate(due_on: date, item: int) -> None:
    """Have a job go on with overdue work after the one with this day and number."""
    app.configure_task(ESCALATE, queue=QUEUE).defer(due_on=due_on.isoformat(), item=item)


def _job(task: str, args: Mapping[str, Any], at: datetime | None = None) -> Job:
    return {"task": task, "args": dict(args), "at": at}
