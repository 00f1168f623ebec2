"""One case in memory: the engine and the rules as they run in an office, people left outside.

What machines are asked is answered by the caller's `Serve`; tasks, timers and messages stay open
until the caller lets something happen. Simulation and replay differ only in who then answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from xiangyun.kernel.bpmn import (
    CallWanted,
    CaseEnded,
    Command,
    DecisionMade,
    DecisionWanted,
    Event,
    IncidentRaised,
    MessageAwaited,
    MessageUnawaited,
    ServiceCompleted,
    ServiceWanted,
    State,
    TaskClosed,
    TaskCompleted,
    TaskOpened,
    TimerCancelled,
    TimerFired,
    TimerSet,
    VariablesSet,
    WorkCancelled,
    advance,
)
from xiangyun.kernel.dmn import Decided, decide
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import Pack, findings_of, fired_rows, shown

Result = Mapping[str, Value]
Serve = Callable[["Course", ServiceWanted], "Result | None"]
"""Answers a service task; None when the answer comes later. Raises KeyError when it cannot."""
Judge = Callable[["Course", DecisionWanted, Mapping[str, Value]], Decided]


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that happened at an element: `said` is the action, the ruling or the outcome."""

    element: str
    said: str = ""


class Course:
    """One case under way; `outcome` is empty until it has ended, `stuck` says why it cannot."""

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
        self.state: State | None = None
        self.tasks: dict[str, TaskOpened] = {}
        self.timers: dict[str, TimerSet] = {}
        self.messages: dict[str, MessageAwaited] = {}
        self.services: dict[str, ServiceWanted] = {}
        self.trail: list[Trace] = []
        self.outcome = ""
        self.stuck = ""
        self.now: datetime
        """The moment of the last event."""

    @property
    def over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return bool(self.outcome or self.stuck)

    def happens(self, event: Event) -> list[Command]:
        """Let something happen, and all that machines do next; the commands of all that.

        It never raises for a fault of the pack: then `stuck` says what went wrong.
        """
        told: list[Command] = []
        self.now = event.at
        events = deque([event])
        while events and not self.over:
            happening = events.popleft()
            self._note(happening)
            try:
                data = {**self.functions, **self.variables}
                step = advance(self.pack.process, self.state, happening, data)
                self.state = step.state
                for command in step.commands:
                    told.append(command)
                    answer = self._carry_out(command)
                    if answer is not None:
                        events.append(answer)
            except Refused as refused:
                self.stuck = str(refused)
            except KeyError as missing:
                self.stuck = f"{missing} ?"
        return told

    def _note(self, event: Event) -> None:
        """What people and timers did belongs to the trail, as rulings and outcomes do."""
        match event:
            case TaskCompleted():
                action = event.result.get("action")
                self.trail.append(Trace(self.tasks[event.id].element, str(action or "")))
            case TimerFired():
                self.trail.append(Trace(self.timers.pop(event.id).element))
            case ServiceCompleted():
                wanted = self.services.pop(event.id, None)
                if wanted is not None:
                    self.trail.append(Trace(wanted.element))

    def _carry_out(self, command: Command) -> Event | None:
        match command:
            case VariablesSet():
                self.variables.update(command.values)
            case TaskOpened():
                self.tasks[command.id] = command
            case TaskClosed():
                self.tasks.pop(command.id, None)
            case TimerSet():
                self.timers[command.id] = command
            case TimerCancelled():
                self.timers.pop(command.id, None)
            case MessageAwaited():
                self.messages[command.id] = command
            case MessageUnawaited():
                self.messages.pop(command.id, None)
            case WorkCancelled():
                self.services.pop(command.id, None)
            case IncidentRaised():
                self.stuck = command.text
            case CallWanted():
                self.stuck = (
                    f"“{command.element}”调用另一个流程，这里没有它。"
                    f" / “{command.element}” calls another process, which is not here."
                )
            case CaseEnded():
                self.trail.append(Trace(command.element, command.outcome))
                self.outcome = command.outcome
            case DecisionWanted():
                return self._decide(command)
            case ServiceWanted():
                return self._serve(command)
        return None

    def _decide(self, wanted: DecisionWanted) -> Event:
        given = self.variables if wanted.inputs is None else wanted.inputs
        decided = self.judge(self, wanted, {**self.functions, **given})
        self.trail.append(Trace(wanted.element, ruling(decided)))
        return DecisionMade(wanted.id, decided.value, self.now)

    def _serve(self, wanted: ServiceWanted) -> Event | None:
        result = self.serve(self, wanted)
        if result is None:
            self.services[wanted.id] = wanted
            return None
        self.trail.append(Trace(wanted.element))
        return ServiceCompleted(wanted.id, result, self.now)


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
