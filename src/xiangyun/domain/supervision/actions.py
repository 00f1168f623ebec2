"""Urge an office about a task, order an answer, and give it; give a task to somebody else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import assignment, recording
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.messaging.actions import About, Notice, put
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Stale, Text

from . import access
from .models import Order

LONGEST = 1000
"""Characters of what is said and of what is answered."""


def urge(case_id: UUID, token: str, *, why: str, actor: Actor, at: datetime) -> Order:
    """Tell those who have a task that it is waited for; once a day for each task.

    Raises `Stale` `supervision.E001` where nothing waits there any more, `Forbidden` E002 for
    whoever does not oversee the place and E010 for a case that
    only its handlers may know, `Refused` E003 without a word of why, and `Conflict` E004
    where it was urged today.
    """
    return _say(case_id, token, why, None, actor, at)


def order(
    case_id: UUID, token: str, *, why: str, due_on: date, actor: Actor, at: datetime
) -> Order:
    """As `urge`, to be answered up to a day; one order at a time for each task.

    Raises besides `Refused` `supervision.E005` for a day that is over, and `Conflict` E006 while
    another order about the task waits for its answer.
    """
    if due_on < timezone.localdate(at):
        raise Refused([_OVER])
    return _say(case_id, token, why, due_on, actor, at)


def answer(order_id: UUID, said: str, *, actor: Actor, at: datetime) -> Order:
    """Answer an order, as an official of the place. `Order.DoesNotExist` for what one cannot see.

    Raises `Stale` `supervision.E007` where it is answered, `Forbidden` E002 for whoever gave it or
    works elsewhere, and `Refused` E003 for an empty answer.
    """
    said = _words(said)
    with transaction.atomic():
        found = Order.objects.get(pk=order_id, due_on__isnull=False)
        case = case_access.case_for(actor, found.case_id)
        if found.answered_at is not None:
            raise Stale([_ANSWERED])
        if actor.account in (None, found.by) or not access.works_in(actor, found.place):
            raise Forbidden([_NOT_YOURS])
        # Of two who answer at once the database takes one.
        if not Order.objects.filter(pk=order_id, answered_at=None).update(
            answer=said, answered_at=at, answered_by=actor.account, answered_by_name=actor.name
        ):
            raise Stale([_ANSWERED])
        _record("supervision.answered", case, found.element, said, {}, actor, at)
        words = {"zh": f"督办已答复：{case.number}", "en": f"Answered: {case.number}"}
        _tell(f"{found.pk}:answer", case, words, said, [found.by], at)
        found.refresh_from_db()
    return found


def reassign(case_id: UUID, token: str, to: UUID, *, why: str, actor: Actor, at: datetime) -> None:
    """Give a task to another official, and tell both: who has it now, and who had it until now.

    Who may, what stands in the journal and what is raised: as `assignment.hand_over`, and `Stale`
    `supervision.E001` where nothing waits there any more.
    """
    with transaction.atomic():
        case = case_access.case_for(actor, case_id)
        found = next((each for each in cases.waiting_in(case) if each.token == token), None)
        if found is None or case.need:
            raise Stale([_GONE])
        assignment.hand_over(case_id, token, to, why=why, actor=actor, at=at)
        key, said = f"{case.pk}:{token}:{at.isoformat()}", why.strip()
        for whom, zh, en in (
            (to, "交您办理", "Given to you"),
            (found.account, "已转由他人办理", "Given to somebody else"),
        ):
            if whom is not None and whom != actor.account:
                title = {
                    "zh": f"{zh}：{case.number} {found.title.zh}",
                    "en": f"{en}: {case.number} {found.title.en}",
                }
                _tell(f"{key}:{whom}", case, title, said, [whom], at)


def _say(
    case_id: UUID, token: str, why: str, due_on: date | None, actor: Actor, at: datetime
) -> Order:
    case = case_access.case_for(actor, case_id)
    if case.need:  # what is said about it would lie beside it, in clear
        raise Forbidden([_SECRET])
    found = next((each for each in cases.waiting_in(case) if each.token == token), None)
    if found is None:
        raise Stale([_GONE])
    if actor.account is None or not access.oversees_place(actor, found.place):
        raise Forbidden([_NOT_YOURS])
    try:
        with transaction.atomic():
            made = Order.objects.create(
                case_id=case.pk,
                token=token,
                element=found.element,
                place=found.place,
                why=_words(why),
                by=actor.account,
                by_name=actor.name,
                at=at,
                on=timezone.localdate(at),
                due_on=due_on,
            )
    except IntegrityError:
        raise Conflict([_WAITS if due_on else _URGED]) from None
    due = {"due": due_on.isoformat()} if due_on else {}
    verb = "supervision.ordered" if due_on else "supervision.urged"
    _record(verb, case, found.element, made.why, due, actor, at)
    title = {
        "zh": f"{'督办' if due_on else '催办'}：{case.number} {found.title.zh}",
        "en": f"{'To be answered' if due_on else 'Urged'}: {case.number} {found.title.en}",
    }
    _tell(str(made.pk), case, title, made.why, _holders(found), at)
    return made


def _holders(task: cases.Waiting) -> list[UUID]:
    """Whoever has the task; where nobody took it, all who may."""
    if task.account is not None:
        return [task.account]
    with acting_as(SYSTEM):
        return [one for role in task.groups for one in accounts.holders_of(role, task.place)]


def _tell(
    key: str, case: cases.Case, title: Mapping[str, str], said: str, to: list[UUID], at: datetime
) -> None:
    about = About(case.pk, case.number, case.division, case.matter, case.need)
    body = {"zh": said, "en": said}
    put(Notice(key, "notice", "supervision", "", title, body, about, office=True), to, at=at)


def _record(
    verb: str,
    case: cases.Case,
    element: str,
    said: str,
    more: Mapping[str, str],
    actor: Actor,
    at: datetime,
) -> None:
    """That something was said, and its digest: the words are between offices (`Order`)."""
    digest = hashlib.sha256(said.encode()).hexdigest()
    entry = recording.about(
        case,
        verb,
        actor=actor.account,
        actor_name=actor.name,
        desk=actor.desk_in(case.division),
        at=at,
        data={"task": element, "sha256": digest, **more},
    )
    journal.record(entry)


def _words(said: str) -> str:
    said = said.replace("\0", "").strip()
    if not said:
        raise Refused([_NOTHING])
    if len(said) > LONGEST:
        raise Refused([_LONG])
    return said


_GONE = Finding(
    "supervision.E001",
    "error",
    Text("这一步已经办完，不用再催。", "This task is done by now; nobody has to be told."),
    hint=Text("请刷新列表。", "Open the list again."),
)
_NOT_YOURS = Finding(
    "supervision.E002",
    "error",
    Text(
        "您在这里没有督办的岗位，或者这不由您答复。", "This is not yours to oversee or to answer."
    ),
    hint=Text("请交由当地有相应岗位的人员。", "Leave it to somebody who holds the role there."),
)
_NOTHING = Finding(
    "supervision.E003",
    "error",
    Text("请写明内容。", "Nothing was written."),
    hint=Text(
        "写一两句：为什么催、要办什么，或者办得怎样。", "A sentence or two: why, what, by when."
    ),
)
_LONG = Finding(
    "supervision.E008",
    "error",
    Text("内容超过 {most} 字。", "This is longer than {most} characters.", most=LONGEST),
    hint=Text("请写要点，其他放进办件的材料。", "Write the gist; the rest belongs into the case."),
)
_URGED = Finding(
    "supervision.E004",
    "error",
    Text("这一步今天已经催办过。", "This task was urged today already."),
    hint=Text("明天再催，或者改为督办，限期答复。", "Urge tomorrow, or order an answer by a day."),
)
_OVER = Finding(
    "supervision.E005",
    "error",
    Text("答复期限已经过去。", "The day for the answer is over."),
    hint=Text("请选今天或以后的日子。", "Choose today or a later day."),
)
_WAITS = Finding(
    "supervision.E006",
    "error",
    Text("这一步已有督办，正等答复。", "An order about this task waits for its answer already."),
    hint=Text("请等答复，或者催办。", "Wait for the answer, or urge."),
)
_SECRET = Finding(
    "supervision.E010",
    "error",
    Text(
        "这一件只有经办人能看，不在这里催办、督办。",
        "Only its handlers may know of this case: nothing is said about it here.",
    ),
    hint=Text("请在办件里接手，或者移交他人。", "Take it over in the case, or hand it on."),
)
_ANSWERED = Finding(
    "supervision.E007",
    "error",
    Text("这件督办已经答复。", "This order is answered already."),
    hint=Text("答复在办件的经过里。", "The answer stands in the history of the case."),
)
