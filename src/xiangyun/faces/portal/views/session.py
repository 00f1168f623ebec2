"""Who is here, and where: login, logout, and the region of the header."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from xiangyun.adapters import attempts, openid
from xiangyun.adapters.languages import languages
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import ANONYMOUS
from xiangyun.domain.accounts.roles import role_does, role_words
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.region import REGION_KEY, region_of
from xiangyun.faces.look.requests import ActorRequest, action, address_of, onward
from xiangyun.faces.portal import entering
from xiangyun.faces.portal.views import provider
from xiangyun.kernel import codes
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.language import choose
from xiangyun.kernel.pack.kinds.role import DeclaredRole

_KINDS = {
    "person": Text("个人", "People"),
    "company": Text("企业", "Companies"),
    "official": Text("工作人员", "Officials"),
}
_TRIES = {
    "person": Text(
        "以个人身份申请、补正、查看办件和证照。",
        "Applies as a person, corrects, follows the cases and sees the certificates.",
    ),
    "company": Text(
        "以企业身份申请、补正、查看办件和证照。",
        "Applies as a company, corrects, follows the cases and sees the certificates.",
    ),
}
_WRONG = Finding(
    "portal.E001",
    "error",
    Text("登录名或密码不对。", "The login or the password is wrong."),
    hint=Text(
        "请再输一遍，或从下面选一个演示账户。", "Try again, or pick a demonstration account below."
    ),
)


@require_http_methods(["GET", "POST"])
def log_in(request: ActorRequest) -> HttpResponse:
    """Log in by password, or as one of the fictitious accounts that are listed."""
    typed, wrong, later = "", None, 0
    if request.method == "POST":
        typed = request.POST.get("login", "")
        password = request.POST.get("password", "")
        if actor := accounts.demonstration_actor(request.POST.get("as", "")):
            return entering.welcome(request, actor)  # fictitious: anybody may be this person
        if wait := attempts.wait(typed, address_of(request)):
            wrong, later = _too_many(wait), math.ceil(wait)
        elif actor := accounts.actor_by_password(typed, password):
            attempts.succeeded(typed, address_of(request))
            return entering.after_password(request, actor)
        else:
            attempts.failed(typed, address_of(request))
            wrong = _WRONG
    fields = [
        Field(
            "login",
            "text",
            Text("登录名", "Login"),
            typed=typed,
            error=wrong,
            width="medium",
            autocomplete="username",
        ),
        Field(
            "password",
            "password",
            Text("密码", "Password"),
            width="medium",
            autocomplete="current-password",
        ),
    ]
    context = {
        "fields": fields,
        "errors": errors(fields),
        "accounts": _groups(accounts.demonstration_accounts()) if settings.DEMONSTRATION else [],
        "next": onward(request, ""),
        "providers": openid.providers().values(),
    }
    status = 429 if later else 422 if wrong else 200
    response = public_page(request, "portal/login.html", context, status=status)
    if later:
        response.headers["Retry-After"] = str(later)
    return response


def _too_many(wait: float) -> Finding:
    minutes = math.ceil(wait / 60)
    return Finding(
        "portal.E007",
        "error",
        Text(
            "密码错误次数过多，请在 {minutes} 分钟后再试。",
            "Too many wrong passwords: try again in {minutes} {minutes|minute|minutes}.",
            minutes=minutes,
        ),
    )


@action("portal:home")
def log_out(request: ActorRequest) -> HttpResponse:
    """End the session, and the one at the provider by which it began."""
    there = request.session.get(provider.THERE)
    request.session.flush()
    request.actor = ANONYMOUS
    answer = provider.logged_out(request, there)
    # What this device keeps for offline use: pages, drafts and the key of the drafts.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """An account on the login page: where it is at home, and what can be tried with it."""

    name: str
    login: str
    where: Text
    does: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class AccountGroup:
    """The demonstration accounts of a kind."""

    name: Text
    accounts: tuple[DemonstrationAccount, ...]


def _groups(listed: Sequence[accounts.ListedAccount]) -> list[AccountGroup]:
    """The demonstration accounts by kind, in the order of the kinds."""
    order, known = list(_KINDS), catalogue.roles()
    listed = sorted(listed, key=lambda one: (order.index(one.kind), one.login))
    return [
        AccountGroup(
            _KINDS[kind],
            tuple(
                DemonstrationAccount(a.name, a.login, _where(a, known), _does(a, known))
                for a in members
            ),
        )
        for kind, members in groupby(listed, key=lambda one: one.kind)
    ]


def _where(account: accounts.ListedAccount, known: Mapping[str, DeclaredRole]) -> Text:
    """At which desks an official sits in which roles, or where a person lives."""
    if not account.mandates:
        return Text.given(account.home, account.home)
    roles = list(dict.fromkeys(role_words(held.role, known) for held in account.mandates))
    desks = list(dict.fromkeys(held.desk for held in account.mandates))
    return Text("{desks}：{roles}", "{desks}: {roles}", desks=desks, roles=roles)


def _does(account: accounts.ListedAccount, known: Mapping[str, DeclaredRole]) -> tuple[Text, ...]:
    """What can be tried with an account: a sentence for each of its roles."""
    if account.kind in _TRIES:
        return (_TRIES[account.kind],)
    does = dict.fromkeys(role_does(held.role, known) for held in account.mandates)
    return tuple(sentence for sentence in does if sentence)


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A division found by its name, with the path of names above it."""

    code: int
    name: Text
    above: Sequence[Text]


@require_http_methods(["GET", "POST"])
def region(request: ActorRequest) -> HttpResponse:
    """Choose the region, from the province down or by name."""
    back = onward(request, reverse("portal:home"))
    if request.method == "POST":
        chosen = divisions.division(codes.division.typed(request.POST.get("division", "")))
        request.session[REGION_KEY] = chosen.code
        return HttpResponseRedirect(back)
    at = divisions.division(codes.division.typed(request.GET.get("at", "")) or region_of(request))
    words = request.GET.get("q", "").strip()
    context = {
        "shown_path": divisions.path(at.code),
        "at": at,
        "below": divisions.children(at.code),
        "q": words,
        "found": [
            FoundPlace(d.code, d.words, [step.words for step in divisions.path(d.code)[:-1]])
            for d in (divisions.find(words) if words else [])
        ],
        "next": back,
    }
    return public_page(request, "portal/region.html", context)


@action("portal:home")
def set_language(request: ActorRequest) -> HttpResponse:
    """Read all pages in one of the languages there are from now on; lead back."""
    response = HttpResponseRedirect(onward(request, reverse("portal:home")))
    if language := choose([request.POST.get("language", "")], languages().values()):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language.tag,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.HTTPS,
            httponly=True,
        )
    return response
