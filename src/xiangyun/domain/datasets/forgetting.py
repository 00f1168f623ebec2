"""What has ended in a register leaves the releases of data sets that forget, within minutes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from xiangyun.domain.journal.queries import Entry
from xiangyun.kernel.projection import DataSet

from . import actions
from .building import all_declared

ENDED = ("record.ended", "fact.corrected")


def take(entries: Sequence[Entry]) -> None:
    """Withdraw what holds a record that has ended, and have a job build and publish anew; seen
    again it does so once more."""
    registers = {each.data.get("register") for each in entries if each.verb in ENDED}
    if not registers:
        return
    found = 0
    for declaration in all_declared():
        dataset: DataSet = declaration.value
        over = dataset.over
        if dataset.forgets and over.kind == "register" and over.code in registers:
            found += actions.forget(dataset.code, at=timezone.now())
    if found:
        with suppress(AlreadyEnqueued):
            app.configure_task(
                "datasets.publish", queue="datasets", queueing_lock="datasets.publish"
            ).defer(timestamp=0)
