"""Jobs of exchange, queued in the transaction that wants them. What they do: `jobs`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django import app

QUEUE = "exchange"
SEND = "exchange.send"
TAKE = "exchange.take"
FETCH = "exchange.fetch"


def send(message: UUID, at: datetime | None = None) -> None:
    """Have a message sent, now or not before a moment."""
    app.configure_task(SEND, queue=QUEUE, schedule_at=at).defer(message=str(message))


def take(incoming: int) -> None:
    """Have a message that came and waited dealt with."""
    app.configure_task(TAKE, queue=QUEUE).defer(incoming=incoming)


def fetch(enclosure: int, at: datetime | None = None) -> None:
    """Have a file fetched that a message has named, now or not before a moment."""
    app.configure_task(FETCH, queue=QUEUE, schedule_at=at).defer(enclosure=enclosure)
