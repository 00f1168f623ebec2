"""A copy of all that is kept about the one who asks."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.owndata import actions
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, logged_in


@require_http_methods(["GET", "HEAD", "POST"])
@logged_in
def mydata(request: ActorRequest) -> HttpResponse:
    """Say what is in the copy, and give it."""
    if request.method != "POST":
        return public_page(request, "portal/mydata.html", {})
    now = timezone.now()
    answer = HttpResponse(actions.copy(actor=request.actor, at=now), content_type="application/zip")
    day = timezone.localdate(now).isoformat()
    answer["Content-Disposition"] = f'attachment; filename="my-data-{day}.zip"'
    return answer
