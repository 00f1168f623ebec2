"""My cases: what is mine to do first, with number and date; drafts named; apply again."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Case, Draft, Material

from .conftest import LogIn, fill_in, send
from .test_following import page, press

pytestmark = pytest.mark.django_db


def cases_listed(html: str) -> list[str]:
    """The cases of a page in their order."""
    return re.findall(r'<a href="(/cases/[^"/]+)"', html)


def test_what_is_mine_to_do_comes_first_with_number_and_date(log_in: LogIn) -> None:
    wang = log_in("wang")
    first = send(wang, fill_in(wang, brand="样"))  # too short: the office asks for another
    second = send(wang, fill_in(wang, brand="样祥云乙"))
    press(log_in("shouli"), first, "correct", "字号至少两个汉字。")
    html = page(wang, "/cases")
    assert cases_listed(html) == [first, second]
    with acting_as(SYSTEM):
        number = Case.objects.get(pk=first.removeprefix("/cases/")).number
    assert number in html
    today = timezone.localdate()
    assert f"{today.year}年{today.month}月{today.day}日提交" in html


def test_a_draft_is_called_by_what_it_is_about(log_in: LogIn) -> None:
    wang = log_in("wang")
    fill_in(wang, brand="样祥云丙")
    assert "样祥云丙" in page(wang, "/cases").split("没填完的")[1]


def test_a_draft_is_deleted_with_its_files_and_only_by_its_own(log_in: LogIn) -> None:
    wang = log_in("wang")
    draft = fill_in(wang)
    address = re.sub(r"/check$", "", draft) + "/discard"
    assert log_in("li").post(address).status_code == 302
    with acting_as(SYSTEM):
        assert Draft.objects.filter(sent=False).count() == 1
    assert wang.get(address)["Location"] == "/cases"
    for _ in range(2):
        assert wang.post(address)["Location"] == "/cases"
    with acting_as(SYSTEM):
        assert not Draft.objects.exists()
        assert not Material.objects.exists()


def test_a_sent_application_is_not_deleted(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    assert wang.post(case.replace("/cases/", "/apply/") + "/discard")["Location"] == case
    assert wang.get(case).status_code == 200


def test_an_ended_case_is_applied_for_again_with_its_answers(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang, brand="样祥云丁"))
    assert "重新申请" not in page(wang, "/cases")
    assert wang.post(f"{case}/again").status_code == 409
    wang.post(f"{case}/withdraw")
    assert f'action="{case}/again"' in page(wang, "/cases")
    assert f'action="{case}/again"' in page(wang, case)
    begun = {wang.post(f"{case}/again")["Location"] for _ in range(2)}
    assert len(begun) == 1, "pressed twice, it is begun once"
    assert 'value="样祥云丁"' in page(wang, f"{begun.pop()}/pages/name")
    assert log_in("li").post(f"{case}/again").status_code == 404


def test_no_deadline_runs_while_the_clock_stands_still(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang, brand="样"))
    by = page(wang, case).split("最迟</dt>")[1].split("</dd>")[0]
    assert re.search(r"\d+年\d+月\d+日", by)
    press(log_in("shouli"), case, "correct", "字号至少两个汉字。")
    by = page(wang, case).split("最迟</dt>")[1].split("</dd>")[0]
    assert not re.search(r"\d+年\d+月\d+日", by)
    assert "暂停计时" in by
    assert "暂停计时" in page(wang, "/cases")
