"""The operator's page: every reading, what needs a look first."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.adapters.operation import PARTS, everything, worst
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.operation.access import is_operator


@require_safe
@officials_only
def state(request: ActorRequest) -> HttpResponse:
    """How the instance is, part by part. Absent and forbidden are the same."""
    if not is_operator(request.actor):
        raise Http404
    readings = everything(timezone.now())
    parts = [
        {"name": name, "readings": [each for each in readings if each.part == part]}
        for part, name in PARTS.items()
    ]
    context = {
        "parts": [part for part in parts if part["readings"]],
        "attention": [each for each in readings if each.mood != "good"],
        "mood": worst(readings),
    }
    return office_page(request, "operation/state.html", context)
