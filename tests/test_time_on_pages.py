"""Time at the workbench: clocks that explain themselves, extensions, overdue work, lights."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import escalation
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import WorkItem
from xiangyun.domain.cases.ports import counting_calendar
from xiangyun.domain.cases.tests.situations import MORNING, actor, project, submitted
from xiangyun.domain.cases.tests.test_time import reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def page(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def browser(login: str) -> Client:
    client = Client()
    client.post("/login", {"as": login})
    return client


def asking(html: str) -> str:
    found = re.search(r'action="(/office/cases/[^"]+/extension)"', html)
    assert found, "no extension is offered"
    return found[1]


def late_case() -> str:
    """A case that is overdue by now, and whose overseer was told."""
    case = submitted(actor("wang"), timezone.now() - timedelta(days=30))
    escalation.escalate(at=timezone.now())
    return str(case.id)


def test_each_clock_of_a_case_has_a_line_and_explains_itself_on_demand() -> None:
    case = reviewed(project(actor("wang"), timezone.now()), timezone.now())
    for client, address in [
        (browser("zhuguan"), f"/office/cases/{case.id}"),
        (browser("wang"), f"/cases/{case.id}"),
    ]:
        html = page(client, address)
        lines = re.findall(r"<details><summary><span>([^<]*)</span>", html)
        assert lines == [
            "承诺时限 57 个工作日",
            "法定时限 120 个工作日",
            "“立项用地规划许可”阶段时限 10 个工作日",
        ]
        assert html.count("起算，当日不计。") == 3


def test_an_extension_is_asked_for_and_granted_on_the_pages_of_two_officials() -> None:
    case = submitted(actor("wang"), timezone.now())
    reviewer, approver = browser("shencha"), browser("jueding")
    html = page(reviewer, f"/office/cases/{case.id}")
    assert "交由“决定”岗位审批；批准的，期限延长 3 个工作日" in html
    answer = reviewer.post(asking(html), {"reason": " "})
    assert answer.status_code == 422
    assert 'id="f-reason-0-error"' in answer.content.decode()
    assert reviewer.post(asking(html), {"reason": "须征求意见"}).status_code == 302
    html = page(reviewer, f"/office/cases/{case.id}")
    assert "延期待批：朴样查报请延长 3 个工作日。理由：须征求意见" in html
    assert "/extension" not in html
    assert case.number in page(approver, "/office/")
    html = page(approver, f"/office/cases/{case.id}")
    assert re.findall(r'name="action" value="(\w+)"', html) == ["grant", "deny"]
    task = re.search(r'action="(/office/cases/[^"]+/tasks/platform[^"]+)"', html)
    assert task
    assert approver.post(task[1], {"action": "grant"}).status_code == 302
    html = page(browser("wang"), f"/cases/{case.id}")
    assert "延长办理期限告知书" in html
    assert "经崔样定批准延长 3 个工作日：须征求意见" in html


def test_overdue_work_stands_on_the_page_of_its_overseer_and_on_that_of_the_case() -> None:
    case = late_case()
    overseer = browser("duban")
    assert 'href="/office/overdue"' in page(overseer, "/office/")
    html = page(overseer, "/office/overdue")
    row = html[html.index(f"/office/cases/{case}") :].split("</tr>")[0]
    assert "珲春市市场监督管理局 登记科（演示） · 审查" in row
    assert "个工作日" in row
    assert re.search(
        r"“[^”]+”超期 \d+ 个工作日，已于[^<]+转督办。", page(overseer, f"/office/cases/{case}")
    )


def test_who_oversees_nothing_has_no_such_page() -> None:
    case = late_case()
    reviewer = browser("shencha")
    assert reviewer.get("/office/overdue").status_code == 404
    assert "/office/overdue" not in page(reviewer, "/office/")
    assert "转督办" in page(reviewer, f"/office/cases/{case}")
    assert browser("duban").get("/office/overdue?after=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        (date(2026, 4, 9), date(2026, 4, 23)),  # the day after is worked
        (date(2026, 4, 10), date(2026, 4, 24)),  # a weekend follows
        (date(2026, 4, 16), date(2026, 4, 30)),  # five days of holiday follow
        (date(2026, 12, 18), date(2027, 1, 1)),  # a year that is not entered: its weekends count
    ],
    ids=str,
)
def test_the_light_in_the_queue_is_that_of_the_tighter_clock(filed: date, due: date) -> None:
    """Of 10 days the stage has two left, of 57 the case has many; then the case has the fewer.

    Over the days off after the last day nothing turns red; on the first working day it does.
    """
    at = MORNING.replace(year=filed.year, month=filed.month, day=filed.day)
    case = reviewed(project(actor("wang"), at), at)
    lead, calendar = actor("zhuguan"), counting_calendar()
    with acting_as(SYSTEM):
        item = WorkItem.objects.get(case=case, element="land_decide", closed_at=None)
    assert item.due_on == due
    late = calendar.next_working_day(due + timedelta(days=1))
    days_off = [due + timedelta(days=i) for i in range(1, (late - due).days)]
    with acting_as(lead):
        for day, light in [
            (calendar.add_working_days(item.amber_on, -1), "green"),
            (item.amber_on, "amber"),
            (due, "amber"),
            *((day, "amber") for day in days_off),
            (late, "red"),
        ]:
            [row] = cases.queue(lead, today=day).rows
            assert (day, row.light, row.due_on) == (day, light, due)
        stage = cases.tightest_clock(case)
        assert (stage.name.zh, stage.due) == ("“立项用地规划许可”阶段时限", due)
        assert stage.light(item.amber_on) == "amber"
    assert case.due_on > due
