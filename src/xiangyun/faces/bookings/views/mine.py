"""One's own bookings, or those of whom one represents: made, confirmed, cancelled, shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.bookings import actions, feeds, queries
from xiangyun.domain.bookings.queries import Booking
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.qr import qr_of
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.occasion.booking import state_words
from xiangyun.kernel.occasion.resource import Resource
from xiangyun.kernel.service.tasks.booking_book import read_moment

from .open import CALENDAR, slots_page

_DIGITS = 4


def shown(some: list[Booking]) -> list[dict[str, Any]]:
    """Bookings as pages show them, with what may be done to them now."""
    declared = queries.known(each.resource for each in some)
    return [_shown(each, declared.get(each.resource)) for each in some]


def _shown(row: Booking, declared: Resource | None) -> dict[str, Any]:
    lane = declared.lane(row.lane) if declared else None
    name = declared.name if declared else Text.given(row.resource, row.resource)
    late = declared is not None and timezone.now() > row.slot.begins - declared.cancel
    return {
        "row": row,
        "name": name,
        "lane": lane.name if lane and declared and len(declared.lanes) > 1 else None,
        "all_day": all(
            timezone.localtime(each).time() == time() for each in (row.slot.begins, row.slot.ends)
        ),
        "state": state_words(row.state),
        "tone": _TONES.get(row.state, ""),
        "may_confirm": row.state == "on hold",
        "may_cancel": row.state == "waiting" or (row.state in queries.OPEN and not late),
    }


_TONES = {"waiting": "amber", "on hold": "amber", "confirmed": "green", "checked in": "green",
          "no-show": "red"}  # fmt: skip


@require_safe
@logged_in
def mine(request: ActorRequest) -> HttpResponse:
    """The bookings of the party acted for."""
    return _mine(request)


def _mine(request: ActorRequest, refused: Refused | None = None) -> HttpResponse:
    context = {
        "bookings": shown(queries.bookings_of(request.actor)),
        "acts_for": request.actor.subject_name if request.actor.acts_for_another else "",
        "errors": [("", each) for each in refused.findings] if refused else [],
    }
    status = STATUS[refused.kind] if refused else 200
    return public_page(request, "bookings/mine.html", context, status=status)


@require_safe
@logged_in
def one(request: ActorRequest, number: str) -> HttpResponse:
    """One booking with its QR code, by which the official checks in."""
    found = _found(request, number)
    context = {
        "booking": shown([found])[0],
        "svg": qr_of(reverse("booking-office:arriving", args=[found.code])),
        "case": found.case and cases.is_mine(request.actor, found.case) and found.case,
    }
    return public_page(request, "bookings/one.html", context)


@logged_in
@action("bookings:slots", "code")
def book(request: ActorRequest, code: str) -> HttpResponse:
    """Book a slot, or a series; the page of the booking says how it stands."""
    units, weeks = (_number(request.POST.get(name, "1")) for name in ("units", "weeks"))
    lane = request.POST.get("lane", "")[:100]
    try:
        begins: datetime = read_moment(request.POST.get("begins", "")[:40])
        made = actions.book(
            code,
            begins,
            actor=request.actor,
            at=timezone.now(),
            lane=lane,
            units=units,
            weeks=weeks,
        )
    except Refused as refused:
        return slots_page(request, code, refused)
    if len(made) > 1:
        return HttpResponseRedirect(reverse("bookings:mine"))
    return HttpResponseRedirect(reverse("bookings:one", args=[made[0].number]))


def _number(text: str) -> int:
    """A count as it was typed; 0, which the rules refuse, for what is none."""
    good = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if good else 0


@logged_in
@action("bookings:one", "number")
def confirm(request: ActorRequest, number: str) -> HttpResponse:
    """A hold becomes a booking."""
    return _done(request, number, actions.confirm)


@logged_in
@action("bookings:one", "number")
def cancel(request: ActorRequest, number: str) -> HttpResponse:
    """A booking is given back."""
    return _done(request, number, actions.cancel)


def _done(request: ActorRequest, number: str, verb: Callable[..., Booking]) -> HttpResponse:
    _found(request, number)
    try:
        verb(number, actor=request.actor, at=timezone.now())
    except Refused as refused:
        return _mine(request, refused=refused)
    return HttpResponseRedirect(reverse("bookings:one", args=[number]))


@require_safe
@logged_in
def file(request: ActorRequest, number: str) -> HttpResponse:
    """The booking as a file for a calendar."""
    answer = HttpResponse(feeds.file_of(_found(request, number), reader()), content_type=CALENDAR)
    answer.headers["Content-Disposition"] = 'attachment; filename="booking.ics"'
    return answer


def _found(request: ActorRequest, number: str) -> Booking:
    found = queries.by_number(request.actor, number)
    if found is None or not request.actor.speaks_for(found.party):
        raise Http404
    return found
