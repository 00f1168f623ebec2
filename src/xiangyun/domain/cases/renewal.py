"""Answers of an opening that are given anew while the case runs: other inspectors were drawn.

What opened a case by itself answered its form. Where that is not so any more, the answers change in
one step with the tasks that name a person: whoever was struck has none of them afterwards. A
process that has more to do waits for the message `RENEWED`, in an event sub-process that interrupts
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.bpmn import MessageReceived
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Place, Refused
from xiangyun.kernel.formspec import check, submitted
from xiangyun.kernel.service.headers import TASK_ASSIGNEE

from . import access, assignment
from .actions import stepping
from .handlers import CaseStep, carry_on
from .models import Case, Kind, WorkItem

RENEWED: Final = "answers_renewed"
"""The message that a process gets, if it waits for it; it carries `answers`, those that changed."""


def renew(
    case_id: UUID,
    answers: Mapping[str, Value],
    passed_on: Mapping[str, str],
    *,
    by: str,
    at: datetime,
) -> Case:
    """Replace answers of a running case; one that has ended stays as it is.

    `passed_on`: the log-in names of those who have no task here any more, each with that of whoever
    has it now; empty: everybody who holds the role. `by`: what renewed them, for the history.
    Raises Refused with every answer that does not fit, and with what the process refuses.
    """

    def change(step: CaseStep) -> None:
        if step.case.ended_at is not None:
            return
        before: Any = step.data["application"]
        application = submitted(step.pack.form, {**before, **answers})
        if wrong := check(step.pack.form, application, on=step.today):
            raise Refused([replace(f, place=Place(question=k)) for k, f in wrong.items()])
        changed = {k: v for k, v in application.items() if before.get(k) != v}
        step.merge({"application": {**before, **application}})
        step.record_platform("case.renewed", {"by": by}, {"answers": to_stored(changed)})
        step.writes.relabelled += _passed_on(step, passed_on)
        if access.waits_for(step.case, "message", RENEWED, step.case.number):
            carry_on(step, MessageReceived(RENEWED, step.case.number, {"answers": changed}, at))
        else:
            step.keep()

    with acting_as(SYSTEM) as actor:
        return stepping(case_id, change, actor=actor, at=at)


def _passed_on(step: CaseStep, passed_on: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """The open tasks that their process gave to somebody who is struck, as somebody else's."""
    items = WorkItem.objects.filter(case=step.case, closed_at=None, kind=Kind.TASK)
    for item in items.order_by("id"):
        login = passed_on.get(str(item.inputs.get(TASK_ASSIGNEE) or ""))
        if login is None:
            continue
        inputs = {**item.inputs, TASK_ASSIGNEE: login or None}
        nobody = {"assigned": "", "assigned_name": ""}
        said = assignment.placed(item.headers, inputs, item.groups, step.case, ())
        headers = {**item.headers, **nobody, **said}
        known = step.work_items[item.token]
        seen = {name: text for name, text in headers.items() if text}
        step.work_items[item.token] = known._replace(headers=seen)
        yield {
            "token": item.token,
            "name": item.name,
            "groups": item.groups,
            "headers": headers,
            "inputs": inputs,
        }
