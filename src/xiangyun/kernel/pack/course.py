"""One application in memory: its processes run on, machines answered, people and time left outside.

What machines are asked is answered by the caller's `serve` and `judge`; tasks, timers, messages
and signals stay in the books until the caller lets something happen. Rehearsal, simulation and
replay differ only in who then answers. A process that another one calls runs beside it, as a case
of its own in the office: its ids begin with its number (`1/review~2`). Messages and signals that
the application sends itself are delivered; those for other cases leave it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from xiangyun.kernel.bpmn import (
    Books,
    CallCompleted,
    CallEscalated,
    CallFailed,
    CallWanted,
    CaseEnded,
    CaseFailed,
    Command,
    DataChanged,
    DecisionMade,
    DecisionWanted,
    EscalationRaised,
    Event,
    IncidentRaised,
    MessageAwaited,
    MessageReceived,
    MessageSent,
    Process,
    ServiceCompleted,
    ServiceWanted,
    SignalAwaited,
    SignalReceived,
    SignalThrown,
    Started,
    State,
    TaskCompleted,
    TimerFired,
    VariablesSet,
    WorkCancelled,
    advance,
    element_of,
)
from xiangyun.kernel.dmn import Decided, decide
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import called
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.ruling import findings_of, fired_rows
from xiangyun.kernel.pack.shown import shown

Result = Mapping[str, Value]
Serve = Callable[["Course", ServiceWanted], "Result | None"]
"""Answers a service task; None when the answer comes later. Raises KeyError when it cannot."""
Addressed = tuple[str, Event]
"""The number of a part, and an event as that part knows it."""
Judge = Callable[["Course", DecisionWanted, Mapping[str, Value]], Decided]


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that happened at an element: `said` is the action, the ruling or the outcome."""

    element: str
    said: str = ""


