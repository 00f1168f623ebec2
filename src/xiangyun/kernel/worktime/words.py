"""Days and counts in words."""

from __future__ import annotations

from datetime import date
from typing import Literal

from xiangyun.kernel.findings import Text

Unit = Literal["working", "natural"]


def day_words(day: date) -> Text:
    """A day with its weekday, such as 2026年9月18日（星期五）."""
    return Text("{day:weekday}", "{day:weekday}", day=day)


def count_words(count: int, unit: Unit) -> Text:
    """A number of days, such as 5 个工作日."""
    if unit == "working":
        return Text("{count} 个工作日", "{count} working {count|day|days}", count=count)
    return Text("{count} 日", "{count} {count|day|days}", count=count)


def span_words(first: date, last: date) -> Text:
    """A day, or several on end."""
    if first == last:
        return day_words(first)
    one, other = day_words(first), day_words(last)
    return Text("{one}至{other}", "{one} to {other}", one=one, other=other)
