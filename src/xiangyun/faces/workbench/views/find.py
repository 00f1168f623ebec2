"""Finding cases: by number, name or code, by filters that may be kept, and what one did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiangyun.domain.lookup import actions
from xiangyun.domain.lookup import queries as lookup
from xiangyun.faces.look import downloads
from xiangyun.faces.look.lists import APPLICANT, CASE, NUMBER, SERVICE, STEP, Column, Line, Listing
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.look.templatetags.look import day, words
from xiangyun.kernel.findings import Refused, Text

from .choosing import offered

_STATES = {
    "": Text("全部", "All"),
    "open": Text("在办", "Open"),
    "ended": Text("办结", "Ended"),
}


class StateLink(NamedTuple):
    """How many there are of a state, with the way to them."""

    url: str
    number: str
    name: Text
    current: bool


class Kept(NamedTuple):
    """A filter that is kept, with the way to what it finds."""

    name: str
    url: str


@require_safe
@officials_only
def find(request: ActorRequest) -> HttpResponse:
    """The filters, how many answer, and a page of the cases."""
    asked, wrong = _asked(request.GET)

    def piece(after: str) -> tuple[Sequence[lookup.Row], str]:
        some = lookup.find(request.actor, asked, after=after, limit=downloads.PIECE)
        return some.rows, some.next

    if downloads.wanted(request):
        return downloads.answer(request, _TABLE, piece)
    try:
        found = lookup.find(request.actor, asked, after=request.GET.get("after", ""))
    except ValueError:  # a place that no page has given out
        raise Http404 from None
    told = lookup.told_of(asked)
    context = {
        "asked": asked,
        "wrong": wrong,
        "told": told,
        "filtered": bool(told),
        "services": offered(request.GET.get("of", "")[:100], asked.service),
        "states": [_state(key, asked, found) for key in _STATES],
        "listing": Listing(CASE, _FOUND, [_line(row) for row in found.rows]),
        "next_url": _url(asked, found.next) if found.next else None,
        "first_url": _url(asked) if request.GET.get("after") else None,
        "kept": [Kept(name, _url(one)) for name, one in lookup.saved(request.actor)],
    }
    return office_page(request, "workbench/find.html", context)


@require_safe
@officials_only
def done(request: ActorRequest) -> HttpResponse:
    """What one did, the latest first."""
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise Http404

    def piece(after: str) -> tuple[Sequence[lookup.Did], str]:
        upto = int(after) if after else None
        some = lookup.did(request.actor, before=upto, limit=downloads.PIECE)
        return some, str(some[-1].place) if some else ""

    if downloads.wanted(request):
        return downloads.answer(request, _TABLE_OF_DONE, piece)
    rows = lookup.did(request.actor, before=int(before) if before else None)
    here = reverse("workbench:done")
    context = {
        "listing": Listing(CASE, _DID, [_did(row) for row in rows]),
        "next_url": f"{here}?before={rows[-1].place}" if len(rows) == lookup.PAGE else None,
        "first_url": here if before else None,
    }
    return office_page(request, "workbench/done.html", context)


@officials_only
@action("workbench:find")
def save(request: ActorRequest) -> HttpResponse:
    """Keep a filter under a name."""
    asked, _ = _asked(request.POST)
    try:
        actions.save(request.actor, request.POST.get("name", ""), asked)
    except Refused as refusal:
        return _told(request, refusal.findings[0].message, _url(asked))
    return _told(request, Text("筛选已保存。", "The filter is kept."), _url(asked))


_FOUND = (
    Column(NUMBER, "wide soft small"),
    Column(APPLICANT, "wide who"),
    Column(SERVICE),
    Column(Text("状态", "State"), "step"),
    Column(Text("收件", "Sent"), "num soft"),
)
_DID = (
    Column(NUMBER, "wide soft small"),
    Column(STEP),
    Column(Text("办理", "Done"), "step"),
    Column(Text("时间", "When"), "num soft"),
)
_ENDED, _OPEN = Text("办结", "Ended"), Text("在办", "Open")

_TABLE: downloads.Table[lookup.Row] = downloads.Table(
    "cases",
    Text("查办件", "Cases"),
    (
        (CASE, lambda row: row.subject),
        (NUMBER, lambda row: row.number),
        (APPLICANT, lambda row: row.applicant),
        (SERVICE, lambda row: row.service),
        (_FOUND[3].head, lambda row: row.outcome or (_ENDED if row.ended else _OPEN)),
        (_FOUND[4].head, lambda row: row.submitted_at),
    ),
)
_TABLE_OF_DONE: downloads.Table[lookup.Did] = downloads.Table(
    "done-by-me",
    Text("我办过的", "Done by me"),
    (
        (CASE, lambda row: row.subject),
        (NUMBER, lambda row: row.number),
        (STEP, lambda row: row.step),
        (_DID[2].head, lambda row: row.action),
        (_DID[3].head, lambda row: row.at),
    ),
)


def _line(row: lookup.Row) -> Line:
    state = row.outcome or (_ENDED if row.ended else _OPEN)
    cells = (row.number, row.applicant, words(row.service), words(state), day(row.submitted_at))
    return Line(reverse("workbench:case", args=[row.case]), row.subject, cells)


def _did(row: lookup.Did) -> Line:
    cells = (row.number, words(row.step), words(row.action), day(row.at))
    return Line(reverse("workbench:case", args=[row.case]), row.subject, cells)


@officials_only
@action("workbench:find")
def drop(request: ActorRequest) -> HttpResponse:
    """Keep a filter no longer."""
    actions.drop(request.actor, request.POST.get("name", ""))
    return _told(request, Text("筛选已删去。", "The filter is removed."), reverse("workbench:find"))


def _told(request: HttpRequest, text: Text, url: str) -> HttpResponse:
    messages.success(request, words(text))
    return HttpResponseRedirect(url)


def _asked(given: QueryDict) -> tuple[lookup.Asked, Text | None]:
    """The filter of an address; and what is wrong in it, which is then left out."""
    told = {name: given.get(name, "") for name in ("text", "service", "state", "since", "until")}
    try:
        return lookup.asked_of(told), None
    except ValueError:
        days = dict.fromkeys(("since", "until"), "")
        wrong = Text(
            "日期写法不对，例如 2026-04-09；这次没有按日期筛选。",
            "That is no day; write it as 2026-04-09. This list is not limited to days.",
        )
        return lookup.asked_of(told | days), wrong


def _state(key: str, asked: lookup.Asked, found: lookup.Found) -> StateLink:
    counted = found.counts.values() if not key else [found.counts[key]]
    total = sum(counted)
    more = any(number > lookup.COUNTED for number in counted)
    number = f"{min(total, lookup.COUNTED)}+" if more else str(total)
    one = lookup.Asked(asked.text, asked.service, key, asked.since, asked.until)
    return StateLink(_url(one), number, _STATES[key], asked.state == key)


def _url(asked: lookup.Asked, after: str = "") -> str:
    told = {**lookup.told_of(asked), **({"after": after} if after else {})}
    return f"{reverse('workbench:find')}?{urlencode(told)}"
