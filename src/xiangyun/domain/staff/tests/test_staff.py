"""An administrator manages people of the own office and below, and gives no more than it holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.queries import actor_by_login, actor_by_password
from xiangyun.domain.cases import access as cases_of
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import queries as tasks_of
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import submitted
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.staff import mandates, people, queries, sheets
from xiangyun.domain.staff.roles import known_roles, offered
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
JILIN, YANBIAN, HUNCHUN, GONGZHULING = 220000000000, 222400000000, 222404000000, 220184000000


def at() -> datetime:
    return timezone.now()


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def opened(login: str, division: int = HUNCHUN, department: str = "", by: Actor = SYSTEM) -> UUID:
    return people.open_account(
        by,
        login=login,
        name=f"样{login}",
        division=division,
        office=f"{division}办公室（虚构）",
        department=department,
        fictitious=True,
        at=at(),
    ).account


def administrator(login: str, division: int, department: str = "") -> Actor:
    account = opened(login, division, department)
    given = {"role": "administrator", "department": department, "division": division}
    mandates.give(SYSTEM, account, **given, at=at())
    found = actor_by_login(login)
    assert found is not None
    return found


def actor(login: str) -> Actor:
    found = actor_by_login(login)
    assert found is not None
    return found


def account_of(login: str) -> UUID:
    found = actor(login).account
    assert found is not None
    return found


def agree(official: Actor, case: Case) -> None:
    """Press the button of the first task that waits for this official."""
    with acting_as(official):
        task = tasks_of.open_tasks(official, cases_of.case_for(official, case.id))[0]
        cases.complete_task(case.id, task.id, action="agree", actor=official, at=at())


def test_an_administrator_sees_the_people_of_the_place_and_below_and_no_cases() -> None:
    chief = administrator("chief", HUNCHUN)
    seen = {one.staffer.login for one in queries.people(chief)}
    assert {"shouli", "shencha", "jueding", "bangban", "chief"} <= seen
    assert not {"gongzhuling", "duban", "fabu"} & seen
    assert (chief.scope, chief.matters, chief.across) == ((), (), ())
    assert queries.people(actor("shencha")) == []


def test_an_administrator_of_a_department_sees_its_people_alone() -> None:
    fire = administrator("firechief", HUNCHUN, "fire")
    opened("fireman", HUNCHUN, "fire")
    opened("clerk", HUNCHUN, "water")
    assert {one.staffer.login for one in queries.people(fire)} == {"firechief", "fireman"}
    with pytest.raises(NotFound, match=r"staff\.E001"):
        queries.by_login(fire, "clerk")
    with pytest.raises(NotFound, match=r"staff\.E001"):
        people.set_password(fire, account_of("clerk"), at=at())


@pytest.mark.parametrize(
    ("role", "department", "division", "allowed"),
    [
        ("reviewer", "fire", HUNCHUN, True),
        ("reviewer", "fire", 222404001000, True),  # a town below
        ("reviewer:fire", "", HUNCHUN, True),
        ("administrator", "fire", HUNCHUN, True),
        ("reviewer", "water", HUNCHUN, False),  # another department
        ("reviewer", "", HUNCHUN, False),  # nobody's matter
        ("supervisor", "", HUNCHUN, False),  # across departments
        ("administrator", "", HUNCHUN, False),
        ("reviewer", "fire", YANBIAN, False),  # above
        ("reviewer", "fire", GONGZHULING, False),  # beside
    ],
)
def test_no_more_is_given_than_the_office_holds(
    role: str, department: str, division: int, allowed: bool
) -> None:
    chief = administrator("firechief", HUNCHUN, "fire")
    fireman = opened("fireman", HUNCHUN, "fire")

    def give() -> None:
        given = {"role": role, "department": department, "division": division}
        mandates.give(chief, fireman, **given, at=at())

    if allowed:
        give()
        assert actor("fireman").holds(f"{role.partition(':')[0]}:fire", division)
    else:
        with pytest.raises(Forbidden, match=r"staff\.E003"):
            give()
        assert actor("fireman").mandates == ()


def test_nobody_gives_anything_to_himself() -> None:
    chief = administrator("chief", HUNCHUN)
    own = account_of("chief")
    opened("clerk")
    for verb in (
        lambda: mandates.give(chief, own, role="reviewer", division=HUNCHUN, at=at()),
        lambda: mandates.name_deputy(
            chief, account_of("shencha"), own, from_on=today(), to_on=today(3), reason="", at=at()
        ),
        lambda: people.unlock(chief, own, reason="", at=at()),
        lambda: people.set_password(chief, own, at=at()),
        lambda: people.reset_second_factor(chief, own, reason="", at=at()),
    ):
        with pytest.raises(Forbidden, match=r"staff\.E002"):
            verb()


def test_whose_mandates_reach_beyond_is_not_the_administrators_to_touch() -> None:
    chief = administrator("chief", HUNCHUN)
    clerk = opened("clerk")
    mandates.give(SYSTEM, clerk, role="reviewer", division=YANBIAN, at=at())
    for verb in (
        lambda: people.lock(chief, clerk, reason="", at=at()),
        lambda: people.set_password(chief, clerk, at=at()),
    ):
        with pytest.raises(NotFound, match=r"staff\.E001"):
            verb()


@pytest.mark.parametrize(
    ("changed", "id", "near"),
    [
        ({"role": "reviewr"}, "E011", "reviewer"),
        ({"department": "fyre"}, "E012", "fire"),
        ({"division": "229999"}, "E013", ""),
        ({"to_on": date(2020, 1, 1)}, "E005", ""),
        ({"from_on": date(2999, 1, 2), "to_on": date(2999, 1, 1)}, "E005", ""),
    ],
)
def test_what_is_wrong_with_a_mandate_is_said_with_the_nearest_name(
    changed: dict[str, object], id: str, near: str
) -> None:
    given = {"role": "reviewer", "department": "", "division": HUNCHUN} | changed
    with pytest.raises(Refused, match=rf"staff\.{id}") as refused:
        mandates.give(SYSTEM, opened("clerk"), **given, at=at())
    hint = refused.value.findings[0].hint
    assert near in (hint.en if hint else "")


def test_a_mandate_counts_from_its_first_to_its_last_day() -> None:
    clerk = opened("clerk")
    days = {"from_on": today(1), "to_on": today(2)}
    mandates.give(SYSTEM, clerk, role="reviewer", division=HUNCHUN, **days, at=at())
    assert actor("clerk").mandates == ()
    given = mandates.give(
        SYSTEM, clerk, role="reviewer", division=HUNCHUN, from_on=today(), at=at()
    )
    assert actor("clerk").holds("reviewer", HUNCHUN)
    mandates.end(SYSTEM, given.pk, on=today(), at=at())
    assert actor("clerk").holds("reviewer", HUNCHUN)
    mandates.end(SYSTEM, given.pk, at=at())
    assert actor("clerk").mandates == ()
    with pytest.raises(NotFound, match=r"staff\.E006"):
        mandates.end(SYSTEM, given.pk, at=at())


def test_a_deputy_does_the_work_of_the_absent_one_and_the_journal_says_so() -> None:
    chief = administrator("chief", HUNCHUN)
    stands_in = opened("clerk")
    case = submitted(actor("wang"))
    assert not actor("clerk").holds("reviewer", HUNCHUN)
    made = mandates.name_deputy(
        chief,
        account_of("shencha"),
        stands_in,
        from_on=today(),
        to_on=today(5),
        reason="出差",
        at=at(),
    )
    agree(actor("clerk"), case)
    with acting_as(SYSTEM):
        done = Entry.objects.filter(subject=case.number, verb="task.done").latest("pk")
        named = Entry.objects.filter(verb="deputy.named").order_by("pk")
        assert {entry.owner for entry in named} == {stands_in, account_of("shencha")}
    assert (done.actor, done.actor_name) == (stands_in, "样clerk（代 朴样查）")
    assert done.desk == "珲春市市场监督管理局 登记科（演示）"
    mandates.end_deputy(chief, made.pk, at=at())
    assert actor("clerk").mandates == ()


def test_what_a_deputy_holds_himself_he_does_in_his_own_name() -> None:
    clerk = opened("clerk")
    own = {"role": "reviewer", "department": "market_supervision", "division": HUNCHUN}
    mandates.give(SYSTEM, clerk, **own, at=at())
    days = {"from_on": today(), "to_on": today(5), "reason": "", "at": at()}
    mandates.name_deputy(SYSTEM, account_of("shencha"), clerk, **days)
    case = submitted(actor("wang"))
    agree(actor("clerk"), case)
    with acting_as(SYSTEM):
        done = Entry.objects.filter(subject=case.number, verb="task.done").latest("pk")
    assert done.actor_name == "样clerk"


def test_a_deputy_passes_nothing_on_and_a_locked_account_has_no_deputy() -> None:
    first, second = opened("first"), opened("second")
    days = {"from_on": today(), "to_on": today(5), "reason": "", "at": at()}
    mandates.name_deputy(SYSTEM, account_of("shencha"), first, **days)
    with pytest.raises(Conflict, match=r"staff\.E009"):
        mandates.name_deputy(SYSTEM, first, second, **days)
    mandates.give(SYSTEM, first, role="acceptor", division=HUNCHUN, at=at())
    mandates.name_deputy(SYSTEM, first, second, **days)
    assert [held.role for held in actor("second").mandates] == ["acceptor"]
    people.lock(SYSTEM, account_of("shencha"), reason="离职", at=at())
    assert [held.role for held in actor("first").mandates] == ["acceptor"]


def test_a_locked_account_logs_in_no_more_until_it_is_unlocked() -> None:
    made = people.open_account(
        SYSTEM, login="clerk", name="样员", division=HUNCHUN, office="某局（虚构）", at=at()
    )
    assert actor_by_password("clerk", made.password) is not None
    people.lock(SYSTEM, made.account, reason="调离", at=at())
    assert actor_by_password("clerk", made.password) is None
    people.unlock(SYSTEM, made.account, reason="调回", at=at())
    new = people.set_password(SYSTEM, made.account, at=at())
    assert actor_by_password("clerk", made.password) is None
    assert actor_by_password("clerk", new) is not None
    with acting_as(SYSTEM):
        entries = Entry.objects.filter(owner=made.account).order_by("pk")
        verbs = [entry.verb for entry in entries]
    said = ["account.opened", "account.locked", "account.unlocked", "account.password_set"]
    assert verbs == said


def test_a_file_with_one_wrong_line_changes_nothing_and_names_every_wrong_line() -> None:
    chief = administrator("chief", HUNCHUN)
    text = (
        "\ufefflogin,name,division,department,office\r\n"
        "one,样一,222404,,某局（虚构）\r\n"
        "\r\n"
        "two,样二,220184,,某局（虚构）\r\n"
        "one,样三,222404,,某局（虚构）\r\n"
        "four,样四,222404,fyre,某局（虚构）\r\n"
    )
    with pytest.raises(Refused) as refused:
        sheets.open_accounts(chief, text, at=at(), name="people.csv")
    found = [(f.place.line, f.id) for f in refused.value.findings if f.place]
    assert found == [(4, "staff.E003"), (5, "staff.E007"), (6, "staff.E012")]
    assert actor_by_login("one") is None


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("", "E015"),
        ("login,name\n", "E015"),
        ("login,name,division,office,shoe\n", "E015"),
        ("login,name,division,office\none,样一\n", "E016"),
    ],
)
def test_what_is_no_list_of_people_is_refused(text: str, id: str) -> None:
    with pytest.raises(Refused, match=rf"staff\.{id}"):
        sheets.open_accounts(SYSTEM, text, at=at())


def test_what_is_written_out_can_be_read_in_again() -> None:
    chief = administrator("chief", HUNCHUN)
    out = sheets.mandates_out(chief)
    assert (
        "shencha,reviewer,market_supervision,222404000000,珲春市市场监督管理局 登记科（演示）,,"
        in out
    )
    own = "\r\n".join(line for line in out.splitlines() if not line.startswith("chief,"))
    done = sheets.give_mandates(chief, own, at=at())
    assert done.lines == len(own.splitlines()) - 1
    assert sheets.mandates_out(chief) == out
    assert "shencha,朴样查,222404000000" in sheets.people_out(chief)


def test_a_name_becomes_no_formula_in_a_spreadsheet_and_comes_back_as_it_was() -> None:
    chief = administrator("chief", HUNCHUN)
    head, line = sheets.people_out(chief).splitlines()[:2]
    cells = dict(zip(head.split(","), line.split(","), strict=True))
    wicked = {**cells, "login": "wicked", "name": "'=HYPERLINK(1)"}
    wicked = {name: value for name, value in wicked.items() if name in sheets.PEOPLE}
    text = f"{','.join(wicked)}\r\n{','.join(wicked.values())}\r\n"
    sheets.open_accounts(chief, text, at=at())
    known = actor_by_login("wicked")
    assert known is not None
    assert known.name == "=HYPERLINK(1)"
    assert "wicked,'=HYPERLINK(1)," in sheets.people_out(chief)


INSPECTOR = """roles:
  - role: inspector
    words: {zh-Hans: 检查员, en: inspector}
    does: {zh-Hans: 到现场检查。, en: Inspects on the spot.}
    departments: [fire]
    levels: [county]
