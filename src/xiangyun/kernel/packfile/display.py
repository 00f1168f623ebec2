"""Values as people read them, in Chinese and in English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel import DateTime, Value, text_of

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def shown(value: Value, language: str) -> str:
    """A value in words: 2026年4月9日 or 9 April 2026; nothing for null; lists with commas."""
    chinese = not language.lower().startswith("en")
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, DateTime):
        return shown(value.date, language)
    if isinstance(value, date):
        if chinese:
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return ("、" if chinese else ", ").join(shown(item, language) for item in value)
    return text_of(value)
