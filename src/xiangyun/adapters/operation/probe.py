"""A connection for looking only: its own, and it waits for nothing longer than the one who asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

from xiangyun.domain.accounts.access import SYSTEM

_PATIENCE = 2
"""Seconds that the database may take to answer."""
_ADDRESS = ("dbname", "user", "password", "host", "port")


def connect() -> psycopg.Connection[Any]:
    """Raises psycopg.Error where the database does not answer within two seconds."""
    given: dict[str, Any] = dict(connections["default"].get_connection_params())
    given = {name: given[name] for name in _ADDRESS if name in given}
    given |= {"connect_timeout": _PATIENCE, "application_name": settings.PROCESS}
    given["options"] = f"-c statement_timeout={_PATIENCE}s"
    return psycopg.connect(**given)


def see_all(connection: psycopg.Connection[Any]) -> None:
    """Let this transaction read what row-level security keeps for the platform itself."""
    connection.execute("SELECT xiangyun_act_as(%s::text[])", [SYSTEM.told])


def one(connection: psycopg.Connection[Any], query: str, *given: Any) -> Sequence[Any]:
    """The one row of a query that always has one."""
    row: Sequence[Any] | None = connection.execute(query, given or None).fetchone()
    assert row is not None
    return row
