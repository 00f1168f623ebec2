"""Put jobs into the queue, in the transaction that wants them. What they do stands in `jobs`.

Jobs are named here and defined there, so that the verbs need not know the jobs that call them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app

ANSWER_SERVICE_CALL = "cases.answer_service_call"
RING = "cases.ring"
DELIVER = "cases.deliver"


def answer_service_call(call_id: int) -> None:
    """Have a job hand the call to its department."""
    app.configure_task(ANSWER_SERVICE_CALL, queue="cases").defer(call_id=call_id)


def deliver(kind: str, name: str, key: str | None, payload: Any) -> None:
    """Have a job bring a message (to the oldest case that waits) or a signal (to all of them)."""
    task = app.configure_task(DELIVER, queue="cases")
    task.defer(kind=kind, name=name, key=key, payload=payload)


def ring(timer_id: int, due: datetime) -> None:
    """Have a job tell the case when the moment has come."""
    app.configure_task(RING, queue="cases", schedule_at=due).defer(timer_id=timer_id)
