"""The report of a month: every figure of a place as PDF, and what lies below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.adapters.reports import Report, Table, report_pdf
from xiangyun.domain.datasets import queries
from xiangyun.faces.look import charts
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.look.within import asked_place
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import period_of, read_period

from .drawn import signed

MONTH: Final = "month"
_SIDE_BY_SIDE = 5
"""Figures in one table of places: what fits on a page."""
_NONE = "—"


@require_safe
@officials_only
def report(request: ActorRequest) -> HttpResponse:
    """The figures of a place in a month, the last that is over unless another is asked for.

    One month alone: what has no figures in it is not there, whatever it has of the running one.
    """
    place, _ = asked_place(request)
    asked = request.GET.get("period", "")[:20]
    if asked and read_period(asked, MONTH) is None:
        raise Http404
    today = timezone.localdate()
    month = asked or period_of(today, MONTH).later(-1).code
    found = queries.board(place, today, period=month)
    every = [each for each in found.figures if each.indicator.period == MONTH]
    monthly = [each for each in every if each.period.code == month]
    if not monthly and not asked:  # in the first month of an instance none is over
        monthly = [each for each in every if each.period.code > month]
    if not monthly:
        raise Http404
    language = reader().tag
    period = monthly[0].period
    made = report_pdf(
        Report(
            _words(Text("月度监督报告", "Supervision: report of the month"), language),
            _words(found.name, language),
            _words(period.words, language),
            [_all(monthly, language), *_places(monthly, language)],
            _words(
                Text(
                    "数字由平台按公布的口径计算，与指标页面一致。",
                    "Computed by the platform as declared; the same as on the pages of figures.",
                ),
                language,
            ),
            language,
        )
    )
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="report-{place:012}-{period.code}.pdf"'
    return answer


def _words(text: Text, language: str) -> str:
    return text.zh if language.startswith("zh") else text.en


def _all(monthly: Sequence[queries.Figures], language: str) -> Table:
    head = [
        _words(each, language)
        for each in (
            Text("指标", "Figure"),
            Text("本月", "This month"),
            Text("比上月", "Change"),
            Text("上年同月", "A year before"),
            Text("单位", "Unit"),
        )
    ]
    rows = [
        [
            _words(one.indicator.name, language),
            _written(one, one.value),
            signed(one) or _NONE,
            _written(one, dict(one.series).get(one.period.year_before)),
            _words(one.indicator.unit, language),
        ]
        for one in monthly
    ]
    return Table(_words(Text("全部指标", "All figures"), language), head, rows)


def _places(monthly: Sequence[queries.Figures], language: str) -> Iterator[Table]:
    """What lies below, a row each, some figures side by side."""
    below = [one for one in monthly if any(each.value is not None for each in one.places)]
    for start in range(0, len(below), _SIDE_BY_SIDE):
        some = below[start : start + _SIDE_BY_SIDE]
        names = {each.division: _words(each.name, language) for one in some for each in one.places}
        values = [{each.division: each.value for each in one.places} for one in some]
        yield Table(
            _words(Text("各地", "By place"), language),
            [
                _words(Text("地区", "Place"), language),
                *(_words(one.indicator.name, language) for one in some),
            ],
            [
                [
                    name,
                    *(
                        _written(one, value.get(division))
                        for one, value in zip(some, values, strict=True)
                    ),
                ]
                for division, name in names.items()
            ],
        )


def _written(one: queries.Figures, value: object) -> str:
    if value is None:
        return _NONE
    return charts.written(value, one.indicator.decimals)  # type: ignore[arg-type]
