"""The second step of logging in: a code of the app, a passkey, or a recovery code."""

from __future__ import annotations

import math

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.adapters import attempts
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts import sessions
from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.authentication import actions, queries
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, address_of
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.portal.entering import site_of, welcome
from xiangyun.kernel.findings import Finding, Refused, Text

CHALLENGE = "challenge"
"""Where a session keeps what a browser was asked to sign, until the answer comes."""
MISSES = 5
"""After so many wrong codes the password is asked for again, and the account's owner is told."""
_AGAIN = Text(
    "第二步验证多次错误，请重新登录。", "The second step failed several times: log in again."
)


@require_http_methods(["GET", "POST"])
def second(request: ActorRequest) -> HttpResponse:
    """Ask for the second factor of whoever has just given the right password."""
    half = accounts.actor_half_in(request.session, timezone.now())
    if half is None:
        return HttpResponseRedirect(reverse("portal:login"))
    with acting_as(half):
        wrong = _wrong(request, half) if request.method == "POST" else None
        if request.method == "POST" and wrong is None:
            return welcome(request, half, request.session[sessions.HALF]["onward"])
        if wrong is not None and _given_up(request, half):
            messages.error(request, words(_AGAIN))
            return HttpResponseRedirect(reverse("portal:login"))
        return _page(request, half, wrong)


def _page(request: ActorRequest, half: Actor, wrong: Finding | None) -> HttpResponse:
    assert half.account is not None
    way, site = request.POST.get("way", ""), site_of(request)
    factors = queries.factors(half.account)
    asked = actions.ask_for_passkey(half, site) if site.takes_passkeys else None
    if asked:
        request.session[CHALLENGE] = asked.value
    code = Field(
        "code",
        "text",
        Text("6 位验证码", "Code of six digits"),
        hint=Text(
            "打开手机上的验证应用，输入它现在显示的数字。",
            "Open the authenticator app on your telephone and type the digits it shows now.",
        ),
        error=wrong if way == "code" else None,
        width="short",
        inputmode="numeric",
        autocomplete="one-time-code",
    )
    recovery = Field(
        "recovery",
        "text",
        Text("恢复码", "Recovery code"),
        hint=Text("形如 abcde-23456，每个只能用一次。", "Such as abcde-23456; each is good once."),
        error=wrong if way == "recovery" else None,
        width="medium",
    )
    context = {
        "code": code if factors.app else None,
        "recovery": recovery if factors.codes_left else None,
        "passkeys": bool(factors.passkeys),
        "asked": asked,
        "errors": errors([code, recovery]) or ([("", wrong)] if wrong else []),
    }
    return public_page(request, "portal/second.html", context, status=422 if wrong else 200)


def _wrong(request: ActorRequest, half: Actor) -> Finding | None:
    """Try what was given; what was wrong with it, or None."""
    who, address, at = f"second/{half.account}", address_of(request), timezone.now()
    if wait := attempts.wait(who, address):
        return _too_many(wait)
    try:
        match request.POST.get("way"):
            case "passkey":
                asked = request.session.pop(CHALLENGE, "")
                answer = request.POST.get("credential", "")
                actions.pass_by_passkey(half, site_of(request), asked, answer, at)
            case "recovery":
                actions.pass_by_recovery_code(half, request.POST.get("recovery", ""), at)
            case _:
                actions.pass_by_code(half, request.POST.get("code", ""), at)
    except Refused as refused:
        attempts.failed(who, address)
        return refused.findings[0]
    attempts.succeeded(who, address)
    return None


def _given_up(request: ActorRequest, half: Actor) -> bool:
    """Count a miss; at the last one the password is asked for again."""
    state = request.session[sessions.HALF]
    state["misses"] += 1
    request.session.modified = True
    if state["misses"] < MISSES:
        return False
    del request.session[sessions.HALF]
    actions.note_misses(half, timezone.now())
    return True


def _too_many(wait: float) -> Finding:
    minutes = math.ceil(wait / 60)
    return Finding(
        "portal.E008",
        "error",
        Text(
            "验证错误次数过多，请在 {minutes} 分钟后再试。",
            "Too many wrong codes: try again in {minutes} {minutes|minute|minutes}.",
            minutes=minutes,
        ),
    )
