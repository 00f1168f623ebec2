"""A worker that starts takes up what a killed one left half done, whatever waits already."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.jobs import Job as JobRow
from pytest_django import DjangoDbBlocker

from xiangyun.adapters.jobs import worker_connector
from xiangyun.domain.cases.jobs import take_up


@pytest.fixture(autouse=True)
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The worker has connections of its own: it sees what is committed."""
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


def put(status: str, queueing_lock: str | None, task: str = "journal.seal") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status)"
            " VALUES ('cases', %s, %s, %s) RETURNING id",
            [task, queueing_lock, status],
        )
        number: int = cursor.fetchone()[0]
        return number


def jobs() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs")
        return dict(cursor.fetchall())


def take_up_everything() -> None:
    async def taking() -> None:
        queue = app.with_connector(worker_connector())
        async with queue.open_async():
            await take_up(queue.job_manager, silent_for=0)

    asyncio.run(taking())


def test_what_was_left_half_done_waits_again() -> None:
    left = put("doing", None, "cases.ring")
    take_up_everything()
    assert jobs() == {left: "todo"}


def test_a_job_of_every_minute_whose_next_turn_waits_already_does_not_stop_the_worker() -> None:
    left, waiting = put("doing", "journal.seal"), put("todo", "journal.seal")
    other = put("doing", None, "cases.ring")
    take_up_everything()
    assert jobs() == {waiting: "todo", other: "todo"}, f"{left} is done with: once is enough"


def test_every_job_comes_again_after_the_database_was_away() -> None:
    away = OperationalError("the connection was lost")
    lost = []
    for name, task in app.tasks.items():
        job = JobRow(id=1, queue="q", lock=None, queueing_lock=None, task_name=name)
        if "builtin" not in name and task.get_retry_exception(away, job) is None:
            lost.append(name)
    assert len(app.tasks) > 20
    assert lost == [], "these stay failed after an outage"
