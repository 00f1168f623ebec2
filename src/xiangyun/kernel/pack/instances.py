"""The processes of one application that are under way: the main one, and those that were called.

A called process runs beside its caller, with a state and variables of its own. Within the
application each has a number, empty for the main one, which stands before its ids: `1/review~2`.
An application in memory (`running`) and one that a database keeps are moved by these same values;
they differ in who answers what the processes want.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from xiangyun.kernel.bpmn import (
    CallCompleted,
    CallEscalated,
    CallFailed,
    CallWanted,
    CaseEnded,
    CaseFailed,
    Command,
    DataChanged,
    EscalationRaised,
    Event,
    MessageReceived,
    Process,
    SignalReceived,
    Started,
    State,
    WorkCancelled,
    abandoned,
    advance,
)
from xiangyun.kernel.feel import Value
from xiangyun.kernel.pack import calldata
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.variables import host_functions
from xiangyun.kernel.worktime import Calendar

Addressed = tuple[str, Event]
"""The number of a part, and an event as that part knows it."""


@dataclass(slots=True, eq=False)
class Part:
    """A process under way: the main one, whose number is empty, or one that another part called.

    `call`: the id of the call in its `caller`. `through`: it sees all that its caller sees.
    `calls`: how many processes it has called so far.
    """

    number: str
    process: Process
    variables: dict[str, Value]
    caller: Part | None = None
    call: str = ""
    through: bool = False
    state: State | None = None
    calls: int = 0

    def whole(self, id: str) -> str:
        """An id of this part as the whole application knows it."""
        return f"{self.number}/{id}" if self.number else id

    def as_whole(self, command: Command) -> Command:
        """A command of this part with its id as the whole application knows it."""
        if not self.number or not hasattr(command, "id"):
            return command
        return replace(command, id=self.whole(command.id))  # type: ignore[arg-type]


class ProcessInstances:
    """All parts of one application, by their numbers. `variables` are those of the main process.

    `calendar`: the office's, by which timers count and functions of the host reckon.
    """

    def __init__(self, pack: Pack, calendar: Calendar, variables: dict[str, Value]) -> None:
        self.pack, self.calendar = pack, calendar
        self.functions = host_functions(calendar)
        self.main = Part("", pack.process, variables)
        self.by_number = {"": self.main}

    def seen(self, part: Part) -> Mapping[str, Value]:
        """The variables as a process sees them."""
        if part.caller is None:
            return part.variables
        around = self.seen(part.caller)
        return calldata.seen_by(part.variables, around, self.main.variables, through=part.through)

    def context(self, part: Part) -> dict[str, Value]:
        """What a formula of a process sees: its variables and the functions of the host."""
        return {**self.functions, **self.seen(part)}

    def advance(self, part: Part, event: Event) -> list[Command]:
        """Let a process go on; its commands, with ids as the whole application knows them."""
        step = advance(part.process, part.state, event, self.context(part), self.calendar)
        part.state = step.state
        return [part.as_whole(command) for command in step.commands]

    def assign(self, part: Part, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Set variables that a process has worked out; returns those that the main process has."""
        if part.caller is not None:
            return calldata.assign(values, part.variables, self.main.variables)
        part.variables.update(values)
        return values

    def call(self, part: Part, wanted: CallWanted, at: datetime) -> Addressed:
        """Begin what a process calls as a part of its own: the event with which it starts.

        Where it calls too deep, the event that tells the caller so. Raises KeyError for a process
        that the pack does not have.
        """
        id = divided(wanted.id)[1]
        if (refused := calldata.too_deep(wanted, part.number, at)) is not None:
            return part.number, replace(refused, id=id)
        element = part.process.elements[wanted.element]
        own = calldata.given(wanted, element, self.context(part))
        number = calldata.number(part.number, part.calls)
        process = self.pack.process_of(wanted.process)
        self.by_number[number] = Part(number, process, own, part, id, not element.inputs)
        part.calls += 1
        return number, Started(at)

    def heard(
        self, part: Part, command: CaseEnded | CaseFailed | EscalationRaised, at: datetime
    ) -> Addressed | None:
        """What the caller hears of a part: how it ended, and it is gone, or what it did not catch.

        None where there is nothing to hear: of the main process, and of what was caught.
        """
        caller = part.caller
        if caller is None:
            return None
        if isinstance(command, EscalationRaised):
            event = CallEscalated(part.call, command.code, command.payload, at)
            return None if command.caught else (caller.number, event)
        self.by_number.pop(part.number, None)
        if isinstance(command, CaseFailed):
            return caller.number, CallFailed(part.call, command.code, command.message, at)
        return caller.number, CallCompleted(part.call, part.variables, at)

    def drop(self, cancelled: WorkCancelled, at: datetime) -> list[Command]:
        """If it was a call: nobody wants what was called, and all that is open in it is closed."""
        closing: list[Command] = []
        for part in list(self.by_number.values()):
            if part.caller is not None and part.caller.whole(part.call) == cancelled.id:
                del self.by_number[part.number]
                state = part.state
                for command in abandoned(part.process, state, at) if state is not None else ():
                    whole = part.as_whole(command)
                    closing.append(whole)
                    if isinstance(whole, WorkCancelled):
                        closing += self.drop(whole, at)
        return closing


def divided(id: str) -> tuple[str, str]:
    """The number of the part and the id within it, out of an id of the whole application."""
    number, _, local = id.rpartition("/")
    return number, local


def addressed(event: Event, waits: Iterable[str]) -> list[Addressed]:
    """The parts that an event is for, and the event as each of them knows it.

    `waits`: the ids of what waits for the message or signal, the oldest first. One takes a message,
    every one a signal.
    """
    if isinstance(event, MessageReceived):
        oldest = next(iter(waits), None)
        return [] if oldest is None else [(divided(oldest)[0], event)]
    if isinstance(event, SignalReceived):
        return [(number, event) for number in dict.fromkeys(divided(id)[0] for id in waits)]
    if isinstance(event, Started | DataChanged) or "/" not in event.id:
        return [("", event)]
    number, id = divided(event.id)
    return [(number, replace(event, id=id))]
