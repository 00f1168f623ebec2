"""The clock of a case: its limit, what paused or extended it, and what is left.

How days are counted (law from memory, to be confirmed by the office that runs the platform):
- the first day does not count (民法典 201);
- the limits of a licence are working days (行政许可法 82);
- an extension needs approval (行政许可法 42);
- the time of hearings, tenders, auctions, inspections, tests, quarantine, appraisals and expert
  reviews does not count (行政许可法 45);
- natural days that would end on a day off end on the next working day (民法典 203).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import filterfalse, groupby
from types import MappingProxyType
from typing import ClassVar, Literal

from xiangyun.kernel.findings import Conflict, Finding, Text
from xiangyun.kernel.worktime.calendar import Calendar, is_weekday
from xiangyun.kernel.worktime.office import day_of, moment_of
from xiangyun.kernel.worktime.words import Unit, count_words, day_words, span_words

Light = Literal["green", "amber", "red"]

PAUSES: Mapping[str, Text] = MappingProxyType(
    {
        "correction": Text("补正材料", "Correction of materials"),
        "hearing": Text("听证", "Hearing"),
        "tender": Text("招标", "Tender"),
        "auction": Text("拍卖", "Auction"),
        "inspection": Text("检验", "Inspection"),
        "testing": Text("检测", "Testing"),
        "quarantine": Text("检疫", "Quarantine"),
        "appraisal": Text("鉴定", "Appraisal"),
        "expert-review": Text("专家评审", "Expert review"),
        "payment": Text("缴费", "Payment of a fee"),
        "other": Text("其他法定情形", "Other cause in law"),
    }
)
"""What may pause a clock: the citizen's correction, and the special procedures (特别程序)."""

_TIME_LIMIT = Text("办理时限", "Time limit")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count: the days after `from_`, up to and including `to` (None: open).

    Like the first day of a limit, the day on which the office gets the case back is not its own.
    Of a case that counts hours both are moments, and what lies between them does not count.
    Raises ValueError for an unknown kind or an end before the beginning.
    """

    kind: str
    reason: Text
    from_: date
    to: date | None = None

    def __post_init__(self) -> None:
        if self.kind not in PAUSES:
            raise ValueError(f"{self.kind} pauses no clock; these do: {', '.join(PAUSES)}")
        if self.to is not None and _before(self.to, self.from_):
            raise ValueError(f"a pause from {self.from_} cannot end on {self.to}")

    def covers(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.from_ < day and (self.to is None or day <= self.to)

    def holds(self, on: date) -> bool:
        """Whether it is open on a day, or at a moment."""
        if isinstance(self.from_, datetime):
            at, to = moment_of(on), None if self.to is None else moment_of(self.to)
            return moment_of(self.from_) <= at and (to is None or at < to)
        day = day_of(on)
        return self.from_ <= day and (self.to is None or day < day_of(self.to))


@dataclass(frozen=True, slots=True)
class Extension:
    """More days (or hours) for the office, in the clock's unit: who approved them, when, why."""

    days: int
    approved_by: str
    on: date
    reason: Text


