"""Log in by a provider of OpenID Connect, link it with one's account, and log out there, too."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.adapters import openid
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.authentication import identities
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, action, logged_in, onward
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.portal.entering import after_password, welcome
from xiangyun.kernel.findings import Finding, Refused, Text

UNDER_WAY = "provider"
"""Where a session keeps what the way to a provider is for, until the browser comes back."""
THERE = "provider_session"
"""Where it keeps by which provider somebody was let in, and the token to log out there."""


@require_safe
def begin(request: ActorRequest, code: str) -> HttpResponse:
    """Lead to the provider: to log in, or to link the account that has just asked for it."""
    provider = _provider(code)
    kept = request.session.get(UNDER_WAY, {})
    linking = kept.get("link") if kept.get("code") == code else None
    request.session[UNDER_WAY] = {"code": code, "link": linking, "onward": onward(request, "")}
    back = request.build_absolute_uri(reverse("portal:provider-back", args=[code]))
    try:
        return openid.begin(request, provider, back)
    except Refused as refused:
        return _not_in(request, refused.findings[0])


@require_safe
def back(request: ActorRequest, code: str) -> HttpResponse:
    """The provider has sent the browser back: log in, link, or say why not."""
    provider, kept = _provider(code), request.session.pop(UNDER_WAY, {})
    if kept.get("code") != code:
        return _not_in(request, _NOT_BEGUN)
    try:
        proved = openid.finish(request, provider)
        if kept["link"] and kept["link"] == str(request.actor.account):
            return _linked(request, code, proved)
        return _let_in(request, provider, proved, kept["onward"])
    except Refused as refused:
        return _not_in(request, refused.findings[0])


def _let_in(
    request: ActorRequest, provider: openid.Provider, proved: openid.Proved, to: str
) -> HttpResponse:
    """Log in whoever is linked with the identity, or open an account where that is wanted."""
    at = timezone.now()
    account = identities.account_at(proved.issuer, proved.subject)
    if account is None and provider.opens:
        account = identities.open_for(
            provider=provider.code,
            issuer=proved.issuer,
            subject=proved.subject,
            login=proved.values.get("login", ""),
            name=proved.values.get("name", ""),
            id_number=proved.values.get("id_number", ""),
            mobile=proved.values.get("mobile", ""),
            fictitious=settings.DEMONSTRATION,
            at=at,
        )
    actor = accounts.actor_by_account(account) if account else None
    if actor is None:
        return _not_in(request, _NOT_LINKED if account is None else _LOCKED)
    enter = welcome if provider.asks_factor else after_password
    answer = enter(request, actor, to)
    request.session[THERE] = {"code": provider.code, "id_token": proved.id_token}
    identities.passed(actor, provider.code, at)
    return answer


def _linked(request: ActorRequest, code: str, proved: openid.Proved) -> HttpResponse:
    identities.link(
        request.actor,
        provider=code,
        issuer=proved.issuer,
        subject=proved.subject,
        at=timezone.now(),
    )
    messages.success(request, words(Text("已关联，以后可以用它登录。", "Linked: it lets you in.")))
    return HttpResponseRedirect(reverse("portal:account"))


@logged_in
@action("portal:account")
def link(request: ActorRequest, code: str) -> HttpResponse:
    """Begin to link one's account; the next page leads on, as forms may lead to this site only."""
    request.session[UNDER_WAY] = {"code": _provider(code).code, "link": str(request.actor.account)}
    return leaving(request, reverse("portal:provider", args=[code]))


@logged_in
@action("portal:account")
def unlink(request: ActorRequest, identity: int) -> HttpResponse:
    """Take an identity from one's account."""
    try:
        identities.unlink(request.actor, identity, timezone.now())
        messages.success(request, words(Text("已取消关联。", "It lets you in no more.")))
    except Refused as refused:
        messages.error(request, words(refused.findings[0].message))
    return HttpResponseRedirect(reverse("portal:account"))


def logged_out(request: ActorRequest, there: dict[str, str] | None) -> HttpResponse:
    """After a log-out here: lead on to the provider by which somebody was let in, or home."""
    home = request.build_absolute_uri(reverse("portal:home"))
    found = openid.providers().get(there["code"]) if there else None
    if there and found and (url := openid.ending(found, there["id_token"], home)):
        return leaving(request, url)
    return HttpResponseRedirect(reverse("portal:home"))


def leaving(request: ActorRequest, url: str) -> HttpResponse:
    """A page that leads on by itself, or by its link."""
    answer = public_page(request, "portal/leaving.html", {"url": url})
    answer.headers["Refresh"] = f"0; url={url}"
    return answer


def _provider(code: str) -> openid.Provider:
    found = openid.providers().get(code)
    if found is None:
        raise Http404
    return found


def _not_in(request: ActorRequest, finding: Finding) -> HttpResponse:
    """Why somebody was not let in, on the page to try again."""
    said = f"{words(finding.message)} {words(finding.hint) if finding.hint else ''}"
    messages.error(request, said.strip())
    to = "portal:account" if request.actor.account else "portal:login"
    return HttpResponseRedirect(reverse(to))


_NOT_BEGUN = Finding(
    "portal.E009",
    "error",
    Text(
        "这次登录不是从这里开始的，或已经用过。", "This log-in was not begun here, or is used up."
    ),
    hint=Text("请重新登录。", "Log in once more."),
)
_NOT_LINKED = Finding(
    "portal.E010",
    "error",
    Text("还没有账户与这个身份关联。", "No account is linked with this identity."),
    hint=Text(
        "请先用密码登录，再在“账户安全”中关联。",
        "Log in with the password first, then link it under “Account”.",
    ),
)
_LOCKED = Finding(
    "portal.E011",
    "error",
    Text("这个账户已停用。", "This account is locked."),
    hint=Text("请联系本单位管理员。", "Ask the administrator of your office."),
)
