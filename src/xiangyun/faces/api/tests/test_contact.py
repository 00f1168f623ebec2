"""A program says for its applicant where to be reached about a case."""

from __future__ import annotations

import pytest
from django.utils import timezone

from xiangyun.domain.cases.tests.situations import actor, submitted

from .test_interface import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
LANDLINE = {"telephone": "0433-7512345", "email": "", "address": "靖和街 1 号（虚构）"}


def test_a_program_changes_where_its_applicant_is_reached_and_the_office_reads_it() -> None:
    made = submitted(actor("wang"), at=timezone.now(), brand="样联接")
    wang, path = Program("wang"), f"/cases/{made.pk}/contact"
    assert wang.ask("GET", path).json() == {
        **dict.fromkeys(("telephone", "email", "address"), ""),
        "at": None,
    }
    changed = wang.ask("PUT", path, LANDLINE)
    assert changed.status_code == 200, changed.content.decode()
    read = Program("shencha").ask("GET", path).json()
    assert read == changed.json()
    assert {**read, "at": ""} == {**LANDLINE, "at": ""}
    assert wang.ask("PUT", path, LANDLINE).json() == read  # said again, nothing changes


def test_a_program_is_told_all_that_is_wrong_and_a_stranger_finds_no_case() -> None:
    made = submitted(actor("wang"), at=timezone.now(), brand="样联错")
    path = f"/cases/{made.pk}/contact"
    wrong = Program("wang").ask("PUT", path, {"telephone": "12", "email": "x@"})
    assert wrong.status_code == 422
    ids = {found["id"] for found in wrong.json()["findings"]}
    assert ids == {"case.E287", "messaging.E001"}
    assert Program("shencha").ask("PUT", path, LANDLINE).status_code == 403
    for method in ("GET", "PUT"):
        assert Program("li").ask(method, path, LANDLINE).status_code == 404
