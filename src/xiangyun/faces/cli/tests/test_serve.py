"""What is loaded once, before the processes of `xiangyun serve` divide."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import DatabaseError

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.cli import serve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Whether connections were closed, which a test in a transaction still needs."""
    told: list[bool] = []
    connections = SimpleNamespace(close_all=lambda: told.append(True))
    monkeypatch.setattr(serve, "connections", connections)
    catalogue.pack.cache_clear()
    yield told
    gc.unfreeze()


def test_every_service_is_compiled_and_kept_and_no_connection_is_inherited(
    closed: list[bool],
) -> None:
    services = catalogue.current_services()
    assert services
    serve.make_ready(seconds=60)
    assert catalogue.pack.cache_info().currsize == len(services)
    assert gc.get_freeze_count() > 0
    assert closed == [True]


def test_what_there_is_no_time_for_waits_for_its_first_visitor() -> None:
    serve.make_ready(seconds=0)
    assert catalogue.pack.cache_info().currsize == 0


def test_a_database_that_is_not_prepared_keeps_nobody_from_starting(
    closed: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unprepared() -> list[object]:
        raise DatabaseError('relation "catalogue_serviceversion" does not exist')

    monkeypatch.setattr(catalogue, "current_services", unprepared)
    serve.make_ready()
    assert closed == [True]
