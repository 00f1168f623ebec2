"""The job of the files: what nothing names any more is forgotten, every night."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES

from . import actions


@app.periodic(cron="43 3 * * *")
@app.task(name="files.sweep", queue="files", queueing_lock="files.sweep", retry=AFTER_OUTAGES)
def sweep(timestamp: int) -> None:
    """Forget unnamed contents; one that another sweep removed first is no fault."""
    actions.sweep(timezone.now())
