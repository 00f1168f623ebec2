"""The page of a task with a form: shown, kept, sent, compared; files; what a device may keep."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.accounts.models import Mandate
from xiangyun.domain.cases import checks, taskforms
from xiangyun.domain.cases.models import Case, Evidence, TaskAnswers
from xiangyun.domain.cases.tests import visits
from xiangyun.domain.cases.tests.visits import PHOTO, filed, waiting
from xiangyun.faces.tasks.views import form
from xiangyun.kernel.findings import Stale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
JSON = {"accept": "application/json"}


@pytest.fixture
def published(demonstration: None) -> None:
    visits.publish()


def browser(login: str) -> Client:
    client = Client()
    client.post("/login", {"as": login})
    return client


def photo(name: str = "door.jpg", content: bytes = PHOTO) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def address(case: Case, login: str = "pinggu") -> str:
    return f"/tasks/{case.pk}/{waiting(case, login)}"


def outcome(case: Case) -> str:
    with acting_as(SYSTEM):
        return Case.objects.get(pk=case.pk).outcome


def base(page: HttpResponse) -> str:
    found = re.search(r'name="base" value="(\d+)"', page.content.decode())
    assert found
    return found[1]


def test_an_official_comes_from_the_case_to_the_form_and_back() -> None:
    case, client = filed(), browser("pinggu")
    desk = client.get(f"/office/cases/{case.pk}").content.decode()
    assert f'href="{address(case)}"' in desk
    assert 'name="action"' not in desk  # the buttons stand below the form
    page = client.get(address(case))
    text = page.content.decode()
    assert "走访结果" in text
    assert "记录走访" in text
    assert page.headers["Xiangyun-Keep"]
    answer = client.post(
        address(case), {"result": "at_home", "people": "2", "action": "done", "base": "0"}
    )
    assert answer.headers["Location"] == f"/office/cases/{case.pk}"
    assert outcome(case) == "seen"
    after = client.get(f"/office/cases/{case.pk}").content.decode()
    assert "填写的内容" in after
    assert "在家，情况正常" in after


def test_wrong_answers_stay_on_the_page_with_what_was_typed() -> None:
    case, client = filed(), browser("pinggu")
    page = client.post(address(case), {"result": "at_home", "people": "99", "action": "done"})
    assert page.status_code == 422
    assert 'value="99"' in page.content.decode()
    assert outcome(case) == ""


def test_without_a_script_it_is_kept_with_its_photos_and_sent_later() -> None:
    case, client = filed(), browser("pinggu")
    kept = client.post(
        address(case),
        {"remark": "路上", "save": "1", "base": "0", "photos": [photo()]},
        follow=True,
    )
    text = kept.content.decode()
    assert base(kept) == "1"
    assert "door.jpg" in text
    with acting_as(SYSTEM):
        (file,) = Evidence.objects.filter(case=case)
    shown = client.get(f"/tasks/{case.pk}/files/{file.pk}")
    assert (shown.headers["Content-Type"], shown.content) == ("image/jpeg", PHOTO)
    client.post(address(case), {"remove": str(file.pk), "remark": "路上", "base": "1"})
    with acting_as(SYSTEM):
        assert not Evidence.objects.filter(case=case).exists()
    client.post(address(case), {"result": "nobody", "action": "done", "base": "1"})
    with acting_as(SYSTEM):
        assert TaskAnswers.objects.get(case=case).answers["remark"] is None


def test_a_photo_that_is_none_is_told_beside_its_question() -> None:
    case, client = filed(), browser("pinggu")
    page = client.post(
        address(case),
        {"result": "nobody", "action": "done", "photos": [photo(content=b"MZ a program")]},
    )
    assert page.status_code == 422
    assert "与它的扩展名不符" in page.content.decode()


def test_two_devices_are_shown_beside_each_other_and_one_chooses() -> None:
    case, client, other = filed(), browser("pinggu"), browser("yanglao")
    where = address(case)
    other.post(where, {"result": "needs_help", "people": "4", "save": "1", "base": "0"})
    page = client.post(
        where, {"result": "at_home", "people": "2", "remark": "好", "action": "done", "base": "0"}
    )
    text = page.content.decode()
    assert page.status_code == 409
    assert "在家，情况正常" in text
    assert "需要帮助" in text
    assert outcome(case) == ""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    assert (hidden["people"], hidden["base"]) == ("2", "1")
    client.post(
        where, {**hidden, "choose.people": "there", "choose.result": "here", "action": "done"}
    )
    with acting_as(SYSTEM):
        assert Case.objects.get(pk=case.pk).variables["tasks"]["visit"] | {"photos": None} == {
            "result": "at_home",
            "people": 4,
            "meals": None,
            "remark": "好",
            "photos": None,
        }


def test_the_script_of_the_page_keeps_and_hears_of_another_device() -> None:
    case, client = filed(), browser("pinggu")
    where = address(case)
    first = client.post(where, {"remark": "一", "save": "1", "base": "0"}, headers=JSON)
    assert first.json() == {"revision": 1}
    late = client.post(where, {"remark": "二", "save": "1", "base": "0"}, headers=JSON)
    assert late.status_code == 409
    wrong = client.post(where, {"result": "at_home", "action": "done", "base": "1"}, headers=JSON)
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["id"] == "f-people"


def test_what_a_script_sends_is_said_where_it_leads_or_by_itself() -> None:
    for leads in ({}, {"leads": "1"}):
        case, client = filed(), browser("pinggu")
        sent = {"result": "nobody", "action": "done", "base": "0", **leads}
        said = client.post(address(case), sent, headers=JSON).json()
        assert "已提交" in said["message"]
        assert ("已提交" in client.get(said["next"]).content.decode()) == bool(leads)


def test_what_a_device_sends_twice_counts_once() -> None:
    case, client, key, of_photo = filed(), browser("pinggu"), str(uuid4()), str(uuid4())
    where = address(case)
    add = where.replace(f"{case.pk}/", f"{case.pk}/add/")
    for _ in range(2):
        kept = client.post(
            add, {"question": "photos", "key": of_photo, "file": photo()}, headers=JSON
        )
        assert kept.json()["id"] == of_photo
    answers = [
        client.post(
            where, {"result": "nobody", "action": "done", "base": "0", "key": key}, headers=JSON
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    with acting_as(SYSTEM):
        assert Evidence.objects.filter(case=case).count() == 1
        assert TaskAnswers.objects.filter(case=case).count() == 1
    other = {"result": "at_home", "people": "1", "action": "done", "key": str(uuid4())}
    assert client.post(where, other, headers=JSON).status_code == 410


def test_what_a_device_sends_twice_at_the_same_time_is_no_conflict_of_two_devices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second finds the case still open, waits for the first, and then comes too late."""
    case, client, key = filed(), browser("pinggu"), str(uuid4())
    where = address(case)

    def first_one_was_faster(*given: Any, **more: Any) -> Case:
        taskforms.answer_task(*given, **more)
        raise Stale([checks.ANSWERED_ELSEWHERE])

    monkeypatch.setattr(form, "taskforms", SimpleNamespace(**vars(taskforms)))
    monkeypatch.setattr(form.taskforms, "answer_task", first_one_was_faster)
    sent = {"result": "nobody", "action": "done", "base": "0", "key": key}
    answer = client.post(where, sent, headers=JSON)
    assert answer.status_code == 200, answer.content
    with acting_as(SYSTEM):
        assert TaskAnswers.objects.filter(case=case).count() == 1
    # Another sender's answers are a conflict as before.
    other = filed()
    monkeypatch.setattr(form.taskforms, "was_sent", lambda *_, **__: False)
    sent |= {"key": str(uuid4())}
    assert client.post(address(other), sent, headers=JSON).status_code == 409


