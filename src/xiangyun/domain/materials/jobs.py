"""The job of materials: once a day it reminds of papers that are to follow."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES

from . import actions


@app.periodic(cron="11 7 * * *")
@app.task(
    name="materials.remind",
    queue="materials",
    queueing_lock="materials.remind",
    retry=AFTER_OUTAGES,
)
def remind(timestamp: int) -> None:
    """Whoever owes a paper is reminded; where it did not come, the office is told."""
    actions.remind(timezone.now())
