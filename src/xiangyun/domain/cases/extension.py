"""The extension of a time limit (延期审批): asked for in writing, answered by another hand.

The service item says whether its law knows one, of how many days, and which role approves it: once
a case, or once a stage where stages have clocks. A request is a work item of the platform beside
those of the drawing; the engine does not know it. It is over when its clock stops.

It moves the limits of the item and what is due with them. What the drawing has set stays: a
`dueDate` and a timer bind a department or the applicant by rules of their own, such as silence that
counts as consent, and no approval between authority and applicant moves those.

Law, from memory and to be confirmed by the office that runs the platform: the head of the authority
approves, before the limit ends, and the applicant is told the reason (行政许可法 42).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.pack.casetime import CaseTime, Granted
from xiangyun.kernel.pack.item import ServiceItem
from xiangyun.kernel.worktime import Extension, Unit, count_words, day_words

from . import access, checks, clock
from .store import OpenItem

if TYPE_CHECKING:  # a step closes the requests whose clocks stop, and so knows this module
    from .handlers import CaseStep

ELEMENT = "platform:extension"  # no id of a drawing has a colon
ASKED = "extension"  # the header that marks a request; it holds the written reason
GRANT, DENY = "grant", "deny"
TITLE = Text("延期审批", "Approval of an extension")
LETTER = "extension"
LETTER_TITLE = Text("延长办理期限告知书", "Notice of an extended time limit")

Headers = Mapping[str, str]


def ask(step: CaseStep, token: str, reason: str) -> None:
    """Put a request before the approving role, on behalf of whoever does the open task `token`.

    Raises `Refused` with the one thing that stands against it.
    """
    case, item = step.case, step.items.get(token)
    if case.ended_at is not None or case.clock_stopped is not None:
        raise Refused([checks.CLOCK_STOPPED])
    if item is None:
        raise Refused([checks.GONE])
    if not may_ask(item.groups, item.headers) or not access.may_do(step.actor, item, case):
        raise Refused([checks.NOT_YOURS])
    rules, time = step.pack.service, step.time
    stage = stage_of(item.headers, time, rules)
    pending = (each.headers for each in step.items.values() if ASKED in each.headers)
    if found := problem(time, rules, stage, pending):
        raise Refused([found])
    written = reason.strip()
    if not written:
        raise Refused([checks.NOTE_WANTED])
    # What could not be granted any more need not be asked for.
    time.extended(_granted(step, stage, written), rules, step.calendar)
    _open(step, stage, written)
    more = {"stage": stage, "days": days(rules), "unit": unit(rules)}
    step.record("extension.asked", more, {"note": written})
    step.keep()


def answer(step: CaseStep, item: OpenItem, action: str, note: str) -> None:
    """Grant or deny a request; the deadlines follow, and the applicant is told.

    Raises `Refused` for the hand that asked, and for a grant after the limit has ended.
    """
    if item.headers["asked_by"] == str(step.actor.account):
        raise Refused([checks.SAME_HAND])
    stage, reason = item.headers.get("stage", ""), item.headers[ASKED]
    if action == GRANT:
        if found := problem(step.time, step.pack.service, stage, ()):
            raise Refused([found])
        granted = _granted(step, stage, reason)
        longer = step.time.extended(granted, step.pack.service, step.calendar)
        del step.items[item.token]
        step.close(item.token, action, note, step.actor)
        _grant(step, granted, longer, note)
    else:
        del step.items[item.token]
        step.close(item.token, action, note, step.actor)
        step.record("extension.denied", {"stage": stage}, {"note": note})
    step.keep()


def over(items: Mapping[str, OpenItem], time: CaseTime) -> list[str]:
    """The requests among these tasks that have no running clock any more."""
    return [
        token
        for token, item in items.items()
        if ASKED in item.headers and _stopped(time, item.headers.get("stage", ""))
    ]


# -- what may be asked -------------------------------------------------------------------------


def may_ask(groups: Iterable[str], headers: Headers) -> bool:
    """Whether a task is one of the drawing that officials do: beside it an extension is asked."""
    return access.APPLICANT not in groups and not {ASKED, "incident"} & headers.keys()


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


def days(rules: ServiceItem) -> int:
    """By how many days the law of the item extends."""
    return rules.extension.days if rules.extension is not None else 0


def unit(rules: ServiceItem) -> Unit:
    """The unit of those days."""
    natural = rules.extension is not None and rules.extension.unit == "natural_day"
    return "natural" if natural else "working"


def more_words(rules: ServiceItem) -> Text:
    """Those days in words."""
    return count_words(days(rules), unit(rules))


def _stopped(time: CaseTime, stage: str) -> bool:
    own = time.stage(stage)
    return time.stopped is not None or (own is not None and own.stopped is not None)


# -- what follows ------------------------------------------------------------------------------


def _open(step: CaseStep, stage: str, reason: str) -> None:
    actor, case = step.actor, step.case
    headers = {
        ASKED: reason,
        "asked_by": str(actor.account),
        "asked_by_name": actor.name,
        "actions": f"{GRANT},{DENY}",
        "note_required": DENY,
        **({"stage": stage} if stage else {}),
    }
    token = f"{ELEMENT}~{case.revision}"  # of each step at most one
    item = OpenItem(token, ELEMENT, [approver(step.pack.service, stage)], headers)
    step.put(item, TITLE.zh, {}, clock.deadline(case, stage, None))


def _granted(step: CaseStep, stage: str, reason: str) -> Granted:
    extension = Extension(
        days(step.pack.service), step.actor.name, step.today, Text(reason, reason)
    )
    return Granted(stage, extension)


def _grant(step: CaseStep, granted: Granted, longer: CaseTime, note: str) -> None:
    rules, stage = step.pack.service, granted.stage
    due = longer.promised_clock(rules, step.calendar).due
    more = {"stage": stage, "days": granted.extension.days, "unit": unit(rules)}
    until = {"until": due.isoformat()} if due else {}
    step.record(
        "extension.granted",
        {**more, **until},
        {"note": note, "reason": granted.extension.reason.zh},
    )
    body = _letter(step, granted, longer)
    step.writes.letters.append(
        {
            "kind": LETTER,
            "at": step.at,
            "title": {"zh": LETTER_TITLE.zh, "en": LETTER_TITLE.en},
            "body": {"zh": body.zh, "en": body.en},
        }
    )
    step.record_platform("letter.sent", {"letter": LETTER}, {"body": body.zh})
    step.retime(longer)


def _letter(step: CaseStep, granted: Granted, longer: CaseTime) -> Text:
    case, rules = step.case, step.pack.service
    assert rules.extension is not None
    more, before = more_words(rules), day_words(case.due_on)
    due = longer.promised_clock(rules, step.calendar).due
    where = Text("办理期限", "the time limit")
    if granted.stage:
        name = step.pack.words(f"stage.{granted.stage}")
        where = Text(f"“{name.zh}”阶段的期限", f"the time of the stage “{name.en}”")
    ending = Text(
        "现在暂停计时，恢复以后按延长后的期限计算。",
        "Counting stands still now; it goes on against the extended limit.",
    )
    if due is not None:
        after = day_words(due)
        ending = Text(
            f"承诺办结的日期由{before.zh}改为{after.zh}。",
            f"The promised day moves from {before.en} to {after.en}.",
        )
    reason, by = granted.extension.reason, granted.extension.approved_by
    return Text(
        f"您申请的“{rules.name.zh}”（办件编号 {case.number}），经{by}批准，"
        f"{where.zh}延长 {more.zh}。{ending.zh}\n\n"
        f"延长的理由：{reason.zh}\n\n依据：{rules.extension.basis}\n\n您不用为此做什么。",
        f"For your application “{rules.name.en}” (case {case.number}), {where.en} is extended by "
        f"{more.en}, approved by {by}. {ending.en}\n\n"
        f"Reason: {reason.en}\n\nLaw: {rules.extension.basis}\n\nThere is nothing for you to do.",
    )
