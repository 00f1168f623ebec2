"""Cron expressions of five fields, the part of them that every cron reads alike.

    minute hour day month weekday        0 9 * * 1-5

A field is `*`, a number, a range `a-b`, either of the last two with a step (`*/15`, `8-18/2`), or a
list of these. Weekdays are 0 to 7, 0 and 7 both Sunday. A day of the month and a weekday together
are refused: POSIX (crontab, 2018) takes either, others both. So is everything that only some know:
seconds or years, names, `L`, `W`, `#`, `?`, `H`, `~`, `@daily`, a step from a number, a range that
turns round. The 31st is skipped in months that lack it, 29 February in other years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from xiangyun.kernel.findings import Finding, Refused, Text

_FIELDS = (
    (Text("分", "minute"), 0, 59),
    (Text("时", "hour"), 0, 23),
    (Text("日", "day"), 1, 31),
    (Text("月", "month"), 1, 12),
    (Text("星期", "weekday"), 0, 7),
)
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(r"(?P<all>\*)(/(?P<every>\d+))?|(?P<low>\d+)(-(?P<high>\d+)(/(?P<step>\d+))?)?")
_ELSEWHERE = re.compile(r"[A-Za-z#?~@]")


@dataclass(frozen=True, slots=True)
class Cron:
    """The days and the times of a day at which something happens, by the clock of the office."""

    months: frozenset[int]
    days: frozenset[int]
    weekdays: frozenset[int]
    """From 1, Monday, to 7, Sunday."""
    times: tuple[time, ...]

    def on(self, day: date) -> bool:
        """Whether it happens on a day."""
        return (
            day.month in self.months and day.day in self.days and day.isoweekday() in self.weekdays
        )


def looks_like_cron(text: str) -> bool:
    """Whether a text means to be a cron expression, right or wrong."""
    return text.startswith("@") or bool(re.match(r"[\d*]\S*(\s+\S+){4,6}\s*$", text))


def read_cron(text: str) -> Cron:
    """A cron expression. Raises Refused (`work.E004`) with what is not read, by name."""
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise _refused(
            text,
            Text(
                "要写五段：分 时 日 月 星期，这里有 {count} 段；没有秒和年。",
                "Five fields are read, minute hour day month weekday, and here are {count};"
                " there are no seconds or years.",
                count=len(fields),
            ),
        )
    minutes, hours, days, months, weekdays = (
        _values(text, field, *meant) for field, meant in zip(fields, _FIELDS, strict=True)
    )
    if fields[2] != "*" and fields[4] != "*":
        raise _refused(
            text,
            Text(
                "日和星期只能限定一个：两个都写时，各家解释不同。",
                "Only one, either the day or the weekday, may be limited; of both together some"
                " take one and some both.",
            ),
        )
    if not any(day <= _LONGEST[month - 1] for month in months for day in days):
        raise _refused(text, Text("没有这样的日期。", "There is no such day."))
    times = tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes))
    return Cron(months, days, frozenset(day % 7 or 7 for day in weekdays), times)


def _values(text: str, field: str, name: Text, least: int, most: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise _refused(text, _unread(part, name))
        low, high = int(match["low"] or least), int(match["high"] or match["low"] or most)
        step = int(match["every"] or match["step"] or 1)
        if not (least <= low <= high <= most) or step == 0:
            raise _refused(
                text,
                Text(
                    "“{part}”不是{name}：从 {least} 到 {most}，从小到大。",
                    "“{part}” is no {name}: from {least} to {most}, the smaller first.",
                    part=part,
                    name=name,
                    least=least,
                    most=most,
                ),
            )
        found.update(range(low, high + 1, step))
    return frozenset(found)


def _unread(part: str, name: Text) -> Text:
    if _ELSEWHERE.search(part):
        return Text(
            "{name}里的“{part}”只有一部分软件认识；请写数字。",
            "“{part}” of the {name} is known to some programs only; write numbers.",
            name=name,
            part=part,
        )
    return Text(
        "读不懂{name}里的“{part}”。",
        "“{part}” of the {name} cannot be read.",
        name=name,
        part=part,
    )


def _refused(text: str, why: Text) -> Refused:
    return Refused(
        [
            Finding(
                "work.E004",
                "error",
                Text("读不懂“{text}”：{why}", "“{text}” is not read: {why}", text=text, why=why),
                hint=Text(
                    "例如 0 9 * * 1-5：周一至周五九点。",
                    "Such as 0 9 * * 1-5: at nine, Monday to Friday.",
                ),
            )
        ]
    )
