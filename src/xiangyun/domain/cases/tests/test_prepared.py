"""Prepared statements, by the way past Django's cursor and by the way through it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.prepared import Prepared
from xiangyun.domain.planned import planned

SUM = Prepared("test_sum", "SELECT (%s::int + %s::int)::text, NULL::text, '祥云%%'::text")
NONE = Prepared("test_none", "SELECT 'x'::text WHERE %s::boolean")
pytestmark = pytest.mark.usefixtures("committing")


def test_both_ways_give_the_same_texts() -> None:
    straight = SUM.row("40", "2")
    with transaction.atomic():
        inside = SUM.row("40", "2")
    assert straight == inside == ("42", None, "祥云%")
    assert SUM.row("1", None) == (None, None, "祥云%")


def test_no_row_is_none() -> None:
    assert NONE.row("false") is None
    assert NONE.row("true") == ("x",)


def test_a_value_that_postgresql_refuses_raises_what_django_raises() -> None:
    with pytest.raises(DataError, match="invalid input syntax"):
        SUM.row("forty", "2")
    assert SUM.row("40", "2") == ("42", None, "祥云%")  # the connection is as good as before


def test_it_is_planned_once_a_connection_and_again_on_the_next() -> None:
    def counted() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'test_sum'")
            (count,) = cursor.fetchone()
            return int(count)

    for _ in range(2):
        connection.close()
        for _ in range(3):
            assert SUM.row("40", "2")
        assert counted() == 1


def test_a_rollback_of_the_driver_that_forgets_every_statement_forgets_none_of_these() -> None:
    """psycopg answers a ROLLBACK with DEALLOCATE ALL once it has prepared anything itself."""
    assert SUM.row("40", "2")
    with transaction.atomic(), planned():
        for _ in range(3):
            assert Case.objects.filter(pk=uuid4()).exists() is False
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'test_sum'")
        assert cursor.fetchone() == (0,)  # or this test would not show what it is for
    assert SUM.row("40", "2") == ("42", None, "祥云%")


def test_whoever_reads_along_sees_it() -> None:
    with CaptureQueriesContext(connection) as told:
        SUM.row("40", "2")
    assert [
        "40::int" in each["sql"] or "'40'" in each["sql"] for each in told.captured_queries
    ] == [True]
