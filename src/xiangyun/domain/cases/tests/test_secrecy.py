"""A case that only its handlers may know: taken over, handed on, looked at for a reason."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from xiangyun.adapters.packs import packs
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions, secrecy
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Handler, WorkItem
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.journal import queries as journal
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.findings import Forbidden, Refused, Stale
from xiangyun.kernel.pack import check_pack

from .situations import actor, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

MARKET = "market/company-registration"
SECRET = "class: handlers\noverseers: [supervisor]\nteam: [acceptor]\ndepartment:"
BRAND = "样密"


def declared(lines: str = SECRET) -> dict[str, str | bytes]:
    """The service, known to its handlers alone."""
    files = dict(read_folder(packs()[MARKET]))
    service = files["service.yaml"].replace("\nversion: 1", "\nversion: 2")
    files["service.yaml"] = service.replace("\ndepartment:", "\n" + lines, 1)
    return files


@pytest.fixture
def case() -> Case:
    """An application of Wang's; it waits for a reviewer, in Hunchun."""
    with acting_as(SYSTEM) as platform:
        catalogue.publish(MARKET, declared(), actor=platform, at=timezone.now())
    return submitted(actor("wang"), brand=BRAND)


def taken(login: str = "shencha") -> None:
    with acting_as(actor(login)) as official:
        (line,) = cases.untaken()
        secrecy.take_over(line.item, actor=official, at=timezone.now())


def test_open_work_is_a_line_without_names_for_whoever_holds_the_role(case: Case) -> None:
    with acting_as(actor("shencha")) as reviewer:
        (line,) = cases.untaken()
        assert (line.place.zh, line.due_on) == ("珲春市", case.due_on)
        assert BRAND not in str(line)
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not WorkItem.objects.filter(case=case).exists()
        assert cases.queue(reviewer, today=timezone.localdate()).rows == ()
        assert cases.queue(reviewer, today=timezone.localdate(), words=case.number).rows == ()
    for login in ("jueding", "gongzhuling", "duban", "lianshen", "bangban"):
        with acting_as(actor(login)):
            assert cases.untaken() == [], login


def test_whoever_takes_it_over_handles_it_and_nobody_else_is_shown_it(case: Case) -> None:
    taken()
    with acting_as(actor("shencha")) as reviewer:
        assert access.case_for(reviewer, case.pk).subject
        assert cases.untaken() == []
        (row,) = cases.queue(reviewer, today=timezone.localdate()).rows
        assert row.number == case.number
        actions.note_reading(case, actor=reviewer, at=timezone.now())  # the work is the reason
        task = cases.open_tasks(reviewer, case)[0]
        actions.complete_task(case.pk, task.id, action="agree", actor=reviewer, at=timezone.now())
    with acting_as(actor("duban")):
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not Handler.objects.exists()
    with acting_as(actor("jueding")):
        assert len(cases.untaken()) == 1  # the next task waits for another role
    with acting_as(actor("wang")):
        verbs = [entry.verb for entry in journal.history(case.number)]
        assert "case.taken" in verbs


def test_what_is_taken_is_not_taken_again(case: Case) -> None:
    with acting_as(actor("shencha")):
        (line,) = cases.untaken()
    taken()
    for login in ("shencha", "jueding", "duban"):
        with acting_as(actor(login)) as official, pytest.raises(Stale):
            secrecy.take_over(line.item, actor=official, at=timezone.now())


def test_an_overseer_looks_for_a_reason_that_the_applicant_reads(case: Case) -> None:
    with acting_as(actor("duban")) as overseer:
        (line,) = cases.overseen()
        assert line.case_id == case.pk
        with pytest.raises(Refused):
            secrecy.look(case.pk, why=" ", actor=overseer, at=timezone.now())
        assert not Case.objects.filter(pk=case.pk).exists()
        secrecy.look(case.pk, why="信访核查", actor=overseer, at=timezone.now())
        assert access.case_for(overseer, case.pk)
        actions.note_reading(case, actor=overseer, at=timezone.now())
        assert not secrecy.works_on(case, overseer)
    client = Client()
    client.post("/login", {"as": "wang"})
    page = client.get("/account/looks").content.decode()
    assert "信访核查" in page
    assert case.number in page


