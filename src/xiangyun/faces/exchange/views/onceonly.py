"""Once only, for everybody: what need not be brought, who gives it, and what nobody gives yet."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.exchange import onceonly
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest


@require_safe
def once_only(request: ActorRequest) -> HttpResponse:
    """All requirements, or those for one province: `?place=21`."""
    provinces = [(f"{each.code:012}"[:2], each.name) for each in divisions.children(None)]
    asked = request.GET.get("place", "")
    place = asked if asked in {code for code, _ in provinces} else ""
    context = {
        "met": onceonly.requirements(place, timezone.now()),
        "provinces": provinces,
        "place": place,
        "name": dict(provinces).get(place, ""),
    }
    return public_page(request, "exchange/onceonly.html", context)
