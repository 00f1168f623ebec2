"""Looks and a revocation at once, each in a transaction of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from threading import Barrier, Event, Thread

import pytest
from django.db import close_old_connections, connection, connections
from django.utils import timezone

from xiangyun.adapters import postgres
from xiangyun.domain.grants import actions, using
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.findings import Forbidden

from .situations import BANK, COMPANY, grant, person, prepare, seen


@pytest.fixture(scope="module")
def _copy(
    _prepared: None, inside_database: Callable[[str], AbstractContextManager[str]]
) -> Iterator[None]:
    """A copy of the prepared database, in which what is committed stays."""
    usual = connections["default"].settings_dict["NAME"]
    copy = f"test_revoking_{os.getpid()}"
    with inside_database(copy) as server:
        postgres.copy_database(server, usual, copy)
        prepare()
        yield


@pytest.mark.usefixtures("_copy")
def test_no_look_that_begins_after_the_revocation_sees_anything() -> None:
    given, revoked, ready = grant(), Event(), Barrier(4)
    after: list[object] = []
    before: list[object] = []

    def bank() -> None:
        try:
            ready.wait()
            while True:
                late = revoked.is_set()
                try:
                    found: object = seen(given)
                except Forbidden as refused:
                    found = refused.findings[0].id
                (after if late else before).append(found)
                if late:
                    return
        finally:
            close_old_connections()
            connection.close()

    readers = [Thread(target=bank) for _ in range(3)]
    for reader in readers:
        reader.start()
    ready.wait()
    try:
        assert seen(given) == [("firms", COMPANY)]
        actions.revoke(person(COMPANY), given.pk, at=timezone.now())
    finally:
        revoked.set()
        for reader in readers:
            reader.join()
    assert after == ["grant.E009"] * 3
    # Refused, all of it, or, where the revocation fell into the look itself, nothing any more.
    assert set(map(str, before)) <= {"grant.E009", str([("firms", COMPANY)]), "[]"}
    with pytest.raises(Forbidden, match=r"grant\.E009"):
        seen(given)


@pytest.mark.usefixtures("_copy")
def test_a_transaction_that_goes_on_sees_nothing_after_a_revocation_elsewhere() -> None:
    given = grant()

    def revoke() -> None:
        actions.revoke(person(COMPANY), given.pk, at=timezone.now())
        connection.close()

    with using.using(person(BANK), given.pk, version=1, at=timezone.now()):
        assert len(registers.records_about(given.company)) == 1
        company = Thread(target=revoke)
        company.start()
        company.join()
        assert registers.records_about(given.company) == []


@pytest.mark.usefixtures("_copy")
def test_of_many_looks_at_once_by_a_grant_for_one_only_one_sees_anything() -> None:
    given, ready, found = grant(until=None), Barrier(4), []

    def bank() -> None:
        try:
            ready.wait()
            found.append(len(seen(given)))
        except Forbidden:
            found.append(0)
        finally:
            connection.close()

    readers = [Thread(target=bank) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(found) == [0, 0, 0, 1]
