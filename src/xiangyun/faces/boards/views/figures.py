"""The board of a place, one figure of it, and what a figure is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.datasets import queries
from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look import charts
from xiangyun.faces.look.charts import Point
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.look.within import above, asked_place
from xiangyun.kernel.projection import Period, read_period

from .drawn import multiple, over_time


def _link(name: str, place: int, id_: str = "", period: str = "") -> str:
    asked = {"place": f"{place:012}", **({"period": period} if period else {})}
    to = reverse(f"boards:{name}", args=[id_] if id_ else [])
    return f"{to}?{urlencode(asked)}"


@require_safe
@officials_only
def board(request: ActorRequest) -> HttpResponse:
    """Every figure of a place: its value, how it moved, and its line over a year."""
    place, own = asked_place(request)
    found = queries.board(place, timezone.localdate())
    rows = [multiple(each, _link("figure", place, each.indicator.id)) for each in found.figures]
    context = {
        "board": found,
        "rows": rows,
        "crumbs": above(place, own, lambda code: _link("board", code)),
    }
    return office_page(request, "boards/board.html", context)


@require_safe
@officials_only
def figure(request: ActorRequest, id_: str) -> HttpResponse:
    """One figure: over time first, then the divisions below as a map and a table, then parts."""
    place, own = asked_place(request)
    period = request.GET.get("period", "")[:20]
    found = queries.board(place, timezone.localdate(), only=[id_], period=period)
    if not found.figures:
        raise Http404
    (one,) = found.figures
    points = [
        Point(
            each.name,
            each.value,
            _link("figure", each.division, id_, one.period.code) if each.deeper else "",
            each.division,
        )
        for each in one.places
    ]
    decimals = one.indicator.decimals
    context = {
        "board": found,
        "one": one,
        "value": charts.written(one.value, decimals),
        "chart": charts.line(over_time(one), title=one.indicator.name, decimals=decimals),
        "map": charts.tiles(points, title=one.indicator.name, decimals=decimals) if points else "",
        "schematic": charts.SCHEMATIC,
        "places": [
            (
                each,
                point.link,
                *(charts.written(v, decimals) for v in (each.value, each.before, each.year_before)),
            )
            for each, point in _least_first(one, points)
        ],
        "parts": charts.bars(
            [Point(name, value) for name, value in one.parts],
            title=one.indicator.name,
            decimals=decimals,
        )
        if one.parts
        else "",
        "periods": [
            (each, charts.written(value, decimals), _link("figure", place, id_, each.code))
            for each, value in reversed(one.series)
            if value is not None
        ],
        "facts": _link("facts", place, id_, one.period.code),
        "crumbs": above(place, own, lambda code: _link("figure", code, id_)),
        "back": _link("board", place),
    }
    return office_page(request, "boards/figure.html", context)


@require_safe
@officials_only
def facts(request: ActorRequest, id_: str) -> HttpResponse:
    """What a figure is made of: other figures, or the rows that count and the official may see."""
    place, _ = asked_place(request)
    known = queries.indicators().get(id_)
    if known is None:
        raise Http404
    period = read_period(request.GET.get("period", ""), known.period)
    if period is None:
        raise Http404
    found = queries.trace(request.actor, id_, place, period)
    if found is None:
        raise Http404
    context = {
        "found": found,
        "place": divisions.division(f"{place:012}"),
        "inputs": [
            (one, when, charts.written(value, one.decimals), _made_of(one.id, place, when))
            for one, when, value in found.inputs
        ],
        "back": _link("figure", place, id_, period.code),
    }
    return office_page(request, "boards/facts.html", context)


def _made_of(id_: str, place: int, when: Period) -> str:
    return _link("facts", place, id_, when.code)


def _least_first(
    one: queries.Figures, points: Sequence[Point]
) -> Iterable[tuple[queries.Place, Point]]:
    """The places by their codes; where more is better, those that have nothing stand first."""
    found = list(zip(one.places, points, strict=True))
    if one.indicator.better == "more":
        found.sort(key=lambda each: bool(each[0].value))
    return found
