"""Jobs of draws: what was drawn opens its cases, also after an outage in the middle."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.retrying import AFTER_OUTAGES
from xiangyun.kernel.findings import Text

from . import actions, queries

_log = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(name="draws.open", queue="draws", queueing_lock="draws.open", retry=AFTER_OUTAGES)
def open_drawn(timestamp: int) -> None:
    """Open the cases of visits that have none yet."""
    now = timezone.now()
    with acting_as(SYSTEM):
        waiting = queries.unopened(now)
    for number in waiting:
        _, failed = actions.open_cases(number, at=now)
        if failed:
            _log.warning(
                Text("抽查 {number}：{n} 件没有立成。", "Draw {number}: {n} opened no case.",
                     number=number, n=failed)
            )  # fmt: skip
