"""The job of batches; it may run twice, and goes on where it was killed."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import BackOff

from . import actions


@app.task(name=actions.RUN, queue=actions.QUEUE, retry=BackOff())
def run(batch_id: str) -> None:
    """Work a batch off."""
    actions.run(UUID(batch_id), at=timezone.now())
