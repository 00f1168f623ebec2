"""One application in memory: its processes run on, machines answer, people and time stay outside.

What machines are asked is answered by the caller's `serve` and `judge`; tasks, timers, messages
and signals stay in the books until the caller lets something happen. Rehearsal, simulation and
replay differ only in who then answers. A process that another one calls runs beside it, as a case
of its own in the office: its ids begin with its number (`1/review~2`). Messages and signals that
the application sends itself are delivered; those for other cases leave it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    DecisionMade,
    DecisionWanted,
    EscalationRaised,
    Event,
    IncidentRaised,
    MessageAwaited,
    MessageReceived,
    MessageSent,
    ServiceCompleted,
    ServiceFailed,
    ServiceWanted,
    SignalAwaited,
    SignalReceived,
    SignalThrown,
    TaskCompleted,
    TimerFired,
    VariablesSet,
    WorkCancelled,
    element_of,
)
from xiangyun.kernel.dmn import Decided, decide
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.language import CHINESE
from xiangyun.kernel.pack.instances import Addressed, Part, ProcessInstances, addressed, divided
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.taskforms import ANSWERS, TASKS, answered
from xiangyun.kernel.pack.variables import host_functions
from xiangyun.kernel.packfile.display import shown
from xiangyun.kernel.service.ruling import findings_of, fired_rows
from xiangyun.kernel.worktime import Calendar, office_time

Result = Mapping[str, Value]
Serve = Callable[["InMemoryCase", ServiceWanted], "Result | None"]
"""Answers a service task; None when the answer comes later. Raises KeyError when it cannot."""
Judge = Callable[["InMemoryCase", DecisionWanted, Mapping[str, Value]], Decided]


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that happened at an element: `said` is the action, the ruling or the outcome."""

    element: str
    said: str = ""


