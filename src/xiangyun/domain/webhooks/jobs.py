"""The job of webhooks: every minute what is due is posted."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES

from . import posting


@app.periodic(cron="* * * * *")
@app.task(
    name="webhooks.send", queue="webhooks", queueing_lock="webhooks.send", retry=AFTER_OUTAGES
)
def send(timestamp: int) -> None:
    """Post what waits, and what is to be tried again."""
    posting.send_due(timezone.now())
