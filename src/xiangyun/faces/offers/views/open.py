"""Offers for everybody: found by words, pinyin, place and fields; one of them, and who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.offers import fairness, own, partners, sense, watching
from xiangyun.domain.offers.watching import Asked
from xiangyun.domain.registers import queries
from xiangyun.domain.registers.queries import State, Used
from xiangyun.faces.look import places, records
from xiangyun.faces.look.fields import Choice
from xiangyun.faces.look.lists import Column, Line, Listing
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.region import PROVINCE
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.templatetags.look import shown
from xiangyun.faces.offers import asking
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.matching import Judged, Matching

_PAGE = 30
_SHOWN = 3
_GUESSED = 10
_NAME = Text("名称", "Name")


@dataclass(frozen=True, slots=True)
class Compared:
    """An own record beside one that is looked at: what is met, what is not, and both keys."""

    matching: Matching
    offer: str
    demand: str
    title: str
    judged: Judged
    may_invite: bool


def public(code: str) -> Used:
    """A register that parties enter records into and everybody sees; else there is none."""
    found = next((one for one in own.enterable() if one.code == code), None)
    if found is None or not own.is_public(found):
        raise Http404
    return found


@require_safe
def all_of_them(request: ActorRequest) -> HttpResponse:
    """The registers that are open, the ways to one's own, and who fits nobody."""
    found = [one for one in own.enterable() if own.is_public(one)]
    context = {"registers": found, "matchings": fairness.reported()}
    return public_page(request, "offers/all.html", context)


@require_safe
def find(request: ActorRequest, code: str) -> HttpResponse:
    """A page of what answers."""
    return _find(request, public(code))


@logged_in
@action("offers:find", "code")
def save(request: ActorRequest, code: str) -> HttpResponse:
    """Keep the search; whatever comes to answer it is told in the inbox."""
    used = public(code)
    try:
        asked = _asked(used, request.POST)[0]
        name = request.POST.get("name", "")[:100].replace("\0", "")
        watching.save(request.actor, code, name, asked, at=timezone.now())
    except Refused as refused:
        return _find(request, used, refused)
    return HttpResponseRedirect(reverse("offers:mine"))


@require_safe
def one(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """One record, and how one's own fit it, with the reasons."""
    used = public(code)
    with acting_as(ANONYMOUS):
        state = queries.state(code, key)
    if state is None:
        raise Http404
    context = {
        "register": used,
        "title": records.title_of(used, state),
        "key": state.key,
        "values": asking.told(used, state.data or {}),
        "files": asking.files_in(used, state.data or {}),
        "compared": _compared(request, used, state),
    }
    return public_page(request, "offers/one.html", context)


@require_safe
def file_of(request: ActorRequest, code: str, key: str, name: str) -> HttpResponse:
    """A file that belongs to a public record, to take away."""
    used = public(code)
    with acting_as(ANONYMOUS):
        state = queries.state(code, key)
    return asking.taken_away(used, state, name)


def listing_of(used: Used, states: Sequence[State]) -> Listing:
    """Records with the first of the fields by which they are found."""
    fields = asking.telling(used)[:_SHOWN]
    names = [field.name for field in fields]
    lines = []
    for state in states:
        said = records.values_of(used, state.data or {}, names) if names else []
        by_name = {value.name: str(shown(value.shown)) for value in said}
        url = reverse("offers:one", args=[used.code, state.key])
        cells = [by_name.get(name, "") for name in names]
        lines.append(Line(url, records.title_of(used, state), cells))
    # On a telephone the first of them stands beside the title.
    columns = [Column(field.words, "" if at == 0 else "wide") for at, field in enumerate(fields)]
    return Listing(_NAME, columns, lines)


def _asked(used: Used, given: Any) -> tuple[Asked, list[Choice], str]:
    """What is asked for; places to choose from where a name fits several; the place as typed."""
    typed = str(given.get("place", ""))[:200].replace("\0", "").strip()
    found = places.find(typed, str(given.get("place.pick", ""))[:12], PROVINCE) if typed else ""
    if isinstance(found, list) and not found:
        raise Refused([_no_place(typed)])
    return (
        Asked(
            str(given.get("text", ""))[:100].replace("\0", "").strip(),
            asking.narrowed(used, given),
            int(found) if isinstance(found, str) and found else None,
        ),
        found if isinstance(found, list) else [],
        typed,
    )


def _find(request: ActorRequest, used: Used, refused: Refused | None = None) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    after = request.GET.get("after", "")[:500]
    faults = list(refused.findings) if refused else []
    asked, several, place = Asked(), list[Choice](), str(given.get("place", ""))[:200]
    page, guessed = queries.Page((), None), list[State]()
    try:
        asked, several, place = _asked(used, given)
        with transaction.atomic(), acting_as(ANONYMOUS):
            page = queries.search(
                used.code,
                asked.text,
                filters=asked.filters,
                within=asked.within,
                after=after or None,
                limit=_PAGE,
            )
        if asked.text and not page.states and not after:
            guessed = sense.nearest(
                used, asked.text, filters=asked.filters, within=asked.within, most=_GUESSED
            )
    except Refused as wrong:
        faults += wrong.findings
    again = {k: v for k, v in given.items() if k not in ("after", "csrfmiddlewaretoken", "name")}
    here = reverse("offers:find", args=[used.code])
    context = {
        "register": used,
        "text": asked.text or str(given.get("text", ""))[:100],
        "place": place,
        "several": several,
        "filters": asking.filters(used, asking.narrowed(used, given)),
        "narrowed": bool(asking.narrowed(used, given)),
        "listing": listing_of(used, page.states),
        "guessed": listing_of(used, guessed) if guessed else None,
        "errors": [("search", fault) for fault in faults],
        "kept": [(k, v) for k, v in again.items() if v],
        "may_save": request.actor.account is not None,
        "next_url": f"{here}?{urlencode({**again, 'after': page.after})}" if page.after else None,
    }
    status = STATUS[refused.kind] if refused else 200
    return public_page(request, "offers/find.html", context, status=status)


def _compared(request: ActorRequest, used: Used, state: State) -> list[Compared]:
    found = []
    for matching, side in partners.sides_of(used.code):
        mine = matching.demands if side == "offers" else matching.offers
        other = queries.used(mine.register)
        for each in own.records_of(request.actor, other):
            pair = (state.key, each.key) if side == "offers" else (each.key, state.key)
            with acting_as(SYSTEM):
                judged = partners.judged(matching, *pair)
            if judged is None:
                continue
            may = matching.followed is not None and matching.followed.invites
            title = records.title_of(other, each)
            found.append(Compared(matching, *pair, title, judged, may))
    return sorted(found, key=lambda each: len(each.judged.unmet))


def _no_place(typed: str) -> Finding:
    return Finding(
        "offer.E011",
        "error",
        Text("没有找到地点“{typed}”。", "There is no place “{typed}”.", typed=typed),
        hint=Text(
            "请写市州、县市或乡镇的名称。", "Write the name of a prefecture, county or town."
        ),
    )