class InMemoryCase:
    """One application under way; `outcome` is empty until it has ended, `stuck` says why it cannot.

    `variables` are those of the main process.
    """

    def __init__(
        self,
        pack: Pack,
        variables: Mapping[str, Value],
        calendar: Calendar,
        serve: Serve,
        judge: Judge | None = None,
    ) -> None:
        self.pack, self.functions = pack, host_functions(calendar)
        self.variables = dict(variables)
        self.serve, self.judge = serve, judge or judged
        self.parts = ProcessInstances(pack, calendar, self.variables)
        self.books = Books()
        self.trail: list[Trace] = []
        self.returned: list[str] = []
        """The call activities that are done, until somebody has moved the clocks by them."""
        self.outcome = ""
        self.stuck: Text | None = None
        self.now: datetime
        """The moment of the last event, on the clock of the office."""
        self._sent: deque[Event] = deque()

    @property
    def over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return bool(self.outcome or self.stuck)

    def seen(self, id: str) -> Mapping[str, Value]:
        """The variables as the process sees them that a task, service or decision belongs to."""
        return self.parts.seen(self.parts.by_number[divided(id)[0]])

    def happens(self, event: Event) -> list[Command]:
        """Let something happen, and all that machines do next; the commands of all that.

        It never raises for a fault of the pack: then `stuck` says what went wrong.
        """
        told: list[Command] = []
        self.now = office_time(event.at)
        events = deque(self._addressed(event))
        while events and not self.over:
            number, happening = events.popleft()
            part = self.parts.by_number.get(number)
            if part is not None and self._is_wanted(part, happening):
                self._advance(part, happening, events, told)
            if not events and self._sent:
                events.extend(self._addressed(self._sent.popleft()))
        return told

    # -- what goes in --------------------------------------------------------------------------

    def _addressed(self, event: Event) -> list[Addressed]:
        waits: list[str] = []
        if isinstance(event, MessageReceived):
            waits = [each.id for each in self.books.of(MessageAwaited) if _takes(each, event)]
        elif isinstance(event, SignalReceived):
            waits = [each.id for each in self.books.of(SignalAwaited) if each.name == event.name]
        return addressed(event, waits)

    def _is_wanted(self, part: Part, event: Event) -> bool:
        """Whether an answer still finds who asked for it; the books close what is answered."""
        open_ = self.books.open
        match event:
            case TaskCompleted():
                action = str(event.result.get("action") or "")
                element = element_of(event.id)
                self.trail.append(Trace(element, action))
                if element in self.pack.forms_by_task:
                    tasks, answers = self.variables.get(TASKS), event.result.get(ANSWERS)
                    by_task = self.pack.forms_by_task
                    self.variables[TASKS] = answered(tasks, by_task, element, answers)
            case TimerFired():
                open_.pop(part.whole(event.id), None)
                self.trail.append(Trace(element_of(event.id)))
            case ServiceCompleted():
                if open_.pop(part.whole(event.id), None) is None:
                    return False
                self.trail.append(Trace(element_of(event.id)))
            case CallCompleted():
                if open_.pop(part.whole(event.id), None) is None:
                    return False
                self.returned.append(element_of(event.id))
            case DecisionMade() | ServiceFailed() | CallFailed():
                return open_.pop(part.whole(event.id), None) is not None
            case CallEscalated():
                return part.whole(event.id) in open_
        return True

    def _advance(
        self, part: Part, event: Event, events: deque[Addressed], told: list[Command]
    ) -> None:
        """One step of one part, and what the machines answer to it."""
        try:
            for command in self.parts.advance(part, event):
                self.books.note(command)
                told.append(command)
                answer = self._carry_out(part, command, told)
                if answer is not None:
                    events.append(answer)
        except Refused as refused:
            self.stuck = refused.summary
        except KeyError as missing:
            self.stuck = Text("没有“{name}”。", "There is no “{name}”.", name=str(missing))

    def _carry_out(self, part: Part, command: Command, told: list[Command]) -> Addressed | None:
        match command:
            case VariablesSet():
                self.parts.assign(part, command.values)
            case DecisionWanted() | ServiceWanted() | CallWanted():
                return self._answer(part, command)
            case WorkCancelled():
                for closing in self.parts.drop(command, self.now):
                    self.books.note(closing)
                    told.append(closing)
            case MessageSent():
                sent = MessageReceived(command.name, command.key, command.payload, self.now)
                self._sent.append(sent)
            case SignalThrown():
                self._sent.append(SignalReceived(command.name, command.payload, self.now))
            case IncidentRaised():
                self.stuck = command.text
            case CaseEnded():
                self.trail.append(Trace(command.element, command.outcome))
                if part.caller is None:
                    self.outcome = command.outcome
                return self.parts.heard(part, command, self.now)
            case CaseFailed():
                self.trail.append(Trace(command.element, command.code))
                return self.parts.heard(part, command, self.now)
            case EscalationRaised():
                return self.parts.heard(part, command, self.now)
        return None

    # -- what machines do ----------------------------------------------------------------------

    def _answer(
        self, part: Part, wanted: DecisionWanted | ServiceWanted | CallWanted
    ) -> Addressed | None:
        match wanted:
            case DecisionWanted():
                return part.number, self._decide(part, wanted)
            case ServiceWanted():
                result = self.serve(self, wanted)
                if result is None:
                    return None
                return part.number, ServiceCompleted(divided(wanted.id)[1], result, self.now)
            case CallWanted():
                return self.parts.call(part, wanted, self.now)

    def _decide(self, part: Part, wanted: DecisionWanted) -> DecisionMade | ServiceFailed:
        given = self.parts.seen(part) if wanted.inputs is None else wanted.inputs
        decided = self.judge(self, wanted, {**self.functions, **given})
        self.trail.append(Trace(wanted.element, ruling(decided)))
        return decision_event(divided(wanted.id)[1], decided, self.now)


def decision_event(id: str, decided: Decided, at: datetime) -> DecisionMade | ServiceFailed:
    """What the engine hears of a decision; one that used up its budget has failed, not decided."""
    if (ended := decided.ended) is not None:
        finding = ended.finding()
        said = f"{finding.message.zh} / {finding.message.en}"
        return ServiceFailed(id, finding.id, said, at)
    return DecisionMade(id, decided.value, at)


def judged(running: InMemoryCase, wanted: DecisionWanted, inputs: Mapping[str, Value]) -> Decided:
    """What the pack's own rules decide. Raises KeyError when it has none."""
    if running.pack.rules is None:
        raise KeyError("rules.dmn")
    return decide(running.pack.rules, wanted.decision, inputs, now=from_json(running.now))


def ruling(decided: Decided) -> str:
    """A decision in short: what it came to, and the rows that speak to the applicant."""
    value = decided.value
    outcome = shown(value.get("outcome") if isinstance(value, dict) else value, CHINESE)
    rows = [finding.id for finding in findings_of(decided)] or list(fired_rows(decided))
    return f"{outcome} [{', '.join(rows)}]" if rows else outcome


def _takes(awaited: MessageAwaited, event: MessageReceived) -> bool:
    return awaited.name == event.name and awaited.key in (None, event.key)
