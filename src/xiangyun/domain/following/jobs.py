"""The job of followers: every minute they take what the journal has sealed."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.retrying import AFTER_OUTAGES
from xiangyun.kernel.findings import Text

from . import actions

_log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(
    name="following.follow",
    queue="following",
    queueing_lock="following.follow",
    retry=AFTER_OUTAGES,
)
def follow(timestamp: int) -> None:
    """Seal what waits, so that it is taken at once, and let everything follow."""
    try:
        while journal.seal(timezone.now(), signer()):
            pass
        actions.follow_all()
    except (OperationalError, InterfaceError) as problem:
        _log.warning(
            Text(
                "数据库已断开，下一分钟再继续：{problem}",
                "The database is away; it goes on next minute: {problem}",
                problem=str(problem),
            )
        )
