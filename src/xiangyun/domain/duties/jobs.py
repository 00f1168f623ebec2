"""Jobs of duties. Each may safely run twice: what was opened is not opened again."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES
from xiangyun.kernel.findings import Text

from . import actions, timers

_log = logging.getLogger(__name__)


# Every hour, so that what an outage left is taken up soon; a day's second run
# finds nothing to do but what could not be opened before.
@app.periodic(cron="13 * * * *")
@app.task(name="duties.run", queue="duties", queueing_lock="duties.run", retry=AFTER_OUTAGES)
def run(timestamp: int) -> None:
    """Open what is due today; what is more than a duty opens at once, the next runs open."""
    now = timezone.now()
    for ran in actions.run(timezone.localdate(now), at=now):
        for _, problem in ran.problems[:10]:
            _log.warning(
                Text(
                    "职责 {code}：有一条没有立成：{problem}",
                    "Duty {code}: nothing opened for a row: {problem}",
                    code=ran.code,
                    problem=problem,
                )
            )


@app.periodic(cron="*/5 * * * *")
@app.task(name="duties.clock", queue="duties", queueing_lock="duties.clock", retry=AFTER_OUTAGES)
def clock(timestamp: int) -> None:
    """Open the cases of services that begin by the clock."""
    _, problems = timers.begin_by_the_clock(timezone.now())
    for problem in problems[:10]:
        _log.warning(
            Text(
                "按时立件没有成功：{problem}",
                "Nothing opened by the clock: {problem}",
                problem=problem,
            )
        )
