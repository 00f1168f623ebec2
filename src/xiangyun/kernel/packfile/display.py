"""Values as people read them, in a language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel import DateTime, Value, text_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import Language

_YES, _NO = Text("是", "yes"), Text("否", "no")


def shown(value: Value, language: Language) -> str:
    """A value in words: 2026年4月9日 or 9 April 2026; nothing for null; lists with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return (_YES if value else _NO).pick(language)
    if isinstance(value, DateTime):
        return shown(value.date, language)
    if isinstance(value, date):
        return language.written_day(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return language.comma.join(shown(item, language) for item in value)
    return text_of(value)
