"""Choose large print, and leave it again."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from xiangyun.faces.look.page import ELDER
from xiangyun.faces.look.requests import ActorRequest, action, onward


@action("portal:home")
def choose(request: ActorRequest) -> HttpResponse:
    """Show pages large from now on, or as usual again; lead back."""
    response = HttpResponseRedirect(onward(request, reverse("portal:home")))
    if request.POST.get("elder") == "1":
        year = 365 * 24 * 3600
        response.set_cookie(ELDER, "1", max_age=year, samesite="Lax", secure=settings.HTTPS)
    else:
        response.delete_cookie(ELDER, samesite="Lax")
    return response
