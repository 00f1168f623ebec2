"""The year's plan opens itself by the clock, and what is approved stands in the public plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import taskforms
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.draws import queries
from xiangyun.domain.duties import timers
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.kernel.formspec import from_json
from xiangyun.kernel.worktime import office_zone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PLAN, COMPANIES = "enforcement/inspection-plan", "enforcement/inspection:companies"
YEAR = timezone.localdate().year
DUE = datetime(YEAR, 12, 10, 9, tzinfo=office_zone())  # 1 December may be a day of rest
DRAFTED = {
    "ground": "上一年查出问题较多的行业优先（虚构）",
    "visits": 120,
    "draws": [{"draw": COMPANIES, "month": 9}, {"draw": COMPANIES, "month": 3, "note": "特种设备"}],
}


def does(case: Case, login: str, element: str, action: str, sheet: Any = None) -> None:
    """An official sees the task in the own queue, and does it."""
    client = Client(headers={"accept-language": "en"})
    client.post("/login", {"login": login, "password": PASSWORD})
    assert str(case.pk) in client.get("/office/").content.decode(), (login, element)
    who = actor(login)
    with acting_as(who):
        token = WorkItem.objects.get(case=case.pk, element=element, closed_at=None).token
        if sheet is None:
            cases.complete_task(case.pk, token, action=action, actor=who, at=DUE)
        else:
            form = taskforms.answering(case.pk, token, actor=who).form
            given = from_json(form, sheet).answers
            taskforms.answer_task(case.pk, token, given, action=action, actor=who, at=DUE)


def test_the_plan_of_next_year_opens_by_the_clock_and_is_public_once_approved() -> None:
    assert timers.begin_by_the_clock(DUE - timedelta(days=12)) == (0, [])
    assert timers.begin_by_the_clock(DUE + timedelta(minutes=2)) == (1, [])
    assert timers.begin_by_the_clock(DUE + timedelta(minutes=7)) == (0, [])
    with acting_as(SYSTEM):
        case = Case.objects.get(version__code=PLAN)
    assert case.variables["opening"]["how"] == "timer"
    assert case.division == 222404000000

    does(case, "choucha", "draft", "hand_in", DRAFTED)
    does(case, "fazhi", "review", "agree")
    with acting_as(SYSTEM):
        assert queries.plans_from(YEAR + 1) == [(YEAR + 1, [])]  # not before it is approved
    does(case, "pizhun", "approve", "approve")
    with acting_as(SYSTEM):
        ((year, planned),) = queries.plans_from(YEAR + 1)
        case.refresh_from_db()
    assert year == YEAR + 1
    assert [(each.month, each.note) for each in planned] == [(3, "特种设备"), (9, "")]
    assert case.outcome == "planned"
    shown = Client(headers={"accept-language": "en"}).get(reverse("lots:draws")).content.decode()
    assert f"Plan of {YEAR + 1}" in shown
