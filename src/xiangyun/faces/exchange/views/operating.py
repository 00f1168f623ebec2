"""Pages of operators: who exchanges with whom, what got stuck, and sending it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.exchange import access, actions, enclosures, queries, usage
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.kernel.findings import Text

DAYS, MONTH = 7, 30


def _operators_only(request: ActorRequest) -> None:
    """Absent and forbidden are the same."""
    if not access.is_operator(request.actor):
        raise Http404


@require_safe
@officials_only
def exchange_map(request: ActorRequest) -> HttpResponse:
    """Who exchanges with whom, how much, how late."""
    _operators_only(request)
    now = timezone.now()
    lanes = queries.map_of(now, DAYS)
    context = {"lanes": lanes, "days": DAYS, "stuck": queries.stuck_count(request.actor)}
    return office_page(request, "exchange/map.html", context)


@require_safe
@officials_only
def interfaces(request: ActorRequest) -> HttpResponse:
    """Who may call what, by which law or agreement, until when, and how often it was used."""
    _operators_only(request)
    context = {"accesses": usage.accesses(timezone.now(), MONTH), "days": MONTH}
    return office_page(request, "exchange/interfaces.html", context)


@require_safe
@officials_only
def stuck(request: ActorRequest) -> HttpResponse:
    """What was not delivered, what could not be dealt with, and what waits with a problem."""
    _operators_only(request)
    context: dict[str, Any] = {
        "dead": [queries.shown(row) for row in queries.dead()],
        "failed": [queries.shown_incoming(row) for row in queries.stuck()],
        "files": [
            (each.pk, each.organisation, each.number, Text.from_json(each.problem))
            for each in enclosures.stuck()
            if each.problem
        ],
        "waiting": [queries.shown(row) for row in queries.waiting()],
    }
    return office_page(request, "exchange/stuck.html", context)


@require_safe
@officials_only
def message(request: ActorRequest, message: UUID) -> HttpResponse:
    """One message that goes out, with what it met. Its words stay with its case."""
    _operators_only(request)
    row = queries.outgoing(message)
    if row is None:
        raise Http404
    return office_page(request, "exchange/message.html", {"one": queries.shown(row)})


@officials_only
@action("exchange:stuck")
def resend(request: ActorRequest, message: UUID) -> HttpResponse:
    """Send a dead letter again."""
    _operators_only(request)
    actions.resend(message, actor=request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("exchange:stuck"))


@officials_only
@action("exchange:stuck")
def drop(request: ActorRequest, message: UUID) -> HttpResponse:
    """Give a dead letter up."""
    _operators_only(request)
    actions.drop(message, actor=request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("exchange:stuck"))


@officials_only
@action("exchange:stuck")
def again(request: ActorRequest, incoming: int) -> HttpResponse:
    """Deal again with a message that came and failed."""
    _operators_only(request)
    actions.take_again(incoming, actor=request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("exchange:stuck"))


@officials_only
@action("exchange:stuck")
def fetch_again(request: ActorRequest, enclosure: int) -> HttpResponse:
    """Fetch again a file that could not be fetched."""
    _operators_only(request)
    enclosures.fetch_again(enclosure, actor=request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("exchange:stuck"))
