"""Where a task waits and for whom: its place, its department, a named person; claimed, handed over.

What a step has to know of that stands in the task's headers, which are read with the case: `place`
where it is another than the case's, `assigned` (an account) and `assigned_name`. The column of the
same name is what queues ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Stale, Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.headers import SAME_HAND, TASK_ASSIGNEE, TASK_PLACE, listed

from . import access, checks, recording
from .models import Case, Kind, WorkItem
from .rows import open_items

SUPERVISOR = "supervisor"


def placed(
    headers: Mapping[str, str],
    inputs: Mapping[str, Any],
    groups: Sequence[str],
    case: Case,
    completed_by: Sequence[tuple[str, UUID]],
) -> dict[str, str]:
    """What is to be noted of a task that opens: its place and the person, where they are said.

    A place that is none, and a person who holds no role of the task there, are left out: the task
    then waits for everybody who does, and nobody waits in vain.
    """
    found: dict[str, str] = {}
    place = str(inputs.get(TASK_PLACE) or "")
    if place and (code := _known(place)) is not None and code != case.division:
        found["place"] = f"{code:012}"
    wanted = _wanted(headers, inputs, completed_by)
    if wanted is not None:
        division = int(found.get("place") or case.division)
        for each in accounts.officers(groups, division):
            if wanted in (each.account, each.login):
                found["assigned"], found["assigned_name"] = str(each.account), each.name
    return found


def _known(place: str) -> int | None:
    if not (place.isascii() and place.isdigit() and len(place) == 12):
        return None
    try:
        return int(divisions.division(place).code)
    except divisions.Division.DoesNotExist:
        return None


def _wanted(
    headers: Mapping[str, str], inputs: Mapping[str, Any], completed_by: Sequence[tuple[str, UUID]]
) -> UUID | str | None:
    if login := str(inputs.get(TASK_ASSIGNEE) or ""):
        return login
    same = listed(headers, SAME_HAND)
    return next((account for element, account in reversed(completed_by) if element in same), None)


@dataclass(frozen=True, slots=True)
class Holding:
    """An open task: whose it is, whether the actor may claim it, to whom it may be handed."""

    token: str
    title: Text
    name: str
    mine: bool
    may_claim: bool
    others: tuple[accounts.Officer, ...]
    may_release: bool = False


def holdings(case: Case, actor: Actor, task: str = "") -> list[Holding]:
    """The open tasks of officials in a case that all of its offices see; or the one.

    `others`, to whom it may be handed, are looked up for those that the actor may hand over.
    """
    if case.need or case.ended_at is not None:
        return []
    pack = catalogue.pack(case.version_id)
    return [
        _holding(each, case, actor, pack)
        for each in sorted(open_items(case), key=lambda each: each.pk)
        if each.kind == Kind.TASK
        and task in ("", each.token)
        and access.APPLICANT not in each.groups
        and not set(each.groups) & set(pack.service.party_roles)
    ]


def _holding(work_item: WorkItem, case: Case, actor: Actor, pack: Pack) -> Holding:
    place = access.place_of_task(work_item, case)
    mine = work_item.assigned is not None and work_item.assigned == actor.account
    may_do = access.may_do(actor, work_item, case)
    others: tuple[accounts.Officer, ...] = ()
    if may_do or actor.holds(SUPERVISOR, place):
        found = accounts.officers(set(work_item.groups), place)
        others = tuple(
            each for each in found if each.account not in (work_item.assigned, actor.account)
        )
    return Holding(
        work_item.token,
        pack.words(f"element.{work_item.element}"),
        work_item.headers.get("assigned_name", ""),
        mine,
        may_do and work_item.assigned is None,
        others,
        _may_release(work_item, actor, place) and not _named_by_process(work_item),
    )


def claim(case_id: UUID, task: str, *, actor: Actor, at: datetime) -> None:
    """Say that one does a task oneself; others see that, and cannot do it meanwhile.

    Raises Stale where it is done, Conflict where somebody else has it, Forbidden for whoever may
    not do it.
    """
    with transaction.atomic():
        case = access.case_for(actor, case_id)
        work_item = _open(case, task)
        if work_item.assigned not in (None, actor.account):
            raise Conflict([taken_by(work_item)])
        if actor.account is None or not access.may_do(actor, work_item, case):
            raise Forbidden([checks.NOT_YOURS])
        if work_item.assigned == actor.account:
            return
        _assign(case, work_item, actor.account, actor.name)
        _note(case, work_item, "task.claimed", actor, at, {})


def hand_over(case_id: UUID, task: str, to: UUID, *, why: str, actor: Actor, at: datetime) -> None:
    """Give a task to another official who may do it, for a reason.

    Who may: whoever may do it, and a supervisor of its place. Raises as `claim`, and Refused for
    somebody who may not do it or without a reason.
    """
    if not why.strip():
        raise Refused([REASON_WANTED])
    with transaction.atomic():
        case = access.case_for(actor, case_id)
        work_item = _open(case, task)
        place = access.place_of_task(work_item, case)
        if not (access.may_do(actor, work_item, case) or actor.holds(SUPERVISOR, place)):
            raise Forbidden([checks.NOT_YOURS])
        found = accounts.officers(set(work_item.groups), place)
        other = next((each for each in found if each.account == to), None)
        if other is None:
            raise Refused([NOT_OF_THIS_TASK])
        _assign(case, work_item, to, other.name)
        said = {"to": other.name, "account": str(to), "why": why.strip()}
        _note(case, work_item, "task.handed_over", actor, at, said)


def release(case_id: UUID, task: str, *, why: str, actor: Actor, at: datetime) -> None:
    """Give a task back, for a reason: it waits again for everybody who may do it.

    Who may: who has it, and a supervisor of its place. Raises Stale where it is done or nobody has
    it, Forbidden for others, Conflict where the process itself names who does it.
    """
    if not why.strip():
        raise Refused([REASON_WANTED])
    with transaction.atomic():
        case = access.case_for(actor, case_id)
        work_item = _open(case, task)
        if work_item.assigned is None:
            raise Stale([NOBODYS])
        if not _may_release(work_item, actor, access.place_of_task(work_item, case)):
            raise Forbidden([taken_by(work_item)])
        if _named_by_process(work_item):
            raise Conflict([NAMED_BY_PROCESS])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT xiangyun_task_release(%s, %s, %s)",
                [case.pk, work_item.token, work_item.assigned],
            )
            if cursor.fetchone() != (True,):
                raise Stale([checks.GONE])
        _note(case, work_item, "task.released", actor, at, {"why": why.strip()})


def _may_release(work_item: WorkItem, actor: Actor, place: int) -> bool:
    if work_item.assigned is None or actor.account is None:
        return False
    return work_item.assigned == actor.account or actor.holds(SUPERVISOR, place)


def _named_by_process(work_item: WorkItem) -> bool:
    """Whether the drawing says who does it: given back, nobody would be meant any more."""
    return bool(work_item.inputs.get(TASK_ASSIGNEE) or work_item.headers.get(SAME_HAND))


def _open(case: Case, task: str) -> WorkItem:
    found = WorkItem.objects.filter(case=case, token=task, closed_at=None).first()
    if found is None or case.need:  # of the others `secrecy` says who has them
        raise Stale([checks.GONE])
    return found


def _assign(case: Case, work_item: WorkItem, to: UUID, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xiangyun_task_assign(%s, %s, %s, %s, %s)",
            [case.pk, work_item.token, work_item.assigned, to, name],
        )
        if cursor.fetchone() != (True,):
            raise Stale([checks.GONE])


def _note(
    case: Case,
    work_item: WorkItem,
    verb: str,
    actor: Actor,
    at: datetime,
    private: Mapping[str, str],
) -> None:
    journal.record(
        recording.about(
            case,
            verb,
            actor=actor.account,
            actor_name=actor.name,
            desk=actor.desk_in(access.place_of_task(work_item, case)),
            at=at,
            data={"task": work_item.element},
            private=private,
        )
    )


def taken_by(work_item: WorkItem) -> Finding:
    """The finding for a task that somebody else has."""
    return Finding(
        "case.E066",
        "error",
        Text(
            "这项任务由{name}办理。",
            "{name} has this task.",
            name=work_item.headers.get("assigned_name") or "—",
        ),
        hint=Text("可以请其或督办转交给您。", "He, or a supervisor, may hand it over to you."),
    )


NOBODYS = Finding(
    "case.E090",
    "error",
    Text("这项任务没有人领取，不用交还。", "Nobody has this task: there is nothing to give back."),
)
NAMED_BY_PROCESS = Finding(
    "case.E091",
    "error",
    Text(
        "这项任务由流程指定了办理人，不能交还。",
        "The process names who does this task: it cannot be given back.",
    ),
    hint=Text("请转交给能办的人。", "Hand it over to somebody who can do it."),
)
REASON_WANTED = Finding(
    "case.E067",
    "error",
    Text("请写明转交的理由。", "Say why it is handed over."),
)
NOT_OF_THIS_TASK = Finding(
    "case.E068",
    "error",
    Text("这个人不能办这项任务。", "This person may not do this task."),
    hint=Text(
        "请从有相应岗位的人员里选。", "Choose somebody who holds the role where the task waits."
    ),
)
