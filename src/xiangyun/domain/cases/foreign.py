"""What another organisation does in a case: its answers to a task, and files that it hands over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.files import actions as kept
from xiangyun.domain.files import queries as files
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.vault import sealing as vault
from xiangyun.kernel.bpmn import TaskCompleted
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Text
from xiangyun.kernel.pack.taskforms import ANSWERS, TASKS, answered, read_task

from . import checks, sealing, signing
from .actions import stepping, values_of
from .drafts import ELSEWHERE
from .handlers import CaseStep, carry_on
from .models import Case, Draft, Material, WorkItem


def answer_task(
    number: str,
    element: str,
    action: str,
    answers: Mapping[str, Any],
    *,
    by: str,
    once: str,
    at: datetime,
) -> str:
    """Do the open task of an element in the case with this number; answers with the number.

    `by` is the organisation, for the history; `once` tells the message from all others. Raises
    NotFound for a case that is not there, Conflict where no such task is open, and Refused with
    what is wrong with the answers.
    """
    with acting_as(SYSTEM) as actor:
        case_id = Case.objects.filter(number=number).values_list("pk", flat=True).first()
        if case_id is None:
            raise NotFound([_no_case(number)])

        def change(step: CaseStep) -> None:
            if journal.was_delivered(once, step.case.number):
                return
            open_now = [each for each in step.work_items.values() if each.element == element]
            if not open_now:
                raise Conflict([_not_open(number, element)])
            work_item = open_now[0]
            checks.refuse_action(work_item, action, "")
            rule = signing.asks(step.pack.elements.get(element), action)
            if rule is not None and rule.required:  # an organisation has no passkey here
                raise Conflict([signing.UNSIGNED])
            fields: dict[str, Value] = {}
            if (form := step.pack.task_form(element)) is not None:
                inputs = values_of(_inputs(step.case, work_item.token))
                reading = read_task(form.given(inputs), answers, step.today)
                if reading.errors:
                    raise Refused(list(reading.errors.values()))
                fields[ANSWERS] = reading.answers
                by_task = step.pack.forms_by_task
                told = answered(step.data[TASKS], by_task, element, reading.answers)
                step.merge({TASKS: told})
            step.close(work_item.token, action)
            said = {"task": element, "action": action, "from": by, "delivery": once}
            step.record_platform("task.done", said, {"fields": to_stored(fields)})
            result = {**fields, "action": action, "note": None, "by": by, "at": step.moment}
            carry_on(step, TaskCompleted(work_item.token, result, at))

        return stepping(case_id, change, actor=actor, at=at).number


def add_file(number: str, name: str, media_type: str, content: bytes, *, at: datetime) -> UUID:
    """Add a file that another organisation has handed over to the case with this number.

    To be called in the transaction that notes where it came from. Raises NotFound for a case that
    is not there, and as `files.keep` does.
    """
    with acting_as(SYSTEM):
        case = Case.objects.filter(number=number).only("pk").first()
        draft = Draft.objects.filter(pk=case.pk).first() if case is not None else None
        if draft is None:
            raise NotFound([_no_case(number)])
        made = Material.objects.create(
            draft=draft,
            question=ELSEWHERE,
            name=sealing.sealed_words(draft, name[-200:], "cases_material.name"),
            media_type=media_type[:100],
            size=len(content),
            digest=kept.keep(content, sealing.sealing_content(draft)),
            added_at=at,
        )
        return made.pk


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of a case as it is handed over: its content as it was handed in."""

    name: str
    media_type: str
    content: bytes


_Find = Callable[[str, str], Handed | None]
_ELSEWHERE_KEPT: list[_Find] = []


def also_keeps(find: _Find) -> _Find:
    """Register where else files of a case are: what finds one by the case's number and a digest."""
    _ELSEWHERE_KEPT.append(find)
    return find


def file_of(case_id: UUID, digest: str) -> Handed | None:
    """The file of a case that is kept under a digest, or by another app that has some of it; None
    for none. Raises as `files.content`."""
    with acting_as(SYSTEM), vault.opening():
        draft = Draft.objects.filter(pk=case_id).first()
        found = Material.objects.filter(draft_id=case_id, digest=digest).first()
        if found is None:
            number = Case.objects.filter(pk=case_id).values_list("number", flat=True).first()
            asked = (find(number, digest) for find in _ELSEWHERE_KEPT) if number else ()
            return next((each for each in asked if each is not None), None)
        if draft is None:
            return None
        content = bytes(found.content) if found.content else files.content(digest)
        return Handed(found.name, found.media_type, sealing.opened_content(draft, content))


def _inputs(case: Case, token: str) -> Mapping[str, Any]:
    """What a task was opened with, as it is stored."""
    inputs: Mapping[str, Any] = WorkItem.objects.values_list("inputs", flat=True).get(
        case=case, token=token
    )
    return inputs


def _no_case(number: str) -> Finding:
    return Finding(
        "case.E085",
        "error",
        Text("没有办件“{number}”。", "There is no case “{number}”.", number=number),
        hint=Text("请核对报文里的办件编号。", "Check the number of the case in the message."),
    )


def _not_open(number: str, element: str) -> Finding:
    return Finding(
        "case.E086",
        "error",
        Text(
            "办件 {number} 现在没有待办的“{element}”。",
            "In the case {number} no “{element}” waits to be done now.",
            number=number,
            element=element,
        ),
        hint=Text("稍后再发，或核对任务的名称。", "Send it later, or check the name of the task."),
    )
