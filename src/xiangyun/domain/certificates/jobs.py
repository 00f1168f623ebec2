"""The job of certificates: every minute the status lists in which something changed are signed."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.retrying import AFTER_OUTAGES
from xiangyun.kernel.findings import Text

from . import statuses, wallets
from .ports import signer

_log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(
    name="certificates.publish",
    queue="certificates",
    queueing_lock="certificates.publish",
    retry=AFTER_OUTAGES,
)
def publish(timestamp: int) -> None:
    """Publish what changed. What is left when the database goes away, the next turn publishes."""
    try:
        with acting_as(SYSTEM):
            statuses.publish(timezone.now(), signer("ES256"))
            wallets.forget(timezone.now())
    except (OperationalError, InterfaceError) as problem:
        _log.warning(
            Text(
                "数据库已断开，下一分钟再发布状态列表：{problem}",
                "Publishing status lists lost the database, it goes on next minute: {problem}",
                problem=str(problem),
            )
        )
