"""The request as the faces get it, and who may open a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

from xiangyun.domain.accounts.access import Actor

P = ParamSpec("P")


class ActorRequest(HttpRequest):
    """A request whose asker the site's middleware has put into `actor`."""

    actor: Actor


View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def logged_in(view: View[P]) -> View[P]:
    """Let in whoever has an account; lead everyone else to the login and back."""

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.account is None:
            return to_login(request)
        return view(request, *args, **kwargs)

    return guarded


def officials_only(view: View[P]) -> View[P]:
    """Let in officials; for other accounts the page does not exist."""

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.account is None:
            return to_login(request)
        if not request.actor.is_official:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def action(leads_to: str, *kept: str) -> Callable[[View[P]], View[P]]:
    """An address that does something, by POST; opened otherwise it leads to a page.

    After a reload, a change of the language or a login an address of an action is opened by GET.
    `leads_to` is the name of the page's address, whose arguments are those of the action that
    `kept` names.
    """

    def decorated(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["POST"])
            page = reverse(leads_to, args=[kwargs[name] for name in kept])
            return HttpResponseRedirect(page)

        return guarded

    return decorated


def by_program(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """An address to which programs post, without a browser's session.

    Opened otherwise it says so as a problem of RFC 9457. No token against forgery is asked for:
    what is believed comes signed, or with a token of its own.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        said = {"type": "about:blank", "title": "Method Not Allowed", "status": 405}
        answer = JsonResponse(said, status=405, content_type="application/problem+json")
        answer["Allow"] = "POST"
        return answer

    return guarded


def address_of(request: HttpRequest) -> str:
    """The address that asks, for limits."""
    return str(request.META.get("REMOTE_ADDR", ""))


def to_login(request: HttpRequest) -> HttpResponse:
    """The login page, which leads back to where the person wanted to go."""
    wanted = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"{reverse('portal:login')}?{urlencode({'next': wanted})}")


def onward(request: HttpRequest, otherwise: str) -> str:
    """The address asked for in `next`, if it is one of this site; else `otherwise`."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(given, {request.get_host()}, request.is_secure())
    return given if safe and given else otherwise
