"""Render a page of any face: in its frame, with its style, and with the policy of what it loads.

There are two frames: the public one (`look/public.html`), whose head holds the region that somebody
chose, and the officials' (`look/office.html`). Both take their navigation from the manifests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from xiangyun.domain.tallies import tallied
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
    return rendered(request, template, {"desk": desk, **context}, status=status, bars=("office",))


def rendered(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    bars: Sequence[manifest.Bar] = ("account", "foot"),
    counting: bool = True,
) -> HttpResponse:
    """The page, kept to what this site serves. Of its frame only the counts ask the database.

    A page of an error does without them: the database may be the very thing that fails, and
    nobody acts any more.
    """
    frame = {
        **_entries(request, bars, counting),
        "elder": request.COOKIES.get(ELDER) == "1",
        "stylesheet": _stylesheet(template.partition("/")[0]),
    }
    answer = render(request, template, {**frame, **context}, status=status)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def entries(request: HttpRequest, bar: manifest.Bar) -> tuple[Entry, ...]:
    """The entries of a bar of the navigation that the one who asks gets to see."""
    return _entries(request, (bar,), counting=True)[f"{bar}_links"]


def _entries(
    request: HttpRequest, bars: Sequence[manifest.Bar], counting: bool
) -> dict[str, tuple[Entry, ...]]:
    """The entries of the navigation that the one who asks gets to see, by the frame's names."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    match = request.resolver_match
    name = match.view_name if match else ""
    seen = {bar: [each for each in _links(bar) if each.is_for(actor)] for bar in bars}
    asking = {ask for links in seen.values() for each in links for ask in each.asks}
    counted = _counted(sorted(asking), actor) if counting else {}
    return {
        f"{bar}_links": tuple(
            Entry(
                each.link.words,
                _address(each.link.to, get_urlconf()),
                each.link.to == name,
                counted.get(each.link.count, 0),
            )
            for each in links
            if not each.link.some or counted.get(each.link.some)
        )
        for bar, links in seen.items()
    }


def _counted(asking: Sequence[str], actor: Actor) -> dict[str, int]:
    """The numbers of the navigation, by who was asked: all of them by one statement."""
    return dict(zip(asking, tallied([_named(ask)(actor) for ask in asking]), strict=True))


@dataclass(frozen=True, slots=True)
class _Link:
    """An entry as its manifest has it, with whoever says whether an actor sees it."""

    link: manifest.Link
    when: Callable[[Actor], bool] | None

    def is_for(self, actor: Actor) -> bool:
        return self.when is None or self.when(actor)

    @property
    def asks(self) -> Iterator[str]:
        """Whoever is asked for its numbers."""
        return filter(None, (self.link.count, self.link.some))


@cache
def _links(bar: manifest.Bar) -> tuple[_Link, ...]:
    found = manifest.links(bar)
    return tuple(_Link(link, _named(link.when) if link.when else None) for link in found)


@cache
def _named(function: str) -> Callable[[Actor], Any]:
    """What a manifest names as `module:function`."""
    found: Callable[[Actor], Any] = import_string(function.replace(":", "."))
    return found


@cache
def _address(name: str, urlconf: str | None) -> str:
    """Where an entry leads to: every page has all entries, and none of them ever moves."""
    return reverse(name, urlconf)


@cache
def _stylesheet(folder: str) -> str:
    """The part of the style that belongs to the app whose templates lie in this folder, if any.

    An app of the domain may have the name of a face: whichever has a style.
    """
    found = (app.manifest.stylesheet for app in manifest.apps() if app.name == folder)
    return next(filter(None, found), "")
