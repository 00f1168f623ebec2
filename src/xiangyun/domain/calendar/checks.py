"""What the calendar refuses: an entry without a reason, a year that is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xiangyun.kernel.findings import Finding, Refused, Text

FEWEST_OFF = 7
"""No arrangement since 2008 has had fewer days off that the week does not give."""


def refuse_no_reason(reason: str) -> None:
    """Raise `Refused` unless it is said what the entry rests on."""
    if not reason.strip():
        raise Refused(
            [
                Finding(
                    "calendar.E001",
                    "error",
                    Text("没有写明依据。", "It is not said what this rests on."),
                    hint=Text(
                        "例如：国务院办公厅关于2027年部分节假日安排的通知。",
                        "For example: the State Council's notice on the holidays of 2027.",
                    ),
                )
            ]
        )


def refuse_no_year(year: int, days: Mapping[date, bool]) -> None:
    """Raise `Refused` with every reason why these days are not the arrangement of the year."""
    found = [_elsewhere(year, day) for day in sorted(days) if day.year != year]
    off = [day for day, works in days.items() if not works and day.weekday() < 5]
    if len(off) < FEWEST_OFF:
        found.append(_too_few(year, len(off)))
    if found:
        raise Refused(found)


def _elsewhere(year: int, day: date) -> Finding:
    return Finding(
        "calendar.E002",
        "error",
        Text("{day}不在 {year} 年。", "{day} does not lie in {year}.", day=day, year=year),
        hint=Text("一次只录一年的安排。", "Enter the arrangement of one year at a time."),
    )


def _too_few(year: int, count: int) -> Finding:
    return Finding(
        "calendar.E003",
        "error",
        Text(
            "{year} 年只列了 {count} 个放假的平日，不像一整年的安排。",
            "Only {count} {count|weekday|weekdays} of {year} {count|is|are} off: "
            "that is not the arrangement of a year.",
            year=year,
            count=count,
        ),
        hint=Text(
            "全年所有放假的平日和调休上班的周末都要列出；只改某一天的，用 xiangyun calendar set。",
            "List every weekday off and every weekend day worked; to change a single day, "
            "use xiangyun calendar set.",
        ),
    )
