"""Duties open cases: once, oldest first, a bounded number, whatever happened in between."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import openings, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING, as_owner
from xiangyun.domain.duties import actions, queries, timers
from xiangyun.domain.duties.models import Progress, Standing
from xiangyun.domain.following import actions as following
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.registers import actions as registers
from xiangyun.faces.cli.duties import duties
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Refused

from . import visits

pytestmark = pytest.mark.django_db
CODE = f"{visits.SERVICE}:visit"
FIRST = date(2026, 4, 9)
DUTIES = """duties:
  - id: visit
    name: {zh-Hans: 走访, en: Visits}
    register: household
    when: =level != "none"
    service: visits/home
    role: assessor
    every: =if level = "high" then "P7D" else "P30D"
    answers: {household: =name}
"""
REGISTER = """code: household
name: {zh-Hans: 走访对象, en: Households}
department: civil_affairs
class: ordinary
subject: none
key: number
place: home
laws: [{law: {zh-Hans: 测试, en: Test}, article: 第一条, verified: false}]
fields:
  - {name: number, type: text, required: true, words: {zh-Hans: 编号, en: Number}}
  - {name: name, type: text, required: true, words: {zh-Hans: 户主, en: Householder}}
  - {name: home, type: text, format: division, words: {zh-Hans: 住址, en: Home}}
  - {name: level, type: text, words: {zh-Hans: 级别, en: Level}}
readers: [visits/home]
writers: [visits/home]
prefill: []
examples:
  - data: {number: H1, name: 样户, home: "222404001001", level: low}
  - {data: {number: H1}, refused: name}
