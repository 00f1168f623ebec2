"""The own account: where it is logged in, and its password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from xiangyun.adapters import attempts, openid
from xiangyun.domain.accounts import actions, sessions
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.authentication import identities
from xiangyun.domain.authentication import queries as authentication
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, action, address_of, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.portal.devices import device_words
from xiangyun.kernel.findings import Finding, Refused, Text


@dataclass(frozen=True, slots=True)
class LogIn:
    """A browser in which the account is logged in."""

    device: Text
    seen_at: datetime
    is_this: bool


@logged_in
@require_http_methods(["GET", "POST"])
def account(request: ActorRequest) -> HttpResponse:
    """Show the open log-ins and the form for a new password; POST changes the password."""
    fault = _change(request) if request.method == "POST" else None
    if request.method == "POST" and fault is None:
        messages.success(
            request,
            words(Text("密码已更改，其他登录已退出。", "Changed; other log-ins have ended.")),
        )
        return HttpResponseRedirect(reverse("portal:account"))
    fields = _fields(fault)
    context = {
        "fields": fields,
        "errors": errors(fields),
        "sessions": _open(request),
        "providers": openid.providers().values(),
        "identities": identities.identities(request.actor.account) if request.actor.account else [],
        "has_factor": request.actor.account and authentication.factors(request.actor.account).any,
    }
    return public_page(request, "portal/account.html", context, status=422 if fault else 200)


@logged_in
@action("portal:account")
def end_sessions(request: ActorRequest) -> HttpResponse:
    """End all log-ins but this one."""
    assert request.actor.account is not None
    sessions.end_others(request.actor.account, request.session.session_key)
    messages.success(request, words(Text("其他登录都已退出。", "All other log-ins have ended.")))
    return HttpResponseRedirect(reverse("portal:account"))


def _change(request: ActorRequest) -> Finding | None:
    """Change the password as the form says; what was wrong, or None."""
    own = accounts.own_account(request.actor)
    address = address_of(request)
    if attempts.wait(own.login, address):
        return actions.WRONG_PASSWORD  # slowed like a log-in, and told no more than there
    try:
        actions.change_password(
            request.actor,
            present=request.POST.get("present", ""),
            new=request.POST.get("new", ""),
            session_key=request.session.session_key,
        )
    except Refused as refused:
        if refused.findings[0].id == actions.WRONG_PASSWORD.id:
            attempts.failed(own.login, address)
        return refused.findings[0]
    agent = request.headers.get("User-Agent", "")
    sessions.begin(request.session, accounts.own_account(request.actor), agent)
    return None


def _fields(fault: Finding | None) -> list[Field]:
    wrong = {"present": None, "new": None} | ({} if fault is None else {_FIELD_OF[fault.id]: fault})
    return [
        Field(
            "present",
            "password",
            Text("原密码", "Present password"),
            error=wrong["present"],
            width="medium",
            autocomplete="current-password",
        ),
        Field(
            "new",
            "password",
            Text("新密码", "New password"),
            error=wrong["new"],
            width="medium",
            autocomplete="new-password",
        ),
    ]


_FIELD_OF = {actions.WRONG_PASSWORD.id: "present", actions.WEAK_PASSWORD.id: "new"}


def _open(request: ActorRequest) -> list[LogIn]:
    assert request.actor.account is not None
    return [
        LogIn(
            device_words(each.agent), each.seen_at, each.session_key == request.session.session_key
        )
        for each in sessions.open_sessions(request.actor.account)
    ]
