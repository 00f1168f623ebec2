"""Values as people read them, in a language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from xiangyun.kernel.feel import DateTime, FarDate, Value, text_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import Language
from xiangyun.kernel.worktime import office_time


def office_day(moment: DateTime) -> date | FarDate:
    """The day of a moment where the office is; one without a zone is of that zone already."""
    if moment.offset is None or isinstance(moment.date, FarDate):
        return moment.date
    seconds = moment.instant // 1_000_000_000
    return office_time(datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)).date()


_YES, _NO = Text("是", "yes"), Text("否", "no")


def shown(value: Value, language: Language) -> str:
    """A value in words: 2026年4月9日 or 9 April 2026; nothing for null; lists with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return (_YES if value else _NO).pick(language)
    if isinstance(value, DateTime):
        return shown(office_day(value), language)
    if isinstance(value, date):
        return language.written_day(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return language.comma.join(shown(item, language) for item in value)
    return text_of(value)
