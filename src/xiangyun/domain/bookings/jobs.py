"""Jobs of bookings: holds expire, and whoever did not come is noted."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES

from . import actions


@app.periodic(cron="* * * * *")
@app.task(
    name="bookings.pass", queue="bookings", queueing_lock="bookings.pass", retry=AFTER_OUTAGES
)
def time_passes(timestamp: int) -> None:
    """What is over is over, and who waits moves up."""
    actions.time_passes(timezone.now())
