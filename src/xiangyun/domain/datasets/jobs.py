"""Jobs of data sets. Each may safely run twice."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.kernel.findings import Refused, Text

from . import actions, figures, listing

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


@app.periodic(cron="47 3 * * *")
@app.task(name="datasets.publish", queue="datasets", queueing_lock="datasets.publish")
def publish(timestamp: int) -> None:
    """Build what is due, publish what follows by itself, and bring the catalogue up to date."""
    now = timezone.now()
    for code, made in actions.publish_what_is_due(timezone.localdate(now), at=now):
        if isinstance(made, Refused):
            _log.warning(
                Text(
                    "数据集 {code} 没有编成：{problem}",
                    "The data set {code} was not built: {problem}",
                    code=code,
                    problem=made.summary,
                )
            )
    listing.relist_all()
