"""Cases open by an official, another case, a message of the interface, and by somebody unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import (
    access,
    admission,
    drafts,
    messaging,
    officialopening,
    openings,
    reports,
    taskforms,
)
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.handlers import CaseStep
from xiangyun.domain.cases.models import Case, Draft
from xiangyun.domain.cases.openings import Begun, Subject
from xiangyun.domain.cases.tests import visits as cases_visits
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.parties import queries as parties
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound, Refused
from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.service import admission as kernel_admission

from . import visits

pytestmark = pytest.mark.django_db
VILLAGE = "222404001001"
SOMEBODY = Subject(None, "person", "22240419880721001X", "金样一")


@pytest.fixture(autouse=True)
def _published(demonstration: None) -> None:
    visits.publish()


def begun(**changed: object) -> Begun:
    given = {"how": "duty", "key": "1", "subject": SOMEBODY, "answers": {"household": "金样一"}}
    return Begun(**{**given, "place": int(VILLAGE), **changed})  # type: ignore[arg-type]


# -- by itself -------------------------------------------------------------------------------------


def test_a_case_opens_by_itself_once_for_its_key() -> None:
    first, new = openings.open_case(visits.SERVICE, begun(), at=MORNING)
    again, other = openings.open_case(visits.SERVICE, begun(), at=MORNING)
    assert (new, other, first.pk) == (True, False, again.pk)
    assert openings.open_case(visits.SERVICE, begun(key="2"), at=MORNING)[0].pk != first.pk
    assert first.division == 222404000000
    assert first.applicant_name == "金样一"
    assert first.variables["opening"]["how"] == "duty"
    with acting_as(SYSTEM):
        (entry,) = [e for e in journal.history(first.number) if e.verb == "case.opened"]
    assert entry.data["how"] == "duty"


def test_what_nobody_declares_opens_nothing() -> None:
    with pytest.raises(Conflict, match="opens so"):
        openings.open_case(visits.SERVICE, begun(how="timer"), at=MORNING)
    with pytest.raises(Conflict, match="takes no message"):
        openings.open_case(visits.SERVICE, begun(how="message", message="other"), at=MORNING)
    with pytest.raises(Conflict):
        openings.open_case("visits/none", begun(), at=MORNING)
    with pytest.raises(Refused):
        openings.open_case(visits.SERVICE, begun(answers={}), at=MORNING)
    with acting_as(SYSTEM):
        assert not Draft.objects.filter(opened="duty").exists()


def test_what_concerns_nobody_is_about_its_place() -> None:
    case, _ = openings.open_case(visits.SERVICE, begun(subject=Subject()), at=MORNING)
    with acting_as(SYSTEM):
        assert parties.party(case.owner).kind == "place"


# -- by a message ----------------------------------------------------------------------------------


def send(login: str, key: str = "A1", **changed: object) -> tuple[Case, bool]:
    pack = catalogue.pack(catalogue.current_version(visits.SERVICE).pk)
    sender = actor(login)
    with acting_as(sender):
        return messaging.open_by_message(
            pack,
            "household.reported",
            key=key,
            subject=SOMEBODY,
            answers={"household": "金样一", "place": VILLAGE, **changed},
            actor=sender,
            at=MORNING,
        )


def test_a_message_opens_a_case_once_for_the_key_of_its_sender() -> None:
    case, new = send("pinggu")
    assert new
    assert case.variables["opening"]["message"] == "household.reported"
    assert send("pinggu") == (case, False)
    assert send("pinggu", "A2")[0].pk != case.pk


def test_a_message_is_taken_from_its_role_and_in_its_place_alone() -> None:
    for login in ("wang", "shouli"):
        with pytest.raises(Forbidden):
            send(login)
    with pytest.raises(Forbidden):
        send("pinggu", place="220184001001")
    with acting_as(SYSTEM):
        assert not Case.objects.filter(version__code=visits.SERVICE).exists()


def test_programs_open_cases_by_messages() -> None:
    sender = actor("pinggu")
    with acting_as(sender):
        token = accounts.issue_token(sender, label="a program", at=timezone.now())
    sent = {
        "key": "7",
        "subject": {"kind": "person", "code": SOMEBODY.code, "name": SOMEBODY.name},
        "answers": {"household": "金样一", "place": VILLAGE},
    }

    def post(name: str = "household.reported", **changed: object):
        return Client().post(
            f"/api/openings/{visits.SERVICE}/messages/{name}",
            {**sent, **changed},
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    first, again = post(), post()
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json()["case"] == again.json()["case"]
    assert post("other").status_code == 403
    assert post(answers={"household": 1}).status_code == 422


# -- held by the database, with the guards of the program left out ---------------------------------


def without_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_admission, "not_opened", lambda item, how, on: [])
    monkeypatch.setattr(officialopening, "may_open", lambda actor, pack: True)


def test_the_database_opens_nothing_in_a_way_that_the_service_does_not_declare(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visits.publish(visits.files("openings: [applicant, duty]\n"))
    without_guards(monkeypatch)
    pack = catalogue.pack(catalogue.current_version(visits.SERVICE).pk)
    way = pack.service.openings[0]
    monkeypatch.setattr(openings, "_way", lambda pack, begun, at: way)
    for how in ("message", "case", "timer"):
        with pytest.raises(Conflict, match="no applications"):
            openings.open_case(visits.SERVICE, begun(how=how), at=MORNING)
    with pytest.raises(Conflict, match="no applications"):
        reports.start_report(visits.SERVICE, at=MORNING)
    openings.open_case(visits.SERVICE, begun(), at=MORNING)


def test_the_database_lets_no_official_open_one_without_the_role_or_in_an_own_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_guards(monkeypatch)
    for login, who in (("shouli", SOMEBODY), ("pinggu", Subject(actor("pinggu").account))):
        official = actor(login)
        with acting_as(SYSTEM):
            owner = who.known()
        assert owner
        made = Draft(
            version=catalogue.current_version(visits.SERVICE),
            owner=owner,
            filed_by=official.account,
            filed_in=official.mandates[0].division,
            opened="official",
            created_at=MORNING,
            updated_at=MORNING,
        )
        with acting_as(official), pytest.raises(Conflict), admission.held(), transaction.atomic():
            made.save(force_insert=True)


# -- by an official --------------------------------------------------------------------------------


def by_hand(login: str, place: str = VILLAGE) -> Case:
    official = actor(login)
    with acting_as(official):
        draft = officialopening.start_opening(visits.SERVICE, SOMEBODY, actor=official, at=MORNING)
        drafts.keep_answers(
            draft.pk, {"household": "金样一", "place": place}, actor=official, at=MORNING
        )
        return officialopening.send_opening(draft.pk, actor=official, at=MORNING)


def test_an_official_opens_a_case_about_another_and_may_go_on_with_it() -> None:
    case = by_hand("pinggu")
    official = actor("pinggu")
    assert case.filed_by is None
    with acting_as(SYSTEM):
        assert parties.party(case.owner).code == SOMEBODY.code
        said = [(e.verb, e.actor_name) for e in journal.history(case.number)]
    assert ("case.opened_by_hand", "方样评") in said
    with acting_as(official):
        again = officialopening.send_opening(case.pk, actor=official, at=MORNING)
        assert again.pk == case.pk
        assert [task.id for task in cases.open_tasks(official, case)]
        assert not access.is_applicant(official, case)


def test_an_official_opens_nothing_elsewhere_without_the_role_or_in_an_own_matter() -> None:
    for login in ("shouli", "wang"):
        with pytest.raises(Forbidden):
            by_hand(login)
    with pytest.raises(Forbidden):
        by_hand("pinggu", "220184001001")
    official = actor("pinggu")
    with acting_as(official), pytest.raises(Forbidden):
        officialopening.start_opening(
            visits.SERVICE, Subject(official.account), actor=official, at=MORNING
        )


def test_only_officials_who_open_cases_are_led_to_where_that_is_done() -> None:
    for login, leads in (("pinggu", True), ("shouli", False)):
        browser = Client()
        browser.post("/login", {"login": login, "password": "xiangyun"})
        page = browser.get("/office/").content.decode()
        assert (f'href="{reverse("workbench:open")}"' in page) is leads, login
        assert page.count('class="menu"') == 1  # what a telephone shows instead of the line


def test_an_official_opens_a_case_on_its_pages() -> None:
    browser = Client()
    browser.post("/login", {"login": "pinggu", "password": "xiangyun"})
    page = browser.get(reverse("workbench:open"))
    assert "上门走访" in page.content.decode()
    wrong = browser.post(reverse("workbench:open"), {"service": visits.SERVICE, "code": "1"})
    assert wrong.status_code == 422
    answer = browser.post(
        reverse("workbench:open"),
        {
            "service": visits.SERVICE,
            "kind": "person",
            "code": "222404198807210014",
            "name": "李样山",
        },
        follow=True,
    )
    assert answer.status_code == 200
    with acting_as(SYSTEM):
        draft = Draft.objects.get(opened="official")
    browser.post(
        f"/apply/{draft.pk}/pages/who", {"household": "李样山", "place": VILLAGE}, follow=True
    )
    sent = browser.post(reverse("portal:check", args=[draft.pk]), follow=True)
    assert sent.redirect_chain[-1][0] == reverse("workbench:case", args=[draft.pk])
    assert sent.status_code == 200


# -- by another case -------------------------------------------------------------------------------

OPENS = (
    '<zeebe:taskDefinition type="case.open" /><zeebe:taskHeaders>'
    '<zeebe:header key="service" value="visits/home" /></zeebe:taskHeaders><zeebe:ioMapping>'
    '<zeebe:input source="=application.household" target="household" />'
    '<zeebe:output source="=number" target="opened" /></zeebe:ioMapping>'
)
TELLS = (
    '<zeebe:taskDefinition type="letter.send" /><zeebe:taskHeaders>'
    '<zeebe:header key="letter" value="helped" />'
    '<zeebe:header key="stage" value="follow_up" /></zeebe:taskHeaders>'
)


HELPED = "examples/02-helped.yaml"


def drawn(tells: str = OPENS) -> dict[str, str]:
    drawing = visits.files()["process.bpmn"]
    assert TELLS in drawing
    example = visits.files()[HELPED]
    assert "letters: [helped]" in example
    return {
        "process.bpmn": drawing.replace(TELLS, tells),
        HELPED: example.replace("letters: [helped]", "letters: []"),
    }


def answered(case: Case, login: str, action: str = "done", **answers: Value) -> Case:
    """The form of the one task that waits for somebody is sent."""
    who = actor(login)
    with acting_as(who):
        (task,) = cases.open_tasks(who, access.case_for(who, case.pk))
        return taskforms.answer_task(
            case.pk,
            task.id,
            answers,
            action=action,
            note="",
            base=0,
            key=None,
            actor=who,
            at=MORNING,
        )


def test_a_service_that_is_opened_by_others_is_checked_where_it_is_named() -> None:
    def ids(tells: str, openings: str = visits.OPENINGS) -> set[str]:
        with acting_as(SYSTEM):
            known = catalogue.known()
        found = check_pack({**visits.files(openings), **drawn(tells)}, visits.SERVICE, known)
        return {each.id for each in found if each.severity == "error"}

    assert "pack.E082" not in ids(OPENS)
    assert "pack.E082" in ids(OPENS.replace("visits/home", "visits/none"))
    assert "pack.E082" in ids(OPENS, "openings: [applicant]\n")
    assert "pack.E025" in ids(OPENS.replace('target="household"', 'target="nobody_asks"'))


def opened_by(case: Case) -> list[Case]:
    with acting_as(SYSTEM):
        found = Case.objects.filter(variables__opening__from=case.number)
        return list(found.order_by("pk"))


def helped_household() -> Case:
    """A household that applied, was visited and waits to say how to be helped."""
    visits.publish(drawn())
    case = cases_visits.filed(actor("wang"), household="王样云")
    answered(case, "pinggu", result="needs_help", people=Decimal(6))
    return case


def test_a_case_opens_another_that_is_walked_to_its_own_end() -> None:
    first = answered(helped_household(), "wang", wish="care")
    assert first.outcome == "helped"
    (second,) = opened_by(first)
    assert first.variables["opened"] == second.number
    assert second.owner == first.owner == actor("wang").account
    assert second.division == first.division
    assert second.variables["application"]["household"] == "王样云"
    said = second.variables["opening"]
    assert (said["how"], said["from"]) == ("case", first.number)
    with acting_as(SYSTEM):
        (told,) = [e for e in journal.history(first.number) if e.verb == "case.opened_another"]
        (begun,) = [e for e in journal.history(second.number) if e.verb == "case.opened"]
    assert told.data["service"] == begun.data["service"] == visits.SERVICE
    wang = actor("wang")
    done = answered(second, "pinggu", result="at_home", people=Decimal(2))
    assert done.outcome == "seen"
    with acting_as(wang):
        assert {each.pk for each in cases.my_cases(wang)} >= {first.pk, second.pk}


def test_a_step_that_does_not_happen_opens_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    case = helped_household()

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the machine fails in the middle")

    with monkeypatch.context() as broken:
        broken.setattr(CaseStep, "keep", fails)
        with pytest.raises(RuntimeError), transaction.atomic():
            answered(case, "wang", wish="care")
    assert opened_by(case) == []
    answered(case, "wang", wish="care")
    assert len(opened_by(case)) == 1


# -- by somebody unknown ---------------------------------------------------------------------------

HERE = "203.0.113.77"


def reported(browser: Client) -> tuple[Case, str]:
    """A report is written and sent; the case and the receipt code."""
    browser.post(reverse("portal:report-begin", args=[visits.SERVICE]), follow=True)
    with acting_as(SYSTEM):
        draft = Draft.objects.get(opened="anonymous", sent=False)
    browser.post(
        f"/apply/{draft.pk}/pages/who", {"household": "东边那家", "place": VILLAGE}, follow=True
    )
    sent = browser.post(reverse("portal:check", args=[draft.pk]), follow=True)
    assert sent.redirect_chain[-1][0] == reverse("portal:report-sent")
    with acting_as(SYSTEM):
        case = Case.objects.get(pk=draft.pk)
    return case, sent.context["code"]


def test_somebody_unknown_reports_and_comes_back_by_the_receipt_code() -> None:
    browser = Client(REMOTE_ADDR=HERE)
    assert (
        "不具名报告" in browser.get(reverse("portal:guide", args=[visits.SERVICE])).content.decode()
    )
    case, code = reported(browser)
    assert len(code.replace("-", "")) == 20
    assert case.applicant_name == "不具名"
    again = browser.get(reverse("portal:report-sent"))
    assert again.context["code"] == code  # as long as the browser is with the report
    browser.post(reverse("portal:report-leave"))
    assert browser.get(reverse("portal:case", args=[case.pk])).status_code == 302
    other = Client(REMOTE_ADDR="203.0.113.78")
    assert other.post(reverse("portal:report"), {"code": "AAAAA-AAAAA"}).status_code == 404
    page = other.post(reverse("portal:report"), {"code": code.lower()}, follow=True)
    assert page.status_code == 200
    assert case.number in page.content.decode()


def test_the_reporter_does_what_is_asked_of_the_applicant_and_nothing_else() -> None:
    browser = Client(REMOTE_ADDR=HERE)
    case, _ = reported(browser)
    assert browser.get(reverse("portal:cases")).status_code == 200
    for name in ("workbench:queue", "portal:account", "portal:records", "portal:behalf"):
        assert browser.get(reverse(name)).status_code in (302, 404), name
    mine, _ = openings.open_case(visits.SERVICE, begun(), at=MORNING)
    assert browser.get(reverse("portal:case", args=[mine.pk])).status_code == 404
    assert browser.get(reverse("portal:case", args=[case.pk])).status_code == 200


def test_nothing_is_kept_of_where_a_reporter_came_from(caplog: pytest.LogCaptureFixture) -> None:
    agent = "Kuckuck/7"
    with caplog.at_level("DEBUG"):
        browser = Client(REMOTE_ADDR=HERE, headers={"User-Agent": agent})
        _, code = reported(browser)
        browser.post(reverse("portal:report"), {"code": code})
        browser.post(reverse("portal:report"), {"code": "wrong"})
    said = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    kept = "\n".join(_everything())
    for word in (HERE, agent, code, code.replace("-", "")):
        assert word not in said
        assert word not in kept


def _everything() -> list[str]:
    """Every row of every table, as text, as the owner of the tables reads them."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)"
            " FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
            " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
            " AND table_name NOT IN ('divisions_division', 'divisions_names')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for name in tables:
            cursor.execute(f"SELECT t::text FROM {name} t LIMIT 20000")
            rows += [row for (row,) in cursor.fetchall()]
        cursor.execute("SET ROLE xiangyun_runtime")
    return rows


