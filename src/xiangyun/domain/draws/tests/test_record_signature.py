"""The representative of whoever was inspected signs the record on a phone of their own."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import inbound, signing, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Letter, WorkItem
from xiangyun.domain.cases.tests.signed import HERE, by, device
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.formspec import from_json

from .test_enforcement import (
    CODES,
    HUNCHUN,
    _register,
    approve,
    codes_of,
    login_of,
    opened,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(_register.__name__)]
VISITED = {"entered": "2026-04-13T09:05", "shown": "yes", "cooperation": "given", "result": "none"}
ON_PHONE = {"representative": "王样云", "signed": "passkey", "left": "2026-04-13T10:20"}


def visited() -> tuple[Case, Case]:
    """An inspection whose record waits to be signed, and the case in which it is."""
    case = inspected(ON_PHONE)
    with acting_as(SYSTEM):
        return case, Case.objects.get(version__code="enforcement/record-signature")


def inspected(signed: dict[str, str]) -> Case:
    """An inspection that was drawn, approved and made; nothing was found."""
    case, visit = opened()
    approve(case, "2026-04-13T09:00", "2026-04-13T11:00")
    who = actor(login_of(codes_of(visit)[0]))
    with acting_as(SYSTEM):
        item = WorkItem.objects.get(case=case.pk, element="visit", closed_at=None)
    with acting_as(who):
        form = taskforms.answering(case.pk, item.token, actor=who).form
        points = [
            {"point": each, "found": "yes"} for each in form.question("checks").rules.given or ()
        ]
        read = from_json(form, {**VISITED, **signed, "checks": points})
        assert read.errors == {}
        taskforms.answer_task(
            case.pk, item.token, read.answers, action="done", actor=who, at=MORNING
        )
    return case


def representative(proof: str = "register") -> Actor:
    """Wang, who acts for the company that was inspected."""
    wang = actor("wang")
    with acting_as(SYSTEM) as system:
        company = parties.ensure("organisation", CODES[0], "样祥仓储", division=HUNCHUN)
        representing.represent(
            system,
            party=company.pk,
            representative=wang.account,  # type: ignore[arg-type]
            proof=proof,
            at=MORNING,
            reference="登记簿（虚构）",
        )
    with acting_as(wang):
        found = representing.for_party(wang, company.pk)
    assert found is not None
    return found


def answer(case: Case, action: str, who: Actor, signature: signing.Signing | None = None) -> Case:
    with acting_as(who):
        token = cases.open_tasks(who, case)[0].id
        return taskforms.answer_task(
            case.pk,
            token,
            {},
            action=action,
            note="" if action == "sign_record" else "当天已经送检。",
            actor=who,
            at=MORNING,
            signature=signature,
        )


def told(case: Case, **carried: Any) -> str:
    """What the letter on the signature says, once the message came."""
    inbound.deliver("message", "record_signed", case.number, carried, at=MORNING)
    with acting_as(SYSTEM):
        return str(Letter.objects.get(case=case.pk, kind="signature").body)


def test_the_record_is_signed_by_passkey_by_whoever_represents_the_company() -> None:
    inspection, record = visited()
    who = representative()
    assert "设备按期检验：符合" in str(record.variables["application"]["record"])
    key = device(actor("wang"))
    with acting_as(who):
        asked = signing.ask(
            lambda given: answer(record, "sign_record", who, given), HERE, who, MORNING
        )
    record = answer(record, "sign_record", who, by(key, asked))
    assert record.outcome == "record_signed"
    with acting_as(SYSTEM):
        assert Case.objects.get(pk=inspection.pk).outcome == ""  # it waits for the message
    words = told(
        inspection,
        record_answer="signed",
        record_signer="王样云",
        record_signed_at="2026-04-13T10:40:00+08:00",
    )
    assert "王样云 用通行密钥签名" in words
    with acting_as(SYSTEM):
        assert Case.objects.get(pk=inspection.pk).outcome == "done"


def test_a_record_that_is_declined_is_noted_and_the_inspection_ends() -> None:
    inspection, record = visited()
    assert answer(record, "decline_record", representative()).outcome == "record_unsigned"
    words = told(inspection, record_answer="declined", record_signer=None, record_signed_at=None)
    assert "看过记录后拒签" in words


def test_a_visit_is_not_approved_for_a_day_on_which_an_inspector_is_not_certified() -> None:
    case, visit = opened()
    approve(case, "2031-04-14T09:00", "2031-04-14T11:00")  # certified until the end of 2030
    with acting_as(SYSTEM):
        waiting = WorkItem.objects.get(case=case.pk, closed_at=None)
    assert waiting.element == "approve"
    assert all(code in waiting.inputs["subject"] for code in codes_of(visit))
    approve(case, "2026-04-13T09:00", "2026-04-13T11:00")
    with acting_as(SYSTEM):
        assert WorkItem.objects.filter(case=case.pk, element="visit", closed_at=None).exists()


def test_what_a_visit_without_notice_found_is_about_the_object_and_on_its_page() -> None:
    case = inspected({**ON_PHONE, "signed": "declined"})
    with acting_as(SYSTEM):
        company = parties.ensure("organisation", CODES[0], "样祥仓储", division=HUNCHUN)
        assert Case.objects.get(pk=case.pk).owner != company.pk
        (result,) = registers.lookup("inspection_result", "number", case.number)
        found = registers.record_with("inspection_result", str(result["key"]))
        assert found is not None
        assert found.holder == company.pk
    page = reverse("lots:object", args=["inspected_object", CODES[0]])
    assert "未发现问题" in Client().get(page).content.decode()
