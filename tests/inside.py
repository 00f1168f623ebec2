"""Inside a running server: its tables for the platform itself to read, and accounts for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crowd import Client
from django.db import connection, connections
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from serving import Server

from xiangyun.adapters.embedded import OWNER, running_embedded
from xiangyun.adapters.postgres import DATABASE, OWNER_URL, point
from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as account_reads
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.faces.cli import demonstration


@contextmanager
def inside(server: Server, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django in this process looks into the database of that server."""
    address = server.env.get(OWNER_URL) or running_embedded(
        server.home / "postgres", DATABASE, OWNER
    )
    assert address is not None
    settings = [connections[alias].settings_dict for alias in ("default", "owner")]
    usual = [dict(each) for each in settings]
    with blocker.unblock():
        connections.close_all()
        point(connections, address)
        try:
            yield
        finally:
            connections.close_all()
            for each, before in zip(settings, usual, strict=True):
                each |= before


def rows(statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def open_colleague(login: str, name: str) -> None:
    """A further official of Hunchun, who may review as well as decide."""
    account = accounts.open_account(
        login=login, password=demonstration.PASSWORD, name=name, kind="official"
    )
    for role in ("reviewer:market_supervision", "approver:market_supervision"):
        desk = "珲春市市场监督管理局（演示）"
        accounts.give_mandate(account, role=role, division=demonstration.HUNCHUN, desk=desk)


def client_of(server: Server, login: str) -> Client:
    """The interface for one account, with a token of its own."""
    actor = account_reads.actor_by_login(login)
    assert actor is not None
    with acting_as(actor):
        token = accounts.issue_token(actor, label="test", at=timezone.now())
    return Client(server, str(actor.account), token)