def test_what_was_sent_counts_also_where_its_sender_may_not_see_the_case_any_more() -> None:
    case, client, key = filed(), browser("pinggu"), str(uuid4())
    sent = {"result": "nobody", "action": "done", "base": "0", "key": key}
    where = address(case)
    assert client.post(where, sent, headers=JSON).status_code == 200
    with acting_as(SYSTEM):
        for mandate in Mandate.objects.filter(account__login="pinggu"):
            accounts.end_mandate(mandate.pk, on=None, today=timezone.localdate())
    again = client.post(where, sent, headers=JSON)
    assert (again.status_code, again.json()["next"]) == (200, "/tasks/")
    for other in ({**sent, "key": str(uuid4())}, {**sent, "key": "no key"}):
        assert client.post(where, other, headers=JSON).status_code in (403, 404)
    assert browser("wang").post(where, sent, headers=JSON).status_code in (403, 404)


def test_an_applicant_fills_in_a_form_and_sees_own_answers_only() -> None:
    case, official, wang = filed(), browser("pinggu"), browser("wang")
    official.post(address(case), {"result": "needs_help", "people": "6", "action": "done"})
    own = f"/tasks/{case.pk}/{waiting(case, 'wang')}"
    assert own in wang.get(f"/cases/{case.pk}").content.decode()
    assert own in wang.get("/tasks/").content.decode()
    wang.post(own, {"wish": "meals", "action": "done"})
    page = wang.get(f"/cases/{case.pk}").content.decode()
    assert '<p class="note" role="status">已提交：' in page
    assert "送餐" in page
    assert "家里有几个人" not in page
    assert "家里有几个人" in official.get(f"/office/cases/{case.pk}").content.decode()


