"""“Which case is mine?”: a few answers cut materials, fees and days by the service's own rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from xiangyun.kernel.feel import Value
from xiangyun.kernel.pack import check_pack, published_pack, starting_variables
from xiangyun.kernel.pack.tests.shipped import broken, files
from xiangyun.kernel.pack.whichcase import Sorted, asked, sorted_by

DAY = date(2026, 4, 9)
PLACE: dict[str, Value] = {"code": "222404000000", "name": "珲春市", "path": ["吉林省"]}


def of(code: str, **answers: Value) -> Sorted:
    pack = published_pack(files(code))
    assert pack.service.which_case is not None
    assert [each.key for each in asked(pack)] == list(pack.service.which_case.questions)
    variables = starting_variables(pack, answers, division=PLACE, filed_on=DAY)
    return sorted_by(pack, variables, answers, on=DAY)


def needed(found: Sorted) -> dict[str, bool | None]:
    return {material.key: need for material, need in found.materials}


@pytest.mark.parametrize(
    ("kind", "articles", "consent", "file"),
    [("own", "model", False, False), ("residential", "own", True, True)],
)
def test_materials_are_those_that_the_rules_would_miss(
    kind: str, articles: str, consent: bool, file: bool
) -> None:
    found = needed(of("market/company-registration", premises_kind=kind, articles=articles))
    assert found["premises_proof"] is True
    assert found["neighbours_consent"] is consent
    assert found["articles"] is file
    assert found["own_income_proof"] is None  # another rule decides, which these do not ask


@pytest.mark.parametrize("emergency", ["yes", "no"])
def test_a_fee_is_that_of_the_decision(emergency: str) -> None:
    road = "construction/road-digging"
    found = of(road, surface="asphalt", area=Decimal(10), emergency=emergency)
    rate = published_pack(files(road)).parameters.on(DAY)["rate_asphalt"]
    assert isinstance(rate, Decimal)
    ((_, fee),) = found.fees
    assert fee == (0 if emergency == "yes" else rate * 10)


def test_days_are_those_of_the_kind_of_project() -> None:
    small, government = (
        of(
            "construction/project-approval",
            funding=funding,
            works="building",
            land_with_plan="no",
            floor_area=Decimal(500),
            hazardous="no",
        ).promised
        for funding in ("social", "government")
    )
    assert small.least == small.most < government.least == government.most


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("questions: [premises_kind, articles]", "questions: [premises_kynd]", "pack.E665"),
        ("questions: [premises_kind, articles]", "questions: [premises_proof]", "pack.E665"),
        ("materials: material_findings", "materials: material_findngs", "pack.E666"),
    ],
)
def test_it_asks_questions_of_the_form_and_decisions_of_the_rules(
    old: str, new: str, said: str
) -> None:
    assert said in {each.id for each in check_pack(broken("service.yaml", old, new))}
