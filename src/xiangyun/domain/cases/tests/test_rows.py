"""A page of a case reads all that hangs on it by one statement, and sees nothing else by that."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases import rows
from xiangyun.domain.cases.models import Material
from xiangyun.domain.reading import reading

from .situations import actor, as_owner, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
APRIL = datetime(2026, 4, 9, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
KINDS = (
    rows.items_of,
    rows.decisions_of,
    rows.service_calls_of,
    rows.letters_of,
    rows.parties_in,
    rows.evidence_of,
    rows.task_answers_of,
    rows.materials_of,
)


def test_what_hangs_on_a_case_is_as_the_tables_have_it_and_read_by_one_statement() -> None:
    case = submitted(actor("wang"), APRIL)
    with acting_as(actor("wang")), reading():
        with CaptureQueriesContext(connection) as asked:
            together = {kind: kind(case) for kind in KINDS}
        assert len(asked) == 1
        assert together[rows.items_of]
        assert together[rows.decisions_of]
        assert together[rows.materials_of]
        for found in together.values():
            for row in found:
                stored = type(row).objects.get(pk=row.pk)
                names = [field.attname for field in row._meta.concrete_fields]
                names = [n for n in names if n != "content" or not isinstance(row, Material)]
                assert [getattr(row, n) for n in names] == [getattr(stored, n) for n in names]


def test_where_something_is_written_each_question_is_asked_anew() -> None:
    case = submitted(actor("wang"), APRIL)
    with acting_as(actor("wang")):
        before = len(rows.items_of(case))
        with as_owner():
            case.work_items.update(note="另有一句")
        assert [each.note for each in rows.items_of(case)] == ["另有一句"] * before


def test_whoever_may_not_see_a_case_reads_none_of_its_rows_in_the_same_page() -> None:
    case = submitted(actor("wang"), APRIL)
    with reading():
        with acting_as(actor("wang")):
            assert rows.items_of(case)
        with acting_as(actor("li")):
            assert not any(kind(case) for kind in KINDS)
