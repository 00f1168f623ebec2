"""Public registers as programmes: by place and day as a page, and as a calendar to subscribe to.

Whoever looks sees what everybody sees: nothing here asks who it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import ANONYMOUS, acting_as
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.region import PROVINCE, region_of
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import Text
from xiangyun.kernel.record.model import Programme, Register
from xiangyun.kernel.service.calendarfile import Appointment, calendar_file
from xiangyun.kernel.worktime import office_zone

_MOST = 500
"""Entries of a page or a calendar, the earliest first."""
_BEFORE, _AHEAD = timedelta(days=30), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that takes place: on a day, at a time where one is said."""

    key: str
    title: str
    on: date
    at: time | None
    where: Text
    kinds: tuple[Text, ...]
    off: bool
    version: int
    changed_at: datetime


@require_safe
def everything(request: ActorRequest) -> HttpResponse:
    """All programmes."""
    with acting_as(ANONYMOUS):
        found = [one for one in registers.readable() if one.declaration]
    shown = [one.declaration for one in found if one.declaration and one.declaration.programme]
    return public_page(request, "programme/all.html", {"registers": shown})


@require_safe
def by_day(request: ActorRequest, code: str) -> HttpResponse:
    """What takes place in a month and a place, day by day."""
    register, place = _register(code), _place(request)
    first = _month(request)
    after = _next(first)
    items = _items(register, place, first, after - timedelta(days=1))
    here = reverse("programme:by-day", args=[code])
    context = {
        "register": register,
        "place": divisions.path_words(place),
        "days": [(day, list(each)) for day, each in groupby(items, key=lambda item: item.on)],
        "first": first,
        "last": after - timedelta(days=1),
        "before": f"{here}?place={place}&month={first - timedelta(days=1):%Y-%m}",
        "after": f"{here}?place={place}&month={after:%Y-%m}",
        "below": [
            (each.words, f"{here}?place={each.code}&month={first:%Y-%m}")
            for each in divisions.children(place)
        ],
        "above": [
            (each.words, f"{here}?place={each.code}&month={first:%Y-%m}")
            for each in divisions.path(place)[:-1]
        ],
        "calendar": f"{reverse('programme:calendar', args=[code])}?place={place}",
        "full": len(items) == _MOST,
    }
    return public_page(request, "programme/by_day.html", context)


@require_safe
def calendar(request: ActorRequest, code: str) -> HttpResponse:
    """The programme of a place as iCalendar: a month back and a year ahead."""
    register, place, today = _register(code), _place(request), timezone.localdate()
    items = _items(register, place, today - _BEFORE, today + _AHEAD)
    language = reader()
    name = Text(
        "{register} · {place}",
        "{register} · {place}",
        register=register.name,
        place=divisions.path_words(place),
    )
    site = settings.PUBLIC_URL.rstrip("/")
    made = calendar_file(
        [
            Appointment(
                uid=f"{code}-{item.key}@{site.partition('://')[2] or site}",
                sequence=item.version,
                changed_at=item.changed_at,
                title=item.title,
                body=" · ".join(kind.pick(language) for kind in item.kinds),
                place=item.where.pick(language),
                url=f"{site}{reverse('programme:by-day', args=[code])}?place={place}",
                first=None if item.at else item.on,
                starts=datetime.combine(item.on, item.at, office_zone()) if item.at else None,
                cancelled=item.off,
            )
            for item in items
        ],
        name.pick(language),
    )
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'inline; filename="{code}.ics"'
    return answer


def _register(code: str) -> Register:
    with acting_as(ANONYMOUS):
        found = next((one for one in registers.readable() if one.code == code), None)
    if found is None or found.declaration is None or found.declaration.programme is None:
        raise Http404
    return found.declaration


def _place(request: ActorRequest) -> int:
    asked = request.GET.get("place", "")
    place = int(asked) if asked.isdecimal() and len(asked) == 12 else region_of(request)
    try:
        divisions.division(place)
    except ObjectDoesNotExist:
        if asked:
            raise Http404 from None
        return PROVINCE
    return place


def _month(request: ActorRequest) -> date:
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _items(register: Register, place: int, first: date, last: date) -> list[Item]:
    """What takes place between two days in a place and below it, in the order of days and times."""
    shown = register.programme
    assert shown is not None
    found, after = list[registers.State](), None
    with acting_as(ANONYMOUS):
        while True:
            page = registers.search(
                register.code,
                filters={shown.on: (first, last)},
                within=place,
                after=after,
                limit=100,
            )
            found += page.states
            after = page.after
            if after is None or len(found) >= _MOST:
                break
    items = list(_read(register, shown, found))
    return sorted(items, key=lambda item: (item.on, item.at or time(), item.key))[:_MOST]


def _read(register: Register, shown: Programme, found: Sequence[registers.State]) -> Iterator[Item]:
    places: dict[int, Text] = {}
    for state in found:
        data = state.data or {}
        if state.division not in places:
            places[state.division] = divisions.path_words(state.division)
        yield Item(
            key=state.key,
            title=str(data.get(shown.title) or ""),
            on=date.fromisoformat(str(data[shown.on])),
            at=_clock(str(data.get(shown.time) or "")),
            where=places[state.division],
            kinds=tuple(_kinds(register, data, shown)),
            off=shown.off is not None and data.get(shown.off[0]) == shown.off[1],
            version=state.fact,
            changed_at=state.recorded_at,
        )


def _kinds(register: Register, data: Mapping[str, Any], shown: Programme) -> Iterator[Text]:
    """The words of the choices of a record, without that which says whether it takes place."""
    off = shown.off[0] if shown.off else ""
    for field in register.fields:
        if field.type == "choice" and field.name != off:
            option = field.option(str(data.get(field.name)))
            if option is not None:
                yield option.words


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None
