"""Where one is reached about a case: changed by its applicant, journalled, seen with the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted
from xiangyun.domain.contact import actions, queries
from xiangyun.domain.contact.models import CaseContact
from xiangyun.domain.journal.models import Entry
from xiangyun.kernel.findings import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def change(who: Actor, case: cases.Case, minutes: int = 0, **given: str) -> CaseContact:
    said = {"telephone": "", "email": "", "address": "", **given}
    with acting_as(who):
        return actions.change(case.pk, actor=who, at=MORNING + timedelta(minutes=minutes), **said)


def refused(who: Actor, case: cases.Case, **given: str) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as found:
        change(who, case, **given)
    return [(each.id, each.place.question if each.place else "") for each in found.value.findings]


def test_the_latest_holds_the_office_sees_it_and_the_history_says_so_without_its_words() -> None:
    wang, shencha = actor("wang"), actor("shencha")
    made = submitted(wang, brand="样联甲")
    change(wang, made, telephone="+86 138-1234-5678", email="Wang@Example.CN")
    change(wang, made, 1, telephone="0433-7512345", address="靖和街 1 号（虚构）")
    for who in (wang, shencha):
        with acting_as(who):
            held = queries.of_case(made.pk)
            assert held is not None
            assert (held.telephone, held.email) == ("0433-7512345", "")
            told = [line for line in cases.history(made) if line.verb == "contact.changed"]
            assert len(told) == 2
            assert "0433" not in str(told)
    with acting_as(SYSTEM):
        entries = list(Entry.objects.filter(verb="contact.changed", subject=made.number))
    # What a receipt shows to a stranger has nothing to guess a number by.
    assert [(each.data, sorted(each.private)) for each in entries] == [({}, ["sha256"])] * 2
    with acting_as(wang):
        [(name, rows)] = queries.owned(wang)
    assert name == "contacts.json"
    assert [each["telephone"] for each in rows] == ["13812345678", "0433-7512345"]
    assert rows[0]["email"] == "Wang@example.cn"


def test_the_same_again_writes_nothing() -> None:
    wang = actor("wang")
    made = submitted(wang, brand="样联乙")
    first = change(wang, made, telephone="13812345678")
    assert change(wang, made, 1, telephone="138 1234 5678").pk == first.pk


def test_all_that_is_wrong_is_said_at_its_field() -> None:
    wang = actor("wang")
    made = submitted(wang, brand="样联丙")
    wrong = refused(wang, made, telephone="12", email="x@", address="长" * 201)
    assert wrong == [
        ("case.E287", "telephone"),
        ("messaging.E001", "email"),
        ("case.E288", "address"),
    ]
    assert refused(wang, made, telephone="  ") == [("case.E286", "")]


def test_only_the_applicant_changes_it_and_only_while_the_case_runs() -> None:
    wang = actor("wang")
    made = submitted(wang, brand="样联丁")
    assert refused(actor("shencha"), made, telephone="13812345678") == [("case.E285", "")]
    with pytest.raises(cases.Case.DoesNotExist):
        change(actor("li"), made, telephone="13812345678")
    withdraw_case(made.pk, actor=wang, at=MORNING)
    assert refused(wang, made, telephone="13812345678") == [("case.E285", "")]


def test_the_database_itself_shows_and_takes_nothing_of_others() -> None:
    wang, li = actor("wang"), actor("li")
    made = submitted(wang, brand="样联戊")
    change(wang, made, telephone="13812345678")
    for login in ("li", "gongzhuling"):
        with acting_as(actor(login)):
            assert queries.of_case(made.pk) is None
    for who, by in ((li, li), (actor("shencha"), actor("shencha")), (li, wang)):
        with acting_as(who), pytest.raises(ProgrammingError), transaction.atomic():
            CaseContact.objects.create(case_id=made.pk, by=by.account, by_name="x", at=MORNING)
