"""The database: an embedded PostgreSQL from a wheel, or PostgreSQL 15 or newer by DATABASE_URL."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from .embedded import OWNER, RUNTIME, joined_embedded

DATABASE = "xiangyun"
OWNER_URL = "XIANGYUN_OWNER_URL"

# The role that every page, job and command works under. It owns nothing and is a member of
# nothing, so that row-level security and the privileges hold for it (see privileges.py); the
# migrations run under the owner of the tables. The role `xiangyun_app` is that of the builds
# before: it cannot log in, and the owner alone can take it on, for the length of an upgrade.
_PREPARE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'xiangyun_app') THEN
        CREATE ROLE xiangyun_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'xiangyun_runtime') THEN
        CREATE ROLE xiangyun_runtime LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- made by another process just now
END $$;
"""
_PREPARE_SCHEMA = """
DO $$ DECLARE role text; BEGIN
    FOREACH role IN ARRAY ARRAY['xiangyun_app', 'xiangyun_runtime'] LOOP
        IF NOT pg_has_role(current_user, role, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', role, current_user);
        END IF;
        IF NOT has_schema_privilege(role, 'public', 'USAGE') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role);
        END IF;
    END LOOP;
    -- An earlier build gave its role all new tables.
    IF EXISTS (SELECT FROM pg_default_acl, aclexplode(defaclacl) AS a
               WHERE a.grantee = 'xiangyun_app'::regrole) THEN
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM xiangyun_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM xiangyun_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON FUNCTIONS FROM xiangyun_app;
    END IF;
END $$;
"""

# The owner of the embedded database. Whoever came before this role left the tables to the
# superuser of the server: they are handed over one by one, without a lock on several at once. The
# functions come last: under the superuser they go on working over tables of either.
_PREPARE_OWNER = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN
        CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
    END IF;
    IF NOT pg_has_role('{OWNER}', 'xiangyun_app', 'MEMBER') THEN
        GRANT xiangyun_app, xiangyun_runtime TO {OWNER};
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- made by another process just now
END $$;
"""
_HANDING_OVER = 0x6F776E6572  # any number that no other advisory lock uses
_NOT_YET_THE_OWNERS = """
WITH things(turn, kind, name, owner, class, id) AS (
    SELECT 1, 'TABLE', oid::regclass::text, relowner, 'pg_class'::regclass, oid FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace = 'public'::regnamespace
    UNION ALL  -- a sequence of a column goes with its table
    SELECT 2, 'SEQUENCE', s.oid::regclass::text, s.relowner, 'pg_class'::regclass, s.oid
    FROM pg_class s WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                      AND d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)
    UNION ALL
    SELECT 3, 'TYPE', t.oid::regtype::text, t.typowner, 'pg_type'::regclass, t.oid FROM pg_type t
    LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typnamespace = 'public'::regnamespace
      AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
    UNION ALL
    SELECT 4, 'ROUTINE', oid::regprocedure::text, proowner, 'pg_proc'::regclass, oid FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT 5, 'SCHEMA', 'public', nspowner, 'pg_namespace'::regclass, oid FROM pg_namespace
    WHERE nspname = 'public'
    UNION ALL
    SELECT 6, 'DATABASE', quote_ident(datname), datdba, 'pg_database'::regclass, oid
    FROM pg_database WHERE datname = current_database()
)
SELECT kind, name FROM things
WHERE owner <> %s::regrole AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = class AND d.objid = id AND d.deptype = 'e'
) ORDER BY turn, name
"""


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


def hand_over(address: str) -> str:
    """Give the database of the embedded server to its owner, who is no superuser.

    `address` is the superuser's; the owner's is returned. What an earlier build made goes over
    too, while its processes may still work. The second time there is nothing to do.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_HANDING_OVER])
        connection.execute(_PREPARE_OWNER)
        for kind, name in connection.execute(_NOT_YET_THE_OWNERS, [OWNER]).fetchall():
            # Kind and name are from the catalogue, which quotes what needs it.
            connection.execute(f"ALTER {kind} {name} OWNER TO {OWNER}")
    return make_conninfo(address, user=OWNER)


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


def as_runtime(address: str) -> str:
    """The same database of the embedded server, for the role that everything works under."""
    return make_conninfo(address, user=RUNTIME)


def point(connections: Mapping[str, BaseDatabaseWrapper], owner: str) -> None:
    """Let Django's two connections go to another database: for tests and measurements.

    `owner` is the address of its owner. The other connection logs in as the owner too and takes on
    the role of the running program, as where one login serves for both: a test can step out of it.
    """
    given = conninfo_to_dict(owner)
    for alias in ("default", "owner"):
        settings = connections[alias].settings_dict
        for key, name in _DJANGO.items():
            settings[key] = str(given.get(name) or "")
        told = {name: given[name] for name in _BESIDES if given.get(name)}
        settings["OPTIONS"] = {**settings["OPTIONS"], **told}


def owner_of(connections: Mapping[str, BaseDatabaseWrapper], name: str = "postgres") -> str:
    """The address of a database on the server that Django's owner connection goes to."""
    settings = connections["owner"].settings_dict
    given = {name: settings[key] for key, name in _DJANGO.items() if settings[key]}
    peer = settings["OPTIONS"].get("requirepeer")
    return make_conninfo(**{**given, "dbname": name}, **({"requirepeer": peer} if peer else {}))


_BESIDES = ("requirepeer", "target_session_attrs")
"""What an address may say besides: who must answer, and which of several servers is meant."""
_DJANGO = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}


@contextmanager
def database(home: Path) -> Iterator[str]:
    """The database of this instance for the time of a `with`; its address stands in DATABASE_URL.

    With DATABASE_URL set from outside that server is used, and for migrations the login of
    XIANGYUN_OWNER_URL, if given; otherwise the embedded one, whose two addresses are set here.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        owner = os.environ.get(OWNER_URL) or given
        name = conninfo_to_dict(owner).get("dbname") or DATABASE
        ensure_database(make_conninfo(owner, dbname="postgres"), str(name))
        yield given
        return
    with joined_embedded(home / "postgres") as superuser:
        os.environ[OWNER_URL] = owner = hand_over(ensure_database(superuser))
        os.environ["DATABASE_URL"] = address = as_runtime(owner)
        try:
            yield address
        finally:
            del os.environ["DATABASE_URL"], os.environ[OWNER_URL]
