"""A case walked by hand in a test: events in, commands looked at, root variables merged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from xiangyun.kernel.bpmn import (
    Command,
    DecisionMade,
    DecisionWanted,
    Event,
    MessageReceived,
    Process,
    ServiceCompleted,
    ServiceFailed,
    ServiceWanted,
    SignalReceived,
    Started,
    State,
    TaskCompleted,
    TaskOpened,
    TimerFired,
    TimerSet,
    VariablesSet,
    advance,
    read_process,
)
from xiangyun.kernel.bpmn.commands import CaseEnded, IncidentRaised
from xiangyun.kernel.worktime import WEEKDAYS, Calendar

MORNING = datetime(2026, 4, 9, 9, 0, tzinfo=UTC)
Kind = TypeVar("Kind")


class Case:
    """Every step also goes through JSON, and is taken twice to see that it comes out the same."""

    def __init__(
        self,
        drawing: str | Process,
        started: Started | None = None,
        *,
        calendar: Calendar = WEEKDAYS,
        **data: Any,
    ) -> None:
        self.calendar = calendar
        self.process = drawing if isinstance(drawing, Process) else read_process(drawing)
        self.data = {key: number(value) for key, value in data.items()}
        self.state: State | None = None
        self.now = MORNING
        self.commands: tuple[Command, ...] = ()
        self.told: list[Command] = []
        self.happens(started or Started(MORNING))

    def happens(self, event: Event) -> Case:
        step = advance(self.process, self.state, event, self.data, self.calendar)
        again = advance(self.process, self.state, event, dict(self.data), self.calendar)
        assert again == step, "the same event gave another step"
        stored = step.state.to_json()
        self.state = State.from_json(stored)
        assert self.state == step.state
        assert self.state.to_json() == stored
        self.commands = step.commands
        self.told += step.commands
        if step.commands and isinstance(step.commands[0], VariablesSet):
            self.data.update(step.commands[0].values)
        return self

    def all(self, kind: type[Kind]) -> list[Kind]:
        return [command for command in self.commands if isinstance(command, kind)]

    def the(self, kind: type[Kind]) -> Kind:
        """The last such command of the whole story."""
        return [command for command in self.told if isinstance(command, kind)][-1]

    def open(self, kind: type = TaskOpened) -> list[str]:
        """Elements at which people (or machines) are still wanted."""
        assert self.state is not None
        told = [command for command in self.told if isinstance(command, kind)]
        return [command.element for command in told if command.id in self.state.live]

    def _id(self, element: str, kind: type) -> str:
        assert self.state is not None
        for command in reversed(self.told):
            alive = isinstance(command, kind) and command.element == element
            if alive and (command.id in self.state.live or command.id in self.state.waits):
                return command.id
        raise AssertionError(f"nothing is open at {element}; open: {list(self.state.live)}")

    def completes(self, element: str, **result: Any) -> Case:
        values = {key: number(value) for key, value in result.items()}
        return self.happens(TaskCompleted(self._id(element, TaskOpened), values, self.now))

    def oldest(self, element: str, **result: Any) -> Case:
        """Complete the task of an element that has been open longest."""
        assert self.state is not None
        ident = next(
            ident
            for ident in self.state.live
            if ident.startswith(f"{element}~") and not self.state.live[ident].phase
        )
        return self.completes_id(ident, **result)

    def completes_id(self, ident: str, **result: Any) -> Case:
        values = {key: number(value) for key, value in result.items()}
        return self.happens(TaskCompleted(ident, values, self.now))

    def decides(self, element: str, value: Any) -> Case:
        ident = self._id(element, DecisionWanted)
        return self.happens(DecisionMade(ident, number(value), self.now))

    def answers(self, element: str, **result: Any) -> Case:
        ident = self._id(element, ServiceWanted)
        return self.happens(ServiceCompleted(ident, result, self.now))

    def fails(self, element: str, code: str) -> Case:
        ident = self._id(element, ServiceWanted)
        return self.happens(ServiceFailed(ident, code, "不通 / no answer", self.now))

    def waits(self, **span: float) -> Case:
        self.now += timedelta(**span)
        return self

    def rings(self, element: str) -> Case:
        return self.happens(TimerFired(self._id(element, TimerSet), self.now))

    def hears(self, name: str, key: str | None = None, **payload: Any) -> Case:
        return self.happens(MessageReceived(name, key, payload, self.now))

    def sees(self, name: str, **payload: Any) -> Case:
        return self.happens(SignalReceived(name, payload, self.now))

    @property
    def outcome(self) -> str | None:
        """How the case ended, or None while it runs."""
        ends = [command for command in self.told if isinstance(command, CaseEnded)]
        assert len(ends) <= 1, "a case ends once"
        assert bool(ends) == bool(self.state and self.state.ended)
        return ends[0].outcome if ends else None

    @property
    def incident(self) -> IncidentRaised:
        return self.the(IncidentRaised)


def number(value: Any) -> Any:
    """Python values of a test as FEEL values."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, list):
        return [number(each) for each in value]
    if isinstance(value, Mapping):
        return {key: number(each) for key, each in value.items()}
    return value
