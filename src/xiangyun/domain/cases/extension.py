"""The rules of an extension (延期审批): what may be asked, who answers, what stands against it.

The service item says whether its law knows one, of how many days, and which role approves it: once
a case, or once a stage where stages have clocks. A request is a work item of the platform beside
those of the drawing; the engine does not know it. It is over when its clock stops. The steps that
ask and answer stand in `handlers/extensions.py`.

It moves the limits of the service and what is due with them. What the drawing has set stays: a
`dueDate` and a timer bind a department or the applicant by rules of their own, such as silence that
counts as consent, and no approval between authority and applicant moves those.

Law, from memory and to be confirmed by the office that runs the platform: the head of the authority
approves, before the limit ends, and the applicant is told the reason (行政许可法 42).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.service.casetime import CaseTime
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.worktime import Unit, count_words

from . import access, checks
from .models import Kind
from .store import OpenWorkItem

ELEMENT = "platform:extension"  # no id of a drawing has a colon
REASON = "extension"  # the header of a request that holds the written reason
GRANT, DENY = "grant", "deny"
TITLE = Text("延期审批", "Approval of an extension")
LETTER = "extension"
LETTER_TITLE = Text("延长办理期限告知书", "Notice of an extended time limit")

Headers = Mapping[str, str]


def over(items: Mapping[str, OpenWorkItem], time: CaseTime) -> list[str]:
    """The requests among these tasks that have no running clock any more."""
    return [
        token
        for token, work_item in items.items()
        if work_item.kind == Kind.EXTENSION and _stopped(time, work_item.headers.get("stage", ""))
    ]


# -- what may be asked -------------------------------------------------------------------------


def may_ask(groups: Iterable[str], kind: str) -> bool:
    """Whether a task is one of the drawing that officials do: beside it an extension is asked."""
    return access.APPLICANT not in groups and kind == Kind.TASK


def stage_of(headers: Headers, time: CaseTime, rules: ServiceItem) -> str:
    """The stage whose clock a task is on; empty where only the case has one."""
    stage = headers.get("stage", "")
    timed = rules.stage_limit(stage) is not None and time.stage(stage) is not None
    return stage if timed else ""


def problem(
    time: CaseTime, rules: ServiceItem, stage: str, pending: Iterable[Headers]
) -> Finding | None:
    """What stands against an extension in this stage; `pending`: the requests not answered yet."""
    if rules.extension is None:
        return checks.NO_EXTENSION
    if _stopped(time, stage):
        return checks.CLOCK_STOPPED
    if any(each.stage == stage for each in time.extensions):
        return checks.EXTENDED
    if any(each.get("stage", "") == stage for each in pending):
        return checks.ASKED_ALREADY
    return None


def approver(rules: ServiceItem, stage: str) -> str:
    """The role that approves an extension in this stage, or of the case."""
    assert rules.extension is not None
    limit = rules.stage_limit(stage)
    return (limit.approver if limit is not None else "") or rules.extension.role


def number(rules: ServiceItem) -> int:
    """By how many days or hours the law of the service extends."""
    return rules.extension.number if rules.extension is not None else 0


def unit(rules: ServiceItem) -> Unit:
    """What is counted so."""
    return rules.extension.counts if rules.extension is not None else "working"


def more_words(rules: ServiceItem) -> Text:
    """Both in words."""
    return count_words(number(rules), unit(rules))


def _stopped(time: CaseTime, stage: str) -> bool:
    own = time.stage(stage)
    return time.stopped is not None or (own is not None and own.stopped is not None)
