"""Jobs of payments. Each may safely run twice."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import BackOff

from . import outbox, sending, settling

_RETRY = BackOff()


@app.task(name=outbox.BRING, queue=outbox.QUEUE, retry=_RETRY)
def bring(order: int) -> None:
    """Bring what became of an order to its case."""
    settling.bring(order, at=timezone.now())


@app.task(name=outbox.REFUND, queue=outbox.QUEUE, retry=_RETRY)
def refund(refund: int) -> None:
    """Send money back; a provider that does not answer is asked again."""
    sending.send(refund, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="payments.sweep", queue=outbox.QUEUE, queueing_lock="payments.sweep", retry=_RETRY)
def sweep(timestamp: int) -> None:
    """Every minute: fees that expire or that nobody waits for, and what no job looks after."""
    settling.sweep(timezone.now())
