"""What officials of a resource's place see: the day, who arrives, who is called, longer hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.bookings import actions, queries
from xiangyun.domain.bookings.checks import NOT_HERE
from xiangyun.domain.bookings.queries import Booking
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.queries import Case
from xiangyun.faces.look import downloads
from xiangyun.faces.look.lists import Column, Line, Listing
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.occasion.resource import Resource

from .mine import shown
from .open import asked_day, offered, resource_or_404


@require_safe
@officials_only
def all(request: ActorRequest) -> HttpResponse:
    """What can be booked at the places of the official."""
    lines = []
    declared: list[tuple[str, Resource]] = [(e.code, e.value) for e in queries.resources()]
    for code, resource in (*declared, *queries.others_in_use(request.actor)):
        if actions.works_at(request.actor, resource):
            address = reverse("booking-office:day", args=[code])
            place = words(offered(code, resource).place)
            lines.append(Line(address, words(resource.name), (place,)))
    listing = Listing(Text("预约资源", "Resource"), (Column(Text("地方", "Place")),), lines)
    return office_page(request, "bookings/office.html", {"listing": listing})


@require_safe
@officials_only
def day(request: ActorRequest, code: str) -> HttpResponse:
    """The bookings of a day, and who waits to be called."""
    if downloads.wanted(request):
        _managed(request, code)
        on = asked_day(request, "day", timezone.localdate())
        rows = queries.day_list(request.actor, code, on, downloads.MOST + 1)
        names = queries.names(rows)
        told = [{**each, "who": names.get(each["row"].party, "")} for each in shown(rows)]
        return downloads.answer(request, _TABLE, downloads.whole(told))
    return _day(request, code)


def _day(
    request: ActorRequest,
    code: str,
    *,
    refused: Refused | None = None,
    called: Booking | None = None,
) -> HttpResponse:
    resource = _managed(request, code)
    on = asked_day(request, "day", timezone.localdate())
    rows = queries.day_list(request.actor, code, on)
    names = queries.names(rows)
    context = {
        "offered": offered(code, resource),
        "day": on,
        "bookings": [{**each, "who": names.get(each["row"].party, "")} for each in shown(rows)],
        "waiting": len(queries.waiting_to_be_called(request.actor, code, timezone.localdate())),
        "called": called,
        "longer": resource.longer,
        "counter": request.POST.get("counter", "")[:40],
        "errors": [("", each) for each in refused.findings] if refused else [],
    }
    status = STATUS[refused.kind] if refused else 200
    return office_page(request, "bookings/day.html", context, status=status)


@officials_only
@action("booking-office:day", "code")
def call(request: ActorRequest, code: str) -> HttpResponse:
    """Call the next number to a counter."""
    _managed(request, code)
    counter = request.POST.get("counter", "")
    try:
        found = actions.call_next(code, counter, actor=request.actor, at=timezone.now())
    except Refused as refused:
        return _day(request, code, refused=refused)
    return _day(request, code, called=found)


@officials_only
@action("booking-office:day", "code")
def hours(request: ActorRequest, code: str) -> HttpResponse:
    """Grant extended hours."""
    _managed(request, code)
    try:
        first, last = (_day_of(request.POST.get(name, "")) for name in ("first", "last"))
        actions.extend(
            code,
            first,
            last,
            request.POST.get("hours", "")[:100],
            actor=request.actor,
            at=timezone.now(),
        )
    except Refused as refused:
        return _day(request, code, refused=refused)
    return HttpResponseRedirect(
        f"{reverse('booking-office:day', args=[code])}?day={first.isoformat()}"
    )


@officials_only
@action("booking-office:day", "code")
def find(request: ActorRequest, code: str) -> HttpResponse:
    """Find a booking by its number or by what finds it, as somebody says it at the counter."""
    _managed(request, code)
    said = request.POST.get("number", "")[:40]
    found = queries.by_number(request.actor, said)
    if found is None or found.resource != code:
        found = queries.by_reference(request.actor, code, said, timezone.now())
    if found is None:
        return _day(request, code, refused=Refused([NOT_HERE]))
    return HttpResponseRedirect(reverse("booking-office:arriving", args=[found.code]))


@require_safe
@officials_only
def arriving(request: ActorRequest, secret: str) -> HttpResponse:
    """The booking that a QR code names, as the official of its place sees it."""
    return _arriving(request, _of(request, secret))


def _arriving(
    request: ActorRequest, found: Booking, refused: Refused | None = None
) -> HttpResponse:
    context = {
        "booking": shown([found])[0],
        "who": queries.names([found]).get(found.party, ""),
        "case": _case(request, found),
        "errors": [("", each) for each in refused.findings] if refused else [],
    }
    status = STATUS[refused.kind] if refused else 200
    return office_page(request, "bookings/arriving.html", context, status=status)


@officials_only
@action("booking-office:arriving", "secret")
def arrived(request: ActorRequest, secret: str) -> HttpResponse:
    """Check in: the booking gets its number of the day."""
    found = _of(request, secret)
    try:
        actions.check_in(found.number, actor=request.actor, at=timezone.now())
    except Refused as refused:
        return _arriving(request, found, refused)
    return HttpResponseRedirect(reverse("booking-office:arriving", args=[secret]))


def _case(request: ActorRequest, found: Booking) -> Case | None:
    """The case that booked, if the official may see it."""
    number = cases.number_of(found.case) if found.case else None
    try:
        return cases.case_by_number(request.actor, number) if number else None
    except Case.DoesNotExist:
        return None


def _of(request: ActorRequest, secret: str) -> Booking:
    found = None if "\0" in secret else queries.by_code(request.actor, secret)
    if found is None or not actions.handles(request.actor, found):
        raise Http404
    return found


def _managed(request: ActorRequest, code: str) -> Resource:
    resource = resource_or_404(code)
    if not actions.works_at(request.actor, resource):
        raise Http404
    return resource


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused([_NO_DAY]) from None


_TABLE: downloads.Table[dict[str, Any]] = downloads.Table(
    "bookings",
    Text("一天的预约", "Bookings of a day"),
    (
        (Text("预约号", "Number"), lambda one: one["row"].number),
        (Text("开始", "Begins"), lambda one: one["row"].slot.begins),
        (Text("结束", "Ends"), lambda one: one["row"].slot.ends),
        (Text("预约人", "For"), lambda one: one["who"]),
        (Text("通道", "Lane"), lambda one: one["lane"]),
        (Text("说明", "Reference"), lambda one: one["row"].reference),
        (Text("数量", "How many"), lambda one: one["row"].units),
        (Text("状态", "State"), lambda one: one["state"]),
        (Text("排队号", "Number of the day"), lambda one: one["row"].queue),
    ),
)
_NO_DAY = Finding("booking.E016", "error", Text("请填写日期。", "Give both days."))
