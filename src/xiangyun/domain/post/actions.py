"""Ask for a result by post, hand it to the carrier, and follow it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases import recording
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.messaging.actions import About, Notice, put
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Stale, Text

from . import ports, queries
from .models import Parcel, State

_LOOK_AGAIN = timedelta(hours=1)
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]")
_LONGEST = 200


def ask(
    case_id: UUID, *, recipient: str, phone: str, address: str, actor: Actor, at: datetime
) -> Parcel:
    """Have the result of a granted case sent to an address.

    `Case.DoesNotExist` for what one does not see. Raises `Refused` `portal.E019` for an address
    that is none, `Conflict` E020 where nothing can be sent, or something is on its way.
    """
    where = [each.replace("\0", "").strip() for each in (recipient, phone, address)]
    if not all(0 < len(each) <= _LONGEST for each in where) or not _PHONE.fullmatch(where[1]):
        raise Refused([_NO_ADDRESS])
    case = case_access.case_for(actor, case_id)
    if not queries.may_ask(actor, case):
        raise Conflict([_NOT_SENT])
    try:
        with transaction.atomic():
            made = Parcel.objects.create(
                case_id=case.pk,
                place=case.division,
                recipient=where[0],
                phone=where[1],
                address=where[2],
                asked_at=at,
            )
            _record("parcel.asked", case, {}, actor, at)
    except IntegrityError:  # pressed twice at once
        raise Conflict([_NOT_SENT]) from None
    return made


def send(parcel_id: UUID, *, actor: Actor, at: datetime) -> Parcel:
    """Hand a parcel to the carrier, as an official of the place; the applicant gets its number.

    `Parcel.DoesNotExist` for what one cannot see. Raises `Stale` `portal.E021` where it is on its
    way, `Forbidden` E022 for anybody else, and `Conflict` E023 where the carrier does not answer.
    """
    with transaction.atomic():
        found = Parcel.objects.select_for_update().get(pk=parcel_id)
        case = case_access.case_for(actor, found.case_id)
        if case_access.is_applicant(actor, case) or not _works_in(actor, found.place):
            raise Forbidden([_NOT_YOURS])
        if found.state != State.ASKED:
            raise Stale([_SENT])
        carrier = ports.carrier()
        bill = ports.Waybill(str(found.pk), found.recipient, found.phone, found.address)
        try:
            number = carrier.take(bill, at)
        except ports.Unreachable:
            raise Conflict([_AWAY]) from None
        found.state, found.carrier, found.number = State.SENT, carrier.name.zh, number
        found.sent_at = at
        found.save(update_fields=["state", "carrier", "number", "sent_at"])
        _record("parcel.sent", case, {"number": number}, actor, at)
        words = {
            "zh": f"办理结果已交寄，单号 {number}",
            "en": f"Your result was posted: {number}",
        }
        _tell(f"{found.pk}:sent", case, words, at)
    return found


def follow(at: datetime) -> int:
    """Ask the carrier about parcels on their way, each once an hour; how many changed.

    As the platform. What a carrier does not answer is asked again the next time.
    """
    changed = 0
    with acting_as(SYSTEM):
        under_way = Parcel.objects.filter(state=State.SENT).order_by("sent_at")
        for found in under_way.select_related("case")[:500]:
            if found.looked_at is None or found.looked_at + _LOOK_AGAIN <= at:
                changed += _followed(found, at)
    return changed


def _followed(found: Parcel, at: datetime) -> bool:
    try:
        passed = ports.carrier().track(found.number, at)
    except ports.Unreachable:
        return False
    events = [{"at": each.at.isoformat(), **each.words.to_json()} for each in passed]
    state = State(passed[-1].state) if passed else State.SENT
    news = events != found.events
    with transaction.atomic():
        Parcel.objects.filter(pk=found.pk).update(events=events, state=state, looked_at=at)
        if state != State.SENT:
            verb = "parcel.arrived" if state == State.ARRIVED else "parcel.returned"
            _record(verb, found.case, {"number": found.number}, SYSTEM, at)
            words = {
                State.ARRIVED: {"zh": "办理结果已签收", "en": "Your result was delivered"},
                State.RETURNED: {
                    "zh": "办理结果被退回，可以改地址再寄",
                    "en": "Your result came back: give another address",
                },
            }[state]
            _tell(f"{found.pk}:{state}", found.case, words, at)
    return bool(news)


def _works_in(actor: Actor, place: int) -> bool:
    return any(each.low <= place <= each.high for each in actor.mandates)


def _tell(key: str, case: cases.Case, title: dict[str, str], at: datetime) -> None:
    about = About(case.pk, case.number, case.division, case.matter, case.need)
    named = {language: f"{words}：{case.number}" for language, words in title.items()}
    named["en"] = f"{title['en']} ({case.number})"
    role = case_access.APPLICANT
    put(Notice(key, "notice", "parcel", role, named, title, about), [case.owner], at=at)


def _record(verb: str, case: cases.Case, data: dict[str, str], actor: Actor, at: datetime) -> None:
    """Where it goes is no word of the journal: an address would stay there for ever."""
    journal.record(
        recording.about(
            case,
            verb,
            actor=actor.account,
            actor_name=actor.name,
            desk=actor.desk_in(case.division),
            at=at,
            data=data,
        )
    )


_NO_ADDRESS = Finding(
    "portal.E019",
    "error",
    Text("请填收件人、电话和地址。", "Give a recipient, a telephone number and an address."),
    hint=Text("电话例如 13800000000（虚构）。", "A number such as 138 0000 0000 (fictitious)."),
)
_NOT_SENT = Finding(
    "portal.E020",
    "error",
    Text("这一件现在没有可以邮寄的结果。", "There is no result of this case to be posted now."),
    hint=Text(
        "准予办结、事项提供邮寄的才可以。", "It takes a granted case of a service that posts."
    ),
)
_SENT = Finding(
    "portal.E021",
    "error",
    Text("这一件已经交寄。", "This parcel is on its way already."),
    hint=Text("请刷新列表。", "Open the list again."),
)
_NOT_YOURS = Finding(
    "portal.E022",
    "error",
    Text("这一件不由您交寄。", "This parcel is not yours to send."),
    hint=Text("请交由当地的人员。", "Leave it to somebody of the place."),
)
_AWAY = Finding(
    "portal.E023",
    "error",
    Text("快递公司现在没有应答。", "The carrier does not answer now."),
    hint=Text("请过一会儿再试。", "Try again in a while."),
)
