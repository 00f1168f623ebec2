"""Facts are settled in the order of their numbers, however late their transactions end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.registers import actions, copying, settled
from xiangyun.domain.registers.declarations import used

from .declared import AT, declare, firm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def other(demonstration: None) -> Iterator[BaseDatabaseWrapper]:
    """Another process beside the one of the test."""
    declare()
    made = connection.copy()
    yield made
    made.close()


def put(key: str) -> int:
    data = firm(key, "样一")
    at = date(2026, 1, 1)
    return actions.record("firms", key, data, valid_from=at, source="test", at=AT).fact


def test_nothing_is_settled_above_what_another_transaction_may_still_commit(
    other: BaseDatabaseWrapper,
) -> None:
    other.set_autocommit(False)
    settled.begin_writing(other)
    with other.cursor() as cursor:
        cursor.execute("SELECT nextval('registers_fact_id_seq')")
        (late,) = cursor.fetchone()
    settled.begin_writing(other)  # a second time: its first number still counts
    assert put("A1") > late > settled.newest_fact()
    other.rollback()
    assert put("A2") == settled.newest_fact()


@pytest.mark.parametrize("by_load", [False, True])
def test_whoever_writes_facts_shows_it(
    other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch, by_load: bool
) -> None:
    before = settled.newest_fact()
    if by_load:
        batch = copying.Copied(used("firms"), AT, "test", "")
        new = (firm("A1", "样一"), date(2026, 1, 1), None, None)
        batch.add(None, "A1", 222404000000, "", [new], [], moved=False)
        with acting_as(SYSTEM):
            batch.write(connection, 1, {})
    else:
        put("A1")
    assert settled.newest_fact() == before + 1
    monkeypatch.setattr(settled, "connection", other)
    assert settled.newest_fact() == before
