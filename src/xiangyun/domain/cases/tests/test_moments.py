"""A case that is moved by UTC moments goes as it does in its rehearsal, and when it is replayed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions, drafts, inbound, pastcases, ports
from xiangyun.domain.cases.models import Case, Timer, WorkItem
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    mapping,
    node,
    script,
    start,
    timer,
    user,
)
from xiangyun.kernel.feel import from_stored, to_json
from xiangyun.kernel.pack import Pack, read_pack, rehearse
from xiangyun.kernel.simulation import replay

from . import calling
from .situations import actor
from .waiting import case_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

# 02:30 on 16 April where the office is; still the 15th in UTC.
FILED = datetime(2026, 4, 15, 18, 30, tzinfo=UTC)
DONE = datetime(2026, 4, 16, 16, 10, tzinfo=UTC)  # 00:10 on the 17th
CODE = "moments/clock"

HEADERS = (
    '<zeebe:taskHeaders><zeebe:header key="actions" value="agree" />'
    '<zeebe:header key="stage" value="review" /></zeebe:taskHeaders>'
)
PROCESS = bpmn(
    start("filed"),
    script("stamp", "={day: today(), at: now()}", "stamp"),
    node(
        "businessRuleTask",
        "judge",
        extension='<zeebe:calledDecision decisionId="risk" resultVariable="risk" />',
    ),
    node("intermediateCatchEvent", "wait", timer("Date", '=stamp.day + duration("P1D")')),
    user(
        "review",
        groups="reviewer",
        extension='<zeebe:taskSchedule dueDate="=date and time(&quot;2026-04-20T09:00:00&quot;)" />'
        + mapping(outputs={"reviewed": '={at: at, later: at + duration("P1D"), day: today()}'})
        + HEADERS,
    ),
    gate("exclusive", "which", default="f_which_end_refused_2"),
    end("end_issued", outcome="issued"),
    end("end_refused", outcome="refused"),
    flows(
        "filed > stamp > judge > wait > review > which",
        'which > end_issued: =today() = date("2026-04-17")',
        "which > end_refused",
    ),
)
RULES = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="r" name="r"
 namespace="urn:xiangyun:tests:moments">
<inputData id="application" name="application"><variable name="application"/></inputData>
<decision id="risk" name="risk"><variable name="risk" typeRef="string"/>
<informationRequirement id="i"><requiredInput href="#application"/></informationRequirement>
<literalExpression id="e"><text>application.word + string(today())</text></literalExpression>
</decision></definitions>"""
EXAMPLE = """title: {zh-Hans: 夜里提交, en: Filed at night}
situation: {zh-Hans: 测试。, en: A test.}
division: {code: "222404000000", path: [吉林省, 延边朝鲜族自治州, 珲春市]}
filed_at: 2026-04-15T18:30:00Z
filing: {desk: null, by: 金样一}
answers: {word: 厂, place: "222404001001"}
registers: {}
steps:
  - {timer: wait}
  - {task: review, action: agree, by: 李样三}
expected:
  outcome: issued
  findings: [{outcome: 厂2026-04-16, rows: []}]
  path: [judge, review, end_issued]
  letters: []
"""


def files() -> dict[str, str]:
    """The service of the inspection with another drawing, rule and example."""
    found = read_folder(calling.PACK)
    kept = {name: text for name, text in found.items() if not name.startswith(("process", "exam"))}
    service = kept["service.yaml"]
    for old, new in (
        ("calls/inspection", "moments/clock"),
        ("[submit, review, visit, follow_up, decide]", "[submit, review]"),
        ("joint_departments: [lab]", "joint_departments: []"),
        ("[applicant, reviewer, approver]", "[reviewer]"),
    ):
        assert old in service
        service = service.replace(old, new)
    return kept | {
        "service.yaml": service,
        "process.bpmn": PROCESS,
        "rules.dmn": RULES,
        "examples/01-at-night.yaml": EXAMPLE,
    }


@pytest.fixture
def pack() -> Pack:
    with acting_as(SYSTEM) as system:
        catalogue.publish(CODE, files(), actor=system, at=FILED)
    return read_pack(files())