def test_who_tries_codes_is_slowed_down(settings: object) -> None:
    settings.RATES_FACTOR = 1  # type: ignore[attr-defined]
    browser = Client(REMOTE_ADDR="203.0.113.99")
    answers = [
        browser.post(reverse("portal:report"), {"code": "wrong"}).status_code for _ in range(12)
    ]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_a_service_that_takes_no_reports_takes_none() -> None:
    visits.publish({"service.yaml": visits.files("openings: [applicant]\n")["service.yaml"]})
    answer = Client().post(reverse("portal:report-begin", args=[visits.SERVICE]))
    assert answer.status_code == 409
    only = visits.files("openings: [anonymous]\n")
    visits.publish(
        {
            path: text.replace("title:", "opened: anonymous\ntitle:", 1)
            for path, text in only.items()
            if path.startswith("examples/") or path == "service.yaml"
        }
    )
    founder = actor("wang")
    with acting_as(founder), pytest.raises(Conflict, match="opens so"):
        drafts.start_draft(visits.SERVICE, actor=founder, at=MORNING)
    with pytest.raises(NotFound):
        reports.case_by_code("AAAAA")


def test_an_official_of_a_village_opens_its_cases_though_they_lie_in_the_county() -> None:
    with acting_as(SYSTEM):
        account = accounts.open_account(
            login="cunguan", password="xiangyun", name="样村官", kind="official"
        )
        accounts.give_mandate(
            account, role="assessor:civil_affairs", division=int(VILLAGE), desk="样村（虚构）"
        )
    case = by_hand("cunguan")
    assert f"{case.division:012}" == f"{VILLAGE[:6]}000000"
    with pytest.raises(Forbidden):
        by_hand("cunguan", f"{VILLAGE[:9]}002")
