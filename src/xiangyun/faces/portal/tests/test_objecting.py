"""Objecting to what a register says: from the record's page to the new fact, as people press it."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import escalation, objecting
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.cases.tests.test_escalation import before_the_overseer, escalated
from xiangyun.domain.cases.tests.test_sealed import saying
from xiangyun.domain.cases.tests.test_time import after, on
from xiangyun.domain.registers import actions, queries
from xiangyun.domain.registers.tests.declared import AT, FIRMS, declare, firm
from xiangyun.kernel.codes.department import number_of
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.service.secrecy import SEALED

from .conftest import LogIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
OBJECTING = FIRMS.replace("prefill: all", "prefill: all\nobjection: records/record-objection")


def _record(text: str = OBJECTING, owner: str = "wang") -> None:
    declare(text)
    actions.record(
        "firms",
        "A1",
        firm("A1", "样祥一厂", status="open", phone="13900000000", capital="500000.00"),
        valid_from=date(2026, 1, 1),
        source="登记机关",
        at=AT,
        holder=actor(owner).account,
    )


def _address(client: Client) -> str:
    page = client.get("/account/records").content.decode()
    [found] = re.findall(r'href="(/account/records/firms/\d+)"', page)
    return str(found)


def _object(client: Client, field: str) -> str:
    """Begin an objection to a field; the address of the draft."""
    answer = client.post(_address(client) + "/object", {"field": field})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def _send(client: Client, draft: str, proposed: str) -> str:
    """Fill in what is right and send it; the page that it leads to."""
    client.get(draft)
    told = client.get(f"{draft}/pages/what").content.decode()
    client.post(f"{draft}/pages/what")
    client.post(f"{draft}/pages/right", {"proposed": proposed, "reason": "执照上不是这样"})
    sent = client.post(f"{draft}/check", follow=True)
    return told + sent.content.decode()


def _decide(login: str, log_in: LogIn, action: str, note: str = "") -> str:
    client = log_in(login)
    with acting_as(SYSTEM):
        case = Case.objects.get()
    here = f"/office/cases/{case.pk}"
    page = client.get(here).content.decode()
    task = re.findall(rf'method="post" action="({here}/tasks/[^"/]+)"', page)[0]
    answer = client.post(task, {"action": action, "note": note}, follow=True)
    return answer.content.decode() + client.get(here).content.decode()


def _state() -> dict[str, object]:
    with acting_as(SYSTEM):
        found = queries.state("firms", "A1")
    assert found is not None
    return dict(found.data or {})


def test_a_value_is_objected_to_and_corrected_with_both_in_the_history(log_in: LogIn) -> None:
    _record()
    client = log_in("wang")
    before = _address(client)
    draft = _object(client, "status")
    page = _send(client, draft, "注销")
    assert "测试法人库" in page
    assert "open" in page
    with acting_as(SYSTEM):
        case = Case.objects.get()
    assert case.matter == number_of("market_supervision")
    assert "正在办理" in client.get(before).content.decode()
    _decide("jueding", log_in, "correct")
    assert _state()["status"] == "closed"
    history = client.get(before).content.decode()  # the address of the fact that was corrected
    assert history.count(case.number) == 2  # the objection, and the source of the new fact
    assert "已被更正" in history
    assert "已更正" in history
    letter = client.get(f"/cases/{case.pk}").content.decode()
    assert "王样云：" in letter  # whom no question asked for a name is addressed by name, too
    office = log_in("shencha").get("/office/registers/firms/A1").content.decode()
    assert "提出异议" in office
    assert case.number in office


def test_a_refusal_changes_nothing_and_stands_in_the_history(log_in: LogIn) -> None:
    _record()
    client = log_in("wang")
    _send(client, _object(client, "name"), "样祥二厂")
    _decide("jueding", log_in, "refuse", "与档案一致")
    assert _state()["name"] == "样祥一厂"
    assert "不予更正" in client.get(_address(client)).content.decode()


def test_what_is_proposed_is_read_by_the_type_of_the_field_when_it_is_sent(log_in: LogIn) -> None:
    _record()
    client = log_in("wang")
    draft = _object(client, "founded")
    assert "日期，如 2026-04-09" in _send(client, draft, "去年春天")
    with acting_as(SYSTEM):
        assert not Case.objects.exists()
    _send(client, draft, "2025-03-01")
    _decide("jueding", log_in, "correct")
    assert _state()["founded"] == "2025-03-01"


def test_an_answer_that_is_late_comes_before_the_overseer_and_the_mark_stays_until_it_comes(
    log_in: LogIn,
) -> None:
    _record()
    client = log_in("wang")
    draft = _object(client, "status")
    for page, typed in (("what", {}), ("right", {"proposed": "注销", "reason": "已注销"})):
        client.get(draft)
        client.post(f"{draft}/pages/{page}", typed)
    wang = actor("wang")
    with acting_as(wang):
        case = cases.submit_case(UUID(draft.rpartition("/")[2]), actor=wang, at=MORNING)
    last = after(10)
    escalation.escalate(at=on(last))
    assert before_the_overseer(last) == []
    late = after(11)
    escalation.escalate(at=on(late))
    [row] = before_the_overseer(late)
    assert (row.case_id, row.due_on, row.days_over) == (case.pk, last, 1)
    assert len(escalated(case)) == 1
    # The law gives the subject no answer by itself: the fact stays marked, and what it says stands.
    assert _marked() == ("status",)
    assert _state()["status"] == "open"
    assert "超期" in client.get(f"/cases/{case.pk}").content.decode()
    _decide("jueding", log_in, "correct")
    assert _state()["status"] == "closed"
    assert _marked() == ()
    assert before_the_overseer(late) == []


def _marked() -> tuple[str, ...]:
    with acting_as(SYSTEM):
        state = queries.state("firms", "A1")
    assert state is not None
    return objecting.under_way([state]).get(state.record, ())


def test_an_empty_proposal_takes_the_value_away(log_in: LogIn) -> None:
    _record()
    client = log_in("wang")
    _send(client, _object(client, "capital"), "")
    _decide("jueding", log_in, "correct")
    assert "capital" not in _state()


def test_a_value_that_changed_meanwhile_is_not_overwritten(log_in: LogIn) -> None:
    _record()
    client = log_in("wang")
    _send(client, _object(client, "capital"), "600000")
    actions.correct("firms", "A1", {"capital": "700000"}, why="年报", source="年报", at=AT)
    page = _decide("jueding", log_in, "correct")
    assert "已经改成“700000”" in page
    assert _state()["capital"] == "700000"
    assert (
        "不予更正"
        in _decide("jueding", log_in, "refuse", "年报已更正")
        + client.get(_address(client)).content.decode()
    )


def test_a_second_objection_to_the_same_value_waits_for_the_first(log_in: LogIn) -> None:
    _record()
    client = log_in("wang")
    _send(client, _object(client, "name"), "样祥二厂")
    answer = client.post(_address(client) + "/object", {"field": "name"})
    assert answer.status_code == 422
    assert "正在办理" in answer.content.decode()
    assert client.post(_address(client) + "/object", {"field": "status"}).status_code == 302


@pytest.mark.parametrize("field", ["code", "none", "x" * 300])
def test_the_key_and_what_is_no_field_are_refused(log_in: LogIn, field: str) -> None:
    _record()
    client = log_in("wang")
    answer = client.post(_address(client) + "/object", {"field": field})
    assert answer.status_code == 422
    assert "不能在网上提出异议" in answer.content.decode()


def test_a_sensitive_value_is_objected_to_in_a_sealed_case_and_stands_in_clear_nowhere(
    log_in: LogIn,
) -> None:
    _record()
    wrong, right = "13900000000", "13912345678"
    client = log_in("wang")
    told = _send(client, _object(client, "phone"), right)
    assert wrong in told  # its subject reads it
    with acting_as(SYSTEM):
        case = Case.objects.get()
        assert case.need == SEALED
        assert case.variables["application"]["proposed"] == right
    assert saying(wrong) | saying(right) | saying("执照上不是这样") == set()
    official = log_in("jueding")
    (taken,) = re.findall(
        r'action="(/office/untaken/\d+[^"]*)"', official.get("/office/").content.decode()
    )
    official.post(taken)
    assert right in official.get(f"/office/cases/{case.pk}").content.decode()
    _decide("jueding", log_in, "correct")
    with acting_as(SYSTEM):
        found = queries.state("firms", "A1", opened=True)
    assert found is not None
    assert (found.data or {})["phone"] == right
    assert saying(wrong) | saying(right) | saying("执照上不是这样") == set()
    history = client.get(_address(client)).content.decode()
    assert "执照上不是这样" not in history
    assert history.count(right) == 2  # as it stands, and as the fact that says so


def test_a_sensitive_value_is_not_objected_to_where_the_form_keeps_nothing_secret(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    _record()
    monkeypatch.setattr(Form, "sensitive", frozenset())
    client = log_in("wang")
    answer = client.post(_address(client) + "/object", {"field": "phone"})
    assert answer.status_code == 422
    assert "不能在网上提出异议" in answer.content.decode()


def test_nobody_objects_to_the_record_of_another_nor_without_a_service(log_in: LogIn) -> None:
    _record()
    here = _address(log_in("wang"))
    assert log_in("li").post(here + "/object", {"field": "name"}).status_code == 404
    assert Client().post(here + "/object", {"field": "name"})["Location"].startswith("/login")
    _record(FIRMS)
    page = log_in("wang").get(_address(log_in("wang"))).content.decode()
    assert 'name="field"' not in page
    assert "请向来源单位提出" in page


def test_what_was_begun_at_no_record_is_not_sent_and_says_where_to_begin(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = client.post("/services/records/record-objection/apply")["Location"]
    assert "没有说明对哪一项有异议" in _send(client, draft, "样祥二厂")
    with acting_as(SYSTEM):
        assert not Case.objects.exists()


def test_the_record_that_a_case_mends_cannot_be_typed(log_in: LogIn) -> None:
    _record()
    declare(OBJECTING)
    client = log_in("wang")
    draft = _object(client, "name")
    forged = {"key": "A2", "register": "company", "field": "status", "source.objected": "x"}
    client.post(f"{draft}/pages/what", forged)
    _send(client, draft, "样祥二厂")
    with acting_as(SYSTEM):
        told = Case.objects.get().variables["application"]
    assert (told["key"], told["register"], told["field"]) == ("A1", "firms", "name")
