"""Jobs of data sets. Each may safely run twice."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.kernel.findings import Text

from . import figures

_log = logging.getLogger(__name__)


@app.periodic(cron="17 3 * * *")
@app.task(name="datasets.compute", queue="datasets", queueing_lock="datasets.compute")
def compute(timestamp: int) -> None:
    """Bring the figures up to today."""
    now = timezone.now()
    for ran in figures.compute(timezone.localdate(now), at=now):
        if ran.problem is not None:
            _log.warning(
                Text(
                    "指标 {id} 没有算出：{problem}",
                    "The indicator {id} was not computed: {problem}",
                    id=ran.id,
                    problem=ran.problem,
                )
            )
