"""Time goes on: running cases, their work, mandates and certificates follow, each with a trace."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as known
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.representing import represent
from xiangyun.domain.cases import access, comparison
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.models import Case, CaseParty, WorkItem
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, as_owner, project, submitted
from xiangyun.domain.certificates import comparison as of_certificates
from xiangyun.domain.certificates.models import Certificate
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.parties import queries as reads
from xiangyun.domain.parties import succession
from xiangyun.domain.parties.actions import By
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers import queries as records
from xiangyun.domain.registers.tests.declared import declare, firm
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.kernel.codes.department import number_of
from xiangyun.kernel.findings import Conflict, NotFound, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HUNCHUN, TUMEN = 222404000000, 222402000000
ON = date(2026, 4, 9)
BY = By(None, "祥云平台", "", MORNING)
WHY = "吉政函〔2026〕1号（虚构）"


def account(login: str, name: str, kind: str, number: str) -> Actor:
    accounts.open_account(
        login=login, password=PASSWORD, name=name, kind=kind, id_number=number, division=HUNCHUN
    )
    return again(login)


def again(login: str) -> Actor:
    """The account as it logs in now."""
    found = known.actor_by_password(login, PASSWORD)
    assert found is not None
    return found


def firm_account(login: str, number: str) -> Actor:
    return account(login, f"样{login}有限公司", "company", number)


def verbs_of(case: Case) -> list[str]:
    with acting_as(SYSTEM):
        return [entry.verb for entry in journal.history(case.number)]


def now(case: Case) -> Case:
    with acting_as(SYSTEM):
        return Case.objects.get(pk=case.pk)


def sees(who: Actor, case: Case) -> bool:
    with acting_as(who):
        return access.cases_of(who).filter(pk=case.pk).exists()


def audited() -> None:
    with acting_as(SYSTEM):
        assert list(comparison.compare()) == []
        assert list(of_certificates.compare()) == []


def test_a_duplicate_is_joined_and_its_running_case_goes_on_with_the_one_that_stays() -> None:
    wang, li = actor("wang"), actor("li")
    case = submitted(wang)
    assert wang.account
    assert li.account
    with acting_as(SYSTEM):
        succession.join(wang.account, li.account, why=WHY, on=ON, by=BY)
    assert now(case).owner == li.account
    assert verbs_of(case)[-1] == "case.followed"
    assert sees(again("li"), case)
    assert known.actor_by_password("wang", PASSWORD) is None  # locked: it is the other's now
    with acting_as(SYSTEM):
        found = reads.by_code("person", "222404199203150027")
    assert found is not None
    assert found.pk == li.account
    act("shencha", now(case), "agree")  # and work goes on
    audited()


def test_a_merge_below_the_commands_takes_running_cases_along_too() -> None:
    wang, li = actor("wang"), actor("li")
    case = submitted(wang)
    assert wang.account
    assert li.account
    with acting_as(SYSTEM):
        counted = parties.merge(wang.account, li.account, why=WHY, on=ON, by=BY)
    assert counted["cases"] == 1
    assert now(case).owner == li.account
    assert verbs_of(case)[-1] == "case.followed"


def test_whoever_acted_for_the_duplicate_acts_for_the_one_that_stays() -> None:
    one = firm_account("one", "91110000600037341L")
    other = firm_account("other", "91222404MA0XY0047L")
    wang = actor("wang")
    assert one.account
    assert other.account
    assert wang.account
    represent(SYSTEM, party=one.account, representative=wang.account, proof="register", at=MORNING)
    with acting_as(SYSTEM):
        succession.join(one.account, other.account, why=WHY, on=ON, by=BY)
        assert [r.party_id for r in reads.representing(wang.account, ON)] == [other.account]


def test_an_absorbed_company_leaves_its_cases_and_records_but_not_its_directors() -> None:
    declare()
    one = firm_account("one", "91110000600037341L")
    other = firm_account("other", "91222404MA0XY0047L")
    wang = actor("wang")
    assert one.account
    assert other.account
    assert wang.account
    represent(SYSTEM, party=one.account, representative=wang.account, proof="register", at=MORNING)
    registers.record(
        "firms", "A1", firm("A1", "样"), valid_from=ON, source="t", at=MORNING, holder=one.account
    )
    case = project(one)
    with acting_as(SYSTEM):
        counted = succession.absorb(one.account, other.account, why=WHY, on=ON, by=BY)
        assert (counted["cases"], counted["registers"]) == (1, 1)
        assert reads.representing(wang.account, ON) == []
        assert [s.key for s in records.records_about(other.account)] == ["A1"]
        assert reads.party(one.account).to_on == ON
    assert sees(again("other"), case)
    audited()


def test_cases_and_their_work_follow_a_division_that_was_merged() -> None:
    case = submitted(actor("wang"))
    with acting_as(SYSTEM):
        item = WorkItem.objects.get(case=case, closed_at=None)
        assert item.county == HUNCHUN // 1_000_000
        counted = succession.move_division(HUNCHUN, TUMEN, why=WHY, on=ON, by=BY)
        item.refresh_from_db()
    assert counted["cases"] >= 1
    assert now(case).division == TUMEN
    assert (item.division, item.county, item.place) == (TUMEN, TUMEN // 1_000_000, 0)
    assert verbs_of(case)[-1] == "case.followed"
    # the officials of before hold the same mandates there
    official = again("shencha")
    assert sees(official, case)
    with acting_as(official):
        queue = cases.queue(official, today=ON)
        assert case.pk in {row.case_id for row in queue.rows}
    audited()


def test_what_a_running_case_issues_is_of_the_office_that_goes_on() -> None:
    case = submitted(actor("wang"))
    before = now(case).variables["authority"]
    with acting_as(SYSTEM):
        succession.move_division(HUNCHUN, TUMEN, why=WHY, on=ON, by=BY)
    stands = now(case).variables
    assert stands["authority"]["name"] == before["name"].replace("珲春市", "图们市")
    assert stands["authority"]["code"] != before["code"]
    assert stands["division"]["code"] == str(TUMEN)
    act("shencha", now(case), "agree")
    act("jueding", now(case), "approve")
    with acting_as(SYSTEM):
        issued = Certificate.objects.get(case_number=case.number)
    assert issued.authority_name == stands["authority"]["name"]
    assert issued.authority_code == stands["authority"]["code"]
    audited()


def test_a_case_follows_the_office_that_decides_it_into_another() -> None:
    case, ended = submitted(actor("wang")), submitted(actor("li"), brand="样末")
    with acting_as(actor("li")) as li:
        withdraw_case(ended.pk, actor=li, at=MORNING)
    before = now(case).variables["authority"]
    with acting_as(SYSTEM):
        office = parties.ensure("organisation", before["code"], before["name"])
        other = parties.ensure("organisation", "11222404MB00000001", "珲春市新局（虚构）")
        counted = succession.absorb(office.pk, other.pk, why=WHY, on=ON, by=BY)
    assert counted["cases"] == 1
    stands = now(case).variables["authority"]
    assert (stands["name"], stands["code"]) == ("珲春市新局（虚构）", "11222404MB00000001")
    assert stands["division"] == before["division"]
    assert verbs_of(case)[-1] == "case.followed"
    assert now(ended).variables["authority"] == before  # it was that office which ended it
    audited()


def test_work_and_mandates_follow_a_department_that_was_merged() -> None:
    case = submitted(actor("wang"))
    with acting_as(SYSTEM):
        succession.move_department("market_supervision", "commerce", why=WHY, on=ON, by=BY)
        item = WorkItem.objects.get(case=case, closed_at=None)
    number = number_of("commerce")
    assert (now(case).matter, item.matter) == (number, number)
    assert item.groups == ["reviewer:commerce"]
    assert [m.role for m in again("shencha").mandates] == ["reviewer:commerce"]
    act("shencha", now(case), "agree")
    with acting_as(SYSTEM):  # what comes next waits for the new department, too
        following = WorkItem.objects.get(case=case, closed_at=None)
    assert following.groups == ["approver:commerce"]
    audited()


def test_a_death_ends_who_acts_and_is_told_in_running_cases() -> None:
    wang, li = actor("wang"), actor("li")
    assert wang.account
    assert li.account
    represent(SYSTEM, party=wang.account, representative=li.account, proof="kinship", at=MORNING)
    case = submitted(wang)
    with acting_as(SYSTEM):
        counted = succession.die(wang.account, why=WHY, on=ON, by=BY)
        assert reads.representing(li.account, ON) == []
    assert counted["cases"] == 1
    assert verbs_of(case)[-1] == "case.followed"
    assert known.actor_by_password("wang", PASSWORD) is None
    assert now(case).ended_at is None  # what becomes of it, its office decides
    act("shencha", now(case), "agree")
    audited()


def test_parties_in_other_roles_are_joined_without_standing_twice() -> None:
    one = firm_account("one", "91110000600037341L")
    other = firm_account("other", "91222404MA0XY0047L")
    case = submitted(actor("wang"))
    assert one.account
    assert other.account
    with as_owner():
        for party in (one.account, other.account):
            CaseParty.objects.create(case=case, role="owner", party=party, name="样", sees=True)
    with acting_as(SYSTEM):
        succession.join(one.account, other.account, why=WHY, on=ON, by=BY)
        assert [p.party for p in CaseParty.objects.filter(case=case)] == [other.account]
    assert "case.followed" in verbs_of(case)


def test_a_certificate_says_that_its_holder_or_office_goes_on_in_another() -> None:
    case = submitted(actor("wang"))
    for login, action in (("shencha", "agree"), ("jueding", "approve")):
        act(login, now(case), action)
    with acting_as(SYSTEM):
        succession.move_division(HUNCHUN, TUMEN, why=WHY, on=ON, by=BY)
        issued = Certificate.objects.get(case_number=case.number)
    assert issued.division == TUMEN
    assert "certificate.followed" in verbs_of(case)
    audited()


def test_what_cannot_be_is_refused_and_nothing_follows() -> None:
    wang, firm = actor("wang"), firm_account("one", "91110000600037341L")
    assert wang.account
    assert firm.account
    case = submitted(wang)
    nobody = UUID(int=1)
    with acting_as(SYSTEM):
        for one, other, why, kind in (
            (wang.account, firm.account, WHY, Conflict),
            (wang.account, wang.account, WHY, Conflict),
            (wang.account, nobody, WHY, NotFound),
            (wang.account, firm.account, " ", Refused),
        ):
            with pytest.raises(kind):
                succession.join(one, other, why=why, on=ON, by=BY)
        with pytest.raises(NotFound):
            succession.move_division(HUNCHUN, 229900000000, why=WHY, on=ON, by=BY)
        with pytest.raises(NotFound):
            succession.move_department("market_supervision", "none", why=WHY, on=ON, by=BY)
        with pytest.raises(NotFound):
            succession.die(firm.account, why=WHY, on=ON, by=BY)
    assert "case.followed" not in verbs_of(case)


def test_nobody_but_the_platform_lets_cases_follow() -> None:
    wang = actor("wang")
    calls = (
        ("SELECT xiangyun_cases_join_party(%s, %s)", [wang.account, wang.account]),
        ("SELECT xiangyun_cases_move_division(%s, %s, %s, %s)", [1, 2, 1, 2]),
        ("SELECT xiangyun_certificates_move_department(%s, %s)", [1, 2]),
    )
    with acting_as(wang), connection.cursor() as cursor:
        for call, values in calls:
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(call, values)


def test_departments_of_the_province_stay_who_they_are() -> None:
    with acting_as(SYSTEM):
        parties.load_departments()
        succession.move_department("market_supervision", "commerce", why=WHY, on=ON, by=BY)
        number = number_of("market_supervision")
        [office] = reads.offices(number)
        assert office.code == parties.code_of_department(number)
