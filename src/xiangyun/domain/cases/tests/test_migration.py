"""A case under way moves to another version of its service, or is refused and stays as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, migration
from xiangyun.domain.cases.models import Case, Timer, WorkItem
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue.models import ServiceVersion
from xiangyun.domain.journal import queries as journal
from xiangyun.faces.cli import story
from xiangyun.kernel.findings import Refused

from .situations import MORNING, act, actor, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
LATER = MORNING + timedelta(hours=1)


def published(*changes: tuple[str, str, str]) -> int:
    """A new version of the service with words of its files replaced: (path begins, old, new)."""
    with acting_as(SYSTEM) as system:
        files = dict(ServiceVersion.objects.get(code=story.SERVICE, current=True).files)
        for begin, old, new in changes:
            held = [path for path in files if path.startswith(begin) and old in files[path]]
            assert held, f"{begin} does not hold {old!r}"
            files |= {path: files[path].replace(old, new) for path in held}
        return catalogue.publish(story.SERVICE, files, actor=system, at=MORNING).service.number


NEW_NAME = ("process.bpmn", 'id="review" name="审查"', 'id="review" name="审查（新版）"')
LONGER = ("service.yaml", "    days: 1\n", "    days: 2\n")
OTHER_STEP = (
    *(("process.bpmn", f'{name}="decide"', f'{name}="conclude"') for name in ("id", "sourceRef")),
    *(
        ("process.bpmn", f'{name}="decide"', f'{name}="conclude"')
        for name in ("targetRef", "Element")
    ),
    ("texts/", "task.decide", "task.conclude"),
    ("texts/en", "element.decide", "element.conclude"),
    ("examples/", "task: decide", "task: conclude"),
    ("examples/", "review, decide", "review, conclude"),
)


def moved(case: Case, number: int) -> Case:
    with acting_as(SYSTEM) as system:
        return migration.migrate_case(case.id, number, actor=system, at=LATER)


def test_a_case_goes_on_by_the_new_version_to_its_end() -> None:
    case = submitted(actor("wang"))
    number = published(NEW_NAME, LONGER)
    with acting_as(SYSTEM):
        due = Case.objects.get(pk=case.pk).due_on
    case = moved(case, number)
    assert case.version.number == number
    assert case.due_on == due + timedelta(days=3)  # one working day more, after the weekend
    with acting_as(SYSTEM):
        item = WorkItem.objects.get(case=case, closed_at=None)
        assert (item.name, item.due_on) == ("审查（新版）", case.due_on)
        [entry] = [e for e in journal.history(case.number) if e.verb == "case.migrated"]
        assert entry.data == {"from": 1, "to": number}
    act("shencha", case, "agree", at=LATER)
    case = act("jueding", case, "approve", at=LATER)
    assert case.version.number == number


def test_a_new_version_names_the_body_that_decides_from_now_on() -> None:
    case = submitted(actor("wang"))
    old, new = "市场监督管理局（演示）", "商务局（演示）"
    case = moved(case, published(("service.yaml", old, new), ("examples/", old, new)))
    assert case.variables["authority"]["name"] == "珲春市商务局（演示）"


def test_a_case_that_stands_on_a_step_that_is_gone_is_refused_and_stays_as_it_was() -> None:
    case = submitted(actor("wang"))
    number = published(*OTHER_STEP)
    act("shencha", case, "agree")
    with acting_as(SYSTEM) as system:
        before = Case.objects.filter(pk=case.pk).values().get()
        found = migration.problems(case.id, number, actor=system, at=LATER)
        assert [finding.id for finding in found] == ["bpmn.E110"]
        assert "决定" in found[0].message.zh
        with pytest.raises(Refused) as refused:
            migration.migrate_case(case.id, number, actor=system, at=LATER)
        assert refused.value.findings == found
        assert Case.objects.filter(pk=case.pk).values().get() == before
        assert not any(e.verb == "case.migrated" for e in journal.history(case.number))


def test_a_correction_that_is_asked_for_keeps_its_last_day() -> None:
    case = submitted(actor("wang"), brand="样祥")  # a name that is taken
    act("shouli", case, "correct")
    with acting_as(SYSTEM):
        before = Timer.objects.get(case=case, closed_at=None).due
    moved(case, published(LONGER))
    with acting_as(SYSTEM):
        assert Timer.objects.get(case=case, closed_at=None).due == before


def test_the_figures_are_those_of_the_new_version_on_the_day_of_filing() -> None:
    case = submitted(actor("wang"))
    number = published(("parameters.yaml", "value: 30", "value: 45"))
    assert moved(case, number).variables["parameters"]["correction_days"] == 45


@pytest.mark.parametrize(("number", "why"), [(1, "case.E022"), (99, "case.E020")])
def test_a_version_that_is_not_another_is_refused(number: int, why: str) -> None:
    case = submitted(actor("wang"))
    with acting_as(SYSTEM) as system:
        current = ServiceVersion.objects.get(code=story.SERVICE, current=True).number
        number = current if number == 1 else number
        found = migration.problems(case.id, number, actor=system, at=LATER)
    assert [finding.id for finding in found] == [why]


def test_an_ended_case_stays_with_its_version() -> None:
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(wang):
        actions.withdraw_case(case.id, actor=wang, at=MORNING)
    number = published(LONGER)
    with acting_as(SYSTEM) as system:
        found = migration.problems(case.id, number, actor=system, at=LATER)
    assert [finding.id for finding in found] == ["case.E021"]


def test_only_a_supervisor_of_the_division_may_move_a_case() -> None:
    case = submitted(actor("wang"))
    number = published(LONGER)
    reviewer = actor("shencha")
    with acting_as(reviewer), pytest.raises(Refused) as refused:
        migration.migrate_case(case.id, number, actor=reviewer, at=LATER)
    assert [finding.id for finding in refused.value.findings] == ["case.E002"]
    stranger = actor("gongzhuling")
    with acting_as(stranger), pytest.raises(Case.DoesNotExist):
        migration.migrate_case(case.id, number, actor=stranger, at=LATER)
    supervisor = actor("duban")
    with acting_as(supervisor):
        assert migration.migrate_case(case.id, number, actor=supervisor, at=LATER).version_id
