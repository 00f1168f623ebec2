"""What everybody may see: what can be booked, what is free, the programme, the called numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.bookings import feeds, queries, standing
from xiangyun.domain.bookings.queries import FreeSlot
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import NotFound, Refused, Text
from xiangyun.kernel.occasion.resource import Resource

DAYS = 7
CALENDAR = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Offered:
    """A resource as a list shows it."""

    code: str
    name: Text
    place: Text


def offered(code: str, resource: Resource) -> Offered:
    """A resource with its place in words."""
    return Offered(code, resource.name, divisions.path_words(int(resource.division)))


@require_safe
def all(request: ActorRequest) -> HttpResponse:
    """All that can be booked."""
    found = [offered(each.code, each.value) for each in queries.resources()]
    return public_page(request, "bookings/all.html", {"offered": found})


@require_safe
def slots(request: ActorRequest, code: str) -> HttpResponse:
    """The free slots of a week, and the form to book one."""
    return slots_page(request, code)


def slots_page(request: ActorRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    """The same, with what was refused."""
    declared, now = resource_or_404(code), timezone.now()
    today = timezone.localdate(now)
    first = max(asked_day(request, "from", today), today)
    last = timezone.localdate(now + declared.opens)
    days = queries.free_slots(code, first, DAYS, at=now)
    lanes = standing.lanes_for(request.actor, declared)
    context = {
        "offered": offered(code, declared),
        "resource": declared,
        "days": [
            (day, [(each, _free(each, declared)) for each in some if each.bookable])
            for day, some in days.items()
            if any(each.bookable for each in some)
        ],
        "before": max(first - timedelta(days=DAYS), today) if first > today else None,
        "after": first + timedelta(days=DAYS) if first + timedelta(days=DAYS) <= last else None,
        "first": first,
        "lanes": lanes if len(declared.lanes) > 1 else (),
        "told": [lane for lane in declared.lanes if lane.told],
        "services": _services(declared),
        "by_cases": bool(declared.services),
        "barred": standing.barred(request.actor, code, now),
        "limit": declared.limit.open or declared.limit.on_hold,
        "chosen": {name: request.POST.get(name, "") for name in ("begins", "lane", "units")},
        "errors": [("", each) for each in refused.findings] if refused else [],
    }  # fmt: skip
    status = STATUS[refused.kind] if refused else 200
    return public_page(request, "bookings/slots.html", context, status=status)


def _services(declared: Resource) -> list[tuple[str, Text]]:
    """The services whose cases alone book, as far as they are offered: code and name."""
    offered = ((code, catalogue.offered(code)) for code in declared.services)
    return [(code, catalogue.pack(each.pk).service.name) for code, each in offered if each]


def _free(each: FreeSlot, declared: Resource) -> Text:
    """How much is free, in a line: by lane where there are several."""
    if each.most == 0:
        if each.may_wait:
            return Text("已满，{n} 人候补", "full, {n} waiting", n=each.waiting)
        return Text("已满", "full")
    if len(declared.lanes) == 1:
        return Text("余 {n}", "{n} free", n=each.most)
    said = [
        Text("{lane} {n}", "{lane} {n}", lane=lane.name, n=each.free[lane.id])
        for lane in declared.lanes
    ]
    return Text("余：{all}", "free: {all}", all=said)


@require_safe
def programme(request: ActorRequest, code: str) -> HttpResponse:
    """What is on, as a calendar that everybody may subscribe to."""
    try:
        text = feeds.programme(code, reader(), at=timezone.now())
    except NotFound:
        raise Http404 from None
    return HttpResponse(text, content_type=CALENDAR)


@require_safe
def screen(request: ActorRequest, code: str) -> HttpResponse:
    """The numbers called last, for a screen on the wall: it asks again by itself."""
    declared = resource_or_404(code)
    called = queries.called(code, timezone.localdate())
    context = {"offered": offered(code, declared), "called": called}
    answer = public_page(request, "bookings/screen.html", context)
    answer.headers["Refresh"] = "10"
    return answer


def resource_or_404(code: str) -> Resource:
    """The resource of a code in an address."""
    try:
        return queries.resource(code)
    except NotFound:
        raise Http404 from None


def asked_day(request: ActorRequest, name: str, otherwise: date) -> date:
    """A day of the address; what is none is the usual one."""
    try:
        found = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return otherwise
    return found if abs((found - timezone.localdate()).days) < 1000 else otherwise
