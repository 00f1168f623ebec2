"""How figures are drawn on the pages of officials and on those for everybody."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from xiangyun.domain.datasets.queries import Figures
from xiangyun.faces.look import charts
from xiangyun.faces.look.charts import Point


def multiple(one: Figures, link: str) -> dict[str, Any]:
    """A figure among many: its value, how it moved, its line.

    What is counted within a period that is not over says little beside a whole one before it.
    """
    counted = one.indicator.over is not None and bool(one.indicator.over.at)
    running = counted and one.period.last >= timezone.localdate()
    return {
        "figure": one,
        "value": charts.written(one.value, one.indicator.decimals),
        "change": "" if running else signed(one),
        "running": running,
        "tone": tone(one),
        "spark": charts.spark(over_time(one), title=one.indicator.name),
        "link": link,
    }


def over_time(one: Figures) -> list[Point]:
    """Its values by period, the earliest first."""
    return [Point(period.words, value) for period, value in one.series]


def signed(one: Figures) -> str:
    """By how much it moved since the period before, with its sign; empty where nobody knows."""
    if one.change is None:
        return ""
    return f"{'+' if one.change > 0 else ''}{charts.written(one.change, one.indicator.decimals)}"


def tone(one: Figures) -> str:
    """Good or amber where the indicator says which direction is the better one."""
    if not one.change or not one.indicator.better:
        return ""
    return "good" if (one.change > 0) == (one.indicator.better == "more") else "amber"