@dataclass(slots=True, eq=False)
class Part:
    """A process under way: the main one, whose number is empty, or one that another part called.

    `call`: the id of the call in its `caller`. `through`: it sees all that its caller sees.
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


class Course:
    """One application under way; `outcome` is empty until it has ended, `stuck` says why it cannot.

    `variables` are those of the main process.
    """

    def __init__(
        self,
        pack: Pack,
        variables: Mapping[str, Value],
        functions: Mapping[str, Value],
        serve: Serve,
        judge: Judge | None = None,
    ) -> None:
        self.pack, self.functions = pack, functions
        self.variables = dict(variables)
        self.serve, self.judge = serve, judge or judged
        self.parts = {"": Part("", pack.process, self.variables)}
        self.books = Books()
        self.trail: list[Trace] = []
        self.outcome = ""
        self.stuck = ""
        self.now: datetime
        """The moment of the last event."""
        self._sent: deque[Event] = deque()

    @property
    def over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return bool(self.outcome or self.stuck)

    def seen(self, id: str) -> Mapping[str, Value]:
        """The variables as the process sees them that a task, service or decision belongs to."""
        return self._seen(self.parts[divided(id)[0]])

    def happens(self, event: Event) -> list[Command]:
        """Let something happen, and all that machines do next; the commands of all that.

        It never raises for a fault of the pack: then `stuck` says what went wrong.
        """
        told: list[Command] = []
        self.now = event.at
        events = deque(self._addressed(event))
        while events and not self.over:
            number, happening = events.popleft()
            part = self.parts.get(number)
            if part is not None and self._is_wanted(part, happening):
                self._advance(part, happening, events, told)
            if not events and self._sent:
                events.extend(self._addressed(self._sent.popleft()))
        return told

    # -- what goes in --------------------------------------------------------------------------

    def _addressed(self, event: Event) -> list[Addressed]:
        """The parts that an event is for, and the event as each of them knows it."""
        if isinstance(event, MessageReceived):
            found = [m for m in self.books.of(MessageAwaited) if _takes(m, event)][:1]
            return [(divided(message.id)[0], event) for message in found]
        if isinstance(event, SignalReceived):
            waiting = [s.id for s in self.books.of(SignalAwaited) if s.name == event.name]
            return [(number, event) for number in dict.fromkeys(divided(s)[0] for s in waiting)]
        if isinstance(event, Started | DataChanged) or "/" not in event.id:
            return [("", event)]
        number, id = divided(event.id)
        return [(number, replace(event, id=id))]

    def _is_wanted(self, part: Part, event: Event) -> bool:
        """Whether an answer still finds who asked for it; the books close what is answered."""
        open_ = self.books.open
        match event:
            case TaskCompleted():
                action = str(event.result.get("action") or "")
                self.trail.append(Trace(element_of(event.id), action))
            case TimerFired():
                open_.pop(part.whole(event.id), None)
                self.trail.append(Trace(element_of(event.id)))
            case ServiceCompleted():
                if open_.pop(part.whole(event.id), None) is None:
                    return False
                self.trail.append(Trace(element_of(event.id)))
            case DecisionMade() | CallCompleted() | CallFailed():
                return open_.pop(part.whole(event.id), None) is not None
            case CallEscalated():
                return part.whole(event.id) in open_
        return True

    def _advance(
        self, part: Part, event: Event, events: deque[Addressed], told: list[Command]
    ) -> None:
        """One step of one part, and what the machines answer to it."""
        try:
            data = {**self.functions, **self._seen(part)}
            step = advance(part.process, part.state, event, data)
            part.state = step.state
            for command in step.commands:
                whole = command if part.caller is None else _as_whole(part, command)
                self.books.note(whole)
                told.append(whole)
                answer = self._carry_out(part, whole, told)
                if answer is not None:
                    events.append(answer)
        except Refused as refused:
            self.stuck = str(refused)
        except KeyError as missing:
            self.stuck = f"{missing} ?"

    def _carry_out(self, part: Part, command: Command, told: list[Command]) -> Addressed | None:
        match command:
            case VariablesSet() if part.caller is None:
                self.variables.update(command.values)
            case VariablesSet():
                called.keep(command.values, part.variables, self.variables)
            case DecisionWanted() | ServiceWanted() | CallWanted():
                return self._answer(part, command)
            case WorkCancelled():
                told += self._drop(command.id)
            case MessageSent():
                sent = MessageReceived(command.name, command.key, command.payload, self.now)
                self._sent.append(sent)
            case SignalThrown():
                self._sent.append(SignalReceived(command.name, command.payload, self.now))
            case IncidentRaised():
                self.stuck = command.text
            case CaseEnded() if part.caller is None:
                self.trail.append(Trace(command.element, command.outcome))
                self.outcome = command.outcome
            case CaseEnded() | CaseFailed() | EscalationRaised() if part.caller is not None:
                return self._to_caller(part, part.caller, command)
        return None

    def _to_caller(
        self, part: Part, caller: Part, command: CaseEnded | CaseFailed | EscalationRaised
    ) -> Addressed | None:
        """What the caller hears of a part: how it ended, or what it did not catch."""
        event: Event
        match command:
            case CaseEnded():
                self.trail.append(Trace(command.element, command.outcome))
                event = CallCompleted(part.call, part.variables, self.now)
            case CaseFailed():
                self.trail.append(Trace(command.element, command.code))
                event = CallFailed(part.call, command.code, command.message, self.now)
            case EscalationRaised():
                event = CallEscalated(part.call, command.code, command.payload, self.now)
                return None if command.caught else (caller.number, event)
        del self.parts[part.number]
        return caller.number, event

    # -- what machines do ----------------------------------------------------------------------

    def _answer(
        self, part: Part, wanted: DecisionWanted | ServiceWanted | CallWanted
    ) -> Addressed | None:
        id = wanted.id if part.caller is None else divided(wanted.id)[1]
        match wanted:
            case DecisionWanted():
                return part.number, DecisionMade(id, self._decide(part, wanted), self.now)
            case ServiceWanted():
                result = self.serve(self, wanted)
                if result is None:
                    return None
                return part.number, ServiceCompleted(id, result, self.now)
            case CallWanted():
                return self._call(part, wanted, id)

    def _decide(self, part: Part, wanted: DecisionWanted) -> Value:
        given = self._seen(part) if wanted.inputs is None else wanted.inputs
        decided = self.judge(self, wanted, {**self.functions, **given})
        self.trail.append(Trace(wanted.element, ruling(decided)))
        return decided.value

    def _call(self, part: Part, wanted: CallWanted, id: str) -> Addressed:
        """Begin the called process as a part of its own."""
        if (refused := called.too_deep(wanted, part.number, self.now)) is not None:
            return part.number, replace(refused, id=id)
        element = part.process.elements[wanted.element]
        own = called.given(wanted, element, {**self.functions, **self._seen(part)})
        number = called.number(part.number, part.calls)
        part.calls += 1
        process = self.pack.process_of(wanted.process)
        self.parts[number] = Part(number, process, own, part, id, not element.inputs)
        return number, Started(self.now)

    def _drop(self, call: str) -> list[Command]:
        """Nobody wants what was called any more: all that is open in it is closed."""
        closed: list[Command] = []
        for part in list(self.parts.values()):
            if part.caller is not None and part.caller.whole(part.call) == call:
                del self.parts[part.number]
                for command in self.books.close(part.whole("")):
                    closed.append(command)
                    if isinstance(command, WorkCancelled):
                        closed += self._drop(command.id)
        return closed

    def _seen(self, part: Part) -> Mapping[str, Value]:
        if part.caller is None:
            return self.variables
        around = self._seen(part.caller)
        return called.seen_by(part.variables, around, self.variables, through=part.through)


def judged(course: Course, wanted: DecisionWanted, inputs: Mapping[str, Value]) -> Decided:
    """What the pack's own rules decide. Raises KeyError when it has none."""
    if course.pack.rules is None:
        raise KeyError("rules.dmn")
    return decide(course.pack.rules, wanted.decision, inputs)


def ruling(decided: Decided) -> str:
    """A decision in short: what it came to, and the rows that speak to the applicant."""
    value = decided.value
    outcome = shown(value.get("outcome") if isinstance(value, dict) else value, "zh")
    rows = [finding.id for finding in findings_of(decided)] or list(fired_rows(decided))
    return f"{outcome} [{', '.join(rows)}]" if rows else outcome


def divided(id: str) -> tuple[str, str]:
    """The number of the part and the id within it, out of an id of the whole application."""
    number, _, local = id.rpartition("/")
    return number, local


def _as_whole(part: Part, command: Command) -> Command:
    """A command with its id as the whole application knows it."""
    if not hasattr(command, "id"):
        return command
    return replace(command, id=part.whole(command.id))  # type: ignore[arg-type]


def _takes(awaited: MessageAwaited, event: MessageReceived) -> bool:
    return awaited.name == event.name and awaited.key in (None, event.key)
