"""The page of festivals: the list, and a field to plan one."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from xiangyun.domain.festivals import actions, queries

from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest


@require_http_methods(["GET", "POST"])
def festivals(request: ActorRequest) -> HttpResponse:
    """The list; sent, one more festival."""
    if request.method == "POST":
        actions.plan(request.POST["name"], actor=request.actor, at=timezone.now())
        return HttpResponseRedirect(reverse("fair:festivals"))
    return public_page(request, "fair/festivals.html", {"festivals": queries.festivals()})
