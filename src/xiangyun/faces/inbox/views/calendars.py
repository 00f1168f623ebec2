"""Appointments: one as a file, all of them at a secret address that calendars read."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.messaging import calendars, queries
from xiangyun.faces.inbox.framed import framed
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.requests import ActorRequest, action, logged_in


@require_safe
@logged_in
def calendar(request: ActorRequest) -> HttpResponse:
    """What is to come, and the way to have it in one's own calendar."""
    return _page(request)


@logged_in
@action("inbox:calendar")
def open_feed(request: ActorRequest) -> HttpResponse:
    """Make a secret address, which this one page shows."""
    token = calendars.open_feed(request.actor, at=timezone.now())
    address = request.build_absolute_uri(reverse("inbox:feed", args=[token]))
    return _page(request, address)


@logged_in
@action("inbox:calendar")
def end_feed(request: ActorRequest) -> HttpResponse:
    """The secret address shows nothing from now on."""
    calendars.end_feed(request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("inbox:calendar"))


def _page(request: ActorRequest, address: str = "") -> HttpResponse:
    context = {
        "entries": calendars.coming(request.actor, at=timezone.now()),
        "has_feed": calendars.has_feed(request.actor),
        "address": address,
    }
    return framed(request, "inbox/calendar.html", context)


@require_safe
def feed(request: ActorRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address, for programs that are not logged in."""
    text = calendars.feed(token, at=timezone.now())
    if text is None:
        raise Http404
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@require_safe
@logged_in
def entry(request: ActorRequest, message_id: int) -> HttpResponse:
    """The appointment that a message is about, as a file."""
    try:
        found = queries.message(request.actor, message_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    if found.entry is None:
        raise Http404
    text = calendars.file_of([found.entry], reader())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{calendars.FILE}"'
    return answer
