"""Jobs of offers: whoever keeps a search is told what is new."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES

from . import watching


@app.periodic(cron="*/5 * * * *")
@app.task(name="offers.look", queue="offers", queueing_lock="offers.look", retry=AFTER_OUTAGES)
def look(timestamp: int) -> None:
    """Look for what is new; run twice it tells nothing twice."""
    watching.look(timezone.now())
