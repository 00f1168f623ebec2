"""The demonstration has what a draw needs: a company, inspectors, and two clerks."""

from __future__ import annotations

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.draws import actions, jobs
from xiangyun.domain.draws.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
COMPANIES = "enforcement/inspection:companies"


def test_the_demonstration_draws_a_company_and_its_inspection_opens() -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    one, other = actor("choucha"), actor("jiebai")
    actions.plan(COMPANIES, today.year, today.month, actor=one, at=now)
    beacon = {"kind": "public", "what": "lottery"}
    made = actions.order(COMPANIES, today, beacon, actor=one, at=now)
    actions.reveal(made.number, {"value": "3 8 15"}, actor=other, at=now)
    jobs.open_drawn(timestamp=0)
    with acting_as(SYSTEM):
        (visit,) = Visit.objects.all()
        assert len(visit.inspectors) == 3
        assert Case.objects.get(pk=visit.case).version.code == "enforcement/inspection"
