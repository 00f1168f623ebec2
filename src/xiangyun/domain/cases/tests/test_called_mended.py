"""Called processes that stand still, move to another version, are timed and replayed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, migration
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.handlers import SERVICES
from xiangyun.domain.cases.models import Case, ServiceCall, Timer
from xiangyun.kernel.findings import Finding, Refused

from . import calling
from .calling import do
from .situations import MORNING, actor, as_owner
from .waiting import case_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
VISIT = "processes/site-visit"
BY_WORD = (
    VISIT,
    '=duration("PT" + string(parameters.report_within) + "S")',
    "=duration(application.word)",
)
NEW_NAME = (VISIT, 'id="inspect" name="到现场看"', 'id="inspect" name="到现场看（新版）"')
OTHER_STEP = (
    *((VISIT, f'{name}="inspect"', f'{name}="look"') for name in ("id", "sourceRef", "targetRef")),
    (VISIT, 'attachedToRef="inspect"', 'attachedToRef="look"'),
    ("process.bpmn", 'value="review,inspect"', 'value="review,look"'),
    ("texts/", "task.inspect", "task.look"),
    ("texts/en", "element.inspect:", "element.look:"),
    ("examples/", "task: inspect", "task: look"),
    ("examples/", "visit, inspect", "visit, look"),
)
LATER = MORNING + timedelta(hours=1)


# -- what stands still -----------------------------------------------------------------------------


def test_a_called_process_that_stands_still_goes_on_when_it_is_tried_again() -> None:
    calling.publish(
        BY_WORD,
        ("examples/02", "word: 厂房", "word: PT1S"),
        ("examples/01", "word: 厂", "word: PT1S"),
        ("examples/", '"厂:', '"PT1S:'),
    )
    case = calling.visited("不是时长")
    do(case, "inspect", "pass")
    [item] = calling.items(case)
    assert (item.token, item.element) == ("1/either~4", "either")
    assert "不是可用的日期" in item.headers["incident"]
    with acting_as(SYSTEM), as_owner():
        Case.objects.filter(pk=case.pk).update(
            variables={
                **case_now(case.pk).variables,
                "application": {"word": "PT9S", "place": "222404001001"},
            }
        )
    do(case, "either", "retry")
    assert calling.items(case) == []
    assert calling.open_timers(case)["report_late"].startswith("1/report_late~")


def test_a_step_that_fails_leaves_the_caller_and_the_called_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calling.publish()
    case = calling.visited()
    with acting_as(SYSTEM):
        before = Case.objects.filter(pk=case.pk).values().get()

    def fail(*_: object) -> None:
        raise RuntimeError("out of paper")

    monkeypatch.setitem(SERVICES, "letter.send", fail)
    with pytest.raises(RuntimeError):
        do(case, "inspect", "no_access")
    with acting_as(SYSTEM):
        assert Case.objects.filter(pk=case.pk).values().get() == before
    assert calling.tokens(case) == ["1/inspect~1"]


# -- time ------------------------------------------------------------------------------------------


def test_the_clock_stands_still_for_a_task_of_a_called_process_and_starts_when_it_is_back() -> None:
    calling.publish()
    case = calling.visited()
    [pause] = case_now(case.pk).pauses
    assert (pause["token"], pause["kind"], pause["to"]) == ("1/inspect~1", "inspection", None)
    do(case, "inspect", "pass", MORNING + timedelta(days=1))
    [pause] = case_now(case.pk).pauses
    assert pause["to"] == "2026-04-10"
    case = calling.report(case, at=MORNING + timedelta(days=2))
    case = calling.answered(case, MORNING + timedelta(days=4))
    assert case.clock_from.isoformat() == "2026-04-13", "its time runs anew from the visit"


def test_a_visit_that_is_dropped_lets_the_clock_go_on() -> None:
    calling.publish()
    case = calling.ring(calling.visited(), "visit_late")
    assert case.pauses[0]["to"] is not None


# -- another version -------------------------------------------------------------------------------


def _problems(case: Case, number: int) -> list[Finding]:
    with acting_as(SYSTEM) as system:
        return migration.problems(case.pk, number, actor=system, at=LATER)


def test_a_case_moves_with_its_called_processes() -> None:
    calling.publish()
    case = calling.visited()
    timers = calling.open_timers(case)
    number = calling.publish(NEW_NAME)
    assert _problems(case, number) == []
    with acting_as(SYSTEM) as system:
        migration.migrate_case(case.pk, number, actor=system, at=LATER)
    [item] = calling.items(case)
    assert (item.token, item.name) == ("1/inspect~1", "到现场看（新版）")
    assert calling.open_timers(case) == timers
    do(case, "inspect", "pass", LATER)
    case = calling.with_opinions(calling.answered(calling.report(case)))
    assert do(case, "decide", "approve", LATER).outcome == "issued"


def test_a_case_whose_called_process_lost_the_step_it_stands_on_is_refused() -> None:
    calling.publish()
    case = calling.visited()
    number = calling.publish(*OTHER_STEP)
    with acting_as(SYSTEM):
        before = Case.objects.filter(pk=case.pk).values().get()
    found = _problems(case, number)
    assert [finding.id for finding in found] == ["bpmn.E110", "bpmn.E112"]
    assert "到现场看" in found[0].message.zh
    assert found[0].place is not None
    assert found[0].place.file == f"{VISIT}.bpmn"
    with acting_as(SYSTEM) as system, pytest.raises(Refused):
        migration.migrate_case(case.pk, number, actor=system, at=LATER)
    with acting_as(SYSTEM):
        assert Case.objects.filter(pk=case.pk).values().get() == before


def test_a_called_process_listens_to_what_only_the_new_version_has() -> None:
    calling.publish((VISIT, _REMINDER, ""), (VISIT, _REMINDED, ""), *_WITHOUT_REMINDER)
    case = calling.visited()
    assert "inspect_reminder" not in calling.open_timers(case)
    with acting_as(SYSTEM) as system:
        migration.migrate_case(case.pk, calling.publish(), actor=system, at=LATER)
        timer = Timer.objects.get(case=case, element="inspect_reminder")
    assert timer.token.startswith("1/inspect_reminder~")
    assert timer.due == LATER + timedelta(seconds=300)


def _drawn(begin: str, end: str) -> str:
    text = (calling.PACK / f"{VISIT}.bpmn").read_text("utf-8")
    return text[text.index(begin) : text.index(end, text.index(begin)) + len(end)]


_REMINDER = _drawn('<bpmn:boundaryEvent id="inspect_reminder"', "</bpmn:boundaryEvent>")
_REMINDED = _drawn('<bpmn:endEvent id="site_reminded"', "</bpmn:endEvent>")
_WITHOUT_REMINDER = (
    (VISIT, _drawn('<bpmn:sequenceFlow id="inspect_reminder__', "/>"), ""),
    ("texts/en", "element.inspect_reminder: Reminder\n", ""),
    ("texts/en", "element.site_reminded: Reminded\n", ""),
    ("examples/", "  - {timer: inspect_reminder}\n", ""),
)


# -- looked at afterwards --------------------------------------------------------------------------


def test_the_drawing_says_where_a_case_is_in_what_it_called() -> None:
    calling.publish()
    case = calling.visited()
    with acting_as(SYSTEM):
        marks = cases.marks(case_now(case.pk))
        stage = cases.stage_of(case_now(case.pk))
    assert (marks["visit"], marks["inspect"], marks["review"]) == ("here", "here", "done")
    assert marks["site_start"] == "done"
    assert "opinion_start" not in marks
    assert stage.en == "Visit"


def test_a_case_that_waits_in_what_it_called_for_a_report_is_at_the_stage_of_the_call() -> None:
    calling.publish()
    case = calling.visited()
    do(case, "inspect", "pass")
    with acting_as(SYSTEM):
        here = [stage.key for stage in cases.stages_of(case_now(case.pk)) if stage.state == "here"]
        assert cases.stage_of(case_now(case.pk)).en == "Visit"
    assert here == ["visit"]


def test_the_history_tells_the_end_of_a_call_in_words() -> None:
    calling.publish()
    case = calling.worked()
    with acting_as(SYSTEM):
        told = [line.what.en for line in cases.history(case)]
        assert ServiceCall.objects.get(case=case).answered_at is not None
    assert "Done: Visit" in told
    assert told.count("Done: Ask for opinions") == 2


def test_a_case_that_calls_nothing_keeps_no_parts() -> None:
    calling.publish()
    wang = actor("wang")
    case = calling.filed()
    assert case_now(case.pk).parts is None
    with acting_as(wang):
        actions.withdraw_case(case.pk, actor=wang, at=MORNING)
    assert case_now(case.pk).parts is None
