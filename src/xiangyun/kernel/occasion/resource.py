"""What can be booked, as values: a resource with its lanes and rules, and the steps of examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.occasion.openings import Opening
from xiangyun.kernel.packfile.formulas import Formula


@dataclass(frozen=True, slots=True)
class Lane:
    """Those who are served alike. `priority`: 1 moves up first; `units`: kept for this lane in
    every slot, so that nobody else takes them. `condition`: who or what may use it, of the facts of
    a booking; None for everybody. `told`: the same in words. `register`: whose records about the
    party the condition asks."""

    id: str
    name: Text
    priority: int
    units: int
    condition: Formula | None = None
    told: Text | None = None
    register: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """What one party may have at a time in units still to come, so that nobody hoards: `on_hold`
    not confirmed yet or waiting, `open` in all. 0 is no limit."""

    on_hold: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class NoShow:
    """Who has not checked in so long `after` the beginning did not come; who did not come `most`
    times `within` so long books nothing for `barred` after the last time."""

    after: timedelta
    most: int
    within: timedelta
    barred: timedelta


@dataclass(frozen=True, slots=True)
class Longer:
    """Extended hours on application: so many `days` in a row, so many `hours` open on one day."""

    days: int
    hours: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an example: who does what at a moment of the office's clock, and what comes of it:
    a state of the booking, or the id of a refusal. `slots`: moments as they are written."""

    at: str
    who: str
    verb: str
    slot: str
    lane: str
    units: int
    weeks: int
    expect: str
    place: Place
    given: Mapping[str, Any] = field(default_factory=dict)
    """The facts of the booking, as JSON has them."""


@dataclass(frozen=True, slots=True)
class Each:
    """Those who have one each: `register` holds them, and of its fields `by` has the code of one,
    `name` what it is called, `capacity` its own units of a slot; the latter may be empty."""

    register: str
    by: str
    name: str
    capacity: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing that can be booked. `opens`: so long before a slot booking begins; `closes`: so
    long before it ends; `cancel`: so long before a slot one may still cancel; `hold`: so long a
    booking stands unconfirmed; `waiting`: so many may wait for a slot; `series`: so many weeks.
    `department`: whose officials see the bookings, empty for those of all; `services`: whose
    cases alone book, none where everybody may; `people`: the codes of those who
    are there in every slot that is booked, and nowhere else at that time; `each`: of whom each has
    one of its own, None for what there is once."""

    id: str
    name: Text
    division: str
    opening: tuple[Opening, ...]
    slot: timedelta
    capacity: int
    lanes: tuple[Lane, ...]
    opens: timedelta
    closes: timedelta
    cancel: timedelta
    hold: timedelta
    waiting: int
    series: int
    no_show: NoShow | None
    longer: Longer | None
    examples: tuple[Step, ...]
    place: Place
    limit: Limit = Limit()
    department: str = ""
    services: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    each: Each | None = None

    def of(self, whose: str, records: Sequence[Mapping[str, Any]], division: int) -> Resource:
        """That of one of those who have one each, by the records about it; the greatest units that
        they name count. `whose`: its code, which stands for a name that no record has."""
        if self.each is None:
            raise ValueError(f"{self.id} is there once")
        names = (name for each in records if (name := each.get(self.each.name)))
        own = (n for each in records if isinstance(n := each.get(self.each.capacity), int))
        least = max(1, sum(lane.units for lane in self.lanes))
        return replace(
            self,
            each=None,
            name=Text(
                "{what}：{whose}", "{what}: {whose}",
                what=self.name, whose=str(next(names, whose)),
            ),
            division=f"{division:012}",
            capacity=max(least, max(own, default=self.capacity)),
        )  # fmt: skip

    def lane(self, id: str) -> Lane | None:
        """The lane of that id; without an id the only one."""
        if not id and len(self.lanes) == 1:
            return self.lanes[0]
        return next((lane for lane in self.lanes if lane.id == id), None)
