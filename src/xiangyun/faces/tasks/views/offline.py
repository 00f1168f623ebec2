"""What stands around the forms: those that wait, and what a device needs to work offline."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.page import office_page, public_page
from xiangyun.faces.look.requests import ActorRequest, logged_in

KEEP = "Xiangyun-Keep"
"""The header of pages that a device may keep for offline use: whose they are."""


def account_mark(actor: Actor) -> str:
    """What tells accounts apart on one device, and says nothing of them."""
    return salted_hmac("xiangyun.faces.tasks", str(actor.account)).hexdigest()[:24]


def kept(request: ActorRequest, answer: HttpResponse) -> HttpResponse:
    """The page, marked as one that the device of the one who asks may keep until the log-out."""
    answer.headers[KEEP] = account_mark(request.actor)
    patch_vary_headers(answer, ("Cookie",))
    return answer


@require_safe
@logged_in
def mine(request: ActorRequest) -> HttpResponse:
    """The forms that wait for the party acted for, and what this device has not sent yet."""
    page = office_page if request.actor.is_official else public_page
    context = {
        "account": account_mark(request.actor),
        "waiting": cases.forms_waiting(request.actor),
        "frame": frame_of(request),
    }
    return kept(request, page(request, "tasks/mine.html", context))


def frame_of(request: ActorRequest) -> str:
    """The frame around the pages: that of officials, or the public one."""
    return "look/office.html" if request.actor.is_official else "look/public.html"


@require_safe
@logged_in
def ready(request: ActorRequest) -> HttpResponse:
    """Whose session this is, and its token: asked before a device sends what it kept."""
    return JsonResponse({"account": account_mark(request.actor), "token": get_token(request)})


@require_safe
def worker(request: ActorRequest) -> HttpResponse:
    """The service worker: it stands here because it may reach no further than its own path."""
    answer = render(request, "tasks/worker.js", content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
