"""Suggestions while one types; without a script the button beside the field does the same."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from xiangyun.faces.look.places import suggested
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest, logged_in


@require_safe
@logged_in
def places(request: ActorRequest) -> HttpResponse:
    """Places by what is typed of their name, as `{"places": ["延边朝鲜族自治州 珲春市", …]}`; with
    `reach=country` those of other provinces, too."""
    country = request.GET.get("reach") == "country"
    found = suggested(request.GET.get("q", "")[:100], region_of(request), country=country)
    answer = JsonResponse({"places": [choice.label.zh for choice in found]})
    answer["Cache-Control"] = "private, max-age=300"
    return answer
