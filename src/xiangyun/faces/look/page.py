"""Render a page of any face: in its frame, with its style, and with the policy of what it loads.

There are two frames: the public one (`look/public.html`), whose head holds the region that somebody
chose, and the officials' (`look/office.html`). Both take their navigation from the manifests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_urlconf, reverse
from django.utils.module_loading import import_string

from xiangyun import manifest
from xiangyun.domain.accounts.access import ANONYMOUS, Actor
from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look.policy import POLICY
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import Text

ELDER = "xiangyun-elder"
"""The cookie of whoever wants pages large (长辈版)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation as it stands on a page; `here` on the page that it leads to.

    `count`: how much waits there; 0 is not shown.
    """

    words: Text
    url: str
    here: bool
    count: int = 0


def public_page(
    request: ActorRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of citizens and companies, with the region path in its head."""
    try:
        region = divisions.path(region_of(request))
    except ObjectDoesNotExist:  # before the divisions are loaded
        region = ()
    return rendered(request, template, {"region": region, **context}, status=status)


def office_page(
    request: ActorRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of officials, with the desks of the one who looks in its head."""
    desks = list(dict.fromkeys(mandate.desk for mandate in request.actor.mandates))
    desk = Text("{all}", "{all}", all=desks) if desks else None
    frame = {"desk": desk, "office": entries(request, "office")}
    return rendered(request, template, {**frame, **context}, status=status)


def rendered(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    counting: bool = True,
) -> HttpResponse:
    """The page, kept to what this site serves. Of its frame only the counts ask the database.

    A page of an error does without them: the database may be the very thing that fails, and
    nobody acts any more.
    """
    frame = {
        "account_links": entries(request, "account", counting=counting),
        "foot_links": entries(request, "foot", counting=counting),
        "elder": request.COOKIES.get(ELDER) == "1",
        "stylesheet": _stylesheet(template.partition("/")[0]),
    }
    answer = render(request, template, {**frame, **context}, status=status)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def entries(request: HttpRequest, bar: manifest.Bar, *, counting: bool = True) -> list[Entry]:
    """The entries of a bar of the navigation that the one who asks gets to see."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    match = request.resolver_match
    name = match.view_name if match else ""
    return [
        Entry(
            link.words,
            _address(link.to, get_urlconf()),
            link.to == name,
            _count(link, request) if counting else 0,
        )
        for link in manifest.links(bar)
        if not link.when or import_string(link.when.replace(":", "."))(actor)
    ]


@cache
def _address(name: str, urlconf: str | None) -> str:
    """Where an entry leads to: every page has all entries, and none of them ever moves."""
    return reverse(name, urlconf)


def _count(link: manifest.Link, request: HttpRequest) -> int:
    """How much waits where a link leads; 0 where nobody counts. Asked once a page."""
    if not link.count:
        return 0
    counted: dict[str, int] = request.__dict__.setdefault("counted", {})
    if link.count not in counted:
        actor = getattr(request, "actor", ANONYMOUS)
        counted[link.count] = import_string(link.count.replace(":", "."))(actor)
    return counted[link.count]


@cache
def _stylesheet(folder: str) -> str:
    """The part of the style that belongs to the app whose templates lie in this folder, if any.

    An app of the domain may have the name of a face: whichever has a style.
    """
    found = (app.manifest.stylesheet for app in manifest.apps() if app.name == folder)
    return next(filter(None, found), "")
