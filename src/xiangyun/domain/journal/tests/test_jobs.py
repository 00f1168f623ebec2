"""What is recorded is sealed without anyone asking for it."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from xiangyun.adapters.keys import signer
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions, checks, jobs, queries
from xiangyun.kernel.findings import Refused

from .conftest import WANG


def test_a_database_that_goes_away_is_no_failure_of_sealing(record, db, monkeypatch, caplog):
    with acting_as(WANG):
        record()
    sealing = actions.seal
    monkeypatch.setattr(actions, "seal", lost)
    jobs.seal(timestamp=0)
    assert "connection was lost" in caplog.text
    monkeypatch.setattr(actions, "seal", sealing)
    jobs.seal(timestamp=60)
    head = queries.latest_head()
    assert head is not None
    assert head.size == 1


def lost(at, signer):
    raise OperationalError("the connection was lost")


def test_a_damaged_tree_is_a_failure_of_sealing(db, monkeypatch):
    def damaged(at, signer):
        raise Refused([])

    monkeypatch.setattr(actions, "seal", damaged)
    with pytest.raises(Refused):
        jobs.seal(timestamp=0)


def test_the_job_seals_all_that_waits_with_the_key_of_the_instance(record, db):
    with acting_as(WANG):
        record(), record()
    jobs.seal(timestamp=0)
    jobs.seal(timestamp=60)
    head = queries.latest_head()
    assert head is not None
    assert head.size == 2
    assert head.key_id == signer().key_id
    with acting_as(SYSTEM):
        assert checks.audit(signer().trusted) == []