"""
HOMES = ("222404001001", "222404001002", "222404002001")


def publish(duties: str = DUTIES, **changed: str) -> None:
    visits.publish({"duties.yaml": duties, "registers/household.yaml": REGISTER, **changed})


@pytest.fixture(autouse=True)
def _published(demonstration: None) -> None:
    publish()


def enter(number: int, level: str = "low", on: date = FIRST) -> None:
    data = {
        "number": f"H{number}",
        "name": f"样户{number}",
        "home": HOMES[number % 3],
        "level": level,
    }
    with acting_as(SYSTEM):
        registers.record(
            "household",
            f"H{number}",
            data,
            valid_from=on,
            holder=None,
            division=int(HOMES[number % 3]),
            source="test",
            at=MORNING,
            pack=visits.SERVICE,
        )


def run(on: date, **options: object) -> actions.Ran:
    at = timezone.make_aware(datetime(on.year, on.month, on.day, 1))
    (ran,) = actions.run(on, at=at, only=CODE, **options)  # type: ignore[arg-type]
    return ran


def opened(ran: actions.Ran) -> list[tuple[str, date]]:
    return [(each.key, each.due) for each in ran.opened]


def all_cases() -> list[Case]:
    """Every case of the service, as the platform sees them."""
    with acting_as(SYSTEM):
        return list(Case.objects.filter(version__code=visits.SERVICE))


def end_all() -> None:
    """Every case under way ends, as if its visit had been made."""
    with acting_as(SYSTEM), as_owner():
        Case.objects.filter(ended_at=None).update(ended_at=MORNING, outcome="seen")


def test_each_row_that_is_selected_opens_a_case_once() -> None:
    enter(1)
    enter(2, "none")
    ran = run(FIRST)
    assert ran.problems == []
    assert opened(ran) == [("H1", FIRST)]
    assert opened(run(FIRST)) == []
    (case,) = all_cases()
    assert case.variables["opening"] == {
        "how": "duty",
        "by": CODE,
        "from": "2026-04-09",
        "message": None,
        "place": HOMES[1],
    }
    assert case.variables["application"]["household"] == "样户1"


def test_it_opens_again_after_its_interval_once_the_case_before_has_ended() -> None:
    enter(1)
    run(FIRST)
    assert opened(run(FIRST + timedelta(days=29))) == []
    late = run(FIRST + timedelta(days=30))
    assert (opened(late), late.waiting) == ([], 1)
    end_all()
    assert opened(run(FIRST + timedelta(days=31))) == [("H1", FIRST + timedelta(days=30))]


def test_after_an_outage_what_is_overdue_opens_once_and_no_flood_follows() -> None:
    enter(1, "high")
    run(FIRST)
    end_all()
    long = FIRST + timedelta(days=100)
    assert opened(run(long)) == [("H1", FIRST + timedelta(days=98))]
    end_all()
    assert opened(run(long)) == []
    assert opened(run(long + timedelta(days=1))) == []
    assert opened(run(FIRST + timedelta(days=105))) == [("H1", FIRST + timedelta(days=105))]


def test_a_run_opens_no_more_than_the_duty_allows_and_the_next_goes_on() -> None:
    publish(DUTIES + "    at_most: 2\n")
    for number in range(5):
        enter(number)
    counts = []
    for _ in range(4):
        ran = run(FIRST)
        counts.append((len(ran.opened), ran.left))
    assert counts == [(2, True), (2, True), (1, False), (0, False)]


def test_a_changed_row_is_looked_at_anew_and_its_interval_with_it() -> None:
    enter(1)
    run(FIRST)
    end_all()
    enter(1, "high", FIRST + timedelta(days=2))
    assert opened(run(FIRST + timedelta(days=8))) == [("H1", FIRST + timedelta(days=7))]
    end_all()
    enter(1, "none", FIRST + timedelta(days=9))
    assert opened(run(FIRST + timedelta(days=60))) == []


def test_what_is_recorded_for_a_day_to_come_counts_from_that_day() -> None:
    enter(1, "none")
    run(FIRST)
    enter(1, "high", FIRST + timedelta(days=5))
    assert opened(run(FIRST + timedelta(days=4))) == []


def test_a_dry_run_lists_what_would_open_and_opens_nothing() -> None:
    enter(1)
    enter(2)
    assert sorted(opened(run(FIRST, dry=True))) == [("H1", FIRST), ("H2", FIRST)]
    with acting_as(SYSTEM):
        assert not Standing.objects.exists()
        assert not Progress.objects.filter(code=CODE).exists()
    assert all_cases() == []


def test_killed_in_the_middle_the_next_run_opens_the_rest_and_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(4):
        enter(number)
    really, done = openings.open_case, []

    def dying(code, begun, *, at):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(really(code, begun, at=at))
        return done[-1]

    monkeypatch.setattr(openings, "open_case", dying)
    with pytest.raises(KeyboardInterrupt):
        run(FIRST)
    monkeypatch.setattr(openings, "open_case", really)
    assert len(run(FIRST).opened) == 2
    assert len(all_cases()) == 4
    assert opened(run(FIRST)) == []


def test_a_row_whose_case_cannot_be_opened_is_told_and_tried_again() -> None:
    publish(DUTIES.replace("{household: =name}", "{}"))
    enter(1)
    ran = run(FIRST)
    assert opened(ran) == []
    assert [key for key, _ in ran.problems] == ["H1"]
    publish()
    assert opened(run(FIRST + timedelta(days=1))) == [("H1", FIRST)]  # when it was due


def test_the_next_run_of_the_day_tries_a_row_with_a_problem_again() -> None:
    publish(DUTIES.replace("{household: =name}", "{}"))
    enter(1)
    for day in (FIRST, FIRST, FIRST + timedelta(days=3)):
        assert [key for key, _ in run(day).problems] == ["H1"]  # once in each run
    publish()
    ran = run(FIRST + timedelta(days=3))
    assert (opened(ran), ran.problems) == ([("H1", FIRST)], [])


def test_a_run_for_an_earlier_day_says_what_a_later_one_has_passed_over() -> None:
    publish(DUTIES.replace("    every:", "    at_most: 3\n    beside: true\n    every:"))
    for number in range(5):
        enter(number)
    later = run(FIRST + timedelta(days=60))  # as the worker does between two runs by hand
    assert (len(later.opened), later.left, later.ahead) == (3, True, 0)
    at = timezone.make_aware(datetime(2026, 6, 9, 1))
    (ran,) = actions.run(FIRST, at=at, only=CODE)
    assert ([day for _, day in opened(ran)], ran.left, ran.ahead) == ([FIRST, FIRST], False, 3)


def test_the_worker_leaves_rows_alone_that_have_ended() -> None:
    with acting_as(SYSTEM):
        registers.record(
            "household",
            "H1",
            {"number": "H1", "name": "样户", "home": HOMES[0], "level": "low"},
            valid_from=FIRST,
            valid_to=FIRST + timedelta(days=3),
            holder=None,
            division=int(HOMES[0]),
            source="test",
            at=MORNING,
            pack=visits.SERVICE,
        )
    assert opened(run(FIRST + timedelta(days=3))) == []
    assert opened(run(FIRST + timedelta(days=1))) == [("H1", FIRST + timedelta(days=1))]


def test_a_duty_is_published_only_where_all_it_names_is_there() -> None:
    for before, after, id in (
        ("register: household", "register: houshold", "pack.E050"),
        ("service: visits/home", "service: visits/hom", "pack.E082"),
        ('level != "none"', 'levl != "none"', "feel"),
        ("role: assessor", "role: asessor", "pack.E057"),
        ("{household: =name}", "{houshold: =name}", "pack.E025"),
        ('=level != "none"', "=today() > on", "dmn.E030"),
    ):
        assert before in DUTIES
        with pytest.raises(Refused) as refused:
            publish(DUTIES.replace(before, after))
        assert any(each.id.startswith(id) for each in refused.value.findings), before


def test_the_command_lists_and_opens() -> None:
    enter(1)
    today = timezone.localdate()
    listed = CliRunner().invoke(duties, ["--on", "2027-05-01", "--dry-run", "--json"])
    (ran,) = [r for r in json.loads(listed.output) if r["duty"] == CODE]
    assert [each["row"] for each in ran["opened"]] == ["H1"]
    assert CliRunner().invoke(duties, ["--on", "2999-05-01"]).exit_code == 2
    done = CliRunner().invoke(duties, ["--on", today.isoformat(), "--only", CODE])
    assert done.exit_code == 0, done.output
    assert "H1" in done.output
    assert CliRunner().invoke(duties, ["--only", "nobody"]).exit_code == 2


def test_the_board_shows_due_and_late_by_place() -> None:
    enter(1)
    enter(2)
    run(FIRST)
    browser = Client()
    browser.post("/login", {"login": "pinggu", "password": "xiangyun"})
    page = browser.get(reverse("workbench:duties"))
    assert page.status_code == 200
    (board,) = [b for b in page.context["boards"] if b.code == CODE]
    total = board.total
    assert total.late + total.open == 2
    assert "走访" in page.content.decode()
    lower = browser.get(reverse("workbench:duties"), {"place": "222404001000"})
    assert lower.status_code == 200
    assert browser.get(reverse("workbench:duties"), {"place": "110101000000"}).status_code == 404
    browser.post("/login", {"login": "gongzhuling", "password": "xiangyun"})
    other = browser.get(reverse("workbench:duties"))
    assert all(not each.places for each in other.context["boards"])


def test_only_officials_with_duties_in_their_place_are_led_to_the_board() -> None:
    def leads(login: str) -> bool:
        browser = Client()
        browser.post("/login", {"login": login, "password": "xiangyun"})
        return reverse("workbench:duties") in browser.get("/office/").content.decode()

    assert not leads("pinggu")  # nothing stands in the register yet
    enter(1)
    run(FIRST)
    assert leads("pinggu")
    assert not leads("gongzhuling")


# -- by the clock ----------------------------------------------------------------------------------


def test_a_service_begins_by_the_clock_once_for_each_time_and_place() -> None:
    drawing = visits.files()["process.bpmn"].replace(
        '<bpmn:startEvent id="filed" name="提交"><bpmn:outgoing>',
        '<bpmn:startEvent id="weekly" name="每周一"><bpmn:outgoing>weekly__again</bpmn:outgoing>'
        "<bpmn:timerEventDefinition><bpmn:timeCycle>0 9 * * 1</bpmn:timeCycle>"
        "</bpmn:timerEventDefinition></bpmn:startEvent>"
        '<bpmn:sequenceFlow id="weekly__again" sourceRef="weekly" targetRef="again"/>'
        '<bpmn:startEvent id="filed" name="提交"><bpmn:outgoing>',
    )
    drawing = drawing.replace(
        "<bpmn:incoming>filed__again</bpmn:incoming>",
        "<bpmn:incoming>filed__again</bpmn:incoming><bpmn:incoming>weekly__again</bpmn:incoming>",
    )
    form = visits.files()["form.json"].replace(
        '"validate": {"required": true, "maxLength": 50}', '"validate": {"maxLength": 50}'
    )
    service = visits.files('openings: [applicant, timer: ["222404000000", "222403000000"]]\n')
    changed = {
        "process.bpmn": drawing,
        "form.json": form,
        "service.yaml": service["service.yaml"],
        **{
            path: text + f"\nelement.weekly: {words}\n"
            for path, words in (("texts/en.yaml", "weekly"), ("texts/zh-Hans.yaml", "每周"))
            for text in (service[path],)
        },
    }
    with pytest.raises(Refused, match="E081"):
        visits.publish({"process.bpmn": drawing, "form.json": form})
    visits.publish({**changed, "duties.yaml": "duties: []\n"})
    monday = timezone.make_aware(datetime(2026, 4, 13, 9))
    assert timers.begin_by_the_clock(monday - timedelta(days=2)) == (0, [])
    assert timers.begin_by_the_clock(monday - timedelta(minutes=1)) == (0, [])
    assert timers.begin_by_the_clock(monday) == (2, [])
    assert timers.begin_by_the_clock(monday + timedelta(minutes=5)) == (0, [])
    assert timers.begin_by_the_clock(monday + timedelta(days=30)) == (2, [])
    found = all_cases()
    assert {case.variables["opening"]["how"] for case in found} == {"timer"}
    assert {case.division for case in found} == {222404000000, 222403000000}
    assessor = Client()
    assessor.post("/login", {"as": "pinggu"})
    queue = assessor.get("/office/").content.decode()
    waiting = {case.number for case in found if case.number in queue}
    assert waiting == {case.number for case in found if case.division == 222404000000}


def test_a_decision_that_says_how_often_sees_the_figures_in_force_that_day() -> None:
    rules = visits.files()["rules.dmn"].replace(
        "</definitions>",
        '<decision id="every" name="every" label="几天一次"><variable name="every" />'
        '<informationRequirement id="every.needs"><requiredInput href="#parameters" />'
        '</informationRequirement><literalExpression id="every.text">'
        "<text>parameters.days_between</text></literalExpression></decision></definitions>",
    )
    figures = """days_between:
  name: {zh-Hans: 几天一次, en: Days between visits}
  values:
    - {value: 10, in_force_from: 2020-01-01, basis: 测试, verified: true}
    - {value: 2, in_force_from: 2026-05-01, basis: 测试, verified: true}
