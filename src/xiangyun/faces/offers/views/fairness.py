"""Fairness for everybody: how many fit nobody, which requirements are why, whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.domain.offers import fairness
from xiangyun.domain.offers.fairness import FEWEST, Fairness
from xiangyun.faces.look import records
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import NotFound


@dataclass(frozen=True, slots=True)
class Group:
    """Records that have a value, and the percentage of them that fit nobody."""

    value: records.Value
    records: int
    never: int
    percent: int


@require_safe
def report(request: ActorRequest, code: str) -> HttpResponse:
    """Both sides of a matching, by counts alone."""
    try:
        matching, sides = fairness.fairness(code)
    except NotFound:
        raise Http404 from None
    context = {
        "matching": matching,
        "sides": [(each, _groups(each)) for each in sides],
        "fewest": FEWEST,
    }
    return public_page(request, "offers/fairness.html", context)


def _groups(side: Fairness) -> list[Group]:
    return [
        Group(value, each.records, each.never, round(100 * each.never / each.records))
        for each in side.groups
        for value in records.values_of(side.register, each.data)
    ]
