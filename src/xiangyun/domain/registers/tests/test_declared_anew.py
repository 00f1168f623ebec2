"""A version of a declaration that was rolled back leaves nothing behind."""

from __future__ import annotations

import pytest
from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.registers import queries

from .declared import FIRMS, declare


@pytest.mark.django_db
def test_a_version_after_one_that_was_rolled_back_is_read_as_it_is() -> None:
    declare()
    with transaction.atomic():
        declare(FIRMS.replace("Firms for tests", "Rolled back"))
        transaction.set_rollback(True)
    declare(FIRMS.replace("Firms for tests", "Declared anew"))
    with acting_as(SYSTEM):
        assert queries.used("firms").name.en == "Declared anew"
