"""Cases that only their handlers may know: taken over, handed on, looked at for a reason.

Who may, the database says once more, in functions of its own (migrations/sql/secrecy_1.sql):
whoever leaves these guards out is shown no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as journal_reads
from xiangyun.domain.vault.sealing import opening
from xiangyun.kernel.findings import Finding, Forbidden, Refused, Stale, Text
from xiangyun.kernel.service.model import ServiceItem

from . import access, recording, sealing
from .models import Case, Circle, Handler, WorkItem

LOOKED = "case.looked"


def close_circle(case: Case, service: ServiceItem) -> None:
    """Say who besides those of its tasks may come to know of a case that was just sent."""
    circle = service.circle
    terms = sealing.terms_of(case)
    team, overseers = (access.addressed(each, service) for each in (circle.team, circle.overseers))
    _ask("SELECT xiangyun_case_circle(%s, %s, %s, %s)", case.pk, team, overseers, terms)


def take_over(item: int, *, actor: Actor, at: datetime, why: str = "") -> Case:
    """Take open work that nobody has taken, by its number in `queries.untaken`; the case opens.

    Raises Stale `case.E050` where it is gone, taken or not for this actor: all answer alike.
    """
    with transaction.atomic():
        taken = _ask("SELECT xiangyun_case_take_2(%s, %s, %s)", item, actor.name, "")
        if taken is None:
            raise Stale([TAKEN])
        case = access.case_for(actor, taken)
        work_item = WorkItem.objects.get(pk=item)
        _note(case, "case.taken", actor, at, {"task": work_item.element}, {"why": why.strip()})
        return case


def hand_over(case_id: UUID, to: UUID, *, why: str, actor: Actor, at: datetime) -> None:
    """Hand the own work of a case on to another official, for a reason.

    Whoever hands it on knows of it no longer, unless work of the case was done by that hand.
    Raises as `name_handler`.
    """
    _name(case_id, to, why, actor, at, instead=True)


def name_handler(case_id: UUID, to: UUID, *, why: str, actor: Actor, at: datetime) -> None:
    """Name another official who may know of a case, for a reason.

    Raises Refused `case.E051` without a reason and `case.E052` for somebody who is not of the
    team, and `Case.DoesNotExist` for whoever does not see the case.
    """
    _name(case_id, to, why, actor, at, instead=False)


def _name(case_id: UUID, to: UUID, why: str, actor: Actor, at: datetime, *, instead: bool) -> None:
    if not why.strip():
        raise Refused([REASON_WANTED])
    with transaction.atomic():
        case = access.case_for(actor, case_id)
        names, told = {each.account: each.name for each in may_be_named(case)}, _told(case_id, why)
        if (
            to == actor.account
            or to not in names
            or not _ask(
                "SELECT xiangyun_case_name_2(%s, %s, %s, %s, %s)",
                *(case_id, to, names[to], told, False),
            )
        ):
            raise Refused([NOT_OF_THE_TEAM])
        verb = "case.handed_over" if instead else "handler.added"
        private = {"to": names[to], "account": str(to), "why": why.strip()}
        _note(case, verb, actor, at, {}, private)
        if instead:  # after the entry, which whoever hands it on may not write any more
            _ask(
                "SELECT xiangyun_case_name_2(%s, %s, %s, %s, %s)",
                *(case_id, to, names[to], told, True),
            )


def handling(case: Case) -> set[UUID]:
    """The accounts that handle a case now, and may hand it on."""
    now = Handler.objects.filter(case=case, kind=Handler.Kind.HANDLER, ended_at=None)
    return set(now.values_list("account", flat=True))


def may_be_named(case: Case) -> list[accounts.Officer]:
    """The officials who may be named for a case: of its team, or of its open work, in its place."""
    roles = {role for circle in Circle.objects.filter(case=case) for role in circle.team}
    for groups in WorkItem.objects.filter(case=case, closed_at=None).values_list(
        "groups", flat=True
    ):
        roles |= set(groups) - {access.APPLICANT}
    return accounts.officers(roles, case.division)


def look(case_id: UUID, *, why: str, actor: Actor, at: datetime) -> Case:
    """Say why one looks at such a case; it is then shown for the rest of the day.

    For its overseers, and for handlers who have no open work in it. Raises Refused `case.E051`
    without a reason, `Case.DoesNotExist` for everybody else.
    """
    if not why.strip():
        raise Refused([REASON_WANTED])
    with transaction.atomic():
        tomorrow = _midnight(at) + timedelta(days=1)
        told = _told(case_id, why)
        _ask("SELECT xiangyun_case_look(%s, %s, %s, %s)", case_id, actor.name, told, tomorrow)
        case = access.case_for(actor, case_id)
        if case.need:
            _note(case, LOOKED, actor, at, {}, {"why": why.strip()})
        return case


def refuse_without_reason(case: Case, *, actor: Actor, at: datetime) -> None:
    """Raise Forbidden `case.E053` for a look that neither work nor a reason explains."""
    if case.need and not (works_on(case, actor) or _has_said_why(case, actor, at)):
        raise Forbidden([WHY])


def unmask(case_id: UUID, *, why: str, actor: Actor, at: datetime) -> Case:
    """Show the sensitive values of a sealed case to who sees it, for a reason the journal keeps.

    The case with its values readable. Raises as `look`; whoever has open work reads them anyway.
    """
    if not why.strip():
        raise Refused([REASON_WANTED])
    with transaction.atomic(), opening():
        case = access.case_for(actor, case_id)
        _note(case, "case.unmasked", actor, at, {}, {"why": why.strip()})
        return case


@contextmanager
def reading(case: Case, actor: Actor) -> Iterator[Case]:
    """The case as the actor reads it: of a sealed one, values for who works on it, else masks."""
    if not (sealing.is_sealed(case) and works_on(case, actor)):
        yield case
        return
    with opening():
        yield access.case_for(actor, case.pk)


def works_on(case: Case, actor: Actor) -> bool:
    """Whether the actor applied, filed, or has open work in the case that nobody else has taken."""
    if actor.kind == "system" or access.is_applicant(actor, case):
        return True
    return any(
        work_item.assigned in (None, actor.account) and access.may_do(actor, work_item, case)
        for work_item in WorkItem.objects.filter(case=case, closed_at=None)
    ) or is_party(case, actor)


def refuse_masked(case: Case, actor: Actor) -> None:
    """Raise Forbidden `case.E054` for what of a sealed case cannot be masked, such as a file."""
    if sealing.is_sealed(case) and not works_on(case, actor):
        raise Forbidden([MASKED])


def is_party(case: Case, actor: Actor) -> bool:
    """Whether the actor stands in the case as a party that sees it."""
    return case.parties.filter(party__in=actor.subjects, sees=True).exists()


def _has_said_why(case: Case, actor: Actor, at: datetime) -> bool:
    entry = _entry(case, LOOKED, actor, at, {}, {})
    return journal_reads.is_recorded(entry, _midnight(at))


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _note(
    case: Case,
    verb: str,
    actor: Actor,
    at: datetime,
    data: Mapping[str, object],
    private: Mapping[str, object],
) -> None:
    given = {name: value for name, value in private.items() if value}
    journal.record(_entry(case, verb, actor, at, data, given))


def _entry(
    case: Case,
    verb: str,
    actor: Actor,
    at: datetime,
    data: Mapping[str, object],
    private: Mapping[str, object],
) -> journal.NewEntry:
    return recording.about(
        case,
        verb,
        actor=actor.account,
        actor_name=actor.name,
        desk=actor.desk_in(case.division),
        at=at,
        data=data,
        private=private,
    )


def _told(case_id: UUID, why: str) -> str:
    """A reason as the row of a handler keeps it: sealed where the case is."""
    with acting_as(SYSTEM):
        case = Case.objects.filter(pk=case_id).first()
    return sealing.sealed_words(case, why.strip(), "cases_handler.reason") if case else why.strip()


def _ask(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        row = cursor.fetchone()
        return row[0] if row else None


TAKEN = Finding(
    "case.E050",
    "error",
    Text(
        "这件已由他人接手，或者不由您办理。",
        "Somebody has taken this over, or it is not yours to take.",
    ),
    hint=Text("请返回待办查看。", "Go back to what waits for you."),
)
REASON_WANTED = Finding(
    "case.E051",
    "error",
    Text("请写明理由。", "Please write down the reason."),
    hint=Text("例如：信访件核查，案号 12。", "For example: checking complaint number 12."),
)
NOT_OF_THE_TEAM = Finding(
    "case.E052",
    "error",
    Text(
        "这件不能交给此人：不在经办人员范围内，或与本件有关。",
        "The case cannot go to this person, who is not of its team or has a part in it.",
    ),
    hint=Text("请从名单中选择。", "Choose from the list."),
)
WHY = Finding(
    "case.E053",
    "error",
    Text(
        "这件只限经办人知悉，查看须写明理由。",
        "Only its handlers may know this case: a look at it wants a reason.",
    ),
    hint=Text(
        "先写明理由（接口：POST /cases/…/look），当日有效。",
        "Give the reason first (interface: POST /cases/…/look); it holds for the day.",
    ),
)
MASKED = Finding(
    "case.E054",
    "error",
    Text(
        "这是密封办件的内容，没有待办任务的人看不到。",
        "This is of a sealed case, for whoever has open work in it.",
    ),
    hint=Text(
        "确需查看的，请在办件页面写明理由。",
        "Where you need it, give a reason on the page of the case.",
    ),
)
