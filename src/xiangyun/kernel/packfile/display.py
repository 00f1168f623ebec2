"""Values as people read them, in a language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from xiangyun.kernel.feel import DateTime, FarDate, Value, text_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import Language
from xiangyun.kernel.packfile.amounts import money, money_in_words
from xiangyun.kernel.worktime import office_time


def office_day(moment: DateTime) -> date | FarDate:
    """The day of a moment where the office is; one without a zone is of that zone already."""
    if moment.offset is None or isinstance(moment.date, FarDate):
        return moment.date
    seconds = moment.instant // 1_000_000_000
    return office_time(datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)).date()


MONEY, IN_WORDS, PLAIN, DAY, ISO = "money", "money_in_words", "plain", "date", "iso"
NUMBERS = (MONEY, IN_WORDS, PLAIN)
"""How a declaration may have a number written: 794,958.90; in Chinese capitals; without commas."""
FORMATS = (*NUMBERS, DAY, ISO)
"""And a day: as the language writes it, or 2026-04-09."""


class Format(NamedTuple):
    """How a value is declared to be written, and with how many decimals (None: as is usual)."""

    form: str = ""
    digits: int | None = None


def written(value: Value, declared: Format, language: Language) -> str:
    """A value as its declaration has it written; as `shown` has it where it says nothing of it."""
    form, digits = declared
    if isinstance(value, Decimal):
        if form == MONEY:
            return money(value, 2 if digits is None else digits)
        if form == IN_WORDS:
            return money_in_words(value)
        if form == PLAIN:
            return f"{value:f}"
    if form == ISO and isinstance(value, DateTime | date):
        day = office_day(value) if isinstance(value, DateTime) else value
        return day.isoformat() if isinstance(day, date) else shown(day, language)
    return shown(value, language)


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
