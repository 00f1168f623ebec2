"""What registers know is not asked; of several records the applicant chooses."""

from __future__ import annotations

from datetime import date

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, drafts
from xiangyun.domain.cases.prefill import prefill
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue import queries
from xiangyun.domain.registers import actions as registers
from xiangyun.kernel.findings import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
APPROVAL = "construction/project-approval"
ONE, OTHER = "91222404MA0XY0047L", "91222404MA0XY0039N"


def company(code: str, name: str, owner: str = "wang") -> None:
    with acting_as(SYSTEM):
        registers.record(
            "company",
            code,
            {"code": code, "name": name, "status": "registered"},
            valid_from=date(2026, 2, 3),
            source="test",
            at=MORNING,
            holder=actor(owner).account,
            division=222404000000,
        )


def begun(service: str = APPROVAL) -> drafts.Draft:
    wang = actor("wang")
    with acting_as(wang):
        return drafts.start_draft(service, actor=wang, at=MORNING)


def test_one_record_is_taken_with_its_source_and_date() -> None:
    company(ONE, "样一有限公司")
    held = prefill(begun())
    assert not held.choices
    known = held.known["company_name"]
    assert (known.value, known.source.zh, known.on) == (
        "样一有限公司",
        "企业登记库",
        MORNING.date(),
    )


def test_of_several_records_none_is_taken_until_one_is_chosen() -> None:
    company(ONE, "样一有限公司")
    company(OTHER, "样二有限公司")
    draft, wang = begun(), actor("wang")
    (choice,) = prefill(draft).choices
    assert [each.key for each in choice.candidates] == sorted([ONE, OTHER])
    assert choice.questions == ("company_name", "company_code")
    assert "company_name" not in prefill(draft).known
    with acting_as(wang):
        draft = drafts.choose_records(draft.id, {"company": OTHER}, actor=wang, at=MORNING)
        assert prefill(draft).known["company_name"].value == "样二有限公司"
        draft = drafts.choose_records(draft.id, {"company": ONE}, actor=wang, at=MORNING)
        assert prefill(draft).known["company_code"].value == ONE
    assert "source.company" not in drafts.answers_of(draft)


def test_an_application_without_a_choice_is_refused_and_typed_words_count_for_nothing() -> None:
    company(ONE, "样一有限公司")
    company(OTHER, "样二有限公司")
    draft, wang = begun(), actor("wang")
    with acting_as(wang):
        typed = {"company_name": "别人的公司"}
        drafts.keep_answers(draft.id, typed, actor=wang, at=MORNING)
        with pytest.raises(Refused) as refused:
            actions.submit_case(draft.id, actor=wang, at=MORNING)
    waiting = {f.place.question for f in refused.value.findings if f.id == "case.E040" and f.place}
    assert waiting == {"company_name", "company_code"}


@pytest.mark.parametrize("chosen", [{"company": "91222404MA0XY0029L"}, {"person": ONE}, {"x": ""}])
def test_a_record_of_somebody_else_cannot_be_chosen(chosen: dict[str, str]) -> None:
    company(ONE, "样一有限公司")
    company(OTHER, "样二有限公司")
    draft, wang = begun(), actor("wang")
    with acting_as(wang), pytest.raises(Refused, match=r"case\.E041"):
        drafts.choose_records(draft.id, chosen, actor=wang, at=MORNING)


def test_a_chosen_record_that_ended_has_to_be_chosen_anew() -> None:
    for code, name in ((ONE, "样一"), (OTHER, "样二"), ("91222404MA0XY0055L", "样三")):
        company(code, name)
    draft, wang = begun(), actor("wang")
    with acting_as(wang):
        draft = drafts.choose_records(draft.id, {"company": ONE}, actor=wang, at=MORNING)
    with acting_as(SYSTEM):
        registers.end("company", ONE, on=date(2026, 4, 1), why="注销", source="test", at=MORNING)
    held = prefill(draft)
    assert [choice.chosen for choice in held.choices] == [""]
    assert "company_name" not in held.known


def test_values_come_by_the_declared_types_and_a_sensitive_one_is_readable_for_its_owner() -> None:
    known = prefill(begun("eldercare/basic-services")).known
    assert str(known["contact_phone"].value).startswith("1")


def test_a_register_that_takes_back_its_leave_answers_no_more() -> None:
    draft = begun("eldercare/basic-services")
    assert prefill(draft).known
    with acting_as(SYSTEM) as system:
        (row,) = queries.declaration_versions("register", "person")
        text = row.files["registers/person.yaml"]
        with pytest.raises(Refused, match=r"pack\.E056"):
            catalogue.publish(
                row.pack,
                {"registers/person.yaml": text.replace("prefill: all", "prefill: []")},
                actor=system,
                at=MORNING,
            )
