"""This platform: `cases.actions.complete_task`, the verb that the pages and the interface use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from load import PROCESS, TASKS, WAITING, measured, options

chosen = options()
os.environ["DATABASE_URL"] = chosen.address
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"

import django  # noqa: E402 - settings first

django.setup()

from datetime import UTC, date, datetime  # noqa: E402
from uuid import uuid4  # noqa: E402

from django.db import connections  # noqa: E402

from xiangyun.domain.accounts import queries as accounts  # noqa: E402
from xiangyun.domain.cases import actions  # noqa: E402
from xiangyun.domain.cases.models import Case, WorkItem  # noqa: E402
from xiangyun.domain.catalogue import queries as catalogue  # noqa: E402
from xiangyun.faces.cli import demonstration, serve, story  # noqa: E402
from xiangyun.kernel.bpmn import Started, advance, read_process  # noqa: E402
from xiangyun.kernel.codes.department import number_of  # noqa: E402
from xiangyun.kernel.pack import Pack  # noqa: E402
from xiangyun.site.upgrade import bring_up_to_date  # noqa: E402

TODAY, AT = date(2026, 4, 9), datetime(2026, 4, 9, 1, tzinfo=UTC)
DIVISION, DEPARTMENT = 222404000000, "market_supervision"


def prepare(number: int) -> None:
    """Make the instance, once; leave exactly so many cases that wait for their first task.

    They stand as `submit_case` leaves them: submitting is not what is measured.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('cases_case') IS NOT NULL")
        if cursor.fetchone() == (False,):
            bring_up_to_date()
            demonstration.prepare()
        cursor.execute("TRUNCATE cases_case CASCADE")
    version = catalogue.current_version(story.SERVICE).pk
    step = advance(read_process(PROCESS.read_text()), None, Started(AT), {})
    days = {"clock_from": TODAY, "due_on": TODAY, "statutory_on": TODAY}
    cases = [
        Case(
            id=uuid4(),
            number=f"bench {serial}",
            version_id=version,
            division=DIVISION,
            matter=number_of(DEPARTMENT),
            owner=uuid4(),
            applicant_name="测试（虚构）",
            subject="测试",
            variables={"application": {"name": "测试", "amount": 3}},
            state=step.state.to_json(),
            submitted_at=AT,
            **days,
        )
        for serial in range(number)
    ]
    Case.objects.using("owner").bulk_create(cases)
    WorkItem.objects.using("owner").bulk_create(
        WorkItem(
            case=case,
            token="accept~1",
            element="accept",
            name="accept",
            groups=[f"reviewer:{DEPARTMENT}"],
            headers={"actions": "agree"},
            division=DIVISION,
            matter=number_of(DEPARTMENT),
            service=story.SERVICE,
            role=f"reviewer:{DEPARTMENT}",
            county=DIVISION // 1_000_000,
            place=0,
            opened_at=AT,
            due_on=TODAY,
            amber_on=TODAY,
        )
        for case in cases
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_case, cases_workitem, journal_entry")
        cursor.execute("CHECKPOINT")


def run() -> None:
    """Complete tasks as an official does who has the role."""
    pack, process = catalogue.pack, read_process(PROCESS.read_text())

    @lru_cache
    def benched(version: UUID) -> Pack:
        return replace(pack(version), process=process)

    catalogue.pack = benched
    official = accounts.actor_by_password("shencha", demonstration.PASSWORD)
    assert official is not None
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM cases_case WHERE state LIKE %s ORDER BY id", [WAITING])
        cases = [case for (case,) in cursor.fetchall()][chosen.part :: chosen.parts]
    benched(catalogue.current_version(story.SERVICE).pk)  # compiled once a process, as in service
    serve.make_ready()  # as each process of `xiangyun serve` is

    def worker():  # type: ignore[no-untyped-def]
        connections["default"].ensure_connection()

        def complete(case: UUID) -> Iterator[None]:
            for number, task in enumerate(TASKS, 1):
                token = f"{task}~{number}"
                actions.complete_task(case, token, action="agree", actor=official, at=AT)
                yield

        return complete

    measured(chosen, cases, worker)


if __name__ == "__main__":
    if chosen.prepare:
        prepare(chosen.prepare)
    else:
        run()
