"""The worker of the job queue, as a process of its own, started by `xiangyun serve`."""

from __future__ import annotations

import asyncio
import os

import django
from procrastinate.contrib.django import app

from xiangyun.adapters.jobs import worker_connector


async def work() -> None:
    """Work the queue until told to stop; first take up what a killed worker left half done.

    The worker reads the queue over a connection of its own, while the jobs' verbs keep putting
    new jobs into the queue over Django's, inside their transactions.
    """
    queue = app.with_connector(worker_connector())
    async with queue.open_async():
        for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=0):
            await queue.job_manager.retry_job(job)
        await queue.run_worker_async(
            queues=["cases"],
            concurrency=4,
            fetch_job_polling_interval=1.0,
            delete_jobs="successful",
        )


def main() -> None:
    """Set Django up and work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyun.site.settings")
    django.setup()
    asyncio.run(work())
