"""Days and counts in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from xiangyun.kernel.findings import Text

Unit = Literal["working", "natural", "working_hour", "hour"]
"""What a limit counts: working days, days, hours in which the office is open, or hours."""


def day_words(day: date) -> Text:
    """A day with its weekday, such as 2026年9月18日（星期五）; a moment with its time as well."""
    if isinstance(day, datetime):
        time = f"{day:%H:%M}"
        on = day_words(day.date())
        return Text("{on}{time}", "{on}, {time}", on=on, time=time)
    return Text("{day:weekday}", "{day:weekday}", day=day)


def count_words(count: int, unit: Unit) -> Text:
    """A number of days or hours, such as 5 个工作日."""
    if unit == "working_hour":
        return Text("{count} 个工作小时", "{count} working {count|hour|hours}", count=count)
    if unit == "hour":
        return Text("{count} 小时", "{count} {count|hour|hours}", count=count)
    if unit == "working":
        return Text("{count} 个工作日", "{count} working {count|day|days}", count=count)
    return Text("{count} 日", "{count} {count|day|days}", count=count)


def span_words(first: date, last: date) -> Text:
    """A day, or several on end."""
    if first == last:
        return day_words(first)
    one, other = day_words(first), day_words(last)
    return Text("{one}至{other}", "{one} to {other}", one=one, other=other)
