"""Duties by place: what waits, what is under way, what is late."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.duties import queries
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.look.within import asked_place


@require_safe
@officials_only
def duties(request: ActorRequest) -> HttpResponse:
    """The duties of a place and those below it; the official's own unless another is chosen."""
    place, own = asked_place(request)
    context = {
        "boards": queries.board(request.actor, place, timezone.localdate()),
        "place": divisions.division(f"{place:012}"),
        "up": own if place != own else None,
    }
    return office_page(request, "workbench/duties.html", context)
