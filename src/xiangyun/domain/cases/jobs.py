"""Jobs of cases. Each was queued in the transaction that wanted it and may safely run twice."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from . import actions, deadlines, queue
from .ports import departments

MAX_ATTEMPTS = 10
# Back-off of 2, 4, 8 … seconds, whatever went wrong: a department away, a database started anew.
_RETRY = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=2)


@app.task(name=queue.ANSWER_SERVICE_CALL, queue="cases", retry=_RETRY, pass_context=True)
def answer_service_call(context: JobContext, call_id: int) -> None:
    """Hand work to a department and bring its answer to the case.

    The department is asked outside of any transaction, since it may take long; the key makes
    asking twice harmless. After the last try the call is parked where a supervisor sees it.
    """
    call = actions.open_service_call(call_id)
    if call is None:
        return
    try:
        answer = departments().notify(
            call.headers["department"],
            call.inputs,
            key=f"{call.case_id}:{call.token}",
            at=timezone.now(),
        )
        actions.complete_service_call(call_id, answer, at=timezone.now())
    except Exception as problem:
        if context.job.attempts + 1 >= MAX_ATTEMPTS:
            actions.park_service_call(call_id, problem=str(problem), at=timezone.now())
        raise


@app.task(name=queue.RING, queue="cases", retry=_RETRY)
def ring(case_id: str, token: str) -> None:
    """Tell a case that a moment it waited for has come."""
    actions.ring(UUID(case_id), token, at=timezone.now())


@app.task(name=queue.DELIVER, queue="cases", retry=_RETRY)
def deliver(kind: str, name: str, key: str | None, payload: dict[str, Any]) -> None:
    """Bring a message or signal to the cases that wait for it."""
    actions.deliver(kind, name, key, payload, at=timezone.now())


@app.task(name=queue.RECOUNT, queue="cases", retry=_RETRY)
def recount(since: str, after: str | None) -> None:
    """Count anew the deadlines of some cases; another job goes on with the others."""
    day, last = date.fromisoformat(since), UUID(after) if after else None
    going_on = deadlines.recount(day, after=last, at=timezone.now())
    if going_on is not None:
        queue.recount(day, going_on)


@app.periodic(cron="* * * * *")
@app.task(queue="cases", queueing_lock="cases.take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Every minute, queue again what a killed worker left half done."""
    await take_up(context.app.job_manager, silent_for=60)


async def take_up(manager: JobManager, silent_for: int) -> None:
    """Queue again the jobs of workers that have given no sign of life for so many seconds."""
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silent_for):
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # a job that comes every minute: its next turn waits already
            await manager.finish_job(job, status=Status.ABORTED, delete_job=True)
