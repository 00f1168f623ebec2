"""A database in which tests commit: for several connections at once, and for the real worker."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from xiangyun.adapters import postgres

from . import waiting


@pytest.fixture(scope="module")
def committing(_prepared: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A copy of the prepared database for one module, in which every step is really committed."""
    settings = [connections[alias].settings_dict for alias in ("default", "owner")]
    usual, copy = settings[0]["NAME"], f"test_committing_{os.getpid()}"
    server = postgres.owner_of(connections)
    with django_db_blocker.unblock():
        connections.close_all()  # nobody may be connected to what is copied
        postgres.copy_database(server, usual, copy)
        for each in settings:
            each["NAME"] = copy
        try:
            waiting.publish()
            yield
        finally:
            connections.close_all()
            for each in settings:
                each["NAME"] = usual
            postgres.drop_database(server, copy)
