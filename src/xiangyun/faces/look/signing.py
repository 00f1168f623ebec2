"""The page on which something is signed by passkey: what is signed, in words, and the button.

A face says what is to be signed by doing its step (`domain.cases.signing.ask`), and does it for
good with what the browser answers. Without a script the page says what else can be done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from xiangyun.domain.cases import signing
from xiangyun.domain.cases.ports import Site
from xiangyun.faces.look.page import office_page, public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import Refused

_WANTED = "signing"


def site_of(request: HttpRequest) -> Site:
    """Where the browser stands, as passkeys name it; the host is one of those that are allowed."""
    host = request.get_host()
    return Site(urlsplit(f"//{host}").hostname or "", f"{request.scheme}://{host}")


def begin(request: ActorRequest, what: str, **said: str) -> None:
    """Keep with the session what is to be signed, and how, until its page is answered."""
    request.session[_WANTED] = {"what": what, **said}


def begun(request: ActorRequest, what: str) -> Mapping[str, str] | None:
    """What was begun to be signed, if it is this."""
    found = request.session.get(_WANTED) or {}
    return found if found.get("what") == what else None


def answered(request: ActorRequest) -> signing.Signing:
    """What the page was answered with."""
    return signing.Signing(
        site_of(request),
        request.POST.get("asked_at", "")[:40],
        request.POST.get("credential", "")[:20_000] or "{}",
    )


def page(
    request: ActorRequest,
    act: Callable[[signing.Signing], object],
    context: Mapping[str, Any],
    refused: Refused | None = None,
) -> HttpResponse:
    """The page; where it cannot be signed, with the reason. `refused`: what just went wrong."""
    asked = None
    try:
        asked = signing.ask(act, site_of(request), request.actor, timezone.now())
    except Refused as refusal:
        refused = refused or refusal
    made = office_page if request.actor.is_official else public_page
    told = {
        "asked": asked,
        "refusal": refused.findings[0] if refused else None,
        "frame": "look/office.html" if request.actor.is_official else "look/public.html",
        **context,
    }
    return made(request, "look/sign.html", told, status=STATUS[refused.kind] if refused else 200)
