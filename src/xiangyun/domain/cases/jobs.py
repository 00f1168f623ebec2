"""Jobs of cases. Each was queued in the transaction that wanted it and may safely run twice."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.retrying import AFTER_OUTAGES, AWAY, BackOff
from xiangyun.kernel.findings import Text

from . import deadlines, escalation, inbound, queue
from .handlers.carrying import CARRIERS, Call
from .ports import departments

_log = logging.getLogger(__name__)
MAX_ATTEMPTS = 10
_RETRY = BackOff()


def _gives_up(context: JobContext) -> bool:
    """Whether what just failed has been tried often enough."""
    return context.job.attempts + 1 >= MAX_ATTEMPTS


@app.task(name=queue.ANSWER_SERVICE_CALL, queue="cases", retry=_RETRY, pass_context=True)
def answer_service_call(context: JobContext, call_id: int) -> None:
    """Hand work to a department and bring its answer to the case.

    The department is asked outside of any transaction, since it may take long; the key makes
    asking twice harmless. After the last try the call is parked where a supervisor sees it. What
    another app carries is its own; see `handlers.carrying`.
    """
    call = inbound.open_service_call(call_id)
    if call is None:
        return
    if (carrier := CARRIERS.get(call.type)) is not None:
        carrier(Call(call.case_id, call.token))
        return
    try:
        answer = departments().notify(
            call.headers["department"],
            call.inputs,
            key=f"{call.case_id}:{call.token}",
            at=timezone.now(),
        )
        inbound.complete_service_call(call_id, answer, at=timezone.now())
    except AWAY:
        raise
    except Exception as problem:
        if not _gives_up(context):
            raise
        inbound.park_service_call(call_id, problem=_said(problem), at=timezone.now())


@app.task(name=queue.RING, queue="cases", retry=_RETRY, pass_context=True)
def ring(context: JobContext, case_id: str, token: str, due: str) -> None:
    """Tell a case that a moment it waited for has come.

    It has come when the queue says so: a clock of this machine that is behind loses no timer.
    """
    case, moment = UUID(case_id), datetime.fromisoformat(due)
    try:
        inbound.ring(case, token, at=max(timezone.now(), moment))
    except AWAY:
        raise
    except Exception as problem:
        if not _gives_up(context):
            raise
        job = queue.ring(case, token, moment)
        inbound.park_timer(case, token, job, problem=_said(problem), at=timezone.now())


@app.task(name=queue.DELIVER, queue="cases", retry=_RETRY, pass_context=True)
def deliver(
    context: JobContext,
    kind: str,
    name: str,
    key: str | None,
    payload: dict[str, Any],
    message: str,
) -> None:
    """Bring a message or signal to the cases that wait for it; once, however often this runs."""
    try:
        inbound.deliver(kind, name, key, payload, at=timezone.now(), message=message)
    except inbound.NotTaken as problem:
        if not _gives_up(context):
            raise
        job = queue.deliver(kind, name, key, payload, message)
        for case_id in problem.cases:
            inbound.park_message(case_id, job, problem=_said(problem), at=timezone.now())


@app.task(name=queue.RECOUNT, queue="cases", retry=_RETRY)
def recount(since: str, after: str | None) -> None:
    """Count anew the deadlines of some cases; another job goes on with the others."""
    day, last = date.fromisoformat(since), UUID(after) if after else None
    going_on = deadlines.recount(day, after=last, at=timezone.now())
    if going_on is not None:
        queue.recount(day, going_on)


@app.task(name=queue.LAPSE, queue="cases", retry=_RETRY)
def lapse(case_id: str, end: str) -> None:
    """What was to be done by a moment in office hours is late from now on."""
    deadlines.lapse(UUID(case_id), at=max(timezone.now(), datetime.fromisoformat(end)))


@app.periodic(cron="7 * * * *")
@app.task(queue="cases", queueing_lock="cases.escalate_overdue", retry=_RETRY)
def escalate_overdue(timestamp: int) -> None:
    """Every hour, put work that has become overdue before its overseers.

    A day is over at midnight; the other rounds find what a crash or a moved deadline has left.
    """
    _escalate(None)


@app.task(name=queue.ESCALATE, queue="cases", retry=_RETRY)
def escalate(due_on: str, item: int) -> None:
    """Go on with overdue work where another job stopped."""
    _escalate(escalation.Key(date.fromisoformat(due_on), item))


def _escalate(after: escalation.Key | None) -> None:
    going_on = escalation.escalate(after=after, at=timezone.now())
    if going_on is not None:
        queue.escalate(*going_on)


def _said(problem: Exception) -> str:
    """What went wrong, for the supervisor; its kind where it says nothing."""
    return str(problem) or type(problem).__name__


@app.periodic(cron="* * * * *")
@app.task(
    queue="cases", queueing_lock="cases.take_up_stalled", retry=AFTER_OUTAGES, pass_context=True
)
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


# At night, when nobody waits for the machine; `xiangyun audit` does the same at any time.
@app.periodic(cron="17 2 * * *")
@app.task(name="cases.audit", queue="cases", queueing_lock="cases.audit", retry=_RETRY)
def audit(timestamp: int) -> None:
    """Audit the whole; what is found stands in the log and in `xiangyun audit --last`."""
    with acting_as(SYSTEM):
        found = journal.audit_whole(signer().trusted, timezone.now)
    for each in found.findings[:10]:
        _log.error(
            Text(
                "日志审计 {id}：{found}",
                "Audit of the journal, {id}: {found}",
                id=each["id"],
                found=Text.from_json(each),
            )
        )
