"""A database in which tests commit: for several connections at once, and for the real worker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.db import connections

from xiangyun.adapters import postgres

from . import waiting


@pytest.fixture(scope="module")
def committing(
    _prepared: None,
    inside_database: Callable[[str], AbstractContextManager[str]],
) -> Iterator[None]:
    """A copy of the prepared database for one module, in which every step is really committed."""
    usual = connections["default"].settings_dict["NAME"]
    copy = f"test_committing_{os.getpid()}"
    with inside_database(copy) as server:  # nobody is connected to what is copied
        postgres.copy_database(server, usual, copy)
        waiting.publish()
        yield
