"""The workbench: its queue, one case, the buttons, and filing for a citizen."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases import actions, drafts
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.formspec import from_json

pytestmark = pytest.mark.django_db
SERVICE = "market/company-registration"


@pytest.fixture
def log_in(demonstration: None):
    """A browser in which this fictitious person is logged in."""

    def made(login: str) -> Client:
        client = Client()
        client.post("/login", {"as": login})
        return client

    return made


def filed(brand: str) -> str:
    """A case that Wang has filed; its id."""
    wang = accounts.actor_by_password("wang", "xiangyun")
    assert wang is not None
    person = {"name": "王样云", "id_number": "222404199203150027"}
    answers = {
        "name_prefix": "珲春市",
        "brand": brand,
        "industry": "G59",
        "industry_words": "冷链物流",
        "name_form": "有限公司",
        "premises_division": "222404001001",
        "premises_detail": "靖和街道（虚构）口岸大路12号",
        "premises_kind": "rented",
        "capital": 100,
        "shareholders": [{**person, "amount": 100, "paid_in_by": "2029-12-31"}],
        "legal_representative": "王样云",
        "legal_representative_id": person["id_number"],
        "legal_representative_post": "director",
        "supervisor": "李样山",
        "scope": ["cold_storage"],
        "articles": "model",
        "bank": "frontier",
        "paper_licence": "none",
        "promise": True,
    }
    with acting_as(wang):
        now = timezone.now()
        draft = drafts.start_draft(SERVICE, actor=wang, at=now)
        form = catalogue.pack(draft.version_id).form
        drafts.keep_answers(draft.id, from_json(form, answers).answers, actor=wang, at=now)
        drafts.add_material(
            draft.id,
            form.question("premises_proof"),
            name="租赁合同（虚构）.pdf",
            media_type="application/pdf",
            content=b"%PDF-1.4",
            actor=wang,
            at=now,
        )
        return str(actions.submit_case(draft.id, actor=wang, at=now).id)


def task_of(html: str) -> str:
    found = re.search(r'action="(/office/cases/[^"]+/tasks/[^"]+)"', html)
    assert found, "no button is offered"
    return found[1]


def test_the_queue_shows_a_case_on_one_line_with_days_left(log_in) -> None:
    case = filed("样祥云甲")
    html = log_in("shencha").get("/office/").content.decode()
    row = html[html.index(f"/office/cases/{case}") :].split("</tr>")[0]
    assert "王样云" in row
    assert "天" in row


def test_the_queue_of_another_place_is_empty(log_in) -> None:
    case = filed("样祥云乙")
    other = log_in("gongzhuling")
    assert case not in other.get("/office/").content.decode()
    assert other.get(f"/office/cases/{case}").status_code == 404


def test_filters_keep_only_what_fits(log_in) -> None:
    case = filed("样祥云丙")
    client = log_in("shencha")
    assert case in client.get("/office/?q=样祥云丙").content.decode()
    assert case not in client.get("/office/?q=没有的公司").content.decode()
    assert case not in client.get("/office/?light=red").content.decode()
    assert client.get("/office/?light=blue").status_code == 404
    assert client.get("/office/?after=nonsense").status_code == 404


def test_only_the_buttons_that_the_process_allows_are_there(log_in) -> None:
    case = filed("样祥云丁")
    html = log_in("shencha").get(f"/office/cases/{case}").content.decode()
    assert re.findall(r'name="action" value="(\w+)"', html) == ["agree", "disagree"]
    html = log_in("jueding").get(f"/office/cases/{case}").content.decode()
    assert 'name="action"' not in html
    assert "不由您办理" in html


def primary(html: str) -> str:
    found = re.search(r'class="button wide(?: grave primary)?"\s+name="action" value="(\w+)"', html)
    assert found
    return found[1]


def test_the_primary_button_follows_what_the_rules_found(log_in) -> None:
    one_sign = log_in("shouli").get(f"/office/cases/{filed('样')}").content.decode()
    assert "须补正" in one_sign
    assert primary(one_sign) == "correct"
    clean = log_in("shencha").get(f"/office/cases/{filed('样祥云主')}").content.decode()
    assert primary(clean) == "agree"


def test_every_button_says_what_it_will_cause(log_in) -> None:
    case = filed("样祥云戊")
    html = log_in("shencha").get(f"/office/cases/{case}").content.decode()
    for described in re.findall(r'name="action"[^>]*aria-describedby="([^"]+)"', html):
        effect = re.search(rf'id="{described}">(.*?)</p>', html, re.S)
        assert effect
        assert len(effect[1].strip()) > 10


def test_a_missing_reason_is_asked_for_beside_the_field(log_in) -> None:
    case = filed("样祥云己")
    client = log_in("shencha")
    task = task_of(client.get(f"/office/cases/{case}").content.decode())
    answer = client.post(task, {"action": "disagree", "note": "  "})
    assert answer.status_code == 422
    assert 'id="f-note-error"' in answer.content.decode()


def test_a_second_press_is_told_that_it_did_nothing(log_in) -> None:
    case = filed("样祥云庚")
    client = log_in("shencha")
    task = task_of(client.get(f"/office/cases/{case}").content.decode())
    assert client.post(task, {"action": "agree"}).status_code == 302
    again = client.post(task, {"action": "agree"})
    assert again.status_code == 409
    assert "没有执行" in again.content.decode()


def test_who_decides_sees_what_was_said_before(log_in) -> None:
    case = filed("样祥云壬")
    client = log_in("shencha")
    task = task_of(client.get(f"/office/cases/{case}").content.decode())
    client.post(task, {"action": "agree", "note": "材料齐全，建议登记"})
    html = log_in("jueding").get(f"/office/cases/{case}").content.decode()
    findings = html[html.index('id="findings"') : html.index('id="acts"')]
    assert "材料齐全，建议登记" in findings
    assert "朴样查" in findings


def test_findings_come_with_the_law(log_in) -> None:
    case = filed("国务院")
    html = log_in("shouli").get(f"/office/cases/{case}").content.decode()
    findings = html[html.index('id="findings"') : html.index('id="acts"')]
    assert 'class="finding"' in findings
    assert "《" in findings


def test_files_are_downloads_for_those_who_may_see_the_case(log_in) -> None:
    case = filed("样祥云辛")
    client = log_in("shencha")
    html = client.get(f"/office/cases/{case}").content.decode()
    file = re.search(rf'href="(/cases/{case}/files/[^"]+)"', html)
    assert file
    assert "attachment" in client.get(file[1])["Content-Disposition"]
    assert log_in("li").get(file[1]).status_code == 404


def test_a_desk_files_for_a_citizen_through_the_same_pages(log_in) -> None:
    desk = log_in("bangban")
    found = desk.post("/office/file", {"id_number": "222404198807210014"}).content.decode()
    assert "李样山" in found
    answer = desk.post(f"/office/file/{SERVICE}", {"id_number": "222404198807210014"})
    html = desk.get(answer["Location"], follow=True).content.decode()
    assert "正在代" in html
    assert "李样山" in html


@pytest.mark.parametrize("number", ["222404198807210015", "12", "222404199001011239"])
def test_a_wrong_number_at_the_desk_keeps_what_was_typed(log_in, number: str) -> None:
    answer = log_in("bangban").post("/office/file", {"id_number": number})
    assert answer.status_code == 422
    assert number in answer.content.decode()
    assert 'id="f-id_number-error"' in answer.content.decode()


def test_only_a_desk_files_for_others(log_in) -> None:
    assert log_in("shencha").get("/office/file").status_code == 404
    answer = log_in("shencha").post(f"/office/file/{SERVICE}", {"id_number": "222404198807210014"})
    assert answer.status_code == 404


def test_cases_at_the_same_step_share_their_drawing(log_in, monkeypatch) -> None:
    first, second = filed("样祥云壹"), filed("样祥云贰")
    client = log_in("shencha")
    client.get(f"/office/cases/{first}")

    def fails(*_: object) -> str:
        raise AssertionError("drawn anew")

    monkeypatch.setattr("xiangyun.faces.look.drawings.draw", fails)
    assert "<svg" in client.get(f"/office/cases/{second}").content.decode()


def test_a_page_of_a_case_asks_once_which_calendar_stands(log_in) -> None:
    case = filed("样祥云叁")
    client = log_in("shencha")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/office/cases/{case}").status_code == 200
    statements = [query["sql"] for query in asked]
    assert sum("FROM calendar_edition" in statement for statement in statements) == 1
    selects = [each for each in statements if each.startswith("SELECT")]
    assert len(selects) <= 11, "a page stays quick by asking little"
