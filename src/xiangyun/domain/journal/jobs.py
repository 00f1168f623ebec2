"""The journal's job: every minute what was recorded gets its place in the tree and its proof."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions
from .ports import signer


# In the queue that the worker works anyway. Two at once would only wait for each other.
@app.periodic(cron="* * * * *")
@app.task(name="journal.seal", queue="cases", queueing_lock="journal.seal")
def seal(timestamp: int) -> None:
    """Seal all that waits."""
    while actions.seal(timezone.now(), signer()):
        pass
