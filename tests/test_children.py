"""Children in difficulty, from screening to help, by the shipped packs: and nobody outside need
sees a name, whatever page, interface, export, table, log line or message is asked.
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from test_every_address import LEFT_OUT, filled, operations, patterns, told_of, words_of

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, actions, drafts, inbound, reports, secrecy, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Handler, Letter, WorkItem
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.cases.tests.test_sealed import saying
from xiangyun.domain.cases.tests.waiting import ring
from xiangyun.domain.datasets import figures
from xiangyun.domain.datasets.models import Figure
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.duties import actions as duties
from xiangyun.domain.duties import queries as boards
from xiangyun.domain.exchange.models import Outgoing
from xiangyun.domain.exchange.tests.neighbour import carry
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.messaging.models import Message
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.cli import demonstration as shipped
from xiangyun.faces.cli import madeup
from xiangyun.faces.cli.register import register
from xiangyun.kernel.bpmn import element_of
from xiangyun.kernel.feel import from_json
from xiangyun.kernel.formspec import from_json as from_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
VILLAGE, TOWN, PROVINCE = 222404001001, 222404001000, 220000000000
VISIT, REPORT, PROTECTION = "children/child-visit", "children/danger-report", "children/protection"
CHILD, GUARDIAN, WHERE = "样藏璃", "样藏父", "藏璃巷九号"
CHILD_ID = "222404201603150018"
STORY = "藏璃的手臂有新旧淤伤"
SECRETS = (CHILD, GUARDIAN, WHERE, CHILD_ID, STORY)
"""What names the marked child, and whatever could tell who it is."""
HANDLERS = {"jiebao", "weibao"}


def named(service: str) -> list[Case]:
    """The cases of a service, the oldest first."""
    with acting_as(SYSTEM):
        return list(Case.objects.filter(version__code=service).order_by("submitted_at", "number"))


def take_over(login: str) -> None:
    """An official takes what waits for the own role."""
    with acting_as(actor(login)) as official:
        for line in cases.untaken():
            secrecy.take_over(line.item, actor=official, at=MORNING)


def does(login: str, case: Case, action: str, at: datetime, answers: Any = None) -> Case:
    """An official takes a task over and does it, with the answers of its form."""
    take_over(login)
    who = actor(login)
    with acting_as(who):
        task = cases.open_tasks(who, access.case_for(who, case.pk))[0]
        if answers is None:
            return actions.complete_task(case.pk, task.id, action=action, actor=who, at=at)
        given = {name: from_json(value) for name, value in answers.items()}
        return taskforms.answer_task(
            case.pk, task.id, given, action=action, actor=who, at=at, base=None, key=None
        )


def reported(kind: str = "violence") -> Case:
    """A report by somebody unknown of the marked child."""
    draft = reports.start_report(REPORT, at=MORNING)
    reporter = reports.writer_of(draft)
    given = {
        "place": f"{VILLAGE}",
        "kind": kind,
        "story": STORY,
        "child_name": CHILD,
        "child_where": WHERE,
    }
    with acting_as(reporter):
        drafts.keep_answers(draft.pk, given, actor=reporter, at=MORNING)
        return actions.submit_case(draft.pk, actor=reporter, at=MORNING)


def assessed(**more: str) -> tuple[Case, Case]:
    """The report and its handling, taken in and assessed: a file, an intervention and a plan.

    `more` are findings of the assessment, instead of those of a child hurt for the first time.
    """
    report = reported()
    (handling,) = named(PROTECTION)
    first = {"danger": "likely", "injury": "slight", "young": "under_14"}
    does("jiebao", handling, "take_in", MORNING + timedelta(minutes=20), first)
    found = {
        "name": CHILD,
        "id_number": CHILD_ID,
        "village": f"{VILLAGE}",
        "guardian_name": GUARDIAN,
        "harm": "hurt",
        "repeated": "no",
        "able": "partly",
        "willing": "willing",
        "needs": ["health"],
        "opinion": STORY,
        **more,
    }
    carry()  # the police have it, and answer
    handling = does("weibao", handling, "assessed", MORNING + timedelta(hours=3), found)
    return report, handling


def test_a_report_without_a_name_is_handled_and_answered() -> None:
    report, handling = assessed()
    assert handling.outcome == "handled"
    (intervention,), (plan,) = named("children/intervention"), named("children/help")
    assert (intervention.need, plan.need) == (2, 2)
    with acting_as(SYSTEM):
        # The reporter is told by a message of the process, which a job brings.
        inbound.deliver(
            "message", "protection_answered", report.number, {"result": "handled"}, at=MORNING
        )
        report.refresh_from_db()
        assert report.outcome == "told_outcome"
        says = [entry.verb for entry in journal.history(handling.number)]
    assert "connector.asked" in says


def done(
    login: str, case: Case, element: str, action: str, sheet: Any = None, note: str = ""
) -> None:
    """An official takes over and does the task of an element, with its form as JSON has it."""
    take_over(login)
    who, at = actor(login), MORNING + timedelta(days=1)
    with acting_as(who):
        tasks = cases.open_tasks(who, access.case_for(who, case.pk))
        (task,) = [each for each in tasks if element_of(each.id) == element]
        form = taskforms.answering(case.pk, task.id, actor=who).form if sheet else None
        if form is None:
            actions.complete_task(case.pk, task.id, action=action, actor=who, at=at, note=note)
            return
        read = from_sheet(form, sheet)
        assert read.errors == {}, read.errors
        taskforms.answer_task(
            case.pk, task.id, read.answers, action=action, note=note, actor=who, at=at
        )


def test_a_child_is_followed_from_the_report_to_the_visit_after_closing() -> None:
    assessed()
    (intervention,), (plan,) = named("children/intervention"), named("children/help")
    with acting_as(SYSTEM):
        (file,) = registers.lookup("child_in_need", "name", CHILD)

    # The guardian is ordered to mend it, gets the order, and did when somebody looked again.
    done("weibao", intervention, "draft", "propose", note="事实清楚。")
    done("minzheng", intervention, "decide", "impose")
    with acting_as(SYSTEM):
        assert Letter.objects.get(case=intervention.pk).kind == "order"
    done("zhuren", intervention, "serve", "served", {"way": "hand"})
    ring(intervention, "until_review")
    done("weibao", intervention, "review", "reviewed", {"kept": "yes", "seen": "到家里看过"})

    # Two measures, each with its own hands and progress, are carried out and closed.
    until = {"until": "2027-06-30"}
    eyes = {"kind": "health", "goal": "眼病治好", "level": "town", **until}
    school = {"kind": "school", "goal": "按时上学", "level": "village", **until}
    done("weibao", plan, "make_plan", "planned", {"measures": [eyes, school], "every": 30})
    done("minzheng", plan, "approve_plan", "grant_plan")
    with acting_as(SYSTEM):
        assert registers.lookup("child_in_need", "name", CHILD)[0]["status"] == "helped"
    ring(plan, "review_due")
    done("weibao", plan, "review_plan", "plan_reviewed", {"state": "fits", "note": "在办"})
    for login, state in (("dudao", "going"), ("zhuren", "reached"), ("dudao", "reached")):
        done(login, plan, "carry_out", "report_progress", {"state": state, "note": "已联系"})
    done("minzheng", plan, "close_plan", "close_help")
    ring(plan, "until_after")
    done("zhuren", plan, "follow_up", "followed_up", {"state": "well", "note": "到家里看过"})
    with acting_as(SYSTEM):
        outcomes = [Case.objects.get(pk=each.pk).outcome for each in (intervention, plan)]
        assert outcomes == ["mended", "helped"]
        (after,) = registers.lookup("child_in_need", "name", CHILD)
    assert (after["file"], after["status"]) == (file["file"], "kept")


def test_who_reported_is_known_to_nobody_who_handles_it() -> None:
    report, handling = assessed()
    for login in HANDLERS:
        who = actor(login)
        with acting_as(who):
            assert access.cases_of(who).filter(pk=handling.pk).exists()
            assert not access.cases_of(who).filter(pk=report.pk).exists()
    with acting_as(SYSTEM):
        assert not Handler.objects.filter(case=report).exists()
        assert handling.owner != report.owner


# -- nobody outside need ---------------------------------------------------------------------------


def test_no_table_holds_what_names_the_child(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assessed()
    for secret in SECRETS:
        assert saying(secret) == set(), secret
        assert secret not in caplog.text


def outsiders(case: Case) -> list[tuple[str, Actor]]:
    """All fictitious people to whom a case is not shown."""
    found: list[tuple[str, Actor]] = [("", ANONYMOUS)]
    for figure in shipped.FIGURES:
        who = actor(figure.login)
        with acting_as(who):
            if not access.cases_of(who).filter(pk=case.pk).exists():
                found.append((figure.login, who))
    return found


def arguments(*about: Case) -> list[dict[str, str]]:
    """What to put into addresses, for each of some cases: ids that are there, of every kind."""
    with acting_as(SYSTEM):
        file = str(registers.lookup("child_in_need", "name", CHILD)[0]["key"])
        real = {
            "item": WorkItem.objects.filter(case__in=about).first(),
            "message_id": Message.objects.last(),
            "letter_id": Letter.objects.last(),
            "message": Outgoing.objects.last(),
        }
        token = str(WorkItem.objects.filter(case=about[-1])[0].token)
    return [
        {
            **dict.fromkeys(("case_id", "draft_id", "key", "case"), str(case.pk)),
            **dict.fromkeys(("number", "subject", "identifier", "reference"), case.number),
            **dict.fromkeys(("code", "service"), PROTECTION),
            **dict.fromkeys(("task", "token", "element"), token),
            **{name: str(row.pk) for name, row in real.items() if row is not None},
            "register": "child_in_need",
            "record": file,
            "object_key": file,
            "division": f"{VILLAGE}",
            "id_": "child_reports",
        }
        for case in about
    ]


def variants(given: dict[str, str]) -> list[dict[str, str]]:
    """One set of ids, and others where an address takes a code or a key of something else."""
    as_register = {"code": "child_in_need", "key": given["record"], "name": given["record"]}
    return [given, {**given, **as_register, "company": CHILD_ID}]


ASKED = "q text word words name search query text_query number code place"
"""What pages are asked by: each with what names the child."""
SEARCHED = {"office/find", "office/registers/child_in_need"}
"""Pages that search by name or number: asked by each alone too."""


def pages_about(given: dict[str, str]) -> set[str]:
    """Every page, with each kind of id where it takes one, and asked for the child where none."""
    found = set()
    for address, name in patterns():
        if address.startswith("api/") or name in LEFT_OUT or "static" in address:
            continue
        if "<" in address:
            found |= {filled(address, each) for each in variants(given)}
        else:
            page = filled(address, given)
            found |= {page, page + "?" + "&".join(f"{key}={CHILD}" for key in ASKED.split())}
    return found | {
        f"/{page}?{key}={word}"
        for page in SEARCHED
        for key in ("q", "text")
        for word in (CHILD, CHILD_ID)
    }


def in_interface(path: str, given: dict[str, str]) -> str:
    """A path of the interface with the ids of a case where it takes arguments."""
    return re.sub(r"\{([^}]+)\}", lambda found: given.get(found[1], "1"), path)


def test_no_page_and_no_operation_says_what_names_the_child_to_anybody_outside() -> None:
    report, handling = assessed()
    (intervention,), (plan,) = named("children/intervention"), named("children/help")
    given = arguments(report, handling, intervention, plan)
    wrong, asked_of = [], 0
    assert not HANDLERS & {login for login, _ in outsiders(handling)}
    # Nobody at all; of the same office; an overseer without a reason; the village's director.
    for login, one in zip(("", "minzheng", "ducha", "zhuren"), given, strict=True):
        client, headers = Client(raise_request_exception=False), {}
        if login:
            client.post("/login", {"as": login})
            who = actor(login)
            with acting_as(who):
                token = accounts.issue_token(who, label="测试", at=timezone.now())
            headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        pages = pages_about(one)
        answers = {address: client.get(address) for address in sorted(pages)} | {
            f"{method} {address}": client.generic(
                method.upper(), address, b"{}", content_type="application/json", **headers
            )
            for method, path in operations()
            for address in {in_interface(path, each) for each in variants(one)}
        }
        asked_of += len(answers)
        for address, answer in answers.items():
            if said := told_of(SECRETS, words_of(answer), address):
                wrong.append(f"{login or 'nobody'} {address}: {said}")
    assert not wrong, "\n".join(wrong)
    assert asked_of > 1_200


def test_no_export_holds_what_names_a_child(tmp_path: Path) -> None:
    assessed()
    for name in ("child_in_need", "child_guardian", "child_allowance"):
        for command, ending in (("export", "csv"), ("export", "jsonl"), ("snapshot", "parquet")):
            out = tmp_path / f"{name}.{ending}"
            done = CliRunner().invoke(register, [command, name, str(out)])
            assert done.exit_code == 0, done.output
            written = out.read_bytes()
            for secret in SECRETS:
                assert secret.encode() not in written
                assert secret not in done.output


def test_a_refusal_says_where_and_not_what() -> None:
    handling = assessed()[1]
    (plan,) = named("children/help")
    take_over("weibao")
    who, program = actor("weibao"), Client(raise_request_exception=False)
    with acting_as(who):
        token = accounts.issue_token(who, label="测试", at=timezone.now())
        task = cases.open_tasks(who, access.case_for(who, plan.pk))[0]
    answer = program.post(
        f"/api/cases/{plan.pk}/tasks/{task.id}",
        json.dumps({"action": "planned", "answers": {"measures": [{"goal": STORY}], "every": 3}}),
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {token}",
    )
    assert answer.status_code >= 400
    assert not told_of(SECRETS, words_of(answer), "")
    assert handling.need == 2


# -- screening -------------------------------------------------------------------------------------


def opened_visits(on: date) -> list[duties.Opening]:
    at = timezone.make_aware(datetime(on.year, on.month, on.day, 1))
    (ran,) = duties.run(on, at=at, only=f"{VISIT}:visit")
    assert ran.problems == []
    return ran.opened


def test_a_duty_opens_visits_by_level_and_a_visit_is_done_by_the_director() -> None:
    opened = opened_visits(date(2026, 4, 9))
    with acting_as(SYSTEM):
        levels = Counter(
            state["level"]
            for opening in opened
            for state in registers.lookup("child_in_need", "file", opening.key)
        )
    assert sum(levels.values()) == len(opened) > 3
    here = [each for each in opened if each.division == VILLAGE]
    assert len(here) == 3
    with acting_as(SYSTEM):
        visit = Case.objects.get(number=here[0].case)
    seen = {"result": "seen", "care": "none", "school": "regular", "health": "well"}
    visit = does(
        "zhuren", visit, "record_visit", MORNING, {**seen, "safety": "safe", "remark": STORY}
    )
    assert visit.outcome == "visited"
    with acting_as(SYSTEM):
        (state,) = registers.lookup("child_in_need", "file", here[0].key)
    assert state["level"] in ("high", "urgent")
    # What became more urgent is due sooner: a week later there is another visit.
    again = [each.key for each in opened_visits(date(2026, 4, 20))]
    assert here[0].key in again


def test_reports_by_kind_are_kept_in_fives_alone() -> None:
    for kind in ("violence",) * 6 + ("begging",) * 2:
        reported(kind)
    (ran,) = figures.compute(date(2026, 4, 20), at=MORNING, only="child_reports")
    assert ran.problem is None
    with acting_as(SYSTEM):
        kept = Figure.objects.filter(indicator="child_reports", period=date(2026, 4, 1))
        found = {(each.place, each.part): (each.counted, each.value) for each in kept}
    for place in (PROVINCE, 222400000000, 222404000000):
        assert found[place, ""] == (10, 10)
        assert found[place, "violence"] == (5, 5)
        assert found[place, "begging"] == (0, None)


def test_the_board_counts_visits_and_gives_nobody_away_to_whoever_may_not_see_them() -> None:
    opened = opened_visits(date(2026, 4, 9))
    for login, coarse in (("dudao", False), ("duban", True), ("minzheng", True)):
        who = actor(login)
        with acting_as(who):
            found = {each.code: each for each in boards.board(who, TOWN, date(2026, 5, 30))}
        board = found[f"{VISIT}:visit"]
        assert board.coarse is coarse
        assert coarse or board.total.late == len(opened)
        assert not coarse or {each.late % 5 for each in (*board.places, board.total)} == {0}
        # Three in each village are too few to be told.
        assert not coarse or {each.late for each in board.places} == {0}, (login, board)


# -- registers -------------------------------------------------------------------------------------


def test_made_up_people_stand_in_every_town_and_every_village() -> None:
    made = {}
    with acting_as(SYSTEM):
        for each in shipped.demonstration().made_up:
            if each.level < 6 and not each.loaded:
                found = list(madeup.rows(each, PROVINCE))
                made[each.register] = made.get(each.register, 0) + len(found)
        jinghe = {
            each.register: len(list(madeup.rows(each, TOWN)))
            for each in shipped.demonstration().made_up
            if each.level == 6
        }
        villages = len(divisions.children(TOWN))
    assert (made["child_worker"], made["protection_centre"], made["child_institution"]) == (
        1_075,
        51,
        10,
    )
    assert jinghe["child_in_need"] == 3 * villages
    assert jinghe["child_guardian"] == 6 * villages


def test_the_demonstration_fills_one_town_and_marks_everybody() -> None:
    with acting_as(SYSTEM):
        rows = registers.lookup("child_worker", "post", "director")
        sources = {
            fact.source
            for row in rows
            if (found := registers.record_with("child_worker", str(row["key"])))
            for fact in registers.facts_of(found)
        }
    assert len(rows) > 3
    assert all("样" in str(row["name"]) for row in rows)
    assert sources == {"儿童工作人员名册（虚构）"}
