"""A day, a time of day, or both, in the office's time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from xiangyun.kernel.feel import DateTime, Time, Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.faults import fault, wrong_type
from xiangyun.kernel.formspec.model import Question
from xiangyun.kernel.formspec.properties import (
    REQUIRED,
    Property,
    default,
    flag,
    minutes,
    one_of,
    text,
)
from xiangyun.kernel.formspec.questionkind import QuestionKind, Shown

_DATE = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_TIME = re.compile(
    r"(上午|下午|晚上)?([0-9]{1,2})[:时点](?:([0-9]{1,2})分?(?:[:]?([0-9]{1,2})秒?)?)?(am|pm)?"
)
_EXAMPLES = {"date": "2026-04-09", "time": "14:30", "datetime": "2026-04-09 14:30"}


def _typed(question: Question, sent: Sequence[str]) -> Value | Finding:
    text = unicodedata.normalize("NFKC", sent[-1] if sent and len(sent[-1]) <= 100 else "").lower()
    whole = "".join(text.split())
    if not whole:
        return None if not sent or len(sent[-1]) <= 100 else _no_such(question)
    found: Value = None
    if question.rules.subtype == "date":
        found = _day(whole)
    elif question.rules.subtype == "time":
        found = _time(whole)
    elif parts := re.fullmatch(r"(.*?[0-9日])(?:t|\s+)(\S.*|上午.*|下午.*|晚上.*)", text.strip()):
        day, time = _day("".join(parts[1].split())), _time("".join(parts[2].split()))
        found = DateTime(day, time) if day and time else None
    return found if found is not None else _no_such(question)


def _given(question: Question, value: object) -> Value | Finding:
    if isinstance(value, str):
        return _typed(question, [value])
    fits = {
        "date": isinstance(value, date) and not isinstance(value, datetime),
        "time": isinstance(value, Time),
        "datetime": isinstance(value, DateTime),
    }
    return value if fits[question.rules.subtype] else wrong_type(question, _json_example(question))


def _day(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(text: str) -> Time | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    half, hour, minute, second = match[1] or match[5], int(match[2]), match[3], match[4]
    if half in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "am") and hour == 12:
        hour = 0
    parts = hour, int(minute or 0), int(second or 0)
    return Time(*parts) if parts[0] < 24 and parts[1] < 60 and parts[2] < 60 else None


def _judge(question: Question, found: Value, on: date | None) -> Finding | None:
    day = found.date if isinstance(found, DateTime) else found
    if question.rules.not_past and on is not None and isinstance(day, date) and day < on:
        return fault(
            "form.E112",
            question,
            Text("不能早于今天（{today}）。", "cannot be before today ({today}).", today=on),
            on.isoformat(),
        )
    time = found.time if isinstance(found, DateTime) else found
    step = question.rules.minutes
    if step and isinstance(time, Time) and ((time.hour * 60 + time.minute) % step or time.second):
        return fault(
            "form.E126",
            question,
            Text("以 {step} 分钟为一档。", "goes by steps of {step} minutes.", step=step),
            f"{time.hour:02d}:{time.minute - (time.hour * 60 + time.minute) % step % 60:02d}"
            if (time.hour * 60 + time.minute) % step <= time.minute
            else f"{time.hour:02d}:00",
        )
    return None


def _no_such(question: Question) -> Finding:
    words = {
        "date": Text(
            "存在的日期，依次为年、月、日",
            "a date that exists, in the order year, month, day",
        ),
        "time": Text("一天中的时刻，时和分", "a time of day, hours and minutes"),
        "datetime": Text("日期和时刻，中间空一格", "a date, a space, and a time of day"),
    }[question.rules.subtype]
    example = _EXAMPLES[question.rules.subtype]
    return fault(
        "form.E111", question, Text("应为{words}。", "must be {words}.", words=words), example
    )


def _json_example(question: Question) -> str:
    return f'"{_EXAMPLES[question.rules.subtype].replace(" ", "T")}"'


def _words(question: Question, value: Value) -> Shown:
    if isinstance(value, DateTime):
        day = value.date
        return Text(
            "{day} {retyped}",
            "{day} {retyped}",
            day=day,
            retyped=_retyped(value.time),
        )
    return _retyped(value) if isinstance(value, Time) else value


def _retyped(value: Value) -> str:
    if isinstance(value, DateTime):
        return f"{value.date.isoformat()} {_retyped(value.time)}"
    if isinstance(value, Time):
        seconds = f":{value.second:02d}" if value.second else ""
        return f"{value.hour:02d}:{value.minute:02d}{seconds}"
    return str(value.isoformat())


def _hint(question: Question) -> Text:
    if question.rules.subtype == "date":
        return Text("例如 2027-04-09 或 2027年4月9日。", "For example 2027-04-09.")
    if question.rules.subtype == "time":
        return Text("例如 14:30 或 下午2:30。", "For example 14:30 or 2:30 pm.")
    return Text("例如 2027-04-09 14:30。", "For example 2027-04-09 14:30.")


_NO_ZONE = Text(
    "时刻一律为办理机关所在地的时间，不带时区。",
    "Times are those of the office's place and bear no zone.",
)

KIND = QuestionKind(
    "datetime",
    Text("日期和时刻", "Dates and times"),
    Text(
        "按 subtype 问日期（date）、时刻（time）或两者（datetime）。",
        "A date, a time or both (datetime), as `subtype` says.",
    ),
    Text("date、time 或 date and time，不带时区", "a date, a time, or a date and time; no zone"),
    '"2026-04-09"',
    _typed,
    _given,
    _judge,
    _words,
    _retyped,
    properties=(
        REQUIRED,
        Property(
            "subtype",
            Text(
                "date、time 或 datetime；不写为 date。", "date, time or datetime; date if absent."
            ),
            one_of("date", "time", "datetime"),
            rule="subtype",
        ),
        Property(
            "disallowPassedDates",
            Text("不能早于填写的当天。", "Not before the day of asking."),
            flag,
            rule="not_past",
        ),
        Property(
            "timeInterval",
            Text("时刻以几分钟为一档，从 0 点算起。", "The minutes between times, from midnight."),
            minutes,
            rule="minutes",
        ),
        default(
            Text("页面上预先填好的日期或时刻。", "The date or time that stands there at first."),
            text,
        ),
    ),
    noted={"timeSerializingFormat": _NO_ZONE},
    looks=frozenset({"use24h", "dateLabel", "timeLabel"}),
    hint=_hint,
    label_members=("label", "dateLabel", "timeLabel"),
)
