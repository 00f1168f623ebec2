"""The clock of one simulated case, started, paused and stopped as its drawing says.

The property `clock` of an element: `starts` (time runs from its completion), `pauses` (stands
still while its task is open), `stops` (ends at its completion). Until something starts it, time
runs from the day of filing, as it does for real cases.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from xiangyun.kernel.bpmn import Process, element_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack.item import TimeLimit
from xiangyun.kernel.worktime import Calendar, Clock, Pause, Unit

_WAITING = Text("暂停计时", "The clock stands still")


@dataclass
class Timing:
    """What a case's clocks need to know."""

    process: Process
    started: date
    stopped: date | None = None
    pauses: dict[str, Pause] = field(default_factory=dict)
    """By the task during which time stands still."""

    def opened(self, task: str, on: date) -> None:
        """A task opened: time may stand still."""
        if self._effect(element_of(task)) == "pauses":
            self.pauses[task] = Pause("other", _WAITING, on)

    def closed(self, task: str, on: date) -> None:
        """A task closed: if time stood still for it, it goes on."""
        if task in self.pauses:
            self.pauses[task] = replace(self.pauses[task], to=on)

    def passed(self, element: str, on: date) -> None:
        """An element was completed: it may start or stop the clock."""
        effect = self._effect(element)
        if effect == "starts":
            self.started = on
        elif effect == "stops":
            self.stopped = on

    def clock(self, limit: TimeLimit, calendar: Calendar) -> Clock:
        """The clock against one of the item's limits."""
        unit: Unit = "natural" if limit.unit == "natural_day" else "working"
        pauses = tuple(self.pauses.values())
        return Clock(self.started, limit.days, unit, calendar, pauses=pauses, stopped=self.stopped)

    def _effect(self, element: str) -> str:
        return self.process.elements[element].properties.get("clock", "")
