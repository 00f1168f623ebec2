"""Schemes of points: the places by rank, and how one place came to its points."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.datasets import queries, standings
from xiangyun.faces.look import charts
from xiangyun.faces.look.charts import Point
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import Indicator, inputs_of

RANKED = {
    "prefecture": Text("市州", "Prefectures"),
    "county": Text("县（市、区）", "Counties"),
}


def _scheme(id_: str) -> Indicator:
    found = standings.schemes().get(id_)
    if found is None:
        raise Http404
    return found


def _period(request: HttpRequest) -> str:
    return request.GET.get("period", "")[:20]


@require_safe
def ranks(request: ActorRequest, id_: str) -> HttpResponse:
    """All places of a level side by side, by rank, each with its last year; what has no source."""
    scheme = _scheme(id_)
    level = request.GET.get("level", "prefecture")
    if level not in RANKED:
        raise Http404
    period, found = standings.standings(scheme, level, timezone.localdate(), _period(request))
    rows = [
        {
            "standing": each,
            "points": charts.written(each.points, 2),
            "spark": charts.spark(
                [Point(month.words, value) for month, value in each.series], title=each.name
            ),
            "link": _place_link(id_, each.division, period.code),
        }
        for each in found
    ]
    here = reverse("figures:scheme", args=[id_])
    context = {
        "scheme": scheme,
        "period": period,
        "rows": rows,
        "levels": [
            (words, f"{here}?{urlencode({'level': key})}", key == level)
            for key, words in RANKED.items()
        ],
        "missing": [leaf for part in scheme.scheme for leaf in part.leaves if leaf.missing],
    }
    return public_page(request, "boards/ranks.html", context)


@require_safe
def place(request: ActorRequest, id_: str, place: int) -> HttpResponse:
    """One place: its rank, every part down to the figures behind it, what would change the rank."""
    scheme, today = _scheme(id_), timezone.localdate()
    level = codes.level(f"{place:012}")
    if level not in RANKED:
        raise Http404
    period, found = standings.standings(scheme, level, today, _period(request))
    own = next((each for each in found if each.division == place), None)
    if own is None:
        raise Http404
    parts = standings.scored(scheme, place, period)
    before = [each for each in found if each.points > own.points]
    ahead = before[-1] if before else None
    gap = ahead.points - own.points if ahead else Decimal(0)
    known = queries.indicators()
    names = {
        leaf.id: [each.id for each in inputs_of(known[leaf.id], known).inputs]
        for part in scheme.scheme
        for leaf in part.leaves
        if leaf.id in known
    }
    behind = sorted({each for some in names.values() for each in some})
    values = standings.inputs(behind, place, period)
    context = {
        "scheme": scheme,
        "period": period,
        "own": own,
        "points": charts.written(own.points, 2),
        "of": len(found),
        "ahead": ahead,
        "gap": charts.written(gap, 2),
        "steps": [
            (each.scored.part.name, charts.written(each.scored.lost, 2), each.enough)
            for each in standings.steps(parts, gap)[:5]
        ],
        "parts": [
            {
                "part": each.part,
                "depth": each.depth,
                "points": charts.written(each.points, 2),
                "of": charts.written(each.part.points, 1),
                "figures": [
                    _figure(known[one], values, place) for one in names.get(each.part.id, ())
                ],
            }
            for each in parts
        ],
        "back": f"{reverse('figures:scheme', args=[id_])}?{urlencode({'level': level})}",
    }
    return public_page(request, "boards/scheme.html", context)


def _figure(
    one: Indicator, values: Mapping[str, Decimal | None], place: int
) -> tuple[Text, str, Text, str]:
    """A figure behind a leaf, with its value here; open ones lead to their page."""
    shown = charts.written(values.get(one.id), one.decimals)
    link = ""
    if one.open:
        link = f"{reverse('figures:figure', args=[one.id])}?{urlencode({'place': f'{place:012}'})}"
    return one.name, shown, one.unit, link


def _place_link(id_: str, division: int, period: str) -> str:
    to = reverse("figures:scheme-place", args=[id_, division])
    return f"{to}?{urlencode({'period': period})}"
