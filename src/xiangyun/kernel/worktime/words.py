"""Days and counts in words, the same on every machine (strftime depends on the locale)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from xiangyun.kernel.findings import Text

Unit = Literal["working", "natural"]

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_words(day: date) -> Text:
    """A day with its weekday: 2026年9月18日（星期五） / Friday, 18 September 2026."""
    return Text(
        f"{day.year}年{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）",
        f"{_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}",
    )


def count_words(count: int, unit: Unit) -> Text:
    """A number of days: 5 个工作日 / 5 working days."""
    zh = "个工作日" if unit == "working" else "日"
    en = "working day" if unit == "working" else "day"
    return Text(f"{count} {zh}", f"{count} {en}{'' if count == 1 else 's'}")


def span_words(first: date, last: date) -> Text:
    """A day, or several on end."""
    if first == last:
        return day_words(first)
    one, other = day_words(first), day_words(last)
    return Text(f"{one.zh}至{other.zh}", f"{one.en} to {other.en}")