@dataclass(frozen=True, slots=True)
class Clock:
    """Time counted from the day after `started` against a limit of days.

    All its days are days; wherever it is asked `on` a moment, the moment's day is meant. What is
    counted in hours is a `HourClock`.

    `name` says which limit it is: a case has one clock for the statutory and one for the promised
    limit, with the same pauses. `stopped` is the day of the decision. `amber` is the number of days
    left from which the light is amber; by default a fifth of the limit, rounded up.
    """

    started: date
    limit_days: int
    unit: Unit
    calendar: Calendar
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped: date | None = None
    name: Text = _TIME_LIMIT
    amber: int | None = None

    def __post_init__(self) -> None:
        if self.limit_days < 0 or self.unit not in self.units():
            raise ValueError(f"no limit: {self.limit_days} {self.unit}")

    @staticmethod
    def units() -> tuple[Unit, ...]:
        """What such a clock may count."""
        return ("working", "natural")

    @property
    def limit(self) -> int:
        """The days allowed, extensions included."""
        return self.limit_days + sum(extension.days for extension in self.extensions)

    @property
    def due(self) -> date | None:
        """The last day in time; None while a pause is open before it. Raises NotCovered."""
        day, missing = self.started, self.limit
        while missing:
            day += _DAY
            if any(pause.to is None and pause.covers(day) for pause in self.pauses):
                return None
            missing -= self._counts(day)
        return self.calendar.next_working_day(day) if self.unit == "natural" else day

    def used(self, on: date) -> int:
        """The days counted up to and including `on`, or until it was stopped. Raises NotCovered."""
        return self._count(self.started, day_of(on))

    def left(self, on: date) -> int:
        """The days left after `on`; negative is the number of days late. Raises NotCovered."""
        left, on = self.limit - self.used(on), day_of(on)
        if left >= 0:
            return left
        due = self.due
        # A limit that ended on a day off was moved: those days are neither left nor late.
        return left if due is None else min(0, -self._count(due, on))

    def light(self, on: date) -> Light:
        """Red when late, amber when little is left, else green; once stopped, red or green."""
        left = self.left(on)
        if left < 0:
            return "red"
        amber = -(-self.limit // 5) if self.amber is None else self.amber
        return "amber" if not self.is_over(on) and left <= amber else "green"

    def pause(self, on: date) -> Pause | None:
        """The open pause in which the clock stands still on a day, if there is one."""
        if self.is_over(on):
            return None
        return next((pause for pause in self.pauses if pause.holds(on)), None)

    def extend(self, extension: Extension) -> Clock:
        """The clock with an approved extension. Raises Refused when it comes too late."""
        if extension.days <= 0 or not extension.approved_by.strip():
            raise _refused_extension(
                Text("延长须写明天数与批准人", "an extension states its days and who approved it")
            )
        due = self.due
        if due is not None and _before(due, extension.on):
            last = day_words(due)
            raise _refused_extension(
                Text("期限已于{last}届满", "the limit ended on {last}", last=last)
            )
        return replace(self, extensions=(*self.extensions, extension))

    def is_over(self, on: date) -> bool:
        """Whether it was stopped by then."""
        return self.stopped is not None and self.stopped <= self._when(on)

    def explain(self, on: date) -> list[Text]:
        """Why so many days are left on a day, sentence by sentence. Raises NotCovered."""
        on = self._when(on)
        return [
            self._terms(),
            *self._extended(),
            *self._holidays(on),
            *self._interruptions(on),
            self._balance(on),
        ]

    # -- counting --------------------------------------------------------------------------------

    def _counts(self, day: date) -> bool:
        if any(pause.covers(day) for pause in self.pauses):
            return False
        return self.unit == "natural" or self.calendar.works(day)

    def _count(self, after: date, until: date) -> int:
        if self.stopped is not None:
            until = min(until, self.stopped)
        if not self.pauses and self.unit != "natural":
            return self.calendar.working_days_between(after, max(after, until))
        return sum(self._counts(after + _DAY * i) for i in range(1, (until - after).days + 1))

    # -- words -----------------------------------------------------------------------------------

    def _when(self, on: date) -> date:
        return day_of(on)

    def _terms(self) -> Text:
        start, limit = day_words(self.started), count_words(self.limit_days, self.unit)
        return Text(
            "{name} {limit}，自{start}起算，当日不计。",
            "{name}: {limit} from {start}, that day not counted.",
            name=self.name,
            limit=limit,
            start=start,
        )

    def _extended(self) -> Iterator[Text]:
        for extension in self.extensions:
            more, when = count_words(extension.days, self.unit), day_words(extension.on)
            yield Text(
                "{when}经{approved_by}批准延长 {more}：{reason}",
                "Extended by {more} on {when}, approved by {approved_by}: {reason}",
                when=when,
                approved_by=extension.approved_by,
                more=more,
                reason=extension.reason,
            )

    def _holidays(self, on: date) -> Iterator[Text]:
        """The days up to the due day that surprise: holidays, and weekend days worked."""
        if self.unit not in ("working", "working_hour"):
            return
        first, last = day_of(self.started), day_of(self.stopped or self.due or on)
        days = (first + _DAY * i for i in range(1, (last - first).days + 1))
        for works, run in groupby(days, self.calendar.works):
            span = list(run)
            if works:
                for day in filterfalse(is_weekday, span):
                    worked = day_words(day)
                    yield Text(
                        "{worked}为调休上班日，按工作日计。",
                        "{worked}, is worked in exchange for a holiday and is a working day.",
                        worked=worked,
                    )
            elif any(map(is_weekday, span)):
                off = span_words(span[0], span[-1])
                yield Text("{off}放假，不计。", "{off}: holiday, not counted.", off=off)

    def _interruptions(self, on: date) -> Iterator[Text]:
        for pause in self.pauses:
            if pause.from_ > on:
                continue
            kind, start = PAUSES[pause.kind], day_words(pause.from_)
            lost = count_words(self._lost(pause, on), self.unit)
            if pause.to is None or pause.to > on:
                yield Text(
                    "{kind}：{start}起暂停计时，至今未恢复，已有 {lost}不计。{reason}",
                    "{kind}: paused since {start}, {lost} not counted so far. {reason}",
                    kind=kind,
                    start=start,
                    lost=lost,
                    reason=pause.reason,
                )
            else:
                end = day_words(pause.to)
                yield Text(
                    "{kind}：{start}暂停，{end}恢复，其间 {lost}不计，{then}续计。{reason}",
                    "{kind}: paused on {start}, resumed on {end}; {lost} not counted{then}."
                    " {reason}",
                    kind=kind,
                    start=start,
                    end=end,
                    lost=lost,
                    then=self._after_pause,
                    reason=pause.reason,
                )

    _after_pause: ClassVar = Text("次日起", "")

    def _lost(self, pause: Pause, on: date) -> int:
        """The days up to `on` that would have counted but for this pause."""
        first, last = max(pause.from_, self.started), min(pause.to or on, on)
        if self.stopped is not None:
            last = min(last, self.stopped)
        days = (first + _DAY * i for i in range(1, (last - first).days + 1))
        return sum(self.unit == "natural" or self.calendar.works(day) for day in days)

    def _balance(self, on: date) -> Text:
        left, due = self.left(on), self.due
        used, rest = (count_words(days, self.unit) for days in (self.used(on), abs(left)))
        ending = Text("", "")
        if due:
            last = day_words(due)
            ending = Text("，{last}到期", ", due on {last}", last=last)
        if left < 0:
            return Text(
                "已用 {used}，超期 {rest}{ending}。",
                "{used} used, {rest} late{ending}.",
                used=used,
                rest=rest,
                ending=ending,
            )
        if self.is_over(on) and self.stopped is not None:
            done = day_words(self.stopped)
            return Text(
                "{done}办结，用时 {used}，未超期。",
                "Finished on {done} after {used}, in time.",
                done=done,
                used=used,
            )
        if self.pause(on):
            ending = Text("，恢复后继续计时", "; counting goes on after the pause")
        return Text(
            "已用 {used}，还剩 {rest}{ending}。",
            "{used} used, {rest} left{ending}.",
            used=used,
            rest=rest,
            ending=ending,
        )


def _before(one: date, other: date) -> bool:
    """Whether a day or moment lies before another; a day and a moment are compared as days."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one) < day_of(other)


def _refused_extension(why: Text) -> Conflict:
    return Conflict(
        [
            Finding(
                "work.E002",
                "error",
                Text("不能延长：{why}。", "This cannot be extended: {why}.", why=why),
                hint=Text(
                    "请在期限届满前报批，例如：“经局长批准，延长 10 个工作日”。",
                    "Ask for approval before the limit ends, such as "
                    "“10 more working days, approved by the director”.",
                ),
            )
        ]
    )
