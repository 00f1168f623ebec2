"""The board of a place, one figure of it, and what a figure is made of."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.datasets import queries
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.duties.queries import widest
from xiangyun.faces.look import charts
from xiangyun.faces.look.charts import Point
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.projection import Period, read_period


def _place(request: ActorRequest) -> tuple[int, int]:
    """The place that is asked for, within a mandate, and the official's widest."""
    own = widest(request.actor)
    if own is None:
        raise Http404
    place = codes.typed(request.GET.get("place", "")) or own
    if not any(m.low <= place <= m.high for m in request.actor.mandates):
        raise Http404
    return place, own


def _link(name: str, place: int, id_: str = "", period: str = "") -> str:
    asked = {"place": f"{place:012}", **({"period": period} if period else {})}
    to = reverse(f"boards:{name}", args=[id_] if id_ else [])
    return f"{to}?{urlencode(asked)}"


@require_safe
@officials_only
def board(request: ActorRequest) -> HttpResponse:
    """Every figure of a place: its value, how it moved, and its line over a year."""
    place, own = _place(request)
    found = queries.board(place, timezone.localdate())
    rows = [
        {
            "figure": each,
            "value": charts.written(each.value, each.indicator.decimals),
            "change": _signed(each),
            "tone": _tone(each),
            "spark": charts.spark(_over_time(each), title=each.indicator.name),
            "link": _link("figure", place, each.indicator.id),
        }
        for each in found.figures
    ]
    context = {"board": found, "rows": rows, "crumbs": _crumbs(place, own, "board")}
    return office_page(request, "boards/board.html", context)


@require_safe
@officials_only
def figure(request: ActorRequest, id_: str) -> HttpResponse:
    """One figure: over time first, then the divisions below as a map and a table, then parts."""
    place, own = _place(request)
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
        "chart": charts.line(_over_time(one), title=one.indicator.name, decimals=decimals),
        "map": charts.tiles(points, title=one.indicator.name, decimals=decimals) if points else "",
        "schematic": charts.SCHEMATIC,
        "places": [
            (
                each,
                points[number].link,
                *(charts.written(v, decimals) for v in (each.value, each.before, each.year_before)),
            )
            for number, each in enumerate(one.places)
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
        "crumbs": _crumbs(place, own, "figure", id_),
        "back": _link("board", place),
    }
    return office_page(request, "boards/figure.html", context)


@require_safe
@officials_only
def facts(request: ActorRequest, id_: str) -> HttpResponse:
    """What a figure is made of: other figures, or the rows that count and the official may see."""
    place, _ = _place(request)
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


def _over_time(one: queries.Figures) -> list[Point]:
    return [Point(period.words, value) for period, value in one.series]


def _signed(one: queries.Figures) -> str:
    if one.change is None:
        return ""
    return f"{'+' if one.change > 0 else ''}{charts.written(one.change, one.indicator.decimals)}"


def _tone(one: queries.Figures) -> str:
    """Good or amber where the indicator says which direction is the better one."""
    if not one.change or not one.indicator.better:
        return ""
    return "good" if (one.change > 0) == (one.indicator.better == "more") else "amber"


def _crumbs(place: int, own: int, name: str, id_: str = "") -> list[dict[str, Any]]:
    """The places above, up to the official's widest."""
    steps = [step for step in divisions.path(place) if int(step.code) >= own or step.code == own]
    low, high = codes.subtree(f"{own:012}")
    return [
        {"name": step.words, "link": _link(name, int(step.code), id_)}
        for step in steps
        if low <= int(step.code) <= high and int(step.code) != place
    ]
