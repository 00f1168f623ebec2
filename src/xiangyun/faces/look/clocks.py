"""The clocks of a case as a page shows them: a line each, with its explanation on demand.

They are looked at `now`: a clock of days takes its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.findings import Text
from xiangyun.kernel.worktime import Clock, HourClock, count_words, day_words


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: its name with the limit, the day it ends, what is left with its light, and why."""

    name: Text
    ends: Text
    left: Text
    light: str
    explained: tuple[Text, ...]


def clock_lines(case: cases.Case, now: date) -> list[ClockLine]:
    """Every clock of the case: the promised and the statutory time, then each stage's begun."""
    return [
        ClockLine(
            _name(clock),
            _ends(clock, now),
            left_words(clock, now),
            light_of(clock, now),
            tuple(cases.explained(clock, now)),
        )
        for clock in cases.clocks_of(case)
    ]


def light_of(clock: Clock, now: date) -> str:
    """The light of a clock, which may stand still; what was late before stays late."""
    light = clock.light(now)
    return "paused" if clock.pause(now) is not None and light != "red" else light


def left_words(clock: Clock, now: date) -> Text:
    """What is left, in a whole phrase: still so many days, paused, late, or done in time."""
    left = clock.left(now)
    days = count_words(abs(left), clock.unit)
    if left < 0:
        return Text("超期 {days}", "{days} over", days=days)
    if clock.is_over(now):
        used = count_words(clock.used(now), clock.unit)
        return Text("用时 {used}，未超期", "in time, after {used}", used=used)
    if clock.pause(now) is not None:
        return Text("暂停计时，还剩 {days}", "paused, {days} left", days=days)
    if left == 0 and isinstance(clock, HourClock):
        return Text("不到一小时", "less than an hour left")
    if left == 0:
        return Text("今天到期", "due today")
    return Text("还剩 {days}", "{days} left", days=days)


def _name(clock: Clock) -> Text:
    limit = count_words(clock.limit, clock.unit)
    return Text("{name} {limit}", "{name}, {limit}", name=clock.name, limit=limit)


def _ends(clock: Clock, now: date) -> Text:
    """The day it ends or ended; nothing while a pause leaves that open."""
    if clock.is_over(now) and clock.stopped is not None:
        day = day_words(clock.stopped)
        return Text("{day}停止计时", "stopped on {day}", day=day)
    due = clock.due
    if due is None:
        return Text("", "")
    day = day_words(due)
    return Text("{day}到期", "ends on {day}", day=day)
