"""Public figures: what indicators say that are open to everybody, by department and place."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.datasets import queries, standings
from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look import charts
from xiangyun.faces.look.charts import Point
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.region import PROVINCE
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.codes.department import name_of
from xiangyun.kernel.findings import Text

from .drawn import multiple, over_time

PERIODS = 36
_OTHERS = Text("其他", "Others")


def place_of(request: HttpRequest) -> int:
    """The division that is asked for, else the province. Raises Http404 for one that is none."""
    place = codes.typed(request.GET.get("place", "")) or PROVINCE
    if not divisions.is_there(place):
        raise Http404
    return place


def linked(name: str, place: int, *arguments: str, **asked: str) -> str:
    """An address of these pages for a place."""
    query = urlencode({"place": f"{place:012}", **asked})
    return f"{reverse(f'figures:{name}', args=arguments)}?{query}"


def crumbs(place: int, name: str, *arguments: str, **asked: str) -> list[dict[str, Any]]:
    """The divisions above a place, each with its address."""
    return [
        {"name": step.words, "link": linked(name, int(step.code), *arguments, **asked)}
        for step in divisions.path(place)
        if int(step.code) != place
    ]


def open_indicators() -> list[str]:
    """The ids of those that everybody sees, by department."""
    found = [each for each in queries.indicators().values() if each.open and not each.under]
    return [each.id for each in sorted(found, key=lambda each: each.department)]


@require_safe
def board(request: ActorRequest) -> HttpResponse:
    """All public figures of a place, side by side."""
    place, ids = place_of(request), open_indicators()
    found = queries.board(place, timezone.localdate(), only=ids) if ids else None
    shown = {each.indicator.id: each for each in found.figures} if found else {}
    rows = [multiple(shown[id_], linked("figure", place, id_)) for id_ in ids]
    groups = [
        (name_of(department) or _OTHERS, list(some))
        for department, some in groupby(rows, lambda row: row["figure"].indicator.department)
    ]
    context = {
        "board": found,
        "groups": groups,
        "crumbs": crumbs(place, "board"),
        "schemes": list(standings.schemes().values()),
    }
    return public_page(request, "boards/public.html", context)


@require_safe
def figure(request: ActorRequest, id_: str) -> HttpResponse:
    """One public figure: three years by month, the divisions below, the parts."""
    place = place_of(request)
    known = queries.indicators().get(id_)
    if known is None or not known.open:
        raise Http404
    period = request.GET.get("period", "")[:20]
    today = timezone.localdate()
    found = queries.board(place, today, only=[id_], period=period, periods=PERIODS)
    (one,) = found.figures
    decimals = one.indicator.decimals
    points = [
        Point(
            each.name,
            each.value,
            linked("figure", each.division, id_, period=one.period.code) if each.deeper else "",
            each.division,
        )
        for each in one.places
    ]
    context = {
        "board": found,
        "one": one,
        "value": charts.written(one.value, decimals),
        "chart": charts.line(over_time(one), title=one.indicator.name, decimals=decimals),
        "places": [(p.label, charts.written(p.value, decimals), p.link) for p in points],
        "map": charts.tiles(points, title=one.indicator.name, decimals=decimals) if points else "",
        "schematic": charts.SCHEMATIC,
        "periods": [
            (each, charts.written(value, decimals), linked("figure", place, id_, period=each.code))
            for each, value in reversed(one.series)
            if value is not None
        ],
        "crumbs": crumbs(place, "figure", id_),
        "back": linked("board", place),
    }
    return public_page(request, "boards/publicfigure.html", context)
