"""The clocks of a case as a page shows them: a line each, with its explanation on demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.findings import Text
from xiangyun.kernel.worktime import Clock, count_words, day_words


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: its name with the limit, the day it ends, what is left with its light, and why."""

    name: Text
    ends: Text
    left: Text
    light: str
    explained: tuple[Text, ...]


def clock_lines(case: cases.Case, today: date) -> list[ClockLine]:
    """Every clock of the case: the promised and the statutory time, then each stage's begun."""
    return [
        ClockLine(
            _name(clock),
            _ends(clock, today),
            left_words(clock, today),
            light_of(clock, today),
            tuple(cases.explained(clock, today)),
        )
        for clock in cases.clocks_of(case)
    ]


def light_of(clock: Clock, today: date) -> str:
    """The light of a clock, which may stand still; what was late before stays late."""
    light = clock.light(today)
    return "paused" if clock.pause(today) is not None and light != "red" else light


def left_words(clock: Clock, today: date) -> Text:
    """What is left, in a whole phrase: still so many days, paused, late, or done in time."""
    left = clock.left(today)
    days = count_words(abs(left), clock.unit)
    if left < 0:
        return Text("超期 {days}", "{days} over", days=days)
    if clock.stopped is not None and clock.stopped <= today:
        used = count_words(clock.used(today), clock.unit)
        return Text("用时 {used}，未超期", "in time, after {used}", used=used)
    if clock.pause(today) is not None:
        return Text("暂停计时，还剩 {days}", "paused, {days} left", days=days)
    if left == 0:
        return Text("今天到期", "due today")
    return Text("还剩 {days}", "{days} left", days=days)


def _name(clock: Clock) -> Text:
    limit = count_words(clock.limit, clock.unit)
    return Text("{name} {limit}", "{name}, {limit}", name=clock.name, limit=limit)


def _ends(clock: Clock, today: date) -> Text:
    """The day it ends or ended; nothing while a pause leaves that open."""
    if clock.stopped is not None and clock.stopped <= today:
        day = day_words(clock.stopped)
        return Text("{day}停止计时", "stopped on {day}", day=day)
    due = clock.due
    if due is None:
        return Text("", "")
    day = day_words(due)
    return Text("{day}到期", "ends on {day}", day=day)
