"""Jobs of exchange. Each may safely run twice."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import BackOff

from . import enclosures, folders, outbox, receiving, sending

_RETRY = BackOff()


@app.task(name=outbox.SEND, queue=outbox.QUEUE, retry=_RETRY)
def send(message: str) -> None:
    """Send a message to another system, if it is its turn."""
    sending.send(UUID(message), at=timezone.now())


@app.task(name=outbox.TAKE, queue=outbox.QUEUE, retry=_RETRY)
def take(incoming: int) -> None:
    """Deal with a message that came and had to wait."""
    receiving.take_waiting(incoming, at=timezone.now())


@app.task(name=outbox.FETCH, queue=outbox.QUEUE, retry=_RETRY)
def fetch(enclosure: int) -> None:
    """Fetch a file that a message which came has named."""
    enclosures.fetch(enclosure, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="exchange.sweep", queue=outbox.QUEUE, queueing_lock="exchange.sweep", retry=_RETRY)
def sweep(timestamp: int) -> None:
    """Every minute: what no job looks after, and the folders in which others put messages."""
    now = timezone.now()
    sending.sweep(now)
    enclosures.sweep(now)
    folders.collect(now)
