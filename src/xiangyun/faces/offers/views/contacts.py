"""Two who met: the invitation, what became of it, what one shows the other under a grant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.bookings import actions as booking
from xiangyun.domain.bookings import queries as bookings
from xiangyun.domain.bookings.queries import Booking
from xiangyun.domain.offers import meeting, partners
from xiangyun.domain.offers.meeting import Contact
from xiangyun.domain.registers import queries
from xiangyun.domain.registers.queries import State
from xiangyun.faces.look import records
from xiangyun.faces.look.fields import Choice, Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.templatetags.look import shown
from xiangyun.faces.offers import asking
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.occasion.booking import state_words
from xiangyun.kernel.service.tasks.booking_book import read_moment


@logged_in
@action("offers:mine")
def invite(request: ActorRequest, code: str) -> HttpResponse:
    """Invite the other side of a pair; they find a message."""
    offer, demand = (request.POST.get(name, "")[:200] for name in ("offer", "demand"))
    try:
        key = meeting.invite(request.actor, code, offer, demand, at=timezone.now())
    except Refused as refused:
        if refused.kind == "not found":
            raise Http404 from None
        if refused.kind != "conflict":
            raise
        key = f"{demand}@{offer}"
    return HttpResponseRedirect(reverse("offers:contact", args=[code, key]))


@require_safe
@logged_in
def contact(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """A contact, for the two of it."""
    return _contact(request, code, key)


@logged_in
@action("offers:contact", "code", "key")
def tell(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Say what became of it; what is wrong stands at its field."""
    found = _found(request, code, key)
    cells = asking.sent(found.told, request.POST)
    try:
        meeting.tell(request.actor, code, key, cells, at=timezone.now())
    except Refused as refused:
        return _contact(request, code, key, cells, refused)
    return HttpResponseRedirect(reverse("offers:contact", args=[code, key]))


