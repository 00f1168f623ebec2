"""The shipped pack of enforcement: what it draws opens inspections; what is repaired is gone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.accounts.models import Account
from xiangyun.domain.bookings import engaging
from xiangyun.domain.bookings.models import Engagement
from xiangyun.domain.cases import taskforms
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.draws import actions, freezing, jobs
from xiangyun.domain.draws.models import Visit
from xiangyun.domain.duties import actions as duties
from xiangyun.domain.duties.tests.test_assignment import official
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers import exporting, proofs, queries
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.kernel.findings import Conflict
from xiangyun.kernel.formspec import from_json
from xiangyun.kernel.worktime import office_zone

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 9)
HUNCHUN = 222404000000
# Fictitious.
CODES = ("91222404MA0XY0029L",)
COMPANIES, FILES = "enforcement/inspection:companies", "enforcement/legality-review:files"


def enter(register: str, key: str, pack: str = "", **data: object) -> None:
    with acting_as(SYSTEM):
        registers.record(
            register,
            key,
            data,
            valid_from=DAY,
            holder=None,
            division=HUNCHUN,
            source="test",
            at=MORNING,
            pack=pack,
        )


def nobody_to_send() -> None:
    """Who goes is of the test alone: the inspectors of the demonstration are none from then on."""
    with acting_as(SYSTEM):
        for each in list(freezing.rows_of("inspector", None, DAY)):
            registers.end("inspector", each.key, on=DAY, why="test", source="test", at=MORNING)


def enter_people(department: str, count: int) -> None:
    for at in range(count):
        code = f"JL{department[:2].upper()}{at}"
        enter(
            "inspector",
            code,
            code=code,
            name=f"样员{at}",
            department=department,
            division=str(HUNCHUN),
            certificate_until="2030-12-31",
            account=login_of(code),
        )


def decided(key: str, until: date) -> None:
    enter(
        "penalty_decision",
        key,
        "enforcement/penalty",
        number=key,
        object=CODES[0],
        object_name="样祥仓储",
        division=str(HUNCHUN),
        decided_on=str(DAY),
        published_on=str(DAY),
        published_until=str(until),
        **{"class": "serious"},
    )


@pytest.fixture(autouse=True)
def _register(demonstration: None) -> None:
    with acting_as(SYSTEM):
        parties.ensure("organisation", CODES[0], "样祥仓储", division=HUNCHUN)
    nobody_to_send()
    enter(
        "inspected_object",
        CODES[0],
        code=CODES[0],
        name="样祥仓储",
        kind="company",
        division=str(HUNCHUN),
        risk="D",
        items=["XYJC-001"],
        state="open",
    )


def revealed(code: str) -> str:
    """The number of a draw whose outcome is known and whose cases did not open yet."""
    actions.plan(code, 2026, 4, at=MORNING)
    made = actions.order(code, DAY, {"kind": "public", "what": "lottery"}, at=MORNING)
    actions.reveal(made.number, {"value": "3 8 15"}, at=MORNING)
    return made.number


def drawn(code: str) -> tuple[int, int]:
    return actions.open_cases(revealed(code), at=MORNING)


def test_companies_that_are_drawn_have_an_inspection_by_two_departments() -> None:
    enter_people("market-supervision", 3)
    enter_people("fire", 2)
    assert drawn(COMPANIES) == (1, 0)
    with acting_as(SYSTEM):
        (case,) = Case.objects.filter(version__code="enforcement/inspection")
        party = parties.ensure("organisation", CODES[0], "样祥仓储", division=HUNCHUN)
        answers = case.variables["application"]
    assert case.owner != party.pk  # without notice: whoever a case is about sees it at once
    assert answers["object"] == CODES[0]
    assert answers["notice"] == "surprise"
    assert answers["inspectors"].count("样员") == 3
    assert answers["leader"].startswith("yangyuan")


def test_the_job_opens_what_was_drawn_and_once() -> None:
    enter_people("market-supervision", 3)
    enter_people("fire", 1)
    revealed(COMPANIES)
    for _ in range(2):
        jobs.open_drawn(timestamp=0)
        with acting_as(SYSTEM):
            assert Case.objects.filter(version__code="enforcement/inspection").count() == 1
            assert not Visit.objects.exclude(problem="").exists()


def login_of(code: str) -> str:
    return f"yangyuan-{code.lower()}"


def opened() -> tuple[Case, Visit]:
    """An inspection that was drawn: three of one department to choose from, one of another."""
    enter_people("market-supervision", 3)
    enter_people("fire", 1)
    for code in ("JLMA0", "JLMA1", "JLMA2", "JLFI0"):
        department = "fire" if code == "JLFI0" else "market_supervision"
        official(login_of(code), f"enforcer:{department}", HUNCHUN)
    assert drawn(COMPANIES) == (1, 0)
    with acting_as(SYSTEM):
        case = Case.objects.get(version__code="enforcement/inspection")
        return case, Visit.objects.select_related("draw").get(case=case.pk)


def approve(case: Case, begins: str, ends: str) -> None:
    who = actor("pizhun")
    with acting_as(SYSTEM):
        item = WorkItem.objects.get(case=case.pk, element="approve", closed_at=None)
    sheet = {"ground": "抽查", "remote": "no", "joint": "joined", "begins": begins, "ends": ends}
    with acting_as(who):
        form = taskforms.answering(case.pk, item.token, actor=who).form
        answers = from_json(form, sheet).answers
        taskforms.answer_task(case.pk, item.token, answers, action="approve", actor=who, at=MORNING)


def holder(case: Case, element: str = "visit") -> str:
    """Whose the task of an element is, by log-in name."""
    with acting_as(SYSTEM):
        item = WorkItem.objects.get(case=case.pk, element=element, closed_at=None)
        assert str(item.assigned) == item.headers["assigned"]
        return str(Account.objects.get(pk=item.assigned).login)


def said(case: Case) -> dict[str, Any]:
    with acting_as(SYSTEM):
        found: dict[str, Any] = Case.objects.get(pk=case.pk).variables["application"]
    return found


def codes_of(visit: Visit) -> list[str]:
    return [each.partition("/")[2] for each in visit.inspectors]


@pytest.mark.parametrize("approved", [False, True])
def test_the_visit_passes_from_a_recused_leader_to_whoever_is_drawn(approved: bool) -> None:
    case, visit = opened()
    leader, second, _ = codes_of(visit)
    assert said(case)["leader"] == login_of(leader)
    if approved:
        approve(case, "2026-04-13T09:00", "2026-04-13T11:00")
        assert holder(case) == login_of(leader)
    changed = actions.recuse(visit.draw.number, CODES[0], leader, "亲属", at=MORNING)
    (other,) = set(codes_of(changed)) - {second, "JLFI0"}
    assert said(case)["leader"] == login_of(codes_of(changed)[0])
    assert leader not in {each["code"] for each in said(case)["team"]}
    if approved:
        assert holder(case) == login_of(other)
        with acting_as(SYSTEM):  # their time is set anew, with the other one
            assert {each.person for each in Engagement.objects.all()} == set(codes_of(changed))
    else:
        approve(case, "2026-04-13T09:00", "2026-04-13T11:00")
        assert holder(case) == login_of(codes_of(changed)[0])


def engaged(case: UUID, *people: str, begins: int = 10, ends: int = 12) -> None:
    day = datetime(2026, 4, 13, tzinfo=office_zone())
    span = day.replace(hour=begins), day.replace(hour=ends)
    engaging.engage(people, *span, case=case, source="HC1")


def test_an_inspector_is_not_in_two_places_at_one_time() -> None:
    case, visit = opened()
    engaged(uuid4(), codes_of(visit)[0])
    with pytest.raises(Conflict) as refused:
        approve(case, "2026-04-13T09:00", "2026-04-13T11:00")
    assert [each.id for each in refused.value.findings] == ["booking.E040"]
    approve(case, "2026-04-13T08:00", "2026-04-13T10:00")  # ends as the other begins


def test_whoever_is_engaged_elsewhere_is_not_drawn_into_a_visit_that_is_set() -> None:
    case, visit = opened()
    approve(case, "2026-04-13T09:00", "2026-04-13T11:00")
    (free,) = {"JLMA0", "JLMA1", "JLMA2"} - set(codes_of(visit))
    engaged(uuid4(), free)
    with pytest.raises(Conflict):
        actions.recuse(visit.draw.number, CODES[0], codes_of(visit)[0], "亲属", at=MORNING)
    with acting_as(SYSTEM):
        visit.refresh_from_db()
    assert free not in codes_of(visit)
    assert holder(case) == login_of(codes_of(visit)[0])


def test_a_joint_visit_has_a_list_for_each_department() -> None:
    item = {"law": "《消防法》第五十三条", "department": "fire", "points": ["疏散通道畅通"]}
    enter("inspection_item", "XYXF-001", code="XYXF-001", name="消防监督检查", **item)
    more = {"items": ["XYJC-001", "XYXF-001"], "risk": "D", "state": "open", "kind": "company"}
    enter(
        "inspected_object", CODES[0], code=CODES[0], name="样祥仓储", division=str(HUNCHUN), **more
    )
    case, _ = opened()
    approve(case, "2026-04-13T09:00", "2026-04-13T11:00")
    assert holder(case, "check") == login_of("JLFI0")
    with acting_as(SYSTEM):
        lists = dict(
            WorkItem.objects.filter(case=case.pk, closed_at=None).values_list(
                "element", "inputs__checks"
            )
        )
    assert lists["check"] == [{"point": "疏散通道畅通"}]
    assert {"point": "设备按期检验"} in lists["visit"]
    assert {"point": "疏散通道畅通"} not in lists["visit"]


def test_the_page_of_a_visit_takes_the_published_points_and_no_others() -> None:
    case, visit = opened()
    approve(case, "2026-04-13T09:00", "2026-04-13T11:00")
    with acting_as(SYSTEM):
        token = WorkItem.objects.get(case=case.pk, element="visit", closed_at=None).token
    phone = Client(headers={"accept-language": "zh-hans"})
    phone.post("/login", {"login": login_of(codes_of(visit)[0]), "password": PASSWORD})
    page = reverse("tasks:task", args=[case.pk, token])
    shown = phone.get(page).content.decode()
    assert 'type="hidden" name="checks.1.point" value="设备按期检验"' in shown
    sent = {"action": "done", "cooperation": "given"}
    sent |= {"checks.0.point": "别的", "checks.0.found": "yes"}
    refused = phone.post(page, sent)
    assert (refused.status_code, "没有这一行：别的" in refused.content.decode()) == (422, True)
    with acting_as(SYSTEM):
        assert WorkItem.objects.get(case=case.pk, element="visit").closed_at is None


def test_the_page_of_an_object_says_what_it_may_expect_and_how_often() -> None:
    address = reverse("lots:object", args=["inspected_object", CODES[0]])
    shown = Client(headers={"accept-language": "en"}).get(address).content.decode()
    assert "特种设备使用安全检查" in shown  # its name and points, not its code alone
    assert "设备按期检验" in shown
    assert "At most 4 visits a year" in shown
    assert "/services/enforcement/recusal" in shown


def test_a_repaired_penalty_is_on_no_page_and_in_no_download_and_stays_in_the_journal() -> None:
    key = "珲市监罚〔2026〕9号"
    address = reverse("lots:object", args=["inspected_object", CODES[0]])
    decided(key, DAY + timedelta(days=900))
    assert key in Client().get(address).content.decode()
    assert key in table()
    with acting_as(SYSTEM):
        registers.end(
            "penalty_decision",
            key,
            on=DAY,
            why="repaired",
            source="test",
            at=MORNING,
            pack="credit/repair",
        )
    assert key not in Client().get(address).content.decode()
    assert key not in table()
    with acting_as(SYSTEM):
        proof = exporting.proof_of("penalty_decision", key)
    assert proofs.holds(proof)


def table() -> str:
    """The data set of penalties as it would be given out now."""
    with acting_as(SYSTEM):
        rows = [exporting.row_of(queries.used("penalty_decision"), each)
                for each in exporting.records("penalty_decision", as_of=DAY)]  # fmt: skip
    return str(rows)


def test_files_that_are_drawn_are_reviewed_by_others() -> None:
    enter_people("justice", 2)
    decided("珲市监罚〔2026〕1号", DAY + timedelta(days=900))
    assert drawn(FILES) == (1, 0)


def test_a_penalty_is_published_no_more_when_its_term_is_over() -> None:
    address = reverse("lots:object", args=["inspected_object", CODES[0]])
    decided("珲市监罚〔2026〕2号", DAY + timedelta(days=3))
    decided("珲市监罚〔2026〕3号", DAY + timedelta(days=30))
    before = Client().get(address).content.decode()
    assert "〔2026〕2号" in before
    (ran,) = duties.run(DAY + timedelta(days=4), at=MORNING, only="enforcement/withdrawal:over")
    assert ran.problems == []
    after = Client().get(address).content.decode()
    assert "〔2026〕2号" not in after
    assert "〔2026〕3号" in after