def test_a_neighbour_finds_the_own_form_and_answers_it() -> None:
    case, official, wang = filed(**visits.NEIGHBOUR), browser("pinggu"), browser("wang")
    official.post(address(case), {"result": "needs_help", "people": "1", "action": "done"})
    wang.post(address(case, "wang"), {"wish": "care", "action": "done"})
    li, own = browser("li"), address(case, "li")
    assert own in li.get("/tasks/").content.decode()
    assert "您知道的情况" in li.get(own).content.decode()
    answer = li.post(own, {"words": "看见他摔了。", "action": "done"})
    assert answer.headers["Location"] == "/tasks/"
    assert outcome(case) == "helped"
    assert wang.get(own).status_code in (302, 403)
    assert "看见他摔了" not in wang.get(f"/cases/{case.pk}").content.decode()


def test_strangers_find_no_task_and_no_photo() -> None:
    case, official = filed(), browser("pinggu")
    where = address(case)
    official.post(where, {"save": "1", "base": "0", "photos": [photo()]})
    with acting_as(SYSTEM):
        (file,) = Evidence.objects.filter(case=case)
    for login in ("li", "shencha"):
        client = browser(login)
        assert client.get(where).status_code == 404
        assert client.get(f"/tasks/{case.pk}/files/{file.pk}").status_code == 404
        assert client.post(where, {"result": "nobody", "action": "done"}).status_code == 404
    wang = browser("wang")  # sees the case, and not what the office notes of it
    assert wang.get(where).status_code == 403
    assert wang.get(f"/tasks/{case.pk}/files/{file.pk}").status_code == 404
    assert Client().get(where).status_code == 302


def test_a_device_is_told_whose_pages_it_keeps_and_forgets_them_at_the_log_out() -> None:
    case, pinggu, yanglao = filed(), browser("pinggu"), browser("yanglao")
    marks = [client.get("/tasks/ready").json()["account"] for client in (pinggu, yanglao)]
    assert marks[0] != marks[1]
    assert pinggu.get(address(case)).headers["Xiangyun-Keep"] == marks[0]
    assert "Xiangyun-Keep" not in pinggu.get(f"/office/cases/{case.pk}").headers
    worker = pinggu.get("/tasks/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in worker.headers  # no further than its own path
    assert pinggu.post("/logout").headers["Clear-Site-Data"] == '"storage"'


def test_a_page_is_shown_again_with_a_row_more_and_everything_typed() -> None:
    case, client = filed(), browser("pinggu")
    page = client.post(address(case), {"remark": "在写", "find": "place", "base": "0"})
    assert "在写" in page.content.decode()
