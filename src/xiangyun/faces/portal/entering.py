"""From a right password to being logged in: the second step, and where somebody is led then."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts import representing, sessions
from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.authentication import demand
from xiangyun.domain.authentication.passkeys import Site
from xiangyun.faces.look import signing
from xiangyun.faces.look.region import REGION_KEY
from xiangyun.faces.look.requests import ActorRequest, onward
from xiangyun.faces.portal.views import apply


def after_password(request: ActorRequest, actor: Actor, to: str = "") -> HttpResponse:
    """The password was right: lead to the second step, or in where none is demanded.

    Leads on to `to` in the end, or to where the request wanted to go.
    """
    demanded = demand.demand(actor, at := timezone.now())
    if demanded.ask or demanded.add:
        with acting_as(actor):
            account = accounts.own_account(actor)
        sessions.begin_half(request.session, account, at, to or onward(request, ""))
        page = "portal:second" if demanded.ask else "portal:factors"
        return HttpResponseRedirect(reverse(page))
    answer = welcome(request, actor, to)
    if demanded.until is None:
        return answer
    later = urlencode({"next": answer["Location"]})
    return HttpResponseRedirect(f"{reverse('portal:factors')}?{later}")


def site_of(request: ActorRequest) -> Site:
    """Where the browser stands, as passkeys name it."""
    found = signing.site_of(request)
    return Site(found.host, found.origin)


def welcome(request: ActorRequest, actor: Actor, to: str = "") -> HttpResponse:
    """Begin a session of its own for the actor, in the region where the account is at home.

    Leads on to `to`, or to where the request wanted to go.
    """
    home = reverse("workbench:queue" if actor.is_official else "portal:home")
    to = to or onward(request, home)
    region = request.session.get(REGION_KEY)
    with acting_as(actor):  # until now nobody was asking, and nobody sees no account
        account = accounts.own_account(actor)
        acts_for_others = bool(representing.choices(actor))
    sessions.begin(request.session, account, request.headers.get("User-Agent", ""))
    if region is None and account.division_id:
        request.session[REGION_KEY] = account.division_id
    if acts_for_others:  # as myself or for somebody: chosen before anything is begun
        return HttpResponseRedirect(f"{reverse('portal:behalf')}?{urlencode({'next': to})}")
    if (code := apply.service_to_start(to)) and not actor.is_official:
        request.actor = actor
        with acting_as(actor):
            return apply.begun(request, code)
    return HttpResponseRedirect(to)
