"""The clocks of one simulated case, moved by its drawing as those of a real case are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from xiangyun.kernel.bpmn import element_of
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.service.casetime import CaseTime, begun, clock_properties_of, pauses
from xiangyun.kernel.worktime import Calendar

_WAITING = Text("暂停计时", "The clock stands still")


class Clocks:
    """What the clocks of all cases of a pack have in common, found out once.

    `marks`: the clock properties of each element, `hours` whether limits in hours are among them.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack, self.hours = pack, pack.service.counts_hours
        self.marks = {
            element.id: clock_properties_of(element.headers, element.properties)
            for element in pack.elements.values()
        }
        self._due: dict[tuple[CaseTime, str], date | None] = {}

    def due(self, time: CaseTime, stage: str, calendar: Calendar) -> date | None:
        """The last day of a case's time; cases to whom the same happened share it."""
        key = time, stage
        if key not in self._due:
            found = time.deadline(self.pack.service, calendar, stage)
            self._due[key] = found.due if found is not None else None
        return self._due[key]


class Timing:
    """The time of one case; `variables` are those of the case, as they stand at each moment."""

    def __init__(self, clocks: Clocks, variables: Mapping[str, Value], at: datetime) -> None:
        self.clocks, self.service, self.variables = clocks, clocks.pack.service, variables
        self.time = begun(self.service, self._when(at), variables)

    def opened(self, task: str, at: datetime) -> None:
        """A task opened: time may stand still, or a stage begin."""
        found = self.clocks.marks[element_of(divided(task)[1])]
        if found:
            self.time = self.time.opened(
                task, found, self._when(at), self.service, self.variables, _WAITING
            )

    def asked(self, service: str, at: datetime) -> None:
        """Somebody outside is to answer: time may stand still until then."""
        if pauses(self.clocks.marks[element_of(divided(service)[1])]):
            self.opened(service, at)

    def closed(self, task: str, at: datetime) -> None:
        """A task closed, or was answered: if time stood still for it, it goes on."""
        if self.time.pauses:
            self.time = self.time.closed(task, self._when(at))

    def passed(self, element: str, at: datetime) -> None:
        """An element was completed: it may start or stop clocks."""
        found = self.clocks.marks[element]
        if "clock" in found:
            self.time = self.time.passed(found, self._when(at), self.service, self.variables)

    def due(self, element: str, calendar: Calendar) -> date | None:
        """The day by which a task of this element is due that has no deadline of its own."""
        return self.clocks.due(self.time, self.clocks.marks[element].get("stage", ""), calendar)

    def _when(self, at: datetime) -> date:
        """A moment as the clocks of this service take it: with its time only for hours."""
        return at if self.clocks.hours else at.date()