@logged_in
@action("offers:contact", "code", "key")
def book(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Book a slot for the two of it: whoever books confirms it, the other is told."""
    found, now = _found(request, code, key), timezone.now()
    if not (resource := _resource(found)):
        raise Http404
    try:
        with transaction.atomic():
            begins = read_moment(request.POST.get("begins", "")[:40])
            (made,) = booking.book(resource, begins, actor=request.actor, at=now, reference=key)
            meeting.visit(request.actor, code, key, begins=made.slot.begins, at=now)
    except Refused as refused:
        return _contact(request, code, key, refused=refused)
    return HttpResponseRedirect(reverse("bookings:one", args=[made.number]))


@logged_in
@action("offers:contact", "code", "key")
def grant(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Let the other see what belongs to one's record, until a day."""
    _found(request, code, key)
    try:
        until = date.fromisoformat(request.POST.get("until", "")[:10] or "0001-01-01")
    except ValueError:
        until = date.min  # a day that is none has passed
    try:
        meeting.grant(request.actor, code, key, until=until, at=timezone.now())
    except Refused as refused:
        return _contact(request, code, key, refused=refused)
    return HttpResponseRedirect(reverse("offers:contact", args=[code, key]))


@logged_in
@action("offers:contact", "code", "key")
def revoke(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Take the grant back at once."""
    _found(request, code, key)
    try:
        meeting.revoke(request.actor, code, key, at=timezone.now())
    except Refused as refused:
        return _contact(request, code, key, refused=refused)
    return HttpResponseRedirect(reverse("offers:contact", args=[code, key]))


@logged_in
@action("offers:contact", "code", "key")
def look(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """What belongs to the other's record, under their grant and the promise of secrecy."""
    _found(request, code, key)
    agreed = request.POST.get("agreed") == "true"
    try:
        _, seen = meeting.look(request.actor, code, key, agreed=agreed, at=timezone.now())
    except Refused as refused:
        return _contact(request, code, key, refused=refused)
    wanted = next((each for each in seen if each.key == request.POST.get("file")), None)
    if wanted is not None:
        used = queries.used(wanted.register)
        for name, _ in asking.files_in(used, wanted.data or {}):
            return asking.taken_away(used, wanted, name)
    return _contact(request, code, key, seen=seen)


def _found(request: ActorRequest, code: str, key: str) -> Contact:
    try:
        return meeting.contact(request.actor, code, key)
    except Refused:
        raise Http404 from None


def _contact(
    request: ActorRequest,
    code: str,
    key: str,
    cells: Mapping[str, str] | None = None,
    refused: Refused | None = None,
    seen: tuple[State, ...] | None = None,
) -> HttpResponse:
    found = _found(request, code, key)
    actor, now = request.actor, timezone.now()
    followed, data = queries.used(found.followed.register), found.state.data or {}
    typed = asking.written(found.told, data) if cells is None else cells
    faults = list(refused.findings) if refused else []
    fields = asking.filled(found.told, typed, faults)
    placed = errors(fields)
    told = {id(finding) for _, finding in placed}
    secret = found.matching.secret
    other = queries.used(found.other_register)
    with acting_as(SYSTEM):
        judged = partners.judged(found.matching, found.offer, found.demand)
        also = partners.found(found.followed.register, key)
        state = queries.state(found.other_register, found.other_key)
    context = {
        "contact": found,
        "key": key,
        "other": records.title_of(other, state) if state else found.other_key,
        "judged": judged,
        "values": records.values_of(followed, data),
        "fields": fields,
        "errors": [*placed, *(("", each) for each in faults if id(each) not in told)],
        "booking": _booked(found, key, now),
        "secret": queries.used(secret.register) if secret else None,
        "shows": secret is not None and found.side == secret.side,
        "grant": meeting.grant_of(actor, found, now),
        "until": Field("until", "date", Text("可以看到哪天", "May be seen until")),
        "promise": Field("agreed", "checkbox", _PROMISE),
        "seen": None
        if seen is None or secret is None
        else [
            (each.key, asking.told(queries.used(secret.register), each.data or {})) for each in seen
        ],
        "also": [
            (
                each.matching.name,
                [
                    (records.title_of(each.other, one.state) if one.state else one.key, one.judged)
                    for one in each.partners
                ],
            )
            for each in also
            if each.partners
        ],
    }
    status = STATUS[refused.kind] if refused else 200
    return public_page(request, "offers/contact.html", context, status=status)


@dataclass(frozen=True, slots=True)
class _Booked:
    """The booking of the two, how it stands in words, and else the slots that may be booked."""

    name: Text
    booked: Booking | None
    state: Text
    slots: Field


def _booked(found: Contact, key: str, now: datetime) -> _Booked | None:
    code = _resource(found)
    if not code:
        return None
    with acting_as(SYSTEM):  # the two know of it, whoever of them has booked
        booked = bookings.by_reference(SYSTEM, code, key, now)
    days = {} if booked else bookings.free_slots(code, timezone.localdate(now), _DAYS, at=now)
    free = [each.slot for some in days.values() for each in some if each.bookable and each.most]
    choices = [
        Choice(slot.begin.isoformat(), Text.given(str(shown(slot.begin)), str(shown(slot.begin))))
        for slot in free
    ]
    field = Field("begins", "select", Text("时间", "Time"), choices=choices)
    words = state_words(booked.state) if booked else Text("", "")
    return _Booked(bookings.resource(code).name, booked, words, field)


def _resource(found: Contact) -> str:
    """What the two may book; that of the one of them who has one of its own."""
    code = found.followed.books
    if not code or (each := bookings.each_of(code)) is None:
        return code
    at_offer = found.matching.offers.register == each.register
    with acting_as(SYSTEM):  # whose it is stands in the record that the two met over
        state = queries.state(each.register, found.offer if at_offer else found.demand)
    whose = (state.data or {}).get(each.by) if state is not None else None
    return bookings.code_of_one(code, str(whose)) if whose else ""


_DAYS = 14
_PROMISE = Text(
    "我方承诺保密：只为这次对接使用，不给别人看。",
    "We keep it secret: it serves this contact alone, and nobody else sees it.",
)
