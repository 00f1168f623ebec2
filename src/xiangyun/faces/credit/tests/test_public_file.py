"""A company's credit file: what everybody sees, what ends by itself, what repair takes away."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases import queries as queries_of_cases
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.tests.situations import act, actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.certificates.models import Certificate
from xiangyun.domain.exchange import sending
from xiangyun.domain.exchange.models import Outgoing
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers import queries
from xiangyun.faces.cli import demonstration
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.formspec import from_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]
# Fictitious.
COMPANY, NAME, HUNCHUN = "91222404MA0XY0029L", "珲春市样祥仓储有限公司", 222404000000
FACT = {
    "company": COMPANY,
    "company_name": NAME,
    "division": str(HUNCHUN),
    "source": "珲春市样例局（虚构）",
    "noted_on": "2026-05-12",
}


@pytest.fixture
def _company(demonstration: None) -> None:
    with acting_as(SYSTEM):
        parties.ensure("organisation", COMPANY, NAME, division=HUNCHUN)


def enter(
    register: str, number: str, pack: str = "", ends: date | None = None, **more: object
) -> None:
    with acting_as(SYSTEM):
        registers.record(
            register,
            number,
            {**FACT, "number": number, "publicity": "public", **more},
            valid_from=timezone.localdate() - timedelta(days=200),
            valid_to=ends,
            source="test",
            at=timezone.now(),
            pack=pack,
        )


def dishonest(number: str, ends: date | None = None, **more: object) -> None:
    began = str(timezone.localdate() - timedelta(days=200))
    said = {"class": "general", "conduct": "虚假宣传", "department": "market_supervision"}
    enter(
        "dishonesty",
        number,
        "credit/dishonesty-finding",
        ends,
        published_on=began,
        **{**said, **more},
    )


def page(code: str = COMPANY) -> str:
    answer = Client().get(reverse("credit:public-file", args=[code]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_sees_public_facts_with_their_source_and_nothing_else() -> None:
    enter("credit_licence", "L-1", item="食品经营许可")
    enter("credit_licence", "L-2", item="过期许可", until="2026-01-01")
    with pytest.raises(Refused):  # everybody reads that register: what is kept back is not in it
        enter("credit_licence", "L-3", item="不公开许可", publicity="government")
    enter("credit_tax_grade", "T-1", year=2025, grade="B", publicity="granted")
    shown = page()
    assert "食品经营许可" in shown
    assert "珲春市样例局（虚构）" in shown
    for kept_back in ("过期许可", "T-1"):
        assert kept_back not in shown
    assert "延边朝鲜族自治州 珲春市" in shown  # a place by its name
    assert str(HUNCHUN) not in shown


def test_a_company_is_found_by_code_and_by_name() -> None:
    found = Client().get(reverse("credit:find"), {"text": COMPANY.lower()})
    assert found["Location"] == reverse("credit:public-file", args=[COMPANY])
    assert (
        "没有叫这个名称"
        in Client().get(reverse("credit:find"), {"text": "没这家"}).content.decode()
    )
    for nobody in ("91220101MA0XYCRE1X", "x", "91222404MA0XY0029X"):
        assert Client().get(reverse("credit:public-file", args=[nobody])).status_code == 404


def test_a_fact_falls_off_by_itself_on_the_day_of_its_longest_term() -> None:
    today = timezone.localdate()
    dishonest("D-over", today)
    dishonest("D-last", today + timedelta(days=1))
    shown = page()
    assert "D-over" not in shown
    assert "D-last" in shown
    with acting_as(SYSTEM):  # shared no more either, whoever looks
        about = queries.lookup("dishonesty", "company", COMPANY)
    assert [each["number"] for each in about] == ["D-last"]


def sent(service: str, login: str, at: datetime, **changed: object) -> Case:
    who = actor(login)
    with acting_as(who):
        draft = drafts.start_draft(service, actor=who, at=at)
        pack = catalogue.pack(draft.version_id)
        answers = {**pack.examples[0].answers, **changed}
        reading = from_json(pack.form, answers)
        given = {key: value for key, value in reading.answers.items() if key in answers}
        drafts.keep_answers(draft.id, given, actor=who, at=at)
        return cases.submit_case(draft.id, actor=who, at=at)


def test_repair_goes_to_whoever_determined_it_and_ends_publication_with_a_receipt() -> None:
    dishonest("D-1")
    assert "D-1" in page()
    now = timezone.now()
    case = sent("credit/repair", "cangchu", now, number="D-1")
    with acting_as(SYSTEM):
        (task,) = WorkItem.objects.filter(case=case, closed_at=None)
    assert task.groups == ["credit_determiner:market_supervision"]
    assert act("xinyong", case, "repair", at=now).ended_at is None  # until the receivers answer
    assert "D-1" not in page()
    with acting_as(SYSTEM):
        messages = list(Outgoing.objects.filter(connector="credit-sharing"))
    for message in messages:
        sending.send(message.pk, at=now)
    with acting_as(SYSTEM):
        ended = Case.objects.get(pk=case.pk)
        (letter,) = queries_of_cases.letters_of(ended)
    assert (len(messages), ended.outcome) == (1, "issued")
    assert "样例信用共享平台（虚构）：模拟回执-修复-D-1" in letter.body["zh"]


def test_the_report_is_a_certificate_over_all_registers() -> None:
    dishonest("D-1")
    case = sent("credit/credit-report", "cangchu", timezone.now())
    with acting_as(SYSTEM):
        (report,) = Certificate.objects.filter(case_number=case.number)
    said = {each["key"]: each["value"]["zh"] for each in report.content["fields"]}
    assert "D-1" in said["dishonest"]
    assert said["grades"] == "2024：B；2025：A"


def test_what_is_objected_to_is_marked_for_everybody_until_it_is_decided() -> None:
    dishonest("D-1")
    client = Client()
    client.post(reverse("portal:login"), {"login": "cangchu", "password": demonstration.PASSWORD})
    mine = client.get(reverse("portal:records")).content.decode()
    section = mine.split("失信信息库")[1]
    (address, *_) = re.findall(r'href="(/account/records/dishonesty/\d+)"', section)
    draft = client.post(address + "/object", {"field": "conduct"})["Location"]
    client.get(draft)
    client.post(f"{draft}/pages/what")
    client.post(f"{draft}/pages/right", {"proposed": "没有虚假宣传", "reason": "判决书"})
    client.post(f"{draft}/check", follow=True)
    assert "对这一条有异议" in page()
    assert "您对这一条有异议" in client.get(reverse("portal:records")).content.decode()
