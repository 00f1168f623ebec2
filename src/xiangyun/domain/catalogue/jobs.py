"""Jobs of the catalogue. Each may safely run twice: what has begun does not begin again."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES
from xiangyun.kernel.findings import Text

from . import drafts

_log = logging.getLogger(__name__)


# Every hour, so that a version that should begin today begins soon after an outage.
@app.periodic(cron="3 * * * *")
@app.task(
    name="catalogue.begin", queue="catalogue", queueing_lock="catalogue.begin", retry=AFTER_OUTAGES
)
def begin(timestamp: int) -> None:
    """Put into force the versions that were agreed to and whose day has come."""
    now = timezone.now()
    for draft in drafts.begin_due(timezone.localdate(now), at=now):
        _log.info(Text("{code} 新版已生效。", "A version of {code} has begun.", code=draft.code))
