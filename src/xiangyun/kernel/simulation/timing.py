"""The clocks of one simulated case, moved by its drawing as those of a real case are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from xiangyun.kernel.bpmn import Element, element_of
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.service.casetime import begun, clock_properties_of
from xiangyun.kernel.worktime import Calendar

_WAITING = Text("暂停计时", "The clock stands still")


class Timing:
    """The time of one case; `variables` are those of the case, as they stand at each moment."""

    def __init__(self, pack: Pack, variables: Mapping[str, Value], at: datetime) -> None:
        self.pack, self.variables = pack, variables
        self.time = begun(pack.service, self._when(at), variables)

    def opened(self, task: str, at: datetime) -> None:
        """A task opened: time may stand still, or a stage begin."""
        found = _clock_properties(self._element(element_of(divided(task)[1])))
        self.time = self.time.opened(
            task, found, self._when(at), self.pack.service, self.variables, _WAITING
        )

    def closed(self, task: str, at: datetime) -> None:
        """A task closed: if time stood still for it, it goes on."""
        self.time = self.time.closed(task, self._when(at))

    def passed(self, element: str, at: datetime) -> None:
        """An element was completed: it may start or stop clocks."""
        found = _clock_properties(self._element(element))
        self.time = self.time.passed(found, self._when(at), self.pack.service, self.variables)

    def due(self, element: str, calendar: Calendar) -> date | None:
        """The day by which a task of this element is due that has no deadline of its own."""
        stage = _clock_properties(self._element(element)).get("stage", "")
        found = self.time.deadline(self.pack.service, calendar, stage)
        return found.due if found is not None else None

    def _when(self, at: datetime) -> date:
        """A moment as the clocks of this service take it: with its time only for hours."""
        return at if self.pack.service.counts_hours else at.date()

    def _element(self, element: str) -> Element:
        return self.pack.elements[element]


def _clock_properties(element: Element) -> dict[str, str]:
    return clock_properties_of(element.headers, element.properties)
