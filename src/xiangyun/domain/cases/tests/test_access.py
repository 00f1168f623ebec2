"""What one person may not see, no forgotten filter shows."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.accounts.models import Account
from xiangyun.domain.cases import access, store
from xiangyun.domain.cases.models import (
    Case,
    Decision,
    Draft,
    Letter,
    Material,
    ServiceCall,
    WorkItem,
)
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.registers.declarations import all_used
from xiangyun.domain.registers.models import Record
from xiangyun.kernel.record.model import EVERYBODY

from .situations import actor, as_owner, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

EVERYTHING_ABOUT_A_CASE = [Case, Decision, Letter, Material, ServiceCall, WorkItem, Draft]


@pytest.mark.parametrize("model", EVERYTHING_ABOUT_A_CASE)
@pytest.mark.parametrize("stranger", ["gongzhuling", "li"])
def test_without_any_guard_a_stranger_still_finds_nothing(model: type, stranger: str) -> None:
    submitted(actor("wang"), brand="样祥")  # a name that clashes: findings and a task for the desk
    with acting_as(SYSTEM):
        assert model.objects.exists() or model in (Letter, ServiceCall)
    with acting_as(actor(stranger)):
        assert not model.objects.exists()


def test_without_anybody_acting_the_database_shows_nothing() -> None:
    submitted(actor("wang"))
    open_to_all = [
        each.code
        for each in all_used()
        if each.declaration is not None and EVERYBODY in each.declaration.readers
    ]
    assert not Case.objects.exists()
    assert not Account.objects.exists()
    assert not Entry.objects.exists()
    with acting_as(ANONYMOUS):
        assert not Case.objects.exists()
        assert not Record.objects.exclude(register__in=open_to_all).exists()


def test_officials_of_the_county_and_above_see_the_case_and_those_beside_it_do_not() -> None:
    case = submitted(actor("wang"))
    for login, sees in [("shouli", True), ("duban", True), ("gongzhuling", False)]:
        official = actor(login)
        with acting_as(official):
            assert access.cases_of(official).filter(pk=case.pk).exists() is sees
            assert Case.objects.filter(pk=case.pk).exists() is sees


@pytest.mark.parametrize("need", [0, 1])
def test_a_step_reads_exactly_what_row_level_security_shows(need: int) -> None:
    case = submitted(actor("wang"), brand="样祥")  # a name that clashes: a task for the desk
    with acting_as(SYSTEM), as_owner():
        Case.objects.filter(pk=case.pk).update(need=need)
        WorkItem.objects.filter(case=case).update(need=need)
    with acting_as(SYSTEM):
        logins = list(Account.objects.values_list("login", flat=True))
    readers = [found for login in logins if (found := accounts.actor_by_login(login))]
    reading = 0
    for reader in (*readers, SYSTEM, ANONYMOUS):
        with acting_as(reader):
            shown = Case.objects.filter(pk=case.pk).exists()
            tasks = set(WorkItem.objects.filter(case=case).values_list("token", flat=True))
        if not shown:
            with pytest.raises(Case.DoesNotExist):
                store.load(reader, case.pk)
            continue
        reading += 1
        assert store.load(reader, case.pk).work_items.keys() == tasks
    assert 1 < reading < len(readers)


def test_absent_and_forbidden_answer_the_same() -> None:
    case = submitted(actor("wang"))
    stranger = actor("li")
    with acting_as(stranger):
        with pytest.raises(Case.DoesNotExist) as forbidden:
            access.case_for(stranger, case.id)
        with pytest.raises(Case.DoesNotExist) as absent:
            access.case_for(stranger, actor("wang").account or case.id)
    assert str(forbidden.value) == str(absent.value)


def test_a_stranger_cannot_write_into_a_case_even_past_the_verbs() -> None:
    case = submitted(actor("wang"))
    for login in ("gongzhuling", "wang", "jueding"):
        for change in (
            lambda: Case.objects.filter(pk=case.pk).update(outcome="issued"),
            lambda: WorkItem.objects.filter(case_id=case.pk).update(action="approve"),
        ):
            denied = pytest.raises(ProgrammingError, match="permission denied")
            with denied, acting_as(actor(login)):
                change()
