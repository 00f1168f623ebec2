"""How a place stands, by what lies below it and by department, and the cases behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast, get_args
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import queries as cases
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.supervision import access, queries
from xiangyun.faces.look import downloads
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.look.within import above, asked_place
from xiangyun.faces.supervision import tables
from xiangyun.kernel.codes.department import key_of, name_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.meanings import MEANINGS

STATES: dict[cases.CaseState, Text] = {
    "open": Text("在办", "Open"),
    "late": Text("超期", "Late"),
    "near": Text("临期", "At risk"),
}
"""The words for what a case in a list is; see `cases.standing`."""


def _link(name: str, place: int, **more: str | int) -> str:
    return f"{reverse(f'supervision:{name}')}?{urlencode({'place': f'{place:012}', **more})}"


@require_safe
@officials_only
def place(request: ActorRequest) -> HttpResponse:
    """Open, late and at risk now, and what ended this month: each number opens its cases."""
    code, own = asked_place(request)
    try:
        found = queries.place(request.actor, code, today=timezone.localdate())
    except divisions.Division.DoesNotExist:
        raise Http404 from None
    if downloads.wanted(request):
        rows = (*found.parts, *found.departments)
        return downloads.answer(request, tables.place(_heads(), _values), downloads.whole(rows))
    context = {
        "place": found,
        "heads": _heads(),
        "whole": _numbers(found.whole, code),
        "parts": [
            (part, _deeper(part, code), _numbers(part.tally, part.code, **_own(part, code)))
            for part in found.parts
        ],
        "departments": [
            (part, "", _numbers(part.tally, code, department=part.code))
            for part in found.departments
        ],
        "oversees": access.oversees_place(request.actor, code),
        "waiting": queries.waiting(request.actor),
        "crumbs": above(code, own, lambda each: _link("place", each)),
    }
    return office_page(request, "supervision/place.html", context)


def _deeper(part: queries.Part, within: int) -> str:
    return _link("place", part.code) if part.code != within else ""


def _own(part: queries.Part, within: int) -> dict[str, int]:
    """What the links of the place itself say, whose numbers leave out what lies below."""
    return {"own": 1} if part.code == within else {}


_NOW: tuple[tuple[cases.CaseState, str], ...] = (("open", ""), ("late", "red"), ("near", "amber"))
_ENDED: dict[str, Text] = {
    "granted": Text("本月准予", "Granted"),
    "denied": Text("本月不予", "Denied"),
    "taken_back": Text("本月撤回", "Withdrawn"),
    "": Text("本月其他办结", "Other ends"),
}


_OTHER = "other"
"""In addresses: whatever meaning is none of those that have a number of their own."""


def _heads() -> list[Text]:
    return [*(STATES[state] for state, _ in _NOW), *_ENDED.values()]


def _values(tally: cases.Tally) -> list[int]:
    """The numbers in the order of the heads."""
    ended = [tally.ended.get(name, 0) for name in _ENDED if name]
    now = [int(getattr(tally, state)) for state, _ in _NOW]
    return [*now, *ended, sum(tally.ended.values()) - sum(ended)]


def _numbers(tally: cases.Tally, place: int, **more: int) -> list[dict[str, Any]]:
    """The three numbers of open cases with their lists, then those of ended ones."""
    found = []
    for state, tone in _NOW:
        number = getattr(tally, state)
        link = _link("cases", place, state=state, **more) if number else ""
        tone = tone if number else ""
        found.append({"number": number, "link": link, "tone": tone, "of_now": True})
    ended = {name: tally.ended.get(name, 0) for name in _ENDED if name}
    ended[""] = sum(tally.ended.values()) - sum(ended.values())
    found += [
        {
            "number": number,
            "link": _link("ended", place, meaning=name or _OTHER, **more) if number else "",
        }
        for name, number in ended.items()
    ]
    return [{**one, "head": head} for one, head in zip(found, _heads(), strict=True)]


def _narrowed(department: str, itself: bool) -> dict[str, str]:
    """What the further pages of a list ask as well."""
    return {
        **({"department": department} if department else {}),
        **({"own": "1"} if itself else {}),
    }


@require_safe
@officials_only
def behind(request: ActorRequest) -> HttpResponse:
    """The cases behind a number, the soonest due first, each with who has it now."""
    code, own = asked_place(request)
    asked, typed = request.GET.get("state", "open"), request.GET.get("department", "")
    if asked not in get_args(cases.CaseState) or (typed and not typed.isdecimal()):
        raise Http404
    state = cast("cases.CaseState", asked)
    matter, after = int(typed[:9]) if typed else None, request.GET.get("after", "")
    itself = request.GET.get("own") == "1"

    def piece(after: str) -> tuple[Sequence[cases.Standing], str]:
        today = timezone.localdate()
        return queries.behind(
            request.actor, code, state=state, today=today, matter=matter, after=after, own=itself
        )

    if downloads.wanted(request):
        return downloads.answer(request, tables.STANDING, piece)
    try:
        rows, more = piece(after)
    except ValueError:  # a key that no page has given out
        raise Http404 from None
    said = queries.said_about(rows)
    narrowed = {"state": state, **_narrowed(typed, itself)}
    context = {
        "state": STATES[state],
        "where": divisions.path_words(code),
        "department": name_of(key_of(matter)) if matter else None,
        "rows": [
            (row, [(task, said.get((row.case.pk, task.token))) for task in row.waiting])
            for row in rows
        ],
        "oversees": access.oversees_place(request.actor, code),
        "back": _link("place", code),
        "next_url": _link("cases", code, **narrowed, after=more) if more else None,
        "first_url": _link("cases", code, **narrowed) if after else None,
        "crumbs": above(code, own, lambda each: _link("place", each)),
    }
    return office_page(request, "supervision/cases.html", context)


@require_safe
@officials_only
def ended(request: ActorRequest) -> HttpResponse:
    """The cases behind a number of what ended this month, the latest first."""
    code, own = asked_place(request)
    meaning, typed = request.GET.get("meaning", ""), request.GET.get("department", "")
    name = "" if meaning == _OTHER else meaning
    skipped = request.GET.get("skip", "0")
    if name not in _ENDED or (meaning != _OTHER and not name) or not skipped.isdecimal():
        raise Http404
    if typed and not typed.isdecimal():
        raise Http404
    matter, skip = int(typed[:9]) if typed else None, min(int(skipped[:6]), 100_000)
    itself = request.GET.get("own") == "1"
    others = frozenset({*MEANINGS, "closed"}) - _ENDED.keys()
    meanings = frozenset([name]) if name else others

    def piece(after: str) -> tuple[Sequence[cases.Ended], str]:
        today, done = timezone.localdate(), int(after or 0)
        some, more = queries.ended(
            request.actor,
            code,
            meanings=meanings,
            today=today,
            matter=matter,
            skip=done,
            own=itself,
        )
        return some, str(done + len(some)) if more else ""

    if downloads.wanted(request):
        return downloads.answer(request, tables.ENDED, piece)
    rows, more = piece(str(skip))
    narrowed = {"meaning": meaning, **_narrowed(typed, itself)}
    context = {
        "state": _ENDED[name],
        "where": divisions.path_words(code),
        "department": name_of(key_of(matter)) if matter else None,
        "rows": rows,
        "back": _link("place", code),
        "next_url": _link("ended", code, **narrowed, skip=skip + len(rows)) if more else None,
        "first_url": _link("ended", code, **narrowed) if skip else None,
        "crumbs": above(code, own, lambda each: _link("place", each)),
    }
    return office_page(request, "supervision/ended.html", context)
