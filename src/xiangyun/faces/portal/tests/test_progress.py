"""How far a case is, without a log-in: by its number and four signs of the applicant's code."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.adapters import attempts
from xiangyun.adapters.rates import Buckets
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import actor, as_owner, submitted

pytestmark = pytest.mark.django_db
WANG = "0027"


@pytest.fixture
def case(demonstration: None) -> Case:
    return submitted(actor("wang"), at=timezone.now())


def asked(number: str, digits: str) -> tuple[int, str]:
    answer = Client().post("/progress", {"number": number, "digits": digits})
    return answer.status_code, answer.content.decode()


def test_the_stage_is_told_and_neither_name_nor_subject(case: Case) -> None:
    status, shown = asked(case.number, WANG)
    assert status == 200
    assert "公司设立登记" in shown
    assert case.number in shown
    assert case.applicant_name not in shown
    assert case.subject not in shown


@pytest.mark.parametrize("digits", ["0028", "", "27", "222404199203150027"])
def test_wrong_digits_answer_as_a_case_that_is_not_there(case: Case, digits: str) -> None:
    wrong, absent = asked(case.number, digits), asked("2224042099999999", WANG)
    assert wrong[0] == absent[0] == 404
    assert "没有这样的办件" in wrong[1]
    assert "没有这样的办件" in absent[1]


def test_a_case_of_which_only_its_handlers_may_know_is_absent(case: Case) -> None:
    with as_owner():
        Case.objects.filter(pk=case.pk).update(need=1)
    assert asked(case.number, WANG)[0] == 404


def test_digits_are_not_tried_out(
    case: Case, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.RATES_FACTOR = 1  # type: ignore[attr-defined]
    monkeypatch.setattr(attempts, "BUCKETS", Buckets(1 << 8))
    for guess in range(10):
        attempts.failed_number(case.number, f"10.0.0.{guess}")
    status, shown = asked(case.number, WANG)
    assert status == 429
    assert "公司设立登记" not in shown
