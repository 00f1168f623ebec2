"""An extension in words: what asking for it and answering it would cause, before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from xiangyun.domain.accounts.roles import Worded, role_words
from xiangyun.domain.cases import clock, extension, ports
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.rows import open_items
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.casetime import CaseTime, Granted
from xiangyun.kernel.worktime import Extension, day_words

KnownRoles = Callable[[], Mapping[str, Worded]]
ASK = Text("报请延期", "Ask for an extension")
GRANT = Text("批准延期", "Grant the extension")
DENY = Text("不批准", "Deny it")
OWN = Text(
    "本步骤的期限由流程另行规定，不随之延长。",
    " The deadline of this step is set by the process itself and stays as it is.",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """An extension that may be asked for beside a task: what the button says and causes."""

    words: Text
    effect: Text


def offer(
    case: Case, pack: Pack, work_item: WorkItem, on: date, known: KnownRoles = catalogue.roles
) -> Offer | None:
    """What can be asked for beside this open task; None where a request would be refused.

    `known` gives the roles, when one has to be named.
    """
    if not extension.may_ask(work_item.groups, work_item.kind):
        return None
    time, rules = clock.time_of(case, pack.service), pack.service
    stage = extension.stage_of(work_item.headers, time, rules)
    pending = (each.headers for each in requests_of(case))
    if extension.problem(time, rules, stage, pending) or _longer(time, pack, stage, on) is None:
        return None
    more, role = extension.more_words(rules), approver_words(pack, stage, known())
    once = Text("每件只能延长一次", "a case is extended once")
    if stage:
        once = Text("每个阶段只能延长一次", "a stage is extended once")
    own = OWN if work_item.own_due else Text("", "")
    return Offer(
        ASK,
        Text(
            "交由{role}审批；批准的，期限延长 {more}，理由告知申请人。{once}。{own}",
            "Goes to {role} for approval. Once granted, the limit is extended by {more} and "
            "the applicant is told the reason; {once}.{own}",
            role=role,
            more=more,
            once=once,
            own=own,
        ),
    )


def requests_of(case: Case) -> list[WorkItem]:
    """The requests for an extension that wait for an answer."""
    waiting = [each for each in open_items(case) if each.element == extension.ELEMENT]
    return sorted(waiting, key=lambda each: each.pk)


def asked(work_item: WorkItem, pack: Pack) -> Text:
    """Who asks for how many days, and why."""
    more, who = extension.more_words(pack.service), work_item.headers["asked_by_name"]
    reason, where = work_item.headers[extension.REASON], Text("", "")
    if stage := work_item.headers.get("stage"):
        name = pack.words(f"stage.{stage}")
        where = Text("“{name}”阶段", " for the stage “{name}”", name=name)
    return Text(
        "{who}报请{where}延长 {more}。理由：{reason}",
        "{who} asks for {more} more{where}. Reason: {reason}",
        who=who,
        where=where,
        more=more,
        reason=reason,
    )


def effects(work_item: WorkItem, case: Case, pack: Pack, on: date) -> dict[str, Text]:
    """What granting and denying a request would cause now."""
    stage = work_item.headers.get("stage", "")
    longer = _longer(clock.time_of(case, pack.service), pack, stage, on)
    denied = Text("期限不变，仍须按时办结。", "The time limit stays as it is.")
    if longer is None:
        too_late = Text(
            "期限已经届满，不能再批准。", "The limit has ended: it can no longer be granted."
        )
        return {extension.GRANT: too_late, extension.DENY: denied}
    more = extension.more_words(pack.service)
    until = Text("恢复计时后顺延", "counting on after the pause")
    if found := longer.deadline(pack.service, ports.counting_calendar(), stage):
        due = day_words(found.at or found.due)
        until = Text("至{due}", "until {due}", due=due)
    granted = Text(
        "期限延长 {more}，{until}；告知书连同理由发给申请人。",
        "The limit is extended by {more}, {until}. The applicant gets a letter with the reason.",
        more=more,
        until=until,
    )
    return {extension.GRANT: granted, extension.DENY: denied}


def approver_words(pack: Pack, stage: str, known: Mapping[str, Worded]) -> Text:
    """Who approves in this stage: the role, of the department that leads it."""
    role = extension.approver(pack.service, stage)
    words, limit = role_words(role, known), pack.service.stage_limit(stage)
    if limit is None:
        return Text("“{words}”岗位", "the {words}", words=words)
    return Text("{lead}的“{words}”岗位", "the {words} of {lead}", lead=limit.lead, words=words)


def _longer(time: CaseTime, pack: Pack, stage: str, on: date) -> CaseTime | None:
    """The time of the case with the extension; None where it would come too late."""
    more = Extension(extension.number(pack.service), extension.ELEMENT, on, Text("", ""))
    try:
        return time.extended(Granted(stage, more), pack.service, ports.counting_calendar())
    except Refused:
        return None
