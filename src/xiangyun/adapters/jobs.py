"""Working the queue: its own connections, and the worker that `xiangyun serve` runs."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import SyncToAsync
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

from xiangyun import manifest
from xiangyun.domain.cases.jobs import take_up
from xiangyun.kernel.findings import Text

_log = logging.getLogger(__name__)


def worker_connector() -> BaseConnector:
    """A connection pool to the same database, apart from Django's connections.

    Whoever puts jobs into the queue uses Django's connection, inside the transaction; whoever
    takes them out must not.
    """
    return PsycopgConnector(
        kwargs=connector_params(),
        min_size=1,
        max_size=4,
        timeout=5,  # seconds; a worker without its database ends soon and is started again
    )


def work() -> None:
    """Work the queue until told to stop; first take up what a killed worker left half done.

    Ends with the exit code 1 when the database goes away: whoever looks after it starts it again.
    """
    have_own_thread()
    try:
        asyncio.run(_work())
    except ConnectorException as problem:
        _log.warning(
            Text(
                "数据库已断开，任务进程结束：{cause}",
                "The worker lost its database: {cause}",
                cause=str(_cause(problem)),
            )
        )
        raise SystemExit(1) from None


def have_own_thread() -> None:
    """Give this process the thread in which Django's connection works within a loop.

    A parent that worked a queue before it forked, as the demonstration does, leaves its child a
    pool that counts a thread which only the parent has: everything would wait for it forever.
    """
    SyncToAsync.single_thread_executor = ThreadPoolExecutor(max_workers=1)


async def _work() -> None:
    queue = app.with_connector(worker_connector())
    async with queue.open_async():
        await take_up(queue.job_manager, silent_for=0)
        await queue.run_worker_async(
            queues=manifest.queues(),
            concurrency=4,
            fetch_job_polling_interval=1.0,
            delete_jobs="successful",
        )


def _cause(problem: BaseException) -> str:
    """What the database or its pool said, on one line."""
    return " ".join(str(problem.__cause__ or problem).split())