def test_an_overseers_look_ends_with_the_day(case: Case) -> None:
    with acting_as(actor("duban")) as overseer, connection.cursor() as cursor:
        cursor.execute(
            "SELECT xiangyun_case_look(%s, 'x', 'why', now() - interval '1 second')", [case.pk]
        )
        assert not access.cases_of(overseer).filter(pk=case.pk).exists()


def test_nobody_but_an_overseer_looks(case: Case) -> None:
    for login in ("shencha", "jueding", "li", "gongzhuling", "lianshen"):
        with acting_as(actor(login)) as stranger:
            assert cases.overseen() == []
            with pytest.raises(Case.DoesNotExist):
                secrecy.look(case.pk, why="好奇", actor=stranger, at=timezone.now())


def test_a_case_is_handed_on_to_a_named_official_of_its_team(case: Case) -> None:
    taken()
    approver, acceptor = actor("jueding"), actor("shouli")
    assert approver.account
    assert acceptor.account
    with acting_as(actor("shencha")) as reviewer:
        for whom, why in ((approver, "休假"), (acceptor, "")):
            with pytest.raises(Refused):
                secrecy.hand_over(case.pk, whom.account, why=why, actor=reviewer, at=timezone.now())
        secrecy.hand_over(case.pk, acceptor.account, why="休假", actor=reviewer, at=timezone.now())
        assert not access.cases_of(reviewer).filter(pk=case.pk).exists()
    with acting_as(acceptor):
        assert access.case_for(acceptor, case.pk)
        # Named, and the work is not of that role: each day's look wants a reason.
        with pytest.raises(Forbidden):
            actions.note_reading(case, actor=acceptor, at=timezone.now())
        secrecy.look(case.pk, why="接手", actor=acceptor, at=timezone.now())
        actions.note_reading(case, actor=acceptor, at=timezone.now())


def test_who_has_done_work_in_it_goes_on_knowing_of_it_and_says_why(case: Case) -> None:
    taken()
    with acting_as(actor("shencha")) as reviewer:
        task = cases.open_tasks(reviewer, case)[0]
        actions.complete_task(case.pk, task.id, action="agree", actor=reviewer, at=timezone.now())
        assert access.case_for(reviewer, case.pk)
        with pytest.raises(Forbidden):
            actions.note_reading(case, actor=reviewer, at=timezone.now())


def test_pages_lead_from_the_line_to_the_case(case: Case) -> None:
    client = Client()
    client.post("/login", {"as": "shencha"})
    queue = client.get("/office/").content.decode()
    assert "珲春市" in queue
    assert case.number not in queue
    assert BRAND not in queue
    with acting_as(actor("shencha")):
        (line,) = cases.untaken()
    assert client.get(f"/office/cases/{case.pk}").status_code == 404
    opened = client.post(f"/office/untaken/{line.item}", follow=True)
    assert BRAND in opened.content.decode()
    other = Client()
    other.post("/login", {"as": "duban"})
    assert BRAND not in other.get("/office/").content.decode()
    asked = other.get(f"/office/cases/{case.pk}/look")
    assert BRAND not in asked.content.decode()
    assert other.post(f"/office/cases/{case.pk}/look", {"why": ""}).status_code == 422
    shown = other.post(f"/office/cases/{case.pk}/look", {"why": "抽查"}, follow=True)
    assert BRAND in shown.content.decode()
    assert "抽查" in shown.content.decode()


def test_roles_for_cases_that_everybody_may_know_are_told_to_say_nothing() -> None:
    files = declared("team: [acceptor]\ndepartment:")
    assert "pack.E070" in {finding.id for finding in check_pack(files)}
