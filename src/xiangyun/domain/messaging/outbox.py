"""Jobs of messaging, queued in the transaction that wants them. What they do: `jobs`."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

QUEUE = "messaging"
HAND_OUT = "messaging.hand_out"
DELIVER = "messaging.deliver"
SEND_CODE = "messaging.send_code"


def deliver(delivery_id: int, at: datetime | None = None) -> None:
    """Have a delivery made, now or not before a moment."""
    lock = f"delivery:{delivery_id}"  # never twice at once
    task = app.configure_task(DELIVER, queue=QUEUE, lock=lock, schedule_at=at)
    task.defer(delivery_id=delivery_id)


def send_code(contact_id: int) -> None:
    """Have a code sent to an address that is to be verified."""
    app.configure_task(SEND_CODE, queue=QUEUE).defer(contact_id=contact_id)
