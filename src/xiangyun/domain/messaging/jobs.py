"""Jobs of messaging. Each was queued in the transaction that wanted it and may safely run twice."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES, BackOff

from . import delivering, digest, handout, outbox

_RETRY = BackOff()


@app.task(name=outbox.HAND_OUT, queue=outbox.QUEUE, retry=_RETRY)
def hand_out(case_id: str) -> None:
    """Put the letters that a step has written into the inboxes of those they are written to."""
    handout.hand_out(UUID(case_id))


@app.task(name=outbox.DELIVER, queue=outbox.QUEUE, retry=_RETRY)
def deliver(delivery_id: int) -> None:
    """Send one message to one address; where that fails, another job tries again later."""
    delivering.deliver(delivery_id, at=timezone.now())


# Whoever waits for a code asks for another after some minutes.
@app.task(
    name=outbox.SEND_CODE, queue=outbox.QUEUE, retry=RetryStrategy(max_attempts=4, linear_wait=20)
)
def send_code(contact_id: int) -> None:
    """Send a code to an address that is to be verified."""
    delivering.send_code(contact_id, at=timezone.now())


@app.periodic(cron="3 * * * *")
@app.task(
    name="messaging.digest",
    queue=outbox.QUEUE,
    queueing_lock="messaging.digest",
    retry=AFTER_OUTAGES,
)
def send_digests(timestamp: int) -> None:
    """Every hour; it is sent in the morning of a working day, by the clock of the office."""
    digest.send(timezone.now())
