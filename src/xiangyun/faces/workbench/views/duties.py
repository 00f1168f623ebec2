"""Duties by place: what waits, what is under way, what is late."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.duties import queries
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only


@require_safe
@officials_only
def duties(request: ActorRequest) -> HttpResponse:
    """The duties of a place and those below it; the official's own unless another is chosen."""
    own = queries.widest(request.actor)
    chosen = request.GET.get("place", "")
    if own is None:
        raise Http404
    place = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) == 12 else own
    if not any(m.low <= place <= m.high for m in request.actor.mandates):
        raise Http404
    context = {
        "boards": queries.board(request.actor, place, timezone.localdate()),
        "place": divisions.division(f"{place:012}"),
        "up": own if place != own else None,
    }
    return office_page(request, "workbench/duties.html", context)
