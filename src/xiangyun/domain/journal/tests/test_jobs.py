"""What is recorded is sealed without anyone asking for it."""

from __future__ import annotations

from xiangyun.adapters.keys import signer
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import checks, jobs, queries

from .conftest import WANG


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
