"""Every example of the service with called processes, in memory and on real PostgreSQL: the same.

Both worlds move by `ProcessInstances.advance`; here its commands are written down, with the ids
they carry.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, inbound
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Letter, ServiceCall
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.bpmn import Command, Event, MessageSent, VariablesSet
from xiangyun.kernel.feel import from_stored
from xiangyun.kernel.pack import Pack, read_pack, rehearse
from xiangyun.kernel.pack.instances import Part, ProcessInstances
from xiangyun.kernel.pack.variables import STARTING
from xiangyun.kernel.service.examples import Act, Example

from . import calling
from .situations import MORNING, actor
from .waiting import case_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PACK: Pack = read_pack(read_folder(calling.PACK))
Told = list[tuple[str, str, str]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What processes want, as (what, id, element), in order."""
    written: Told = []
    advance: Callable[[ProcessInstances, Part, Event], list[Command]] = ProcessInstances.advance

    def writing(parts: ProcessInstances, part: Part, event: Event) -> list[Command]:
        commands = advance(parts, part, event)
        written.extend(
            (type(each).__name__, getattr(each, "id", ""), getattr(each, "element", ""))
            for each in commands
            if not isinstance(each, VariablesSet | MessageSent)
        )
        return commands

    monkeypatch.setattr(ProcessInstances, "advance", writing)
    return written


@pytest.mark.parametrize("example", PACK.examples, ids=lambda example: example.key)
def test_an_example_goes_the_same_way_in_the_office_as_in_its_rehearsal(
    example: Example, told: Told
) -> None:
    calling.publish()
    told.clear()  # what is published has been rehearsed
    rehearsed = rehearse(PACK, example)
    assert not rehearsed.findings
    in_memory = list(told)
    told.clear()
    case = _filed_and_worked(example)
    assert told == in_memory
    assert case.outcome == rehearsed.outcome
    assert case.awaiting == {}
    with acting_as(SYSTEM):
        letters = list(Letter.objects.filter(case=case).order_by("pk").values_list("kind"))
    assert letters == [(letter.name,) for letter in rehearsed.letters]
    variables = {name: from_stored(value) for name, value in case.variables.items()}
    assert _set(variables) == _set(rehearsed.variables)
    assert variables["application"]["word"] == rehearsed.variables["application"]["word"]


def _filed_and_worked(example: Example) -> Case:
    case, at = calling.filed(str(example.answers["word"])), MORNING
    for act in example.acts:
        at += timedelta(minutes=1)
        _happens(case, act, at)
        _answer_services(case, at)
    return case_now(case.pk)


def _happens(case: Case, act: Act, at: Any) -> None:
    wang = actor("wang")
    if act.kind == "timer":
        calling.ring(case, act.name)
    elif act.kind == "signal":
        assert inbound.deliver("signal", act.name, None, {}, at=at) == 1
    elif act.name == "withdraw":
        with acting_as(wang):
            actions.withdraw_case(case.pk, actor=wang, at=at)
    elif act.kind == "message":
        calling.report(case, act.note, at)
    elif act.answers:
        with acting_as(wang):
            [task] = cases.open_tasks(wang, case)
            actions.correct_answers(case.pk, task.id, act.answers, actor=wang, at=at)
    else:
        calling.do(case, act.name, act.action, at)


def _answer_services(case: Case, at: Any) -> None:
    """As a rehearsal makes it up, at once."""
    with acting_as(SYSTEM):
        waiting = list(ServiceCall.objects.filter(case=case, answered_at=None))
    for call in waiting:
        asked = timezone.localdate(call.asked_at)
        answer = {"reference": f"LAB-{asked:%Y%m%d}-000001", "completed_on": asked.isoformat()}
        inbound.complete_service_call(call.pk, answer, at=at)


def _set(variables: Any) -> Any:
    """What the processes have set, but for who did it, when and with what note."""
    return _nameless({name: v for name, v in variables.items() if name not in STARTING})


_OF_THE_HAND = {"by", "at", "note"}


def _nameless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _nameless(each) for name, each in value.items() if name not in _OF_THE_HAND}
    return [_nameless(each) for each in value] if isinstance(value, list) else value
