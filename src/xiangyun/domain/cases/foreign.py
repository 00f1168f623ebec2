"""Tasks of a case that another organisation does: its answers come by a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import queries as journal
from xiangyun.kernel.bpmn import TaskCompleted
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Text
from xiangyun.kernel.pack.taskforms import ANSWERS, TASKS, answered, read_task

from . import checks, signing
from .actions import stepping, values_of
from .handlers import CaseStep, carry_on
from .models import Case, WorkItem


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
