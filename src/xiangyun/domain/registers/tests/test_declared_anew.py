"""A version of a declaration that was rolled back leaves nothing behind."""

from __future__ import annotations

import pytest
from django.db import transaction

from xiangyun.domain.accounts import keys
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.test_sealed import saying
from xiangyun.domain.registers import actions, comparison, queries

from .declared import AT, FIRMS, declare, firm


@pytest.mark.django_db
def test_a_version_after_one_that_was_rolled_back_is_read_as_it_is() -> None:
    declare()
    with transaction.atomic():
        declare(FIRMS.replace("Firms for tests", "Rolled back"))
        transaction.set_rollback(True)
    declare(FIRMS.replace("Firms for tests", "Declared anew"))
    with acting_as(SYSTEM):
        assert queries.used("firms").name.en == "Declared anew"


@pytest.mark.django_db
def test_what_was_recorded_before_its_field_was_sensitive_is_encrypted_by_the_rotation() -> None:
    secret = FIRMS.replace(
        "words: {zh-Hans: 资本, en: Capital}, searched: number", "sensitive: true"
    )
    assert secret != FIRMS
    keys.rotate(AT)  # what the demonstration holds is up to date before
    declare()
    for key in ("A1", "A2"):
        data = firm(key, "样一", capital="4711.25", phone="13900000000")
        actions.record("firms", key, data, valid_from=AT.date(), source="t", at=AT)
    actions.correct("firms", "A1", {"capital": "4711.26"}, why="误", source="t", at=AT)
    declare(secret)
    actions.record(
        "firms",
        "A3",
        firm("A3", "样三", capital="4711.27"),
        valid_from=AT.date(),
        source="t",
        at=AT,
    )
    assert "registers_fact" in saying("4711.2")
    assert keys.rotate(AT)["registers"] == 3
    assert saying("4711.2") == set()
    assert keys.rotate(AT)["registers"] == 0
    with acting_as(SYSTEM):
        state = queries.state("firms", "A1", opened=True)
        assert state is not None
        print(state)
        assert (state.data or {})["capital"] == "4711.26"
        assert list(comparison.compare()) == []  # the proofs hold
