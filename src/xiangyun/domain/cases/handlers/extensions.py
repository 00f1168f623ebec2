"""An extension (延期审批) asked for and answered; its rules stand in `cases/extension.py`."""

from __future__ import annotations

from datetime import date

from xiangyun.domain.cases import access, checks, clock, extension, store
from xiangyun.domain.cases.models import Kind
from xiangyun.domain.cases.store import OpenWorkItem
from xiangyun.kernel.findings import Conflict, Forbidden, Refused, Stale, Text
from xiangyun.kernel.service.casetime import CaseTime, Granted
from xiangyun.kernel.worktime import Extension, day_words

from .casestep import CaseStep


def ask(step: CaseStep, token: str, reason: str) -> None:
    """Put a request before the approving role, on behalf of whoever does the open task `token`.

    Raises `Refused` with the one thing that stands against it.
    """
    case, work_item = step.case, step.work_items.get(token)
    if case.ended_at is not None or case.clock_stopped is not None:
        raise Conflict([checks.CLOCK_STOPPED])
    if work_item is None:
        raise Stale([checks.GONE])
    if not extension.may_ask(work_item.groups, work_item.kind) or not access.may_do(
        step.actor, work_item, case
    ):
        raise Forbidden([checks.NOT_YOURS])
    if store.is_own_matter(step.actor, case.pk):
        raise Forbidden([store.OWN_MATTER])
    step.actor = step.actor.under(work_item.groups, case.division)
    rules, time = step.pack.service, step.time
    stage = extension.stage_of(work_item.headers, time, rules)
    pending = (each.headers for each in step.work_items.values() if each.kind == Kind.EXTENSION)
    if found := extension.problem(time, rules, stage, pending):
        raise Conflict([found])
    written = reason.strip()
    if not written:
        raise Refused([checks.NOTE_WANTED])
    # What could not be granted any more need not be asked for.
    time.extended(_granted(step, stage, written), rules, step.calendar)
    _open(step, stage, written)
    more = {"stage": stage, "days": extension.number(rules), "unit": extension.unit(rules)}
    step.record("extension.asked", more, {"note": written})
    step.keep()


def answer(step: CaseStep, work_item: OpenWorkItem, action: str, note: str) -> None:
    """Grant or deny a request; the deadlines follow, and the applicant is told.

    Raises `Refused` for the hand that asked, and for a grant after the limit has ended.
    """
    if work_item.headers["asked_by"] == str(step.actor.account):
        raise Forbidden([checks.SAME_HAND])
    stage, reason = work_item.headers.get("stage", ""), work_item.headers[extension.REASON]
    if action == extension.GRANT:
        if found := extension.problem(step.time, step.pack.service, stage, ()):
            raise Conflict([found])
        granted = _granted(step, stage, reason)
        longer = step.time.extended(granted, step.pack.service, step.calendar)
        del step.work_items[work_item.token]
        step.close(work_item.token, action, note, step.actor)
        _grant(step, granted, longer, note)
    else:
        del step.work_items[work_item.token]
        step.close(work_item.token, action, note, step.actor)
        step.record("extension.denied", {"stage": stage}, {"note": note})
    step.keep()


def _open(step: CaseStep, stage: str, reason: str) -> None:
    actor, case = step.actor, step.case
    headers = {
        extension.REASON: reason,
        "asked_by": str(actor.account),
        "asked_by_name": actor.name,
        "actions": f"{extension.GRANT},{extension.DENY}",
        "note_required": extension.DENY,
        **({"stage": stage} if stage else {}),
    }
    token = f"{extension.ELEMENT}~{case.revision}"  # of each step at most one
    work_item = OpenWorkItem(
        token, extension.ELEMENT, [extension.approver(step.pack.service, stage)], headers
    )
    step.put(
        work_item, extension.TITLE.zh, {}, clock.deadline(case, step.time, stage, step.counting)
    )


def _granted(step: CaseStep, stage: str, reason: str) -> Granted:
    longer = Extension(
        extension.number(step.pack.service),
        step.actor.name,
        step.counting,
        Text.given(reason, reason),
    )
    return Granted(stage, longer)


def _grant(step: CaseStep, granted: Granted, longer: CaseTime, note: str) -> None:
    rules, stage = step.pack.service, granted.stage
    due = longer.promised_clock(rules, step.calendar).due
    more = {"stage": stage, "days": granted.extension.days, "unit": extension.unit(rules)}
    until = {"until": due.isoformat()} if due else {}
    step.record(
        "extension.granted",
        {**more, **until},
        {"note": note, "reason": granted.extension.reason.zh},
    )
    body = _letter(step, granted, longer)
    step.writes.letters.append(
        {
            "kind": extension.LETTER,
            "at": step.at,
            "title": {"zh": extension.LETTER_TITLE.zh, "en": extension.LETTER_TITLE.en},
            "body": {"zh": body.zh, "en": body.en},
        }
    )
    step.record_platform("letter.sent", {"letter": extension.LETTER}, {"body": body.zh})
    step.retime(longer)


def _promised_before(step: CaseStep) -> date:
    """By when the case was promised until now: a day, or a moment where hours are counted."""
    due = step.time.promised_clock(step.pack.service, step.calendar).due
    return due or step.case.due_on


def _letter(step: CaseStep, granted: Granted, longer: CaseTime) -> Text:
    case, rules = step.case, step.pack.service
    assert rules.extension is not None
    more, before = extension.more_words(rules), day_words(_promised_before(step))
    due = longer.promised_clock(rules, step.calendar).due
    where = Text("办理期限", "the time limit")
    if granted.stage:
        name = step.pack.words(f"stage.{granted.stage}")
        where = Text("“{name}”阶段的期限", "the time of the stage “{name}”", name=name)
    ending = Text(
        "现在暂停计时，恢复以后按延长后的期限计算。",
        "Counting stands still now; it goes on against the extended limit.",
    )
    if due is not None:
        after = day_words(due)
        ending = Text(
            "承诺办结的期限由{before}改为{after}。",
            "The promised time moves from {before} to {after}.",
            before=before,
            after=after,
        )
    reason, by = granted.extension.reason, granted.extension.approved_by
    return Text(
        "您申请的“{name}”（办件编号 {number}），经{by}批准，"
        "{where}延长 {more}。{ending}\n\n"
        "延长的理由：{reason}\n\n依据：{basis}\n\n您不用为此做什么。",
        "For your application “{name}” (case {number}), {where} is extended by "
        "{more}, approved by {by}. {ending}\n\n"
        "Reason: {reason}\n\nLaw: {basis}\n\nThere is nothing for you to do.",
        name=rules.name,
        number=case.number,
        by=by,
        where=where,
        more=more,
        ending=ending,
        reason=reason,
        basis=rules.extension.basis,
    )
