"""The time of one case: what started, paused, extended and stopped its clocks.

A case has a clock for the promised and one for the statutory time, and one for each stage that the
service gives a limit. The drawing moves them by the property `clock` of an element:

- `starts`: the time of the case, and of its stage, runs from this element's completion;
- `starts stage`: the time of the element's stage alone runs (anew) from its completion;
- `pauses`: while this task is open, or somebody outside has not answered it, such as a fee that
  is not paid, the clocks of the case and of its stage stand still;
- `stops stage`, `stops`: the stage's time, or all time, ends at its completion.

Several are separated by commas: `pauses, starts stage` gives the office its whole time again.
A stage's clock starts by itself when its first task opens. Where a limit of the service counts
hours, all this happens at moments; otherwise on days (`ServiceItem.counts_hours`). Real cases and
simulated ones are counted by this one value; it says nothing about where it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.headers import listed
from xiangyun.kernel.service.limits import StageLimit, TimeLimit, number_for
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.worktime import (
    Calendar,
    Clock,
    Extension,
    HourClock,
    Pause,
    Unit,
    day_of,
    moment_of,
)

PROMISED = Text("承诺时限", "Promised time")
STATUTORY = Text("法定时限", "Statutory time")


def clock_properties_of(
    headers: Mapping[str, str], properties: Mapping[str, str]
) -> dict[str, str]:
    """What an element says about time: its stage, `clock` and `pause`."""
    return {**properties, **headers}


def pauses(properties: Mapping[str, str]) -> bool:
    """Whether clocks stand still while an element with these clock properties is open."""
    return "pauses" in listed(properties, "clock")


@dataclass(frozen=True, slots=True)
class ClockPause:
    """A pause, the task that is its cause, and the stage of that task (empty: none)."""

    token: str
    stage: str
    pause: Pause


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage that has begun: when it runs from, its limit in its unit, when it ended."""

    stage: str
    started: date
    number: int
    stopped: date | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """An extension that was approved, and for which stage (empty: the case has no such stage)."""

    stage: str
    extension: Extension


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day in time, and the day from which it is shown in amber.

    `at`: the last moment, where hours are counted, and their `unit`.
    """

    due: date
    amber: date
    at: datetime | None = None
    unit: Unit = "working"

    @property
    def ends(self) -> datetime:
        """The moment at which it is over."""
        return moment_of(self.at or self.due)


@dataclass(frozen=True, slots=True)
class CaseTime:
    """Everything that the clocks of a case need to know.

    `promised`, `statutory`: its limits in their units. All that happened has a day, or a moment
    where the service counts hours.
    """

    started: date
    promised: int
    statutory: int
    stopped: date | None = None
    pauses: tuple[ClockPause, ...] = ()
    stages: tuple[StageTime, ...] = ()
    extensions: tuple[Granted, ...] = ()
    local: int | None = None
    """What the place promises by a sheet of its own, in the item's unit: never more than that."""

    # -- what happens --------------------------------------------------------------------------

    def opened(
        self,
        token: str,
        properties: Mapping[str, str],
        on: date,
        service: ServiceItem,
        context: Mapping[str, Value],
        reason: Text,
    ) -> CaseTime:
        """A task opened. `properties`: its clock properties; `reason` is told if it pauses."""
        stage, time = properties.get("stage", ""), self
        if service.stage_limit(stage) is not None and self.stage(stage) is None:
            time = time._begun(stage, on, service, context)
        if not pauses(properties):
            return time
        pause = Pause(properties.get("pause", "correction"), reason, on)
        return replace(time, pauses=(*time.pauses, ClockPause(token, stage, pause)))

    def closed(self, token: str, on: date) -> CaseTime:
        """A task closed: what stood still for it goes on."""
        if not any(each.token == token and each.pause.to is None for each in self.pauses):
            return self
        return replace(self, pauses=tuple(_ended(each, token, on) for each in self.pauses))

    def passed(
        self,
        properties: Mapping[str, str],
        on: date,
        service: ServiceItem,
        context: Mapping[str, Value],
    ) -> CaseTime:
        """An element was completed: it may start or stop clocks."""
        stage, time = properties.get("stage", ""), self
        for effect in listed(properties, "clock"):
            if effect == "starts":
                time = replace(time, started=on)._counted(service, context)
            if effect in ("starts", "starts stage"):
                time = time._begun(stage, on, service, context)
            elif effect == "stops stage":
                time = time._stage_stopped(on, stage)
            elif effect == "stops":
                time = replace(time, stopped=on)._stage_stopped(on)
        return time

    def extended(self, granted: Granted, service: ServiceItem, calendar: Calendar) -> CaseTime:
        """An approved extension moves the promised and statutory time and that of its stage.

        Raises Refused when one of them is over already.
        """
        for clock in self.clocks(service, calendar, granted.stage):
            clock.extend(granted.extension)
        return replace(self, extensions=(*self.extensions, granted))

    def renewed(self, service: ServiceItem, context: Mapping[str, Value]) -> CaseTime:
        """The same happenings under the limits of another version; stages it lacks are gone."""
        limits = {each.stage: each.limit for each in service.stage_limits}
        stages = tuple(
            replace(each, number=number_for(limits[each.stage], service.kinds, context))
            for each in self.stages
            if each.stage in limits
        )
        return replace(self, stages=stages)._counted(service, context)

    def _counted(self, service: ServiceItem, context: Mapping[str, Value]) -> CaseTime:
        """With what the limits of the case come to now."""
        promised, statutory = (
            number_for(limit, service.kinds, context)
            for limit in (service.promised, service.statutory)
        )
        if self.local is not None:
            promised = min(promised, self.local)
        return replace(self, promised=promised, statutory=statutory)

    def _begun(
        self, stage: str, on: date, service: ServiceItem, context: Mapping[str, Value]
    ) -> CaseTime:
        rule = service.stage_limit(stage)
        if rule is None:
            return self
        begun = StageTime(stage, on, number_for(rule.limit, service.kinds, context))
        others = (each for each in self.stages if each.stage != stage)
        return replace(self, stages=(*others, begun))

    def _stage_stopped(self, on: date, stage: str | None = None) -> CaseTime:
        return replace(
            self,
            stages=tuple(
                replace(each, stopped=on)
                if each.stopped is None and stage in (None, each.stage)
                else each
                for each in self.stages
            ),
        )

    # -- what follows --------------------------------------------------------------------------

    def stage(self, stage: str) -> StageTime | None:
        """The time of a stage, if it has begun."""
        return next((each for each in self.stages if each.stage == stage), None)

    def promised_clock(self, service: ServiceItem, calendar: Calendar) -> Clock:
        """The clock of the promised time."""
        return self._clock(PROMISED, self.promised, service, service.promised, calendar)

    def statutory_clock(self, service: ServiceItem, calendar: Calendar) -> Clock:
        """The clock of the statutory time."""
        return self._clock(STATUTORY, self.statutory, service, service.statutory, calendar)

    def stage_clock(
        self, stage: str, service: ServiceItem, calendar: Calendar, name: Text | None = None
    ) -> Clock | None:
        """The clock of a stage that has begun; `name` is the stage in words."""
        time, rule = self.stage(stage), service.stage_limit(stage)
        if time is None or rule is None:
            return None
        mine = replace(
            self,
            started=time.started,
            stopped=time.stopped or self.stopped,
            pauses=tuple(each for each in self.pauses if each.stage in ("", stage)),
            extensions=tuple(each for each in self.extensions if each.stage == stage),
        )
        return mine._clock(_stage_words(rule, name), time.number, service, rule.limit, calendar)

    def clocks(self, service: ServiceItem, calendar: Calendar, stage: str = "") -> list[Clock]:
        """The clocks that something in this stage is on: promised, statutory, the stage's own."""
        found = [self.promised_clock(service, calendar), self.statutory_clock(service, calendar)]
        own = self.stage_clock(stage, service, calendar)
        return [*found, own] if own is not None else found

    def stands_still(self, stage: str, on: date) -> bool:
        """Whether a pause holds what lies in this stage: its own clock where one runs, else the
        clock of the case, which every pause stops."""
        own = self.stage(stage)
        of_its_own = own is not None and own.stopped is None
        held = (each for each in self.pauses if not of_its_own or each.stage in ("", stage))
        return any(each.pause.holds(on) for each in held)

    def deadline(
        self, service: ServiceItem, calendar: Calendar, stage: str = ""
    ) -> Deadline | None:
        """The tighter of the promised time and that of the stage; None while both stand still."""
        clocks, own = [self.promised_clock(service, calendar)], self.stage(stage)
        if own is not None and own.stopped is None:
            clocks += filter(None, [self.stage_clock(stage, service, calendar)])
        found = [
            _deadline(clock, due, calendar) for clock in clocks if (due := clock.due) is not None
        ]
        return min(found, key=lambda each: each.ends, default=None)

    def _clock(
        self, name: Text, number: int, service: ServiceItem, limit: TimeLimit, calendar: Calendar
    ) -> Clock:
        """The clock of a limit, which knows days or moments, whatever the others of the case do."""
        kind, when = (HourClock, moment_of) if limit.in_hours else (Clock, day_of)
        rule = service.extension
        return kind(
            started=when(self.started),
            limit_days=number,
            unit=limit.counts,
            calendar=calendar,
            pauses=tuple(_at(each.pause, when) for each in self.pauses),
            extensions=tuple(
                replace(each.extension, on=when(each.extension.on))
                for each in self.extensions
                if rule is None or rule.lengthens(limit)
            ),
            stopped=None if self.stopped is None else when(self.stopped),
            name=name,
            amber=number // 5,
        )


