"""The job of the archive: every night what is due moves, some at a time."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.journal.ports import signer
from xiangyun.domain.retrying import AFTER_OUTAGES

from . import actions

_log = logging.getLogger(__name__)


@app.periodic(cron="7 4 * * *")
@app.task(name="archive.move", queue="archive", queueing_lock="archive.move", retry=AFTER_OUTAGES)
def move(timestamp: int) -> None:
    """Move what is due; a run that was killed is gone on with by the next."""
    done = actions.move_what_is_due(at=timezone.now(), signer=signer())
    for words in actions.refused_words(done.refused or ()):
        _log.error(words)
