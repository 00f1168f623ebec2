"""Several records of a register fit: the page asks which, and nothing is taken silently."""

from __future__ import annotations

import json
import uuid
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.registers import actions as registers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
APPROVAL = "construction/project-approval"
COMPANIES = {"91222404MA0XY0047L": "样一有限公司", "91222404MA0XY0039N": "样二有限公司"}


@pytest.fixture(autouse=True)
def companies() -> None:
    for code, name in COMPANIES.items():
        with acting_as(SYSTEM):
            registers.record(
                "company",
                code,
                {"code": code, "name": name},
                valid_from=date(2026, 2, 3),
                source="test",
                at=MORNING,
                holder=actor("wang").account,
                division=222404000000,
            )


def test_the_page_asks_which_record_and_then_shows_it(log_in) -> None:
    wang = log_in("wang")
    begun = wang.post(f"/services/{APPROVAL}/apply", follow=True)
    address = begun.redirect_chain[-1][0]
    page = begun.content.decode()
    assert 'name="source.company"' in page
    assert all(name in page for name in COMPANIES.values())
    assert 'name="company_name"' not in page
    again = wang.post(address, {})
    assert again.status_code in (200, 422)
    assert "请选用其中一条" in again.content.decode()
    wrong = wang.post(address, {"source.company": "91222404MA0XY0029L"})
    assert "不能选用" in wrong.content.decode()
    code = next(iter(COMPANIES))
    wang.post(address, {"source.company": code})
    shown = wang.get(address).content.decode()
    assert "来自企业登记库" in shown
    assert f'value="{code}" checked' in shown


def test_the_check_page_leads_to_the_choice(log_in) -> None:
    wang = log_in("wang")
    begun = wang.post(f"/services/{APPROVAL}/apply", follow=True)
    draft = begun.redirect_chain[-1][0].split("/")[2]
    page = wang.get(f"/apply/{draft}/check")
    if page.status_code == 404:
        pytest.fail(begun.redirect_chain[-1][0])
    assert "建设单位名称" in page.content.decode()


def test_a_program_is_told_of_the_choice_and_makes_it() -> None:
    wang, key = actor("wang"), uuid.uuid4()
    with acting_as(wang):
        token = accounts.issue_token(wang, label="test", at=timezone.now())

    def put(**more: object) -> dict[str, object]:
        answer = Client().put(
            f"/api/applications/{key}",
            json.dumps({"service": APPROVAL, **more}),
            "application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        return json.loads(answer.content)

    told = put()
    (choice,) = told["choices"]
    assert (choice["of"], choice["chosen"]) == ("company", "")
    assert {each["key"] for each in choice["candidates"]} == COMPANIES.keys()
    assert "company_name" not in told["known"]
    code = next(iter(COMPANIES))
    told = put(records={"company": code})
    assert told["known"]["company_name"]["value"] == COMPANIES[code]
    assert told["known"]["company_name"]["source"]["zh"] == "企业登记库"
    assert "source.company" not in told["answers"]
    refused = put(records={"company": "91222404MA0XY0029L"})
    assert "case.E041" in json.dumps(refused)