def begun(
    service: ServiceItem, on: date, context: Mapping[str, Value], local: int | None = None
) -> CaseTime:
    """The time of a case filed on a day: it runs from there until something starts it anew.

    `local`: what the place promises by a sheet of its own, in the item's unit.
    """
    return CaseTime(on, 0, 0, local=local)._counted(service, context)


def _deadline(clock: Clock, due: date, calendar: Calendar) -> Deadline:
    if not isinstance(clock, HourClock):
        return Deadline(due, calendar.add_working_days(due, -(clock.limit_days // 5)))
    amber = clock.amber_from
    return Deadline(
        day_of(due), day_of(amber if amber is not None else due), moment_of(due), clock.unit
    )


def _at(pause: Pause, when: Callable[[date], date]) -> Pause:
    """The pause on days, or at moments."""
    return replace(pause, from_=when(pause.from_), to=None if pause.to is None else when(pause.to))


def _ended(standstill: ClockPause, token: str, on: date) -> ClockPause:
    if standstill.token != token or standstill.pause.to is not None:
        return standstill
    return replace(standstill, pause=replace(standstill.pause, to=on))


def _stage_words(rule: StageLimit, name: Text | None) -> Text:
    named = name or Text.given(rule.stage, rule.stage)
    return Text("“{named}”阶段时限", "Time of the stage “{named}”", named=named)
