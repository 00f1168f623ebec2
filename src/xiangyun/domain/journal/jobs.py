"""The journal's job: every minute what was recorded gets its place in the tree and its proof."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES
from xiangyun.kernel.findings import Text

from . import actions, checkpoints
from .ports import signer, witnesses

_log = logging.getLogger(__name__)


# Two at once would only wait for each other.
@app.periodic(cron="* * * * *")
@app.task(name="journal.seal", queue="journal", queueing_lock="journal.seal", retry=AFTER_OUTAGES)
def seal(timestamp: int) -> None:
    """Seal all that waits. What is left when the database goes away, the next turn seals."""
    try:
        while actions.seal(timezone.now(), signer()):
            pass
    except (OperationalError, InterfaceError) as problem:
        _log.warning(
            Text(
                "数据库已断开，下一分钟再封存：{problem}",
                "Sealing lost the database, it goes on next minute: {problem}",
                problem=str(problem),
            )
        )


# Apart from sealing: a witness that does not answer must not hold it up.
@app.periodic(cron="* * * * *")
@app.task(
    name="journal.witness", queue="journal", queueing_lock="journal.witness", retry=AFTER_OUTAGES
)
def witness(timestamp: int) -> None:
    """Let every witness sign the last checkpoint."""
    for each in witnesses():
        checkpoints.ask(each, signer(), timezone.now())
