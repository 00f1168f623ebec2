"""Tests run on real PostgreSQL: the server of DATABASE_URL, or an embedded one of their own."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest
from pytest_django import DjangoDbBlocker

# Examples are found by logic, not by the clock: a busy machine must not fail a property.
hypothesis.settings.register_profile("xiangyun", deadline=None)
hypothesis.settings.load_profile("xiangyun")

_HOME = tempfile.TemporaryDirectory(prefix="xiangyun-test-", ignore_cleanup_errors=True)
os.environ["XIANGYUN_HOME"] = _HOME.name
os.environ["XIANGYUN_LANGUAGE"] = "zh-Hans,en"  # whatever the locale of the machine
os.environ.pop("XIANGYUN_LANGUAGES", None)
os.environ.setdefault("TESTS_BEGUN_BY", str(os.getpid()))  # workers share what is made for a run
Path(_HOME.name).chmod(0o755)


def _server() -> str:
    """The address of the server that the tests' database is made on."""
    from xiangyun.adapters.embedded import start_embedded  # noqa: PLC0415

    if given := os.environ.get("XIANGYUN_TEST_DATABASE_URL"):
        return given
    address = start_embedded(Path(_HOME.name) / "postgres")
    # It is thrown away with its folder. What survives a crash is tried on servers of their own.
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return address


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One database a test process, migrated as its owner and used as the application's role."""
    from django.db import connections  # noqa: PLC0415

    from xiangyun.adapters import postgres  # noqa: PLC0415
    from xiangyun.domain.divisions.actions import load_divisions  # noqa: PLC0415
    from xiangyun.site.upgrade import bring_up_to_date  # noqa: PLC0415

    server, name = _server(), f"test_xiangyun_{os.getpid()}"
    postgres.point(connections, postgres.ensure_database(server, name))
    with django_db_blocker.unblock():
        bring_up_to_date()
        load_divisions()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    postgres.drop_database(server, name)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the garbage collector looks at it no more."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Stop the server that the tests started."""
    from xiangyun.adapters import embedded  # noqa: PLC0415

    folder = Path(_HOME.name) / "postgres"
    if (folder / "postmaster.pid").exists():
        embedded.stop_embedded_if_idle(folder)
    if os.environ["TESTS_BEGUN_BY"] == str(os.getpid()):
        from serving import forget_demonstration  # noqa: PLC0415

        forget_demonstration()


@pytest.fixture(scope="session")
def _prepared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    from xiangyun.faces.cli import demonstration  # noqa: PLC0415

    with django_db_blocker.unblock():
        demonstration.prepare()


def _close_connections() -> None:
    """Those of this thread, and those of the thread in which the worker puts its periodic jobs."""
    from asgiref.sync import sync_to_async  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    asyncio.run(sync_to_async(connections.close_all)())


@pytest.fixture(scope="session")
def inside_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Callable[[str], AbstractContextManager[str]]:
    """Makes everything use another database for a while, and drops it; gives the server."""
    from django.db import connections  # noqa: PLC0415

    from xiangyun.adapters import postgres  # noqa: PLC0415
    from xiangyun.domain.registers.declarations import declaration  # noqa: PLC0415

    @contextmanager
    def inside(name: str) -> Iterator[str]:
        settings = [connections[alias].settings_dict for alias in ("default", "owner")]
        usual, server = settings[0]["NAME"], postgres.owner_of(connections)
        with django_db_blocker.unblock():
            _close_connections()
            for each in settings:
                each["NAME"] = name
            # A copy goes on counting where its original does: one id, two declarations.
            declaration.cache_clear()
            try:
                yield server
            finally:
                _close_connections()
                for each in settings:
                    each["NAME"] = usual
                declaration.cache_clear()
                postgres.drop_database(server, name)

    return inside


@pytest.fixture
def demonstration(_prepared: None, db: None) -> None:
    """The fictitious people of the demonstration and the published packs."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much of what is random or kills is run; all of it takes many minutes."""
    parser.addoption("--share", type=float, default=0.1, help="share of random and killing tests")


@pytest.fixture(scope="session")
def share(request: pytest.FixtureRequest) -> float:
    """The share of its seeds or kills that a test marked `faults` runs, 0 to 1."""
    return float(request.config.getoption("--share"))


def pytest_configure(config: pytest.Config) -> None:
    """The tests' own instance; its passwords protect nothing, so they are hashed fast."""
    from django.conf import settings  # noqa: PLC0415

    from xiangyun.adapters.government import departments  # noqa: PLC0415
    from xiangyun.kernel.codes.department import set_departments  # noqa: PLC0415

    set_departments(departments)
    if not settings.configured and not os.environ.get("DJANGO_SETTINGS_MODULE"):
        return  # the kernel's tests alone need no Django: pytest -p no:django
    settings.HOME = Path(_HOME.name)
    settings.STATIC_ROOT = settings.HOME / "static"
    settings.STATIC_ROOT.mkdir()
    settings.RATES_FACTOR = (
        0  # a test asks more often than people do; those of limits set their own
    )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