def filed() -> Case:
    wang = actor("wang")
    with acting_as(wang):
        draft = drafts.start_draft(CODE, actor=wang, at=FILED)
        answers = {"word": "厂", "place": "222404001001"}
        drafts.keep_answers(draft.id, answers, actor=wang, at=FILED)
        return actions.submit_case(draft.id, actor=wang, at=FILED)


def timer_of(case: Case) -> Timer:
    with acting_as(SYSTEM):
        return Timer.objects.get(case=case, closed_at=None)


def worked(rung: datetime | None = None, done: datetime = DONE) -> Case:
    """Filed, rung and reviewed, every moment in UTC."""
    case = filed()
    due = timer_of(case)
    inbound.ring(case.pk, due.token, at=(rung or due.due).astimezone(UTC))
    official = actor("shencha")
    with acting_as(SYSTEM):
        item = WorkItem.objects.get(case=case, closed_at=None)
    with acting_as(official):
        access.case_for(official, case.id)
        actions.complete_task(case.id, item.token, action="agree", actor=official, at=done)
    return case_now(case.pk)


def told(variables: Mapping[str, Any]) -> Any:
    """What depends on moments, as JSON."""
    return {name: to_json(variables[name]) for name in ("stamp", "risk", "reviewed")}


def test_a_rehearsal_and_a_real_case_agree_on_every_moment(pack):
    rehearsed = rehearse(pack, pack.examples[0])
    assert [str(each) for each in rehearsed.findings] == []
    case = worked()
    assert case.outcome == rehearsed.outcome == "issued"
    variables = {name: from_stored(value) for name, value in case.variables.items()}
    assert told(variables) == told(rehearsed.variables)
    assert told(variables) == {
        "stamp": {"day": "2026-04-16", "at": "2026-04-16T02:30:00+08:00"},
        "risk": "厂2026-04-16",
        "reviewed": {
            "at": "2026-04-17T00:10:00+08:00",
            "later": "2026-04-18T00:10:00+08:00",
            "day": "2026-04-17",
        },
    }


def test_timers_and_due_dates_are_those_of_the_office(pack):
    case = filed()
    due = timer_of(case)
    assert due.due == datetime(2026, 4, 16, 16, tzinfo=UTC)
    inbound.ring(case.pk, due.token, at=due.due)
    with acting_as(SYSTEM):
        [item] = WorkItem.objects.filter(case=case, closed_at=None)
    assert item.due_on == date(2026, 4, 20)


def test_a_replay_sees_the_days_that_the_case_saw(pack):
    # The job came two days late: the last condition was asked on the 19th, and refused.
    late = datetime(2026, 4, 18, 17, tzinfo=UTC)
    case = worked(rung=late, done=late + timedelta(minutes=5))
    assert case.outcome == "refused"
    with acting_as(SYSTEM):
        record = pastcases.record_of(case, pack)
        look_up = pastcases.registers_without(case.number)
        again = replay(pack, pack, record, ports.counting_calendar(), look_up)
    assert again.reproduced
    assert record.rang == {"wait": [late]}


def test_a_decision_that_uses_up_its_budget_waits_for_a_supervisor(pack):
    endless = files()
    turns = "if application.word = 'x' then 'x' else string(count(for i in 1..1000000000 return i))"
    endless["rules.dmn"] = RULES.replace(
        "application.word + string(today())", turns.replace("'", "&quot;")
    )
    endless["service.yaml"] = endless["service.yaml"].replace("version: 1", "version: 2")
    endless["examples/01-at-night.yaml"] = EXAMPLE.replace("word: 厂", "word: x").replace(
        "厂2026-04-16", "x"
    )
    with acting_as(SYSTEM) as system:
        catalogue.publish(CODE, endless, actor=system, at=FILED)
    case = filed()
    with acting_as(SYSTEM):
        [item] = WorkItem.objects.filter(case=case, closed_at=None)
    assert item.element == "judge"
    assert item.groups == ["supervisor"]
    assert "feel.E004" in item.headers["incident"]