"""


@pytest.mark.parametrize(
    ("department", "division", "id"),
    [
        ("fire", HUNCHUN, ""),
        ("water", HUNCHUN, "E018"),
        ("", HUNCHUN, "E018"),
        ("fire", YANBIAN, "E019"),
    ],
)
def test_a_role_of_a_published_pack_is_given_where_it_exists(
    department: str, division: int, id: str
) -> None:
    with acting_as(SYSTEM):
        catalogue.publish("fire/roles", {"roles.yaml": INSPECTOR}, actor=SYSTEM, at=at())
    clerk = opened("clerk")
    given = {"role": "inspector", "department": department, "division": division}
    if not id:
        mandates.give(SYSTEM, clerk, **given, at=at())
        assert actor("clerk").holds("inspector:fire", HUNCHUN)
        return
    with pytest.raises(Refused, match=rf"staff\.{id}"):
        mandates.give(SYSTEM, clerk, **given, at=at())


OVERSEER = """roles:
  - role: overseer
    words: {zh-Hans: 督查, en: overseer}
    does: {zh-Hans: 督查。, en: Oversees.}
    across: true
"""


def publish(text: str) -> None:
    with acting_as(SYSTEM):
        catalogue.publish("fire/roles", {"roles.yaml": text}, actor=SYSTEM, at=at())


def test_a_role_across_departments_holds_in_all_and_follows_its_declaration() -> None:
    publish(OVERSEER)
    clerk = opened("clerk")
    mandates.give(SYSTEM, clerk, role="overseer", division=HUNCHUN, at=at())
    mandates.give(SYSTEM, clerk, role="overseer", department="fire", division=YANBIAN, at=at())
    who = actor("clerk")
    assert who.across == ((222404000000, 222404999999),)
    assert who.holds("overseer:water", HUNCHUN)
    assert not who.holds("overseer:water", YANBIAN)
    assert who.holds("overseer:fire", YANBIAN)
    assert ";overseer fire 222400000000" in ";" + who.settings[7]
    assert "overseer - 222404000000 222404999999" in who.settings[7]

    publish(OVERSEER.replace("across: true", "across: false"))
    assert actor("clerk").across == ()
    assert not actor("clerk").holds("overseer:water", HUNCHUN)


def test_a_role_that_is_held_is_not_withdrawn_and_its_holders_are_named() -> None:
    publish(INSPECTOR)
    clerk = opened("clerk")
    given = mandates.give(
        SYSTEM, clerk, role="inspector", department="fire", division=HUNCHUN, at=at()
    )
    for withdraw in (
        lambda: catalogue.unpublish("role/inspector", actor=SYSTEM, at=at()),
        lambda: catalogue.unpublish("fire/roles", actor=SYSTEM, at=at()),
        lambda: publish(OVERSEER),
    ):
        with pytest.raises(Refused) as refused:
            withdraw()
        [finding] = refused.value.findings
        assert finding.id == "account.E010"
        assert "检查员" in finding.message.zh
        assert queries.person(SYSTEM, clerk).staffer.name in finding.message.zh
    assert "inspector" in known_roles()
    mandates.end(SYSTEM, given.pk, at=at())
    with acting_as(SYSTEM):
        gone = catalogue.unpublish("fire/roles", actor=SYSTEM, at=at())
    assert [each.code for each in gone.versions] == ["inspector"]
    assert "inspector" not in known_roles()
    publish(INSPECTOR)
    assert "inspector" in known_roles()


def test_a_role_that_a_published_service_names_is_not_withdrawn() -> None:
    with pytest.raises(Refused) as refused:
        catalogue.unpublish("role/reviewer", actor=SYSTEM, at=at())
    told = " ".join(finding.message.en for finding in refused.value.findings)
    assert "market/company-registration is published" in told
    assert {finding.id for finding in refused.value.findings} == {"pack.E056", "account.E010"}


def test_an_administrator_is_offered_the_roles_in_force_that_the_office_has() -> None:
    publish(INSPECTOR)
    fire = administrator("chief", HUNCHUN, "fire")
    market = administrator("other", HUNCHUN, "market_supervision")
    everywhere = administrator("all", HUNCHUN)
    assert "inspector" in offered(fire)
    assert "inspector" not in offered(market)
    assert {"reviewer", "supervisor"} <= offered(market).keys()
    assert offered(everywhere).keys() == known_roles().keys()
    catalogue.unpublish("role/inspector", actor=SYSTEM, at=at())
    assert "inspector" not in offered(fire)
