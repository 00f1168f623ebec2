"""Inquiries are read strictly: one answer, fixed reasons, nothing that nobody gives."""

from __future__ import annotations

from datetime import date

import pytest

from xiangyun.kernel.findings import Refused
from xiangyun.kernel.inquiry import answer, checked_inquiry
from xiangyun.kernel.pack.tests.shipped import files

FILES = files("credit/answers")
YAML, DMN = FILES["inquiries/tax_grade.yaml"], FILES["inquiries/tax_grade.dmn"]


def found(yaml: str = YAML, dmn: str | None = DMN) -> set[str]:
    return {
        each.id
        for each in checked_inquiry(yaml, dmn, "inquiries/tax_grade.yaml")[1]
        if each.severity == "error"
    }


def test_the_shipped_question_is_sound() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("decision: answer", "decision: answers", "inquiry.E002"),
        ('hitPolicy="FIRST"', 'hitPolicy="COLLECT"', "inquiry.E003"),
        ("最近几年每年都达到。", "{grades.paid} 元。", "inquiry.E004"),
        ("name: years", "name: span", "inquiry.E005"),
    ],
)
def test_what_is_wrong_with_a_question_is_named(old: str, new: str, said: str) -> None:
    assert old in YAML + DMN
    assert said in found(YAML.replace(old, new), DMN.replace(old, new))


def test_a_question_without_its_table_is_refused() -> None:
    assert found(dmn=None) == {"inquiry.E001"}


def test_a_choice_that_is_not_declared_is_refused_and_no_record_means_no() -> None:
    inquiry, _ = checked_inquiry(YAML, DMN, "inquiries/tax_grade.yaml")
    assert inquiry is not None
    on = date(2026, 9, 1)
    assert not answer(inquiry, {}, {"least": "B", "years": "2"}, on).answer
    for chosen in ({}, {"least": "B"}, {"least": "E", "years": "2"}, {"least": "B", "years": "9"}):
        with pytest.raises(Refused, match=r"inquiry\.E007"):
            answer(inquiry, {}, chosen, on)
