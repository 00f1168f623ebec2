"""The types of a field's values: each declared once, with how it is read, stored and searched.

A value comes typed (from a form, a process, JSON, YAML) or written (a cell of a CSV file). Nothing
is guessed: a text keeps its leading zeros and `22E4567`, a number keeps every digit, and what does
not fit is refused rather than rounded or cut.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from xiangyun.kernel.feel import DateTime, Value, parse_expression
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.formspec.texts import clean
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.record.model import Field, Searched, TypeName
from xiangyun.kernel.spelling import did_you_mean
from xiangyun.kernel.worktime import office_time

Stored = str | int | bool | Decimal | date | datetime | list[str]
"""A value as it is kept: a moment in UTC, a number without zeros at its end."""
Read = Callable[[object, Report], Stored]
"""Reads one value. Raises `Unfit`; a doubt that refuses nothing is reported."""

LONGEST_TEXT: Final = 20_000
"""Characters of a text."""
LONGEST_LIST: Final = 1_000
MOST_DIGITS: Final = 30
"""Of a number, before and after the point together."""
LARGEST_INTEGER: Final = 2**63 - 1
"""What a column of 64 bits holds."""


class Unfit(Exception):
    """A value that does not fit its field."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type of values.

    - `searched`: the ways in which a field of this type may be found;
    - `settings`: the keys of a field that only some types have, and this one does;
    - `reader`: makes the function that reads a value; `written` for one that reads cells of text;
    - `json`, `feel`: a stored value as JSON has it, and as FEEL has it.
    """

    name: TypeName
    meaning: Text
    example: str
    searched: tuple[Searched, ...]
    settings: tuple[str, ...]
    reader: Callable[[Field, bool], Read]
    json: Callable[[Stored], object] = lambda value: value
    feel: Callable[[Stored], Value] = str


# Text ---------------------------------------------------------------------------------------------


def _text_reader(field: Field, written: bool) -> Read:
    format_ = FORMATS.get(field.format)

    def read(value: object, report: Report) -> Stored:
        if not isinstance(value, str):
            raise _wrong(value, Text("文字", "words"), _QUOTES)
        text = clean(value)
        if format_ is None:
            return _short(text)
        text = format_.normal(text)
        if problem := format_.problem(text):
            if problem.severity == "error":
                raise Unfit(problem)
            report(problem)
        return _short(text)

    return read


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unfit(
            fault(
                "record.E025",
                Text(
                    "太长：{count:,} 个字，最多 {most:,} 个。",
                    "Too long: {count:,} characters, at most {most:,}.",
                    count=len(text),
                    most=LONGEST_TEXT,
                ),
                None,
            )
        )
    return text


# Numbers ------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
_A_NUMBER = Text("数字，如 1200.50", "a number such as 1200.50")
_AN_INTEGER = Text("整数，如 12", "a whole number such as 12")


def _decimal(value: object, wanted: Text) -> Decimal:
    """The exact number; a binary float is taken as it is printed."""
    if isinstance(value, bool):
        raise _wrong(value, wanted)
    if isinstance(value, Decimal | int):
        number = Decimal(value)
    elif isinstance(value, float):
        number = Decimal(repr(value))
    elif isinstance(value, str) and _NUMBER.fullmatch(value := _half_width(value)):
        number = Decimal(value)
    else:
        raise _wrong(value, wanted)
    if not number.is_finite():
        raise _wrong(value, wanted)
    _, digits, exponent = number.as_tuple()
    if len(digits) + max(int(exponent), 0) > MOST_DIGITS or -int(exponent) > MOST_DIGITS:
        message = Text(
            "太大或太长：最多 {most} 位数字。",
            "Too large or too long: at most {most} digits.",
            most=MOST_DIGITS,
        )
        raise Unfit(fault("record.E025", message, None))
    return number


def _number_reader(field: Field, written: bool) -> Read:
    def read(value: object, report: Report) -> Stored:
        number = _plain(_decimal(value, _A_NUMBER))
        places = -int(number.as_tuple().exponent)
        if places > field.scale:
            raise Unfit(
                fault(
                    "record.E023",
                    Text(
                        "有 {places} 位小数，这里最多 {scale} 位。",
                        "It has {places} decimal {places|place|places}; at most {scale} here.",
                        places=places,
                        scale=field.scale,
                    ),
                    None,
                    Text(
                        "数字不会被四舍五入，请写准确。",
                        "Numbers are never rounded: write it exactly.",
                    ),
                )
            )
        return number

    return read


def _plain(number: Decimal) -> Decimal:
    """The same number without zeros after the point and without an exponent."""
    whole = number.to_integral_value()
    if number == whole:
        return Decimal(int(whole))
    return Decimal(format(number, "f").rstrip("0"))


def _integer_reader(field: Field, written: bool) -> Read:
    def read(value: object, report: Report) -> Stored:
        if isinstance(value, str) and not written:
            raise _wrong(value, _AN_INTEGER)
        number = _decimal(value, _AN_INTEGER)
        if number != number.to_integral_value() or abs(number) > LARGEST_INTEGER:
            raise _wrong(value, _AN_INTEGER)
        return int(number)

    return read


# Yes and no ---------------------------------------------------------------------------------------

_WORDS = {Text("是", "yes"): True, Text("否", "no"): False}
_WRITTEN = {
    "true": True,
    "false": False,
    "1": True,
    "0": False,
    **{said: value for words, value in _WORDS.items() for said in (words.zh, words.en)},
}


def _boolean_reader(field: Field, written: bool) -> Read:
    def read(value: object, report: Report) -> Stored:
        if written and isinstance(value, str):
            value = _WRITTEN.get(_half_width(value).lower(), value)
        if not isinstance(value, bool):
            raise _wrong(value, Text("true 或 false", "true or false"))
        return value

    return read


# Days and moments ---------------------------------------------------------------------------------

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*")
_A_DAY = Text("日期，如 2026-04-09", "a day such as 2026-04-09")
_A_MOMENT = Text("时刻，如 2026-04-09T10:30:00+08:00", "a moment such as 2026-04-09T10:30:00+08:00")


def _date_reader(field: Field, written: bool) -> Read:
    def read(value: object, report: Report) -> Stored:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and _DAY.fullmatch(value := _half_width(value)):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise _wrong(value, _A_DAY)

    return read


def _moment_reader(field: Field, written: bool) -> Read:
    """A moment without a zone is one on the clock of the office."""

    def read(value: object, report: Report) -> Stored:
        if isinstance(value, DateTime):
            value = value.isoformat().partition("@")[0] if value.offset is None else _utc(value)
        if isinstance(value, str) and _MOMENT.fullmatch(value := _half_width(value)):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                raise _wrong(value, _A_MOMENT) from None
        if not isinstance(value, datetime):
            raise _wrong(value, _A_MOMENT)
        try:
            return office_time(value).astimezone(UTC)
        except OverflowError:
            raise _wrong(value, _A_MOMENT) from None

    return read


def _utc(moment: DateTime) -> datetime | str:
    """A FEEL moment of any zone; the text of one that no calendar has."""
    seconds, nanos = divmod(moment.instant, 1_000_000_000)
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=nanos // 1000)
    except (OverflowError, ValueError, OSError):
        return moment.isoformat()


def _moment_as_feel(value: Stored) -> Value:
    assert isinstance(value, datetime)
    found: Value = parse_expression(f'@"{office_time(value).isoformat()}"').evaluate({})
    return found


def _iso(value: Stored) -> object:
    assert isinstance(value, date)
    return value.isoformat()


# Choices and lists --------------------------------------------------------------------------------


def _choice_reader(field: Field, written: bool) -> Read:
    values = {option.value for option in field.options}
    # A cell may hold the words that a person reads; two options with the same words have none.
    named = {
        said: option.value
        for option in field.options
        for said in (option.words.zh, option.words.en)
        if sum(said in (other.words.zh, other.words.en) for other in field.options) == 1
    }

    def read(value: object, report: Report) -> Stored:
        if not isinstance(value, str):
            raise _wrong(value, Text("选项之一", "one of the options"), _QUOTES)
        text = clean(value)
        if text in values:
            return text
        if written and text in named:
            return named[text]
        message = Text("这不是选项之一。", "This is none of the options.")
        hint = did_you_mean("" if field.sensitive else text, values)
        raise Unfit(fault("record.E024", message, None, hint))

    return read


_BETWEEN = re.compile("[;；]")


def _list_reader(field: Field, written: bool) -> Read:
    one = TYPES[field.items].reader(field, written)

    def read(value: object, report: Report) -> Stored:
        if written and isinstance(value, str):
            value = _cells(value)
        if not isinstance(value, list | tuple):
            raise _wrong(value, Text("列表", "a list"))
        if len(value) > LONGEST_LIST:
            message = Text("最多 {most} 项。", "At most {most} items.", most=LONGEST_LIST)
            raise Unfit(fault("record.E025", message, None))
        return [str(one(item, report)) for item in value]

    return read


def _cells(text: str) -> object:
    """The items of a cell: JSON, or words between semicolons."""
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _items(value: Stored) -> list[str]:
    assert isinstance(value, list)
    return list(value)


# The types ----------------------------------------------------------------------------------------

_QUOTES = Text(
    '代码和号码写在引号里，例如 "0012"。', 'Write codes and numbers in quotes, such as "0012".'
)


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _wrong(value: object, wanted: Text, hint: Text | None = None) -> Unfit:
    message = Text("这里要写{wanted}。", "This must be {wanted}.", wanted=wanted)
    return Unfit(fault("record.E022", message, None, hint))


def _as_decimal(value: Stored) -> Value:
    assert isinstance(value, int | Decimal)
    return Decimal(value)


def _same(value: Stored) -> Value:
    return value


TYPES: Mapping[TypeName, ValueType] = {
    each.name: each
    for each in (
        ValueType(
            "text",
            Text("文字；代码和号码也是文字，前面的零保留", "words; codes too: zeros in front stay"),
            '"0012"',
            ("code", "name", "text-start"),
            ("format",),
            _text_reader,
            feel=_same,
        ),
        ValueType(
            "number",
            Text(
                "十进制数，最多 scale 位小数；JSON 中写成文字",
                "a decimal number with at most `scale` places; a text in JSON",
            ),
            "1200.50",
            ("number",),
            ("scale",),
            _number_reader,
            json=lambda value: format(value, "f") if isinstance(value, Decimal) else str(value),
            feel=_as_decimal,
        ),
        ValueType(
            "integer",
            Text("整数，64 位", "a whole number of 64 bits"),
            "12",
            ("number", "code"),
            (),
            _integer_reader,
            feel=_as_decimal,
        ),
        ValueType(
            "boolean", Text("是或否", "yes or no"), "true", (), (), _boolean_reader, feel=_same
        ),
        ValueType(
            "date",
            Text("日期", "a day"),
            "2026-04-09",
            ("date",),
            (),
            _date_reader,
            json=_iso,
            feel=_same,
        ),
        ValueType(
            "moment",
            Text("时刻；没有时区的按机关所在地", "a moment; without a zone it is the office's"),
            '"2026-04-09T10:30:00+08:00"',
            ("date",),
            (),
            _moment_reader,
            json=_iso,
            feel=_moment_as_feel,
        ),
        ValueType(
            "choice",
            Text("选项之一", "one of `options`"),
            "open",
            ("code",),
            ("options",),
            _choice_reader,
            feel=_same,
        ),
        ValueType(
            "list",
            Text("若干文字或选项", "several texts or choices"),
            "[open, closed]",
            ("code",),
            ("of", "options", "format"),
            _list_reader,
            json=_items,
            feel=_items,
        ),
    )
}
"""By name, in the order in which the documentation lists them."""
