"""Ask the office about a case, and answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.calendar import queries as calendar
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases import recording
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.messaging.actions import About, Notice, put
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Stale, Text

from . import access, queries
from .models import Enquiry

LONGEST = 1000
"""Characters of a question and of an answer."""


def ask(case_id: UUID, question: str, *, actor: Actor, at: datetime) -> Enquiry:
    """Ask the office about a running case, as its applicant; whoever answers gets a message.

    `Case.DoesNotExist` for a case that the actor does not see. Raises `Forbidden` `case.E290` for
    whoever did not apply, a service that takes no questions, and an ended case; `Refused` E291
    without words or with too many; `Conflict` E292 while three questions wait for their answers.
    """
    words = _words(question)
    with transaction.atomic():
        case = case_access.case_for(actor, case_id)
        rule = queries.rule_of(case)
        if rule is None or actor.account is None or not queries.may_ask(actor, case):
            raise Forbidden([_NOT_ASKED])
        if Enquiry.objects.filter(case=case_id, answered_at=None).count() >= queries.AT_ONCE:
            raise Conflict([_ENOUGH])
        service = cases.pack_of(case).service
        role = case_access.addressed([rule.role], service, case.matter)[0]
        today = timezone.localdate(at)
        made = Enquiry.objects.create(
            case_id=case.pk,
            role=role,
            place=case.division,
            question=words,
            by=actor.account,
            by_name=actor.name,
            at=at,
            due_on=calendar.calendar().add_working_days(today, rule.days),
        )
        _record("enquiry.asked", case, words, {"due": made.due_on.isoformat()}, actor, at)
        with acting_as(SYSTEM):
            to = list(accounts.holders_of(role, case.division))
        title = {"zh": f"申请人提问：{case.number}", "en": f"A question: {case.number}"}
        _tell(f"{made.pk}:asked", case, title, words, to, at, office=True)
    return made


def answer(enquiry_id: UUID, said: str, *, actor: Actor, at: datetime) -> Enquiry:
    """Answer a question; the applicant finds it in the inbox and with the case.

    `Enquiry.DoesNotExist` for what one cannot see. Raises `Stale` `case.E293` where it is answered,
    `Forbidden` E294 for whoever does not hold the role there, `Refused` E291 as `ask`.
    """
    words = _words(said)
    with transaction.atomic():
        found = Enquiry.objects.get(pk=enquiry_id)
        case = case_access.case_for(actor, found.case_id)
        if found.answered_at is not None:
            raise Stale([_ANSWERED])
        if case_access.is_applicant(actor, case) or not access.may_answer(actor, found):
            raise Forbidden([_NOT_YOURS])
        # Of two who answer at once the database takes one.
        if not Enquiry.objects.filter(pk=enquiry_id, answered_at=None).update(
            answer=words, answered_at=at, answered_by=actor.account, answered_by_name=actor.name
        ):
            raise Stale([_ANSWERED])
        _record("enquiry.answered", case, words, {}, actor, at)
        title = {
            "zh": f"办理机关答复了您的提问：{case.number}",
            "en": f"The office has answered your question: {case.number}",
        }
        body = f"{found.question}\n\n{words}"
        _tell(f"{found.pk}:answered", case, title, body, [case.owner], at, office=False)
        found.refresh_from_db()
    return found


def _tell(
    key: str,
    case: cases.Case,
    title: Mapping[str, str],
    said: str,
    to: list[UUID],
    at: datetime,
    *,
    office: bool,
) -> None:
    about = About(case.pk, case.number, case.division, case.matter, case.need)
    role = "" if office else case_access.APPLICANT
    body = {"zh": said, "en": said}
    put(Notice(key, "notice", "enquiry", role, title, body, about, office=office), to, at=at)


def _record(
    verb: str, case: cases.Case, said: str, more: Mapping[str, str], actor: Actor, at: datetime
) -> None:
    """That something was asked or answered, and its digest: the words stand in `Enquiry`."""
    digest = hashlib.sha256(said.encode()).hexdigest()
    journal.record(
        recording.about(
            case,
            verb,
            actor=actor.account,
            actor_name=actor.name,
            desk=actor.desk_in(case.division),
            at=at,
            data={"sha256": digest, **more},
        )
    )


def _words(said: str) -> str:
    said = said.replace("\0", "").strip()
    if not said or len(said) > LONGEST:
        raise Refused([_NOTHING])
    return said


_NOT_ASKED = Finding(
    "case.E290",
    "error",
    Text("这一件现在不能在这里提问。", "No question can be asked about this case here now."),
    hint=Text(
        "在办的件由申请人提问；也可以拨打 12345 咨询。",
        "The applicant asks while a case runs; or call 12345.",
    ),
)
_NOTHING = Finding(
    "case.E291",
    "error",
    Text(
        "请写明内容，最多 {most} 字。",
        "Write what it is, in {most} characters at most.",
        most=LONGEST,
    ),
    hint=Text("一次问一件事，写一两句。", "One matter at a time, in a sentence or two."),
)
_ENOUGH = Finding(
    "case.E292",
    "error",
    Text(
        "这一件已有 {n} 个提问等答复。",
        "{n} questions about this case wait already.",
        n=queries.AT_ONCE,
    ),
    hint=Text("请等办理机关答复以后再问。", "Please wait until the office has answered."),
)
_ANSWERED = Finding(
    "case.E293",
    "error",
    Text("这个提问已经答复。", "This question is answered already."),
    hint=Text("答复在办件里。", "The answer stands with the case."),
)
_NOT_YOURS = Finding(
    "case.E294",
    "error",
    Text("这个提问不由您答复。", "This question is not yours to answer."),
    hint=Text("请交由当地有相应岗位的人员。", "Leave it to somebody who holds the role there."),
)
