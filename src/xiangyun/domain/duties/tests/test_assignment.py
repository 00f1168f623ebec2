"""A task waits where it is done, for a role or for somebody by name; claimed and handed over."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, actions, assignment, openings
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.openings import Begun, Subject
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.journal import queries as journal
from xiangyun.faces.cli import demonstration
from xiangyun.kernel.findings import Conflict, Forbidden, Refused, Stale

from . import visits

pytestmark = pytest.mark.django_db
VILLAGE = "222404001001"
OUTPUT = '<zeebe:output source="={result: answers.result, by: by}" target="visited" />'


def drawn(*inputs: str, headers: str = "") -> dict[str, str]:
    drawing = visits.files()["process.bpmn"]
    assert OUTPUT in drawing
    drawing = drawing.replace(OUTPUT, "".join(inputs) + OUTPUT, 1)
    end = '<zeebe:header key="form" value="visit" />'
    return {"process.bpmn": drawing.replace(end, end + headers, 1)}


def given(name: str, source: str) -> str:
    return f'<zeebe:input source="{source}" target="{name}" />'


def official(login: str, role: str, division: int) -> Actor:
    with acting_as(SYSTEM):
        account = accounts.open_account(
            login=login,
            password=demonstration.PASSWORD,
            name=f"样{login}",
            kind="official",
            division=division,
        )
        accounts.give_mandate(account, role=role, division=division, desk=f"{login}办公室（演示）")
    return actor(login)


@pytest.fixture(autouse=True)
def _published(demonstration: None) -> None:
    visits.publish(drawn(given("task_place", "=application.place")))


def opened(key: str = "1") -> Case:
    subject = Subject(None, "person", "22240419880721001X", "金样一")
    begun = Begun("duty", key, subject, {"household": "金样一"}, place=int(VILLAGE))
    return openings.open_case(visits.SERVICE, begun, at=MORNING)[0]


def item(case: Case) -> WorkItem:
    with acting_as(SYSTEM):
        return WorkItem.objects.get(case=case, closed_at=None)


def visit(who: Actor, case: Case, result: str = "at_home") -> Case:
    with acting_as(who):
        return actions.complete_task(
            case.pk,
            item(case).token,
            action="done",
            actor=who,
            at=MORNING,
            fields={"answers": {"result": result}},
        )


def test_a_village_director_works_without_a_mandate_of_the_county() -> None:
    director = official("cunzhuren", "assessor:civil_affairs", int(VILLAGE))
    case = opened()
    assert item(case).division == int(VILLAGE)
    with acting_as(director):
        assert [row.number for row in cases.queue(director, today=MORNING.date()).rows] == [
            case.number
        ]
        assert access.case_for(director, case.pk).pk == case.pk
    done = visit(director, case)
    assert done.outcome == "seen"
    with acting_as(SYSTEM):
        (entry,) = [e for e in journal.history(case.number) if e.verb == "task.done"]
    assert (entry.actor_name, entry.desk) == ("样cunzhuren", "cunzhuren办公室（演示）")


def test_an_official_of_another_village_neither_sees_nor_does_it() -> None:
    other = official("lincun", "assessor:civil_affairs", 222404001002)
    case = opened()
    with acting_as(other):
        assert cases.queue(other, today=MORNING.date()).rows == ()
        with pytest.raises(Case.DoesNotExist):
            access.case_for(other, case.pk)
    with pytest.raises(Case.DoesNotExist):
        visit(other, case)
    assert visit(actor("pinggu"), case).outcome == "seen"  # the county reaches down


def test_a_place_above_and_one_that_is_none() -> None:
    visits.publish(drawn(given("task_place", "=&quot;222400000000&quot;")))
    county, case = actor("pinggu"), opened("above")
    assert item(case).division == 222400000000
    with pytest.raises(Forbidden):
        visit(county, case)
    assert visit(official("zhouli", "assessor:civil_affairs", 222400000000), case).ended_at
    visits.publish(drawn(given("task_place", "=&quot;nowhere&quot;")))
    assert item(opened("none")).division == 222404000000


def test_a_task_may_be_a_named_persons_and_nobody_elses() -> None:
    visits.publish(drawn(given("task_assignee", "=&quot;pinggu&quot;")))
    case = opened("named")
    assert item(case).assigned == actor("pinggu").account
    with pytest.raises(Forbidden):
        visit(official("lingyi", "assessor:civil_affairs", 222404000000), case)
    assert visit(actor("pinggu"), case).outcome == "seen"
    visits.publish(drawn(given("task_assignee", "=&quot;shouli&quot;")))
    assert item(opened("without the role")).assigned is None


def test_who_did_an_earlier_task_does_this_one() -> None:
    visits.publish(drawn(headers='<zeebe:header key="same_hand" value="visit" />'))
    case, second = opened("again"), official("dierge", "assessor:civil_affairs", 222404000000)
    assert item(case).assigned is None
    case = visit(second, case, "nobody")
    assert item(case).assigned == second.account
    with pytest.raises(Forbidden):
        visit(actor("pinggu"), case)
    assert visit(second, case).outcome == "seen"


def test_a_task_that_is_claimed_is_done_by_whoever_claimed_it() -> None:
    one, case = actor("pinggu"), opened()
    other = official("dierge", "assessor:civil_affairs", 222404000000)
    token = item(case).token
    with acting_as(one):
        assignment.claim(case.pk, token, actor=one, at=MORNING)
        assignment.claim(case.pk, token, actor=one, at=MORNING)  # pressed twice
    with acting_as(other), pytest.raises(Conflict, match="has this task"):
        assignment.claim(case.pk, token, actor=other, at=MORNING)
    with pytest.raises(Forbidden):
        visit(other, case)
    with acting_as(SYSTEM):
        said = [e for e in journal.history(case.number) if e.verb == "task.claimed"]
    assert [entry.actor_name for entry in said] == ["方样评"]
    assert visit(one, case).outcome == "seen"
    with acting_as(one), pytest.raises(Stale):
        assignment.claim(case.pk, token, actor=one, at=MORNING)


def test_a_task_is_handed_over_for_a_reason_to_somebody_who_may_do_it() -> None:
    one, case = actor("pinggu"), opened()
    other = official("dierge", "assessor:civil_affairs", 222404000000)
    token = item(case).token
    assert other.account is not None

    def hand(who: Actor, to: UUID | None, why: str = "出差") -> None:
        assert to is not None
        with acting_as(who):
            assignment.hand_over(case.pk, token, to, why=why, actor=who, at=MORNING)

    with pytest.raises(Refused, match="E067"):
        hand(one, other.account, " ")
    with pytest.raises(Refused, match="E068"):
        hand(one, actor("shouli").account)
    hand(one, other.account)
    with pytest.raises(Forbidden):
        hand(one, one.account)  # it is another's now
    hand(actor("duban"), one.account, "请你办")  # a supervisor takes it back
    with acting_as(SYSTEM):
        said = [e.private["why"] for e in journal.history(case.number)
                if e.verb == "task.handed_over"]  # fmt: skip
    assert said == ["出差", "请你办"]
    assert visit(one, case).outcome == "seen"


def test_a_deputy_does_what_the_absent_one_has() -> None:
    one, case = actor("pinggu"), opened()
    deputy = official("dairen", "publisher", 220000000000)
    with acting_as(one):
        assignment.claim(case.pk, item(case).token, actor=one, at=MORNING)
    with acting_as(SYSTEM):
        accounts.put_deputy(
            one.account,
            deputy.account,
            from_on=MORNING.date().replace(year=2020),
            to_on=MORNING.date().replace(year=2099),
            reason="休假",
            at=MORNING,
            by=None,
        )
    assert visit(actor("dairen"), case).outcome == "seen"


def test_claiming_and_handing_over_are_done_on_the_page_of_the_case() -> None:
    case = opened()
    other = official("dierge", "assessor:civil_affairs", 222404000000)
    browser = Client()
    browser.post("/login", {"login": "pinggu", "password": demonstration.PASSWORD})
    page = reverse("workbench:case", args=[case.pk])
    assert "还没有人领取" in browser.get(page).content.decode()
    token = item(case).token
    browser.post(reverse("workbench:claim", args=[case.pk, token]))
    assert "由我办理" in browser.get(page).content.decode()
    browser.post(
        reverse("workbench:hand-task", args=[case.pk, token]),
        {"to": str(other.account), "why": "出差"},
    )
    assert "由样dierge办理" in browser.get(page).content.decode()
    assert item(case).assigned == other.account
