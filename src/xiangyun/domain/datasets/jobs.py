"""Jobs of data sets. Each may safely run twice."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES
from xiangyun.kernel.findings import Refused, Text

from . import actions, figures, harvesting, listing, recomputing

_log = logging.getLogger(__name__)


def _warned(sentence: Text, made: Iterable[tuple[str, object]]) -> None:
    """Say what was refused, each by its name."""
    for name, each in made:
        if isinstance(each, Refused):
            _log.warning(sentence.filled({"name": name, "problem": each.summary}))


@app.periodic(cron="37 2 * * *")
@app.task(
    name="datasets.recompute",
    queue="datasets",
    queueing_lock="datasets.recompute",
    retry=AFTER_OUTAGES,
)
def recompute(timestamp: int) -> None:
    """Decide anew what a period is over for; after an outage, the next night."""
    now = timezone.now()
    _warned(
        Text("{name} 没有重算：{problem}", "{name} was not decided anew: {problem}"),
        recomputing.recompute_what_is_due(timezone.localdate(now), at=now),
    )


@app.periodic(cron="17 3 * * *")
@app.task(
    name="datasets.compute",
    queue="datasets",
    queueing_lock="datasets.compute",
    retry=AFTER_OUTAGES,
)
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
@app.task(
    name="datasets.publish",
    queue="datasets",
    queueing_lock="datasets.publish",
    retry=AFTER_OUTAGES,
)
def publish(timestamp: int) -> None:
    """Build what is due, publish what follows by itself, and bring the catalogue up to date."""
    now = timezone.now()
    _warned(
        Text("数据集 {name} 没有编成：{problem}", "The data set {name} was not built: {problem}"),
        actions.publish_what_is_due(timezone.localdate(now), at=now),
    )
    listing.relist_all()


@app.periodic(cron="17 4 * * *")
@app.task(
    name="datasets.harvest",
    queue="datasets",
    queueing_lock="datasets.harvest",
    retry=AFTER_OUTAGES,
)
def harvest(timestamp: int) -> None:
    """Take over what changed in the catalogues of others."""
    _warned(
        Text("没有采集目录 {name}：{problem}", "The catalogue {name} was not harvested: {problem}"),
        harvesting.run_all(at=timezone.now()),
    )
