"""Tasks that wait, with the buttons that the process allows now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, checks, clock, extension
from xiangyun.domain.cases.models import (
    Case,
    CaseParty,
    Kind,
    Timer,
    WorkItem,
)
from xiangyun.domain.cases.rows import open_items
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.signing import rule_of

from . import extensions
from .one import own_subject, pack_of, subject_of, task_words

TRY_AGAIN = Text("再试一次", "Try again")
GOES_ON = Text(
    "从停住的地方再试；原因没有消除的，会再次停住。",
    "Goes on from where it stopped; it stops again if the cause is still there.",
)


@dataclass(frozen=True, slots=True)
class Button:
    """Something the process allows now: what the button says and what pressing it causes."""

    action: str
    words: Text
    effect: Text
    note_required: bool
    signature: str = ""
    """`required` or `offered` where it is signed by passkey."""
    paper: str = ""
    """The question whose file takes the place of the signature."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that waits, with its buttons; `form` "answers": the answers are to be edited.

    `extension` is what may be asked for beside it.
    """

    id: str
    element: str
    title: Text
    hint: Text
    groups: tuple[str, ...]
    form: str
    buttons: tuple[Button, ...]
    extension: extensions.Offer | None = None
    subject: str = ""
    """Its own subject line; empty where it is about what the case is about."""


def open_tasks(actor: Actor, case: Case) -> list[OpenTask]:
    """The tasks of this case that wait for this actor, with the buttons the process allows."""
    pack, known = pack_of(case), cache(catalogue.roles)
    return [
        _open_task(work_item, pack, case, known)
        for work_item in open_items(case)
        if access.may_do(actor, work_item, case)
    ]


def tasks_in(actor: Actor, items: Sequence[int]) -> list[tuple[Case, OpenTask]]:
    """The open tasks with these numbers of lines (`QueueRow.item_id`), with their cases, in order.

    What is closed meanwhile, and what does not wait for this actor, is left out; and what may be
    asked for beside a task is not said.
    """
    found = WorkItem.objects.filter(closed_at=None).select_related("case").in_bulk(items)
    told = []
    for number in items:
        work_item = found.get(number)
        if work_item is not None and access.may_do(actor, work_item, work_item.case):
            case = work_item.case
            told.append((case, _open_task(work_item, pack_of(case), case, asks=False)))
    return told


def did_task(case_id: UUID, token: str, actor: Actor, action: str) -> bool:
    """Whether this account did this task with this action."""
    with acting_as(SYSTEM):
        done = WorkItem.objects.filter(case=case_id, token=token, action=action)
        return actor.account is not None and done.filter(by=actor.account).exists()


def waiting_for(case: Case) -> list[tuple[Text, tuple[str, ...]]]:
    """What the case waits for, whoever is to do it: the task's title and its roles."""
    pack = pack_of(case)
    return [
        (task_words(work_item.element, pack), tuple(work_item.groups))
        for work_item in open_items(case)
    ]


@dataclass(frozen=True, slots=True)
class FormWaiting:
    """A form that waits for a party: of which task, by which day or moment."""

    case_id: UUID
    token: str
    title: Text
    subject: str
    due: date | datetime


def forms_waiting(actor: Actor) -> list[FormWaiting]:
    """The forms of tasks that wait for the party acted for, the most pressing first.

    As an applicant or in another role; an official's work stands in the queue.
    """
    if actor.account is None:
        return []
    roles = CaseParty.objects.filter(party__in=actor.subjects, sees=True)
    mine = Q(case__owner__in=actor.subjects, groups__contains=[access.APPLICANT])
    for case_id, role in roles.values_list("case_id", "role"):
        mine |= Q(case=case_id, groups__contains=[role])
    found = WorkItem.objects.filter(mine, closed_at=None, headers__has_key="form")
    return [
        FormWaiting(
            item.case_id,
            item.token,
            task_title(item, pack),
            subject_of(item),
            end.at if (end := clock.own_end(item.headers)) else item.due_on,
        )
        for item in found.select_related("case").order_by("due_on", "id")[:200]
        if (pack := pack_of(item.case)).task_form(item.element) is not None
    ]


def task_title(work_item: WorkItem, pack: Pack) -> Text:
    """The task in words, with its department where several review at once."""
    title = task_words(work_item.element, pack)
    department = work_item.inputs.get("department")
    if not isinstance(department, dict):
        return title
    name = Text.given(department.get("name", ""), department.get("name_en", ""))
    return Text("{title} · {department}", "{title} · {department}", title=title, department=name)


def answer_by(case: Case) -> date | None:
    """The day by which the applicant must answer: that of the timer beside the open task."""
    if not any(access.APPLICANT in item.groups for item in open_items(case)):
        return None
    timer = Timer.objects.filter(case=case, closed_at=None).order_by("due").first()
    return timezone.localdate(timer.due) if timer else None


def may_withdraw(actor: Actor, case: Case) -> bool:
    """Whether this actor could take the application back now."""
    return access.is_applicant(actor, case) and access.awaits_message(case, "withdraw")


def _open_task(
    work_item: WorkItem,
    pack: Pack,
    case: Case,
    known: extensions.KnownRoles = catalogue.roles,
    *,
    asks: bool = True,
) -> OpenTask:
    today = timezone.localdate()
    if work_item.kind == Kind.EXTENSION:
        return _request(work_item, pack, case, today)
    prefix = f"task.{work_item.element}"
    noted = work_item.headers.get("note_required", "").split(",")
    stuck = work_item.headers["incident"] if work_item.kind == Kind.INCIDENT else ""
    return OpenTask(
        id=work_item.token,
        element=work_item.element,
        title=task_title(work_item, pack),
        subject=own_subject(work_item),
        hint=Text.given(stuck, work_item.headers.get("incident_en", ""))
        if stuck
        else pack.words(f"{prefix}.hint"),
        groups=tuple(work_item.groups),
        form=work_item.headers.get("form", ""),
        buttons=tuple(
            Button(
                action=action,
                words=TRY_AGAIN if stuck else pack.words(f"{prefix}.{action}"),
                effect=GOES_ON if stuck else pack.words(f"{prefix}.{action}.effect"),
                note_required=action in noted,
                **_signature(pack, work_item.element, action),
            )
            for action in checks.actions_of(work_item)
        ),
        extension=extensions.offer(case, pack, work_item, today, known) if asks else None,
    )


def _signature(pack: Pack, element: str, action: str) -> dict[str, str]:
    """What signature an action asks for, as its button says it."""
    rule = rule_of(pack.elements.get(element))
    if rule is None or not rule.asks(action):
        return {}
    return {"signature": "required" if rule.required else "offered", "paper": rule.paper}


def _request(work_item: WorkItem, pack: Pack, case: Case, today: date) -> OpenTask:
    """A request for an extension, with the two buttons of whoever approves."""
    words = {extension.GRANT: extensions.GRANT, extension.DENY: extensions.DENY}
    effects = extensions.effects(work_item, case, pack, today)
    return OpenTask(
        id=work_item.token,
        element=work_item.element,
        title=extension.TITLE,
        hint=extensions.asked(work_item, pack),
        groups=tuple(work_item.groups),
        form="",
        buttons=tuple(
            Button(action, words[action], effects[action], action == extension.DENY)
            for action in checks.actions_of(work_item)
        ),
    )
