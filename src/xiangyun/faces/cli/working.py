"""Work off the queue once, for commands that do not serve."""

from __future__ import annotations

from procrastinate.contrib.django import app

from xiangyun import manifest
from xiangyun.adapters.jobs import worker_connector


def work_off_jobs() -> None:
    """Work every job that is due now, then return."""
    queue = app.with_connector(worker_connector())
    with queue.open():
        queue.run_worker(wait=False, queues=manifest.queues(), install_signal_handlers=False)
