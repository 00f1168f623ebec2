"""Jobs of payments, queued in the transaction that wants them. What they do: `jobs`."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

QUEUE = "payments"
BRING = "payments.bring"
REFUND = "payments.refund"


def bring(order: int) -> None:
    """Have the answer of an order brought to its case."""
    app.configure_task(BRING, queue=QUEUE).defer(order=order)


def refund(refund: int) -> None:
    """Have money sent back."""
    app.configure_task(REFUND, queue=QUEUE).defer(refund=refund)


def waiting(job: str) -> set[int]:
    """What jobs of a kind, `BRING` or `REFUND`, look after already: keys of orders or refunds."""
    found = ProcrastinateJob.objects.filter(task_name=job, status__in=("todo", "doing"))
    return {key for args in found.values_list("args", flat=True) for key in args.values()}