"""
    publish(
        DUTIES.replace('=if level = "high" then "P7D" else "P30D"', "{decision: every}"),
        **{
            "rules.dmn": rules,
            "parameters.yaml": visits.files()["parameters.yaml"] + figures,
            "texts/zh-Hans.yaml": visits.files()["texts/zh-Hans.yaml"]
            + "\ndecision.every: 几天一次\n",
            "texts/en.yaml": visits.files()["texts/en.yaml"] + "\ndecision.every: How often\n",
        },
    )
    enter(1)
    run(FIRST)
    with acting_as(SYSTEM):
        assert Standing.objects.get(duty=CODE).next_on == FIRST + timedelta(days=10)
    run(date(2026, 5, 20))
    with acting_as(SYSTEM):
        assert Standing.objects.get(duty=CODE).next_on == date(2026, 5, 21)


# -- the board -------------------------------------------------------------------------------------


def followed() -> None:
    """Let duties take what the journal has, as its job does every minute."""
    while journal.seal(timezone.now(), signer()):
        pass
    following.follow_all()


def counted(login: str = "pinggu", on: date = FIRST) -> dict[str, int]:
    who = accounts.actor_by_password(login, "xiangyun")
    assert who is not None
    with acting_as(who):
        (found,) = [each for each in queries.board(who, 222404000000, on) if each.code == CODE]
    return {name: getattr(found.total, name) for name in queries.COUNTED}


def test_what_is_late_and_what_is_done_follows_the_journal() -> None:
    for number in range(3):
        enter(number)
    run(FIRST)
    assert (counted()["open"], counted()["late"]) == (3, 0)
    assert counted(on=FIRST + timedelta(days=60))["late"] == 3
    with acting_as(SYSTEM):
        (case, *_) = Case.objects.filter(version__code=visits.SERVICE).order_by("number")
    official = accounts.actor_by_password("pinggu", "xiangyun")
    assert official is not None
    with acting_as(official):
        task = cases.open_tasks(official, case)[0].id
        given: dict[str, Value] = {"result": "at_home", "people": Decimal(2)}
        taskforms.answer_task(
            case.pk, task, given, action="done", actor=official, at=timezone.now(), base=None
        )
    followed()
    today = timezone.localdate()
    with acting_as(SYSTEM):
        (row,) = Standing.objects.filter(case=case.pk)
    assert (row.due_on, row.done_on) == (None, today)
    assert counted(on=today)["done"] == 1


@pytest.mark.parametrize(("many", "shown"), [(4, 0), (7, 5), (13, 15)])
def test_whoever_may_not_see_the_cases_sees_coarse_numbers(many: int, shown: int) -> None:
    secret = visits.files()["service.yaml"].replace(
        "department: civil_affairs", "class: handlers\ndepartment: civil_affairs"
    )
    publish(**{"service.yaml": secret})
    for number in range(many):
        enter(number)
    run(FIRST)
    assert counted()["open"] == many
    assert counted("yanglao")["open"] == many  # holds the role, too
    assert counted("shouli")["open"] == shown
    browser = Client()
    browser.post("/login", {"login": "shouli", "password": "xiangyun"})
    page = browser.get(reverse("workbench:duties")).content.decode()
    assert "&lt;5" in page
    assert f'">{many}</td>' not in page
    assert not shown or f'">{shown}</td>' in page
