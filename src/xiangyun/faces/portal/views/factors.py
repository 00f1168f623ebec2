"""The second factors of one's own account: add, remove, recovery codes.

Open to whoever is logged in, and to an official who must add one before being let in: the password
was right a moment ago then, and is not asked for again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun.adapters import attempts
from xiangyun.domain.accounts import actions as account_actions
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts import sessions
from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.authentication import actions, demand, queries
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.qr import drawn
from xiangyun.faces.look.requests import (
    ActorRequest,
    P,
    View,
    action,
    address_of,
    onward,
    to_login,
)
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.portal.entering import site_of, welcome
from xiangyun.faces.portal.views.second import CHALLENGE
from xiangyun.kernel.findings import Finding, Refused, Text

OwnView = Callable[Concatenate[ActorRequest, Actor, P], HttpResponse]


def own(view: OwnView[P]) -> View[P]:
    """Let in whoever has an account, or an official on the way in who must add a factor first."""

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.account is not None:
            return view(request, request.actor, *args, **kwargs)
        half = accounts.actor_half_in(request.session, at := timezone.now())
        if half is None:
            return to_login(request)
        if not demand.demand(half, at).add:  # there is a factor: it is asked for, not changed
            return HttpResponseRedirect(reverse("portal:second"))
        with acting_as(half):
            return view(request, half, *args, **kwargs)

    return guarded


@own
@require_safe
def factors(request: ActorRequest, who: Actor) -> HttpResponse:
    """Which second factors there are, and what can be added."""
    assert who.account is not None
    at = timezone.now()
    context = {
        "factors": queries.factors(who.account),
        "demanded": demand.demand(who, at),
        "demanded_of_officials": who.is_official and demand.demanded_of_officials(),
        "half": _half(request),
        "site": site_of(request),
        "next": onward(request, ""),
    }
    return public_page(request, "portal/factors.html", context)


@own
@action("portal:factors")
def begin_app(request: ActorRequest, who: Actor) -> HttpResponse:
    """Begin to add an authenticator app."""
    actions.offer_app(who, timezone.now())
    return HttpResponseRedirect(reverse("portal:app"))


@own
@require_http_methods(["GET", "POST"])
def app(request: ActorRequest, who: Actor) -> HttpResponse:
    """Show the secret of an app that is being added, and take its first code."""
    offered = queries.offer(who, accounts.own_account(who).login)
    if offered is None:
        return HttpResponseRedirect(reverse("portal:factors"))
    wrong: dict[str, Finding] = {}
    if request.method == "POST":
        wrong = _password_wrong(request, who)
        try:
            if not wrong:
                typed = request.POST.get("code", "")
                return _added(request, who, actions.confirm_app(who, typed, timezone.now()))
        except Refused as refused:
            wrong = {"code": refused.findings[0]}
    code = Field(
        "code",
        "text",
        Text("应用显示的 6 位验证码", "The six digits that the app shows"),
        error=wrong.get("code"),
        width="short",
        inputmode="numeric",
        autocomplete="one-time-code",
    )
    fields = [code, *_password(request, who, wrong)]
    context = {
        "fields": fields,
        "errors": errors(fields),
        "uri": offered.uri,
        "secret": " ".join(offered.secret[i : i + 4] for i in range(0, len(offered.secret), 4)),
        "qr": drawn(offered.uri),
    }
    return public_page(request, "portal/app.html", context, status=422 if wrong else 200)


@own
@require_http_methods(["GET", "POST"])
def passkey(request: ActorRequest, who: Actor) -> HttpResponse:
    """Let the browser make a passkey, and keep its public half."""
    site = site_of(request)
    if not site.takes_passkeys:
        raise Http404
    wrong: dict[str, Finding] = {}
    if request.method == "POST":
        wrong = _password_wrong(request, who)
        try:
            if not wrong:
                codes = actions.add_passkey(
                    who,
                    site,
                    request.session.pop(CHALLENGE, ""),
                    request.POST.get("credential", ""),
                    label=request.POST.get("label", ""),
                    at=timezone.now(),
                )
                return _added(request, who, codes)
        except Refused as refused:
            wrong = {"": refused.findings[0]}
    asked = actions.ask_for_new_passkey(who, site)
    request.session[CHALLENGE] = asked.value
    label = Field(
        "label",
        "text",
        Text("给它起个名字", "A name for it"),
        hint=Text("如“办公室电脑”。", "Such as “computer in the office”."),
        typed=request.POST.get("label", ""),
        required=False,
        width="medium",
    )
    fields = [label, *_password(request, who, wrong)]
    context = {
        "fields": fields,
        "errors": errors(fields) + ([("", wrong[""])] if "" in wrong else []),
        "asked": asked,
    }
    return public_page(request, "portal/passkey.html", context, status=422 if wrong else 200)


@own
@require_http_methods(["GET", "POST"])
def remove(request: ActorRequest, who: Actor, factor: UUID) -> HttpResponse:
    """Ask once more, then remove a factor."""
    assert who.account is not None
    mine = queries.factors(who.account)
    passkey = next((one for one in mine.passkeys if one.pk == factor), None)
    if passkey is None and not (mine.app and mine.app.pk == factor):
        raise Http404
    return _confirmed(
        request,
        who,
        "portal/remove_factor.html",
        {"passkey": passkey, "last": mine.many == 1},
        lambda: _removed(request, who, factor),
    )


@own
@require_http_methods(["GET", "POST"])
def codes(request: ActorRequest, who: Actor) -> HttpResponse:
    """Make new recovery codes and show them, once."""
    assert who.account is not None
    if not queries.factors(who.account).any:
        raise Http404
    return _confirmed(
        request,
        who,
        "portal/new_codes.html",
        {},
        lambda: _codes(
            request, actions.new_recovery_codes(who, timezone.now()), reverse("portal:factors")
        ),
    )


def _confirmed(
    request: ActorRequest,
    who: Actor,
    template: str,
    context: dict[str, object],
    done: Callable[[], HttpResponse],
) -> HttpResponse:
    """A page that asks for the password, then does what it is about."""
    wrong: dict[str, Finding] = {}
    other: list[tuple[str, Finding]] = []
    if request.method == "POST":
        wrong = _password_wrong(request, who)
        try:
            if not wrong:
                return done()
        except Refused as refused:
            other = [("", refused.findings[0])]
    fields = _password(request, who, wrong)
    context = {"fields": fields, "errors": errors(fields) + other, **context}
    return public_page(request, template, context, status=422 if wrong or other else 200)


def _removed(request: ActorRequest, who: Actor, factor: UUID) -> HttpResponse:
    actions.remove_factor(who, factor, timezone.now())
    messages.success(request, words(Text("已停用。", "Removed.")))
    return HttpResponseRedirect(reverse("portal:factors"))


def _added(request: ActorRequest, who: Actor, codes: tuple[str, ...]) -> HttpResponse:
    """A factor was added: let in whoever was on the way, and show the codes that were made."""
    to = reverse("portal:factors")
    if _half(request):
        to = str(welcome(request, who, request.session[sessions.HALF]["onward"])["Location"])
        request.actor = who
    if codes:
        return _codes(request, codes, to)
    added = Text("已添加，下次登录时使用。", "Added; the next log-in asks for it.")
    messages.success(request, words(added))
    return HttpResponseRedirect(to)


def _codes(request: ActorRequest, codes: tuple[str, ...], to: str) -> HttpResponse:
    return public_page(request, "portal/codes.html", {"codes": codes, "to": to})


def _half(request: ActorRequest) -> bool:
    """Whether the one who asks is on the way in, and was asked for the password a moment ago."""
    return request.actor.account is None


def _asks_password(request: ActorRequest, who: Actor) -> bool:
    """Whether the password is asked for; not of an account that logs in elsewhere and has none."""
    return not _half(request) and accounts.own_account(who).has_usable_password()


def _password(request: ActorRequest, who: Actor, wrong: dict[str, Finding]) -> list[Field]:
    if not _asks_password(request, who):
        return []
    return [
        Field(
            "password",
            "password",
            Text("您的登录密码", "Your password"),
            hint=Text("确认是您本人。", "To make sure that it is you."),
            error=wrong.get("password"),
            width="medium",
            autocomplete="current-password",
        )
    ]


def _password_wrong(request: ActorRequest, who: Actor) -> dict[str, Finding]:
    """What is wrong with the password that confirms a change; nothing where none is asked for."""
    if not _asks_password(request, who):
        return {}
    login, address = accounts.own_account(who).login, address_of(request)
    try:
        if attempts.wait(login, address):
            return {"password": account_actions.WRONG_PASSWORD}  # slowed like a log-in
        account_actions.confirm_password(who, request.POST.get("password", ""))
    except Refused as refused:
        attempts.failed(login, address)
        return {"password": refused.findings[0]}
    return {}
