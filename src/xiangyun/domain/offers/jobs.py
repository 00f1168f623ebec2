"""Jobs of offers: whoever keeps a search is told what is new; what was recorded is encoded."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES

from . import sense, watching


@app.periodic(cron="*/5 * * * *")
@app.task(name="offers.look", queue="offers", queueing_lock="offers.look", retry=AFTER_OUTAGES)
def look(timestamp: int) -> None:
    """Look for what is new; run twice it tells nothing twice."""
    watching.look(timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="offers.sense", queue="offers", queueing_lock="offers.sense", retry=AFTER_OUTAGES)
def bring_up_sense(timestamp: int) -> None:
    """Encode what was recorded since; run twice it encodes nothing twice."""
    sense.bring_up()
