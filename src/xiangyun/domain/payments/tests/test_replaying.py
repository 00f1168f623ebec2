"""Past cases with fees are walked again from their record: what was paid stays as it was."""

from __future__ import annotations

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import queries
from xiangyun.domain.cases.replaying import replayed
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.payments import settling
from xiangyun.domain.payments.tests.digging import asked, brought, case_now, order_of, paid, take
from xiangyun.domain.payments.tests.test_refunds import dug, paid_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_paid_expired_and_withdrawn_cases_come_out_as_they_did() -> None:
    done = dug(paid_case(), "3.84")
    expired = asked()
    settling.sweep(order_of(expired).due_at)
    brought(expired)
    withdrawn = asked()
    cases.withdraw_case(withdrawn.pk, actor=actor("wang"), at=timezone.now())
    back = asked()
    take(paid(order_of(back)))
    brought(back)
    cases.withdraw_case(back.pk, actor=actor("wang"), at=timezone.now())
    ended = [case_now(case) for case in (done, expired, withdrawn, back)]
    assert [case.outcome for case in ended] == [
        "road_dug",
        "fee_lapsed",
        "digging_withdrawn",
        "digging_withdrawn",
    ]
    with acting_as(SYSTEM):
        pack = queries.pack_of(done)
        for made in replayed(pack, pack, ended):
            assert made.reproduced, (made.old, made.recorded.recorded_events)
            assert not made.differs
