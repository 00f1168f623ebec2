"""Public pages of draws; nobody logs in for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.draws import freezing, queries
from xiangyun.domain.draws.records import packed
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.look import records
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import NotFound, Text

_PAGE = 100
_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Shown:
    """A record of a public register about an object, as a page shows it."""

    name: Text
    values: list[records.Value]


@require_safe
def draws(request: ActorRequest) -> HttpResponse:
    """The plan of the year and of later ones, and the draws that were ordered, the latest first."""
    planned = queries.plans_from(timezone.localdate().year)
    years = [(year, _named(some)) for year, some in planned]
    context = {"years": years, "draws": _named(queries.draws())}
    return public_page(request, "lots/draws.html", context)


def _named(some: list[Any]) -> list[tuple[Any, Text]]:
    with acting_as(SYSTEM):
        names = {each.code: each.name for each in catalogue.declared("draw")}
    return [(each, names.get(each.code) or Text.given(each.code, each.code)) for each in some]


@require_safe
def draw(request: ActorRequest, lot: str) -> HttpResponse:
    """One draw: its order, and what came out once that is public."""
    found = _found(lot)
    after = request.GET.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= _DIGITS):
        raise Http404
    with acting_as(ANONYMOUS):  # officials too see here what everybody may see
        outcome = queries.outcome(found)
        visits = queries.visits_of(found, int(after), _PAGE + 1) if outcome else []
    shown = visits[:_PAGE]
    context = {
        "draw": found,
        "name": _named([found])[0][1],
        "outcome": outcome,
        "visits": shown,
        "next_after": shown[-1].pk if len(visits) > _PAGE else None,
    }
    return public_page(request, "lots/draw.html", context)


@require_safe
def record(request: ActorRequest, lot: str) -> HttpResponse:
    """The record of a draw as a ZIP, for `xiangyun draw verify`."""
    found = _found(lot)
    with acting_as(ANONYMOUS):
        content = packed(found, queries.outcome(found))
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.zip"'
    return answer


@require_safe
def drawn_object(request: ActorRequest, register: str, object_key: str) -> HttpResponse:
    """What may be drawn of a public register: its record, its visits of the year, and what other
    public registers say of it."""
    year = timezone.localdate().year
    with acting_as(ANONYMOUS):
        state = _state(register, object_key)
        visits = queries.visits_to(register, state.key, year)
        holder = state.holder or _party(state)
        about = registers.records_about(holder) if holder else []
        items, cap = _expected(state)
    mine = (state.register, state.key)
    others = [each for each in about if (each.register, each.key) != mine]
    context = {
        "own": _shown(state),
        "title": records.title_of(registers.used(state.register), state),
        "others": [_shown(each) for each in reversed(others)],
        "items": items,
        "cap": cap,
        "asks_recusal": _recusal(state.register),
        "visits": visits,
        "made": sum(not each.skipped for each in visits),
        "year": year,
        "register": register,
        "object_key": state.key,
    }
    return public_page(request, "lots/object.html", context)


def _recusal(register: str) -> str:
    """The service by which an object of a register asks for a recusal; empty for none."""
    with acting_as(SYSTEM):
        declared = [each.value for each in catalogue.declared("draw")]
    found = (each.recusal for each in declared if each.frame.register == register)
    return next(filter(None, found), "")


def _expected(state: registers.State) -> tuple[list[Shown], int | None]:
    """The inspections that an object may expect, as their public register says them; the cap."""
    on = timezone.localdate()
    with acting_as(SYSTEM):
        declared = [each.value for each in catalogue.declared("draw")]
    found = freezing.expected(declared, state.register, state.key, on)
    if found is None:
        return [], None
    used = registers.used(found.items_in) if found.items_in else None
    rows = freezing.rows_of(used.code, None, on, list(found.items)) if used else ()
    shown = [
        Shown(Text.given(row.key, row.key), records.values_of(used, row.data))
        for row in rows
        if used is not None
    ]
    return shown, found.cap


@require_safe
def code(request: ActorRequest, register: str, object_key: str) -> HttpResponse:
    """The code to hang up at the door: it leads to the page of the object."""
    with acting_as(ANONYMOUS):
        key = _state(register, object_key).key
    address = f"{settings.PUBLIC_URL}{reverse('lots:object', args=[register, key])}"
    svg = segno.make(address, error="m").svg_inline(border=2, omitsize=True, dark="#000")
    return HttpResponse(
        svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        content_type="image/svg+xml",
    )


def _found(lot: str) -> queries.Draw:
    found = None if "\0" in lot else queries.draw(lot)
    if found is None:
        raise Http404
    return found


def _state(register: str, key: str) -> registers.State:
    """The record in force, of a register that everybody may read."""
    try:
        found = registers.state(register, key)
    except NotFound:
        raise Http404 from None
    if found is None:
        raise Http404
    return found


def _party(state: registers.State) -> UUID | None:
    """Whom a record is about that was entered before anybody knew the party."""
    declared = registers.used(state.register).declaration
    code = (state.data or {}).get(declared.subject_field) if declared else None
    if declared is None or declared.subject == "none" or code is None:
        return None
    with acting_as(SYSTEM):
        found = parties.by_code(declared.subject, str(code))
    return found.pk if found else None


def _shown(state: registers.State) -> Shown:
    used = registers.used(state.register)
    name = used.declaration.name if used.declaration else Text.given(used.code, used.code)
    return Shown(name, records.values_of(used, state.data or {}))
