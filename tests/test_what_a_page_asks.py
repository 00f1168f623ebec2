"""Pages stay quick by asking the database little: so many statements each, and none twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import queries as account_reads
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.models import Account, Deputy, Mandate, Session
from xiangyun.domain.accounts.sessions import SessionStore
from xiangyun.domain.cases import access
from xiangyun.domain.cases.models import Case, RoleSet, WorkItem
from xiangyun.domain.cases.queries import lanes
from xiangyun.domain.cases.tests.situations import MORNING, actor, as_owner, submitted
from xiangyun.domain.planned import planned
from xiangyun.domain.reading import reading
from xiangyun.domain.tallies import Tally, tallied
from xiangyun.domain.together import Rows, together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
MOST = {
    "/office/": ("shencha", 7),
    "/office/cases/{case}": ("shencha", 6),
    "/cases/{case}": ("wang", 6),
    "/services/market/company-registration": ("", 2),
    "/search?q=%E5%BC%80%E5%BA%97": ("", 2),
}
"""Who asks for which page, and how many statements it takes at most; see decision 0037."""


@contextmanager
def statements() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in sql:
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def browser(login: str) -> Client:
    client = Client()
    if login:
        client.post("/login", {"as": login})
    return client


@pytest.mark.parametrize("address", MOST)
def test_a_page_asks_no_more_than(address: str) -> None:
    case = submitted(actor("wang"), MORNING)
    login, most = MOST[address]
    client, page = browser(login), address.format(case=case.pk)
    assert client.get(page).status_code == 200  # makes what is remembered, and notes the look
    with statements() as asked:
        assert client.get(page).status_code == 200
    told_last = [each for each in asked if each == "SELECT xiangyun_act_as(%s)"]
    # Within the transaction of a test the actor is taken back by one more.
    assert len(asked) - len(told_last) <= most, "\n".join(asked)


def by_session(login: str) -> Actor:
    """The actor as a request finds it."""
    client = browser(login)
    return account_reads.actor_by_session(SessionStore(client.cookies["sessionid"].value))


@pytest.mark.parametrize("login", ["wang", "shencha", "duban", "fabu"])
def test_who_asks_is_found_by_one_statement_as_by_several(login: str) -> None:
    client = browser(login)
    session = SessionStore(client.cookies["sessionid"].value)
    with statements() as asked:
        found = account_reads.actor_by_session(session)
    assert len(asked) == 1
    assert found == actor(login)
    assert account_reads.actor_by_session(session) == found, "asked anew"


def test_a_deputy_is_found_with_the_mandates_of_who_is_absent() -> None:
    absent, today = actor("shencha"), timezone.localdate()
    with acting_as(SYSTEM):
        Deputy.objects.create(
            absent_id=absent.account,
            deputy_id=actor("jueding").account,
            from_on=today,
            to_on=today,
            given_at=timezone.now(),
        )
    found = by_session("jueding")
    assert found == actor("jueding")
    assert {each.deputy_for for each in found.mandates} == {"", absent.name}


def test_a_session_that_ended_or_of_a_blocked_account_is_nobodys() -> None:
    key = browser("wang").cookies["sessionid"].value
    account = actor("wang").account
    with acting_as(SYSTEM):
        Account.objects.filter(pk=account).update(is_active=False)
    assert account_reads.actor_by_session(SessionStore(key)).account is None
    with acting_as(SYSTEM):
        Account.objects.filter(pk=account).update(is_active=True)
    assert account_reads.actor_by_session(SessionStore(key)).account == account
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert account_reads.actor_by_session(SessionStore(key)).account is None
    assert account_reads.actor_by_session(SessionStore("x" * 32)).account is None


def test_without_the_key_of_a_session_nothing_is_told() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT xiangyun_asker(%s, %s)", ["", timezone.now()])
        assert cursor.fetchone() == (None,)


def test_officials_to_hand_a_task_to_are_those_of_now() -> None:
    with acting_as(SYSTEM):
        held = Mandate.objects.filter(account=actor("shencha").account).first()
    assert held is not None
    role, place = held.role, held.division_id
    known = {each.login for each in account_reads.officers({role}, place)}
    assert "shencha" in known
    with acting_as(SYSTEM):
        Account.objects.filter(login="shencha").update(is_active=False)
    assert "shencha" not in {each.login for each in account_reads.officers({role}, place)}
    with acting_as(SYSTEM):
        Account.objects.filter(login="shencha").update(is_active=True)
        Mandate.objects.filter(pk=held.pk).delete()
    assert "shencha" not in {each.login for each in account_reads.officers({role}, place)}


def test_logging_in_does_not_make_anew_what_stands_of_mandates() -> None:
    role = actor("shencha").mandates[0]
    account_reads.officers({role.role}, role.division)
    browser("wang")
    with statements() as asked:
        account_reads.officers({role.role}, role.division)
    assert not [each for each in asked if "accounts_mandate" in each]


def test_a_further_set_of_roles_has_lanes_at_once() -> None:
    official = actor("shencha")
    own = official.mandates[0].role
    before = {role for role, _ in lanes.lanes_of(official).counties}
    with as_owner():
        RoleSet.objects.create(role=f"{own},zz", groups=[own, "zz"])
    after = {role for role, _ in lanes.lanes_of(official).counties}
    assert after - before == {f"{own},zz"}


def test_the_first_look_of_an_official_stands_on_the_page_and_is_noted_once() -> None:
    case = submitted(actor("wang"), MORNING)
    client, page = browser("shencha"), f"/office/cases/{case.pk}"
    pages = [client.get(page).content.decode() for _ in range(2)]
    assert [each.count("查看了申请") for each in pages] == [1, 1]


def test_numbers_of_several_are_asked_at_once_and_known_ones_not_at_all() -> None:
    with statements() as asked:
        assert tallied([Tally("SELECT 1 + %s", (1,)), 5, Tally("SELECT %s", (7,))]) == [2, 5, 7]
        assert tallied([3, 0]) == [3, 0]
        assert tallied([]) == []
    assert len(asked) == 1


def test_who_acts_and_all_marks_are_one_statement_while_a_page_is_read() -> None:
    with statements() as asked, reading(), acting_as(SYSTEM):
        account_reads.officers({"reviewer"}, 222404000000)
        lanes.lanes_of(actor("shencha"))
    assert sum("accounts_edition" in each for each in asked) == 1


def test_a_planned_statement_shows_each_who_asks_what_is_his() -> None:
    case = submitted(actor("wang"), MORNING)
    asked = [Rows(Case, (), of="id"), Rows(WorkItem, ("id",))]
    for _ in range(8):  # more often than the planner tries plans for the values alone
        seen = {}
        for login in ("wang", "li", "shencha", ""):
            with acting_as(actor(login) if login else ANONYMOUS):
                rows, items = together(asked, case.pk)
                seen[login] = len(rows), len(items) > 0
        assert seen == {
            "wang": (1, True),
            "li": (0, False),
            "shencha": (1, True),
            "": (0, False),
        }


def test_statements_are_planned_no_longer_than_said() -> None:
    usual = connection.connection.cursor_factory
    with planned():
        assert connection.connection.cursor_factory is not usual
    with suppress(ZeroDivisionError), planned():
        raise ZeroDivisionError
    assert connection.connection.cursor_factory is usual


def test_a_case_that_somebody_may_not_see_is_not_there() -> None:
    case = submitted(actor("wang"), MORNING)
    for asker in (actor("li"), ANONYMOUS):
        with acting_as(asker), pytest.raises(Case.DoesNotExist):
            access.case_for(asker, case.pk)
    # The rule is put into the question as well: who reads past row-level security sees no more.
    li = actor("li")
    with acting_as(li), as_owner(), pytest.raises(Case.DoesNotExist):
        access.case_for(li, case.pk)
    with acting_as(actor("wang")):
        found = access.case_for(actor("wang"), case.pk)
    with acting_as(SYSTEM):
        stored = Case.objects.get(pk=case.pk)
    for field in Case._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(stored, field.attname), field.attname
