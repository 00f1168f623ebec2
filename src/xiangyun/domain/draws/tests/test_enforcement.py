"""The shipped pack of enforcement: what it draws opens inspections; what is repaired is gone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.draws import actions
from xiangyun.domain.duties import actions as duties
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.registers import actions as registers

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 9)
HUNCHUN = 222404000000
# Fictitious.
CODES = ("91222404MA0XY0029L",)
COMPANIES, FILES = "enforcement/inspection:companies", "enforcement/legality-review:files"


def enter(register: str, key: str, pack: str = "", **data: object) -> None:
    with acting_as(SYSTEM):
        registers.record(
            register,
            key,
            data,
            valid_from=DAY,
            holder=None,
            division=HUNCHUN,
            source="test",
            at=MORNING,
            pack=pack,
        )


def enter_people(department: str, count: int) -> None:
    for at in range(count):
        code = f"JL{department[:2].upper()}{at}"
        enter(
            "inspector",
            code,
            code=code,
            name=f"样员{at}",
            department=department,
            division=str(HUNCHUN),
            certificate_until="2030-12-31",
            account=f"yangyuan{at}",
        )


def decided(key: str, until: date) -> None:
    enter(
        "penalty_decision",
        key,
        "enforcement/penalty",
        number=key,
        object=CODES[0],
        object_name="样祥仓储",
        division=str(HUNCHUN),
        decided_on=str(DAY),
        published_on=str(DAY),
        published_until=str(until),
        **{"class": "serious"},
    )


@pytest.fixture(autouse=True)
def _register(demonstration: None) -> None:
    with acting_as(SYSTEM):
        parties.ensure("organisation", CODES[0], "样祥仓储", division=HUNCHUN)
    enter(
        "inspected_object",
        CODES[0],
        code=CODES[0],
        name="样祥仓储",
        kind="company",
        division=str(HUNCHUN),
        risk="D",
        items=["XYJC-001"],
        state="open",
    )


def drawn(code: str) -> tuple[int, int]:
    actions.plan(code, 2026, 4, at=MORNING)
    made = actions.order(code, DAY, {"kind": "public", "what": "lottery"}, at=MORNING)
    actions.reveal(made.number, {"value": "3 8 15"}, at=MORNING)
    return actions.open_cases(made.number, at=MORNING)


def test_companies_that_are_drawn_have_an_inspection_by_two_departments() -> None:
    enter_people("market-supervision", 3)
    enter_people("fire", 2)
    assert drawn(COMPANIES) == (1, 0)
    with acting_as(SYSTEM):
        (case,) = Case.objects.filter(version__code="enforcement/inspection")
        party = parties.ensure("organisation", CODES[0], "样祥仓储", division=HUNCHUN)
        said = case.variables["application"]
    assert case.owner != party.pk  # without notice: whoever a case is about sees it at once
    assert said["object"] == CODES[0]
    assert said["notice"] == "surprise"
    assert said["inspectors"].count("样员") == 3
    assert said["leader"].startswith("yangyuan")


def test_files_that_are_drawn_are_reviewed_by_others() -> None:
    enter_people("justice", 2)
    decided("珲市监罚〔2026〕1号", DAY + timedelta(days=900))
    assert drawn(FILES) == (1, 0)


def test_a_penalty_is_published_no_more_when_its_term_is_over() -> None:
    address = reverse("lots:object", args=["inspected_object", CODES[0]])
    decided("珲市监罚〔2026〕2号", DAY + timedelta(days=3))
    decided("珲市监罚〔2026〕3号", DAY + timedelta(days=30))
    before = Client().get(address).content.decode()
    assert "〔2026〕2号" in before
    (ran,) = duties.run(DAY + timedelta(days=4), at=MORNING, only="enforcement/withdrawal:over")
    assert ran.problems == []
    after = Client().get(address).content.decode()
    assert "〔2026〕2号" not in after
    assert "〔2026〕3号" in after
