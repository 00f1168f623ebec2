"""A clock that counts hours: all of them, or those in which the office is open.

How hours are counted (law from memory, to be confirmed by the office that runs the platform):
- they run from the moment at which they begin, and end at a moment (民法典 201);
- `hour` counts nights and days off, and a limit may end on one of them; `working_hour` counts while
  the office is open (`Hours`), so that it ends in office hours;
- a pause is not counted from its first to its last moment: nothing is lost beside it.

Whole hours are told. One that is begun has not been used up; of a limit that is over by a minute
one hour is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from xiangyun.kernel.findings import Text
from xiangyun.kernel.worktime.clock import Clock, Pause
from xiangyun.kernel.worktime.office import moment_of
from xiangyun.kernel.worktime.words import Unit, count_words, day_words

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HourClock(Clock):
    """Time counted from the moment `started` against a limit of hours (`limit_days` of them).

    All its days are moments; where a day is given its end is meant. See `Clock` for the rest.
    """

    @staticmethod
    def units() -> tuple[Unit, ...]:
        """What such a clock may count."""
        return ("working_hour", "hour")

    @property
    def due(self) -> datetime | None:
        """The last moment in time; None while a pause is open before it. Raises NotCovered."""
        return self._after(self.limit * _HOUR)

    @property
    def amber_from(self) -> datetime | None:
        """The moment from which it is shown in amber: a fifth of the limit before its end."""
        return self._after(max(self.limit * _HOUR - self.limit_days * _HOUR / 5, timedelta(0)))

    def used(self, on: date) -> int:
        """The whole hours counted up to a moment, or until it was stopped. Raises NotCovered."""
        return self._used(on) // _HOUR

    def left(self, on: date) -> int:
        """The whole hours left at a moment; negative is the number of hours late."""
        return (self.limit * _HOUR - self._used(on)) // _HOUR

    # -- counting --------------------------------------------------------------------------------

    def _after(self, wanted: timedelta) -> datetime | None:
        """When so much has been counted; None while a pause is open before."""
        at = moment_of(self.started)
        for begins, ends in self._still():
            before = self._elapsed(at, begins)
            if wanted <= before:
                break
            if ends is None:
                return None
            wanted, at = wanted - before, ends
        if self.unit == "hour":
            return at + wanted
        return self.calendar.add_working_hours(at, wanted)

    def _used(self, on: date) -> timedelta:
        start, until = moment_of(self.started), moment_of(on)
        if self.stopped is not None:
            until = min(until, moment_of(self.stopped))
        if until <= start:
            return timedelta(0)
        used = self._elapsed(start, until)
        for begins, ends in self._still():
            ends = until if ends is None else min(ends, until)
            if begins < ends:
                used -= self._elapsed(begins, ends)
        return used

    def _still(self) -> Iterator[tuple[datetime, datetime | None]]:
        """When it stood still since it started, in order; pauses that overlap are one."""
        at = moment_of(self.started)
        for begins, ends in sorted(map(_edges, self.pauses), key=lambda edges: edges[0]):
            if ends is None:
                yield max(at, begins), None
                return
            if ends > at:
                yield max(at, begins), ends
                at = ends

    def _elapsed(self, begins: datetime, ends: datetime) -> timedelta:
        if self.unit == "hour":
            return ends - begins
        return self.calendar.working_hours_between(begins, ends)

    # -- words -----------------------------------------------------------------------------------

    _after_pause: ClassVar = Text("随即", "")

    def _when(self, on: date) -> date:
        return moment_of(on)

    def _terms(self) -> Text:
        start, limit = day_words(self.started), count_words(self.limit_days, self.unit)
        return Text(
            "{name} {limit}，自{start}起算。",
            "{name}: {limit} from {start}.",
            name=self.name,
            limit=limit,
            start=start,
        )

    def _lost(self, pause: Pause, on: date) -> int:
        """The whole hours up to a moment that would have counted but for this pause."""
        begins, ends = _edges(pause)
        first, last = (
            max(begins, moment_of(self.started)),
            min(ends or moment_of(on), moment_of(on)),
        )
        if self.stopped is not None:
            last = min(last, moment_of(self.stopped))
        return self._elapsed(first, last) // _HOUR if first < last else 0


def _edges(pause: Pause) -> tuple[datetime, datetime | None]:
    return moment_of(pause.from_), None if pause.to is None else moment_of(pause.to)
