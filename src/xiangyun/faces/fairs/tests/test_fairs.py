"""Fairs: the plan for everybody, interviews for whoever has them, arrivals by the pass."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.registers import actions as registration
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.fairs import known as fairs
from xiangyun.faces.fairs.jobs import plan
from xiangyun.faces.fairs.views import plan as pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PLAN = "/fairs/graduate_fair/"
DESK = "/office/fairs/graduate_fair/"


def client(login: str = "") -> Client:
    found = Client()
    if login:
        assert found.post("/login", {"as": login}).status_code == 302
    return found


def page(address: str, login: str = "", status: int = 200) -> str:
    answer = client(login).get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_plan_shows_booths_and_talks_to_everybody() -> None:
    shown = page(PLAN)
    assert "样山汽车零部件有限公司（虚构）" in shown
    assert shown.index("A001") < shown.index("B001")
    assert "现代物流的一天（虚构）" in shown
    assert "S-0001" not in shown


@pytest.mark.parametrize(("after", "said"), [(0, False), (1, True)])
def test_a_fair_that_is_over_says_so(
    monkeypatch: pytest.MonkeyPatch, after: int, said: bool
) -> None:
    [fair] = fairs.fairs()
    monkeypatch.setattr(timezone, "localdate", lambda *_: fair.on + timedelta(days=after))
    for address in ("/fairs/", PLAN):
        assert ("已结束" in page(address)) is said


@pytest.mark.parametrize("words", ["样祥", "yangxiang", "yx", "仓储管理员", "Q-001"])
def test_who_is_at_the_fair_is_found_by_words_pinyin_and_number(words: str) -> None:
    shown = page(f"{PLAN}?text={words}")
    assert 'class="wanted"' in shown or "仓储管理员（虚构）" in shown
    assert 'class="wanted"' not in page(f"{PLAN}?text=nobody")


def test_an_exhibitor_has_a_page_with_what_it_offers() -> None:
    shown = page(f"{PLAN}exhibitors/Q-002/")
    assert "模具工程师（虚构）" in shown
    assert "A001" in shown
    assert "制造业" in shown  # its section of industry in words
    assert "仓储管理员（虚构）" not in shown
    compare = re.search(r'href="(/resume/\?post=[^"]+)"', shown)
    assert compare is not None
    assert "电工证" in page(compare[1])
    page(f"{PLAN}exhibitors/Q-999/", status=404)


def test_an_exhibitor_with_many_offers_has_them_on_several_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "_OFFERS", 1)
    first = page(f"{PLAN}exhibitors/Q-002/")
    assert "模具工程师（虚构）" in first
    following = re.search(r'href="(\?after=[^"]+)"', first)
    assert following is not None
    assert "模具工程师（虚构）" not in page(f"{PLAN}exhibitors/Q-002/{following[1]}")
    page(f"{PLAN}exhibitors/Q-002/?after=nothing", status=404)


def test_interviews_are_shown_to_whoever_has_them_and_nobody_else() -> None:
    own = page(f"{PLAN}mine/", "wang")
    assert "B001-1" in own
    assert "data:image/svg+xml" in own
    assert "B001-1" not in page(f"{PLAN}mine/", "li")
    assert client().get(f"{PLAN}mine/").status_code == 302


def test_a_pass_is_scanned_and_the_arrival_stands_in_the_register() -> None:
    desk = client("jiuye")
    assert desk.get(f"{DESK}?who=S-0O01").status_code == 422
    before = desk.get(f"{DESK}?who=S-0001").content.decode()
    assert "S-0001@G-0001" in before
    answer = desk.post(f"{DESK}arrivals/", {"who": "S-0001"}, follow=True)
    assert "已签到" in answer.content.decode()
    with acting_as(SYSTEM):
        first = registers.state("fair_arrival", "S-0001")
    desk.post(f"{DESK}arrivals/", {"who": "S-0001"})
    with acting_as(SYSTEM):
        again = registers.state("fair_arrival", "S-0001")
    assert first is not None
    assert again is not None
    assert first.fact == again.fact
    assert (first.data or {})["side"] == "demand"


def test_nobody_arrives_by_a_number_that_is_none_or_for_officials_of_other_matters() -> None:
    answer = client("jiuye").post(f"{DESK}arrivals/", {"who": "S-9999"})
    assert answer.status_code == 422
    assert "S-9999" in answer.content.decode()
    other = client("minzheng").post(f"{DESK}arrivals/", {"who": "S-0001"})
    assert other.status_code in (403, 404, 422)
    with acting_as(SYSTEM):
        assert registers.state("fair_arrival", "S-0001") is None
    assert client("wang").get(DESK).status_code == 404


def test_passes_are_printed_with_their_codes() -> None:
    shown = page(f"{DESK}passes/", "jiuye")
    assert shown.count("data:image/svg+xml") == 2
    assert "Q-002" in shown


def test_a_fair_is_planned_from_its_registers_by_who_may_write_the_plan() -> None:
    planner = client("jiuye")
    for nobody in ("wang", "minzheng"):
        assert client(nobody).get(f"{DESK}planning/").status_code == 404
        assert client(nobody).post(f"{DESK}planning/begin/").status_code == 404
    begun = planner.post(f"{DESK}planning/begin/", follow=True).content.decode()
    assert "正在编排" in begun
    queued = ProcrastinateJob.objects.filter(task_name="fairs.plan").get()
    plan(**queued.args)
    assert "编排好了" in planner.get("/messages/").content.decode()
    shown = page(PLAN)
    assert "样山汽车零部件有限公司（虚构）" in shown
    assert "S-0001@G-0001" in page(f"{DESK}?who=S-0001", "jiuye")


def test_a_new_plan_takes_in_who_came_since_and_ends_what_it_no_longer_says() -> None:
    plan("graduate_fair", account("jiuye"))
    with acting_as(SYSTEM):
        before = registers.lookup("fair_booth", "exhibitor", "Q-002")
        registration.end(
            "fair_company", "Q-002", on=timezone.localdate(), why="退出", source="x",
            at=timezone.now(),
        )  # fmt: skip
        registration.end(
            "fair_post", "G-0002", on=timezone.localdate(), why="退出", source="x",
            at=timezone.now(),
        )  # fmt: skip
    assert before
    plan("graduate_fair", account("jiuye"))
    with acting_as(SYSTEM):
        assert not registers.lookup("fair_booth", "exhibitor", "Q-002")
        assert registers.lookup("fair_booth", "exhibitor", "Q-001")


def test_once_somebody_has_come_the_plan_stays() -> None:
    desk = client("jiuye")
    desk.post(f"{DESK}arrivals/", {"who": "S-0001"})
    answer = desk.post(f"{DESK}planning/begin/")
    assert answer.status_code == 409
    assert "已经有人签到" in answer.content.decode()


def test_what_cannot_be_planned_is_told_to_who_asked() -> None:
    with acting_as(SYSTEM):
        registration.end(
            "fair_company", "Q-002", on=timezone.localdate(), why="退出", source="x",
            at=timezone.now(),
        )  # fmt: skip
    plan("graduate_fair", account("jiuye"))
    assert "没有编排成" in page("/messages/", "jiuye")


def test_who_takes_part_says_what_became_of_an_interview() -> None:
    contact = "/offers/contacts/graduate_post/S-0001@G-0001/"
    company, student = client("cangchu"), client("wang")
    told = {"outcome": "signed", "offered_on": "2026-04-20", "signed_on": "2026-05-06",
            "division": "珲春市", "small_company": "true"}  # fmt: skip
    answer = company.post(f"{contact}tell/", told)
    assert answer.status_code == 302, answer.content.decode()
    assert student.post(f"{contact}tell/", {"insured_months": "6"}).status_code == 302
    shown = student.get(contact).content.decode()
    assert "签订劳动合同" in shown
    assert "留省就业补贴" in shown  # who is entitled to what, by the rules of the subsidies
    with acting_as(SYSTEM):
        state = registers.state("fair_interview", "S-0001@G-0001")
    assert state is not None
    assert (state.data or {})["division"] == "222404000000"
    assert client("li").get(contact).status_code == 404
    # the student does not say what the company signed
    student.post(f"{contact}tell/", {"outcome": "declined"})
    assert "签订劳动合同" in student.get(contact).content.decode()


def test_the_plan_leads_to_registration_and_to_advice() -> None:
    shown = page(PLAN)
    for way in ("/offers/mine/of/fair_company/", "/bookings/of/jobs/graduate-fair:legal-aid/"):
        assert way in shown
    assert "graduate_post/S-0001@G-0001" in page(f"{PLAN}mine/", "wang")


def account(login: str) -> str:
    found = accounts.account_id_of(login)
    assert found is not None
    return str(found)
