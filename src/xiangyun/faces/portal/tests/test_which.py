"""“Which case is mine?” answers without a log-in and without a script, by the rules of the case."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

WHICH = "/services/market/company-registration/which"


def shown(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def test_answers_in_the_address_cut_the_list_of_papers() -> None:
    assert WHICH in shown("/services/market/company-registration")
    first = shown(WHICH)
    assert "您这种情形" not in first
    found = shown(f"{WHICH}?premises_kind=residential&articles=model")
    needed, _, spared = found.partition("不用交的")
    assert "同意书" in needed
    assert "公司章程" in spared.partition("</section>")[0]
    other = shown(f"{WHICH}?premises_kind=own&articles=own")
    assert "同意书" in other.partition("不用交的")[2].partition("</section>")[0]


def test_what_is_not_answered_is_asked_again_and_nothing_is_claimed() -> None:
    found = shown(f"{WHICH}?premises_kind=castle", 422)
    assert "您这种情形" not in found


def test_a_service_that_sorts_nothing_has_no_such_page() -> None:
    shown("/services/market/stall-report/which", 404)
